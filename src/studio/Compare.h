// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Project.h"

#include <string>
#include <vector>

namespace lacquer::studio
{

/// What differs between two states of a song, each in a plain sentence: first what came and went, then strip
/// by strip, then the song itself. Nothing when they sound alike: selections, loops, colours and scenes do
/// not count. Things are taken for the same by their ids, else by kind and name. [any thread]
std::vector<std::string> differences (const session::Project& before, const session::Song&,
                                      const session::Project& after, const session::Song&);

} // namespace lacquer::studio
