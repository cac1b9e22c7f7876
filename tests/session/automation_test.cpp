// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/AutomationEdits.h"
#include "session/ModulatorEdits.h"
#include "session/Sample.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <random>

using namespace lacquer;
using namespace lacquer::session;
using test::made;

namespace
{

/// A lane on the fader of the first track of the sample.
struct Ridden
{
    Project project = test::sample();
    LaneOf which { project.songs[0]->tracks[0]->strip.id, "fader", nullptr };

    explicit Ridden (Points points)
    {
        Lane lane;
        lane.target = which.target;
        lane.parameter = which.parameter;
        lane.points = std::move (points);
        project = made (withLane (project, lane));
    }
    const Points& points() const { return laneOf (project, which.target, which.parameter)->points; }
    void done (Edit e) { project = made (std::move (e)); }
};

Points randomPoints (std::mt19937& random, int curves = 4)
{
    Points points;
    Frames at = static_cast<Frames> (random() % 50);
    for (auto n = 1 + random() % 8; n > 0; --n)
    {
        const auto curve = static_cast<Curve> (random() % static_cast<unsigned> (curves));
        points.push_back ({ at, static_cast<double> (random() % 2000) / 100 - 10, curve,
                            curve == Curve::exponential ? static_cast<double> (random() % 21) / 10 - 1 : 0 });
        at += 1 + static_cast<Frames> (random() % 200);
    }
    return points;
}

bool inOrder (const Points& points)
{
    return std::is_sorted (points.begin(), points.end(),
                           [] (const auto& a, const auto& b) { return a.position <= b.position; }) ||
           points.size() < 2;
}

} // namespace

TEST_CASE ("a course has at every frame the value that its curves say")
{
    // By hand, as for the engine's lanes: linear, half a cosine, an exponential of tension 0.5, hold.
    const Points points { { 100, 0, Curve::linear, 0 },
                          { 200, 8, Curve::smooth, 0 },
                          { 300, 18, Curve::exponential, 0.5 },
                          { 400, 28, Curve::hold, 0 },
                          { 500, 5, Curve::hold, 0 } };
    CHECK (valueAt (points, 0) == 0);
    CHECK (valueAt (points, 175) == 6);
    CHECK (valueAt (points, 225) == Approx (8 + 10 * 0.1464466094));
    CHECK (valueAt (points, 350) == Approx (18 + 10 * 0.1824255238));
    CHECK (valueAt (points, 499) == 28);
    CHECK (valueAt (points, 900) == 5);
    CHECK (valueAt ({}, 5) == 0);
}

TEST_CASE ("a course that is cut, taken apart or replaced keeps every other frame")
{
    // Oracle: valueAt() of the course before, frame by frame. 1e-4 of the height is what a smooth stretch
    // that is cut may differ; the height here is at most 20.
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    std::mt19937 random (seed);
    for (int round = 0; round < 1500; ++round)
    {
        const auto old = randomPoints (random);
        const double slack = 20e-4;
        const Frames from = static_cast<Frames> (random() % 700),
                     to = from + 1 + static_cast<Frames> (random() % 500);

        const auto whole = cut (old, from);
        REQUIRE (inOrder (whole));
        const auto piece = part (old, from, to);
        REQUIRE (piece.front().position == 0);
        REQUIRE (piece.back().position == to - from);
        auto with = randomPoints (random);
        for (auto& p : with)
            p.position = from + p.position % (to - from);
        std::sort (with.begin(), with.end(),
                   [] (const auto& a, const auto& b) { return a.position < b.position; });
        with.erase (std::unique (with.begin(), with.end(),
                                 [] (const auto& a, const auto& b) { return a.position == b.position; }),
                    with.end());
        const auto changed = replaced (old, from, to, with);
        REQUIRE (inOrder (changed));
        const bool lastIsStraight =
            with.back().curve != Curve::smooth && with.back().curve != Curve::exponential;
        double inCut = 0, inPart = 0, around = 0, within = 0;
        for (Frames n = 0; n < 1400; ++n)
        {
            const double is = valueAt (old, n);
            const auto off = [] (double& worst, double x, double y)
            { worst = std::max (worst, std::abs (x - y)); };
            off (inCut, valueAt (whole, n), is);
            if (n >= from && n <= to)
                off (inPart, valueAt (piece, n - from), is);
            if (n < from || n >= to)
                off (around, valueAt (changed, n), is);
            else if (lastIsStraight)
                off (within, valueAt (changed, n), valueAt (with, n));
        }
        CAPTURE (round, from, to);
        REQUIRE (inCut <= slack);
        REQUIRE (inPart <= slack);
        REQUIRE (around <= slack);
        REQUIRE (within <= slack);
    }
}

