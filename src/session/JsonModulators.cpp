// SPDX-License-Identifier: GPL-3.0-or-later
// What moves parameters by itself.
#include "session/JsonParts.h"

namespace lacquer::session::json
{

namespace
{

void put (std::string& out, int depth, const Modulation& t)
{
    Members m (out, depth, {});
    unless (m, "bipolar", t.bipolar, true);
    json::put (m["depth"], t.depth);
    json::put (m["parameter"], t.parameter);
    json::put (m["target"], t.target);
    m.end();
}

Modulation modulationOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Modulation t;
    t.bipolar = o.flag ("bipolar", true);
    t.depth = o.number ("depth", -limit::value, limit::value);
    t.parameter = o.text ("parameter");
    t.target = o.id ("target");
    return t;
}

} // namespace

void put (std::string& out, int depth, const Modulator& modulator)
{
    Members m (out, depth, modulator.extras);
    put (m["id"], modulator.id);
    put (m["kind"], wordOf (modulator.kind));
    putLanes (m, modulator.lanes);
    put (m["name"], modulator.name);
    unless (m, "on", modulator.on, true);
    unless (m, "source", modulator.source, Id {});
    unlessEmpty (m, "targets", modulator.targets, [&] (const Modulation& t) { put (out, m.inner() + 1, t); });
    putValues (m, modulator.values);
    m.end();
}

Modulator modulatorOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Modulator m;
    m.id = o.id ("id");
    m.kind = wordIn<ModulatorKind> (o.need ("kind"), o.at ("kind"));
    m.lanes = lanesOf (o);
    m.name = o.text ("name");
    m.on = o.flag ("on", true);
    m.source = o.idOrNone ("source");
    m.targets = listOf (o, "targets", limit::lanes, modulationOf);
    m.values = valuesOf (o);
    m.extras = o.extras();
    return m;
}

} // namespace lacquer::session::json
