// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Compare.h"

#include "session/Find.h"
#include "session/RoutingEdits.h"
#include "session/Sentence.h"
#include "session/Words.h"
#include "studio/Catalogue.h"
#include "studio/Modulators.h"
#include "studio/Wording.h"

#include <algorithm>
#include <map>
#include <set>

namespace lacquer::studio
{

namespace
{

using session::EffectPtr;
using session::Project;
using session::Song;
using session::Strip;

std::string quoted (const std::string& name)
{
    return "\"" + session::nameToShow (name) + "\"";
}

/// Things of two lists that are the same; null where there is no other. Those of `after` that are new come
/// last.
template <typename T, typename IdOf, typename Same>
std::vector<std::pair<const T*, const T*>> pairs (const std::vector<const T*>& before,
                                                  const std::vector<const T*>& after, const IdOf& idOf,
                                                  const Same& same)
{
    std::vector<std::pair<const T*, const T*>> all;
    std::set<const T*> taken;
    for (const auto* a : before)
    {
        auto at = std::find_if (after.begin(), after.end(),
                                [&] (const T* b) { return idOf (*a) == idOf (*b) && same (*a, *b); });
        all.emplace_back (a, at == after.end() ? nullptr : *at);
        if (at != after.end())
            taken.insert (*at);
    }
    for (auto& [a, b] : all)
        if (b == nullptr)
            for (const auto* other : after)
                if (! taken.contains (other) && same (*a, *other))
                {
                    b = other;
                    taken.insert (other);
                    break;
                }
    for (const auto* b : after)
        if (! taken.contains (b))
            all.emplace_back (nullptr, b);
    return all;
}

class Comparison
{
public:
    Comparison (const Project& pa, const Song& sa, const Project& pb, const Song& sb)
        : projectA (pa), projectB (pb), a (sa), b (sb)
    {
    }

    std::vector<std::string> all()
    {
        const auto strips = [] (const Song& s)
        {
            std::vector<const Strip*> list;
            session::forEachStrip (s, [&] (const Strip& one) { list.push_back (&one); });
            return list;
        };
        const auto matched = pairs<Strip> (
            strips (a), strips (b), [] (const Strip& s) { return s.id; },
            [&] (const Strip& x, const Strip& y)
            { return x.kind == y.kind && (x.id == y.id || (x.name == y.name && ! known (y.id))); });
        for (const auto& [x, y] : matched)
        {
            if (x != nullptr && y != nullptr)
                same[x->id] = y->id;
            if (y == nullptr)
                say (session::capital (session::nameOf (*x)) + " was removed.");
            else if (x == nullptr)
                say (session::capital (session::nameOf (*y)) + " was added.");
            else if (x->name != y->name)
                say (session::capital (session::nameOf (*x)) + " is now called " + quoted (y->name) + ".");
        }
        for (const auto& [x, y] : matched)
            if (x != nullptr && y != nullptr)
                strip (*x, *y);
        vcas();
        muteGroups();
        modulators();
        effects ("The master", a.master->modules, b.master->modules);
        lanes ("The master", a.master->lanes, b.master->lanes, a.master->modules, b.master->modules);
        if (a.master->target != b.master->target)
            say ("The target is " + named (b.master->target) + " (before: " + named (a.master->target) +
                 ").");
        if (a.tempi != b.tempi || a.metres != b.metres)
            say ("The tempo or the metre changed.");
        if (a.markers != b.markers)
            say ("The markers changed.");
        if (a.end != b.end)
            say ("The end of the song changed.");
        if (a.name != b.name)
            say ("The song is now called " + quoted (b.name) + ".");
        if (a.notes != b.notes)
            say ("The notes of the song changed.");
        return std::move (sentences);
    }

private:
    void say (std::string sentence) { sentences.push_back (std::move (sentence)); }
    static std::string named (const std::string& text) { return text.empty() ? "none" : text; }

