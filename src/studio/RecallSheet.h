// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Project.h"

#include <string>
#include <vector>

namespace lacquer::studio
{

/// Everything needed to set a mix up again by hand: docs/MIX-VERSIONS.md. What is not listed has its initial
/// value. [any thread]
struct RecallSheet
{
    struct Line
    {
        std::string name, value;
        bool under = false; ///< belongs to the line above
    };
    struct Block
    {
        std::string title; ///< Track "Kick"
        std::string about; ///< mono, to the group "Drums", tags: live
        std::string notes;
        std::vector<Line> lines;
    };
    std::string title, note;
    std::vector<Line> head;
    std::vector<Block> blocks;
};

/// version: its name, or empty for the song as it is now. note: what is written over it.
RecallSheet recallSheet (const session::Project&, const session::Song&, const std::string& version = {},
                         std::string note = {});

/// As plain text, lines of any length.
std::string textOf (const RecallSheet&);
/// As one HTML page that needs nothing else, for screen and paper.
std::string htmlOf (const RecallSheet&);

} // namespace lacquer::studio
