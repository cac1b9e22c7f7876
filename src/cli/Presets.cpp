// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Presets.h"

#include "cli/Verb.h"
#include "session/Find.h"
#include "studio/Catalogue.h"
#include "studio/Studio.h"

#include <iostream>
#include <memory>

namespace lacquer::cli
{

namespace
{

nlohmann::json toJson (const session::Effect& effect)
{
    auto values = nlohmann::json::object();
    for (const auto& [id, value] : effect.values)
        std::visit ([&, &key = id] (const auto& v) { values[key] = v; }, value);
    return { { "type", effect.type },
             { "on", effect.on },
             { "post_console", effect.postConsole },
             { "values", values } };
}

nlohmann::json toJson (const studio::Preset& preset)
{
    auto effects = nlohmann::json::array();
    for (const auto& effect : preset.effects)
        effects.push_back (toJson (effect));
    for (std::size_t n = 0; n < preset.effects.size(); ++n)
        if (const auto key = preset.keyOf (n); ! key.empty())
            effects[n]["sidechain"] = key;
    return { { "effect", preset.isChain() ? nlohmann::json() : nlohmann::json (preset.effect) },
             { "name", preset.name },
             { "use", preset.use },
             { "level", preset.level },
             { "factory", preset.factory },
             { "effects", effects } };
}

/// An effect's id as typed: "chains" stands for presets of whole chains.
Result<std::string> effectNamed (const std::string& word)
{
    if (word == "chains")
        return std::string();
    if (studio::effectOf (word) == nullptr)
        return Problem { "There is no effect \"" + word + "\".", {}, "`lacquer effects` lists them all." };
    return word;
}

} // namespace

std::function<Result<int>()> presets (CLI::App& app)
{
    struct Options
    {
        std::string effect, project, address, name, use;
        bool json = false, replace = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("EFFECT", o->effect, "Only those of this effect; \"chains\": presets of whole chains.");
    app.add_flag ("--json", o->json, "As JSON, with all values.");

    auto* save =
        app.add_subcommand ("save", "Saves an effect of a project, or all effects of a place, as a preset.");
    save->add_option ("PROJECT", o->project, "A project folder.")->required();
    save->add_option ("ADDRESS", o->address,
                      "An effect, or for a chain a track, group, return, mix or master.")
        ->required();
    save->add_option ("NAME", o->name, "What it is called.")->required();
    save->add_option ("--use", o->use, "One sentence: for what.");
    save->add_flag ("--replace", o->replace, "In place of your preset of that name.");

    auto* remove = app.add_subcommand ("delete", "Deletes a preset of yours.");
    remove->add_option ("EFFECT", o->effect, "The effect, or \"chains\".")->required();
    remove->add_option ("NAME", o->name, "The preset.")->required();

    return [o, save, remove]() -> Result<int>
    {
        if (save->parsed())
        {
            auto studio = studio::Studio::opened (o->project, session::ProjectFolder::Use::read);
            if (! studio)
                return studio.problem();
            const auto place = session::found (studio->project(), o->address, studio::catalogue());
            if (! place)
                return place.problem();
            if (! place->parameter.empty())
                return Problem { "\"" + o->address + "\" is a single parameter, not an effect or a place." };
            const auto preset = studio::presetOf (studio->project(), place->target(), o->name, o->use);
            if (! preset)
                return preset.problem();
            if (const auto saved = studio::savePreset (*preset, o->replace); ! saved)
                return saved.problem();
            std::cout << (preset->isChain() ? "chains" : preset->effect) << ": " << preset->name << "\n";
            return Exit::done;
        }
        std::vector<std::string> which;
        if (o->effect.empty())
        {
            for (const auto* type : studio::effects())
                which.emplace_back (type->id);
            which.emplace_back();
        }
        else if (const auto effect = effectNamed (o->effect))
            which.push_back (*effect);
        else
            return effect.problem();
        if (remove->parsed())
        {
            if (const auto gone = studio::deletePreset (which.front(), o->name); ! gone)
                return gone.problem();
            return Exit::done;
        }
        auto all = nlohmann::json::array();
        for (const auto& effect : which)
        {
            const auto list = studio::presetsOf (effect);
            for (const auto& problem : list.unreadable)
                std::cerr << "lacquer: " << problem.sentence() << "\n";
            for (const auto& preset : list.presets)
                all.push_back (toJson (preset));
            if (o->json || list.presets.empty())
                continue;
            std::cout << (effect.empty() ? "chains" : effect) << "\n";
            for (const auto& p : list.presets)
                std::cout << "    " << p.name << (p.factory ? "" : " (yours)") << (p.use.empty() ? "" : ": ")
                          << p.use << "\n";
        }
        if (o->json)
            tellJson (all);
        return Exit::done;
    };
}

} // namespace lacquer::cli
