// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/FastMath.h"
#include "dsp/kernels/Dynamics.h"
#include "engine/Effect.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace lacquer::mix
{

/// Feed-forward with quadratic knee and branching ballistics on the gain reduction in dB (Giannoulis,
/// Massberg, Reiss, JAES 60(6), 2012). Listens to the sidechain where one is connected, else to what it
/// works on.
struct Compressor
{
    static constexpr std::string_view id = "compressor", name = "Compressor", help = "Evens out the level.";

    template <typename T>
    struct Params
    {
        T threshold = inDecibels<T> ("threshold", "Threshold", { -60, 0 }, -20,
                                     "Level above which the sound is reduced.");
        T ratio =
            asRatio<T> ("ratio", "Ratio", { 1, 20 }, 4, "Rise of the input for 1 dB more of the output.");
        T knee = inDecibels<T> ("knee", "Knee", { 0, 24 }, 6,
                                "Range around the threshold in which the ratio sets in.");
        T attack = inMilliseconds<T> ("attack", "Attack", { 0.1f, 200 }, 10,
                                      "Time in which 63% of a reduction arrives.");
        T release = inMilliseconds<T> ("release", "Release", { 10, 2000 }, 120,
                                       "Time in which 63% of a reduction goes away.");
        T makeup =
            inDecibels<T> ("makeup", "Makeup", { -12, 24 }, 0, "Level of the sound after the reduction.");
        T link = inPercent<T> ("link", "Stereo link", { 0, 100 }, 100,
                               "How much the louder side reduces the other one too.");
        T mix = inPercent<T> ("mix", "Mix", { 0, 100 }, 100,
                              "Share of the compressed sound; the rest is the dry one.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        reset();
    }

    void reset() noexcept
    {
        envelope = {};
        attack = release = 0;
        fresh = true;
        shown.store (0, std::memory_order_relaxed);
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        namespace dynamics = dsp::dynamics;
        const int frames = io.frames;
        const Settings next = settingsOf (p);
        if (fresh)
            now = next;
        const auto line = [&] (float Settings::*value)
        {
            const float from = now.*value, to = next.*value;
            return from == to ? dynamics::Line { to, 0 }
                              : dynamics::Line { from, (to - from) / static_cast<float> (frames) };
        };
        if (p.attack != attack || p.release != release)
        {
            envelope.attack = std::exp (-1000 / (p.attack * rate));
            envelope.release = std::exp (-1000 / (p.release * rate));
            attack = p.attack;
            release = p.release;
        }

        const auto taken = [&] (std::span<const float* const> from, dynamics::Sound& to)
        {
            for (std::size_t c = 0; c < 2; ++c)
            {
                std::copy_n (from[std::min (c, from.size() - 1)], frames, to.value[c]);
                std::fill (to.value[c] + frames, std::end (to.value[c]), 0.0f);
            }
        };
        dynamics::Sound sound, key;
        dynamics::Levels levels;
        const std::array<const float*, 2> channels { io.channels.front(), io.channels.back() };
        taken (channels, sound);
        const bool keyed = ! io.sidechain.empty();
        if (keyed)
            taken (io.sidechain, key);
        dynamics::wanted (keyed ? key : sound,
                          { line (&Settings::offset), line (&Settings::knee), line (&Settings::slope),
                            line (&Settings::bend) },
                          line (&Settings::link), frames, levels);
        envelope.follow (frames, levels);
        const float most = dynamics::apply (levels, line (&Settings::makeup), line (&Settings::mix),
                                            static_cast<int> (io.channels.size()), frames, sound);
        for (std::size_t c = 0; c < io.channels.size(); ++c)
            std::copy_n (sound.value[c], frames, io.channels[c]);
        shown.store (most / static_cast<float> (dsp::octavesPerDb), std::memory_order_relaxed);
        now = next;
        fresh = false;
    }

    /// Until a new sound does not meet the gain of the last one any more: 60 dB are down to 1e-5.
    Frames rest (const Params<float>& p) const noexcept
    {
        return framesIn (Seconds { 14 * p.release / 1000.0 }, rate);
    }

    /// Largest reduction of the last block, in dB. [any thread]
    float reduction() const noexcept { return shown.load (std::memory_order_relaxed); }

private:
    /// What moves in a straight line over a block, in log2 of the gain.
    struct Settings
    {
        float offset = 0, knee = 0, slope = 0, bend = 0, link = 0, makeup = 0, mix = 0;
    };

    static Settings settingsOf (const Params<float>& p) noexcept
    {
        constexpr auto octaves = static_cast<float> (dsp::octavesPerDb);
        const float knee = std::max (p.knee, 0.01f) * octaves; // a corner is a knee too narrow to see
        const float slope = 1 - 1 / p.ratio;
        return { knee / 2 - p.threshold * octaves,
                 knee,
                 slope,
                 slope / (2 * knee),
                 p.link / 100,
                 p.makeup * octaves,
                 p.mix / 100 };
    }

    double rate = 48000;
    dsp::dynamics::Envelope envelope;
    float attack = 0, release = 0;
    Settings now;
    bool fresh = true;
    std::atomic<float> shown { 0 };
};

LACQUER_EFFECT (Compressor)

} // namespace lacquer::mix
