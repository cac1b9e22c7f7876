// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/FixedString.h"
#include "dsp/Crossover.h"
#include "dsp/FastMath.h"
#include "dsp/Finite.h"
#include "dsp/Ramp.h"
#include "engine/Effect.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>

namespace lacquer::master
{

/// A compressor for each of four bands, both sides linked. Feed-forward with quadratic knee and branching
/// ballistics on the gain reduction in dB (Giannoulis, Massberg, Reiss, JAES 60(6), 2012); the bands add up
/// to an allpass when none is reduced (dsp/Crossover.h).
struct Multiband
{
    static constexpr std::string_view id = "multiband", name = "Multiband compressor",
                                      help = "Evens out the level of four bands, each by itself.";

    template <typename T, FixedString n>
    struct Band
    {
        T on = onOff<T> (joined<"band", n, ".on">, joined<"Band ", n>, true,
                         "Turns compression and gain of the band on.");
        T threshold = inDecibels<T> (joined<"band", n, ".threshold">, joined<"Band ", n, " threshold">,
                                     { -60, 0 }, -20, "Level above which the band is reduced.");
        T ratio = asRatio<T> (joined<"band", n, ".ratio">, joined<"Band ", n, " ratio">, { 1, 20 }, 2,
                              "Rise of the input for 1 dB more of the output.");
        T attack = inMilliseconds<T> (joined<"band", n, ".attack">, joined<"Band ", n, " attack">,
                                      { 0.1f, 200 }, 20, "Time in which 63% of a reduction arrives.");
        T release = inMilliseconds<T> (joined<"band", n, ".release">, joined<"Band ", n, " release">,
                                       { 10, 2000 }, 150, "Time in which 63% of a reduction goes away.");
        T gain = inDecibels<T> (joined<"band", n, ".gain">, joined<"Band ", n, " gain">, { -18, 18 }, 0,
                                "Level of the band after compression.");
    };

    template <typename T>
    struct Params
    {
        T lowSplit =
            inHertz<T> ("low-split", "Low split", { 30, 600 }, 120, "Border of the first and second band.");
        T midSplit = inHertz<T> ("mid-split", "Mid split", { 200, 6000 }, 1200,
                                 "Border of the second and third band.");
        T highSplit = inHertz<T> ("high-split", "High split", { 1500, 16000 }, 6000,
                                  "Border of the third and fourth band.");
        T knee = inDecibels<T> ("knee", "Knee", { 0, 24 }, 6,
                                "Range around the threshold in which the ratio sets in.");
        Band<T, "1"> band1;
        Band<T, "2"> band2;
        Band<T, "3"> band3;
        Band<T, "4"> band4;
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        reset();
    }

    void reset() noexcept
    {
        for (auto& c : crossover)
            c.reset();
        for (auto& pole : poles)
            pole.forget();
        for (auto& v : voice)
        {
            v.reduction = 0;
            for (auto* r : { &v.amount, &v.makeup, &v.threshold, &v.slope })
                r->forget();
        }
        knee.forget();
        shown.store (0, std::memory_order_relaxed);
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames;
        const auto bands = bandsOf (p);
        const double splits[] { p.lowSplit, std::max (p.lowSplit, p.midSplit),
                                std::max ({ p.lowSplit, p.midSplit, p.highSplit }) };
        for (std::size_t s = 0; s < 3; ++s)
            poles[s].towards (splits[s], rate, frames);
        knee.towards (std::max (p.knee, 0.01f), frames); // a corner is a knee too narrow to see
        for (std::size_t b = 0; b < 4; ++b)
        {
            auto& v = voice[b];
            v.threshold.towards (bands[b].threshold, frames);
            v.slope.towards (1 - 1 / bands[b].ratio, frames);
            v.makeup.towards (bands[b].gain, frames);
            v.amount.towards (isOn (bands[b].on) ? 1.0f : 0.0f, frames);
            v.attack = 1 - std::exp (-1000 / (bands[b].attack * rate));
            v.release = 1 - std::exp (-1000 / (bands[b].release * rate));
        }

        const std::size_t channels = io.channels.size();
        float most = 0;
        for (int n = 0; n < frames; ++n)
        {
            std::array<std::array<double, 3>, 3> a;
            for (std::size_t s = 0; s < 3; ++s)
                a[s] = poles[s].at (n);
            std::array<std::array<double, 4>, 2> split {};
            for (std::size_t c = 0; c < channels; ++c)
                split[c] = crossover[c](static_cast<double> (dsp::finite (io.channels[c][n])), a);

            double sum[2] {};
            const float w = knee[n];
            for (std::size_t b = 0; b < 4; ++b)
            {
                auto& v = voice[b];
                const auto peak =
                    static_cast<float> (std::max (std::abs (split[0][b]), std::abs (split[1][b])));

                // Giannoulis et al. eq. 4 without branches: u above the foot of the knee, t inside it.
                const float level = dsp::fastDecibels (std::max (peak, 1e-9f));
                const float u = std::max (level - v.threshold[n] + w / 2, 0.0f), t = std::min (u, w);
                const double wanted = static_cast<double> (v.slope[n] * (t * t / (2 * w) + u - t));
                v.reduction += (wanted > v.reduction ? v.attack : v.release) * (wanted - v.reduction);

                const float change = v.amount[n] * (v.makeup[n] - static_cast<float> (v.reduction));
                const double gain = dsp::fastGain (change);
                most = std::max (most, v.amount[n] * static_cast<float> (v.reduction));
                for (std::size_t c = 0; c < channels; ++c)
                    sum[c] += gain * split[c][b];
            }
            for (std::size_t c = 0; c < channels; ++c)
                io.channels[c][n] = static_cast<float> (sum[c]);
        }
        shown.store (most, std::memory_order_relaxed);
    }

    /// Largest reduction of the last block over the four bands, in dB. [any thread]
    float reduction() const noexcept { return shown.load (std::memory_order_relaxed); }

    /// The fall of the lowest crossover by 120 dB: four Butterworth sections at most, one after the other.
    Frames tail (const Params<float>& p) const noexcept
    {
        return framesIn (Seconds { 4 * 13.8 / (4.4 * p.lowSplit) }, rate); // 2 pi/sqrt (2) = 4.4
    }

private:
    struct Values // the members of Band<float, n>
    {
        float on, threshold, ratio, attack, release, gain;
    };
    static std::array<Values, 4> bandsOf (const Params<float>& p) noexcept
    {
        return { std::bit_cast<Values> (p.band1), std::bit_cast<Values> (p.band2),
                 std::bit_cast<Values> (p.band3), std::bit_cast<Values> (p.band4) };
    }

    struct Voice
    {
        double reduction = 0, attack = 1, release = 1;
        dsp::Ramp amount, makeup, threshold, slope;
    };

    double rate = 48000;
    std::array<dsp::Crossover4, 2> crossover;
    std::array<dsp::ButterworthPole, 3> poles;
    std::array<Voice, 4> voice;
    dsp::Ramp knee;
    std::atomic<float> shown { 0 };
};

LACQUER_EFFECT (Multiband)

} // namespace lacquer::master
