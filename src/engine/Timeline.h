// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <array>
#include <cstddef>

namespace lacquer::engine
{

/// Which song position was played when: maps the stream clock, which counts every frame the engine ever
/// computed, to positions in the song, through starts, stops and loop jumps. A node that hears the song L
/// frames late asks for stream - L. Remembers the last 1024 changes. [audio]
class Timeline
{
public:
    struct Place
    {
        Frames position = 0;
        bool playing = false;
        Frames until = 0; ///< stream time of the next change; the largest number when none is known
    };

    /// Plays from a position, as if the song had always been playing: what lies before is song time too.
    void start (Frames stream, Frames position) noexcept;
    /// Stands still at a position.
    void halt (Frames stream, Frames position) noexcept { append ({ stream, position, false }); }
    /// Goes on playing at another position.
    void jump (Frames stream, Frames position) noexcept { append ({ stream, position, true }); }

    /// Where the song is at a stream time.
    Place at (Frames stream) const noexcept;
    /// As at(), but never before the position where playback started: for showing.
    Place heardAt (Frames stream) const noexcept;

private:
    struct Change
    {
        Frames stream = 0, position = 0;
        bool playing = false;
    };
    static constexpr std::size_t capacity = 1024; // loops are at least a quantum: 65,536 frames of latency

    void append (Change) noexcept;

    std::array<Change, capacity> changes {};
    std::size_t first = 0, end = 1; // counters; index modulo capacity. From the start: standing still at 0
};

} // namespace lacquer::engine
