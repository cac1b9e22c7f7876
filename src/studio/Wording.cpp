// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Wording.h"

#include "session/Find.h"
#include "studio/Catalogue.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

namespace lacquer::studio
{

namespace
{

std::string smallFirst (std::string_view name)
{
    std::string text (name);
    const auto capital = [] (char c) { return c >= 'A' && c <= 'Z'; };
    if (text.size() > 1 && capital (text[0]) && ! capital (text[1]))
        text[0] = static_cast<char> (text[0] - 'A' + 'a');
    return text;
}

} // namespace

std::string consoleName (const Param& p)
{
    const auto dot = p.id.rfind ('.');
    const auto head = p.id.substr (0, dot);
    const auto under = [&] (const std::string& what, std::string_view own)
    {
        // "Send level" under "Send 2" is "Send 2 level"; "Band" under "EQ band 3" says no more than that.
        std::string_view rest = p.name;
        if (rest == own)
            return what;
        if (rest.starts_with (own) && rest.size() > own.size() && rest[own.size()] == ' ')
            rest.remove_prefix (own.size() + 1);
        return what + " " + smallFirst (rest);
    };
    if (head.starts_with ("eq.band"))
        return under ("EQ band " + std::string (head.substr (7)), "Band");
    if (head.starts_with ("send"))
        return under ("Send " + std::string (head.substr (4)), "Send");
    if (head == "comp")
        return under ("Compressor", "Compressor");
    if (head == "sat")
        return under ("Saturation", "Saturation");
    return std::string (p.name);
}

std::vector<std::string> namesOf (const std::vector<session::EffectPtr>& effects)
{
    std::vector<std::string> names;
    std::map<std::string, int> count;
    for (const auto& e : effects)
    {
        const auto* type = effectOf (e->type);
        auto name = type != nullptr ? std::string (type->name) : session::nameToShow (e->type);
        if (const int n = ++count[e->type]; n > 1)
            name += " " + std::to_string (n);
        names.push_back (std::move (name));
    }
    return names;
}

std::string settingOf (const session::Project& project, Id target, const Param& p)
{
    if (const auto* strip = session::stripOf (project, target))
        return consoleName (p) + ", " + strip->name;
    if (const auto* vca = session::vcaOf (project, target))
        return std::string (p.name) + ", " + vca->name;
    if (const auto* modulator = session::modulatorOf (project, target))
        return std::string (p.name) + ", " + modulator->name;
    const Id owner = session::ownerOf (project, target);
    const auto* strip = session::stripOf (project, owner);
    const auto* master = session::masterOf (project, owner);
    if (strip == nullptr && master == nullptr)
        return std::string (p.name);
    const auto& effects = strip != nullptr ? strip->inserts : master->modules;
    const auto names = namesOf (effects);
    const auto at = std::find_if (effects.begin(), effects.end(), [&] (auto& e) { return e->id == target; });
    return names[static_cast<std::size_t> (at - effects.begin())] + " " + smallFirst (p.name) + ", " +
           (strip != nullptr ? strip->name : "master");
}

std::vector<Differing> differing (std::span<const Param> table, const session::Values& before,
                                  const session::Values& after, bool console)
{
    std::vector<Differing> all;
    const auto a = numbersOf (table, before), b = numbersOf (table, after);
    for (std::size_t n = 0; n < table.size(); ++n)
        if (a[n] != b[n])
            all.push_back ({ console ? consoleName (table[n]) : std::string (table[n].name),
                             lacquer::textOf (table[n], static_cast<double> (a[n])),
                             lacquer::textOf (table[n], static_cast<double> (b[n])) });
    return all;
}

std::string stripName (const session::Song& song, Id id)
{
    std::string name = "nothing";
    session::forEachStrip (song,
                           [&] (const session::Strip& s)
                           {
                               if (s.id == id)
                                   name = session::nameOf (s);
                           });
    return name;
}

std::string counted (std::size_t n, std::string_view what)
{
    return std::to_string (n) + " " + std::string (what) + (n == 1 ? "" : "s");
}

std::string milliseconds (Frames frames, double rate)
{
    std::array<char, 48> text {};
    std::snprintf (text.data(), text.size(), "%.2f ms", 1000.0 * static_cast<double> (frames) / rate);
    return text.data();
}

} // namespace lacquer::studio
