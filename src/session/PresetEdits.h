// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

namespace lacquer::session
{

/// The edits that load a preset, each one step of undo. Pure, as all edits. [any thread]

/// An effect with these values and no others: what they do not name has its initial value, but for `mix`,
/// which depends on where the effect is and stays. Automation stays.
Edit withValues (const Project&, Id effect, const Values&, const std::string& preset);

/// These effects in place of all that a strip or a master has, with new ids; the automation of those that go
/// goes with them. Of the effects handed over only type, on, postConsole and values count. A key is looked
/// for in the song of the owner; one that is not there, or would run in a circle, is left out and the notes
/// say so.
Edit withChain (const Project&, Id owner, const std::vector<PresetEffect>&, const std::string& preset);

} // namespace lacquer::session
