// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "files/Import.h"
#include "session/Edits.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lacquer::studio
{

/// A file's name as that of a track. File names are bytes; names in a project are text: bytes that are no
/// UTF-8 are written as %XX.
std::string textOfName (const std::string& bytes);

/// Where files begin by their time references, the earliest at 0; empty unless every one has a sensible one.
std::vector<Frames> startsOf (const std::vector<files::SongTime>&, double rate);

/// The tempo that files tell, when none tells another. `from` becomes what told it: "its name".
std::optional<double> tempoOf (const std::vector<files::SongTime>&, std::string& from);
/// "The tempo is 96: a file tells it by its name."
std::string sentenceOf (double tempo, const std::string& from);

/// An imported file as a clip of a track, or without one of a new track of its name. It makes the clip.
session::Edit withSound (const session::Project&, Id song, Id track, Frames at, const files::Imported&,
                         const std::filesystem::path& original);

/// Sound files for a song that there is.
struct Addition
{
    Id song;
    Id track; ///< all of them on it; none: each on a new one
    Frames at = 0;
    std::vector<std::filesystem::path> files;
};
struct Added
{
    session::Edited edited;
    std::vector<Id> clips;                    ///< one for each file
    std::vector<std::filesystem::path> files; ///< written into the project's folder
    std::vector<std::string> notes;
};
/// Imports files: all, or none and nothing is left behind. Where every one has a time reference the earliest
/// lies at `at` and the others as much later as theirs say; elsewhere all lie at `at`, which on one track is
/// refused. A song without clips takes the tempo that the files tell; another keeps its own, and a note says
/// so. [control] Takes long.
Result<Added> withFiles (const session::Project&, const std::filesystem::path& folder, const Addition&,
                         const Progress& = {});

} // namespace lacquer::studio
