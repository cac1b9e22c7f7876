// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "bench/Figure.h"

namespace lacquer::bench
{

/// How the full mono strip of the figures is set up: trim, 24 dB high-pass, six EQ bands, compressor, a fader
/// that moves all the time, pan, two sends, meters, bus sum.
struct StripSetup
{
    int strips = 128;
    bool saturation = false;
    bool breakpoints = false; ///< one in the fader's automation of every strip in every block
    std::string_view isa {};  ///< "AVX2" or "AVX-512"; empty: the best there is
};

/// ns per strip and sample of mix::StripBank, blocks of 64 frames at 48 kHz. With its error against
/// mix::ReferenceStrip, which computes the same in double, as "accuracy_db".
Result<Sampler> stripCost (StripSetup, Session&);
/// The same strips in the reference of ordinary code (ScalarStrip).
Result<Sampler> scalarStripCost (Session&);
/// The cost with breakpoints over that without.
Result<Sampler> automationCost (Session&);
/// How many of these strips take 70 % of the time their sound lasts.
Result<Sampler> stripsPerCore (Session&);

} // namespace lacquer::bench
