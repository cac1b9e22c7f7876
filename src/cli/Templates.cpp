// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Templates.h"

#include "cli/Open.h"
#include "cli/Verb.h"

#include <iostream>
#include <memory>

namespace lacquer::cli
{

std::function<Result<int>()> templates (CLI::App& app)
{
    struct Options
    {
        std::string project, address, kind, name, use;
        bool json = false, replace = false;
    };
    auto o = std::make_shared<Options>();
    app.add_flag ("--json", o->json, "As JSON.");
    auto* save = app.add_subcommand ("save", "Saves a track or a song, without its audio, as a template.");
    save->add_option ("PROJECT", o->project, "A project folder.")->required();
    save->add_option ("ADDRESS", o->address, "track:NAME or song:NAME.")->required();
    save->add_option ("NAME", o->name, "What it is called.")->required();
    save->add_option ("--use", o->use, "One sentence: for what.");
    save->add_flag ("--replace", o->replace, "In place of your template of that name.");
    auto* remove = app.add_subcommand ("delete", "Deletes a template.");
    remove->add_option ("KIND", o->kind, "tracks or songs.")
        ->required()
        ->check (CLI::IsMember ({ "tracks", "songs" }));
    remove->add_option ("NAME", o->name, "The template.")->required();

    return [o, save, remove]() -> Result<int>
    {
        if (save->parsed())
        {
            const auto studio = opened (o->project, session::ProjectFolder::Use::read);
            if (! studio)
                return studio.problem();
            const auto place = session::found (studio->project(), o->address, studio::catalogue());
            if (! place)
                return place.problem();
            if (! place->parameter.empty() || place->effect)
                return Problem { "\"" + o->address + "\" is not a track or a song." };
            const auto made = studio::templateOf (
                studio->project(), place->kind == session::Address::Kind::song ? place->song : place->owner,
                o->name, o->use);
            if (! made)
                return made.problem();
            if (const auto saved = studio::saveTemplate (*made, o->replace); ! saved)
                return saved.problem();
            return Exit::done;
        }
        if (remove->parsed())
        {
            if (const auto gone = studio::deleteTemplate (o->kind == "tracks", o->name); ! gone)
                return gone.problem();
            return Exit::done;
        }
        auto all = nlohmann::json::array();
        for (const bool ofTracks : { true, false })
        {
            const auto list = studio::templates (ofTracks);
            for (const auto& problem : list.unreadable)
                std::cerr << "lacquer: " << problem.sentence() << "\n";
            for (const auto& one : list.templates)
                all.push_back (
                    { { "kind", ofTracks ? "track" : "song" }, { "name", one.name }, { "use", one.use } });
            if (o->json || list.templates.empty())
                continue;
            std::cout << (ofTracks ? "tracks" : "songs") << "\n";
            for (const auto& one : list.templates)
                std::cout << "    " << one.name << (one.use.empty() ? "" : ": ") << one.use << "\n";
        }
        if (o->json)
            tellJson (all);
        return Exit::done;
    };
}

} // namespace lacquer::cli
