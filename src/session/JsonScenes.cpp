// SPDX-License-Identifier: GPL-3.0-or-later
// The stored mixers of a song.
#include "session/JsonParts.h"

#include <algorithm>
#include <unordered_map>

namespace lacquer::session::json
{

namespace
{

void put (std::string& out, int depth, const StripState& s)
{
    Members m (out, depth, s.extras);
    unless (m, "delay", s.delay, Frames { 0 });
    unless (m, "disabled", s.disabled, false);
    putEffects (m, "inserts", s.inserts);
    unless (m, "output", s.output, Id {});
    putSends (m, s.sends);
    json::put (m["strip"], s.strip);
    putValues (m, s.values);
    m.end();
}

StripState stripStateOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    StripState s;
    s.delay = o.whole ("delay", -limit::position, limit::position, 0);
    s.disabled = o.flag ("disabled", false);
    s.inserts = effectsOf (o, "inserts");
    s.output = o.idOrNone ("output");
    s.sends = sendsOf (o);
    s.strip = o.id ("strip");
    s.values = valuesOf (o);
    s.extras = o.extras();
    return s;
}

/// By the text of a strip's state: the scene that says it first.
using Written = std::unordered_map<std::string, Id>;

void put (std::string& out, int depth, const Scene& scene, Written& written)
{
    Members m (out, depth, scene.extras);
    json::put (m["id"], scene.id);
    unlessEmpty (m, "mute_groups", scene.muteGroups,
                 [&] (const auto& group) { row (out, group.first, group.second); });
    json::put (m["name"], scene.name);
    std::vector<std::string> fresh;
    std::map<Id, std::vector<Id>> same;
    for (const auto& state : scene.strips)
    {
        std::string text;
        put (text, m.inner() + 1, *state);
        const auto [at, isNew] = written.emplace (text, scene.id);
        if (isNew)
            fresh.push_back (std::move (text));
        else
            same.try_emplace (at->second, std::vector { at->second }).first->second.push_back (state->strip);
    }
    unlessEmpty (m, "same", same, [&] (const auto& one) { line (out, one.second); });
    unlessEmpty (m, "strips", fresh, [&] (const std::string& text) { out += text; });
    unlessEmpty (m, "vcas", scene.vcas,
                 [&] (const auto& vca)
                 {
                     Members one (out, m.inner() + 1, {});
                     putValues (one, vca.second);
                     json::put (one["vca"], vca.first);
                     one.end();
                 });
    m.end();
}

using EarlierScenes = std::unordered_map<Id, ScenePtr>;

/// The strips that are as in an earlier scene: lists of that scene and the strips.
void takeSame (Scene& s, Object& o, const EarlierScenes& earlier)
{
    const auto same = o.array ("same", limit::scenes);
    for (std::size_t k = 0; k < same.size(); ++k)
    {
        const auto at = entry (o.at ("same"), k);
        const auto ids = arrayOf (same[k], at, 3 * limit::strips + 2);
        const auto from = ids.empty() ? earlier.end() : earlier.find (idOf (ids[0], at));
        if (from == earlier.end())
            refuse (at + " names no earlier scene");
        for (const auto& id : ids.subspan (1))
        {
            auto state = stateOf (*from->second, idOf (id, at));
            if (state == nullptr)
                refuse (at + " names a strip that the earlier scene does not have");
            s.strips.push_back (std::move (state));
        }
    }
}

Scene sceneOf (const Node& n, const std::string& where, const EarlierScenes& earlier)
{
    Object o (n, where);
    Scene s;
    s.id = o.id ("id");
    for (const auto& [group, on] : listOf (o, "mute_groups", limit::strips,
                                           [] (const Node&one, const std::string&at)
                                           {
                                               const auto parts =
                                                   rowOf (one, at, 2, "a mute group and whether it is on");
                                               return std::pair (idOf (parts[0], at), flagOf (parts[1], at));
                                           }))
        s.muteGroups[group] = on;
    s.name = o.neededText ("name");
    s.strips = sharedOf (o, "strips", 3 * limit::strips + 1, stripStateOf);
    takeSame (s, o, earlier);
    // In order of their ids, whatever the order in the file: stateOf() looks them up.
    std::sort (s.strips.begin(), s.strips.end(),
               [] (const auto& a, const auto& b) { return a->strip < b->strip; });
    for (auto& [vca, values] : listOf (o, "vcas", limit::strips,
                                       [] (const Node&one, const std::string&at)
                                       {
                                           Object v (one, at);
                                           const auto id = v.id ("vca");
                                           return std::pair (id, valuesOf (v));
                                       }))
        s.vcas[vca] = std::move (values);
    s.extras = o.extras();
    return s;
}

} // namespace

/// What a scene says of a strip as an earlier one does is not written again.
void putScenes (Members& song, const std::vector<ScenePtr>& scenes)
{
    if (scenes.empty())
        return;
    Written written;
    auto& out = song["scenes"];
    list (out, song.inner(), scenes,
          [&] (const ScenePtr& scene) { put (out, song.inner() + 1, *scene, written); });
}

std::vector<ScenePtr> scenesOf (Object& song)
{
    EarlierScenes earlier;
    return listOf (song, "scenes", limit::scenes,
                   [&] (const Node& n, const std::string& where)
                   {
                       ScenePtr scene = std::make_shared<const Scene> (sceneOf (n, where, earlier));
                       earlier.emplace (scene->id, scene);
                       return scene;
                   });
}

} // namespace lacquer::session::json