    bool known (Id id) const
    {
        bool found = false;
        session::forEachStrip (a, [&] (const Strip& s) { found = found || s.id == id; });
        return found;
    }
    /// Whether an id of before and one of now mean the same strip, or both nothing.
    bool alike (Id before, Id after) const
    {
        if (! before || ! after)
            return ! before && ! after;
        const auto at = same.find (before);
        return at != same.end() && at->second == after;
    }

    void values (const std::string& who, std::span<const Param> table, const session::Values& x,
                 const session::Values& y, bool console)
    {
        for (const auto& d : differing (table, x, y, console))
            if (d.name != "Solo")
                say (who + ": " + d.name + " " + d.before + " -> " + d.after + ".");
    }

    void strip (const Strip& x, const Strip& y)
    {
        const auto who = session::capital (session::nameOf (y));
        if (session::formOf (x) != session::formOf (y))
            say (who + " is " + std::string (session::wordOf (session::formOf (y))) +
                 " (before: " + std::string (session::wordOf (session::formOf (x))) + ").");
        if (x.disabled != y.disabled)
            say (who + (y.disabled ? " is disabled." : " is no longer disabled."));
        values (who, stripTable(), x.values, y.values, true);
        if (! alike (x.output, y.output))
            say (who + " goes to " + stripName (b, y.output) + " (before: " + stripName (a, x.output) + ").");
        for (std::size_t n = 0; n < x.sends.size(); ++n)
            if (! alike (x.sends[n], y.sends[n]))
                say (who + ": send " + std::to_string (n + 1) + " goes to " + stripName (b, y.sends[n]) +
                     " (before: " + stripName (a, x.sends[n]) + ").");
        effects (who, x.inserts, y.inserts);
        lanes (who, x.lanes, y.lanes, x.inserts, y.inserts);
        if (x.label != y.label || x.notes != y.notes || x.tags != y.tags)
            say (who + ": its label, notes or tags changed.");
        if (x.kind == session::StripKind::track)
            for (const auto& s : a.tracks)
                for (const auto& t : b.tracks)
                    if (s->strip.id == x.id && t->strip.id == y.id)
                        track (who, *s, *t);
    }

    void track (const std::string& who, const session::Track& x, const session::Track& y)
    {
        if (x.delay != y.delay)
            say (who + ": delay " + milliseconds (x.delay, projectA.sampleRate) + " -> " +
                 milliseconds (y.delay, projectB.sampleRate) + ".");
        if (static_cast<bool> (x.frozen) != static_cast<bool> (y.frozen))
            say (who + (y.frozen ? " is frozen." : " is no longer frozen."));
        const auto clips = [] (const session::Track& t)
        {
            std::map<Id, const session::Clip*> all;
            for (const auto& c : t.clips)
                all[c->id] = c.get();
            return all;
        };
        const auto before = clips (x), after = clips (y);
        std::size_t changed = 0, gone = 0;
        for (const auto& [id, clip] : before)
        {
            const auto at = after.find (id);
            if (at == after.end())
                ++gone;
            else if (const auto* m = session::mediaOf (projectA, clip->media),
                     *n = session::mediaOf (projectB, at->second->media);
                     m == nullptr || n == nullptr || m->path != n->path || m->hash != n->hash)
                ++changed;
            else
            {
                auto copy = *at->second;
                copy.media = clip->media;
                changed += copy == *clip ? 0 : 1;
            }
        }
        std::size_t fresh = 0;
        for (const auto& [id, clip] : after)
            fresh += before.contains (id) ? 0 : 1;
        // A version that came back with new ids: the same clips under other names.
        if (gone == before.size() && fresh == after.size() && gone == fresh)
            changed = gone = fresh = clipsAlike (x, y) ? 0 : gone;
        const auto tell = [&] (std::size_t count, const char* what)
        {
            if (count > 0)
                say (who + ": " + std::to_string (count) + (count == 1 ? " clip was " : " clips were ") +
                     what + ".");
        };
        tell (changed, "changed");
        tell (gone, "removed");
        tell (fresh, "added");
    }

