// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Fdn.h"

#include "dsp/kernels/Baseline.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/Fdn.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::kernels::HWY_NAMESPACE
{
namespace hn = hwy::HWY_NAMESPACE;

// ---------------------------------------------------------------- frames in lanes

using Wide = hn::CappedTag<float, 16>;
constexpr int wideLanes = static_cast<int> (hn::MaxLanes (Wide()));

/// One pass of two Hadamard stages over rows k, k + h, k + 2h, k + 3h.
template <typename V>
HWY_INLINE void butterfly (V& a, V& b, V& c, V& d)
{
    const V p = hn::Add (a, b), q = hn::Sub (a, b), r = hn::Add (c, d), s = hn::Sub (c, d);
    a = hn::Add (p, r);
    b = hn::Add (q, s);
    c = hn::Sub (p, r);
    d = hn::Sub (q, s);
}

void diffuse (const float* const* from, const float* gain, const float* part, float* const* to, int frames)
{
    const Wide d;
    HWY_ALIGN float half[fdnLines][wideLanes];
    for (int n = 0; n < frames; n += wideLanes)
    {
        for (int k = 0; k < fdnLines; k += 4)
        {
            const auto row = [&] (int i) HWY_ATTR
            { return hn::Mul (hn::Set (d, gain[i]), hn::LoadU (d, from[i] + n)); };
            auto a = row (k), b = row (k + 1), c = row (k + 2), e = row (k + 3);
            butterfly (a, b, c, e);
            hn::Store (a, d, half[k]);
            hn::Store (b, d, half[k + 1]);
            hn::Store (c, d, half[k + 2]);
            hn::Store (e, d, half[k + 3]);
        }
        for (int k = 0; k < 4; ++k)
        {
            auto a = hn::Load (d, half[k]), b = hn::Load (d, half[k + 4]), c = hn::Load (d, half[k + 8]),
                 e = hn::Load (d, half[k + 12]);
            butterfly (a, b, c, e);
            if (part != nullptr)
            {
                const auto w = hn::Load (d, part + n);
                const auto mixed = [&] (int i, auto x) HWY_ATTR
                {
                    const auto delayed = hn::Mul (hn::Set (d, gain[i]), hn::LoadU (d, from[i] + n));
                    const auto plain = hn::Mul (hn::Set (d, 4.0f), delayed);
                    return hn::Add (plain, hn::Mul (hn::Sub (x, plain), w));
                };
                a = mixed (k, a);
                b = mixed (k + 4, b);
                c = mixed (k + 8, c);
                e = mixed (k + 12, e);
            }
            hn::StoreU (a, d, to[k] + n);
            hn::StoreU (b, d, to[k + 4] + n);
            hn::StoreU (c, d, to[k + 8] + n);
            hn::StoreU (e, d, to[k + 12] + n);
        }
    }
}

void sumLines (const FdnRows& cloud, const FdnRows& tail, const float* early, const float* late, int sides,
               float (*sums)[fdnFrames], int frames)
{
    const Wide d;
    for (int n = 0; n < frames; n += wideLanes)
    {
        const auto e = hn::Load (d, early + n), l = hn::Load (d, late + n);
        for (int side = 0; side < sides; ++side)
        {
            auto sum = hn::Zero (d);
            for (int i = side; i < fdnLines; i += sides)
                sum = hn::Add (sum, hn::Add (hn::Mul (e, hn::Load (d, cloud.line[i] + n)),
                                             hn::Mul (l, hn::Load (d, tail.line[i] + n))));
            hn::Store (sum, d, sums[side] + n);
        }
    }
}

// ---------------------------------------------------------------- lines in lanes

using Tag = hn::CappedTag<float, 8>;
using Vector = hn::Vec<Tag>;
using Four = hn::FixedTag<float, 4>;
constexpr int width = static_cast<int> (hn::MaxLanes (Tag()));
constexpr int parts = fdnLines / width;

/// 4 by 4 in each block of four lanes.
template <typename D, typename V>
HWY_INLINE void transpose (D d, V& a, V& b, V& c, V& e)
{
    const V ac = hn::InterleaveLower (d, a, c), be = hn::InterleaveLower (d, b, e);
    const V acUpper = hn::InterleaveUpper (d, a, c), beUpper = hn::InterleaveUpper (d, b, e);
    a = hn::InterleaveLower (d, ac, be);
    b = hn::InterleaveUpper (d, ac, be);
    c = hn::InterleaveLower (d, acUpper, beUpper);
    e = hn::InterleaveUpper (d, acUpper, beUpper);
}

/// Four frames of line i, and beside them of line i + 4 where a vector holds eight.
template <typename D>
HWY_INLINE hn::Vec<D> loadLines (D d, const float* const* line, int i, int n)
{
    if constexpr (hn::MaxLanes (D()) == 8)
        return hn::Combine (d, hn::LoadU (Four(), line[i + 4] + n), hn::LoadU (Four(), line[i] + n));
    else
        return hn::LoadU (d, line[i] + n);
}

template <typename D>
HWY_INLINE void storeLines ([[maybe_unused]] D d, hn::Vec<D> v, float* const* line, int i, int n)
{
    if constexpr (hn::MaxLanes (D()) == 8)
    {
        hn::StoreU (hn::LowerHalf (v), Four(), line[i] + n);
        hn::StoreU (hn::UpperHalf (Four(), v), Four(), line[i + 4] + n);
    }
    else
        hn::StoreU (v, d, line[i] + n);
}

/// Lanes i, i + 4, i + 8 and i + 12 of the 16 lines, by the tree (0 + 8) + (4 + 12).
template <typename D>
HWY_INLINE hn::Vec<Four> folded (D, const hn::Vec<D>* v)
{
    if constexpr (hn::MaxLanes (D()) == 8)
    {
        const auto sum = hn::Add (v[0], v[1]);
        return hn::Add (hn::LowerHalf (sum), hn::UpperHalf (Four(), sum));
    }
    else
        return hn::Add (hn::Add (v[0], v[2]), hn::Add (v[1], v[3]));
}

/// Four frames, for each of the blocks of a vector.
template <typename D>
HWY_INLINE hn::Vec<D> spread ([[maybe_unused]] D d, hn::Vec<Four> v)
{
    if constexpr (hn::MaxLanes (D()) == 8)
        return hn::Combine (d, v, v);
    else
        return v;
}

struct Sections
{
    Vector b0[parts], b1[parts], a1[parts];
};

HWY_INLINE void load (Sections& s, const FdnShelf& shelf)
{
    for (int k = 0; k < parts; ++k)
    {
        s.b0[k] = hn::Load (Tag(), shelf.b0 + k * width);
        s.b1[k] = hn::Load (Tag(), shelf.b1 + k * width);
        s.a1[k] = hn::Load (Tag(), shelf.a1 + k * width);
    }
}

HWY_INLINE Vector between (const float* from, const float* to, Vector w)
{
    const Vector a = hn::Load (Tag(), from);
    return hn::Add (a, hn::Mul (hn::Sub (hn::Load (Tag(), to), a), w));
}

HWY_INLINE void move (Sections& s, const FdnShelf& from, const FdnShelf& to, Vector w)
{
    for (int k = 0; k < parts; ++k)
    {
        const int i = k * width;
        s.b0[k] = between (from.b0 + i, to.b0 + i, w);
        s.b1[k] = between (from.b1 + i, to.b1 + i, w);
        s.a1[k] = between (from.a1 + i, to.a1 + i, w);
    }
}

template <bool moving>
HWY_INLINE void pass (FdnDamping& damping, const float* const* from, const FdnRows& in, FdnRows& out,
                      float* const* back, int frames)
{
    const Tag d;
    const Four four;
    Sections low, high;
    load (low, damping.low);
    load (high, damping.high);
    Vector ls[parts], hs[parts];
    for (int k = 0; k < parts; ++k)
    {
        ls[k] = hn::Load (d, damping.lowState + k * width);
        hs[k] = hn::Load (d, damping.highState + k * width);
    }
    float* rows[fdnLines];
    for (int i = 0; i < fdnLines; ++i)
        rows[i] = out.line[i];

    for (int n = 0; n < frames; n += 4)
    {
        Vector t[4][parts];
        for (int k = 0; k < parts; ++k)
        {
            for (int j = 0; j < 4; ++j)
                t[j][k] = loadLines (d, from, k * width + j, n);
            transpose (d, t[0][k], t[1][k], t[2][k], t[3][k]);
        }
        const int count = frames - n < 4 ? frames - n : 4;
        const auto frame = [&] (int j) HWY_ATTR
        {
            if constexpr (moving)
            {
                const auto w = hn::Set (d, static_cast<float> (n + j + 1) / static_cast<float> (frames));
                move (low, damping.lowBefore, damping.low, w);
                move (high, damping.highBefore, damping.high, w);
            }
            for (int k = 0; k < parts; ++k)
            {
                const Vector x = t[j][k], u = hn::Add (hn::Mul (low.b0[k], x), ls[k]);
                ls[k] = hn::Sub (hn::Mul (low.b1[k], x), hn::Mul (low.a1[k], u));
                const Vector y = hn::Add (hn::Mul (high.b0[k], u), hs[k]);
                hs[k] = hn::Sub (hn::Mul (high.b1[k], u), hn::Mul (high.a1[k], y));
                t[j][k] = y;
            }
        };
        if (count == 4)
        {
            frame (0);
            frame (1);
            frame (2);
            frame (3);
        }
        else
        {
            frame (0);
            if (count > 1)
                frame (1);
            if (count > 2)
                frame (2);
        }

        // Sum over the lines, one tree for every instruction set.
        hn::Vec<Four> sum[4];
        for (int j = 0; j < 4; ++j)
            sum[j] = folded (d, t[j]);
        transpose (four, sum[0], sum[1], sum[2], sum[3]);
        const auto share = hn::Mul (hn::Add (hn::Add (sum[0], sum[2]), hn::Add (sum[1], sum[3])),
                                    hn::Set (four, 2.0f / fdnLines));
        const Vector shares = spread (d, share);

        const float* arriving[fdnLines];
        for (int i = 0; i < fdnLines; ++i)
            arriving[i] = in.line[i];
        for (int k = 0; k < parts; ++k)
        {
            transpose (d, t[0][k], t[1][k], t[2][k], t[3][k]);
            for (int j = 0; j < 4; ++j)
            {
                const int i = k * width + j;
                storeLines (d, t[j][k], rows, i, n);
                storeLines (d, hn::Add (hn::Sub (t[j][k], shares), loadLines (d, arriving, i, n)), back, i,
                            n);
            }
        }
    }
    for (int k = 0; k < parts; ++k)
    {
        hn::Store (ls[k], d, damping.lowState + k * width);
        hn::Store (hs[k], d, damping.highState + k * width);
    }
}

void circulate (FdnDamping& damping, bool moving, const float* const* from, const FdnRows& in, FdnRows& out,
                float* const* back, int frames)
{
    if (moving)
        pass<true> (damping, from, in, out, back, frames);
    else
        pass<false> (damping, from, in, out, back, frames);
}

// ---------------------------------------------------------------- interpolation

void readMoving (const float* line, const float* offset, float* to, int frames)
{
    const Four d;
    const hn::RebindToSigned<Four> di;
    const auto one = hn::Set (d, 1.0f), two = hn::Set (d, 2.0f), three = hn::Set (d, 3.0f);
    const auto half = hn::Set (d, 0.5f), sixth = hn::Set (d, 1.0f / 6);
    HWY_ALIGN int whole[4];
    for (int n = 0; n < frames; n += 4)
    {
        const auto o = hn::LoadU (d, offset + n);
        const auto floor = hn::ConvertTo (di, o);
        hn::Store (floor, di, whole);
        // x lies 1 to 2 behind tap 0 of the taps 0 to 3.
        const auto x = hn::Add (hn::Sub (o, hn::ConvertTo (d, floor)), one);
        const auto x1 = hn::Sub (x, one), x2 = hn::Sub (x, two), minus = hn::Sub (three, x),
                   x3 = hn::Sub (x, three);
        const auto w0 = hn::Mul (hn::Mul (hn::Mul (x1, x2), minus), sixth);
        const auto w1 = hn::Mul (hn::Mul (hn::Mul (x, x2), x3), half);
        const auto w2 = hn::Mul (hn::Mul (hn::Mul (x, x1), minus), half);
        const auto w3 = hn::Mul (hn::Mul (hn::Mul (x, x1), x2), sixth);
        // The four taps of a frame lie side by side, the oldest first.
        auto a = hn::LoadU (d, line + n - whole[0] - 2), b = hn::LoadU (d, line + n - whole[1] - 1),
             c = hn::LoadU (d, line + n - whole[2]), e = hn::LoadU (d, line + n - whole[3] + 1);
        transpose (d, a, b, c, e);
        hn::StoreU (
            hn::Add (hn::Add (hn::Mul (w0, e), hn::Mul (w1, c)), hn::Add (hn::Mul (w2, b), hn::Mul (w3, a))),
            d, to + n);
    }
}

} // namespace lacquer::dsp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lacquer::dsp::kernels
{

HWY_EXPORT (diffuse);
HWY_EXPORT (circulate);
HWY_EXPORT (readMoving);
HWY_EXPORT (sumLines);

void diffuse (const float* const* from, const float* gain, const float* part, float* const* to,
              int frames) noexcept
{
    HWY_DYNAMIC_DISPATCH (diffuse) (from, gain, part, to, frames);
}

void circulate (FdnDamping& damping, bool moving, const float* const* from, const FdnRows& in, FdnRows& out,
                float* const* back, int frames) noexcept
{
    HWY_DYNAMIC_DISPATCH (circulate) (damping, moving, from, in, out, back, frames);
}

void readMoving (const float* line, const float* offset, float* to, int frames) noexcept
{
    HWY_DYNAMIC_DISPATCH (readMoving) (line, offset, to, frames);
}

void sumLines (const FdnRows& cloud, const FdnRows& tail, const float* early, const float* late, int sides,
               float (*sums)[fdnFrames], int frames) noexcept
{
    HWY_DYNAMIC_DISPATCH (sumLines) (cloud, tail, early, late, sides, sums, frames);
}

} // namespace lacquer::dsp::kernels

#endif
