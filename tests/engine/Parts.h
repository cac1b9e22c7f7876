// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/FrameSource.h"
#include "core/Random.h"
#include "engine/DelayLine.h"
#include "engine/Driver.h"
#include "engine/EffectNode.h"
#include "engine/Offline.h"
#include "engine/SourceNode.h"

#include <cmath>
#include <vector>

namespace lacquer::engine::test
{

/// A sound that is a function of the song position alone, so every test can say what must come out.
inline float noise (Frames position, int channel, std::uint64_t seed = 1)
{
    if (position < 0)
        return 0;
    const auto counter = (seed * 2 + static_cast<std::uint64_t> (channel)) << 40;
    return static_cast<float> (uniform (counter + static_cast<std::uint64_t> (position)) - 0.5);
}

/// Written down on the audio thread, so it does not grow past what was reserved.
struct Positions : std::vector<Frames>
{
    Positions() { reserve (1 << 16); }
    void note (Frames f) noexcept
    {
        if (size() < capacity())
            push_back (f);
    }
};

struct NoiseSource final : FrameSource
{
    NoiseSource (int count, std::uint64_t s) : seed (s), sides (count) {}
    int channels() const noexcept override { return sides; }
    int read (Frames position, std::span<float* const> out, int frames) noexcept override
    {
        for (int c = 0; c < sides; ++c)
            for (int n = 0; n < frames; ++n)
                out[static_cast<std::size_t> (c)][n] =
                    position + n < end ? noise (position + n, c, seed) : 0.0f;
        return available < 0 ? frames : std::min (frames, available);
    }
    void locate (Frames position) noexcept override { located.note (position); }
    bool canStart (Frames position) noexcept override
    {
        asked.note (position);
        if (refusals > 0)
            --refusals;
        else if (refusals == 0)
            return true;
        return false;
    }

    std::uint64_t seed;
    int sides;
    int available = -1; // frames a read can fill; -1: all
    Frames end = 1 << 30;
    int refusals = 0; // times it cannot start yet; negative: never
    Positions located, asked;
};

/// Any number of inputs, added up, times a gain, after a pure delay that it tells.
struct DelayNode final : Processor
{
    explicit DelayNode (Frames frames, float g = 1) : line (2, frames), gain (g) {}
    void process (const Chunk& chunk, std::span<const Signal> in, std::span<Signal> out) noexcept override
    {
        times.note (chunk.time.position);
        line.write (in[0], chunk.frames);
        out[0].silent = line.isSilent();
        for (int c = 0; c < 2; ++c)
            line.read (c,
                       [&] (const float* x, int n, int at)
                       {
                           for (int k = 0; k < n; ++k)
                               out[0].channel[c][at + k] = gain * x[k];
                       });
    }
    void reset() noexcept override
    {
        line.reset();
        ++resets;
    }
    int latency() const noexcept override { return static_cast<int> (line.frames()); }

    DelayLine line;
    float gain;
    int resets = 0;
    Positions times;
};

struct Builder
{
    Graph graph;

    Id add (const std::string& name, std::shared_ptr<Processor> p, std::vector<int> inputs = { 2 },
            std::vector<Binding> automation = {}, int outputs = 2)
    {
        const Id id { graph.nodes.size() + 1 };
        graph.nodes.push_back (
            { id, name, std::move (p), std::move (inputs), { outputs }, std::move (automation) });
        return id;
    }
    Id source (std::uint64_t seed, int channels = 2)
    {
        return add ("Source " + std::to_string (seed),
                    std::make_shared<SourceNode> (std::make_shared<NoiseSource> (channels, seed)), {}, {},
                    channels);
    }
    Id delay (const std::string& name, Frames frames, float gain = 1)
    {
        return add (name, std::make_shared<DelayNode> (frames, gain));
    }
    void connect (Id from, Id to, int input = 0) { graph.edges.push_back ({ from, 0, to, input }); }
    std::unique_ptr<Plan> plan (const Plan* previous = nullptr) const
    {
        auto made = compile (graph, previous, nullptr);
        if (! made)
            throw std::runtime_error (made.problem().sentence());
        return std::move (made).value();
    }
};

struct Stereo
{
    std::vector<float> side[2];
    bool operator== (const Stereo&) const = default;
    std::size_t size() const { return side[0].size(); }
    void append (const float* const* ch, int frames)
    {
        for (int c = 0; c < 2; ++c)
            side[c].insert (side[c].end(), ch[c], ch[c] + frames);
    }
};

inline Stereo rendered (Engine& engine, Frames from, Frames to, int block = 512)
{
    Stereo all;
    const auto outcome = render (engine, from, to, block,
                                 [&] (const float* const* ch, int frames) -> Outcome
                                 {
                                     all.append (ch, frames);
                                     return {};
                                 });
    if (! outcome)
        throw std::runtime_error (outcome.problem().sentence());
    return all;
}

/// What a device would play: calls process() with the given sizes in turn until so many frames came.
inline Stereo played (Engine& engine, Frames frames, const std::vector<int>& sizes = { 256 })
{
    Stereo all;
    std::vector<float> l (4096), r (4096);
    for (std::size_t k = 0; static_cast<Frames> (all.size()) < frames; ++k)
    {
        const int n = static_cast<int> (
            std::min<Frames> (sizes[k % sizes.size()], frames - static_cast<Frames> (all.size())));
        float* const out[] { l.data(), r.data() };
        engine.process (out, 2, n);
        all.append (out, n);
    }
    return all;
}

} // namespace lacquer::engine::test
