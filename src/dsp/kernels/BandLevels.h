// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// The energy of up to sixteen signals, each behind a filter of its own, in single precision. What a bit is
/// depends neither on the width of the registers nor on the cut into blocks.
namespace lacquer::dsp::levels
{

inline constexpr int lanes = 16;
inline constexpr int group = 4;  ///< lanes that are worked on together
inline constexpr int values = 7; ///< a1 a2 a3 m0 m1 m2 of dsp/Svf.h, and the share of the way in a frame

struct alignas (64) Filters
{
    float value[values][lanes] {};
    float state[2][lanes] {};
    float energy[lanes] {}; ///< mean of the squares
};

/// Hears frames whose samples stand lane by lane. groups: bit n for lanes 4n to 4n + 3; the others rest.
/// [audio]
void hear (Filters&, unsigned groups, const float (*frame)[lanes], int frames) noexcept;

} // namespace lacquer::dsp::levels
