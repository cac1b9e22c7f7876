// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"
#include "session/Points.h"

#include <limits>
#include <optional>
#include <vector>

namespace lacquer::session
{

/// Edits of automation lanes; pure like all edits (session/Edits.h). [any thread]

/// Which lane, and what its parameter may be; without a Param any number.
struct LaneOf
{
    Id target;
    std::string parameter;
    const Param* param = nullptr;
};
/// A stretch of a song; the whole of it as it stands.
struct Stretch
{
    Frames from = 0, to = std::numeric_limits<Frames>::max();
};

/// The lane of a parameter; null when there is none.
const Lane* laneOf (const Project&, Id target, std::string_view parameter);

/// What riding the parameter does. No mode: off. A parameter without a lane is given an empty one.
Edit withLaneMode (const Project&, const LaneOf&, std::optional<LaneMode>);

/// The course of a lane over a stretch, put down somewhere else in the same or in another lane, which is made
/// when it is not there. What lay there is replaced.
Edit copiedAutomation (const Project&, const LaneOf& from, Stretch, Frames at, const LaneOf& to);
/// The course of a stretch moved in time. What it moves over is replaced; where it was, what is around it
/// goes on.
Edit shiftedAutomation (const Project&, const LaneOf&, Stretch, Frames by);
/// Values of a stretch drawn towards a value, or away from it: around + (value - around) factor.
Edit scaledAutomation (const Project&, const LaneOf&, Stretch, double factor, double around = 0);
/// Values of a stretch up or down, in the parameter's unit.
Edit raisedAutomation (const Project&, const LaneOf&, Stretch, double by);
/// Points of a stretch left out where no value changes by more than 0.1 dB or 0.1 % of the control's travel,
/// times tolerance.
Edit thinnedAutomation (const Project&, const LaneOf&, Stretch, double tolerance = 1);
/// The points of a stretch are gone; its neighbours are joined.
Edit clearedAutomation (const Project&, const LaneOf&, Stretch);
/// The points themselves that lie in a stretch moved in time and value: those around them stay, those that
/// they pass over go.
Edit movedPoints (const Project&, const LaneOf&, Stretch, Frames by, double raise);

/// One parameter ridden over a stretch: these points (of the song) take the place of what was there.
struct Ride
{
    LaneOf lane;
    Stretch where;
    Points points;
    LaneMode mode = LaneMode::read; ///< of a lane that is made
};
/// All of a pass as one step.
Edit withRides (const Project&, const std::vector<Ride>&);

/// Whether automation goes along when clips are moved in time.
Edit withAutomationFollowing (const Project&, Id song, bool follows);
/// All lanes of a track and its effects that have points in [from, to), moved in time over this stretch: for
/// edits that move clips in a song whose automation follows them (Song::automationFollows).
Edit movedAutomation (const Project&, Id track, Frames from, Frames to, Frames by);
/// An edit that has moved clips, with what lay under those that stayed on their track moved along, where the
/// song says so. The label stays. Called once, by what moves clips.
Edit withAutomationAlong (const Project& before, Edit, const std::vector<Id>& clips);

} // namespace lacquer::session
