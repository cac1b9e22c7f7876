// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Curve.h"
#include "core/Units.h"
#include "engine/Modulator.h"

#include <array>
#include <limits>
#include <memory>
#include <vector>

namespace lacquer::engine
{

using lacquer::Curve;

struct Point
{
    Frames position = 0;
    double value = 0; ///< in the parameter's unit
    Curve curve = Curve::linear;
    double tension = 0;
};

/// What a lane does from a point on, as it is asked for in every quantum.
struct Stretch
{
    Frames from = 0;
    double value = 0;
    double slope = 0; ///< per frame; not a number where it is no straight line
};

class Controls;

/// The share of a modulator in a parameter.
struct Modulation
{
    ModulatorPtr source;
    double depth = 0;    ///< in the parameter's unit; in octaves where its travel is logarithmic
    bool bipolar = true; ///< to both sides; else from the value to one side
};

/// One automated parameter over song time. Immutable, so audio and control read it without a lock; but one
/// that is modulated belongs to the processor it is bound to.
class Lane
{
public:
    /// Precondition: sorted by position.
    explicit Lane (std::vector<Point> sorted);

    /// With modulators added to the points' value, or to the live value of a control where there are none,
    /// within the parameter's range. What they add is worked out every quantum, at multiples of 64 frames of
    /// the song, and goes in a straight line between; so does a live value that changes.
    Lane (std::vector<Point> sorted, std::vector<Modulation>, const Controls& live, int parameter);
    ~Lane();

    /// The value at a position, in double; the first point's before it, the last one's after it. [any thread]
    /// O(log points).
    double at (Frames position) const noexcept;

    /// True when the value is one and the same over [from, to]. [any thread]
    bool isConstant (Frames from, Frames to) const noexcept;

    /// Where the next stretch after a position begins that goes its own way: at a point that ends a held
    /// value, else behind the frame of a point, so that this frame still belongs to what leads to it. noPoint
    /// when there is none. [any thread]
    Frames nextTurn (Frames after) const noexcept;
    static constexpr Frames noPoint = std::numeric_limits<Frames>::max();

    const std::vector<Point>& points() const noexcept { return all; }
    /// One for each point.
    const std::vector<Stretch>& stretches() const noexcept { return worked; }
    bool isModulated() const noexcept { return moving != nullptr; }
    /// True when it says nothing.
    bool isEmpty() const noexcept { return all.empty() && moving == nullptr; }

private:
    double drawn (Frames position) const noexcept;

    struct Moving;
    std::vector<Point> all;
    std::vector<Stretch> worked;
    std::unique_ptr<Moving> moving;
};

} // namespace lacquer::engine