TEST_CASE ("thinning changes no value by more than it says")
{
    // What is allowed: 0.1 dB for levels, 0.1 % of the control's travel for all others.
    static constexpr Param level { "fader", "Fader", "dB", -100, 10, 0, Taper::fader };
    static constexpr Param corner { "hpf", "Corner", "Hz", 20, 20000, 80, Taper::logarithmic };
    static constexpr Param pan { "pan", "Pan", "pan", -100, 100, 0 };
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    std::mt19937 random (seed);
    for (int round = 0; round < 60; ++round)
        for (const auto* param : { &level, &corner, &pan })
        {
            // A hand's ride: a random walk on the control's travel, 60 to 200 times a second.
            Points ride;
            double travel = 0.5, speed = 0;
            Frames at = 0;
            for (int n = 0; n < 400; ++n)
            {
                speed = 0.9 * speed + (static_cast<double> (random() % 1000) / 1000 - 0.5) * 0.01;
                travel = std::clamp (travel + speed, 0.0, 1.0);
                ride.push_back ({ at, valueAtTravel (*param, travel) });
                at += 240 + static_cast<Frames> (random() % 600);
            }
            const auto less = thinned (ride, differenceOf (param));
            REQUIRE (less.size() < ride.size());
            for (const auto& p : ride)
            {
                const double now = valueAt (less, p.position);
                if (param == &level)
                    REQUIRE (std::abs (now - p.value) <= 0.1 + 1e-9);
                else
                    REQUIRE (std::abs (travelOf (*param, now) - travelOf (*param, p.value)) <= 0.001 + 1e-9);
            }
            if (param != &corner) // straight in its own unit: then between the points too
                for (Frames n = 0; n < at; n += 97)
                    REQUIRE (differenceOf (param) (valueAt (less, n), valueAt (ride, n)) <= 1 + 1e-6);
        }
    // A straight line and a value that rests are two points; steps of a choice are those that change.
    Points line, steps;
    for (int n = 0; n < 1000; ++n)
    {
        line.push_back ({ n * 100, -6 + 0.003 * n });
        steps.push_back ({ n * 100, std::floor (n / 250.0), Curve::hold });
    }
    CHECK (thinned (line, differenceOf (&level)).size() == 2);
    CHECK (thinned (steps, differenceOf (&level)).size() == 5); // 0, 250, 500, 750 and the last
}

