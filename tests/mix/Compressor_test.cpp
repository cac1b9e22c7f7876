// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Rig.h"
#include "mix/Catalogue.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <hwy/highway.h>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

const engine::EffectType& compressor()
{
    const auto& all = mix::catalogue();
    return *std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "compressor"; });
}

/// Alternating signs at a level in dB: the magnitude is the level at every frame.
std::vector<float> steady (int frames, double level)
{
    std::vector<float> out (static_cast<std::size_t> (frames));
    const auto a = static_cast<float> (std::pow (10, level / 20));
    for (std::size_t n = 0; n < out.size(); ++n)
        out[n] = n % 2 ? -a : a;
    return out;
}

/// Giannoulis, Massberg, Reiss (2012), eq. 4: what is taken off a level, in dB.
double reductionAt (double level, double threshold, double ratio, double knee)
{
    const double over = level - threshold;
    if (2 * over <= -knee)
        return 0;
    if (2 * over < knee)
        return (1 - 1 / ratio) * (over + knee / 2) * (over + knee / 2) / (2 * knee);
    return (1 - 1 / ratio) * over;
}

/// The effect in double precision from the paper: eq. 4, then eq. 17 (branching, in dB) on each channel.
std::vector<std::vector<double>> written (const Sound& in, const Sound& key, double rate, double threshold,
                                          double ratio, double knee, double attack, double release,
                                          double makeup, double link, double mix)
{
    std::vector<std::vector<double>> out;
    for (const auto& c : in)
        out.emplace_back (c.begin(), c.end());
    double state[2] {};
    for (std::size_t n = 0; n < in[0].size(); ++n)
    {
        double wanted[2];
        for (std::size_t c = 0; c < 2; ++c)
            wanted[c] =
                reductionAt (20 * std::log10 (std::max (std::abs (static_cast<double> (key[c][n])), 1e-9)),
                             threshold, ratio, knee);
        const double most = std::max (wanted[0], wanted[1]);
        for (std::size_t c = 0; c < 2; ++c)
        {
            const double target = wanted[c] + link * (most - wanted[c]);
            const double time = target > state[c] ? attack : release;
            state[c] += (1 - std::exp (-1 / (time * rate))) * (target - state[c]);
            out[c][n] *= 1 - mix + mix * std::pow (10, (makeup - state[c]) / 20);
        }
    }
    return out;
}

/// Runs with a sidechain, in blocks of a cut.
Sound keyed (Rig& rig, Sound io, Sound key, int cut)
{
    const auto frames = static_cast<int> (io[0].size());
    for (int at = 0; at < frames; at += cut)
    {
        float* channels[2] { io.front().data() + at, io.back().data() + at };
        const float* side[2] { key.front().data() + at, key.back().data() + at };
        rig.effect->process (
            { { channels, io.size() }, { side, key.size() }, std::min (cut, frames - at), {} }, rig.values);
    }
    return io;
}

double decibels (double x)
{
    return 20 * std::log10 (x);
}

} // namespace

TEST_CASE ("the compressor holds its static curve within 0.001 dB")
{
    for (double knee : { 0.0, 6.0, 24.0 })
        for (double ratio : { 1.0, 2.0, 20.0 })
            for (double level : { -50.0, -30.0, -26.5, -24.0, -21.5, -12.0, 0.0, 6.0 })
            {
                Rig rig (compressor(), 48000, 2);
                rig.set ("threshold", -24);
                rig.set ("ratio", static_cast<float> (ratio));
                rig.set ("knee", static_cast<float> (knee));
                rig.set ("attack", 0.1f);
                rig.set ("makeup", 3);
                const auto in = steady (4800, level);
                const auto out = rig.run ({ in, in });
                const double want = reductionAt (level, -24, ratio, std::max (knee, 0.01));
                INFO (level << " dB, " << ratio << ":1, knee " << knee);
                CHECK (decibels (out[0].back() / in.back()) == Approx (3 - want).margin (0.001));
                CHECK (rig.effect->reduction() == Approx (want).margin (0.001));
            }
}

