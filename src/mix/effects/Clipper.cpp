// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Dip.h"
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
        T gain = inDecibels<T> ("gain", "Gain", { -12, 18 }, 0, "Level into the clipper.");
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

    void prepare (const engine::Format& f)
    {
        for (int c = 0; c < 2; ++c)
            for (auto* line : { &dry[c], &driven[c], &late[c] })
                line->prepare (dsp::kernels::Shaper::delay (dsp::kernels::Shaper::mostStages) + Guard::reach +
                               engine::quantum);
        dip.prepare (f.sampleRate);
        reset();
    }

    void reset() noexcept
    {
        clip.reset();
        dip.reset();
        for (int c = 0; c < 2; ++c)
        {
            dry[c].clear();
            driven[c].clear();
            late[c].clear();
            guard[c] = {};
        }
        for (auto* r : { &gain, &ceiling, &output, &mix })
            r->forget();
        shown.store (0, std::memory_order_relaxed);
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames, stages = dip.towards (stagesOf (p));
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

        const int delay = dsp::kernels::Shaper::delay (stages);
        float most = 1;
        for (int c = 0; c < channels; ++c)
        {
            float* const x = io.channels[static_cast<std::size_t> (c)];
            dry[c].write (x, frames);
            driven[c].write (into[c], frames);
            dry[c].read (x, delay + Guard::reach, frames);
            driven[c].read (into[c], delay, frames);
            float* const y = added[c];
            float gains[engine::quantum];
            for (int n = 0; n < frames; ++n)
            {
                most = std::max (most, std::abs (into[c][n]) / ceiling[n]);
                y[n] += into[c][n];
                gains[n] = guard[c](ceiling[n] / std::max (ceiling[n], std::abs (y[n])));
            }
            late[c].write (y, frames);
            late[c].read (y, Guard::reach, frames);
            for (int n = 0; n < frames; ++n)
            {
                const float held = std::clamp (gains[n] * y[n], -ceiling[n], ceiling[n]); // of rounding
                x[n] += mix[n] * (output[n] * held - x[n]);
            }
            for (int n = 0; n < frames && dip.active(); ++n)
                x[n] *= dip[n];
        }
        dip.advance (frames);
        shown.store (static_cast<float> (decibelsOf (static_cast<double> (most)).value),
                     std::memory_order_relaxed);
    }

    int latency (const Params<float>& p) const noexcept
    {
        return dsp::kernels::Shaper::delay (stagesOf (p)) + Guard::reach;
    }
    Frames tail (const Params<float>& p) const noexcept { return 2 * latency (p); }

    /// How far the highest peak of the last block lay above the ceiling, in dB. [any thread]
    float reduction() const noexcept { return shown.load (std::memory_order_relaxed); }

private:
    /// From the gain that each frame needs to one for the frame `reach` ago: the average over the minimum,
    /// both of reach + 1 frames, so that it is low enough and without a corner. One, exactly, at rest.
    class Guard
    {
    public:
        static constexpr int reach = 32;

        Guard() noexcept
        {
            std::fill (std::begin (needed), std::end (needed), 1.0f);
            std::fill (std::begin (lowest), std::end (lowest), 1.0f);
        }

        float operator() (float need) noexcept
        {
            if (need < 1)
                left = 2 * (reach + 1);
            if (left == 0)
                return 1;
            --left;
            needed[at] = need;
            lowest[at] = *std::min_element (std::begin (needed), std::end (needed));
            at = at == reach ? 0 : at + 1;
            double sum = 0;
            for (float x : lowest)
                sum += static_cast<double> (x);
            return static_cast<float> (sum / (reach + 1));
        }

    private:
        float needed[reach + 1], lowest[reach + 1];
        int at = 0, left = 0; // frames until both hold nothing but ones
    };

    static int stagesOf (const Params<float>& p) noexcept
    {
        return 1 + static_cast<int> (std::clamp (std::lround (p.oversampling), 0L, 2L));
    }

    dsp::kernels::Clip clip;
    dsp::BlockDelay dry[2], driven[2], late[2];
    Guard guard[2];
    dsp::Ramp gain, ceiling, output, mix;
    dsp::Dip dip; // where the oversampling changes
    std::atomic<float> shown { 0 };
};

LACQUER_EFFECT (Clipper)

} // namespace lacquer::mix
