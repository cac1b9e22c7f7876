// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Project.h"

#include <algorithm>

namespace lacquer::session
{

/// What a scene remembers of a strip. Ids may be of things that the song no longer has, or has again after an
/// undo; recalling a scene passes over them.
struct StripState
{
    Id strip;
    Values values; ///< without solo, which says what is heard while mixing
    std::vector<EffectPtr> inserts;
    std::array<Id, Strip::sendSlots> sends {};
    Id output;
    Frames delay = 0; ///< of a track
    bool disabled = false;
    Extras extras;
};
using StripStatePtr = std::shared_ptr<const StripState>;

/// The mixer of a song under a name: every strip, VCA fader and mute group. Not the mastering chain, and no
/// automation.
struct Scene
{
    Id id;
    std::string name;
    std::vector<StripStatePtr> strips; ///< in order of their ids, each once
    std::map<Id, Values> vcas;
    std::map<Id, bool> muteGroups; ///< whether on
    Extras extras;
};

/// What a scene says of a strip, or null. [any thread]
inline StripStatePtr stateOf (const Scene& scene, Id strip)
{
    const auto at = std::lower_bound (scene.strips.begin(), scene.strips.end(), strip,
                                      [] (const StripStatePtr& s, Id id) { return s->strip < id; });
    return at != scene.strips.end() && (*at)->strip == strip ? *at : nullptr;
}

} // namespace lacquer::session
