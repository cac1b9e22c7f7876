// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Find.h"

#include "session/Scene.h"
#include "session/Words.h"

#include <algorithm>
#include <unordered_map>

namespace lacquer::session
{

namespace
{

const Effect* effectIn (const std::vector<EffectPtr>& all, Id id)
{
    for (const auto& e : all)
        if (e->id == id)
            return e.get();
    return nullptr;
}

const Strip* stripIn (const Song& s, Id id)
{
    const Strip* found = nullptr;
    forEachStrip (s,
                  [&] (const Strip& strip)
                  {
                      if (strip.id == id)
                          found = &strip;
                  });
    return found;
}

bool holds (const Song& s, Id id)
{
    if (s.id == id || s.master->id == id || effectIn (s.master->modules, id) != nullptr)
        return true;
    bool found = false;
    forEachStrip (s, [&] (const Strip& strip)
                  { found = found || strip.id == id || effectIn (strip.inserts, id) != nullptr; });
    for (const auto& t : s.tracks)
        for (const auto& c : t->clips)
            found = found || c->id == id;
    for (const auto& m : s.markers)
        found = found || m.id == id;
    for (const auto& v : s.vcas)
        found = found || v->id == id;
    for (const auto& g : s.muteGroups)
        found = found || g.id == id;
    for (const auto& m : s.modulators)
        found = found || m->id == id;
    for (const auto& g : s.editGroups)
        found = found || g.id == id;
    for (const auto& scene : s.scenes)
        found = found || scene->id == id;
    return found;
}

} // namespace

const Song* songOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        if (holds (*s, id))
            return s.get();
    return nullptr;
}

const Track* trackOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        for (const auto& t : s->tracks)
            if (t->strip.id == id)
                return t.get();
    return nullptr;
}

const Strip* stripOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        if (const auto* strip = stripIn (*s, id))
            return strip;
    return nullptr;
}

const Master* masterOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        if (s->master->id == id)
            return s->master.get();
    return nullptr;
}

const Vca* vcaOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        for (const auto& v : s->vcas)
            if (v->id == id)
                return v.get();
    return nullptr;
}

const MuteGroup* muteGroupOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        for (const auto& g : s->muteGroups)
            if (g.id == id)
                return &g;
    return nullptr;
}

const Effect* effectOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
    {
        const auto* found = effectIn (s->master->modules, id);
        forEachStrip (*s,
                      [&] (const Strip& strip)
                      {
                          if (found == nullptr)
                              found = effectIn (strip.inserts, id);
                      });
        if (found != nullptr)
            return found;
    }
    return nullptr;
}

Id ownerOf (const Project& p, Id effect)
{
    Id owner;
    for (const auto& s : p.songs)
    {
        if (effectIn (s->master->modules, effect) != nullptr)
            return s->master->id;
        forEachStrip (*s,
                      [&] (const Strip& strip)
                      {
                          if (effectIn (strip.inserts, effect) != nullptr)
                              owner = strip.id;
                      });
    }
    return owner;
}

const Modulator* modulatorOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        for (const auto& m : s->modulators)
            if (m->id == id)
                return m.get();
    return nullptr;
}

const Media* mediaOf (const Project& p, Id id)
{
    for (const auto& m : p.media)
        if (m.id == id)
            return &m;
    return nullptr;
}

const Clip* clipOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        for (const auto& t : s->tracks)
            for (const auto& c : t->clips)
                if (c->id == id)
                    return c.get();
    return nullptr;
}

const Marker* markerOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        for (const auto& m : s->markers)
            if (m.id == id)
                return &m;
    return nullptr;
}

const EditGroup* editGroupOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        for (const auto& g : s->editGroups)
            if (g.id == id)
                return &g;
    return nullptr;
}

const Scene* sceneOf (const Project& p, Id id)
{
    for (const auto& s : p.songs)
        for (const auto& scene : s->scenes)
            if (scene->id == id)
                return scene.get();
    return nullptr;
}

std::vector<Section> sectionsOf (const Song& s, Frames songEnd)
{
    std::vector<Section> all;
    for (const auto& m : s.markers)
    {
        if (! m.section)
            continue;
        if (! all.empty())
            all.back().end = std::min (all.back().end, m.position);
        all.push_back ({ m.id, m.name, m.colour, m.position,
                         m.length > 0 ? m.position + m.length : std::max (m.position, songEnd) });
    }
    return all;
}

Id trackOfClip (const Project& p, Id clip)
{
    for (const auto& s : p.songs)
        for (const auto& t : s->tracks)
            for (const auto& c : t->clips)
                if (c->id == clip)
                    return t->strip.id;
    return {};
}

