// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstddef>

namespace lacquer::dsp
{

/// Frames that one call of Diffuser and Fdn takes at most.
inline constexpr int fdnFrames = 64;
/// Delay lines side by side.
inline constexpr int fdnLines = 16;

/// One block of all lines, line by line. Plain arrays: the checked ones cost a third of the time here.
struct FdnRows
{
    alignas (64) float line[fdnLines][fdnFrames];
    float* operator[] (std::size_t i) noexcept { return line[i]; }
    const float* operator[] (std::size_t i) const noexcept { return line[i]; }
};

} // namespace lacquer::dsp

/// The arithmetic of Diffuser and Fdn. No operation is fused and each line's order is fixed, so every
/// instruction set gives the same bits. All work on whole groups of up to 16 frames: what lies behind the
/// last one is read and written, but changes no state; rows hold fdnFrames.
namespace lacquer::dsp::kernels
{

/// First-order sections of 16 lines side by side: y = b0 x + s, s = b1 x - a1 y.
struct FdnShelf
{
    alignas (64) float b0[fdnLines], b1[fdnLines], a1[fdnLines];
};

/// Both shelves of one block; `before` where the block starts, when they move.
struct FdnDamping
{
    FdnShelf low {}, high {}, lowBefore {}, highBefore {};
    alignas (64) float lowState[fdnLines] {}, highState[fdnLines] {};
};

/// to = H (gain * from), H the 16-point Hadamard transform across the lines without its factor 1/4. part: for
/// each frame, how much of the transform takes part; null for all. [audio]
void diffuse (const float* const* from, const float* gain, const float* part, float* const* to,
              int frames) noexcept;

/// One pass of the network: out = what leaves the lines after the shelves, back = its Householder reflection
/// x - 2/N sum (x) plus `in`. [audio]
void circulate (FdnDamping&, bool moving, const float* const* from, const FdnRows& in, FdnRows& out,
                float* const* back, int frames) noexcept;

/// to[n] = line[n] as cubic Lagrange interpolation sees it `offset[n]` frames earlier, offset >= 0; line has
/// its past before it. [audio]
void readMoving (const float* line, const float* offset, float* to, int frames) noexcept;

/// sums[s] = sum over lines s, s + sides, ... of early * cloud + late * tail. [audio]
void sumLines (const FdnRows& cloud, const FdnRows& tail, const float* early, const float* late, int sides,
               float (*sums)[fdnFrames], int frames) noexcept;

} // namespace lacquer::dsp::kernels
