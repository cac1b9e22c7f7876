// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"
#include "RtGuard.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <thread>

using namespace lacquer;
using namespace lacquer::engine;
using namespace lacquer::engine::test;

namespace
{

constexpr double rate = 48000;
constexpr Frames fade = 480;
const float inaudible = std::pow (10.0f, -90.0f / 20);

struct Gain
{
    template <typename T>
    struct Params
    {
        T gain = asNumber<T> ("gain", "Gain", { 0, 2 }, 1, Taper::linear, "Factor.");
    };
    static constexpr std::string_view id = "gain", name = "Gain", help = "A factor.";
    void prepare (const Format&) {}
    void reset() noexcept {}
    void process (const Block& b, const Params<float>& p) noexcept
    {
        for (float* x : b.channels)
            for (int n = 0; n < b.frames; ++n)
                x[n] *= p.gain;
    }
};

/// Does not commute with a gain.
struct Square
{
    template <typename T>
    struct Params
    {
        T amount = asNumber<T> ("amount", "Amount", { 0, 2 }, 1, Taper::linear, "Share of the square.");
    };
    static constexpr std::string_view id = "square", name = "Square", help = "Bends the wave.";
    void prepare (const Format&) {}
    void reset() noexcept {}
    void process (const Block& b, const Params<float>& p) noexcept
    {
        for (float* x : b.channels)
            for (int n = 0; n < b.frames; ++n)
                x[n] += p.amount * x[n] * x[n];
    }
};

/// An echo that never ends.
struct Ring
{
    template <typename T>
    struct Params
    {
        T level = asNumber<T> ("level", "Level", { 0, 1 }, 0.9f, Taper::linear, "Of the echo.");
    };
    static constexpr std::string_view id = "ring", name = "Ring", help = "An echo.";
    void prepare (const Format&) { past.assign (2, std::vector<float> (777)); }
    void reset() noexcept
    {
        for (auto& p : past)
            std::fill (p.begin(), p.end(), 0.0f);
        at = 0;
    }
    void process (const Block& b, const Params<float>& p) noexcept
    {
        for (int n = 0; n < b.frames; ++n, at = (at + 1) % 777)
            for (std::size_t c = 0; c < b.channels.size(); ++c)
                b.channels[c][n] = past[c][at] = b.channels[c][n] + p.level * past[c][at];
    }
    Frames tail (const Params<float>&) const noexcept { return -1; }
    std::vector<std::vector<float>> past;
    std::size_t at = 0;
};

/// Processors by name, as a song would keep them.
struct Parts
{
    std::map<std::string, std::shared_ptr<Processor>> known;
    Graph graph;

