// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Crossover.h"
#include "dsp/FadedDelay.h"
#include "dsp/FastMath.h"
#include "engine/Effect.h"
#include "mix/effects/Key.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>

namespace lacquer::mix
{

/// Reduces where the highs are a large share of the whole, whatever the level: the mean squares above a
/// corner and of all are compared. Split turns down a high shelf with fixed poles and gain-dependent zeros
/// (g s^2 + sqrt (2 g) s + 1)/(s^2 + sqrt (2) s + 1), which at rest is the identity, to the bit.
struct DeEsser
{
    static constexpr std::string_view id = "de-esser", name = "De-esser",
                                      help = "Tames the s and t of a voice, whatever its level.";
    static constexpr bool keyed = true;

    template <typename T>
    struct Params
    {
        T mode = oneOf<T> ("mode", "Mode", "Split|Wide", 0,
                           "Whether the highs or the whole sound is turned down.");
        T frequency = inHertz<T> ("frequency", "Frequency", { 2000, 12000 }, 5500,
                                  "Where the highs begin that count as sibilance.");
        T threshold = inDecibels<T> ("threshold", "Threshold", { -30, 0 }, -14,
                                     "Level of the highs within the whole above which they are reduced.");
        T range =
            inDecibels<T> ("range", "Range", { 0, 24 }, 12, "How far they are turned down at the most.");
        T attack = inMilliseconds<T> ("attack", "Attack", { 0.1f, 20 }, 0.5f,
                                      "Time in which 63% of a reduction arrives.");
        T release = inMilliseconds<T> ("release", "Release", { 5, 500 }, 40,
                                       "Time in which 63% of a reduction goes away.");
        T lookahead =
            inMilliseconds<T> ("lookahead", "Lookahead", { 0, 10 }, 0,
                               "How far the reduction comes before the sound; it delays the sound.");
        T listen = onOff<T> ("key.listen", "Listen", false, "Plays the highs that the de-esser listens to.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        key.prepare (rate);
        delay.prepare (static_cast<int> (0.010 * rate) + 1, static_cast<int> (0.01 * rate));
        average = 1 - std::exp (-1 / (averaging * rate));
        reset();
    }

    void reset() noexcept
    {
        key.reset();
        delay.reset();
        for (int c = 0; c < 2; ++c)
            first[c] = second[c] = shelf[c] = {};
        all = highs = taken = 0;
        pole.forget();
        shelfPole.forget();
        for (auto* r : { &wide, &threshold, &range })
            r->forget();
        shown.store (0, std::memory_order_relaxed);
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames, channels = static_cast<int> (io.channels.size());
        pole.towards (p.frequency, rate, frames);
        shelfPole.towards (static_cast<double> (p.frequency) / std::numbers::sqrt2, rate,
                           frames); // half down where the highs begin
        threshold.towards (p.threshold * octaves, frames);
        range.towards (p.range * octaves, frames);
        wide.towards (p.mode >= 0.5f ? 1.0f : 0.0f, frames);
        if (p.attack != attackTime || p.release != releaseTime)
        {
            attackTime = p.attack;
            releaseTime = p.release;
            attack = 1 - std::exp (-1000 / (p.attack * rate));
            release = 1 - std::exp (-1000 / (p.release * rate));
        }
        key.listen (isOn (p.listen), frames);

        dsp::dynamics::Sound sound, room;
        const std::array<const float*, 2> ins { io.channels.front(), io.channels.back() };
        Key::copy (ins, frames, sound);
        for (auto& row : sound.value)
            dsp::makeFinite (row, frames);
        auto& heard = key.take (io, sound, room, false, 0, 0, true);
        for (auto& row : heard.value)
            dsp::makeFinite (row, frames);
        float gains[engine::quantum];
        const float most = detect (heard, gains, frames);

        float* const rows[] { sound.value[0], sound.value[1] };
        delay.process (rows, channels, frames, latency (p));
        for (int c = 0; c < channels; ++c)
        {
            float* const out = io.channels[static_cast<std::size_t> (c)];
            turnDown (shelf[c], rows[c], gains, out, frames);
            for (int n = 0; n < frames && key.isHeard(); ++n)
                out[n] += key.heard (n) * (heard.value[c][n] - out[n]);
        }
        shown.store (most / octaves, std::memory_order_relaxed);
    }

