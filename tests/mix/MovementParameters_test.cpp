// SPDX-License-Identifier: GPL-3.0-or-later
// What the rates, depths, widths and cuts of what moves tell, and the rest of the colours and sides,
// measured.
#include "mix/Programmes.h"
#include "support/Scipy.h"

#include <catch2/catch.hpp>
#include <complex>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

double levelOf (std::span<const float> x, double hertz)
{
    return inDb (toneIn (x, hertz, 48000));
}

/// The gain of a tone over the second second.
double gainOfTone (Rig& rig, double hertz, float level = 0.25f)
{
    const auto out = rig.run (sine (1, 96000, hertz, 48000, level))[0];
    return levelOf (std::span (out).subspan (48000), hertz) - inDb (static_cast<double> (level));
}

/// Level of a Butterworth high-pass of second order, its corner kept by the bilinear transform.
double highPassed (double hertz, double corner)
{
    const double r =
        std::tan (std::numbers::pi * hertz / 48000) / std::tan (std::numbers::pi * corner / 48000);
    return -10 * std::log10 (1 + std::pow (r, -4));
}

/// The phase of a tone against sin (2 pi hertz t) at every frame from 12000 on, over one of its periods each.
std::vector<double> phaseOf (const std::vector<float>& x, int hertz)
{
    const auto period = static_cast<std::size_t> (48000 / hertz);
    std::vector<std::complex<double>> sums { 0 };
    for (std::size_t n = 0; n < x.size(); ++n)
        sums.push_back (sums.back() +
                        static_cast<double> (x[n]) *
                            std::polar (1.0, -2 * std::numbers::pi * static_cast<double> (n % period) /
                                                 static_cast<double> (period)));
    std::vector<double> phase;
    for (std::size_t n = 12000; n + period / 2 < x.size(); ++n)
    {
        double p = std::arg (std::complex<double> (0, 1) * (sums[n + period / 2] - sums[n - period / 2]));
        if (! phase.empty())
            p += 2 * std::numbers::pi * std::round ((phase.back() - p) / (2 * std::numbers::pi));
        phase.push_back (p);
    }
    return phase;
}

/// The sine of a rate in something that swings, over whole cycles.
struct Swing
{
    std::complex<double> sine;
    double mean = 0, rest = 0;

    Swing (const std::vector<double>& x, double rate)
    {
        const auto frames = static_cast<std::size_t> (
            std::floor (static_cast<double> (x.size()) * rate / 48000) * 48000 / rate);
        const auto turn = [&] (std::size_t n)
        { return std::polar (1.0, 2 * std::numbers::pi * rate / 48000 * static_cast<double> (n)); };
        for (std::size_t n = 0; n < frames; ++n)
            mean += x[n] / static_cast<double> (frames);
        for (std::size_t n = 0; n < frames; ++n)
            sine += 2 * (x[n] - mean) * std::conj (turn (n)) / static_cast<double> (frames);
        for (std::size_t n = 0; n < frames; ++n)
            rest = std::max (rest, std::abs (x[n] - mean - (sine * turn (n)).real()));
    }
};

} // namespace