TEST_CASE ("attack and release take the time they tell, frame by frame")
{
    // A step of the level moves the reduction in dB by 1 - exp (-t / time), and back by exp (-t / time).
    for (double rate : { 44100.0, 192000.0 })
    {
        Rig rig (compressor(), rate, 1);
        rig.set ("threshold", -20);
        rig.set ("ratio", 20);
        rig.set ("knee", 0);
        rig.set ("attack", 5);
        rig.set ("release", 50);
        const int loud = static_cast<int> (0.1 * rate), quiet = static_cast<int> (0.2 * rate);
        auto in = steady (loud, 0);
        const auto low = steady (quiet, -30);
        in.insert (in.end(), low.begin(), low.end());
        const auto out = rig.run ({ in })[0];
        double worst = 0;
        const double full = 19 * (1 - std::exp (-loud / (0.005 * rate)));
        for (int n = 0; n < loud + quiet; ++n)
        {
            const double want = n < loud ? 19 * (1 - std::exp (-(n + 1) / (0.005 * rate)))
                                         : full * std::exp (-(n + 1 - loud) / (0.05 * rate));
            const auto at = static_cast<std::size_t> (n);
            worst = std::max (worst, std::abs (decibels (out[at] / in[at]) + want));
        }
        INFO (rate << " Hz: " << worst << " dB");
        CHECK (worst < 0.001);
    }
}

TEST_CASE ("the compressor is the paper's, with link, mix and sidechain, to -110 dB")
{
    for (double link : { 0.0, 0.6, 1.0 })
        for (bool sidechain : { false, true })
        {
            Rig rig (compressor(), 48000, 2);
            rig.set ("threshold", -30);
            rig.set ("ratio", 3);
            rig.set ("knee", 10);
            rig.set ("attack", 2);
            rig.set ("release", 80);
            rig.set ("makeup", 4);
            rig.set ("link", static_cast<float> (100 * link));
            rig.set ("mix", 75);
            auto in = noise (2, 30000, 0.5f), key = noise (2, 30000, 0.3f, 5);
            for (std::size_t n = 0; n < in[0].size(); ++n)
            {
                const auto swell = static_cast<float> (0.5 + 0.5 * std::sin (static_cast<double> (n) / 2000));
                in[0][n] *= swell;
                in[1][n] *= 0.2f;
                key[1][n] *= 1 - swell;
            }
            const auto out = sidechain ? keyed (rig, in, key, 64) : rig.run (in);
            const auto want =
                written (in, sidechain ? key : in, 48000, -30, 3, 10, 0.002, 0.08, 4, link, 0.75);
            double worst = 0;
            for (std::size_t c = 0; c < 2; ++c)
                for (std::size_t n = 0; n < out[c].size(); ++n)
                    worst = std::max (worst, std::abs (out[c][n] - want[c][n]));
            INFO ("link " << link << ", sidechain " << sidechain << ": " << worst);
            CHECK (worst < 3e-6);
        }
}

TEST_CASE ("a mono sidechain drives both sides, a stereo one a mono sound by its louder side")
{
    Rig one (compressor(), 48000, 2), two (compressor(), 48000, 2), mono (compressor(), 48000, 1);
    const auto in = noise (2, 10000, 0.5f), key = noise (1, 10000, 0.8f, 3);
    auto half = key[0];
    for (auto& x : half)
        x /= 2;
    const auto a = keyed (one, in, key, 64);
    CHECK (a == keyed (two, in, { key[0], half }, 64));
    CHECK (keyed (mono, { in[0] }, { half, key[0] }, 64)[0] == a[0]);
}

TEST_CASE ("the sidechain's cut into blocks changes no bit")
{
    Rig a (compressor(), 48000, 2), b (compressor(), 48000, 2);
    const auto in = noise (2, 9000, 0.5f), key = noise (2, 9000, 0.8f, 3);
    CHECK (keyed (a, in, key, 64) == keyed (b, in, key, 7));
}

TEST_CASE ("AVX2 and AVX-512 give the compressor's same bits, SSE4 the same sound")
{
    const auto supported = hwy::SupportedTargets();
    const auto on = [] (std::int64_t targets)
    {
        hwy::SetSupportedTargetsForTest (targets);
        hwy::GetChosenTarget().Update (hwy::SupportedTargets());
        Rig rig (compressor(), 48000, 2);
        rig.set ("threshold", -30);
        rig.set ("link", 40);
        auto out = rig.run (
            noise (2, 30000, 0.5f), [] (Frames at) { return 1 + static_cast<int> (at % 64); },
            [&] (Frames at, std::vector<float>&) { rig.set ("makeup", static_cast<float> (at % 7)); });
        hwy::SetSupportedTargetsForTest (0);
        hwy::GetChosenTarget().Update (hwy::SupportedTargets());
        return out;
    };
    const auto sse = on (HWY_SSE4);
    if ((supported & HWY_AVX2) == 0)
        return;
    const auto avx2 = on (HWY_AVX2);
    float apart = 0;
    for (std::size_t n = 0; n < sse[0].size(); ++n)
        apart = std::max (apart, std::abs (sse[0][n] - avx2[0][n]));
    CHECK (apart < 3e-6f); // -110 dB
    if ((supported & HWY_AVX3) != 0)
        CHECK (on (HWY_AVX3) == avx2);
}
