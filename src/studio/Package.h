// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "deliver/ReleaseFile.h"
#include "session/Project.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace lacquer::studio
{

/// The id of the DDP image among the formats of a package.
inline constexpr std::string_view ddpId = "ddp";

struct PackageOptions
{
    std::vector<std::string> formats; ///< ids of deliver::formats(), and "ddp"
    int threads = 0;
    Progress progress {};
    /// Told when a file is begun and when it is done or failed. [the working thread]
    std::function<void (const std::string& name)> begun {};
    std::function<void (const deliver::FileReport&)> finished {};
};

/// The songs of the album in order of play. [any thread]
std::vector<session::SongPtr> playOrder (const session::Project&);

/// The name of a song's release file without its ending: "02 Night Ferry", without the number where there is
/// one song only. What no file system takes is replaced.
std::string fileStem (const session::Project&, const session::Song&);

/// What a song's release files must hold: those of its target, else the ceiling of its limiter.
deliver::Limits limitsOf (const session::Song&);

/// Renders every song of the album once and writes all formats of it, and the DDP image, into `into`; each
/// file is read back, measured and checked; report.json tells everything. [control] Takes long. A Problem
/// leaves the files that were finished.
Result<std::vector<deliver::FileReport>> deliverPackage (const session::Project&,
                                                         const std::filesystem::path& projectFolder,
                                                         const std::filesystem::path& into,
                                                         const PackageOptions&);

/// The report of several files as JSON: {files: [{path, checks: [{name, result, measured, limit}]}], result}.
std::string reportText (const std::vector<deliver::FileReport>&);

/// Checks a package folder, a DDP folder or a sound file by reading it back; a package is held against its
/// report.json. [control]
Result<std::vector<deliver::FileReport>> checkedAgain (const std::filesystem::path&, const Progress& = {});

} // namespace lacquer::studio
