// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/VcaLanes.h"

#include "core/Param.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace lacquer::studio
{

using engine::Curve;
using engine::Lane;
using engine::Point;

namespace
{

/// How lanes go on from a frame up to the next point of any of them.
enum class Way
{
    straight,
    held,
    bent
};

/// The point a lane comes from at a frame, and the one it goes to; null beyond its ends.
std::pair<const Point*, const Point*> around (const Lane& lane, Frames at)
{
    const auto& points = lane.points();
    const auto next = std::upper_bound (points.begin(), points.end(), at,
                                        [] (Frames f, const Point& p) { return f < p.position; });
    return { next == points.begin() ? nullptr : &*std::prev (next), next == points.end() ? nullptr : &*next };
}

double sumAt (const std::vector<LanePtr>& lanes, Frames at)
{
    double sum = 0;
    for (const auto& lane : lanes)
        sum += lane->at (at);
    return sum;
}

/// What the sum reaches just before a frame at which held values may jump.
double sumBefore (const std::vector<LanePtr>& lanes, Frames from, Frames to)
{
    double sum = 0;
    for (const auto& lane : lanes)
    {
        const auto* last = around (*lane, std::max (from, to - 1)).first;
        sum += last != nullptr && last->curve == Curve::hold ? last->value : lane->at (to);
    }
    return sum;
}

Way wayFrom (const std::vector<LanePtr>& lanes, Frames at)
{
    bool moves = false, bends = false;
    for (const auto& lane : lanes)
    {
        const auto [from, to] = around (*lane, at);
        if (from == nullptr || to == nullptr || from->curve == Curve::hold || from->value == to->value)
            continue;
        moves = true;
        bends = bends ||
                ! (from->curve == Curve::linear || (from->curve == Curve::exponential && from->tension == 0));
    }
    return bends ? Way::bent : moves ? Way::straight : Way::held;
}

/// Points between which straight lines keep within a tolerance of a bent way.
void addBent (const std::vector<LanePtr>& lanes, Frames from, Frames to, std::vector<Point>& points)
{
    constexpr double tolerance = 1e-6;
    const double a = sumAt (lanes, from), b = sumBefore (lanes, from, to);
    const auto off = [&] (Frames at)
    {
        const double share = static_cast<double> (at - from) / static_cast<double> (to - from);
        return std::abs (sumAt (lanes, at) - (a + (b - a) * share));
    };
    const Frames length = to - from;
    if (length > 1 && std::max ({ off (from + length / 4), off (from + length / 2), off (to - length / 4) }) >
                          tolerance / 2)
    {
        addBent (lanes, from, from + length / 2, points);
        addBent (lanes, from + length / 2, to, points);
        return;
    }
    points.push_back ({ from, a, Curve::linear, 0 });
}

std::vector<Frames> positionsOf (const std::vector<LanePtr>& lanes)
{
    std::vector<Frames> all;
    for (const auto& lane : lanes)
        for (const auto& p : lane->points())
            all.push_back (p.position);
    std::sort (all.begin(), all.end());
    all.erase (std::unique (all.begin(), all.end()), all.end());
    return all;
}

} // namespace

LanePtr sumOf (const std::vector<LanePtr>& lanes)
{
    if (lanes.size() < 2)
        return lanes.empty() ? nullptr : lanes.front();
    std::vector<Point> points;
    const auto positions = positionsOf (lanes);
    for (std::size_t n = 0; n < positions.size(); ++n)
    {
        const Frames at = positions[n];
        if (n + 1 == positions.size())
        {
            points.push_back ({ at, sumAt (lanes, at), Curve::hold, 0 });
            break;
        }
        const Frames next = positions[n + 1];
        const auto way = wayFrom (lanes, at);
        if (way == Way::bent)
            addBent (lanes, at, next, points);
        else
            points.push_back ({ at, sumAt (lanes, at), way == Way::held ? Curve::hold : Curve::linear, 0 });
        // Some lane jumps where others move: the way ends one frame before, with a step.
        if (const double end = sumBefore (lanes, at, next); way != Way::held && end != sumAt (lanes, next) &&
                                                            next - at > 1 &&
                                                            points.back().position < next - 1)
        {
            const auto& last = points.back();
            const double share =
                static_cast<double> (next - 1 - last.position) / static_cast<double> (next - last.position);
            points.push_back ({ next - 1, last.value + (end - last.value) * share, Curve::hold, 0 });
        }
        else if (way != Way::held && end != sumAt (lanes, next))
            points.back().curve = Curve::hold;
    }
    return std::make_shared<Lane> (std::move (points));
}

LanePtr anyOf (const std::vector<LanePtr>& lanes)
{
    if (lanes.size() < 2)
        return lanes.empty() ? nullptr : lanes.front();
    const auto on = [&] (Frames at)
    {
        return std::any_of (lanes.begin(), lanes.end(),
                            [at] (const LanePtr& lane) { return isOn (static_cast<float> (lane->at (at))); });
    };
    std::vector<Point> points;
    const auto add = [&] (Frames at)
    {
        const double value = on (at) ? 1 : 0;
        if (points.empty() || points.back().value != value)
            points.push_back ({ at, value, Curve::hold, 0 });
    };
    const auto positions = positionsOf (lanes);
    for (std::size_t n = 0; n < positions.size(); ++n)
    {
        add (positions[n]);
        if (n + 1 == positions.size())
            break;
        // Each lane passes its threshold at most once between two points.
        std::vector<Frames> crossings;
        for (const auto& lane : lanes)
        {
            Frames low = positions[n], high = positions[n + 1] - 1;
            const auto is = [&lane] (Frames at) { return isOn (static_cast<float> (lane->at (at))); };
            if (high <= low || is (low) == is (high))
                continue;
            while (high - low > 1)
            {
                const Frames middle = low + (high - low) / 2;
                (is (middle) == is (low) ? low : high) = middle;
            }
            crossings.push_back (high);
        }
        std::sort (crossings.begin(), crossings.end());
        for (const Frames at : crossings)
            add (at);
    }
    return std::make_shared<Lane> (std::move (points));
}

} // namespace lacquer::studio
