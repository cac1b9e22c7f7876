// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Workplace.h"

#include <filesystem>

namespace lacquer::studio
{

/// The whole project with its audio as one file, and back (studio/ProjectOrder.h), beside the control thread.
/// A notice tells how it ended. [control]
class Archiving
{
public:
    explicit Archiving (Workplace& w) : place (w) {}

    /// The project as it is now: edits made meanwhile are not in it.
    void archive (const std::filesystem::path& file);
    /// Unpacks into a new folder.
    void restore (const std::filesystem::path& file, const std::filesystem::path& folder);

private:
    Workplace& place;
};

} // namespace lacquer::studio
