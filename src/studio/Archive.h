// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::studio
{

/// A file that goes into an archive. hash: its SHA-256 as the project knows it, or empty.
struct ArchivedFile
{
    std::filesystem::path source;
    std::string path; ///< within the project folder
    std::string hash;
    std::string text {}; ///< what is in it, when there is no source
};

/// Writes a ZIP archive (ZIP64 where it is large), stored: NAME/NAME.lacquer with a text, then NAME/PATH for
/// every file. It appears under its name when it is whole. [control]
Outcome written (const std::filesystem::path& archive, const std::string& name, std::string_view project,
                 const std::vector<ArchivedFile>&, const Progress&);

/// Unpacks an archive that written() made into a folder, without its first folder. Nothing in it is trusted:
/// a name that leads out of the folder, anything that is no plain file, a name twice, are refused. [control]
Outcome unpacked (const std::filesystem::path& archive, const std::filesystem::path& folder, const Progress&);

} // namespace lacquer::studio
