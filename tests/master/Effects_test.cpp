// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Rig.h"
#include "conformance/Spectrum.h"
#include "master/Catalogue.h"

#include <catch2/catch.hpp>
#include <string>

using namespace lacquer;
using namespace lacquer::tests;
using Complex = std::complex<double>;

namespace
{

const engine::EffectType& effectNamed (std::string_view id)
{
    for (const auto& type : master::catalogue())
        if (type.id == id)
            return type;
    FAIL ("no effect " << id);
    std::abort();
}

/// Response in dB at some frequencies, from an impulse of 0.25 on both sides.
std::vector<double> responseOf (Rig& rig, const std::vector<double>& frequencies)
{
    constexpr int size = 1 << 16;
    const auto h = spectrumOf (rig.run (impulse (2, size, 0.25f))[0]);
    std::vector<double> out;
    for (double f : frequencies)
        out.push_back (decibels (std::abs (h[static_cast<std::size_t> (f * size / rig.rate)]) / 0.25));
    return out;
}

/// Bin frequencies of the 65536-point transform nearest to a logarithmic scale.
std::vector<double> scale (double from, double to, double rate)
{
    std::vector<double> out;
    for (double f = from; f <= to; f *= 1.05)
        out.push_back (std::round (f * 65536 / rate) * rate / 65536);
    return out;
}

} // namespace

TEST_CASE ("a flat master EQ changes no bit")
{
    Rig rig (effectNamed ("master-eq"), 48000, 2);
    const auto in = noise (2, 10000, 0.7f);
    REQUIRE (rig.run (in) == in);
    for (int b = 3; b <= 6; ++b)
        rig.set ("band" + std::to_string (b) + ".on", 1); // bells of 0 dB
    rig.reset();
    REQUIRE (rig.run (in) == in);
}

TEST_CASE ("a master EQ bell follows its analog prototype to 20 kHz")
{
    // (s^2 + s sqrt(G)/Q + 1)/(s^2 + s/(sqrt(G) Q) + 1), the prototype of M. Vicanek's paper; accepted error
    // 0.1 dB to 10 kHz for centres to 10 kHz, 0.7 dB to 20 kHz.
    for (double rate : { 48000.0, 96000.0 })
        for (double centre : { 100.0, 1000.0, 5000.0, 10000.0, 16000.0 })
            for (double gain : { 12.0, -12.0 })
            {
                INFO (rate << " Hz, " << centre << " Hz, " << gain << " dB");
                Rig rig (effectNamed ("master-eq"), rate, 2);
                rig.set ("band4.on", 1);
                rig.set ("band4.q", 1);
                rig.set ("band4.frequency", static_cast<float> (centre));
                rig.set ("band4.gain", static_cast<float> (gain));
                const auto at = scale (20, 20000, rate);
                const auto got = responseOf (rig, at);
                const double root = std::pow (10, gain / 40);
                double worst = 0, worstLow = 0;
                for (std::size_t n = 0; n < at.size(); ++n)
                {
                    const Complex s (0, at[n] / centre);
                    const double want =
                        decibels (std::abs ((s * s + s * root + 1.0) / (s * s + s / root + 1.0)));
                    worst = std::max (worst, std::abs (got[n] - want));
                    if (at[n] <= 10000 && centre <= 10000)
                        worstLow = std::max (worstLow, std::abs (got[n] - want));
                }
                CHECK (worst < 0.7);
                CHECK (worstLow < 0.1);
            }
}

TEST_CASE ("the cuts of the master EQ fall at their slope and by 3 dB at the corner")
{
    // Butterworth: -10 log10 (1 + (f/fc)^(2n)).
    for (int slope : { 0, 1, 2 })
    {
        const int order = 2 << slope;
        Rig rig (effectNamed ("master-eq"), 48000, 2);
        rig.set ("band1.on", 1);
        rig.set ("band1.frequency", 200);
        rig.set ("band1.slope", static_cast<float> (slope));
        rig.set ("band8.on", 1);
        rig.set ("band8.frequency", 4000);
        rig.set ("band8.slope", static_cast<float> (slope));
        const auto at = scale (100, 8000, 48000);
        const auto got = responseOf (rig, at);
        double worst = 0;
        for (std::size_t n = 0; n < at.size(); ++n)
        {
            const double want = -10 * std::log10 (1 + std::pow (200 / at[n], 2 * order)) -
                                10 * std::log10 (1 + std::pow (at[n] / 4000, 2 * order));
            worst = std::max (worst, std::abs (got[n] - want));
        }
        INFO ("order " << order);
        CHECK (worst < 0.4);
    }
}

