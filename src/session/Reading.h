// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Address.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/Numbers.h"
#include "session/Words.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

/// How the registry reads the arguments of an edit, inside session only.
namespace lacquer::session::reading
{

using Type = Argument::Type;

inline Problem badArgument (std::string_view name, std::string_view text, std::string_view wanted)
{
    return { "\"" + nameToShow (text) + "\" is not " + std::string (wanted) + " for " + std::string (name) +
             "." };
}

template <typename T>
std::optional<T> numberIn (std::string_view text)
{
    T value {};
    const auto [end, error] = std::from_chars (text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    if constexpr (std::is_floating_point_v<T>)
        if (! std::isfinite (value))
            return std::nullopt;
    return value;
}

inline std::string_view trimmed (std::string_view t)
{
    while (! t.empty() && (t.front() == ' ' || t.front() == '\n' || t.front() == '\t'))
        t.remove_prefix (1);
    while (! t.empty() && (t.back() == ' ' || t.back() == '\n' || t.back() == '\t'))
        t.remove_suffix (1);
    return t;
}

inline std::vector<std::string_view> cut (std::string_view text, char at)
{
    std::vector<std::string_view> parts;
    for (;;)
    {
        const auto n = text.find (at);
        parts.push_back (trimmed (text.substr (0, n)));
        if (n == std::string_view::npos)
            return parts;
        text.remove_prefix (n + 1);
    }
}

/// The parts point into the text, which must therefore outlive them.
std::vector<std::string_view> cut (std::string&& text, char at) = delete;

/// Thrown from a reader of an argument up to run(), inside the files of the registry only.
struct Refusal
{
    Problem problem;
};

/// The arguments of one edit, read by their type.
class Reader
{
public:
    Reader (const Project& p, const Arguments& a, const Catalogue& c)
        : project (p), catalogue (c), arguments (a)
    {
    }

    const Project& project;
    const Catalogue& catalogue;

    bool has (const std::string& name) const { return arguments.contains (name); }
    std::string text (const std::string& name, std::string initial = {}) const
    {
        const auto at = arguments.find (name);
        return at == arguments.end() ? initial : at->second;
    }
    double number (const std::string& name, double initial = 0) const
    {
        return has (name) ? orRefuse (numberFrom (name, text (name))) : initial;
    }
    std::int64_t whole (const std::string& name, std::int64_t initial = 0) const
    {
        if (! has (name))
            return initial;
        const auto v = numberIn<std::int64_t> (text (name));
        if (! v)
            throw Refusal { badArgument (name, text (name), "a whole number") };
        return *v;
    }
    /// A place in a list: counted from 1 by people, from 0 inside.
    std::size_t index (const std::string& name) const
    {
        const auto n = whole (name, 1);
        if (n < 1)
            throw Refusal { badArgument (name, text (name), "a place counted from 1") };
        return static_cast<std::size_t> (n - 1);
    }
    bool flag (const std::string& name, bool initial = false) const
    {
        if (! has (name))
            return initial;
        const auto t = text (name);
        if (t == "on" || t == "true" || t == "yes" || t == "1")
            return true;
        if (t == "off" || t == "false" || t == "no" || t == "0")
            return false;
        throw Refusal { { "\"" + nameToShow (t) + "\" is neither on nor off." } };
    }
    template <typename E>
    E word (const std::string& name, E initial) const
    {
        if (! has (name))
            return initial;
        const auto e = fromWord<E> (text (name));
        if (! e)
            throw Refusal { badArgument (name, text (name), wordList<E>()) };
        return *e;
    }
    Id numbered (const std::string& name, std::string_view kind) const
    {
        std::string_view t = arguments.at (name);
        const auto head = std::string (kind) + ":";
        if (t.starts_with (head))
            t.remove_prefix (head.size());
        const auto id = numberIn<std::uint64_t> (t);
        if (! id)
            throw Refusal { badArgument (name, text (name), "a " + std::string (kind) + ":ID") };
        return { *id };
    }
    Place place (const std::string& name) const
    {
        auto r = found (project, text (name), catalogue);
        if (! r)
            throw Refusal { r.problem() };
        return *r;
    }
    Id song (const std::string& name = "song") const
    {
        if (! has (name))
            return project.songs.front()->id;
        auto t = text (name);
        if (! t.starts_with ("song:"))
            t = "song:" + t;
        auto r = found (project, t, catalogue);
        if (! r)
            throw Refusal { r.problem() };
        return r->song;
    }
    Id strip (const std::string& name) const
    {
        const auto p = place (name);
        if (stripOf (project, p.owner) == nullptr || ! p.parameter.empty() || p.effect)
            throw Refusal { badArgument (name, text (name), "a track, group, return or the mix bus") };
        return p.owner;
    }
    Id vca (const std::string& name) const
    {
        const auto p = place (name);
        if (vcaOf (project, p.owner) == nullptr || ! p.parameter.empty())
            throw Refusal { badArgument (name, text (name), "vca:NAME") };
        return p.owner;
    }
    /// A strip or a VCA fader.
    Id member (const std::string& name) const
    {
        const auto p = place (name);
        return vcaOf (project, p.owner) != nullptr && p.parameter.empty() ? p.owner : strip (name);
    }
    /// "track:Kick, group:Toms"; none for an empty text.
    std::vector<Id> strips (const std::string& name) const { return members (name, false); }
    /// Likewise, VCA faders too.
    std::vector<Id> members (const std::string& name, bool vcas = true) const
    {
        std::vector<Id> all;
        const auto list = text (name);
        for (const auto one : cut (list, ','))
        {
            if (one.empty())
                continue;
            const auto p = orRefuse (found (project, one, catalogue));
            if (! p.owner || p.effect || ! p.parameter.empty() ||
                (stripOf (project, p.owner) == nullptr && ! (vcas && vcaOf (project, p.owner) != nullptr)))
                throw Refusal { badArgument (name, one,
                                             vcas ? "a track, bus or VCA fader" : "a track or bus") };
            all.push_back (p.owner);
        }
        return all;
    }
    /// A mute group by its name in a song, or as mute-group:ID.
    Id muteGroup (const std::string& name) const
    {
        for (const auto& g : songOf (project, song())->muteGroups)
            if (g.name == text (name))
                return g.id;
        const Id id = numbered (name, "mute-group");
        if (muteGroupOf (project, id) == nullptr)
            throw Refusal { badArgument (name, text (name), "a mute group") };
        return id;
    }
    Id chain (const std::string& name) const
    {
        const auto p = place (name);
        if (! p.owner || ! p.parameter.empty() || p.effect)
            throw Refusal { badArgument (name, text (name), "a track, group, return, mix or master") };
        return p.owner;
    }
    Id effect (const std::string& name) const
    {
        const auto p = place (name);
        if (! p.effect || ! p.parameter.empty())
            throw Refusal { badArgument (name, text (name),
                                         "an effect, such as track:NAME/reverb or master/limiter,") };
        return p.effect;
    }
    Place parameter (const std::string& name) const
    {
        auto p = place (name);
        if (! p.target() || p.parameter.empty())
            throw Refusal { badArgument (name, text (name), "the address of a parameter") };
        return p;
    }
    Frames position (const std::string& name, Id song) const
    {
        const auto* s = songOf (project, song);
        if (s == nullptr)
            throw Refusal { { "There is no such song." } };
        const auto r = positionFrom (project, *s, text (name));
        if (! r)
            throw Refusal { r.problem() };
        return *r;
    }
    template <typename T>
    T orRefuse (Result<T> r) const
    {
        if (! r)
            throw Refusal { r.problem() };
        return std::move (*r);
    }

private:
    const Arguments& arguments;
};

using Body = Edit (*) (const Reader&);

/// One template instance per edit turns a Body into the plain function the registry holds.
template <Body body>
Edit run (const Project& p, const Arguments& a, const Catalogue& c)
{
    try
    {
        return body (Reader (p, a, c));
    }
    catch (const Refusal& r)
    {
        return r.problem;
    }
}

} // namespace lacquer::session::reading
