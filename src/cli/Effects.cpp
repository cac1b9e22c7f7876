// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Verb.h"
#include "studio/Catalogue.h"
#include "studio/Manual.h"

#include <iostream>
#include <memory>

namespace lacquer::cli
{

namespace
{

nlohmann::json toJson (const Param& p)
{
    nlohmann::json choices = nlohmann::json::array();
    for (int n = 0; p.isChoice() && ! choiceText (p, n).empty(); ++n)
        choices.push_back (std::string (choiceText (p, n)));
    return { { "id", p.id },   { "name", p.name },       { "unit", p.unit },     { "min", p.min },
             { "max", p.max }, { "initial", p.initial }, { "choices", choices }, { "help", p.help } };
}

} // namespace

std::function<Result<int>()> effects (CLI::App& app)
{
    struct Options
    {
        bool json = false, markdown = false;
    };
    auto options = std::make_shared<Options>();
    auto* json = app.add_flag ("--json", options->json, "As JSON.");
    app.add_flag ("--markdown", options->markdown, "As the manual's page.")->excludes (json);

    return [options]() -> Result<int>
    {
        if (options->markdown)
        {
            std::cout << studio::manual();
            return Exit::done;
        }
        if (! options->json)
        {
            for (const auto* type : studio::effects())
                std::cout << type->id << std::string (type->id.size() < 20 ? 20 - type->id.size() : 1, ' ')
                          << type->help << "\n";
            return Exit::done;
        }
        auto list = nlohmann::json::array();
        for (const auto* type : studio::effects())
        {
            auto parameters = nlohmann::json::array();
            std::vector<float> initial;
            for (const auto& p : type->params)
            {
                parameters.push_back (toJson (p));
                initial.push_back (p.initial);
            }
            const auto effect = type->create();
            effect->prepare ({});
            list.push_back ({ { "id", type->id },
                              { "name", type->name },
                              { "help", type->help },
                              { "parameters", parameters },
                              { "sidechain", type->keyed },
                              { "latency_frames", effect->latency (initial) } });
        }
        std::cout << list.dump (2) << "\n";
        return Exit::done;
    };
}

} // namespace lacquer::cli
