// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lacquer::dsp
{

/// A value that moves in a straight line over one block and stands still when its target does, so that
/// constant targets give the same bits however the sound is cut into blocks.
class Ramp
{
public:
    /// Jumps to a value at the next towards(): for the first block after a reset.
    void forget() noexcept { known = false; }

    /// Begins a block of `frames` frames at whose end the value is target.
    void towards (float target, int frames) noexcept
    {
        start = known ? end : target;
        end = target;
        step = (end - start) / static_cast<float> (frames);
        known = true;
    }

    /// The value of frame n of the block.
    float operator[] (int n) const noexcept { return start + step * static_cast<float> (n + 1); }

    float from() const noexcept { return start; }
    float perFrame() const noexcept { return step; }
    bool moves() const noexcept { return step != 0.0f; }
    float target() const noexcept { return end; }

private:
    float start = 0, end = 0, step = 0;
    bool known = false;
};

} // namespace lacquer::dsp
