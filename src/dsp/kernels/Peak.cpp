// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Peak.h"

#include "dsp/kernels/Baseline.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernels/Peak.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h must come before highway.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lacquer::dsp::kernels::HWY_NAMESPACE
{
namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<float, 16>;
using Vector = hn::Vec<Tag>;

// E1 O1 E2 O2 E3 O3 H: even and odd sums of the phases 1 to 3, and the sum of phase 4 (half-way).
struct Sums
{
    Vector e1, o1, e2, o2, e3, o3, h;
};

HWY_INLINE Sums begun (Tag d, const PeakTaps& t, Vector x)
{
    const auto zero = hn::Zero (d);
    return { hn::Mul (x, hn::Set (d, t.centre[0])),
             zero,
             hn::Mul (x, hn::Set (d, t.centre[1])),
             zero,
             hn::Mul (x, hn::Set (d, t.centre[2])),
             zero,
             zero };
}

HWY_INLINE Vector loudest (const Sums& s, Vector x)
{
    const auto one = hn::Max (hn::Add (hn::Abs (s.e1), hn::Abs (s.o1)), hn::Abs (x));
    const auto two = hn::Max (hn::Add (hn::Abs (s.e2), hn::Abs (s.o2)), hn::Abs (s.h));
    return hn::Max (hn::Max (one, two), hn::Add (hn::Abs (s.e3), hn::Abs (s.o3)));
}

HWY_INLINE void accumulate (Tag d, const float* taps, Sums& s, const float* x, int k)
{
    const auto right = hn::LoadU (d, x + k);
    const auto left = hn::LoadU (d, x - k);
    const auto nearer = hn::LoadU (d, x - k + 1);
    const auto sum = hn::Add (right, left);
    const auto difference = hn::Sub (right, left);
    s.e1 = hn::MulAdd (sum, hn::Set (d, taps[0]), s.e1);
    s.o1 = hn::MulAdd (difference, hn::Set (d, taps[1]), s.o1);
    s.e2 = hn::MulAdd (sum, hn::Set (d, taps[2]), s.e2);
    s.o2 = hn::MulAdd (difference, hn::Set (d, taps[3]), s.o2);
    s.e3 = hn::MulAdd (sum, hn::Set (d, taps[4]), s.e3);
    s.o3 = hn::MulAdd (difference, hn::Set (d, taps[5]), s.o3);
    s.h = hn::MulAdd (hn::Add (right, nearer), hn::Set (d, taps[6]), s.h);
}

/// take (n, the largest magnitudes around the frames from n on). Two vectors at a time share their taps where
/// the registers hold both.
template <typename Take>
HWY_INLINE void each (const PeakTaps& t, const float* x, Take take)
{
    const Tag d;
    constexpr int lanes = static_cast<int> (hn::MaxLanes (Tag())), together = lanes == 16 ? 2 : 1;
    for (int n = 0; n < peakChunk; n += together * lanes)
    {
        Sums sums[together];
        for (int v = 0; v < together; ++v)
            sums[v] = begun (d, t, hn::LoadU (d, x + n + v * lanes));
        const float* taps = t.sides.data();
        for (int k = 1; k <= t.half; ++k, taps += 7)
            for (int v = 0; v < together; ++v)
                accumulate (d, taps, sums[v], x + n + v * lanes, k);
        for (int v = 0; v < together; ++v)
            take (n + v * lanes, loudest (sums[v], hn::LoadU (d, x + n + v * lanes)));
    }
}

void Peaks (const PeakTaps& t, const float* x, float* out)
{
    const Tag d;
    each (t, x, [&] (int n, Vector v) HWY_ATTR { hn::StoreU (v, d, out + n); });
}

float Peak (const PeakTaps& t, const float* x)
{
    const Tag d;
    auto most = hn::Zero (d);
    each (t, x, [&] (int, Vector v) HWY_ATTR { most = hn::Max (most, v); });
    return hn::GetLane (hn::MaxOfLanes (d, most));
}

float Samples (const float* x)
{
    const Tag d;
    const int lanes = static_cast<int> (hn::Lanes (d));
    auto most = hn::Zero (d);
    for (int n = 0; n < peakChunk; n += lanes)
        most = hn::Max (most, hn::Abs (hn::LoadU (d, x + n)));
    return hn::GetLane (hn::MaxOfLanes (d, most));
}

} // namespace lacquer::dsp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lacquer::dsp::kernels
{
HWY_EXPORT (Peaks);
HWY_EXPORT (Peak);
HWY_EXPORT (Samples);

void interpolatedPeaks (const PeakTaps& t, const float* x, float* out) noexcept
{
    HWY_DYNAMIC_DISPATCH (Peaks) (t, x, out);
}

float interpolatedPeak (const PeakTaps& t, const float* x) noexcept
{
    return HWY_DYNAMIC_DISPATCH (Peak) (t, x);
}

float samplePeak (const float* x) noexcept
{
    return HWY_DYNAMIC_DISPATCH (Samples) (x);
}
} // namespace lacquer::dsp::kernels
#endif
