// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Convolution.h"

#include "dsp/kernels/Baseline.h"

#include <cmath>
#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/Convolution.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::kernels::HWY_NAMESPACE
{
namespace hn = hwy::HWY_NAMESPACE;

using Wide = hn::CappedTag<float, 16>;
constexpr int wideLanes = static_cast<int> (hn::MaxLanes (Wide()));

template <typename V>
struct Complex
{
    V re, im;
};

template <typename V>
HWY_INLINE Complex<V> operator+ (Complex<V> a, Complex<V> b)
{
    return { hn::Add (a.re, b.re), hn::Add (a.im, b.im) };
}
template <typename V>
HWY_INLINE Complex<V> operator- (Complex<V> a, Complex<V> b)
{
    return { hn::Sub (a.re, b.re), hn::Sub (a.im, b.im) };
}
template <typename V>
HWY_INLINE Complex<V> operator* (Complex<V> a, Complex<V> b)
{
    return { hn::MulSub (a.re, b.re, hn::Mul (a.im, b.im)), hn::MulAdd (a.re, b.im, hn::Mul (a.im, b.re)) };
}
/// a times the conjugate of b
template <typename V>
HWY_INLINE Complex<V> back (Complex<V> a, Complex<V> b)
{
    return { hn::MulAdd (a.re, b.re, hn::Mul (a.im, b.im)), hn::MulSub (a.im, b.re, hn::Mul (a.re, b.im)) };
}

template <typename D>
HWY_INLINE Complex<hn::Vec<D>> load (D d, const float* re, const float* im)
{
    return { hn::LoadU (d, re), hn::LoadU (d, im) };
}
template <typename D, typename V>
HWY_INLINE void store (D d, Complex<V> z, float* re, float* im)
{
    hn::StoreU (z.re, d, re);
    hn::StoreU (z.im, d, im);
}

/// The four-point transform, forward or back.
template <bool forward, typename V>
HWY_INLINE void four (Complex<V>& a, Complex<V>& b, Complex<V>& c, Complex<V>& e)
{
    const auto p = a + c, q = a - c, r = b + e, s = b - e;
    a = p + r;
    c = p - r;
    // q -+ i s
    const Complex<V> minus { hn::Add (q.re, s.im), hn::Sub (q.im, s.re) },
        plus { hn::Sub (q.re, s.im), hn::Add (q.im, s.re) };
    b = forward ? minus : plus;
    e = forward ? plus : minus;
}

/// Factors w, w^2, w^3 of butterfly n in a pass over spans of 4q.
template <typename D>
struct Factors
{
    Complex<hn::Vec<D>> one, two, three;
    HWY_INLINE Factors (D d, const float* twiddle, int q, int n)
        : one (load (d, twiddle + n, twiddle + q + n)),
          two (load (d, twiddle + 2 * q + n, twiddle + 3 * q + n)),
          three (load (d, twiddle + 4 * q + n, twiddle + 5 * q + n))
    {
    }
};

// ---------------------------------------------------------------- long spans: neighbours in lanes

void fold (const FoldedTransform& t, const float* first, const float* second, float* out, int from, int to)
{
    const Wide d;
    const int size = t.size, q = size / 4;
    const float* const weight = t.weight.data();
    for (int n = from; n < to; n += wideLanes)
    {
        const auto at = [&] (int i) HWY_ATTR
        {
            const auto w = load (d, weight + i, weight + size + i);
            const auto x = hn::LoadU (d, first + i);
            if (second == nullptr)
                return Complex<hn::Vec<Wide>> { hn::Mul (x, w.re), hn::Mul (x, w.im) };
            return Complex<hn::Vec<Wide>> { x, hn::LoadU (d, second + i) } * w;
        };
        auto a = at (n), b = at (n + q), c = at (n + 2 * q), e = at (n + 3 * q);
        four<true> (a, b, c, e);
        const Factors<Wide> w (d, t.twiddle.data(), q, n);
        float *const re = out + n, *const im = out + size + n;
        store (d, a, re, im);
        store (d, b * w.one, re + q, im + q);
        store (d, c * w.two, re + 2 * q, im + 2 * q);
        store (d, e * w.three, re + 3 * q, im + 3 * q);
    }
}

void unfold (const FoldedTransform& t, const float* spectrum, float* out, int from, int to)
{
    const Wide d;
    const int size = t.size, q = size / 4;
    const float* const weight = t.weight.data();
    const auto scale = hn::Set (d, 1.0f / static_cast<float> (size));
    for (int n = from; n < to; n += wideLanes)
    {
        const Factors<Wide> w (d, t.twiddle.data(), q, n);
        const float *const re = spectrum + n, *const im = spectrum + size + n;
        auto a = load (d, re, im), b = back (load (d, re + q, im + q), w.one),
             c = back (load (d, re + 2 * q, im + 2 * q), w.two),
             e = back (load (d, re + 3 * q, im + 3 * q), w.three);
        four<false> (a, b, c, e);
        const auto put = [&] (Complex<hn::Vec<Wide>> z, int i) HWY_ATTR
        {
            const auto y = back (z, load (d, weight + i, weight + size + i)).im;
            hn::StoreU (hn::Mul (y, scale), d, out + i);
        };
        put (a, n);
        put (b, n + q);
        put (c, n + 2 * q);
        put (e, n + 3 * q);
    }
}

template <bool forward>
HWY_INLINE void pass (const float* twiddle, int size, int q, float* spectrum, int from, int to)
{
    const Wide d;
    for (int k = from; k < to; k += wideLanes)
    {
        const int n = k & (q - 1), at = 4 * (k - n) + n;
        float *const re = spectrum + at, *const im = spectrum + size + at;
        const Factors<Wide> w (d, twiddle, q, n);
        auto a = load (d, re, im), b = load (d, re + q, im + q), c = load (d, re + 2 * q, im + 2 * q),
             e = load (d, re + 3 * q, im + 3 * q);
        if constexpr (forward)
        {
            four<true> (a, b, c, e);
            b = b * w.one;
            c = c * w.two;
            e = e * w.three;
        }
        else
        {
            b = back (b, w.one);
            c = back (c, w.two);
            e = back (e, w.three);
            four<false> (a, b, c, e);
        }
        store (d, a, re, im);
        store (d, b, re + q, im + q);
        store (d, c, re + 2 * q, im + 2 * q);
        store (d, e, re + 3 * q, im + 3 * q);
    }
}

// ---------------------------------------------------------------- tiles of 16: transforms in lanes

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

using Quarter = hn::FixedTag<float, 4>;

/// Four values of a transform of 16, and of the one four further where a vector holds eight.
template <typename D>
HWY_INLINE hn::Vec<D> loadRow (D d, const float* p)
{
    if constexpr (hn::MaxLanes (D()) == 8)
        return hn::Combine (d, hn::LoadU (Quarter(), p + 64), hn::LoadU (Quarter(), p));
    else
        return hn::LoadU (d, p);
}
template <typename D>
HWY_INLINE void storeRow ([[maybe_unused]] D d, hn::Vec<D> v, float* p)
{
    if constexpr (hn::MaxLanes (D()) == 8)
    {
        hn::StoreU (hn::LowerHalf (v), Quarter(), p);
        hn::StoreU (hn::UpperHalf (Quarter(), v), Quarter(), p + 64);
    }
    else
        hn::StoreU (v, d, p);
}

/// cos and -sin of 2 pi n/16.
constexpr float turn16[10][2] = {
    { 1, 0 },
    { 0.92387953251128674f, -0.38268343236508977f },
    { 0.70710678118654752f, -0.70710678118654752f },
    { 0.38268343236508977f, -0.92387953251128674f },
    { 0, -1 },
    { -0.38268343236508977f, -0.92387953251128674f },
    { -0.70710678118654752f, -0.70710678118654752f },
    { -0.92387953251128674f, -0.38268343236508977f },
    { -1, 0 },
    { -0.92387953251128674f, 0.38268343236508977f },
};

template <typename D>
HWY_INLINE Complex<hn::Vec<D>> turned (D d, int n)
{
    return { hn::Set (d, turn16[n][0]), hn::Set (d, turn16[n][1]) };
}

template <bool forward, typename D>
HWY_INLINE void tiles (D d, int size, float* spectrum, int from, int to)
{
    constexpr int lanes = static_cast<int> (hn::MaxLanes (D()));
    using V = hn::Vec<D>;
    HWY_ALIGN float store16[2][16][lanes];
    for (int at = from; at < to; at += 16 * lanes)
    {
        float* const side[2] { spectrum + at, spectrum + size + at };
        const auto value = [&] (int i) HWY_ATTR {
            return Complex<V> { hn::Load (d, store16[0][i]), hn::Load (d, store16[1][i]) };
        };
        const auto keep = [&] (Complex<V> z, int i) HWY_ATTR
        {
            hn::Store (z.re, d, store16[0][i]);
            hn::Store (z.im, d, store16[1][i]);
        };
        if constexpr (forward)
        {
            for (int s = 0; s < 2; ++s)
                for (int c = 0; c < 16; c += 4)
                {
                    auto w = loadRow (d, side[s] + c), x = loadRow (d, side[s] + 16 + c),
                         y = loadRow (d, side[s] + 32 + c), z = loadRow (d, side[s] + 48 + c);
                    transpose (d, w, x, y, z);
                    hn::Store (w, d, store16[s][c]);
                    hn::Store (x, d, store16[s][c + 1]);
                    hn::Store (y, d, store16[s][c + 2]);
                    hn::Store (z, d, store16[s][c + 3]);
                }
            for (int i = 0; i < 4; ++i)
            {
                auto a = value (i), b = value (i + 4), c = value (i + 8), e = value (i + 12);
                four<true> (a, b, c, e);
                keep (a, i);
                keep (b * turned (d, i), i + 4);
                keep (c * turned (d, 2 * i), i + 8);
                keep (e * turned (d, 3 * i), i + 12);
            }
            for (int i = 0; i < 16; i += 4)
            {
                auto a = value (i), b = value (i + 1), c = value (i + 2), e = value (i + 3);
                four<true> (a, b, c, e);
                store (d, a, side[0] + i * lanes, side[1] + i * lanes);
                store (d, b, side[0] + (i + 1) * lanes, side[1] + (i + 1) * lanes);
                store (d, c, side[0] + (i + 2) * lanes, side[1] + (i + 2) * lanes);
                store (d, e, side[0] + (i + 3) * lanes, side[1] + (i + 3) * lanes);
            }
        }
        else
        {
            const auto bin = [&] (int i) HWY_ATTR
            { return load (d, side[0] + i * lanes, side[1] + i * lanes); };
            for (int i = 0; i < 16; i += 4)
            {
                auto a = bin (i), b = bin (i + 1), c = bin (i + 2), e = bin (i + 3);
                four<false> (a, b, c, e);
                keep (a, i);
                keep (b, i + 1);
                keep (c, i + 2);
                keep (e, i + 3);
            }
            for (int i = 0; i < 4; ++i)
            {
                auto a = value (i), b = back (value (i + 4), turned (d, i)),
                     c = back (value (i + 8), turned (d, 2 * i)),
                     e = back (value (i + 12), turned (d, 3 * i));
                four<false> (a, b, c, e);
                keep (a, i);
                keep (b, i + 4);
                keep (c, i + 8);
                keep (e, i + 12);
            }
            for (int s = 0; s < 2; ++s)
                for (int c = 0; c < 16; c += 4)
                {
                    auto w = hn::Load (d, store16[s][c]), x = hn::Load (d, store16[s][c + 1]),
                         y = hn::Load (d, store16[s][c + 2]), z = hn::Load (d, store16[s][c + 3]);
                    transpose (d, w, x, y, z);
                    storeRow (d, w, side[s] + c);
                    storeRow (d, x, side[s] + 16 + c);
                    storeRow (d, y, side[s] + 32 + c);
                    storeRow (d, z, side[s] + 48 + c);
                }
        }
    }
}

template <bool forward>
HWY_INLINE void anyTiles (int size, float* spectrum, int from, int to)
{
    // The smallest transform has four tiles, all others a multiple of eight.
    if (size == 64)
        tiles<forward> (Quarter(), size, spectrum, from, to);
    else
        tiles<forward> (hn::CappedTag<float, 8>(), size, spectrum, from, to);
}

/// Where the factors of a pass lie, and its quarter span.
struct Place
{
    const float* twiddle;
    int q;
    HWY_INLINE Place (const FoldedTransform& t, int pass) : twiddle (t.twiddle.data()), q (t.size / 4)
    {
        for (int k = 0; k < pass; ++k, q /= 4)
            twiddle += 6 * q;
    }
};

void forward (const FoldedTransform& t, int number, const float* first, const float* second, float* spectrum,
              int from, int to)
{
    if (number == 0)
        fold (t, first, second, spectrum, from, to);
    else if (number == t.passes - 1)
        anyTiles<true> (t.size, spectrum, 4 * from, 4 * to);
    else
    {
        const Place place (t, number);
        pass<true> (place.twiddle, t.size, place.q, spectrum, from, to);
    }
}

void backward (const FoldedTransform& t, int number, float* spectrum, float* out, int from, int to)
{
    if (number == 0)
        anyTiles<false> (t.size, spectrum, 4 * from, 4 * to);
    else if (number == t.passes - 1)
        unfold (t, spectrum, out, from, to);
    else
    {
        const Place place (t, t.passes - 1 - number);
        pass<false> (place.twiddle, t.size, place.q, spectrum, from, to);
    }
}

// ---------------------------------------------------------------- products

void multiply (const float* const* a, const float* const* b, int count, int size, bool begin, float* sum,
               int from, int to)
{
    const Wide d;
    for (int n = from; n < to; n += wideLanes)
    {
        auto re = begin ? hn::Zero (d) : hn::LoadU (d, sum + n);
        auto im = begin ? hn::Zero (d) : hn::LoadU (d, sum + size + n);
        for (int p = 0; p < count; ++p)
        {
            const auto x = load (d, a[p] + n, a[p] + size + n), h = load (d, b[p] + n, b[p] + size + n);
            re = hn::NegMulAdd (x.im, h.im, hn::MulAdd (x.re, h.re, re));
            im = hn::MulAdd (x.im, h.re, hn::MulAdd (x.re, h.im, im));
        }
        hn::StoreU (re, d, sum + n);
        hn::StoreU (im, d, sum + size + n);
    }
}

void direct (const float* taps, const float* x, float* out, int frames)
{
    // Two chains, of even and of odd taps, for each of four vectors.
    const Wide d;
    constexpr int step = 4 * wideLanes > directTaps ? directTaps / wideLanes : 4;
    for (int n = 0; n < frames; n += step * wideLanes)
    {
        hn::Vec<Wide> even[step], odd[step];
        for (int v = 0; v < step; ++v)
            even[v] = odd[v] = hn::Zero (d);
        for (int k = 0; k < directTaps; k += 2)
        {
            const auto h0 = hn::Set (d, taps[k]), h1 = hn::Set (d, taps[k + 1]);
            for (int v = 0; v < step; ++v)
            {
                const float* const p = x + n + v * wideLanes - k;
                even[v] = hn::MulAdd (h0, hn::LoadU (d, p), even[v]);
                odd[v] = hn::MulAdd (h1, hn::LoadU (d, p - 1), odd[v]);
            }
        }
        for (int v = 0; v < step; ++v)
            hn::StoreU (hn::Add (even[v], odd[v]), d, out + n + v * wideLanes);
    }
}

} // namespace lacquer::dsp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lacquer::dsp::kernels
{

HWY_EXPORT (forward);
HWY_EXPORT (backward);
HWY_EXPORT (multiply);
HWY_EXPORT (direct);

FoldedTransform::FoldedTransform (int points) : size (points), passes (1)
{
    const auto put = [] (std::vector<float>& to, double turns, int count)
    {
        for (int part = 0; part < 2; ++part)
            for (int n = 0; n < count; ++n)
            {
                const double angle = 2 * std::numbers::pi * turns * n;
                to.push_back (static_cast<float> (part == 0 ? std::cos (angle) : std::sin (angle)));
            }
    };
    put (weight, 0.25 / size, size);
    for (int q = size / 4; q >= 16; q /= 4, ++passes)
        for (int power = 1; power <= 3; ++power)
            put (twiddle, -power / (4.0 * q), q);
}

void transformForward (const FoldedTransform& t, int pass, const float* first, const float* second,
                       float* spectrum, int from, int to) noexcept
{
    HWY_DYNAMIC_DISPATCH (forward) (t, pass, first, second, spectrum, from, to);
}

void transformBack (const FoldedTransform& t, int pass, float* spectrum, float* out, int from,
                    int to) noexcept
{
    HWY_DYNAMIC_DISPATCH (backward) (t, pass, spectrum, out, from, to);
}

void multiplySpectra (const float* const* a, const float* const* b, int count, int size, bool begin,
                      float* sum, int from, int to) noexcept
{
    HWY_DYNAMIC_DISPATCH (multiply) (a, b, count, size, begin, sum, from, to);
}

void convolveDirectly (const float* taps, const float* x, float* out, int frames) noexcept
{
    HWY_DYNAMIC_DISPATCH (direct) (taps, x, out, frames);
}

} // namespace lacquer::dsp::kernels

#endif
