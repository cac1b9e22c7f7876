// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/Programmes.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

Rig shaper (std::initializer_list<std::pair<std::string_view, float>> values)
{
    Rig rig (mixEffect ("transient-shaper"), 48000, 1);
    for (auto [id, value] : values)
        REQUIRE (rig.set (id, value));
    return rig;
}

/// Hits every half second that decay by 60 dB in 0.4 s.
std::vector<float> hits (float level)
{
    std::vector<float> out (3 * 48000);
    for (std::size_t n = 0; n < out.size(); ++n)
    {
        const double t = static_cast<double> (n % 24000) / 48000;
        out[n] =
            level * static_cast<float> (std::exp (-17.3 * t) * std::cos (2 * std::numbers::pi * 180 * t));
    }
    return out;
}

double level (const std::vector<float>& x, double from, double to)
{
    double sum = 0;
    for (auto n = static_cast<std::size_t> (from * 48000); n < static_cast<std::size_t> (to * 48000); ++n)
        sum += static_cast<double> (x[n]) * static_cast<double> (x[n]);
    return 10 * std::log10 (sum / (48000 * (to - from)));
}

} // namespace

TEST_CASE ("the transient shaper does the same at any level, within 0.1 dB over 40 dB")
{
    const auto in = hits (0.5f);
    auto rig = shaper ({ { "attack", 12 }, { "sustain", -9 } });
    const auto out = rig.run ({ in })[0];
    for (float factor : { 0.1f, 0.01f })
    {
        auto soft = in;
        for (auto& x : soft)
            x *= factor;
        rig.reset();
        const auto quiet = rig.run ({ soft })[0];
        double worst = 0;
        for (std::size_t n = 0; n < in.size(); ++n)
            if (std::abs (in[n]) > 1e-3f)
                worst = std::max (worst, std::abs (inDb (static_cast<double> (quiet[n] / soft[n])) -
                                                   inDb (static_cast<double> (out[n] / in[n]))));
        INFO (factor);
        CHECK (worst < 0.1);
    }
}

TEST_CASE ("attack moves the beginnings of notes only, sustain only what rings, both ways")
{
    const auto in = hits (0.5f);
    const auto change = [&] (float attack, float sustain, double from, double to)
    {
        auto rig = shaper ({ { "attack", attack }, { "sustain", sustain } });
        const auto out = rig.run ({ in })[0];
        return level (out, 1 + from, 1 + to) - level (in, 1 + from, 1 + to);
    };
    // The first 5 ms of the third hit, and a tenth to a fifth of a second after it.
    CHECK (change (12, 0, 0.001, 0.005) > 8);
    CHECK (change (12, 0, 0.12, 0.2) < 0.3);
    CHECK (change (-12, 0, 0.001, 0.005) < -8);
    CHECK (std::abs (change (0, 12, 0, 0.012)) < 0.5);
    CHECK (change (0, 12, 0.12, 0.2) > 6);
    CHECK (change (0, -12, 0.12, 0.2) < -6);
}

TEST_CASE ("the transient shaper leaves a lasting tone alone")
{
    for (double hertz : { 41.0, 100.0, 1000.0 })
    {
        auto rig = shaper ({ { "attack", 15 }, { "sustain", 15 } });
        const auto in = sine (1, 96000, hertz, 48000, 0.3f);
        const auto out = rig.run (in)[0];
        INFO (hertz << " Hz");
        CHECK (std::abs (level (out, 1, 2) - level (in[0], 1, 2)) < 0.05);
    }
}

TEST_CASE ("the transient shaper's gain stays within what attack and sustain tell")
{
    const auto in = noise (1, 48000, 0.5f);
    for (float amount : { -15.0f, 15.0f })
    {
        auto rig = shaper ({ { "attack", amount }, { "sustain", 0 } });
        const auto out = rig.run (in)[0];
        for (std::size_t n = 0; n < out.size(); ++n)
            if (in[0][n] != 0 && std::abs (inDb (static_cast<double> (out[n] / in[0][n]))) > 15.001)
                FAIL ("frame " << n);
    }
}
