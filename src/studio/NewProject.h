// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"
#include "files/Import.h"
#include "session/Project.h"
#include "studio/Balance.h"
#include "studio/Studio.h"

#include <filesystem>
#include <string>
#include <vector>

namespace lacquer::studio
{

struct NewOptions
{
    double rate = 0; ///< of the project in Hz; 0: that of most stems
    files::Placement placement = files::Placement::copy;
    bool balance = true; ///< of stems: levels are set (studio/Balance.h)
    Progress progress {};
};

/// A new project and what its maker should know: files that could not be read, each with why.
struct NewProject
{
    session::Project project;
    std::vector<std::string> notes;
    session::Project plain {};             ///< what the files themselves say: tracks, places, tempo
    std::vector<session::Edited> steps {}; ///< from `plain` to `project`, as a user would undo them
    std::vector<Decision> decisions {};    ///< all that was made of names and levels
    std::optional<double> peak {};         ///< dBFS of the balanced mix bus, as rendered
};

/// The folder of a new project: made, unless it is there and empty. What is in it goes again, and the folder
/// if it was made, unless it is kept. [any thread]
class NewFolder
{
public:
    static Result<NewFolder> made (const std::filesystem::path&);
    ~NewFolder();
    NewFolder (NewFolder&&) noexcept;
    NewFolder& operator= (NewFolder&&) = delete;
    void keep() { folder.clear(); }

private:
    NewFolder (std::filesystem::path f, bool there) : folder (std::move (f)), existed (there) {}
    std::filesystem::path folder; ///< empty: nothing goes
    bool existed;
};

/// The name of a project in a folder: that of the folder.
std::string nameOfFolder (const std::filesystem::path&);

/// The new project on the disk, open, with its steps to be undone one by one, and saved. [control]
Result<Studio> createdFrom (const std::string& folder, const NewProject&);

/// What a new project is made of, one of these; of none: a mix without tracks.
struct Beginning
{
    std::vector<std::filesystem::path> stems {}; ///< files, and folders of them
    std::filesystem::path master {};             ///< a finished stereo mix
    std::string songTemplate {};                 ///< the name of one of the user's
};
struct Founded
{
    Studio studio;
    NewProject made;
};
/// A new project in a new folder, open. Nothing is left behind when it fails or is stopped. [any thread]
/// Takes long.
Result<Founded> founded (const std::string& folder, const Beginning&, const NewOptions&);

/// Files and, of folders, the sound files in them (not deeper), in natural order of name. [control]
std::vector<std::filesystem::path> soundFilesIn (const std::vector<std::filesystem::path>& filesAndFolders);

/// When every stem has a time reference (files/SongTime.h) each lies as much later than the earliest as that
/// says; where stems tell a tempo and none another, it is the song's. A note says so.
/// A mix of stems: one track per file, named, coloured, panned and grouped from its name; a reverb and a
/// delay return; a mastering chain of which only the limiter is on; a first balance. The audio is imported
/// into `folder`/Audio. A file that cannot be read becomes a note; when none can, a Problem. [control] Takes
/// long.
Result<NewProject> projectFromStems (const std::filesystem::path& folder, std::string name,
                                     const std::vector<std::filesystem::path>&, const NewOptions&);

/// A mix without tracks: the returns and the mastering chain. [any thread]
Result<NewProject> projectWithoutStems (std::string name, const NewOptions&);

/// A finished stereo mix to master: one song of kind stereo. [control]
Result<NewProject> projectFromMaster (const std::filesystem::path& folder, std::string name,
                                      const std::filesystem::path&, const NewOptions&);

/// An imported file as the project knows it. original: where it came from.
session::Media mediaFrom (const files::Imported&, const std::filesystem::path& original);

/// Adds the returns "Reverb" and "Delay" to a song and connects the first two sends of every track to them;
/// adds the mastering chain.
session::Project withReturnsAndMaster (session::Project, Id song);

} // namespace lacquer::studio
