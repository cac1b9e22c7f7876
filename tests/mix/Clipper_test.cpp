// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Spectrum.h"
#include "mix/Programmes.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

Rig clipper (std::initializer_list<std::pair<std::string_view, float>> values)
{
    Rig rig (mixEffect ("clipper"), 48000, 2);
    for (auto [id, value] : values)
        REQUIRE (rig.set (id, value));
    return rig;
}

} // namespace

TEST_CASE ("no sample leaves the clipper above its ceiling")
{
    for (float softness : { 0.0f, 50.0f, 100.0f })
        for (float ceiling : { -20.0f, -1.0f, 0.0f })
            for (float oversampling : { 0.0f, 1.0f, 2.0f })
            {
                auto rig = clipper ({ { "gain", 18 },
                                      { "ceiling", ceiling },
                                      { "softness", softness },
                                      { "oversampling", oversampling } });
                const double top = std::pow (10, ceiling / 20.0);
                CHECK (peakOf (rig.run (noise (2, 9600, 0.7f))) <= static_cast<float> (top) * 1.000001f);
                CHECK (static_cast<double> (peakOf (rig.run (sine (2, 9600, 997, 48000, 0.9f)))) >
                       0.97 * top);
                CHECK (rig.effect->reduction() > 15);
            }
}

TEST_CASE ("a clipper that cuts nothing is a delay, to the bit")
{
    for (float oversampling : { 0.0f, 1.0f, 2.0f })
    {
        auto rig = clipper ({ { "ceiling", 0 }, { "oversampling", oversampling } });
        const auto in = noise (2, 4800, 0.3f), out = rig.run (in);
        const auto delay = static_cast<std::size_t> (rig.latency());
        for (std::size_t n = delay; n < out[0].size(); ++n)
            REQUIRE (out[0][n] == in[0][n - delay]);
    }
}

TEST_CASE ("the clipped wave is the curve's")
{
    // At 50 Hz the filters have nothing to take away: the curve, sample by sample, but next to its corners.
    for (double softness : { 0.0, 40.0, 100.0 })
        for (float oversampling : { 0.0f, 1.0f, 2.0f })
        {
            auto rig = clipper ({ { "ceiling", -6 },
                                  { "softness", static_cast<float> (softness) },
                                  { "oversampling", oversampling } });
            const auto in = sine (2, 48000, 50, 48000, 0.9f), out = rig.run (in);
            const auto delay = static_cast<std::size_t> (rig.latency());
            const double top = std::pow (10, -0.3), width = top * std::max (2 * softness / 100, 0.002);
            double sum = 0, most = 0;
            for (std::size_t n = 4800; n < out[0].size(); ++n)
            {
                const double x = static_cast<double> (in[0][n - delay]);
                const double m = std::max (0.0, std::abs (x) - (top - width / 2)), t = std::min (m, width);
                const double want = std::copysign (std::abs (x) - t * t / (2 * width) - (m - t), x);
                const double apart = std::abs (static_cast<double> (out[0][n]) - want);
                sum += apart * apart;
                most = std::max (most, apart);
            }
            INFO (softness << " %, " << oversampling << ": " << most);
            CHECK (10 * std::log10 (sum / 43200) < (softness > 0 ? -90 : -70));
        }
}

TEST_CASE ("oversampling keeps what a clipper folds back down")
{
    // 5 kHz, 12 dB into a bend; the loudest line below 20 kHz that is no harmonic.
    for (float oversampling : { 0.0f, 1.0f, 2.0f })
    {
        auto rig = clipper (
            { { "gain", 12 }, { "ceiling", 0 }, { "softness", 100 }, { "oversampling", oversampling } });
        const int frames = 48000;
        const auto out = rig.run (sine (2, 2 * frames, 5003, 48000, 1))[0];
        const auto bins = spectrumOf (std::vector<float> (out.begin() + frames, out.end()));
        double folded = 0;
        for (std::size_t k = 20; k < 20000; ++k)
            if (k % 5003 != 0)
                folded = std::max (folded, std::abs (bins[k]));
        const double level = decibels (folded / std::abs (bins[5003]));
        INFO (oversampling << ": " << level << " dBc");
        CHECK (level < std::array { -63.0, -72.0, -72.0 }[static_cast<std::size_t> (oversampling)]);
    }
}
