// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ChangedParts.h"
#include "session/ClipEdits.h"
#include "session/InsertEdits.h"
#include "session/RoutingEdits.h"
#include "session/Sample.h"
#include "session/WrittenOut.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::session;
using test::made;
using Part = ChangedPart::Part;

namespace
{

/// What an edit of the sample names, and undoing it.
struct Step
{
    Project before = test::sample(), after;

    Step (std::string_view op, const Arguments& a) : after (made (applied (before, op, a))) {}
    std::vector<ChangedPart> done() const { return changedParts (*before.songs[0], *after.songs[0]); }
    std::vector<ChangedPart> undone() const { return changedParts (*after.songs[0], *before.songs[0]); }
    const Song& song() const { return *before.songs[0]; }
};

} // namespace

TEST_CASE ("A step names the strip, effect, clip, lane, marker or modulator that it touched, both ways")
{
    const auto p = test::sample();
    const auto& s = *p.songs[0];
    const auto &kick = *s.tracks[0], &second = *s.tracks[2];
    const Id drums = s.groups[0]->id, echo = s.returns[0]->id, delay = s.returns[0]->inserts[1]->id;
    const auto& clip = *kick.clips[0];
    const auto both = [] (const Step& step, const std::vector<ChangedPart>& wanted)
    {
        CHECK (step.done() == wanted);
        CHECK (step.undone() == wanted);
    };
    both (Step ("set", { { "address", "track:Kick/eq.band3.gain" }, { "value", "5" } }),
          { { Part::strip, kick.strip.id, {}, "eq.band3.gain", 0, 0 } });
    both (Step ("set", { { "address", "group:Drums/fader.level" }, { "value", "-9" } }),
          { { Part::strip, drums, {}, "fader.level", 0, 0 } });
    both (Step ("set", { { "address", "vca:Band/fader.level" }, { "value", "-9" } }),
          { { Part::strip, s.vcas[1]->id, {}, "fader.level", 0, 0 } });
    both (Step ("rename", { { "what", "group:Drums" }, { "name", "Kit" } }),
          { { Part::strip, drums, {}, {}, 0, 0 } });
    both (Step ("set-delay", { { "track", "track:Kick#2" }, { "delay", "1ms" } }),
          { { Part::strip, second.strip.id, {}, {}, 0, 0 } });
    both (Step ("set", { { "address", "return:Echo/delay#2.feedback" }, { "value", "0.7" } }),
          { { Part::effect, delay, echo, "feedback", 0, 0 } });
    both (Step ("set", { { "address", "master/limiter.ceiling" }, { "value", "-3" } }),
          { { Part::effect, s.master->modules[0]->id, s.master->id, "ceiling", 0, 0 } });
    both (Step ("gain-clip", { { "clip", std::to_string (clip.id.value) }, { "gain", "-3" } }),
          { { Part::clip, clip.id, kick.strip.id, {}, clip.start, clip.start + clip.length } });
    both (Step ("set", { { "address", "modulator:Wobble/rate" }, { "value", "2" } }),
          { { Part::modulator, s.modulators[0]->id, {}, "rate", 0, 0 } });
    both (Step ("set-tempo", { { "tempo", "100" } }), { { Part::tempo, {}, {}, {}, 0, 0 } });
    // 2 and 3 s of the limiter's lane: 3 s is the one that goes; the mode concerns the lane as a whole.
    both (Step ("automate", { { "address", "master/limiter.ceiling" }, { "points", "0:-1, 2:-4" } }),
          { { Part::lane, s.master->modules[0]->id, s.master->id, "ceiling", 2 * 48000, 3 * 48000 } });
    both (Step ("set-automation-mode", { { "address", "track:Kick/fader" }, { "mode", "write" } }),
          { { Part::lane, kick.strip.id, kick.strip.id, "fader", 0, ChangedPart::everywhere } });
}

