// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ClipEdits.h"
#include "session/MediaEdits.h"
#include "session/RoutingEdits.h"
#include "session/Sample.h"

#include <set>

using namespace lacquer;
using namespace lacquer::session;
using test::made;

namespace
{

/// Three tracks; two files of 100,000 frames; on each of the first two tracks one clip [1000, 5000) from
/// frame 200.
struct Bench
{
    Project p = newProject ("Clips", 48000);
    Id media, a, b, c, first, second;

    Bench()
    {
        Media m;
        m.path = "Audio/x.wav";
        m.frames = 100000;
        take (addedMedia (p, m), media);
        take (addedTrack (p, song(), "A"), a);
        take (addedTrack (p, song(), "B"), b);
        take (addedTrack (p, song(), "C"), c);
        Clip clip;
        clip.media = media;
        clip.start = 1000;
        clip.offset = 200;
        clip.length = 4000;
        take (addedClip (p, a, clip), first);
        take (addedClip (p, b, clip), second);
    }
    Id song() const { return p.songs[0]->id; }
    void take (Edit e, Id& id)
    {
        if (! e)
            FAIL (e.problem().sentence());
        id = e->made;
        p = std::move (e->project);
        REQUIRE (valid (p));
    }
    void take (Edit e)
    {
        Id ignored;
        take (std::move (e), ignored);
    }
    const std::vector<ClipPtr>& on (Id track) const { return trackOf (p, track)->clips; }
    const Clip& clip (Id id) const { return *clipOf (p, id); }
};

/// Which frame of its file a clip plays at a place of the timeline.
Frames fileFrame (const Clip& c, Frames at)
{
    return c.reversed ? c.offset + c.length - 1 - (at - c.start) : c.offset + at - c.start;
}

} // namespace

TEST_CASE ("clips move and are copied together, in time and to other tracks")
{
    Bench x;
    x.take (movedClips (x.p, { x.first, x.second }, 500, 1));
    REQUIRE (x.on (x.a).empty());
    REQUIRE (x.on (x.b)[0]->id == x.first);
    REQUIRE (x.on (x.c)[0]->id == x.second);
    REQUIRE (x.clip (x.first).start == 1500);
    REQUIRE (x.clip (x.first).offset == 200);
    REQUIRE_FALSE (movedClips (x.p, { x.first, x.second }, 0, 1));     // there is no fourth track
    REQUIRE_FALSE (movedClips (x.p, { x.first, x.second }, -1501, 0)); // before the song
    Id copy;
    x.take (copiedClips (x.p, { x.first, x.second }, 10000, -1), copy);
    REQUIRE (x.on (x.a).size() == 1);
    REQUIRE (x.on (x.a)[0]->id == copy);
    REQUIRE (x.on (x.a)[0]->start == 11500);
    REQUIRE (x.on (x.b).size() == 2);
    REQUIRE (movedClips (x.p, { x.first }, 1)->label == "Move clip");
    REQUIRE (movedClips (x.p, { x.first, x.second }, 1)->label == "Move clips");
}

TEST_CASE ("clips are repeated so often, or to fill a stretch to the frame")
{
    Bench x;
    x.take (movedClip (x.p, x.second, 3000)); // together they last from 1000 to 7000
    const auto before = x.p;
    x.take (repeatedClips (x.p, { x.first, x.second }, 3));
    std::vector<Frames> starts;
    for (const auto& c : x.on (x.b))
        starts.push_back (c->start);
    REQUIRE (starts == std::vector<Frames> { 3000, 9000, 15000, 21000 });
    x.p = before;
    x.take (filledWith (x.p, { x.first, x.second }, 16000));
    REQUIRE (x.on (x.a).size() == 3); // at 1000, 7000 and 13000
    REQUIRE (x.on (x.a)[2]->length == 3000);
    REQUIRE (x.on (x.b).size() == 3); // at 3000, 9000 and 15000
    REQUIRE (x.on (x.b)[2]->start == 15000);
    REQUIRE (x.on (x.b)[2]->length == 1000);
    REQUIRE_FALSE (filledWith (before, { x.first }, 5000));
    REQUIRE_FALSE (repeatedClips (before, { x.first }, 0));
}

TEST_CASE ("slipping moves the sound and not the clip, as far as the file reaches")
{
    Bench x;
    x.take (slippedClips (x.p, { x.first }, 150));
    REQUIRE (x.clip (x.first).offset == 50); // what was heard at 1150 is heard at 1300
    REQUIRE (x.clip (x.first).start == 1000);
    x.take (slippedClips (x.p, { x.first }, 1000));
    REQUIRE (x.clip (x.first).offset == 0);
    REQUIRE_FALSE (slippedClips (x.p, { x.first }, 1));
    x.take (slippedClips (x.p, { x.first }, -1'000'000));
    REQUIRE (x.clip (x.first).offset == 96000);
    x.take (reversedClips (x.p, { x.first }));
    const auto heard = fileFrame (x.clip (x.first), 2000);
    x.take (slippedClips (x.p, { x.first }, -40));
    REQUIRE (fileFrame (x.clip (x.first), 1960) == heard);
}

