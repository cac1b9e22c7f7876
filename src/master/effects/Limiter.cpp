// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/PeakLimiter.h"
#include "engine/Effect.h"

namespace lacquer::master
{

/// The true-peak limiter of the master (dsp/PeakLimiter.h).
struct Limiter
{
    static constexpr std::string_view id = "limiter", name = "Limiter",
                                      help =
                                          "Keeps true peaks under the ceiling and makes the master louder.";

    template <typename T>
    struct Params
    {
        T gain = inDecibels<T> ("gain", "Gain", { -24, 24 }, 0, "Level change before the limiter.");
        T ceiling = inDecibels<T> ("ceiling", "Ceiling", { -12, 0 }, -1,
                                   "The true-peak level that the output does not exceed, in dBTP.");
        T lookahead =
            inMilliseconds<T> ("lookahead", "Lookahead",
                               { dsp::PeakLimiter::shortestLookahead, dsp::PeakLimiter::longestLookahead }, 5,
                               "Time over which the gain falls before a peak; it delays the sound.");
        T release = inMilliseconds<T> ("release", "Release", { 20, 2000 }, 200,
                                       "Time in which the gain comes back after sustained loudness.");
        T character = oneOf<T> ("character", "Character", "Smooth|Balanced|Fast", 1,
                                "Smooth keeps low notes clean, Fast is the loudest.");
        T link = inPercent<T> ("link", "Link", { 0, 100 }, 100,
                               "How much both channels share one gain; 100 % keeps the image still.");
    };

    void prepare (const engine::Format& f) { limiter.prepare (f.sampleRate, f.channels); }
    void reset() noexcept { limiter.reset(); }
    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        limiter.process (io.channels.data(), static_cast<int> (io.channels.size()), io.frames, valuesOf (p));
    }

    int latency (const Params<float>& p) const noexcept { return limiter.latency (valuesOf (p)); }
    Frames tail (const Params<float>& p) const noexcept { return latency (p); }
    Frames rest (const Params<float>& p) const noexcept { return limiter.rest (valuesOf (p)); }
    float reduction() const noexcept { return limiter.reduction(); }

private:
    static dsp::PeakLimiter::Values valuesOf (const Params<float>& p) noexcept
    {
        return { p.gain, p.ceiling, p.lookahead, p.release, p.character, p.link };
    }

    dsp::PeakLimiter limiter;
};

LACQUER_EFFECT (Limiter)

} // namespace lacquer::master
