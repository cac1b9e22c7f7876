// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/TimeView.h"

#include <map>
#include <optional>
#include <string>

namespace lacquer::ui
{

/// How a project was looked at last: kept in its folder as View.json, no part of the project and of no step
/// of history. [message thread]
struct ViewState
{
    std::optional<TimeView> time; ///< none: the whole song
    double waveHeight = 0;        ///< dB that waveforms are drawn taller
    std::map<Id, int> rowHeights; ///< of tracks, where they were changed
    int mixerHeight = 0;          ///< 0: the usual one
    bool inspector = true, mixer = true;
    bool operator== (const ViewState&) const = default;

    /// The usual view where nothing was kept, or nothing that can be read.
    static ViewState of (const std::string& folder);
    /// Without a word when the folder cannot be written: the project is not touched by it.
    void keep (const std::string& folder) const;
};

} // namespace lacquer::ui
