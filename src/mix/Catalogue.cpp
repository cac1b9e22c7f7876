// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/Catalogue.h"

namespace lacquer::mix
{

#define EFFECT(Type) engine::EffectType describe##Type();
#include "mix/effects/effects.def"
#undef EFFECT

const std::vector<engine::EffectType>& catalogue()
{
    static const std::vector<engine::EffectType> all {
#define EFFECT(Type) describe##Type(),
#include "mix/effects/effects.def"
#undef EFFECT
    };
    return all;
}

} // namespace lacquer::mix
