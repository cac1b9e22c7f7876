// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>

namespace lacquer
{

/// How automation goes from one point to the next.
enum class Curve
{
    linear,
    smooth,      ///< half a cosine: no corner at either point
    exponential, ///< bent by the point's tension, -1 to 1; 0 is linear
    hold         ///< keeps the value until the next point
};

/// The exponent of a tension: 1 bends as far as exp (6x), where half the time passes in the first 5 % of the
/// way.
inline constexpr double sharpestBend = 6.0;

/// The share of the way from one point to the next at the share x of the time between them. [any thread]
inline double wayAlong (Curve curve, double tension, double x)
{
    switch (curve)
    {
        case Curve::hold: return 0;
        case Curve::smooth: return 0.5 - 0.5 * std::cos (std::numbers::pi * x);
        case Curve::exponential:
        {
            const double k = sharpestBend * std::clamp (tension, -1.0, 1.0);
            if (std::abs (k) > 1e-6)
                return std::expm1 (k * x) / std::expm1 (k);
            break;
        }
        case Curve::linear: break;
    }
    return x;
}

} // namespace lacquer
