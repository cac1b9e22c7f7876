// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/KWeighting.h"

namespace lacquer::dsp
{

/// The gain that gives a changed sound the loudness it had before: the root of the ratio of both K-weighted
/// energies (ITU-R BS.1770-5), averaged by one pole of 3 s. A gain that follows the sound comes late where it
/// rises; what was missed so over 10 s is made good. Silence (-70 LUFS) does not count. What it gives depends
/// neither on the cut into blocks nor on the clock.
class LoudnessKeeper
{
public:
    static constexpr double most = 30; ///< dB, up or down

    explicit LoudnessKeeper (double sampleRate = 48000); ///< [control]

    /// expected: the gain to start from. [audio]
    void reset (double expected) noexcept;

    /// The gain of each frame. before and after: two channels each, twice the same for mono, in time with
    /// each other; after: without that gain. [audio]
    void process (const float* const* before, const float* const* after, int frames, float* gains) noexcept;

private:
    static constexpr int step = 64; // frames between two gains; straight lines between

    KFilter filter;
    double rate;
    KWeightedPair first, second;
    kernels::KSums heardBefore, heardAfter; // since the last step
    double energyBefore = 0, energyAfter = 0, longBefore = 1, longGiven = 1;
    double from = 1, to = 1;
    int phase = 0, heard = 0; // frames of the step, steps that counted
};

} // namespace lacquer::dsp
