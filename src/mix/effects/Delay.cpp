// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/DelayLine.h"
#include "mix/effects/WetDry.h"

#include <algorithm>
#include <cmath>

namespace lacquer::mix
{

/// Echoes. The first one is the input itself, bit for bit, `time` frames later; each further one has passed
/// the low cut, the high cut and a soft clip once more.
struct Delay
{
    static constexpr std::string_view id = "delay", name = "Delay",
                                      help = "Repeats the sound in time with the song.";

    template <typename T>
    struct Params
    {
        T note = oneOf<T> (
            "note", "Note", "Off|1/1|1/2.|1/2|1/2T|1/4.|1/4|1/4T|1/8.|1/8|1/8T|1/16.|1/16|1/16T|1/32", 8,
            "Note value of the time, dotted (.) or triplet (T); with Off the time in ms holds.");
        T time =
            inMilliseconds<T> ("time", "Time", { 1, 4000 }, 375, "Time to the first echo while Note is Off.");
        T feedback = inPercent<T> ("feedback", "Feedback", { 0, 110 }, 35, "Level of each echo to the next.");
        T lowCut =
            inHertz<T> ("low-cut", "Low cut", { 10, 2000 }, 120, "Each echo loses the lows below this.");
        T highCut = inHertz<T> ("high-cut", "High cut", { 500, 20000 }, 6000,
                                "Each echo loses the highs above this.");
        T pingPong = onOff<T> ("ping-pong", "Ping-pong", false, "Echoes go from side to side.");
        T width = inPercent<T> ("width", "Width", { 0, 150 }, 100, "Stereo width of the echoes.");
        T mix = inPercent<T> ("mix", "Mix", { 0, 100 }, 100,
                              "Share of the echoes in the output; 100 on a return.");
    };

    /// Longest delay: a whole note at 30 beats per minute. Longer note values stay at this.
    static constexpr double longest = 8.0;
    static constexpr double crossfade = 0.05; ///< from an old time to a new one, in seconds

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        for (auto& line : lines)
            line.prepare (static_cast<int> (longest * rate) + 1);
        cuts.prepare (rate);
        fade.length = static_cast<int> (crossfade * rate);
        reset();
    }

    void reset() noexcept
    {
        for (auto& line : lines)
            line.reset();
        cuts.reset();
        share.forget();
        for (auto* r : { &feedback, &cross, &side })
            r->forget();
        fade.left = 0;
        fresh = true;
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames;
        settle (p, io.time.bpm, frames);

        if (io.channels.size() == 1)
        {
            float* const x = io.channels[0];
            for (int n = 0; n < frames; ++n)
            {
                const float in = dsp::finite (x[n]), echo = tap (0, n);
                lines[0].push (in + softClip (feedback[n] * cuts (0, echo)));
                x[n] = share.dry[n] * in + share.wet[n] * echo;
            }
        }
        else
        {
            float *const x = io.channels[0], *const y = io.channels[1];
            for (int n = 0; n < frames; ++n)
            {
                const float l = dsp::finite (x[n]), r = dsp::finite (y[n]);
                const float a = tap (0, n), b = tap (1, n), k = cross[n], g = feedback[n];
                const float fa = cuts (0, a), fb = cuts (1, b);

                // Ping-pong: both sides enter left, and each side feeds the other.
                const float inA = l + k * (0.5f * (l + r) - l), inB = r - k * r;
                lines[0].push (inA + softClip (g * (fa + k * (fb - fa))));
                lines[1].push (inB + softClip (g * (fb + k * (fa - fb))));

                // Width as what is added to each side: nothing at 100 %, so the first echo stays exact.
                const float s = (a - b) * side[n];
                x[n] = share.dry[n] * l + share.wet[n] * (a + s);
                y[n] = share.dry[n] * r + share.wet[n] * (b - s);
            }
        }
        fade.advance (frames);
    }

    /// Until the echoes have fallen by 120 dB; -1 when they never do. Note values are counted at 30 beats per
    /// minute, the slowest tempo at which every one of them has its full length.
    Frames tail (const Params<float>& p) const noexcept
    {
        if (p.feedback >= 100)
            return -1;
        const double time = wantedDelay (p, 30) / rate;
        const double echoes = p.feedback > 0 ? 1 + std::ceil (-6 / std::log10 (p.feedback / 100.0)) : 1;
        return framesIn (Seconds { time * echoes + 1.0 }, rate);
    }

private:
    /// Unity and transparent up to -3 dBFS, then a curve with no corner that ends at +3 dBFS: feedback above
    /// 100 % grows to there and no further.
    static float softClip (float x) noexcept
    {
        constexpr float knee = 0.70794578f, room = 1.41253754f - knee;
        const float over = std::abs (x) - knee;
        if (over <= 0)
            return x;
        const float u = over / room;
        return std::copysign (knee + room * u / std::sqrt (1 + u * u), x);
    }

    float tap (int c, int n) const noexcept
    {
        const auto& line = lines[c]; // the newest sample is one frame old, hence - 1
        if (! fade.active())
            return line[delay - 1];
        const float old = line[delayBefore - 1];
        return old + (line[delay - 1] - old) * fade.share (n);
    }

    /// Frames of the wanted time, to the nearest.
    int wantedDelay (const Params<float>& p, double bpm) const noexcept
    {
        // Quarter notes of each entry of the menu.
        static constexpr double beats[] { 0,    4,   3,       2,     4.0 / 3, 1.5,     1,    2.0 / 3,
                                          0.75, 0.5, 1.0 / 3, 0.375, 0.25,    1.0 / 6, 0.125 };
        const auto note = static_cast<std::size_t> (std::lround (p.note));
        const double seconds = note == 0 ? p.time / 1000.0 : 60.0 / bpm * beats[note];
        return static_cast<int> (std::clamp<Frames> (framesIn (Seconds { seconds }, rate), 1,
                                                     framesIn (Seconds { longest }, rate)));
    }

    /// Targets of this block.
    void settle (const Params<float>& p, double bpm, int frames) noexcept
    {
        const int wanted = wantedDelay (p, bpm);
        if (fresh)
            delay = wanted;
        else if (wanted != delay && ! fade.active())
        {
            delayBefore = delay;
            delay = wanted;
            fade.start();
        }
        feedback.towards (p.feedback / 100, frames);
        cross.towards (isOn (p.pingPong) ? 1.0f : 0.0f, frames);
        side.towards (0.5f * (p.width / 100 - 1), frames);
        share.towards (p.mix, frames);
        cuts.towards (p.lowCut, p.highCut, frames);
        fresh = false;
    }

    double rate = 48000;
    dsp::DelayLine<float> lines[2];
    Cuts cuts;
    WetDry share;
    dsp::Crossfade fade;
    int delay = 1, delayBefore = 1;
    dsp::Ramp feedback, cross, side;
    bool fresh = true;
};

LACQUER_EFFECT (Delay)

} // namespace lacquer::mix