    Id id (const std::string& name) const
    {
        std::uint64_t hash = 7;
        for (char c : name)
            hash = hash * 131 + static_cast<unsigned char> (c);
        return Id { hash & 0xffffffffffff };
    }
    std::shared_ptr<Processor> make (const std::string& name)
    {
        const int number = name.back() - '0';
        const auto two = Format { rate, 2 };
        static const auto gain = effectType<Gain>(), square = effectType<Square>(), ring = effectType<Ring>();
        const auto effect = [&] (const EffectType& type, float value)
        {
            const auto node = std::make_shared<EffectNode> (type, two);
            node->controls().set (0, value);
            return node;
        };
        switch (name[0])
        {
            case 's':
                return std::make_shared<SourceNode> (
                    std::make_shared<NoiseSource> (2, static_cast<std::uint64_t> (number)));
            case 'g': return effect (gain, 0.3f + 0.1f * static_cast<float> (number));
            case 'q': return effect (square, 0.5f);
            case 'r': return effect (ring, 0.9f);
            case 'd': return std::make_shared<DelayNode> (100 * number);
            default: return std::make_shared<DelayNode> (0);
        }
    }
    /// Chains: "s1 g2 mix" connects s1 to g2 to mix. The last name of the first chain is the result.
    const Graph& build (const std::vector<std::vector<std::string>>& chains)
    {
        graph = {};
        for (const auto& chain : chains)
            for (std::size_t n = 0; n < chain.size(); ++n)
            {
                const auto& name = chain[n];
                auto& processor = known[name];
                if (processor == nullptr)
                    processor = make (name);
                if (std::none_of (graph.nodes.begin(), graph.nodes.end(),
                                  [&] (const auto& node) { return node.id == id (name); }))
                {
                    std::vector<int> inputs;
                    if (name[0] != 's')
                        inputs.push_back (2);
                    graph.nodes.push_back ({ id (name), name, processor, std::move (inputs), { 2 }, {} });
                }
                if (n > 0)
                    graph.edges.push_back ({ id (chain[n - 1]), 0, id (name), 0 });
            }
        graph.result = id (chains.front().back());
        return graph;
    }
};

using Chains = std::vector<std::vector<std::string>>;

constexpr Frames swapAt = 4096, total = 12288;

/// A graph from its start, for ever.
Stereo alone (const Chains& chains)
{
    Parts parts;
    Engine engine (rate, 1);
    auto plan = compile (parts.build (chains), nullptr, nullptr);
    REQUIRE (plan);
    engine.use (*std::move (plan));
    Driver device (engine, Driver::Kind::device);
    engine.play();
    return played (engine, total);
}

/// Plays one graph, then the other.
Stereo swapped (const Chains& a, const Chains& b, const std::vector<int>& blocks, int threads = 1)
{
    Parts parts;
    Engine engine (rate, threads, Engine::Helpers::always);
    const Graph from = parts.build (a);
    engine.use (*compile (from, nullptr, nullptr));
    Driver device (engine, Driver::Kind::device);
    engine.play();
    auto all = played (engine, swapAt, { 256 });
    const Graph to = parts.build (b);
    auto plan = follow (from, to, to, engine.plan(), nullptr, rate);
    REQUIRE (plan);
    engine.use (*std::move (plan));
    const auto rest = played (engine, total - swapAt, blocks);
    const float* const ch[] { rest.side[0].data(), rest.side[1].data() };
    all.append (ch, static_cast<int> (rest.size()));
    CHECK (engine.health().nonFiniteBlocks == 0);
    return all;
}

/// The largest difference from a straight crossfade of two sounds that begins at a frame.
float apart (const Stereo& live, const Stereo& a, const Stereo& b, Frames begin, Frames first, Frames end)
{
    float most = 0;
    for (Frames n = first; n < end; ++n)
        for (int c = 0; c < 2; ++c)
        {
            const auto k = static_cast<std::size_t> (n);
            const double w = static_cast<double> (std::clamp<Frames> (n + 1 - begin, 0, fade)) / fade;
            const double crossed = (1 - w) * a.side[c][k] + w * b.side[c][k];
            most = std::max (most, static_cast<float> (std::abs (live.side[c][k] - crossed)));
        }
    return most;
}

/// The largest difference of two sounds.
float apart (const Stereo& a, const Stereo& b, Frames first, Frames end)
{
    float most = 0;
    for (const auto c : { 0, 1 })
        for (auto k = static_cast<std::size_t> (first); k < static_cast<std::size_t> (end); ++k)
            most = std::max (most, std::abs (a.side[c][k] - b.side[c][k]));
    return most;
}

/// Asserts what a swap promises: the old sound before, a crossfade, the new sound after, to the bit.
void checkSwap (const Chains& a, const Chains& b, Frames begin)
{
    const auto old = alone (a), fresh = alone (b), live = swapped (a, b, { 256 });
    REQUIRE (live.size() == static_cast<std::size_t> (total)); // no frame was dropped
    REQUIRE (apart (old, fresh, begin, begin + fade) > 0.01f);
    CHECK (apart (live, old, 0, begin) == 0);
    CHECK (apart (live, old, fresh, begin, 0, total) <= inaudible);
    CHECK (apart (live, fresh, begin + fade, total) == 0);
    for (const auto& blocks : std::vector<std::vector<int>> { { 64 }, { 333 }, { 1024 }, { 17, 500, 1 } })
        CHECK (swapped (a, b, blocks) == live);
    CHECK (swapped (a, b, { 64 }, 3) == live);
}

} // namespace

