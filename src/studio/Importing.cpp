// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Importing.h"

#include "session/ClipEdits.h"
#include "session/Find.h"
#include "session/MediaEdits.h"
#include "studio/Build.h"
#include "studio/NewProject.h"

namespace lacquer::studio
{

namespace fs = std::filesystem;

void Importing::import (const std::vector<fs::path>& wanted, Id track, Frames at)
{
    files::ImportOptions options;
    options.rate = place.project().sampleRate;
    options.folder = fs::path (place.folder()) / "Audio";
    const Gesture gesture = (Gesture { 1 } << 63) + ++count; // none of the window's
    place.jobs().start (
        { "Importing audio", "import" },
        [this, wanted, options, track, at, gesture] (const Work& w) -> Outcome
        {
            const auto files = soundFilesIn (wanted);
            if (files.empty())
                return Problem { "There is no sound file among what was dropped." };
            for (std::size_t n = 0; n < files.size() && ! w.stopped(); ++n)
            {
                auto one = options;
                one.progress.cancelled = w.progress.cancelled;
                one.progress.report = [&] (double share)
                { w.progress.at ((static_cast<double> (n) + share) / static_cast<double> (files.size())); };
                auto file = files::imported (files[n], one);
                if (! w.stopped())
                    w.tell ([this, file = std::move (file), path = files[n], track, at, gesture]
                            { arrived (file, path, track, at, gesture); });
            }
            return {};
        },
        [this] (const Outcome& outcome, bool stopped)
        {
            if (! outcome && ! stopped)
                place.tell (Notice::Kind::look, "Nothing to import", outcome.problem().sentence());
        });
}

void Importing::arrived (const Result<files::Imported>& file, const fs::path& from, Id track, Frames at,
                         Gesture gesture)
{
    if (! file)
        return place.tell (Notice::Kind::look, "Not imported", file.problem().sentence());
    const auto name = from.stem().string();
    Build build (place.project());
    session::Clip clip;
    clip.start = at;
    clip.length = file->frames;
    clip.name = name;
    clip.media = build (session::addedMedia (build.project, mediaFrom (*file, from)));
    if (! track)
        track = build (session::addedTrack (build.project, place.song().id, name, file->channels,
                                            guessed (name).colour));
    build (session::addedClip (build.project, track, clip));
    if (build.problem)
        place.tell (Notice::Kind::look, "Not imported", build.problem->sentence());
    else
        place.edit (session::Edited { std::move (build.project), "Import audio", clip.media }, gesture);
    if (! file->note.empty())
        place.tell (Notice::Kind::note, name, file->note);
}

} // namespace lacquer::studio
