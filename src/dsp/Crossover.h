// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace lacquer::dsp
{

/// The coefficients of a Butterworth second-order state variable filter that may move over a block. Shared by
/// all filters at one frequency.
class ButterworthPole
{
public:
    static constexpr double k = std::numbers::sqrt2; ///< 1/Q

    void forget() noexcept { known = false; }

    /// Begins a block at whose end the corner is at `hertz`. [audio]
    void towards (double hertz, double sampleRate, int frames) noexcept
    {
        if (known && hertz == corner)
        {
            start = end;
            steps = 0;
            return;
        }
        corner = hertz;
        const double g = std::tan (std::numbers::pi * std::min (hertz, 0.49 * sampleRate) / sampleRate);
        const double a = 1 / (1 + g * (g + k));
        const std::array<double, 3> next { a, g * a, g * g * a };
        start = known ? end : next;
        end = next;
        steps = known ? frames : 0;
        known = true;
    }

    /// Whether the frames of this block have different coefficients.
    bool moves() const noexcept { return steps != 0; }

    /// a1, a2, a3 of frame n.
    std::array<double, 3> at (int n) const noexcept
    {
        if (steps == 0)
            return end;
        const double w = (n + 1) / static_cast<double> (steps);
        return { start[0] + (end[0] - start[0]) * w, start[1] + (end[1] - start[1]) * w,
                 start[2] + (end[2] - start[2]) * w };
    }

private:
    std::array<double, 3> start {}, end {};
    double corner = 0;
    int steps = 0;
    bool known = false;
};

/// The memory of one such filter. All three responses come from one step.
struct ButterworthSection
{
    double s1 = 0, s2 = 0;

    struct Parts
    {
        double low, band; ///< band: before the factor k
    };
    Parts operator() (double x, const std::array<double, 3>& a) noexcept
    {
        const double v3 = x - s2, v1 = a[0] * s1 + a[1] * v3, v2 = s2 + a[1] * s1 + a[2] * v3;
        s1 = 2 * v1 - s1;
        s2 = 2 * v2 - s2;
        return { v2, v1 };
    }
    double highOf (double x, const std::array<double, 3>& a) noexcept
    {
        const auto p = (*this) (x, a);
        return x - ButterworthPole::k * p.band - p.low;
    }
    /// The allpass to which a fourth-order Linkwitz-Riley pair adds up.
    double allOf (double x, const std::array<double, 3>& a) noexcept
    {
        return x - 2 * ButterworthPole::k * (*this) (x, a).band;
    }
};

} // namespace lacquer::dsp
