// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"
#include "engine/Crew.h"
#include "engine/FlushDenormals.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace lacquer;
using namespace lacquer::engine;
using namespace lacquer::engine::test;

namespace
{

/// Half of the smallest normal float: a denormal, unless the thread flushes them to zero.
float halved() noexcept
{
    volatile float smallest = std::numeric_limits<float>::min();
    return smallest * 0.5f;
}

struct Denormal final : Processor
{
    void process (const Chunk& chunk, std::span<const Signal>, std::span<Signal> out) noexcept override
    {
        for (int c = 0; c < 2; ++c)
            std::fill_n (out[0].channel[c], chunk.frames, halved());
        seen.fetch_add (halved() != 0.0f, std::memory_order_relaxed);
    }
    void reset() noexcept override {}
    int latency() const noexcept override { return 0; }
    std::atomic<int> seen { 0 };
};

} // namespace

TEST_CASE ("denormals are zero on every thread of the engine and as before on the caller's")
{
    REQUIRE (halved() != 0.0f);
    {
        const FlushDenormals flush;
        CHECK (halved() == 0.0f);
    }
    CHECK (halved() != 0.0f);

    Builder b;
    const auto node = std::make_shared<Denormal>();
    for (int k = 0; k < 8; ++k)
        b.graph.result = b.add ("Denormal", node, {});
    Engine engine (48000, 3, Engine::Helpers::always);
    engine.use (b.plan());
    const auto sound = rendered (engine, 0, 64 * 200);
    CHECK (node->seen == 0);
    CHECK (std::all_of (sound.side[0].begin(), sound.side[0].end(), [] (float x) { return x == 0.0f; }));
    CHECK (halved() != 0.0f);
}

TEST_CASE ("a crew does every step of every run once, and returns when all are done")
{
    struct Job
    {
        std::vector<std::atomic<int>> counts = std::vector<std::atomic<int>> (100);
        std::atomic<int> total { 0 };
    };
    Crew crew (3);
    for (int run = 0; run < 2000; ++run)
    {
        Job job;
        const int steps = run % 101;
        crew.run (
            steps,
            [] (const void* j, int step) noexcept
            {
                auto& it = *const_cast<Job*> (static_cast<const Job*> (j));
                it.counts[static_cast<std::size_t> (step)].fetch_add (1);
                it.total.fetch_add (1);
            },
            &job);
        REQUIRE (job.total == steps);
        for (int k = 0; k < steps; ++k)
            REQUIRE (job.counts[static_cast<std::size_t> (k)] == 1);
    }
}

TEST_CASE ("an engine without a plan is silent, and one without sources plays zeros")
{
    Engine engine (48000, 2);
    const auto nothing = rendered (engine, 0, 300);
    CHECK (nothing.size() == 300);
    CHECK (std::all_of (nothing.side[1].begin(), nothing.side[1].end(), [] (float x) { return x == 0.0f; }));
    CHECK (engine.health().nonFiniteBlocks == 0);
}
