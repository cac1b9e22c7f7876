// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Freeze.h"

#include "files/Hash.h"
#include "files/Writer.h"
#include "session/Find.h"
#include "session/Sentence.h"
#include "studio/Render.h"

#include <algorithm>

namespace lacquer::studio
{

session::Edit freeze (const session::Project& project, const std::filesystem::path& folder, Id id,
                      const Progress& progress)
{
    const auto* track = session::trackOf (project, id);
    if (track == nullptr)
        return Problem { "Only a track can be frozen." };
    if (track->frozen || track->strip.disabled)
        return Problem { session::capital (session::nameOf (track->strip)) +
                         (track->frozen ? " is frozen already."
                                        : " is disabled: there is nothing to freeze.") };

    session::Media media;
    // A name that no step of undo knows.
    std::error_code error;
    int number = 0;
    do
        media.path = "Audio/frozen-" + std::to_string (id.value) + "-" + std::to_string (project.nextId) +
                     (number == 0 ? "" : "-" + std::to_string (number)) + ".wav";
    while (std::filesystem::exists (folder / media.path, error) && ++number > 0);
    media.channels = track->strip.channels;
    media.originalRate = project.sampleRate;
    files::WriterOptions options;
    options.encoding = files::Encoding::wavFloat;
    options.rate = project.sampleRate;
    options.channels = track->strip.channels;
    std::filesystem::create_directories (folder / "Audio", error);
    auto writer = files::Writer::opened (folder / media.path, options);
    if (! writer)
        return writer.problem();
    Rendering job;
    const auto& song = *session::songOf (project, id);
    job.tap = { Tap::Point::beforeFader, id };
    // Filters sound a little before what they filter, and what lies behind the track looks ahead.
    job.from = -1;
    job.to = std::max (lengthOf (project, song), session::lastClipEnd (song)) +
             framesIn (Seconds { 4 }, project.sampleRate);
    const auto lead = renderTap (
        project, folder, song, job,
        [&] (const float* const* channels, int frames) { return (*writer)->write (channels, frames); },
        progress);
    if (! lead)
        return lead.problem();
    const auto frames = (*writer)->finish();
    if (! frames)
        return frames.problem();
    media.frames = *frames;
    if (const auto hash = files::contentHash (folder / media.path))
        media.hash = *hash;
    auto added = session::addedMedia (project, media);
    return added ? session::frozen (added->project, id, added->made, *lead) : added;
}

} // namespace lacquer::studio
