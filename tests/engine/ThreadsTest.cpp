// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"
#include "engine/Crew.h"
#include "engine/FlushDenormals.h"

#include <catch2/catch.hpp>
#include <limits>
#include <memory>
#include <stdexcept>

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

TEST_CASE ("tasks that make each other ready are done once each, after all that they wait for")
{
    // A wide net, row by row: every task of a row waits for three of the row before it. What must be done
    // before a task is known from the net alone.
    constexpr int rows = 20, columns = 30, total = rows * columns;
    struct Job
    {
        std::atomic<int> missing[total] {};
        std::atomic<int> doneTimes[total] {};
        std::atomic<int> early { 0 };
        int writtenBy[total] {}; // plain memory: the crew must order it
    };
    Crew crew (3);
    for (int run = 0; run < 500; ++run)
    {
        const auto job = std::make_unique<Job>();
        for (int t = columns; t < total; ++t)
            job->missing[t] = 3;
        crew.begin (
            [] (const void* j, int task, Crew& c) noexcept
            {
                auto& it = *const_cast<Job*> (static_cast<const Job*> (j));
                const int row = task / columns, column = task % columns;
                for (int k = -1; row > 0 && k <= 1; ++k)
                    if (it.writtenBy[(row - 1) * columns + (column + k + columns) % columns] == 0)
                        it.early.fetch_add (1);
                it.writtenBy[task] = 1;
                it.doneTimes[task].fetch_add (1);
                int mine = -1;
                for (int k = -1; row + 1 < rows && k <= 1; ++k)
                {
                    const int next = (row + 1) * columns + (column + k + columns) % columns;
                    if (it.missing[next].fetch_sub (1, std::memory_order_acq_rel) != 1)
                        continue;
                    if (mine < 0)
                        mine = next;
                    else
                        c.ready (next);
                }
                return mine;
            },
            job.get());
        for (int t = 0; t < columns; ++t)
            crew.add (t);
        crew.finish (total);
        REQUIRE (job->early == 0);
        for (int t = 0; t < total; ++t)
            REQUIRE (job->doneTimes[t] == 1);
        for (int t = 0; t < total; ++t)
            REQUIRE (job->writtenBy[t] == 1);
    }
}

TEST_CASE ("a sink computes as the system set it up, and what it throws arrives at the caller")
{
    Builder b;
    b.graph.result = b.delay ("Tail", 3);
    b.connect (b.source (1), b.graph.result);
    for (const int threads : { 1, 3 })
    {
        Engine engine (48000, threads, Engine::Helpers::always);
        engine.use (b.plan());
        int kept = 0, calls = 0;
        const auto outcome = render (engine, 0, 10000, 100,
                                     [&] (const float* const*, int) -> Outcome
                                     {
                                         ++calls;
                                         kept += halved() != 0.0f;
                                         return {};
                                     });
        CHECK (outcome);
        CHECK (calls == 101); // blocks of 100 cover the 10,000 frames and the 3 of latency before them
        CHECK (kept == calls);
        CHECK_THROWS_AS (render (engine, 0, 10000, 100,
                                 [] (const float* const*, int) -> Outcome
                                 { throw std::runtime_error ("no room"); }),
                         std::runtime_error);
        // And the engine is free again, with the whole of its sound.
        CHECK (rendered (engine, 0, 1000).size() == 1000);
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
