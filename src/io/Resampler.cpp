// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/Resampler.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace lacquer::io
{

namespace
{

/// Modified Bessel function of the first kind, order 0, by its power series.
double bessel0 (double x)
{
    double sum = 1, term = 1;
    for (int k = 1; term > 1e-17 * sum; ++k)
    {
        term *= (x / 2) / k * (x / 2) / k;
        sum += term;
    }
    return sum;
}

} // namespace

void Resampler::prepare (double fromRate, double toRate)
{
    const auto from = static_cast<std::size_t> (std::llround (fromRate));
    const auto to = static_cast<std::size_t> (std::llround (toRate));
    const auto common = std::gcd (from, to);
    up = to / common;
    down = from / common;

    // The filter cuts at the lower of both Nyquist frequencies, with its transition centred there: what folds
    // back lands above 20 kHz at 44.1 kHz. Its length is counted in periods of the lower rate.
    const double cutoff = std::min (1.0, static_cast<double> (to) / static_cast<double> (from));
    taps = 2 * static_cast<int> (std::ceil (64 / cutoff));
    constexpr double beta = 0.1102 * (120 - 8.7);
    table.assign (up * static_cast<std::size_t> (taps), 0.0f);
    std::vector<double> row (static_cast<std::size_t> (taps));
    for (std::size_t p = 0; p < up; ++p)
    {
        const double fraction = static_cast<double> (p) / static_cast<double> (up);
        double sum = 0;
        for (int k = 0; k < taps; ++k)
        {
            const double t = k - (taps / 2 - 1) - fraction;
            const double w = t / (taps / 2.0);
            const double x = std::numbers::pi * cutoff * t;
            const double sinc = std::abs (x) < 1e-12 ? 1 : std::sin (x) / x;
            const double window =
                std::abs (w) >= 1 ? 0 : bessel0 (beta * std::sqrt (1 - w * w)) / bessel0 (beta);
            row[static_cast<std::size_t> (k)] = cutoff * sinc * window;
            sum += row[static_cast<std::size_t> (k)];
        }
        // Every phase passes a constant exactly: no tone at the rate of the phases.
        for (int k = 0; k < taps; ++k)
            table[p * static_cast<std::size_t> (taps) + static_cast<std::size_t> (k)] =
                static_cast<float> (row[static_cast<std::size_t> (k)] / sum);
    }
    for (auto& b : buffer)
        b.assign (static_cast<std::size_t> (2 * taps + chunk), 0.0f);
    reset();
}

void Resampler::reset() noexcept
{
    for (auto& b : buffer)
        std::fill (b.begin(), b.end(), 0.0f);
    read = 0;
    filled = taps / 2; // the first output lies on the first input, half a filter later
    phase = 0;
}

void Resampler::process (float* const* out, int frames, Source& source) noexcept
{
    if (transparent())
    {
        source.pull (out, channels, frames);
        return;
    }
    for (int n = 0; n < frames; ++n)
    {
        while (read + taps > filled)
        {
            if (read > 0)
            {
                for (auto& b : buffer)
                    std::copy (b.begin() + read, b.begin() + filled, b.begin());
                filled -= read;
                read = 0;
            }
            float* const in[channels] { buffer[0].data() + filled, buffer[1].data() + filled };
            source.pull (in, channels, chunk);
            filled += chunk;
        }
        const float* coefficients = table.data() + phase * static_cast<std::size_t> (taps);
        for (int c = 0; c < channels; ++c)
        {
            const float* x = buffer[c].data() + read;
            double sum = 0;
            for (int k = 0; k < taps; ++k)
                sum += static_cast<double> (coefficients[k]) * static_cast<double> (x[k]);
            out[c][n] = static_cast<float> (sum);
        }
        phase += down;
        read += static_cast<int> (phase / up);
        phase %= up;
    }
}

} // namespace lacquer::io
