// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Fdn.h"
#include "dsp/Finite.h"
#include "dsp/Ramp.h"
#include "dsp/kernels/Shaper.h"
#include "engine/Effect.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace lacquer::mix
{

/// Cuts peaks off at a ceiling, with a corner or a bend, at up to eight times the rate
/// (dsp/kernels/Shaper.h). What the filters on the way down put above the ceiling again is cut off at the
/// rate itself.
struct Clipper
{
    static constexpr std::string_view id = "clipper", name = "Clipper",
                                      help = "Cuts short peaks off, so that the rest can be louder.";

    template <typename T>
    struct Params
    {
        T gain = inDecibels<T> ("gain", "Gain", { -12, 36 }, 0, "Level into the clipper.");
        T ceiling = inDecibels<T> ("ceiling", "Ceiling", { -36, 0 }, -1,
                                   "The sample peak that the output does not exceed.");
        T softness = inPercent<T> ("softness", "Softness", { 0, 100 }, 20,
                                   "How far under the ceiling the bend begins; 0 is a corner.");
        T oversampling = oneOf<T> ("oversampling", "Oversampling", "2x|4x|8x", 1,
                                   "Higher rates fold less of the cut treble back.");
        T unity = onOff<T> ("unity", "Unity", false,
                            "Turns the output down by the gain, so that only the clipping is heard.");
        T mix = inPercent<T> ("mix", "Mix", { 0, 100 }, 100, "Share of the clipped sound in the output.");
    };

    void prepare (const engine::Format&)
    {
        for (int c = 0; c < 2; ++c)
            for (auto* line : { &dry[c], &driven[c] })
                line->prepare (dsp::kernels::Shaper::delay (dsp::kernels::Shaper::mostStages) +
                               engine::quantum);
        reset();
    }

    void reset() noexcept
    {
        clip.reset();
        for (int c = 0; c < 2; ++c)
        {
            dry[c].clear();
            driven[c].clear();
        }
        for (auto* r : { &gain, &ceiling, &output, &mix })
            r->forget();
        shown.store (0, std::memory_order_relaxed);
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames, stages = stagesOf (p);
        const auto channels = static_cast<int> (io.channels.size());
        const auto top = static_cast<float> (gainOf (Decibels { p.ceiling }));
        gain.towards (static_cast<float> (gainOf (Decibels { p.gain })), frames);
        ceiling.towards (top, frames);
        output.towards (isOn (p.unity) ? static_cast<float> (gainOf (Decibels { -p.gain })) : 1.0f, frames);
        mix.towards (p.mix / 100, frames);

        float into[2][engine::quantum], added[2][engine::quantum];
        for (int c = 0; c < channels; ++c)
        {
            float* const x = io.channels[static_cast<std::size_t> (c)];
            dsp::makeFinite (x, frames);
            for (int n = 0; n < frames; ++n)
                added[c][n] = into[c][n] = gain[n] * x[n];
        }
        // From a thousandth of the ceiling, which nobody tells from a corner, to all of it.
        const float width = top * std::max (2 * p.softness / 100, 0.002f);
        clip.process (stages, { top - width / 2, width }, added[0], added[1], channels, frames);

        const int delay = latency (p);
        float most = 1;
        for (int c = 0; c < channels; ++c)
        {
            float* const x = io.channels[static_cast<std::size_t> (c)];
            dry[c].write (x, frames);
            driven[c].write (into[c], frames);
            dry[c].read (x, delay, frames);
            driven[c].read (into[c], delay, frames);
            for (int n = 0; n < frames; ++n)
            {
                const float y = std::clamp (into[c][n] + added[c][n], -ceiling[n], ceiling[n]);
                most = std::max (most, std::abs (into[c][n]) / ceiling[n]);
                x[n] += mix[n] * (output[n] * y - x[n]);
            }
        }
        shown.store (static_cast<float> (decibelsOf (static_cast<double> (most)).value),
                     std::memory_order_relaxed);
    }

    int latency (const Params<float>& p) const noexcept { return dsp::kernels::Shaper::delay (stagesOf (p)); }
    Frames tail (const Params<float>& p) const noexcept { return 2 * latency (p); }

    /// How far the highest peak of the last block lay above the ceiling, in dB. [any thread]
    float reduction() const noexcept { return shown.load (std::memory_order_relaxed); }

private:
    static int stagesOf (const Params<float>& p) noexcept
    {
        return 1 + static_cast<int> (std::clamp (std::lround (p.oversampling), 0L, 2L));
    }

    dsp::kernels::Clip clip;
    dsp::BlockDelay dry[2], driven[2];
    dsp::Ramp gain, ceiling, output, mix;
    std::atomic<float> shown { 0 };
};

LACQUER_EFFECT (Clipper)

} // namespace lacquer::mix
