// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "measure/Offset.h"
#include "session/Edits.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lacquer::studio
{

/// How a track lies beside a reference, and what would lay it over it. An offer: nothing is changed.
struct TrackOffset
{
    Id track;
    std::optional<measure::Offset> found; ///< against how both play now; none: too little sound in common
    Frames delay = 0;                     ///< that the track would get
    bool turned = false;                  ///< the polarity that it would get
    bool related() const { return found && found->related(); }
};

/// Tracks of several microphones beside one of them: what their clips play, delays and polarity included,
/// before any effect, both sides of stereo together, 50 ms to either side. [control] Takes long. A Problem
/// names a file that cannot be read, or what is no track of the reference's song.
Result<std::vector<TrackOffset>> trackOffsets (const session::Project&, const std::filesystem::path& folder,
                                               Id reference, const std::vector<Id>& tracks,
                                               const Progress& = {});

/// Gives the related ones of them the delay, to the frame, and polarity offered: one step. A Problem when
/// nothing changes.
session::Edit aligned (const session::Project&, const std::vector<TrackOffset>&);

/// "17.3 frames (0.36 ms) later, polarity inverted; confidence 62 %": for a list.
std::string sentenceOf (const TrackOffset&, double sampleRate);

} // namespace lacquer::studio
