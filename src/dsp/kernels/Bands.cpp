// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Bands.h"

#include "dsp/Crossover.h"

#include <algorithm>
#include <hwy/detect_compiler_arch.h>
// As for the strips: SSE4 is the least we run on.
#if HWY_ARCH_X86
#define HWY_BASELINE_TARGETS HWY_SSE4
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/Bands.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include "dsp/kernels/Polynomials.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::kernels::HWY_NAMESPACE
{
namespace hn = hwy::HWY_NAMESPACE;

// ---------------------------------------------------------------- four doubles

using D = hn::CappedTag<double, 4>;
using V = hn::Vec<D>;
using Pair = hn::FixedTag<double, 2>;
constexpr int width = static_cast<int> (hn::MaxLanes (D())), parts = 4 / width;

/// Four doubles on every machine: two pairs of (left, right).
template <int count>
struct Vectors
{
    V part[count];
};
using Quad = Vectors<parts>;

template <typename F, typename... Q>
HWY_INLINE Quad each (F f, const Q&... q)
{
    Quad out;
    for (int k = 0; k < parts; ++k)
        out.part[k] = f (q.part[k]...);
    return out;
}

HWY_INLINE Quad load (const double* p)
{
    Quad out;
    for (int k = 0; k < parts; ++k)
        out.part[k] = hn::LoadU (D(), p + k * width);
    return out;
}

HWY_INLINE void store (const Quad& q, double* p)
{
    for (int k = 0; k < parts; ++k)
        hn::StoreU (q.part[k], D(), p + k * width);
}

/// (first of a, first of b)
template <typename Q>
HWY_INLINE Q firsts (const Q& a, const Q& b)
{
    if constexpr (parts == 1)
        return { { hn::ConcatLowerLower (D(), b.part[0], a.part[0]) } };
    else
        return { { a.part[0], b.part[0] } };
}

/// (second of a, second of b)
template <typename Q>
HWY_INLINE Q seconds (const Q& a, const Q& b)
{
    if constexpr (parts == 1)
        return { { hn::ConcatUpperUpper (D(), b.part[0], a.part[0]) } };
    else
        return { { a.part[1], b.part[1] } };
}

/// (first of a, second of b)
template <typename Q>
HWY_INLINE Q outer (const Q& a, const Q& b)
{
    if constexpr (parts == 1)
        return { { hn::ConcatUpperLower (D(), b.part[0], a.part[0]) } };
    else
        return { { a.part[0], b.part[1] } };
}

template <typename Q>
HWY_INLINE hn::Vec<Pair> first (const Q& q)
{
    if constexpr (parts == 1)
        return hn::LowerHalf (Pair(), q.part[0]);
    else
        return q.part[0];
}

template <typename Q>
HWY_INLINE hn::Vec<Pair> second (const Q& q)
{
    if constexpr (parts == 1)
        return hn::UpperHalf (Pair(), q.part[0]);
    else
        return q.part[1];
}

/// (a, b)
template <int count = parts>
HWY_INLINE Vectors<count> joined (hn::Vec<Pair> a, hn::Vec<Pair> b)
{
    if constexpr (count == 1)
        return { { hn::Combine (hn::CappedTag<double, 4 / count>(), b, a) } };
    else
        return { { a, b } };
}

// ---------------------------------------------------------------- crossovers

/// Two sections by two channels, at work. What they give is used one turn later.
struct Sections
{
    Quad s1, s2;

    explicit HWY_INLINE Sections (const double (&memory)[2][4]) : s1 (load (memory[0])), s2 (load (memory[1]))
    {
    }
    HWY_INLINE void keep (double (&memory)[2][4]) const
    {
        store (s1, memory[0]);
        store (s2, memory[1]);
    }

    struct Out
    {
        Quad low, high, all;
    };

    /// on: for each section, whether it is in the block; only looked at at the block's edges.
    template <bool edge>
    HWY_INLINE Out operator() (const Quad& x, const Quad (&a)[3], const Quad& on)
    {
        Out out;
        for (int k = 0; k < parts; ++k)
        {
            const V two = hn::Set (D(), 2.0), damping = hn::Set (D(), ButterworthPole::k);
            const V in = x.part[k], p1 = s1.part[k], p2 = s2.part[k];
            const V v3 = hn::Sub (in, p2);
            const V v1 = hn::MulAdd (a[0].part[k], p1, hn::Mul (a[1].part[k], v3));
            const V v2 = hn::MulAdd (a[2].part[k], v3, hn::MulAdd (a[1].part[k], p1, p2));
            V n1 = hn::MulSub (two, v1, p1), n2 = hn::MulSub (two, v2, p2);
            if constexpr (edge)
            {
                const auto mask = hn::Gt (on.part[k], hn::Zero (D()));
                n1 = hn::IfThenElse (mask, n1, p1);
                n2 = hn::IfThenElse (mask, n2, p2);
            }
            s1.part[k] = n1;
            s2.part[k] = n2;
            out.low.part[k] = v2;
            out.high.part[k] = hn::NegMulAdd (damping, v1, hn::Sub (in, v2));
            out.all.part[k] = hn::NegMulAdd (hn::Add (damping, damping), v1, in);
        }
        return out;
    }
};

// Which crossover the two sections of a row belong to, and by how many frames they lag: every row takes what
// others gave a turn before, so that in one turn all six are independent.
//   0: split 1, split 2   1: its lows and highs   2: those of split 2
//   3: band 1 turned by split 2, split 3   4: its lows and highs   5: bands 1 and 2 turned by split 3
constexpr int corner[6][2] { { 0, 1 }, { 0, 0 }, { 1, 1 }, { 1, 2 }, { 2, 2 }, { 2, 2 } };
constexpr int lag[6][2] { { 0, 2 }, { 1, 1 }, { 3, 3 }, { 2, 4 }, { 5, 5 }, { 3, 4 } };
constexpr int mostLag = 5;

/// in: pairs. out: rows of bands 1, 3, 2, 4 as pairs, mostLag rows to spare before and after.
template <bool moving>
void split (BandMemory& m, const BandPoles* poles, const float* in, double* out, int frames)
{
    Sections r0 (m.sections[0]), r1 (m.sections[1]), r2 (m.sections[2]), r3 (m.sections[3]),
        r4 (m.sections[4]), r5 (m.sections[5]);
    alignas (32) double steady[6][3][4];
    if constexpr (! moving)
        for (int row = 0; row < 6; ++row)
            for (int c = 0; c < 3; ++c)
                for (int k = 0; k < 4; ++k)
                    steady[row][c][k] =
                        poles[0][static_cast<std::size_t> (corner[row][k / 2])][static_cast<std::size_t> (c)];

    const Quad nothing = each ([] (V v) HWY_ATTR { return v; }, Quad { { hn::Zero (D()) } });
    Quad highs = nothing, in1 = nothing, in2 = nothing, in3 = nothing, in4 = nothing, in5 = nothing;

    const auto turn = [&]<bool edge> (int n) HWY_ATTR
    {
        const auto run = [&] (Sections& section, int row, const Quad& x) HWY_ATTR
        {
            Quad a[3], on;
            for (int c = 0; c < 3; ++c)
                if constexpr (moving)
                {
                    const auto of = [&] (int k) HWY_ATTR
                    {
                        const int frame = std::clamp (n - lag[row][k], 0, frames - 1);
                        return hn::Set (Pair(), poles[frame][static_cast<std::size_t> (corner[row][k])]
                                                     [static_cast<std::size_t> (c)]);
                    };
                    a[c] = joined (of (0), of (1));
                }
                else
                    a[c] = load (steady[row][c]);
            if constexpr (edge)
            {
                const auto of = [&] (int k) HWY_ATTR
                {
                    const int frame = n - lag[row][k];
                    return hn::Set (Pair(), frame >= 0 && frame < frames ? 1.0 : 0.0);
                };
                on = joined (of (0), of (1));
            }
            return section.template operator()<edge> (x, a, on);
        };
        const auto x = hn::PromoteTo (Pair(), hn::LoadU (hn::FixedTag<float, 2>(), in + 2 * n));
        const auto o5 = run (r5, 5, in5);
        const auto o4 = run (r4, 4, in4);
        const auto o3 = run (r3, 3, in3);
        const auto o2 = run (r2, 2, in2);
        const auto o1 = run (r1, 1, in1);
        const auto o0 = run (r0, 0, outer (joined (x, x), highs));
        double* const row = out + 8 * n;
        hn::StoreU (first (o5.all), Pair(), row - 8 * lag[5][0]);
        hn::StoreU (first (o4.low), Pair(), row - 8 * lag[4][0] + 2);
        hn::StoreU (second (o5.all), Pair(), row - 8 * lag[5][1] + 4);
        hn::StoreU (second (o4.high), Pair(), row - 8 * lag[4][1] + 6);
        highs = o1.high;
        in1 = firsts (o0.low, o0.high);
        in2 = seconds (o0.low, o0.high);
        in3 = outer (o1.low, o2.high);
        in4 = seconds (o3.low, o3.high);
        in5 = firsts (o3.all, o2.low);
    };
    const int begin = std::min (mostLag, frames);
    for (int n = 0; n < begin; ++n)
        turn.template operator()<true> (n);
    for (int n = begin; n < frames; ++n)
        turn.template operator()<false> (n);
    for (int n = frames; n < frames + mostLag; ++n)
        turn.template operator()<true> (n);

    r0.keep (m.sections[0]);
    r1.keep (m.sections[1]);
    r2.keep (m.sections[2]);
    r3.keep (m.sections[3]);
    r4.keep (m.sections[4]);
    r5.keep (m.sections[5]);
}

// ---------------------------------------------------------------- dynamics

using F = hn::CappedTag<float, 16>;
using W = hn::Vec<F>;
constexpr int wide = static_cast<int> (hn::MaxLanes (F())); // a vector: some frames of four bands

/// Frame of a lane in a vector.
alignas (64) constexpr float frameOf[16] { 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3 };

struct Ramp
{
    W start, step;
    explicit HWY_INLINE Ramp (const BandRamp& r)
        : start (hn::LoadDup128 (F(), r.start)), step (hn::LoadDup128 (F(), r.step))
    {
    }
    HWY_INLINE W at (W frame) const { return hn::MulAdd (step, frame, start); }
};

HWY_INLINE Quad promoted (const float* p)
{
    Quad out;
    for (int k = 0; k < parts; ++k)
        out.part[k] = hn::PromoteTo (D(), hn::LoadU (hn::Rebind<float, D>(), p + k * width));
    return out;
}

HWY_INLINE void demote (const Quad& q, float* p)
{
    for (int k = 0; k < parts; ++k)
        hn::StoreU (hn::DemoteTo (hn::Rebind<float, D>(), q.part[k]), hn::Rebind<float, D>(), p + k * width);
}

/// The louder of both channels, rows of four bands.
void levels (const double* bands, float* out, int frames)
{
    for (int n = 0; n < frames; ++n)
        demote (each (
                    [] (V a, V b) HWY_ATTR
                    {
                        const V left = hn::InterleaveLower (D(), a, b),
                                right = hn::InterleaveUpper (D(), a, b);
                        return hn::Max (hn::Abs (left), hn::Abs (right));
                    },
                    load (bands + 8 * n), load (bands + 8 * n + 4)),
                out + 4 * n);
}

/// From levels to the reduction wanted: the static curve of Giannoulis et al., eq. 4, without branches.
void curve (const BandDynamics& d, float* x, int frames)
{
    const Ramp offset (d.offset), knee (d.knee), slope (d.slope), bend (d.bend);
    const W zero = hn::Zero (F()), floor = hn::Set (F(), 1e-9f);
    W frame = hn::Add (hn::Load (F(), frameOf), hn::Set (F(), 1.0f));
    for (int n = 0; n < 4 * frames; n += wide)
    {
        const W level = hn::Max (hn::LoadU (F(), x + n), floor);
        const W u = hn::Max (hn::Add (log2Of (F(), level), offset.at (frame)), zero);
        const W t = hn::Min (u, knee.at (frame));
        hn::StoreU (hn::MulAdd (hn::Mul (t, bend.at (frame)), t, hn::Mul (slope.at (frame), hn::Sub (u, t))),
                    F(), x + n);
        frame = hn::Add (frame, hn::Set (F(), wide / 4.0f));
    }
}

/// From the reduction wanted to that reached.
void envelope (BandMemory& m, const BandDynamics& d, float* x, int frames)
{
    const Quad attack = load (d.attack), release = load (d.release);
    Quad level = load (m.reduction);
    for (int n = 0; n < frames; ++n)
    {
        // Both ways at once, then the choice: so a frame waits for two operations of the one before.
        level = each (
            [] (V now, V wanted, V up, V down) HWY_ATTR
            {
                const V way = hn::Sub (wanted, now);
                return hn::IfThenElse (hn::Gt (wanted, now), hn::MulAdd (up, way, now),
                                       hn::MulAdd (down, way, now));
            },
            level, promoted (x + 4 * n), attack, release);
        demote (level, x + 4 * n);
    }
    store (level, m.reduction);
}

/// From the reduction reached to gains; the largest reduction.
float gains (const BandDynamics& d, float* x, int frames)
{
    const Ramp makeup (d.makeup), weight (d.weight);
    W frame = hn::Add (hn::Load (F(), frameOf), hn::Set (F(), 1.0f)), most = hn::Zero (F());
    for (int n = 0; n < 4 * frames; n += wide)
    {
        const W w = weight.at (frame), reduction = hn::LoadU (F(), x + n);
        most = hn::Max (most, hn::Mul (w, reduction));
        hn::StoreU (exp2Of (F(), hn::Mul (w, hn::Sub (makeup.at (frame), reduction))), F(), x + n);
        frame = hn::Add (frame, hn::Set (F(), wide / 4.0f));
    }
    return hn::GetLane (hn::MaxOfLanes (F(), most));
}

/// Pairs of the bands' sum.
void sum (const double* bands, const float* gain, float* out, int frames)
{
    for (int n = 0; n < frames; ++n)
    {
        // Bands 1 and 3 lie beside each other, then 2 and 4.
        const Quad all = each (
            [] (V g, V a, V b) HWY_ATTR {
                return hn::MulAdd (hn::InterleaveUpper (D(), g, g), b,
                                   hn::Mul (hn::InterleaveLower (D(), g, g), a));
            },
            promoted (gain + 4 * n), load (bands + 8 * n), load (bands + 8 * n + 4));
        const hn::FixedTag<float, 2> two;
        hn::StoreU (hn::DemoteTo (two, hn::Add (first (all), second (all))), two, out + 2 * n);
    }
}

float Bands (BandMemory& m, const BandPoles* poles, bool moving, const BandDynamics& d, float* left,
             float* right, int frames)
{
    HWY_ALIGN float pairs[2 * (bandFrames + mostLag)];
    HWY_ALIGN double bands[8 * (bandFrames + 2 * mostLag)];
    HWY_ALIGN float x[4 * bandFrames];
    for (int n = 0; n < frames; ++n)
    {
        pairs[2 * n] = std::abs (left[n]) < 1e6f ? left[n] : 0.0f;
        pairs[2 * n + 1] = std::abs (right[n]) < 1e6f ? right[n] : 0.0f;
    }
    std::fill_n (pairs + 2 * frames, 2 * mostLag, 0.0f);
    double* const rows = bands + 8 * mostLag;
    if (moving)
        split<true> (m, poles, pairs, rows, frames);
    else
        split<false> (m, poles, pairs, rows, frames);

    std::fill (x + 4 * (frames & ~3), x + 4 * ((frames + 3) & ~3), 0.0f);
    levels (rows, x, frames);
    curve (d, x, frames);
    envelope (m, d, x, frames);
    std::fill (x + 4 * frames, x + 4 * ((frames + 3) & ~3), 0.0f);
    const float most = gains (d, x, frames);
    sum (rows, x, pairs, frames);
    for (int n = 0; n < frames; ++n)
    {
        left[n] = pairs[2 * n];
        right[n] = pairs[2 * n + 1];
    }
    return most;
}

} // namespace lacquer::dsp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lacquer::dsp::kernels
{
HWY_EXPORT (Bands);

float runBands (BandMemory& m, const BandPoles* poles, bool moving, const BandDynamics& d, float* left,
                float* right, int frames) noexcept
{
    return HWY_DYNAMIC_DISPATCH (Bands) (m, poles, moving, d, left, right, frames);
}
} // namespace lacquer::dsp::kernels
#endif
