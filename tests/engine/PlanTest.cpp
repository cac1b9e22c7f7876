// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace lacquer;
using namespace lacquer::engine;
using namespace lacquer::engine::test;

TEST_CASE ("a cycle is refused and named in the direction of the sound")
{
    Builder b;
    const Id vox = b.delay ("Lead Vox", 0), drums = b.delay ("Drums", 0), mix = b.delay ("Mix", 0);
    b.connect (vox, drums);
    b.connect (drums, vox);
    b.connect (drums, mix);
    b.graph.result = mix;
    const auto plan = compile (b.graph, nullptr, nullptr);
    REQUIRE (! plan);
    CHECK (plan.problem().what == "The sound would go round in a circle: Lead Vox -> Drums -> Lead Vox.");
}

TEST_CASE ("a longer cycle is named without what only leads to it or away from it")
{
    Builder b;
    const Id in = b.delay ("In", 0), a = b.delay ("A", 0), c = b.delay ("C", 0), d = b.delay ("D", 0),
             out = b.delay ("Out", 0);
    b.connect (in, a);
    b.connect (a, d);
    b.connect (d, c);
    b.connect (c, a);
    b.connect (c, out);
    b.graph.result = out;
    const auto plan = compile (b.graph, nullptr, nullptr);
    REQUIRE (! plan);
    CHECK (plan.problem().what == "The sound would go round in a circle: A -> D -> C -> A.");
}

TEST_CASE ("a node that hears itself is a cycle")
{
    Builder b;
    const Id a = b.delay ("Echo", 0);
    b.connect (a, a);
    b.graph.result = a;
    const auto plan = compile (b.graph, nullptr, nullptr);
    REQUIRE (! plan);
    CHECK (plan.problem().what == "The sound would go round in a circle: Echo -> Echo.");
}

TEST_CASE ("impossible connections are refused with a sentence that names them")
{
    const auto problem = [] (auto spoil)
    {
        Builder b;
        const Id s = b.source (1), d = b.delay ("Delay", 0);
        b.connect (s, d);
        b.graph.result = d;
        spoil (b.graph);
        const auto plan = compile (b.graph, nullptr, nullptr);
        return plan ? std::string() : plan.problem().what;
    };
    CHECK (problem ([] (Graph&) {}).empty());
    CHECK (problem ([] (Graph& g) { g.edges[0].to = Id { 99 }; }) ==
           "A connection begins or ends at something that does not exist.");
    CHECK (problem ([] (Graph& g) { g.edges[0].output = 1; }) ==
           "The connection from \"Source 1\" to \"Delay\" leaves an output that \"Source 1\" does not have.");
    CHECK (problem ([] (Graph& g) { g.edges[0].input = -1; }) ==
           "The connection from \"Source 1\" to \"Delay\" enters an input that \"Delay\" does not have.");
    CHECK (problem ([] (Graph& g) { g.nodes[1].inputs = { 1 }; }) ==
           "The connection from \"Source 1\" to \"Delay\" leads from stereo into mono.");
    CHECK (problem ([] (Graph& g) { g.nodes[1].inputs = { 3 }; }) == "\"Delay\" is neither mono nor stereo.");
    CHECK (problem ([] (Graph& g) { g.nodes[1].id = g.nodes[0].id; }) ==
           "Two parts of the mixer have the same identity.");
    CHECK (problem ([] (Graph& g) { g.nodes[1].processor = nullptr; }) ==
           "\"Delay\" has nothing that could make or change sound.");
    CHECK (problem ([] (Graph& g) { g.result = {}; }) == "The mixer has no output to listen to.");
}

TEST_CASE ("mono into stereo goes to both sides")
{
    Builder b;
    const Id s = b.source (1, 1), d = b.delay ("Delay", 0);
    b.connect (s, d);
    b.graph.result = d;
    Engine engine (48000, 1);
    engine.use (b.plan());
    const auto sound = rendered (engine, 0, 500);
    CHECK (sound.side[0] == sound.side[1]);
    CHECK (sound.side[0][123] == noise (123, 0));
}

namespace
{

/// Passes sound on, and fails on command.
struct FaultyNode final : Processor
{
    void process (const Chunk& chunk, std::span<const Signal> in, std::span<Signal> out) noexcept override
    {
        for (int c = 0; c < 2; ++c)
            std::copy_n (in[0].channel[c], chunk.frames, out[0].channel[c]);
        if (state != 0)
            out[0].channel[1][chunk.frames - 1] = state;
    }
    void reset() noexcept override { state = 0; }
    int latency() const noexcept override { return 0; }
    float state = 0;
};

} // namespace

