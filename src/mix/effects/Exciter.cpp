// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/DelayLine.h"
#include "dsp/EqDesign.h"
#include "dsp/Finite.h"
#include "dsp/Glide.h"
#include "dsp/Svf.h"
#include "dsp/kernels/Shaper.h"
#include "engine/Effect.h"

#include <cmath>

namespace lacquer::mix
{

/// The sound above a corner, bent, and added to the sound itself: high-pass, curve at four times the rate
/// (dsp/kernels/Shaper.h), high-pass. A bias of the curve makes even harmonics. What the curve would put
/// below the corner, differences of tones, the second high-pass takes away.
struct Exciter
{
    static constexpr std::string_view id = "exciter", name = "Exciter",
                                      help = "Adds overtones above a frequency.";

    template <typename T>
    struct Params
    {
        T frequency = inHertz<T> ("frequency", "Frequency", { 1000, 12000 }, 4000,
                                  "The sound above this makes the overtones.");
        T drive = inDecibels<T> ("drive", "Drive", { 0, 48 }, 24,
                                 "Level into the curve: more of it, more overtones.");
        T even =
            inPercent<T> ("even", "Even", { 0, 100 }, 30, "From odd overtones alone to mostly even ones.");
        T mix = inPercent<T> ("mix", "Mix", { 0, 100 }, 25, "Level of what is added.");
    };

    static constexpr int stages = 2, delay = dsp::kernels::Shaper::delay (stages);

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        for (auto& line : dry)
            line.prepare (delay);
        reset();
    }

    void reset() noexcept
    {
        shaper.reset();
        for (auto& line : dry)
            line.reset();
        for (auto& channel : filters)
            for (auto& f : channel)
                f.reset();
        for (auto* r : { &drive, &level })
            r->forget();
        hertz = 0; // the next block jumps
        driveDb = -1;
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames;
        const std::size_t channels = io.channels.size();
        follow (driveDb < 0 ? p.drive : dsp::nearer (driveDb, p.drive, 6, frames), p, frames);
        float wet[2][engine::quantum];
        for (std::size_t c = 0; c < channels; ++c)
        {
            float* const x = io.channels[c];
            dsp::makeFinite (x, frames);
            for (int n = 0; n < frames; ++n)
                wet[c][n] = drive[n] * filters[c][1](filters[c][0](x[n]));
        }
        shaper.process (stages, curve, wet[0], wet[1], static_cast<int> (channels), frames);
        for (std::size_t c = 0; c < channels; ++c)
        {
            float* const x = io.channels[c];
            for (int n = 0; n < frames; ++n)
            {
                dry[c].push (x[n]);
                x[n] = dry[c][delay] + level[n] * filters[c][3](filters[c][2](wet[c][n]));
            }
        }
    }

    int latency (const Params<float>&) const noexcept { return delay; }
    Frames tail (const Params<float>& p) const noexcept
    {
        return 2 * delay + framesIn (Seconds { 60.0 / p.frequency }, rate);
    }

private:
    void follow (float driven, const Params<float>& p, int frames) noexcept
    {
        if (p.frequency != hertz)
        {
            const auto cut = dsp::cutFilter (dsp::EqShape::highPass, p.frequency, 2, rate);
            for (auto& channel : filters)
                for (std::size_t k = 0; k < 4; ++k)
                {
                    const auto c = dsp::svfOf (cut.section[k % 2]);
                    hertz == 0 ? channel[k].set (c) : channel[k].rampTo (c, frames);
                }
            hertz = p.frequency;
        }
        if (driven != driveDb || p.even != evenShare)
        {
            driveDb = driven;
            evenShare = p.even;
            curve.bias = 0.006f * p.even;
            const double b = static_cast<double> (curve.bias), slope = std::pow (1 + b * b, -1.5);
            const double d = gainOf (Decibels { driven });
            // The level of a tone at -24 dBFS stays, as in the Saturator: by the curve without its bias.
            const double v = 0.0631 * d;
            wantedDrive = static_cast<float> (d / slope);
            makeup = static_cast<float> (std::sqrt (1 + v * v / 2) / d);
        }
        drive.towards (wantedDrive, frames);
        level.towards (p.mix / 100 * makeup, frames);
    }

    double rate = 48000;
    dsp::kernels::Shaper shaper;
    dsp::kernels::ShaperCurve curve;
    dsp::DelayLine<float> dry[2];
    dsp::Svf<float> filters[2][4]; // two before the curve, two after it
    dsp::Ramp drive, level;
    float hertz = 0, driveDb = -1, evenShare = -1, wantedDrive = 1, makeup = 1;
};

LACQUER_EFFECT (Exciter)

} // namespace lacquer::mix
