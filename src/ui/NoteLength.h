// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"

#include <juce_core/juce_core.h>

#include <optional>

namespace lacquer::ui
{

/// What a length in notes ("1/8", "1/8t", "1/4 dotted", "3/16") is at a tempo in quarter notes per minute:
/// for a parameter in ms or s the time, for one in Hz as many of them as there are in a second. Nothing for
/// what is no length, and for other parameters. [any thread]
std::optional<double> noteLength (const Param&, const juce::String&, double bpm);

} // namespace lacquer::ui
