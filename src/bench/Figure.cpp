// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Figure.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace lacquer::bench
{

namespace
{

/// The quantile of sorted numbers, linear between them.
double quantile (const std::vector<double>& sorted, double share)
{
    const double at = share * static_cast<double> (sorted.size() - 1);
    const auto below = static_cast<std::size_t> (at);
    const auto above = std::min (below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double> (below)) * (sorted[above] - sorted[below]);
}

std::vector<double> sorted (std::vector<double> v)
{
    std::sort (v.begin(), v.end());
    return v;
}

Reading absent (const Figure& figure, const std::string& why)
{
    Reading r;
    r.figure = &figure;
    r.absent = why;
    return r;
}

/// A quotient of two figures of this run.
Reading quotient (const Figure& figure, const Reading& over, const Reading& under)
{
    if (! over.measured() || ! under.measured())
        return absent (figure, over.measured() ? under.absent : over.absent);
    Reading r;
    r.figure = &figure;
    r.rounds = std::min (over.rounds, under.rounds);
    r.value = r.median = over.median / under.median;
    // What the two spreads make together, the errors taken as independent.
    r.spread = r.median * std::hypot (over.spread / over.median, under.spread / under.median);
    r.least = over.least / under.most;
    r.most = over.most / under.least;
    return r;
}

} // namespace

const Figure* figureOf (std::string_view name)
{
    const auto& all = figures();
    const auto found =
        std::find_if (all.begin(), all.end(), [name] (const Figure& f) { return f.name == name; });
    return found == all.end() ? nullptr : &*found;
}

Reading readingOf (const Figure& figure, std::vector<Sample> samples)
{
    std::vector<double> values, overs, unders;
    for (const auto& s : samples)
    {
        values.push_back (s.value / s.under);
        overs.push_back (s.value);
        unders.push_back (s.under);
    }
    const auto order = sorted (values), over = sorted (overs), under = sorted (unders);
    Reading r;
    r.figure = &figure;
    r.rounds = static_cast<int> (samples.size());
    r.median = quantile (order, 0.5);
    r.spread = quantile (order, 0.75) - quantile (order, 0.25);
    r.least = order.front();
    r.most = order.back();
    const bool ratio =
        std::any_of (samples.begin(), samples.end(), [] (const Sample& s) { return s.under != 1; });
    if (figure.clock == Clock::thread)
        r.value = r.median;
    else if (ratio) // two times: the best of each, lest a hitch in one of them pass for speed of the other
        r.value = over.front() / under.front();
    else
        r.value = figure.bound.side == Bound::Side::atLeast ? r.most : r.least;
    const auto nearest = std::min_element (
        samples.begin(), samples.end(),
        [&] (const Sample& a, const Sample& b)
        { return std::abs (a.value / a.under - r.value) < std::abs (b.value / b.under - r.value); });
    r.beside = nearest->beside;
    return r;
}

Result<std::vector<Reading>> measured (const std::vector<std::string>& only, Session& session,
                                       const std::function<void (const Reading&)>& done)
{
    std::set<std::string_view> names;
    for (const auto& name : only)
    {
        const auto* figure = figureOf (name);
        if (figure == nullptr)
            return Problem { "There is no figure \"" + name + "\".",
                             {},
                             "`lacquer bench --list` lists them all." };
        names.insert ({ figure->name, figure->prepare ? figure->name : figure->over,
                        figure->prepare ? figure->name : figure->under });
    }
    std::vector<const Figure*> wanted;
    for (const auto& figure : figures())
        if (names.empty() || names.contains (figure.name))
            wanted.push_back (&figure);

    const Problem stopped { "The benchmark was stopped." };
    std::map<const Figure*, Reading> readings;
    for (std::size_t begin = 0; begin < wanted.size();)
    {
        auto end = begin;
        while (end < wanted.size() && wanted[end]->group == wanted[begin]->group)
            ++end;
        struct Part
        {
            const Figure* figure;
            Sampler sampler;
            std::vector<Sample> samples {};
        };
        std::vector<Part> parts;
        int rounds = 0;
        for (auto n = begin; n < end; ++n)
        {
            const auto& figure = *wanted[n];
            if (! figure.prepare)
                continue;
            auto sampler = figure.prepare (session);
            if (session.progress.stopped())
                return stopped;
            if (sampler)
            {
                parts.push_back ({ &figure, *std::move (sampler) });
                rounds = std::max (rounds, session.quick ? figure.quickRounds() : figure.rounds);
            }
            else
                readings[&figure] = absent (figure, sampler.problem().sentence());
        }
        for (int round = 0; round < rounds; ++round)
            for (auto& part : parts)
            {
                if (readings.contains (part.figure))
                    continue;
                auto sample = part.sampler();
                if (session.progress.stopped())
                    return stopped;
                if (sample)
                    part.samples.push_back (*std::move (sample));
                else
                    readings[part.figure] = absent (*part.figure, sample.problem().sentence());
                session.progress.at ((static_cast<double> (begin) +
                                      static_cast<double> (end - begin) * (round + 1.0) / rounds) /
                                     static_cast<double> (wanted.size()));
            }
        for (auto& part : parts)
            if (! readings.contains (part.figure))
                readings[part.figure] = readingOf (*part.figure, std::move (part.samples));
        for (auto n = begin; n < end; ++n)
        {
            const auto& figure = *wanted[n];
            if (! figure.prepare)
                readings[&figure] = quotient (figure, readings.at (figureOf (figure.over)),
                                              readings.at (figureOf (figure.under)));
            if (done)
                done (readings.at (&figure));
        }
        begin = end;
    }
    std::vector<Reading> result;
    for (const auto* figure : wanted)
        result.push_back (readings.at (figure));
    return result;
}

} // namespace lacquer::bench
