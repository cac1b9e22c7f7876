// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Automation.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace lacquer::engine
{

/// What modulators add to a parameter at a position: in its unit, in octaves where its travel is logarithmic.
/// [any thread]
inline double addedBy (std::span<const Modulation> all, Frames position) noexcept
{
    double sum = 0;
    for (const auto& m : all)
    {
        const double x = m.source->at (position);
        sum += m.depth * (m.bipolar ? x : 0.5 * (x + 1));
    }
    return sum;
}

/// A value with that added, within the parameter's range. [any thread]
inline double withAdded (const Param& p, double value, double added) noexcept
{
    return std::clamp<double> (p.taper == Taper::logarithmic ? value * std::exp2 (added) : value + added,
                               p.min, p.max);
}

} // namespace lacquer::engine
