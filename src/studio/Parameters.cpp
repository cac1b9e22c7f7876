// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Parameters.h"

#include "engine/Modulated.h"
#include "session/Find.h"
#include "session/Parameters.h"
#include "session/Points.h"
#include "studio/Catalogue.h"
#include "studio/Solo.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lacquer::studio
{

namespace
{

/// What a VCA fader has: level, mute and solo, as a strip's.
std::span<const Param> vcaTable()
{
    static const auto table = []
    {
        std::vector<Param> all;
        for (const auto id : session::Vca::parameters)
            if (const int n = indexOf (stripTable(), id); n >= 0)
                all.push_back (stripTable()[static_cast<std::size_t> (n)]);
        return all;
    }();
    return table;
}

} // namespace

void Parameters::index (session::SongPtr next, Modulations modulated)
{
    song = std::move (next);
    modulations = std::move (modulated);
    owners.clear();
    driven.clear();
    silent.clear();
    const auto lanes = [this] (const std::vector<session::Lane>& list)
    {
        for (const auto& lane : list)
            if (lane.enabled && ! lane.points.empty())
                driven[{ lane.target, lane.parameter }].lane = &lane;
    };
    const auto effects = [this] (const std::vector<session::EffectPtr>& list)
    {
        for (const auto& e : list)
        {
            const auto* type = effectOf (e->type);
            owners[e->id.value] = { &e->values, type != nullptr ? tableOf (*type) : std::span<const Param> {},
                                    e->on };
        }
    };
    session::forEachStrip (*song,
                           [&] (const session::Strip& strip)
                           {
                               owners[strip.id.value] = { &strip.values, stripTable() };
                               effects (strip.inserts);
                               lanes (strip.lanes);
                           });
    for (const auto& v : song->vcas)
    {
        owners[v->id.value] = { &v->values, vcaTable() };
        lanes (v->lanes);
    }
    effects (song->master->modules);
    lanes (song->master->lanes);
    for (const auto& m : song->modulators)
    {
        owners[m->id.value] = { &m->values, modulatorTable (m->kind) };
        lanes (m->lanes);
        if (m->on)
            for (const auto& t : m->targets)
                driven[{ t.target, t.parameter }].modulated = true;
    }
    for (const auto& [strip, muted] : mutedTogether (*song))
        if (muted)
            silent.insert (strip);
    if (anySolo (*song))
        for (const auto& [strip, open] : openRoutes (*song))
            if ((open & mix::StripBank::outputRoute) == 0)
                silent.insert (strip);
}

std::span<const Param> Parameters::table (Id id) const
{
    const auto found = owners.find (id.value);
    return found != owners.end() ? found->second.table : stripTable();
}

const Param* Parameters::find (Id id, std::string_view param) const
{
    const auto all = table (id);
    const int n = indexOf (all, param);
    return n < 0 ? nullptr : &all[static_cast<std::size_t> (n)];
}

const Parameters::Driven* Parameters::drivenAt (Id id, std::string_view param) const
{
    const auto found = driven.find ({ id, std::string (param) });
    return found != driven.end() ? &found->second : nullptr;
}

double Parameters::value (Id id, std::string_view param, Frames position) const
{
    const auto* p = find (id, param);
    if (p == nullptr)
        return 0;
    const auto owner = owners.find (id.value);
    if (owner == owners.end())
        return p->initial;
    if (const auto* moved = drivenAt (id, param); moved != nullptr && moved->lane != nullptr)
        return session::valueAt (moved->lane->points, position);
    if (! owner->second.on && param == session::effectSwitch)
        return 0;
    const auto& values = *owner->second.values;
    const auto found = values.find (std::string (param));
    return found == values.end() ? p->initial : numberOf (*p, found->second);
}

double Parameters::sounding (Id id, std::string_view param, Frames position) const
{
    const double set = value (id, param, position);
    const auto found = modulations.find ({ id, std::string (param) });
    const auto* p = find (id, param);
    return found == modulations.end() || p == nullptr
               ? set
               : engine::withAdded (*p, set, engine::addedBy (found->second, position));
}

bool Parameters::hasLane (Id id, std::string_view param) const
{
    const auto* moved = drivenAt (id, param);
    return moved != nullptr && moved->lane != nullptr;
}

bool Parameters::moves (Id id, std::string_view param) const
{
    return drivenAt (id, param) != nullptr;
}

bool Parameters::movesAny (Id id, std::string_view prefix) const
{
    const auto next = driven.lower_bound ({ id, std::string (prefix) });
    return next != driven.end() && next->first.first == id && next->first.second.starts_with (prefix);
}

std::optional<std::pair<double, double>> Parameters::movesBetween (Id id, std::string_view param,
                                                                   Frames position) const
{
    const auto* moved = drivenAt (id, param);
    const auto* p = find (id, param);
    if (moved == nullptr || p == nullptr)
        return {};
    double low = value (id, param, position), high = low;
    if (const auto* lane = moved->lane)
    {
        const auto [a, b] =
            std::minmax_element (lane->points.begin(), lane->points.end(),
                                 [] (const auto& x, const auto& y) { return x.value < y.value; });
        low = a->value;
        high = b->value;
    }
    if (moved->modulated)
    {
        double down = 0, up = 0; // what all modulators may add together
        for (const auto& m : song->modulators)
            for (const auto& t : m->targets)
                if (m->on && t.target == id && t.parameter == param)
                {
                    up += t.bipolar ? std::abs (t.depth) : std::max (0.0, t.depth);
                    down += t.bipolar ? std::abs (t.depth) : std::max (0.0, -t.depth);
                }
        const bool octaves = p->taper == Taper::logarithmic;
        low = octaves ? low * std::exp2 (-down) : low - down;
        high = octaves ? high * std::exp2 (up) : high + up;
    }
    return std::pair (std::max (low, static_cast<double> (p->min)),
                      std::min (high, static_cast<double> (p->max)));
}

} // namespace lacquer::studio
