// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Rig.h"
#include "conformance/Spectrum.h"
#include "mix/Catalogue.h"
#include "support/Scipy.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

Rig width (const std::vector<std::pair<const char*, double>>& values)
{
    const auto& all = mix::catalogue();
    Rig rig (*std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "stereo-width"; }),
             48000, 2);
    for (const auto& [name, value] : values)
        REQUIRE (rig.set (name, static_cast<float> (value)));
    return rig;
}

double correlation (const Sound& s, std::size_t from)
{
    std::vector<double> all (s[0].begin() + static_cast<std::ptrdiff_t> (from), s[0].end());
    all.insert (all.end(), s[1].begin() + static_cast<std::ptrdiff_t> (from), s[1].end());
    return scipy ("l, r = np.split (x, 2)\nprint (np.corrcoef (l, r)[0][1])", all)[0];
}

} // namespace

TEST_CASE ("left and right of the stereo width add up to those of the input, to -120 dB")
{
    // Mid is the input's whatever happens to the side: analytic.
    auto rig = width ({ { "low", 0 }, { "mid", 150 }, { "high", 200 }, { "spread", 100 } });
    const auto in = noise (2, 48000, 0.5f), out = rig.run (in);
    double worst = 0;
    for (std::size_t n = 0; n < in[0].size(); ++n)
        worst =
            std::max (worst, std::abs (static_cast<double> (in[0][n]) + static_cast<double> (in[1][n]) -
                                       static_cast<double> (out[0][n]) - static_cast<double> (out[1][n])));
    CHECK (worst < 1e-6);
}

TEST_CASE ("equal widths of all bands leave the image as it was")
{
    auto rig = width ({});
    const auto in = noise (2, 10000, 0.5f), out = rig.run (in);
    double worst = 0;
    for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t n = 0; n < in[0].size(); ++n)
            worst =
                std::max (worst, std::abs (static_cast<double> (in[c][n]) - static_cast<double> (out[c][n])));
    CHECK (worst < 1e-7);
}

TEST_CASE ("each band of the stereo width has its own side level")
{
    // A side signal alone: far inside a band its level is the width.
    for (const auto& [hertz, wanted] :
         { std::pair (15.0, 0.2), std::pair (1000.0, 1.0), std::pair (19000.0, 1.7) })
    {
        auto rig = width ({ { "low", 20 }, { "mid", 100 }, { "high", 170 } });
        auto in = sine (2, 96000, hertz, 48000, 0.4f);
        for (float& x : in[1])
            x = -x;
        const auto out = rig.run (in);
        const auto level =
            scipy ("print (np.std (x) * np.sqrt (2) / 0.4)", { out[0].begin() + 48000, out[0].end() });
        INFO (hertz << " Hz");
        CHECK (level[0] ==
               Approx (wanted).epsilon (0.09)); // second order, two octaves and more from the border
    }
}

TEST_CASE ("spread takes mono apart and keeps its level")
{
    auto rig = width ({ { "spread", 100 }, { "spread-above", 60 } });
    const auto in = noise (1, 96000, 0.3f);
    const auto out = rig.run ({ in[0], in[0] });
    // Middle and side of equal power that have nothing to do with each other: left and right neither.
    CHECK (std::abs (correlation (out, 20000)) < 0.15);
}

TEST_CASE ("below half the corner bass mono leaves one signal")
{
    for (double hertz : { 30.0, 60.0 })
    {
        auto rig = width ({ { "bass-mono", 1 }, { "frequency", 120 } });
        Sound in { sine (1, 96000, hertz, 48000, 0.4f)[0], sine (1, 96000, hertz * 1.1, 48000, 0.4f)[0] };
        INFO (hertz << " Hz");
        CHECK (correlation (rig.run (in), 48000) > 0.98);
    }
}
