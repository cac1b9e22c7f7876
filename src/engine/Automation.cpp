// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Automation.h"

#include "engine/Modulated.h"
#include "engine/Processor.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

namespace lacquer::engine
{

namespace
{

bool isEarlier (Frames position, const Point& p)
{
    return position < p.position;
}

} // namespace

/// What is added to a lane, and to what where it has no points.
struct Lane::Moving
{
    std::vector<Modulation> all;
    const Controls& live;
    int parameter;

    /// What a stretch of a quantum begins and ends with.
    struct Line
    {
        Frames from = std::numeric_limits<Frames>::min(), asked = 0;
        std::uint32_t version = 0; // of the live values
        std::array<double, 2> base {}, added {};
    };
    // The quantum asked for last and the one before: modules look ahead by less than that. Only what is live
    // makes it matter where they come from: then the line goes on from where it was.
    mutable std::array<Line, 2> known {};

    double added (Frames position) const noexcept { return addedBy (all, position); }
    const Line& line (Frames from, Frames asked) const noexcept
    {
        auto version = live.version();
        for (const auto& m : all)
            version += m.source->version();
        const double base = static_cast<double> (live[parameter]);
        for (auto& l : known)
            if (l.from == from)
            {
                // Time that stands still is no way to glide along.
                if (l.version != version && l.asked == asked)
                    l = { from, asked, version, { base, base }, { added (from), added (from + quantum) } };
                l.asked = asked;
                return l;
            }
        const auto& last = known[0];
        const bool goesOn = last.from + quantum == from;
        const Line next { from,
                          asked,
                          version,
                          { goesOn ? last.base[1] : base, base },
                          { goesOn ? last.added[1] : added (from), added (from + quantum) } };
        known[1] = last;
        return known[0] = next;
    }
    double on (double drawn, bool hasPoints, Frames position) const noexcept
    {
        const Frames from = position & ~Frames { quantum - 1 };
        const auto& l = line (from, position);
        const double x = static_cast<double> (position - from) / quantum;
        const auto along = [x] (const std::array<double, 2>& a) { return a[0] + (a[1] - a[0]) * x; };
        const double base = hasPoints ? drawn : along (l.base), more = along (l.added);
        return withAdded (live.table()[static_cast<std::size_t> (parameter)], base, more);
    }
};

static_assert (std::has_single_bit (unsigned { quantum }));

Lane::Lane (std::vector<Point> sorted) : all (std::move (sorted))
{
    assert (std::is_sorted (all.begin(), all.end(),
                            [] (const Point& a, const Point& b) { return a.position < b.position; }));
    worked.reserve (all.size());
    for (std::size_t k = 0; k < all.size(); ++k)
    {
        const auto& a = all[k];
        auto& stretch = worked.emplace_back (Stretch { a.position, a.value, 0 });
        if (k + 1 == all.size() || a.curve == Curve::hold || a.value == all[k + 1].value)
            continue;
        stretch.slope = a.curve == Curve::linear ? (all[k + 1].value - a.value) /
                                                       static_cast<double> (all[k + 1].position - a.position)
                                                 : std::numeric_limits<double>::quiet_NaN();
    }
}

Lane::Lane (std::vector<Point> sorted, std::vector<Modulation> modulations, const Controls& live,
            int parameter)
    : Lane (std::move (sorted))
{
    assert (parameter >= 0 && parameter < live.size());
    if (! modulations.empty())
        moving = std::make_unique<Moving> (Moving { std::move (modulations), live, parameter });
}

Lane::~Lane() = default;

double Lane::drawn (Frames position) const noexcept
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
    return from.value + (next->value - from.value) * wayAlong (from.curve, from.tension, x);
}

double Lane::at (Frames position) const noexcept
{
    const double value = drawn (position);
    return moving == nullptr ? value : moving->on (value, ! all.empty(), position);
}

Frames Lane::nextTurn (Frames after) const noexcept
{
    for (auto next = std::lower_bound (all.begin(), all.end(), after,
                                       [] (const Point&p, Frames position) { return p.position < position; });
         next != all.end(); ++next)
    {
        const bool ends = next != all.begin() && std::prev (next)->curve == Curve::hold;
        if (const Frames turn = next->position + (ends ? 0 : 1); turn > after)
            return turn;
    }
    return noPoint;
}

bool Lane::isConstant (Frames from, Frames to) const noexcept
{
    if (moving != nullptr)
        return false;
    if (all.empty())
        return true;
    const double value = drawn (from);
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
