// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

namespace lacquer::ui
{

/// Opens the window on the project that the arguments name; without one, on the demo song, which is made when
/// it is not there yet. Returns the exit code. [main thread]
int start (const std::vector<std::string>& arguments);

} // namespace lacquer::ui