TEST_CASE ("a node that puts out NaN or infinity is silenced for that chunk, reset, counted and named")
{
    for (float fault : { std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity() })
    {
        Builder b;
        const auto faulty = std::make_shared<FaultyNode>();
        const Id s = b.source (1), f = b.add ("Faulty", faulty), mix = b.delay ("Mix", 0);
        b.connect (s, f);
        b.connect (f, mix);
        const Id other = b.source (2);
        b.connect (other, mix);
        b.graph.result = mix;
        Engine engine (48000, 1);
        engine.use (b.plan());
        Driver device (engine, Driver::Kind::device);
        engine.play();
        played (engine, 128, { 64 });
        CHECK (engine.health().nonFiniteBlocks == 0);
        CHECK (engine.health().guilty == Id {});
        faulty->state = fault;
        const auto sound = played (engine, 128, { 64 });
        CHECK (engine.health().nonFiniteBlocks == 1);
        CHECK (engine.health().guilty == f);
        int wrong = 0;
        for (Frames n = 0; n < 128; ++n)
            for (int c = 0; c < 2; ++c)
            {
                // One chunk without the guilty node, then both again.
                const float expected =
                    n < 64 ? noise (128 + n, c, 2) : noise (128 + n, c, 1) + noise (128 + n, c, 2);
                wrong += sound.side[c][static_cast<std::size_t> (n)] != expected;
            }
        CHECK (wrong == 0);
    }
}

TEST_CASE ("what is inside processors and delay lines survives a new plan")
{
    // The same graph compiled again while playing: not one frame may change. An unrelated node comes and
    // goes.
    Builder b;
    const Id s = b.source (1), slow = b.delay ("Slow", 500), mix = b.delay ("Mix", 20);
    b.connect (s, slow);
    b.connect (slow, mix);
    b.connect (s, mix);
    b.graph.result = mix;
    Engine engine (48000, 1);
    engine.use (b.plan());
    const auto reference = rendered (engine, 0, 6000);
    Driver device (engine, Driver::Kind::device);
    engine.play();
    Stereo live;
    for (int k = 0; k < 65; ++k)
    {
        Builder now = b;
        if (k % 2 == 1)
            now.delay ("Other", k);
        engine.use (now.plan (engine.plan()));
        const auto piece = played (engine, 100);
        const float* const ch[] { piece.side[0].data(), piece.side[1].data() };
        live.append (ch, 100);
    }
    for (auto& side : live.side)
        side.erase (side.begin(), side.begin() + 520);
    for (int c = 0; c < 2; ++c)
        CHECK (std::equal (live.side[c].begin(), live.side[c].end(), reference.side[c].begin()));
}

TEST_CASE ("silence is passed on as silence, and a delay line is silent only when it is empty")
{
    struct Watch final : Processor
    {
        void process (const Chunk& chunk, std::span<const Signal> in, std::span<Signal> out) noexcept override
        {
            silent.push_back (in[0].silent);
            bool zero = true;
            for (int c = 0; c < 2; ++c)
                for (int n = 0; n < chunk.frames; ++n)
                {
                    zero = zero && in[0].channel[c][n] == 0.0f;
                    out[0].channel[c][n] = in[0].channel[c][n];
                }
            honest = honest && (zero || ! in[0].silent);
        }
        void reset() noexcept override {}
        int latency() const noexcept override { return 0; }
        std::vector<bool> silent;
        bool honest = true;
    };
    Builder b;
    const auto watch = std::make_shared<Watch>();
    watch->silent.reserve (100);
    const Id s = b.source (1), empty = b.delay ("Empty", 640), w = b.add ("Watch", watch);
    b.connect (s, w);
    b.connect (empty, w); // makes the edge from the source 640 frames long
    b.graph.result = w;
    Engine engine (48000, 1);
    engine.use (b.plan());
    Driver device (engine, Driver::Kind::device);
    engine.play();
    played (engine, 640, { 64 });
    engine.stop();
    played (engine, 64 * 30, { 64 });
    CHECK (watch->honest);
    CHECK (! watch->silent[15]);
    CHECK (watch->silent.back());
}

TEST_CASE ("a delay line whose length changes goes on with what it held")
{
    // One edge is 300 frames long, then 100, then 400. By the definition of a delay the output of frame n is
    // x (n - length) where the line has it; of the 300 frames that 400 - 100 lacks, the first are silence.
    // The other edge comes from a node without sound whose latency makes the first one wait.
    Builder b;
    const Id s = b.source (1), quiet = b.delay ("Quiet", 300), mix = b.delay ("Mix", 0);
    b.connect (s, mix);
    b.connect (quiet, mix);
    b.graph.result = mix;
    Engine engine (48000, 1);
    engine.use (b.plan());
    Driver device (engine, Driver::Kind::device);
    engine.play();
    played (engine, 640);
    const auto withLatency = [&] (Frames frames)
    {
        b.graph.nodes[1].processor = std::make_shared<DelayNode> (frames);
        engine.use (b.plan (engine.plan()));
        engine.use (b.plan (engine.plan())); // one that is never run must not lose it
        return played (engine, 640);
    };
    const auto shorter = withLatency (100), longer = withLatency (400);
    int wrong = 0;
    for (Frames n = 0; n < 640; ++n)
        for (int c = 0; c < 2; ++c)
        {
            const auto k = static_cast<std::size_t> (n);
            wrong += shorter.side[c][k] != noise (640 + n - 100, c);
            wrong += longer.side[c][k] != (n < 300 ? 0.0f : noise (1280 + n - 400, c));
        }
    CHECK (wrong == 0);
}
