// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cmath>

namespace lacquer::dsp
{

/// Silence in place of what no converter ever delivers: NaN, infinities and anything above +120 dBFS. At the
/// entrance of every effect with a memory, so that a broken sample is never remembered.
inline float finite (float x) noexcept
{
    return std::abs (x) < 1.0e6f ? x : 0.0f; // false for NaN
}

inline void makeFinite (float* x, int frames) noexcept
{
    for (int n = 0; n < frames; ++n)
        x[n] = finite (x[n]);
}

} // namespace lacquer::dsp
