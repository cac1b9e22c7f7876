// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Second-order sections in a row on two channels, in double precision. In one turn section k works on frame
/// n - k, so that all sections of both channels run side by side; each sees the frames in their order, so no
/// bit depends on the width of the registers or on the cut into blocks.
namespace lacquer::dsp::cascade
{

inline constexpr int longest = 64;     ///< frames in a block
inline constexpr int most = 12;        ///< sections in a pass
inline constexpr int lanes = 2 * most; ///< lane 2k + c is section k of channel c
inline constexpr int coefficients = 6; ///< p q r d c1 c2

/// A section is the filter of dsp/Svf.h with its output written in terms of the states:
///     v = x - s2,  y = d x + (c1 s1 + c2 s2),  s1' = p s1 + q v,  s2' = s2 + (q s1 + r v)
struct alignas (64) Sections
{
    double value[coefficients][lanes] {};
    double step[coefficients][lanes] {}; ///< added before each frame, where they move
    double state[2][lanes] {};           ///< s1 s2
};

/// The same section where nothing moves, with little more than half the work, in transposed direct form II:
///     y = b0 x + s1,  s1' = b1 x + n1 y + s2,  s2' = b2 x + n2 y,  n1 = -a1, n2 = -a2
struct alignas (64) Still
{
    static constexpr int coefficients = 5; ///< b0 b1 b2 n1 n2
    double value[coefficients][lanes] {};
    double state[2][lanes] {};
};

/// Both channels of a block, frame by frame.
struct alignas (64) Rows
{
    double value[longest][2];
};

/// Planar floats to rows: half the sum and half the difference of left and right; of one channel (right is
/// null) the sound itself and zero. What is no sound counts as silence (dsp/Finite.h). [audio]
void in (const float* left, const float* right, int frames, Rows&) noexcept;

/// Rows to planar floats, rounded once. [audio]
void out (const Rows&, int frames, float* left, float* right) noexcept;

/// Runs the first `count` sections, rounded up to an even number: the odd one out must be the identity.
/// moving: the coefficients take their steps. from: the first frame. [audio]
void run (Sections&, int count, bool moving, int frames, Rows&, int from = 0) noexcept;
void run (Still&, int count, int frames, Rows&, int from = 0) noexcept;

/// From one form to the other, lanes 0 to 2 count - 1, with their states: what either would give for the
/// same input differs by rounding only. A section that lets through what it gets to 120 dB has a state that
/// nobody hears and comes back from its second form at rest. [audio]
void settle (const Sections&, int count, Still&) noexcept;
void loosen (const Still&, int count, Sections&) noexcept;

} // namespace lacquer::dsp::cascade