    int latency (const Params<float>& p) const noexcept
    {
        return static_cast<int> (framesIn (Seconds { p.lookahead / 1000.0 }, rate));
    }
    /// The delay, and the ringing of three Butterworth sections.
    Frames tail (const Params<float>& p) const noexcept
    {
        return latency (p) + framesIn (Seconds { 4 * 13.8 / (4.4 * p.frequency) }, rate);
    }
    Frames rest (const Params<float>& p) const noexcept
    {
        return tail (p) + framesIn (Seconds { 14 * p.release / 1000.0 + 30 * averaging }, rate);
    }

    /// Largest reduction of the last block, in dB. [any thread]
    float reduction() const noexcept { return shown.load (std::memory_order_relaxed); }

private:
    static constexpr auto octaves = static_cast<float> (dsp::octavesPerDb);
    static constexpr double averaging = 0.003; // s; a cycle of a low voice must not look like an s
    static constexpr double floor = 1e-7;      // -70 dB: what is softer is no sibilance
    static constexpr float knee = 6 * octaves;

    /// From the highs' share of the power to the gain of every frame; the key becomes its highs. Gives the
    /// largest reduction.
    float detect (dsp::dynamics::Sound& heard, float* gains, int frames) noexcept
    {
        float shares[engine::quantum];
        for (int n = 0; n < frames; ++n)
        {
            const auto a = pole.at (n);
            double whole = 0, part = 0;
            for (int c = 0; c < 2; ++c)
            {
                const double x = static_cast<double> (heard.value[c][n]);
                const double h = second[c].highOf (first[c].highOf (x, a), a);
                heard.value[c][n] = static_cast<float> (h);
                whole += x * x;
                part += h * h;
            }
            all += average * (whole - all);
            highs += average * (part - highs);
            shares[n] = static_cast<float> (highs / (all + floor));
        }
        float most = 0;
        for (int n = 0; n < frames; ++n)
        {
            const float over = 0.5f * dsp::fastLog2 (std::max (shares[n], 1e-9f)) - threshold[n];
            const float u = std::max (0.0f, over + knee / 2), t = std::min (u, knee);
            const double wanted = static_cast<double> (std::min (range[n], t * t / (2 * knee) + u - t));
            taken += (wanted > taken ? attack : release) * (wanted - taken);
            const auto r = static_cast<float> (taken);
            most = std::max (most, r);
            gains[n] = dsp::fastExp2 (-r);
        }
        return most;
    }

    void turnDown (dsp::ButterworthSection& filter, const float* in, const float* gains, float* out,
                   int frames) noexcept
    {
        for (int n = 0; n < frames; ++n)
        {
            const double x = static_cast<double> (in[n]), g = static_cast<double> (gains[n]);
            const auto [low, band] = filter (x, shelfPole.at (n));
            const double split = g * x + (std::sqrt (g) - g) * dsp::ButterworthPole::k * band + (1 - g) * low;
            const double w = static_cast<double> (wide[n]);
            out[n] = static_cast<float> (split + w * (g * x - split));
        }
    }

    double rate = 48000, average = 1;
    Key key;
    dsp::FadedDelay delay;
    dsp::ButterworthPole pole, shelfPole;                  // of the detector, of the sound
    dsp::ButterworthSection first[2], second[2], shelf[2]; // two of the detector, one of the sound
    double all = 0, highs = 0;                             // mean squares
    double taken = 0;                                      // reduction in log2 of the gain
    dsp::Ramp wide, threshold, range;
    float attackTime = 0, releaseTime = 0;
    double attack = 1, release = 1;
    std::atomic<float> shown { 0 };
};

LACQUER_EFFECT (DeEsser)

} // namespace lacquer::mix
