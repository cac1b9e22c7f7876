// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/DelayLine.h"
#include "dsp/Dip.h"
#include "dsp/Finite.h"
#include "dsp/FirstOrder.h"
#include "dsp/Glide.h"
#include "dsp/kernels/Shaper.h"
#include "mix/effects/WetDry.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace lacquer::mix
{

/// Four characters of one oversampled curve (dsp/kernels/Shaper.h): its knee, its bias, and an emphasis
/// before it that is undone after it, so that a soft sound comes out as it went in and each character bends
/// where its model does: tape the highs first, a transformer the lows, a tube unevenly, diodes late and hard
/// with their harmonics brightened. Named after what they resemble; no model of a device.
struct Saturator
{
    static constexpr std::string_view id = "saturator", name = "Saturator",
                                      help = "Adds the warmth of tape, tubes, iron or diodes.";

    template <typename T>
    struct Params
    {
        T character = oneOf<T> ("character", "Character", "Tape|Tube|Transformer|Diode", 0,
                                "What the curve resembles.");
        T drive = inDecibels<T> ("drive", "Drive", { 0, 36 }, 6, "Level into the curve.");
        T tone = inDecibels<T> ("tone", "Tone", { -6, 6 }, 0,
                                "Tilts the saturated sound around 1 kHz, darker or brighter.");
        T oversampling = oneOf<T> ("oversampling", "Oversampling", "2x|4x|8x", 1,
                                   "Higher rates fold less of a hard driven treble back.");
        T autoLevel = onOff<T> ("auto-level", "Auto level", true,
                                "Keeps the level of a tone at -12 dBFS whatever the drive.");
        T output = inDecibels<T> ("output", "Output", { -24, 12 }, 0, "Level of the saturated sound.");
        T mix = inPercent<T> ("mix", "Mix", { 0, 100 }, 100, "Share of the saturated sound in the output.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        for (auto& line : dry)
            line.prepare (dsp::kernels::Shaper::delay (3));
        for (auto& b : block)
            b.prepare (rate);
        dip.prepare (rate);
        reset();
    }

    void reset() noexcept
    {
        shaper.reset();
        for (auto& line : dry)
            line.reset();
        for (auto& b : block)
            b.reset();
        for (auto* f : { &before, &after, &tilt })
            f->reset();
        for (auto* r : { &drive, &level })
            r->forget();
        share.forget();
        dip.reset();
        known = false;
    }

    void process (const engine::Block& io, Params<float> p) noexcept
    {
        const int frames = io.frames, stages = dip.towards (stagesOf (p));
        if (known)
            p.drive = dsp::nearer (values.drive, p.drive, 6, frames);
        follow (p);
        drive.towards (wantedDrive, frames);
        level.towards (wantedLevel, frames);
        share.towards (p.mix, frames);
        before.towards (emphasis, frames);
        after.towards (emphasis.inverse(), frames);
        tilt.towards (tone, frames);

        float wet[2][engine::quantum];
        const std::size_t channels = io.channels.size();
        for (std::size_t c = 0; c < channels; ++c)
        {
            float* const x = io.channels[c];
            dsp::makeFinite (x, frames);
            std::copy_n (x, frames, wet[c]);
            before.process (static_cast<int> (c), wet[c], frames);
            for (int n = 0; n < frames; ++n)
                wet[c][n] *= drive[n];
        }
        shaper.process (stages, curve, wet[0], wet[1], static_cast<int> (channels), frames);

        const int delay = dsp::kernels::Shaper::delay (stages);
        for (std::size_t c = 0; c < channels; ++c)
        {
            float* const x = io.channels[c];
            after.process (static_cast<int> (c), wet[c], frames);
            tilt.process (static_cast<int> (c), wet[c], frames);
            for (int n = 0; n < frames; ++n)
            {
                dry[c].push (x[n]);
                const float y = wet[c][n] - block[c](wet[c][n]);
                x[n] = share.dry[n] * dry[c][delay] + share.wet[n] * (level[n] * y);
            }
            for (int n = 0; n < frames && dip.active(); ++n)
                x[n] *= dip[n];
        }
        dip.advance (frames);
    }

    int latency (const Params<float>& p) const noexcept { return dsp::kernels::Shaper::delay (stagesOf (p)); }
    Frames tail (const Params<float>& p) const noexcept
    {
        return 2 * latency (p) + framesIn (Seconds { dsp::DcBlock::settled }, rate);
    }

private:
    struct Character
    {
        dsp::kernels::ShaperCurve curve;
        double corner, low, high; ///< emphasis: gains in dB under and above a frequency
    };
    static constexpr Character characters[] {
        { { 0, 1, 0, 0 }, 3500, 0, 6 },                             // tape
        { { 0.2f, 1, 0, 0 }, 1000, 0, 0 },                          // tube
        { { 0.05f, 1.5f, -0.5f, 0 }, 160, 9, 0 },                   // transformer
        { { 0.12f, 15.0f / 8, -10.0f / 8, 3.0f / 8 }, 2000, 0, -6 } // diode
    };

    static int stagesOf (const Params<float>& p) noexcept
    {
        return 1 + static_cast<int> (p.oversampling + 0.5f);
    }

    /// Where the curve ends up for v.
    static double curveAt (const dsp::kernels::ShaperCurve& c, double v) noexcept
    {
        const double u = v / std::sqrt (1 + v * v), uu = u * u;
        return u * (c.first + uu * (c.third + uu * c.fifth));
    }

    void follow (const Params<float>& p) noexcept
    {
        using Bits = std::array<std::uint32_t, sizeof (Params<float>) / 4>;
        if (known && std::bit_cast<Bits> (p) == std::bit_cast<Bits> (values))
            return;
        const auto& character = characters[static_cast<std::size_t> (p.character + 0.5f)];
        const auto& c = character.curve;
        const double d = gainOf (Decibels { p.drive });
        // The slope at rest is 1: a soft sound keeps its level but for the drive.
        const double u = c.bias / std::sqrt (1.0 + c.bias * c.bias), uu = u * u;
        const double slope =
            std::pow (1.0 + c.bias * c.bias, -1.5) * (c.first + uu * (3 * c.third + uu * 5 * c.fifth));
        // The level of a tone at -12 dBFS after the curve, its offset taken out.
        double sum = 0, squares = 0, input = 0;
        constexpr int points = 64;
        for (int n = 0; n < points; ++n)
        {
            const double x = 0.25118864 * std::sin (2 * std::numbers::pi * (n + 0.5) / points);
            const double y = curveAt (c, d * x / slope + c.bias);
            sum += y;
            squares += y * y;
            input += x * x;
        }
        const double tone12 = std::sqrt (input / (squares - sum * sum / points));
        wantedDrive = static_cast<float> (d / slope);
        wantedLevel =
            static_cast<float> ((isOn (p.autoLevel) ? tone12 : 1.0) * gainOf (Decibels { p.output }));
        curve = c;
        emphasis = dsp::FirstOrder::shelf (character.corner, gainOf (Decibels { character.low }),
                                           gainOf (Decibels { character.high }), rate);
        tone = dsp::FirstOrder::tilt (1000, gainOf (Decibels { p.tone }), rate);
        values = p;
        known = true;
    }

    double rate = 48000;
    dsp::kernels::Shaper shaper;
    dsp::DelayLine<float> dry[2];
    dsp::DcBlock block[2];
    dsp::FirstOrderFilter before, after, tilt;
    dsp::FirstOrder emphasis, tone;
    dsp::kernels::ShaperCurve curve;
    dsp::Ramp drive, level;
    dsp::Dip dip; // where the oversampling changes
    WetDry share;
    Params<float> values;
    bool known = false;
    float wantedDrive = 1, wantedLevel = 1;
};

LACQUER_EFFECT (Saturator)

} // namespace lacquer::mix
