// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/LaneModes.h"

#include "session/Find.h"

namespace lacquer::studio
{

using session::LaneMode;

Id laneOwner (const session::Project& p, Id target)
{
    const Id owner = session::ownerOf (p, target);
    return owner ? owner : target;
}

const std::vector<session::Lane>* lanesOf (const session::Project& p, Id owner)
{
    if (const auto* strip = session::stripOf (p, owner))
        return &strip->lanes;
    if (const auto* vca = session::vcaOf (p, owner))
        return &vca->lanes;
    if (const auto* master = session::masterOf (p, owner))
        return &master->lanes;
    const auto* modulator = session::modulatorOf (p, owner);
    return modulator != nullptr ? &modulator->lanes : nullptr;
}

std::optional<LaneMode> modeOf (const session::Project& p, Id target)
{
    const auto* lanes = lanesOf (p, laneOwner (p, target));
    std::optional<LaneMode> mode;
    if (lanes != nullptr)
        for (const auto& lane : *lanes)
            if (lane.enabled && (! mode || lane.mode != LaneMode::read))
                mode = lane.mode;
    return mode;
}

bool isInMode (const session::Lane* lane, std::optional<LaneMode> mode)
{
    if (lane == nullptr)
        return mode == LaneMode::read;
    return mode ? lane->enabled && lane->mode == *mode : ! lane->enabled;
}

session::Edit withModeOf (const session::Project& p, Id owner, std::optional<LaneMode> mode,
                          const session::LaneOf& first)
{
    const auto* lanes = lanesOf (p, owner);
    if (lanes == nullptr)
        return Problem { "There is nothing here that automation could move." };
    std::vector<session::LaneOf> all;
    for (const auto& lane : *lanes)
        all.push_back ({ lane.target, lane.parameter, nullptr });
    if (all.empty())
        all.push_back (first);
    session::Edited now { p, std::string ("Automation mode: ") + nameOf (mode) };
    for (const auto& which : all)
    {
        auto edit = session::withLaneMode (now.project, which, mode);
        if (! edit)
            return edit;
        now.project = std::move (edit->project);
    }
    return now;
}

const char* nameOf (std::optional<LaneMode> mode)
{
    constexpr const char* names[] { "Read", "Touch", "Latch", "Write", "Trim" };
    return mode ? names[static_cast<int> (*mode)] : "Off";
}

} // namespace lacquer::studio
