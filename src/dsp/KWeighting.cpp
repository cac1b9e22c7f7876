// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/KWeighting.h"

#include <algorithm>
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
    lanes = {
        { b0, b0, 1, 1 }, { b1, b1, -2, -2 }, { b2, b2, 1, 1 }, { a1, a1, c1, c1 }, { a2, a2, c2, c2 }
    };
}

void KWeightedPair::add (const KFilter& f, const float* left, const float* right, Frames frames,
                         kernels::KSums& sums) noexcept
{
    constexpr Frames most = 1 << 20;
    for (Frames done = 0; done < frames; done += most)
        kernels::kWeight (f.lanes, state, left + done, right + done,
                          static_cast<int> (std::min (most, frames - done)), sums);
}

bool KWeightedPair::settle() noexcept
{
    double size = 0;
    for (const auto* part : { &state.in, &state.out })
        for (const auto& frame : *part)
            for (const double x : frame)
                size += std::abs (x);
    const bool sane = std::isfinite (size);
    if (! sane || size < 1e-30) // 600 dB below full scale
        reset();
    return sane;
}

} // namespace lacquer::dsp
