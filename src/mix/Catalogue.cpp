// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/Catalogue.h"

#define EFFECTS "mix/effects/effects.def"

namespace lacquer::mix
{
#include "engine/Catalogue.inc"
} // namespace lacquer::mix
