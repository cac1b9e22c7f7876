// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/VersionEdits.h"

#include "session/MediaEdits.h"
#include "session/Reading.h"
#include "session/Renumber.h"
#include "session/Scene.h"
#include "session/StripChanges.h"

#include <unordered_map>
#include <unordered_set>

namespace lacquer::session
{

using namespace change;

Project versionOf (const Project& p, Id song, std::string name)
{
    Project version;
    version.id = p.id;
    version.name = std::move (name);
    version.sampleRate = p.sampleRate;
    version.nextId = p.nextId;
    for (const auto& s : p.songs)
        if (s->id == song)
            version.songs = { s };
    const auto used = usedMedia (version);
    for (const auto& m : p.media)
        if (used.contains (m.id))
            version.media.push_back (m);
    return version;
}

Edit recalledVersion (const Project& p, Id song, const Project& version)
{
    const auto at =
        std::find_if (p.songs.begin(), p.songs.end(), [&] (const SongPtr& s) { return s->id == song; });
    if (at == p.songs.end())
        return nothing ("song", song);
    if (version.songs.size() != 1)
        return Problem { "This is not a version of a mix: it does not hold one song." };
    if (version.sampleRate != p.sampleRate)
        return Problem { "The version is at another sample rate than the project." };
    const auto& stored = *version.songs.front();
    if (stored.kind != (*at)->kind)
        return Problem { "The version is one of a finished stereo file, or the song is." };
    Edited e { p, "Recall version " + quoted (version.name) };
    auto& project = e.project;

    // What the rest of the project calls its own. A step of undo may have freed ids of the version, and
    // something else may have them now: then the whole version gets new ones.
    std::unordered_set<Id> others { p.id }, own;
    for (const auto& s : p.songs)
        if (s->id != song)
            (void)renumbered (*s,
                              [&] (Id id)
                              {
                                  others.insert (id);
                                  return id;
                              });
    for (const auto& m : p.media)
        others.insert (m.id);
    std::unordered_map<Id, Id> ids;
    for (const auto& m : version.media)
    {
        const auto same = std::find_if (p.media.begin(), p.media.end(),
                                        [&] (const Media& have)
                                        {
                                            return have.path == m.path && have.referenced == m.referenced &&
                                                   have.hash == m.hash && have.frames == m.frames &&
                                                   have.channels == m.channels;
                                        });
        ids[m.id] = same != p.media.end() ? same->id : Id {};
    }
    (void)renumbered (stored,
                      [&] (Id id)
                      {
                          if (! ids.contains (id))
                              own.insert (id);
                          return id;
                      });
    std::uint64_t last = 0;
    bool clash = false;
    for (const Id id : own)
    {
        last = std::max (last, id.value);
        clash = clash || (id != stored.id && others.contains (id));
    }
    clash = clash || last > limit::id / 2 || (stored.id != song && own.contains (song));
    if (! clash)
        project.nextId = std::max (project.nextId, last + 1);
    for (const auto& m : version.media)
        if (auto& id = ids[m.id]; ! id)
        {
            if (project.media.size() >= limit::media)
                return Problem { "There are too many audio files." };
            project.media.push_back (m);
            project.media.back().id = id = nextId (project);
        }
    ids[stored.id] = song;
    auto back = renumbered (stored,
                            [&] (Id id)
                            {
                                const auto known = ids.find (id);
                                if (known != ids.end())
                                    return known->second;
                                return clash ? ids[id] = nextId (project) : id;
                            });
    // Scenes of now know nothing of strips that came back with new ids.
    auto scenes = clash ? std::vector<ScenePtr>() : (*at)->scenes;
    for (auto& scene : back.scenes)
        if (std::none_of (scenes.begin(), scenes.end(),
                          [&] (const ScenePtr& one) { return one->id == scene->id; }) &&
            scenes.size() < limit::scenes)
            scenes.push_back (scene);
    back.scenes = std::move (scenes);
    project.songs[static_cast<std::size_t> (at - p.songs.begin())] =
        std::make_shared<const Song> (std::move (back));
    return e;
}

namespace
{

using namespace reading;

Edit recallVersion (const Reader& r)
{
    const auto song = r.song();
    if (! r.has ("text"))
        return Problem { "There is no version " + quoted (r.text ("name")) + "." };
    const auto version = loaded (r.text ("text"));
    if (! version)
        return Problem { "The version " + quoted (r.text ("name")) +
                         " cannot be read: " + version.problem().what };
    return recalledVersion (r.project, song, version->project);
}

} // namespace

std::vector<EditType> versionEdits()
{
    return {
        { "recall-version",
          "Recall version",
          "Puts a song back to a version that was stored by `lacquer versions store`.",
          { { "name", Type::text, "the version's name" },
            { "song", Type::text, "the song's name; without it the first song", true },
            { "text", Type::text, "the version itself; without it the file of that name", true } },
          run<recallVersion> },
    };
}

} // namespace lacquer::session
