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
