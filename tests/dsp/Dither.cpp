// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Dither.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace
{
using namespace lacquer;
using dsp::Dither;
using dsp::DitherKind;
constexpr int length = 1 << 19;

/// A tone of -60 dBFS, or a constant; in double so that it is no multiple of the step.
std::vector<double> tone (double amplitude, double constant = 0)
{
    std::vector<double> x (length);
    for (int n = 0; n < length; ++n)
        x[static_cast<size_t> (n)] = constant + amplitude * std::sin (2 * std::numbers::pi * 997 / 44100 * n);
    return x;
}

/// Quantisation error in steps.
std::vector<double> errorOf (DitherKind kind, int bits, const std::vector<double>& x, int channel = 0)
{
    Dither dither (kind, bits, 1, channel);
    std::vector<std::int32_t> out (x.size());
    dither.process (x.data(), out.data(), static_cast<Frames> (x.size()), 0);
    std::vector<double> e (x.size());
    for (size_t n = 0; n < x.size(); ++n)
        e[n] = out[n] - x[n] * std::ldexp (1.0, bits - 1);
    return e;
}

double mean (const std::vector<double>& x)
{
    double sum = 0;
    for (const double v : x)
        sum += v;
    return sum / static_cast<double> (x.size());
}

double power (const std::vector<double>& x)
{
    double sum = 0;
    for (const double v : x)
        sum += v * v;
    return sum / static_cast<double> (x.size());
}

/// RMS in dB re full scale 1.0.
double level (const std::vector<double>& steps, int bits)
{
    return 10 * std::log10 (power (steps)) - 20 * std::log10 (std::ldexp (1.0, bits - 1));
}

} // namespace

TEST_CASE ("the noise of every dither is the published one")
{
    // RMS re 1.0, from theory and from SoX's filters: TPDF with its quantiser is LSB^2 / 4 (Lipshitz,
    // Wannamaker, Vanderkooy 1992); shaped kinds 1 + sum c^2 times that.
    const auto x = tone (1e-3);
    CHECK (level (errorOf (DitherKind::none, 16, x), 16) == Approx (-101.1).margin (0.3));
    CHECK (level (errorOf (DitherKind::tpdf, 16, x), 16) == Approx (-96.33).margin (0.1));
    CHECK (level (errorOf (DitherKind::tpdf, 16, tone (0)), 16) == Approx (-96.33).margin (0.1));
    CHECK (level (errorOf (DitherKind::tpdf, 24, x), 24) == Approx (-144.49).margin (0.1));
    CHECK (level (errorOf (DitherKind::lipshitz, 16, x), 16) == Approx (-84.1).margin (0.3));
    CHECK (level (errorOf (DitherKind::fWeighted, 16, x), 16) == Approx (-77.9).margin (0.3));
    CHECK (level (errorOf (DitherKind::improvedE, 16, x), 16) == Approx (-73.2).margin (0.3));
    CHECK (level (errorOf (DitherKind::improvedE, 24, x), 24) == Approx (-73.2 - 48.16).margin (0.3));
}

TEST_CASE ("shaped noise is moved out of the ear's best range")
{
    // Noise transfer at 3.5 kHz from STANDARDS 5: improved E -28.6 dB, F-weighted -24.5, Lipshitz -21.5. Read
    // with a Goertzel bank of +-100 Hz around it, relative to flat TPDF.
    const auto near = [] (DitherKind kind)
    {
        const auto e = errorOf (kind, 16, tone (1e-3));
        double sum = 0;
        for (int b = -10; b <= 10; ++b)
        {
            const double w = 2 * std::numbers::pi * (3500 + 10 * b) / 44100;
            double re = 0, im = 0;
            for (size_t n = 0; n < e.size(); ++n)
            {
                re += e[n] * std::cos (w * static_cast<double> (n));
                im += e[n] * std::sin (w * static_cast<double> (n));
            }
            sum += re * re + im * im;
        }
        return 10 * std::log10 (sum);
    };
    const double flat = near (DitherKind::tpdf);
    CHECK (near (DitherKind::lipshitz) - flat == Approx (-21.5).margin (2));
    CHECK (near (DitherKind::fWeighted) - flat == Approx (-24.5).margin (2));
    CHECK (near (DitherKind::improvedE) - flat == Approx (-28.6).margin (2));
}

