// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Edits.h"
#include "session/Find.h"
#include "session/History.h"
#include "session/Json.h"
#include "studio/AutomationRecorder.h"
#include "studio/Catalogue.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace lacquer;
using session::LaneMode;
using session::LaneOf;
using session::Points;
using studio::AutomationRecorder;

namespace
{

/// A song with one track, whose fader has a lane.
struct Riding
{
    session::Project project = session::newProject ("Ride", 48000);
    Id song = project.songs.front()->id, track = taken (session::addedTrack (project, song, "Vox"));
    LaneOf fader { track, "fader.level", paramCalled ("fader.level") };
    AutomationRecorder recorder;

    static const Param* paramCalled (std::string_view id)
    {
        for (const auto& p : studio::stripTable())
            if (p.id == id)
                return &p;
        return nullptr;
    }
    Id taken (session::Edit edit)
    {
        REQUIRE (edit.ok());
        project = std::move (edit->project);
        return edit->made;
    }
    void drawn (const LaneOf& which, LaneMode mode, Points points)
    {
        session::Lane lane;
        lane.target = which.target;
        lane.parameter = which.parameter;
        lane.mode = mode;
        lane.points = std::move (points);
        taken (session::withLane (project, std::move (lane)));
    }
    void start (Frames position = 0)
    {
        recorder.start (std::make_shared<const session::Project> (project), song, position);
    }
    Points stopped (Frames position)
    {
        auto edit = recorder.stop (position);
        REQUIRE (edit);
        REQUIRE (session::valid (edit->project));
        label = edit->label;
        project = std::move (edit->project);
        return session::laneOf (project, fader.target, fader.parameter)->points;
    }
    std::string label;
};

const Points wave { { 0, -12 }, { 96000, 0, Curve::smooth }, { 192000, -20, Curve::hold }, { 240000, -6 } };

} // namespace

TEST_CASE ("a ride in touch is written as it was heard, within a tenth of a decibel, and nothing else is")
{
    // Oracle: what the mixer does with a value that lands at a frame (a straight line over the next 64) is
    // worked out here frame by frame.
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    std::mt19937 random (seed);
    for (int round = 0; round < 20; ++round)
    {
        Riding r;
        r.drawn (r.fader, LaneMode::touch, wave);
        r.start();
        const Frames from = 64 * static_cast<Frames> (random() % 2500);
        const double first = session::valueAt (wave, from);
        REQUIRE (r.recorder.touch (r.fader, from, first));
        std::vector<std::pair<Frames, double>> landed;
        double value = first;
        Frames at = from;
        for (int n = 0; n < 100; ++n)
        {
            at += 64 * (1 + static_cast<Frames> (random() % 30)); // 1 to 40 ms apart
            value = std::clamp (value + static_cast<double> (random() % 200) / 100 - 1, -60.0, 10.0);
            r.recorder.move (r.track, "fader.level", at, value);
            landed.emplace_back (at, value);
        }
        const Frames to = at + 4800;
        r.recorder.release (r.track, "fader.level", to);
        const auto lane = r.stopped (to + 100000);

        double before = first, now = first;
        std::size_t next = 0;
        for (Frames n = from; n < to; ++n)
        {
            while (next < landed.size() && landed[next].first <= n)
            {
                before = now;
                now = landed[next++].second;
            }
            const double x =
                next == 0 ? 1 : std::min (1.0, static_cast<double> (n - landed[next - 1].first) / 64);
            REQUIRE (std::abs (session::valueAt (lane, n) - (before + (now - before) * x)) <= 0.1 + 1e-9);
        }
        for (Frames n = 0; n < 400000; n += 37)
            if (n < from || n > to + 12001) // 50 ms of rest and 200 ms back
                REQUIRE (session::valueAt (lane, n) == Approx (session::valueAt (wave, n)).margin (0.003));
        REQUIRE (session::valueAt (lane, to + 2000) == Approx (value).margin (0.1)); // it rests
        // Every move two points at most, and what the cuts through the smooth curve take on either side.
        REQUIRE (lane.size() <= 2 * 100 + 60);
        REQUIRE (r.label == "Ride Fader");
    }
}

