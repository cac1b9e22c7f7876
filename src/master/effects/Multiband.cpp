// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/FixedString.h"
#include "dsp/Crossover.h"
#include "dsp/FastMath.h"
#include "dsp/kernels/Bands.h"
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
        memory = {};
        for (auto& pole : poles)
            pole.forget();
        known = false;
        shown.store (0, std::memory_order_relaxed);
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        follow (p, io.frames);
        std::array<dsp::kernels::BandPoles, engine::quantum> corners;
        const bool moving = std::any_of (poles.begin(), poles.end(), [] (auto& c) { return c.moves(); });
        for (int n = 0; n < (moving ? io.frames : 1); ++n)
            corners[static_cast<std::size_t> (n)] = { poles[0].at (n), poles[1].at (n), poles[2].at (n) };

        float other[engine::quantum];
        float *const left = io.channels[0], *right = other;
        if (io.channels.size() == 2)
            right = io.channels[1];
        else
            std::copy_n (left, io.frames, other);
        const float most =
            dsp::kernels::runBands (memory, corners.data(), moving, dynamics, left, right, io.frames);
        shown.store (most * static_cast<float> (1 / dsp::octavesPerDb), std::memory_order_relaxed);
    }

    /// Largest reduction of the last block over the four bands, in dB. [any thread]
    float reduction() const noexcept { return shown.load (std::memory_order_relaxed); }

    /// The fall of the lowest crossover by 120 dB: four Butterworth sections at most, one after the other.
    Frames tail (const Params<float>& p) const noexcept
    {
        return framesIn (Seconds { 4 * 13.8 / (4.4 * p.lowSplit) }, rate); // 2 pi/sqrt (2) = 4.4
    }
    /// Then the slowest release has come back by 14 time constants: 1e-6 of the reduction is left.
    Frames rest (const Params<float>& p) const noexcept
    {
        float slowest = 0;
        for (const auto& b : bandsOf (p))
            slowest = std::max (slowest, b.release);
        return tail (p) + framesIn (Seconds { 14 * slowest / 1000.0 }, rate);
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

    /// Takes over the values to be reached after `frames` frames.
    void follow (const Params<float>& p, int frames) noexcept
    {
        using Bits = std::array<std::uint32_t, sizeof (Params<float>) / 4>;
        const bool same = known && std::bit_cast<Bits> (p) == std::bit_cast<Bits> (values);
        if (same && ! ramping)
            return;
        const double splits[] { p.lowSplit, std::max (p.lowSplit, p.midSplit),
                                std::max ({ p.lowSplit, p.midSplit, p.highSplit }) };
        for (std::size_t s = 0; s < 3; ++s)
            poles[s].towards (splits[s], rate, frames);

        constexpr auto octaves = static_cast<float> (dsp::octavesPerDb);
        const float knee = std::max (p.knee, 0.01f) * octaves; // a corner is a knee too narrow to see
        auto& d = dynamics;
        dsp::kernels::BandRamp* const ramps[] { &d.offset, &d.knee, &d.slope, &d.bend, &d.makeup, &d.weight };
        ramping = false;
        for (std::size_t b = 0; b < 4; ++b)
        {
            const Values v = bandsOf (p)[b];
            const float slope = 1 - 1 / v.ratio;
            const float wanted[] {
                knee / 2 - v.threshold * octaves, knee, slope, slope / (2 * knee), v.gain * octaves,
                isOn (v.on) ? 1.0f : 0.0f
            };
            for (std::size_t r = 0; r < 6; ++r)
            {
                ramps[r]->start[b] = known ? reached[r][b] : wanted[r];
                ramps[r]->step[b] = (wanted[r] - ramps[r]->start[b]) / static_cast<float> (frames);
                reached[r][b] = wanted[r];
                ramping = ramping || ramps[r]->step[b] != 0;
            }
            if (! same)
            {
                d.attack[b] = 1 - std::exp (-1000 / (v.attack * rate));
                d.release[b] = 1 - std::exp (-1000 / (v.release * rate));
            }
        }
        ramping = ramping || std::any_of (poles.begin(), poles.end(), [] (auto& c) { return c.moves(); });
        values = p;
        known = true;
    }

    double rate = 48000;
    dsp::kernels::BandMemory memory;
    dsp::kernels::BandDynamics dynamics;
    std::array<dsp::ButterworthPole, 3> poles;
    Params<float> values;
    float reached[6][4] {};              // where the ramps of the last block ended
    bool known = false, ramping = false; // whether there was a block, and whether anything moved in it
    std::atomic<float> shown { 0 };
};

LACQUER_EFFECT (Multiband)

} // namespace lacquer::master