// The oracle of all these: each graph rendered by itself from the start, and the straight line of 480 frames
// (10 ms) between the two. The fade begins 480 frames after the swap, or as late as the longest delay is
// long, plus the latency in front of where it happens.
TEST_CASE ("an insert that comes, goes or is replaced is crossfaded")
{
    checkSwap ({ { "s1", "mix" }, { "s2", "mix" } }, { { "s1", "g1", "mix" }, { "s2", "mix" } },
               swapAt + fade);
    checkSwap ({ { "s1", "g1", "mix" }, { "s2", "mix" } }, { { "s1", "mix" }, { "s2", "mix" } },
               swapAt + fade);
    checkSwap ({ { "s1", "g1", "mix" } }, { { "s1", "g5", "mix" } }, swapAt + fade);
    checkSwap ({ { "s1", "q1", "g1", "mix" } }, { { "s1", "q1", "mix" } }, swapAt + fade);
}

TEST_CASE ("in front of something that bends sound, its input is what is crossfaded")
{
    // y = x + x^2 / 2 of the crossfade from 0.4 x to x.
    const auto live = swapped ({ { "s1", "g1", "q1", "mix" } }, { { "s1", "q1", "mix" } }, { 256 });
    double most = 0;
    for (Frames n = 0; n < total; ++n)
    {
        const double w = static_cast<double> (std::clamp<Frames> (n + 1 - swapAt - fade, 0, fade)) / fade;
        const double x = (0.4 * (1 - w) + w) * noise (n, 1, 1);
        most = std::max (most, std::abs (x + x * x / 2 - live.side[1][static_cast<std::size_t> (n)]));
    }
    CHECK (most < 1e-6);
}

TEST_CASE ("the last thing before the output comes and goes without a click")
{
    checkSwap ({ { "s1", "mix" } }, { { "s1", "mix", "g1" } }, swapAt + fade);
    checkSwap ({ { "s1", "mix", "g1" } }, { { "s1", "mix" } }, swapAt + fade);
}

TEST_CASE ("tracks, sends and groups come, go and move in crossfades")
{
    const Chains one { { "s1", "mix" } };
    const Chains two { { "s1", "mix" }, { "s2", "mix" } };
    checkSwap (one, two, swapAt + fade);
    checkSwap (two, one, swapAt + fade);
    const Chains send { { "s1", "mix" }, { "s2", "mix" }, { "s2", "g1", "mix" } };
    checkSwap (two, send, swapAt + fade);
    checkSwap (send, two, swapAt + fade);
    const Chains group { { "s1", "g1", "mix" }, { "s2", "g1" } };
    checkSwap (two, group, swapAt + fade);
    checkSwap (group, two, swapAt + fade);
    const Chains moved { { "s1", "g1", "mix" }, { "s2", "g2", "mix" } };
    checkSwap (group, moved, swapAt + fade);
    const Chains under { { "s1", "g1", "g2", "mix" }, { "s2", "g2" } };
    checkSwap (moved, under, swapAt + fade);
}

TEST_CASE ("where the latency changes, the two sounds cross at their own times")
{
    // 300 frames more or less: the other ways wait longer or shorter, and the fade comes when the newer sound
    // is there.
    checkSwap ({ { "s1", "mix" }, { "s2", "mix" } }, { { "s1", "d3", "mix" }, { "s2", "mix" } },
               swapAt + fade + 300);
    checkSwap ({ { "s1", "d3", "mix" }, { "s2", "mix" } }, { { "s1", "mix" }, { "s2", "mix" } },
               swapAt + fade);
    checkSwap ({ { "s1", "d6", "mix" }, { "s2", "d1", "mix" } },
               { { "s1", "d2", "mix" }, { "s2", "d1", "mix" } },
               swapAt + 500 + 200); // the delay that was there is longer than a fade
}

TEST_CASE ("the order of sources changes nothing but the order of addition")
{
    const Chains a { { "s1", "mix" }, { "s2", "mix" }, { "s3", "mix" } };
    const Chains b { { "s3", "mix" }, { "s2", "mix" }, { "s1", "mix" } };
    const auto live = swapped (a, b, { 100 });
    CHECK (apart (live, alone (a), alone (b), swapAt, 0, total) < 1e-6f);
}

