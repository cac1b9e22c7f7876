// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>

namespace lacquer
{

/// The splitmix64 output function (Steele, Lea, Flood, OOPSLA 2014): a hash of a counter, so that random
/// numbers are a function of (seed, channel, absolute frame) and do not depend on threads, blocks or history.
constexpr std::uint64_t hashed (std::uint64_t counter) noexcept
{
    std::uint64_t z = counter * 0x9E3779B97F4A7C15ull + 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

/// Uniform in [0, 1) with 53 bits.
constexpr double uniform (std::uint64_t counter) noexcept
{
    return static_cast<double> (hashed (counter) >> 11) * 0x1p-53;
}

} // namespace lacquer
