// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <optional>
#include <span>

namespace lacquer::measure
{

/// How one sound lies in time beside another that holds some of the same source.
struct Offset
{
    double frames = 0;     ///< the second sound is so much later; negative: earlier
    bool inverted = false; ///< its polarity is the other way round
    double share = 0;      ///< 0 to 1: of the second sound's power that the first one explains
    double sharpness = 0;  ///< 0 to 1: height of the peak times its distance to the next one

    /// 0 to 1. Unrelated stems of music stay below 0.1, microphones of one source reach 0.25 to 0.9.
    double confidence() const;
    bool related() const { return confidence() >= leastConfidence; }
    static constexpr double leastConfidence = 0.15;
};

/// Finds the delay up to `most` to either side, to a fraction of a frame, and the polarity, from the
/// generalised cross-correlation (C. H. Knapp, G. C. Carter, "The Generalized Correlation Method for
/// Estimation of Time Delay", IEEE Trans. ASSP 24 (1976) 320-327): cross-spectra of Hann windows of 13 times
/// the longest delay, averaged (Welch); each frequency weighted by the coherence as in their maximum
/// likelihood processor, and by the power 0.75 of the cross-spectrum, between correlation (1) and phase
/// transform (0), so that neither a loud low note nor a quiet spill decides alone. Nothing when there are
/// fewer than four windows in which both sound. [control] Deterministic on one machine.
std::optional<Offset> offsetBetween (std::span<const float> first, std::span<const float> second,
                                     double sampleRate, Seconds most = Seconds { 0.05 });

} // namespace lacquer::measure
