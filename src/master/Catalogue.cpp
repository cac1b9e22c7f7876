// SPDX-License-Identifier: GPL-3.0-or-later
#include "master/Catalogue.h"

namespace lacquer::master
{

#define EFFECT(Type) engine::EffectType describe##Type();
#include "master/effects/effects.def"
#undef EFFECT

const std::vector<engine::EffectType>& catalogue()
{
    static const std::vector<engine::EffectType> all {
#define EFFECT(Type) describe##Type(),
#include "master/effects/effects.def"
#undef EFFECT
    };
    return all;
}

} // namespace lacquer::master
