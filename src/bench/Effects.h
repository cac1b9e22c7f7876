// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "bench/Figure.h"

namespace lacquer::bench
{

/// ns per sample and channel of one effect of the catalogues, stereo, blocks of 64 frames at 48 kHz. effect:
/// its id and settings as on the command line, "limiter gain=9dB". A Problem when there is none of that id.
Result<Sampler> effectCost (std::string_view effect, Session&);

/// The same, of an effect as its factory presets set it: the mean over them. "least", "most": of one preset.
/// Without presets, as it opens.
Result<Sampler> presetCost (std::string_view effect, Session&);

} // namespace lacquer::bench