TEST_CASE ("latch writes until the song stops, write from its start, read and off write nothing")
{
    {
        Riding r;
        r.drawn (r.fader, LaneMode::latch, wave);
        r.start (1000);
        REQUIRE (r.recorder.touch (r.fader, 50000, -3));
        r.recorder.release (r.track, "fader.level", 60000);
        CHECK (r.recorder.writes (r.track, "fader.level"));
        const auto lane = r.stopped (150000);
        CHECK (session::valueAt (lane, 149000) == -3);
        CHECK (session::valueAt (lane, 49000) == Approx (session::valueAt (wave, 49000)));
        CHECK (session::valueAt (lane, 160000) == Approx (session::valueAt (wave, 160000)).margin (0.003));
    }
    {
        Riding r;
        r.drawn (r.fader, LaneMode::write, wave);
        r.start (30000);
        r.recorder.move (r.track, "fader.level", 40000, -30);
        const auto lane = r.stopped (120000);
        const double first = session::valueAt (wave, 30000);
        CHECK (session::valueAt (lane, 39999) == Approx (first));
        CHECK (session::valueAt (lane, 41000) == -30);
        CHECK (session::valueAt (lane, 119999) == -30);
        CHECK (session::valueAt (lane, 29999) == Approx (session::valueAt (wave, 29999)));
    }
    for (const bool off : { false, true })
    {
        Riding r;
        r.drawn (r.fader, off ? LaneMode::touch : LaneMode::read, wave);
        if (off)
            r.taken (session::withLaneMode (r.project, r.fader, std::nullopt));
        r.start();
        CHECK_FALSE (r.recorder.touch (r.fader, 100, 0));
        r.recorder.move (r.track, "fader.level", 200, 3);
        CHECK_FALSE (r.recorder.stop (1000));
    }
}

TEST_CASE ("a trim is added to what was there")
{
    Riding r;
    r.drawn (r.fader, LaneMode::trim, wave);
    r.start();
    REQUIRE (r.recorder.touch (r.fader, 64000, 0));
    r.recorder.move (r.track, "fader.level", 70400, 2);
    r.recorder.release (r.track, "fader.level", 200000);
    const auto lane = r.stopped (400000);
    for (Frames n = 70464; n < 200000; n += 61)
        REQUIRE (session::valueAt (lane, n) == Approx (session::valueAt (wave, n) + 2).margin (0.11));
    for (Frames n = 0; n < 400000; n += 61)
        if (n < 64000 || n > 200000 + 12010)
            REQUIRE (session::valueAt (lane, n) == Approx (session::valueAt (wave, n)).margin (0.003));
}

TEST_CASE ("a whole pass is undone in one step, and a loop writes where it is heard")
{
    Riding r;
    const LaneOf pan { r.track, "pan.position", Riding::paramCalled ("pan.position") };
    const LaneOf mute { r.track, "fader.mute", Riding::paramCalled ("fader.mute") };
    r.drawn (r.fader, LaneMode::latch, wave);
    r.drawn (pan, LaneMode::touch, {});
    r.drawn (mute, LaneMode::latch, {});
    session::History history (r.project);
    const auto before = session::canonical (r.project);
    r.start (90000);
    REQUIRE (r.recorder.touch (r.fader, 95000, -1));
    REQUIRE (r.recorder.touch (pan, 96000, 0));
    REQUIRE (r.recorder.touch (mute, 97000, 0));
    r.recorder.move (r.track, "fader.mute", 98000, 1);
    r.recorder.move (r.track, "pan.position", 98000, -40);
    r.recorder.jump (100000, 80000); // a loop from 80000 to 100000
    r.recorder.move (r.track, "fader.level", 85000, -9);
    r.recorder.release (r.track, "pan.position", 86000);
    const auto lane = r.stopped (90000);
    CHECK (r.label == "Ride 3 parameters");
    CHECK (session::valueAt (lane, 99999) == -1);
    CHECK (session::valueAt (lane, 80000) == -1);
    CHECK (session::valueAt (lane, 86000) == -9);
    CHECK (session::valueAt (lane, 89999) == -9);
    CHECK (session::valueAt (lane, 94000) == Approx (session::valueAt (wave, 94000)));
    const auto& switched = session::laneOf (r.project, r.track, "fader.mute")->points;
    CHECK (session::valueAt (switched, 97999) == 0);
    CHECK (session::valueAt (switched, 98000) == 1);
    CHECK (session::valueAt (session::laneOf (r.project, r.track, "pan.position")->points, 85000) == -40);
    history.add (r.project, r.label);
    history.undo();
    CHECK (session::canonical (*history.current()) == before);
}

