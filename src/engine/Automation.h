// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <limits>
#include <vector>

namespace lacquer::engine
{

/// How a lane goes from one point to the next.
enum class Curve
{
    linear,
    smooth,      ///< half a cosine: no corner at either point
    exponential, ///< bent by the point's tension, -1 to 1; 0 is linear
    hold         ///< keeps the value until the next point
};

struct Point
{
    Frames position = 0;
    double value = 0; ///< in the parameter's unit
    Curve curve = Curve::linear;
    double tension = 0;
};

/// One automated parameter over song time. Immutable, so audio and control read it without a lock.
class Lane
{
public:
    /// Precondition: sorted by position.
    explicit Lane (std::vector<Point> sorted);

    /// The value at a position, in double; the first point's before it, the last one's after it. [any thread]
    /// O(log points).
    double at (Frames position) const noexcept;

    /// True when the value is one and the same over [from, to]. [any thread]
    bool isConstant (Frames from, Frames to) const noexcept;

    /// The value to arrive at when the frames [from, to) have been processed: at (to), except that a held
    /// value is kept up to the point that ends it. [any thread] Precondition: no point lies inside (from,
    /// to).
    double reached (Frames from, Frames to) const noexcept;

    /// Position of the first point after a position; noPoint when there is none. [any thread]
    Frames nextPoint (Frames after) const noexcept;
    static constexpr Frames noPoint = std::numeric_limits<Frames>::max();

    const std::vector<Point>& points() const noexcept { return all; }

private:
    std::vector<Point> all;
};

} // namespace lacquer::engine
