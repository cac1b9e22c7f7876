// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Edits.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::studio
{

/// Named versions of a mix: a song as it was, in the folder Versions of the project, a file each. They do not
/// change with undo. docs/MIX-VERSIONS.md. All [control] but where said.

struct Version
{
    std::string name;
    std::string note;
    std::string stored; ///< "2026-03-01T12:00:00Z", as told by who stored it
    Id song;
    session::Project project;      ///< session/VersionEdits.h
    std::filesystem::path file {}; ///< where it was read
};

struct VersionList
{
    std::vector<Version> versions; ///< by time stored, then by name
    std::vector<Problem> unreadable;
};
/// The versions of a song; of all songs when none is given.
VersionList versionsIn (const std::filesystem::path& projectFolder, Id song = {});
Result<Version> versionCalled (const std::filesystem::path& projectFolder, Id song, std::string_view name);

/// This moment, as Version::stored wants it.
std::string timeNow();

/// Stores a song as it is. Refused when it has a version of that name, unless `replace`.
Outcome storeVersion (const session::Project&, const std::filesystem::path& projectFolder, Id song,
                      std::string name, std::string note = {}, bool replace = false,
                      std::string time = timeNow());
Outcome renameVersion (const std::filesystem::path& projectFolder, Id song, std::string_view name,
                       std::string fresh);
Outcome deleteVersion (const std::filesystem::path& projectFolder, Id song, std::string_view name);

/// Puts a song back to a version: one step of undo. [any thread] once it is read
session::Edit recalled (const session::Project&, const Version&);

/// The arguments of the edit recall-version with the text of the version, unless it was given.
Result<session::Arguments> withVersionText (const std::filesystem::path& projectFolder,
                                            const session::Project&, std::string_view edit,
                                            session::Arguments);

/// Audio files that only versions know, for what copies or cleans a project: a Problem when a version cannot
/// be read, because then nobody knows what it uses.
Result<std::vector<Version>> allVersions (const std::filesystem::path& projectFolder);

/// The text of a version's file. [any thread]
std::string textOf (const Version&);

} // namespace lacquer::studio
