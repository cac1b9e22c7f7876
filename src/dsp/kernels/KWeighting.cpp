// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/KWeighting.h"

#include "dsp/kernels/Baseline.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/KWeighting.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::kernels::HWY_NAMESPACE
{

namespace hn = hwy::HWY_NAMESPACE;

constexpr int chunk = 512;

/// Planar to frame by frame, in double precision.
template <typename D>
HWY_INLINE void interleave (D d, const float* left, const float* right, int frames, double (*rows)[2])
{
    const hn::Rebind<float, D> f;
    constexpr int width = static_cast<int> (hn::MaxLanes (d));
    int n = 0;
    for (; n + width <= frames; n += width)
        hn::StoreInterleaved2 (hn::PromoteTo (d, hn::LoadU (f, left + n)),
                               hn::PromoteTo (d, hn::LoadU (f, right + n)), d, rows[n]);
    for (; n < frames; ++n)
    {
        rows[n][0] = static_cast<double> (left[n]);
        rows[n][1] = static_cast<double> (right[n]);
    }
}

template <typename V>
struct Section
{
    V b0, b1, b2, a1, a2, x1, x2, y1, y2;

    template <typename D>
    HWY_INLINE Section (D d, const KCoefficients& c, const KState& s, int lane)
        : b0 (hn::Load (d, c.b0 + lane)), b1 (hn::Load (d, c.b1 + lane)), b2 (hn::Load (d, c.b2 + lane)),
          a1 (hn::Load (d, c.a1 + lane)), a2 (hn::Load (d, c.a2 + lane)), x1 (hn::Load (d, s.in[0] + lane)),
          x2 (hn::Load (d, s.in[1] + lane)), y1 (hn::Load (d, s.out[0] + lane)),
          y2 (hn::Load (d, s.out[1] + lane))
    {
    }

    /// The newest output comes last: one step to wait for from frame to frame.
    HWY_INLINE V next (V x) const
    {
        const V past = hn::NegMulAdd (a2, y2, hn::MulAdd (b1, x1, hn::Mul (b2, x2)));
        return hn::NegMulAdd (a1, y1, hn::MulAdd (b0, x, past));
    }

    HWY_INLINE void remember (V x, V y)
    {
        x2 = x1;
        x1 = x;
        y2 = y1;
        y1 = y;
    }

    template <typename D>
    HWY_INLINE void keep (D d, KState& s, int lane) const
    {
        hn::Store (x1, d, s.in[0] + lane);
        hn::Store (x2, d, s.in[1] + lane);
        hn::Store (y1, d, s.out[0] + lane);
        hn::Store (y2, d, s.out[1] + lane);
    }
};

/// Both sections in registers of two.
template <typename D>
HWY_INLINE void inTurn (D d, const KCoefficients& c, KState& state, int frames, const double (*rows)[2],
                        KSums& sums)
{
    using V = hn::Vec<D>;
    Section<V> shelf (d, c, state, 0), cut (d, c, state, 2);
    V squares = hn::Load (d, sums.energy), weighted = hn::Load (d, sums.energy + 2);
    V values = hn::Load (d, sums.values), cross = hn::Load (d, sums.values + 2);
    for (int n = 0; n < frames; ++n)
    {
        const V x = hn::Load (d, rows[n]), v = shelf.next (x), w = cut.next (v);
        shelf.remember (x, v);
        cut.remember (v, w);
        squares = hn::MulAdd (x, x, squares);
        weighted = hn::MulAdd (w, w, weighted);
        values = hn::Add (values, x);
        cross = hn::MulAdd (x, hn::Reverse2 (d, x), cross);
    }
    shelf.keep (d, state, 0);
    cut.keep (d, state, 2);
    hn::Store (squares, d, sums.energy);
    hn::Store (weighted, d, sums.energy + 2);
    hn::Store (values, d, sums.values);
    hn::Store (cross, d, sums.values + 2);
}

/// Both sections in one register of four. The high-pass is three frames behind the shelf: were it one frame
/// behind, each frame would wait for two sections, not for one product and one sum.
template <typename D>
HWY_INLINE void sideBySide (D d, const KCoefficients& c, KState& state, int frames, const double (*rows)[2],
                            KSums& sums)
{
    using V = hn::Vec<D>;
    constexpr int lag = 3;
    Section<V> both (d, c, state, 0);
    V energy = hn::Load (d, sums.energy), values = hn::Load (d, sums.values);
    V late1 = hn::Zero (d), late2 = late1, late3 = late1; // what the shelf gave one, two, three turns ago
    const V one = hn::Set (d, 1.0);
    const auto turn = [&](int n, bool shelf, bool cut) HWY_ATTR __attribute__ ((always_inline))
    {
        const V row = hn::LoadDup128 (d, rows[shelf ? n : 0]);
        const V x = hn::ConcatLowerLower (d, late3, row), y = both.next (x);
        const V heard = hn::ConcatUpperLower (d, y, row);
        const V louder = hn::MulAdd (heard, heard, energy);
        late3 = late2;
        late2 = late1;
        late1 = y;
        if (shelf)
            values = hn::MulAdd (row, hn::ConcatUpperLower (d, hn::Reverse2 (d, row), one), values);
        if (shelf && cut)
        {
            both.remember (x, y);
            energy = louder;
            return;
        }
        const auto before = both;
        both.remember (x, y);
        const auto mixed = [&] (V stays, V moves) HWY_ATTR
        { return shelf ? hn::ConcatUpperLower (d, stays, moves) : hn::ConcatUpperLower (d, moves, stays); };
        both.x1 = mixed (before.x1, both.x1);
        both.x2 = mixed (before.x2, both.x2);
        both.y1 = mixed (before.y1, both.y1);
        both.y2 = mixed (before.y2, both.y2);
        energy = mixed (energy, louder);
    };
    int n = 0;
    for (; n < std::min (lag, frames); ++n)
        turn (n, true, false);
    for (; n < lag; ++n) // fewer frames than the lag: nobody's turn, but the shelf's results move on
    {
        late3 = late2;
        late2 = late1;
    }
    for (; n < frames; ++n)
        turn (n, true, true);
    for (int left = std::min (lag, frames); left > 0; --left)
        turn (n, false, true);
    both.keep (d, state, 0);
    hn::Store (energy, d, sums.energy);
    hn::Store (values, d, sums.values);
}

template <typename D>
HWY_INLINE void filter (D d, const KCoefficients& c, KState& state, int frames, const double (*rows)[2],
                        KSums& sums)
{
    if constexpr (hn::MaxLanes (D()) == 2)
        inTurn (d, c, state, frames, rows, sums);
    else
        sideBySide (d, c, state, frames, rows, sums);
}

void KWeight (const KCoefficients& c, KState& state, const float* left, const float* right, int frames,
              KSums& sums)
{
    alignas (32) double rows[chunk][2];
    for (int done = 0; done < frames; done += chunk)
    {
        const int count = std::min (chunk, frames - done);
        interleave (hn::CappedTag<double, 4>(), left + done, right + done, count, rows);
        filter (hn::CappedTag<double, 4>(), c, state, count, rows, sums);
    }
}

} // namespace lacquer::dsp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace lacquer::dsp::kernels
{

HWY_EXPORT (KWeight);

void kWeight (const KCoefficients& c, KState& state, const float* left, const float* right, int frames,
              KSums& sums) noexcept
{
    HWY_DYNAMIC_DISPATCH (KWeight) (c, state, left, right, frames, sums);
}

} // namespace lacquer::dsp::kernels

#endif
