// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Address.h"

#include "session/Find.h"
#include "session/Json.h"
#include "session/JsonText.h"

#include <charconv>
#include <cmath>
#include <functional>

namespace lacquer::session
{

namespace
{

using Kind = Address::Kind;

struct Word
{
    std::string_view word;
    Kind kind;
    bool named;
};

constexpr std::array<Word, 11> words { {
    { "song", Kind::song, true },
    { "track", Kind::track, true },
    { "group", Kind::group, true },
    { "return", Kind::effectReturn, true },
    { "bus", Kind::bus, true },
    { "vca", Kind::vca, true },
    { "mix", Kind::mix, false },
    { "master", Kind::master, false },
    { "modulator", Kind::modulator, true },
    { "album", Kind::album, false },
    { "project", Kind::project, false },
} };

Problem noAddress (std::string_view text)
{
    return {
        "\"" + nameToShow (text) + "\" is not an address.",
        {},
        "Write for example track:NAME/eq.band3.gain, group:NAME, return:NAME, mix or master/limiter.ceiling."
    };
}

/// Cuts the text at its first unescaped '/'; the rest is empty without one.
std::string_view cutPart (std::string_view& text)
{
    std::size_t n = 0;
    while (n < text.size() && text[n] != '/')
        n += text[n] == '\\' ? 2 : 1;
    n = std::min (n, text.size());
    const auto part = text.substr (0, n);
    text.remove_prefix (std::min (n + 1, text.size()));
    return part;
}

std::optional<Name> parsedName (std::string_view text)
{
    Name name;
    for (std::size_t n = 0; n < text.size(); ++n)
    {
        if (text[n] == '\\' && n + 1 < text.size())
            name.text += text[++n];
        else if (text[n] == '#')
        {
            const char *from = text.data() + n + 1, *to = text.data() + text.size();
            const auto [end, error] = std::from_chars (from, to, name.number);
            if (error == std::errc {} && end == to && name.number >= 1)
                return name;
            name.number = 1;
            name.text += '#'; // "Take #b" is a name like any other
        }
        else
            name.text += text[n];
    }
    return name;
}

std::string escaped (const Name& name)
{
    std::string out;
    for (const char c : name.text)
    {
        if (c == '/' || c == ':' || c == '#' || c == '\\')
            out += '\\';
        out += c;
    }
    if (name.number > 1)
        out += "#" + std::to_string (name.number);
    return out;
}

std::string listed (const std::vector<std::string>& names)
{
    std::string all;
    for (std::size_t n = 0; n < names.size() && n < 12; ++n)
        all += (n == 0 ? "" : ", ") + nameToShow (names[n]);
    return names.size() > 12 ? all + " ..." : all;
}

Problem noneCalled (std::string_view what, const Name& name, const std::vector<std::string>& there)
{
    return { "There is no " + std::string (what) + " \"" + nameToShow (name.text) + "\"" +
                 (name.number > 1 ? " number " + std::to_string (name.number) : "") + ".",
             {},
             there.empty() ? std::string {} : "There is: " + listed (there) + "." };
}

std::string_view wordOf (StripKind kind)
{
    switch (kind)
    {
        case StripKind::track: return "track";
        case StripKind::group: return "group";
        case StripKind::effectReturn: return "return";
        case StripKind::mix: break;
    }
    return "mix";
}

bool matches (Kind wanted, StripKind have)
{
    switch (wanted)
    {
        case Kind::track: return have == StripKind::track;
        case Kind::group: return have == StripKind::group;
        case Kind::effectReturn: return have == StripKind::effectReturn;
        case Kind::bus: return have == StripKind::group || have == StripKind::effectReturn;
        default: return false;
    }
}

/// The number of a thing among the ones before it with the same name.
template <typename All, typename NameOf, typename Is>
Name numbered (const All& all, const NameOf& nameIn, const Is& is)
{
    for (const auto& one : all)
        if (is (one))
        {
            Name name { nameIn (one), 1 };
            for (const auto& before : all)
            {
                if (is (before))
                    return name;
                if (nameIn (before) == name.text)
                    ++name.number;
            }
        }
    return {};
}

/// "reverb#2" among the effects of a strip or master.
Id effectCalled (const std::vector<EffectPtr>& all, const Name& name)
{
    int number = 0;
    for (const auto& e : all)
        if (e->type == name.text && ++number == name.number)
            return e->id;
    return {};
}

Outcome lookUpParameter (const Project& p, Place& place, const std::string& parameter,
                         const Catalogue& catalogue)
{
    if (const auto* vca = vcaOf (p, place.owner))
    {
        const auto& known = Vca::parameters;
        if (std::find (known.begin(), known.end(), parameter) == known.end())
            return Problem { "There is no \"" + nameToShow (parameter) + "\" on the VCA fader \"" +
                                 nameToShow (vca->name) + "\".",
                             {},
                             "It has fader.level, fader.mute and fader.solo." };
        place.parameter = parameter;
        if (catalogue.console != nullptr)
            place.param = catalogue.console (StripKind::group, parameter);
        return {};
    }
    if (const auto* modulator = modulatorOf (p, place.owner))
    {
        place.parameter = parameter;
        if (catalogue.modulator != nullptr)
            place.param = catalogue.modulator (modulator->kind, parameter);
        if (catalogue.modulator != nullptr && place.param == nullptr)
            return Problem { "There is no setting \"" + nameToShow (parameter) + "\" on the modulator \"" +
                             nameToShow (modulator->name) + "\"." };
        return {};
    }
    const auto* strip = stripOf (p, place.owner);
    const auto* master = masterOf (p, place.owner);
    if (strip != nullptr && catalogue.console != nullptr)
        if (const auto* param = catalogue.console (strip->kind, parameter))
        {
            place.parameter = parameter;
            place.param = param;
            return {};
        }

    const auto dot = parameter.find ('.');
    const auto module = parsedName (std::string_view (parameter).substr (0, dot));
    const auto& effects = strip != nullptr ? strip->inserts : master->modules;
    if (const auto effect = effectCalled (effects, *module))
    {
        place.effect = effect;
        place.parameter = dot == std::string::npos ? "" : parameter.substr (dot + 1);
        if (place.parameter.empty() || catalogue.effect == nullptr)
            return {};
        place.param = catalogue.effect (module->text, place.parameter);
        if (place.param == nullptr && (catalogue.isInsert == nullptr || catalogue.isInsert (module->text) ||
                                       (catalogue.isModule != nullptr && catalogue.isModule (module->text))))
            return Problem { "The effect " + nameToShow (module->text) + " has no parameter \"" +
                             nameToShow (place.parameter) + "\"." };
        return {};
    }
    if (strip != nullptr && catalogue.console == nullptr)
    {
        place.parameter = parameter;
        return {};
    }
    std::vector<std::string> there;
    for (const auto& e : effects)
        there.push_back (e->type);
    const auto owner = strip != nullptr ? nameOf (*strip) : std::string ("the master");
    return Problem { "There is no \"" + nameToShow (parameter) + "\" on " + owner + ".",
                     {},
                     there.empty() ? std::string {} : "Its effects are: " + listed (there) + "." };
}

} // namespace

Result<Address> parsedAddress (std::string_view text)
{
    if (! json::isText (text))
        return Problem { "The address is not valid UTF-8." };
    Address a;
    auto rest = text;
    for (bool first = true;; first = false)
    {
        if (rest.empty())
        {
            if (first)
                return noAddress (text);
            return a; // song:NAME alone
        }
        const auto part = cutPart (rest);
        const auto colon = part.find (':');
        const auto head = part.substr (0, colon);
        const auto word =
            std::find_if (words.begin(), words.end(), [&] (const Word& w) { return w.word == head; });
        if (word == words.end() || word->named != (colon != std::string_view::npos))
            return noAddress (text);
        a.kind = word->kind;
        if (word->named)
        {
            const auto name = parsedName (part.substr (colon + 1));
            if (! name)
                return noAddress (text);
            (word->kind == Kind::song ? a.song.emplace() : a.name) = *name;
        }
        if (word->kind == Kind::song && first)
            continue;
        if (word->kind == Kind::song)
            return noAddress (text);
        a.parameter = rest;
        return a;
    }
}

std::string text (const Address& a)
{
    std::string out;
    if (a.song)
        out = "song:" + escaped (*a.song);
    if (a.kind == Kind::song)
        return out;
    if (! out.empty())
        out += '/';
    for (const auto& w : words)
        if (w.kind == a.kind)
            out += std::string (w.word) + (w.named ? ":" + escaped (a.name) : "");
    return a.parameter.empty() ? out : out + "/" + a.parameter;
}

Result<Place> found (const Project& p, const Address& a, const Catalogue& catalogue)
{
    Place place;
    place.kind = a.kind;
    const Song* song = p.songs.front().get();
    if (a.song)
    {
        song = nullptr;
        std::vector<std::string> there;
        int number = 0;
        for (const auto& s : p.songs)
        {
            if (s->name == a.song->text && ++number == a.song->number)
                song = s.get();
            there.push_back (s->name);
        }
        if (song == nullptr)
            return noneCalled ("song", *a.song, there);
    }
    place.song = song->id;
    switch (a.kind)
    {
        case Kind::song:
        case Kind::album:
        case Kind::project: place.parameter = a.parameter; return place;
        case Kind::mix: place.owner = song->mix->id; break;
        case Kind::master: place.owner = song->master->id; break;
        case Kind::modulator:
        {
            int number = 0;
            std::vector<std::string> there;
            for (const auto& m : song->modulators)
            {
                if (m->name == a.name.text && ++number == a.name.number)
                    place.owner = m->id;
                there.push_back (m->name);
            }
            if (! place.owner)
                return noneCalled ("modulator", a.name, there);
            break;
        }
        default:
        {
            int number = 0;
            std::vector<std::string> there;
            const auto named = [&] (Id id, const std::string& name)
            {
                if (name == a.name.text && ++number == a.name.number)
                    place.owner = id;
                there.push_back (name);
            };
            if (a.kind == Kind::vca)
                for (const auto& v : song->vcas)
                    named (v->id, v->name);
            forEachStrip (*song,
                          [&] (const Strip& s)
                          {
                              if (matches (a.kind, s.kind))
                                  named (s.id, s.name);
                          });
            if (! place.owner)
                for (const auto& w : words)
                    if (w.kind == a.kind)
                        return noneCalled (w.word, a.name, there);
        }
    }
    if (! a.parameter.empty())
        if (const auto done = lookUpParameter (p, place, a.parameter, catalogue); ! done)
            return done.problem();
    return place;
}

Result<Place> found (const Project& p, std::string_view address, const Catalogue& catalogue)
{
    const auto a = parsedAddress (address);
    if (! a)
        return a.problem();
    return found (p, *a, catalogue);
}

std::string addressOf (const Project& p, Id id, std::string_view parameter)
{
    const Song* song = songOf (p, id);
    if (song == nullptr)
        return {};
    Address a;
    if (song != p.songs.front().get() || song->id == id)
        a.song = numbered (
            p.songs, [] (const SongPtr& s) { return s->name; },
            [&] (const SongPtr& s) { return s.get() == song; });
    const Id owner = effectOf (p, id) != nullptr ? ownerOf (p, id) : id;
    if (const auto* strip = stripOf (p, owner))
    {
        std::vector<const Strip*> alike;
        forEachStrip (*song,
                      [&] (const Strip& s)
                      {
                          if (s.kind == strip->kind)
                              alike.push_back (&s);
                      });
        for (const auto& w : words)
            if (w.word == wordOf (strip->kind))
                a.kind = w.kind;
        if (strip->kind != StripKind::mix)
            a.name = numbered (
                alike, [] (const Strip* s) { return s->name; }, [&] (const Strip* s) { return s == strip; });
    }
    else if (vcaOf (p, id) != nullptr)
    {
        a.kind = Kind::vca;
        a.name = numbered (
            song->vcas, [] (const VcaPtr& v) { return v->name; },
            [&] (const VcaPtr& v) { return v->id == id; });
    }
    else if (song->master->id == owner)
        a.kind = Kind::master;
    else if (modulatorOf (p, owner) != nullptr)
    {
        a.kind = Kind::modulator;
        a.name = numbered (
            song->modulators, [] (const ModulatorPtr& m) { return m->name; },
            [&] (const ModulatorPtr& m) { return m->id == owner; });
    }
    else if (song->id != id)
        return {};

    if (owner != id)
    {
        const auto* strip = stripOf (p, owner);
        const auto& effects = strip != nullptr ? strip->inserts : song->master->modules;
        const auto name = numbered (
            effects, [] (const EffectPtr& e) { return e->type; },
            [&] (const EffectPtr& e) { return e->id == id; });
        a.parameter = escaped (name);
        // "gate.threshold" is the console's own gate.
        if (strip != nullptr && name.number == 1 && name.text == "gate")
            a.parameter += "#1";
        if (! parameter.empty())
            a.parameter += '.';
    }
    a.parameter += parameter;
    return text (a);
}

Result<std::pair<std::string, std::string>> assignment (std::string_view text)
{
    const auto at = text.rfind ('=');
    if (at == std::string_view::npos || at == 0)
        return Problem { "\"" + nameToShow (text) + "\" is not an address with a value.",
                         {},
                         "Write ADDRESS=VALUE, for example \"track:Lead Vox/eq.band3.gain=-3dB\"." };
    return std::pair { std::string (text.substr (0, at)), std::string (text.substr (at + 1)) };
}

Result<Value> valueFrom (const Param* param, std::string_view text)
{
    if (param != nullptr)
    {
        const auto number = valueOf (*param, text);
        if (! number)
            return number.problem();
        if (param->isChoice())
            return Value { std::string (choiceText (*param, static_cast<int> (std::lround (*number)))) };
        return Value { *number };
    }
    double number = 0;
    const auto [end, error] = std::from_chars (text.data(), text.data() + text.size(), number);
    if (error == std::errc {} && end == text.data() + text.size())
    {
        if (! (std::abs (number) <= limit::value))
            return Problem { "The value is out of range." };
        return Value { number };
    }
    if (text.size() > limit::nameBytes || ! json::isText (text))
        return Problem { "The value is not a text that can be stored." };
    return Value { std::string (text) };
}

std::string textOfValue (const Param* param, const Value& value)
{
    if (const auto* choice = std::get_if<std::string> (&value))
        return *choice;
    if (param != nullptr)
        return textOf (*param, std::get<double> (value));
    std::string out;
    json::write (out, std::get<double> (value));
    return out;
}

Result<double> numberOfValue (const Param* param, const Value& value)
{
    if (const auto* number = std::get_if<double> (&value))
        return *number;
    if (param != nullptr)
        return valueOf (*param, std::get<std::string> (value));
    return Problem { "The value \"" + nameToShow (std::get<std::string> (value)) + "\" is not a number." };
}

} // namespace lacquer::session
