// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Find.h"

#include "cli/Open.h"
#include "cli/Verb.h"
#include "session/Scene.h"
#include "session/Search.h"

#include <iostream>
#include <memory>

namespace lacquer::cli
{

namespace
{

/// Where a thing is, as other verbs take it.
std::string placeOf (const session::Project& project, Id id)
{
    const auto numbered = [&] (const char* kind) { return kind + (":" + std::to_string (id.value)); };
    if (auto address = session::addressOf (project, id); ! address.empty())
        return address;
    if (session::muteGroupOf (project, id) != nullptr)
        return numbered ("mute-group");
    if (session::markerOf (project, id) != nullptr)
        return numbered ("marker");
    if (session::sceneOf (project, id) != nullptr)
        return numbered ("scene");
    return numbered ("clip");
}

} // namespace

std::function<Result<int>()> find (CLI::App& app)
{
    struct Options
    {
        std::string project;
        std::vector<std::string> words;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("WORDS", o->words, "All of them must be there; #TAG is looked for in tags alone.")
        ->required();
    app.add_flag ("--json", o->json, "As JSON.");
    return [o]() -> Result<int>
    {
        const auto studio = opened (o->project, session::ProjectFolder::Use::read);
        if (! studio)
            return studio.problem();
        std::string words;
        for (const auto& word : o->words)
            words += word + " ";
        static constexpr const char* fields[] { "name", "label", "tag", "effect", "notes" };
        auto all = nlohmann::json::array();
        for (const auto& song : studio->project().songs)
            for (const auto& hit : session::search (*song, words))
            {
                const auto place = placeOf (studio->project(), hit.id);
                const auto* in = fields[static_cast<int> (hit.in)];
                if (o->json)
                    all.push_back ({ { "address", place }, { "in", in }, { "text", hit.text } });
                else
                    std::cout << place << " (" << in << "): " << session::nameToShow (hit.text) << "\n";
            }
        if (o->json)
            tellJson (all);
        return Exit::done;
    };
}

} // namespace lacquer::cli
