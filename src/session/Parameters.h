// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Project.h"

#include <optional>
#include <string_view>

namespace lacquer::session
{

/// The switch of an effect, written like a parameter: "reverb.on". Its value is Effect::on.
inline constexpr std::string_view effectSwitch = "on";

/// A parameter as it was set, the switch of an effect among them; nothing when it is at its initial value.
/// [any thread]
std::optional<Value> valueOf (const Project&, Id target, std::string_view parameter);
std::optional<Value> valueOf (const Effect&, std::string_view parameter);

// The one place that says which parameters have no automation, and why: docs/AUTOMATION.md tells the same.

/// A Problem for a parameter that no lane can drive. [any thread]
Outcome mayBeAutomated (const Project&, Id target, std::string_view parameter);
/// A Problem for one that no modulator can move: those, and the switch of an effect. [any thread]
Outcome mayBeModulated (const Project&, Id target, std::string_view parameter);

/// What to say of a setting that is written like a parameter but is none ("delay" of a track, "level" of the
/// monitor): what it is, and the edit that sets it. Nothing for what is not known. [any thread]
std::optional<Problem> settingCalled (std::string_view name);

} // namespace lacquer::session
