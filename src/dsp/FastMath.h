// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>

namespace lacquer::dsp
{

/// Coefficients of the polynomials below, from the highest power down; minimax fits (Remez exchange) with
/// the constant term held exact. The strip kernels evaluate the same ones.
inline constexpr float log2Terms[7] { 0.114522399f, -0.240703203f, 0.299765992f, -0.362009654f,
                                      0.480521146f, -0.721309385f, 1.44269843f };
inline constexpr float exp2Terms[5] { 0.00132647275f, 0.00967151264f, 0.0555073374f, 0.240222421f,
                                      0.693146978f };

/// log2 of a normal positive number; error below 6e-7 + rounding, log2 (1) == 0. [any thread]
inline float fastLog2 (float x) noexcept
{
    // The mantissa is taken in [0.75, 1.5), so that the result has no jump at 1.
    const auto bits = std::bit_cast<std::uint32_t> (x);
    const auto exponent = (bits - 0x3f400000u) & 0xff800000u;
    const float t = std::bit_cast<float> (bits - exponent) - 1.0f;
    float p = log2Terms[0];
    for (int n = 1; n < 7; ++n)
        p = p * t + log2Terms[n];
    return p * t + static_cast<float> (static_cast<std::int32_t> (exponent) >> 23);
}

/// 2 to the power of x, for |x| < 126; relative error below 2.5e-7, exp2 (0) == 1. [any thread]
inline float fastExp2 (float x) noexcept
{
    x = std::clamp (x, -126.0f, 126.0f);
    // Adding 1.5 * 2^23 leaves the nearest whole number in the low bits.
    const float shifted = x + 12582912.0f;
    const float f = x - (shifted - 12582912.0f);
    float p = exp2Terms[0];
    for (int n = 1; n < 5; ++n)
        p = p * f + exp2Terms[n];
    p = p * f + 1.0f;
    return std::bit_cast<float> (std::bit_cast<std::uint32_t> (p) +
                                 (std::bit_cast<std::uint32_t> (shifted) << 23));
}

/// dB to log2 of the gain: log2 (10) / 20.
inline constexpr double octavesPerDb = 0.16609640474436813;

/// The gain of a level in dB; error below 3e-6 dB, exactly 1 at 0. [any thread]
inline float fastGain (float db) noexcept
{
    return fastExp2 (db * static_cast<float> (octavesPerDb));
}

/// The level in dB of a gain of at least 1e-30. [any thread]
inline float fastDecibels (float gain) noexcept
{
    return fastLog2 (gain) * static_cast<float> (1 / octavesPerDb);
}

/// sin (2 pi turn) for |turn| < 1e6; error below 1e-7. Minimax by linear programming. [any thread]
inline double fastSine (double turn) noexcept
{
    // To the nearest whole turn, then folded to a quarter.
    const double t = turn - static_cast<double> (static_cast<std::int64_t> (turn + (turn < 0 ? -0.5 : 0.5)));
    const double a = t < 0 ? -t : t, x = a > 0.25 ? 0.5 - a : a, xx = x * x;
    const double y =
        x * (6.28318571 + xx * (-41.3419026 + xx * (81.6200289 + xx * (-77.0237108 + xx * 43.2461288))));
    return t < 0 ? -y : y;
}

} // namespace lacquer::dsp
