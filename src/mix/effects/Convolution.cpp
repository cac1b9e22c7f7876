// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Handoff.h"
#include "dsp/Convolver.h"
#include "mix/Impulses.h"
#include "mix/effects/WetDry.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <memory>

namespace lacquer::mix
{

/// Rooms by convolution, left with left and right with right, without latency: six of our own, and a
/// recording that it is given.
///
/// The level is scaled so that noise comes out as loud as it went in, whatever the room and its length.
///
/// Our rooms are made in prepare(). A turn of `impulse`, `length`, `decay` or `trim` needs no other thread
/// and no allocation: a room has two voices, and one that has rung out starts on the new wish, whose spectra
/// it makes on the way (dsp/Convolver.h), while new sound moves over to it; what the old voice still has to
/// say is heard out. If it is still ringing at the next turn, it is faded out first. So the result depends on
/// values and song time only.
struct Convolution
{
    static constexpr std::string_view id = "convolution", name = "Convolution",
                                      help = "Puts the sound into a room as if recorded there.";
    static constexpr double longestRecording = 20;

    template <typename T>
    struct Params
    {
        T impulse = oneOf<T> ("impulse", "Impulse", impulseMenu, 3,
                              "The room that answers; Own is the recording the effect was given.");
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
        T trim = inMilliseconds<T> ("trim", "Trim", { 0, 1000 }, 0,
                                    "What is left out of the beginning of the room's answer.");
        T decay = inPercent<T> ("decay", "Decay", { 10, 100 }, 100,
                                "Decay time of the room as a share of its own.");
        T level = inDecibels<T> ("level", "Level", { -24, 12 }, 0, "Level of the room.");
        T lowHertz =
            inHertz<T> ("low-frequency", "Low frequency", { 40, 1000 }, 200, "Corner of the low shelf.");
        T lowGain = inDecibels<T> ("low-gain", "Low gain", { -18, 18 }, 0, "Lows of the room.");
        T midHertz =
            inHertz<T> ("mid-frequency", "Mid frequency", { 100, 10000 }, 1000, "Middle of the bell.");
        T midGain = inDecibels<T> ("mid-gain", "Mid gain", { -18, 18 }, 0, "Middle of the room's spectrum.");
        T highHertz = inHertz<T> ("high-frequency", "High frequency", { 1000, 16000 }, 5000,
                                  "Corner of the high shelf.");
        T highGain = inDecibels<T> ("high-gain", "High gain", { -18, 18 }, 0, "Highs of the room.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        channels = f.channels;
        for (int k = 0; k < impulseCount; ++k)
        {
            const auto impulse = impulseOf (k, rate);
            rooms[static_cast<std::size_t> (k)].take (impulse, impulse->fall);
        }
        ours.prepare (static_cast<int> (longestImpulse * rate) + 1, channels);
        entrance.prepare (rate);
        change.length = hush.length = static_cast<int> (0.03 * rate);
        now = old = {};
        kept.clear();
        if (recording != nullptr)
            hear (recording); // prepared anew: for this rate and these channels
        reset();
    }

    /// Its rate must be the effect's.
    void hear (std::shared_ptr<const engine::Recording> r)
    {
        recording = mended (std::move (r));
        auto next = std::make_shared<Own>();
        if (recording != nullptr && recording->frames() > 0)
        {
            next->room.take (recording, 0);
            next->room.fall = next->room.measuredFall();
            next->voices.prepare (std::min (recording->frames(), static_cast<int> (longestRecording * rate)),
                                  channels);
        }
        next->number = ++given;
        kept.push_back (next);
        offers.offer (std::make_unique<const Offer> (Offer { next }));
        // One that was let go may still be ringing.
        std::erase_if (kept,
                       [this] (const std::shared_ptr<Own>& own) {
                           return own.use_count() == 1 && own->number != ringing[0].load() &&
                                  own->number != ringing[1].load();
                       });
    }

