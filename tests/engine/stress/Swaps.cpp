// SPDX-License-Identifier: GPL-3.0-or-later
// Plans are swapped under a playing engine as fast as they can be compiled, for so many seconds: inserts,
// tracks, orders and latencies come and go, values and switches move, loops jump. Built with ThreadSanitizer,
// which must have nothing to say; and from weakened hand-overs, of which it must.
#include "core/FrameSource.h"
#include "engine/Driver.h"
#include "engine/EffectNode.h"
#include "engine/Engine.h"
#include "engine/SourceNode.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <thread>

using namespace lacquer;
using namespace lacquer::engine;

namespace
{

thread_local bool isAudio = false;
std::atomic<long> alive { 0 }, freedOnAudio { 0 };

struct Counted
{
    Counted() { alive.fetch_add (1, std::memory_order_relaxed); }
    Counted (const Counted&) = delete;
    ~Counted()
    {
        alive.fetch_sub (1, std::memory_order_relaxed);
        if (isAudio)
            freedOnAudio.fetch_add (1, std::memory_order_relaxed);
    }
};

/// An echo with a latency of its own.
struct Echo
{
    template <typename T>
    struct Params
    {
        T level = asNumber<T> ("level", "Level", { 0, 1 }, 0.5f, Taper::linear, "Of the echo.");
        T late = asNumber<T> ("late", "Late", { 0, 300 }, 0, Taper::linear, "Latency told.");
    };
    static constexpr std::string_view id = "echo", name = "Echo", help = "An echo.";
    void prepare (const Format&) { past.assign (2, std::vector<float> (500)); }
    void reset() noexcept
    {
        for (auto& p : past)
            std::fill (p.begin(), p.end(), 0.0f);
    }
    void process (const Block& b, const Params<float>& p) noexcept
    {
        for (int n = 0; n < b.frames; ++n, at = (at + 1) % 500)
            for (std::size_t c = 0; c < b.channels.size(); ++c)
                b.channels[c][n] = past[c][at] = b.channels[c][n] + p.level * past[c][at];
    }
    int latency (const Params<float>& p) const noexcept { return static_cast<int> (p.late); }
    Frames tail (const Params<float>&) const noexcept { return 20000; }
    Counted counted;
    std::vector<std::vector<float>> past;
    std::size_t at = 0;
};

struct Tone final : FrameSource
{
    int channels() const noexcept override { return 2; }
    int read (Frames position, std::span<float* const> out, int frames) noexcept override
    {
        for (auto* x : out)
            for (int n = 0; n < frames; ++n)
                x[n] = 0.1f * static_cast<float> ((position + n) % 100) - 5;
        return frames;
    }
    void locate (Frames) noexcept override {}
    Counted counted;
};

/// Passes on the sum of what it hears.
struct Sum final : Processor
{
    void process (const Chunk& chunk, std::span<const Signal> in, std::span<Signal> out) noexcept override
    {
        for (int c = 0; c < 2; ++c)
            std::copy_n (in[0].channel[c], chunk.frames, out[0].channel[c]);
    }
    void reset() noexcept override {}
    int latency() const noexcept override { return 0; }
    Counted counted;
};

long faults = 0;
void expect (bool good, const char* what)
{
    if (good)
        return;
    ++faults;
    std::printf ("fault: %s\n", what);
}

/// A mixer of a few tracks with a few inserts each, made up at random; what keeps its name keeps its sound.
struct Mixer
{
    std::map<std::uint64_t, std::shared_ptr<Processor>> parts;
    std::mt19937 random { 7 };
    EffectType echo = effectType<Echo>();

