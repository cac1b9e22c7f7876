// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/DelayLine.h"
#include "dsp/Finite.h"
#include "dsp/Oversampler.h"
#include "dsp/Ramp.h"
#include "engine/Effect.h"

#include <cmath>

namespace lacquer::master
{

/// The curve x/sqrt (1 + x^2) at four times the rate, linear phase throughout.
///
/// First-order antiderivative anti-aliasing in the form (x1 + x0)/(sqrt (1 + x1^2) + sqrt (1 + x0^2)), which
/// is the quotient of differences without its cancellation (Parker, Zavalishin, Le Bivic, DAFx-16). Its half
/// frame of delay and its droop cos (w/2) are undone by four taps that delay by one and a half: together
/// with the half frame of the oversampler the latency is whole.
struct Saturation
{
    static constexpr std::string_view id = "master-saturation", name = "Saturation",
                                      help = "Rounds peaks off and adds odd harmonics.";

    template <typename T>
    struct Params
    {
        T drive = inDecibels<T> ("drive", "Drive", { -12, 24 }, 0, "Level into the curve.");
        T autoLevel = onOff<T> ("auto-level", "Auto level", true,
                                "Keeps the level of a tone at -12 dBFS whatever the drive.");
        T output = inDecibels<T> ("output", "Output", { -12, 12 }, 0, "Level of the saturated sound.");
        T mix = inPercent<T> ("mix", "Mix", { 0, 100 }, 100, "Share of the saturated sound in the output.");
    };

    static constexpr int delay = dsp::Oversampler4::latency + 1; ///< in frames, at every rate

    void prepare (const engine::Format&)
    {
        for (auto& v : voice)
            v.dry.prepare (delay);
        reset();
    }

    void reset() noexcept
    {
        for (auto& v : voice)
        {
            v.over.reset();
            v.dry.reset();
            v.last = 0;
            v.root = 1;
            v.past[0] = v.past[1] = v.past[2] = 0;
        }
        for (auto* r : { &drive, &level, &dryLevel })
            r->forget();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames;
        const double d = gainOf (Decibels { p.drive });
        constexpr double reference = 0.25118864; // -12 dBFS
        const double makeup = isOn (p.autoLevel) ? std::sqrt (1 + d * d * reference * reference) / d : 1.0;
        drive.towards (static_cast<float> (d), frames);
        level.towards (static_cast<float> (makeup * gainOf (Decibels { p.output }) * p.mix / 100), frames);
        dryLevel.towards (1 - p.mix / 100, frames);

        for (std::size_t c = 0; c < io.channels.size(); ++c)
        {
            float* const x = io.channels[c];
            auto& v = voice[c];
            dsp::makeFinite (x, frames);
            float driven[engine::quantum], wet[engine::quantum], high[4 * engine::quantum];
            for (int n = 0; n < frames; ++n)
                driven[n] = drive[n] * x[n];
            v.over.up (driven, high, frames);
            v.shape (high, 4 * frames);
            v.over.down (high, wet, frames);
            for (int n = 0; n < frames; ++n)
            {
                v.dry.push (x[n]);
                x[n] = dryLevel[n] * v.dry[delay] + level[n] * wet[n];
            }
        }
    }

    int latency (const Params<float>&) const noexcept { return delay; }
    Frames tail (const Params<float>&) const noexcept { return 2 * delay; } // both halves of a symmetric FIR

private:
    struct Voice
    {
        dsp::Oversampler4 over;
        dsp::DelayLine<float> dry;
        float last = 0, root = 1; // x0 and sqrt (1 + x0^2)
        float past[3] {};

        void shape (float* x, int count) noexcept
        {
            // The droop 1/cos (w/2) at 20 kHz of 4 * 48 kHz: outer taps a, inner 1/2 - a, with
            // (1 - 2a) cos (w/2) + 2a cos (3w/2) = 1/cos (w/2). Error below 0.03 dB to 20 kHz at 44.1 kHz.
            constexpr float a = -0.1395f, b = 0.5f - a;
            for (int n = 0; n < count; ++n)
            {
                const float r = std::sqrt (1 + x[n] * x[n]);
                const float y = (x[n] + last) / (r + root);
                last = x[n];
                root = r;
                x[n] = a * (y + past[2]) + b * (past[0] + past[1]);
                past[2] = past[1];
                past[1] = past[0];
                past[0] = y;
            }
        }
    };
    Voice voice[2];
    dsp::Ramp drive, level, dryLevel;
};

LACQUER_EFFECT (Saturation)

} // namespace lacquer::master
