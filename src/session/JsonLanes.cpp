// SPDX-License-Identifier: GPL-3.0-or-later
// Values of parameters, and their automation.
#include "session/JsonParts.h"

namespace lacquer::session::json
{

void putValues (Members& m, const Values& values)
{
    if (values.empty())
        return;
    Members all (m["values"], m.inner(), {});
    for (const auto& [key, value] : values)
        std::visit ([&, k = std::string_view (key)] (const auto& v) { put (all[k], v); }, value);
    all.end();
}

Values valuesOf (Object& o)
{
    Values values;
    const auto* n = o.find ("values");
    if (n == nullptr)
        return values;
    const auto where = o.at ("values");
    if (n->kind != Node::Kind::object)
        refuse (where + " is not an object");
    if (n->count > limit::values)
        refuse (where + " has more than " + std::to_string (limit::values) + " entries");
    for (const auto& m : n->object())
    {
        const auto at = where + "." + std::string (m.key.substr (0, 64));
        if (m.value.kind == Node::Kind::text)
            values.emplace (m.key, textOf (m.value, at, limit::nameBytes));
        else
            values.emplace (m.key, numberOf (m.value, at, -limit::value, limit::value));
    }
    return values;
}

namespace
{

void put (std::string& out, const AutomationPoint& p)
{
    const auto word = wordOf (p.curve);
    if (p.tension != 0)
        row (out, p.position, p.value, word, p.tension);
    else if (p.curve != Curve::linear)
        row (out, p.position, p.value, word);
    else
        row (out, p.position, p.value);
}

AutomationPoint pointOf (const Node& n, const std::string& where)
{
    const auto parts = arrayOf (n, where, 4);
    if (parts.size() < 2)
        refuse (where + " lacks a position or a value");
    AutomationPoint p;
    p.position = wholeOf (parts[0], where, 0, limit::position);
    p.value = numberOf (parts[1], where, -limit::value, limit::value);
    if (parts.size() > 2)
        p.curve = wordIn<Curve> (parts[2], where);
    if (parts.size() > 3)
        p.tension = numberOf (parts[3], where, -1, 1);
    return p;
}

void put (std::string& out, int depth, const Lane& lane)
{
    Members m (out, depth, lane.extras);
    unless (m, "enabled", lane.enabled, true);
    unlessWord (m, "mode", lane.mode, LaneMode::read);
    json::put (m["parameter"], lane.parameter);
    list (m["points"], m.inner(), lane.points, [&] (const AutomationPoint& p) { put (out, p); });
    json::put (m["target"], lane.target);
    m.end();
}

Lane laneOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Lane lane;
    lane.target = o.id ("target");
    lane.parameter = o.text ("parameter");
    lane.enabled = o.flag ("enabled", true);
    lane.mode = o.word ("mode", LaneMode::read);
    lane.points = listOf (o, "points", limit::points, pointOf, Presence::needed);
    lane.extras = o.extras();
    return lane;
}

} // namespace

void putLanes (Members& m, const std::vector<Lane>& lanes)
{
    if (lanes.empty())
        return;
    auto& out = m["lanes"];
    list (out, m.inner(), lanes, [&] (const Lane& l) { put (out, m.inner() + 1, l); });
}

std::vector<Lane> lanesOf (Object& o)
{
    return listOf (o, "lanes", limit::lanes, laneOf);
}

} // namespace lacquer::session::json
