// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Catalogue.h"
#include "studio/Portrait.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <set>

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
    // The wave ends at the ceiling on both sides; the fifth and seventh by the same integrals, numerically.
    REQUIRE (p.wave.size() == 48);
    const auto [low, high] = std::minmax_element (p.wave.begin(), p.wave.end());
    CHECK (20 * std::log10 (*high) == Approx (-12).margin (0.3));
    CHECK (*low == Approx (-*high).margin (0.002));
    const auto partial = [&] (int h)
    {
        double sum = 0;
        for (int n = 0; n < 10000; ++n)
        {
            const double x = std::sin (2 * M_PI * n / 10000);
            sum += std::clamp (x, -share, share) * std::sin (2 * M_PI * h * n / 10000);
        }
        return sum;
    };
    const double rest = std::hypot (partial (3), partial (5), partial (7)) / partial (1);
    CHECK (p.distortion == Approx (rest).epsilon (0.05));
    CHECK (p.stepsHertz == 1000);
}

TEST_CASE ("the portrait of what works on high tones only is drawn with a high tone")
{
    // A dynamic band of 7 kHz: far off at 1 kHz; at 0 dB in its centre all of its 12 dB.
    const auto p = portrait ("equaliser", { { "band5.on", 1 },
                                            { "band5.type", 0 },
                                            { "band5.frequency", 7000 },
                                            { "band5.gain", 0 },
                                            { "band5.q", 4 },
                                            { "band5.dynamic", 1 },
                                            { "band5.threshold", -40 },
                                            { "band5.ratio", 20 },
                                            { "band5.range", -12 } });
    CHECK (p.kind == Portrait::Kind::levels);
    CHECK (p.stepsHertz == 7000);
    CHECK (p.steps.front().out == Approx (p.steps.front().in).margin (0.1));
    CHECK (p.steps.back().out == Approx (p.steps.back().in - 12).margin (0.3));
}

TEST_CASE ("the portrait of a filter has its gains at the tones, left and right alike")
{
    // A bell's gain at its centre is its gain, an octave and a half off by 8 Q^2 of R. Bristow-Johnson's
    // prototype: |H|^2 = ((1 - w^2)^2 + (A w / Q)^2) / ((1 - w^2)^2 + (w / (A Q))^2), A = 10^(gain/40).
    const auto p = portrait ("equaliser", { { "band3.on", 1 },
                                            { "band3.type", 0 },
                                            { "band3.frequency", 1000 },
                                            { "band3.gain", 12 },
                                            { "band3.q", 1 } });
    CHECK (p.kind == Portrait::Kind::response);
    CHECK_FALSE (p.reduces);
    const auto bell = [] (double f)
    {
        const double w = f / 1000, a = std::pow (10, 12 / 40.0), base = (1 - w * w) * (1 - w * w);
        return 10 * std::log10 ((base + a * a * w * w) / (base + w * w / (a * a)));
    };
    for (const std::size_t tone : { 0UL, 4UL, 7UL, 12UL })
    {
        CAPTURE (tone);
        CHECK (p.middle[tone] == Approx (bell (static_cast<double> (Portrait::tones[tone]))).margin (0.3));
        for (const auto& side : p.gains)
            CHECK (side[15 * Portrait::tones.size() + tone] ==
                   Approx (bell (static_cast<double> (Portrait::tones[tone]))).margin (0.3));
    }
    CHECK (p.momentSeconds == Approx (1024 / 48000.0));
}

TEST_CASE ("the portrait of a delay that goes to and fro has its echoes on the side they come from")
{
    const auto p = portrait ("delay", { { "note", 0 },
                                        { "time", 250 },
                                        { "feedback", 50 },
                                        { "ping-pong", 1 },
                                        { "low-cut", 10 },
                                        { "high-cut", 20000 } });
    REQUIRE (p.kind == Portrait::Kind::answer);
    const auto at = [&] (std::size_t side, double seconds)
    {
        const auto centre = static_cast<std::size_t> (seconds / p.answerSeconds * Portrait::columns);
        return *std::max_element (p.answer[side].begin() + static_cast<std::ptrdiff_t> (centre - 1),
                                  p.answer[side].begin() + static_cast<std::ptrdiff_t> (centre + 2));
    };
    const bool leftFirst = at (0, 0.25) > at (1, 0.25);
    const std::size_t first = leftFirst ? 0 : 1;
    CHECK (at (first, 0.25) > at (1 - first, 0.25) + 20);
    CHECK (at (1 - first, 0.5) > at (first, 0.5) + 20);
}

TEST_CASE ("reverbs and delays sound on, and nothing else does")
{
    // By what these effects are.
    const std::set<std::string_view> sounding { "reverb", "delay", "convolution" };
    for (const auto& type : studio::effects())
    {
        std::vector<float> values;
        for (const auto& p : type->params)
            values.push_back (p.initial);
        CAPTURE (type->id);
        CHECK (studio::soundsOn (*type, values, 120) == sounding.contains (type->id));
    }
}

TEST_CASE ("a portrait that nobody waits for is left unfinished")
{
    const auto* type = studio::effectOf ("reverb");
    std::vector<float> values;
    for (const auto& p : type->params)
        values.push_back (p.initial);
    const std::atomic<bool> stop { true };
    const auto p = studio::portraitOf (*type, values, 120, &stop);
    CHECK (p.kind != Portrait::Kind::answer); // nothing was played
    CHECK (p.wave == std::vector<float> (48, 0.0f));
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
