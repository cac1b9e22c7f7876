// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Random.h"
#include "core/Units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

/// What the instruments of the demo song are made of: small sound sources and filters, in double, a sample at
/// a time. Not for the audio thread: they allocate and take their time.
namespace lacquer::studio::synth
{

inline constexpr double pi = std::numbers::pi;

/// sin (2 pi turns). The series of the sine to the 11th power on a quarter turn: error under 1e-7.
inline double sine (double turns) noexcept
{
    double x = turns - static_cast<double> (
                           static_cast<std::int64_t> (turns + (turns < 0 ? -0.5 : 0.5))); // -0.5 to 0.5
    x = x > 0.25 ? 0.5 - x : x < -0.25 ? -0.5 - x : x;
    const double a = x * 2 * pi, b = a * a;
    return a * (1 + b * (-1.0 / 6 + b * (1.0 / 120 + b * (-1.0 / 5040 + b * (1.0 / 362880 - b / 39916800)))));
}

inline double frequencyOf (double pitch) noexcept
{
    return 440.0 * std::exp2 ((pitch - 69) / 12);
}

/// A soft bend that is exact at 0 and reaches +-1 (Pade approximant of tanh, clamped where it leaves it).
inline double bent (double x) noexcept
{
    x = std::clamp (x, -3.0, 3.0);
    return x * (27 + x * x) / (27 + 9 * x * x);
}

/// The share that a one-pole smoother moves each frame to get 63 % of the way in a time.
inline double share (double seconds, double rate) noexcept
{
    return 1 - std::exp (-1 / (seconds * rate));
}

/// White noise, uniform in -1 to 1; a function of its seed.
struct Noise
{
    std::uint64_t counter;
    explicit Noise (std::uint64_t seed) : counter (hashed (seed)) {}
    double next() noexcept { return 2 * uniform (counter++) - 1; }
};

/// Saws summed from their harmonics, one table for every half octave, so that nothing lies above half the
/// rate.
class Saws
{
public:
    static const Saws& tables(); ///< built at the first call [any thread]

    /// The table whose harmonics stay under a limit.
    const float* forFrequency (double f, double limit = 18000) const noexcept
    {
        const double k = 2 * std::log2 (std::max (1.0, limit / f));
        return table[static_cast<std::size_t> (std::clamp (k, 0.0, double (count - 1)))].data();
    }
    /// phase in 0 to 1
    static double at (const float* saw, double phase) noexcept
    {
        const double x = phase * size;
        const auto n = static_cast<std::size_t> (x);
        const double f = x - static_cast<double> (n);
        return saw[n] + f * (saw[n + 1] - saw[n]);
    }

private:
    static constexpr int count = 19;
    static constexpr int size = 4096;
    std::array<std::vector<float>, count> table;
    Saws();
};

/// State variable filter in the trapezoidal form (Zavalishin, "The Art of VA Filter Design", 2018, 4.2).
struct Svf
{
    double g = 0, k = 1, h = 1, one = 0, two = 0;
    double low = 0, band = 0, high = 0; ///< band has gain 1 at its centre

    void set (double frequency, double q, double rate) noexcept
    {
        g = std::tan (pi * std::min (frequency, 0.45 * rate) / rate);
        k = 1 / q;
        h = 1 / (1 + g * (g + k));
    }
    void put (double x) noexcept
    {
        const double hp = (x - (g + k) * one - two) * h;
        const double v = g * hp, b = v + one;
        one = b + v;
        const double w = g * b, l = w + two;
        two = l + w;
        low = l;
        band = b * k;
        high = hp;
    }
};

/// Four one-poles in a ring with a soft bend at the input: the ladder of Moog (1965), trapezoidal, its
/// feedback solved without delay (Zavalishin 2018, 5.3).
struct Ladder
{
    double g = 0, r = 0;
    std::array<double, 4> s {};

    /// resonance 0 to 4
    void set (double frequency, double resonance, double rate) noexcept
    {
        const double t = std::tan (pi * std::clamp (frequency, 15.0, 0.42 * rate) / rate);
        g = t / (1 + t);
        r = resonance;
    }
    double put (double x) noexcept
    {
        const double a = 1 - g;
        const double kept = a * (s[3] + g * (s[2] + g * (s[1] + g * s[0])));
        const double g4 = g * g * g * g;
        double u = bent (0.5 * (x * (1 + 0.5 * r) - r * kept) / (1 + r * g4)) * 2;
        for (double& z : s)
        {
            const double v = g * (u - z);
            u = v + z;
            z = u + v;
        }
        return u;
    }
};

/// A one-pole low-pass.
struct OnePole
{
    double a = 1, y = 0;
    void set (double frequency, double rate) noexcept { a = 1 - std::exp (-2 * pi * frequency / rate); }
    double put (double x) noexcept { return y += a * (x - y); }
};

/// One or two channels being filled.
struct Stereo
{
    double rate;
    std::vector<float> left, right;

    Stereo (double sampleRate, Frames frames)
        : rate (sampleRate), left (static_cast<std::size_t> (frames)),
          right (static_cast<std::size_t> (frames))
    {
    }
    Frames frames() const noexcept { return static_cast<Frames> (left.size()); }
    void add (Frames n, double l, double r) noexcept
    {
        left[static_cast<std::size_t> (n)] += static_cast<float> (l);
        right[static_cast<std::size_t> (n)] += static_cast<float> (r);
    }
};

/// Gains of a place between left (-1) and right (1), at equal power.
struct Place
{
    double left, right;
    explicit Place (double x)
        : left (std::cos (pi / 4 * (1 + x)) * std::numbers::sqrt2),
          right (std::sin (pi / 4 * (1 + x)) * std::numbers::sqrt2)
    {
    }
};

/// A mode of a struck body: a decaying sine.
struct Mode
{
    double frequency, gain, seconds; ///< seconds: until 60 dB down
};

/// Adds the ring of struck modes from a frame on. Modes above 0.45 of the rate are left out.
void strike (Stereo& out, Frames start, const std::vector<Mode>& modes, Place place, double attack = 0.0004);

/// A chorus: two taps per side that wander around a delay of 9 to 15 ms. In place.
void chorus (Stereo& sound, double wet, double depthMs, double hertz);

/// Takes away what lies under a frequency, 12 dB per octave.
void cutLow (std::vector<float>& sound, double frequency, double rate);

} // namespace lacquer::studio::synth
