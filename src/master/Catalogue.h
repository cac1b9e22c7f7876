// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Effect.h"

#include <vector>

namespace lacquer::master
{

/// Effects of the mastering chain, in menu order: the lines of effects/effects.def. [any thread]
const std::vector<engine::EffectType>& catalogue();

} // namespace lacquer::master
