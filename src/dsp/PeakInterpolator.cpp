// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/PeakInterpolator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace lacquer::dsp
{
namespace
{

double besselI0 (double x)
{
    double sum = 1, term = 1;
    for (int k = 1; k < 60; ++k)
    {
        term *= x / 2 / k;
        sum += term * term;
    }
    return sum;
}

double windowedSinc (double t, int half, double beta)
{
    const double position = t / half;
    if (std::abs (position) >= 1)
        return 0;
    const double window = besselI0 (beta * std::sqrt (1 - position * position)) / besselI0 (beta);
    const double angle = std::numbers::pi * t;
    return t == 0 ? window : window * std::sin (angle) / angle;
}

const PeakInterpolator& meterInterpolator()
{
    static const PeakInterpolator shared { TruePeak::half, 8 };
    return shared;
}

} // namespace

PeakInterpolator::PeakInterpolator (int half, double beta) : bound (1)
{
    taps.half = half;
    taps.sides.resize (static_cast<size_t> (7 * half));
    for (int p = 1; p <= 4; ++p)
    {
        std::vector<double> g (static_cast<size_t> (2 * half + 1));
        double sum = 0, magnitudes = 0;
        for (int k = -half; k <= half; ++k)
        {
            const double tap = windowedSinc (k - p / 8.0, half, beta);
            g[static_cast<size_t> (k + half)] = tap;
            sum += tap;
            magnitudes += std::abs (tap);
        }
        for (auto& tap : g)
            tap /= sum;
        const auto at = [&] (int k) { return g[static_cast<size_t> (k + half)]; };
        for (int k = 1; k <= half; ++k)
        {
            float* side = taps.sides.data() + 7 * (k - 1);
            if (p == 4)
                side[6] = static_cast<float> (at (k));
            else
            {
                side[2 * p - 2] = static_cast<float> ((at (k) + at (-k)) / 2);
                side[2 * p - 1] = static_cast<float> ((at (k) - at (-k)) / 2);
            }
        }
        if (p < 4)
            taps.centre[static_cast<size_t> (p - 1)] = static_cast<float> (at (0));
        // 1.0001: the taps and sums are rounded to float32.
        bound = std::max (bound, static_cast<float> (magnitudes / sum * 1.0001));
    }
}

TruePeak::TruePeak() : line (room)
{
    meterInterpolator();
}

void TruePeak::reset() noexcept
{
    std::fill (line.begin(), line.end(), 0.0f);
    filled = half;
    seen = {};
}

void TruePeak::scan (const float* centre, Peaks& best) noexcept
{
    const auto& interpolator = meterInterpolator();
    const float before = kernels::samplePeak (centre - half);
    const float inside = kernels::samplePeak (centre);
    const float after = kernels::samplePeak (centre + half);
    best.samplePeak = std::max (best.samplePeak, inside);
    const float nearby = std::max ({ before, inside, after });
    if (nearby * interpolator.bound > best.truePeak)
        best.truePeak = std::max (best.truePeak, kernels::interpolatedPeak (interpolator.taps, centre));
}

void TruePeak::add (const float* x, Frames frames) noexcept
{
    while (frames > 0)
    {
        const int count = static_cast<int> (std::min<Frames> (frames, room - filled));
        std::copy_n (x, count, line.begin() + filled);
        filled += count;
        x += count;
        frames -= count;

        int centre = half;
        for (; centre + kernels::peakChunk + half <= filled; centre += kernels::peakChunk)
            scan (line.data() + centre, seen);
        std::copy (line.begin() + (centre - half), line.begin() + filled, line.begin());
        filled -= centre - half;
    }
}

TruePeak::Peaks TruePeak::peaks() const noexcept
{
    // At most half + chunk - 1 samples are waiting; after them the interpolator rings for `half` more.
    std::array<float, 4 * half + 3 * kernels::peakChunk> rest {};
    std::copy_n (line.begin(), filled, rest.begin());
    Peaks best = seen;
    for (int centre = half; centre < filled + half; centre += kernels::peakChunk)
        scan (rest.data() + centre, best);
    return best;
}

TruePeak::Peaks TruePeak::take() noexcept
{
    const Peaks result = seen;
    seen = {};
    return result;
}

} // namespace lacquer::dsp
