// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Diffuser.h"
#include "dsp/Fdn.h"
#include "mix/effects/WetDry.h"

#include <algorithm>
#include <cmath>

namespace lacquer::mix
{

/// A room: diffuser and feedback delay network, each 16 lines wide (dsp/Fdn.h).
///
/// Left feeds the even lines and right the odd ones, with unit energy; the same lines sum to the outputs.
/// The level is scaled by sqrt (1 - g^2), g the mean gain of a pass, so that steady sound comes out about as
/// loud as it went in, whatever the decay.
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
    };

    static constexpr double diffuserSeconds = 0.15, lineSeconds = 0.14; // at size 100

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        entrance.prepare (rate);
        diffuser.prepare (rate, diffuserSeconds);
        network.prepare (rate, lineSeconds);
        reset();
    }

    void reset() noexcept
    {
        entrance.reset();
        diffuser.reset();
        network.reset();
        for (auto* r : { &early, &late, &side, &dry, &depth })
            r->forget();
        for (auto& r : amount)
            r.forget();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames;
        const bool stereo = io.channels.size() == 2;
        settle (p, frames);

        float in[2][dsp::fdnFrames];
        float* const sides[2] { in[0], in[1] };
        entrance.process (io, p.preDelay, p.lowCut, p.highCut, sides);

        // One side on 8 lines, or one channel on all 16, with unit energy.
        const float g = stereo ? 0.35355339f : 0.25f;
        for (std::size_t c = 0; c < io.channels.size(); ++c)
            for (int n = 0; n < frames; ++n)
                in[c][n] *= g;
        diffuser.process (sides, stereo ? 2 : 1, cloud, frames, amount);
        network.process (cloud, first, rest, frames, depth);

        float sum[2][dsp::fdnFrames];
        for (int c = 0; c < 2; ++c)
            for (int n = 0; n < frames; ++n)
                sum[c][n] = early[n] * first.side[c][n] + late[n] * rest.side[c][n];
        if (! stereo)
        {
            for (int n = 0; n < frames; ++n)
                io.channels[0][n] = dry[n] * dsp::finite (io.channels[0][n]) + (sum[0][n] + sum[1][n]);
            return;
        }
        for (int n = 0; n < frames; ++n)
        {
            const float m = (sum[0][n] + sum[1][n]) * 0.5f, s = (sum[0][n] - sum[1][n]) * side[n];
            io.channels[0][n] = dry[n] * dsp::finite (io.channels[0][n]) + (m + s);
            io.channels[1][n] = dry[n] * dsp::finite (io.channels[1][n]) + (m - s);
        }
    }

    /// Pre-delay, the way through the diffuser and one line, and the fall by 120 dB of the slowest band.
    Frames tail (const Params<float>& p) const noexcept
    {
        const double slowest = p.decay * std::max (1.0f, p.lowDecay / 100.0f);
        const double seconds = p.preDelay / 1000 + (diffuserSeconds + lineSeconds) * p.size / 100 + 0.05;
        return framesIn (Seconds { seconds + 2 * slowest }, rate);
    }

private:
    /// Targets of this block.
    void settle (const Params<float>& p, int frames) noexcept
    {
        // Where one way through the diffuser takes more than an eighth of the decay, or a line falls by more
        // than 10 dB, they would be what one hears decay: such rooms are as large as their decay allows.
        const float size = std::min (p.size / 100, 0.8f * p.decay);
        diffuser.setSize (size);
        network.setSize (size);
        network.setDecay ({ static_cast<double> (p.decay) * p.lowDecay / 100, p.decay,
                            static_cast<double> (p.decay) * p.highDecay / 100, p.lowSplit, p.highSplit });

        for (std::size_t s = 0; s < amount.size(); ++s)
            amount[s].towards (
                std::clamp (p.diffusion / 100 * dsp::Diffuser::steps - static_cast<float> (s), 0.0f, 1.0f),
                frames);
        depth.towards (p.modulation / 100 * static_cast<float> (0.0005 * rate), frames); // up to 0.5 ms

        const float wet = p.mix / 100 * std::sqrt (1 - network.passEnergy()), b = p.balance / 50;
        early.towards (wet * std::min (1.0f, 2 - b), frames);
        late.towards (wet * std::min (1.0f, b), frames);
        side.towards (0.5f * p.width / 100, frames);
        dry.towards (1 - p.mix / 100, frames);
    }

    double rate = 48000;
    Entrance entrance;
    dsp::Diffuser diffuser;
    dsp::Fdn network;
    dsp::FdnRows cloud {};
    dsp::FdnSums first {}, rest {};
    std::array<dsp::Ramp, dsp::Diffuser::steps> amount;
    dsp::Ramp early, late, side, dry, depth;
};

LACQUER_EFFECT (Reverb)

} // namespace lacquer::mix
