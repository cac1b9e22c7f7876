// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/AutomationEdits.h"

#include <optional>

namespace lacquer::studio
{

/// Automation modes of whole strips, as headers show and choose them; a project has one per lane.

/// The track, bus, VCA fader, master or modulator on which the lane of a target lies; the target itself when
/// it is one of these.
Id laneOwner (const session::Project&, Id target);
/// All lanes of an owner.
const std::vector<session::Lane>* lanesOf (const session::Project&, Id owner);
/// The mode of a strip: the one of its lanes that writes most, and of parameters that have no lane yet;
/// nothing when it has no lanes or all are off.
std::optional<session::LaneMode> modeOf (const session::Project&, Id target);
/// Whether a lane is in a mode; without a lane: in read.
bool isInMode (const session::Lane*, std::optional<session::LaneMode>);
/// All lanes of an owner in a mode; nothing: off. One that has none is given an empty one, of its fader or
/// else of the first parameter, that keeps the mode.
session::Edit withModeOf (const session::Project&, Id owner, std::optional<session::LaneMode>,
                          const session::LaneOf& first);
inline constexpr std::optional<session::LaneMode> allLaneModes[] { std::nullopt,
                                                                   session::LaneMode::read,
                                                                   session::LaneMode::touch,
                                                                   session::LaneMode::latch,
                                                                   session::LaneMode::write,
                                                                   session::LaneMode::trim };
const char* nameOf (std::optional<session::LaneMode>);

} // namespace lacquer::studio
