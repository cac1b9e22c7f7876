// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Finite.h"
#include "dsp/Ramp.h"
#include "engine/Effect.h"
#include "mix/effects/Cycle.h"

#include <cmath>

namespace lacquer::mix
{

/// A gain that goes up and down in time with the song or freely (Cycle.h); with the sides apart in phase, the
/// sound goes from side to side. The gain passes two one-pole filters of the smoothing time each.
struct Tremolo
{
    static constexpr std::string_view id = "tremolo", name = "Tremolo / auto-pan",
                                      help = "Moves the level up and down, or from side to side.";

    template <typename T>
    struct Params
    {
        T note = oneOf<T> ("note", "Note", Cycle::notes, 12,
                           "Length of a cycle in the song's tempo; with Off the rate holds.");
        T rate = inHertz<T> ("rate", "Rate", { 0.02f, 20 }, 4, "Cycles per second while Note is Off.");
        T depth = inPercent<T> ("depth", "Depth", { 0, 100 }, 50, "How far the level goes down.");
        T shape =
            oneOf<T> ("shape", "Shape", "Sine|Triangle|Square|Ramp up|Ramp down", 0, "Shape of a cycle.");
        T phase = asNumber<T> (
            "phase", "Stereo phase", { 0, 180 }, 0, Taper::linear,
            "Degrees by which the right side is behind; at 180 the sound goes from side to side.");
        T smoothing =
            inMilliseconds<T> ("smoothing", "Smoothing", { 1, 50 }, 3, "Rounds hard edges of the shape.");
        T autoLevel = onOff<T> ("auto-level", "Auto level", true,
                                "Makes up for the power that the movement takes away.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        cycle.prepare (rate);
        reset();
    }

    void reset() noexcept
    {
        cycle.reset();
        for (auto* r : { &depth, &level, &phase, &pull })
            r->forget();
        fresh = true;
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames;
        const auto shape = static_cast<int> (p.shape + 0.5f);
        cycle.begin (io.time, p.note, p.rate);
        depth.towards (p.depth / 100, frames);
        phase.towards (p.phase / 360, frames);
        if (p.smoothing != smoothing)
        {
            smoothing = p.smoothing;
            wantedPull =
                static_cast<float> (1 - std::exp (-1000 / (static_cast<double> (p.smoothing) * rate)));
        }
        pull.towards (wantedPull, frames);
        level.towards (isOn (p.autoLevel) ? makeup (shape, p.depth / 100) : 1, frames);
        for (std::size_t c = 0; c < io.channels.size(); ++c)
        {
            float* const x = io.channels[c];
            auto& s = smooth[c];
            for (int n = 0; n < frames; ++n)
            {
                const double turn = cycle.at (n, c == 1 ? 1 - static_cast<double> (phase[n]) : 0);
                const float down = 1 - valueOf (shape, turn), wanted = level[n] * (1 - depth[n] * down);
                if (fresh && n == 0)
                    s[0] = s[1] = wanted;
                s[0] += pull[n] * (wanted - s[0]);
                s[1] += pull[n] * (s[0] - s[1]);
                x[n] = s[1] * dsp::finite (x[n]);
            }
        }
        cycle.end (frames);
        fresh = false;
    }

private:
    /// The shape from 0 to 1.
    static float valueOf (int shape, double turn) noexcept
    {
        switch (shape)
        {
            case 0: return static_cast<float> (0.5 + 0.5 * dsp::fastSine (turn));
            case 1: return static_cast<float> (turn < 0.5 ? 2 * turn : 2 - 2 * turn);
            case 2: return turn < 0.5 ? 1.0f : 0.0f;
            case 3: return static_cast<float> (turn);
            default: return static_cast<float> (1 - turn);
        }
    }

    /// One over the root of the mean square of the gain 1 - d (1 - shape): all shapes have the mean 1/2, and
    /// the variances 1/8, 1/12, 1/4 and 1/12.
    static float makeup (int shape, float d) noexcept
    {
        constexpr float variances[] { 1.0f / 8, 1.0f / 12, 1.0f / 4, 1.0f / 12, 1.0f / 12 };
        const float mean = 1 - d / 2;
        return 1 / std::sqrt (mean * mean + d * d * variances[shape]);
    }

    double rate = 48000;
    Cycle cycle;
    dsp::Ramp depth, level, phase, pull;
    float smooth[2][2] {};
    float smoothing = 0, wantedPull = 1;
    bool fresh = true;
};

LACQUER_EFFECT (Tremolo)

} // namespace lacquer::mix
