// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Bands.h"

#include "dsp/Crossover.h"
#include "dsp/kernels/Baseline.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/Bands.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include "dsp/kernels/FastMath-inl.h"

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
HWY_INLINE hn::Vec<Pair> firstOf (const Q& q)
{
    if constexpr (parts == 1)
        return hn::LowerHalf (Pair(), q.part[0]);
    else
        return q.part[0];
}

template <typename Q>
HWY_INLINE hn::Vec<Pair> secondOf (const Q& q)
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

// ---------------------------------------------------------------- crossovers

/// a1, a2, a3.
struct Three
{
    Quad a[3];
};

/// Two sections by two channels, at work.
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

    HWY_INLINE Out operator() (const Quad& x, const Three& three)
    {
        const auto& a = three.a;
        Out out;
        for (int k = 0; k < parts; ++k)
        {
            const V two = hn::Set (D(), 2.0), damping = hn::Set (D(), ButterworthPole::k),
                    twice = hn::Set (D(), 2 * ButterworthPole::k);
            const V in = x.part[k], p1 = s1.part[k], p2 = s2.part[k];
            const V v3 = hn::Sub (in, p2);
            const V v1 = hn::MulAdd (a[0].part[k], p1, hn::Mul (a[1].part[k], v3));
            const V v2 = hn::MulAdd (a[2].part[k], v3, hn::MulAdd (a[1].part[k], p1, p2));
            s1.part[k] = hn::MulSub (two, v1, p1);
            s2.part[k] = hn::MulSub (two, v2, p2);
            out.low.part[k] = v2;
            out.high.part[k] = hn::NegMulAdd (damping, v1, hn::Sub (in, v2));
            out.all.part[k] = hn::NegMulAdd (twice, v1, in);
        }
        return out;
    }
};

/// The coefficients of one crossover, frame by frame.
template <bool moving>
class Pole
{
public:
    HWY_INLINE Pole (const BandPoles* poles, std::size_t crossover) : rows (poles), which (crossover)
    {
        read (0);
    }
    HWY_INLINE const Three& operator() (int n)
    {
        if constexpr (moving)
            read (n);
        return now;
    }

private:
    HWY_INLINE void read (int n)
    {
        for (std::size_t c = 0; c < 3; ++c)
            for (int k = 0; k < parts; ++k)
                now.a[c].part[k] = hn::Set (D(), rows[n][which][c]);
    }
    const BandPoles* rows;
    std::size_t which;
    Three now;
};

// In both passes a row of sections works one frame behind the row that feeds it, so that all rows in one turn
// are independent: one after the other they would wait for each other.

/// The first two crossovers. in: pairs. out: rows of band 1 and of what lies above band 2. second: pairs of
/// band 2.
template <bool moving>
HWY_INLINE void splitLower (BandMemory& m, const BandPoles* poles, const float* in, double* out,
                            double* second, int frames)
{
    Sections r0 (m.sections[0]), r1 (m.sections[1]), r2 (m.sections[2]), r3 (m.sections[3]);
    Pole<moving> one (poles, 0), two (poles, 1);
    Quad in1, in2, in3, turned;
    const auto turn = [&]<int from, int to> (int n) HWY_ATTR __attribute__ ((always_inline))
    {
        if constexpr (to == 3)
        {
            const auto o = r3 (in3, two (n - 3));
            store (outer (turned, o.high), out + 4 * (n - 3));
            hn::StoreU (firstOf (o.low), Pair(), second + 2 * (n - 3));
        }
        if constexpr (from <= 2 && to >= 2)
        {
            const auto o = r2 (in2, two (n - 2));
            in3 = seconds (o.low, o.high);
            turned = o.all;
        }
        if constexpr (from <= 1 && to >= 1)
        {
            const auto o = r1 (in1, one (n - 1));
            in2 = outer (o.low, o.high);
        }
        if constexpr (from == 0)
        {
            const auto x = hn::PromoteTo (Pair(), hn::LoadU (hn::FixedTag<float, 2>(), in + 2 * n));
            const auto o = r0 (joined (x, x), one (n));
            in1 = outer (o.low, o.high);
        }
    };
    if (frames >= 3)
    {
        turn.template operator()<0, 0> (0);
        turn.template operator()<0, 1> (1);
        turn.template operator()<0, 2> (2);
        for (int n = 3; n < frames; ++n)
            turn.template operator()<0, 3> (n);
        turn.template operator()<1, 3> (frames);
        turn.template operator()<2, 3> (frames + 1);
        turn.template operator()<3, 3> (frames + 2);
    }
    else
        for (int n = 0; n < frames; ++n)
        {
            turn.template operator()<0, 0> (n);
            turn.template operator()<1, 1> (n + 1);
            turn.template operator()<2, 2> (n + 2);
            turn.template operator()<3, 3> (n + 3);
        }
    r0.keep (m.sections[0]);
    r1.keep (m.sections[1]);
    r2.keep (m.sections[2]);
    r3.keep (m.sections[3]);
}

