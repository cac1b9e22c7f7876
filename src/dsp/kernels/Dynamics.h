// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// The stages of a compressor on one or two channels. The level and the gain of a frame need no other frame
/// and run at full width; only the envelope between them goes from frame to frame. Levels are log2 of the
/// gain throughout; one step of it is 6.02 dB. What a bit is depends neither on the width nor on the cut.
namespace lacquer::dsp::dynamics
{

inline constexpr int longest = 64; ///< frames in a block

/// A value that moves in a straight line over a block: start + step (n + 1) at frame n.
struct Line
{
    float start = 0, step = 0;
};

/// Sound of a block, to be filled from the front; the rest up to `longest` is worked on too.
struct alignas (64) Sound
{
    float value[2][longest];
};

/// Levels of both channels, frame by frame.
struct alignas (64) Levels
{
    double value[longest][2];
};

/// A threshold with ratio and quadratic knee (Giannoulis, Massberg, Reiss, JAES 60(6), 2012, eq. 4).
/// offset: half the knee less the threshold; bend: slope over twice the knee.
struct Curve
{
    Line offset, knee, slope, bend;
};

/// The reduction that each channel of the key asks for, 0 or more; link brings both towards the larger one.
/// What is no sound counts as silence. [audio]
void wanted (const Sound& key, const Curve&, Line link, int frames, Levels& out) noexcept;

/// An envelope with attack and release.
struct Envelope
{
    double level[2] {};

    /// Shares of the way that are left after one frame, below 1.
    double attack = 0, release = 0;

    /// Follows the levels in place. [audio]
    void follow (int frames, Levels&) noexcept;
};

/// Applies the reductions: x (1 + mix (gain - 1)) with gain = makeup less reduction. What is no sound becomes
/// silence. Returns the largest reduction. [audio]
float apply (const Levels& reduction, Line makeup, Line mix, int channels, int frames, Sound&) noexcept;

} // namespace lacquer::dsp::dynamics