TEST_CASE (
    "chorus and flanger swing by the depth they tell, as often as rate or note say, apart by the width")
{
    // Chorus: delay (1 + 0.9 depth sin). Flanger: delay (1 - 0.98 depth (1 - sin)/2): it swings by 0.49 of
    // that. Width 100 holds the right side half a cycle away, 50 a quarter. A quarter note at 120 beats per
    // minute is 2 Hz.
    struct Case
    {
        const char* id;
        Settings own;
        double swing;
    };
    const Case cases[] {
        { "chorus",
          { { "voices", 0 }, { "delay", 10 }, { "depth", 50 }, { "low-cut", 10 }, { "high-cut", 20000 } },
          10 * 0.9 * 0.5 },
        { "flanger", { { "delay", 6 }, { "depth", 50 }, { "feedback", 0 } }, 6 * 0.98 * 0.5 / 2 },
    };
    for (const auto& one : cases)
        for (const auto& [rate, note] : { std::pair (0.8, 0), std::pair (3.0, 0), std::pair (2.0, 9) })
            for (double width : { 0.0, 50.0, 100.0 })
            {
                auto rig = mixRig (one.id, 2, one.own);
                for (auto [name, value] :
                     Settings { { "rate", rate }, { "note", note }, { "width", width }, { "mix", 100 } })
                    REQUIRE (rig.set (name, static_cast<float> (value)));
                if (note > 0)
                    rig.set ("rate", 0.1f);
                const auto out = rig.run (sine (2, 144000, 500, 48000, 0.5f));
                // A delay of 1 ms turns 500 Hz by half a turn.
                const Swing left (phaseOf (out[0], 500), rate), right (phaseOf (out[1], 500), rate);
                INFO (one.id << ", " << rate << " Hz, note " << note << ", width " << width);
                CHECK (std::abs (left.sine) / std::numbers::pi == Approx (one.swing).epsilon (0.02));
                CHECK (std::abs (right.sine) / std::numbers::pi == Approx (one.swing).epsilon (0.02));
                CHECK (left.rest < 0.05 * std::abs (left.sine));
                CHECK (std::cos (std::arg (right.sine / left.sine)) ==
                       Approx (std::cos (width / 100 * std::numbers::pi)).margin (0.02));
            }
}

TEST_CASE ("voices, cuts and mix of the chorus are those it tells")
{
    // Without depth all voices are the same: n of them at 1/sqrt n. Mix by equal power.
    for (int voices = 1; voices <= 6; ++voices)
    {
        auto rig = mixRig ("chorus", 1,
                           { { "voices", voices - 1 },
                             { "depth", 0 },
                             { "mix", 100 },
                             { "low-cut", 10 },
                             { "high-cut", 20000 } });
        CHECK (gainOfTone (rig, 500) == Approx (10 * std::log10 (voices)).margin (0.02));
    }
    for (double hertz : { 150.0, 300.0, 2000.0, 4000.0 })
    {
        auto rig = mixRig ("chorus", 1,
                           { { "voices", 0 },
                             { "depth", 0 },
                             { "mix", 100 },
                             { "delay", 10 },
                             { "low-cut", 300 },
                             { "high-cut", 2000 } });
        INFO (hertz << " Hz");
        CHECK (gainOfTone (rig, hertz) ==
               Approx (-10 * std::log10 ((1 + std::pow (300 / hertz, 4)) * (1 + std::pow (hertz / 2000, 4))))
                   .margin (0.15));
    }
    // 500 Hz is in step after 10 ms: both shares add up.
    auto rig = mixRig ("chorus", 1,
                       { { "voices", 0 },
                         { "depth", 0 },
                         { "mix", 30 },
                         { "delay", 10 },
                         { "low-cut", 10 },
                         { "high-cut", 20000 } });
    CHECK (gainOfTone (rig, 500) == Approx (inDb (1 / std::hypot (0.3, 0.7))).margin (0.03));
}

TEST_CASE ("the flanger's feedback and mix are those it tells")
{
    // z^-D/(1 - f z^-D) at equal power, sqrt (1 - f^2); D = 5 ms: 400 Hz goes round in step, 500 Hz against.
    for (double feedback : { -60.0, 0.0, 60.0 })
        for (double mix : { 30.0, 100.0 })
            for (double hertz : { 400.0, 500.0 })
            {
                auto rig =
                    mixRig ("flanger", 1,
                            { { "delay", 5 }, { "depth", 0 }, { "feedback", feedback }, { "mix", mix } });
                const double f = feedback / 100, m = mix / 100, sign = hertz == 400 ? 1 : -1;
                const double wet = sign / (1 - f * sign) * std::sqrt (1 - f * f);
                INFO (feedback << " %, mix " << mix << ", " << hertz << " Hz");
                CHECK (gainOfTone (rig, hertz, 0.1f) ==
                       Approx (inDb (std::abs ((m * wet + (1 - m)) / std::hypot (m, 1 - m)))).margin (0.05));
            }
}