/// The third crossover, and its allpasses for what lies below. in, second: as splitLower gives them. out:
/// rows of bands 1, 3, 2, 4 as pairs. levels: the louder of both channels, rows of four bands.
template <bool moving>
HWY_INLINE void splitUpper (BandMemory& m, const BandPoles* poles, const double* in, const double* second,
                            double* out, float* levels, int frames)
{
    Sections r4 (m.sections[4]), r5 (m.sections[5]), r6 (m.sections[6]);
    Pole<moving> three (poles, 2);
    Quad in5, turned;
    const auto turn = [&]<int from, int to> (int n) HWY_ATTR __attribute__ ((always_inline))
    {
        if constexpr (to == 1)
        {
            const int before = n - 1;
            const auto& p = three (before);
            const auto parted = r5 (in5, p);
            const auto pair = hn::LoadU (Pair(), second + 2 * before);
            const auto later = r6 (joined (pair, pair), p);
            const Quad odd = firsts (turned, parted.low), even = outer (later.all, parted.high);
            store (odd, out + 8 * before);
            store (even, out + 8 * before + 4);
            const auto louder = [] (V x, V y) HWY_ATTR
            {
                const V left = hn::InterleaveLower (D(), x, y), right = hn::InterleaveUpper (D(), x, y);
                return hn::Max (hn::Abs (left), hn::Abs (right));
            };
            demote (each (louder, odd, even), levels + 4 * before);
        }
        if constexpr (from == 0)
        {
            const auto o = r4 (load (in + 4 * n), three (n));
            in5 = seconds (o.low, o.high);
            turned = o.all;
        }
    };
    turn.template operator()<0, 0> (0);
    for (int n = 1; n < frames; ++n)
        turn.template operator()<0, 1> (n);
    turn.template operator()<1, 1> (frames);
    r4.keep (m.sections[4]);
    r5.keep (m.sections[5]);
    r6.keep (m.sections[6]);
}

template <bool moving>
void split (BandMemory& m, const BandPoles* poles, const float* in, double* out, float* levels, int frames)
{
    splitLower<moving> (m, poles, in, m.rest, m.second, frames);
    splitUpper<moving> (m, poles, m.rest, m.second, out, levels, frames);
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

/// From levels to the reduction wanted: the static curve of Giannoulis et al., eq. 4, without branches.
void curve (const BandDynamics& d, float* x, int frames)
{
    const Ramp offset (d.offset), knee (d.knee), slope (d.slope), bend (d.bend);
    const W zero = hn::Zero (F()), floor = hn::Set (F(), 1e-9f);
    W frame = hn::Add (hn::Load (F(), frameOf), hn::Set (F(), 1.0f));
    for (int n = 0; n < 4 * frames; n += wide)
    {
        const W level = hn::Max (hn::LoadU (F(), x + n), floor);
        const W u = hn::Max (hn::Add (dsp::HWY_NAMESPACE::fastLog2 (F(), level), offset.at (frame)), zero);
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
        hn::StoreU (dsp::HWY_NAMESPACE::fastExp2 (F(), hn::Mul (w, hn::Sub (makeup.at (frame), reduction))),
                    F(), x + n);
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
        hn::StoreU (hn::DemoteTo (two, hn::Add (firstOf (all), secondOf (all))), two, out + 2 * n);
    }
}

float Bands (BandMemory& m, const BandPoles* poles, bool moving, const BandDynamics& d, float* left,
             float* right, int frames)
{
    float *const pairs = m.pairs, *const x = m.levels;
    double* const bands = m.bands;
    for (int n = 0; n < frames; ++n)
    {
        pairs[2 * n] = std::abs (left[n]) < 1e6f ? left[n] : 0.0f;
        pairs[2 * n + 1] = std::abs (right[n]) < 1e6f ? right[n] : 0.0f;
    }
    if (moving)
        split<true> (m, poles, pairs, bands, x, frames);
    else
        split<false> (m, poles, pairs, bands, x, frames);

    const auto clearRest = [&] { std::fill (x + 4 * frames, x + 4 * ((frames + 3) & ~3), 0.0f); };
    clearRest();
    curve (d, x, frames);
    envelope (m, d, x, frames);
    clearRest();
    const float most = gains (d, x, frames);
    sum (bands, x, pairs, frames);
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
