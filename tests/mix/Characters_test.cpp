// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/CharacterTable.h"
#include "support/Page.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

const std::array<CharacterFigures, 4>& figures()
{
    static const std::array all { measuredCharacter (0), measuredCharacter (1), measuredCharacter (2),
                                  measuredCharacter (3) };
    return all;
}

} // namespace

TEST_CASE ("docs/characters/compressor.md tells what the compressor does", "[characters]")
{
    checkPage ("compressor.md", characterPage (figures()));
}

TEST_CASE ("the compressor's characters differ from each other in time and in colour", "[characters]")
{
    for (std::size_t a = 0; a < 4; ++a)
        for (std::size_t b = 0; b < a; ++b)
        {
            INFO (characterNames[a] << " and " << characterNames[b]);
            const auto &x = figures()[a], &y = figures()[b];
            const auto apart = [] (const auto& p, const auto& q)
            {
                double most = 0;
                for (std::size_t n = 0; n < p.size(); ++n)
                    most = std::max (most, std::abs (std::log (p[n] / q[n])));
                return most;
            };
            // A fifth in some attack, a third in some release and distortion, and 6 dB in some harmonic.
            CHECK (apart (x.attack, y.attack) > 0.2);
            CHECK (std::max (apart (x.release63, y.release63), apart (x.release90, y.release90)) > 0.3);
            CHECK (apart (x.distortion, y.distortion) > 0.35);
            double harmonic = 0;
            for (std::size_t k = 0; k < 4; ++k)
                harmonic = std::max (harmonic, std::abs (x.harmonics[k] - y.harmonics[k]));
            CHECK (harmonic > 6);
        }
}

TEST_CASE ("clean compression of 10 dB distorts 1 kHz by no more than -60 dB", "[characters]")
{
    // DSP.md 2.3: attack 10, release 100 ms.
    CHECK (figures()[0].distortion[1] <= 0.1);
}

TEST_CASE ("the characters keep the published data of what they follow", "[characters]")
{
    // LA-2A: 63 % of the attack in 10 ms; 50 % of the release in 60 ms, all of it in 0.5 to 5 s.
    const auto& opto = figures()[1];
    CHECK (opto.attack[1] == Approx (10).epsilon (0.05));
    CHECK (opto.release90[1] > 500);
    CHECK (opto.release90[2] < 5000);
    CHECK (opto.afterBurst[1] < 0.5 * opto.release90[1]);
    // dbx 160: 15, 5 and 3 ms for 10, 20 and 30 dB; here by an attack of 15 ms: a third for twice the depth.
    const auto& vca = figures()[3];
    CHECK (vca.attack[2] / vca.attack[1] == Approx (1.0 / 3).epsilon (0.15));
    // and a release of a fixed number of dB per second: twice the depth takes twice the time.
    CHECK (vca.release63[2] / vca.release63[1] == Approx (2).epsilon (0.1));
}

TEST_CASE ("every character attacks and releases 10 dB in the time it tells, at every rate", "[characters]")
{
    for (int character = 0; character < 4; ++character)
        for (double rate : { 44100.0, 96000.0, 192000.0 })
        {
            double attack, release, late;
            measureTimes (character, 1, 2, rate, attack, release, late);
            INFO (characterNames[static_cast<std::size_t> (character)] << " at " << rate << " Hz");
            CHECK (attack == Approx (10).epsilon (0.05));
            if (character != 1) // two steps, above
                CHECK (release == Approx (120).epsilon (0.05));
        }
}

TEST_CASE ("every character keeps the static curve within 0.05 dB")
{
    // Giannoulis, Massberg, Reiss (2012), eq. 4.
    for (int character = 0; character < 4; ++character)
        for (double level : { -40.0, -22.0, -20.0, -18.0, -6.0, 0.0 })
        {
            Rig rig (mixEffect ("compressor"), 48000, 2);
            rig.set ("character", static_cast<float> (character));
            rig.set ("attack", 1);
            const auto in = steadyLevel (96000, level);
            const auto out = rig.run ({ in, in })[0];
            const double over = level + 20, u = std::clamp (over + 3, 0.0, 6.0);
            const double want = 0.75 * (u * u / 12 + std::max (0.0, over - 3));
            INFO (characterNames[static_cast<std::size_t> (character)] << ", " << level << " dB");
            CHECK (inDb (std::abs (static_cast<double> (out.back() / in.back()))) ==
                   Approx (-want).margin (0.05));
        }
}
