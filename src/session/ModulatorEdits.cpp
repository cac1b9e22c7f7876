// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ModulatorEdits.h"

#include "session/Changes.h"
#include "session/Parameters.h"

#include <cmath>
#include <map>
#include <set>

namespace lacquer::session
{

using namespace change;

namespace
{

/// The strip that an id is or is on; none for what lies after all strips.
Id stripWith (const Song& s, Id target)
{
    Id strip;
    forEachStrip (s,
                  [&] (const Strip& one)
                  {
                      if (one.id == target ||
                          std::any_of (one.inserts.begin(), one.inserts.end(),
                                       [&] (const EffectPtr& e) { return e->id == target; }))
                          strip = one.id;
                  });
    return strip;
}

/// True for what the song holds and a modulator may move.
bool isThere (const Song& s, Id target)
{
    return stripWith (s, target) || std::any_of (s.master->modules.begin(), s.master->modules.end(),
                                                 [&] (const EffectPtr& e) { return e->id == target; });
}

Edit notCircular (Edit edit, Id modulator)
{
    if (edit)
        if (const auto good =
                notHeard (*songOf (edit->project, modulator), *modulatorOf (edit->project, modulator));
            ! good)
            return good.problem();
    return edit;
}

} // namespace

Edit addedModulator (const Project& p, Id song, ModulatorKind kind, std::string name)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    return inSong (p, song, "Add modulator " + quoted (name),
                   [&] (Song& s, Edited& e) -> Outcome
                   {
                       if (s.modulators.size() >= limit::modulators)
                           return Problem { "There are too many modulators." };
                       Modulator m;
                       m.id = e.made = nextId (e.project);
                       m.kind = kind;
                       m.name = name;
                       s.modulators.push_back (std::make_shared<const Modulator> (std::move (m)));
                       return {};
                   });
}

Edit removedModulator (const Project& p, Id modulator)
{
    const auto* m = modulatorOf (p, modulator);
    if (m == nullptr)
        return nothing ("modulator", modulator);
    return inSong (p, songOf (p, modulator)->id, "Remove modulator " + quoted (m->name),
                   [&] (Song& s, Edited&)
                   {
                       std::erase_if (s.modulators,
                                      [&] (const ModulatorPtr& one) { return one->id == modulator; });
                       return Outcome {};
                   });
}

Edit renamedModulator (const Project& p, Id modulator, std::string name)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    return inModulator (p, modulator, "Rename to " + quoted (name),
                        [&] (Modulator& m)
                        {
                            m.name = name;
                            return Outcome {};
                        });
}

Edit switchedModulator (const Project& p, Id modulator, bool on)
{
    return inModulator (p, modulator, on ? "Switch on modulator" : "Switch off modulator",
                        [&] (Modulator& m)
                        {
                            m.on = on;
                            return Outcome {};
                        });
}

Edit withSource (const Project& p, Id modulator, Id strip)
{
    const auto* m = modulatorOf (p, modulator);
    if (m == nullptr)
        return nothing ("modulator", modulator);
    if (m->kind != ModulatorKind::follower)
        return Problem { "Only a follower follows a track or bus." };
    if (strip && stripWith (*songOf (p, modulator), strip) != strip)
        return nothing ("track or bus of this song", strip);
    return notCircular (inModulator (p, modulator, "Follow another track",
                                     [&] (Modulator& copy)
                                     {
                                         copy.source = strip;
                                         return Outcome {};
                                     }),
                        modulator);
}

Edit withModulation (const Project& p, Id modulator, Modulation modulation)
{
    const auto* m = modulatorOf (p, modulator);
    if (m == nullptr)
        return nothing ("modulator", modulator);
    if (! isThere (*songOf (p, modulator), modulation.target))
        return nothing ("track, bus or effect of this song", modulation.target);
    if (const auto good = goodName (modulation.parameter); ! good)
        return good.problem();
    if (const auto good = mayBeModulated (p, modulation.target, modulation.parameter); ! good)
        return good.problem();
    if (! (std::abs (modulation.depth) <= limit::value))
        return Problem { "The depth is out of range." };
    return notCircular (inModulator (p, modulator, "Modulate " + nameToShow (modulation.parameter),
                                     [&] (Modulator& copy) -> Outcome
                                     {
                                         for (auto& t : copy.targets)
                                             if (t.target == modulation.target &&
                                                 t.parameter == modulation.parameter)
                                             {
                                                 t = modulation;
                                                 return {};
                                             }
                                         if (copy.targets.size() >= limit::lanes)
                                             return Problem { "A modulator cannot move so many parameters." };
                                         copy.targets.push_back (modulation);
                                         return {};
                                     }),
                        modulator);
}

