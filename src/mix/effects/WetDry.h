// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/EqDesign.h"
#include "dsp/FadedDelay.h"
#include "dsp/Finite.h"
#include "dsp/Ramp.h"
#include "dsp/Svf.h"
#include "engine/Effect.h"

#include <algorithm>

namespace lacquer::mix
{

// What the effects that answer the sound (Reverb, Convolution, Delay) have in common.

/// Shares of the answer and of the sound itself.
struct WetDry
{
    dsp::Ramp wet, dry;

    void forget() noexcept
    {
        wet.forget();
        dry.forget();
    }
    /// mix: percent of the answer. [audio]
    void towards (float mix, int frames) noexcept
    {
        wet.towards (mix / 100, frames);
        dry.towards (1 - mix / 100, frames);
    }
};

/// A low and a high cut of 12 dB per octave.
class Cuts
{
public:
    void prepare (double sampleRate) noexcept
    {
        rate = sampleRate;
        reset();
    }

    void reset() noexcept
    {
        for (int c = 0; c < 2; ++c)
        {
            low[c].reset();
            high[c].reset();
        }
        lowHertz = highHertz = 0; // the next towards() jumps
    }

    /// The frequencies at the end of this block. [audio]
    void towards (float newLow, float newHigh, int frames) noexcept
    {
        move (low, dsp::EqShape::highPass, lowHertz, newLow, frames);
        move (high, dsp::EqShape::lowPass, highHertz, newHigh, frames);
    }

    float operator() (int channel, float x) noexcept { return high[channel](low[channel](x)); }

    void process (float* const* x, int channels, int frames) noexcept
    {
        dsp::inSeries (low, high, x, channels, frames);
    }

private:
    void move (dsp::Svf<float> (&pair)[2], dsp::EqShape shape, float& now, float hertz, int frames) noexcept
    {
        if (hertz == now)
            return;
        const auto c = dsp::svfOf (dsp::cutFilter (shape, hertz, 1, rate).section[0]);
        for (auto& filter : pair)
            now == 0 ? filter.set (c) : filter.rampTo (c, frames);
        now = hertz;
    }

    double rate = 48000;
    dsp::Svf<float> low[2], high[2];
    float lowHertz = 0, highHertz = 0;
};

/// The way into a room: pre-delay, then the cuts.
class Entrance
{
public:
    static constexpr double longest = 0.25; ///< pre-delay in seconds

    /// [control] Allocates.
    void prepare (double sampleRate)
    {
        rate = sampleRate;
        delay.prepare (static_cast<int> (longest * rate), static_cast<int> (0.03 * rate));
        cuts.prepare (rate);
    }

    void reset() noexcept
    {
        delay.reset();
        cuts.reset();
    }

    /// to: what enters, a row per channel of the block. [audio]
    void process (const engine::Block& io, float preDelay, float lowCut, float highCut,
                  float* const* to) noexcept
    {
        const auto channels = static_cast<int> (io.channels.size());
        for (int c = 0; c < channels; ++c)
        {
            std::copy_n (io.channels[static_cast<std::size_t> (c)], io.frames, to[c]);
            dsp::makeFinite (to[c], io.frames);
        }
        delay.process (to, channels, io.frames,
                       static_cast<int> (framesIn (Seconds { preDelay / 1000.0 }, rate)));
        cuts.towards (lowCut, highCut, io.frames);
        cuts.process (to, channels, io.frames);
    }

private:
    double rate = 48000;
    dsp::FadedDelay delay;
    Cuts cuts;
};

} // namespace lacquer::mix
