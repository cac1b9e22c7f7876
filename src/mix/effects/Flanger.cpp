// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/DelayLine.h"
#include "dsp/Dip.h"
#include "dsp/Glide.h"
#include "mix/effects/Cycle.h"
#include "mix/effects/WetDry.h"

#include <algorithm>
#include <cmath>

namespace lacquer::mix
{

/// A short moving delay beside the sound itself: a comb whose notches lie at odd multiples of 1/(2 delay), or
/// at whole ones of 1/delay when the delayed sound is turned over. Through zero, the sound itself is 2 ms
/// late, and the delay may overtake it as two tape machines do.
struct Flanger
{
    static constexpr std::string_view id = "flanger", name = "Flanger",
                                      help = "Sweeps a comb of notches through the sound.";

    template <typename T>
    struct Params
    {
        T note = oneOf<T> ("note", "Note", Cycle::notes, 0,
                           "Length of a cycle in the song's tempo; with Off the rate holds.");
        T rate = inHertz<T> ("rate", "Rate", { 0.02f, 10 }, 0.2f, "Cycles per second while Note is Off.");
        T delay = inMilliseconds<T> ("delay", "Delay", { 0.1f, 10 }, 3, "The longest delay of the sweep.");
        T depth = inPercent<T> ("depth", "Depth", { 0, 100 }, 80, "How far down from there the sweep goes.");
        T feedback = inPercent<T> ("feedback", "Feedback", { -95, 95 }, 30,
                                   "Level and polarity of the delayed sound that enters again.");
        T invert =
            onOff<T> ("invert", "Invert", false, "Turns the delayed sound over: hollow, without lows.");
        T throughZero = onOff<T> ("through-zero", "Through zero", false,
                                  "Holds the sound itself back by 2 ms, so that the sweep overtakes it.");
        T width = inPercent<T> ("width", "Width", { 0, 100 }, 30, "How differently the sides move.");
        T mix = inPercent<T> ("mix", "Mix", { 0, 100 }, 50,
                              "Share of the delayed sound in the output, at equal power.");
    };

    static constexpr double zero = 0.002; ///< seconds

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        for (auto* set : { &lines, &plain })
            for (auto& line : *set)
                line.prepare (static_cast<int> (0.011 * rate) + 4);
        cycle.prepare (rate);
        dip.prepare (rate);
        reset();
    }

    void reset() noexcept
    {
        for (auto* set : { &lines, &plain })
            for (auto& line : *set)
                line.reset();
        cycle.reset();
        dip.reset();
        for (auto* r : { &delay, &depth, &apart })
            r->forget();
        for (auto* r : { &feedback, &wet, &dry })
            r->forget();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames, late = dip.towards (latency (p));
        cycle.begin (io.time, p.note, p.rate);
        // All of it in a glide of 50 ms, not in a leap of pitch.
        const float most = static_cast<float> (64 / (0.05 * rate));
        delay.towards (static_cast<float> (p.delay / 1000 * rate), 0.01f * static_cast<float> (rate) * most,
                       frames);
        depth.towards (0.98f * p.depth / 100, most, frames);
        apart.towards (p.width / 200, most, frames);
        feedback.towards (p.feedback / 100, frames);
        // In phase, both shares add up in amplitude; what feedback adds in power: 1/(1 - f^2).
        const float m = p.mix / 100, f = p.feedback / 100, power = 1 / std::sqrt ((1 - m) * (1 - m) + m * m);
        wet.towards ((isOn (p.invert) ? -m : m) * power * std::sqrt (1 - f * f), frames);
        dry.towards ((1 - m) * power, frames);

        for (std::size_t c = 0; c < io.channels.size(); ++c)
        {
            float* const x = io.channels[c];
            for (int n = 0; n < frames; ++n)
            {
                const float in = dsp::finite (x[n]);
                const double turn = cycle.at (n) + (c == 1 ? static_cast<double> (apart[n]) : 0);
                const double swing = 0.5 - 0.5 * dsp::fastSine (turn);
                // The newest sample is one frame old, hence - 1; the cubic reaches one frame back.
                const double frame =
                    static_cast<double> (delay[n]) * (1 - static_cast<double> (depth[n]) * swing);
                const float tap = lines[c].cubic (std::max (frame - 1, 1.0));
                lines[c].push (in + bounded (feedback[n] * tap));
                plain[c].push (in);
                x[n] = dry[n] * plain[c][late] + wet[n] * tap;
            }
        }
        for (float* const x : io.channels)
            for (int n = 0; n < frames && dip.active(); ++n)
                x[n] *= dip[n];
        dip.advance (frames);
        cycle.end (frames);
    }

    int latency (const Params<float>& p) const noexcept
    {
        return isOn (p.throughZero) ? static_cast<int> (framesIn (Seconds { zero }, rate)) : 0;
    }

    /// Until the feedback has fallen by 120 dB.
    Frames tail (const Params<float>& p) const noexcept
    {
        const double f = std::abs (static_cast<double> (p.feedback)) / 100;
        const double rounds = f > 0 ? 2 + 6 / -std::log10 (f) : 2;
        return latency (p) + framesIn (Seconds { p.delay / 1000.0 * rounds + 0.001 }, rate) + 8;
    }

private:
    /// Straight to half of full scale, then bent to end at 4.
    static float bounded (float x) noexcept
    {
        constexpr float knee = 0.5f, room = 3.5f;
        const float over = std::abs (x) - knee;
        if (over <= 0)
            return x;
        const float u = over / room;
        return std::copysign (knee + room * u / std::sqrt (1 + u * u), x);
    }

    double rate = 48000;
    std::array<dsp::DelayLine<float>, 2> lines, plain;
    Cycle cycle;
    dsp::Glide delay, depth, apart;
    dsp::Ramp feedback, wet, dry;
    dsp::Dip dip; // where the sound itself is held back or not
};

LACQUER_EFFECT (Flanger)

} // namespace lacquer::mix
