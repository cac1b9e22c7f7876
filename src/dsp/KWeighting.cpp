// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/KWeighting.h"

#include <cmath>
#include <numbers>

namespace lacquer::dsp
{

KFilter::KFilter (double sampleRate)
{
    // The analogue parameters behind BS.1770's tables, as libebur128 found them.
    {
        constexpr double f0 = 1681.974450955533, gainDb = 3.999843853973347, q = 0.7071752369554196;
        const double k = std::tan (std::numbers::pi * f0 / sampleRate);
        const double high = std::pow (10.0, gainDb / 20), band = std::pow (high, 0.4996667741545416);
        const double d = 1 + k / q + k * k;
        b0 = (high + band * k / q + k * k) / d;
        b1 = 2 * (k * k - high) / d;
        b2 = (high - band * k / q + k * k) / d;
        a1 = 2 * (k * k - 1) / d;
        a2 = (1 - k / q + k * k) / d;
    }
    {
        constexpr double f0 = 38.13547087602444, q = 0.5003270373238773;
        const double k = std::tan (std::numbers::pi * f0 / sampleRate);
        const double d = 1 + k / q + k * k;
        c1 = 2 * (k * k - 1) / d;
        c2 = (1 - k / q + k * k) / d;
    }
}

void KWeightedPair::add (const KFilter& f, const float* left, const float* right, Frames frames,
                         PairSums& sums) noexcept
{
    const Pair b0 = { f.b0, f.b0 }, b1 = { f.b1, f.b1 }, b2 = { f.b2, f.b2 };
    const Pair a1 = { f.a1, f.a1 }, a2 = { f.a2, f.a2 }, c1 = { f.c1, f.c1 }, c2 = { f.c2, f.c2 };
    PairSums s = sums;
    Pair u1 = x1, u2 = x2, v1 = y1, v2 = y2, w1 = z1, w2 = z2;
    for (Frames n = 0; n < frames; ++n)
    {
        const Pair u = { static_cast<double> (left[n]), static_cast<double> (right[n]) };
        // The newest output is subtracted last: one product and one difference in the loop-carried chain.
        const Pair v = (b0 * u + b1 * u1 + b2 * u2 - a2 * v2) - a1 * v1;
        const Pair w = ((v - v1) - (v1 - v2) - c2 * w2) - c1 * w1;
        u2 = u1, u1 = u;
        v2 = v1, v1 = v;
        w2 = w1, w1 = w;
        s.weighted += w * w;
        s.squares += u * u;
        s.values += u;
        s.cross += u * Pair { u[1], u[0] };
    }
    x1 = u1, x2 = u2, y1 = v1, y2 = v2, z1 = w1, z2 = w2;
    sums = s;
}

bool KWeightedPair::settle() noexcept
{
    // 1e-30 is 600 dB below full scale.
    const auto size = [] (Pair p) { return std::abs (p[0]) + std::abs (p[1]); };
    const double state = size (x1) + size (x2) + size (y1) + size (y2) + size (z1) + size (z2);
    const bool sane = std::isfinite (state);
    if (! sane || state < 1e-30)
        reset();
    return sane;
}

} // namespace lacquer::dsp
