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

/// Sum and difference. Halves of the machines have units of their own for additions and for fused ones: with
/// a factor of 1 both give the same bits.
template <typename V>
HWY_INLINE void butterfly (V& a, V& b)
{
    const V sum = hn::Add (a, b);
    b = hn::Sub (a, b);
    a = sum;
}
template <typename V>
HWY_INLINE void butterfly (V& a, V& b, V one)
{
    const V sum = hn::MulAdd (b, one, a);
    b = hn::NegMulAdd (b, one, a);
    a = sum;
}

/// Four stages of a Hadamard transform over rows; the first has the factors. Every product is exact, as the
/// factors are powers of two: a fused operation gives the bits of two.
template <typename D, typename V>
HWY_INLINE void hadamard (D d, V (&row)[fdnLines], const float* gain)
{
    const V one = hn::Set (d, 1.0f);
    for (int k = 0; k < fdnLines; k += 2)
    {
        const V x = hn::Mul (hn::Set (d, gain[k]), row[k]), g = hn::Set (d, gain[k + 1]), y = row[k + 1];
        row[k] = hn::MulAdd (g, y, x);
        row[k + 1] = hn::NegMulAdd (g, y, x);
    }
    for (int k = 0; k < fdnLines; k += 4)
        for (int j = k; j < k + 2; ++j)
            butterfly (row[j], row[j + 2]);
    for (int k = 0; k < fdnLines; k += 8)
        for (int j = k; j < k + 4; ++j)
            butterfly (row[j], row[j + 4], one);
    for (int j = 0; j < 8; ++j)
        butterfly (row[j], row[j + 8]);
}

