// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Effect.h"

#include <vector>

namespace lacquer::mix
{

/// Effects for channel strips, groups, returns and the mix bus, in menu order: the lines of
/// effects/effects.def. [any thread]
const std::vector<engine::EffectType>& catalogue();

} // namespace lacquer::mix
