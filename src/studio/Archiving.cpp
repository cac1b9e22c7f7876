// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Archiving.h"

#include "studio/ProjectOrder.h"

namespace lacquer::studio
{

namespace fs = std::filesystem;

void Archiving::archive (const fs::path& file)
{
    place.jobs().start (
        { "Archiving " + place.project().name, "archive" },
        [project = place.shared(), folder = place.folder(), file] (const Work& w)
        { return studio::archive (*project, folder, file, w.progress); },
        [this, file] (const Outcome& outcome, bool stopped)
        {
            if (outcome)
                place.tell (Notice::Kind::passed, "The project is archived", file.string());
            else if (! stopped)
                place.tell (Notice::Kind::error, "The project was not archived",
                            outcome.problem().sentence());
        });
}

void Archiving::restore (const fs::path& file, const fs::path& folder)
{
    place.jobs().start (
        { "Unpacking " + file.filename().string(), "archive" },
        [file, folder] (const Work& w) { return studio::restore (file, folder.string(), w.progress); },
        [this, folder] (const Outcome& outcome, bool stopped)
        {
            if (outcome)
                place.tell (Notice::Kind::passed, "The archive is unpacked", folder.string());
            else if (! stopped)
                place.tell (Notice::Kind::error, "The archive was not unpacked",
                            outcome.problem().sentence());
        });
}

} // namespace lacquer::studio
