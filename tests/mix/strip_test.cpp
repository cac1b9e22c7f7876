// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/kernels/Strip.h"
#include "engine/FlushDenormals.h"
#include "mix/StripSession.h"

#include <catch2/catch.hpp>
#include <hwy/targets.h>
#include <limits>

using namespace lacquer;
using namespace lacquer::mix;

TEST_CASE ("64 strips differ from the double-precision twin by less than -110 dB")
{
    // Issue: mix error at most -110 dB from 44.1 to 96 kHz, -100 dB at 192 kHz. Oracle: ReferenceStrip, plain
    // double arithmetic and libm. The error is measured relative to the RMS of the mix.
    for (const double rate : { 44100.0, 48000.0, 88200.0, 96000.0, 192000.0 })
    {
        const int frames = static_cast<int> (rate) / 64 * 64;
        auto s = randomSession (64, frames, rate);
        const auto out = s.play (frames);

        std::array<std::array<std::vector<double>, 2>, 3> wanted;
        for (auto& port : wanted)
            for (auto& c : port)
                c.resize (static_cast<std::size_t> (frames));
        double worst = -400;
        for (std::size_t t = 0; t < s.tracks.size(); ++t)
        {
            const auto values = valuesOf (s.tracks[t]->controls);
            ReferenceStrip twin (values, rate, s.tracks[t]->channels);
            double error = 0, power = 0;
            for (std::size_t n = 0; n < static_cast<std::size_t> (frames); ++n)
            {
                const auto y = twin ({ s.tracks[t]->in[0][n], s.tracks[t]->in[1][n] });
                wanted[0][0][n] += y.direct.left;
                wanted[0][1][n] += y.direct.right;
                for (std::size_t k = 0; k < 2; ++k)
                {
                    wanted[k + 1][0][n] += y.sends[k].left;
                    wanted[k + 1][1][n] += y.sends[k].right;
                }
                const double l = out[3 + t][0][n] - y.direct.left, r = out[3 + t][1][n] - y.direct.right;
                error += l * l + r * r;
                power += y.direct.left * y.direct.left + y.direct.right * y.direct.right;
            }
            worst = std::max (worst, db (std::sqrt (error / power)));
        }
        for (std::size_t port = 0; port < 3; ++port)
        {
            double error = 0, power = 0;
            for (std::size_t c = 0; c < 2; ++c)
                for (std::size_t n = 0; n < static_cast<std::size_t> (frames); ++n)
                {
                    const double d = out[port][c][n] - wanted[port][c][n];
                    error += d * d;
                    power += wanted[port][c][n] * wanted[port][c][n];
                }
            const double relative = db (std::sqrt (error / power));
            INFO (rate << " Hz, bus " << port << ": " << relative << " dB, worst strip " << worst << " dB");
            CHECK (relative < (rate > 100000 ? -100 : -110));
        }
    }
}

TEST_CASE ("a strip at rest passes a stereo track bit for bit")
{
    const int frames = 6400;
    Session s;
    auto& t = s.add (2, { music (1, frames, 48000), music (2, frames, 48000) });
    const auto out = s.play (frames);
    const auto lag = static_cast<std::size_t> (StripBank::latency());
    for (std::size_t c = 0; c < 2; ++c)
        CHECK (std::memcmp (out[0][c].data() + lag, t.in[c].data(), sizeof (float) * (frames - lag)) == 0);
}

TEST_CASE ("a strip at rest pans a mono track exactly by the law")
{
    // -3 dB: 1 / sqrt 2; -6: 1/2; -4.5: the geometric mean of the two, 2^(-3/4); 0: 1.
    const double centre[] { 1, std::sqrt (0.5), std::pow (2, -0.75), 0.5 };
    for (int law = 0; law < 4; ++law)
    {
        const int frames = 640;
        Session s;
        auto& t = s.add (1, { music (1, frames, 48000), {} });
        t.controls.set (INDEX (pan.law), static_cast<float> (law));
        const auto out = s.play (frames);
        for (std::size_t n = 4; n < static_cast<std::size_t> (frames); ++n)
            for (std::size_t c = 0; c < 2; ++c)
                REQUIRE (out[0][c][n] == t.in[0][n - 4] * static_cast<float> (centre[law]));
        for (const float side : { -100.0f, 100.0f })
        {
            t.controls.set (INDEX (pan.position), side);
            const auto hard = s.play (frames);
            for (std::size_t n = 4; n < static_cast<std::size_t> (frames); ++n)
            {
                REQUIRE (hard[0][side < 0 ? 0 : 1][n] == t.in[0][n - 4]);
                REQUIRE (hard[0][side < 0 ? 1 : 0][n] == 0);
            }
        }
    }
}

