// SPDX-License-Identifier: GPL-3.0-or-later
#include "master/LoudnessMatch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace lacquer::master
{
namespace
{

std::string oneDecimal (double value)
{
    std::array<char, 32> text {};
    std::snprintf (text.data(), text.size(), "%.1f", value);
    return text.data();
}

/// A render: gain in dB and how far its loudness is from the goal.
struct Try
{
    double gain, miss;
};

Problem unreachable (const LoudnessGoal& goal, const Try& nearest)
{
    return { "A loudness of " + oneDecimal (goal.lufs) + " LUFS cannot be reached: with a gain of " +
                 oneDecimal (nearest.gain) + " dB it is " + oneDecimal (goal.lufs + nearest.miss) + " LUFS.",
             {},
             nearest.miss < 0 ? "Raise the ceiling, or make the mix denser before the limiter."
                              : "Lower the level before the limiter." };
}

} // namespace

Result<LoudnessMatch> matchedLoudness (const LoudnessGoal& goal, Decibels first, const LoudnessAt& loudnessAt)
{
    // Under this slope a secant would leap; limiting a dense mix by 10 dB still gives 0.3 LU a dB.
    constexpr double leastSlope = 0.3, mostSlope = 1.2;

    double gain = std::clamp (first.value, goal.least.value, goal.most.value);
    std::optional<Try> low, high, last, nearest; // largest gain too quiet, smallest gain too loud
    for (int pass = 1; pass <= goal.passes; ++pass)
    {
        const auto measured = loudnessAt (Decibels { gain });
        if (! measured)
            return measured.problem();
        if (! *measured)
            return Problem { "There is no sound whose loudness could be set." };

        const Try now { gain, **measured - goal.lufs };
        if (std::abs (now.miss) <= goal.tolerance)
            return LoudnessMatch { Decibels { gain }, **measured, pass };
        if (! nearest || std::abs (now.miss) < std::abs (nearest->miss))
            nearest = now;
        (now.miss < 0 ? low : high) = now;
        if ((now.miss < 0 && gain >= goal.most.value) || (now.miss > 0 && gain <= goal.least.value))
            break;

        double slope = 1;
        if (last && last->gain != now.gain)
            slope = std::clamp ((now.miss - last->miss) / (now.gain - last->gain), leastSlope, mostSlope);
        gain = now.gain - now.miss / slope;
        // A step out of the bracket is replaced by its middle.
        if (low && high && (gain <= low->gain || gain >= high->gain))
            gain = (low->gain + high->gain) / 2;
        gain = std::clamp (gain, goal.least.value, goal.most.value);
        last = now;
    }
    return unreachable (goal, *nearest);
}

} // namespace lacquer::master
