// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/ClipEdits.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace lacquer::studio
{

/// Levels of what a clip plays, without its gain, envelope and fades; empty for silence.
struct ClipLevel
{
    std::optional<double> truePeak; ///< dBTP
    std::optional<double> loudness; ///< LUFS, ITU-R BS.1770-5
};
/// [control] Reads the file; a Problem names one that cannot be read.
Result<ClipLevel> levelOf (const std::filesystem::path& projectFolder, const session::Project&, Id clip);

/// What counts as sound in a clip.
struct SilenceRule
{
    double threshold = -48; ///< dB of sample peak, of either channel
    double hold = 0.2;      ///< s: silence that is shorter does not cut
    double before = 0.01;   ///< s kept before a sound
    double after = 0.05;    ///< s kept after a sound
};
/// The stretches of the timeline in which a clip sounds, for session::strippedSilence(). [control] Reads the
/// file.
Result<std::vector<session::Range>> soundOf (const std::filesystem::path& projectFolder,
                                             const session::Project&, Id clip, const SilenceRule&);

/// The arguments of an edit with what only the audio can tell: the level that normalise-clip wants, the
/// ranges that strip-silence keeps, unless they were given. Other edits' stay as they are. [control]
Result<session::Arguments> completed (const std::filesystem::path& projectFolder, const session::Project&,
                                      std::string_view edit, session::Arguments);

} // namespace lacquer::studio
