// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"
#include "files/Import.h"
#include "session/Project.h"

#include <filesystem>
#include <string>
#include <vector>

namespace lacquer::studio
{

struct NewOptions
{
    double rate = 0; ///< of the project in Hz; 0: that of most stems
    files::Placement placement = files::Placement::copy;
    Progress progress {};
};

/// A new project and what its maker should know: files that could not be read, each with why.
struct NewProject
{
    session::Project project;
    std::vector<std::string> notes;
};

/// Files and, of folders, the sound files in them (not deeper), in natural order of name. [control]
std::vector<std::filesystem::path> soundFilesIn (const std::vector<std::filesystem::path>& filesAndFolders);

/// When every stem has a time reference (files/SongTime.h) each lies as much later than the earliest as that
/// says; where stems tell a tempo and none another, it is the song's. A note says so.
/// A mix of stems: one track per file, named, coloured, panned and grouped from its name; a reverb and a
/// delay return; a mastering chain of which only the limiter is on. The audio is imported into
/// `folder`/Audio. A file that cannot be read becomes a note; when none can, a Problem. [control] Takes long.
Result<NewProject> projectFromStems (const std::filesystem::path& folder, std::string name,
                                     const std::vector<std::filesystem::path>&, const NewOptions&);

/// A finished stereo mix to master: one song of kind stereo. [control]
Result<NewProject> projectFromMaster (const std::filesystem::path& folder, std::string name,
                                      const std::filesystem::path&, const NewOptions&);

/// An imported file as the project knows it. original: where it came from.
session::Media mediaFrom (const files::Imported&, const std::filesystem::path& original);

/// What a track's name says of it.
struct Guess
{
    std::string group;  ///< "Drums", "Vocals" ... or empty
    std::string colour; ///< pigment
    double pan = 0;     ///< -100 or 100 for the left and right of a pair, else 0
    session::Priority priority = session::Priority::support; ///< never guessed
};
Guess guessed (const std::string& trackName);

/// Adds the returns "Reverb" and "Delay" to a song and connects the first two sends of every track to them;
/// adds the mastering chain.
session::Project withReturnsAndMaster (session::Project, Id song);

} // namespace lacquer::studio
