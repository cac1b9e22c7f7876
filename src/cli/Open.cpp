// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Open.h"

#include "cli/Verb.h"

#include <iostream>

namespace lacquer::cli
{

void tellNotes (const std::vector<std::string>& notes)
{
    for (const auto& note : notes)
        std::cerr << "lacquer: " << note << "\n";
}

Result<studio::Studio> opened (const std::string& path, session::ProjectFolder::Use use)
{
    auto studio = studio::Studio::opened (path, use);
    if (studio)
        tellNotes (studio->notes());
    return studio;
}

Result<int> changed (const std::string& path,
                     const std::function<Outcome (studio::Studio&, MadeFiles&)>& work)
{
    auto studio = opened (path);
    if (! studio)
        return studio.problem();
    MadeFiles made;
    auto done = work (*studio, made);
    if (done)
        done = studio->save();
    if (done)
        return Exit::done;
    studio->abandon();
    std::error_code error;
    for (const auto& file : made)
        std::filesystem::remove (file, error);
    return done.problem();
}

Result<int> changed (const std::string& path, const std::function<Outcome (studio::Studio&)>& work)
{
    return changed (path, [&work] (studio::Studio& studio, MadeFiles&) { return work (studio); });
}

Result<int> answered (Result<int> done, const std::string& text, bool asJson, const nlohmann::json& json)
{
    if (done && asJson)
        tellJson (json);
    else if (done)
        std::cout << text;
    return done;
}

} // namespace lacquer::cli