TEST_CASE ("a stretch of automation is shifted, scaled, raised, copied and cleared as if drawn again")
{
    // Points at 0, 1000 ... 4000 with values 0, -10, 0, -10, 0; expected values by hand.
    const Points zigzag { { 0, 0 }, { 1000, -10 }, { 2000, 0 }, { 3000, -10 }, { 4000, 0 } };
    const auto at = [] (const Ridden& r, Frames n) { return valueAt (r.points(), n); };
    {
        Ridden r (zigzag);
        r.done (shiftedAutomation (r.project, r.which, { 500, 1500 }, 5000));
        CHECK (at (r, 6000) == Approx (-10)); // what was at 1000
        CHECK (at (r, 5500) == Approx (-5));
        CHECK (at (r, 5499) == 0); // and before it what there was
        CHECK (at (r, 6500) == 0);
        CHECK (at (r, 499) == Approx (-4.99));
        CHECK (at (r, 1000) == Approx (-5).margin (0.02)); // a line where it was
        CHECK (at (r, 1500) == Approx (-5));
        CHECK (at (r, 3000) == -10);
    }
    {
        Ridden r (zigzag);
        r.done (scaledAutomation (r.project, r.which, { 1500, 2500 }, 2, -10));
        CHECK (at (r, 2000) == 10);
        CHECK (at (r, 1500) == Approx (0));
        CHECK (at (r, 1499) == Approx (-5.01));
        CHECK (at (r, 2500) == Approx (-5));
        CHECK (at (r, 3000) == -10);
        Ridden whole (zigzag);
        whole.done (scaledAutomation (whole.project, whole.which, {}, 0.5));
        CHECK (whole.points().size() == 5);
        CHECK (at (whole, 3000) == -5);
    }
    {
        Ridden r (zigzag);
        r.done (raisedAutomation (r.project, r.which, { 2000 }, -3)); // to the end
        CHECK (at (r, 2000) == -3);
        CHECK (at (r, 1999) == Approx (-0.01));
        CHECK (at (r, 9999) == -3);
        CHECK (r.points().back().position < 5000);
        static constexpr Param level { "fader", "Fader", "dB", -100, 10, 0, Taper::fader };
        auto limited = r.which;
        limited.param = &level;
        r.done (raisedAutomation (r.project, limited, {}, 50)); // no further than the control goes
        CHECK (at (r, 2000) == 10);
    }
    {
        Ridden r (zigzag);
        const LaneOf pan { r.which.target, "pan", nullptr };
        r.done (copiedAutomation (r.project, r.which, { 1000, 2000 }, 500, pan));
        const auto& copy = laneOf (r.project, pan.target, "pan")->points;
        CHECK (valueAt (copy, 500) == -10);
        CHECK (valueAt (copy, 1000) == Approx (-5));
        CHECK (at (r, 1000) == -10);
        r.done (copiedAutomation (r.project, r.which, { 0, 1001 }, 4000, r.which));
        CHECK (at (r, 4000) == 0);
        CHECK (at (r, 5000) == -10);
        CHECK (at (r, 5001) == 0);
    }
    {
        Ridden r (zigzag);
        r.done (clearedAutomation (r.project, r.which, { 1500, 3500 }));
        CHECK (r.points() == Points { { 0, 0 }, { 1000, -10 }, { 4000, 0 } });
        r.done (movedPoints (r.project, r.which, { 1000, 1001 }, -500, 4));
        CHECK (r.points() == Points { { 0, 0 }, { 500, -6 }, { 4000, 0 } });
        CHECK_FALSE (movedPoints (r.project, r.which, {}, -1, 0));
        CHECK_FALSE (shiftedAutomation (r.project, r.which, { 100, 200 }, -101));
    }
}

TEST_CASE ("modes are kept with the lane, and a parameter without one is given an empty one")
{
    auto p = test::sample();
    const LaneOf pan { p.songs[0]->tracks[1]->strip.id, "pan", nullptr };
    p = made (withLaneMode (p, pan, LaneMode::latch));
    REQUIRE (laneOf (p, pan.target, "pan")->mode == LaneMode::latch);
    REQUIRE (laneOf (p, pan.target, "pan")->points.empty());
    CHECK_FALSE (withLaneMode (p, { pan.target, "fader.solo", nullptr }, LaneMode::touch));
    CHECK_FALSE (withLaneMode (p, { pan.target, "pan.law", nullptr }, LaneMode::touch));
    p = made (withLaneMode (p, pan, std::nullopt));
    REQUIRE_FALSE (laneOf (p, pan.target, "pan")->enabled);
    REQUIRE (*parsed (canonical (p)) == p);
}

TEST_CASE ("a pass over several parameters is one edit with a name of its own")
{
    auto p = test::sample();
    const auto track = p.songs[0]->tracks[1]->strip.id;
    static constexpr Param level { "fader", "Fader", "dB", -100, 10, 0, Taper::fader };
    const LaneOf fader { track, "fader", &level }, pan { track, "pan", nullptr };
    auto e = withRides (
        p, { { fader, { 100, 200 }, { { 100, -3 }, { 199, 99 } } }, { pan, { 0, 50 }, { { 0, 5 } } } });
    REQUIRE (e);
    CHECK (e->label == "Ride 2 parameters");
    CHECK (valueAt (laneOf (e->project, track, "fader")->points, 199) == 10); // as far as it goes
    CHECK (withRides (p, { { fader, { 100, 200 }, { { 100, -3 } } } })->label == "Ride Fader");
    CHECK_FALSE (withRides (p, { { fader, { 100, 200 }, { { 200, -3 } } } }));
    CHECK_FALSE (withRides (p, {}));
}