TEST_CASE ("inserts that change places leave, then come back: two crossfades")
{
    // Both orders differ from the sound without the two, through which they go.
    const Chains a { { "s1", "g1", "q1", "mix" }, { "s2", "mix" } },
        b { { "s1", "q1", "g1", "mix" }, { "s2", "mix" } }, none { { "s1", "mix" }, { "s2", "mix" } };
    const auto old = alone (a), fresh = alone (b), dry = alone (none), live = swapped (a, b, { 256 });
    // The first crossing is 960 frames long, and they are 15 chunks of 64.
    const Frames leave = swapAt + fade, arrive = swapAt + 960 + fade;
    CHECK (apart (live, old, 0, leave) == 0);
    CHECK (apart (live, old, dry, leave, leave, arrive) <= inaudible);
    CHECK (apart (live, dry, fresh, arrive, arrive, total) <= inaudible);
    CHECK (apart (live, fresh, arrive + fade, total) == 0);
    CHECK (swapped (a, b, { 64, 77 }) == live);
}

TEST_CASE ("what stays rings on to the bit, whoever comes and goes beside it")
{
    // s1 rings; s2 comes and goes with a latency of its own that makes nothing wait: the ring is later.
    const Chains a { { "s1", "r1", "d5", "mix" } }, b { { "s1", "r1", "d5", "mix" }, { "s2", "d1", "out" } };
    CHECK (swapped (a, b, { 256 }) == alone (a));
    CHECK (swapped (b, a, { 256 }) == alone (a));
}

TEST_CASE ("the tail of what leaves goes on in what stays")
{
    // s2 goes; its echoes in r1 do not. By linearity the ring of the crossfaded input is what is heard: made
    // here from the input itself, x1 (n) + x2 (n) (1 - w (n)), and y (n) = x (n) + 0.9 y (n - 777).
    const auto live = swapped ({ { "s1", "r1" }, { "s2", "r1" } }, { { "s1", "r1" } }, { 256 });
    std::vector<double> y (static_cast<std::size_t> (total));
    float most = 0;
    for (Frames n = 0; n < total; ++n)
    {
        const auto k = static_cast<std::size_t> (n);
        const double w = static_cast<double> (std::clamp<Frames> (n + 1 - swapAt - fade, 0, fade)) / fade;
        y[k] = noise (n, 0, 1) + (1 - w) * noise (n, 0, 2) + (n >= 777 ? 0.9f * y[k - 777] : 0.0);
        most = std::max (most, static_cast<float> (std::abs (y[k] - live.side[0][k])));
    }
    CHECK (most < 1e-5f);
}

TEST_CASE ("of several plans in quick succession the newest wins, one crossing at a time, and all are freed")
{
    Parts parts;
    Engine engine (rate, 1);
    const Chains a { { "s1", "mix" } }, b { { "s1", "mix" }, { "s2", "mix" } }, c { { "s1", "g1", "mix" } };
    Graph now = parts.build (a), earlier = now;
    engine.use (*compile (now, nullptr, nullptr));
    Driver device (engine, Driver::Kind::device);
    engine.play();
    auto live = played (engine, swapAt);
    const auto turnTo = [&] (const Chains& chains)
    {
        const auto back = engine.takeBack();
        if (back != nullptr)
            now = earlier;
        const Graph next = parts.build (chains);
        engine.use (*follow (now, next, next, engine.plan(), nullptr, rate));
        earlier = now;
        now = next;
        return back != nullptr;
    };
    CHECK (! turnTo (b));
    CHECK (turnTo (c)); // before b was heard: from a to c directly
    CHECK (turnTo (b));
    CHECK (turnTo (c));
    const auto more = [&] (Frames frames)
    {
        const auto piece = played (engine, frames);
        const float* const ch[] { piece.side[0].data(), piece.side[1].data() };
        live.append (ch, static_cast<int> (frames));
    };
    more (256);
    CHECK (! turnTo (b)); // during the crossing to c: heard after it
    CHECK (turnTo (a));
    more (total - swapAt - 256);
    const auto first = alone (a), second = alone (c);
    const Frames begin = swapAt + fade, end = swapAt + 2 * fade;
    CHECK (apart (live, first, second, begin, 0, end + fade) <= inaudible);
    CHECK (apart (live, second, first, end + fade, end, total) <= inaudible);
    CHECK (apart (live, first, end + 2 * fade, total) == 0);
    // What left is freed by the next visit of the control thread.
    std::weak_ptr<Processor> gone = parts.known["g1"];
    parts.known.clear();
    now = earlier = parts.graph = {};
    engine.collect();
    CHECK (gone.expired());
}

