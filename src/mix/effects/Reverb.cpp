// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/effects/WetDry.h"
#include "mix/spaces/Space.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lacquer::mix
{

/// Rooms of four kinds, each a network of its own (mix/spaces): a shoebox with its walls, an echo chamber, a
/// hall and a plate. What they have in common is here: the way in, shares of the first sound and the tail,
/// width, the gate and the mix.
struct Reverb
{
    static constexpr std::string_view id = "reverb", name = "Reverb",
                                      help = "Puts the sound into a room of any size.";

    template <typename T>
    struct Params
    {
        T preDelay =
            inMilliseconds<T> ("pre-delay", "Pre-delay", { 0, 250 }, 10, "Time before the room answers.");
        T size = inPercent<T> ("size", "Size", { 5, 100 }, 50,
                               "Distance between the walls, as far as the decay allows.");
        T decay = inSeconds<T> ("decay", "Decay", { 0.1f, 30 }, 2,
                                "Time in which the middle of the spectrum falls by 60 dB.");
        T lowDecay = inPercent<T> ("low-decay", "Low decay", { 25, 200 }, 110,
                                   "Decay time of the lows as a share of the decay.");
        T highDecay = inPercent<T> ("high-decay", "High decay", { 10, 100 }, 50,
                                    "Decay time of the highs as a share of the decay.");
        T lowSplit = inHertz<T> ("low-split", "Low split", { 50, 1000 }, 250,
                                 "Frequency below which the low decay holds.");
        T highSplit = inHertz<T> ("high-split", "High split", { 1000, 16000 }, 5000,
                                  "Frequency above which the high decay holds.");
        T diffusion = inPercent<T> ("diffusion", "Diffusion", { 0, 100 }, 100,
                                    "How soon single echoes melt into a cloud.");
        T modulation = inPercent<T> ("modulation", "Modulation", { 0, 100 }, 30,
                                     "Slow movement of the walls, against metallic ringing.");
        T balance = inPercent<T> ("balance", "Early or late", { 0, 100 }, 50,
                                  "From the first reflections alone (0) to the tail alone (100).");
        T width = inPercent<T> ("width", "Width", { 0, 150 }, 100, "Stereo width of the room.");
        T lowCut =
            inHertz<T> ("low-cut", "Low cut", { 10, 1000 }, 20, "Lows below this do not enter the room.");
        T highCut = inHertz<T> ("high-cut", "High cut", { 1000, 20000 }, 18000,
                                "Highs above this do not enter the room.");
        T mix =
            inPercent<T> ("mix", "Mix", { 0, 100 }, 100, "Share of the room in the output; 100 on a return.");
        T type = oneOf<T> ("type", "Type", "Room|Chamber|Hall|Plate", 2,
                           "What answers: four walls, a bare chamber, a large hall or a sheet of steel.");
        T speed = inHertz<T> ("speed", "Speed", { 0.05f, 5 }, 0.5f, "How fast the walls move.");
        T gate = onOff<T> ("gate", "Gate", false, "Cuts the room off when the sound that came in has ended.");
        T gateThreshold = inDecibels<T> ("gate-threshold", "Gate threshold", { -60, 0 }, -30,
                                         "Level of what comes in that opens the gate.");
        T gateHold = inMilliseconds<T> ("gate-hold", "Gate hold", { 10, 1000 }, 200,
                                        "Time the gate stays open after the last loud sound.");
        T gateRelease = inMilliseconds<T> ("gate-release", "Gate release", { 5, 1000 }, 30,
                                           "Time in which the gate closes.");
        T level = inDecibels<T> ("level", "Level", { -24, 12 }, 0, "Level of the room.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        entrance.prepare (rate);
        spaces = { makeRoom(), makeChamber(), makeHall(), makePlate() };
        for (auto& s : spaces)
            s->prepare (rate);
        change.length = static_cast<int> (0.05 * rate);
        reset();
    }

    void reset() noexcept
    {
        entrance.reset();
        for (auto& s : spaces)
            s->reset();
        for (auto& g : gains)
            g.forget();
        for (auto* r : { &side, &dry, &gated })
            r->forget();
        now = before = -1;
        change.left = 0;
        held = 0;
        open = 0;
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames, sides = static_cast<int> (io.channels.size());
        settle (p, io.time, frames);
        gate (io, p);

        float* const rows[2] { in[0], in[1] };
        entrance.process (io, p.preDelay, p.lowCut, p.highCut, rows);
        answer (now, rows, sides, sum, frames);
        if (change.active())
        {
            answer (before, rows, sides, old, frames);
            for (int c = 0; c < 2; ++c)
                for (int n = 0; n < frames; ++n)
                    sum[c][n] = old[c][n] + (sum[c][n] - old[c][n]) * change.share (n);
            change.advance (frames);
        }
        if (gated.moves() || gated.target() != 0.0f)
            for (auto& c : sum)
                for (int n = 0; n < frames; ++n)
                    c[n] *= 1 - gated[n] * (1 - door[n]);

        float* const x = io.channels[0];
        if (sides == 1)
        {
            for (int n = 0; n < frames; ++n)
                x[n] = dry[n] * dsp::finite (x[n]) + (sum[0][n] + sum[1][n]);
            return;
        }
        float* const y = io.channels[1];
        for (int n = 0; n < frames; ++n)
        {
            const float m = (sum[0][n] + sum[1][n]) * 0.5f, s = (sum[0][n] - sum[1][n]) * side[n];
            x[n] = dry[n] * dsp::finite (x[n]) + (m + s);
            y[n] = dry[n] * dsp::finite (y[n]) + (m - s);
        }
    }

    /// Pre-delay, the way into the tail and out, and the fall by 120 dB of the slowest band.
    Frames tail (const Params<float>& p) const noexcept
    {
        const double slowest = p.decay * std::max (1.0f, p.lowDecay / 100.0f);
        const double way = spaces[static_cast<std::size_t> (typeOf (p))]->span (p.size / 100);
        return framesIn (Seconds { p.preDelay / 1000.0 + way + 0.05 + 2 * slowest }, rate);
    }

private:
    static int typeOf (const Params<float>& p) noexcept { return static_cast<int> (std::lround (p.type)); }

    struct Gains
    {
        dsp::Ramp early, late;
        void forget() noexcept
        {
            early.forget();
            late.forget();
        }
    };

    /// Targets of this block.
    void settle (const Params<float>& p, const engine::SongTime& time, int frames) noexcept
    {
        const int wanted = typeOf (p);
        if (now < 0)
            now = wanted;
        else if (! change.active())
        {
            // What is not heard is made silent for its next use, a little in each block.
            bool clear = true;
            for (int k = 0; k < static_cast<int> (spaces.size()); ++k)
                if (k != now && ! space (k).clearSome())
                    clear = false;
            if (wanted != now && clear)
            {
                before = now;
                now = wanted;
                space (now).reset();
                gainsOf (now).forget();
                change.start();
            }
        }
        current = { p.size / 100,
                    { static_cast<double> (p.decay) * p.lowDecay / 100, p.decay,
                      static_cast<double> (p.decay) * p.highDecay / 100, p.lowSplit, p.highSplit },
                    p.diffusion / 100,
                    p.modulation / 100 * 0.0005f, // up to 0.5 ms
                    static_cast<double> (p.speed) / 0.5,
                    time.playing ? time.position : 0 };
        const float wet = p.mix / 100 * static_cast<float> (gainOf (Decibels { p.level })),
                    b = p.balance / 50;
        shares = { wet * std::min (1.0f, 2 - b), wet * std::min (1.0f, b) };
        side.towards (0.5f * p.width / 100, frames);
        dry.towards (1 - p.mix / 100, frames);
        gated.towards (isOn (p.gate) ? 1.0f : 0.0f, frames);
    }

    Space& space (int k) noexcept { return *spaces[static_cast<std::size_t> (k)]; }
    Gains& gainsOf (int k) noexcept { return gains[static_cast<std::size_t> (k)]; }

    void answer (int k, const float* const* from, int sides, float (&to)[2][engine::quantum],
                 int frames) noexcept
    {
        space (k).settle (current, frames);
        const float level = space (k).level();
        auto& [early, late] = gainsOf (k);
        early.towards (level * shares[0], frames);
        late.towards (level * shares[1], frames);
        space (k).process (from, sides, first, rest, frames);
        for (int c = 0; c < 2; ++c)
            for (int n = 0; n < frames; ++n)
                to[c][n] = early[n] * first.side[c][n] + late[n] * rest.side[c][n];
    }

    /// How far the gate is open, frame by frame, from what comes in.
    void gate (const engine::Block& io, const Params<float>& p) noexcept
    {
        if (! gated.moves() && gated.target() == 0.0f)
        {
            held = 0;
            open = 0;
            return;
        }
        const auto threshold = static_cast<float> (gainOf (Decibels { p.gateThreshold }));
        const int hold = static_cast<int> (p.gateHold / 1000.0 * rate);
        const auto up = static_cast<float> (1 / (0.002 * rate)),
                   down = static_cast<float> (1 / (p.gateRelease / 1000.0 * rate));
        for (int n = 0; n < io.frames; ++n)
        {
            bool loud = false;
            for (const float* const x : io.channels)
                loud = loud || std::abs (x[n]) > threshold;
            held = loud ? hold : std::max (0, held - 1);
            open = held > 0 ? std::min (1.0f, open + up) : std::max (0.0f, open - down);
            door[n] = open;
        }
    }

    double rate = 48000;
    Entrance entrance;
    std::array<std::unique_ptr<Space>, 4> spaces;
    std::array<Gains, 4> gains;
    int now = -1, before = -1; // the space that answers, and the one that did
    dsp::Crossfade change;
    SpaceSettings current;
    std::array<float, 2> shares {}; // of the first sound and the tail
    dsp::Ramp side, dry, gated;
    int held = 0;   // frames the gate stays open
    float open = 0; // 0 to 1
    // Of the block being processed.
    dsp::FdnSums first {}, rest {};
    float in[2][engine::quantum] {}, sum[2][engine::quantum] {}, old[2][engine::quantum] {},
        door[engine::quantum] {};
};

LACQUER_EFFECT (Reverb)

} // namespace lacquer::mix
