// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Address.h"
#include "session/Desk.h"
#include "session/MediaEdits.h"
#include "session/ModulatorEdits.h"
#include "session/RoutingEdits.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::session;
using test::Desk;

TEST_CASE ("every circle is refused with its path, whether of outputs, sends or sidechains")
{
    Desk d;
    const auto drums = d.done (addedGroup (d.p, d.song(), "Drums")),
               parallel = d.done (addedReturn (d.p, d.song(), "Parallel")),
               all = d.done (addedGroup (d.p, d.song(), "All")),
               bass = d.done (addedTrack (d.p, d.song(), "Bass"));
    const auto refusedWith = [] (const Edit& e, const std::string& path)
    {
        REQUIRE_FALSE (e.ok());
        CHECK_THAT (e.problem().what, Catch::Contains (path));
    };

    d.done (withSend (d.p, drums, 0, parallel));
    refusedWith (withOutput (d.p, parallel, drums), "Drums -> Parallel -> Drums");

    d.done (withOutput (d.p, drums, all));
    refusedWith (withOutput (d.p, all, drums), "Drums -> All -> Drums");

    // A compressor on the return keyed by the bass, then one on the bass keyed by the return.
    const auto onParallel = d.done (addedEffect (d.p, parallel, "compressor"));
    d.done (withSidechain (d.p, onParallel, bass));
    const auto onBass = d.done (addedEffect (d.p, bass, "compressor"));
    refusedWith (withSidechain (d.p, onBass, parallel), "Bass -> Parallel -> Bass");
    refusedWith (withSidechain (d.p, onBass, bass), "Bass -> Bass");
    refusedWith (withSidechain (d.p, onBass, d.p.songs[0]->mix->id), "Bass -> Mix -> Bass");
    refusedWith (withSend (d.p, parallel, 0, parallel), "Parallel -> Parallel");
    d.done (withSidechain (d.p, onBass, drums));
    refusedWith (withOutput (d.p, bass, drums), "Bass -> Drums -> Bass");

    // A file with such a circle is refused too.
    auto text = canonical (d.p);
    const auto from = "\"sidechain\": " + std::to_string (drums.value);
    const auto at = text.find (from);
    REQUIRE (at != std::string::npos);
    text.replace (at, from.size(), "\"sidechain\": " + std::to_string (bass.value));
    const auto read = parsed (text);
    REQUIRE_FALSE (read.ok());
    CHECK_THAT (read.problem().what, Catch::Contains ("Bass -> Bass"));
}

TEST_CASE ("VCA faders may hold each other but not in a circle")
{
    Desk d;
    const auto kick = d.done (addedTrack (d.p, d.song(), "Kick")),
               drums = d.done (addedVca (d.p, d.song(), "Drums")),
               band = d.done (addedVca (d.p, d.song(), "Band"));
    d.done (withMembers (d.p, drums, { kick }));
    d.done (withMembers (d.p, band, { drums, kick }));
    const auto back = withMembers (d.p, drums, { band });
    REQUIRE_FALSE (back.ok());
    CHECK_THAT (back.problem().what, Catch::Contains ("Drums -> Band -> Drums"));

    // Each once, though the kick is in both.
    const auto above = vcasAbove (*d.p.songs[0], kick);
    REQUIRE (above.size() == 2);
    CHECK (above[0]->id == drums);
    CHECK (above[1]->id == band);

    d.done (removedStrip (d.p, kick));
    CHECK (vcaOf (d.p, drums)->members.empty());
    d.done (removedVcaOrMuteGroup (d.p, drums));
    CHECK (vcaOf (d.p, band)->members.empty());
}

