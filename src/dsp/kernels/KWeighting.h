// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lacquer::dsp::kernels
{

/// The coefficients of the K filter for two channels: lanes 0 and 1 are the shelf, 2 and 3 the high-pass.
struct alignas (32) KCoefficients
{
    double b0[4], b1[4], b2[4], a1[4], a2[4];
};

/// What went in and what came out of both sections one and two frames ago.
struct alignas (32) KState
{
    double in[2][4] {}, out[2][4] {};
};

/// Sums over two channels, as they come out of one pass.
struct alignas (32) KSums
{
    double energy[4] {}; ///< squares of both channels' samples, and of the same after the K filter
    double values[4] {}; ///< both channels' samples, and left times right, twice
};

/// Runs the filter over both channels and adds to the sums, frame by frame. [any thread]
void kWeight (const KCoefficients&, KState&, const float* left, const float* right, int frames,
              KSums&) noexcept;

} // namespace lacquer::dsp::kernels
