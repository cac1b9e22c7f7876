// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "session/RoutingEdits.h"

#include <filesystem>

namespace lacquer::studio
{

/// Renders what a track has before its fader (clips, inserts, console part and sidechains; not mute, solo,
/// fader or sends), all of it, as late as it is, into a 32-bit float file in the project's Audio folder, and
/// gives the edit that plays it in their place: from the song's start on to the bit the same mix.
/// session::frozen (project, track, {}) brings the track back as it was. [control] A Problem names a file
/// that cannot be read or written; a track that is frozen already is refused.
session::Edit freeze (const session::Project&, const std::filesystem::path& folder, Id track,
                      const Progress& = {});

} // namespace lacquer::studio
