// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Random.h"
#include "dsp/kernels/Cascade.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <hwy/highway.h>

using namespace lacquer;
using namespace lacquer::dsp;

namespace
{

/// The formulas of the header, one section after the other, frame by frame.
void serially (cascade::Sections& s, int count, int frames, cascade::Rows& rows)
{
    for (int k = 0; k < count; ++k)
        for (int c = 0; c < 2; ++c)
            for (int n = 0; n < frames; ++n)
            {
                const int lane = 2 * k + c;
                double v[6];
                for (int i = 0; i < 6; ++i)
                    v[i] = s.value[i][lane] += s.step[i][lane];
                double &s1 = s.state[0][lane], &s2 = s.state[1][lane];
                const double x = rows.value[n][c], in = x - s2;
                rows.value[n][c] = std::fma (v[3], x, std::fma (v[4], s1, v[5] * s2));
                const double grown = s2 + std::fma (v[2], in, v[1] * s1);
                s1 = std::fma (v[1], in, v[0] * s1);
                s2 = grown;
            }
}

bool same (const double* a, const double* b, int count)
{
    for (int n = 0; n < count; ++n)
        if (a[n] != b[n])
            return false;
    return true;
}

} // namespace

TEST_CASE ("sections side by side give the bits of one after the other")
{
    if ((hwy::SupportedTargets() & HWY_AVX2) == 0)
        return; // std::fma rounds once, SSE4 twice
    std::uint64_t random = 1;
    for (int count = 2; count <= cascade::most; count += 2)
        for (bool moving : { false, true })
        {
            cascade::Sections a;
            for (int lane = 0; lane < 2 * count; ++lane)
                for (int i = 0; i < cascade::coefficients; ++i)
                {
                    a.value[i][lane] = 0.8 * uniform (random++) - 0.3;
                    a.step[i][lane] = moving ? 1e-4 * (uniform (random++) - 0.5) : 0;
                }
            auto b = a;
            for (int frames : { 64, 1, 2, 5, 11, 12, 13, 63, 64, 30 })
            {
                cascade::Rows x, y;
                for (int n = 0; n < frames; ++n)
                    for (int c = 0; c < 2; ++c)
                        x.value[n][c] = y.value[n][c] = uniform (random++) - 0.5;
                cascade::run (a, count, moving, frames, x);
                serially (b, count, frames, y);
                INFO (count << " sections, " << frames << " frames, moving " << moving);
                REQUIRE (same (x.value[0], y.value[0], 2 * frames));
                REQUIRE (same (a.state[0], b.state[0], 2 * cascade::lanes));
                REQUIRE (same (a.value[0], b.value[0], cascade::coefficients * cascade::lanes));
            }
        }
}

TEST_CASE ("rows are half the sum and half the difference, and come back the same")
{
    for (int frames : { 1, 3, 4, 7, 64 })
    {
        float left[64], right[64], l[64], r[64];
        for (int n = 0; n < frames; ++n)
        {
            left[n] = static_cast<float> (uniform (static_cast<std::uint64_t> (n)) - 0.5);
            right[n] = static_cast<float> (uniform (static_cast<std::uint64_t> (n) + 100) - 0.5);
        }
        left[0] = std::nanf ("");
        right[frames - 1] = 1e30f;
        cascade::Rows rows;
        cascade::in (left, right, frames, rows);
        left[0] = 0; // what is no sound is silence
        right[frames - 1] = 0;
        for (int n = 0; n < frames; ++n)
        {
            CHECK (rows.value[n][0] == (static_cast<double> (left[n]) + right[n]) / 2);
            CHECK (rows.value[n][1] == (static_cast<double> (left[n]) - right[n]) / 2);
        }
        cascade::out (rows, frames, l, r);
        CHECK (std::equal (l, l + frames, left));
        CHECK (std::equal (r, r + frames, right));
    }
}

TEST_CASE ("a section goes from one form to the other and back without a mark on its sound")
{
    // The same filter all the way in the first form, against one that changes its form every few frames:
    // bells, cuts and a filter of first order, from 10 Hz to 20 kHz. What is left is rounding in double
    // precision, which a low filter enlarges by some ten thousand.
    std::uint64_t random = 7;
    constexpr int count = 12;
    cascade::Sections a;
    for (int lane = 0; lane < 2 * count; ++lane)
    {
        const int k = lane / 2;
        const double w = 1.3e-3 * std::pow (1.9, k); // radians per frame
        const double g = std::tan (w / 2), damping = k % 3 == 0 ? 0.1 : 1.4, a1 = 1 / (1 + g * (g + damping));
        const double m1 = k % 2 == 0 ? damping : -0.5 * damping;
        const double values[] {
            2 * a1 - 1, 2 * g * a1, 2 * g * g * a1, 1 + m1 * g * a1, m1 * a1, -m1 * g * a1
        };
        for (int i = 0; i < cascade::coefficients; ++i)
            a.value[i][lane] = values[i];
    }
    const double first[] { 0, 0, 0.02, 0.9, 0, -0.9 }; // of first order
    for (int i = 0; i < cascade::coefficients; ++i)
        a.value[i][5] = first[i];
    auto b = a;
    cascade::Still still;
    double worst = 0, loudest = 0;
    for (int block = 0; block < 400; ++block)
    {
        const int frames = 1 + static_cast<int> (64 * uniform (random++));
        cascade::Rows x, y;
        for (int n = 0; n < frames; ++n)
            for (int c = 0; c < 2; ++c)
                x.value[n][c] = y.value[n][c] = uniform (random++) - 0.5;
        cascade::run (a, count, false, frames, x);
        if (block % 3 == 0)
            cascade::run (b, count, false, frames, y);
        else
        {
            cascade::settle (b, count, still);
            cascade::run (still, count, frames, y);
            cascade::loosen (still, count, b);
        }
        for (int n = 0; n < frames; ++n)
            for (int c = 0; c < 2; ++c)
            {
                worst = std::max (worst, std::abs (x.value[n][c] - y.value[n][c]));
                loudest = std::max (loudest, std::abs (x.value[n][c]));
            }
    }
    CHECK (loudest > 0.1);
    CHECK (worst < 1e-11);
}
