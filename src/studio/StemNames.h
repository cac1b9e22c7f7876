// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Project.h"

#include <string>
#include <string_view>
#include <vector>

namespace lacquer::studio
{

/// What a stem plays in a mix, as far as its name tells.
enum class Part
{
    lead,     ///< voice
    backing,  ///< voices behind it
    leadLine, ///< an instrument that leads: a solo, a synth lead
    kick,
    snare,
    toms,
    claps,
    hats,
    cymbals, ///< and overheads
    room,    ///< microphones farther away
    drums,   ///< a whole kit, or a loop of one
    percussion,
    bass,
    guitar,
    keys,
    synth,
    pad,
    effects,
    other
};

/// "backing vocals", "kick": for a sentence.
std::string_view nameOf (Part);

/// What a part is for in the mix. Never Priority::guessed. [any thread]
session::Priority priorityOf (Part);

/// What a track's name says of it.
struct Guess
{
    std::string group;  ///< "Drums", "Vocals" ... or empty
    std::string colour; ///< pigment
    double pan = 0;     ///< -100 or 100 for the left and right of a pair, else 0
    Part part = Part::other;
};
/// [any thread]
Guess guessed (std::string_view trackName);

/// The words of a name in lower case: cut at what is no letter or digit, between the two ("Gtr2" has "gtr"
/// and "2"), and before a capital after a small letter ("LeadVox").
std::vector<std::string> wordsOf (std::string_view name);

} // namespace lacquer::studio
