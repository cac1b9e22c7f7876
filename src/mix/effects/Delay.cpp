// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Glide.h"
#include "dsp/LineBank.h"
#include "mix/effects/WetDry.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lacquer::mix
{

/// Echoes. The first one is the input itself, bit for bit, `time` frames later; each further one has passed
/// the low cut, the high cut and a soft clip once more. Worked on in pieces no longer than the delay, so that
/// no frame of a piece waits for another.
struct Delay
{
    static constexpr std::string_view id = "delay", name = "Delay",
                                      help = "Repeats the sound in time with the song.";
    static constexpr bool keyed = true;

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
        T drive = inDecibels<T> ("drive", "Drive", { 0, 24 }, 0,
                                 "Saturation that each echo meets once more than the one before.");
        T depth = inPercent<T> ("depth", "Depth", { 0, 100 }, 0, "How far the time wanders, up to 6 ms.");
        T speed = inHertz<T> ("speed", "Speed", { 0.05f, 10 }, 0.5f, "How fast the time wanders.");
        T duck = inDecibels<T> (
            "duck", "Duck", { 0, 36 }, 0,
            "How far the echoes step back while the sound itself, or the sidechain, is there.");
        T duckThreshold = inDecibels<T> ("duck-threshold", "Duck threshold", { -60, 0 }, -30,
                                         "Level of the sound from which the echoes step back.");
        T duckRelease = inMilliseconds<T> ("duck-release", "Duck release", { 20, 2000 }, 250,
                                           "Time in which the echoes come back.");
        T freeze = onOff<T> ("freeze", "Freeze", false,
                             "Keeps what is in the delay going round as it is and lets nothing in.");
        T level = inDecibels<T> ("level", "Level", { -24, 12 }, 0, "Level of the echoes.");
    };

    /// Longest delay: a whole note at 30 beats per minute. Longer note values stay at this.
    static constexpr double longest = 8.0;
    static constexpr double crossfade = 0.05; ///< from an old time to a new one, in seconds

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        const int room = static_cast<int> ((longest + wander) * rate) + 2;
        lines.prepare (std::array { room, room }, static_cast<int> (wander * rate) + 8);
        cuts.prepare (rate);
        fade.length = static_cast<int> (crossfade * rate);
        reset();
    }

    void reset() noexcept
    {
        lines.clear();
        cuts.reset();
        share.forget();
        for (auto* r : { &feedback, &cross, &side, &drive, &duck, &frozen, &level })
            r->forget();
        depth.forget();
        fade.left = 0;
        phase = 0;
        loudness = presence = 0;
        fresh = true;
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        settle (p, io.time, io.frames);
        for (int from = 0; from < io.frames;)
        {
            const int nearest = fade.active() ? std::min (delay, delayBefore) : delay;
            const int frames = std::min (io.frames - from, nearest);
            piece (io, p, from, frames);
            from += frames;
        }
    }

    /// Until the echoes have fallen by 120 dB; -1 when they never do. Note values are counted at 30 beats per
    /// minute, the slowest tempo at which every one of them has its full length.
    Frames tail (const Params<float>& p) const noexcept
    {
        if (p.feedback >= 100 || isOn (p.freeze))
            return -1;
        const double time = wantedDelay (p, 30) / rate;
        const double echoes = p.feedback > 0 ? 1 + std::ceil (-6 / std::log10 (p.feedback / 100.0)) : 1;
        return framesIn (Seconds { (time + 2 * wander) * echoes + 1.0 }, rate);
    }

