// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Renumber.h"

#include "session/Scene.h"

#include <algorithm>

namespace lacquer::session
{

namespace
{

using Of = std::function<Id (Id)>;

void put (Id& id, const Of& of)
{
    if (id)
        id = of (id);
}

template <typename T, typename F>
void rewrite (std::shared_ptr<const T>& shared, const F& change)
{
    T copy = *shared;
    change (copy);
    shared = std::make_shared<const T> (std::move (copy));
}

void put (std::vector<EffectPtr>& effects, const Of& of)
{
    for (auto& effect : effects)
        rewrite (effect,
                 [&] (Effect& e)
                 {
                     put (e.id, of);
                     put (e.media, of);
                     put (e.sidechain, of);
                 });
}

void put (std::vector<Lane>& lanes, const Of& of)
{
    for (auto& lane : lanes)
        put (lane.target, of);
}

void put (std::vector<Id>& ids, const Of& of)
{
    for (auto& id : ids)
        put (id, of);
}

template <typename T>
void putKeys (std::map<Id, T>& all, const Of& of)
{
    std::map<Id, T> fresh;
    for (auto& [id, value] : all)
        fresh.emplace (of (id), std::move (value));
    all = std::move (fresh);
}

/// What a strip and a scene's memory of one have in common.
void putRouting (auto& strip, const Of& of)
{
    put (strip.inserts, of);
    for (auto& send : strip.sends)
        put (send, of);
    put (strip.output, of);
}

void put (Strip& s, const Of& of)
{
    put (s.id, of);
    putRouting (s, of);
    put (s.lanes, of);
}

void put (Scene& scene, const Of& of)
{
    put (scene.id, of);
    for (auto& state : scene.strips)
        rewrite (state,
                 [&] (StripState& s)
                 {
                     put (s.strip, of);
                     putRouting (s, of);
                 });
    std::sort (scene.strips.begin(), scene.strips.end(),
               [] (const auto& a, const auto& b) { return a->strip < b->strip; });
    putKeys (scene.vcas, of);
    putKeys (scene.muteGroups, of);
}

} // namespace

Strip renumbered (const Strip& strip, const std::function<Id (Id)>& of)
{
    Strip copy = strip;
    put (copy, of);
    return copy;
}

Song renumbered (const Song& song, const std::function<Id (Id)>& of)
{
    Song s = song;
    put (s.id, of);
    for (auto& track : s.tracks)
        rewrite (track,
                 [&] (Track& t)
                 {
                     put (t.strip, of);
                     put (t.frozen, of);
                     for (auto& clip : t.clips)
                         rewrite (clip,
                                  [&] (Clip& c)
                                  {
                                      put (c.id, of);
                                      put (c.media, of);
                                  });
                 });
    for (auto* list : { &s.groups, &s.returns })
        for (auto& one : *list)
            rewrite (one, [&] (Strip& strip) { put (strip, of); });
    rewrite (s.mix, [&] (Strip& strip) { put (strip, of); });
    rewrite (s.master,
             [&] (Master& m)
             {
                 put (m.id, of);
                 put (m.modules, of);
                 put (m.lanes, of);
             });
    for (auto& vca : s.vcas)
        rewrite (vca,
                 [&] (Vca& v)
                 {
                     put (v.id, of);
                     put (v.members, of);
                     put (v.lanes, of);
                 });
    for (auto& g : s.muteGroups)
    {
        put (g.id, of);
        put (g.members, of);
    }
    for (auto& g : s.editGroups)
    {
        put (g.id, of);
        put (g.tracks, of);
    }
    for (auto& m : s.markers)
        put (m.id, of);
    for (auto& pair : s.maskingIgnored)
    {
        put (pair.lead, of);
        put (pair.masker, of);
    }
    for (auto& modulator : s.modulators)
        rewrite (modulator,
                 [&] (Modulator& m)
                 {
                     put (m.id, of);
                     put (m.source, of);
                     for (auto& t : m.targets)
                         put (t.target, of);
                     put (m.lanes, of);
                 });
    for (auto& scene : s.scenes)
        rewrite (scene, [&] (Scene& copy) { put (copy, of); });
    return s;
}

} // namespace lacquer::session