TEST_CASE ("strips do not depend on how time is cut")
{
    const int frames = 4096;
    auto s = randomSession (20, frames, 48000);
    const auto lane = [] (std::vector<engine::Point> p)
    { return std::make_shared<const engine::Lane> (std::move (p)); };
    constexpr auto hold = engine::Curve::hold;
    s.tracks[0]->automation = {
        { 0, INDEX (eq.band3.frequency), lane ({ { 500, 300 }, { 2500, 4000 } }) },
        { 0, INDEX (eq.band3.gain), lane ({ { 100, -6 }, { 900, 8 }, { 3000, 0 } }) },
        { 0, INDEX (comp.on), lane ({ { 0, 1, hold }, { 1001, 0, hold }, { 2222, 1, hold } }) },
        { 0, INDEX (sat.on), lane ({ { 0, 0, hold }, { 333, 1, hold }, { 1777, 0, hold } }) },
        { 0, INDEX (fader.level), lane ({ { 200, -20 }, { 1333, 3 }, { 2000, -100 } }) },
    };
    s.tracks[3]->automation = {
        { 0, INDEX (hpf.on), lane ({ { 0, 0, hold }, { 777, 1, hold } }) },
        { 0, INDEX (gate.on), lane ({ { 0, 0, hold }, { 1500, 1, hold } }) },
        { 0, INDEX (pan.position), lane ({ { 0, -100 }, { 3000, 100 } }) },
        { 0, INDEX (fader.mute), lane ({ { 0, 0, hold }, { 901, 1, hold }, { 930, 0, hold } }) },
        { 0, INDEX (send1.level), lane ({ { 0, -100 }, { 64, -3, engine::Curve::smooth }, { 900, 3 } }) },
    };
    const auto whole = s.play (frames);
    const std::vector<int> cuts { 1, 7, 16, 33, 63 };
    for (std::size_t round = 0; round < 6; ++round)
    {
        StripBank bank (s.rate);
        std::uint64_t count = 0;
        const auto out = s.play (*bank.processor (s.layout(), s.ports()), frames,
                                 [&] (int n)
                                 {
                                     const int cut = round < 5 ? cuts[round]
                                                               : 1 + static_cast<int> (hashed (++count) % 64);
                                     return std::min (cut, 64 - n % 64); // as the engine does
                                 });
        for (std::size_t port = 0; port < out.size(); ++port)
        {
            INFO ("round " << round << ", port " << port);
            CHECK (same (out[port], whole[port]));
        }
    }
}

TEST_CASE ("a strip's sound does not depend on its neighbours or its lane")
{
    const int frames = 4096;
    auto many = randomSession (37, frames, 48000);
    const auto together = many.play (frames);
    for (const std::size_t n : { 0, 1, 5, 13, 36 })
    {
        Session alone;
        auto& t = alone.add (many.tracks[n]->channels, many.tracks[n]->in);
        randomise (t.controls, n);
        INFO ("strip " << n);
        CHECK (same (alone.play (frames)[3], together[3 + n]));
    }
}

