// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Tidying.h"

#include "studio/Wording.h"

namespace lacquer::studio
{

void Tidying::collect()
{
    place.jobs().start (
        { "Collecting audio files", "import" }, // none comes to Audio/ meanwhile
        [project = place.shared(), folder = place.folder()] (const Work& w)
        { return gathered (*project, folder, w.progress); },
        [this] (Result<Gathered> all, bool stopped)
        {
            if (! all)
            {
                if (! stopped)
                    place.tell (Notice::Kind::error, "Nothing was collected", all.problem().sentence());
                return;
            }
            if (all->files == 0)
                return place.tell (Notice::Kind::note, "Nothing to collect",
                                   "All audio lies in the project's folder.");
            if (! place.edit (withGathered (place.project(), *all), 0))
                return;
            all->keep();
            place.tell (Notice::Kind::passed, "The project has all its audio",
                        counted (static_cast<std::size_t> (all->files), "file") +
                            " copied to its Audio folder.");
        });
}

void Tidying::lookForUnused()
{
    place.jobs().start (
        { "Looking for unused files", "import", Jobs::Shown::no },
        [folder = place.folder(), used = playedAudio (place.studio())] (const Work&)
        { return unusedFiles (folder, used); },
        [this] (const Result<Cleaned>& found, bool stopped)
        {
            if (stopped)
                return;
            if (! found)
                place.tell (Notice::Kind::error, "Nothing was cleaned", found.problem().sentence());
            else if (found->files.empty())
                place.tell (Notice::Kind::note, "Nothing to clean",
                            "Every audio file is used by the song, by a version, or by a step of undo.");
            else
                question = *found;
        });
}

} // namespace lacquer::studio
