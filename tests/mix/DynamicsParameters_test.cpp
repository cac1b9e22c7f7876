// SPDX-License-Identifier: GPL-3.0-or-later
// What the times, keys and outputs of the dynamics tell, measured.
#include "dsp/EqDesign.h"
#include "dsp/Svf.h"
#include "mix/Programmes.h"

#include <catch2/catch.hpp>
#include <complex>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

std::vector<float> joined (std::initializer_list<std::vector<float>> parts)
{
    std::vector<float> out;
    for (const auto& part : parts)
        out.insert (out.end(), part.begin(), part.end());
    return out;
}

double gainAt (const std::vector<float>& out, const std::vector<float>& in, std::size_t n)
{
    return inDb (std::abs (static_cast<double> (out[n]) / static_cast<double> (in[n])));
}

/// The gain of a tone from a frame on, over a second.
double gainOfTone (Rig& rig, double hertz, float level = 0.5f)
{
    const auto out = rig.run (
        sine (static_cast<int> (rig.key.empty() ? 1 : rig.key.size()), 96000, hertz, rig.rate, level))[0];
    return inDb (toneIn (std::span (out).subspan (48000), hertz, rig.rate) / static_cast<double> (level));
}

/// Level of a Butterworth high-pass of second order, its corner kept by the bilinear transform.
double highPassed (double hertz, double corner)
{
    const double r =
        std::tan (std::numbers::pi * hertz / 48000) / std::tan (std::numbers::pi * corner / 48000);
    return -10 * std::log10 (1 + std::pow (r, -4));
}

} // namespace

TEST_CASE ("every key filter lets be heard what its cuts leave, and nothing else moves the gain")
{
    // Butterworth, second order: 50 Hz under a low cut of 500 Hz, 9 kHz above a high cut of 2 kHz.
    const double low = -10 * std::log10 (1 + std::pow (10, 4)),
                 high = -10 * std::log10 (1 + std::pow (4.5, 4));
    for (const auto* id : { "gate", "compressor", "transient-shaper" })
    {
        INFO (id);
        for (const auto& [hertz, wanted] : { std::pair (50.0, low), std::pair (9000.0, high) })
        {
            auto rig = mixRig (id, 1,
                               { { "key.filter", 1 },
                                 { "key.low-cut", 500 },
                                 { "key.high-cut", 2000 },
                                 { "key.listen", 1 } });
            CHECK (gainOfTone (rig, hertz) == Approx (wanted).margin (0.15));
        }
        auto open = mixRig (id, 1, { { "key.listen", 1 } });
        CHECK (gainOfTone (open, 50) == Approx (0).margin (0.001));
    }
    // A bass that opens a gate and drives a compressor does neither behind the low cut, treble behind the
    // high cut.
    for (const auto& [hertz, lower, upper] : { std::tuple (60.0, 1500, 20000), std::tuple (9000.0, 20, 500) })
    {
        INFO (hertz << " Hz");
        const Settings cuts { { "key.filter", 1 },
                              { "key.low-cut", static_cast<double> (lower) },
                              { "key.high-cut", static_cast<double> (upper) },
                              { "threshold", -23 } };
        auto gate = mixRig ("gate", 1, cuts), compressor = mixRig ("compressor", 1, cuts);
        CHECK (gainOfTone (gate, hertz) == Approx (-60).margin (0.5)); // its range
        CHECK (gainOfTone (compressor, hertz) == Approx (0).margin (0.01));
        auto open = mixRig ("gate", 1, { { "threshold", -23 } });
        auto driven = mixRig ("compressor", 1, { { "threshold", -23 } });
        CHECK (gainOfTone (open, hertz) == Approx (0).margin (0.001));
        CHECK (gainOfTone (driven, hertz) < -8);
    }
}

