// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Changes.h"

/// Ways to write to one strip, chain or effect: what the files of edits share, inside session only.
namespace lacquer::session::change
{

template <typename F>
Outcome inStrip (Song& s, Id strip, const F& change)
{
    for (auto& t : s.tracks)
        if (t->strip.id == strip)
            return changed (t, [&] (Track& copy) { return change (copy.strip); });
    for (auto* list : { &s.groups, &s.returns })
        for (auto& one : *list)
            if (one->id == strip)
                return changed (one, change);
    if (s.mix->id == strip)
        return changed (s.mix, change);
    return nothing ("track or bus", strip);
}

template <typename F>
Edit inStrip (const Project& p, Id strip, std::string label, const F& change)
{
    const auto* song = stripOf (p, strip) != nullptr ? songOf (p, strip) : nullptr;
    if (song == nullptr)
        return nothing ("track or bus", strip);
    return inSong (p, song->id, std::move (label),
                   [&] (Song& s, Edited& e)
                   { return inStrip (s, strip, [&] (Strip& copy) { return change (copy, e); }); });
}

/// Calls change (vector<EffectPtr>&, vector<Lane>&, Edited&) for a strip's, a master's or a VCA fader's.
template <typename F>
Edit inChain (const Project& p, Id owner, std::string label, const F& change)
{
    if (const auto* song = masterOf (p, owner) != nullptr ? songOf (p, owner) : nullptr; song != nullptr)
        return inSong (
            p, song->id, std::move (label),
            [&] (Song& s, Edited& e)
            { return changed (s.master, [&] (Master& m) { return change (m.modules, m.lanes, e); }); });
    if (vcaOf (p, owner) != nullptr)
        return inVca (p, owner, std::move (label),
                      [&] (Vca& v, Edited& e) -> Outcome
                      {
                          std::vector<EffectPtr> none;
                          if (const auto done = change (none, v.lanes, e); ! done || none.empty())
                              return done;
                          return Problem { "A VCA fader carries no sound, so it has no inserts." };
                      });
    return inStrip (p, owner, std::move (label),
                    [&] (Strip& s, Edited& e) { return change (s.inserts, s.lanes, e); });
}

template <typename F>
Edit inEffect (const Project& p, Id effect, std::string label, const F& change)
{
    const Id owner = ownerOf (p, effect);
    if (! owner)
        return nothing ("effect", effect);
    return inChain (p, owner, std::move (label),
                    [&] (std::vector<EffectPtr>& all, std::vector<Lane>&, Edited&)
                    {
                        for (auto& one : all)
                            if (one->id == effect)
                                return changed (one, change);
                        return Outcome {};
                    });
}

/// Rewrites every strip of a song that `needs` it.
template <typename Needs, typename F>
void rewriteStrips (Song& s, const Needs& needs, const F& change)
{
    const auto now = [&] (Strip& strip)
    {
        change (strip);
        return Outcome {};
    };
    for (auto& t : s.tracks)
        if (needs (t->strip))
            (void)changed (t, [&] (Track& copy) { return now (copy.strip); });
    for (auto* list : { &s.groups, &s.returns })
        for (auto& one : *list)
            if (needs (*one))
                (void)changed (one, now);
    if (needs (*s.mix))
        (void)changed (s.mix, now);
}

inline Outcome notCircular (const Song& s)
{
    if (const auto cycle = routingCycle (s); ! cycle.empty())
        return Problem { "The sound would run in a circle: " + cycle + ".", {}, "Nothing was changed." };
    for (const auto& m : s.modulators)
        if (auto good = notHeard (s, *m); ! good)
            return good;
    return {};
}

/// Before a strip that was removed is forgotten: what went to it goes to its output, what listened to it to
/// nothing.
void forgetStrip (Song&, Id strip, Id output);
/// Takes a strip or VCA fader out of all VCA faders and mute groups.
void forgetMember (Song&, Id);

} // namespace lacquer::session::change
