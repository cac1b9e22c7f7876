// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Catalogue.h"
#include "studio/Portrait.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <complex>

using namespace lacquer;
using studio::Portrait;

namespace
{

Portrait portrait (const char* id, std::initializer_list<std::pair<std::string_view, float>> set)
{
    const auto* type = studio::effectOf (id);
    REQUIRE (type != nullptr);
    std::vector<float> values;
    for (const auto& p : type->params)
    {
        values.push_back (p.initial);
        for (const auto& [name, value] : set)
            if (name == p.id)
                values.back() = value;
    }
    return studio::portraitOf (*type, values, 120);
}

float highest (const Portrait& p, double from, double to)
{
    float most = -120;
    for (std::size_t n = 0; n < Portrait::columns; ++n)
        if (const double t = (static_cast<double> (n) + 0.5) * p.answerSeconds / Portrait::columns;
            t >= from && t < to)
            most = std::max (most, p.answer[0][n]);
    return most;
}

} // namespace

TEST_CASE ("the portrait of a compressor is its static curve, by the formula of its publication")
{
    // Giannoulis, Massberg, Reiss (2012), eq. 4 without a knee: above -24 dB a quarter of the rise is left.
    const auto p =
        portrait ("compressor", { { "threshold", -24 }, { "ratio", 4 }, { "knee", 0 }, { "attack", 1 } });
    CHECK (p.kind == Portrait::Kind::levels);
    CHECK (p.reduces);
    for (const auto& s : p.steps)
        CHECK (s.out == Approx (s.in <= -24 ? s.in : -24 + (s.in + 24) / 4).margin (0.4));
}

TEST_CASE ("the portrait of a clipper ends at its ceiling and has odd harmonics only")
{
    const auto p = portrait ("clipper", { { "ceiling", -12 }, { "softness", 0 } });
    CHECK (p.kind == Portrait::Kind::levels);
    CHECK (p.steps[10].out == Approx (p.steps[10].in).margin (0.02));
    // A sine clipped at s of its peak, a = asin s: the Fourier integrals of sin 1 and sin 3 by hand.
    const double share = std::pow (10, -12 / 20.0) / 0.5012, a = std::asin (share);
    const double first = a / 2 + std::sin (2 * a) / 4,
                 third = std::sin (2 * a) / 4 - std::sin (4 * a) / 8 + share * std::cos (3 * a) / 3;
    CHECK (p.harmonics[2] == Approx (20 * std::log10 (std::abs (third / first))).margin (0.5));
    CHECK (p.harmonics[1] < -70);
    CHECK (p.harmonics[3] < -70);
}

TEST_CASE ("the portrait of a delay has its echoes where and as loud as they are set")
{
    // Each pass multiplies the peak of a click by the feedback and by what the cuts, opened all the way,
    // leave of it: half the feedback is 6.02 dB less a pass, and all passes are alike.
    const auto steps = [] (float feedback)
    {
        const auto p = portrait ("delay", { { "note", 0 },
                                            { "time", 250 },
                                            { "feedback", feedback },
                                            { "low-cut", 10 },
                                            { "high-cut", 20000 } });
        REQUIRE (p.kind == Portrait::Kind::answer);
        CHECK (highest (p, 0.02, 0.23) < -50);
        const float one = highest (p, 0.24, 0.26), two = highest (p, 0.49, 0.51),
                    three = highest (p, 0.74, 0.76);
        CHECK (one > -6);
        return std::pair { two - one, three - two };
    };
    const auto half = steps (50), quarter = steps (25);
    CHECK (half.first < -6);
    CHECK (half.second == Approx (half.first).margin (0.05));
    CHECK (quarter.first - half.first == Approx (-6.02).margin (0.05));
}

TEST_CASE ("the portrait of a reverb falls by 60 dB in its decay time")
{
    const auto p = portrait (
        "reverb", { { "decay", 1.5f }, { "high-decay", 100 }, { "low-decay", 100 }, { "pre-delay", 0 } });
    REQUIRE (p.kind == Portrait::Kind::answer);
    // A straight line through the columns from 0.1 to 1 s. Of the 200 to 300 samples of noise in a column,
    // the highest lies 1.1 dB to either side of its mean (Gumbel); over the 300 columns of both sides the
    // slope of 40 dB/s is then sure within 0.25 dB/s, 0.6 %. The rest are the 5 % of the reverb itself.
    double n = 0, t = 0, l = 0, tt = 0, tl = 0;
    for (const auto& side : p.answer)
        for (std::size_t k = 0; k < Portrait::columns; ++k)
            if (const double at = (static_cast<double> (k) + 0.5) * p.answerSeconds / Portrait::columns;
                at >= 0.1 && at < 1)
            {
                const auto level = static_cast<double> (side[k]);
                n += 1, t += at, l += level, tt += at * at, tl += at * level;
            }
    CHECK (n > 200);
    CHECK ((t * l - n * tl) / (n * tt - t * t) == Approx (60 / 1.5).epsilon (0.05)); // dB per second
}

TEST_CASE (
    "the portrait of a tremolo moves as one, that of a phaser by frequency, and width is that of the sides")
{
    const auto tremolo = portrait ("tremolo", { { "note", 0 }, { "rate", 1 }, { "depth", 50 } });
    CHECK (tremolo.kind == Portrait::Kind::movement);
    CHECK (tremolo.wide);
    const auto phaser = portrait ("phaser", { { "rate", 0.5f } });
    CHECK (phaser.kind == Portrait::Kind::movement);
    CHECK_FALSE (phaser.wide);
    const auto width = portrait ("stereo-width", { { "low", 100 }, { "mid", 50 }, { "high", 200 } });
    CHECK (width.kind == Portrait::Kind::response);
    for (const float g : width.middle)
        CHECK (g == Approx (0).margin (0.1));
    // The bands are cut by Butterworth filters of second order at 250 Hz and 4 kHz: 0.5 of the whole side,
    // 0.5 more of the lows and 1.5 more of the highs.
    const auto sideAt = [] (double f)
    {
        using C = std::complex<double>;
        const C low { 0, f / 250 }, high { 0, f / 4000 };
        const auto of = [] (C s) { return s * s + std::sqrt (2.0) * s + 1.0; };
        return static_cast<float> (
            20 * std::log10 (std::abs (0.5 + 0.5 / of (low) + 1.5 * high * high / of (high))));
    };
    CHECK (width.sides[7] == Approx (sideAt (1000)).margin (0.2));
    CHECK (width.sides[23] == Approx (sideAt (15500)).margin (0.2));
}
