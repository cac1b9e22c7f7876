// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Project.h"

#include <functional>

namespace lacquer::session
{

/// A song with every id in it, its own and those it refers to, put through a function, which is never asked
/// for none. [any thread]
Song renumbered (const Song&, const std::function<Id (Id)>&);

/// The same for one strip.
Strip renumbered (const Strip&, const std::function<Id (Id)>&);

} // namespace lacquer::session