TEST_CASE ("automation goes along with what is moved under it, and only that")
{
    auto p = test::sample();
    const auto track = p.songs[0]->tracks[0]->strip.id;
    Lane ride, held;
    ride.target = held.target = track;
    ride.parameter = "fader";
    ride.points = { { 0, 0 }, { 1000, -6 }, { 2000, 0 } };
    held.parameter = "pan";
    held.points = { { 0, 20 } };
    p = made (withLane (made (withLane (p, ride)), held));
    const auto q = made (movedAutomation (p, track, 500, 1500, 10000));
    CHECK (valueAt (laneOf (q, track, "fader")->points, 11000) == -6);
    CHECK (valueAt (laneOf (q, track, "fader")->points, 1000) == Approx (-3).margin (0.01));
    CHECK (laneOf (q, track, "pan")->points == held.points);
    CHECK (made (movedAutomation (p, track, 500, 1500, 0)) == p);
    CHECK_FALSE (movedAutomation (p, track, 500, 1500, -501));

    // The clips of the sample's first track lie one behind the other; its song says that automation follows.
    const auto clips = p.songs[0]->tracks[0]->clips;
    const auto first = clips[0]->id;
    const Frames start = clips[0]->start;
    ride.points = { { start, 0 }, { start + 500, -6 }, { start + 1000, 0 } };
    p = made (withLane (p, ride));
    CHECK (valueAt (laneOf (made (movedClip (p, first, start + 7000)), track, "fader")->points,
                    start + 7500) == -6);
    const auto still = made (withAutomationFollowing (p, p.songs[0]->id, false));
    CHECK (laneOf (made (movedClip (still, first, start + 7000)), track, "fader")->points == ride.points);
    // Two clips half a length apart that go on over each other: neither takes the other's automation away.
    auto q2 = made (movedClip (p, clips[1]->id, start + 2000));
    ride.points = { { start, 0 }, { start + 500, -6 }, { start + 1999, 0 }, { start + 2500, -9 } };
    q2 = made (withLane (q2, ride));
    q2 = made (trimmedClip (q2, first, start, start + 1000));
    auto both = made (withAutomationFollowing (q2, q2.songs[0]->id, false));
    both = made (movedClip (made (movedClip (both, first, start + 2000)), clips[1]->id, start + 4000));
    both = made (withAutomationFollowing (both, both.songs[0]->id, true));
    const auto along =
        made (withAutomationAlong (q2, Edited { both, "Move clips" }, { first, clips[1]->id }));
    CHECK (valueAt (laneOf (along, track, "fader")->points, start + 2500) == -6);
    CHECK (valueAt (laneOf (along, track, "fader")->points, start + 4500) == -9);
}

TEST_CASE ("a modulator lets go of what is removed, and a follower cannot hear what it moves")
{
    auto p = test::sample(); // "Duck" follows the first Kick and moves the second delay of Echo
    const auto& song = *p.songs[0];
    const auto kick = song.tracks[0]->strip.id, other = song.tracks[1]->strip.id, echo = song.returns[0]->id,
               delay = song.returns[0]->inserts[1]->id, duck = song.modulators[1]->id;
    REQUIRE (modulatorOf (p, duck)->targets.size() == 1);
    CHECK (modulatorOf (made (removedEffect (p, delay)), duck)->targets.empty());
    CHECK (modulatorOf (made (removedStrip (p, echo)), duck)->targets.empty());
    CHECK_FALSE (modulatorOf (made (removedStrip (p, kick)), duck)->source);
    // The kick sends to Echo and goes through Drums and All into the mix.
    REQUIRE (withModulation (p, duck, { other, "fader", -6, false }));
    const auto own = withModulation (p, duck, { kick, "fader", -6, false });
    REQUIRE_FALSE (own.ok());
    CHECK (own.problem().what == "The modulator would hear what it moves: Kick -> Duck -> Kick.");
    const auto up = made (withSource (p, duck, song.groups[1]->id));
    CHECK_FALSE (withModulation (up, duck, { kick, "fader", -6, false }));
    CHECK_FALSE (withSource (p, duck, echo));
    CHECK (followingCycle (song, *modulatorOf (p, duck)).empty());
}
