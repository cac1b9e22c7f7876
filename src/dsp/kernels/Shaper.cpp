// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Shaper.h"

#include <algorithm>
#include <hwy/detect_compiler_arch.h>
#include <span>
// As for the strips: SSE4 is the least we run on.
#if HWY_ARCH_X86
#define HWY_BASELINE_TARGETS HWY_SSE4
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/Shaper.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include "dsp/kernels/Halfband-inl.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::kernels::HWY_NAMESPACE
{
namespace hn = hwy::HWY_NAMESPACE;

using ShaperChannels = std::array<Shaper::Channel, 2>;

/// Twice the rate by an inner filter: the sums between the values, delayed to their middle.
template <std::size_t inputSize, std::size_t outputSize>
HWY_INLINE void upInnerStage (const SaturatorTaps& t, ShaperChannels& c,
                              std::array<float, inputSize> Shaper::Channel::*input,
                              std::array<float, outputSize> Shaper::Channel::*output, int past, int count)
{
    for (int n = 0; n < count; n += stretch)
    {
        const auto sum = filteredShort<Saturator::innerTaps> (t.innerUp.data(), (c[0].*input).data() + n,
                                                              (c[1].*input).data() + n);
        for (std::size_t k = 0; k < 2; ++k)
            for (int v = 0; v < vectors; ++v)
            {
                const int at = n + v * lanes;
                const W middle = load ((c[k].*input).data() + at + Saturator::innerArm + 1);
                hn::StoreInterleaved2 (sum.of[k][v], middle, F(), (c[k].*output).data() + past + 2 * at);
            }
    }
}

/// Half the rate by an inner filter, to `between`.
template <std::size_t evenSize, std::size_t oddSize>
HWY_INLINE void downInnerStage (const SaturatorTaps& t, ShaperChannels& c,
                                std::array<float, evenSize> Shaper::Channel::*even,
                                std::array<float, oddSize> Shaper::Channel::*odd, int count)
{
    const W half = set (0.5f);
    for (int n = 0; n < count; n += stretch)
    {
        const auto sum = filteredShort<Saturator::innerTaps> (t.innerDown.data(), (c[0].*even).data() + n,
                                                              (c[1].*even).data() + n);
        for (std::size_t k = 0; k < 2; ++k)
            for (int v = 0; v < vectors; ++v)
            {
                const int at = n + v * lanes;
                store (hn::MulAdd (half, load ((c[k].*odd).data() + at), sum.of[k][v]),
                       c[k].between.data() + at);
            }
    }
}

/// Every other value of `count` pairs in `between`.
template <std::size_t evenSize, std::size_t oddSize>
HWY_INLINE void parted (Shaper::Channel& c, std::array<float, evenSize>& even, int evenPast,
                        std::array<float, oddSize>& odd, int oddPast, int count)
{
    for (int n = 0; n < count; n += lanes)
    {
        W first, second;
        hn::LoadInterleaved2 (F(), c.between.data() + 2 * n, first, second);
        store (first, even.data() + evenPast + n);
        store (second, odd.data() + oddPast + n);
    }
}

/// A curve's numbers, moving over the block.
struct Moving
{
    W first, third, fifth;
};

/// The mean of the curve between two values: with r = sqrt (1 + v^2), the antiderivatives of u, u^3 and u^5
/// are r, r + 1/r and r + 2/r - 1/(3 r^3), and r1 - r0 = (v1 + v0)(v1 - v0)/(r1 + r0) divides out.
/// First-order antiderivative anti-aliasing: Parker, Zavalishin, Le Bivic, DAFx-16.
HWY_INLINE W meanOfCurve (const Moving& m, W v0, W r0, W v1, W r1)
{
    const W one = set (1.0f), sum = hn::Add (r0, r1), product = hn::Mul (r0, r1);
    const W inverse = hn::Div (one, hn::Mul (sum, product));
    const W q = hn::Mul (hn::Mul (hn::Add (v0, v1), product), inverse);
    const W p = hn::Mul (sum, inverse); // 1/(r0 r1)
    const W rest = hn::Sub (one, p);
    const W squares = hn::Mul (hn::MulSub (sum, sum, product), set (1.0f / 3));
    const W fifth = hn::MulAdd (hn::Mul (hn::Mul (p, p), p), squares, hn::Sub (rest, p));
    return hn::Mul (q, hn::MulAdd (m.fifth, fifth, hn::MulAdd (m.third, rest, m.first)));
}

HWY_INLINE W rootOf (W v)
{
    return hn::Sqrt (hn::MulAdd (v, v, set (1.0f)));
}

/// A number on its way over the block.
HWY_INLINE W between (float a, float b, int n, int count)
{
    const W frame = hn::Add (hn::Iota (F(), 1.0f), set (static_cast<float> (n)));
    return hn::MulAdd (set ((b - a) / static_cast<float> (count)), frame, set (a));
}

/// From top to curve: what clipping adds, its mean between two values. With m = |v| - start above zero, t = m
/// up to the width w and e = m - t, it is -(t^2/(2 w) + e) with the sign of v; its antiderivative t^3/(6 w) +
/// e^2/2 + e w/2 is taken apart so that nothing cancels but t and e themselves.
void cut (Shaper::Channel& c, const ClipCurve& from, const ClipCurve& to, int count)
{
    const W zero = hn::Zero (F()), half = set (0.5f), close = set (1e-3f);
    const float* const top = c.top.data() + 1;
    for (int n = 0; n < count; n += lanes)
    {
        const W start = between (from.start, to.start, n, count);
        const W width = between (from.width, to.width, n, count);
        const W v0 = load (top + n - 1), v1 = load (top + n), step = hn::Sub (v1, v0);
        const auto over = [&] (W v) HWY_ATTR { return hn::Max (hn::Sub (hn::Abs (v), start), zero); };
        const W m0 = over (v0), m1 = over (v1), t0 = hn::Min (m0, width), t1 = hn::Min (m1, width);
        const W e0 = hn::Sub (m0, t0), e1 = hn::Sub (m1, t1);
        const W squares = hn::MulAdd (t1, t1, hn::MulAdd (t1, t0, hn::Mul (t0, t0)));
        const W bent = hn::Div (hn::Mul (hn::Sub (t1, t0), squares), hn::Mul (set (6.0f), width));
        const W flat = hn::Mul (hn::Sub (e1, e0), hn::Mul (half, hn::Add (hn::Add (e0, e1), width)));
        const W mean = hn::Neg (hn::Div (hn::Add (bent, flat), step));

        const W middle = hn::Mul (half, hn::Add (v0, v1)), m = over (middle), t = hn::Min (m, width);
        const W there = hn::Neg (
            hn::CopySign (hn::Add (hn::Div (hn::Mul (half, hn::Mul (t, t)), width), hn::Sub (m, t)), middle));
        store (hn::IfThenElse (hn::Lt (hn::Abs (step), close), there, mean),
               c.curve.data() + Shaper::Channel::liftPast + n);
    }
}

/// From top to curve.
void bend (Shaper::Channel& c, const ShaperCurve& from, const ShaperCurve& to, int count)
{
    const float part = 1.0f / static_cast<float> (count);
    const auto line = [&] (float a, float b, int n) HWY_ATTR
    {
        const W frame = hn::Add (hn::Iota (F(), 1.0f), set (static_cast<float> (n)));
        return hn::MulAdd (set ((b - a) * part), frame, set (a));
    };
    const bool still = from == to;
    const W bias = set (to.bias), biasRoot = rootOf (bias);
    Moving m { set (to.first), set (to.third), set (to.fifth) };
    W atRest = meanOfCurve (m, bias, biasRoot, bias, biasRoot);
    float *const top = c.top.data() + 1, *const root = c.root.data() + 1;
    store (rootOf (set (top[-1])), root - 1);
    for (int n = 0; n < count; n += lanes)
    {
        const W v = hn::Add (load (top + n), still ? bias : line (from.bias, to.bias, n));
        store (v, top + n);
        store (rootOf (v), root + n);
    }
    for (int n = 0; n < count; n += lanes)
    {
        if (! still)
        {
            m = { line (from.first, to.first, n), line (from.third, to.third, n),
                  line (from.fifth, to.fifth, n) };
            const W before = line (from.bias, to.bias, n - 1), after = line (from.bias, to.bias, n);
            atRest = meanOfCurve (m, before, rootOf (before), after, rootOf (after));
        }
        const W y = meanOfCurve (m, load (top + n - 1), load (root + n - 1), load (top + n), load (root + n));
        store (hn::Sub (y, atRest), c.curve.data() + Shaper::Channel::liftPast + n);
    }
}

/// Undoes the half frame of delay and the droop cos (w/2) of the mean: symmetric taps of even number, whose
/// response times the droop is 1 within 0.007 dB (2x), 0.03 dB (4x) and 0.002 dB (8x) up to 20 kHz at 44.1
/// kHz (minimax by linear programming, exact at 0 Hz). Delay with the mean: half the taps.
template <int half>
HWY_INLINE void liftBy (const float (&taps)[half], const float* x, float* y, int count)
{
    for (int n = 0; n < count; n += lanes)
    {
        W sum = hn::Zero (F());
        for (int k = 0; k < half; ++k)
            sum = hn::MulAdd (set (taps[k]), hn::Add (load (x + n - half + 1 + k), load (x + n - half - k)),
                              sum);
        store (sum, y + n);
    }
}

void liftAll (Shaper::Channel& c, int stages, int count)
{
    constexpr float two[] { 0.766362669f, -0.36643686f, 0.121288362f, -0.0212141715f };
    constexpr float four[] { 0.639002113f, -0.139002113f }, eight[] { 0.628336668f, -0.128336668f };
    const float* const x = c.curve.data() + Shaper::Channel::liftPast;
    if (stages == 1)
        liftBy (two, x, c.between.data(), count);
    else
        liftBy (stages == 2 ? four : eight, x, c.between.data(), count);
}

/// Up, through what `curve (channel, values)` does at the top, and down.
template <typename Curve>
HWY_INLINE void throughTop (ShaperChannels& c, const SaturatorTaps& t, int stages, float* left, float* right,
                            int used, int count, Curve curve)
{
    using C = Shaper::Channel;
    float* const io[] { left, right };
    const std::span<C> all (c.data(), static_cast<std::size_t> (used));
    for (std::size_t k = 0; k < all.size(); ++k)
        std::copy_n (io[k], count, c[k].up1.data() + Saturator::outerPast);
    const int twice = 2 * count, four = 4 * count, high = count << stages;

    filterLong<Saturator::outerTaps> (
        t.outerUp.data(), c[0].up1.data(), c[1].up1.data(), count,
        [&] (std::size_t k, int n, W sum) HWY_ATTR
        {
            const W middle = load (c[k].up1.data() + n + Saturator::outerArm + 1);
            float* const to2 = stages == 1 ? c[k].top.data() + 1 : c[k].up2.data() + Saturator::innerPast;
            hn::StoreInterleaved2 (sum, middle, F(), to2 + 2 * n);
        });
    if (stages == 2)
        upInnerStage (t, c, &C::up2, &C::top, 1, twice);
    if (stages == 3)
    {
        upInnerStage (t, c, &C::up2, &C::up3, Saturator::innerPast, twice);
        upInnerStage (t, c, &C::up3, &C::top, 1, four);
    }

    for (auto& channel : all)
    {
        curve (channel, high);
        liftAll (channel, stages, high);
    }

    if (stages == 3)
    {
        for (auto& one : all)
            parted (one, one.even3, Saturator::innerPast, one.odd3, Saturator::innerArm + 1, four);
        downInnerStage (t, c, &C::even3, &C::odd3, four);
    }
    if (stages >= 2)
    {
        for (auto& one : all)
            parted (one, one.even2, Saturator::innerPast, one.odd2, Saturator::innerArm + 1, twice);
        downInnerStage (t, c, &C::even2, &C::odd2, twice);
    }
    for (auto& one : all)
        parted (one, one.even1, Saturator::outerPast, one.odd1, Saturator::outerArm + 1, count);
    const W half = set (0.5f);
    filterLong<Saturator::outerTaps> (t.outerDown.data(), c[0].even1.data(), c[1].even1.data(), count,
                                      [&] (std::size_t k, int n, W sum) HWY_ATTR
                                      {
                                          const W out = hn::MulAdd (half, load (c[k].odd1.data() + n), sum);
                                          if (n + lanes <= count)
                                              store (out, io[k] + n);
                                          else
                                          {
                                              HWY_ALIGN float rest[lanes];
                                              store (out, rest);
                                              std::copy_n (rest, std::max (0, count - n), io[k] + n);
                                          }
                                      });

    for (auto& one : all)
    {
        advance (one.up1.data(), Saturator::outerPast, count);
        advance (one.even1.data(), Saturator::outerPast, count);
        advance (one.odd1.data(), Saturator::outerArm + 1, count);
        if (stages >= 2)
        {
            advance (one.up2.data(), Saturator::innerPast, twice);
            advance (one.even2.data(), Saturator::innerPast, twice);
            advance (one.odd2.data(), Saturator::innerArm + 1, twice);
        }
        if (stages == 3)
        {
            advance (one.up3.data(), Saturator::innerPast, four);
            advance (one.even3.data(), Saturator::innerPast, four);
            advance (one.odd3.data(), Saturator::innerArm + 1, four);
        }
        advance (one.top.data(), 1, high);
        advance (one.curve.data(), C::liftPast, high);
    }
}

void ProcessShaper (ShaperChannels& c, const SaturatorTaps& t, int stages, const ShaperCurve& from,
                    const ShaperCurve& to, float* left, float* right, int used, int count)
{
    throughTop (c, t, stages, left, right, used, count,
                [&] (Shaper::Channel& one, int high) { bend (one, from, to, high); });
}

void ProcessClip (ShaperChannels& c, const SaturatorTaps& t, int stages, const ClipCurve& from,
                  const ClipCurve& to, float* left, float* right, int used, int count)
{
    throughTop (c, t, stages, left, right, used, count,
                [&] (Shaper::Channel& one, int high) { cut (one, from, to, high); });
}

} // namespace lacquer::dsp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lacquer::dsp::kernels
{

HWY_EXPORT (ProcessShaper);
HWY_EXPORT (ProcessClip);

void Shaper::process (int stages, const ShaperCurve& curve, float* left, float* right, int used,
                      int count) noexcept
{
    if (stages != stagesNow)
    {
        reset();
        stagesNow = stages;
        now = curve;
        for (auto& c : channels)
            c.top[0] = curve.bias;
    }
    HWY_DYNAMIC_DISPATCH (ProcessShaper)
    (channels, saturatorTaps(), stages, now, curve, left, right, used, count);
    now = curve;
}

void Clip::process (int stages, const ClipCurve& curve, float* left, float* right, int used,
                    int count) noexcept
{
    if (stages != stagesNow)
    {
        reset();
        stagesNow = stages;
        now = curve;
    }
    HWY_DYNAMIC_DISPATCH (ProcessClip)
    (channels, saturatorTaps(), stages, now, curve, left, right, used, count);
    now = curve;
}

} // namespace lacquer::dsp::kernels
#endif
