// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

namespace lacquer::dsp
{

/// The two sections of the K filter (ITU-R BS.1770-5, annex 1, tables 1 and 2) at any sample rate: the
/// analogue curve behind the tables through the bilinear transform; at 48 kHz the tables to 1e-13.
struct KFilter
{
    explicit KFilter (double sampleRate);

    double b0, b1, b2, a1, a2; ///< shelf
    double c1, c2;             ///< high-pass, with numerator 1 -2 1
};

/// Two doubles in one register: the two channels of a pair.
using Pair = double __attribute__ ((vector_size (16)));

/// Sums over two channels, as they come out of one pass.
struct PairSums
{
    Pair weighted {}; ///< squares after the K filter
    Pair squares {};  ///< squares of the samples
    Pair values {};   ///< the samples
    Pair cross {};    ///< left times right, twice
};

/// The K filter on two channels in double precision, with the sums a meter needs. Works sample by sample, so
/// how the sound is cut changes no bit.
class KWeightedPair
{
public:
    void reset() noexcept { *this = {}; }

    /// Adds `frames` samples of both channels to `sums`. [any thread]
    void add (const KFilter&, const float* left, const float* right, Frames frames, PairSums& sums) noexcept;

    /// Ends a stretch: forgets a state too small to matter, which would otherwise fade through slow denormal
    /// numbers, and one that a NaN or an infinity has spoilt. False in the latter case.
    bool settle() noexcept;

private:
    Pair x1 {}, x2 {}, y1 {}, y2 {}, z1 {}, z2 {}; // input, shelved, weighted: one and two samples ago
};

} // namespace lacquer::dsp