TEST_CASE ("a plan begins at once where nothing is heard: first, parked, offline, and at a start")
{
    const Chains a { { "s1", "mix" } }, b { { "s1", "g1", "mix" } };
    Parts parts;
    Engine engine (rate, 1);
    const Graph from = parts.build (a), to = parts.build (b);
    engine.use (*follow ({}, from, from, nullptr, nullptr, rate));
    engine.use (*follow (from, to, to, engine.plan(), nullptr, rate));
    const auto expected = alone (b);
    const auto offline = rendered (engine, 0, total);
    CHECK (offline == expected);
    Driver device (engine, Driver::Kind::device);
    engine.use (*follow (to, from, from, engine.plan(), nullptr, rate));
    engine.use (*follow (from, to, to, engine.plan(), nullptr, rate));
    engine.play();
    CHECK (played (engine, total) == expected);
    // A locate in the middle of a crossing starts the new plan from silence.
    engine.use (*follow (to, from, from, engine.plan(), nullptr, rate));
    played (engine, 300);
    engine.locate (0);
    played (engine, 20); // to the end of the chunk that is out
    played (engine, 64); // the fade-out
    CHECK (played (engine, total) == alone (a));
}

TEST_CASE ("swaps while playing neither allocate nor lock nor free on the audio thread")
{
    Parts parts;
    Engine engine (rate, 2, Engine::Helpers::always);
    const std::vector<Chains> songs {
        { { "s1", "mix" }, { "s2", "mix" } },
        { { "s1", "g1", "mix" }, { "s2", "mix" } },
        { { "s1", "d3", "mix" }, { "s2", "q1", "mix" } },
        { { "s1", "q1", "g1", "mix" }, { "s3", "r1", "mix" } },
        { { "s1", "g1", "q1", "mix" }, { "s3", "r1", "mix" }, { "s2", "r1" } },
        { { "s1", "mix", "g1" } },
    };
    Graph now = parts.build (songs[0]), earlier = now;
    engine.use (*compile (now, nullptr, nullptr));
    Driver device (engine, Driver::Kind::device);
    engine.play();
    lacquer::test::clearRealTimeViolations();
    std::atomic<bool> done { false };
    std::atomic<int> swaps { 0 };
    float most = 0; // the thread's, until it has ended: Catch's macros are for one thread
    std::thread audio (
        [&]
        {
            std::vector<float> l (512), r (512);
            float* const out[] { l.data(), r.data() };
            for (int n = 0; n < 5000 || swaps < 300; ++n)
            {
                engine.process (out, 2, 64);
                for (int k = 0; k < 64; ++k)
                    most = std::max (most, std::abs (l[static_cast<std::size_t> (k)]));
            }
            done = true;
        });
    const unsigned seed = 3;
    std::mt19937 random (seed);
    for (; ! done; ++swaps)
    {
        if (engine.takeBack() != nullptr)
            now = earlier;
        const Graph next = parts.build (songs[random() % songs.size()]);
        auto plan = follow (now, next, next, engine.plan(), nullptr, rate);
        REQUIRE (plan);
        engine.use (*std::move (plan));
        earlier = std::exchange (now, next);
        std::this_thread::yield();
    }
    audio.join();
    CHECK (most < 100);
    CHECK (lacquer::test::realTimeViolations() == 0);
    CHECK (engine.health().nonFiniteBlocks == 0);
}
