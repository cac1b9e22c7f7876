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
        const T v3 = x - s2, s1Before = s1;
        const T v1 = a1 * s1 + a2 * v3;
        const T v2 = s2 + (a2 * s1 + a3 * v3);
        // 2 v1 - s1 and 2 v2 - s2, with the least to wait for after v3.
        s1 = ((2 * a1) * s1 - s1) + (2 * a2) * v3;
        s2 = (s2 + (2 * a2) * s1Before) + (2 * a3) * v3;
        return m0 * x + m1 * v1 + m2 * v2;
    }

private:
    friend void inSeries (Svf<float>*, Svf<float>*, float* const*, int, int) noexcept;
    struct Values
    {
        T value[6] { 0, 0, 0, 1, 0, 0 };
    };
    Values now, target, step;
    T s1 = 0, s2 = 0;
    int left = 0;
};

/// Runs one or two channels through first[channel], then second[channel], in place. Two channels whose
/// filters stand still go four filters abreast, the second pair a frame behind the first, with the same bits.
/// In the vectors of g++ and clang. [audio]
inline void inSeries (Svf<float>* first, Svf<float>* second, float* const* x, int channels,
                      int frames) noexcept
{
    if (channels == 1 || first[0].left > 0 || first[1].left > 0 || second[0].left > 0 || second[1].left > 0)
    {
        for (int c = 0; c < channels; ++c)
            for (int n = 0; n < frames; ++n)
                x[c][n] = second[c](first[c](x[c][n]));
        return;
    }

    using Four = float __attribute__ ((vector_size (16)));
    float *const l = x[0], *const r = x[1];
    Four y { first[0](l[0]), first[1](r[0]), 0, 0 };
    const auto all = [&] (auto value) {
        return Four { value (first[0]), value (first[1]), value (second[0]), value (second[1]) };
    };
    Four k[6];
    for (int n = 0; n < 6; ++n)
        k[n] = all ([n] (const auto& f) { return f.now.value[n]; });
    const Four twice[3] { k[0] + k[0], k[1] + k[1], k[2] + k[2] };
    Four s1 = all ([] (const auto&f) { return f.s1; }), s2 = all ([] (const auto&f) { return f.s2; });
    for (int n = 1; n < frames; ++n)
    {
        const Four in { l[n], r[n], y[0], y[1] };
        const Four v3 = in - s2;
        const Four v1 = k[0] * s1 + k[1] * v3;
        const Four v2 = s2 + (k[1] * s1 + k[2] * v3);
        const Four before = s1;
        s1 = (twice[0] * s1 - s1) + twice[1] * v3;
        s2 = (s2 + twice[1] * before) + twice[2] * v3;
        y = k[3] * in + k[4] * v1 + k[5] * v2;
        l[n - 1] = y[2];
        r[n - 1] = y[3];
    }
    for (int c = 0; c < 2; ++c)
    {
        first[c].s1 = s1[c];
        first[c].s2 = s2[c];
        second[c].s1 = s1[c + 2];
        second[c].s2 = s2[c + 2];
    }
    l[frames - 1] = second[0](y[0]);
    r[frames - 1] = second[1](y[1]);
}

} // namespace lacquer::dsp
