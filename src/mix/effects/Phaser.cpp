// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/FastMath.h"
#include "dsp/Finite.h"
#include "dsp/Ramp.h"
#include "engine/Effect.h"
#include "mix/effects/Cycle.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lacquer::mix
{

/// A chain of first-order allpasses beside the sound itself: half as many notches as stages, where the chain
/// has turned the sound by an odd number of half turns. The allpasses are trapezoidal integrators with their
/// corner in place (Zavalishin, "The Art of VA Filter Design"), so that the corner may move at every frame.
struct Phaser
{
    static constexpr std::string_view id = "phaser", name = "Phaser",
                                      help = "Sweeps a few wide notches through the sound.";
    static constexpr int mostStages = 12;

    template <typename T>
    struct Params
    {
        T note = oneOf<T> ("note", "Note", Cycle::notes, 0,
                           "Length of a cycle in the song's tempo; with Off the rate holds.");
        T rate = inHertz<T> ("rate", "Rate", { 0.02f, 10 }, 0.4f, "Cycles per second while Note is Off.");
        T stages = oneOf<T> ("stages", "Stages", "2|4|6|8|10|12", 1,
                             "Number of allpasses; two of them make a notch.");
        T frequency = inHertz<T> ("frequency", "Frequency", { 60, 8000 }, 700, "Middle of the sweep.");
        T depth = asNumber<T> ("depth", "Depth", { 0, 3 }, 1.5f, Taper::linear,
                               "Octaves to each side of the middle.");
        T feedback = inPercent<T> ("feedback", "Feedback", { -90, 90 }, 20,
                                   "Level and polarity of the turned sound that enters again.");
        T width = inPercent<T> ("width", "Width", { 0, 100 }, 30, "How differently the sides move.");
        T mix = inPercent<T> (
            "mix", "Mix", { 0, 100 }, 50,
            "Share of the turned sound in the output, at equal power; at 50 the notches are deepest.");
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
        for (auto& channel : memory)
            channel = {};
        last[0] = last[1] = 0;
        for (auto* r : { &frequency, &depth, &apart, &feedback, &wet, &dry })
            r->forget();
        for (auto& t : tap)
            t.forget();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames;
        cycle.begin (io.time, p.note, p.rate);
        if (p.frequency != hertz)
        {
            hertz = p.frequency;
            octave = static_cast<float> (std::log2 (static_cast<double> (p.frequency) / rate));
        }
        frequency.towards (octave, frames);
        depth.towards (p.depth, frames);
        apart.towards (p.width / 200, frames);
        feedback.towards (p.feedback / 100, frames);
        const float m = p.mix / 100, f = p.feedback / 100, power = 1 / std::sqrt ((1 - m) * (1 - m) + m * m);
        wet.towards (m * power * std::sqrt (1 - f * f), frames);
        dry.towards ((1 - m) * power, frames);
        // Which pair of stages the output is taken from; the old and the new one share a block.
        const auto pairs = static_cast<int> (p.stages + 0.5f);
        int used = 0;
        for (int k = 0; k < mostStages / 2; ++k)
        {
            tap[k].towards (k == pairs ? 1.0f : 0.0f, frames);
            if (k == pairs || tap[k].moves())
                used = k + 1;
        }

        for (std::size_t c = 0; c < io.channels.size(); ++c)
        {
            float* const x = io.channels[c];
            auto& s = memory[c];
            float back = last[c];
            for (int n = 0; n < frames; ++n)
            {
                const float in = dsp::finite (x[n]);
                const double turn = cycle.at (n) + (c == 1 ? static_cast<double> (apart[n]) : 0);
                const float g =
                    integratorGain (frequency[n] + depth[n] * static_cast<float> (dsp::fastSine (turn)));
                float y = in + feedback[n] * back, out = 0;
                for (int k = 0; k < used; ++k)
                {
                    for (int stage = 2 * k; stage < 2 * k + 2; ++stage)
                    {
                        const float v = (y - s[static_cast<std::size_t> (stage)]) * g,
                                    low = v + s[static_cast<std::size_t> (stage)];
                        s[static_cast<std::size_t> (stage)] = low + v;
                        y = 2 * low - y;
                    }
                    out += tap[k][n] * y;
                }
                back = out;
                x[n] = dry[n] * in + wet[n] * out;
            }
            for (int stage = 2 * used; stage < mostStages; ++stage)
                s[static_cast<std::size_t> (stage)] = 0;
            last[c] = back;
        }
        cycle.end (frames);
    }

    /// Twelve allpasses at the lowest corner, with what the feedback adds, until 120 dB down.
    Frames tail (const Params<float>& p) const noexcept
    {
        const double lowest = std::max (10.0, p.frequency * std::exp2 (-static_cast<double> (p.depth)));
        const double stages = 2 + 2 * std::round (static_cast<double> (p.stages));
        const double f = std::abs (static_cast<double> (p.feedback)) / 100;
        return framesIn (Seconds { (14 + 3 * stages) / (2 * std::numbers::pi * lowest) / (1 - f) }, rate);
    }

private:
    /// g/(1 + g) with g = tan (pi f), f as log2 of a share of the rate, at most 0.35 of it. The tangent by
    /// its continued fraction; error below 2e-5 of it.
    static float integratorGain (float octaves) noexcept
    {
        const float x = static_cast<float> (std::numbers::pi) * std::min (0.35f, dsp::fastExp2 (octaves)),
                    xx = x * x;
        const float above = x * (945 - xx * (105 - xx)), below = 945 - xx * (420 - 15 * xx);
        return above / (above + below);
    }

    double rate = 48000;
    Cycle cycle;
    std::array<float, mostStages> memory[2] {};
    float last[2] {};
    float hertz = 0, octave = 0;
    dsp::Ramp frequency, depth, apart, feedback, wet, dry, tap[mostStages / 2];
};

LACQUER_EFFECT (Phaser)

} // namespace lacquer::mix
