// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Effect.h"
#include "session/Project.h"

#include <span>
#include <string_view>
#include <vector>

namespace lacquer::studio
{

/// Every effect there is, mix effects first, then mastering modules, each in menu order. [any thread]
const std::vector<const engine::EffectType*>& effects();

/// The effect of an id; nullptr when this version does not know it. [any thread]
const engine::EffectType* effectOf (std::string_view id);

/// The parameters of an effect where it is used: its own, and after them those that every effect has
/// (engine/EffectNode.h). [any thread]
std::span<const Param> tableOf (const engine::EffectType&);

/// The parameters of the console part of every strip. [any thread]
std::span<const Param> stripTable();

/// Index of a parameter in a table; -1 when it is not there.
int indexOf (std::span<const Param> table, std::string_view id);

/// The number of a saved value: choices are saved as text. The initial value where the text is unknown or the
/// number is not in range, so that a damaged value never reaches the sound.
float numberOf (const Param&, const session::Value&);

/// One number per parameter of a table: what is saved, else the initial value.
std::vector<float> numbersOf (std::span<const Param> table, const session::Values&);

/// What to save for a number: the text of a choice, else the number itself.
session::Value valueOfNumber (const Param&, double number);

} // namespace lacquer::studio