TEST_CASE ("a side band of the master EQ leaves mid alone, and the other way round")
{
    for (int channel : { 1, 2 })
    {
        Rig rig (effectNamed ("master-eq"), 48000, 2);
        rig.set ("band4.on", 1);
        rig.set ("band4.gain", 12);
        rig.set ("band4.channel", static_cast<float> (channel));
        auto in = noise (2, 20000, 0.5f);
        // A mono sound is mid only, an opposite one side only: the band must not touch it.
        for (std::size_t n = 0; n < in[0].size(); ++n)
            in[1][n] = channel == 2 ? in[0][n] : -in[0][n];
        CHECK (rig.run (in) == in);
        // And it does work on the other part.
        for (auto& x : in[1])
            x = -x;
        rig.reset();
        CHECK (rig.run (in) != in);
    }
}

TEST_CASE ("the bands of the multiband compressor add up flat at ratio 1")
{
    for (double rate : { 44100.0, 48000.0, 96000.0 })
    {
        Rig rig (effectNamed ("multiband"), rate, 2);
        for (int b = 1; b <= 4; ++b)
            rig.set ("band" + std::to_string (b) + ".ratio", 1);
        double worst = 0;
        for (double level : responseOf (rig, scale (10, 0.45 * rate, rate)))
            worst = std::max (worst, std::abs (level));
        INFO (rate << " Hz: " << worst << " dB");
        CHECK (worst < 0.001);
    }
}

TEST_CASE ("a band of the multiband compressor falls by 24 dB in the octave beyond its border")
{
    // |LP4| = 1/(1 + (f/fc)^4) (Linkwitz-Riley): -24.6 dB one octave, -48.2 dB two octaves above.
    Rig rig (effectNamed ("multiband"), 48000, 2);
    for (int b = 1; b <= 4; ++b)
    {
        rig.set ("band" + std::to_string (b) + ".ratio", 1);
        rig.set ("band" + std::to_string (b) + ".gain", b == 1 ? 0.0f : -18.0f);
    }
    // The lowest band alone = (all at 0 dB except others at -18) can not be isolated; instead the sum with
    // the others at -18 dB equals g + (1 - g) LP4 up to the common allpass, at one octave above the first
    // border.
    const double g = std::pow (10, -18 / 20.0);
    const std::vector<double> at = scale (60, 400, 48000);
    const auto got = responseOf (rig, at);
    for (std::size_t n = 0; n < at.size(); ++n)
    {
        // LP4 = 1/(s^2 + sqrt2 s + 1)^2 and LP4 + HP4 = (s^2 - sqrt2 s + 1)/(s^2 + sqrt2 s + 1).
        const Complex s (0, std::tan (std::numbers::pi * at[n] / 48000) /
                                std::tan (std::numbers::pi * 120 / 48000));
        const Complex den = s * s + std::numbers::sqrt2 * s + 1.0,
                      all = (s * s - std::numbers::sqrt2 * s + 1.0) / den;
        const double want = decibels (std::abs (g * all + (1 - g) / (den * den)));
        CHECK (got[n] == Approx (want).margin (0.01));
    }
}

