// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "bench/Figure.h"

namespace lacquer::bench
{

/// How many times faster than it plays a song of stereo stems is exported as WAV of 24 bits, by wall time:
/// reading, full strips, sends to reverb and delay, five mastering modules, dither, writing, reading back and
/// checking. "render_only": without the last two.
Result<Sampler> exportSpeed (int stems, double seconds, Session&);

/// How many times faster than it plays a song of 64 mono stems is rendered to nowhere, by wall time: each
/// with an equaliser, a compressor, a gate, a saturator at twice the rate and a delay as inserts beside its
/// full strip; sends to reverb and delay, five mastering modules.
Result<Sampler> insertsSpeed (Session&);

/// The wall time of 128 mono strips in the engine with one thread, over that with two.
Result<Sampler> coreScaling (Session&);

/// Integrated loudness, range and true peak with the 10 ms grid, times real time, of sound in memory ...
Result<Sampler> loudnessSpeed (Session&);
/// ... and of a WAV file of 24 bits, reading included.
Result<Sampler> loudnessFileSpeed (Session&);

} // namespace lacquer::bench
