// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/MediaEdits.h"

#include "session/Changes.h"
#include "session/Reading.h"
#include "session/Scene.h"
#include "session/Sentence.h"

namespace lacquer::session
{

using namespace change;

std::unordered_set<Id> usedMedia (const Project& p)
{
    std::unordered_set<Id> used;
    for (const auto& s : p.songs)
        for (const auto& t : s->tracks)
        {
            if (t->frozen)
                used.insert (t->frozen);
            for (const auto& c : t->clips)
                used.insert (c->media);
        }
    forEachEffect (p,
                   [&] (const Effect& e)
                   {
                       if (e.media)
                           used.insert (e.media);
                   });
    for (const auto& s : p.songs)
        for (const auto& scene : s->scenes)
            for (const auto& strip : scene->strips)
                for (const auto& e : strip->inserts)
                    if (e->media)
                        used.insert (e->media);
    return used;
}

bool isUsed (const Project& p, Id media)
{
    return usedMedia (p).contains (media);
}

Edit withReplacedMedia (const Project& p, Id media, Id by)
{
    const auto *old = mediaOf (p, media), *fresh = mediaOf (p, by);
    if (old == nullptr || fresh == nullptr)
        return nothing ("audio file", old == nullptr ? media : by);
    if (media == by)
        return Problem { "An audio file cannot be replaced by itself." };
    Edited e { p, "Replace audio file" };
    bool some = false;
    const auto plays = [&] (const ClipPtr& c) { return c->media == media; };
    for (auto& song : e.project.songs)
    {
        const auto holds = [&] (const TrackPtr& t)
        { return std::any_of (t->clips.begin(), t->clips.end(), plays); };
        if (std::none_of (song->tracks.begin(), song->tracks.end(), holds))
            continue;
        some = true;
        (void)changed (
            song,
            [&] (Song& s)
            {
                for (auto& t : s.tracks)
                    if (holds (t))
                        (void)changed (
                            t,
                            [&] (Track& copy)
                            {
                                for (auto& c : copy.clips)
                                    if (plays (c))
                                        (void)changed (
                                            c,
                                            [&] (Clip& clip)
                                            {
                                                clip.media = by;
                                                const bool whole = clip.offset + clip.length == old->frames;
                                                if (whole && ! clip.reversed && fresh->frames > clip.offset)
                                                    clip.length = fresh->frames - clip.offset;
                                                clip.fadeIn = std::min (clip.fadeIn, clip.length);
                                                clip.fadeOut = std::min (clip.fadeOut, clip.length);
                                                return Outcome {};
                                            });
                                if (copy.frozen)
                                    e.notes.push_back (capital (nameOf (copy.strip)) +
                                                       " was frozen with the old sound and is not any more.");
                                if (std::any_of (copy.clips.begin(), copy.clips.end(),
                                                 [&] (const ClipPtr& c) {
                                                     return c->media == by &&
                                                            c->offset + c->length > fresh->frames;
                                                 }))
                                    e.notes.push_back (capital (nameOf (copy.strip)) +
                                                       " has a clip that reaches beyond the end of the new "
                                                       "file: there it is silent.");
                                copy.frozen = {};
                                copy.frozenLead = 0;
                                return Outcome {};
                            });
                return Outcome {};
            });
    }
    if (! some)
        return Problem { "No clip plays this audio file." };
    return e;
}

Edit withCollectedMedia (const Project& p, Id media, std::string path)
{
    if (mediaOf (p, media) == nullptr)
        return nothing ("audio file", media);
    if (! staysInside (path) || path.size() > limit::pathBytes || path.find ('\0') != std::string::npos)
        return Problem { "The audio file does not lie inside the project folder." };
    Edited e { p, "Collect audio file" };
    for (auto& m : e.project.media)
        if (m.id == media)
        {
            m.path = path;
            m.referenced = false;
        }
    return e;
}

Edit withoutUnusedMedia (const Project& p)
{
    const auto used = usedMedia (p);
    Edited e { p, "Clean unused audio files" };
    if (std::erase_if (e.project.media, [&] (const Media& m) { return ! used.contains (m.id); }) == 0)
        return Problem { "Every audio file is in use." };
    return e;
}

namespace
{

using namespace reading;

Edit replaceMedia (const Reader& r)
{
    return withReplacedMedia (r.project, r.numbered ("media", "media"), r.numbered ("by", "media"));
}
Edit collectMedia (const Reader& r)
{
    return withCollectedMedia (r.project, r.numbered ("media", "media"), r.text ("path"));
}
Edit cleanMedia (const Reader& r)
{
    return withoutUnusedMedia (r.project);
}

} // namespace

std::vector<EditType> mediaEdits()
{
    constexpr Argument mediaArgument { "media", Type::address, "media:ID" };
    return {
        { "replace-media",
          "Replace audio file",
          "Makes every clip of an audio file play another one.",
          { mediaArgument, { "by", Type::address, "media:ID of the new one" } },
          run<replaceMedia> },
        { "collect-media",
          "Collect audio file",
          "Says that an audio file now lies in the project folder.",
          { mediaArgument, { "path", Type::text, "relative to the project folder" } },
          run<collectMedia> },
        { "clean-media",
          "Clean unused audio files",
          "Forgets the audio files that nothing uses.",
          {},
          run<cleanMedia> },
    };
}

} // namespace lacquer::session
