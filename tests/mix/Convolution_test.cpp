// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Rig.h"
#include "mix/Catalogue.h"
#include "mix/Impulses.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <hwy/highway.h>
#include <xmmintrin.h>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

const engine::EffectType& effect (std::string_view id)
{
    const auto& all = mix::catalogue();
    return *std::find_if (all.begin(), all.end(), [&] (const auto& t) { return t.id == id; });
}

double energyOf (const std::vector<float>& x, std::size_t from = 0)
{
    double sum = 0;
    for (std::size_t n = from; n < x.size(); ++n)
        sum += static_cast<double> (x[n]) * static_cast<double> (x[n]);
    return sum;
}

/// Of a from b, in dB below the louder of the two.
double difference (const Sound& a, const Sound& b, std::size_t from = 0)
{
    double error = 0, level = 0;
    for (std::size_t c = 0; c < a.size(); ++c)
    {
        for (std::size_t n = from; n < a[c].size(); ++n)
            error += std::pow (static_cast<double> (a[c][n]) - static_cast<double> (b[c][n]), 2);
        level += std::max (energyOf (a[c], from), energyOf (b[c], from));
    }
    return 10 * std::log10 (error / level + 1e-30);
}

/// T30 of ISO 3382 of a whole response: twice the time from -5 to -35 dB on Schroeder's curve.
double t30 (const std::vector<float>& h, double rate)
{
    double sum = 0;
    const double all = energyOf (h);
    std::size_t five = 0, thirtyFive = 0;
    for (std::size_t n = h.size(); n-- > 0;)
    {
        sum += static_cast<double> (h[n]) * static_cast<double> (h[n]);
        if (sum < all * std::pow (10, -3.5))
            thirtyFive = n;
        if (sum < all * std::pow (10, -0.5))
            five = n;
    }
    return 2 * static_cast<double> (thirtyFive - five) / rate;
}

} // namespace

TEST_CASE ("a click through the convolution is the impulse, at once, with unit energy")
{
    // The cuts at their widest are left in: of a white spectrum, what lies above 20 kHz is 0.8 dB.
    for (int k = 0; k < mix::impulseCount; ++k)
    {
        Rig rig (effect ("convolution"), 48000, 2);
        rig.set ("impulse", static_cast<float> (k));
        rig.set ("low-cut", 10);
        rig.set ("high-cut", 20000);
        const auto out = rig.run (impulse (2, 48000 * 4));
        INFO (k << ": " << 10 * std::log10 ((energyOf (out[0]) + energyOf (out[1])) / 2) << " dB");
        CHECK (10 * std::log10 ((energyOf (out[0]) + energyOf (out[1])) / 2) == Approx (-0.5).margin (0.6));

        // How alike they are: the cosine of the angle between response and impulse.
        const auto room = mix::impulseOf (k, 48000);
        for (int c = 0; c < 2; ++c)
        {
            const auto& y = out[static_cast<std::size_t> (c)];
            double product = 0, length = 0;
            for (int n = 0; n < room->frames(); ++n)
            {
                const auto h = static_cast<double> (room->channel (c)[n]);
                product += h * static_cast<double> (y[static_cast<std::size_t> (n)]);
                length += h * h;
            }
            CHECK (product / std::sqrt (length * energyOf (y)) > 0.9);
        }
    }
}

TEST_CASE ("noise comes out of every room, at every length, as loud as it went in")
{
    for (int k = 0; k < mix::impulseCount; ++k)
        for (float length : { 10.0f, 50.0f, 100.0f })
        {
            Rig rig (effect ("convolution"), 48000, 2);
            rig.set ("impulse", static_cast<float> (k));
            rig.set ("length", length);
            const auto in = noise (2, 48000 * 6, 0.5f), out = rig.run (in);
            const std::size_t from = 48000 * 3;
            const double level = 10 * std::log10 ((energyOf (out[0], from) + energyOf (out[1], from)) /
                                                  (energyOf (in[0], from) + energyOf (in[1], from)));
            INFO (k << " at " << length << " %: " << level << " dB");
            CHECK (level == Approx (0).margin (1.5));
        }
}

