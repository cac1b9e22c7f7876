// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/PartialLoudness.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <numbers>
#include <random>
#include <vector>

using namespace lacquer::measure;

namespace
{

std::vector<float> sine (double hertz, double rate, int frames)
{
    std::vector<float> x (static_cast<std::size_t> (frames));
    for (int n = 0; n < frames; ++n)
        x[static_cast<std::size_t> (n)] =
            static_cast<float> (std::sin (2 * std::numbers::pi * hertz * n / rate));
    return x;
}

std::vector<EarSpectrum> windowsOf (const std::vector<float>& x, double rate)
{
    BandPowers powers (rate);
    std::vector<EarSpectrum> all;
    powers.add (x.data(), static_cast<int> (x.size()), [&] (const EarSpectrum& s) { all.push_back (s); });
    return all;
}

/// Sones of a tone of so many dB SPL heard with two ears.
double sonesOf (const Ear& ear, double hertz, double decibels)
{
    EarSpectrum powers {};
    for (int b = 0; b < EarBands::count; ++b)
        if (hertz >= EarBands::edge (b) && hertz < EarBands::edge (b + 1))
            powers[static_cast<std::size_t> (b)] =
                static_cast<float> (std::pow (10, decibels / 10)) * ear.transmission (b);
    const auto excitation = ear.excitation (powers, ear.skirts (powers));
    double sum = 0;
    for (int b = 0; b < EarBands::count; ++b)
        sum += 2 * static_cast<double> (ear.width (b) *
                                        ear.loudness (b, excitation[static_cast<std::size_t> (b)]));
    return sum;
}

} // namespace

TEST_CASE ("ear bands halve the third octaves of IEC 61260-1")
{
    CHECK (EarBands::third (13) == Approx (1000));                 // 50 Hz is the first, 1 kHz the fourteenth
    CHECK (EarBands::edge (26) == Approx (891.25).epsilon (1e-4)); // 10^(29.5/10), the standard's lower edge
    CHECK (EarBands::edge (28) == Approx (1122.02).epsilon (1e-4));
}

TEST_CASE ("band powers are mean squares: a sine has a half, white noise its share of the spectrum")
{
    for (const double rate : { 44100.0, 48000.0, 96000.0 })
    {
        CAPTURE (rate);
        const auto tone = windowsOf (sine (1000 * std::pow (10, -0.025), rate, 40000), rate);
        // Within the band, but for the skirts of the Hann window: 99 %.
        CHECK (tone[3][26] == Approx (0.5).epsilon (0.01));

        std::mt19937 random (5);
        std::vector<float> noise (400000);
        for (auto& x : noise)
            x = static_cast<float> (random()) / 2147483648.0f - 1; // variance 1/3
        const auto windows = windowsOf (noise, rate);
        for (const int band : { 10, 26, 44 })
        {
            double mean = 0;
            for (const auto& w : windows)
                mean += static_cast<double> (w[static_cast<std::size_t> (band)]);
            mean /= static_cast<double> (windows.size());
            const double expected = (EarBands::edge (band + 1) - EarBands::edge (band)) / (rate / 2) / 3;
            CAPTURE (band);
            CHECK (mean == Approx (expected).epsilon (0.25)); // the noise's own spread
        }
    }
}

TEST_CASE ("band powers do not depend on how the sound was cut")
{
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    std::mt19937 random (seed);
    std::vector<float> x (30000);
    for (auto& v : x)
        v = static_cast<float> (random()) / 2147483648.0f - 1;
    const auto whole = windowsOf (x, 48000);
    BandPowers powers (48000);
    std::size_t windows = 0;
    for (int at = 0; at < 30000;)
    {
        const int count = std::min (30000 - at, static_cast<int> (random() % 5000));
        powers.add (x.data() + at, count,
                    [&] (const EarSpectrum& s)
                    { CHECK (std::memcmp (&s, &whole[windows++], sizeof s) == 0); });
        at += count;
    }
    CHECK (windows == whole.size());
    CHECK (windows == 30000 / static_cast<std::size_t> (powers.hop()));
}

TEST_CASE ("a tone of 1 kHz at 40 dB is one sone, and ten decibels more are twice as loud")
{
    // The definition of the sone, and ANSI S3.4-2007 table 7: 1.00, 2.17, 4.17, 7.98 sone at 40, 50, 60 and
    // 70 phon. The bands are coarser than the standard's 0.1 Cam: 20 %.
    const Ear ear;
    const double at[] { 40, 50, 60, 70 }, sones[] { 1.00, 2.17, 4.17, 7.98 };
    for (int n = 0; n < 4; ++n)
    {
        CAPTURE (at[n]);
        CHECK (sonesOf (ear, 970, at[n]) == Approx (sones[n]).epsilon (0.2));
    }
}

TEST_CASE ("partial loudness is that of quiet without noise, and at the masked threshold that at the "
           "threshold in quiet")
{
    // Moore, Glasberg, Baer 1997: the two conditions that equations 17 and 18 were made to meet.
    const Ear ear;
    for (const int band : { 4, 20, 26, 40 })
    {
        CAPTURE (band);
        const float threshold = ear.threshold (band);
        for (const float over : { 2.0f, 100.0f, 1e6f })
            CHECK (ear.partialLoudness (band, over * threshold, 0) ==
                   Approx (ear.loudness (band, over * threshold)).epsilon (1e-4));
        float last = 0;
        const float noise = 1e5f;
        bool crossed = false;
        // Up through the masked threshold: growing, without a step, and there as loud as at the quiet one.
        for (float e = 1e3f; e < 1e8f; e *= 1.02f)
        {
            const float n = ear.partialLoudness (band, e, noise);
            CHECK (n >= last);
            if (last < ear.loudness (band, threshold) && n >= ear.loudness (band, threshold))
            {
                crossed = true;
                // 1 kHz and above: the signal is heard 3 dB under the noise.
                if (band >= 26)
                    CHECK (10 * std::log10 (e / noise) == Approx (-3).margin (0.3));
            }
            last = n;
        }
        CHECK (crossed);
    }
}

TEST_CASE ("the matched excitation is alone as loud")
{
    const Ear ear;
    for (const int band : { 0, 10, 26, 49 })
        for (const float e : { 10.0f, 1e3f, 1e6f, 1e9f })
            CHECK (ear.matched (band, ear.loudness (band, e)) == Approx (e).epsilon (0.01).margin (0.1));
}

TEST_CASE ("loud low sounds spread to higher frequencies, more than the other way")
{
    // The lower skirts of the auditory filters flatten with level (ANSI S3.4-2007, 3.4): from 50 to 90 dB an
    // octave above gains far more than the level did, an octave below no more than it.
    const Ear ear;
    const auto at = [&] (double decibels, int to)
    {
        EarSpectrum powers {};
        powers[26] = static_cast<float> (std::pow (10, decibels / 10));
        return 10 * std::log10 (static_cast<double> (
                        ear.excitation (powers, ear.skirts (powers))[static_cast<std::size_t> (to)]));
    };
    CHECK (at (90, 32) - at (50, 32) > 50);
    CHECK (at (90, 20) - at (50, 20) == Approx (40).margin (0.1));
}
