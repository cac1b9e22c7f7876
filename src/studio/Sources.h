// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Rig.h"

#include <filesystem>

namespace lacquer::files
{
class Reader;
class Stream;
} // namespace lacquer::files

namespace lacquer::studio
{

/// Where an audio file of a project lies.
std::filesystem::path pathOf (const std::filesystem::path& projectFolder, const session::Media&);

/// Players of clips that read the disk when asked: for offline rendering. [control] A missing file is a
/// Problem that names it.
SourceMaker offlineSources (std::filesystem::path projectFolder);

/// Reads the recordings that effects are given. unread: told of one that cannot be read, after which the
/// effect is given none; without it, it is a Problem. [control]
RecordingReader recordings (std::filesystem::path projectFolder,
                            std::function<void (const Problem&)> unread = {});

/// What playback is told of the streams it is given.
struct LiveHooks
{
    std::function<void (const Problem&)> missing; ///< a file that cannot be played: silence
    std::function<void (const std::shared_ptr<files::Stream>&)> made; ///< a stream was made
    std::function<Frames()> position;                                 ///< where it should fetch first
};

/// Players of clips for playback: a reader thread fetches ahead. [control]
SourceMaker liveSources (std::filesystem::path projectFolder, std::shared_ptr<files::Reader>, LiveHooks);

} // namespace lacquer::studio
