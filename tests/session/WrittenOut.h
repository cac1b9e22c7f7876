// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/ChangedParts.h"
#include "session/Find.h"

#include <catch2/catch.hpp>
#include <map>
#include <ostream>
#include <set>
#include <tuple>

namespace lacquer::session::test
{

using PartKey = std::tuple<ChangedPart::Part, Id, std::string>;

/// Every part of a song by its name, as text of all its values: what shares memory makes no difference.
inline std::map<PartKey, std::string> partsOf (const Song& s)
{
    using Part = ChangedPart::Part;
    std::map<PartKey, std::string> parts;
    const auto words = [] (const Values& values)
    {
        std::string text;
        for (const auto& [id, value] : values)
            text += id + "=" +
                    (std::holds_alternative<double> (value)
                         ? std::to_string (std::get<double> (value)) + "/" +
                               std::to_string (std::hash<double>() (std::get<double> (value)))
                         : std::get<std::string> (value)) +
                    ";";
        return text;
    };
    const auto number = [] (auto n) { return std::to_string (n) + ";"; };
    const auto ids = [] (const auto& all)
    {
        std::string text;
        for (const Id id : all)
            text += std::to_string (id.value) + ",";
        return text + ";";
    };
    const auto lanes = [&] (Id owner, const std::vector<Lane>& all)
    {
        for (const auto& l : all)
        {
            auto text = number (owner.value) + number (l.enabled) + number (static_cast<int> (l.mode)) +
                        l.extras + ";";
            for (const auto& p : l.points)
                text += number (p.position) + number (std::hash<double>() (p.value)) +
                        number (static_cast<int> (p.curve)) + number (std::hash<double>() (p.tension));
            parts[{ Part::lane, l.target, l.parameter }] = text;
        }
    };
    const auto effects = [&] (Id owner, const std::vector<EffectPtr>& all)
    {
        for (const auto& e : all)
            parts[{ Part::effect, e->id, {} }] = number (owner.value) + e->type + ";" + number (e->on) +
                                                 number (e->postConsole) + number (e->media.value) +
                                                 number (e->sidechain.value) + words (e->values) + e->extras;
    };
    const auto strip = [&] (const Strip& x, const std::string& more)
    {
        auto text = more + x.name + ";" + x.colour + ";" + x.label + ";" + x.notes + ";" + x.extras + ";" +
                    number (static_cast<int> (x.kind)) + number (x.channels) + number (x.dualMono) +
                    number (x.soloSafe) + number (x.disabled) + words (x.values) + ids (x.sends) +
                    number (x.output.value);
        for (const auto& tag : x.tags)
            text += tag + ",";
        parts[{ Part::strip, x.id, {} }] = text;
        effects (x.id, x.inserts);
        lanes (x.id, x.lanes);
    };
    for (const auto& t : s.tracks)
    {
        strip (t->strip, number (t->delay) + number (t->frozen.value) + number (t->frozenLead) +
                             number (static_cast<int> (t->priority)) + t->extras + ";");
        for (const auto& c : t->clips)
        {
            auto text = number (t->strip.id.value) + number (c->media.value) + c->name + ";" +
                        number (c->start) + number (c->offset) + number (c->length) +
                        number (std::hash<double>() (c->gain)) + number (c->fadeIn) + number (c->fadeOut) +
                        number (static_cast<int> (c->fadeInShape)) +
                        number (static_cast<int> (c->fadeOutShape)) + number (c->muted) +
                        number (c->reversed) + c->extras + ";";
            for (const auto& p : c->envelope)
                text += number (p.position) + number (std::hash<double>() (p.gain));
            parts[{ Part::clip, c->id, {} }] = text;
        }
    }
    for (const auto& list : { s.groups, s.returns })
        for (const auto& one : list)
            strip (*one, {});
    strip (*s.mix, {});
    for (const auto& v : s.vcas)
    {
        parts[{ Part::strip, v->id, {} }] =
            v->name + ";" + v->colour + ";" + ids (v->members) + words (v->values) + v->extras;
        lanes (v->id, v->lanes);
    }
    effects (s.master->id, s.master->modules);
    lanes (s.master->id, s.master->lanes);
    for (const auto& m : s.modulators)
    {
        auto text = number (static_cast<int> (m->kind)) + m->name + ";" + number (m->on) + words (m->values) +
                    number (m->source.value) + m->extras + ";";
        for (const auto& t : m->targets)
            text += number (t.target.value) + t.parameter + ";" + number (std::hash<double>() (t.depth)) +
                    number (t.bipolar);
        parts[{ Part::modulator, m->id, {} }] = text;
        lanes (m->id, m->lanes);
    }
    for (const auto& m : s.markers)
        parts[{ Part::marker, m.id, {} }] = number (m.position) + m.name + ";" + m.colour + ";" +
                                            number (m.length) + number (m.section) + m.extras;
    std::string tempo;
    for (const auto& t : s.tempi)
        tempo +=
            number (std::hash<double>() (t.beat)) + number (std::hash<double>() (t.bpm)) + number (t.ramp);
    for (const auto& m : s.metres)
        tempo += number (std::hash<double>() (m.beat)) + number (m.numerator) + number (m.denominator);
    parts[{ Part::tempo, {}, {} }] = tempo;
    return parts;
}

} // namespace lacquer::session::test

