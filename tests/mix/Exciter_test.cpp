// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Rig.h"
#include "conformance/Spectrum.h"
#include "mix/Catalogue.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

Rig exciter (const std::vector<std::pair<const char*, double>>& values)
{
    const auto& all = mix::catalogue();
    Rig rig (*std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "exciter"; }), 48000,
             1);
    for (const auto& [name, value] : values)
        REQUIRE (rig.set (name, static_cast<float> (value)));
    return rig;
}

/// What is added to a sound, as the spectrum of its second second.
std::vector<std::complex<double>> added (Rig& rig, const Sound& in)
{
    const auto out = rig.run (in)[0];
    const auto delay = static_cast<std::size_t> (rig.latency());
    std::vector<double> difference;
    for (std::size_t n = 48000; n < 96000; ++n)
        difference.push_back (static_cast<double> (out[n]) - static_cast<double> (in[0][n - delay]));
    return spectrumOf (difference);
}

} // namespace

TEST_CASE ("the exciter adds harmonics above its corner and nothing below it")
{
    // Two tones above the corner: their harmonics lie above, the difference of 500 Hz below.
    auto in = sine (1, 96000, 5000, 48000, 0.2f);
    const auto second = sine (1, 96000, 5500, 48000, 0.2f);
    for (std::size_t n = 0; n < in[0].size(); ++n)
        in[0][n] += second[0][n];
    auto rig = exciter ({ { "frequency", 4000 }, { "drive", 30 }, { "even", 60 }, { "mix", 100 } });
    const auto s = added (rig, in);
    const double tone = std::abs (s[5000]);
    CHECK (decibels (std::abs (s[10000]) / tone) > -30); // even
    CHECK (decibels (std::abs (s[15000]) / tone) > -30); // odd
    double below = 0;
    for (std::size_t f = 1; f < 2000; ++f)
        below = std::max (below, std::abs (s[f]));
    CHECK (decibels (below / tone) < -60);
}

TEST_CASE ("a sound below the corner passes the exciter unchanged")
{
    // 24 dB per octave, twice: 500 Hz under 4 kHz is 144 dB down.
    auto rig = exciter ({ { "frequency", 4000 }, { "drive", 12 }, { "even", 0 }, { "mix", 100 } });
    const auto in = sine (1, 96000, 500, 48000, 0.5f);
    const auto s = added (rig, in);
    double most = 0;
    for (std::size_t f = 1; f < 24000; ++f)
        most = std::max (most, std::abs (s[f]) / 24000); // amplitude of a line of one second
    CHECK (decibels (most / 0.5) < -90);
}

TEST_CASE ("without even overtones the exciter makes odd ones only")
{
    auto rig = exciter ({ { "frequency", 2000 }, { "drive", 36 }, { "even", 0 }, { "mix", 100 } });
    const auto s = added (rig, sine (1, 96000, 3000, 48000, 0.3f));
    CHECK (decibels (std::abs (s[6000]) / std::abs (s[9000])) < -80);
}

TEST_CASE ("overtones of the exciter do not fold back")
{
    auto rig = exciter ({ { "frequency", 2000 }, { "drive", 24 }, { "even", 30 }, { "mix", 100 } });
    const auto s = added (rig, sine (1, 96000, 5001, 48000, 0.25f));
    double worst = -400;
    for (std::size_t f = 1; f < 20000; ++f)
        if (f % 5001 != 0)
            worst = std::max (worst, decibels (std::abs (s[f]) / std::abs (s[5001])));
    CHECK (worst < -90);
}
