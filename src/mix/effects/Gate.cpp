// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/FadedDelay.h"
#include "dsp/FastMath.h"
#include "engine/Effect.h"
#include "mix/effects/Key.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

namespace lacquer::mix
{

/// A gate with hysteresis and hold, a downward expander (the knee of Giannoulis, Massberg, Reiss, JAES 60(6),
/// 2012, mirrored), or a ducker: a gate that closes on its key. Both sides move as one, by the louder one.
struct Gate
{
    static constexpr std::string_view id = "gate", name = "Gate",
                                      help = "Turns the sound down where it, or its sidechain, is quiet.";
    static constexpr bool keyed = true;

    template <typename T>
    struct Params
    {
        T mode = oneOf<T> ("mode", "Mode", "Gate|Expander|Duck", 0,
                           "A gate closes, an expander turns quiet parts down by degrees, a ducker closes on "
                           "what is loud.");
        T threshold = inDecibels<T> ("threshold", "Threshold", { -80, 0 }, -40,
                                     "Level at which the gate opens or the expander sets in.");
        T hysteresis = inDecibels<T> ("hysteresis", "Hysteresis", { 0, 24 }, 4,
                                      "How far the level falls below the threshold before the gate closes.");
        T ratio = asRatio<T> ("ratio", "Ratio", { 1, 20 }, 2,
                              "How many dB an expander's output falls for 1 dB of its input.");
        T knee = inDecibels<T> ("knee", "Knee", { 0, 24 }, 6,
                                "Range around the threshold in which an expander's ratio sets in.");
        T range =
            inDecibels<T> ("range", "Range", { 0, 90 }, 60, "How far the sound is turned down at the most.");
        T attack =
            inMilliseconds<T> ("attack", "Attack", { 0.05f, 200 }, 0.5f, "Time in which the gate opens.");
        T hold = inMilliseconds<T> ("hold", "Hold", { 0, 2000 }, 40,
                                    "How long the gate stays open after the sound has fallen.");
        T release = inMilliseconds<T> ("release", "Release", { 5, 4000 }, 150,
                                       "Time in which the gate closes by the whole range.");
        T lookahead = inMilliseconds<T> ("lookahead", "Lookahead", { 0, 10 }, 0,
                                         "How far the gate opens before the sound; it delays the sound.");
        T keyFilter = onOff<T> ("key.filter", "Key filter", false, "Filters what the gate listens to.");
        T keyLowCut = inHertz<T> ("key.low-cut", "Key low cut", { 20, 4000 }, 80,
                                  "The gate does not hear what lies below.");
        T keyHighCut = inHertz<T> ("key.high-cut", "Key high cut", { 100, 20000 }, 8000,
                                   "The gate does not hear what lies above.");
        T keyListen = onOff<T> ("key.listen", "Key listen", false, "Plays what the gate listens to.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        key.prepare (rate);
        delay.prepare (static_cast<int> (0.010 * rate) + 1, static_cast<int> (0.01 * rate));
        fall = std::exp (-1 / (peakFall * rate));
        reset();
    }

    void reset() noexcept
    {
        key.reset();
        delay.reset();
        floor.forget();
        peak = 0;
        left = 0;
        fresh = true;
        shown.store (0, std::memory_order_relaxed);
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames, channels = static_cast<int> (io.channels.size());
        follow (p);
        floor.towards (wantedFloor, frames);
        key.listen (isOn (p.keyListen), frames);

        dsp::dynamics::Sound sound, room;
        const std::array<const float*, 2> ins { io.channels.front(), io.channels.back() };
        Key::copy (ins, frames, sound);
        for (auto& row : sound.value)
            dsp::makeFinite (row, frames);
        const auto& heard = key.take (io, sound, room, isOn (p.keyFilter), p.keyLowCut, p.keyHighCut, false);
        float gains[engine::quantum];
        move (heard, gains, frames);
        dsp::dynamics::Sound played;
        if (key.isHeard())
            played = heard;

        float* const rows[] { sound.value[0], sound.value[1] };
        delay.process (rows, channels, frames,
                       static_cast<int> (framesIn (Seconds { p.lookahead / 1000.0 }, rate)));
        for (int c = 0; c < channels; ++c)
        {
            float* const out = io.channels[static_cast<std::size_t> (c)];
            for (int n = 0; n < frames; ++n)
                out[n] = rows[c][n] * gains[n];
            for (int n = 0; n < frames && key.isHeard(); ++n)
                out[n] += key.heard (n) * (dsp::finite (played.value[c][n]) - out[n]);
        }
        shown.store (*std::min_element (gains, gains + frames), std::memory_order_relaxed);
    }

    int latency (const Params<float>& p) const noexcept
    {
        return static_cast<int> (framesIn (Seconds { p.lookahead / 1000.0 }, rate));
    }