    bool clipsAlike (const session::Track& x, const session::Track& y) const
    {
        for (std::size_t n = 0; n < x.clips.size(); ++n)
        {
            auto copy = *y.clips[n];
            copy.id = x.clips[n]->id;
            const auto *m = session::mediaOf (projectA, x.clips[n]->media),
                       *o = session::mediaOf (projectB, copy.media);
            copy.media = x.clips[n]->media;
            if (! (copy == *x.clips[n]) || m == nullptr || o == nullptr || m->path != o->path)
                return false;
        }
        return true;
    }

    void effects (const std::string& who, const std::vector<EffectPtr>& x, const std::vector<EffectPtr>& y)
    {
        const auto list = [] (const std::vector<EffectPtr>& all)
        {
            std::vector<const session::Effect*> pointers;
            for (const auto& e : all)
                pointers.push_back (e.get());
            return pointers;
        };
        const auto namesX = namesOf (x), namesY = namesOf (y);
        const auto nameIn = [] (const std::vector<EffectPtr>& all, const std::vector<std::string>& names,
                                const session::Effect* e)
        {
            for (std::size_t n = 0; n < all.size(); ++n)
                if (all[n].get() == e)
                    return names[n];
            return std::string();
        };
        std::vector<std::size_t> order;
        for (const auto& [e, f] : pairs<session::Effect> (
                 list (x), list (y), [] (const session::Effect&one) { return one.id; },
                 [] (const session::Effect&one, const session::Effect&two) { return one.type == two.type; }))
        {
            if (f == nullptr)
                say (who + ": " + nameIn (x, namesX, e) + " was removed.");
            else if (e == nullptr)
                say (who + ": " + nameIn (y, namesY, f) + " was added" +
                     (f->on ? std::string (".") : std::string (", bypassed.")));
            else
            {
                order.push_back (static_cast<std::size_t> (std::find_if (y.begin(), y.end(),
                                                                         [&, now = f] (const EffectPtr& one)
                                                                         { return one.get() == now; }) -
                                                           y.begin()));
                effect (who + ", " + nameIn (y, namesY, f), *e, *f);
            }
        }
        if (! std::is_sorted (order.begin(), order.end()))
            say (who + ": the order of the effects changed.");
    }

    void effect (const std::string& who, const session::Effect& x, const session::Effect& y)
    {
        if (x.on != y.on)
            say (who + (y.on ? ": switched on." : ": bypassed."));
        if (x.postConsole != y.postConsole)
            say (who + (y.postConsole ? ": after the console part now." : ": before the console part now."));
        if (! alike (x.sidechain, y.sidechain))
            say (who + ": its key is " + stripName (b, y.sidechain) +
                 " (before: " + stripName (a, x.sidechain) + ").");
        const auto *m = session::mediaOf (projectA, x.media), *n = session::mediaOf (projectB, y.media);
        if ((m == nullptr) != (n == nullptr) || (m != nullptr && m->path != n->path))
            say (who + ": its recording changed.");
        if (const auto* type = effectOf (x.type))
            values (who, tableOf (*type), x.values, y.values, false);
        else if (x.values != y.values)
            say (who + ": its settings changed.");
    }

    static std::string laneKey (const session::Lane& l, const std::vector<EffectPtr>& all)
    {
        for (std::size_t n = 0; n < all.size(); ++n)
            if (all[n]->id == l.target)
                return namesOf (all)[n] + " " + l.parameter;
        return l.parameter;
    }
    void lanes (const std::string& who, const std::vector<session::Lane>& x,
                const std::vector<session::Lane>& y, const std::vector<EffectPtr>& effectsX,
                const std::vector<EffectPtr>& effectsY)
    {
        std::map<std::string, const session::Lane*> before, after;
        for (const auto& l : x)
            before[laneKey (l, effectsX)] = &l;
        for (const auto& l : y)
            after[laneKey (l, effectsY)] = &l;
        for (const auto& [key, lane] : before)
            if (const auto at = after.find (key); at == after.end())
                say (who + ": the automation of " + session::nameToShow (key) + " was removed.");
            else if (at->second->points != lane->points || at->second->enabled != lane->enabled)
                say (who + ": the automation of " + session::nameToShow (key) + " changed.");
        for (const auto& [key, lane] : after)
            if (! before.contains (key))
                say (who + ": " + session::nameToShow (key) + " is automated.");
    }

