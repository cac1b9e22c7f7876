// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Import.h"
#include "studio/Workplace.h"

#include <filesystem>
#include <vector>

namespace lacquer::studio
{

/// Imports sound files and the sound files of folders beside the control thread: onto a track, or with no
/// track each on a new one. All of one call are one step of history; what went wrong becomes notices.
/// [control]
class Importing
{
public:
    explicit Importing (Workplace& w) : place (w) {}

    void import (const std::vector<std::filesystem::path>& filesAndFolders, Id track, Frames at);

private:
    void arrived (const Result<files::Imported>&, const std::filesystem::path&, Id track, Frames at, Gesture);

    Workplace& place;
    std::uint32_t count = 0;
};

} // namespace lacquer::studio
