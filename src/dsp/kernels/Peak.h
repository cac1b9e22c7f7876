// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <vector>

namespace lacquer::dsp::kernels
{

/// Frames that one call of a peak kernel works on: a multiple of every vector length up to 16 lanes.
inline constexpr int peakChunk = 64;

/// Coefficients of an eightfold interpolator for the peak kernels. With g_p(k) the tap that takes x[n + k] to
/// the value at n + p/8, e_p(k) and o_p(k) are the even and odd parts of g_p over k, so that the values at
/// +p/8 and -p/8 are E + O and E - O, and the larger of their magnitudes is |E| + |O|.
struct PeakTaps
{
    int half = 0;                   ///< taps on either side
    std::array<float, 3> centre {}; ///< g_1(0), g_2(0), g_3(0)
    std::vector<float> sides;       ///< for k = 1 to half: e_1 o_1 e_2 o_2 e_3 o_3 and g_4(k)
};

/// out[n] = largest magnitude of the interpolated x at n + {-3..4}/8, for peakChunk values of n. Reads
/// x[-half] to x[peakChunk - 1 + half]. [any thread]
void interpolatedPeaks (const PeakTaps&, const float* x, float* out) noexcept;

/// The largest of what interpolatedPeaks would write. [any thread]
float interpolatedPeak (const PeakTaps&, const float* x) noexcept;

/// Largest magnitude of peakChunk samples. [any thread]
float samplePeak (const float* x) noexcept;

} // namespace lacquer::dsp::kernels
