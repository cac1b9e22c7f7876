// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Random.h"
#include "core/RealTime.h"
#include "engine/Effect.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <numbers>
#include <vector>

namespace lacquer::tests
{

/// One channel after the other.
using Sound = std::vector<std::vector<float>>;

/// Uniform noise in [-level, level).
inline Sound noise (int channels, int frames, float level, std::uint64_t seed = 1)
{
    Sound out (static_cast<std::size_t> (channels));
    std::uint64_t counter = seed << 32;
    for (auto& c : out)
    {
        c.resize (static_cast<std::size_t> (frames));
        for (auto& x : c)
            x = level * static_cast<float> (2 * uniform (counter++) - 1);
    }
    return out;
}

inline Sound silence (int channels, int frames)
{
    return Sound (static_cast<std::size_t> (channels),
                  std::vector<float> (static_cast<std::size_t> (frames)));
}

inline Sound impulse (int channels, int frames, float level = 1)
{
    auto out = silence (channels, frames);
    for (auto& c : out)
        c[0] = level;
    return out;
}

inline Sound sine (int channels, int frames, double hertz, double rate, float level)
{
    auto out = silence (channels, frames);
    for (auto& c : out)
        for (std::size_t n = 0; n < c.size(); ++n)
            c[n] = level * static_cast<float> (
                               std::sin (2 * std::numbers::pi * hertz / rate * static_cast<double> (n)));
    return out;
}

inline float peakOf (const Sound& s, std::size_t from = 0)
{
    float peak = 0;
    for (const auto& c : s)
        for (std::size_t n = from; n < c.size(); ++n)
            peak = std::max (peak, std::abs (c[n]));
    return peak;
}

inline bool isFinite (const Sound& s)
{
    for (const auto& c : s)
        for (float x : c)
            if (! std::isfinite (x))
                return false;
    return true;
}

/// An effect with its values, fed as the engine feeds it.
class Rig
{
public:
    Rig (const engine::EffectType& effectType, double sampleRate, int channels)
        : type (effectType), rate (sampleRate), effect (effectType.create())
    {
        for (const auto& p : type.params)
            values.push_back (p.initial);
        effect->prepare ({ sampleRate, channels });
    }

    /// Sets a parameter by id, when there is one.
    bool set (std::string_view id, float value)
    {
        for (std::size_t n = 0; n < type.params.size(); ++n)
            if (type.params[n].id == id)
            {
                values[n] = value;
                return true;
            }
        return false;
    }

    /// The sound after the effect. cut: length of the block that starts at a frame, 1 to quantum.
    /// move: called before each block, may change the values.
    Sound run (
        Sound io, const std::function<int (Frames)>& cut = [] (Frames) { return engine::quantum; },
        const std::function<void (Frames, std::vector<float>&)>& move = {})
    {
        const auto frames = static_cast<Frames> (io[0].size());
        for (Frames at = 0; at < frames;)
        {
            const int count = static_cast<int> (std::min<Frames> (cut (at), frames - at));
            if (move)
                move (at, values);
            effect->ready (values); // as the engine does where values change
            float* channels[2] { io.front().data() + at, io.back().data() + at };
            const float* keys[2] {};
            for (std::size_t c = 0; c < key.size(); ++c)
                keys[c] = key[c].data() + at;
            engine::Block block { { channels, io.size() }, { keys, key.size() }, count, {} };
            block.time.position = position;
            block.time.bpm = bpm;
            block.time.beat = static_cast<double> (position) / rate * bpm / 60;
            block.time.playing = true;
            {
                const RealTimeScope scope;
                effect->process (block, values);
            }
            at += count;
            position += count;
        }
        return io;
    }

    void reset()
    {
        effect->reset();
        position = 0;
    }
    int latency() const { return effect->latency (values); }
    Frames tail() const { return effect->tail (values); }

    const engine::EffectType& type;
    double rate, bpm = 120;
    std::unique_ptr<engine::Effect> effect;
    std::vector<float> values;
    Frames position = 0;
    Sound key; ///< what run() lets it hear as its sidechain: as long as the sound, or empty
};

} // namespace lacquer::tests