namespace lacquer::session
{

inline std::ostream& operator<< (std::ostream& out, const ChangedPart& d)
{
    return out << "part " << static_cast<int> (d.part) << " of " << d.id.value << " on " << d.owner.value
               << " " << d.parameter << " " << d.begin << " to " << d.end;
}

} // namespace lacquer::session

namespace lacquer::session::test
{

/// changedParts() must name what differs when two songs are written out part by part, and nothing else but
/// what stands in another order.
inline void checkChangedParts (const Song& before, const Song& after)
{
    using Part = ChangedPart::Part;
    if (before.id != after.id)
        return;
    const auto a = partsOf (before), b = partsOf (after);
    const auto strips = [] (const Song& s)
    {
        std::set<Id> all;
        forEachStrip (s, [&] (const Strip& x) { all.insert (x.id); });
        for (const auto& v : s.vcas)
            all.insert (v->id);
        for (const auto& m : s.modulators)
            all.insert (m->id);
        return all;
    };
    const auto was = strips (before), is = strips (after);
    const auto named = changedParts (before, after);
    std::set<PartKey> names;
    for (const auto& d : named)
        names.insert ({ d.part, d.id, d.part == Part::lane ? d.parameter : std::string() });
    const auto text = [] (const auto& parts, const PartKey& key)
    {
        const auto found = parts.find (key);
        return found == parts.end() ? std::string ("missing") : found->second;
    };
    // What lies inside a strip or modulator that came or went is not named: only look on common ground.
    std::set<Id> inside;
    const auto takeInside = [&] (const Song& song, const std::set<Id>& others)
    {
        const auto lanes = [&] (const std::vector<Lane>& all)
        {
            for (const auto& l : all)
                inside.insert (l.target);
        };
        const auto strip = [&] (const Strip& x)
        {
            if (others.contains (x.id))
                return;
            for (const auto& e : x.inserts)
                inside.insert (e->id);
            lanes (x.lanes);
        };
        forEachStrip (song, strip);
        for (const auto& t : song.tracks)
            if (! others.contains (t->strip.id))
                for (const auto& c : t->clips)
                    inside.insert (c->id);
        for (const auto& v : song.vcas)
            if (! others.contains (v->id))
                lanes (v->lanes);
        for (const auto& m : song.modulators)
            if (! others.contains (m->id))
                lanes (m->lanes);
    };
    takeInside (before, is);
    takeInside (after, was);
    const auto order = [&] (const Song& s)
    {
        std::vector<Id> all;
        const auto take = [&] (Id id)
        {
            if (a.contains ({ Part::strip, id, {} }) == b.contains ({ Part::strip, id, {} }) &&
                a.contains ({ Part::effect, id, {} }) == b.contains ({ Part::effect, id, {} }))
                all.push_back (id);
        };
        forEachStrip (s,
                      [&] (const Strip& x)
                      {
                          take (x.id);
                          for (const auto& e : x.inserts)
                              take (e->id);
                      });
        for (const auto& v : s.vcas)
            take (v->id);
        for (const auto& e : s.master->modules)
            take (e->id);
        return all;
    };
    const bool moved = order (before) != order (after);
    std::set<PartKey> keys;
    for (const auto* parts : { &a, &b })
        for (const auto& [key, words] : *parts)
            keys.insert (key);
    for (const auto& key : keys)
    {
        const auto& [part, id, parameter] = key;
        if ((part == Part::effect || part == Part::clip || part == Part::lane) && inside.contains (id))
            continue;
        if (text (a, key) != text (b, key) && ! names.contains (key))
            FAIL ("not named: part " << static_cast<int> (part) << " of " << id.value << " " << parameter
                                     << ": " << text (a, key) << " -> " << text (b, key));
        const bool mayMove = (part == Part::strip || part == Part::effect) && moved;
        if (text (a, key) == text (b, key) && names.contains (key) && ! mayMove)
            FAIL ("named for nothing: part " << static_cast<int> (part) << " of " << id.value << " "
                                             << parameter);
    }
    for (const auto& key : names)
        if (! keys.contains (key))
            FAIL ("named, but nowhere: part " << static_cast<int> (std::get<0> (key)) << " of "
                                              << std::get<1> (key).value);
}

} // namespace lacquer::session::test