TEST_CASE ("the multiband compressor holds its static curve within 0.05 dB")
{
    // Giannoulis, Massberg, Reiss (2012), eq. 4: T + (x - T)/R above the knee, x below it. A DC-like slow
    // tone ripples, so the tone lies in the highest band (10 kHz at 48 kHz, level by its peak over many
    // phases).
    for (float level : { -40.0f, -25.0f, -18.0f, -10.0f, -3.0f })
    {
        Rig rig (effectNamed ("multiband"), 48000, 2);
        rig.set ("band4.threshold", -20);
        rig.set ("band4.ratio", 4);
        rig.set ("band4.attack", 0.1f);
        rig.set ("band4.release", 2000);
        rig.set ("knee", 6);
        rig.set ("low-split", 30);
        rig.set ("mid-split", 200);
        rig.set ("high-split", 1500);
        for (int b = 1; b <= 3; ++b)
            rig.set ("band" + std::to_string (b) + ".on", 0);
        const double a = std::pow (10, level / 20);
        const auto in = sine (2, 96000, 12007, 48000, static_cast<float> (a));
        const auto out = rig.run (in);
        double energyIn = 0, energyOut = 0;
        for (std::size_t n = 48000; n < 96000; ++n)
        {
            energyIn += static_cast<double> (in[0][n]) * in[0][n];
            energyOut += static_cast<double> (out[0][n]) * out[0][n];
        }
        const double over = level + 20;
        const double want = over <= -3 ? 0 : over >= 3 ? -0.75 * over : -0.75 * (over + 3) * (over + 3) / 12;
        INFO (level << " dB");
        CHECK (10 * std::log10 (energyOut / energyIn) == Approx (want).margin (0.05));
        CHECK (rig.effect->reduction() == Approx (-want).margin (0.05));
    }
}

TEST_CASE ("attack and release of the multiband compressor take the time they tell")
{
    for (double rate : { 44100.0, 192000.0 })
    {
        Rig rig (effectNamed ("multiband"), rate, 2);
        rig.set ("band4.threshold", -20);
        rig.set ("band4.ratio", 20);
        rig.set ("band4.attack", 20);
        rig.set ("band4.release", 100);
        rig.set ("knee", 0);
        // Full reduction of a steady level of 0 dB in band 4 is 0.95 * 20 = 19 dB; 63.2 % of it is 12.0 dB.
        // Impulse-like alternation (Nyquist tone) keeps |x| constant, so the detector sees a true step.
        const int attack = static_cast<int> (0.020 * rate), rest = static_cast<int> (0.4 * rate);
        auto in = silence (2, rest);
        for (auto& c : in)
            for (std::size_t n = 0; n < c.size(); ++n)
                c[n] = n % 2 ? -1.0f : 1.0f;
        auto head = in;
        for (auto& c : head)
            c.resize (static_cast<std::size_t> (attack));
        rig.run (head, [] (Frames) { return 4; });
        CHECK (rig.effect->reduction() == Approx (12.0).epsilon (0.05));
        rig.run (in);
        CHECK (rig.effect->reduction() == Approx (19).margin (0.05));
        rig.run (silence (2, static_cast<int> (0.1 * rate)), [] (Frames) { return 4; });
        CHECK (rig.effect->reduction() == Approx (19 * std::exp (-1.0)).epsilon (0.05));
    }
}

TEST_CASE ("saturation of 5 kHz at +12 dB keeps aliases below -110 dBc")
{
    // Design study, table of 2.4: 4x with first-order antiderivative anti-aliasing reaches -116 dBc.
    Rig rig (effectNamed ("master-saturation"), 48000, 2);
    rig.set ("drive", 12);
    const int frequency = 5017; // prime: no alias falls on a harmonic
    auto out = rig.run (sine (2, 96000, frequency, 48000, 1.0f))[0];
    out.erase (out.begin(), out.begin() + 48000);
    const auto lines = spectrumOf (out);
    double worst = 0;
    for (std::size_t k = 20; k < 20000; ++k)
        if (k % frequency != 0)
            worst = std::max (worst, std::abs (lines[k]));
    const double alias = decibels (worst / std::abs (lines[frequency]));
    INFO (alias << " dBc");
    CHECK (alias < -110);
    // The third harmonic of x/sqrt(1+x^2) driven by 4 sin: Fourier integral of the curve itself.
    double first = 0, third = 0;
    for (int n = 0; n < 10000; ++n)
    {
        const double phase = 2 * std::numbers::pi * n / 10000,
                     x = std::pow (10, 12 / 20.0) * std::sin (phase);
        first += x / std::sqrt (1 + x * x) * std::sin (phase);
        third += x / std::sqrt (1 + x * x) * std::sin (3 * phase);
    }
    CHECK (decibels (std::abs (lines[3 * frequency]) / std::abs (lines[frequency])) ==
           Approx (decibels (third / first)).margin (0.3)); // the antiderivative form loses a little of it
}