TEST_CASE ("the RMS detector of the compressor averages over its window")
{
    // From nothing to a constant power P the mean square is P (1 - exp (-t/window)); the level lies
    // 10 log10 of that lower. 2:1 far above the threshold gives half of it away, at once by attack 0.02 ms.
    for (double window : { 5.0, 40.0 })
    {
        auto rig = mixRig ("compressor", 1,
                           { { "detector", 1 },
                             { "window", window },
                             { "threshold", -50 },
                             { "ratio", 2 },
                             { "knee", 0 },
                             { "attack", 0.02 } });
        const auto in = joined ({ steadyLevel (9600, -100), steadyLevel (9600, 0) });
        const auto out = rig.run ({ in })[0];
        for (double t : { 0.5, 1.0, 2.0 })
        {
            const auto n = static_cast<std::size_t> (9600 + 48 * window * t);
            INFO (window << " ms, after " << t << " of them");
            CHECK (gainAt (out, in, n) ==
                   Approx (-0.5 * (50 + 10 * std::log10 (1 - std::exp (-t)))).margin (0.15));
        }
    }
}

TEST_CASE ("no character of the compressor overshoots after a step of the level")
{
    // DSP.md 2.3. Up and down, at short and long times: the reduction rises only, then falls only.
    for (int character = 0; character < 4; ++character)
        for (double attack : { 0.5, 30.0 })
        {
            auto rig = mixRig ("compressor", 1,
                               { { "character", static_cast<double> (character) },
                                 { "threshold", -30 },
                                 { "attack", attack },
                                 { "release", 10 * attack + 5 } });
            const auto in =
                joined ({ steadyLevel (9600, -80), steadyLevel (48000, -5), steadyLevel (96000, -80) });
            double last = 0, against = 0, full = 0;
            rig.run (
                { in }, [] (Frames) { return engine::quantum; },
                [&] (Frames at, std::vector<float>&)
                {
                    // What the last block was reduced by.
                    const double now = static_cast<double> (rig.effect->reduction());
                    against = std::max (against, at <= 57600 ? last - now : now - last);
                    full = std::max (full, now);
                    last = now;
                });
            INFO ("character " << character << ", attack " << attack);
            CHECK (against < 0.01); // dB
            CHECK (full == Approx (0.75 * 25).margin (0.05));
            CHECK (last < 2); // the second step of the opto takes seconds
        }
}

TEST_CASE ("the times of a ducker are those it tells")
{
    // It closes in a straight line and opens by equal numbers of dB. The detector falls by 20 lg e in 40 ms:
    // from -10 dB to -34 dB, 4 below the threshold, in 110.5 ms.
    const auto in = joined ({ steadyLevel (9600, -60), steadyLevel (4800, -10), steadyLevel (48000, -60) });
    auto rig = mixRig ("gate", 1,
                       { { "mode", 2 },
                         { "threshold", -30 },
                         { "hysteresis", 4 },
                         { "range", 12 },
                         { "attack", 20 },
                         { "hold", 50 },
                         { "release", 100 } });
    const auto out = rig.run ({ in })[0];
    const double floor = std::pow (10, -0.6);
    CHECK (gainAt (out, in, 9600 + 479) == Approx (inDb ((1 + floor) / 2)).margin (0.05));
    CHECK (gainAt (out, in, 9600 + 1000) == Approx (-12).margin (0.001));
    const double opens = 14400 + 48000 * 0.04 * std::log (std::pow (10, 1.2)) + 2400;
    CHECK (gainAt (out, in, static_cast<std::size_t> (opens - 50)) == Approx (-12).margin (0.001));
    CHECK (gainAt (out, in, static_cast<std::size_t> (opens + 2400)) == Approx (-6).margin (0.15));
    CHECK (gainAt (out, in, static_cast<std::size_t> (opens + 4850)) == Approx (0).margin (0.001));
}

