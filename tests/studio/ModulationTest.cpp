// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Driver.h"
#include "engine/Engine.h"
#include "engine/Offline.h"
#include "session/AutomationEdits.h"
#include "session/Find.h"
#include "session/ModulatorEdits.h"
#include "studio/AutomationRecorder.h"
#include "studio/Catalogue.h"
#include "studio/Rig.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

using namespace lacquer;
using lacquer::Id;

namespace
{

/// One for ever, or in the first half of every second only.
struct Level final : FrameSource
{
    explicit Level (bool p) : pulses (p) {}
    int channels() const noexcept override { return 1; }
    int read (Frames position, std::span<float* const> out, int frames) noexcept override
    {
        for (int n = 0; n < frames; ++n)
            out[0][n] = pulses && ((position + n) % 48000 + 48000) % 48000 >= 24000 ? 0.0f : 1.0f;
        return frames;
    }
    void locate (Frames) noexcept override {}
    bool pulses;
};

/// A song whose tracks are levels: what comes out of the mix is their gain.
struct Gains
{
    session::Project project = session::newProject ("Test", 48000);
    studio::Rig rig { 48000, [] (const session::Project&, const session::Track& track) {
                         return Result<std::shared_ptr<FrameSource>> (
                             std::make_shared<Level> (track.strip.name == "Kick"));
                     } };

    const session::Song& song() const { return *project.songs.front(); }
    Id done (session::Edit edit)
    {
        INFO ((edit ? std::string() : edit.problem().sentence()));
        REQUIRE (edit.ok());
        project = std::move (edit->project);
        return edit->made;
    }
    Id addTrack (const char* name)
    {
        const Id id = done (session::addedTrack (project, song().id, name, 1));
        done (session::withValue (project, id, "pan.law", std::string ("0 dB")));
        return id;
    }
    Id addModulator (session::ModulatorKind kind, Id target, const char* parameter, double depth,
                     bool bipolar)
    {
        const Id id = done (session::addedModulator (project, song().id, kind, "M"));
        done (session::withModulation (project, id, { target, parameter, depth, bipolar }));
        return id;
    }
    std::unique_ptr<engine::Plan> plan (const studio::Tap& tap)
    {
        auto graph = rig.graph (project, song(), tap);
        INFO ((graph ? std::string() : graph.problem().sentence()));
        REQUIRE (graph.ok());
        auto made = engine::compile (*graph, nullptr,
                                     std::make_shared<TempoMap> (48000, song().tempi, song().metres));
        INFO ((made ? std::string() : made.problem().sentence()));
        REQUIRE (made.ok());
        return *std::move (made);
    }
    /// The left side of a strip.
    std::vector<float> rendered (Id strip, Frames from, Frames to, int threads = 1, int block = 512)
    {
        engine::Engine engine (48000, threads, engine::Engine::Helpers::always);
        rig.clearBanks();
        engine.use (plan ({ studio::Tap::Point::strip, strip }));
        std::vector<float> all;
        const auto ended = engine::render (engine, from, to, block,
                                           [&] (const float* const* ch, int frames) -> Outcome
                                           {
                                               all.insert (all.end(), ch[0], ch[0] + frames);
                                               return {};
                                           });
        REQUIRE (ended.ok());
        return all;
    }
};

double decibelsOf (float gain)
{
    return 20 * std::log10 (static_cast<double> (gain));
}

struct Live
{
    std::string label;        ///< of the edit that it became, which is taken
    std::vector<float> heard; ///< late by the latency
    std::size_t latency;
};

/// Two seconds of a strip as a device plays it at blocks of any size, while a parameter that is at `from` is
/// set anew between one in `every` of them: the tap tells where that landed, the recorder writes it.
Live ridden (Gains& g, Id strip, const session::LaneOf& lane, double from, std::mt19937& random,
             unsigned every, const std::function<session::Value()>& next)
{
    engine::Engine engine (48000, 1);
    g.rig.clearBanks();
    engine.use (g.plan ({ studio::Tap::Point::strip, strip }));
    studio::AutomationRecorder recorder;
    recorder.start (std::make_shared<const session::Project> (g.project), g.song().id, 0);
    REQUIRE (recorder.touch (lane, 0, from));
    std::vector<float> heard;
    std::size_t set = 256;
    {
        engine::Driver device (engine, engine::Driver::Kind::device);
        engine.play();
        while (heard.size() < 96000)
        {
            float left[256], right[256];
            float* const out[] { left, right };
            const int frames = 1 + static_cast<int> (random() % 256);
            engine.process (out, 2, frames);
            heard.insert (heard.end(), left, left + frames);
            // What lands within the latency of the song's beginning has no place in a lane of its own. Two
            // steps in a quantum of 64 frames would be one that is twice as high.
            if (random() % every == 0 && heard.size() >= set + 64)
            {
                set = heard.size();
                g.done (session::withValue (g.project, lane.target, lane.parameter, next()));
                g.rig.control (g.song());
            }
            for (const auto& change : g.rig.landed (*engine.plan()))
                recorder.move (change.target, change.parameter, change.position, change.value);
        }
    }
    auto edit = recorder.stop (100000);
    REQUIRE (edit);
    g.project = std::move (edit->project);
    return { edit->label, std::move (heard), static_cast<std::size_t> (engine.plan()->latency()) };
}

} // namespace

