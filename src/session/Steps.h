// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

namespace lacquer::session
{

/// Edits one after the other, as one.
class Steps
{
public:
    Steps (const Project& p, std::string label) : result (Edited { p, std::move (label), {} }) {}

    /// edit: Project -> Edit. The id it made; none after a Problem.
    template <typename F>
    Id then (const F& edit)
    {
        if (! result)
            return {};
        auto next = edit (result->project);
        if (! next)
        {
            result = next.problem();
            return {};
        }
        result->project = std::move (next->project);
        return next->made;
    }

    void setAll (Id effect, const Values& values)
    {
        for (const auto& [parameter, value] : values)
            then ([&, &id = parameter, &v = value] (const Project& p)
                  { return withValue (p, effect, id, v); });
    }

    const Edit& end() const { return result; }

private:
    Edit result;
};

} // namespace lacquer::session
