// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/AutomationEdits.h"

#include "session/Changes.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace lacquer::session
{

namespace
{

const std::vector<Lane>* lanesOf (const Project& p, Id target)
{
    if (const auto* modulator = modulatorOf (p, target))
        return &modulator->lanes;
    if (const auto* vca = vcaOf (p, target))
        return &vca->lanes;
    const Id owner = effectOf (p, target) != nullptr ? ownerOf (p, target) : target;
    if (const auto* strip = stripOf (p, owner))
        return &strip->lanes;
    if (const auto* master = masterOf (p, owner))
        return &master->lanes;
    return nullptr;
}

/// A stretch inside the positions there are; a Problem when it is empty.
Result<Stretch> inside (Stretch s)
{
    s.from = std::max<Frames> (0, s.from);
    s.to = std::min (s.to, limit::position);
    if (s.from >= s.to)
        return Problem { "A stretch of automation must end after it starts." };
    return s;
}

double inRange (const Param* param, double value)
{
    return param == nullptr ? std::clamp (value, -limit::value, limit::value)
                            : std::clamp<double> (value, param->min, param->max);
}

Problem noLane (const LaneOf& which)
{
    return { "There is no automation of " + nameToShow (which.parameter) + "." };
}

/// The lane there is, or an empty one.
Lane laneToWrite (const Project& p, const LaneOf& which)
{
    if (const auto* lane = laneOf (p, which.target, which.parameter))
        return *lane;
    Lane lane;
    lane.target = which.target;
    lane.parameter = which.parameter;
    return lane;
}

Edit labelled (Edit edit, std::string label)
{
    if (edit)
        edit->label = std::move (label);
    return edit;
}

/// The lane with its course changed over a stretch; an empty one stays as it is.
template <typename F>
Edit inStretch (const Project& p, const LaneOf& which, Stretch stretch, std::string label, const F& change)
{
    const auto* lane = laneOf (p, which.target, which.parameter);
    if (lane == nullptr)
        return noLane (which);
    const auto where = inside (stretch);
    if (! where)
        return where.problem();
    Lane copy = *lane;
    if (! copy.points.empty())
        copy.points = change (std::move (copy.points), *where);
    return labelled (withLane (p, std::move (copy)), std::move (label));
}

bool isOpen (const Points& points, Stretch s)
{
    return s.to > points.back().position;
}

/// A stretch that ends soon after the last point: behind that nothing happens.
Stretch shortened (const Points& points, Stretch s)
{
    s.to = std::min (s.to, std::max (s.from, points.back().position) + 2);
    return s;
}

/// The points of the song that make the course over a stretch. Precondition: not empty.
Points over (const Points& points, Stretch s)
{
    if (s.to - 1 == s.from)
        return { { s.from, valueAt (points, s.from) } };
    auto course = part (points, s.from, s.to - 1);
    for (auto& p : course)
        p.position += s.from;
    return course;
}

/// The course with what a stretch holds replaced; of an open one, to the end of time.
Points put (const Points& points, Stretch s, const Points& course)
{
    const auto near = shortened (points, s);
    auto result = replaced (points, near.from, near.to, course);
    if (isOpen (points, s))
        std::erase_if (result, [&] (const AutomationPoint& p) { return p.position >= near.to; });
    return result;
}

Points mappedOver (const Points& points, Stretch s, const std::function<double (double)>& f)
{
    if (s.from <= points.front().position && isOpen (points, s))
        return mapped (points, f);
    return put (points, s, mapped (over (points, shortened (points, s)), f));
}

/// The course with nothing in a stretch: a line from the frame before it to the frame after it.
Points emptied (Points points, Stretch s)
{
    const bool open = isOpen (points, s);
    if (s.from > 0)
        points = cut (std::move (points), s.from - 1);
    if (! open)
        points = cut (std::move (points), s.to);
    points = without (std::move (points), s.from, s.to);
    for (auto& p : points)
        if (p.position == s.from - 1)
        {
            p.curve = Curve::linear;
            p.tension = 0;
        }
    return points;
}

/// The course over a stretch put down `by` later; of an open one, to the end of time.
Points shifted (const Points& points, Stretch s, Frames by)
{
    const auto near = shortened (points, s);
    auto course = over (points, near);
    for (auto& p : course)
        p.position += by;
    auto rest = emptied (points, s);
    if (rest.empty())
        return course;
    auto result = replaced (rest, near.from + by, near.to + by, course);
    if (isOpen (points, s))
        std::erase_if (result, [&] (const AutomationPoint& p) { return p.position >= near.to + by; });
    return result;
}

} // namespace

const Lane* laneOf (const Project& p, Id target, std::string_view parameter)
{
    if (const auto* lanes = lanesOf (p, target))
        for (const auto& lane : *lanes)
            if (lane.target == target && lane.parameter == parameter)
                return &lane;
    return nullptr;
}

Edit withLaneMode (const Project& p, const LaneOf& which, std::optional<LaneMode> mode)
{
    Lane lane = laneToWrite (p, which);
    lane.enabled = mode.has_value();
    lane.mode = mode.value_or (lane.mode);
    return labelled (withLane (p, std::move (lane)), "Set automation mode");
}

Edit copiedAutomation (const Project& p, const LaneOf& from, Stretch stretch, Frames at, const LaneOf& to)
{
    const auto* source = laneOf (p, from.target, from.parameter);
    if (source == nullptr || source->points.empty())
        return noLane (from);
    auto where = inside (stretch);
    if (! where)
        return where.problem();
    if (isOpen (source->points, *where))
        where = Stretch { where->from, std::max (where->from, source->points.back().position) + 1 };
    if (at < 0 || at > limit::position - (where->to - where->from))
        return Problem { "The automation would lie outside the song." };

    auto course = over (source->points, *where);
    for (auto& point : course)
    {
        point.position += at - where->from;
        point.value = inRange (to.param, point.value);
    }
    Lane lane = laneToWrite (p, to);
    lane.points = replaced (std::move (lane.points), at, at + (where->to - where->from), course);
    return labelled (withLane (p, std::move (lane)), "Paste automation");
}

Edit shiftedAutomation (const Project& p, const LaneOf& which, Stretch stretch, Frames by)
{
    const auto where = inside (stretch);
    if (! where)
        return where.problem();
    if (where->from + by < 0 || std::abs (by) > limit::position)
        return Problem { "The automation would lie before the start of the song." };
    return inStretch (p, which, stretch, "Shift automation",
                      [&] (Points points, Stretch s) { return shifted (points, s, by); });
}

Edit scaledAutomation (const Project& p, const LaneOf& which, Stretch stretch, double factor, double around)
{
    if (! (std::abs (factor) <= 1000) || ! (std::abs (around) <= limit::value))
        return Problem { "Automation is scaled by a factor between -1000 and 1000." };
    return inStretch (p, which, stretch, "Scale automation",
                      [&] (Points points, Stretch s)
                      {
                          return mappedOver (points, s,
                                             [&] (double v) {
                                                 return inRange (which.param, around + (v - around) * factor);
                                             });
                      });
}

Edit raisedAutomation (const Project& p, const LaneOf& which, Stretch stretch, double by)
{
    if (! (std::abs (by) <= limit::value))
        return Problem { "The value is out of range." };
    return inStretch (
        p, which, stretch, by < 0 ? "Lower automation" : "Raise automation",
        [&] (Points points, Stretch s)
        { return mappedOver (points, s, [&] (double v) { return inRange (which.param, v + by); }); });
}

Edit thinnedAutomation (const Project& p, const LaneOf& which, Stretch stretch, double tolerance)
{
    if (! (tolerance >= 0 && tolerance <= 1000))
        return Problem { "The tolerance lies between 0 and 1000." };
    return inStretch (p, which, stretch, "Thin automation",
                      [&] (const Points& points, Stretch s)
                      {
                          const auto at = [&] (Frames position)
                          {
                              return std::lower_bound (points.begin(), points.end(), position,
                                                       [] (const AutomationPoint& point, Frames f)
                                                       { return point.position < f; });
                          };
                          Points result (points.begin(), at (s.from));
                          const auto own = thinned (Points (at (s.from), at (s.to)),
                                                    differenceOf (which.param), tolerance);
                          result.insert (result.end(), own.begin(), own.end());
                          result.insert (result.end(), at (s.to), points.end());
                          return result;
                      });
}

Edit clearedAutomation (const Project& p, const LaneOf& which, Stretch stretch)
{
    return inStretch (p, which, stretch, "Clear automation",
                      [] (Points points, Stretch s) { return without (std::move (points), s.from, s.to); });
}

Edit movedPoints (const Project& p, const LaneOf& which, Stretch stretch, Frames by, double raise)
{
    if (std::abs (by) > limit::position || ! (std::abs (raise) <= limit::value))
        return Problem { "The points would lie outside the song." };
    const auto* lane = laneOf (p, which.target, which.parameter);
    if (lane != nullptr)
        for (const auto& point : lane->points)
            if (point.position >= stretch.from && point.position < stretch.to && point.position + by < 0)
                return Problem { "The points would lie before the start of the song." };
    return inStretch (p, which, stretch, "Move automation points",
                      [&] (const Points& points, Stretch s)
                      {
                          Points moved, result;
                          for (auto point : points)
                              if (point.position >= s.from && point.position < s.to)
                              {
                                  point.position += by;
                                  point.value = inRange (which.param, point.value + raise);
                                  moved.push_back (point);
                              }
                          if (moved.empty())
                              return points;
                          const Frames first = moved.front().position, last = moved.back().position;
                          for (const auto& point : points)
                              if ((point.position < s.from || point.position >= s.to) &&
                                  (point.position < first || point.position > last))
                                  result.push_back (point);
                          const auto at = std::find_if (result.begin(), result.end(),
                                                        [&] (const AutomationPoint& point)
                                                        { return point.position > first; });
                          result.insert (at, moved.begin(), moved.end());
                          return result;
                      });
}

Edit withRides (const Project& p, const std::vector<Ride>& rides)
{
    if (rides.empty())
        return Problem { "Nothing was ridden." };
    Edited all { p, {} };
    for (const auto& ride : rides)
    {
        const auto where = inside (ride.where);
        if (! where)
            return where.problem();
        if (ride.points.empty() || ride.points.front().position < where->from ||
            ride.points.back().position >= where->to)
            return Problem { "The points of a ride lie inside it." };
        const bool isNew = laneOf (all.project, ride.lane.target, ride.lane.parameter) == nullptr;
        Lane lane = laneToWrite (all.project, ride.lane);
        if (isNew)
            lane.mode = ride.mode;
        lane.points =
            replaced (std::move (lane.points), where->from, where->to,
                      mapped (ride.points, [&] (double v) { return inRange (ride.lane.param, v); }));
        auto edit = withLane (all.project, std::move (lane));
        if (! edit)
            return edit;
        all.project = std::move (edit->project);
    }
    const auto& first = rides.front().lane;
    std::set<std::pair<Id, std::string>> ridden;
    for (const auto& ride : rides)
        ridden.emplace (ride.lane.target, ride.lane.parameter);
    all.label = ridden.size() > 1        ? "Ride " + std::to_string (ridden.size()) + " parameters"
                : first.param != nullptr ? "Ride " + std::string (first.param->name)
                                         : "Ride " + nameToShow (first.parameter);
    return all;
}

Edit withAutomationFollowing (const Project& p, Id song, bool follows)
{
    return change::inSong (p, song, follows ? "Automation follows clips" : "Automation stays in place",
                           [&] (Song& s, Edited&)
                           {
                               s.automationFollows = follows;
                               return Outcome {};
                           });
}

Edit movedAutomation (const Project& p, Id track, Frames from, Frames to, Frames by)
{
    const auto* old = trackOf (p, track);
    if (old == nullptr)
        return change::nothing ("track", track);
    const auto where = inside ({ from, to });
    if (! where)
        return where.problem();
    Edited all { p, "Move automation" };
    if (by == 0)
        return all;
    for (const auto& lane : old->strip.lanes)
    {
        // What has no point there only passes by.
        if (std::none_of (lane.points.begin(), lane.points.end(),
                          [&] (const AutomationPoint& point)
                          { return point.position >= where->from && point.position < where->to; }))
            continue;
        auto edit = shiftedAutomation (all.project, { lane.target, lane.parameter, nullptr }, *where, by);
        if (! edit)
            return edit;
        all.project = std::move (edit->project);
    }
    return all;
}

Edit withAutomationAlong (const Project& before, Edit edit, const std::vector<Id>& clips)
{
    if (! edit)
        return edit;
    struct Way
    {
        Id track;
        Frames by, from, to;
    };
    std::vector<Way> ways;
    for (const Id clip : clips)
    {
        const auto *was = clipOf (before, clip), *is = clipOf (edit->project, clip);
        const Id track = trackOfClip (before, clip);
        if (was != nullptr && is != nullptr && was->start != is->start &&
            track == trackOfClip (edit->project, clip) && songOf (before, clip)->automationFollows)
            ways.push_back ({ track, is->start - was->start, was->start, was->start + was->length });
    }
    // From the side to which they go, so that nothing lands on what has still to be moved; what touches goes
    // together.
    std::sort (ways.begin(), ways.end(),
               [] (const Way& a, const Way& b)
               { return std::tuple (a.track, a.by, a.from) < std::tuple (b.track, b.by, b.from); });
    std::vector<Way> whole;
    for (const auto& way : ways)
        if (! whole.empty() && whole.back().track == way.track && whole.back().by == way.by &&
            whole.back().to >= way.from)
            whole.back().to = std::max (whole.back().to, way.to);
        else
            whole.push_back (way);
    std::stable_sort (whole.begin(), whole.end(),
                      [] (const Way& a, const Way& b)
                      { return (a.by > 0 ? -a.from : a.from) < (b.by > 0 ? -b.from : b.from); });
    for (const auto& way : whole)
    {
        auto moved = movedAutomation (edit->project, way.track, way.from, way.to, way.by);
        if (! moved)
            return moved;
        edit->project = std::move (moved->project);
    }
    return edit;
}

} // namespace lacquer::session
