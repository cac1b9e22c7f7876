// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/kernels/Saturator.h"

#include <array>

namespace lacquer::dsp::kernels
{

/// The curve first u + third u^3 + fifth u^5, u = v/sqrt (1 + v^2), v = x + bias, less its value at x = 0.
/// (first, third, fifth) = (1, 0, 0) bends early and slowly, (3, -1, 0)/2 later, (15, -10, 3)/8 late and
/// hard; all end at -1 and 1.
struct ShaperCurve
{
    float bias = 0, first = 1, third = 0, fifth = 0;
    bool operator== (const ShaperCurve&) const = default;
};

/// Such a curve at two, four or eight times the rate, of two channels, linear phase throughout: the half-band
/// filters of the Saturator, one more for eight times, and the same anti-aliasing by antiderivatives, which
/// these curves have in closed form without cancellation.
class Shaper
{
public:
    static constexpr int frames = 64; ///< longest block
    static constexpr int mostStages = 3;

    /// Delay in frames, exactly, at 2^stages times the rate; stages 1 to 3.
    static constexpr int delay (int stages) noexcept { return stages == 1 ? 85 : stages == 2 ? 90 : 93; }

    void reset() noexcept { *this = {}; } ///< [audio]

    /// One or two channels in place (`right` is scratch when there is one); the curve moves from that of the
    /// last block in straight lines. Another number of stages begins from silence. Precondition: finite
    /// values. [audio]
    void process (int stages, const ShaperCurve&, float* left, float* right, int channels,
                  int count) noexcept;

    /// One channel and all it remembers. Filters have their past before the block; behind it is room for a
    /// vector.
    struct alignas (64) Channel
    {
        static constexpr int room = 16, high = frames << mostStages, liftPast = 7;
        template <int stage>
        static constexpr int block = (frames << stage) + room;

        // Going up: what enters a stage.
        std::array<float, Saturator::outerPast + block<0>> up1 {};
        std::array<float, Saturator::innerPast + block<1>> up2 {};
        std::array<float, Saturator::innerPast + block<2>> up3 {};
        // At the top: v, its root sqrt (1 + v^2), the curve.
        std::array<float, 1 + high + room> top {}, root {};
        std::array<float, liftPast + high + room> curve {};
        // Going down: every other value of what enters a stage.
        std::array<float, Saturator::innerPast + block<2>> even3 {};
        std::array<float, Saturator::innerArm + 1 + block<2>> odd3 {};
        std::array<float, Saturator::innerPast + block<1>> even2 {};
        std::array<float, Saturator::innerArm + 1 + block<1>> odd2 {};
        std::array<float, Saturator::outerPast + block<0>> even1 {};
        std::array<float, Saturator::outerArm + 1 + block<0>> odd1 {};
        std::array<float, high + room> between {};
    };

private:
    std::array<Channel, 2> channels;
    ShaperCurve now;
    int stagesNow = 0; ///< 0: after a reset
};

/// A straight line up to `start`, then a parabola that is flat from start + width on, at start + width/2.
struct ClipCurve
{
    float start = 1, width = 0;
    bool operator== (const ClipCurve&) const = default;
};

/// What such a curve adds to a sound, 0 wherever it is softer than the start, at two, four or eight times the
/// rate by the filters and with the delays of the Shaper. Added to the sound, `delay` frames late, it is the
/// clipped sound; where nothing is clipped that is the sound itself, to the bit.
class Clip
{
public:
    void reset() noexcept { *this = {}; } ///< [audio]

    /// As Shaper::process(). [audio] Precondition: width > 0.
    void process (int stages, const ClipCurve&, float* left, float* right, int channels, int count) noexcept;

private:
    std::array<Shaper::Channel, 2> channels;
    ClipCurve now;
    int stagesNow = 0;
};

} // namespace lacquer::dsp::kernels
