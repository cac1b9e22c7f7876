// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"
#include "engine/Processor.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <memory>
#include <vector>

namespace lacquer::engine
{

/// A whole number of frames of delay for one or two channels.
class DelayLine
{
public:
    /// Allocates. [control]
    DelayLine (int channelCount, Frames frames)
        : delay (static_cast<std::size_t> (frames)), size (delay + quantum), quiet (size),
          count (channelCount)
    {
        assert (frames >= 0);
        for (int c = 0; c < count; ++c)
            ring[c].assign (size, 0.0f);
    }

    /// Begins with what another line of as many channels holds when this one is first used, so that a delay
    /// whose length changes skips or waits but does not fall silent; with the sum of several, when called
    /// for each. [control] Before this line is in use.
    void inherit (std::shared_ptr<const DelayLine> other)
    {
        assert (other != nullptr && other->count == count);
        ancestors.push_back (std::move (other));
        heir.store (true, std::memory_order_release);
    }
    /// Frees the lines inherited from, once they are no longer needed. [control]
    void settle()
    {
        if (! heir.load (std::memory_order_acquire))
            ancestors.clear();
    }

    /// Takes 1 to quantum frames in. [audio]
    void write (const Signal& in, int frames) noexcept
    {
        if (heir.load (std::memory_order_relaxed))
            takeOver();
        const auto n = static_cast<std::size_t> (frames);
        head = (head + last) % size;
        last = n;
        if (! in.silent)
            quiet = 0;
        else if (quiet >= size) // nothing but zeros inside: more of them change nothing
            return;
        const std::size_t untilEnd = std::min (n, size - head);
        for (int c = 0; c < count; ++c)
        {
            std::copy_n (in.channel[c], untilEnd, ring[c].data() + head);
            std::copy_n (in.channel[c] + untilEnd, n - untilEnd, ring[c].data());
        }
        if (in.silent)
            quiet += n;
    }

    /// True when what read() would give is all zero. [audio]
    bool isSilent() const noexcept { return quiet >= size; }

    /// What came in `frames()` earlier, for the frames of the last write(): calls each (from, n, at) for its
    /// one or two pieces. [audio]
    template <typename Each>
    void read (int channel, Each each) const noexcept
    {
        const std::size_t begin = (head + size - delay) % size;
        const std::size_t untilEnd = std::min (last, size - begin);
        each (ring[channel].data() + begin, static_cast<int> (untilEnd), 0);
        if (untilEnd < last)
            each (ring[channel].data(), static_cast<int> (last - untilEnd), static_cast<int> (untilEnd));
    }

    /// Back to silence. [audio]
    void reset() noexcept
    {
        heir.store (false, std::memory_order_release);
        if (quiet < size)
            for (int c = 0; c < count; ++c)
                std::fill (ring[c].begin(), ring[c].end(), 0.0f);
        quiet = size;
    }

    Frames frames() const noexcept { return static_cast<Frames> (delay); }
    int channels() const noexcept { return count; }

private:
    void takeOver() noexcept
    {
        for (const auto& ancestor : ancestors)
        {
            const DelayLine& old = *ancestor;
            if (old.isSilent() || old.heir.load (std::memory_order_relaxed))
                continue;
            // The newest frame goes to the end of the ring: the next write() begins at its start.
            const std::size_t frames = std::min (old.delay, delay), end = old.head + old.last;
            for (int c = 0; c < count; ++c)
                for (std::size_t n = 1; n <= frames; ++n)
                    ring[c][size - n] += old.ring[c][(end + old.size - n) % old.size];
            quiet = 0;
        }
        heir.store (false, std::memory_order_release); // from here on control may free the ancestors
    }

    std::vector<std::shared_ptr<const DelayLine>>
        ancestors; // audio reads them while heir, then control frees them
    std::atomic<bool> heir { false };
    std::vector<float> ring[2];
    std::size_t delay, size;
    std::size_t head = 0, last = 0; // where the last write() began, and how long it was
    std::size_t quiet;              // zeros written since the last sound; the ring is all zero from `size` on
    int count;
};

} // namespace lacquer::engine
