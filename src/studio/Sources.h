// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Rig.h"

#include <filesystem>

namespace lacquer::files
{
class Reader;
}

namespace lacquer::studio
{

/// Players of clips that read the disk when asked: for offline rendering. [control] A missing file is a
/// Problem that names it.
SourceMaker offlineSources (std::filesystem::path projectFolder);

/// Players of clips for playback: a reader thread fetches ahead. A missing file is silence; `missing` is told
/// its name. [control]
SourceMaker liveSources (std::filesystem::path projectFolder, std::shared_ptr<files::Reader>,
                         std::function<void (const Problem&)> missing);

} // namespace lacquer::studio
