// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <bit>
#include <cstddef>
#include <vector>

namespace lacquer::dsp
{

/// A ring of past samples, one channel.
template <typename T>
class DelayLine
{
public:
    /// Allocates for delays of up to `longest` frames (cubic reads need none to spare) and resets. [control]
    void prepare (int longest)
    {
        ring.assign (std::bit_ceil (static_cast<std::size_t> (longest) + 4), T (0));
        mask = ring.size() - 1;
        end = 0;
    }

    void reset() noexcept ///< [audio]
    {
        for (auto& x : ring)
            x = 0;
        end = 0;
    }

    void push (T x) noexcept ///< [audio]
    {
        ring[end & mask] = x;
        ++end;
    }

    /// The sample pushed `delay` frames before the newest; 0 is the newest. [audio]
    T operator[] (int delay) const noexcept
    {
        return ring[(end - 1 - static_cast<std::size_t> (delay)) & mask];
    }

    /// Between samples, by the cubic through the four nearest (Lagrange); delay >= 1. [audio]
    T cubic (double delay) const noexcept
    {
        const int whole = static_cast<int> (delay);
        const T f = static_cast<T> (delay - whole);
        const T a = (*this)[whole - 1], b = (*this)[whole], c = (*this)[whole + 1], d = (*this)[whole + 2];
        const T fp = f + 1, fm = f - 1, fm2 = f - 2;
        return -a * (f * fm * fm2) / 6 + b * (fp * fm * fm2) / 2 - c * (fp * f * fm2) / 2 +
               d * (fp * f * fm) / 6;
    }

    /// Between samples, by a straight line. [audio]
    T linear (double delay) const noexcept
    {
        const int whole = static_cast<int> (delay);
        const T f = static_cast<T> (delay - whole);
        return (*this)[whole] + f * ((*this)[whole + 1] - (*this)[whole]);
    }

private:
    std::vector<T> ring;
    std::size_t mask = 0, end = 0;
};

} // namespace lacquer::dsp
