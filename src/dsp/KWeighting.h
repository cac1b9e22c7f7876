// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"
#include "dsp/kernels/KWeighting.h"

namespace lacquer::dsp
{

/// The two sections of the K filter (ITU-R BS.1770-5, annex 1, tables 1 and 2) at any sample rate: the
/// analogue curve behind the tables through the bilinear transform; at 48 kHz the tables to 1e-13.
struct KFilter
{
    explicit KFilter (double sampleRate);

    double b0, b1, b2, a1, a2; ///< shelf
    double c1, c2;             ///< high-pass, with numerator 1 -2 1
    kernels::KCoefficients lanes;
};

/// The K filter on two channels in double precision, with the sums a meter needs. Works sample by sample, so
/// how the sound is cut changes no bit.
class KWeightedPair
{
public:
    void reset() noexcept { state = {}; }

    /// Adds `frames` samples of both channels to `sums`. [any thread]
    void add (const KFilter&, const float* left, const float* right, Frames frames,
              kernels::KSums& sums) noexcept;

    /// Ends a stretch: forgets a state too small to matter, which would otherwise fade through slow denormal
    /// numbers, and one that a NaN or an infinity has spoilt. False in the latter case.
    bool settle() noexcept;

private:
    kernels::KState state;
};

} // namespace lacquer::dsp