TEST_CASE ("AVX2 and AVX-512 give the same bits, SSE4 the same sound")
{
    // The kernels use the same correctly rounded operations in the same order; SSE4 has no fused
    // multiply-add, and is held to the -110 dB of the issue instead.
    const int frames = 8192;
    auto s = randomSession (24, frames, 48000);
    for (std::size_t t = 0; t < s.tracks.size(); ++t)
    {
        const auto zigzag = [&] (double low, double high)
        {
            std::vector<engine::Point> points;
            for (Frames n = static_cast<Frames> (t); n < frames; n += 61)
                points.push_back ({ n, points.size() % 2 == 0 ? low : high });
            return std::make_shared<const engine::Lane> (std::move (points));
        };
        if (t % 4 == 0)
            s.tracks[t]->automation = { { 0, INDEX (fader.level), zigzag (-20, -3) } };
        if (t % 4 == 1)
            s.tracks[t]->automation = { { 0, INDEX (eq.band3.gain), zigzag (-6, 6) },
                                        { 0, INDEX (pan.position), zigzag (-60, 60) } };
    }
    const auto at = [&] (std::int64_t targets)
    {
        hwy::SetSupportedTargetsForTest (targets);
        hwy::GetChosenTarget().Update (hwy::SupportedTargets());
        auto out = s.play (frames);
        hwy::SetSupportedTargetsForTest (0);
        hwy::GetChosenTarget().Update (hwy::SupportedTargets());
        return out;
    };
    const auto supported = hwy::SupportedTargets();
    INFO ("best: " << dsp::stripTarget());
    const auto sse = at (HWY_SSE4);
    if ((supported & HWY_AVX2) == 0)
        return;
    const auto avx2 = at (HWY_AVX2);
    CHECK_FALSE (same (sse[0], avx2[0])); // or AVX2 was never chosen
    for (std::size_t port = 0; port < 3; ++port)
        for (std::size_t c = 0; c < 2; ++c)
        {
            double error = 0, power = 0;
            for (std::size_t n = 0; n < frames; ++n)
            {
                error += std::pow (sse[port][c][n] - avx2[port][c][n], 2);
                power += std::pow (avx2[port][c][n], 2);
            }
            CHECK (db (std::sqrt (error / power)) < -110);
        }
    if ((supported & HWY_AVX3) != 0)
    {
        const auto avx3 = at (HWY_AVX3);
        for (std::size_t port = 0; port < avx3.size(); ++port)
        {
            INFO ("port " << port);
            CHECK (same (avx2[port], avx3[port]));
        }
    }
}

TEST_CASE ("a sample that is no number stays in its strip and ends with it")
{
    const int frames = 1024;
    auto s = randomSession (16, frames, 48000);
    const auto clean = s.play (frames);
    s.tracks[4]->in[0][100] = std::numeric_limits<float>::quiet_NaN();
    s.tracks[4]->in[0][101] = std::numeric_limits<float>::infinity();
    const auto out = s.play (frames);
    for (std::size_t t = 0; t < 16; ++t)
    {
        CHECK ((t == 4 || same (out[3 + t], clean[3 + t])));
        for (const auto& c : out[3 + t])
            CHECK (std::ranges::all_of (c, [] (float x) { return std::isfinite (x); }));
    }
}

TEST_CASE ("strips that are left out while silent sound as if they were not")
{
    // The same 20 strips twice: once their inputs say when they are silent, so that groups fall asleep and
    // wake up with the next sound, once they do not. Fader, pan and EQ move meanwhile.
    // A bell at 40 Hz rings for some seconds until nothing of it is left in single precision.
    const engine::FlushDenormals flush; // as in the engine
    const int frames = 48000 * 10;
    auto s = randomSession (20, frames, 48000);
    for (std::size_t t = 0; t < s.tracks.size(); ++t)
    {
        s.tracks[t]->controls.set (INDEX (comp.release), 10);
        s.tracks[t]->controls.set (INDEX (gate.release), 10);
        for (auto& c : s.tracks[t]->in)
            std::fill (c.begin() + 9000 + static_cast<int> (t) * 100,
                       c.begin() + 48000 * 9 + (t == 9 ? 64 * 3 + 33 : 777), 0.0f);
    }
    const auto lane = [] (std::vector<engine::Point> p)
    { return std::make_shared<const engine::Lane> (std::move (p)); };
    s.tracks[2]->automation = {
        { 0, INDEX (fader.level), lane ({ { 0, -20 }, { 48000 * 9 + 1000, 3 }, { 48000 * 10, -6 } }) },
        { 0, INDEX (pan.position), lane ({ { 0, -100 }, { 48000 * 10, 100 } }) },
    };
    s.tracks[4]->automation = { { 0, INDEX (eq.band3.gain),
                                  lane ({ { 48000 * 8, -6 }, { 48000 * 9, 8 } }) } };
    const auto awake = s.play (frames);
    CHECK (s.silentChunks == 0);
    s.tellsSilence = true;
    // Cut so that an odd number of frames is left out, too.
    StripBank bank (s.rate);
    const auto asleep = s.play (*bank.processor (s.layout(), s.ports()), frames,
                                [] (int n) { return n % 64 == 0 ? 33 : 64 - n % 64; });
    CHECK (s.silentChunks > 300);
    for (std::size_t port = 0; port < awake.size(); ++port)
    {
        INFO ("port " << port);
        CHECK (same (asleep[port], awake[port]));
    }
}
