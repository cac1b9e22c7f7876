// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "engine/Offline.h"
#include "session/Project.h"
#include "studio/Rig.h"

#include <filesystem>

namespace lacquer::studio
{

struct Rendering
{
    Tap tap {};
    Frames from = 0;  ///< less than 0: from the first frame that may sound, as late as the tap is
    Frames to = -1;   ///< -1: the end of the song, effects' tails included
    int threads = 0;  ///< 0: one per core, at most 16
    int block = 1024; ///< frames per call of the engine; no bit depends on it
    std::vector<Listener> listeners {}; ///< who hears strips on the way
};

/// Where a song ends: Song::end, else after the last clip and the longest tail of its effects (at most 20 s).
/// [control]
Frames lengthOf (const session::Project&, const session::Song&);

/// The channels and sound of a song at a tap, block by block, offline: what playback makes, bit for bit.
/// [control] A Problem names a file that cannot be read, what the sink could not do, or that it was stopped.
Outcome render (const session::Project&, const std::filesystem::path& folder, const session::Song&,
                const Rendering&, const engine::Sink&, const Progress& = {});

/// The same; gives how late the tap is: so many frames come before the song's start with a `from` below 0.
Result<Frames> renderTap (const session::Project&, const std::filesystem::path& folder, const session::Song&,
                          const Rendering&, const engine::Sink&, const Progress& = {});

/// Threads for offline work on this machine.
int threadsHere();

} // namespace lacquer::studio
