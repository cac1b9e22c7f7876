// SPDX-License-Identifier: GPL-3.0-or-later
#include "master/Catalogue.h"

#define EFFECTS "master/effects/effects.def"

namespace lacquer::master
{
#include "engine/Catalogue.inc"
} // namespace lacquer::master
