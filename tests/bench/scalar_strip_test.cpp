// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/ScalarStrip.h"
#include "engine/FlushDenormals.h"
#include "mix/StripSession.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <iostream>

using namespace lacquer;
using namespace lacquer::mix;

namespace
{

/// The full strip of the benchmark: everything on but gate, low-pass and saturation.
Session fullSession (int count, int frames)
{
    Session s;
    for (int n = 0; n < count; ++n)
    {
        const auto seed = static_cast<std::uint64_t> (n);
        auto& c = s.add (1, { music (seed, frames, 48000), {} }).controls;
        randomise (c, seed);
        c.set (INDEX (gate.on), 0);
        c.set (INDEX (lpf.on), 0);
        c.set (INDEX (sat.on), 0);
        c.set (INDEX (hpf.slope), 1);
        c.set (INDEX (send2.pre), 0);
    }
    return s;
}

} // namespace

TEST_CASE ("the benchmark's scalar strip does what the bank does")
{
    // Two independent ways to compute 32 strips. The scalar one has single-precision direct-form sections,
    // whose error in a mix of such strips was measured as -68 dB; -55 dB still tells a module left out.
    const int frames = 48000 / 64 * 64;
    auto s = fullSession (32, frames);
    const auto bank = s.play (frames);
    std::vector<bench::ScalarStrip> strips;
    for (const auto& t : s.tracks)
        strips.emplace_back (valuesOf (t->controls), 48000);
    std::array<double, 3> error {}, power {};
    const auto lag = static_cast<std::size_t> (StripBank::latency());
    for (std::size_t n = 0; n < static_cast<std::size_t> (frames); n += 64)
    {
        bench::ScalarBuses buses;
        for (std::size_t t = 0; t < strips.size(); ++t)
            strips[t].process (s.tracks[t]->in[0].data() + n, 64, buses);
        for (std::size_t k = 0; k < 6; ++k)
            for (std::size_t i = 0; i < 64 && n + i + lag < static_cast<std::size_t> (frames); ++i)
            {
                const double wanted = bank[k / 2][k % 2][n + i + lag];
                error[k / 2] += std::pow (buses.channel[k][i] - wanted, 2);
                power[k / 2] += wanted * wanted;
            }
    }
    for (std::size_t bus = 0; bus < 3; ++bus)
    {
        INFO ("bus " << bus << ": " << db (std::sqrt (error[bus] / power[bus])) << " dB");
        CHECK (db (std::sqrt (error[bus] / power[bus])) < -55);
    }
    for (std::size_t t = 0; t < strips.size(); ++t)
        CHECK (strips[t].peak[0] == Approx (s.tracks[t]->meter.take (0)).epsilon (0.01));
}

TEST_CASE ("the cost of the scalar strip is told", "[.speed]")
{
    const engine::FlushDenormals flush;
    auto s = fullSession (128, 64 * 200);
    std::vector<bench::ScalarStrip> strips;
    for (const auto& t : s.tracks)
        strips.emplace_back (valuesOf (t->controls), 48000);
    const auto now = []
    {
        timespec t {};
        clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
        return static_cast<double> (t.tv_sec) * 1e9 + static_cast<double> (t.tv_nsec);
    };
    std::vector<double> times;
    float sum = 0;
    for (int round = 0; round < 40; ++round)
    {
        const double start = now();
        for (std::size_t block = 0; block < 20; ++block)
        {
            bench::ScalarBuses buses;
            for (std::size_t t = 0; t < strips.size(); ++t)
                strips[t].process (s.tracks[t]->in[0].data() +
                                       64 * ((20 * static_cast<std::size_t> (round) + block) % 200),
                                   64, buses);
            sum += buses.channel[0][0];
        }
        times.push_back ((now() - start) / 20 / 64 / 128);
    }
    std::ranges::sort (times);
    std::cout << "  scalar strip: " << times[times.size() / 2] << " ns per strip-sample (" << sum << ")\n";
}
