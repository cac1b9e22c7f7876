// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Solo.h"

#include "session/Find.h"
#include "studio/Catalogue.h"

#include <algorithm>
#include <functional>

namespace lacquer::studio
{

using session::Song;
using session::Strip;
using session::StripKind;

bool switchedOn (const session::Values& values, std::string_view parameter)
{
    const auto found = values.find (std::string (parameter));
    if (found == values.end())
        return false;
    const int index = indexOf (stripTable(), parameter);
    return index >= 0 && isOn (numberOf (stripTable()[static_cast<std::size_t> (index)], found->second));
}

namespace
{

/// The strips that VCA faders move, through other VCA faders too.
std::vector<Id> stripsUnder (const Song& song, const session::Vca& vca)
{
    std::vector<Id> open { vca.id }, strips;
    for (std::size_t n = 0; n < open.size(); ++n)
    {
        const auto found = std::find_if (song.vcas.begin(), song.vcas.end(),
                                         [&] (const auto& v) { return v->id == open[n]; });
        if (found == song.vcas.end())
        {
            strips.push_back (open[n]);
            continue;
        }
        for (const Id member : (*found)->members)
            if (std::find (open.begin(), open.end(), member) == open.end())
                open.push_back (member);
    }
    return strips;
}

} // namespace

bool anySolo (const Song& song)
{
    bool any = std::any_of (song.vcas.begin(), song.vcas.end(),
                            [] (const auto& v) { return switchedOn (v->values, "fader.solo"); });
    session::forEachStrip (song, [&] (const Strip& s) { any = any || switchedOn (s.values, "fader.solo"); });
    return any;
}

std::map<Id, mix::StripBank::Routes> openRoutes (const Song& song)
{
    using Bank = mix::StripBank;
    struct Node
    {
        const Strip* strip = nullptr;
        bool soloed = false, full = false; // full: soloed, or playing through groups into what is
        int up = -1, down = -1;            // -1: not known yet
        std::vector<Id> from;              // whose routes lead here
    };
    std::map<Id, Node> nodes;
    std::map<Id, Bank::Routes> open;
    session::forEachStrip (song,
                           [&] (const Strip& s)
                           {
                               nodes[s.id].strip = &s;
                               open[s.id] = Bank::allRoutes;
                           });
    if (! anySolo (song))
        return open;
    const auto solo = [&] (Id id)
    {
        if (const auto found = nodes.find (id); found != nodes.end())
            found->second.soloed = true;
    };
    for (const auto& [id, node] : nodes)
        if (switchedOn (node.strip->values, "fader.solo"))
            solo (id);
    for (const auto& vca : song.vcas)
        if (switchedOn (vca->values, "fader.solo"))
            for (const Id id : stripsUnder (song, *vca))
                solo (id);

    for (const auto& [id, node] : nodes)
    {
        if (const auto to = nodes.find (node.strip->output); to != nodes.end())
            to->second.from.push_back (id);
        for (const Id send : node.strip->sends)
            if (const auto to = nodes.find (send); to != nodes.end())
                to->second.from.push_back (id);
    }
    // The routing has no circle, so both questions end; depth is at most the number of buses in a row.
    const auto isFull = [&] (Id id)
    {
        for (auto at = nodes.find (id); at != nodes.end(); at = nodes.find (at->second.strip->output))
            if (at->second.soloed)
                return true;
        return false;
    };
    for (auto& [id, node] : nodes)
        node.full = isFull (id);
    const std::function<bool (Node&)> leadsUp = [&] (Node& node)
    {
        if (node.up < 0)
        {
            node.up = node.full;
            const auto through = [&] (Id to)
            {
                if (const auto found = nodes.find (to); found != nodes.end() && leadsUp (found->second))
                    node.up = 1;
            };
            through (node.strip->output);
            for (const Id send : node.strip->sends)
                through (send);
        }
        return node.up == 1;
    };
    const std::function<bool (Node&)> carries = [&] (Node& node)
    {
        if (node.down < 0)
        {
            const auto kind = node.strip->kind;
            node.down = node.full || node.strip->soloSafe || kind == StripKind::effectReturn ||
                        kind == StripKind::mix;
            for (const Id id : node.from)
                if (node.down == 0 && carries (nodes.at (id)))
                    node.down = 1;
        }
        return node.down == 1;
    };
    for (auto& [id, node] : nodes)
    {
        if (carries (node))
            continue;
        auto& routes = open[id] = 0;
        const auto leads = [&] (Id to)
        {
            const auto found = nodes.find (to);
            return found != nodes.end() && leadsUp (found->second);
        };
        if (leads (node.strip->output))
            routes |= Bank::outputRoute;
        for (int k = 0; k < Strip::sendSlots; ++k)
            if (leads (node.strip->sends[static_cast<std::size_t> (k)]))
                routes |= Bank::sendRoute (k);
    }
    return open;
}

std::map<Id, bool> mutedTogether (const Song& song)
{
    std::map<Id, bool> muted;
    for (const auto& g : song.muteGroups)
        if (g.on)
            for (const Id id : g.members)
                muted[id] = true;
    for (const auto& vca : song.vcas)
    {
        const bool automated =
            std::any_of (vca->lanes.begin(), vca->lanes.end(),
                         [] (const session::Lane& l)
                         { return l.enabled && ! l.points.empty() && l.parameter == "fader.mute"; });
        if (! automated && switchedOn (vca->values, "fader.mute"))
            for (const Id id : stripsUnder (song, *vca))
                muted[id] = true;
    }
    return muted;
}

} // namespace lacquer::studio
