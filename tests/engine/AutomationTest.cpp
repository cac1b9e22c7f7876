// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

using namespace lacquer;
using namespace lacquer::engine;
using namespace lacquer::engine::test;

TEST_CASE ("a lane goes from point to point as its curves say")
{
    // By hand: linear 3/4 of the way; half a cosine (1 - cos 45 deg) / 2 = 0.1464466; exponential with
    // tension 0.5 at half the way: (e^1.5 - 1) / (e^3 - 1) = 0.1824255; hold keeps 5.
    const Lane lane ({ { 100, 0, Curve::linear, 0 },
                       { 200, 8, Curve::smooth, 0 },
                       { 300, 18, Curve::exponential, 0.5 },
                       { 400, 28, Curve::hold, 0 },
                       { 500, 5, Curve::hold, 0 } });
    CHECK (lane.at (-1000) == 0);
    CHECK (lane.at (100) == 0);
    CHECK (lane.at (175) == 6);
    CHECK (lane.at (200) == 8);
    CHECK (lane.at (225) == Approx (8 + 10 * 0.1464466094));
    CHECK (lane.at (350) == Approx (18 + 10 * 0.1824255238));
    CHECK (lane.at (400) == 28);
    CHECK (lane.at (499) == 28);
    CHECK (lane.at (500) == 5);
    CHECK (lane.at (1 << 30) == 5);
}

TEST_CASE ("tension bends both ways alike and zero is a straight line")
{
    const auto at = [] (double tension, Frames n) {
        return Lane ({ { 0, 0, Curve::exponential, tension }, { 1000, 1, Curve::linear, 0 } }).at (n);
    };
    for (Frames n : { 1, 100, 500, 999 })
    {
        CHECK (at (0, n) == Approx (static_cast<double> (n) / 1000));
        CHECK (at (0.7, n) == Approx (1 - at (-0.7, 1000 - n))); // symmetry of the exponential
        CHECK (at (1, n) < at (0, n));
    }
}

TEST_CASE ("a stretch ends with the frame of a point, or before it where a held value ends")
{
    const Lane lane (
        { { 100, 1, Curve::hold, 0 }, { 200, 2, Curve::linear, 0 }, { 300, 3, Curve::linear, 0 } });
    CHECK (lane.nextTurn (-5) == 101);
    CHECK (lane.nextTurn (100) == 101);
    CHECK (lane.nextTurn (101) == 200);
    CHECK (lane.nextTurn (200) == 301);
    CHECK (lane.nextTurn (301) == Lane::noPoint);
}

TEST_CASE ("constant means every frame has the same value")
{
    // Oracle: at() itself, frame by frame, over random lanes.
    const unsigned seed = std::random_device {}();
    INFO ("seed " << seed);
    std::mt19937 random (seed);
    for (int round = 0; round < 3000; ++round)
    {
        std::vector<Point> points;
        Frames position = 0;
        for (auto n = random() % 6; n > 0; --n)
            points.push_back ({ position += 1 + static_cast<Frames> (random() % 10),
                                static_cast<double> (random() % 2), static_cast<Curve> (random() % 4), 0.3 });
        const Lane lane (points);
        const Frames from = static_cast<Frames> (random() % 50) - 5,
                     to = from + static_cast<Frames> (random() % 30);
        bool same = true;
        for (Frames n = from; n <= to; ++n)
            same = same && lane.at (n) == lane.at (from);
        // Between two frames nothing is played, so a move that ends on the next frame shows in neither.
        REQUIRE (lane.isConstant (from, to) == same);
    }
}

TEST_CASE ("controls keep values inside their range and count changes")
{
    const auto table = std::array { asNumber<Param> ("q", "Q", { 0.5f, 2 }, 1, Taper::linear, ".") };
    Controls controls (table);
    CHECK (controls[0] == 1);
    const auto before = controls.version();
    controls.set (0, 9);
    CHECK (controls[0] == 2);
    CHECK (controls.version() != before);
    controls.set (0, -9);
    CHECK (controls[0] == 0.5f);
    controls.set (0, std::numeric_limits<float>::quiet_NaN());
    CHECK (controls[0] == 0.5f);
}