TEST_CASE ("trimming and splitting keep every frame in its place, backwards and with an envelope too")
{
    for (const bool reversed : { false, true })
    {
        Bench x;
        if (reversed)
            x.take (reversedClips (x.p, { x.first }));
        x.take (withEnvelope (x.p, x.first, { { 0, -6 }, { 2000, 0 }, { 4000, -12 } }));
        const auto whole = x.clip (x.first);
        const auto same = [&] (const Clip& c)
        {
            for (Frames at = c.start; at < c.start + c.length; at += 7)
            {
                REQUIRE (fileFrame (c, at) == fileFrame (whole, at));
                REQUIRE (envelopeGain (c.envelope, at - c.start) ==
                         envelopeGain (whole.envelope, at - whole.start));
            }
        };
        Id right;
        x.take (splitClip (x.p, x.first, 2700), right);
        REQUIRE (x.clip (right).start == 2700);
        REQUIRE (x.clip (x.first).length == 1700);
        same (x.clip (x.first));
        same (x.clip (right));
        x.take (trimmedClip (x.p, right, 3100, 4400));
        same (x.clip (right));
        x.take (trimmedClip (x.p, right, 2700, 5000)); // and back: nothing of the envelope was lost
        REQUIRE (x.clip (right).envelope.size() == 3);
        same (x.clip (right));
    }
}

TEST_CASE ("stripping silence leaves the ranges with their sound in place, new ends faded")
{
    Bench x;
    x.take (withFades (x.p, x.first, 300, 400, Fade::linear, Fade::linear));
    const auto whole = x.clip (x.first);
    x.take (strippedSilence (x.p, x.first, { { 1000, 1500 }, { 2000, 2010 }, { 4000, 4600 } }, 20));
    const auto& left = x.on (x.a);
    REQUIRE (left.size() == 3);
    REQUIRE (left[0]->id == x.first);
    for (const auto& c : left)
        REQUIRE (fileFrame (*c, c->start) == fileFrame (whole, c->start));
    REQUIRE (left[0]->fadeIn == 300); // its old start
    REQUIRE (left[0]->fadeOut == 20);
    REQUIRE (left[1]->fadeIn == 5); // half of ten frames
    REQUIRE (left[2]->fadeOut == 20);
    for (const auto& bad : std::vector<std::vector<session::Range>> { {},
                                                                      { { 999, 1200 } },
                                                                      { { 1000, 5001 } },
                                                                      { { 2000, 2000 } },
                                                                      { { 3000, 4000 }, { 2000, 2500 } } })
        REQUIRE_FALSE (strippedSilence (x.p, x.second, bad));
}

TEST_CASE ("normalising brings the measured level to the target")
{
    Bench x;
    x.take (normalisedClip (x.p, x.first, -7.25, -1, Normalise::peak));
    REQUIRE (x.clip (x.first).gain == 6.25);
    REQUIRE_FALSE (normalisedClip (x.p, x.first, -100, -1, Normalise::peak)); // silence
    REQUIRE_FALSE (normalisedClip (x.p, x.first, std::nan (""), -1, Normalise::loudness));
}

TEST_CASE ("clips that come to overlap get their crossfade where the song says so")
{
    Bench x;
    Clip next;
    next.media = x.media;
    next.start = 6000;
    next.length = 3000;
    Id later;
    x.take (addedClip (x.p, x.a, next), later);
    const auto plain = made (movedClips (x.p, { later }, -1700));
    REQUIRE (clipOf (plain, later)->fadeIn == 0); // off: the overlap sums
    x.take (withCrossfades (x.p, x.song(), Crossfades::equalPower));
    x.take (movedClips (x.p, { later }, -1700)); // 4300 to 5000
    REQUIRE (x.clip (later).fadeIn == 700);
    REQUIRE (x.clip (x.first).fadeOut == 700);
    REQUIRE (x.clip (x.first).fadeOutShape == Fade::equalPower);
    const auto linear = made (crossfaded (plain, x.a, Fade::linear));
    REQUIRE (clipOf (linear, later)->fadeIn == 700);
    REQUIRE (clipOf (linear, later)->fadeInShape == Fade::linear);
    REQUIRE_FALSE (crossfaded (x.p, x.b, Fade::linear)); // nothing overlaps there
}