TEST_CASE ("a VCA fader's level, mute and solo are reached by address, and nothing else of it")
{
    Desk d;
    const auto vca = d.done (addedVca (d.p, d.song(), "All/Drums"));
    CHECK (addressOf (d.p, vca, "fader.level") == "vca:All\\/Drums/fader.level");
    for (const auto parameter : Vca::parameters)
        CHECK (found (d.p, addressOf (d.p, vca, parameter))->target() == vca);
    CHECK_FALSE (found (d.p, addressOf (d.p, vca, "eq.on")).ok());
    d.done (applied (d.p, "automate",
                     { { "address", "vca:All\\/Drums/fader.level" }, { "points", "0:0, 2:-6" } }));
    CHECK (vcaOf (d.p, vca)->lanes.size() == 1);
    CHECK_FALSE (addedEffect (d.p, vca, "reverb").ok());
}

TEST_CASE ("a strip takes twelve inserts, before and after the console")
{
    Desk d;
    const auto bass = d.done (addedTrack (d.p, d.song(), "Bass"));
    Id last;
    for (int n = 0; n < 12; ++n)
        last = d.done (addedEffect (d.p, bass, "delay", -1, n % 2 == 1));
    CHECK_FALSE (addedEffect (d.p, bass, "delay").ok());
    d.done (placedEffect (d.p, last, false));
    CHECK_FALSE (effectOf (d.p, last)->postConsole);
    CHECK_FALSE (
        placedEffect (d.p, d.done (addedEffect (d.p, d.p.songs[0]->master->id, "limiter")), true).ok());
}

TEST_CASE ("what listened to a strip that is removed listens to nothing, on the master too")
{
    Desk d;
    const auto kick = d.done (addedTrack (d.p, d.song(), "Kick")),
               bass = d.done (addedTrack (d.p, d.song(), "Bass"));
    const auto a = d.done (addedEffect (d.p, bass, "compressor")),
               b = d.done (addedEffect (d.p, d.p.songs[0]->master->id, "limiter"));
    const auto group = d.done (addedMuteGroup (d.p, d.song(), "Verse"));
    d.done (withMembers (d.p, group, { kick, bass }));
    d.done (withSidechain (d.p, a, kick));
    d.done (withSidechain (d.p, b, kick));
    d.done (removedStrip (d.p, kick));
    CHECK (effectOf (d.p, a)->sidechain == Id {});
    CHECK (effectOf (d.p, b)->sidechain == Id {});
    CHECK (muteGroupOf (d.p, group)->members == std::vector { bass });
}

TEST_CASE ("delays of tracks are read in milliseconds, frames and seconds")
{
    Desk d;
    const auto bass = d.done (addedTrack (d.p, d.song(), "Bass"));
    const std::pair<const char*, Frames> all[] {
        { "12.5ms", 600 }, { "12.5", 600 }, { "-7f", -7 }, { "0.5 s", 24000 }, { "-0.01ms", 0 }
    };
    for (const auto& [text, frames] : all)
    {
        INFO (text);
        d.done (applied (d.p, "set-delay", { { "track", "track:Bass" }, { "delay", text } }));
        CHECK (trackOf (d.p, bass)->delay == frames);
    }
    for (const auto* text : { "10.1s", "-11000ms", "", "x", "nan" })
        CHECK_FALSE (applied (d.p, "set-delay", { { "track", "track:Bass" }, { "delay", text } }).ok());
}

TEST_CASE ("a follower cannot hear what it moves through a sidechain either")
{
    Desk d;
    const auto a = d.done (addedTrack (d.p, d.song(), "A", 2, "")),
               b = d.done (addedTrack (d.p, d.song(), "B", 2, ""));
    const auto effect = d.done (addedEffect (d.p, b, "compressor"));
    d.done (withSidechain (d.p, effect, a));
    const auto m = d.done (addedModulator (d.p, d.song(), ModulatorKind::follower, "Duck"));
    d.done (withSource (d.p, m, b));
    const auto refused = withModulation (d.p, m, { a, "fader.level", -6, false });
    REQUIRE_FALSE (refused);
    CHECK (refused.problem().what == "The modulator would hear what it moves: B -> Duck -> A -> B.");
    d.done (withSidechain (d.p, effect, {}));
    d.done (withModulation (d.p, m, { a, "fader.level", -6, false }));
}