TEST_CASE ("the phaser sweeps as far and as often as it tells, apart by the width, at the mix it tells")
{
    // Two allpasses turn a tone of frequency f by -2 x 2 atan (f/f0) (bilinear): from the phase f0 at every
    // moment, in octaves from the middle: a sine of the depth at the rate.
    for (const auto& [rate, note, depth] :
         { std::tuple (0.5, 0, 2.0), std::tuple (3.0, 0, 0.7), std::tuple (2.0, 9, 1.2) })
        for (double width : { 0.0, 100.0 })
        {
            auto rig = mixRig ("phaser", 2,
                               { { "stages", 0 },
                                 { "frequency", 1000 },
                                 { "depth", depth },
                                 { "rate", note > 0 ? 0.05 : rate },
                                 { "note", note },
                                 { "feedback", 0 },
                                 { "width", width },
                                 { "mix", 100 } });
            const auto out = rig.run (sine (2, 144000, 1000, 48000, 0.5f));
            std::vector<Swing> sides;
            for (const auto& side : out)
            {
                auto octaves = phaseOf (side, 1000);
                for (auto& p : octaves) // 0 to -360 degrees
                    p = std::log2 (std::atan (std::tan (std::numbers::pi / 48) /
                                              std::tan (-(p > 0 ? p - 2 * std::numbers::pi : p) / 4)) *
                                   48 / std::numbers::pi);
                sides.emplace_back (octaves, rate);
            }
            INFO (rate << " Hz, note " << note << ", depth " << depth << ", width " << width);
            for (const auto& side : sides)
            {
                CHECK (side.mean == Approx (0).margin (0.03));
                CHECK (std::abs (side.sine) == Approx (depth).epsilon (0.03));
            }
            CHECK (std::cos (std::arg (sides[1].sine / sides[0].sine)) ==
                   Approx (width > 0 ? -1 : 1).margin (0.02));
        }
    // Far below all corners the turned sound is the sound itself: both shares add up, at equal power.
    auto rig =
        mixRig ("phaser", 1,
                { { "stages", 0 }, { "frequency", 8000 }, { "depth", 0 }, { "feedback", 0 }, { "mix", 30 } });
    CHECK (gainOfTone (rig, 30) == Approx (inDb (1 / std::hypot (0.3, 0.7))).margin (0.01));
}

TEST_CASE ("speed, level and width of the delay are those it tells")
{
    // The echo of a ramp tells the delay of each frame; NumPy fits a sine of the speed: half of 6 ms.
    for (double speed : { 0.8, 5.0 })
    {
        auto rig = mixRig (
            "delay", 1,
            { { "note", 0 }, { "time", 100 }, { "feedback", 0 }, { "depth", 100 }, { "speed", speed } });
        auto in = silence (1, 120000);
        for (std::size_t n = 0; n < in[0].size(); ++n)
            in[0][n] = static_cast<float> (n) / 131072;
        const auto out = rig.run (in)[0];
        const auto fit = scipy ("n = np.arange (len (x))[9600:]\nd = n - x[9600:]*131072\n"
                                "w = 2*np.pi*" +
                                    std::to_string (speed) +
                                    "/48000\nA = np.c_[np.ones (len (n)), np.sin (w*n), np.cos (w*n)]\n"
                                    "c = np.linalg.lstsq (A, d, rcond=None)[0]\n"
                                    "print (c[0], np.hypot (c[1], c[2]), np.max (np.abs (d - A @ c)))",
                                { out.begin(), out.end() });
        INFO (speed << " Hz");
        CHECK (fit[0] == Approx (4800 + 144).margin (1));
        CHECK (fit[1] == Approx (144).margin (3));
        CHECK (fit[2] < 3); // a curve near a sine
    }
    // The first echo of unlike sides: their half difference times the width.
    const auto in = noise (2, 9600, 0.4f);
    for (double width : { 0.0, 40.0, 150.0 })
        for (double level : { -12.0, 6.0 })
        {
            auto rig = mixRig (
                "delay", 2,
                { { "note", 0 }, { "time", 50 }, { "feedback", 0 }, { "width", width }, { "level", level } });
            const auto out = rig.run (in);
            double worst = 0;
            for (std::size_t n = 2400; n < 9600; ++n)
            {
                const double l = static_cast<double> (in[0][n - 2400]),
                             r = static_cast<double> (in[1][n - 2400]);
                const double wanted = std::pow (10, level / 20) * ((l + r) / 2 + width / 100 * (l - r) / 2);
                worst = std::max (worst, std::abs (wanted - static_cast<double> (out[0][n])));
            }
            INFO ("width " << width << ", level " << level);
            CHECK (worst < 1e-6);
        }
}