TEST_CASE ("a gate's threshold and hysteresis are those it tells, wherever they stand")
{
    for (double threshold : { -60.0, -25.0, -10.0 })
        for (double hysteresis : { 2.0, 9.0 })
        {
            auto rig = mixRig ("gate", 1,
                               { { "threshold", threshold }, { "hysteresis", hysteresis }, { "hold", 0 } });
            const auto in =
                joined ({ steadyLevel (24000, threshold - 0.1), steadyLevel (24000, threshold + 0.1),
                          steadyLevel (24000, threshold - hysteresis + 0.1),
                          steadyLevel (24000, threshold - hysteresis - 0.1) });
            const auto out = rig.run ({ in })[0];
            INFO (threshold << " dB, hysteresis " << hysteresis << " dB");
            CHECK (gainAt (out, in, 23999) == Approx (-60).margin (0.01));
            CHECK (gainAt (out, in, 47999) == 0);
            CHECK (gainAt (out, in, 71999) == 0);
            CHECK (gainAt (out, in, 95999) < -20);
        }
}

TEST_CASE ("the click of a gate that opens in 0.05 ms is no more than the edge it lets through")
{
    // DSP.md 2.3 asks for the figure: what lies above 4 kHz while a gate opens on a tone of 100 Hz at -6 dBFS
    // from its floor. A straight line of 0.05 ms (2.4 frames) is nearly a switch at the threshold of -40 dB:
    // 34 dB below the tone. Longer attacks click less.
    double clicks[2];
    for (int slow : { 0, 1 })
    {
        auto rig = mixRig ("gate", 1, { { "threshold", -40 }, { "attack", slow == 0 ? 0.05 : 5 } });
        const auto in = sine (1, 9600, 100, 48000, 0.5f);
        auto quiet = in;
        for (std::size_t n = 0; n < 4800; ++n)
            quiet[0][n] *= 0.001f;
        const auto out = rig.run (quiet)[0];
        dsp::Svf<double> high[4];
        for (int k = 0; k < 4; ++k)
            high[k].set (dsp::svfOf (
                dsp::eqSection (dsp::EqShape::highPass, 4000, dsp::butterworthQ (4, k), 0, 48000)));
        double most = 0;
        for (std::size_t n = 0; n < out.size(); ++n)
        {
            double y = static_cast<double> (out[n]) - (n >= 5760 ? static_cast<double> (in[0][n]) : 0);
            for (auto& h : high)
                y = h (y);
            most = std::max (most, n > 4700 && n < 5700 ? std::abs (y) : 0);
        }
        clicks[slow] = inDb (most);
    }
    INFO (clicks[0] << " and " << clicks[1] << " dBFS");
    CHECK (clicks[0] < -40);
    CHECK (clicks[1] < clicks[0] - 6);
}

TEST_CASE ("the de-esser's curve, corner and range are those it tells")
{
    // A tone alone: the highs' share of it is the level of two Butterworth high-passes at the corner, and the
    // reduction Giannoulis, Massberg, Reiss (2012), eq. 4, with a knee of 6 dB and no end to the ratio, up to
    // the range.
    for (double corner : { 2500.0, 6000.0, 11000.0 })
        for (double hertz : { 3000.0, 5000.0, 9000.0 })
            for (double threshold : { -25.0, -10.0 })
                for (double range : { 4.0, 20.0 })
                {
                    auto rig = mixRig ("de-esser", 1,
                                       { { "mode", 1 },
                                         { "frequency", corner },
                                         { "threshold", threshold },
                                         { "range", range } });
                    const double u = std::max (0.0, 2 * highPassed (hertz, corner) - threshold + 3),
                                 t = std::min (u, 6.0);
                    INFO (hertz << " Hz, corner " << corner << ", threshold " << threshold << ", range "
                                << range);
                    CHECK (gainOfTone (rig, hertz) ==
                           Approx (-std::min (range, t * t / 12 + u - t)).margin (0.1));
                    auto heard = mixRig ("de-esser", 1, { { "frequency", corner }, { "key.listen", 1 } });
                    CHECK (gainOfTone (heard, hertz) ==
                           Approx (2 * highPassed (hertz, corner)).margin (0.05));
                }
}

