// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/DelayLine.h"
#include "dsp/Glide.h"
#include "mix/effects/Cycle.h"
#include "mix/effects/WetDry.h"

#include <algorithm>
#include <cmath>

namespace lacquer::mix
{

/// Up to six voices, each a delay that wanders on its own phase of one cycle; the phases lie a golden section
/// apart, so that any number of them is spread out. The right side wanders behind the left one. Delays
/// between frames by cubic interpolation.
struct Chorus
{
    static constexpr std::string_view id = "chorus", name = "Chorus",
                                      help = "Makes one voice into several that are never quite together.";
    static constexpr int mostVoices = 6;

    template <typename T>
    struct Params
    {
        T note = oneOf<T> ("note", "Note", Cycle::notes, 0,
                           "Length of a cycle in the song's tempo; with Off the rate holds.");
        T rate = inHertz<T> ("rate", "Rate", { 0.02f, 10 }, 0.6f, "Cycles per second while Note is Off.");
        T voices = oneOf<T> ("voices", "Voices", "1|2|3|4|5|6", 2, "How many voices are added.");
        T delay =
            inMilliseconds<T> ("delay", "Delay", { 3, 40 }, 12, "How far the voices are behind on average.");
        T depth = inPercent<T> ("depth", "Depth", { 0, 100 }, 30,
                                "How far the voices wander; at 100 by nearly all of the delay.");
        T width = inPercent<T> ("width", "Width", { 0, 100 }, 70, "How differently the sides move.");
        T lowCut =
            inHertz<T> ("low-cut", "Low cut", { 10, 1000 }, 60, "The voices lose the lows below this.");
        T highCut = inHertz<T> ("high-cut", "High cut", { 1000, 20000 }, 14000,
                                "The voices lose the highs above this.");
        T mix =
            inPercent<T> ("mix", "Mix", { 0, 100 }, 50, "Share of the voices in the output, at equal power.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        glide = 1 - std::exp (-1 / (0.05 * rate));
        for (auto& line : lines)
            line.prepare (static_cast<int> (0.085 * rate));
        cycle.prepare (rate);
        cuts.prepare (rate);
        reset();
    }

    void reset() noexcept
    {
        for (auto& line : lines)
            line.reset();
        cycle.reset();
        cuts.reset();
        middleNow = -1;
        for (auto* r : { &depth, &apart })
            r->forget();
        for (auto* r : { &wet, &dry })
            r->forget();
        for (auto& g : gain)
            g.forget();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames;
        cycle.begin (io.time, p.note, p.rate);
        const auto voices = 1 + static_cast<int> (p.voices + 0.5f);
        // Another delay is reached in a glide, not in a leap of pitch.
        double middle[engine::quantum];
        const double wanted = static_cast<double> (p.delay) / 1000 * rate;
        if (middleNow < 0)
            middleNow = wanted;
        for (int n = 0; n < frames; ++n)
            middle[n] = middleNow += glide * (wanted - middleNow);
        const float most = static_cast<float> (64 / (0.05 * rate)); // all of it in a glide of 50 ms
        depth.towards (0.9f * p.depth / 100, most, frames);
        apart.towards (p.width / 200, most, frames);
        for (int v = 0; v < mostVoices; ++v)
            gain[v].towards (v < voices ? 1 / std::sqrt (static_cast<float> (voices)) : 0, frames);
        const float m = p.mix / 100, power = 1 / std::sqrt ((1 - m) * (1 - m) + m * m);
        wet.towards (m * power, frames);
        dry.towards ((1 - m) * power, frames);
        cuts.towards (p.lowCut, p.highCut, frames);

        const auto channels = static_cast<int> (io.channels.size());
        for (int c = 0; c < channels; ++c)
        {
            float* const x = io.channels[static_cast<std::size_t> (c)];
            for (int n = 0; n < frames; ++n)
            {
                const float in = dsp::finite (x[n]);
                lines[c].push (in);
                float sum = 0;
                for (int v = 0; v < mostVoices; ++v)
                {
                    if (gain[v].target() == 0 && ! gain[v].moves())
                        continue;
                    const double turn =
                        cycle.at (n, goldenTurns[v]) + (c == 1 ? static_cast<double> (apart[n]) : 0);
                    sum += gain[v][n] * lines[c].cubic (middle[n] * (1 + static_cast<double> (depth[n]) *
                                                                             dsp::fastSine (turn)));
                }
                x[n] = dry[n] * in + wet[n] * cuts (c, sum);
            }
        }
        cycle.end (frames);
    }

    Frames tail (const Params<float>& p) const noexcept
    {
        return framesIn (Seconds { 0.002 * p.delay + 13.8 / (4.4 * p.lowCut) * 1.5 }, rate);
    }

private:
    static constexpr double goldenTurns[mostVoices] { 0, 0.618034, 0.236068, 0.854102, 0.472136, 0.090170 };

    double rate = 48000, glide = 1, middleNow = -1;
    dsp::DelayLine<float> lines[2];
    Cycle cycle;
    Cuts cuts;
    dsp::Glide depth, apart;
    dsp::Ramp wet, dry, gain[mostVoices];
};

LACQUER_EFFECT (Chorus)

} // namespace lacquer::mix
