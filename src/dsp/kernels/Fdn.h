// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>

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

/// Two sums over the lines: of the even ones and of the odd ones.
struct FdnSums
{
    alignas (64) float side[2][fdnFrames];
};

/// A delay that wanders: frame n lies 2 (depth + (n + 1) perFrame) w frames earlier, w between 0 and 1 a slow
/// wave whose phase is counted in whole numbers (2^32 is a turn), so that it does not depend on cuts.
struct FdnWander
{
    std::uint32_t phase = 0, step = 0;
    float depth = 0, perFrame = 0;
};

} // namespace lacquer::dsp

/// The arithmetic of Diffuser and of what circulates. Nothing is fused that would not be exact and each
/// line's order is fixed, so every instruction set gives the same bits. All work on whole groups of up to 16
/// frames: what lies behind the last one is read and written, but changes no state; rows hold fdnFrames.
namespace lacquer::dsp::kernels
{

/// First-order sections of 16 lines side by side: y = b x + s, then s = c x - a s.
struct FdnShelf
{
    alignas (64) float b[fdnLines], c[fdnLines], a[fdnLines];
};

/// Both shelves of one block; `before` where the block starts, when they move.
struct FdnDamping
{
    FdnShelf low {}, high {}, lowBefore {}, highBefore {};
    alignas (64) float lowState[fdnLines] {}, highState[fdnLines] {};
};

/// to = H (gain * from), H the 16-point Hadamard transform across the lines without its factor 1/4. gain:
/// powers of two. part: for each frame, how much of the transform takes part; null for all. [audio]
void diffuse (const float* const* from, const float* gain, const float* part, float* const* to,
              int frames) noexcept;

/// One pass of a network: what leaves the lines goes through the shelves; back = its Householder reflection
/// x - 2/N sum (x) plus `in`. early: the sums of `in`, late: those of what left the shelves. [audio]
void circulate (FdnDamping&, bool moving, const float* const* from, const FdnRows& in, float* const* back,
                FdnSums& early, FdnSums& late, int frames) noexcept;

/// to = what leaves the lines after the shelves. [audio]
void damp (FdnDamping&, bool moving, const float* const* from, FdnRows& to, int frames) noexcept;

/// to[n] = line[n] as cubic Lagrange interpolation sees it where the wandering delay is then; line has its
/// past before it. [audio]
void readMoving (const float* line, const FdnWander&, float* to, int frames) noexcept;

} // namespace lacquer::dsp::kernels
