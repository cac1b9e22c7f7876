// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/Crossover.h"
#include "dsp/Ramp.h"

namespace lacquer::dsp
{

/// One centre for the bass of a stereo sound: the side passes a fourth-order Linkwitz-Riley high-pass and the
/// middle the allpass of the same phase. The image above the corner stays in place and the level of left +
/// right is that of the input at every frequency. Switched off, nothing changes.
class BassMono
{
public:
    void reset() noexcept ///< [audio]
    {
        first = second = pass = {};
        pole.forget();
        share.forget();
    }

    /// Begins a block. [audio]
    void towards (bool on, double hertz, double sampleRate, int frames) noexcept
    {
        pole.towards (hertz, sampleRate, frames);
        share.towards (on ? 1.0f : 0.0f, frames);
    }

    /// Frame n of the block. [audio]
    void operator() (double& middle, double& side, int n) noexcept
    {
        const auto a = pole.at (n);
        const double high = second.highOf (first.highOf (side, a), a), turned = pass.allOf (middle, a);
        const double w = static_cast<double> (share[n]);
        middle += w * (turned - middle);
        side += w * (high - side);
    }

    /// Seconds in which its sections fall by 120 dB.
    static double tail (double hertz) noexcept { return 3 * 13.8 / (4.4 * hertz); }

private:
    ButterworthPole pole;
    ButterworthSection first, second, pass;
    Ramp share;
};

} // namespace lacquer::dsp
