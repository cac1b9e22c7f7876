// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"
#include "engine/Modulator.h"

#include <catch2/catch.hpp>
#include <numbers>
#include <random>

using namespace lacquer;
using namespace lacquer::engine;
using namespace lacquer::engine::test;

namespace
{

const auto tempo =
    std::make_shared<const TempoMap> (48000.0, std::vector<TempoMap::Tempo> { { 0, 120 }, { 8, 90 } });

ModulatorPtr swinging (int shape, float rate, float phase = 0)
{
    LfoParams<float> p;
    p.shape = static_cast<float> (shape);
    p.rate = rate;
    p.phase = phase;
    return lfo (p, tempo);
}

/// Puts out what it is told.
struct Told
{
    template <typename T>
    struct Params
    {
        T level = inDecibels<T> ("level", "Level", { -60, 12 }, -3, "A level.");
        T corner = inHertz<T> ("corner", "Corner", { 20, 20000 }, 1000, "A frequency.");
    };
    static constexpr std::string_view id = "told", name = "Told", help = "Says what it is told.";
    void prepare (const Format&) {}
    void reset() noexcept {}
    void process (const Block& b, const Params<float>& p) noexcept
    {
        for (int n = 0; n < b.frames; ++n)
        {
            b.channels[0][n] = p.level;
            b.channels[1][n] = p.corner;
        }
    }
};

} // namespace

TEST_CASE ("the six shapes of an LFO have the values that their names say")
{
    // At 1 Hz and 48 kHz an eighth of a swing is 6000 frames; values by hand at 0/8 to 7/8.
    const double root = std::numbers::sqrt2 / 2;
    const double wanted[5][8] { { 0, root, 1, root, 0, -root, -1, -root },
                                { 0, 0.5, 1, 0.5, 0, -0.5, -1, -0.5 },
                                { -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75 },
                                { 1, 0.75, 0.5, 0.25, 0, -0.25, -0.5, -0.75 },
                                { 1, 1, 1, 1, -1, -1, -1, -1 } };
    for (int shape = 0; shape < 5; ++shape)
        for (int n = 0; n < 24; ++n)
        {
            CAPTURE (shape, n);
            CHECK (swinging (shape, 1)->at (n * 6000) == Approx (wanted[shape][n % 8]).margin (1e-12));
            CHECK (swinging (shape, 1, 90)->at (n * 6000) ==
                   Approx (wanted[shape][(n + 2) % 8]).margin (1e-12));
        }
    // Sample and hold: another value each second, even over -1 to 1 (mean 0, mean square 1/3).
    const auto held = swinging (5, 1);
    double sum = 0, square = 0;
    for (int n = 0; n < 4000; ++n)
    {
        const double v = held->at (n * 48000 + 5);
        REQUIRE (held->at (n * 48000 + 47999) == v);
        REQUIRE (std::abs (v) <= 1);
        sum += v;
        square += v * v;
    }
    CHECK (sum / 4000 == Approx (0).margin (0.05));
    CHECK (square / 4000 == Approx (1.0 / 3).margin (0.02));
}

TEST_CASE ("what is synced follows the song's tempo through its changes")
{
    // 120 beats a minute until beat 8 (192000 frames at 48 kHz), then 90: a beat is 24000, then 32000 frames.
    LfoParams<float> p;
    p.sync = 1;
    p.length = 8; // a quarter
    p.shape = 2;
    const auto saw = lfo (p, tempo);
    CHECK (quartersIn (8) == 1);
    CHECK (saw->at (24000 * 3 + 12000) == Approx (0).margin (1e-9));
    CHECK (saw->at (192000 + 32000 * 2 + 8000) == Approx (-0.5));

    StepsParams<float> s;
    s.count = 2; // three steps
    s.length = 8;
    s.step1 = 100;
    s.step2 = -50;
    s.step3 = 20;
    const auto steps = stepSequence (s, tempo);
    const double heights[] { 1, -0.5, 0.2 };
    for (int beat = 0; beat < 8; ++beat)
    {
        CHECK (steps->at (24000 * beat + 100) == Approx (heights[beat % 3]));
        CHECK (steps->at (24000 * beat + 23900) == Approx (heights[beat % 3]));
    }
    CHECK (steps->at (192000 + 32000 + 100) == Approx (heights[9 % 3]));
    s.glide = 50; // half a step on the way: halfway at three quarters
    CHECK (stepSequence (s, tempo)->at (18000) == Approx (0.25));
}

