// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/Programmes.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

Rig limiter (std::initializer_list<std::pair<std::string_view, float>> values)
{
    Rig rig (mixEffect ("track-limiter"), 48000, 2);
    for (auto [id, value] : values)
        REQUIRE (rig.set (id, value));
    return rig;
}

measure::Reading readingOf (const Sound& s)
{
    const measure::Role roles[] { measure::Role::left, measure::Role::right };
    measure::Meter meter (48000, roles);
    const float* const channels[] { s[0].data(), s[1].data() };
    meter.add (channels, static_cast<Frames> (s[0].size()));
    return meter.result();
}

} // namespace

TEST_CASE ("the insert limiter keeps true peaks under its ceiling")
{
    // The meter is checked against libebur128 and EBU Tech 3341; DSP.md 2.6 allows 0.02 dB.
    for (int kind : { 0, 3 })
        for (float ceiling : { -20.0f, -3.0f, 0.0f })
            for (float character : { 0.0f, 1.0f, 2.0f })
            {
                auto rig = limiter ({ { "gain", 12 }, { "ceiling", ceiling }, { "character", character } });
                const auto out = rig.run (programme (kind, 3 * 48000, 48000));
                const auto reading = readingOf (out);
                INFO ("programme " << kind << ", ceiling " << ceiling << ", character " << character);
                CHECK (*reading.truePeak <= ceiling + 0.02);
                CHECK (*reading.truePeak > ceiling - 0.5);
                CHECK (rig.effect->reduction() >= 0);
            }
}

TEST_CASE ("below its ceiling the insert limiter only delays, by what it tells")
{
    auto rig = limiter ({ { "ceiling", 0 } });
    const auto in = noise (2, 9600, 0.2f);
    const auto out = rig.run (in);
    const auto delay = static_cast<std::size_t> (rig.latency());
    CHECK (delay == 32 + 96); // half of the detector and 2 ms
    for (std::size_t c = 0; c < 2; ++c)
        CHECK (std::equal (in[c].begin(), in[c].end() - static_cast<std::ptrdiff_t> (delay),
                           out[c].begin() + static_cast<std::ptrdiff_t> (delay)));
}

TEST_CASE ("unity takes back what the gain adds")
{
    auto loud = limiter ({ { "gain", 12 }, { "ceiling", -6 } });
    auto level = limiter ({ { "gain", 12 }, { "ceiling", -6 }, { "unity", 1 } });
    const auto in = programme (0, 48000, 48000);
    const auto a = loud.run (in), b = level.run (in);
    double worst = 0;
    for (std::size_t n = 0; n < a[0].size(); ++n)
        worst = std::max (worst, std::abs (static_cast<double> (b[0][n]) -
                                           static_cast<double> (a[0][n]) * std::pow (10, -0.6)));
    CHECK (worst < 1e-6);
}
