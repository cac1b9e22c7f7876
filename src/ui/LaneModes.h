// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/LaneModes.h"

namespace lacquer::ui
{

using studio::allLaneModes;
using studio::isInMode;
using studio::laneOwner;
using studio::lanesOf;
using studio::modeOf;
using studio::nameOf;
using studio::withModeOf;

} // namespace lacquer::ui
