// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>

namespace lacquer::dsp::kernels
{

inline constexpr int bandFrames = 64; ///< longest block

/// The memory of four bands of two channels. Butterworth sections lie in twos by two channels, which work
/// side by side: the first split (twice the same), its lows and highs; band 1 turned by the second split and
/// that split, its lows and highs; the same of the third; band 2 turned by it (twice the same).
struct alignas (64) BandMemory
{
    double sections[7][2][4] {};
    double reduction[4] {}; ///< in log2 of the gain

    // Within a block only; here because on the stack they would be cleared every time.
    alignas (64) double rest[4 * bandFrames] {}, second[2 * bandFrames] {}, bands[8 * bandFrames] {};
    alignas (64) float pairs[2 * bandFrames] {}, levels[4 * bandFrames] {};
};

/// a1, a2, a3 of the three crossovers (dsp/Crossover.h).
using BandPoles = std::array<std::array<double, 3>, 3>;

/// One value for each band, of frame n: start + step (n + 1).
struct alignas (16) BandRamp
{
    float start[4] {}, step[4] {};
};

/// The dynamics of a block, levels and gains in log2. offset: half the knee less the threshold; bend: the
/// slope over twice the knee.
struct BandDynamics
{
    BandRamp offset, knee, slope, bend, makeup, weight;
    alignas (32) double attack[4] {}, release[4] {};
};

/// Splits two channels in four bands whose sum is an allpass, compresses each, both channels by the louder,
/// and adds them. In place; samples beyond +120 dBFS or not a number count as silence. poles: one for all
/// frames, or where they move one for each frame. Gives the largest reduction, in log2. [audio]
float runBands (BandMemory&, const BandPoles* poles, bool moving, const BandDynamics&, float* left,
                float* right, int frames) noexcept;

} // namespace lacquer::dsp::kernels
