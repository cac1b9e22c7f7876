// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/EqDesign.h"
#include "dsp/Finite.h"
#include "dsp/LineBank.h"
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
        for (auto& line : before)
            line.prepare (static_cast<int> (longest * rate) + 2 * engine::quantum);
        fade.length = static_cast<int> (0.03 * rate);
        cuts.prepare (rate);
        reset();
    }

    void reset() noexcept
    {
        for (auto& line : before)
            line.clear();
        cuts.reset();
        fade.left = 0;
        delay = -1;
    }

    /// to: what enters, a row per channel of the block. [audio]
    void process (const engine::Block& io, float preDelay, float lowCut, float highCut,
                  float* const* to) noexcept
    {
        const int frames = io.frames,
                  wanted = static_cast<int> (framesIn (Seconds { preDelay / 1000.0 }, rate));
        if (delay < 0)
            delay = wanted;
        else if (wanted != delay && ! fade.active())
        {
            delayBefore = delay;
            delay = wanted;
            fade.start();
        }
        cuts.towards (lowCut, highCut, frames);
        for (std::size_t c = 0; c < io.channels.size(); ++c)
        {
            float* const x = to[c];
            std::copy_n (io.channels[c], frames, x);
            dsp::makeFinite (x, frames);
            before[c].write (x, frames);
            before[c].read (x, delay, frames);
            if (fade.active())
            {
                float old[engine::quantum];
                before[c].read (old, delayBefore, frames);
                for (int n = 0; n < frames; ++n)
                    x[n] = old[n] + (x[n] - old[n]) * fade.share (n);
            }
        }
        fade.advance (frames);
        cuts.process (to, static_cast<int> (io.channels.size()), frames);
    }

private:
    double rate = 48000;
    dsp::BlockDelay before[2];
    Cuts cuts;
    dsp::Crossfade fade;
    int delay = -1, delayBefore = 0;
};

} // namespace lacquer::mix