TEST_CASE ("a crossfade goes where its clips part and follows where they come closer")
{
    Bench x;
    Clip next;
    next.media = x.media;
    next.start = 4300;
    next.length = 3000;
    Id later;
    x.take (withCrossfades (x.p, x.song(), Crossfades::equalPower));
    x.take (addedClip (x.p, x.a, next), later); // 4300 to 5000 are shared
    REQUIRE (x.clip (later).fadeIn == 700);
    const auto fades = [&] (const Project& p)
    { return std::pair (clipOf (p, x.first)->fadeOut, clipOf (p, later)->fadeIn); };
    using Two = std::pair<Frames, Frames>;

    CHECK (fades (made (movedClips (x.p, { later }, 300))) == Two (400, 400)); // shorter
    CHECK (fades (made (movedClips (x.p, { later }, 700))) == Two (0, 0));     // side by side
    CHECK (fades (made (movedClip (x.p, later, 4300, x.c))) == Two (0, 0));    // to another track
    CHECK (fades (made (trimmedClip (x.p, x.first, 1000, 4100))) == Two (0, 0));
    CHECK (fades (made (trimmedClip (x.p, later, 4600, 7300))) == Two (400, 400));
    CHECK (clipOf (made (removedClips (x.p, { x.first })), later)->fadeIn == 0);
    const auto muted = made (mutedClips (x.p, { later }, true));
    CHECK (fades (muted) == Two (0, 0));
    CHECK (fades (made (mutedClips (muted, { later }, false))) == Two (700, 700));
    // The right part of a split clip takes the crossfade over.
    const auto split = made (splitClips (x.p, { x.first }, 3000));
    CHECK (fades (split) == Two (0, 700));

    // Fades that a hand has made longer or shorter are its own.
    x.take (withCrossfades (x.p, x.song(), Crossfades::off));
    x.take (withFades (x.p, later, 500, 0, Fade::linear, Fade::linear));
    x.take (withCrossfades (x.p, x.song(), Crossfades::linear));
    CHECK (fades (made (movedClips (x.p, { later }, 900))) == Two (0, 500));
    // Without automatic crossfades nothing goes by itself.
    x.take (withCrossfades (x.p, x.song(), Crossfades::off));
    CHECK (fades (made (movedClips (x.p, { later }, 900))) == Two (700, 500));
}

