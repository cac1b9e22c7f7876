// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Renumber.h"
#include "session/Sample.h"
#include "session/Scene.h"
#include "session/TemplateEdits.h"
#include "session/VersionEdits.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::session;
using test::made;

namespace
{

/// The song's text with every id as if the project held nothing else: equal songs but for ids are equal.
std::string shape (const Project& p, const Song& song)
{
    Project only;
    only.id = { 1 };
    only.nextId = 2;
    only.sampleRate = p.sampleRate;
    std::map<Id, Id> ids;
    only.songs = { std::make_shared<const Song> (renumbered (song,
                                                             [&] (Id id)
                                                             {
                                                                 auto& fresh = ids[id];
                                                                 if (! fresh)
                                                                     fresh = { only.nextId++ };
                                                                 return fresh;
                                                             })) };
    return canonical (only);
}

} // namespace

TEST_CASE ("a version put back is the song that was stored, to the byte")
{
    auto p = test::sample();
    const auto song = p.songs[0]->id;
    const auto version = versionOf (p, song, "Rough");
    REQUIRE (valid (version));
    const auto before = canonical (p);
    p = made (withValue (p, p.songs[0]->mix->id, "fader.level", -3.0));
    p = made (removedStrip (p, p.songs[0]->tracks[0]->strip.id));
    // Through its file.
    const auto edit = recalledVersion (p, song, *parsed (canonical (version)));
    REQUIRE (edit);
    CHECK (edit->label == "Recall version \"Rough\"");
    CHECK (canonical (edit->project) == before);
}

TEST_CASE ("a version whose ids now belong to others comes back with new ones, whole")
{
    const auto p = test::sample();
    const auto version = versionOf (p, p.songs[0]->id, "Rough");
    // Another project: every id means something else, and it has none of the audio.
    auto q = made (addedSong (newProject ("Other", 48000), SongKind::mix, "Second"));
    const auto edit = recalledVersion (q, q.songs[0]->id, version);
    REQUIRE (edit);
    const auto good = valid (edit->project);
    if (! good)
        FAIL (good.problem().sentence());
    CHECK (edit->project.songs[0]->id == q.songs[0]->id);
    CHECK (shape (edit->project, *edit->project.songs[0]) == shape (p, *p.songs[0]));
    CHECK (*edit->project.songs[1] == *q.songs[1]);
    CHECK (edit->project.media.size() == version.media.size());

    auto slow = version;
    slow.sampleRate = 44100;
    CHECK_FALSE (recalledVersion (q, q.songs[0]->id, slow));
    CHECK_FALSE (recalledVersion (q, q.songs[0]->id, test::sample())); // two songs
    CHECK_FALSE (recalledVersion (q, Id { 999 }, version));
    CHECK_FALSE (recalledVersion (p, p.songs[1]->id, version)); // a mix is no stereo file
}

TEST_CASE ("scenes stored after a version stay when it is recalled")
{
    auto p = test::sample();
    const auto version = versionOf (p, p.songs[0]->id, "Rough");
    p = made (applied (p, "store-scene", { { "name", "Later" } }));
    p = made (applied (p, "remove-scene", { { "scene", "Rough" } }));
    const auto q = made (recalledVersion (p, p.songs[0]->id, version));
    REQUIRE (q.songs[0]->scenes.size() == 3);
    CHECK (q.songs[0]->scenes[1]->name == "Later");
    CHECK (valid (q));
}