    void reset() noexcept
    {
        entrance.reset();
        share.forget();
        level.forget();
        equaliser.reset();
        if (now.voice != nullptr)
            start (now);
        old = {};
        tell();
        change.left = hush.left = 0;
        hushed = false;
        fresh = true;
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames;
        settle (p);
        share.towards (p.mix, frames);
        level.towards (static_cast<float> (gainOf (Decibels { p.level })), frames);

        float* const rows[2] { in[0], in[1] };
        entrance.process (io, p.preDelay, p.lowCut, p.highCut, rows);
        equaliser.process (p, rate, rows, static_cast<int> (io.channels.size()), frames);
        for (std::size_t c = 0; c < io.channels.size(); ++c)
        {
            now.voice->channel[c].process (moved (in[c], true, frames), sum, frames);
            if (old.voice != nullptr && (change.active() || ! old.voice->channel[c].asleep()))
            {
                old.voice->channel[c].process (moved (in[c], false, frames), part, frames);
                for (int n = 0; n < frames; ++n)
                    sum[n] += hushed ? (1 - hush.share (n)) * part[n] : part[n];
            }
            float* const x = io.channels[c];
            for (int n = 0; n < frames; ++n)
                x[n] = share.dry[n] * dsp::finite (x[n]) + share.wet[n] * (level[n] * sum[n]);
        }
        change.advance (frames);
        hush.advance (frames);
    }

    /// Pre-delay, the room, and what the low cut and the equaliser ring.
    Frames tail (const Params<float>& p) const noexcept
    {
        const int k = indexOf (p);
        const double whole = k < impulseCount ? impulseSeconds (k)
                             : recording != nullptr
                                 ? std::min (longestRecording, recording->frames() / recording->rate)
                                 : longestRecording;
        return framesIn (Seconds { p.preDelay / 1000.0 + whole * p.length / 100.0 + 0.3 }, rate);
    }

private:
    /// One broken sample would be heard for as long as the room.
    static std::shared_ptr<const engine::Recording> mended (std::shared_ptr<const engine::Recording> r)
    {
        if (r == nullptr ||
            std::all_of (r->samples.begin(), r->samples.end(), [] (float x) { return dsp::finite (x) == x; }))
            return r;
        auto copy = std::make_shared<engine::Recording> (*r);
        dsp::makeFinite (copy->samples.data(), static_cast<int> (copy->samples.size()));
        return copy;
    }

    static constexpr int step = 64; // frames over which an impulse's energy is added up

    /// An impulse and its energy, the mean of its channels, for every step.
    struct Room
    {
        std::shared_ptr<const engine::Recording> impulse;
        double fall = 0; // dB over its length
        std::vector<double> energy;

        void take (std::shared_ptr<const engine::Recording> from, double falls)
        {
            impulse = std::move (from);
            fall = falls;
            const int frames = impulse->frames();
            energy.assign (static_cast<std::size_t> (frames / step + 1), 0.0);
            for (int c = 0; c < 2; ++c)
                for (int n = 0; n < frames; ++n)
                {
                    const double x = static_cast<double> (impulse->channel (c)[n]);
                    energy[static_cast<std::size_t> (n / step)] += 0.5 * x * x;
                }
        }

        /// What it falls by over its length at the rate at which Schroeder's integral falls from -5 to -25
        /// dB.
        double measuredFall() const
        {
            double whole = 0, left = 0;
            for (double e : energy)
                whole += e;
            std::size_t five = 0, twentyFive = 0;
            for (std::size_t k = energy.size(); k-- > 0;)
            {
                left += energy[k];
                if (left < whole * std::pow (10, -2.5))
                    twentyFive = k;
                if (left < whole * std::pow (10, -0.5))
                    five = k;
            }
            const auto between = static_cast<double> (std::max<std::size_t> (1, twentyFive - five));
            return 20 * static_cast<double> (energy.size()) / between;
        }
    };

