// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <algorithm>
#include <cmath>
#include <compare>
#include <cstdint>

namespace lacquer
{

/// A count of sample frames, or an absolute position in frames. Signed and 64 bit, always.
using Frames = std::int64_t;

/// A duration in seconds. Explicit, so that a bare number is never taken for one.
struct Seconds
{
    double value = 0;
    explicit constexpr Seconds (double v = 0) : value (v) {}
    auto operator<=> (const Seconds&) const = default;
};

/// A frequency in hertz.
struct Hertz
{
    double value = 0;
    explicit constexpr Hertz (double v = 0) : value (v) {}
    auto operator<=> (const Hertz&) const = default;
};

/// A level ratio in decibels. Adding two is multiplying two gains; adding a linear gain does not compile.
struct Decibels
{
    double value = 0;
    explicit constexpr Decibels (double v = 0) : value (v) {}
    auto operator<=> (const Decibels&) const = default;
    friend constexpr Decibels operator+ (Decibels a, Decibels b) { return Decibels { a.value + b.value }; }
    friend constexpr Decibels operator- (Decibels a, Decibels b) { return Decibels { a.value - b.value }; }
};

/// The value at and under which a level in dB means silence ("-inf").
inline constexpr double silenceDb = -100.0;

/// The linear gain of a level; exactly 1 at 0 dB, exactly 0 at and under silenceDb.
inline double gainOf (Decibels d)
{
    if (d.value <= silenceDb)
        return 0.0;
    return d.value == 0.0 ? 1.0 : std::pow (10.0, d.value / 20.0);
}

/// The level of a linear gain; silenceDb for zero.
inline Decibels decibelsOf (double gain)
{
    return Decibels { gain <= 0.0 ? silenceDb : std::max (silenceDb, 20.0 * std::log10 (gain)) };
}

/// Frames nearest to a duration.
inline Frames framesIn (Seconds s, double sampleRate)
{
    return static_cast<Frames> (std::llround (s.value * sampleRate));
}

} // namespace lacquer