TEST_CASE ("saturation is transparent for quiet sound and its latency is exact")
{
    for (double rate : { 44100.0, 48000.0, 96000.0 })
    {
        Rig rig (effectNamed ("master-saturation"), rate, 2);
        rig.set ("auto-level", 0);
        const auto h = rig.run (impulse (2, 65536, 0.001f))[0];
        // Linear phase: the response is its own mirror image around the latency told.
        const auto middle = static_cast<std::size_t> (rig.latency());
        double odd = 0;
        for (std::size_t n = 1; n <= middle; ++n)
            odd = std::max (odd, std::abs (static_cast<double> (h[middle + n]) - h[middle - n]));
        CHECK (odd < 1e-8);
        const auto spectrum = spectrumOf (h);
        double worst = 0;
        for (std::size_t k = 1; k < static_cast<std::size_t> (20000 * 65536 / rate); ++k)
            worst = std::max (worst, std::abs (decibels (std::abs (spectrum[k]) / 0.001)));
        INFO (rate << " Hz: " << worst << " dB");
        CHECK (worst < 0.1);
    }
}

TEST_CASE ("auto level keeps a tone at -12 dBFS where it was")
{
    for (float drive : { -12.0f, 0.0f, 12.0f, 24.0f })
    {
        Rig rig (effectNamed ("master-saturation"), 48000, 2);
        rig.set ("drive", drive);
        const auto out = rig.run (sine (2, 48000, 100, 48000, 0.25118864f));
        INFO (drive << " dB");
        CHECK (decibels (peakOf (out, 24000)) == Approx (-12).margin (0.05));
    }
}

TEST_CASE ("width never changes the sum of left and right")
{
    for (float width : { 0.0f, 50.0f, 200.0f })
    {
        Rig rig (effectNamed ("width"), 48000, 2);
        rig.set ("width", width);
        const auto in = noise (2, 20000, 0.4f), out = rig.run (in);
        double worst = 0, side = 0;
        for (std::size_t n = 0; n < in[0].size(); ++n)
        {
            worst = std::max (worst,
                              std::abs (static_cast<double> (in[0][n]) + in[1][n] - out[0][n] - out[1][n]));
            side = std::max (side, std::abs (out[0][n] - out[1][n] - width / 100.0 * (in[0][n] - in[1][n])));
        }
        CHECK (worst < 1e-6); // -120 dB
        CHECK (side < 1e-6);
    }
}

TEST_CASE ("with bass mono the sum of left and right is that of the input through one allpass")
{
    // (s^2 - sqrt2 s + 1)/(s^2 + sqrt2 s + 1) by the bilinear transform with the corner kept: direct form I
    // in double, an arrangement that the effect does not use.
    Rig rig (effectNamed ("width"), 48000, 2);
    rig.set ("bass-mono", 1);
    rig.set ("width", 150);
    const auto in = noise (2, 20000, 0.4f), out = rig.run (in);
    const double t = std::tan (std::numbers::pi * 120 / 48000), r2 = std::numbers::sqrt2;
    const double a0 = 1 + r2 * t + t * t, a1 = (2 * t * t - 2) / a0, a2 = (1 - r2 * t + t * t) / a0;
    double x1 = 0, x2 = 0, y1 = 0, y2 = 0, worst = 0;
    for (std::size_t n = 0; n < in[0].size(); ++n)
    {
        const double x = static_cast<double> (in[0][n]) + in[1][n];
        const double y = a2 * x + a1 * x1 + x2 - a1 * y1 - a2 * y2;
        worst = std::max (worst, std::abs (y - out[0][n] - out[1][n]));
        x2 = x1, x1 = x, y2 = y1, y1 = y;
    }
    CHECK (worst < 1e-6); // -120 dB
}

TEST_CASE ("bass mono leaves no side two octaves below its corner")
{
    // Fourth-order Linkwitz-Riley high-pass: (f/fc)^4 / (1 + (f/fc)^4) = -48.2 dB at fc/4.
    Rig rig (effectNamed ("width"), 48000, 2);
    rig.set ("bass-mono", 1);
    rig.set ("frequency", 200);
    auto in = sine (2, 96000, 50, 48000, 0.5f);
    for (auto& x : in[1])
        x = -x;
    CHECK (decibels (peakOf (rig.run (in), 48000) / 0.5) == Approx (-48.2).margin (0.1));
}