namespace
{

/// Writes down what it is told: every frame of the output is the value told for its part, and where it was.
struct Echo
{
    template <typename T>
    struct Params
    {
        T value = asNumber<T> ("value", "Value", { -100, 100 }, 7, Taper::linear, "A number.");
        T mode = oneOf<T> ("mode", "Mode", "A|B|C", 0, "A choice.");
    };
    static constexpr std::string_view id = "echo", name = "Echo", help = "Says what it is told.";
    void prepare (const Format&) {}
    void reset() noexcept {}
    void process (const Block& b, const Params<float>& p) noexcept
    {
        for (int n = 0; n < b.frames; ++n)
        {
            b.channels[0][n] = p.value;
            b.channels[1][n] = static_cast<float> (b.time.position + n);
        }
    }
};

/// A delay line with a gain, which tells its latency.
struct Late
{
    template <typename T>
    struct Params
    {
        T gain = asNumber<T> ("gain", "Gain", { 0, 2 }, 2, Taper::linear, "Factor.");
    };
    static constexpr std::string_view id = "late", name = "Late", help = "Later and louder.";
    void prepare (const Format& f) { line = std::make_unique<DelayLine> (f.channels, 150); }
    void reset() noexcept { line->reset(); }
    int latency (const Params<float>&) const { return 150; }
    Frames tail (const Params<float>&) const { return 150; }
    void process (const Block& b, const Params<float>& p) noexcept
    {
        Signal in;
        in.channels = static_cast<int> (b.channels.size());
        for (int c = 0; c < in.channels; ++c)
            in.channel[c] = b.channels[static_cast<std::size_t> (c)];
        line->write (in, b.frames);
        for (int c = 0; c < in.channels; ++c)
            line->read (c,
                        [&] (const float* x, int n, int at)
                        {
                            for (int k = 0; k < n; ++k)
                                in.channel[c][at + k] = p.gain * x[k];
                        });
    }
    std::unique_ptr<DelayLine> line;
};

/// Adds the first side of the sidechain.
struct Keyed
{
    template <typename T>
    struct Params
    {
        T amount = asNumber<T> ("amount", "Amount", { 0, 1 }, 1, Taper::linear, "Factor.");
    };
    static constexpr std::string_view id = "keyed", name = "Keyed", help = "Adds its key.";
    void prepare (const Format&) {}
    void reset() noexcept {}
    void process (const Block& b, const Params<float>& p) noexcept
    {
        if (! b.sidechain.empty())
            for (int n = 0; n < b.frames; ++n)
                b.channels[0][n] += p.amount * b.sidechain[0][n];
    }
};

Stereo echoed (std::vector<Binding> automation, Frames length)
{
    Builder b;
    const Id s = b.source (1);
    const Id e = b.add ("Echo", std::make_shared<EffectNode> (effectType<Echo>(), Format {}), { 2 },
                        std::move (automation));
    b.connect (s, e);
    b.graph.result = e;
    Engine engine (48000, 1);
    engine.use (b.plan());
    return rendered (engine, 0, length);
}

} // namespace

TEST_CASE ("a step of automation happens at its frame, and the effect knows the song time of each part")
{
    // Points off the grid; what is told for frame n must be the lane's value there.
    const auto lane = std::make_shared<Lane> (std::vector<Point> { { 10, 1, Curve::hold, 0 },
                                                                   { 77, 2, Curve::hold, 0 },
                                                                   { 128, 3, Curve::hold, 0 },
                                                                   { 130, 4, Curve::hold, 0 },
                                                                   { 131, 5, Curve::hold, 0 } });
    const auto sound = echoed ({ { 0, 0, lane } }, 400);
    for (Frames n = 0; n < 400; ++n)
    {
        REQUIRE (sound.side[0][static_cast<std::size_t> (n)] == static_cast<float> (lane->at (n)));
        REQUIRE (sound.side[1][static_cast<std::size_t> (n)] == static_cast<float> (n));
    }
}

