// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Automation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace lacquer::engine
{

namespace
{

/// The share of the way from one point to the next at the share x of the time between them.
double shaped (const Point& from, double x)
{
    // Tension 1 bends as far as exp (6x): half the time passes in the first 5 % of the way.
    constexpr double sharpest = 6.0;
    switch (from.curve)
    {
        case Curve::hold: return 0;
        case Curve::smooth: return 0.5 - 0.5 * std::cos (std::numbers::pi * x);
        case Curve::exponential:
        {
            const double k = sharpest * std::clamp (from.tension, -1.0, 1.0);
            if (std::abs (k) > 1e-6)
                return std::expm1 (k * x) / std::expm1 (k);
            break;
        }
        case Curve::linear: break;
    }
    return x;
}

bool isEarlier (Frames position, const Point& p)
{
    return position < p.position;
}

} // namespace

Lane::Lane (std::vector<Point> sorted) : all (std::move (sorted))
{
    assert (std::is_sorted (all.begin(), all.end(),
                            [] (const Point& a, const Point& b) { return a.position < b.position; }));
}

double Lane::at (Frames position) const noexcept
{
    if (all.empty())
        return 0;
    const auto next = std::upper_bound (all.begin(), all.end(), position, isEarlier);
    if (next == all.begin())
        return all.front().value;
    const Point& from = *std::prev (next);
    if (next == all.end() || position == from.position)
        return from.value;
    const double x =
        static_cast<double> (position - from.position) / static_cast<double> (next->position - from.position);
    return from.value + (next->value - from.value) * shaped (from, x);
}

double Lane::reached (Frames from, Frames to) const noexcept
{
    const auto next = std::upper_bound (all.begin(), all.end(), std::max (from, to - 1), isEarlier);
    const bool held = next != all.begin() && std::prev (next)->curve == Curve::hold;
    return held ? std::prev (next)->value : at (to);
}

Frames Lane::nextPoint (Frames after) const noexcept
{
    const auto next = std::upper_bound (all.begin(), all.end(), after, isEarlier);
    return next == all.end() ? noPoint : next->position;
}

bool Lane::isConstant (Frames from, Frames to) const noexcept
{
    if (all.empty())
        return true;
    const double value = at (from);
    auto k = std::upper_bound (all.begin(), all.end(), from, isEarlier);
    if (k != all.begin())
        --k;
    for (; k != all.end() && k->position <= to; ++k)
    {
        const auto next = std::next (k);
        const bool moves = next != all.end() && k->curve != Curve::hold && next->value != k->value;
        // != on purpose: "constant" means that nothing has to be computed.
        if (std::max (k->position, from) < to && moves)
            return false;
        if (k->position >= from && k->value != value)
            return false;
    }
    return true;
}

} // namespace lacquer::engine