TEST_CASE ("the de-esser takes 63 % of a reduction in its attack and gives them back in its release")
{
    // From a tone without highs to one that is nothing else: the share is above all of the range within 0.2
    // ms of its averaging of 3 ms; on the way back it takes 3 ms x ln (10^((20 - 3)/10)) to the end of the
    // knee, and 5 to 13 ms of that until the reduction begins to go.
    const auto low = sine (1, 24000, 300, 48000, 0.5f)[0], high = sine (1, 48000, 9000, 48000, 0.5f)[0];
    for (double attack : { 2.0, 15.0 })
        for (double release : { 80.0, 400.0 })
        {
            auto rig = mixRig ("de-esser", 1,
                               { { "mode", 1 },
                                 { "threshold", -20 },
                                 { "range", 8 },
                                 { "attack", attack },
                                 { "release", release } });
            const auto in = joined ({ low, high, low, low });
            const auto out = rig.run ({ in })[0];
            // Frames from n on until the gain has passed a level, seen where the tone is not near zero.
            const auto until = [&] (std::size_t n, double level, bool falls)
            {
                const std::size_t from = n;
                while (n < in.size() && (std::abs (in[n]) < 0.1f || (gainAt (out, in, n) > level) == falls))
                    ++n;
                return static_cast<double> (n - from) / 48;
            };
            INFO ("attack " << attack << ", release " << release);
            CHECK (until (24000, -8 * (1 - std::exp (-1.0)), true) == Approx (attack + 0.2).epsilon (0.05));
            CHECK (gainAt (out, in, 71997) == Approx (-8).margin (0.01));
            CHECK (until (72000, -8 * std::exp (-1.0), false) ==
                   Approx (release + 9).margin (4 + 0.03 * release));
        }
}

TEST_CASE ("what the transient shaper adds lasts as long as its lengths tell")
{
    // A tone out of nothing: its beginning fades by exp (-t/length), with the millisecond of smoothing
    // a little later: 1/(1 - 1 ms/length).
    for (double length : { 10.0, 60.0 })
    {
        auto rig = mixRig ("transient-shaper", 1, { { "attack", 12 }, { "attack-time", length } });
        const auto in = joined ({ std::vector<float> (4800), steadyLevel (48000, -6) });
        const auto out = rig.run ({ in })[0];
        for (double t : { 1.0, 2.0 })
        {
            INFO (length << " ms, after " << t << " of them");
            CHECK (gainAt (out, in, static_cast<std::size_t> (4800 + 48 * length * t)) ==
                   Approx (12 * std::exp (-t) / (1 - 1 / length)).epsilon (0.01).margin (0.02));
        }
    }
    // A step down by 40 dB: after the hold of 15 ms what lasts falls by exp (-t/length), and half of the
    // sustain is there where it is twice the level: after ln 50 lengths.
    for (double length : { 100.0, 300.0 })
    {
        auto rig = mixRig ("transient-shaper", 1,
                           { { "attack", 0 }, { "sustain", 12 }, { "sustain-time", length } });
        const auto in = joined ({ steadyLevel (48000, 0), steadyLevel (96000, -40) });
        const auto out = rig.run ({ in })[0];
        INFO (length << " ms");
        CHECK (gainAt (out, in, static_cast<std::size_t> (48000 + 48 * (15 + length * std::log (50)))) ==
               Approx (6).margin (0.15));
        CHECK (gainAt (out, in, 143999) == Approx (0).margin (0.01));
    }
    // Output and mix of a lasting tone: half of it at -6 dB.
    auto rig = mixRig ("transient-shaper", 1, { { "output", -6 }, { "mix", 50 } });
    CHECK (gainOfTone (rig, 1000) == Approx (inDb (0.5 + 0.5 * std::pow (10, -0.3))).margin (0.001));
}