TEST_CASE ("a clip is trimmed as far as its file reaches, and one that reaches beyond a new file can be made "
           "shorter")
{
    // The clip plays frames 200 to 4200 of 100,000 from 1000 on: the file would begin at 800, end at 100,800.
    Bench x;
    x.take (trimmedClip (x.p, x.first, 800, 100'800));
    REQUIRE_FALSE (trimmedClip (x.p, x.first, 800, 100'801));
    REQUIRE_FALSE (trimmedClip (x.p, x.first, 799, 100'800));
    // Backwards the other way round: 200 frames are left behind its end, 95,800 before its start.
    Id late;
    Clip clip;
    clip.media = x.media;
    clip.start = 200'000;
    clip.offset = 200;
    clip.length = 4000;
    clip.reversed = true;
    x.take (addedClip (x.p, x.c, clip), late);
    REQUIRE_FALSE (trimmedClip (x.p, late, 200'000, 204'201));
    REQUIRE_FALSE (trimmedClip (x.p, late, 104'199, 204'000));
    x.take (trimmedClip (x.p, late, 104'200, 204'200));

    Media m;
    m.path = "Audio/short.wav";
    m.frames = 50'000;
    Id brief;
    x.take (addedMedia (x.p, m), brief);
    x.take (trimmedClip (x.p, x.first, 1000, 90'000)); // ends before the file, so its length stays
    const auto replaced = made (withReplacedMedia (x.p, x.media, brief));
    CHECK (clipOf (replaced, x.first)->length == 89'000);
    REQUIRE (trimmedClip (replaced, x.first, 2000, 80'000));
    REQUIRE_FALSE (trimmedClip (replaced, x.first, 1000, 90'001));
}

TEST_CASE ("a new file in place of another tells what it ends: freezing, and clips that reach beyond it")
{
    Bench x;
    Media m;
    m.path = "Audio/short.wav";
    m.frames = 1000;
    Id brief, frozenSound;
    x.take (addedMedia (x.p, m), brief);
    m.path = "Audio/frozen.wav";
    x.take (addedMedia (x.p, m), frozenSound);
    x.take (frozen (x.p, x.a, frozenSound));
    const auto edit = withReplacedMedia (x.p, x.media, brief);
    REQUIRE (edit);
    CHECK (
        edit->notes ==
        std::vector<std::string> {
            "The track \"A\" was frozen with the old sound and is not any more.",
            "The track \"A\" has a clip that reaches beyond the end of the new file: there it is silent.",
            "The track \"B\" has a clip that reaches beyond the end of the new file: there it is silent." });
    m.frames = 200'000;
    m.path = "Audio/long.wav";
    Id longer;
    x.take (addedMedia (x.p, m), longer);
    x.take (frozen (x.p, x.a, {}));
    CHECK (withReplacedMedia (x.p, x.media, longer)->notes.empty());
}

TEST_CASE ("an edit group takes the same clips on its other tracks and gains keep their balance")
{
    Bench x;
    Id group;
    x.take (addedEditGroup (x.p, x.song(), "Pair", { x.a, x.b }), group);
    x.take (movedClip (x.p, x.first, 1200));
    REQUIRE (x.clip (x.second).start == 1200);
    x.take (trimmedClip (x.p, x.second, 1300, 5000));
    REQUIRE (x.clip (x.first).start == 1300);
    REQUIRE (x.clip (x.first).offset == 300);
    x.take (splitClip (x.p, x.first, 2000));
    REQUIRE (x.on (x.b).size() == 2);
    x.take (mutedClip (x.p, x.first, true));
    REQUIRE (x.clip (x.second).muted);
    x.take (withClipGain (x.p, x.first, -3));
    REQUIRE (x.clip (x.second).gain == -3);
    x.take (switchedEditGroup (x.p, group, false));
    x.take (withClipGain (x.p, x.second, 1)); // now 4 dB above the other
    x.take (switchedEditGroup (x.p, group, true));
    x.take (normalisedClip (x.p, x.first, -10, -1, Normalise::peak));
    REQUIRE (x.clip (x.first).gain == 9);
    REQUIRE (x.clip (x.second).gain == 13);
    REQUIRE_FALSE (withClipGain (x.p, x.first, 198)); // the other would pass 200 dB
    x.take (withEnvelope (x.p, x.second, { { 0, 0 }, { 100, -6 } }));
    REQUIRE (x.clip (x.first).envelope == x.clip (x.second).envelope);
    REQUIRE (x.clip (x.first).envelope.size() == 2);
    x.take (switchedEditGroup (x.p, group, false));
    x.take (removedClip (x.p, x.first));
    REQUIRE (x.on (x.b).size() == 2);
    x.take (removedStrip (x.p, x.a)); // the group forgets the track
    REQUIRE (editGroupOf (x.p, group)->tracks == Ids { x.b });
    REQUIRE_FALSE (withEditGroupTracks (x.p, group, { x.b, x.b }));
    REQUIRE_FALSE (withEditGroupTracks (x.p, group, { x.song() }));
}

TEST_CASE ("clips of a track stay sorted and their ids stay unique through every edit")
{
    Bench x;
    x.take (repeatedClips (x.p, { x.first, x.second }, 5));
    Ids all;
    for (const auto& c : x.on (x.a))
        all.push_back (c->id);
    x.take (movedClips (x.p, { all[0], all[3] }, 7777));
    x.take (splitClips (x.p, all, x.on (x.a)[2]->start + 5));
    std::set<Id> ids;
    Frames last = 0;
    for (const auto& c : x.on (x.a))
    {
        REQUIRE (c->start >= last);
        last = c->start;
        REQUIRE (ids.insert (c->id).second);
    }
}

TEST_CASE ("sections reach to the next one, ranges as far as they say")
{
    Bench x;
    Id verse, chorus, end;
    x.take (addedMarker (x.p, x.song(), 0, "Verse", true), verse);
    x.take (addedMarker (x.p, x.song(), 96000, "Chorus", true), chorus);
    x.take (addedMarker (x.p, x.song(), 50000, "Here"));
    x.take (addedMarker (x.p, x.song(), 192000, "Coda", true), end);
    x.take (withMarkerRange (x.p, chorus, 48000));
    x.take (recoloured (x.p, verse, "asagi"));
    const auto all = sectionsOf (*x.p.songs[0], 240000);
    REQUIRE (all.size() == 3);
    REQUIRE ((all[0].begin == 0 && all[0].end == 96000 && all[0].colour == "asagi"));
    REQUIRE ((all[1].begin == 96000 && all[1].end == 144000));
    REQUIRE ((all[2].name == "Coda" && all[2].end == 240000));
}

TEST_CASE ("cleaning keeps the recording of an effect")
{
    auto p = test::sample();
    const auto recording = p.songs[0]->returns[0]->inserts[1]->media;
    const auto song = p.songs[0];
    for (const auto& t : song->tracks)
        for (const auto& c : t->clips)
            p = made (removedClip (p, c->id));
    CHECK (isUsed (p, recording));
    const auto q = made (withoutUnusedMedia (p));
    CHECK (mediaOf (q, recording) != nullptr);
    CHECK (q.media.size() == 1);
    CHECK (valid (q));
}
