// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/ScalarStrip.h"
#include "mix/StripSession.h"

#include <catch2/catch.hpp>

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
