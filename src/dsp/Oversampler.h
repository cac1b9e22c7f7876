// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <cstddef>

namespace lacquer::dsp
{

/// A linear-phase half-band FIR of 4 * arm + 3 taps (Kaiser window), as its even taps; the odd ones are zero
/// but for the middle, 1/2.
template <int arm>
struct HalfbandTaps
{
    static constexpr std::size_t count = 2 * arm + 2;
    std::array<float, count> tap {};
};

/// Four times the rate and back by two linear-phase half-band stages. One channel, whole blocks. Up and down
/// together delay by Oversampler4::latency frames of the low rate plus half a frame, exactly, and are flat
/// within 0.001 dB to 0.4535 of the rate (20 kHz at 44.1 kHz), 120 dB down above 0.5465 of it.
class Oversampler4
{
public:
    static constexpr int frames = 64;                     ///< longest block
    static constexpr int outer = 43, inner = 7;           ///< arms: 175 and 31 taps
    static constexpr int latency = 2 * outer + 1 + inner; ///< and a half

    void reset() noexcept; ///< [audio]

    /// count low-rate samples to 4 * count. [audio]
    void up (const float* x, float* y, int count) noexcept;

    /// 4 * count samples to count. [audio]
    void down (const float* x, float* y, int count) noexcept;

private:
    /// Doubles the rate of up to n samples.
    template <int arm, int n>
    struct Up
    {
        static constexpr int past = HalfbandTaps<arm>::count - 1;
        std::array<float, past + n + 16> memory {};
        void process (const HalfbandTaps<arm>&, const float* x, float* y, int count) noexcept;
    };
    /// Halves it, giving up to n samples.
    template <int arm, int n>
    struct Down
    {
        static constexpr int past = HalfbandTaps<arm>::count - 1;
        std::array<float, past + n + 16> even {}, odd {};
        void process (const HalfbandTaps<arm>&, const float* x, float* y, int count) noexcept;
    };

    Up<outer, frames> upOuter;
    Up<inner, 2 * frames> upInner;
    Down<inner, 2 * frames> downInner;
    Down<outer, frames> downOuter;
};

} // namespace lacquer::dsp
