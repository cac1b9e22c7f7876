// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"

#include <catch2/catch.hpp>
#include <random>

using namespace lacquer;
using namespace lacquer::engine;
using namespace lacquer::engine::test;

TEST_CASE ("one stereo source renders to itself, bit for bit")
{
    // The expected frames are the source's own definition.
    Builder b;
    b.graph.result = b.source (1);
    Engine engine (48000, 1);
    engine.use (b.plan());
    const auto sound = rendered (engine, 0, 10000, 333);
    REQUIRE (sound.size() == 10000);
    int different = 0;
    for (Frames n = 0; n < 10000; ++n)
        for (int c = 0; c < 2; ++c)
            different += sound.side[c][static_cast<std::size_t> (n)] != noise (n, c);
    REQUIRE (different == 0);
}

TEST_CASE ("a path through delays cancels the direct path to exact zero")
{
    // x - x = 0 in every frame: any error of one frame in one edge leaves noise.
    Builder b;
    const Id source = b.source (1), slow = b.delay ("Slow", 1000, -1), slower = b.delay ("Slower", 77, 1),
             sum = b.delay ("Sum", 5);
    b.connect (source, slow);
    b.connect (slow, slower);
    b.connect (slower, sum);
    b.connect (source, sum);
    b.graph.result = sum;
    auto plan = b.plan();
    REQUIRE (plan->latency() == 1082);
    Engine engine (48000, 1);
    engine.use (std::move (plan));
    const auto sound = rendered (engine, 0, 20000);
    REQUIRE (std::all_of (sound.side[0].begin(), sound.side[0].end(), [] (float x) { return x == 0.0f; }));
    REQUIRE (std::all_of (sound.side[1].begin(), sound.side[1].end(), [] (float x) { return x == 0.0f; }));
}

TEST_CASE ("any network of pure delays sums to what its paths say, exactly")
{
    // Every node is a pure delay with gain 1, so with compensation the result is the source times the number
    // of paths from source to result: a power of two at most here, hence exact in float. Counted by the test.
    const unsigned seed = std::random_device {}();
    INFO ("seed " << seed);
    std::mt19937 random (seed);
    for (int round = 0; round < 40; ++round)
    {
        Builder b;
        const Id source = b.source (7);
        std::vector<Id> nodes { source };
        std::vector<float> paths { 1 };
        const int count = 2 + static_cast<int> (random() % 12);
        for (int k = 0; k < count; ++k)
        {
            const Frames frames = random() % 3 == 0 ? 0 : static_cast<Frames> (random() % 700);
            const Id node = b.delay ("Delay", frames);
            float sum = 0;
            const auto edges = 1 + random() % 3;
            for (std::size_t e = 0; e < edges; ++e)
            {
                const auto from = random() % nodes.size();
                b.connect (nodes[from], node);
                sum += paths[from];
            }
            nodes.push_back (node);
            paths.push_back (sum);
        }
        b.graph.result = nodes.back();
        // The compiler must sort by itself.
        std::shuffle (b.graph.nodes.begin(), b.graph.nodes.end(), random);
        Engine engine (48000, 1 + static_cast<int> (random() % 3), Engine::Helpers::always);
        engine.use (b.plan());
        const auto sound = rendered (engine, 0, 3000, 1 + static_cast<int> (random() % 500));
        // The source has 24 significant bits; small counts of equal terms add with an error that the same
        // additions in the same order reproduce only for powers of two, so compare in double with its bound.
        double worst = 0;
        for (Frames n = 0; n < 3000; ++n)
            for (int c = 0; c < 2; ++c)
                worst = std::max (
                    worst, std::abs (static_cast<double> (sound.side[c][static_cast<std::size_t> (n)]) -
                                     static_cast<double> (paths.back()) * noise (n, c, 7)));
        REQUIRE (worst <= paths.back() * 1e-6);
    }
}

TEST_CASE ("two equal networks of random delays, one with its polarity flipped, cancel to exact zero")
{
    // x - x = 0 in every frame, however the second network delays.
    const unsigned seed = std::random_device {}();
    INFO ("seed " << seed);
    std::mt19937 random (seed);
    for (int round = 0; round < 40; ++round)
    {
        Builder b;
        const Id source = b.source (3), sum = b.delay ("Sum", 0);
        for (float sign : { 1.0f, -1.0f })
        {
            Id at = source;
            const int length = 1 + static_cast<int> (random() % 5);
            for (int k = 0; k < length; ++k)
            {
                const Id next =
                    b.delay ("Delay", static_cast<Frames> (random() % 1000), k == 0 ? sign : 1.0f);
                b.connect (at, next);
                at = next;
            }
            b.connect (at, sum);
        }
        b.graph.result = sum;
        Engine engine (44100, 2, Engine::Helpers::always);
        engine.use (b.plan());
        const auto sound = rendered (engine, 0, 5000);
        for (const auto& side : sound.side)
            REQUIRE (std::all_of (side.begin(), side.end(), [] (float x) { return x == 0.0f; }));
    }
}