    Frames tail (const Params<float>& p) const noexcept
    {
        const bool rings = isOn (p.keyListen) && isOn (p.keyFilter);
        return latency (p) + (rings ? framesIn (Seconds { Key::ringing (p.keyLowCut) }, rate) : 0);
    }

    /// Until it is closed, or a ducker open, and the detector below -150 dB.
    Frames rest (const Params<float>& p) const noexcept
    {
        const double moving = (p.attack + p.hold + p.release) / 1000.0;
        return tail (p) + framesIn (Seconds { moving + 20 * peakFall + Key::ringing (p.keyLowCut) }, rate);
    }

    /// Largest reduction of the last block, in dB. [any thread]
    float reduction() const noexcept
    {
        return static_cast<float> (
            std::max (0.0, -decibelsOf (static_cast<double> (shown.load (std::memory_order_relaxed))).value));
    }

private:
    enum class Mode
    {
        gate,
        expander,
        duck
    };

    // Half of a 20 Hz cycle is 25 ms: between its peaks the detector falls by 5.4 dB, and by 2.2 dB at 50 Hz.
    static constexpr double peakFall = 0.04;

    void follow (const Params<float>& p) noexcept
    {
        if (! fresh && std::memcmp (&p, &told, sizeof p) == 0)
            return;
        mode = static_cast<Mode> (std::clamp (std::lround (p.mode), 0L, 2L));
        wantedFloor = static_cast<float> (gainOf (Decibels { -p.range }));
        opensAt = std::pow (10, p.threshold / 20.0);
        closesAt = std::pow (10, (p.threshold - p.hysteresis) / 20.0);
        slope = p.ratio - 1;
        threshold = p.threshold * octaves;
        knee = std::max (p.knee, 0.01f) * octaves;
        range = p.range * octaves;
        hold = static_cast<int> (framesIn (Seconds { p.hold / 1000.0 }, rate));
        const bool ducks = mode == Mode::duck;
        const double lowest = static_cast<double> (wantedFloor);
        step = (1 - lowest) / std::max (1.0, p.attack / 1000.0 * rate);
        factor = std::exp2 (-static_cast<double> (range) / std::max (1.0, p.release / 1000.0 * rate));
        if (fresh)
            gain = ducks ? 1 : lowest;
        told = p;
        fresh = false;
    }

    /// The gain of every frame. An attack moves it in a straight line, a release by equal numbers of dB, both
    /// in the time told; a ducker's attack closes and its release opens.
    void move (const dsp::dynamics::Sound& heard, float* gains, int frames) noexcept
    {
        float target[engine::quantum];
        double top = peak;
        for (int n = 0; n < frames; ++n)
        {
            const float loudest = std::max (std::abs (heard.value[0][n]), std::abs (heard.value[1][n]));
            top = std::max (static_cast<double> (dsp::finite (loudest)), top * fall);
            target[n] = static_cast<float> (top);
        }
        peak = top;
        if (mode == Mode::expander)
            for (int n = 0; n < frames; ++n)
            {
                const float below = threshold - dsp::fastLog2 (std::max (target[n], 1e-9f));
                const float u = std::max (0.0f, below + knee / 2), t = std::min (u, knee);
                target[n] = dsp::fastExp2 (-std::min (range, slope * (t * t / (2 * knee) + u - t)));
            }
        double g = gain;
        for (int n = 0; n < frames; ++n)
        {
            const double lowest = static_cast<double> (floor[n]);
            double wanted = static_cast<double> (target[n]);
            bool waits = false;
            if (mode == Mode::expander)
            {
                if (wanted >= g)
                    left = hold;
                else if (left > 0)
                {
                    --left;
                    waits = true;
                }
            }
            else
            {
                // Open, or for a ducker closed, while left counts; the frame that closes has none.
                if (wanted >= (left > 0 ? closesAt : opensAt))
                    left = hold + 1;
                else if (left > 0)
                    --left;
                wanted = (left > 0) == (mode == Mode::gate) ? 1 : lowest;
            }
            const bool ducks = mode == Mode::duck;
            if (wanted > g)
                g = std::min (wanted, ducks ? g / factor : g + step);
            else if (! waits)
                g = std::max ({ wanted, lowest, ducks ? g - step : g * factor });
            gains[n] = static_cast<float> (g);
        }
        gain = g;
    }

    static constexpr auto octaves = static_cast<float> (dsp::octavesPerDb);

    double rate = 48000, fall = 1;
    Key key;
    dsp::FadedDelay delay;
    dsp::Ramp floor;
    double peak = 0, gain = 0;
    int left = 0, hold = 0; // frames until it may close

    Params<float> told;
    bool fresh = true;
    Mode mode = Mode::gate;
    float wantedFloor = 0, slope = 0, threshold = 0, knee = 1, range = 0; // the last four in log2
    double opensAt = 1, closesAt = 1, step = 1, factor = 1;
    std::atomic<float> shown { 1 };
};

LACQUER_EFFECT (Gate)

} // namespace lacquer::mix
