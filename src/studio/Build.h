// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

#include <optional>

namespace lacquer::studio
{

/// Builds a project edit by edit and keeps the first Problem: after one, the project stays as it was before
/// it.
class Build
{
public:
    explicit Build (session::Project first) : project (std::move (first)) {}

    /// Takes an edit's result; returns what it made.
    Id operator() (session::Edit edit)
    {
        if (edit)
        {
            project = std::move (edit->project);
            return edit->made;
        }
        if (! problem)
            problem = edit.problem();
        return {};
    }

    session::Project project;
    std::optional<Problem> problem;
};

} // namespace lacquer::studio
