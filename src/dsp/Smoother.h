// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lacquer::dsp
{

/// A value that goes to its target in a straight line and meets it exactly: for gains, a block at a time.
template <typename T>
class Smoother
{
public:
    void jumpTo (T x) noexcept ///< [audio]
    {
        value = target = x;
        left = 0;
    }

    /// The value after `frames` calls of next(). [audio]
    void glideTo (T x, int frames) noexcept
    {
        if (x == value || frames <= 0)
            return jumpTo (x);
        target = x;
        step = (x - value) / static_cast<T> (frames);
        left = frames;
    }

    T next() noexcept ///< [audio]
    {
        if (left > 0)
            value = --left == 0 ? target : value + step;
        return value;
    }

    T current() const noexcept { return value; }
    bool isMoving() const noexcept { return left > 0; }

private:
    T value = 0, target = 0, step = 0;
    int left = 0;
};

} // namespace lacquer::dsp
