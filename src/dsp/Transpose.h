// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstddef>
#include <cstring>

namespace lacquer::dsp
{

/// to[c * toStride + r] = from[r * fromStride + c] for 4 rows and 4 columns. In the vectors of g++ and clang,
/// which become four loads, eight shuffles and four stores on every machine.
inline void transpose4 (const float* from, std::size_t fromStride, float* to, std::size_t toStride) noexcept
{
    using Four = float __attribute__ ((vector_size (16)));
    Four a, b, c, d;
    std::memcpy (&a, from, 16);
    std::memcpy (&b, from + fromStride, 16);
    std::memcpy (&c, from + 2 * fromStride, 16);
    std::memcpy (&d, from + 3 * fromStride, 16);
    const Four ab = __builtin_shufflevector (a, b, 0, 4, 1, 5),
               cd = __builtin_shufflevector (c, d, 0, 4, 1, 5);
    const Four ef = __builtin_shufflevector (a, b, 2, 6, 3, 7),
               gh = __builtin_shufflevector (c, d, 2, 6, 3, 7);
    a = __builtin_shufflevector (ab, cd, 0, 1, 4, 5);
    b = __builtin_shufflevector (ab, cd, 2, 3, 6, 7);
    c = __builtin_shufflevector (ef, gh, 0, 1, 4, 5);
    d = __builtin_shufflevector (ef, gh, 2, 3, 6, 7);
    std::memcpy (to, &a, 16);
    std::memcpy (to + toStride, &b, 16);
    std::memcpy (to + 2 * toStride, &c, 16);
    std::memcpy (to + 3 * toStride, &d, 16);
}

} // namespace lacquer::dsp
