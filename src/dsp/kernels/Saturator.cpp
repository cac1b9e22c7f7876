// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Saturator.h"

#include "dsp/kernels/Baseline.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/Saturator.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include "dsp/kernels/Halfband-inl.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::kernels::HWY_NAMESPACE
{
namespace hn = hwy::HWY_NAMESPACE;

// ---------------------------------------------------------------- stages

using Channels = std::array<Saturator::Channel, 2>;

/// From driven to twice.
void upOuter (const SaturatorTaps& t, Channels& c, int count)
{
    filterLong<Saturator::outerTaps> (
        t.outerUp.data(), c[0].driven.data(), c[1].driven.data(), count,
        [&] (std::size_t k, int n, W sum) HWY_ATTR
        {
            const W middle = load (c[k].driven.data() + n + Saturator::outerArm + 1);
            hn::StoreInterleaved2 (sum, middle, F(), c[k].twice.data() + Saturator::innerPast + 2 * n);
        });
}

/// From twice to both halves of four times, with their roots. The odd half is twice, a little later.
void upInner (const SaturatorTaps& t, Channels& c, int count)
{
    const W one = set (1.0f);
    for (int n = 0; n < count; n += stretch)
    {
        const auto sum = filteredShort<Saturator::innerTaps> (t.innerUp.data(), c[0].twice.data() + n,
                                                              c[1].twice.data() + n);
        for (std::size_t k = 0; k < 2; ++k)
            for (int v = 0; v < vectors; ++v)
            {
                const int at = n + v * lanes;
                const W even = sum.of[k][v], odd = load (c[k].twice.data() + at + Saturator::innerArm + 1);
                store (even, c[k].even.data() + at);
                store (hn::Sqrt (hn::MulAdd (even, even, one)), c[k].evenRoot.data() + at);
                store (hn::Sqrt (hn::MulAdd (odd, odd, one)), c[k].oddRoot.data() + 1 + at);
            }
    }
}

/// First-order antiderivative anti-aliasing in the form (x1 + x0)/(sqrt (1 + x1^2) + sqrt (1 + x0^2)), which
/// is the quotient of differences without its cancellation (Parker, Zavalishin, Le Bivic, DAFx-16).
void curve (Saturator::Channel& c, int count)
{
    for (int n = 0; n < count; n += lanes)
    {
        const float* const odds = c.twice.data() + Saturator::innerArm + 1 + n;
        const W even = load (c.even.data() + n), evenRoot = load (c.evenRoot.data() + n);
        const W odd = load (odds), oddRoot = load (c.oddRoot.data() + 1 + n);
        const W before = load (odds - 1), rootBefore = load (c.oddRoot.data() + n);
        store (hn::Div (hn::Add (even, before), hn::Add (evenRoot, rootBefore)), c.evenCurve.data() + 2 + n);
        store (hn::Div (hn::Add (odd, even), hn::Add (oddRoot, evenRoot)), c.oddCurve.data() + 2 + n);
    }
}

/// The half frame of delay of curve() and its droop cos (w/2) are undone by four taps that delay by one and a
/// half: outer taps a, inner 1/2 - a, with (1 - 2a) cos (w/2) + 2a cos (3w/2) = 1/cos (w/2) at 20 kHz of
/// 4 * 48 kHz. Error below 0.03 dB to 20 kHz at 44.1 kHz.
void lift (Saturator::Channel& c, int count)
{
    const W a = set (-0.1395f), b = set (0.5f + 0.1395f);
    for (int n = 0; n < count; n += lanes)
    {
        const float *const evens = c.evenCurve.data() + 2 + n, *const odds = c.oddCurve.data() + 2 + n;
        const W even = load (evens), odd = load (odds);
        const W even1 = load (evens - 1), odd1 = load (odds - 1), odd2 = load (odds - 2);
        store (hn::MulAdd (b, hn::Add (odd1, even1), hn::Mul (a, hn::Add (even, odd2))),
               c.evenHigh.data() + Saturator::innerPast + n);
        store (hn::MulAdd (b, hn::Add (even, odd1), hn::Mul (a, hn::Add (odd, even1))),
               c.oddHigh.data() + Saturator::innerArm + 1 + n);
    }
}

void downInner (const SaturatorTaps& t, Channels& c, int count)
{
    const W half = set (0.5f);
    for (int n = 0; n < count; n += stretch)
    {
        auto sum = filteredShort<Saturator::innerTaps> (t.innerDown.data(), c[0].evenHigh.data() + n,
                                                        c[1].evenHigh.data() + n);
        for (std::size_t k = 0; k < 2; ++k)
            for (int v = 0; v < vectors; v += 2)
            {
                const float* const middle = c[k].oddHigh.data() + n + v * lanes;
                const W first = hn::MulAdd (half, load (middle), sum.of[k][v]);
                const W second = hn::MulAdd (half, load (middle + lanes), sum.of[k][v + 1]);
                const int at = (n + v * lanes) / 2;
                store (hn::ConcatEven (F(), second, first), c[k].evenLow.data() + Saturator::outerPast + at);
                store (hn::ConcatOdd (F(), second, first), c[k].oddLow.data() + Saturator::outerArm + 1 + at);
            }
    }
}

void Process (Channels& c, const SaturatorTaps& t, const Ramp& driveRamp, const Ramp& wetRamp,
              const Ramp& dryRamp, float* left, float* right, int count)
{
    const Values drive (driveRamp), wet (wetRamp), dry (dryRamp);
    float* const io[] { left, right };
    for (std::size_t k = 0; k < 2; ++k)
    {
        float* const plain = c[k].plain.data() + Saturator::delay;
        std::copy_n (io[k], count, plain);
        for (int n = 0; n < count; n += lanes)
        {
            W x = load (plain + n);
            x = hn::IfThenElseZero (hn::Lt (hn::Abs (x), set (1e6f)), x);
            store (x, plain + n);
            store (hn::Mul (drive.at (n), x), c[k].driven.data() + Saturator::outerPast + n);
        }
    }
    upOuter (t, c, count);
    upInner (t, c, 2 * count);
    for (auto& channel : c)
        curve (channel, 2 * count);
    for (auto& channel : c)
        lift (channel, 2 * count);
    downInner (t, c, 2 * count);

    const W half = set (0.5f);
    filterLong<Saturator::outerTaps> (
        t.outerDown.data(), c[0].evenLow.data(), c[1].evenLow.data(), count,
        [&] (std::size_t k, int n, W sum) HWY_ATTR
        {
            const W low = hn::MulAdd (half, load (c[k].oddLow.data() + n), sum);
            const W out = hn::MulAdd (wet.at (n), low, hn::Mul (dry.at (n), load (c[k].plain.data() + n)));
            if (n + lanes <= count)
                store (out, io[k] + n);
            else
            {
                HWY_ALIGN float rest[lanes];
                store (out, rest);
                std::copy_n (rest, std::max (0, count - n), io[k] + n);
            }
        });
    for (auto& channel : c)
    {
        advance (channel.plain.data(), Saturator::delay, count);
        advance (channel.driven.data(), Saturator::outerPast, count);
        advance (channel.twice.data(), Saturator::innerPast, 2 * count);
        advance (channel.oddRoot.data(), 1, 2 * count);
        advance (channel.evenCurve.data(), 2, 2 * count);
        advance (channel.oddCurve.data(), 2, 2 * count);
        advance (channel.evenHigh.data(), Saturator::innerPast, 2 * count);
        advance (channel.oddHigh.data(), Saturator::innerArm + 1, 2 * count);
        advance (channel.evenLow.data(), Saturator::outerPast, count);
        advance (channel.oddLow.data(), Saturator::outerArm + 1, count);
    }
}

} // namespace lacquer::dsp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lacquer::dsp::kernels
{
namespace
{

// Halves of the even taps, from the middle out: minimax fits (Remez exchange) of a half-band filter with its
// passband to 0.4535 of the low rate, and of one to 0.4535 of half the low rate. Deviation in pass- and
// stopband 6e-7 and 2e-7.
constexpr float outerHalf[Saturator::outerTaps / 2] {
    0.318053067f,    -0.105335079f,    0.062389195f,    -0.0437067077f,   0.0331236981f,   -0.0262346081f,
    0.0213470645f,   -0.0176728051f,   0.0147955669f,   -0.0124750249f,   0.010562758f,    -0.00896205939f,
    0.00760704186f,  -0.00645104051f,  0.00545983575f,  -0.00460751075f,  0.00387383951f,  -0.00324259023f,
    0.002700401f,    -0.00223601889f,  0.0018397813f,   -0.00150325964f,  0.00121900986f,  -0.000980400131f,
    0.00078148942f,  -0.000616940728f, 0.000481960102f, -0.000372247334f, 0.000283962057f, -0.000213691645f,
    0.00015842331f,  -0.000115518545f, 8.26873002e-05f, -5.7961679e-05f,  3.96690157e-05f, -2.64047285e-05f,
    1.70049916e-05f, -1.05194486e-05f, 6.18446438e-06f, -3.3973206e-06f,  1.69175132e-06f, -8.15718067e-07f
};
constexpr float innerHalf[Saturator::innerTaps / 2] { 0.310034752f,   -0.0835439786f, 0.0323959142f,
                                                      -0.0116534997f, 0.00338401436f, -0.000691944268f,
                                                      7.48551611e-05f };

template <std::size_t count>
constexpr std::array<float, count> both (const float (&half)[count / 2], float factor)
{
    std::array<float, count> out {};
    for (std::size_t k = 0; k < count / 2; ++k)
        out[count / 2 + k] = out[count / 2 - 1 - k] = factor * half[k];
    return out;
}

constexpr SaturatorTaps taps { both<Saturator::outerTaps> (outerHalf, 1),
                               both<Saturator::outerTaps> (outerHalf, 2),
                               both<Saturator::innerTaps> (innerHalf, 1),
                               both<Saturator::innerTaps> (innerHalf, 2) };

} // namespace

HWY_EXPORT (Process);

const SaturatorTaps& saturatorTaps() noexcept
{
    return taps;
}

void Saturator::process (const Ramp& drive, const Ramp& wet, const Ramp& dry, float* left, float* right,
                         int count) noexcept
{
    HWY_DYNAMIC_DISPATCH (Process) (channels, saturatorTaps(), drive, wet, dry, left, right, count);
}
} // namespace lacquer::dsp::kernels
#endif