TEST_CASE ("the delay's ducking sets in at its threshold and ends in its release")
{
    // The echoes are let alone below the threshold and all the way down 6 dB above it. The level falls by
    // exp (-3 t/release): from 20 dB over the threshold to 6 dB over it in 0.537 releases, to the threshold
    // in 0.768; 5 ms of smoothing.
    const auto echoes = [] (double level, double threshold, double release, std::size_t after)
    {
        auto rig = mixRig ("delay", 1,
                           { { "note", 0 },
                             { "time", 2000 },
                             { "feedback", 0 },
                             { "duck", 18 },
                             { "duck-threshold", threshold },
                             { "duck-release", release } });
        // What sounds from 2 s on is the echo of a steady tone; over it the sound that ducks, until 2.2 s.
        auto in = Sound { steadyLevel (144000, -50) };
        for (std::size_t n = 96000; n < in[0].size(); ++n)
            in[0][n] =
                n < 105600 ? static_cast<float> (std::pow (10, level / 20)) * (n % 2 ? -1.0f : 1.0f) : 0.0f;
        const auto out = rig.run (in)[0];
        return inDb (std::abs (static_cast<double> (out[105600 + after]))) + 50;
    };
    CHECK (echoes (-31, -30, 20, 0) == Approx (0).margin (0.01));
    CHECK (echoes (-23.5, -30, 20, 0) == Approx (-18).margin (0.05));
    CHECK (echoes (-51, -50, 20, 0) == Approx (0).margin (0.01));
    CHECK (echoes (-43.5, -50, 20, 0) == Approx (-18).margin (0.05));
    for (double release : { 100.0, 600.0 })
    {
        const auto at = [&] (double share) { return static_cast<std::size_t> (48 * release * share); };
        INFO (release << " ms");
        CHECK (echoes (-10, -30, release, at (0.52)) == Approx (-18).margin (0.1));
        CHECK (echoes (-10, -30, release, at (0.768) + 1500) == Approx (0).margin (0.1));
    }
}

TEST_CASE ("tone, output and mix of the saturator are those it tells")
{
    // A soft sound. Tone: (g s + 1)/(s + g) around 1 kHz, by the bilinear transform with 1 kHz kept.
    for (double tone : { -6.0, 4.0 })
        for (double hertz : { 50.0, 400.0, 1000.0, 3000.0, 15000.0 })
        {
            auto rig =
                mixRig ("saturator", 1,
                        { { "drive", 0 }, { "auto-level", 0 }, { "tone", tone }, { "oversampling", 2 } });
            const double g = std::pow (10, tone / 20);
            const std::complex<double> s (0, std::tan (std::numbers::pi * hertz / 48000) /
                                                 std::tan (std::numbers::pi * 1000 / 48000));
            INFO (tone << " dB, " << hertz << " Hz");
            CHECK (gainOfTone (rig, hertz, 0.001f) ==
                   Approx (inDb (std::abs ((g * s + 1.0) / (s + g)))).margin (0.1));
        }
    for (double mix : { 0.0, 50.0, 100.0 })
    {
        auto rig =
            mixRig ("saturator", 1, { { "drive", 0 }, { "auto-level", 0 }, { "output", 6 }, { "mix", mix } });
        CHECK (gainOfTone (rig, 1000, 0.001f) ==
               Approx (inDb (1 - mix / 100 + mix / 100 * std::pow (10, 0.3))).margin (0.02));
    }
}

