// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "mix/StripBank.h"
#include "session/Project.h"

#include <map>

namespace lacquer::studio
{

/// Solo in place: which routes of every strip are open while something is soloed (by itself or by a VCA
/// fader). Heard are: what is soloed, what plays through groups into it, and everything on their way to the
/// mix bus; of the others, only what they send to something soloed, so that a return that is soloed has its
/// sound. Solo-safe strips, returns and the mix bus pass on what reaches them. All routes of all strips when
/// nothing is soloed. [control] O (strips).
std::map<Id, mix::StripBank::Routes> openRoutes (const session::Song&);

/// Whether a strip or VCA fader is soloed: without, every route is open. [control]
bool anySolo (const session::Song&);

/// Whether a switch of a strip or VCA fader (fader.mute, fader.solo) is on by its value.
bool switchedOn (const session::Values&, std::string_view parameter);

/// Strips that a mute group which is on, or the mute of a VCA fader without automation, silences. [control]
std::map<Id, bool> mutedTogether (const session::Song&);

} // namespace lacquer::studio