TEST_CASE ("an LFO on a fader is its swing in dB, the same bits however time is cut and whoever computes")
{
    // A level of 1 through a strip at rest comes out as the fader's gain: 6 dB times a sine of 2 Hz around
    // the fader's -10 dB. A straight line over 64 frames of a swing of 24000 leaves it by
    // 6 (2 pi 64 / 24000)^2 / 8 = 2e-4 dB.
    Gains g;
    const Id vox = g.addTrack ("Vox");
    g.done (session::withValue (g.project, vox, "fader.level", -10.0));
    const Id m = g.addModulator (session::ModulatorKind::lfo, vox, "fader.level", 6, true);
    g.done (session::withValue (g.project, m, "rate", 2.0));
    const auto all = g.rendered (vox, 0, 60000);
    for (std::size_t n = 200; n < all.size(); ++n)
        REQUIRE (decibelsOf (all[n]) ==
                 Approx (-10 + 6 * std::sin (2 * std::numbers::pi * 2 * static_cast<double> (n) / 48000))
                     .margin (3e-4));
    CHECK (g.rendered (vox, 0, 60000, 2, 100) == all);
    const auto later = g.rendered (vox, 30000, 60000, 2, 300);
    CHECK (std::equal (later.begin(), later.end(), all.begin() + 30000));
    g.done (session::switchedModulator (g.project, m, false));
    CHECK (decibelsOf (g.rendered (vox, 0, 5000).back()) == Approx (-10).margin (1e-4));
}

TEST_CASE ("modulators reach every part of a strip, its sends and its inserts")
{
    Gains g;
    const Id vox = g.addTrack ("Vox");
    const Id gain = g.done (session::addedEffect (g.project, vox, "gain"));
    const struct
    {
        Id target;
        const char* parameter;
        double depth, least; ///< what the output must move by at least, in dB
    } all[] { { vox, "trim.gain", 6, 10 }, { gain, "gain", 6, 10 }, { vox, "pan.position", 100, 1 } };
    for (const auto& one : all)
    {
        const auto before = g.project;
        const Id m =
            g.addModulator (session::ModulatorKind::steps, one.target, one.parameter, one.depth, true);
        g.done (session::withValue (g.project, m, "step1", 100.0));
        g.done (session::withValue (g.project, m, "step2", -100.0));
        g.done (session::withValue (g.project, m, "count", std::string ("2")));
        g.done (session::withValue (g.project, m, "sync", std::string ("Off")));
        g.done (session::withValue (g.project, m, "rate", 10.0));
        const auto sound = g.rendered (vox, 0, 9600);
        INFO (one.parameter);
        CHECK (std::abs (decibelsOf (std::max (1e-5f, sound[4700])) -
                         decibelsOf (std::max (1e-5f, sound[9500]))) > one.least);
        g.project = before;
    }
}

TEST_CASE ("a follower turns one track down while another sounds, the same bits with any threads")
{
    // The kick is at full level in every first half of a second: the follower is all the way up there, and
    // the bass 12 dB down. Then its level falls by 8.686 dB in every 150 ms of release, 128 frames late, and
    // the follower with it on its way of 42 dB from top to floor.
    Gains g;
    const Id kick = g.addTrack ("Kick"), bass = g.addTrack ("Bass");
    const Id m = g.addModulator (session::ModulatorKind::follower, bass, "fader.level", -12, false);
    g.done (session::withSource (g.project, m, kick));
    const auto one = g.rendered (bass, 0, 96000);
    CHECK (decibelsOf (one[20000]) == Approx (-12).margin (0.01));
    CHECK (decibelsOf (one[47900]) ==
           Approx (-12 * (48 - 8.685889638 * (47900 - 24000 - 128) / 7200) / 42).margin (0.05));
    CHECK (decibelsOf (one[68000]) == Approx (-12).margin (0.01));
    for (int round = 0; round < 3; ++round)
        CHECK (g.rendered (bass, 0, 96000, 2, 100 + 64 * round) == one);
    // It cannot hear itself, and no change of routing may make it.
    CHECK_FALSE (session::withModulation (g.project, m, { kick, "fader.level", -6, false }));
    const Id group = g.done (session::addedGroup (g.project, g.song().id, "Low"));
    g.done (session::withSource (g.project, m, group));
    const auto looped = session::withOutput (g.project, bass, group);
    REQUIRE_FALSE (looped.ok());
    CHECK (looped.problem().sentence().find ("Low -> M -> Bass -> Low") != std::string::npos);
}

