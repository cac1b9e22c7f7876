// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

#include <string>

namespace lacquer::session
{

/// Edits of modulators; pure like all edits (session/Edits.h). [any thread]

Edit addedModulator (const Project&, Id song, ModulatorKind, std::string name);
Edit removedModulator (const Project&, Id modulator);
Edit renamedModulator (const Project&, Id modulator, std::string name);
Edit switchedModulator (const Project&, Id modulator, bool on);
/// The strip that a follower follows; none to let go. Refused where it would hear what it moves.
Edit withSource (const Project&, Id modulator, Id strip);
/// Maps a modulator to a parameter of a strip or effect of its song, or changes how. depth: in the
/// parameter's unit, in octaves where its travel is logarithmic. Refused where a follower would hear it.
Edit withModulation (const Project&, Id modulator, Modulation);
Edit withoutModulation (const Project&, Id modulator, Id target, const std::string& parameter);

/// The way on which a follower would hear what it moves, as "Kick -> Drums -> Kick"; empty when it does not.
std::string followingCycle (const Song&, const Modulator&);

/// Modulators let go of what the song no longer holds.
void forgetLostTargets (Song&);
Edit withoutLostTargets (Edit);

} // namespace lacquer::session
