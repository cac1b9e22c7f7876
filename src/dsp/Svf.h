// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/EqDesign.h"

namespace lacquer::dsp
{

/// A trapezoidal state variable filter, one channel. In float it is 45 dB quieter at low frequencies than a
/// direct form, and its coefficients may be ramped: for a1, a2, a3 of any two stable filters the state's
/// energy grows under neither, hence under no mixture of the two.
template <typename T>
class Svf
{
public:
    /// Jumps to the coefficients. [audio]
    void set (const SvfCoefficients& c) noexcept
    {
        now = { T (c.a1), T (c.a2), T (c.a3), T (c.m0), T (c.m1), T (c.m2) };
        left = 0;
    }

    /// Moves to the coefficients in equal steps over the next frames; they are met exactly. [audio]
    void rampTo (const SvfCoefficients& c, int frames) noexcept
    {
        target = { T (c.a1), T (c.a2), T (c.a3), T (c.m0), T (c.m1), T (c.m2) };
        const T part = T (1) / T (frames);
        for (int n = 0; n < 6; ++n)
            step.value[n] = (target.value[n] - now.value[n]) * part;
        left = frames;
    }

    void reset() noexcept { s1 = s2 = 0; } ///< [audio]

    T operator() (T x) noexcept ///< [audio]
    {
        if (left > 0)
        {
            if (--left == 0)
                now = target;
            else
                for (int n = 0; n < 6; ++n)
                    now.value[n] += step.value[n];
        }
        const auto [a1, a2, a3, m0, m1, m2] = now.value;
        const T v3 = x - s2;
        const T v1 = a1 * s1 + a2 * v3;
        const T d2 = a2 * s1 + a3 * v3;
        const T v2 = s2 + d2;
        s1 = 2 * v1 - s1;
        s2 = s2 + 2 * d2;
        return m0 * x + m1 * v1 + m2 * v2;
    }

private:
    struct Values
    {
        T value[6] { 0, 0, 0, 1, 0, 0 };
    };
    Values now, target, step;
    T s1 = 0, s2 = 0;
    int left = 0;
};

} // namespace lacquer::dsp