TEST_CASE ("what wanders does so smoothly, within its range and the same way every time")
{
    RandomParams<float> p;
    p.rate = 2;
    const auto a = smoothRandom (p, tempo), b = smoothRandom (p, tempo);
    p.seed = 2;
    const auto other = smoothRandom (p, tempo);
    double most = 0, differs = 0;
    for (Frames n = -48000; n < 480000; n += 480) // a 50th of a step
    {
        REQUIRE (a->at (n) == b->at (n));
        REQUIRE (std::abs (a->at (n)) <= 1);
        most = std::max (most, std::abs (a->at (n + 480) - a->at (n)));
        differs = std::max (differs, std::abs (a->at (n) - other->at (n)));
    }
    // The steepest half cosine of height 2 rises by pi / 50 in a 50th of its length.
    CHECK (most <= std::numbers::pi / 50);
    CHECK (most > 0.01);
    CHECK (differs > 0.5);
}

TEST_CASE ("modulation is added to the lane or the knob within the parameter's range")
{
    // Oracle: the definition. At multiples of 64 frames base + depth * value, a straight line between;
    // octaves for a frequency; clamped to the range.
    Builder b;
    const auto node = std::make_shared<EffectNode> (effectType<Told>(), Format {});
    const auto sine = swinging (0, 7), square = swinging (4, 3);
    const std::vector<Point> points { { 0, -20 }, { 5000, 0 } };
    const Id s = b.source (1);
    const Id e = b.add ("Told", node, { 2 },
                        { { 0, 0,
                            std::make_shared<const Lane> (
                                points, std::vector<Modulation> { { sine, 30, true }, { square, 4, false } },
                                node->controls(), 0) },
                          { 0, 1,
                            std::make_shared<const Lane> (std::vector<Point> {},
                                                          std::vector<Modulation> { { sine, 2, true } },
                                                          node->controls(), 1) } });
    b.connect (s, e);
    b.graph.result = e;
    Engine engine (48000, 1);
    engine.use (b.plan());
    const auto all = rendered (engine, 0, 9600);
    const auto grid = [] (const Modulator& m, Frames at)
    {
        const Frames from = at / 64 * 64;
        const double x = static_cast<double> (at - from) / 64;
        return m.at (from) * (1 - x) + m.at (from + 64) * x;
    };
    const Lane line (points);
    bool high = false;
    for (Frames n = 63; n < 9600; n += 64) // last frames of whole quanta
    {
        const double level =
            std::clamp (line.at (n) + 30 * grid (*sine, n) + 4 * (grid (*square, n) + 1) / 2, -60.0, 12.0);
        high = high || level == 12;
        const auto k = static_cast<std::size_t> (n);
        REQUIRE (all.side[0][k] == Approx (level).margin (1e-4));
        REQUIRE (all.side[1][k] == Approx (1000 * std::exp2 (2 * grid (*sine, n))).epsilon (1e-5));
    }
    CHECK (high);

    // Nothing depends on where it begins or how it is cut.
    const auto later = rendered (engine, 64 * 50, 9600, 100);
    CHECK (std::equal (later.side[0].begin(), later.side[0].end(), all.side[0].begin() + 64 * 50));
    CHECK (std::equal (later.side[1].begin(), later.side[1].end(), all.side[1].begin() + 64 * 50));

    // A knob that is turned while the song plays goes there in a line over a quantum, not in a step.
    Driver device (engine, Driver::Kind::device);
    engine.locate (0);
    engine.play();
    played (engine, 640);
    node->controls().set (1, 2000);
    const auto turned = played (engine, 256);
    for (std::size_t n = 0; n + 1 < 256; ++n)
        REQUIRE (std::abs (turned.side[1][n + 1] - turned.side[1][n]) <= 1100);
    CHECK (turned.side[1][255] == Approx (2000 * std::exp2 (2 * grid (*sine, 640 + 255))).epsilon (1e-4));
}