Edit withoutModulation (const Project& p, Id modulator, Id target, const std::string& parameter)
{
    return inModulator (
        p, modulator, "Stop modulating " + nameToShow (parameter),
        [&] (Modulator& m) -> Outcome
        {
            if (std::erase_if (m.targets, [&] (const Modulation& t)
                               { return t.target == target && t.parameter == parameter; }) == 0)
                return Problem { "This modulator does not move " + nameToShow (parameter) + "." };
            return {};
        });
}

Outcome change::notHeard (const Song& s, const Modulator& m)
{
    if (const auto cycle = followingCycle (s, m); ! cycle.empty())
        return Problem { "The modulator would hear what it moves: " + cycle + ".",
                         {},
                         "Nothing was changed." };
    return {};
}

std::string followingCycle (const Song& s, const Modulator& m)
{
    if (! m.source || m.kind != ModulatorKind::follower)
        return {};
    std::map<Id, const Strip*> strips;
    forEachStrip (s, [&] (const Strip& one) { strips[one.id] = &one; });
    for (const auto& t : m.targets)
    {
        // From the strip it moves downstream, along outputs, sends, sidechains and what other followers move:
        // does its source hear that?
        const Id start = stripWith (s, t.target);
        if (! start)
            continue;
        std::map<Id, Id> cameFrom { { start, {} } };
        std::vector<Id> open { start };
        while (! open.empty() && ! cameFrom.contains (m.source))
        {
            const Id at = open.back();
            open.pop_back();
            const auto go = [&] (Id to)
            {
                if (to && strips.contains (to) && cameFrom.emplace (to, at).second)
                    open.push_back (to);
            };
            go (strips.at (at)->output);
            for (const Id to : strips.at (at)->sends)
                go (to);
            for (const auto& [id, strip] : strips)
                if (std::any_of (strip->inserts.begin(), strip->inserts.end(),
                                 [from = at] (const EffectPtr& e) { return e->sidechain == from; }))
                    go (id);
            for (const auto& other : s.modulators)
                if (other->id != m.id && other->kind == ModulatorKind::follower && other->source == at)
                    for (const auto& moved : other->targets)
                        go (stripWith (s, moved.target));
        }
        if (! cameFrom.contains (m.source))
            continue;
        std::string way = nameToShow (strips.at (m.source)->name);
        for (Id at = m.source; at != start; at = cameFrom.at (at))
            way = nameToShow (strips.at (cameFrom.at (at))->name) + " -> " + way;
        return nameToShow (strips.at (m.source)->name) + " -> " + nameToShow (m.name) + " -> " + way;
    }
    return {};
}

void forgetLostTargets (Song& s)
{
    std::set<Id> strips, there;
    forEachStrip (s,
                  [&] (const Strip& one)
                  {
                      strips.insert (one.id);
                      there.insert (one.id);
                      for (const auto& e : one.inserts)
                          there.insert (e->id);
                  });
    for (const auto& e : s.master->modules)
        there.insert (e->id);
    for (auto& m : s.modulators)
    {
        const auto lost = [&] (const Modulation& t) { return ! there.contains (t.target); };
        if ((! m->source || strips.contains (m->source)) &&
            std::none_of (m->targets.begin(), m->targets.end(), lost))
            continue;
        Modulator copy = *m;
        std::erase_if (copy.targets, lost);
        if (! strips.contains (copy.source))
            copy.source = {};
        m = std::make_shared<const Modulator> (std::move (copy));
    }
}

Edit withoutLostTargets (Edit edit)
{
    if (edit)
        for (auto& s : edit->project.songs)
            if (! s->modulators.empty())
            {
                Song copy = *s;
                forgetLostTargets (copy);
                if (copy.modulators != s->modulators)
                    s = std::make_shared<const Song> (std::move (copy));
            }
    return edit;
}

} // namespace lacquer::session