namespace
{

/// Remembers everything it ever heard: a one-pole filter whose coefficient follows song time, after a delay.
struct MemoryNode final : Processor
{
    void process (const Chunk& chunk, std::span<const Signal> in, std::span<Signal> out) noexcept override
    {
        for (int n = 0; n < chunk.frames; ++n)
        {
            const auto phase = static_cast<float> (chunk.positionAt (n) & 1023) / 2048.0f;
            for (int c = 0; c < 2; ++c)
            {
                float mixed = 0;
                for (const auto& i : in)
                    mixed += i.channel[std::min (c, i.channels - 1)][n];
                state[c] += (0.01f + phase) * (mixed - state[c]);
                out[0].channel[c][n] = state[c];
            }
        }
    }
    void reset() noexcept override { state[0] = state[1] = 0; }
    int latency() const noexcept override { return 0; }
    float state[2] {};
};

/// Many sources, filters and delays in three levels.
Builder song()
{
    Builder b;
    std::vector<Id> tracks;
    for (std::uint64_t k = 0; k < 12; ++k)
    {
        const Id s = b.source (k + 1, k % 3 == 0 ? 1 : 2);
        const Id f = b.add ("Filter", std::make_shared<MemoryNode>());
        b.connect (s, f);
        const Id d = b.delay ("Delay", static_cast<Frames> (k * 53 % 210));
        b.connect (f, d);
        tracks.push_back (d);
    }
    const Id room = b.add ("Room", std::make_shared<MemoryNode>(), { 2, 2 }), mix = b.delay ("Mix", 31);
    for (const Id t : tracks)
    {
        b.connect (t, room, t.value % 2 == 0 ? 1 : 0);
        b.connect (t, mix);
    }
    b.connect (room, mix);
    b.graph.result = mix;
    return b;
}

} // namespace

TEST_CASE ("a render has the same bits for any number of threads and any callback size")
{
    const auto reference = [&]
    {
        Engine engine (48000, 1);
        engine.use (song().plan());
        return rendered (engine, 0, 20000, 64);
    }();
    REQUIRE (
        std::any_of (reference.side[0].begin(), reference.side[0].end(), [] (float x) { return x != 0.0f; }));
    for (int threads : { 1, 2, 4 })
    {
        Engine engine (48000, threads, Engine::Helpers::always);
        engine.use (song().plan());
        for (int block : { 1, 16, 64, 128, 333, 1024, 8192 })
        {
            INFO ("threads " << threads << ", block " << block);
            REQUIRE (rendered (engine, 0, 20000, block) == reference);
        }
    }
}

TEST_CASE ("what a device plays has the bits of the render, for random callback sizes")
{
    const unsigned seed = std::random_device {}();
    INFO ("seed " << seed);
    std::mt19937 random (seed);
    Engine engine (48000, 2, Engine::Helpers::always);
    engine.use (song().plan());
    const auto latency = static_cast<std::size_t> (engine.plan()->latency());
    const auto reference = rendered (engine, 0, 20000);
    for (int round = 0; round < 5; ++round)
    {
        std::vector<int> sizes;
        for (int k = 0; k < 50; ++k)
            sizes.push_back (static_cast<int> (random() % 1025));
        Driver device (engine, Driver::Kind::device);
        REQUIRE (device);
        engine.locate (0);
        engine.play();
        auto live = played (engine, static_cast<Frames> (20000 + latency), sizes);
        for (auto& side : live.side)
            side.erase (side.begin(), side.begin() + static_cast<std::ptrdiff_t> (latency));
        REQUIRE (live == reference);
        engine.stop();
        engine.locate (0);
        // Whatever rings here belongs to the stop, not to the next start.
        played (engine, 64);
    }
}

TEST_CASE ("a rendered range is the same part of the full render to the bit")
{
    Engine engine (48000, 2);
    engine.use (song().plan());
    const auto whole = rendered (engine, 0, 30000, 500);
    for (auto [from, to] :
         { std::pair<Frames, Frames> { 0, 1 }, { 1, 100 }, { 12345, 20000 }, { 29999, 30000 }, { 50, 50 } })
    {
        const auto part = rendered (engine, from, to, 777);
        REQUIRE (part.size() == static_cast<std::size_t> (to - from));
        for (int c = 0; c < 2; ++c)
            REQUIRE (std::equal (part.side[c].begin(), part.side[c].end(), whole.side[c].begin() + from));
    }
}
