// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"
#include "dsp/kernels/Peak.h"

#include <vector>

namespace lacquer::dsp
{

/// An eightfold interpolator for looking between the samples: Kaiser-windowed sinc of 2 * half + 1 taps a
/// phase, every phase with unity gain at 0 Hz. beta trades flatness (8: within 0.001 dB) for reach towards
/// half the rate.
struct PeakInterpolator
{
    /// [control] Allocates.
    PeakInterpolator (int half, double beta);

    kernels::PeakTaps taps;
    float bound; ///< no interpolated value exceeds this times the largest sample under its taps
};

/// The largest true and sample peak of one channel, fed in blocks of any size; cuts do not change a bit of
/// the result. Chunks that cannot hold a new maximum are skipped, which changes nothing either.
class TruePeak
{
public:
    /// Half length of the meter's interpolator.
    static constexpr int half = 16;

    TruePeak(); ///< [control] Allocates.

    void reset() noexcept; ///< [audio]

    /// [audio] No allocation.
    void add (const float* x, Frames frames) noexcept;

    /// Both maxima since reset() or take(), as if silence followed. [audio]
    struct Peaks
    {
        float truePeak = 0, samplePeak = 0;
    };
    Peaks peaks() const noexcept;

    /// The maxima of what was completely seen since the last take(), and starts anew. Up to `half` + 64
    /// frames late. [audio]
    Peaks take() noexcept;

private:
    static constexpr int room = 2 * half + 16 * kernels::peakChunk;

    static void scan (const float* centre, Peaks&) noexcept;

    std::vector<float> line; // `half` samples of history, then what is not looked at yet
    int filled = half;
    Peaks seen;
};

} // namespace lacquer::dsp
