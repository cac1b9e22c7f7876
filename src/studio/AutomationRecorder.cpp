// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/AutomationRecorder.h"

#include "engine/Effect.h"
#include "session/Find.h"
#include "session/Parameters.h"
#include "studio/Catalogue.h"
#include "studio/Studio.h"

#include <algorithm>
#include <cmath>

namespace lacquer::studio
{

using session::LaneMode;
using session::LaneOf;
using session::Points;

namespace
{

double knobOf (const session::Project& p, const LaneOf& which)
{
    if (which.param == nullptr)
        return 0;
    const auto value = session::valueOf (p, which.target, which.parameter);
    return value ? numberOf (*which.param, *value) : which.param->initial;
}

/// What a parameter does at a position without a hand on it.
double valueOf (const session::Project& p, const LaneOf& which, Frames position)
{
    const auto* lane = session::laneOf (p, which.target, which.parameter);
    return lane != nullptr && lane->enabled && ! lane->points.empty()
               ? session::valueAt (lane->points, position)
               : knobOf (p, which);
}

bool isChoice (const LaneOf& which)
{
    return which.param != nullptr && which.param->isChoice();
}

const Param* paramOf (const session::Project& p, Id target, std::string_view parameter)
{
    if (const auto* effect = session::effectOf (p, target))
        return catalogue().effect (effect->type, parameter);
    if (const auto* strip = session::stripOf (p, target))
        return catalogue().console (strip->kind, parameter);
    if (session::vcaOf (p, target) != nullptr)
        return catalogue().console (session::StripKind::group, parameter);
    const auto* modulator = session::modulatorOf (p, target);
    return modulator != nullptr ? catalogue().modulator (modulator->kind, parameter) : nullptr;
}

template <typename F>
void eachLane (const session::Song& song, const F& f)
{
    session::forEachStrip (song,
                           [&] (const session::Strip& s)
                           {
                               for (const auto& lane : s.lanes)
                                   f (lane);
                           });
    for (const auto& lane : song.master->lanes)
        f (lane);
    for (const auto& v : song.vcas)
        for (const auto& lane : v->lanes)
            f (lane);
    for (const auto& m : song.modulators)
        for (const auto& lane : m->lanes)
            f (lane);
}

session::Project taken (session::Edit edit, const session::Project& before)
{
    return edit ? std::move (edit->project) : before;
}

} // namespace

const session::Project& AutomationRecorder::written() const
{
    if (withSoFar == nullptr)
        withSoFar = rides.empty() ? project
                                  : std::make_shared<const session::Project> (
                                        taken (session::withRides (*project, rides), *project));
    return *withSoFar;
}

const session::Lane* AutomationRecorder::laneNow (const LaneOf& which) const
{
    return session::laneOf (written(), which.target, which.parameter);
}

void AutomationRecorder::start (const session::ProjectPtr& p, Id s, Frames position)
{
    project = withSoFar = p;
    song = s;
    passes.clear();
    rides.clear();
    ++changes;
    for (const auto& one : project->songs)
        if (one->id == song)
            eachLane (*one,
                      [&] (const session::Lane& lane)
                      {
                          const LaneOf which { lane.target, lane.parameter,
                                               paramOf (*project, lane.target, lane.parameter) };
                          if (lane.enabled && lane.mode == LaneMode::write && which.param != nullptr)
                              begin (which, lane.mode, position, valueOf (*project, which, position));
                      });
}

AutomationRecorder::Pass& AutomationRecorder::begin (const LaneOf& which, LaneMode mode, Frames position,
                                                     double value)
{
    auto& pass = passes[{ which.target, which.parameter }];
    pass = {};
    pass.lane = which;
    pass.mode = mode;
    pass.from = position;
    pass.points = { { position, value, isChoice (which) ? Curve::hold : Curve::linear } };
    pass.value = value;
    ++changes;
    return pass;
}

void AutomationRecorder::edited (const session::ProjectPtr& p)
{
    if (! isRunning() || p == project)
        return;
    project = p;
    withSoFar = nullptr;
    const auto lost = [&] (const LaneOf& which) { return session::songOf (*p, which.target) == nullptr; };
    std::erase_if (passes, [&] (const auto& pass) { return lost (pass.second.lane); });
    std::erase_if (rides, [&] (const auto& ride) { return lost (ride.lane); });
    ++changes;
}

bool AutomationRecorder::touch (const LaneOf& which, Frames position, double value, LaneMode without)
{
    if (! isRunning())
        return false;
    const auto known = passes.find ({ which.target, which.parameter });
    if (known != passes.end())
    {
        known->second.held = true;
        write (known->second, position, value);
        return true;
    }
    const auto* lane = laneNow (which);
    const auto mode = lane == nullptr ? without : lane->enabled ? lane->mode : LaneMode::read;
    if (mode == LaneMode::read)
        return false;
    auto& pass = begin (which, mode, position, value);
    if (lane == nullptr)
        pass.without = without;
    return true;
}

void AutomationRecorder::set (Id target, std::string_view parameter, double value)
{
    const auto known = passes.find ({ target, std::string (parameter) });
    if (known == passes.end())
        return;
    known->second.live = value;
    ++changes;
}

void AutomationRecorder::move (Id target, std::string_view parameter, Frames position, double value)
{
    const auto known = passes.find ({ target, std::string (parameter) });
    if (known == passes.end())
        return;
    write (known->second, position, value);
    ++changes;
}

/// As it is heard: in a straight line over a quantum, or at once where there is nothing between.
void AutomationRecorder::write (Pass& pass, Frames position, double value) const
{
    auto& points = pass.points;
    const double before = std::exchange (pass.value, value);
    const auto add = [&] (Frames at, double v, Curve curve)
    {
        if (points.back().position < at)
            points.push_back ({ at, v, curve });
        else if (points.back().position == at)
            points.back().value = v;
    };
    if (isChoice (pass.lane))
    {
        // An effect that is passed by at once overtakes its switching on, which waits for its delay.
        while (points.size() > 1 && points.back().position > position)
            points.pop_back();
        return add (std::max (position, points.back().position), value, Curve::hold);
    }
    add (position, before, Curve::linear);
    add (std::max (position, points.back().position) + engine::quantum, value, Curve::linear);
}

void AutomationRecorder::release (Id target, std::string_view parameter, Frames position)
{
    const auto known = passes.find ({ target, std::string (parameter) });
    if (known == passes.end())
        return;
    auto& pass = known->second;
    if (pass.mode == LaneMode::latch || pass.mode == LaneMode::write)
    {
        pass.held = false;
        return;
    }
    finish (pass, position, true);
    passes.erase (known);
    ++changes;
}

/// Makes a ride of a pass that ends at a position.
void AutomationRecorder::finish (Pass& pass, Frames position, bool returns)
{
    auto points = std::move (pass.points);
    const bool trims = pass.mode == LaneMode::trim;
    const auto* lane = laneNow (pass.lane);
    const Points under = lane != nullptr ? lane->points : Points {};
    const double knob = knobOf (*project, pass.lane);
    const auto drawn = [&] (Frames at) { return under.empty() ? knob : session::valueAt (under, at); };

    // What is switched at once where a lane begins was otherwise before.
    if (isChoice (pass.lane) && under.empty() && pass.from > 0 && points.front().value != knob)
        points.insert (points.begin(), { --pass.from, knob, Curve::hold });

    Frames end = std::max (position, points.back().position) + 1;
    if (points.back().position < end - 1)
        points.push_back ({ end - 1, pass.value, points.back().curve });
    // Back to what is written there, without a step.
    if (returns && ! isChoice (pass.lane) && pass.value != (trims ? 0 : drawn (end)))
    {
        const auto frames = [&] (double seconds)
        { return framesIn (Seconds { seconds }, project->sampleRate); };
        const Frames leaves = end + frames (rest), arrives = leaves + frames (back);
        points.push_back ({ leaves, pass.value, Curve::smooth });
        points.push_back ({ arrives, trims ? 0 : drawn (arrives) });
        end = arrives + 1;
    }
    if (trims)
    {
        // The sum of two courses turns where either does; between, closely enough for thinning.
        const auto grid = framesIn (Seconds { 0.01 }, project->sampleRate);
        std::vector<Frames> places;
        for (const auto* list : std::initializer_list<const Points*> { &points, &under })
            for (const auto& p : *list)
                places.push_back (p.position);
        for (const auto& p : under) // where a held value ends
            places.push_back (p.position - 1);
        for (Frames at = pass.from; at < end; at += grid)
            places.push_back (at);
        places.push_back (end - 1);
        std::sort (places.begin(), places.end());
        places.erase (std::unique (places.begin(), places.end()), places.end());
        Points sum;
        for (const Frames at : places)
            if (at >= pass.from && at < end)
                sum.push_back ({ at, drawn (at) + session::valueAt (points, at) });
        points = std::move (sum);
    }
    rides.push_back ({ pass.lane,
                       { pass.from, end },
                       session::thinned (points, session::differenceOf (pass.lane.param)),
                       pass.without });
    withSoFar = nullptr;
}

void AutomationRecorder::jump (Frames from, Frames to)
{
    for (auto& [key, pass] : passes)
    {
        finish (pass, from, false);
        pass.from = to;
        pass.value = pass.live.value_or (pass.value);
        pass.points = { { to, pass.value, isChoice (pass.lane) ? Curve::hold : Curve::linear } };
    }
    if (! passes.empty())
        ++changes;
}

std::optional<session::Edited> AutomationRecorder::stop (Frames position)
{
    if (! isRunning())
        return {};
    for (auto& [key, pass] : passes)
        finish (pass, position, pass.mode == LaneMode::touch || pass.mode == LaneMode::trim);
    passes.clear();
    ++changes;
    const auto before = std::exchange (project, nullptr);
    withSoFar = nullptr;
    if (rides.empty())
        return {};
    auto edit = session::withRides (*before, rides);
    rides.clear();
    if (! edit)
        return {};
    return std::move (*edit);
}

const Points* AutomationRecorder::pointsOf (Id target, std::string_view parameter) const
{
    const auto known = passes.find ({ target, std::string (parameter) });
    return known != passes.end() ? &known->second.points : nullptr;
}

bool AutomationRecorder::writes (Id target, std::string_view parameter) const
{
    return passes.contains ({ target, std::string (parameter) });
}

session::SongPtr AutomationRecorder::audible (Frames position) const
{
    if (! isRunning())
        return nullptr;
    auto now = written();
    for (const auto& [key, pass] : passes)
    {
        const auto* lane = session::laneOf (now, pass.lane.target, pass.lane.parameter);
        if (pass.lane.param == nullptr)
            continue;
        const double below = pass.mode == LaneMode::trim ? valueOf (now, pass.lane, position) : 0;
        const double value = std::clamp<double> (below + pass.live.value_or (pass.value),
                                                 pass.lane.param->min, pass.lane.param->max);
        if (lane != nullptr)
        {
            auto silent = *lane;
            silent.enabled = false;
            now = taken (session::withLane (now, std::move (silent)), now);
        }
        now = taken (session::withValue (now, pass.lane.target, pass.lane.parameter,
                                         valueOfNumber (*pass.lane.param, value)),
                     now);
    }
    for (const auto& s : now.songs)
        if (s->id == song)
            return s;
    return nullptr;
}

} // namespace lacquer::studio
