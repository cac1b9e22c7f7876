// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Project.h"

#include <string>
#include <string_view>
#include <vector>

namespace lacquer::session
{

/// Where words were found.
enum class FoundIn
{
    name,
    label,
    tag,
    effect, ///< the type of an insert or module
    notes,
};

/// Something of a song that words were found in.
struct Hit
{
    Id id; ///< of the song, a strip, VCA fader, mute group, marker, clip, modulator, scene or the master
    FoundIn in = FoundIn::name; ///< the first of them that holds a word, in the order above
    std::string text;           ///< that text; of notes the line
    bool operator== (const Hit&) const = default;
};

/// What holds every one of some words, in its name, label, tags, notes and effects together; "#live" is
/// looked for in tags alone. Case does not count in Latin, Greek and Cyrillic. Names first, otherwise in the
/// order of the song; nothing for no words. [any thread]
std::vector<Hit> search (const Song&, std::string_view words);

/// A text in which case does not count any more.
std::string folded (std::string_view);

} // namespace lacquer::session