    struct Wish
    {
        std::uint64_t room = 0; // of ours the index; the number of a recording, above all those
        float length = 100, trim = 0, decay = 100;
        bool operator== (const Wish&) const = default;
    };

    struct Voice
    {
        std::array<dsp::Convolver, 2> channel;
        bool asleep() const noexcept { return channel[0].asleep() && channel[1].asleep(); }
    };

    struct Voices
    {
        std::array<Voice, 2> voice;
        void prepare (int longest, int count)
        {
            for (auto& v : voice)
                for (int c = 0; c < count; ++c)
                    v.channel[static_cast<std::size_t> (c)].prepare (longest, c == 1);
        }
        /// The one that is not in use.
        Voice& other (const Voice* used) noexcept { return voice[used == &voice[0] ? 1 : 0]; }
    };

    /// The recording as a room. Belongs to the audio thread once it was offered.
    struct Own
    {
        Room room;
        Voices voices;
        std::uint64_t number = 0;
    };
    struct Offer
    {
        std::shared_ptr<Own> own;
    };

    /// A voice at work, and what on.
    struct Ringing
    {
        Voice* voice = nullptr;
        const Room* room = nullptr; // null: silence
        Wish wish;
    };

    static int indexOf (const Params<float>& p) noexcept
    {
        return static_cast<int> (std::lround (p.impulse));
    }

    void start (const Ringing& r) noexcept
    {
        dsp::Taps taps;
        if (r.room != nullptr)
        {
            const auto& [impulse, fall, energy] = *r.room;
            const double whole = impulse->frames(), lasting = r.wish.length / 100.0;
            const int first = std::min (static_cast<int> (std::lround (r.wish.trim / 1000.0 * rate)),
                                        impulse->frames() - 1);
            taps.count = static_cast<int> (std::lround (lasting * (whole - first)));
            // The whole of its fall within the length that is wanted: ours are made to end there. A recording
            // is cut, and falls faster where a shorter decay is asked for.
            const bool ownFall = r.wish.room >= impulseCount;
            taps.fade = ownFall && r.wish.length >= 100 ? 0 : taps.count / 16;
            const double faster = (ownFall ? 1.0 : 1 / lasting) * (100.0 / r.wish.decay) - 1;
            taps.decay = std::pow (10, -fall * faster / whole / 20);

            const double lost = std::pow (taps.decay, 2 * step);
            double sound = 0, left = std::pow (taps.decay, step); // as in the middle of each step
            for (int n = 0; n < taps.count; n += step, left *= lost)
                sound += left * energy[static_cast<std::size_t> ((first + n) / step)];
            taps.gain = sound > 1e-20 ? 1 / std::sqrt (sound) : 0;
            for (int c = 0; c < channels; ++c)
            {
                taps.samples = impulse->channel (c) + first;
                r.voice->channel[static_cast<std::size_t> (c)].start (taps);
            }
            return;
        }
        for (int c = 0; c < channels; ++c)
            r.voice->channel[static_cast<std::size_t> (c)].start (taps);
    }

