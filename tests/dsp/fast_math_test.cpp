// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/FastMath.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace lacquer::dsp;

TEST_CASE ("fast log2 and exp2 agree with libm")
{
    double log = 0, exp = 0;
    for (float x = 1e-6f; x < 1e3f; x *= 1.0001f)
        log = std::max (log, std::abs (fastLog2 (x) - std::log2 (static_cast<double> (x))));
    for (float x = -20; x < 20; x += 0.001f)
        exp = std::max (exp, std::abs (fastExp2 (x) / std::exp2 (static_cast<double> (x)) - 1));
    CHECK (log < 2e-6); // half a unit in the last place at 16 to 20 octaves is 1e-6; 1.2e-5 dB
    CHECK (exp < 2.5e-7);
    CHECK (fastExp2 (0.0f) == 1.0f);
    CHECK (fastLog2 (1.0f) == 0.0f);
    CHECK (fastGain (0.0f) == 1.0f);
    CHECK (fastGain (-6.0205999f) == Approx (0.5f).epsilon (1e-6));
    CHECK (fastDecibels (0.5f) == Approx (-6.0205999f).epsilon (1e-6));
}
