// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Project.h"

#include <limits>
#include <string>
#include <vector>

namespace lacquer::session
{

/// A part of a song that is otherwise in one state than in another.
struct ChangedPart
{
    enum class Part
    {
        strip, ///< a track, group, return, mix bus or VCA fader: all of it but its inserts, lanes and clips
        effect,
        clip,
        lane,
        marker,
        modulator,
        tempo ///< or metre
    };
    Part part = Part::strip;
    Id id;    ///< none of a tempo; of a lane: what has the parameter
    Id owner; ///< of a clip its track; of an effect or lane what it is on; else none
    /// Of a lane; elsewhere only when one value of this parameter is all that differs.
    std::string parameter;
    /// Clips and markers: where they are, or were when they are gone. Lanes: from the first point that
    /// differs to the last.
    Frames begin = 0, end = 0;
    bool operator== (const ChangedPart&) const = default;

    /// The end of a lane that differs in something other than its points, which begins at 0.
    static constexpr Frames everywhere = std::numeric_limits<Frames>::max();
};

/// What one step between two states of a song changed, tracks first, as they follow each other; among its
/// like what is gone comes after what is there. Of a strip or effect that is new or gone, what is in it is
/// not named. What two states share is passed over, so a step among 10,000 clips costs what it changed. Names
/// nothing of what no page shows in a place of its own: groups of tracks, scenes, texts of the song, the
/// chosen target. Nothing when they are two songs. [any thread]
std::vector<ChangedPart> changedParts (const Song& before, const Song& after);

} // namespace lacquer::session
