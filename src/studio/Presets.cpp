// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Presets.h"

#include "core/SafeFile.h"
#include "session/Address.h"
#include "session/Find.h"
#include "session/Json.h"
#include "session/JsonText.h"
#include "session/Parameters.h"
#include "studio/Catalogue.h"
#include "studio/FactoryPresets.h"
#include "studio/UserFolder.h"

#include <algorithm>

namespace lacquer::studio
{

namespace
{

namespace fs = std::filesystem;
using session::json::Node;

constexpr std::string_view chainsFolder = "chains";
constexpr std::size_t mostBytes = 1 << 20, mostName = 120, mostUse = 1000, mostKey = 4096, mostEffects = 100,
                      mostFiles = 10'000;

std::string_view folderOfEffect (std::string_view effect)
{
    return effect.empty() ? chainsFolder : effect;
}

std::string nameOfEffect (std::string_view id)
{
    const auto* type = effectOf (id);
    return std::string (type != nullptr ? type->name : id);
}

/// Thrown from a reader up to presetFrom(), inside this file only.
struct Refusal
{
    std::string why;
};

std::string textIn (const Node& object, std::string_view key, std::size_t most)
{
    const auto* n = object.find (key);
    if (n == nullptr)
        return {};
    if (n->kind != Node::Kind::text || n->count > most)
        throw Refusal { "its \"" + std::string (key) + "\" is not a text of at most " +
                        std::to_string (most) + " bytes" };
    return std::string (n->text());
}

bool flagIn (const Node& object, std::string_view key, bool initial)
{
    const auto* n = object.find (key);
    if (n == nullptr)
        return initial;
    if (n->kind != Node::Kind::yes && n->kind != Node::Kind::no)
        throw Refusal { "its \"" + std::string (key) + "\" is neither true nor false" };
    return n->kind == Node::Kind::yes;
}

session::Value valueIn (const Node& n, const Param& p)
{
    const auto name = "\"" + std::string (p.id) + "\"";
    if (p.isChoice())
    {
        if (n.kind == Node::Kind::text)
            for (int k = 0; ! choiceText (p, k).empty(); ++k)
                if (choiceText (p, k) == n.text())
                    return std::string (n.text());
        throw Refusal { "its value for " + name + " is none of " + std::string (p.choices) };
    }
    if (! n.isNumber())
        throw Refusal { "its value for " + name + " is not a number" };
    const double v = n.number();
    if (! (v >= static_cast<double> (p.min) && v <= static_cast<double> (p.max)))
        throw Refusal { "its value for " + name + " is not within " + lacquer::textOf (p, p.min) + " and " +
                        lacquer::textOf (p, p.max) };
    return v;
}

session::Effect effectIn (const Node& object, std::string_view id)
{
    const auto* type = effectOf (id);
    if (type == nullptr)
        throw Refusal { "this version has no effect \"" + session::nameToShow (id) + "\"" };
    session::Effect effect;
    effect.type = id;
    const auto* values = object.find ("values");
    if (values == nullptr)
        return effect;
    if (values->kind != Node::Kind::object)
        throw Refusal { "its \"values\" are not an object" };
    for (const auto& m : values->object())
    {
        const int n = indexOf (tableOf (*type), m.key);
        if (n < 0 || m.key == session::effectSwitch)
            throw Refusal { "the effect " + std::string (type->name) + " has no parameter \"" +
                            session::nameToShow (m.key) + "\"" };
        effect.values.emplace (m.key, valueIn (m.value, tableOf (*type)[static_cast<std::size_t> (n)]));
    }
    return effect;
}

/// The address of a strip that an effect of a chain listens to; empty for none.
std::string keyIn (const Node& n)
{
    auto key = textIn (n, "sidechain", mostKey);
    const auto address = key.empty() ? Result (session::Address {}) : session::parsedAddress (key);
    if (! address || address->song || ! address->parameter.empty())
        throw Refusal { "its \"sidechain\" is not the address of a track or bus" };
    return key;
}

Preset presetIn (const Node& root, std::string_view effect)
{
    if (root.kind != Node::Kind::object)
        throw Refusal { "it is not a JSON object" };
    for (const auto& m : root.object())
        if (const auto known = { "name", "use", "level", "on", "values", "chain" };
            std::find (known.begin(), known.end(), m.key) == known.end())
            throw Refusal { "it holds \"" + session::nameToShow (m.key) + "\", which no preset has" };
    Preset preset;
    preset.effect = effect;
    preset.name = textIn (root, "name", mostName);
    if (slugOf (preset.name).empty())
        throw Refusal { "it has no name" };
    preset.use = textIn (root, "use", mostUse);
    preset.level = flagIn (root, "level", false);
    preset.on = textIn (root, "on", mostName);
    const auto* chain = root.find ("chain");
    if ((chain != nullptr) != preset.isChain())
        throw Refusal { preset.isChain() ? "it holds no \"chain\"" : "it holds a chain, not values" };
    if (! preset.isChain())
    {
        preset.effects.push_back (effectIn (root, effect));
        return preset;
    }
    if (chain->kind != Node::Kind::array || chain->count > mostEffects)
        throw Refusal { "its \"chain\" is not a list of at most " + std::to_string (mostEffects) +
                        " effects" };
    for (const auto& n : chain->array())
    {
        if (n.kind != Node::Kind::object)
            throw Refusal { "an effect of its chain is not an object" };
        auto one = effectIn (n, textIn (n, "type", mostName));
        one.on = flagIn (n, "on", true);
        one.postConsole = flagIn (n, "post_console", false);
        preset.effects.push_back (std::move (one));
        preset.keys.push_back (keyIn (n));
    }
    return preset;
}

void putMember (std::string& out, int depth, std::string_view key)
{
    if (out.back() != '{')
        out += ',';
    session::json::newLine (out, depth);
    session::json::write (out, key);
    out += ": ";
}

void putValues (std::string& out, int depth, const session::Values& values)
{
    out += '{';
    for (const auto& [id, value] : values)
    {
        putMember (out, depth + 1, id);
        if (const auto* text = std::get_if<std::string> (&value))
            session::json::write (out, *text);
        else
            session::json::write (out, std::get<double> (value));
    }
    if (! values.empty())
        session::json::newLine (out, depth);
    out += '}';
}

Result<Preset> userPreset (const fs::path& file, std::string_view effect)
{
    const auto text = readWhole (file.string(), mostBytes);
    if (! text)
        return text.problem();
    auto preset = presetFrom (*text, effect);
    if (! preset)
        return Problem { preset.problem().what, file.string(), preset.problem().remedy };
    preset->factory = false;
    preset->file = file;
    return preset;
}

void sortByName (std::vector<Preset>& presets)
{
    std::sort (presets.begin(), presets.end(),
               [] (const Preset& a, const Preset& b) {
                   return slugOf (a.name) != slugOf (b.name) ? slugOf (a.name) < slugOf (b.name)
                                                             : a.name < b.name;
               });
}

} // namespace

std::string slugOf (std::string_view name)
{
    std::string slug;
    for (const char c : name)
    {
        const auto u = static_cast<unsigned char> (c);
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char> (c - 'A' + 'a') : c;
        if ((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || u >= 0x80)
            slug += lower;
        else if (! slug.empty() && slug.back() != '-')
            slug += '-';
    }
    while (! slug.empty() && slug.back() == '-')
        slug.pop_back();
    return slug;
}

Result<Preset> presetFrom (std::string_view text, std::string_view effect)
{
    const auto document = session::json::Document::parsed (text, { mostBytes, 8, 50'000 });
    if (! document)
        return document.problem();
    try
    {
        return presetIn (document->root(), effect);
    }
    catch (const Refusal& r)
    {
        return Problem { "This is no preset for " +
                         (effect.empty() ? std::string ("a chain") : nameOfEffect (effect)) + ": " + r.why +
                         "." };
    }
}

std::string textOf (const Preset& preset)
{
    std::string out = "{";
    putMember (out, 1, "name");
    session::json::write (out, preset.name);
    if (! preset.use.empty())
    {
        putMember (out, 1, "use");
        session::json::write (out, preset.use);
    }
    if (preset.level)
    {
        putMember (out, 1, "level");
        out += "true";
    }
    if (! preset.on.empty())
    {
        putMember (out, 1, "on");
        session::json::write (out, preset.on);
    }
    if (! preset.isChain())
    {
        putMember (out, 1, "values");
        putValues (out, 1, preset.values());
    }
    else
    {
        putMember (out, 1, "chain");
        out += '[';
        for (std::size_t n = 0; n < preset.effects.size(); ++n)
        {
            const auto& e = preset.effects[n];
            if (out.back() != '[')
                out += ',';
            session::json::newLine (out, 2);
            out += '{';
            putMember (out, 3, "type");
            session::json::write (out, e.type);
            if (! e.on)
            {
                putMember (out, 3, "on");
                out += "false";
            }
            if (e.postConsole)
            {
                putMember (out, 3, "post_console");
                out += "true";
            }
            if (const auto key = preset.keyOf (n); ! key.empty())
            {
                putMember (out, 3, "sidechain");
                session::json::write (out, key);
            }
            putMember (out, 3, "values");
            putValues (out, 3, e.values);
            session::json::newLine (out, 2);
            out += '}';
        }
        session::json::newLine (out, 1);
        out += ']';
    }
    return out + "\n}\n";
}

fs::path presetFolder()
{
    return userFolder ("presets");
}

PresetList presetsOf (std::string_view effect)
{
    PresetList list;
    const auto folder = folderOfEffect (effect);
    std::vector<Preset> own;
    std::error_code error;
    std::size_t files = 0;
    for (fs::directory_iterator entry (presetFolder() / folder, error), end; ! error && entry != end;
         entry.increment (error))
    {
        if (entry->path().extension() != ".json" || ++files > mostFiles)
            continue;
        if (auto preset = userPreset (entry->path(), effect))
            own.push_back (*std::move (preset));
        else
            list.unreadable.push_back (preset.problem());
    }
    sortByName (own);
    for (const auto& f : factoryPresets())
        if (f.effect == folder)
            if (auto preset = presetFrom (f.text, effect))
                if (std::none_of (own.begin(), own.end(),
                                  [&] (const Preset& p) { return slugOf (p.name) == slugOf (preset->name); }))
                    list.presets.push_back (*std::move (preset));
    sortByName (list.presets);
    list.presets.insert (list.presets.end(), own.begin(), own.end());
    std::sort (list.unreadable.begin(), list.unreadable.end(),
               [] (const Problem& a, const Problem& b) { return a.where < b.where; });
    return list;
}

Result<Preset> presetCalled (std::string_view effect, std::string_view name)
{
    const auto slug = slugOf (name);
    auto list = presetsOf (effect);
    for (auto& preset : list.presets)
        if (slugOf (preset.name) == slug)
            return std::move (preset);
    // The file has the name, but does not hold a preset.
    for (const auto& problem : list.unreadable)
        if (! slug.empty() && fs::path (problem.where).stem().string() == slug)
            return problem;
    return Problem { "There is no " +
                         (effect.empty() ? std::string ("chain") : "preset for " + nameOfEffect (effect)) +
                         " called \"" + session::nameToShow (name) + "\".",
                     {},
                     "`lacquer presets " + std::string (folderOfEffect (effect)) + "` lists them all." };
}

namespace
{

std::string addressWithoutSong (const session::Project& project, Id strip)
{
    auto address = session::parsedAddress (session::addressOf (project, strip));
    if (! address)
        return {};
    address->song.reset();
    return session::text (*address);
}

} // namespace

Result<Preset> presetOf (const session::Project& project, Id place, std::string name, std::string use)
{
    Preset preset;
    preset.name = std::move (name);
    preset.use = std::move (use);
    preset.factory = false;
    const auto keep = [&] (const session::Effect& e)
    {
        session::Effect copy = e;
        copy.id = {};
        copy.extras.clear();
        copy.media = {};
        copy.values.erase ("sidechain.listen"); // it says what is heard while mixing
        preset.keys.push_back (e.sidechain ? addressWithoutSong (project, e.sidechain) : std::string());
        copy.sidechain = {};
        preset.effects.push_back (std::move (copy));
    };
    if (const auto* effect = session::effectOf (project, place))
    {
        preset.effect = effect->type;
        keep (*effect);
    }
    else if (const auto* strip = session::stripOf (project, place))
        for (const auto& e : strip->inserts)
            keep (*e);
    else if (const auto* master = session::masterOf (project, place))
        for (const auto& e : master->modules)
            keep (*e);
    else
        return Problem { "A preset is saved from an effect, a track, a bus or the master." };
    return preset;
}

Outcome savePreset (const Preset& preset, bool replace)
{
    const auto slug = slugOf (preset.name);
    if (slug.empty())
        return Problem { "A preset needs a name with a letter or a digit in it." };
    const auto text = textOf (preset);
    // What could not be loaded again is not saved.
    if (const auto again = presetFrom (text, preset.effect); ! again)
        return again.problem();
    const auto folder = presetFolder() / folderOfEffect (preset.effect);
    if (auto made = makeUserFolder (folder, "presets"); ! made)
        return made;
    const auto file = folder / (slug + ".json");
    std::error_code error;
    if (! replace && fs::exists (fs::symlink_status (file, error)))
        return Problem { "You have a preset \"" + session::nameToShow (preset.name) + "\" already.",
                         file.string(), "Replace it, or choose another name." };
    return writeSafely (file.string(), text);
}

Outcome deletePreset (std::string_view effect, std::string_view name)
{
    auto preset = presetCalled (effect, name);
    const auto slug = slugOf (name);
    const auto file = preset && ! preset->factory
                          ? preset->file
                          : presetFolder() / folderOfEffect (effect) / (slug + ".json");
    std::error_code error;
    if (slug.empty() || ! fs::exists (fs::symlink_status (file, error)))
        return preset ? Problem { "\"" + preset->name + "\" came with the program and cannot be deleted." }
                      : preset.problem();
    if (! fs::remove (file, error))
        return Problem { "The preset could not be deleted because " + reasonOf (error.value()) + ".",
                         file.string() };
    return {};
}

} // namespace lacquer::studio