private:
    static constexpr double wander = 0.006; // seconds that the time may grow by

    /// Unity and transparent up to -3 dBFS, then a curve with no corner that ends at +3 dBFS: feedback above
    /// 100 % grows to there and no further.
    static float softClip (float x) noexcept
    {
        constexpr float knee = 0.70794578f, room = 1.41253754f - knee;
        const float size = std::abs (x), u = std::max (size - knee, 0.0f) / room;
        return std::copysign (std::min (size, knee) + room * u / std::sqrt (1 + u * u), x);
    }

    /// Frames [from, from + frames) of the block: none of them is heard again within the piece.
    void piece (const engine::Block& io, const Params<float>& p, int from, int frames) noexcept
    {
        const int sides = static_cast<int> (io.channels.size());
        float* rows[2] { filtered[0], filtered[1] };
        for (int c = 0; c < sides; ++c)
        {
            float* const in = sound[c];
            std::copy_n (io.channels[static_cast<std::size_t> (c)] + from, frames, in);
            dsp::makeFinite (in, frames);
            read (static_cast<std::size_t> (c), from, frames, echo[c]);
            std::copy_n (echo[c], frames, filtered[c]);
        }
        phase += static_cast<std::uint32_t> (frames) * phaseStep;
        fade.advance (frames);
        cuts.process (rows, sides, frames);
        stepBack (io, p, from, frames);

        if (sides == 1)
        {
            float* const to = lines.coming (0);
            float* const x = io.channels[0] + from;
            for (int n = 0; n < frames; ++n)
                to[n] = kept (sound[0][n], filtered[0][n], echo[0][n], from + n);
            for (int n = 0; n < frames; ++n)
                x[n] = share.dry[from + n] * sound[0][n] + share.wet[from + n] * (echo[0][n] * back[n]);
        }
        else
        {
            float *const toA = lines.coming (0), *const toB = lines.coming (1);
            for (int n = 0; n < frames; ++n)
            {
                // Ping-pong: both sides enter left, and each side feeds the other.
                const float l = sound[0][n], r = sound[1][n], k = cross[from + n];
                const float fa = filtered[0][n], fb = filtered[1][n];
                toA[n] = kept (l + k * (0.5f * (l + r) - l), fa + k * (fb - fa), echo[0][n], from + n);
                toB[n] = kept (r - k * r, fb + k * (fa - fb), echo[1][n], from + n);
            }
            float *const x = io.channels[0] + from, *const y = io.channels[1] + from;
            for (int n = 0; n < frames; ++n)
            {
                // Width as what is added to each side: nothing at 100 %, so the first echo stays exact.
                const float a = echo[0][n], b = echo[1][n], s = (a - b) * side[from + n];
                x[n] = share.dry[from + n] * sound[0][n] + share.wet[from + n] * ((a + s) * back[n]);
                y[n] = share.dry[from + n] * sound[1][n] + share.wet[from + n] * ((b - s) * back[n]);
            }
        }
        lines.wrote (frames);
    }

    /// What the line takes up at frame n of the block.
    float kept (float in, float echoed, float raw, int n) const noexcept
    {
        const float d = drive[n], z = frozen[n];
        const float fed = in + softClip (d * (feedback[n] * echoed)) * (1 / d);
        return (1 - z) * fed + z * raw;
    }

    void read (std::size_t line, int from, int frames, float* to) const noexcept
    {
        const auto at = [&] (int frame, float* out)
        {
            if (! depth.moves() && depth.target() == 0.0f)
                std::copy_n (lines.past (line, frame), frames, out);
            else
                dsp::kernels::readMoving (lines.past (line, frame),
                                          { phase, phaseStep,
                                            depth.from() + depth.perFrame() * static_cast<float> (from),
                                            depth.perFrame() },
                                          out, frames);
        };
        at (delay, to);
        if (! fade.active())
            return;
        alignas (64) float old[engine::quantum];
        at (delayBefore, old);
        for (int n = 0; n < frames; ++n)
            to[n] = old[n] + (to[n] - old[n]) * fade.share (n);
    }

    /// back: the gain of the echoes, less while the sound itself, or the key where one is connected, is
    /// there. Its level is a peak that falls with the release; over 6 dB from the threshold on the echoes go
    /// from untouched to all the way down.
    void stepBack (const engine::Block& io, const Params<float>& p, int from, int frames) noexcept
    {
        if (! duck.moves() && duck.target() == 1.0f)
        {
            for (int n = 0; n < frames; ++n)
                back[n] = level[from + n];
            loudness = presence = 0;
            return;
        }
        const auto perThreshold = static_cast<float> (1 / gainOf (Decibels { p.duckThreshold }));
        const auto fall = static_cast<float> (std::exp (-3 / (p.duckRelease / 1000.0 * rate)));
        const auto follow = static_cast<float> (1 - std::exp (-1 / (0.005 * rate)));
        for (int n = 0; n < frames; ++n)
        {
            float top = 0;
            for (const float* const x : io.sidechain)
                top = std::max (top, std::abs (dsp::finite (x[from + n])));
            for (std::size_t c = 0; c < (io.sidechain.empty() ? io.channels.size() : 0); ++c)
                top = std::max (top, std::abs (sound[c][n]));
            loudness = std::max (top * perThreshold, loudness * fall);
            presence += follow * (std::clamp (loudness - 1, 0.0f, 1.0f) - presence);
            back[n] = level[from + n] * (1 - presence * (1 - duck[from + n]));
        }
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
    void settle (const Params<float>& p, const engine::SongTime& time, int frames) noexcept
    {
        const int wanted = wantedDelay (p, time.bpm);
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
        drive.towards (static_cast<float> (gainOf (Decibels { p.drive })), frames);
        frozen.towards (isOn (p.freeze) ? 1.0f : 0.0f, frames);
        // What is frozen goes round as it is: a wandering read would dull it with each round.
        // By 6 % of the speed, so that pitch does not leap.
        depth.towards (isOn (p.freeze) ? 0.0f : p.depth / 200 * static_cast<float> (wander * rate), 3.84f,
                       frames);
        phaseStep = static_cast<std::uint32_t> (std::lround (static_cast<double> (p.speed) / rate * 0x1p32));
        // As if it had wandered since the song's start.
        if (fresh && time.playing)
            phase = static_cast<std::uint32_t> (time.position) * phaseStep;
        level.towards (static_cast<float> (gainOf (Decibels { p.level })), frames);
        duck.towards (static_cast<float> (gainOf (Decibels { -p.duck })), frames);
        fresh = false;
    }

    double rate = 48000;
    dsp::LineBank lines;
    Cuts cuts;
    WetDry share;
    dsp::Crossfade fade;
    int delay = 1, delayBefore = 1;
    std::uint32_t phase = 0, phaseStep = 0; // of the wandering; 2^32 is a turn
    float loudness = 0, presence = 0;       // of the sound that comes in: its level over the threshold
    dsp::Ramp feedback, cross, side, drive, duck, frozen, level;
    dsp::Glide depth;
    bool fresh = true;
    // Of the piece being worked on; readMoving writes whole vectors.
    alignas (64) float sound[2][engine::quantum] {}, echo[2][engine::quantum] {},
        filtered[2][engine::quantum] {}, back[engine::quantum] {};
};

LACQUER_EFFECT (Delay)

} // namespace lacquer::mix