namespace
{

/// What leads to what, by number.
struct Ways
{
    std::vector<std::string_view> names;
    std::vector<std::vector<std::size_t>> to;
    std::unordered_map<Id, std::size_t> numbers;

    void add (Id id, std::string_view name)
    {
        numbers.emplace (id, names.size());
        names.push_back (name);
        to.emplace_back();
    }
    void lead (Id from, Id target)
    {
        const auto a = numbers.find (from), b = numbers.find (target);
        if (a != numbers.end() && b != numbers.end())
            to[a->second].push_back (b->second);
    }

    /// The first circle as "A -> B -> A", or nothing.
    std::string circle() const
    {
        // Depth-first with an explicit stack: a file may chain ten thousand groups.
        enum class Mark
        {
            fresh,
            open,
            done
        };
        struct Visit
        {
            std::size_t at, next = 0;
        };
        std::vector<Mark> marks (names.size(), Mark::fresh);
        std::vector<Visit> stack;
        for (std::size_t start = 0; start < names.size(); ++start)
        {
            if (marks[start] != Mark::fresh)
                continue;
            stack.push_back ({ start });
            marks[start] = Mark::open;
            while (! stack.empty())
            {
                auto& top = stack.back();
                if (top.next == to[top.at].size())
                {
                    marks[top.at] = Mark::done;
                    stack.pop_back();
                    continue;
                }
                const auto target = to[top.at][top.next++];
                if (marks[target] == Mark::fresh)
                {
                    marks[target] = Mark::open;
                    stack.push_back ({ target });
                }
                else if (marks[target] == Mark::open)
                {
                    std::string text;
                    auto from = std::find_if (stack.begin(), stack.end(),
                                              [&] (const Visit& v) { return v.at == target; });
                    for (; from != stack.end() && text.size() < 400; ++from)
                        text += nameToShow (names[from->at]) + " -> ";
                    return text + nameToShow (names[target]);
                }
            }
        }
        return {};
    }
};

} // namespace

std::string routingCycle (const Song& s)
{
    Ways ways;
    forEachStrip (s, [&] (const Strip& strip) { ways.add (strip.id, strip.name); });
    forEachStrip (s,
                  [&] (const Strip& strip)
                  {
                      ways.lead (strip.id, strip.output);
                      for (const Id to : strip.sends)
                          ways.lead (strip.id, to);
                      for (const auto& effect : strip.inserts)
                          ways.lead (effect->sidechain, strip.id);
                  });
    return ways.circle();
}

std::string vcaCycle (const Song& s)
{
    Ways ways;
    for (const auto& v : s.vcas)
        ways.add (v->id, v->name);
    for (const auto& v : s.vcas)
        for (const Id member : v->members)
            ways.lead (v->id, member);
    return ways.circle();
}

std::vector<const Vca*> vcasAbove (const Song& s, Id member)
{
    std::vector<const Vca*> above;
    std::vector<Id> open { member };
    for (std::size_t n = 0; n < open.size(); ++n)
        for (const auto& v : s.vcas)
            if (std::find (v->members.begin(), v->members.end(), open[n]) != v->members.end() &&
                std::find (above.begin(), above.end(), v.get()) == above.end())
            {
                above.push_back (v.get());
                open.push_back (v->id);
            }
    return above;
}

Frames lastClipEnd (const Song& s)
{
    Frames end = 0;
    for (const auto& t : s.tracks)
        for (const auto& c : t->clips)
            end = std::max (end, c->start + c->length);
    return end;
}

std::string nameOf (const Strip& s)
{
    switch (s.kind)
    {
        case StripKind::track: return "the track \"" + nameToShow (s.name) + "\"";
        case StripKind::group: return "the group \"" + nameToShow (s.name) + "\"";
        case StripKind::effectReturn: return "the return \"" + nameToShow (s.name) + "\"";
        case StripKind::mix: break;
    }
    return "the mix bus";
}

std::string nameToShow (std::string_view name)
{
    std::string text = readableName (name);
    for (auto& c : text)
        if (static_cast<unsigned char> (c) < 0x20)
            c = ' ';
    if (text.size() <= 60)
        return text;
    std::size_t end = 57;
    while (end > 0 && (static_cast<unsigned char> (text[end]) & 0xc0) == 0x80) // not inside a character
        --end;
    return text.substr (0, end) + "...";
}

bool staysInside (std::string_view path)
{
    if (path.empty() || path.front() == '/')
        return false;
    while (true)
    {
        const auto slash = path.find ('/');
        const auto part = path.substr (0, slash);
        if (part.empty() || part == "." || part == "..")
            return false;
        if (slash == std::string_view::npos)
            return true;
        path.remove_prefix (slash + 1);
    }
}

} // namespace lacquer::session
