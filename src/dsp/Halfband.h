// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <cmath>
#include <numbers>

namespace lacquer::dsp
{

/// Coefficients of the allpass pair of an elliptic half-band low-pass with N coefficients (order 2N + 1), in
/// the order of processing: even ones belong to one branch, odd ones to the other. The passband ends at
/// (0.25 - transition) of the high rate. R. A. Valenzuela, A. G. Constantinides, "Digital signal processing
/// schemes for efficient interpolation and decimation", IEE Proc. G 130(6), 1983. [control]
template <int N>
std::array<double, N> halfbandCoefficients (double transition)
{
    constexpr double pi = std::numbers::pi;
    const double root = std::tan ((1 - 2 * transition) * pi / 4), k = root * root;
    const double kk = std::pow (1 - k * k, 0.25);
    const double e = 0.5 * (1 - kk) / (1 + kk), e4 = e * e * e * e;
    const double q = e * (1 + e4 * (2 + e4 * (15 + 150 * e4))); // the nome of the elliptic functions
    constexpr int order = 2 * N + 1, terms = 12;

    std::array<double, N> out {};
    for (int n = 0; n < N; ++n)
    {
        const double angle = (n + 1) * pi / order;
        double above = 0, below = 0.5;
        for (int m = 0; m < terms; ++m)
        {
            const double sign = m % 2 == 0 ? 1 : -1;
            above += sign * std::pow (q, m * (m + 1)) * std::sin ((2 * m + 1) * angle);
            if (m > 0)
                below += sign * std::pow (q, m * m) * std::cos (2 * m * angle);
        }
        const double w = std::pow (q, 0.25) * above / below, ww = w * w;
        const double r = std::sqrt ((1 - ww * k) * (1 - ww / k)) / (1 + ww);
        out[static_cast<std::size_t> (n)] = (1 - r) / (1 + r);
    }
    return out;
}

/// Half the work of a 2x resampler: the two allpass branches, each a chain of (a + z^-1) / (1 + a z^-1) at
/// the low rate. N is even.
template <typename T, int N>
class HalfbandBranches
{
public:
    void set (const std::array<double, N>& c) noexcept ///< [control]
    {
        for (std::size_t n = 0; n < N; ++n)
            a[n] = static_cast<T> (c[n]);
    }

    void reset() noexcept { x1 = y1 = {}; } ///< [audio]

    void process (T& even, T& odd) noexcept ///< [audio]
    {
        for (std::size_t n = 0; n < N; n += 2)
        {
            even = pass (n, even);
            odd = pass (n + 1, odd);
        }
    }

private:
    T pass (std::size_t n, T x) noexcept
    {
        const T y = a[n] * (x - y1[n]) + x1[n];
        x1[n] = x;
        y1[n] = y;
        return y;
    }
    std::array<T, N> a {}, x1 {}, y1 {};
};

/// Twice the rate: one sample in, two out. Minimum phase.
template <typename T, int N>
class HalfbandUp
{
public:
    void set (const std::array<double, N>& c) noexcept { branches.set (c); }
    void reset() noexcept { branches.reset(); }
    void process (T x, T& first, T& second) noexcept
    {
        first = second = x;
        branches.process (first, second);
    }

private:
    HalfbandBranches<T, N> branches;
};

/// Half the rate: two samples in, one out.
template <typename T, int N>
class HalfbandDown
{
public:
    void set (const std::array<double, N>& c) noexcept { branches.set (c); }
    void reset() noexcept { branches.reset(); }
    T process (T first, T second) noexcept
    {
        // The later sample goes through the even branch: the odd one holds the half-rate delay.
        T even = second, odd = first;
        branches.process (even, odd);
        return T (0.5) * (even + odd);
    }

private:
    HalfbandBranches<T, N> branches;
};

} // namespace lacquer::dsp
