// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "core/TempoMap.h"
#include "core/Units.h"

#include <string>
#include <string_view>

namespace lacquer::session
{

/// Lines on a song's timeline, `count` / `parts` of a unit apart: 1 / 16 note, 3 / 8 note (a dotted quarter),
/// 1 / 12 note (an eighth triplet), 2 bars, 1 / 10 second. Notes and beats are counted from the start of
/// every bar, so an uneven division starts anew there; bars from bar 1, the rest from the song's start.
struct Grid
{
    enum class Unit
    {
        bar,
        beat, ///< of the metre: an eighth in 7/8
        note, ///< a whole note
        second,
        cdFrame, ///< 1/75 s (IEC 60908)
        sample
    };
    static constexpr int most = 10'000; ///< count and parts; 1 is the least

    Unit unit = Unit::beat;
    int count = 1, parts = 1;
    bool operator== (const Grid&) const = default;
};

/// The line nearest to a position; of two equally near the later. A line lies at the frame nearest to its
/// time, halves up: exactly, in whole numbers, for seconds, CD frames and samples at rates of whole
/// millihertz. [any thread]
Frames nearest (const Grid&, const TempoMap&, Frames position);
/// The first line after a position.
Frames next (const Grid&, const TempoMap&, Frames position);
/// The last line before a position; 0 when there is none.
Frames previous (const Grid&, const TempoMap&, Frames position);

/// "bar", "4 bar", "beat", "1/16", "1/8T" (triplet), "1/4." (dotted), "1 s", "1/10 s", "cd", "sample".
std::string textOf (const Grid&);
Result<Grid> gridFrom (std::string_view text);

} // namespace lacquer::session
