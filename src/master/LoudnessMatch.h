// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "core/Units.h"

#include <functional>
#include <optional>

namespace lacquer::master
{

/// Renders with this gain in front of the limiter and measures: integrated LUFS of the output, nothing for
/// silence, or the Problem that stopped it. Only what lies behind the gain needs to run.
using LoudnessAt = std::function<Result<std::optional<double>> (Decibels gain)>;

/// What to look for, and how far to go.
struct LoudnessGoal
{
    double lufs = -14;
    double tolerance = 0.05;             ///< LU
    Decibels least { -24 }, most { 24 }; ///< range of the gain
    int passes = 8;                      ///< renders at most
};

/// A gain that meets the goal.
struct LoudnessMatch
{
    Decibels gain;
    double lufs = 0; ///< as measured with that gain
    int passes = 0;  ///< renders made
};

/// Searches the gain that brings the output to a loudness, beginning at `first`: the gain in use, or the goal
/// less the input's loudness. Loudness rises with gain, by 1 LU a dB without limiting and less with it, so a
/// secant with a kept bracket takes 2 to 4 renders. A Problem when the goal cannot be reached within the
/// range, telling the nearest. [control] As slow as its renders.
Result<LoudnessMatch> matchedLoudness (const LoudnessGoal&, Decibels first, const LoudnessAt&);

} // namespace lacquer::master