TEST_CASE ("while it is ridden, a parameter is heard as the hand says, then as it was written")
{
    Riding r;
    r.drawn (r.fader, LaneMode::touch, wave);
    r.start();
    const auto strip = [&] (Frames at) { return r.recorder.audible (at)->tracks[0]->strip; };
    CHECK (strip (0).lanes[0].enabled);
    REQUIRE (r.recorder.touch (r.fader, 10000, -4));
    r.recorder.move (r.track, "fader.level", 12000, -5);
    CHECK_FALSE (strip (12000).lanes[0].enabled);
    CHECK (strip (12000).values.at ("fader.level") == session::Value { -5.0 });
    const int version = r.recorder.version();
    r.recorder.release (r.track, "fader.level", 20000);
    CHECK (r.recorder.version() != version);
    CHECK (strip (20000).lanes[0].enabled);
    CHECK (session::valueAt (strip (20000).lanes[0].points, 19000) == -5);
    CHECK (session::valueAt (r.stopped (30000), 19000) == -5);
    CHECK (r.recorder.audible (0) == nullptr);
}

TEST_CASE (
    "a ride lies on top of what was edited meanwhile, and a parameter without a lane is given the mode")
{
    Riding r;
    const LaneOf pan { r.track, "pan.position", Riding::paramCalled ("pan.position") };
    r.start (0);
    CHECK_FALSE (r.recorder.touch (pan, 1000, 0)); // it has no lane, and nobody says how
    REQUIRE (r.recorder.touch (pan, 1000, 0, LaneMode::latch));
    // What is set is heard at once and written when it has landed.
    r.recorder.set (r.track, "pan.position", 40);
    const auto heard = r.recorder.audible (2000);
    CHECK (std::get<double> (heard->tracks[0]->strip.values.at ("pan.position")) == 40);
    CHECK (session::valueAt (*r.recorder.pointsOf (r.track, "pan.position"), 90000) == 0);
    r.recorder.move (r.track, "pan.position", 2048, 40);
    CHECK (session::valueAt (*r.recorder.pointsOf (r.track, "pan.position"), 90000) == 40);

    const Id other = r.taken (session::addedTrack (r.project, r.song, "Bass"));
    const LaneOf level { other, "fader.level", Riding::paramCalled ("fader.level") };
    r.recorder.edited (std::make_shared<const session::Project> (r.project));
    REQUIRE (r.recorder.touch (level, 3000, -6, LaneMode::latch));
    r.taken (session::removedStrip (r.project, other));
    r.recorder.edited (std::make_shared<const session::Project> (r.project));
    CHECK_FALSE (r.recorder.writes (other, "fader.level"));
    r.taken (session::renamed (r.project, r.track, "Lead"));
    r.recorder.edited (std::make_shared<const session::Project> (r.project));

    auto edit = r.recorder.stop (96000);
    REQUIRE (edit);
    REQUIRE (session::valid (edit->project));
    CHECK (edit->label == "Ride Pan");
    CHECK (session::stripOf (edit->project, r.track)->name == "Lead");
    CHECK (session::stripOf (edit->project, other) == nullptr);
    const auto* lane = session::laneOf (edit->project, r.track, "pan.position");
    REQUIRE (lane != nullptr);
    CHECK (lane->mode == LaneMode::latch);
    CHECK (session::valueAt (lane->points, 50000) == Approx (40).margin (0.2));
}
