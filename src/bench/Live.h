// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "bench/Figure.h"

#include <string>
#include <vector>

namespace lacquer::bench
{

/// 128 stereo tracks from disk with full strips, sends, returns and mastering chain, played by the program's
/// own Player in real time: a thread calls it for 64 frames at every tick of a clock of 48000 / 64 Hz, as a
/// device does, while the control thread makes a structural edit every 100 ms. One run gives both figures.
///
/// The share of one core: CPU time of the calling thread, of the engine's helpers and of the disk reader,
/// over wall time.
Result<Sampler> liveLoad (Session&);
/// Calls whose CPU time exceeded the sound they made. "late_by_wall": calls that came or ended too late by
/// the clock, which a machine that others use cannot avoid.
Result<Sampler> liveLate (Session&);

/// Seconds from the start of the program to the first sample that is not zero of a project of 8 stems.
Result<Sampler> startupTime (Session&);
/// Peak resident memory in MiB of the program while it plays 128 stereo tracks.
Result<Sampler> memoryUse (Session&);

/// What the program does when it is started by startupTime() or memoryUse(): "startup" or "memory", and the
/// project. Prints the result. Returns the exit code.
int childMain (const std::string& what, const std::string& project);

} // namespace lacquer::bench
