// SPDX-License-Identifier: GPL-3.0-or-later
// Tracks with their clips, and tracks that are edited together.
#include "session/JsonParts.h"

namespace lacquer::session::json
{

namespace
{

void put (std::string& out, int depth, const Clip& c)
{
    Members m (out, depth, c.extras);
    unlessEmpty (m, "envelope", c.envelope, [&] (const GainPoint& g) { row (out, g.position, g.gain); });
    unless (m, "fade_in", c.fadeIn, Frames { 0 });
    unlessWord (m, "fade_in_shape", c.fadeInShape, Fade::equalPower);
    unless (m, "fade_out", c.fadeOut, Frames { 0 });
    unlessWord (m, "fade_out_shape", c.fadeOutShape, Fade::equalPower);
    unless (m, "gain", c.gain, 0.0);
    json::put (m["id"], c.id);
    json::put (m["length"], c.length);
    json::put (m["media"], c.media);
    unless (m, "muted", c.muted, false);
    unless (m, "name", c.name, {});
    unless (m, "offset", c.offset, Frames { 0 });
    unless (m, "reversed", c.reversed, false);
    json::put (m["start"], c.start);
    m.end();
}

GainPoint gainPointOf (const Node& n, const std::string& where)
{
    const auto parts = rowOf (n, where, 2, "a position and a gain");
    return { wholeOf (parts[0], where, -limit::position, limit::position),
             numberOf (parts[1], where, -200, 200) };
}

Clip clipOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Clip c;
    c.envelope = listOf (o, "envelope", limit::points, gainPointOf);
    c.fadeIn = o.whole ("fade_in", 0, limit::position, 0);
    c.fadeInShape = o.word ("fade_in_shape", Fade::equalPower);
    c.fadeOut = o.whole ("fade_out", 0, limit::position, 0);
    c.fadeOutShape = o.word ("fade_out_shape", Fade::equalPower);
    c.gain = o.number ("gain", -200, 200, 0.0);
    c.id = o.id ("id");
    c.length = o.whole ("length", 1, limit::position);
    c.media = o.id ("media");
    c.muted = o.flag ("muted", false);
    c.name = o.text ("name");
    c.offset = o.whole ("offset", 0, limit::position, 0);
    c.reversed = o.flag ("reversed", false);
    c.start = o.whole ("start", 0, limit::position);
    c.extras = o.extras();
    return c;
}

} // namespace

void put (std::string& out, int depth, const Track& t)
{
    Members m (out, depth, t.extras);
    unlessEmpty (m, "clips", t.clips, [&] (const ClipPtr& c) { put (out, m.inner() + 1, *c); });
    unless (m, "delay", t.delay, Frames { 0 });
    unless (m, "frozen", t.frozen, Id {});
    unless (m, "frozen_lead", t.frozenLead, Frames { 0 });
    unlessWord (m, "priority", t.priority, Priority::guessed);
    put (m["strip"], m.inner(), t.strip);
    m.end();
}

Track trackOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Track t;
    t.clips = sharedOf (o, "clips", limit::clips, clipOf);
    t.delay = o.whole ("delay", -limit::position, limit::position, 0);
    t.frozen = o.idOrNone ("frozen");
    t.frozenLead = o.whole ("frozen_lead", 0, limit::position, 0);
    t.priority = o.word ("priority", Priority::guessed);
    t.strip = stripOf (o.need ("strip"), o.at ("strip"), StripKind::track);
    t.extras = o.extras();
    return t;
}

void put (std::string& out, int depth, const EditGroup& g)
{
    Members m (out, depth, g.extras);
    put (m["id"], g.id);
    put (m["name"], g.name);
    unless (m, "on", g.on, true);
    line (m["tracks"], g.tracks);
    m.end();
}

EditGroup editGroupOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    EditGroup g;
    g.id = o.id ("id");
    g.name = o.neededText ("name");
    g.on = o.flag ("on", true);
    g.tracks = idsOf (o, "tracks", limit::strips, Presence::needed);
    g.extras = o.extras();
    return g;
}

} // namespace lacquer::session::json
