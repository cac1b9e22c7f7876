// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"

#include <filesystem>

namespace lacquer::studio
{

/// Writes the demo project, mixed and mastered to -14 LUFS and -1 dBTP, into a new folder: makes the stems,
/// sets the mix, measures the master. A Problem when the folder holds something already; then, or when
/// stopped, nothing of ours is left. [control] Takes seconds.
Outcome makeDemo (const std::filesystem::path& folder, const Progress& = {});

} // namespace lacquer::studio
