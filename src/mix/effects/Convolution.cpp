// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Convolver.h"
#include "mix/Impulses.h"
#include "mix/effects/WetDry.h"

#include <array>
#include <cmath>

namespace lacquer::mix
{

/// Rooms by convolution, left with left and right with right, without latency.
///
/// The level is scaled so that noise comes out as loud as it went in, whatever the room and its length.
///
/// All rooms are made in prepare(). A turn of `impulse` or `length` needs no other thread and no allocation:
/// there are two voices, and the one that has rung out starts on the new room, whose spectra it makes on the
/// way (dsp/Convolver.h), while new sound moves over to it; what the old room still has to say is heard out.
/// If both are still ringing, the older one is faded out first. So the result depends on values and song
/// time only.
struct Convolution
{
    static constexpr std::string_view id = "convolution", name = "Convolution",
                                      help = "Puts the sound into a room as if recorded there.";

    template <typename T>
    struct Params
    {
        T impulse = oneOf<T> ("impulse", "Impulse", impulseNames, 3, "The room that answers.");
        T length = inPercent<T> ("length", "Length", { 5, 100 }, 100,
                                 "Time in which the room dies away, as a share of its full time.");
        T preDelay =
            inMilliseconds<T> ("pre-delay", "Pre-delay", { 0, 250 }, 0, "Time before the room answers.");
        T lowCut =
            inHertz<T> ("low-cut", "Low cut", { 10, 1000 }, 20, "Lows below this do not enter the room.");
        T highCut = inHertz<T> ("high-cut", "High cut", { 1000, 20000 }, 18000,
                                "Highs above this do not enter the room.");
        T mix =
            inPercent<T> ("mix", "Mix", { 0, 100 }, 100, "Share of the room in the output; 100 on a return.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        channels = f.channels;
        for (int k = 0; k < impulseCount; ++k)
        {
            auto& room = rooms[static_cast<std::size_t> (k)];
            room.impulse = impulseOf (k, rate);
            room.measure();
        }
        for (auto& voice : voices)
        {
            for (int c = 0; c < channels; ++c)
                voice.channel[c].prepare (static_cast<int> (longestImpulse * rate) + 1, c == 1);
            voice.wish = {};
        }
        entrance.prepare (rate);
        change.length = hush.length = static_cast<int> (0.03 * rate);
        reset();
    }

    void reset() noexcept
    {
        entrance.reset();
        share.forget();
        for (auto& voice : voices)
            start (voice, voice.wish);
        change.left = hush.left = 0;
        hushed = false;
        fresh = true;
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames;
        settle ({ static_cast<int> (std::lround (p.impulse)), p.length });
        share.towards (p.mix, frames);

        float in[2][engine::quantum];
        float* const rows[2] { in[0], in[1] };
        entrance.process (io, p.preDelay, p.lowCut, p.highCut, rows);
        for (std::size_t c = 0; c < io.channels.size(); ++c)
        {
            float sum[engine::quantum], y[engine::quantum];
            voices[now].channel[c].process (moved (in[c], true, frames, y), sum, frames);
            auto& old = voices[1 - now].channel[c];
            if (change.active() || ! old.asleep())
            {
                old.process (moved (in[c], false, frames, y), y, frames);
                for (int n = 0; n < frames; ++n)
                    sum[n] += hushed ? (1 - hush.share (n)) * y[n] : y[n];
            }
            float* const x = io.channels[c];
            for (int n = 0; n < frames; ++n)
                x[n] = share.dry[n] * dsp::finite (x[n]) + share.wet[n] * sum[n];
        }
        change.advance (frames);
        hush.advance (frames);
    }

    /// Pre-delay, the room, and what the low cut rings.
    Frames tail (const Params<float>& p) const noexcept
    {
        const double room = impulseSeconds (static_cast<int> (std::lround (p.impulse))) * p.length / 100.0;
        return framesIn (Seconds { p.preDelay / 1000.0 + room + 0.3 }, rate);
    }

private:
    static constexpr int step = 64; // frames over which an impulse's energy is added up

    /// An impulse and its energy, the mean of its channels, for every step.
    struct Room
    {
        std::shared_ptr<const Impulse> impulse;
        std::vector<double> energy;

        void measure()
        {
            const int frames = impulse->frames();
            energy.assign (static_cast<std::size_t> (frames / step + 1), 0.0);
            for (int c = 0; c < 2; ++c)
                for (int n = 0; n < frames; ++n)
                {
                    const double x = static_cast<double> (impulse->channel (c)[n]);
                    energy[static_cast<std::size_t> (n / step)] += 0.5 * x * x;
                }
        }
    };

    struct Wish
    {
        int room = -1;
        float length = 100;
        bool operator== (const Wish&) const = default;
    };

    struct Voice
    {
        std::array<dsp::Convolver, 2> channel;
        Wish wish;
        bool asleep() const noexcept { return channel[0].asleep() && channel[1].asleep(); }
    };

    void start (Voice& voice, Wish wish) noexcept
    {
        voice.wish = wish;
        if (wish.room < 0)
            return;
        const auto& [impulse, energy] = rooms[static_cast<std::size_t> (wish.room)];
        const double part = wish.length / 100.0;
        dsp::Taps taps;
        taps.count = static_cast<int> (std::lround (part * impulse->frames()));
        taps.fade = taps.count / 16;
        // The whole of its fall within the length that is wanted.
        const double fall = impulse->fall * (1 / part - 1) / impulse->frames();
        taps.decay = std::pow (10, -fall / 20);

        const double lost = std::pow (taps.decay, 2 * step);
        double sum = 0, left = std::pow (taps.decay, step); // as in the middle of each step
        for (int n = 0; n < taps.count; n += step, left *= lost)
            sum += left * energy[static_cast<std::size_t> (n / step)];
        taps.gain = 1 / std::sqrt (sum);
        for (int c = 0; c < channels; ++c)
        {
            taps.samples = impulse->channel (c);
            voice.channel[static_cast<std::size_t> (c)].start (taps);
        }
    }

    /// The voice that hears what comes in now.
    void settle (Wish wish) noexcept
    {
        if (fresh)
            start (voices[now], wish);
        else if (wish != voices[now].wish && ! change.active())
        {
            auto& other = voices[1 - now];
            if (other.asleep() || (hushed && ! hush.active()))
            {
                start (other, wish);
                now = 1 - now;
                hushed = false;
                change.start();
            }
            else if (! hushed)
            {
                hushed = true;
                hush.start();
            }
        }
        fresh = false;
    }

    /// The part of the sound that a voice hears; scratch holds it while it moves from one to the other.
    const float* moved (const float* in, bool arriving, int frames, float* scratch) const noexcept
    {
        if (arriving && ! change.active())
            return in;
        for (int n = 0; n < frames; ++n)
            scratch[n] = in[n] * (arriving ? change.share (n) : 1 - change.share (n));
        return scratch;
    }

    double rate = 48000;
    int channels = 2;
    std::array<Room, impulseCount> rooms;
    std::array<Voice, 2> voices;
    std::size_t now = 0;
    dsp::Crossfade change, hush; // of the sound coming in; of the sound the older voice gives
    bool hushed = false, fresh = true;
    Entrance entrance;
    WetDry share;
};

LACQUER_EFFECT (Convolution)

} // namespace lacquer::mix
