// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"
#include "session/Project.h"

#include <functional>
#include <vector>

namespace lacquer::session
{

/// The arithmetic of automation points: what edits and recordings of lanes are made of. Points are sorted and
/// their positions distinct, going in and coming out. All pure. [any thread]
using Points = std::vector<AutomationPoint>;

/// The value of a course at a position, as the engine plays it: the first point's before it, the last one's
/// after it; 0 without points. O(log points).
double valueAt (const Points&, Frames position);

/// What counts as the same value of a parameter: 0.1 dB where it is in dB, else 0.1 % of the control's
/// travel. Without a Param: differences up to 0.1.
using Difference = std::function<double (double a, double b)>;
/// The difference of two values in units of what counts as the same: up to 1 nobody minds.
Difference differenceOf (const Param*);

/// The same course with a point at a position. Exact for linear, exponential and held stretches; a smooth
/// stretch that is cut becomes straight lines that differ by at most 1e-4 of its height.
Points cut (Points, Frames at);

/// The course from one position to another, a point at each, positions counted from `from`. Empty without
/// points. Precondition: from < to.
Points part (const Points&, Frames from, Frames to);

/// The course with the frames [from, to) taken from `with` (positions of the song); everything outside is
/// kept to the frame. A step at either end is a line over the one frame before it. Precondition: from < to;
/// the points of `with` lie in [from, to).
Points replaced (Points, Frames from, Frames to, const Points& with);

/// The course without the points of [from, to): the neighbours outside are joined.
Points without (Points, Frames from, Frames to);

/// Fewer points for the same course: no value differs by more than what counts as the same, times
/// `tolerance`. Straight lines between points of linear runs (Ramer 1972, Douglas and Peucker 1973, with the
/// difference in value at the same time for a distance); of held runs, points that repeat a value go. Other
/// points stay.
Points thinned (const Points&, const Difference&, double tolerance = 1);

/// Every value through a function; the shapes between points stay.
Points mapped (Points, const std::function<double (double)>&);

} // namespace lacquer::session
