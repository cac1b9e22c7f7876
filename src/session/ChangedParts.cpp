// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ChangedParts.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace lacquer::session
{

namespace
{

using Part = ChangedPart::Part;

template <typename T>
const T& partOf (const std::shared_ptr<const T>& shared)
{
    return *shared;
}
template <typename T>
const T& partOf (const T& value)
{
    return value;
}

template <typename T>
Id keyOf (const T& part)
{
    return part.id;
}
Id keyOf (const Track& track)
{
    return track.strip.id;
}
std::pair<Id, std::string> keyOf (const Lane& lane)
{
    return { lane.target, lane.parameter };
}

struct KeyHash
{
    std::size_t operator() (Id id) const { return std::hash<Id>() (id); }
    std::size_t operator() (const std::pair<Id, std::string>& key) const
    {
        return std::hash<Id>() (key.first) ^ std::hash<std::string>() (key.second);
    }
};

/// The stretches in which two lists differ, without what they share at both ends.
template <typename List>
auto middles (const List& a, const List& b)
{
    auto [i, j] = std::mismatch (a.begin(), a.end(), b.begin(), b.end());
    auto m = a.end();
    auto n = b.end();
    while (m != i && n != j && *(m - 1) == *(n - 1))
    {
        --m;
        --n;
    }
    return std::pair (std::pair (i, m), std::pair (j, n));
}

/// Calls tell (before, after) for every part of two lists that is not one and the same, null where it is
/// missing.
template <typename List, typename Tell>
void compare (const List& a, const List& b, const Tell& tell)
{
    using T = std::remove_cvref_t<decltype (partOf (a.front()))>;
    const auto [was, is] = middles (a, b);
    std::unordered_map<decltype (keyOf (std::declval<const T&>())), const T*, KeyHash> old;
    for (auto k = was.first; k != was.second; ++k)
        old.emplace (keyOf (partOf (*k)), &partOf (*k));
    for (auto k = is.first; k != is.second; ++k)
    {
        const T& now = partOf (*k);
        const T* before = nullptr;
        if (const auto found = old.find (keyOf (now)); found != old.end())
        {
            before = found->second;
            old.erase (found);
        }
        if (before != &now)
            tell (before, &now);
    }
    for (auto k = was.first; k != was.second; ++k)
        if (const T& gone = partOf (*k); old.contains (keyOf (gone)))
            tell (&gone, static_cast<const T*> (nullptr));
}

/// What was taken to another place among its like: one where that explains the order, else all between.
template <typename List>
std::vector<Id> movedIn (const List& before, const List& after)
{
    if (before == after)
        return {};
    const auto keys = [] (const List& all, const List& others)
    {
        std::vector<Id> sorted, kept;
        for (const auto& part : others)
            sorted.push_back (keyOf (partOf (part)));
        std::sort (sorted.begin(), sorted.end());
        for (const auto& part : all)
            if (const Id id = keyOf (partOf (part)); std::binary_search (sorted.begin(), sorted.end(), id))
                kept.push_back (id);
        return kept;
    };
    const auto a = keys (before, after), b = keys (after, before);
    const auto [was, is] = middles (a, b);
    std::vector<Id> all (is.first, is.second);
    if (all.size() < 2)
        return all;
    if (std::equal (was.first + 1, was.second, is.first)) // the first went to the end
        return { all.back() };
    if (std::equal (was.first, was.second - 1, is.first + 1)) // the last went to the front
        return { all.front() };
    return all;
}

/// The parameter in whose value alone two tables differ; empty: in more.
std::string onlyOther (const Values& a, const Values& b)
{
    std::string only;
    const auto look = [&] (const Values& mine, const Values& other, bool missingOnly)
    {
        for (const auto& [id, value] : mine)
        {
            const auto found = other.find (id);
            if (found == other.end() || (! missingOnly && found->second != value))
            {
                if (! only.empty())
                    return false;
                only = id;
            }
        }
        return true;
    };
    return look (a, b, false) && look (b, a, true) ? only : std::string();
}

/// The parameter that is all in which two parts differ that have been made equal otherwise; empty: more is.
template <typename T>
std::string onlyValue (T before, const T& after)
{
    auto only = onlyOther (before.values, after.values);
    before.values = after.values;
    return before == after ? only : std::string();
}

class Found
{
public:
    std::vector<ChangedPart> all;

    void track (const Track* before, const Track* after)
    {
        if (before == nullptr || after == nullptr)
            return add (Part::strip, (after != nullptr ? after : before)->strip.id);
        auto x = *before; // without what is told by itself
        const auto& y = *after;
        x.clips = y.clips;
        const auto seen = all.size();
        strip (&before->strip, &y.strip);
        x.strip = y.strip;
        if (! (x == y))
        {
            if (seen < all.size() && all[seen].part == Part::strip)
                all[seen].parameter.clear();
            else
                all.insert (all.begin() + static_cast<std::ptrdiff_t> (seen),
                            { Part::strip, y.strip.id, {}, {}, 0, 0 });
        }
        compare (before->clips, y.clips,
                 [&] (const Clip* was, const Clip* is)
                 {
                     if (was != nullptr && is != nullptr && *was == *is)
                         return;
                     const auto& c = is != nullptr ? *is : *was;
                     auto& into = is != nullptr ? all : gone;
                     into.push_back ({ Part::clip, c.id, y.strip.id, {}, c.start, c.start + c.length });
                 });
    }
    void strip (const Strip* before, const Strip* after)
    {
        if (before == nullptr || after == nullptr)
            return add (Part::strip, (after != nullptr ? after : before)->id);
        auto x = *before;
        x.inserts = after->inserts;
        x.lanes = after->lanes;
        if (! (x == *after))
            add (Part::strip, after->id, {}, onlyValue (std::move (x), *after));
        effects (after->id, before->inserts, after->inserts);
        lanes (after->id, before->lanes, after->lanes);
    }
    void vca (const Vca* before, const Vca* after)
    {
        if (before == nullptr || after == nullptr)
            return add (Part::strip, (after != nullptr ? after : before)->id);
        auto x = *before;
        x.lanes = after->lanes;
        if (! (x == *after))
            add (Part::strip, after->id, {}, onlyValue (std::move (x), *after));
        lanes (after->id, before->lanes, after->lanes);
    }
    void modulator (const Modulator* before, const Modulator* after)
    {
        if (before == nullptr || after == nullptr)
            return add (Part::modulator, (after != nullptr ? after : before)->id);
        auto x = *before;
        x.lanes = after->lanes;
        if (! (x == *after))
            add (Part::modulator, after->id, {}, onlyValue (std::move (x), *after));
        lanes (after->id, before->lanes, after->lanes);
    }
    void effects (Id owner, const std::vector<EffectPtr>& before, const std::vector<EffectPtr>& after)
    {
        compare (before, after,
                 [&] (const Effect* was, const Effect* is)
                 {
                     if (was == nullptr || is == nullptr)
                         add (Part::effect, (is != nullptr ? is : was)->id, owner);
                     else if (! (*was == *is))
                         add (Part::effect, is->id, owner, onlyValue (*was, *is));
                 });
        for (const Id id : movedIn (before, after))
            if (! named (Part::effect, id))
                add (Part::effect, id, owner);
    }
    void lanes (Id owner, const std::vector<Lane>& before, const std::vector<Lane>& after)
    {
        compare (
            before, after,
            [&] (const Lane* was, const Lane* is)
            {
                static const std::vector<AutomationPoint> none;
                const auto &a = was != nullptr ? was->points : none, &b = is != nullptr ? is->points : none;
                const auto& lane = is != nullptr ? *is : *was;
                if (was != nullptr && is != nullptr && *was == *is)
                    return;
                ChangedPart d { Part::lane, lane.target, owner, lane.parameter, 0, ChangedPart::everywhere };
                if (a != b)
                {
                    const auto [x, y] = middles (a, b);
                    d.begin = ChangedPart::everywhere;
                    d.end = 0;
                    for (const auto& [first, last] : { x, y })
                        if (first != last)
                        {
                            d.begin = std::min (d.begin, first->position);
                            d.end = std::max (d.end, (last - 1)->position);
                        }
                }
                all.push_back (std::move (d));
            });
    }
    /// Those of a list that were taken to another place.
    template <typename List>
    void order (const List& before, const List& after)
    {
        for (const Id id : movedIn (before, after))
            if (! named (Part::strip, id))
                add (Part::strip, id);
    }
    void marker (const Marker* before, const Marker* after)
    {
        if (before != nullptr && after != nullptr && *before == *after)
            return;
        const auto& m = after != nullptr ? *after : *before;
        (after != nullptr ? all : gone)
            .push_back ({ Part::marker, m.id, {}, {}, m.position, m.position + m.length });
    }
    /// What went to another track is not gone.
    void takeGone()
    {
        if (gone.empty())
            return;
        std::vector<Id> there;
        for (const auto& d : all)
            if (d.part == Part::clip)
                there.push_back (d.id);
        std::sort (there.begin(), there.end());
        for (auto& d : gone)
            if (d.part != Part::clip || ! std::binary_search (there.begin(), there.end(), d.id))
                all.push_back (std::move (d));
    }
    void add (Part part, Id id, Id owner = {}, std::string parameter = {})
    {
        all.push_back ({ part, id, owner, std::move (parameter), 0, 0 });
    }

private:
    bool named (Part part, Id id) const
    {
        return std::any_of (all.begin(), all.end(),
                            [&] (const ChangedPart& d) { return d.part == part && d.id == id; });
    }
    std::vector<ChangedPart> gone;
};

} // namespace

std::vector<ChangedPart> changedParts (const Song& before, const Song& after)
{
    if (&before == &after || before.id != after.id)
        return {};
    Found found;
    compare (before.tracks, after.tracks, [&] (const Track* a, const Track* b) { found.track (a, b); });
    found.order (before.tracks, after.tracks);
    for (const auto list : { &Song::groups, &Song::returns })
    {
        compare (before.*list, after.*list, [&] (const Strip* a, const Strip* b) { found.strip (a, b); });
        found.order (before.*list, after.*list);
    }
    compare (std::vector { before.mix }, std::vector { after.mix },
             [&] (const Strip* a, const Strip* b) { found.strip (a, b); });
    compare (before.vcas, after.vcas, [&] (const Vca* a, const Vca* b) { found.vca (a, b); });
    found.order (before.vcas, after.vcas);
    if (before.master != after.master)
    {
        found.effects (after.master->id, before.master->modules, after.master->modules);
        found.lanes (after.master->id, before.master->lanes, after.master->lanes);
    }
    compare (before.modulators, after.modulators,
             [&] (const Modulator* a, const Modulator* b) { found.modulator (a, b); });
    compare (before.markers, after.markers, [&] (const Marker* a, const Marker* b) { found.marker (a, b); });
    if (before.tempi != after.tempi || before.metres != after.metres)
        found.add (Part::tempo, {});
    found.takeGone();
    return std::move (found.all);
}

} // namespace lacquer::session