TEST_CASE ("A step that adds, removes or moves names what came, what is gone and what was taken elsewhere")
{
    const auto p = test::sample();
    const auto& s = *p.songs[0];
    const auto &kick = *s.tracks[0], &vox = *s.tracks[1], &second = *s.tracks[2];
    const auto& clip = *kick.clips[0];
    const auto number = [] (Id id) { return std::to_string (id.value); };

    // A clip that is gone is named where it was; taken to another track, where it is now, once.
    const Step cut ("remove-clip", { { "clip", number (clip.id) } });
    const ChangedPart was { Part::clip, clip.id, kick.strip.id, {}, clip.start, clip.start + clip.length };
    CHECK (cut.done() == std::vector { was });
    CHECK (cut.undone() == std::vector { was });
    const Step taken ("move-clips", { { "clips", number (clip.id) }, { "by", "+1s" }, { "tracks", "1" } });
    const Frames there = clip.start + 48000;
    CHECK (taken.done() ==
           std::vector { ChangedPart { Part::clip, clip.id, vox.strip.id, {}, there, there + clip.length } });
    CHECK (taken.undone() == std::vector { was });

    // A strip that comes back is named alone, whatever is on it.
    const Step removed ("remove", { { "strip", "track:Kick#2" } });
    const auto back = removed.undone();
    REQUIRE_FALSE (back.empty());
    CHECK (back[0] == ChangedPart { Part::strip, second.strip.id, {}, {}, 0, 0 });
    for (const auto& d : back)
        CHECK (d.owner != second.strip.id);

    // Three tracks, the last to the front: only that one moved. Two orders of two: the one that was passed.
    const auto order = [&] (Id strip, std::size_t index) { return made (reordered (p, strip, index)); };
    const auto front = order (second.strip.id, 0);
    const std::vector one { ChangedPart { Part::strip, second.strip.id, {}, {}, 0, 0 } };
    CHECK (changedParts (s, *front.songs[0]) == one);
    CHECK (changedParts (*front.songs[0], s) == one);
    const Id first = s.returns[0]->inserts[0]->id;
    const Step effects ("move-effect", { { "effect", "return:Echo/delay" }, { "index", "2" } });
    CHECK (effects.done() == std::vector { ChangedPart { Part::effect, first, s.returns[0]->id, {}, 0, 0 } });

    const auto& mark = s.markers[0];
    const Step marker ("remove-marker", { { "marker", number (mark.id) } });
    CHECK (marker.undone() ==
           std::vector {
               ChangedPart { Part::marker, mark.id, {}, {}, mark.position, mark.position + mark.length } });

    // Nothing, and what has no place of its own on a page.
    CHECK (changedParts (s, s).empty());
    CHECK (Step ("set-isrc", { { "text", "GBAYE6800011" } }).done().empty());
    CHECK (changedParts (s, *p.songs[1]).empty());
}

TEST_CASE ("Of 10,000 clips the one that moved is named, also when nothing is shared")
{
    auto p = newProject ("Big", 48000);
    const auto done = [&] (Edit e)
    {
        const Id id = e ? e->made : Id {};
        p = made (std::move (e));
        return id;
    };
    Media file;
    file.path = "Audio/a.wav";
    file.frames = 48000;
    const Id media = done (addedMedia (p, file));
    Song big = *p.songs[0];
    for (std::uint64_t t = 0; t < 200; ++t)
    {
        Track track;
        track.strip.id = Id { p.nextId++ };
        track.strip.name = "Track " + std::to_string (t);
        track.strip.output = big.mix->id;
        for (std::int64_t n = 0; n < 50; ++n)
        {
            Clip c;
            c.id = Id { p.nextId++ };
            c.media = media;
            c.start = n * 48000;
            c.length = 48000;
            track.clips.push_back (std::make_shared<const Clip> (c));
        }
        big.tracks.push_back (std::make_shared<const Track> (track));
    }
    p.songs[0] = std::make_shared<const Song> (big);
    REQUIRE (valid (p).ok());
    const auto& c = *p.songs[0]->tracks[137]->clips[20];
    const auto after = made (mutedClip (p, c.id, true));
    const std::vector<ChangedPart> wanted {
        { Part::clip, c.id, p.songs[0]->tracks[137]->strip.id, {}, c.start, c.start + c.length }
    };
    CHECK (changedParts (*p.songs[0], *after.songs[0]) == wanted);
    const auto read = *parsed (canonical (p));
    CHECK (changedParts (*read.songs[0], *after.songs[0]) == wanted);
    CHECK (changedParts (*p.songs[0], *read.songs[0]).empty());
}