    Graph next()
    {
        Graph graph;
        std::map<std::uint64_t, std::shared_ptr<Processor>> kept;
        const auto node = [&] (std::uint64_t id, std::vector<int> inputs, auto&& make)
        {
            auto& part = parts[id];
            if (part == nullptr)
                part = make();
            kept[id] = part;
            graph.nodes.push_back ({ Id { id }, std::to_string (id), part, std::move (inputs), { 2 }, {} });
            return Id { id };
        };
        const Id sum = node (1, { 2 }, [] { return std::make_shared<Sum>(); });
        const Id bus = node (2, { 2 }, [] { return std::make_shared<Sum>(); });
        graph.edges.push_back ({ bus, 0, sum, 0 });
        for (std::uint64_t track = 0; track < 6; ++track)
        {
            if (random() % 3 == 0)
                continue;
            Id last = node (100 + track, {},
                            [] { return std::make_shared<SourceNode> (std::make_shared<Tone>()); });
            std::uint64_t order[] { 0, 1, 2 };
            std::shuffle (std::begin (order), std::end (order), random);
            for (const auto insert : order)
            {
                if (random() % 2 == 0)
                    continue;
                const Id id = node (200 + 10 * track + insert, { 2 },
                                    [&] { return std::make_shared<EffectNode> (echo, Format {}); });
                auto& effect = static_cast<EffectNode&> (*kept[id.value]);
                effect.controls().set (0, static_cast<float> (random() % 10) / 12);
                if (random() % 4 == 0)
                    effect.controls().set (1, static_cast<float> (random() % 300));
                effect.setOn (random() % 5 != 0);
                graph.edges.push_back ({ last, 0, id, 0 });
                last = id;
            }
            graph.edges.push_back ({ last, 0, random() % 2 == 0 ? bus : sum, 0 });
        }
        graph.result = sum;
        parts = std::move (kept);
        return graph;
    }
};

} // namespace

int main (int count, char* arguments[])
{
    const double seconds = count > 1 ? std::atof (arguments[1]) : 30;
    {
        Mixer mixer;
        Engine engine (48000, 3, Engine::Helpers::always);
        Graph now = mixer.next(), earlier = now;
        engine.use (*compile (now, nullptr, nullptr));
        Driver driver (engine, Driver::Kind::device);
        engine.setLoop (0, 48000, true);
        engine.play();
        std::atomic<bool> done { false };
        std::atomic<long> chunks { 0 };
        std::thread audio (
            [&]
            {
                isAudio = true;
                std::vector<float> sides (2 * 512);
                float* const out[] { sides.data(), sides.data() + 512 };
                for (std::uint32_t n = 0; ! done.load (std::memory_order_relaxed); ++n)
                {
                    engine.process (out, 2, static_cast<int> (1 + n * 37 % 400));
                    chunks.fetch_add (1, std::memory_order_relaxed);
                }
            });
        using Clock = std::chrono::steady_clock;
        const auto end = Clock::now() + std::chrono::duration<double> (seconds);
        long swaps = 0, heard = 0;
        for (long seen = 0; Clock::now() < end; ++swaps)
        {
            if (engine.takeBack() != nullptr)
                now = earlier;
            else
                ++heard;
            const Graph next = mixer.next();
            auto plan = follow (now, next, next, engine.plan(), nullptr, 48000);
            expect (static_cast<bool> (plan), "a plan was refused");
            if (! plan)
                break;
            engine.use (*std::move (plan));
            earlier = std::exchange (now, next);
            if (swaps % 50 == 0)
                engine.locate (static_cast<Frames> (swaps % 40000));
            engine.state();
            // Now at once, now after the audio thread has been some way through the crossing.
            while (swaps % 3 != 0 && chunks.load (std::memory_order_relaxed) < seen + swaps % 7 * 4)
                std::this_thread::yield();
            seen = chunks.load (std::memory_order_relaxed);
        }
        done = true;
        audio.join();
        expect (heard > 20, "hardly a plan was heard");
        expect (engine.health().nonFiniteBlocks == 0, "the sound was no number");
        std::printf ("%ld plans, %ld heard\n", swaps, heard);
    }
    expect (alive.load() == 0, "something was never freed");
    expect (freedOnAudio.load() == 0, "something was freed on the audio thread");
    std::printf (faults == 0 ? "sound\n" : "faulty\n");
    return faults == 0 ? 0 : 1;
}
