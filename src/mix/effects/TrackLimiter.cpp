// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/PeakLimiter.h"
#include "dsp/Ramp.h"
#include "engine/Effect.h"

namespace lacquer::mix
{

/// The limiter of the master (dsp/PeakLimiter.h) as an insert: shorter at first, and with an output that can
/// take back what the gain adds.
struct TrackLimiter
{
    static constexpr std::string_view id = "track-limiter", name = "Limiter",
                                      help = "Keeps the peaks of a track or bus under a ceiling.";

    template <typename T>
    struct Params
    {
        T gain = inDecibels<T> ("gain", "Gain", { -24, 36 }, 0, "Level change before the limiter.");
        T ceiling = inDecibels<T> ("ceiling", "Ceiling", { -36, 0 }, -1,
                                   "The true-peak level that the output does not exceed, in dBTP.");
        T lookahead =
            inMilliseconds<T> ("lookahead", "Lookahead",
                               { dsp::PeakLimiter::shortestLookahead, dsp::PeakLimiter::longestLookahead }, 2,
                               "Time over which the gain falls before a peak; it delays the sound.");
        T release = inMilliseconds<T> ("release", "Release", { 20, 2000 }, 120,
                                       "Time in which the gain comes back after sustained loudness.");
        T character = oneOf<T> ("character", "Character", "Smooth|Balanced|Fast", 1,
                                "Smooth keeps low notes clean, Fast is the loudest.");
        T link = inPercent<T> ("link", "Link", { 0, 100 }, 100,
                               "How much both channels share one gain; 100 % keeps the image still.");
        T unity = onOff<T> ("unity", "Unity", false,
                            "Turns the output down by the gain, so that only the limiting is heard.");
    };

    void prepare (const engine::Format& f)
    {
        limiter.prepare (f.sampleRate, f.channels);
        reset();
    }

    void reset() noexcept
    {
        limiter.reset();
        output.forget();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const auto channels = static_cast<int> (io.channels.size());
        limiter.process (io.channels.data(), channels, io.frames, valuesOf (p));
        output.towards (isOn (p.unity) ? static_cast<float> (gainOf (Decibels { -p.gain })) : 1.0f,
                        io.frames);
        if (output.moves() || output.target() != 1)
            for (float* const x : io.channels)
                for (int n = 0; n < io.frames; ++n)
                    x[n] *= output[n];
    }

    int latency (const Params<float>& p) const noexcept { return limiter.latency (valuesOf (p)); }
    Frames tail (const Params<float>& p) const noexcept { return latency (p); }
    Frames rest (const Params<float>& p) const noexcept { return limiter.rest (valuesOf (p)); }
    float reduction() const noexcept { return limiter.reduction(); } ///< [any thread]

private:
    static dsp::PeakLimiter::Values valuesOf (const Params<float>& p) noexcept
    {
        return { p.gain, p.ceiling, p.lookahead, p.release, p.character, p.link };
    }

    dsp::PeakLimiter limiter;
    dsp::Ramp output;
};

LACQUER_EFFECT (TrackLimiter)

} // namespace lacquer::mix