TEST_CASE ("the borders of the stereo width lie where it says, and only what is above is spread")
{
    // A side signal alone, the lows or the highs taken away: 1 - LP and 1 - HP of a Butterworth of second
    // order, the border kept by the bilinear transform.
    for (double border : { 1.0, 2.5 })
        for (double ratio : { 0.25, 0.7, 1.0, 1.5, 3.0 })
            for (bool low : { true, false })
            {
                const double corner = (low ? 200 : 2400) * border, hertz = ratio * corner;
                auto rig = mixRig ("stereo-width", 2,
                                   { { "low", low ? 0 : 100 },
                                     { "high", low ? 100 : 0 },
                                     { "low-split", low ? corner : 60 },
                                     { "high-split", low ? 12000 : corner } });
                auto in = sine (2, 96000, hertz, 48000, 0.25f);
                for (auto& x : in[1])
                    x = -x;
                const auto out = rig.run (in);
                const std::complex<double> s (0, std::tan (std::numbers::pi * hertz / 48000) /
                                                     std::tan (std::numbers::pi * corner / 48000));
                const auto gone = (low ? 1.0 : s * s) / (s * s + std::numbers::sqrt2 * s + 1.0);
                INFO ((low ? "low" : "high") << " border at " << corner << ", " << hertz << " Hz");
                CHECK (levelOf (std::span (out[0]).subspan (48000), hertz) - inDb (0.25) ==
                       Approx (inDb (std::abs (1.0 - gone))).margin (0.02));
            }
    // Mono: what is spread is the middle through that high-pass and allpasses, at the same level.
    for (double above : { 100.0, 1000.0 })
        for (double ratio : { 0.25, 1.0, 4.0 })
        {
            auto rig = mixRig ("stereo-width", 2, { { "spread", 60 }, { "spread-above", above } });
            const auto out = rig.run (sine (2, 96000, above * ratio, 48000, 0.25f));
            std::vector<float> side;
            for (std::size_t n = 48000; n < 96000; ++n)
                side.push_back ((out[0][n] - out[1][n]) / 2);
            INFO ("above " << above << ", " << above * ratio << " Hz");
            CHECK (levelOf (side, above * ratio) - inDb (0.25) ==
                   Approx (inDb (0.6) + highPassed (above * ratio, above)).margin (0.02));
        }
}

TEST_CASE ("bass mono takes the side away as a Linkwitz-Riley filter of fourth order does")
{
    // DSP.md 2.5: one signal below half the corner: (f/fc)^4/(1 + (f/fc)^4) of the side is left, -24.6 dB
    // there: the correlation of unlike sides is above 0.99.
    for (double corner : { 80.0, 200.0 })
        for (double ratio : { 0.25, 0.5, 1.0, 2.0 })
        {
            auto rig = mixRig ("stereo-width", 2, { { "bass-mono", 1 }, { "frequency", corner } });
            auto in = sine (2, 192000, corner * ratio, 48000, 0.4f);
            for (auto& x : in[1])
                x = -x;
            const auto out = rig.run (in);
            INFO (corner * ratio << " Hz under " << corner << " Hz");
            CHECK (levelOf (std::span (out[0]).subspan (96000), corner * ratio) - inDb (0.4) ==
                   Approx (2 * highPassed (corner * ratio, corner)).margin (0.05));
        }
}

TEST_CASE ("the utility's gain is the one it tells, and each side has a polarity of its own")
{
    const auto in = noise (2, 500, 0.5f);
    for (double gain : { -60.0, -7.3, 0.0, 24.0 })
        for (bool left : { false, true })
            for (bool right : { false, true })
            {
                auto rig = mixRig ("gain", 2,
                                   { { "gain", gain }, { "invert-left", left }, { "invert-right", right } });
                const auto out = rig.run (in);
                const double g = std::pow (10, static_cast<double> (static_cast<float> (gain)) / 20);
                for (std::size_t n = 0; n < 500; ++n)
                {
                    REQUIRE (out[0][n] == Approx ((left ? -g : g) * in[0][n]).epsilon (2e-7));
                    REQUIRE (out[1][n] == Approx ((right ? -g : g) * in[1][n]).epsilon (2e-7));
                }
            }
}
