// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/DelayLine.h"
#include "dsp/Halfband.h"
#include "dsp/Smoother.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <vector>

using namespace lacquer::dsp;

namespace
{

/// Amplitude of a sine in x[from..], by correlation over whole periods.
template <typename F>
double amplitude (F&& x, double frequency, int from, int count)
{
    double re = 0, im = 0;
    for (int n = from; n < from + count; ++n)
    {
        re += x[static_cast<std::size_t> (n)] * std::cos (2 * std::numbers::pi * frequency * n);
        im += x[static_cast<std::size_t> (n)] * std::sin (2 * std::numbers::pi * frequency * n);
    }
    return 2 * std::hypot (re, im) / count;
}

} // namespace

TEST_CASE ("a half-band pair passes the audio band and stops the images")
{
    // Six coefficients with the passband to 20 kHz at 96 kHz: 75 dB (elliptic design formula of the paper).
    HalfbandUp<double, 6> up;
    HalfbandDown<double, 6> down;
    const auto c = halfbandCoefficients<6> (1.0 / 24);
    up.set (c);
    down.set (c);
    for (const double cycles : { 10.0, 200.0, 1000.0, 2000.0 }) // in 4800 frames at 48 kHz: 100 Hz to 20 kHz
    {
        up.reset();
        down.reset();
        std::vector<double> high, low;
        for (int n = 0; n < 9600; ++n)
        {
            double a, b;
            up.process (std::sin (2 * std::numbers::pi * cycles * n / 4800), a, b);
            high.push_back (a);
            high.push_back (b);
            low.push_back (down.process (a, b));
        }
        CHECK (amplitude (high, cycles / 9600, 9600, 9600) == Approx (1).epsilon (1e-4));
        CHECK (20 * std::log10 (amplitude (high, 0.5 - cycles / 9600, 9600, 9600)) < -75);
        CHECK (amplitude (low, cycles / 4800, 4800, 4800) == Approx (1).epsilon (1e-3));
    }
}

TEST_CASE ("a delay line gives back what it was given")
{
    DelayLine<float> line;
    line.prepare (100);
    for (int n = 0; n < 1000; ++n)
        line.push (static_cast<float> (n));
    CHECK (line[0] == 999);
    CHECK (line[100] == 899);
    CHECK (line.cubic (50.25) == Approx (948.75)); // a straight line is met by any interpolation
    CHECK (line.linear (50.25) == Approx (948.75));
    line.reset();
    CHECK (line[100] == 0);
}

TEST_CASE ("a smoother meets its target exactly")
{
    Smoother<float> s;
    s.jumpTo (0.1f);
    s.glideTo (0.7f, 64);
    for (int n = 0; n < 63; ++n)
        s.next();
    CHECK (s.isMoving());
    CHECK (s.next() == 0.7f);
    CHECK_FALSE (s.isMoving());
    CHECK (s.next() == 0.7f);
}
