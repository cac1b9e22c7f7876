// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"
#include "core/Units.h"
#include "session/Project.h"

#include <filesystem>
#include <optional>
#include <string>

namespace lacquer::studio
{

/// The limiter's gain that brings the master of a song to an integrated loudness. What lies before the
/// limiter is rendered once; only the limiter and what follows it run again. A Problem when the chain has no
/// limiter that is on, or the loudness cannot be reached. threads: 0 for one per core. [control] Takes long.
Result<Decibels> limiterGainFor (const session::Project&, const std::filesystem::path& folder,
                                 const session::Song&, double lufs, const Progress& = {}, int threads = 0);

/// The song's project with its limiter set for a target: the ceiling, and the gain that meets the target's
/// loudness if it has one. The target's name is saved with the song, so that delivery checks against it.
/// [control] Takes long.
Result<session::Project> masteredTo (const session::Project&, const std::filesystem::path& folder, Id song,
                                     const std::string& targetName, std::optional<double> lufs,
                                     double ceiling, const Progress& = {}, int threads = 0);

} // namespace lacquer::studio