    void vcas()
    {
        const auto list = [] (const Song& s)
        {
            std::vector<const session::Vca*> all;
            for (const auto& v : s.vcas)
                all.push_back (v.get());
            return all;
        };
        for (const auto& [x, y] : pairs<session::Vca> (
                 list (a), list (b), [] (const session::Vca&v) { return v.id; },
                 [] (const session::Vca&v, const session::Vca&w)
                 { return v.id == w.id || v.name == w.name; }))
        {
            const auto who = "The VCA fader " + quoted ((y != nullptr ? y : x)->name);
            if (x == nullptr || y == nullptr)
            {
                say (who + (y == nullptr ? " was removed." : " was added."));
                continue;
            }
            values (who, stripTable(), x->values, y->values, true);
            if (x->members.size() != y->members.size() ||
                ! std::equal (x->members.begin(), x->members.end(), y->members.begin(),
                              [&] (Id p, Id q) { return p == q || alike (p, q); }))
                say (who + ": its members changed.");
            lanes (who, x->lanes, y->lanes, {}, {});
        }
    }

    void muteGroups()
    {
        std::map<std::string, bool> before, after;
        for (const auto& g : a.muteGroups)
            before[g.name] = g.on;
        for (const auto& g : b.muteGroups)
            after[g.name] = g.on;
        for (const auto& [name, on] : before)
            if (const auto at = after.find (name); at == after.end())
                say ("The mute group " + quoted (name) + " was removed.");
            else if (at->second != on)
                say ("The mute group " + quoted (name) + (on ? " is off." : " is on."));
        for (const auto& [name, on] : after)
            if (! before.contains (name))
                say ("The mute group " + quoted (name) + " was added.");
    }

    void modulators()
    {
        const auto list = [] (const Song& s)
        {
            std::vector<const session::Modulator*> all;
            for (const auto& m : s.modulators)
                all.push_back (m.get());
            return all;
        };
        for (const auto& [x, y] : pairs<session::Modulator> (
                 list (a), list (b), [] (const session::Modulator&m) { return m.id; },
                 [] (const session::Modulator&m, const session::Modulator&n)
                 { return m.kind == n.kind && (m.id == n.id || m.name == n.name); }))
        {
            const auto who = "The modulator " + quoted ((y != nullptr ? y : x)->name);
            if (x == nullptr || y == nullptr)
            {
                say (who + (y == nullptr ? " was removed." : " was added."));
                continue;
            }
            if (x->on != y->on)
                say (who + (y->on ? " is on." : " is off."));
            values (who, modulatorTable (y->kind), x->values, y->values, false);
            const auto moved = [] (const session::Modulation& p, const session::Modulation& q)
            { return p.parameter == q.parameter && p.depth == q.depth && p.bipolar == q.bipolar; };
            if (! alike (x->source, y->source) || ! std::equal (x->targets.begin(), x->targets.end(),
                                                                y->targets.begin(), y->targets.end(), moved))
                say (who + ": what it follows or moves changed.");
            lanes (who, x->lanes, y->lanes, {}, {});
        }
    }

    const Project &projectA, &projectB;
    const Song &a, &b;
    std::map<Id, Id> same;
    std::vector<std::string> sentences;
};

} // namespace

std::vector<std::string> differences (const Project& before, const Song& a, const Project& after,
                                      const Song& b)
{
    return Comparison (before, a, after, b).all();
}

} // namespace lacquer::studio
