// SPDX-License-Identifier: GPL-3.0-or-later
// The console's filters, EQ and places against what they are meant to be: the twin of strip_test.cpp is
// designed by the same functions and could not tell.
#include "mix/StripSession.h"

#include <catch2/catch.hpp>
#include <complex>

using namespace lacquer;
using namespace lacquer::mix;

namespace
{

/// The response in dB at some frequencies of what a strip makes of an impulse.
std::vector<double> responseOf (const std::vector<std::pair<int, double>>& values,
                                const std::vector<double>& hertz)
{
    const int frames = 16384;
    Session s;
    Channel impulse (frames);
    impulse[0] = 1;
    auto& t = s.add (1, { impulse, {} });
    t.controls.set (INDEX (pan.law), 0);
    for (auto [index, value] : values)
        t.controls.set (index, static_cast<float> (value));
    const auto h = s.play (frames)[3][0];
    std::vector<double> out;
    for (double f : hertz)
    {
        std::complex<double> sum;
        for (int n = 0; n < frames; ++n)
            sum += static_cast<double> (h[static_cast<std::size_t> (n)]) *
                   std::polar (1.0, -2 * std::numbers::pi * f / s.rate * n);
        out.push_back (db (std::abs (sum)));
    }
    return out;
}

} // namespace

TEST_CASE ("the console's filters are Butterworth filters of the slope and corner they tell")
{
    // 1/(1 + (f/fc)^(-+2n)). Where it is above -24 dB: high-pass within 0.1 dB, low-pass up to 8 kHz too.
    for (const bool high : { true, false })
        for (const double corner : { 90.0, 1500.0 })
            for (int slope = 0; slope < 3; ++slope)
            {
                const int order = 2 << slope;
                std::vector<double> at;
                for (double f = corner / 4; f <= std::min (8000.0, corner * 4); f *= 1.15)
                    at.push_back (f);
                const auto got = responseOf (
                    high ? std::vector<std::pair<int, double>> { { INDEX (hpf.on), 1 },
                                                                 { INDEX (hpf.frequency), corner },
                                                                 { INDEX (hpf.slope), slope } }
                         : std::vector<std::pair<int, double>> { { INDEX (lpf.on), 1 },
                                                                 { INDEX (lpf.frequency), corner },
                                                                 { INDEX (lpf.slope), slope } },
                    at);
                for (std::size_t n = 0; n < at.size(); ++n)
                {
                    const double r = high ? corner / at[n] : at[n] / corner;
                    const double wanted = -10 * std::log10 (1 + std::pow (r, 2 * order));
                    INFO ((high ? "high-pass" : "low-pass")
                          << " of order " << order << " at " << corner << ", " << at[n] << " Hz");
                    if (wanted > -24)
                        CHECK (got[n] == Approx (wanted).margin (0.1));
                }
            }
}

TEST_CASE ("every band of the console's EQ has the shape, frequency, gain and Q it tells")
{
    // R. Bristow-Johnson's prototypes, A = 10^(g/40); to 8 kHz within 0.1 dB.
    const int size = INDEX (eq.band2) - INDEX (eq.band1);
    const double centres[] { 60, 250, 600, 1000, 2000, 3000 };
    std::vector<double> at;
    for (double f = 25; f < 8000; f *= 1.2)
        at.push_back (f);
    for (int band = 0; band < 6; ++band)
        for (int type = 0; type < 4; ++type)
            for (const double gain : { 9.0, -6.0 })
            {
                const int base = INDEX (eq.band1) + band * size;
                const double centre = centres[band], q = band % 2 == 0 ? 0.75 : 1.5;
                const auto got = responseOf ({ { base, 1 },
                                               { base + 1, type },
                                               { base + 2, centre },
                                               { base + 3, gain },
                                               { base + 4, q } },
                                             at);
                const double a = std::pow (10, gain / 40), r = std::sqrt (a) / q;
                for (std::size_t n = 0; n < at.size(); ++n)
                {
                    const std::complex<double> s (0, at[n] / centre), ss = s * s;
                    const auto h = type == 0   ? (ss + a / q * s + 1.0) / (ss + s / (a * q) + 1.0)
                                   : type == 1 ? (ss + r * s + a) / (ss + r / a * s + 1 / a)
                                   : type == 2 ? (a * ss + r * s + 1.0) / (ss / a + r / a * s + 1.0)
                                               : (ss + 1.0) / (ss + s / q + 1.0);
                    INFO ("band " << band + 1 << ", type " << type << ", " << gain << " dB, " << at[n]
                                  << " Hz: " << db (std::abs (h)));
                    if (std::abs (h) > 0.1)
                        CHECK (got[n] == Approx (db (std::abs (h))).margin (0.1));
                }
            }
}

TEST_CASE ("balance, stereo pan and width lie between their ends as they are defined")
{
    // Balance turns the far side down by a cosine whatever the law; stereo pan places each side by the law as
    // a mono sound; width mixes the sides, own (1 + w)/2 and other (1 - w)/2.
    const int frames = 640;
    const Channel left = music (1, frames, 48000), right = music (2, frames, 48000);
    const double quarter = std::numbers::pi / 2;
    const auto mono = [&] (double place, int law)
    {
        const double r = (place / 100 + 1) / 2, l = 1 - r;
        const double sines[] { std::cos (r * quarter), std::sin (r * quarter) }, sides[] { l, r };
        std::array<double, 2> g;
        for (std::size_t c = 0; c < 2; ++c)
            g[c] = law == 0   ? std::cos (std::max (0.0, c == 0 ? 2 * r - 1 : 1 - 2 * r) * quarter)
                   : law == 1 ? sines[c]
                   : law == 2 ? std::sqrt (sines[c] * sides[c])
                              : sides[c];
        return g;
    };
    for (int law = 0; law < 4; ++law)
        for (const double place : { -73.0, -20.0, 35.0, 90.0 })
            for (int mode = 0; mode < 3; ++mode)
            {
                Session s;
                auto& t = s.add (2, { left, right });
                t.controls.set (INDEX (pan.law), static_cast<float> (law));
                t.controls.set (INDEX (stereo.mode), static_cast<float> (mode));
                t.controls.set (INDEX (pan.position), static_cast<float> (place));
                t.controls.set (INDEX (stereo.left), static_cast<float> (place));
                t.controls.set (INDEX (stereo.right), static_cast<float> (-place / 2));
                t.controls.set (INDEX (stereo.width), static_cast<float> (place));
                const auto out = s.play (frames)[3];
                const std::array<double, 2> balance { std::cos (std::max (0.0, place / 100) * quarter),
                                                      std::cos (std::max (0.0, -place / 100) * quarter) };
                const auto l = mono (place, law), r = mono (-place / 2, law);
                const double own = (1 + place / 100) / 2, other = (1 - place / 100) / 2;
                double worst = 0;
                for (std::size_t n = 4; n < static_cast<std::size_t> (frames); ++n)
                    for (std::size_t c = 0; c < 2; ++c)
                    {
                        const double x = left[n - 4], y = right[n - 4];
                        const double wanted =
                            mode == 0 ? balance[c] * (c == 0 ? x : y)
                            : mode == 1
                                ? l[c] * x + r[c] * y
                                : balance[c] * ((c == 0 ? own : other) * x + (c == 0 ? other : own) * y);
                        worst = std::max (worst, std::abs (wanted - out[c][n]));
                    }
                INFO ("law " << law << ", mode " << mode << ", " << place);
                CHECK (worst < 2e-7);
            }
}