TEST_CASE ("no new way of the sound lets a follower hear what it moves, through another follower neither")
{
    Desk d;
    const auto a = d.done (addedTrack (d.p, d.song(), "A")), b = d.done (addedTrack (d.p, d.song(), "B")),
               c = d.done (addedTrack (d.p, d.song(), "C"));
    const auto group = d.done (addedGroup (d.p, d.song(), "Group")),
               echo = d.done (addedReturn (d.p, d.song(), "Echo"));
    const auto effect = d.done (addedEffect (d.p, b, "compressor"));
    const auto duck = d.done (addedModulator (d.p, d.song(), ModulatorKind::follower, "Duck"));
    const auto refusedWith = [] (const Edit& e, const std::string& path)
    {
        REQUIRE_FALSE (e.ok());
        CHECK (e.problem().what == "The modulator would hear what it moves: " + path + ".");
    };
    d.done (withSource (d.p, duck, b));
    d.done (withModulation (d.p, duck, { a, "fader.level", -6, false }));
    refusedWith (withSidechain (d.p, effect, a), "B -> Duck -> A -> B");
    d.done (withSidechain (d.p, effect, c));

    d.done (withSource (d.p, duck, group));
    refusedWith (withOutput (d.p, a, group), "Group -> Duck -> A -> Group");
    d.done (withSource (d.p, duck, echo));
    refusedWith (withSend (d.p, a, 0, echo), "Echo -> Duck -> A -> Echo");

    // Duck hears B and moves A; Pump hears A and would move B.
    d.done (withSource (d.p, duck, b));
    const auto pump = d.done (addedModulator (d.p, d.song(), ModulatorKind::follower, "Pump"));
    d.done (withModulation (d.p, pump, { b, "fader.level", -6, false }));
    refusedWith (withSource (d.p, pump, a), "A -> Pump -> B -> A");
    d.done (withSource (d.p, pump, c));
}

TEST_CASE ("a sidechain comes from a track or bus of the same song, or is refused")
{
    Desk d;
    const auto bass = d.done (addedTrack (d.p, d.song(), "Bass"));
    const auto effect = d.done (addedEffect (d.p, bass, "compressor"));
    const auto other = d.done (addedSong (d.p, SongKind::mix, "Other"));
    const auto there = d.done (addedTrack (d.p, other, "Kick"));
    const auto vca = d.done (addedVca (d.p, d.song(), "All"));
    for (const auto none : { Id { 999 }, there, vca, effect, d.song() })
    {
        const auto e = withSidechain (d.p, effect, none);
        REQUIRE_FALSE (e.ok());
        CHECK (e.problem().what == "The sidechain of an effect is a track or bus of the same song.");
    }
    CHECK_FALSE (withSidechain (d.p, Id { 999 }, bass).ok());
    CHECK_FALSE (withSidechain (d.p, bass, bass).ok());
}

TEST_CASE ("only what is frozen is unfrozen")
{
    Desk d;
    const auto bass = d.done (addedTrack (d.p, d.song(), "Bass"));
    const auto e = frozen (d.p, bass, {});
    REQUIRE_FALSE (e.ok());
    CHECK (e.problem().what == "The track \"Bass\" is not frozen.");
}

TEST_CASE ("audio that only an effect or a frozen track uses is not cleaned away")
{
    Desk d;
    const auto file = [&] (const char* path)
    {
        Media media;
        media.path = path;
        media.frames = 100;
        media.channels = 2;
        media.originalRate = 48000;
        return d.done (addedMedia (d.p, media));
    };
    const auto ice = file ("Audio/ice.wav"), room = file ("Audio/room.wav"), nothing = file ("Audio/x.wav");
    const auto track = d.done (addedTrack (d.p, d.song(), "A", 2, ""));
    d.done (frozen (d.p, track, ice));
    d.done (withRecording (d.p, d.done (addedEffect (d.p, track, "convolution")), room));
    d.done (withoutUnusedMedia (d.p));
    CHECK (mediaOf (d.p, ice) != nullptr);
    CHECK (mediaOf (d.p, room) != nullptr);
    CHECK (mediaOf (d.p, nothing) == nullptr);
}
