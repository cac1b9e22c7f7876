// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/OctaveLevels.h"

#include <catch2/catch.hpp>
#include <cmath>

using lacquer::measure::OctaveLevels;

TEST_CASE ("a sine is in its octave at its power and nowhere else")
{
    // Power of a sine of amplitude a: a^2 / 2; two channels add.
    for (const double rate : { 44100.0, 48000.0, 192000.0 })
        for (int octave = 0; octave < OctaveLevels::octaves; ++octave)
        {
            OctaveLevels meter (rate, 2);
            const double f = OctaveLevels::centreOf (octave);
            std::vector<float> left (static_cast<std::size_t> (rate)), silent (left.size());
            for (std::size_t n = 0; n < left.size(); ++n)
                left[n] = static_cast<float> (0.5 * std::sin (2 * M_PI * f * static_cast<double> (n) / rate));
            const float* lanes[] { left.data(), silent.data() };
            // Cuts change nothing.
            const int half = static_cast<int> (left.size()) / 3;
            meter.add (lanes, half);
            const float* rest[] { left.data() + half, silent.data() + half };
            meter.add (rest, static_cast<int> (left.size()) - half);
            const auto levels = meter.levels();
            INFO (rate << " Hz, octave " << octave);
            for (int o = 0; o < OctaveLevels::octaves; ++o)
            {
                const auto level = levels[static_cast<std::size_t> (o)];
                if (o == octave)
                    CHECK (level.value_or (-999) == Approx (20 * std::log10 (0.5) - 3.01).margin (0.05));
                else
                    CHECK (level.value_or (-999) <
                           -60); // side lobes of a Hann window: -31 dB, then 18 dB less an octave
            }
        }
    CHECK_FALSE (OctaveLevels (48000, 1).levels()[3]);
}
