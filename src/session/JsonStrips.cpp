// SPDX-License-Identifier: GPL-3.0-or-later
// Channel strips with their effects and sends, what moves their faders together, and the mastering chain.
#include "session/JsonParts.h"

#include <algorithm>

namespace lacquer::session::json
{

namespace
{

void put (std::string& out, int depth, const Effect& e)
{
    Members m (out, depth, e.extras);
    json::put (m["id"], e.id);
    unless (m, "media", e.media, Id {});
    unless (m, "on", e.on, true);
    unless (m, "post_console", e.postConsole, false);
    unless (m, "sidechain", e.sidechain, Id {});
    json::put (m["type"], e.type);
    putValues (m, e.values);
    m.end();
}

Effect effectOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Effect e;
    e.id = o.id ("id");
    e.media = o.idOrNone ("media");
    e.on = o.flag ("on", true);
    e.postConsole = o.flag ("post_console", false);
    e.sidechain = o.idOrNone ("sidechain");
    e.type = o.neededText ("type");
    e.values = valuesOf (o);
    e.extras = o.extras();
    return e;
}

} // namespace

void putEffects (Members& m, std::string_view key, const std::vector<EffectPtr>& effects)
{
    if (effects.empty())
        return;
    auto& out = m[key];
    list (out, m.inner(), effects, [&] (const EffectPtr& e) { put (out, m.inner() + 1, *e); });
}

std::vector<EffectPtr> effectsOf (Object& o, std::string_view key)
{
    return sharedOf (o, key, limit::effects, effectOf);
}

void putIds (Members& m, std::string_view key, std::span<const Id> ids)
{
    if (! ids.empty())
        line (m[key], ids);
}

std::vector<Id> idsOf (Object& o, std::string_view key, std::size_t most, Presence presence)
{
    return listOf (o, key, most, idOf, presence);
}

void putSends (Members& m, const std::array<Id, Strip::sendSlots>& sends)
{
    std::size_t count = sends.size();
    while (count > 0 && ! sends[count - 1])
        --count;
    putIds (m, "sends", std::span (sends).first (count));
}

std::array<Id, Strip::sendSlots> sendsOf (Object& o)
{
    std::array<Id, Strip::sendSlots> sends {};
    const auto ids = idsOf (o, "sends", Strip::sendSlots);
    std::copy (ids.begin(), ids.end(), sends.begin());
    return sends;
}

void put (std::string& out, int depth, const Strip& s)
{
    Members m (out, depth, s.extras);
    unless (m, "channels", s.channels, 2);
    unless (m, "colour", s.colour, {});
    unless (m, "disabled", s.disabled, false);
    unless (m, "dual_mono", s.dualMono, false);
    put (m["id"], s.id);
    putEffects (m, "inserts", s.inserts);
    unless (m, "label", s.label, {});
    putLanes (m, s.lanes);
    put (m["name"], s.name);
    unless (m, "notes", s.notes, {});
    unless (m, "output", s.output, Id {});
    putSends (m, s.sends);
    unless (m, "solo_safe", s.soloSafe, false);
    if (! s.tags.empty())
        line (m["tags"], s.tags);
    putValues (m, s.values);
    m.end();
}

Strip stripOf (const Node& n, const std::string& where, StripKind kind)
{
    Object o (n, where);
    Strip s;
    s.kind = kind;
    s.channels = static_cast<int> (o.whole ("channels", 1, 2, 2));
    s.colour = o.text ("colour");
    s.disabled = o.flag ("disabled", false);
    s.dualMono = o.flag ("dual_mono", false);
    s.id = o.id ("id");
    s.inserts = effectsOf (o, "inserts");
    s.label = o.text ("label");
    s.lanes = lanesOf (o);
    s.name = o.neededText ("name");
    s.notes = o.text ("notes", limit::notesBytes);
    s.output = o.idOrNone ("output");
    s.sends = sendsOf (o);
    s.soloSafe = o.flag ("solo_safe", false);
    s.tags =
        listOf (o, "tags", limit::tags,
                [] (const Node& tag, const std::string& at) { return textOf (tag, at, limit::nameBytes); });
    s.values = valuesOf (o);
    s.extras = o.extras();
    return s;
}

void put (std::string& out, int depth, const Vca& v)
{
    Members m (out, depth, v.extras);
    unless (m, "colour", v.colour, {});
    put (m["id"], v.id);
    putLanes (m, v.lanes);
    putIds (m, "members", v.members);
    put (m["name"], v.name);
    putValues (m, v.values);
    m.end();
}

Vca vcaOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Vca v;
    v.colour = o.text ("colour");
    v.id = o.id ("id");
    v.lanes = lanesOf (o);
    v.members = idsOf (o, "members", limit::strips);
    v.name = o.text ("name");
    v.values = valuesOf (o);
    v.extras = o.extras();
    return v;
}

void put (std::string& out, int depth, const MuteGroup& g)
{
    Members m (out, depth, g.extras);
    put (m["id"], g.id);
    putIds (m, "members", g.members);
    put (m["name"], g.name);
    unless (m, "on", g.on, false);
    m.end();
}

MuteGroup muteGroupOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    MuteGroup g;
    g.id = o.id ("id");
    g.members = idsOf (o, "members", limit::strips);
    g.name = o.text ("name");
    g.on = o.flag ("on", false);
    g.extras = o.extras();
    return g;
}

void put (std::string& out, int depth, const Master& master)
{
    Members m (out, depth, master.extras);
    put (m["id"], master.id);
    putLanes (m, master.lanes);
    putEffects (m, "modules", master.modules);
    unless (m, "target", master.target, {});
    m.end();
}

Master masterOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Master m;
    m.id = o.id ("id");
    m.lanes = lanesOf (o);
    m.modules = effectsOf (o, "modules");
    m.target = o.text ("target");
    m.extras = o.extras();
    return m;
}

} // namespace lacquer::session::json
