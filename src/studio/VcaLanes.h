// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Automation.h"

#include <memory>
#include <vector>

namespace lacquer::studio
{

using LanePtr = std::shared_ptr<const engine::Lane>;

/// The lane whose value is the sum of others' at every frame: to 1e-6, and exactly where all are straight or
/// held. Null without any. [control]
LanePtr sumOf (const std::vector<LanePtr>&);

/// The lane of a switch that is on wherever one of others is. Null without any. [control]
LanePtr anyOf (const std::vector<LanePtr>&);

} // namespace lacquer::studio