TEST_CASE ("the insert limiter's link, lookahead, release and character are what they tell")
{
    // Left 12 dB over the ceiling, right far under it.
    const Sound in { sine (1, 48000, 997, 48000, 1)[0], sine (1, 48000, 1499, 48000, 0.01f)[0] };
    const auto right = [&] (double link)
    {
        auto rig = mixRig ("track-limiter", 2, { { "ceiling", -12 }, { "link", link }, { "lookahead", 3 } });
        CHECK (rig.latency() == 32 + 144); // half of the detector and 3 ms
        const auto out = rig.run (in);
        CHECK (peakOf ({ out[0] }, 24000) <= static_cast<float> (std::pow (10, -0.6)));
        return inDb (toneIn (std::span (out[1]).subspan (24000), 1499, 48000) / 0.01);
    };
    CHECK (right (0) == Approx (0).margin (0.001));
    CHECK (right (100) == Approx (-12).margin (0.25)); // 0.1 dB of it a margin for what lies between samples
    CHECK (right (50) ==
           Approx (inDb (0.5 + 0.5 * std::pow (10, -0.6))).margin (0.15)); // half way of the gain

    // After two loud seconds the gain is back to a tenth of the reduction later by a longer release.
    const auto back = [&] (double release)
    {
        auto rig = mixRig ("track-limiter", 1, { { "ceiling", -12 }, { "release", release } });
        const auto sound =
            joined ({ sine (1, 96000, 1000, 48000, 1)[0], sine (1, 192000, 1000, 48000, 0.1f)[0] });
        const auto out = rig.run ({ sound })[0];
        for (std::size_t n = 96000 + 960; n + 48 < out.size(); n += 48)
            if (inDb (toneIn (std::span (out).subspan (n, 48), 1000, 48000) / 0.1) > -1.2)
                return static_cast<double> (n - 96000) / 48;
        return 1e9;
    };
    const double brief = back (60), longer = back (600);
    INFO (brief << " and " << longer << " ms");
    CHECK (longer > 5 * brief);
    CHECK (longer < 3000);

    // Smooth keeps a low note clean, Fast is louder on music.
    const auto of = [&] (double character) {
        return mixRig ("track-limiter", 2, { { "gain", 12 }, { "character", character } });
    };
    double rest[2], loud[2];
    for (int fast : { 0, 1 })
    {
        auto rig = of (2.0 * fast);
        const auto out = rig.run (sine (2, 144000, 50, 48000, 0.5f))[0];
        const std::span<const float> settled (out.data() + 96000, 48000);
        double power = 0;
        for (int k = 2; k <= 9; ++k)
            power += std::pow (toneIn (settled, 50 * k, 48000), 2);
        rest[fast] = inDb (std::sqrt (power) / toneIn (settled, 50, 48000));
        auto other = of (2.0 * fast);
        double sum = 0;
        const auto music = other.run (programme (3, 10 * 48000, 48000))[0];
        for (float x : music)
            sum += static_cast<double> (x) * static_cast<double> (x);
        loud[fast] = 10 * std::log10 (sum);
    }
    INFO (rest[0] << " and " << rest[1] << " dB; " << loud[0] << " and " << loud[1] << " dB");
    CHECK (rest[0] < -90);
    CHECK (rest[1] > rest[0] + 20);
    CHECK (loud[1] > loud[0] + 0.3);
}

TEST_CASE ("unity takes back what the clipper's gain adds, and mix is the share of the clipped sound")
{
    const auto in = noise (2, 9600, 0.7f);
    const Settings plain { { "gain", 9 }, { "ceiling", -6 } };
    auto loud = mixRig ("clipper", 2, plain);
    auto level = mixRig ("clipper", 2, { { "gain", 9 }, { "ceiling", -6 }, { "unity", 1 } });
    auto half = mixRig ("clipper", 2, { { "gain", 9 }, { "ceiling", -6 }, { "mix", 50 } });
    const auto a = loud.run (in), b = level.run (in), c = half.run (in);
    const auto late = static_cast<std::size_t> (loud.latency());
    double worst = 0, share = 0;
    for (std::size_t n = late; n < a[0].size(); ++n)
    {
        const auto x = [] (const Sound& s, std::size_t at) { return static_cast<double> (s[0][at]); };
        worst = std::max (worst, std::abs (x (b, n) - x (a, n) * std::pow (10, -9 / 20.0)));
        share = std::max (share, std::abs (x (c, n) - 0.5 * (x (a, n) + x (in, n - late))));
    }
    CHECK (worst < 1e-6);
    CHECK (share < 1e-6);
}
