// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Id.h"

#include <string>
#include <vector>

namespace lacquer::studio
{

/// What stands between the song and the loudspeakers, never in an export.
struct MonitorState
{
    double level = 0; ///< dB
    bool dim = false, mute = false, mono = false, swap = false;
    bool reference = false;    ///< it is heard in place of the song
    std::string referenceFile; ///< empty: none is chosen
    double referenceLevel = 0; ///< dB
    std::vector<Id> listened;  ///< strips that are heard in place of the mix
    bool beforeFader = false;  ///< how they are
    bool operator== (const MonitorState&) const = default;
    /// What is heard is not the song as it is.
    bool changesSound() const { return dim || mute || mono || swap || reference || ! listened.empty(); }
};

} // namespace lacquer::studio