void diffuse (const float* const* from, const float* gain, const float* part, float* const* to, int frames)
{
    const Wide d;
    hn::Vec<Wide> row[fdnLines];
    for (int n = 0; part == nullptr && n < frames; n += wideLanes)
    {
        for (int i = 0; i < fdnLines; ++i)
            row[i] = hn::LoadU (d, from[i] + n);
        hadamard (d, row, gain);
        for (int i = 0; i < fdnLines; ++i)
            hn::StoreU (row[i], d, to[i] + n);
    }
    for (int n = 0; part != nullptr && n < frames; n += wideLanes)
    {
        for (int i = 0; i < fdnLines; ++i)
            row[i] = hn::LoadU (d, from[i] + n);
        hadamard (d, row, gain);
        const auto w = hn::Load (d, part + n);
        for (int i = 0; i < fdnLines; ++i)
        {
            const auto delayed = hn::Mul (hn::Set (d, gain[i]), hn::LoadU (d, from[i] + n));
            const auto plain = hn::Mul (hn::Set (d, 4.0f), delayed);
            hn::StoreU (hn::Add (plain, hn::Mul (hn::Sub (row[i], plain), w)), d, to[i] + n);
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
    Vector b[parts], c[parts], a[parts];
};

HWY_INLINE void load (Sections& s, const FdnShelf& shelf)
{
    for (int k = 0; k < parts; ++k)
    {
        s.b[k] = hn::Load (Tag(), shelf.b + k * width);
        s.c[k] = hn::Load (Tag(), shelf.c + k * width);
        s.a[k] = hn::Load (Tag(), shelf.a + k * width);
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
        s.b[k] = between (from.b + i, to.b + i, w);
        s.c[k] = between (from.c + i, to.c + i, w);
        s.a[k] = between (from.a + i, to.a + i, w);
    }
}

/// Both shelves of all lines: four frames at a time into lanes of lines, `use (n, t)` with t[j][k] frame n +
/// j of part k, in lanes.
template <bool moving, typename F>
HWY_INLINE void shelves (FdnDamping& damping, const float* const* from, int frames, F use)
{
    const Tag d;
    Sections low, high;
    load (low, damping.low);
    load (high, damping.high);
    Vector ls[parts], hs[parts];
    for (int k = 0; k < parts; ++k)
    {
        ls[k] = hn::Load (d, damping.lowState + k * width);
        hs[k] = hn::Load (d, damping.highState + k * width);
    }
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
                const Vector x = t[j][k], u = hn::Add (hn::Mul (low.b[k], x), ls[k]);
                ls[k] = hn::Sub (hn::Mul (low.c[k], x), hn::Mul (low.a[k], ls[k]));
                t[j][k] = hn::Add (hn::Mul (high.b[k], u), hs[k]);
                hs[k] = hn::Sub (hn::Mul (high.c[k], u), hn::Mul (high.a[k], hs[k]));
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
        use (n, t);
    }
    for (int k = 0; k < parts; ++k)
    {
        hn::Store (ls[k], d, damping.lowState + k * width);
        hn::Store (hs[k], d, damping.highState + k * width);
    }
}

template <bool moving>
HWY_INLINE void turn (FdnDamping& damping, const float* const* from, const FdnRows& in, float* const* back,
                      FdnSums& early, FdnSums& late, int frames)
{
    const Tag d;
    const Four four;
    const float* arriving[fdnLines];
    for (int i = 0; i < fdnLines; ++i)
        arriving[i] = in.line[i];
    shelves<moving> (
        damping, from, frames,
        [&] (int n, Vector (&t)[4][parts]) HWY_ATTR
        {
            // Sums over the even and the odd lines, one tree for every instruction set.
            hn::Vec<Four> sum[4];
            for (int j = 0; j < 4; ++j)
                sum[j] = folded (d, t[j]);
            transpose (four, sum[0], sum[1], sum[2], sum[3]);
            const auto even = hn::Add (sum[0], sum[2]), odd = hn::Add (sum[1], sum[3]);
            hn::Store (even, four, late.side[0] + n);
            hn::Store (odd, four, late.side[1] + n);
            const Vector shares = spread (d, hn::Mul (hn::Add (even, odd), hn::Set (four, 2.0f / fdnLines)));

            Vector evens[parts], odds[parts];
            for (int k = 0; k < parts; ++k)
            {
                transpose (d, t[0][k], t[1][k], t[2][k], t[3][k]);
                Vector x[4];
                for (int j = 0; j < 4; ++j)
                {
                    x[j] = loadLines (d, arriving, k * width + j, n);
                    storeLines (d, hn::Add (hn::Sub (t[j][k], shares), x[j]), back, k * width + j, n);
                }
                evens[k] = hn::Add (x[0], x[2]);
                odds[k] = hn::Add (x[1], x[3]);
            }
            hn::Store (folded (d, evens), four, early.side[0] + n);
            hn::Store (folded (d, odds), four, early.side[1] + n);
        });
}

void circulate (FdnDamping& damping, bool moving, const float* const* from, const FdnRows& in,
                float* const* back, FdnSums& early, FdnSums& late, int frames)
{
    if (moving)
        turn<true> (damping, from, in, back, early, late, frames);
    else
        turn<false> (damping, from, in, back, early, late, frames);
}

template <bool moving>
HWY_INLINE void fall (FdnDamping& damping, const float* const* from, FdnRows& to, int frames)
{
    const Tag d;
    float* rows[fdnLines];
    for (int i = 0; i < fdnLines; ++i)
        rows[i] = to.line[i];
    shelves<moving> (damping, from, frames,
                     [&] (int n, Vector (&t)[4][parts]) HWY_ATTR
                     {
                         for (int k = 0; k < parts; ++k)
                         {
                             transpose (d, t[0][k], t[1][k], t[2][k], t[3][k]);
                             for (int j = 0; j < 4; ++j)
                                 storeLines (d, t[j][k], rows, k * width + j, n);
                         }
                     });
}

void damp (FdnDamping& damping, bool moving, const float* const* from, FdnRows& to, int frames)
{
    if (moving)
        fall<true> (damping, from, to, frames);
    else
        fall<false> (damping, from, to, frames);
}

// ---------------------------------------------------------------- interpolation

/// The weights of four taps side by side, for a place x = 1 to 2 behind the newest of them.
template <typename D, typename V>
HWY_INLINE void cubic (D d, V x, V& w0, V& w1, V& w2, V& w3)
{
    const V one = hn::Set (d, 1.0f), two = hn::Set (d, 2.0f), three = hn::Set (d, 3.0f);
    const V half = hn::Set (d, 0.5f), sixth = hn::Set (d, 1.0f / 6);
    const V x1 = hn::Sub (x, one), x2 = hn::Sub (x, two), minus = hn::Sub (three, x), x3 = hn::Sub (x, three);
    w0 = hn::Mul (hn::Mul (hn::Mul (x1, x2), minus), sixth);
    w1 = hn::Mul (hn::Mul (hn::Mul (x, x2), x3), half);
    w2 = hn::Mul (hn::Mul (hn::Mul (x, x1), minus), half);
    w3 = hn::Mul (hn::Mul (hn::Mul (x, x1), x2), sixth);
}

void readMoving (const float* line, const FdnWander& wander, float* to, int frames)
{
    const Wide d;
    const hn::RebindToSigned<Wide> di;
    const auto one = hn::Set (d, 1.0f), two = hn::Set (d, 2.0f), three = hn::Set (d, 3.0f);
    const auto turns = hn::Mul (hn::Iota (di, 0), hn::Set (di, static_cast<std::int32_t> (wander.step)));
    for (int n = 0; n < frames; n += wideLanes)
    {
        // A smooth wave from a triangle: p^2 (3 - 2 p).
        const auto phase =
            hn::Add (turns, hn::Set (di, static_cast<std::int32_t> (
                                             wander.phase + static_cast<std::uint32_t> (n) * wander.step)));
        const auto p = hn::Mul (hn::Abs (hn::ConvertTo (d, phase)), hn::Set (d, 0x1p-31f));
        const auto wave = hn::Mul (hn::Mul (p, p), hn::Sub (three, hn::Mul (two, p)));
        const auto depth =
            hn::Add (hn::Set (d, wander.depth),
                     hn::Mul (hn::Set (d, wander.perFrame), hn::Iota (d, static_cast<float> (n + 1))));
        const auto o = hn::Mul (hn::Mul (two, depth), wave);
        const auto floor = hn::ConvertTo (di, o);
        const auto x = hn::Add (hn::Sub (o, hn::ConvertTo (d, floor)), one);
        hn::Vec<Wide> w0, w1, w2, w3, a, b, c, e;
        cubic (d, x, w0, w1, w2, w3);

        HWY_ALIGN std::int32_t whole[wideLanes];
        hn::Store (floor, di, whole);
        const auto first = hn::Set (di, whole[0]);
        if (hn::AllTrue (di, hn::Eq (floor, first)))
        {
            const float* const at = line + n - whole[0];
            a = hn::LoadU (d, at - 2);
            b = hn::LoadU (d, at - 1);
            c = hn::LoadU (d, at);
            e = hn::LoadU (d, at + 1);
        }
        else
        {
            HWY_ALIGN float taps[4][wideLanes];
            for (int k = 0; k < wideLanes; ++k)
                for (int j = 0; j < 4; ++j)
                    taps[j][k] = line[n + k - whole[k] - 2 + j];
            a = hn::Load (d, taps[0]);
            b = hn::Load (d, taps[1]);
            c = hn::Load (d, taps[2]);
            e = hn::Load (d, taps[3]);
        }
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
HWY_EXPORT (damp);
HWY_EXPORT (readMoving);

void diffuse (const float* const* from, const float* gain, const float* part, float* const* to,
              int frames) noexcept
{
    HWY_DYNAMIC_DISPATCH (diffuse) (from, gain, part, to, frames);
}

void circulate (FdnDamping& damping, bool moving, const float* const* from, const FdnRows& in,
                float* const* back, FdnSums& early, FdnSums& late, int frames) noexcept
{
    HWY_DYNAMIC_DISPATCH (circulate) (damping, moving, from, in, back, early, late, frames);
}

void damp (FdnDamping& damping, bool moving, const float* const* from, FdnRows& to, int frames) noexcept
{
    HWY_DYNAMIC_DISPATCH (damp) (damping, moving, from, to, frames);
}

void readMoving (const float* line, const FdnWander& wander, float* to, int frames) noexcept
{
    HWY_DYNAMIC_DISPATCH (readMoving) (line, wander, to, frames);
}

} // namespace lacquer::dsp::kernels

#endif
