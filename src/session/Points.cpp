// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Points.h"

#include <algorithm>
#include <cmath>

namespace lacquer::session
{

namespace
{

auto after (const Points& points, Frames position)
{
    return std::upper_bound (points.begin(), points.end(), position,
                             [] (Frames f, const AutomationPoint& p) { return f < p.position; });
}

double share (const AutomationPoint& from, const AutomationPoint& to, Frames position)
{
    return static_cast<double> (position - from.position) / static_cast<double> (to.position - from.position);
}

double between (const AutomationPoint& from, const AutomationPoint& to, Frames position)
{
    if (position == from.position)
        return from.value;
    return from.value +
           (to.value - from.value) * wayAlong (from.curve, from.tension, share (from, to, position));
}

/// A smooth stretch as lines, without its end.
void addLines (Points& out, const AutomationPoint& from, const AutomationPoint& to)
{
    // A chord over 1 / n of half a cosine of height 1 is off by at most pi^2 / 16 / n^2: 1e-4 at 79.
    const Frames step = std::max<Frames> (1, (to.position - from.position) / 79);
    for (Frames at = from.position; at < to.position; at += step)
        out.push_back ({ at, between (from, to, at) });
}

} // namespace

double valueAt (const Points& points, Frames position)
{
    if (points.empty())
        return 0;
    const auto next = after (points, position);
    if (next == points.begin())
        return next->value;
    return next == points.end() ? std::prev (next)->value : between (*std::prev (next), *next, position);
}

Difference differenceOf (const Param* param)
{
    if (param == nullptr || param->unit == "dB")
        return [] (double a, double b) { return std::abs (a - b) / 0.1; };
    return [p = *param] (double a, double b) { return std::abs (travelOf (p, a) - travelOf (p, b)) / 0.001; };
}

Points cut (Points points, Frames at)
{
    const auto next = after (points, at);
    if (points.empty() || (next != points.begin() && std::prev (next)->position == at))
        return points;
    const auto n = next - points.begin();
    if (next == points.begin() || next == points.end())
    {
        const double value = next == points.end() ? points.back().value : points.front().value;
        points.insert (points.begin() + n, { at, value });
        return points;
    }
    auto& from = points[static_cast<std::size_t> (n - 1)];
    const auto to = points[static_cast<std::size_t> (n)];
    AutomationPoint middle { at, between (from, to, at), from.curve, 0 };
    switch (from.curve)
    {
        case Curve::linear:
        case Curve::hold: break;
        case Curve::exponential:
        {
            // A part of an exponential is one of a bend that is smaller in proportion.
            const double x = share (from, to, at);
            middle.tension = from.tension * (1 - x);
            from.tension *= x;
            break;
        }
        case Curve::smooth:
        {
            Points lines;
            addLines (lines, from, to);
            const auto place = after (lines, at);
            if (place == lines.begin() || std::prev (place)->position != at)
                lines.insert (place, { at, between (from, to, at) });
            points.erase (points.begin() + n - 1);
            points.insert (points.begin() + n - 1, lines.begin(), lines.end());
            return points;
        }
    }
    points.insert (points.begin() + n, middle);
    return points;
}

Points part (const Points& points, Frames from, Frames to)
{
    if (points.empty())
        return {};
    Points result;
    for (auto p : cut (cut (points, from), to))
        if (p.position >= from && p.position <= to)
        {
            p.position -= from;
            result.push_back (p);
        }
    result.back().curve = Curve::linear;
    result.back().tension = 0;
    return result;
}

Points replaced (Points points, Frames from, Frames to, const Points& with)
{
    if (with.empty())
        return without (std::move (points), from, to);
    if (points.empty())
        return with;
    Points inside = with;
    const double first = inside.front().value, last = inside.back().value, before = valueAt (points, from),
                 behind = valueAt (points, to);
    // Between the frames before a step and after it nothing is played.
    if (inside.front().position > from)
        inside.insert (inside.begin(), { from, first });
    if (inside.back().position < to - 1 && (last != behind || inside.back().curve != Curve::linear))
        inside.push_back ({ to - 1, last });
    if (inside.back().position == to - 1)
        inside.back().curve = Curve::linear;
    points = cut (cut (std::move (points), from > 0 && first != before ? from - 1 : from), to);

    Points result;
    for (const auto& p : points)
        if (p.position < from)
            result.push_back (p);
    if (! result.empty() && result.back().position == from - 1)
    {
        result.back().curve = Curve::linear;
        result.back().tension = 0;
    }
    result.insert (result.end(), inside.begin(), inside.end());
    for (const auto& p : points)
        if (p.position >= to)
            result.push_back (p);
    return result;
}

Points without (Points points, Frames from, Frames to)
{
    std::erase_if (points, [&] (const AutomationPoint& p) { return p.position >= from && p.position < to; });
    return points;
}

Points thinned (const Points& points, const Difference& difference, double tolerance)
{
    if (points.size() < 3)
        return points;
    std::vector<bool> stays (points.size(), false);
    const auto thin = [&] (std::size_t first, std::size_t last)
    {
        // With an explicit stack: a ride has tens of thousands of points.
        std::vector<std::pair<std::size_t, std::size_t>> open { { first, last } };
        while (! open.empty())
        {
            const auto [a, b] = open.back();
            open.pop_back();
            stays[a] = stays[b] = true;
            std::size_t worst = a;
            double most = tolerance;
            const AutomationPoint from { points[a].position, points[a].value };
            for (std::size_t n = a + 1; n < b; ++n)
            {
                const double off =
                    difference (points[n].value, between (from, points[b], points[n].position));
                if (! (off <= most))
                {
                    most = off;
                    worst = n;
                }
            }
            if (worst != a)
            {
                open.emplace_back (a, worst);
                open.emplace_back (worst, b);
            }
        }
    };
    for (std::size_t n = 0; n < points.size();)
    {
        std::size_t end = n;
        while (end + 1 < points.size() && points[end].curve == Curve::linear)
            ++end;
        if (end > n)
            thin (n, end);
        else
        {
            const bool repeats = n > 0 && n + 1 < points.size() && points[n].curve == Curve::hold &&
                                 points[n - 1].curve == Curve::hold && points[n].value == points[n - 1].value;
            stays[n] = stays[n] || ! repeats;
            end = n + 1;
        }
        n = std::max (end, n + 1);
    }
    stays.back() = true;
    Points result;
    for (std::size_t n = 0; n < points.size(); ++n)
        if (stays[n])
            result.push_back (points[n]);
    return result;
}

Points mapped (Points points, const std::function<double (double)>& f)
{
    for (auto& p : points)
        p.value = f (p.value);
    return points;
}

} // namespace lacquer::session
