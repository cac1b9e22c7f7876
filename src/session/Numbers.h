// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"

#include <string_view>

namespace lacquer::session
{

/// A number's text, with or without its unit: "-14 LUFS", "-48dB", "200ms" is 0.2. `name`: of the argument,
/// for the Problem. [any thread]
Result<double> numberFrom (std::string_view name, std::string_view text);

} // namespace lacquer::session