TEST_CASE ("a moving value is told as what it is at the last frame of each part")
{
    const auto lane = std::make_shared<Lane> (std::vector<Point> {
        { 0, 0, Curve::linear, 0 }, { 100, 50, Curve::linear, 0 }, { 300, 0, Curve::smooth, 0 } });
    const auto sound = echoed ({ { 0, 0, lane } }, 320);
    // Last frames are 0 (a point), 63, 100 (a point), 127, 191, 255, 300 (a point), 319.
    const auto value = [&] (std::size_t n) { return sound.side[0][n]; };
    CHECK (value (0) == 0);
    CHECK (value (1) == Approx (31.5));
    CHECK (value (63) == Approx (31.5));
    CHECK (value (64) == Approx (50));
    CHECK (value (100) == Approx (50));
    CHECK (value (101) == Approx (43.25)); // at 127: 50 - 27 / 4
    CHECK (value (191) == Approx (27.25)); // at 191
    CHECK (value (299) == Approx (0).margin (1e-9));
    CHECK (value (319) == 0);
}

TEST_CASE ("without automation the control's value is told, and automated choices are whole")
{
    CHECK (echoed ({}, 10).side[0][5] == 7);
    const auto lane = std::make_shared<Lane> (std::vector<Point> { { 0, 1e9, Curve::linear, 0 } });
    CHECK (echoed ({ { 0, 0, lane } }, 10).side[0][5] == 100); // the end of the range
    CHECK (echoed ({ { 0, 99, lane }, { 0, -1, lane } }, 10).side[0][5] == 7);
}

TEST_CASE ("an effect that is off passes the sound on unchanged, as late as when it is on")
{
    Builder b;
    const auto node = std::make_shared<EffectNode> (effectType<Late>(), Format {}, false);
    const Id s = b.source (1), e = b.add ("Late", node);
    b.connect (s, e);
    b.graph.result = e;
    Engine engine (48000, 1);
    engine.use (b.plan());
    CHECK (engine.plan()->latency() == 150);
    CHECK (node->tail() == 150);
    const auto off = rendered (engine, 0, 1000);
    node->setOn (true);
    const auto on = rendered (engine, 0, 1000);
    for (std::size_t n = 0; n < 1000; ++n)
    {
        REQUIRE (off.side[0][n] == noise (static_cast<Frames> (n), 0));
        REQUIRE (on.side[1][n] == 2 * noise (static_cast<Frames> (n), 1));
    }
}

TEST_CASE ("switching an effect crossfades in 10 ms, on only after it has filled its latency")
{
    // At 48 kHz: 480 frames. The effect doubles, so the output is (1 + share) times the input: the share is
    // read off directly.
    Builder b;
    const auto node = std::make_shared<EffectNode> (effectType<Late>(), Format {}, false);
    const Id s = b.source (1), e = b.add ("Late", node);
    b.connect (s, e);
    b.graph.result = e;
    Engine engine (48000, 1);
    engine.use (b.plan());
    Driver device (engine, Driver::Kind::device);
    engine.play();
    played (engine, 640);
    node->setOn (true);
    const auto on = played (engine, 1280);
    node->setOn (false);
    const auto off = played (engine, 1280);
    const auto share = [] (const Stereo& sound, Frames n, Frames start)
    { return sound.side[0][static_cast<std::size_t> (n)] / noise (start + n - 150, 0) - 1; };
    for (Frames n = 0; n < 1280; ++n)
    {
        const double rising = std::clamp (static_cast<double> (n + 1 - 150) / 480, 0.0, 1.0);
        REQUIRE (share (on, n, 640) == Approx (rising).margin (2e-3));
        const double falling = std::clamp (1 - static_cast<double> (n + 1) / 480, 0.0, 1.0);
        REQUIRE (share (off, n, 1920) == Approx (falling).margin (2e-3));
    }
}

namespace
{

/// Noise through Late with a lane on one of the parameters that every node has.
Stereo throughLate (const char* parameter, std::vector<Point> points, Frames from, Frames to, int threads = 1,
                    int block = 512)
{
    Builder b;
    const auto node = std::make_shared<EffectNode> (effectType<Late>(), Format {});
    const auto table = node->controls().table();
    const auto found =
        std::find_if (table.begin(), table.end(), [&] (const Param& p) { return p.id == parameter; });
    REQUIRE (found != table.end());
    const Id s = b.source (1), e = b.add ("Late", node, { 2 },
                                          { { 0, static_cast<int> (found - table.begin()),
                                              std::make_shared<Lane> (std::move (points)) } });
    b.connect (s, e);
    b.graph.result = e;
    Engine engine (48000, threads, Engine::Helpers::always);
    engine.use (b.plan());
    REQUIRE (engine.plan()->latency() == 150); // whatever the lane says
    return rendered (engine, from, to, block);
}

} // namespace

