// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/PeakInterpolator.h"

#include "core/Random.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

namespace
{
using namespace lacquer;

float noise (std::uint64_t n)
{
    return static_cast<float> (2 * uniform (n) - 1);
}

} // namespace

TEST_CASE ("the peak kernel finds the largest of eight values around every sample")
{
    // A sine is known between its samples: the largest |sin| at n + {-3..4}/8, written here without the
    // kernel.
    const int half = GENERATE (16, 32);
    const double beta = GENERATE (4.0, 8.0);
    const dsp::PeakInterpolator interpolator { half, beta };
    for (const double frequency : { 0.01, 0.11, 0.25, 0.37 })
    {
        const auto at = [&] (double n) { return std::sin (2 * std::numbers::pi * frequency * n + 0.4); };
        std::vector<float> x;
        for (int n = -half; n < dsp::kernels::peakChunk + half; ++n)
            x.push_back (static_cast<float> (at (n)));
        std::vector<float> peaks (dsp::kernels::peakChunk);
        dsp::kernels::interpolatedPeaks (interpolator.taps, x.data() + half, peaks.data());
        float most = 0;
        for (int n = 0; n < dsp::kernels::peakChunk; ++n)
        {
            double want = 0;
            for (int p = -3; p <= 4; ++p)
                want = std::max (want, std::abs (at (n + p / 8.0)));
            // 1 %: the ripple of the 33-tap Kaiser window with beta 4.
            CHECK (static_cast<double> (peaks[static_cast<size_t> (n)]) == Approx (want).margin (0.01));
            most = std::max (most, peaks[static_cast<size_t> (n)]);
        }
        CHECK (dsp::kernels::interpolatedPeak (interpolator.taps, x.data() + half) == most);
    }
}

TEST_CASE ("no interpolated value exceeds the bound")
{
    // The worst case by definition: every sample has the sign of its tap. Searched for with random signs too.
    const dsp::PeakInterpolator interpolator { 16, 8 };
    CHECK (interpolator.bound > 1.5f);
    CHECK (interpolator.bound < 4.0f);
    for (std::uint64_t seed = 0; seed < 200; ++seed)
    {
        std::vector<float> x;
        for (std::uint64_t n = 0; n < 96; ++n)
            x.push_back (noise (seed * 1000 + n) < 0 ? -1.0f : 1.0f);
        REQUIRE (dsp::kernels::interpolatedPeak (interpolator.taps, x.data() + 16) <= interpolator.bound);
    }
}

TEST_CASE ("true peak does not depend on blocks nor on what is skipped")
{
    std::vector<float> x;
    for (std::uint64_t n = 0; n < 20000; ++n)
        x.push_back (noise (n) * static_cast<float> (0.3 + 0.2 * std::sin (static_cast<double> (n) * 1e-3)));
    dsp::TruePeak whole, parts;
    whole.add (x.data(), 20000);
    for (Frames n = 0; n < 20000;)
    {
        const Frames count = std::min<Frames> (1 + n % 97, 20000 - n);
        parts.add (x.data() + n, count);
        n += count;
    }
    CHECK (whole.peaks().truePeak == parts.peaks().truePeak);
    CHECK (whole.peaks().samplePeak == parts.peaks().samplePeak);

    // The same by looking at every chunk, which is what skipping must not change.
    const dsp::PeakInterpolator interpolator { dsp::TruePeak::half, 8 };
    std::vector<float> padded (16, 0.0f);
    padded.insert (padded.end(), x.begin(), x.end());
    padded.resize (padded.size() + 200);
    float most = 0;
    for (size_t n = 16; n < 20000 + 32; n += 64)
        most = std::max (most, dsp::kernels::interpolatedPeak (interpolator.taps, padded.data() + n));
    CHECK (whole.peaks().truePeak == most);
}
