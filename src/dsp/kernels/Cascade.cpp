// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Cascade.h"

#include "dsp/Finite.h"
#include "dsp/kernels/Baseline.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

// Registers stay registers only where every loop over them is unrolled.
#if HWY_COMPILER_GCC && ! HWY_COMPILER_CLANG
#define LACQUER_UNROLL _Pragma ("GCC unroll 12")
#else
#define LACQUER_UNROLL _Pragma ("unroll")
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/Cascade.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::cascade::HWY_NAMESPACE
{

namespace hn = hwy::HWY_NAMESPACE;

// Two sections a register. Four would gain nothing where a register of eight is worked on in two halves, and
// would wait longer for each other elsewhere.
using D = hn::CappedTag<double, 4>;
using V = hn::Vec<D>;
using M = hn::Mask<D>;
using DF = hn::Rebind<float, D>;
constexpr int width = static_cast<int> (hn::MaxLanes (D()));

/// Ones in the lower, and in the upper half.
struct Halves
{
    alignas (64) std::int64_t begun[2 * lanes] {}, lasting[2 * lanes] {};
    constexpr Halves()
    {
        for (int n = 0; n < lanes; ++n)
            begun[n] = lasting[lanes + n] = -1;
    }
};
constexpr Halves halves;

/// The lanes whose sections have begun, 2 (turn + 1), and have not ended.
HWY_INLINE M activeLanes (int turn, int frames, int first)
{
    const hn::RebindToSigned<D> di;
    const int from = std::min (2 * (turn + 1), lanes), to = std::clamp (2 * (turn - frames + 1), 0, lanes);
    const auto both = hn::And (hn::LoadU (di, halves.begun + lanes - from + first),
                               hn::LoadU (di, halves.lasting + lanes - to + first));
    return hn::MaskFromVec (hn::BitCast (D(), both));
}

/// What each section hands on: lanes move up by one section.
template <typename T>
HWY_INLINE hn::Vec<T> handedOn (T d, [[maybe_unused]] hn::Vec<T> to, hn::Vec<T> from)
{
    if constexpr (width == 2)
        return from;
    else
        return hn::ConcatLowerUpper (d, to, from);
}

/// The next row for the first section.
template <typename T>
HWY_INLINE hn::Vec<T> takenIn (T d, [[maybe_unused]] hn::Vec<T> first, const double* row)
{
    if constexpr (width == 2)
        return hn::Load (d, row);
    else
        return hn::ConcatLowerLower (d, first, hn::LoadDup128 (d, row));
}

/// The last section's lanes.
template <typename T>
HWY_INLINE void storeLast (T d, hn::Vec<T> y, double* row)
{
    if constexpr (width == 2)
        hn::Store (y, d, row);
    else
        hn::Store (hn::UpperHalf (hn::Half<T>(), y), hn::Half<T>(), row);
}

/// The sections of the header's first form, for one frame each; partial: only those that are active.
template <bool moving>
struct Driven
{
    template <bool partial>
    static HWY_INLINE V step (Sections& c, int lane, V x, V& s1, V& s2, [[maybe_unused]] M active)
    {
        const D d;
        V k[coefficients];
        LACQUER_UNROLL
        for (int i = 0; i < coefficients; ++i)
        {
            k[i] = hn::Load (d, c.value[i] + lane);
            if constexpr (moving)
            {
                V moved = hn::Add (k[i], hn::Load (d, c.step[i] + lane));
                if constexpr (partial)
                    moved = hn::IfThenElse (active, moved, k[i]);
                k[i] = moved;
                hn::Store (moved, d, c.value[i] + lane);
            }
        }
        const V in = hn::Sub (x, s2);
        const V y = hn::MulAdd (k[3], x, hn::MulAdd (k[4], s1, hn::Mul (k[5], s2)));
        V n2 = hn::Add (s2, hn::MulAdd (k[2], in, hn::Mul (k[1], s1)));
        V n1 = hn::MulAdd (k[1], in, hn::Mul (k[0], s1));
        if constexpr (partial)
        {
            n1 = hn::IfThenElse (active, n1, s1);
            n2 = hn::IfThenElse (active, n2, s2);
        }
        s1 = n1;
        s2 = n2;
        return y;
    }
};

/// Those of its second form.
struct AtRest
{
    template <bool partial>
    static HWY_INLINE V step (Still& c, int lane, V x, V& s1, V& s2, [[maybe_unused]] M active)
    {
        const D d;
        const auto k = [&] (int i) HWY_ATTR { return hn::Load (d, c.value[i] + lane); };
        const V y = hn::MulAdd (k (0), x, s1);
        V n1 = hn::MulAdd (k (3), y, hn::MulAdd (k (1), x, s2));
        V n2 = hn::MulAdd (k (4), y, hn::Mul (k (2), x));
        if constexpr (partial)
        {
            n1 = hn::IfThenElse (active, n1, s1);
            n2 = hn::IfThenElse (active, n2, s2);
        }
        s1 = n1;
        s2 = n2;
        return y;
    }
};

template <int registers, typename Form, typename S>
HWY_INLINE void pass (S& c, int frames, double (*rows)[2])
{
    constexpr int lag = registers * width / 2 - 1; // of the last section behind the first
    const D d;
    V s1[registers], s2[registers], x[registers];
    LACQUER_UNROLL
    for (int v = 0; v < registers; ++v)
    {
        s1[v] = hn::Load (d, c.state[0] + v * width);
        s2[v] = hn::Load (d, c.state[1] + v * width);
        x[v] = hn::Zero (d);
    }
    const auto turn = [&](int t, auto partial) HWY_ATTR __attribute__ ((always_inline))
    {
        V y[registers];
        LACQUER_UNROLL
        for (int v = 0; v < registers; ++v)
        {
            const int lane = v * width;
            M active {};
            if constexpr (partial.value)
            {
                // Registers whose sections have not begun, or have all ended.
                if (lane > 2 * t + 1 || lane + width <= 2 * (t - frames + 1))
                {
                    y[v] = x[v];
                    continue;
                }
                active = activeLanes (t, frames, lane);
            }
            y[v] = Form::template step<partial.value> (c, lane, x[v], s1[v], s2[v], active);
        }
        LACQUER_UNROLL
        for (int v = registers - 1; v > 0; --v)
            x[v] = handedOn (d, y[v], y[v - 1]);
        // Past the end the first section takes what is no longer of use to anyone.
        x[0] = takenIn (d, y[0], rows[std::min (t + 1, frames - 1)]);
        if (! partial.value || (t >= lag && t - lag < frames))
            storeLast (d, y[registers - 1], rows[t - lag]);
    };

    x[0] = takenIn (d, hn::Zero (d), rows[0]);
    const int whole = std::min (lag, frames), last = frames + lag;
    int t = 0;
    for (; t < whole; ++t)
        turn (t, std::true_type());
    for (; t < frames; ++t)
        turn (t, std::false_type());
    for (; t < last; ++t)
        turn (t, std::true_type());

    LACQUER_UNROLL
    for (int v = 0; v < registers; ++v)
    {
        hn::Store (s1[v], d, c.state[0] + v * width);
        hn::Store (s2[v], d, c.state[1] + v * width);
    }
}

template <int registers, typename Form, typename S>
void passOf (S& c, int count, int frames, double (*rows)[2])
{
    constexpr int fewer = registers - 4 / width; // by two sections
    if constexpr (fewer > 0)
        if (2 * count <= fewer * width)
            return passOf<fewer, Form> (c, count, frames, rows);
    pass<registers, Form> (c, frames, rows);
}

void Run (Sections& c, int count, bool moving, int frames, double (*rows)[2])
{
    if (moving)
        passOf<lanes / width, Driven<true>> (c, count, frames, rows);
    else
        passOf<lanes / width, Driven<false>> (c, count, frames, rows);
}

void RunStill (Still& c, int count, int frames, double (*rows)[2])
{
    passOf<lanes / width, AtRest> (c, count, frames, rows);
}

HWY_INLINE V samples (const float* p)
{
    const DF f;
    const auto x = hn::LoadU (f, p);
    return hn::PromoteTo (D(), hn::IfThenElseZero (hn::Lt (hn::Abs (x), hn::Set (f, 1.0e6f)), x));
}

void In (const float* left, const float* right, int frames, double (*rows)[2])
{
    const D d;
    const V half = hn::Set (d, 0.5), zero = hn::Zero (d);
    const bool stereo = right != nullptr;
    int n = 0;
    for (; n + width <= frames; n += width)
    {
        const V l = samples (left + n);
        if (stereo)
        {
            const V r = samples (right + n);
            hn::StoreInterleaved2 (hn::Mul (hn::Add (l, r), half), hn::Mul (hn::Sub (l, r), half), d,
                                   rows[n]);
        }
        else
            hn::StoreInterleaved2 (l, zero, d, rows[n]);
    }
    for (; n < frames; ++n)
    {
        const double l = finite (left[n]), r = stereo ? static_cast<double> (finite (right[n])) : l;
        rows[n][0] = (l + r) * 0.5;
        rows[n][1] = (l - r) * 0.5;
    }
}

void Out (const double (*rows)[2], int frames, float* left, float* right)
{
    const D d;
    const DF f;
    int n = 0;
    for (; n + width <= frames; n += width)
    {
        V m, s;
        hn::LoadInterleaved2 (d, rows[n], m, s);
        hn::StoreU (hn::DemoteTo (f, right != nullptr ? hn::Add (m, s) : m), f, left + n);
        if (right != nullptr)
            hn::StoreU (hn::DemoteTo (f, hn::Sub (m, s)), f, right + n);
    }
    for (; n < frames; ++n)
    {
        left[n] = static_cast<float> (right != nullptr ? rows[n][0] + rows[n][1] : rows[n][0]);
        if (right != nullptr)
            right[n] = static_cast<float> (rows[n][0] - rows[n][1]);
    }
}

} // namespace lacquer::dsp::cascade::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lacquer::dsp::cascade
{

HWY_EXPORT (In);
HWY_EXPORT (Out);
HWY_EXPORT (Run);
HWY_EXPORT (RunStill);

void in (const float* left, const float* right, int frames, Rows& rows) noexcept
{
    HWY_DYNAMIC_DISPATCH (In) (left, right, frames, rows.value);
}

void out (const Rows& rows, int frames, float* left, float* right) noexcept
{
    HWY_DYNAMIC_DISPATCH (Out) (rows.value, frames, left, right);
}

void run (Sections& s, int count, bool moving, int frames, Rows& rows, int from) noexcept
{
    HWY_DYNAMIC_DISPATCH (Run) (s, count, moving, frames, rows.value + from);
}

void run (Still& s, int count, int frames, Rows& rows, int from) noexcept
{
    HWY_DYNAMIC_DISPATCH (RunStill) (s, count, frames, rows.value + from);
}

void settle (const Sections& from, int count, Still& to) noexcept
{
    for (int lane = 0; lane < 2 * count; ++lane)
    {
        const auto k = [&] (int n) { return from.value[n][lane]; };
        const double p = k (0), q = k (1), r = k (2), d = k (3), c1 = k (4), c2 = k (5), e = 1 - r;
        const double a1 = -(p + e), a2 = p * e + q * q;
        const double s1 = from.state[0][lane], s2 = from.state[1][lane];
        to.value[0][lane] = d;
        to.value[1][lane] = c1 * q + c2 * r + a1 * d;
        to.value[2][lane] = a2 * d + c2 * (q * q - p * r) - c1 * q;
        to.value[3][lane] = -a1;
        to.value[4][lane] = -a2;
        // What the section would give without input in the first frame, and in the second, less what is fed
        // back from the first.
        to.state[0][lane] = c1 * s1 + c2 * s2;
        to.state[1][lane] = (c2 * q - c1 * e) * s1 - (c1 * q + c2 * p) * s2;
    }
}

void loosen (const Still& from, int count, Sections& to) noexcept
{
    for (int lane = 0; lane < 2 * count; ++lane)
    {
        const auto k = [&] (int n) { return to.value[n][lane]; };
        const double p = k (0), q = k (1), e = 1 - k (2), c1 = k (4), c2 = k (5);
        const double z1 = from.state[0][lane], z2 = from.state[1][lane];
        double &s1 = to.state[0][lane], &s2 = to.state[1][lane];
        const double heard = c1 * c1 + c2 * c2;
        const double t21 = c2 * q - c1 * e, t22 = -(c1 * q + c2 * p), det = c1 * t22 - c2 * t21;
        s1 = s2 = 0;
        if (heard < 1e-12)
            continue;
        if (q == 0) // of first order
            s2 = z1 / c2;
        else if (std::abs (det) > 1e-8 * q * heard)
        {
            s1 = (t22 * z1 - c2 * z2) / det;
            s2 = (c1 * z2 - t21 * z1) / det;
        }
        else // a pole meets a zero: the smallest state that continues the sound
        {
            s1 = c1 * z1 / heard;
            s2 = c2 * z1 / heard;
        }
    }
}

} // namespace lacquer::dsp::cascade

#endif