TEST_CASE ("a room dies away by 75 dB in its length, at every rate")
{
    // 60/75 of the length, shorter where lows or highs die faster than the middle: within a fifth.
    for (double rate : { 44100.0, 48000.0, 96000.0 })
        for (int k : { 0, 1, 2, 3, 5 })
            for (float length : { 25.0f, 100.0f })
            {
                Rig rig (effect ("convolution"), rate, 1);
                rig.set ("impulse", static_cast<float> (k));
                rig.set ("length", length);
                const auto h = rig.run (impulse (1, static_cast<int> (4 * rate)))[0];
                const double want = 0.8 * mix::impulseSeconds (k) * length / 100.0;
                INFO (k << " at " << length << " %, " << rate << " Hz: " << t30 (h, rate) << " s");
                CHECK (t30 (h, rate) == Approx (want).epsilon (0.2));
            }
}

TEST_CASE ("the two sides of a room differ and neither sound leaks to the other")
{
    Rig rig (effect ("convolution"), 48000, 2);
    auto in = noise (2, 20000, 0.5f);
    std::fill (in[1].begin(), in[1].end(), 0.0f);
    CHECK (energyOf (rig.run (in)[1]) == 0);
    rig.reset();
    in[1] = in[0];
    const auto out = rig.run (in);
    double product = 0;
    for (std::size_t n = 0; n < out[0].size(); ++n)
        product += static_cast<double> (out[0][n]) * static_cast<double> (out[1][n]);
    CHECK (std::abs (product) / std::sqrt (energyOf (out[0]) * energyOf (out[1])) < 0.3);
}

TEST_CASE ("a room that was turned to while sounding ends as one that was there from the start")
{
    // Three turns, closer together than the rooms ring; when the last of the old sound is gone, a second
    // instance that never had another room is the oracle. The blocks are counted from other frames.
    Rig rig (effect ("convolution"), 48000, 2), other (effect ("convolution"), 48000, 2);
    for (auto* r : { &rig, &other })
        r->set ("impulse", 5);
    const auto in = noise (2, 48000 * 5, 0.5f);
    const auto out = rig.run (
        in, [] (Frames) { return 64; },
        [] (Frames at, std::vector<float>& values) {
            values[0] = at < 6400 ? 2.0f : at < 9600 ? 3.0f : at < 9728 ? 0.0f : at < 19200 ? 1.0f : 5.0f;
        });
    CHECK (difference (out, other.run (in), 48000 * 4) < -110);
}

TEST_CASE ("reverb and convolution sound the same with every instruction set")
{
    const auto before = _mm_getcsr();
    _mm_setcsr (before | 0x8040); // as in the engine
    const auto supported = hwy::SupportedTargets();
    // The kinds of reverb, then the convolution.
    for (float kind : { 0.0f, 1.0f, 2.0f, 3.0f, -1.0f })
    {
        const std::string_view id = kind < 0 ? "convolution" : "reverb";
        const auto at = [&] (std::int64_t targets)
        {
            hwy::SetSupportedTargetsForTest (targets);
            hwy::GetChosenTarget().Update (hwy::SupportedTargets());
            Rig rig (effect (id), 48000, 2);
            rig.set ("diffusion", 70);
            rig.set ("type", std::max (0.0f, kind));
            auto out = rig.run (noise (2, 72000, 0.5f));
            hwy::SetSupportedTargetsForTest (0);
            hwy::GetChosenTarget().Update (hwy::SupportedTargets());
            return out;
        };
        const auto sse = at (HWY_SSE4);
        if ((supported & HWY_AVX2) == 0)
            continue;
        const auto avx2 = at (HWY_AVX2);
        INFO (id << " " << kind << ": " << difference (sse, avx2) << " dB");
        CHECK (difference (sse, avx2) < -110); // without fused operations
        if ((supported & HWY_AVX3) != 0)
            CHECK (avx2 == at (HWY_AVX3));
    }
    _mm_setcsr (before);
}