TEST_CASE ("TPDF noise does not depend on the sound")
{
    // Mean 0 and variance 1/4 step^2 for any constant (Wannamaker 1992); 5 sigma of the estimates over 2^19.
    for (const double offset : { 0.0, 0.1, 0.25, 0.5, 0.73 })
    {
        const auto e = errorOf (DitherKind::tpdf, 16, tone (0, offset / 32768));
        CHECK (power (e) == Approx (0.25).margin (0.003));
        CHECK (mean (e) == Approx (0).margin (0.004));
    }
    // Without dither the error is the offset itself.
    CHECK (mean (errorOf (DitherKind::none, 16, tone (0, 0.25 / 32768))) == Approx (-0.25).margin (1e-9));
}

TEST_CASE ("left and right get different noise")
{
    const auto left = errorOf (DitherKind::tpdf, 16, tone (0), 0),
               right = errorOf (DitherKind::tpdf, 16, tone (0), 1);
    double cross = 0;
    for (size_t n = 0; n < left.size(); ++n)
        cross += left[n] * right[n];
    CHECK (std::abs (cross / static_cast<double> (length) / 0.25) < 0.01);
}

TEST_CASE ("how the sound is cut does not change the dithered numbers")
{
    for (const auto kind : { DitherKind::tpdf, DitherKind::improvedE })
    {
        const auto x = tone (0.1);
        std::vector<std::int32_t> whole (length), parts (length);
        Dither (kind, 16, 7, 1).process (x.data(), whole.data(), length, 1000);
        Dither other (kind, 16, 7, 1);
        for (Frames n = 0; n < length;)
        {
            const Frames count = std::min<Frames> (1 + n % 333, length - n);
            other.process (x.data() + n, parts.data() + n, count, 1000 + n);
            n += count;
        }
        CHECK (whole == parts);
    }
}

TEST_CASE ("without dither a sample that fits goes through, halves go to even and full scale is clipped")
{
    const float in[] = { 0.0f,
                         1.0f / 32768,
                         -1.0f,
                         12345.0f / 32768,
                         0.5f / 32768,
                         1.5f / 32768,
                         -0.5f / 32768,
                         1.0f,
                         2.0f,
                         -1.5f,
                         std::numeric_limits<float>::quiet_NaN(),
                         std::numeric_limits<float>::infinity(),
                         -std::numeric_limits<float>::infinity() };
    const std::vector<std::int32_t> want { 0,     1,     -32768, 12345, 0,     2,     0,
                                           32767, 32767, -32768, 0,     32767, -32768 };
    std::vector<std::int32_t> out (want.size());
    Dither (DitherKind::none, 16, 1, 0).process (in, out.data(), static_cast<Frames> (want.size()), 0);
    CHECK (out == want);
}

TEST_CASE ("shaping stays calm when the sound clips")
{
    // Half a second at twice full scale; afterwards the noise is the usual one.
    auto x = tone (2);
    std::fill (x.begin() + 22050, x.end(), 0.0);
    auto e = errorOf (DitherKind::improvedE, 16, x);
    e.erase (e.begin(), e.begin() + 22100);
    CHECK (level (e, 16) == Approx (-73.2).margin (0.3));
}

TEST_CASE ("every dither has a name that finds it again")
{
    for (int k = 0; k < 5; ++k)
    {
        auto kind = DitherKind::none;
        CHECK (dsp::found (dsp::nameOf (static_cast<DitherKind> (k)), kind));
        CHECK (kind == static_cast<DitherKind> (k));
    }
    auto kind = DitherKind::tpdf;
    CHECK_FALSE (dsp::found ("loud", kind));
    CHECK (kind == DitherKind::tpdf);
}
