// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Open.h"

#include "cli/Cli.h"

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

Result<int> changed (const std::string& path, const std::function<Outcome (studio::Studio&)>& work)
{
    auto studio = opened (path);
    if (! studio)
        return studio.problem();
    if (auto done = work (*studio); ! done)
        return done.problem();
    if (auto saved = studio->save(); ! saved)
        return saved.problem();
    return Exit::done;
}

} // namespace lacquer::cli
