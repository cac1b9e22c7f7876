// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/EqBands.h"

#include <array>
#include <complex>
#include <span>

namespace lacquer::dsp
{

/// The response of a band's analog prototype, what its sections follow: level and phase at a frequency in Hz.
/// 1 where it is off. [any thread]
std::complex<double> analogResponse (const EqBand&, double frequency) noexcept;

/// The level of the analog prototypes of eight bands together, in one part of the sound.
class EqCurve
{
public:
    /// part: mid or side. [any thread]
    EqCurve (std::span<const EqBand, EqBands::count>, BandPart part) noexcept;
    EqCurve() noexcept = default;

    /// Gains, 0 and up, at frequencies whose squares are given in Hz^2. At most `longest`. [any thread]
    void gains (const float* squares, float* out, int count) const noexcept;
    static constexpr int longest = 256;

private:
    /// |H|^2 = level ((p - q r)^2 + a r) / ((u - v r)^2 + b r) with r = (frequency/centre)^2
    struct Band
    {
        double centre, level, p, q, a, u, v, b;
    };
    /// |H|^2 = 1/(1 + r^order), of a low cut with r = (centre/frequency)^2
    struct Cut
    {
        double centre;
        int order;
        bool low;
    };
    std::array<Band, EqBands::count> band {};
    std::array<Cut, EqBands::count> cut {};
    int bands = 0, cuts = 0;
};

} // namespace lacquer::dsp