TEST_CASE ("a macro's knob is heard as it is turned, and its automation as it is drawn")
{
    Gains g;
    const Id vox = g.addTrack ("Vox");
    const Id m = g.addModulator (session::ModulatorKind::macro, vox, "fader.level", -20, false);
    const auto at = g.song();
    g.done (session::withValue (g.project, m, "value", 50.0));
    CHECK (studio::Rig::sameStructure (at, g.song()));
    CHECK (decibelsOf (g.rendered (vox, 0, 9600).back()) == Approx (-10).margin (1e-4));
    session::Lane lane;
    lane.target = m;
    lane.parameter = "value";
    lane.points = { { 0, 0 }, { 9600, 100 } };
    g.done (session::withLane (g.project, lane));
    CHECK_FALSE (studio::Rig::sameStructure (at, g.song()));
    const auto drawn = g.rendered (vox, 0, 9600);
    // Where the drawn line begins it has a corner, which a line over a quantum rounds off.
    for (std::size_t n = 100; n < drawn.size(); n += 100)
        REQUIRE (decibelsOf (drawn[n]) == Approx (-20 * static_cast<double> (n) / 9600).margin (1e-4));
}

TEST_CASE ("an effect switched by hand while the song plays sounds the same from the lane it writes")
{
    // A saturator is late by its filters. It is switched at blocks of any size, often before a crossfade or
    // the latency is over. What was heard live then is what the lane plays, bit for bit.
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    std::mt19937 random (seed);
    Gains g;
    const Id vox = g.addTrack ("Vox"), effect = g.done (session::addedEffect (g.project, vox, "saturator"));
    const auto table = studio::tableOf (*studio::effectOf ("saturator"));
    const session::LaneOf lane { effect, "on",
                                 &table[static_cast<std::size_t> (studio::indexOf (table, "on"))] };
    g.done (session::withLaneMode (g.project, lane, session::LaneMode::latch));
    bool on = true;
    const auto live = ridden (g, vox, lane, 1, random, 6,
                              [&]
                              {
                                  on = ! on;
                                  return std::string (on ? "On" : "Off");
                              });
    CHECK (live.label == "Ride On");
    REQUIRE (session::laneOf (g.project, effect, "on")->points.size() > 10);
    const auto played = g.rendered (vox, 0, 90000, 2, 333);
    CHECK (live.latency > 64); // the strip alone has 24
    for (std::size_t n = 0; n < played.size(); ++n)
    {
        CAPTURE (n);
        REQUIRE (played[n] == live.heard[n + live.latency]);
    }
}

TEST_CASE ("a ride plays back as it was heard while it was recorded")
{
    // Then the lane is played; at every frame its gain is within 0.1 dB of what was heard.
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    std::mt19937 random (seed);
    Gains g;
    const Id vox = g.addTrack ("Vox");
    const session::LaneOf fader { vox, "fader.level",
                                  &studio::stripTable()[static_cast<std::size_t> (
                                      studio::indexOf (studio::stripTable(), "fader.level"))] };
    g.done (session::withLaneMode (g.project, fader, session::LaneMode::latch));
    double value = 0;
    const auto live = ridden (
        g, vox, fader, 0, random, 4,
        [&] {
            return value = std::clamp (value + static_cast<double> (random() % 300) / 100 - 1.5, -40.0, 10.0);
        });
    CHECK (live.label == "Ride Fader");
    const auto played = g.rendered (vox, 0, 90000);
    for (std::size_t n = 0; n < played.size(); ++n)
    {
        CAPTURE (n);
        REQUIRE (std::abs (decibelsOf (played[n]) - decibelsOf (live.heard[n + live.latency])) <=
                 0.14); // 0.04: a line in gain for one in dB: 1.5 (1.5 ln (10) / 20) / 8 = 0.032
    }
}
