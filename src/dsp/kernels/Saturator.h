// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/Ramp.h"

#include <array>

namespace lacquer::dsp::kernels
{

/// The curve x/sqrt (1 + x^2) at four times the rate, of two channels, linear phase throughout.
///
/// Up and down go by two half-band filters each (FIR, minimax), of 167 and 27 taps: flat within 2e-5 dB to
/// 0.4535 of the rate (20 kHz at 44.1 kHz) and 124 dB down above 0.5465 of it.
class Saturator
{
public:
    static constexpr int frames = 64; ///< longest block

    /// Even taps of a half-band filter; the odd ones are zero but for the middle, 1/2.
    static constexpr int outerTaps = 84, innerTaps = 14;
    static constexpr int outerPast = outerTaps - 1, innerPast = innerTaps - 1;
    static constexpr int outerArm = outerTaps / 2 - 1, innerArm = innerTaps / 2 - 1;

    /// Delay in frames, exactly. Both filters together are half a frame short of it, which the filter after
    /// the curve makes up for.
    static constexpr int delay = 2 * outerArm + 1 + innerArm + 1;

    void reset() noexcept { *this = {}; } ///< [audio]

    /// Two channels in place: dry times the sound `delay` frames ago, plus wet times the curve of drive times
    /// that sound. What is not a number or beyond +120 dBFS counts as silence. [audio]
    void process (const Ramp& drive, const Ramp& wet, const Ramp& dry, float* left, float* right,
                  int count) noexcept;

    /// One channel and all it remembers. Filters have their past before the block; behind it is room for a
    /// vector.
    struct alignas (64) Channel
    {
        static constexpr int room = 16, block = frames + room, twiceBlock = 2 * frames + room;
        std::array<float, delay + block> plain {};
        std::array<float, outerPast + block> driven {};
        std::array<float, innerPast + twiceBlock> twice {};

        // At four times the rate every other value is in an array of its own. Roots: sqrt (1 + x^2).
        std::array<float, twiceBlock> even {}, evenRoot {};
        std::array<float, 1 + twiceBlock> oddRoot { 1 };
        std::array<float, 2 + twiceBlock> evenCurve {}, oddCurve {};

        std::array<float, innerPast + twiceBlock> evenHigh {};
        std::array<float, innerArm + 1 + twiceBlock> oddHigh {};
        std::array<float, outerPast + block> evenLow {};
        std::array<float, outerArm + 1 + block> oddLow {};
    };

private:
    std::array<Channel, 2> channels;
};

/// Its filters: even taps for halving the rate and, twice as large, for doubling it.
struct SaturatorTaps
{
    std::array<float, Saturator::outerTaps> outerDown, outerUp;
    std::array<float, Saturator::innerTaps> innerDown, innerUp;
};
const SaturatorTaps& saturatorTaps() noexcept; ///< [any thread]

} // namespace lacquer::dsp::kernels
