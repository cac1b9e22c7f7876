// SPDX-License-Identifier: GPL-3.0-or-later
// Half-band filters of two channels in registers, and what else the saturating kernels share; included by
// kernels, once for each instruction set.
#if defined(LACQUER_DSP_HALFBAND_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LACQUER_DSP_HALFBAND_INL_H
#undef LACQUER_DSP_HALFBAND_INL_H
#else
#define LACQUER_DSP_HALFBAND_INL_H
#endif

#include "dsp/Ramp.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::kernels::HWY_NAMESPACE
{
namespace hn = hwy::HWY_NAMESPACE;

using F = hn::CappedTag<float, 8>;
using W = hn::Vec<F>;
constexpr int lanes = static_cast<int> (hn::MaxLanes (F()));
constexpr int vectors = 4;               // of one channel, that a filter works on at a time
constexpr int stretch = vectors * lanes; // divides the block

HWY_INLINE W load (const float* p)
{
    return hn::LoadU (F(), p);
}
HWY_INLINE void store (W v, float* p)
{
    hn::StoreU (v, F(), p);
}
HWY_INLINE W set (float x)
{
    return hn::Set (F(), x);
}

/// A stretch of both channels.
struct Stretch
{
    W of[2][vectors];
};

// A filter is sum[n] = tap[k] x[n + k] over k, from the first tap to the last.

/// A short one, tap after tap.
template <int taps>
HWY_INLINE Stretch filteredShort (const float* h, const float* left, const float* right)
{
    Stretch sum;
    for (int v = 0; v < vectors; ++v)
        sum.of[0][v] = sum.of[1][v] = hn::Zero (F());
    for (int k = 0; k < taps; ++k)
    {
        const W tap = set (h[k]);
        for (int v = 0; v < vectors; ++v)
        {
            sum.of[0][v] = hn::MulAdd (tap, load (left + k + v * lanes), sum.of[0][v]);
            sum.of[1][v] = hn::MulAdd (tap, load (right + k + v * lanes), sum.of[1][v]);
        }
    }
    return sum;
}

/// One sample of both channels, times the taps h[-v * lanes] that lead to the vectors from first to last.
template <int first, int last>
HWY_INLINE void step (const float* h, const float* left, const float* right, Stretch& sum)
{
    const W l = load (left), r = load (right);
    for (int v = first; v <= last; ++v)
    {
        const W tap = set (h[-v * lanes]);
        sum.of[0][v] = hn::MulAdd (tap, l, sum.of[0][v]);
        sum.of[1][v] = hn::MulAdd (tap, r, sum.of[1][v]);
    }
}

/// A long one, over `count` frames: take (k, n, v) gets the sums from frame n on of channel k. A sample once
/// loaded serves all vectors and a tap both channels, so that the multiplications are what takes the time.
/// Vectors begin and end one after the other; where those of one stretch end, those of the next begin.
template <int taps, typename Take>
HWY_INLINE void filterLong (const float* h, const float* left, const float* right, int count, Take take)
{
    constexpr int rise = (vectors - 1) * lanes;
    static_assert (vectors == 4 && taps >= rise);
    Stretch sum;
    for (int v = 0; v < vectors; ++v)
        sum.of[0][v] = sum.of[1][v] = hn::Zero (F());
    const auto begin = [&]<int v> (int at) HWY_ATTR __attribute__ ((always_inline))
    {
        for (int i = v * lanes; i < (v + 1) * lanes; ++i)
            step<0, v> (h + i, left + at + i, right + at + i, sum);
    };
    begin.template operator()<0> (0);
    begin.template operator()<1> (0);
    begin.template operator()<2> (0);
    const auto end = [&]<int v, bool more> (int n) HWY_ATTR __attribute__ ((always_inline))
    {
        take (0, n + v * lanes, sum.of[0][v]);
        take (1, n + v * lanes, sum.of[1][v]);
        sum.of[0][v] = sum.of[1][v] = hn::Zero (F());
        if constexpr (v < vectors - 1)
            for (int i = v * lanes; i < (v + 1) * lanes; ++i)
            {
                step<v + 1, vectors - 1> (h + taps + i, left + n + taps + i, right + n + taps + i, sum);
                if constexpr (more)
                    step<0, v> (h + i, left + n + stretch + i, right + n + stretch + i, sum);
            }
    };
    for (int n = 0; n < count; n += stretch)
    {
        for (int i = rise; i < taps; ++i)
            step<0, vectors - 1> (h + i, left + n + i, right + n + i, sum);
        if (n + stretch < count)
        {
            end.template operator()<0, true> (n);
            end.template operator()<1, true> (n);
            end.template operator()<2, true> (n);
            end.template operator()<3, true> (n);
        }
        else
        {
            end.template operator()<0, false> (n);
            end.template operator()<1, false> (n);
            end.template operator()<2, false> (n);
            end.template operator()<3, false> (n);
        }
    }
}

/// A ramp's values, a vector at a time.
struct Values
{
    W start, step, frame;
    explicit HWY_INLINE Values (const Ramp& r)
        : start (set (r.from())), step (set (r.perFrame())), frame (hn::Iota (F(), 1.0f))
    {
    }
    HWY_INLINE W at (int n) const
    {
        return hn::MulAdd (step, hn::Add (frame, set (static_cast<float> (n))), start);
    }
};

/// Puts what comes before the next block, `count` on, in its place; whole vectors, so a few frames more.
HWY_INLINE void advance (float* memory, int past, int count)
{
    for (int n = 0; n < past; n += lanes)
        store (load (memory + count + n), memory + n);
}

} // namespace lacquer::dsp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
