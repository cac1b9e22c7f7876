// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Oversampler.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace lacquer::dsp
{

namespace
{

// Kaiser's beta for 125 dB: 0.1102 (125 - 8.7) (J. F. Kaiser, 1974).
constexpr double beta = 12.82;

double bessel0 (double x)
{
    double sum = 1, term = 1;
    for (int k = 1; k < 60; ++k)
    {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

template <int arm>
HalfbandTaps<arm> designed()
{
    HalfbandTaps<arm> out;
    constexpr int centre = 2 * arm + 1;
    double sum = 0;
    std::array<double, HalfbandTaps<arm>::count> exact {};
    for (std::size_t k = 0; k < exact.size(); ++k)
    {
        const double m = 2.0 * static_cast<double> (k) - centre, u = m / (centre + 1);
        exact[k] = std::sin (std::numbers::pi * m / 2) / (std::numbers::pi * m) *
                   bessel0 (beta * std::sqrt (1 - u * u)) / bessel0 (beta);
        sum += exact[k];
    }
    for (std::size_t k = 0; k < exact.size(); ++k) // the even taps and the middle one weigh the same at 0 Hz
        out.tap[k] = static_cast<float> (exact[k] * 0.5 / sum);
    return out;
}

const HalfbandTaps<Oversampler4::outer> outerTaps = designed<Oversampler4::outer>();
const HalfbandTaps<Oversampler4::inner> innerTaps = designed<Oversampler4::inner>();

/// y[n] = sum of tap[k] x[n + past - k], 16 frames at a time so that the sums stay in registers. Reads and
/// computes up to 15 frames more than asked, which nobody sees.
template <int arm>
void filtered (const HalfbandTaps<arm>& h, const float* x, float* y, int count) noexcept
{
    constexpr int taps = HalfbandTaps<arm>::count;
    for (int n = 0; n < count; n += 16)
    {
        float sum[16] {};
        const float* const newest = x + n + taps - 1;
        for (int k = 0; k < taps; ++k)
            for (int m = 0; m < 16; ++m)
                sum[m] += h.tap[static_cast<std::size_t> (k)] * newest[m - k];
        std::memcpy (y + n, sum, sizeof sum);
    }
}

} // namespace

template <int arm, int n>
void Oversampler4::Up<arm, n>::process (const HalfbandTaps<arm>& h, const float* x, float* y,
                                        int count) noexcept
{
    std::copy_n (x, count, memory.data() + past);
    float sum[n + 16];
    filtered (h, memory.data(), sum, count);
    for (int m = 0; m < count; ++m)
    {
        y[2 * m] = 2 * sum[m];
        y[2 * m + 1] = memory[static_cast<std::size_t> (past + m - arm)]; // the middle tap, 2 * 1/2
    }
    std::copy_n (memory.data() + count, past, memory.data());
}

template <int arm, int n>
void Oversampler4::Down<arm, n>::process (const HalfbandTaps<arm>& h, const float* x, float* y,
                                          int count) noexcept
{
    for (int m = 0; m < count; ++m)
    {
        even[static_cast<std::size_t> (past + m)] = x[2 * m];
        odd[static_cast<std::size_t> (past + m)] = x[2 * m + 1];
    }
    float sum[n + 16];
    filtered (h, even.data(), sum, count);
    for (int m = 0; m < count; ++m)
        y[m] = sum[m] + 0.5f * odd[static_cast<std::size_t> (past + m - arm - 1)];
    std::copy_n (even.data() + count, past, even.data());
    std::copy_n (odd.data() + count, past, odd.data());
}

void Oversampler4::reset() noexcept
{
    *this = {};
}

void Oversampler4::up (const float* x, float* y, int count) noexcept
{
    float twice[2 * frames];
    upOuter.process (outerTaps, x, twice, count);
    upInner.process (innerTaps, twice, y, 2 * count);
}

void Oversampler4::down (const float* x, float* y, int count) noexcept
{
    float twice[2 * frames];
    downInner.process (innerTaps, x, twice, 2 * count);
    downOuter.process (outerTaps, twice, y, count);
}

} // namespace lacquer::dsp
