// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/FastMath.h"
#include "engine/Effect.h"
#include "mix/effects/Key.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace lacquer::mix
{

/// Lifts or lowers the beginning and the end of every note by comparing envelopes of one follower, as the
/// differential envelope technique of the SPL Transient Designer does: no threshold, the same at any level.
/// Where the envelope is above one that rises slowly a note begins; where it is below one that falls slowly
/// it ends. Both sides move as one.
struct TransientShaper
{
    static constexpr std::string_view id = "transient-shaper", name = "Transient shaper",
                                      help = "Sharpens or softens how notes begin and how long they ring.";
    static constexpr bool keyed = true;

    template <typename T>
    struct Params
    {
        T attack = inDecibels<T> ("attack", "Attack", { -15, 15 }, 6, "Level of the beginning of each note.");
        T sustain = inDecibels<T> ("sustain", "Sustain", { -15, 15 }, 0, "Level of what rings after it.");
        T attackTime = inMilliseconds<T> ("attack-time", "Attack length", { 2, 100 }, 20,
                                          "How long the beginning lasts.");
        T sustainTime = inMilliseconds<T> ("sustain-time", "Sustain length", { 50, 2000 }, 300,
                                           "How long what rings is held up or pressed down.");
        T output = inDecibels<T> ("output", "Output", { -24, 12 }, 0, "Level of the shaped sound.");
        T mix = inPercent<T> ("mix", "Mix", { 0, 100 }, 100, "Share of the shaped sound in the output.");
        T keyFilter = onOff<T> ("key.filter", "Key filter", false, "Filters what the shaper listens to.");
        T keyLowCut = inHertz<T> ("key.low-cut", "Key low cut", { 20, 4000 }, 100,
                                  "The shaper does not hear what lies below.");
        T keyHighCut = inHertz<T> ("key.high-cut", "Key high cut", { 100, 20000 }, 20000,
                                   "The shaper does not hear what lies above.");
        T keyListen = onOff<T> ("key.listen", "Key listen", false, "Plays what the shaper listens to.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        key.prepare (rate);
        fall = std::exp (-1 / (0.030 * rate));
        hold = static_cast<int> (0.015 * rate);
        smooth = 1 - std::exp (-1 / (0.001 * rate));
        quick = 1 - std::exp (-1 / (0.0001 * rate));
        reset();
    }

    void reset() noexcept
    {
        key.reset();
        level = risen = lasting = begun = rung = 0;
        left = 0;
        for (auto* r : { &attack, &sustain, &output, &mix })
            r->forget();
        attackTime = sustainTime = 0;
        shown.store (0, std::memory_order_relaxed);
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames, channels = static_cast<int> (io.channels.size());
        attack.towards (p.attack * octaves, frames);
        sustain.towards (p.sustain * octaves, frames);
        output.towards (p.output * octaves, frames);
        mix.towards (p.mix / 100, frames);
        if (p.attackTime != attackTime || p.sustainTime != sustainTime)
        {
            attackTime = p.attackTime;
            sustainTime = p.sustainTime;
            rise = 1 - std::exp (-1000 / (attackTime * rate));
            ebb = std::exp (-1000 / (sustainTime * rate));
        }
        key.listen (isOn (p.keyListen), frames);

        dsp::dynamics::Sound sound, room;
        const std::array<const float*, 2> ins { io.channels.front(), io.channels.back() };
        Key::copy (ins, frames, sound);
        for (auto& row : sound.value)
            dsp::makeFinite (row, frames);
        const auto& heard = key.take (io, sound, room, isOn (p.keyFilter), p.keyLowCut, p.keyHighCut, false);
        float gains[engine::quantum];
        const float most = shape (heard, gains, frames);
        for (int c = 0; c < channels; ++c)
        {
            float* const out = io.channels[static_cast<std::size_t> (c)];
            for (int n = 0; n < frames; ++n)
            {
                const float x = sound.value[c][n];
                out[n] = x + mix[n] * (gains[n] * x - x);
            }
            for (int n = 0; n < frames && key.isHeard(); ++n)
                out[n] += key.heard (n) * (dsp::finite (heard.value[c][n]) - out[n]);
        }
        shown.store (most / octaves, std::memory_order_relaxed);
    }

    Frames tail (const Params<float>& p) const noexcept
    {
        const bool rings = isOn (p.keyListen) && isOn (p.keyFilter);
        return rings ? framesIn (Seconds { Key::ringing (p.keyLowCut) }, rate) : 0;
    }

    /// Until the slowest envelope is 300 dB down.
    Frames rest (const Params<float>& p) const noexcept
    {
        return tail (p) + framesIn (Seconds { 35 * p.sustainTime / 1000.0 }, rate);
    }

    /// Largest reduction of the last block, in dB. [any thread]
    float reduction() const noexcept { return shown.load (std::memory_order_relaxed); }

private:
    static constexpr auto octaves = static_cast<float> (dsp::octavesPerDb);
    static constexpr double nothing = 1e-9; // -180 dB: below, there is neither beginning nor end

    /// level: the peak, held for 15 ms (half a cycle of 33 Hz, so that a lasting tone is at rest), falling
    /// with 30 ms. risen: rises to it with the attack length. lasting: falls with the sustain length.
    float shape (const dsp::dynamics::Sound& heard, float* gains, int frames) noexcept
    {
        float beginning[engine::quantum], ending[engine::quantum];
        for (int n = 0; n < frames; ++n)
        {
            const float loudest = std::max (std::abs (heard.value[0][n]), std::abs (heard.value[1][n]));
            const double x = static_cast<double> (dsp::finite (loudest));
            if (x >= level)
            {
                level = x;
                left = hold;
            }
            else if (x > 0.98 * level) // the next peak of a tone, sampled a little beside its top
                left = hold;
            else if (left > 0)
                --left;
            else
                level = std::max (x, level * fall);
            risen = level > risen ? risen + rise * (level - risen) : level;
            lasting = std::max (level, lasting * ebb);
            const bool sounds = level > nothing;
            beginning[n] = sounds ? static_cast<float> (1 - risen / level) : 0.0f;
            ending[n] = sounds ? static_cast<float> (1 - level / lasting) : 0.0f;
        }
        float least = 0;
        for (int n = 0; n < frames; ++n)
        {
            const auto early = static_cast<double> (attack[n] * beginning[n]),
                       late = static_cast<double> (sustain[n] * ending[n]);
            begun += smooth * (early - begun);
            // The gain of what rang must not last into the next beginning.
            rung += (std::abs (late) < std::abs (rung) ? quick : smooth) * (late - rung);
            const auto g = static_cast<float> (begun + rung);
            least = std::min (least, g);
            gains[n] = dsp::fastExp2 (g + output[n]);
        }
        return 0.0f - least;
    }

    double rate = 48000;
    Key key;
    double level = 0, risen = 0, lasting = 0;
    double begun = 0, rung = 0; // gains in log2
    int left = 0, hold = 0;
    double fall = 1, smooth = 1, quick = 1, rise = 1, ebb = 1;
    float attackTime = 0, sustainTime = 0;
    dsp::Ramp attack, sustain, output, mix;
    std::atomic<float> shown { 0 };
};

LACQUER_EFFECT (TransientShaper)

} // namespace lacquer::mix