TEST_CASE ("a lane of an effect's switch turns it to the frame, with the crossfade of the switch itself")
{
    // The effect doubles, so the share of the effect is read off as above; it is 0 or 1 to the bit outside of
    // the 480 frames of a crossfade, which begins with the frame of the song at the point, 150 frames of
    // latency or not. The last points are nearer to each other than the latency, and then than a crossfade.
    const std::vector<Point> points { { 1003, 0, Curve::hold, 0 }, { 2500, 1, Curve::hold, 0 },
                                      { 4001, 0, Curve::hold, 0 }, { 5000, 1, Curve::hold, 0 },
                                      { 5077, 0, Curve::hold, 0 }, { 6000, 1, Curve::hold, 0 },
                                      { 7000, 0, Curve::hold, 0 }, { 7333, 1, Curve::hold, 0 } };
    const auto sound = throughLate ("on", points, 0, 9000);
    double share = 0;
    std::size_t next = 0;
    bool on = false; // the first point's value holds before it
    for (Frames n = 0; n < 9000; ++n)
    {
        if (next < points.size() && points[next].position == n)
            on = points[next++].value >= 0.5;
        share = std::clamp (share + (on ? 1 : -1) / 480.0, 0.0, 1.0);
        const float x = noise (n, 0), y = sound.side[0][static_cast<std::size_t> (n)];
        CAPTURE (n, share);
        if (share < 1e-9)
            REQUIRE (y == x);
        else if (share > 1 - 1e-9)
            REQUIRE (y == 2 * x);
        else
            REQUIRE (static_cast<double> (y) == Approx ((1 + share) * static_cast<double> (x)).margin (1e-6));
    }
    for (const int block : { 1, 64, 100, 2048 })
        CHECK (throughLate ("on", points, 0, 9000, 2, block) == sound);
    // From the middle of the song: past 150 frames the line within the effect holds what it would.
    for (const Frames from : { 1999, 3501, 6600 })
    {
        const auto later = throughLate ("on", points, from, 9000, 2, 333);
        CAPTURE (from);
        for (std::size_t n = 150; n < later.size(); ++n)
            REQUIRE (later.side[0][n] == sound.side[0][n + static_cast<std::size_t> (from)]);
    }
}

TEST_CASE ("the mix of an effect follows its lane in what comes out, however late that is")
{
    // All wet, the output is twice the input, all dry the input; between, the step at the point is a line
    // that ends with its quantum at the latest.
    const auto sound =
        throughLate ("mix", { { 2000, 100, Curve::hold, 0 }, { 3003, 0, Curve::hold, 0 } }, 0, 5000);
    for (Frames n = 0; n < 5000; ++n)
        if (n < 3003 || n >= 3003 + 64)
        {
            CAPTURE (n);
            REQUIRE (sound.side[0][static_cast<std::size_t> (n)] == (n < 3003 ? 2 : 1) * noise (n, 0));
        }
    CHECK (throughLate ("mix", { { 2000, 100, Curve::hold, 0 }, { 3003, 0, Curve::hold, 0 } }, 0, 5000, 2,
                        77) == sound);
}

TEST_CASE ("a sidechain arrives in time with the sound it keys")
{
    // sound + key where the key is the same sound with its polarity flipped and a longer way: zero on the
    // left.
    Builder b;
    const Id s = b.source (1), flipped = b.delay ("Flipped", 333, -1);
    const Id k = b.add ("Keyed", std::make_shared<EffectNode> (effectType<Keyed>(), Format {}), { 2, 2 });
    b.connect (s, k);
    b.connect (s, flipped);
    b.connect (flipped, k, 1);
    b.graph.result = k;
    Engine engine (48000, 1);
    engine.use (b.plan());
    const auto sound = rendered (engine, 0, 3000);
    CHECK (std::all_of (sound.side[0].begin(), sound.side[0].end(), [] (float x) { return x == 0.0f; }));
    CHECK (sound.side[1][1000] == noise (1000, 1));
}