    /// The voice that hears what comes in now.
    void settle (const Params<float>& p) noexcept
    {
        const auto* offer = offers.current();
        Own* const own = offer != nullptr && offer->own->room.impulse != nullptr ? offer->own.get() : nullptr;
        const int k = indexOf (p);
        Wish wish { static_cast<std::uint64_t> (k), p.length, p.trim, p.decay };
        if (k >= impulseCount && own != nullptr)
            wish.room = impulseCount + own->number;
        if (now.voice != nullptr && wish == now.wish && ! fresh)
            return;

        auto& voices = own != nullptr && k >= impulseCount ? own->voices : ours;
        const Room* const room = k < impulseCount ? &rooms[static_cast<std::size_t> (k)]
                                 : own != nullptr ? &own->room
                                                  : nullptr;
        if (fresh)
        {
            now = { &voices.voice[0], room, wish };
            start (now);
        }
        else if (! change.active())
        {
            if (old.voice == nullptr || old.voice->asleep() || (hushed && ! hush.active()))
            {
                old = now;
                now = { &voices.other (old.voice), room, wish };
                start (now);
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
        tell();
    }

    /// Which recordings are at work, for the control thread.
    void tell() noexcept
    {
        const auto numberOf = [] (const Ringing& r)
        { return r.voice != nullptr && r.wish.room > impulseCount ? r.wish.room - impulseCount : 0; };
        ringing[0].store (numberOf (now), std::memory_order_release);
        ringing[1].store (numberOf (old), std::memory_order_release);
    }

    /// The part of the sound that a voice hears.
    const float* moved (const float* x, bool arriving, int frames) noexcept
    {
        if (arriving && ! change.active())
            return x;
        for (int n = 0; n < frames; ++n)
            part[n] = x[n] * (arriving ? change.share (n) : 1 - change.share (n));
        return part;
    }

    /// Two shelves and a bell over what enters the room; all at 0 dB are left out.
    class Tone
    {
    public:
        void reset() noexcept
        {
            for (auto& band : bands)
                for (auto& f : band.filter)
                    f.reset();
            fresh = true;
        }

        void process (const Params<float>& p, double sampleRate, float* const* x, int sides,
                      int frames) noexcept
        {
            move (bands[0], dsp::EqShape::lowShelf, p.lowHertz, p.lowGain, sampleRate, frames);
            move (bands[1], dsp::EqShape::bell, p.midHertz, p.midGain, sampleRate, frames);
            move (bands[2], dsp::EqShape::highShelf, p.highHertz, p.highGain, sampleRate, frames);
            fresh = false;
            for (auto& band : bands)
                if (band.on)
                    for (int c = 0; c < sides; ++c)
                        for (int n = 0; n < frames; ++n)
                            x[c][n] = band.filter[c](x[c][n]);
        }

    private:
        struct Band
        {
            dsp::Svf<float> filter[2];
            float hertz = 0, gain = 0;
            bool on = false;
        };

        void move (Band& band, dsp::EqShape shape, float hertz, float gain, double sampleRate,
                   int frames) noexcept
        {
            if (fresh)
                band.on = gain != 0.0f;
            else if (hertz == band.hertz && gain == band.gain)
                return;
            const bool joins = ! band.on;
            band.on = band.on || gain != 0.0f;
            band.hertz = hertz;
            band.gain = gain;
            if (! band.on)
                return;
            const auto filterOf = [&] (double dB)
            { return dsp::svfOf (dsp::eqSection (shape, static_cast<double> (hertz), 0.7, dB, sampleRate)); };
            for (auto& f : band.filter)
            {
                if (joins || fresh)
                    f.set (filterOf (fresh ? static_cast<double> (gain) : 0.0));
                if (! fresh)
                    f.rampTo (filterOf (static_cast<double> (gain)), frames);
            }
        }

        Band bands[3];
        bool fresh = true;
    };

    double rate = 48000;
    int channels = 2;
    std::array<Room, impulseCount> rooms;
    Voices ours;
    Ringing now, old;
    dsp::Crossfade change, hush; // of the sound coming in; of the sound the older voice gives
    bool hushed = false, fresh = true;
    Entrance entrance;
    Tone equaliser;
    WetDry share;
    dsp::Ramp level;
    float in[2][engine::quantum] {}, sum[engine::quantum] {}, part[engine::quantum] {}; // of the block

    Handoff<Offer> offers;
    std::array<std::atomic<std::uint64_t>, 2> ringing {}; // numbers of the recordings that voices are at
    std::shared_ptr<const engine::Recording> recording;   // control, as are the next two
    std::vector<std::shared_ptr<Own>> kept;
    std::uint64_t given = 0;
};

LACQUER_EFFECT (Convolution)

} // namespace lacquer::mix