TEST_CASE ("a song's template holds its routing and no audio, and makes the same song anywhere")
{
    const auto p = test::sample();
    const auto from = songTemplate (p, p.songs[0]->id);
    REQUIRE (valid (from));
    REQUIRE (goodTemplate (from, false));
    CHECK (from.media.empty());
    const auto made1 = projectFromTemplate (*parsed (canonical (from)), "New", 96000);
    REQUIRE (made1);
    CHECK (made1->sampleRate == 96000);
    CHECK (made1->name == "New");
    REQUIRE (made1->songs.size() == 1);
    const auto &a = *p.songs[0], &b = *made1->songs[0];
    REQUIRE (b.tracks.size() == a.tracks.size());
    for (std::size_t n = 0; n < a.tracks.size(); ++n)
    {
        const auto &x = a.tracks[n]->strip, &y = b.tracks[n]->strip;
        CHECK (y.name == x.name);
        CHECK (y.values == x.values);
        CHECK (y.tags == x.tags);
        CHECK (y.lanes.empty());
        CHECK (b.tracks[n]->clips.empty());
        CHECK (b.tracks[n]->delay == 2 * a.tracks[n]->delay); // the same time at twice the rate
        CHECK (y.inserts.size() == x.inserts.size());
    }
    CHECK (b.groups[0]->output == b.groups[1]->id);
    CHECK (b.tracks[0]->strip.output == b.groups[0]->id);
    CHECK (b.tracks[0]->strip.sends[2] == b.returns[0]->id);
    CHECK (b.tracks[1]->strip.inserts[0]->sidechain == b.tracks[0]->strip.id);
    CHECK (b.vcas.size() == 2);
    CHECK (b.vcas[0]->members == std::vector<Id> { b.tracks[0]->strip.id, b.groups[0]->id });
    CHECK (b.master->modules.size() == 1);
    CHECK (b.tempi.size() == a.tempi.size());
    // The same text from the same song, whatever ids it has.
    CHECK (canonical (songTemplate (*made1, b.id)) ==
           canonical (songTemplate (*projectFromTemplate (from, "New", 96000), made1->songs[0]->id)));
}

TEST_CASE ("a track's template is connected by names where it is put")
{
    const auto p = test::sample();
    const auto from = trackTemplate (p, p.songs[0]->tracks[0]->strip.id); // Kick: into Drums, send 3 to Echo
    REQUIRE (from);
    REQUIRE (valid (*from));
    REQUIRE (goodTemplate (*from, true));

    // Where there is nothing of that name: the return comes along, the group is told.
    const auto bare = newProject ("Bare", 48000);
    const auto first = addedFromTemplate (bare, bare.songs[0]->id, *from);
    REQUIRE (first);
    REQUIRE (valid (first->project));
    const auto& song = *first->project.songs[0];
    REQUIRE (song.tracks.size() == 1);
    const auto& strip = song.tracks[0]->strip;
    CHECK (strip.name == "Kick");
    CHECK (strip.values == p.songs[0]->tracks[0]->strip.values);
    CHECK (strip.channels == 1);
    CHECK (strip.lanes.empty());
    CHECK (strip.output == song.mix->id);
    REQUIRE (song.returns.size() == 1);
    CHECK (song.returns[0]->name == "Echo");
    CHECK (song.returns[0]->inserts.size() == 2);
    CHECK (strip.sends[2] == song.returns[0]->id);
    CHECK (first->notes == std::vector<std::string> { "The return \"Echo\" was added with it.",
                                                      "There is no group \"Drums\" here." });

    // Where there is: nothing else comes.
    const auto second = addedFromTemplate (p, p.songs[0]->id, *from, "Kick out");
    REQUIRE (second);
    REQUIRE (valid (second->project));
    const auto& more = *second->project.songs[0];
    CHECK (second->notes.empty());
    CHECK (more.returns.size() == p.songs[0]->returns.size());
    CHECK (more.tracks.back()->strip.name == "Kick out");
    CHECK (more.tracks.back()->strip.output == more.groups[0]->id);
    CHECK (more.tracks.back()->strip.sends[2] == more.returns[0]->id);

    // A key is found by name too.
    const auto keyed = *trackTemplate (p, p.songs[0]->tracks[1]->strip.id);
    const auto third = addedFromTemplate (p, p.songs[0]->id, keyed);
    REQUIRE (third);
    CHECK (third->project.songs[0]->tracks.back()->strip.inserts[0]->sidechain ==
           p.songs[0]->tracks[0]->strip.id);
    const auto alone = addedFromTemplate (bare, bare.songs[0]->id, keyed);
    REQUIRE (alone);
    CHECK_FALSE (alone->project.songs[0]->tracks[0]->strip.inserts[0]->sidechain);
    CHECK (alone->notes == std::vector<std::string> { "There is no track \"Kick\" here to listen to." });

    CHECK_FALSE (addedFromTemplate (p, p.songs[0]->id, test::sample())); // audio, and two songs
    CHECK_FALSE (addedFromTemplate (p, p.songs[0]->id, newProject ("Empty", 48000)));
    CHECK_FALSE (trackTemplate (p, p.songs[0]->mix->id));
}
