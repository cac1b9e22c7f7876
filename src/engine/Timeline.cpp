// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Timeline.h"

#include <limits>

namespace lacquer::engine
{

void Timeline::start (Frames stream, Frames position) noexcept
{
    first = end = 0;
    append ({ stream, position, true });
}

void Timeline::append (Change change) noexcept
{
    // Of changes at one time, only the last ever takes effect.
    if (end > first && changes[(end - 1) % capacity].stream == change.stream)
        --end;
    changes[end % capacity] = change;
    ++end;
    if (end - first > capacity)
        ++first;
}

Timeline::Place Timeline::at (Frames stream) const noexcept
{
    Frames until = std::numeric_limits<Frames>::max();
    std::size_t k = end - 1;
    for (; k > first && changes[k % capacity].stream > stream; --k)
        until = changes[k % capacity].stream;
    const Change& c = changes[k % capacity];
    return { c.playing ? c.position + (stream - c.stream) : c.position, c.playing, until };
}

Timeline::Place Timeline::heardAt (Frames stream) const noexcept
{
    return at (std::max (stream, changes[first % capacity].stream));
}

} // namespace lacquer::engine
