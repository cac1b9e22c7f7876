// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/kernels/Fdn.h"

#include <cstddef>
#include <span>
#include <vector>

namespace lacquer::dsp
{

/// The past of one signal, read and written in whole blocks.
class BlockDelay
{
public:
    /// Room for delays up to `longest` frames. [control] Allocates.
    void prepare (int longest);
    void clear() noexcept;

    /// Appends a block. [audio]
    void write (const float* x, int frames) noexcept;

    /// The block that was written `delay` frames before the newest; delay >= 0. [audio]
    void read (float* out, int delay, int frames) const noexcept;

private:
    std::vector<float> memory;
    std::size_t mask = 0;
    int head = 0; // index of the next frame to write
};

/// The past of up to fdnLines signals that are written together. The start of each ring is repeated behind
/// its end, so that any block of the past lies in one piece.
class LineBank
{
public:
    /// A line per entry, with room for delays up to so many frames, and `reach` frames before each block.
    /// [control] Allocates.
    void prepare (std::span<const int> longest, int reach = 0);
    void clear() noexcept;
    /// Clears a part that no block feels; true when all is clear. [audio]
    bool clearSome() noexcept;

    /// Where the coming block of line i belongs: room for fdnFrames. [audio]
    float* coming (std::size_t i) noexcept { return base + (start[i] + head[i]); }
    void coming (float* (&to)[fdnLines]) noexcept ///< of all lines
    {
        for (std::size_t i = 0; i < fdnLines; ++i)
            to[i] = base + (start[i] + head[i]);
    }

    /// What was written to coming() counts from now on. [audio]
    void wrote (int frames) noexcept;

    /// The frames from `delay` frames before the coming one; all of them written before. [audio]
    const float* past (std::size_t i, int delay) const noexcept
    {
        const int at = head[i] - delay - margin;
        return base + (start[i] + margin + at + (at < 0 ? length[i] : 0));
    }
    /// Of all lines: delay[i] + more frames before the coming one.
    void past (const int (&delay)[fdnLines], int more, const float* (&from)[fdnLines]) const noexcept
    {
        int index[fdnLines];
        for (std::size_t i = 0; i < fdnLines; ++i)
        {
            const int at = head[i] - delay[i] - more - margin;
            index[i] = start[i] + margin + at + (length[i] & (at >> 31));
        }
        for (std::size_t i = 0; i < fdnLines; ++i)
            from[i] = base + index[i];
    }

private:
    void repeat (std::size_t i, int end) noexcept;

    std::vector<float> memory;
    float* base = nullptr;
    int start[fdnLines] {}, head[fdnLines] {},
        length[fdnLines] {}; // lines that are not there lie on the first
    std::size_t count = 0;
    std::size_t dirty = 0; // the first so many frames of the memory may hold something
    int margin = 0;
};

/// Times that glide by a crossfade: the step from an old set of delays to a new one takes `length` frames,
/// and a set that comes while one is under way waits for its end.
struct Crossfade
{
    int length = 1, left = 0;

    /// Share of the new set at frame n of the block.
    float share (int n) const noexcept
    {
        const int rest = left - n - 1;
        return rest <= 0 ? 1.0f : 1.0f - static_cast<float> (rest) / static_cast<float> (length);
    }
    bool active() const noexcept { return left > 0; }
    void start() noexcept { left = length; }
    void advance (int frames) noexcept { left = left > frames ? left - frames : 0; }
};

} // namespace lacquer::dsp
