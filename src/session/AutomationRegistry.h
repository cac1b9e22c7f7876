// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

#include <vector>

namespace lacquer::session
{

/// The edits of lanes and modulators by name: part of edits(). [any thread]
std::vector<EditType> automationEdits();

} // namespace lacquer::session
