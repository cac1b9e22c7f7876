// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <memory>

namespace lacquer::dsp
{

/// Holds the level between the samples under a ceiling. The gain that every sample needs is read from the
/// waveform at eight times the rate, kept for the lookahead and a hold, released, and averaged over the
/// lookahead; an average of gains that are all low enough is low enough.
class PeakLimiter
{
public:
    static constexpr int longestBlock = 64;
    static constexpr float shortestLookahead = 1, longestLookahead = 10; ///< ms

    struct Values
    {
        float gain = 0;      ///< dB, before the limiter
        float ceiling = -1;  ///< dBTP
        float lookahead = 5; ///< ms
        float release = 200; ///< ms
        float character = 1; ///< 0 smooth: clean low notes; 1 balanced; 2 fast: loudest
        float link = 100;    ///< percent of one gain for both channels
    };

    PeakLimiter(); ///< [control] Allocates.
    ~PeakLimiter();

    void prepare (double sampleRate, int channels); ///< [control] Allocates.
    void reset() noexcept;                          ///< [audio]

    /// In place, late by latency(). [audio]
    void process (float* const* channels, int count, int frames, const Values&) noexcept;

    int latency (const Values&) const noexcept;
    /// Frames after the end of the sound until all is as after reset(), but for what nobody hears.
    Frames rest (const Values&) const noexcept;
    /// Reduction of the last block in dB, 0 or more. [any thread]
    float reduction() const noexcept;

private:
    struct Core;
    std::unique_ptr<Core> core;
};

} // namespace lacquer::dsp
