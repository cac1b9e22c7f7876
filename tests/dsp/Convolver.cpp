// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Convolver.h"

#include "core/Random.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace lacquer;
using namespace lacquer::dsp;

namespace
{

std::vector<float> noise (int count, std::uint64_t seed)
{
    std::vector<float> out (static_cast<std::size_t> (count));
    for (std::size_t n = 0; n < out.size(); ++n)
        out[n] = static_cast<float> (2 * uniform ((seed << 32) + n) - 1);
    return out;
}

/// Noise that falls by 60 dB over its length, as rooms do.
std::vector<float> room (int count, std::uint64_t seed)
{
    auto out = noise (count, seed);
    for (std::size_t n = 0; n < out.size(); ++n)
        out[n] *= std::pow (10.0f, -3.0f * static_cast<float> (n) / static_cast<float> (count));
    return out;
}

template <typename Cut>
std::vector<float> through (Convolver& c, const std::vector<float>& in, Cut cut)
{
    std::vector<float> out (in.size());
    for (std::size_t at = 0; at < in.size();)
    {
        const auto count = std::min (static_cast<std::size_t> (cut (at)), in.size() - at);
        c.process (in.data() + at, out.data() + at, static_cast<int> (count));
        at += count;
    }
    return out;
}

Taps tapsOf (const std::vector<float>& h)
{
    return { h.data(), static_cast<int> (h.size()) };
}

/// The definition: sum of h[k] x[n - k].
double convolved (const std::vector<float>& h, const std::vector<float>& x, std::size_t n)
{
    double sum = 0;
    for (std::size_t k = 0; k < std::min (h.size(), n + 1); ++k)
        sum += static_cast<double> (h[k]) * static_cast<double> (x[n - k]);
    return sum;
}

int uneven (std::size_t at)
{
    return 1 + static_cast<int> (hashed (at) % 64);
}

} // namespace

TEST_CASE ("the convolver equals the sum that defines convolution within -120 dB")
{
    // The bound is DSP.md's; the sum is taken in double. Lengths around every seam between partitions.
    for (int length : { 1, 63, 64, 65, 511, 512, 513, 2047, 2049, 8191, 8193, 13000, 96000 })
    {
        const auto h = room (length, 1), x = noise (length + 30000, 2);
        Convolver c;
        c.prepare (length);
        c.start (tapsOf (h));
        const auto y = through (c, x, [] (std::size_t) { return 64; });
        double error = 0, energy = 0;
        for (std::size_t n = 0; n < x.size(); n += n < 9000 && length < 9000 ? 7 : 61)
        {
            const double want = convolved (h, x, n);
            error += std::pow (static_cast<double> (y[n]) - want, 2);
            energy += want * want;
        }
        INFO (length << " taps: " << 10 * std::log10 (error / energy) << " dB");
        CHECK (10 * std::log10 (error / energy + 1e-30) < -120);
    }
}

TEST_CASE ("an impulse comes out as the taps, at once and to the last of them")
{
    const auto h = room (20000, 3);
    Convolver c;
    c.prepare (20000);
    c.start (tapsOf (h));
    std::vector<float> x (30000);
    x[1000] = 1;
    const auto y = through (c, x, uneven);
    double worst = 0;
    for (std::size_t n = 0; n < x.size(); ++n)
    {
        const double want = n >= 1000 && n < 21000 ? static_cast<double> (h[n - 1000]) : 0;
        worst = std::max (worst, std::abs (static_cast<double> (y[n]) - want));
    }
    CHECK (20 * std::log10 (worst) < -120);
    CHECK (std::all_of (y.begin(), y.begin() + 1000, [] (float v) { return v == 0; }));
}

TEST_CASE ("the convolver gives the same bits however the sound is cut")
{
    const auto h = room (15000, 4), x = noise (40000, 5);
    Convolver c;
    c.prepare (96000, true);
    c.start (tapsOf (h));
    const auto whole = through (c, x, [] (std::size_t) { return 64; });
    c.start (tapsOf (h));
    CHECK (whole == through (c, x, [] (std::size_t) { return 1; }));
    c.start (tapsOf (h));
    CHECK (whole == through (c, x, uneven));
}

TEST_CASE ("taps fall as they are told to: their gain, their decay and their end")
{
    const auto h = noise (9000, 6);
    const double decay = std::pow (10.0, -4.0 / 9000);
    Convolver c;
    c.prepare (9000);
    c.start ({ h.data(), 8000, 1000, 0.5, decay });
    std::vector<float> x (9000);
    x[0] = 1;
    const auto y = through (c, x, uneven);
    double worst = 0;
    for (int n = 0; n < 9000; ++n)
    {
        const double end = std::clamp ((8000 - n) / 1001.0, 0.0, 1.0);
        const double want =
            0.5 * std::pow (decay, n) * end * static_cast<double> (h[static_cast<std::size_t> (n)]);
        worst = std::max (worst, std::abs (static_cast<double> (y[static_cast<std::size_t> (n)]) - want));
    }
    CHECK (20 * std::log10 (worst) < -120);
}

TEST_CASE ("a convolver that has rung out sleeps, and wakes as if it were new")
{
    const auto h = room (10000, 7), x = noise (20000, 8);
    Convolver c;
    c.prepare (10000);
    c.start (tapsOf (h));
    const auto first = through (c, x, uneven);
    CHECK_FALSE (c.asleep());
    const auto rest = through (c, std::vector<float> (10000 + 4 * 4096), uneven);
    CHECK (std::all_of (rest.begin() + 10000, rest.end(), [] (float v) { return std::abs (v) < 1e-6f; }));
    CHECK (rest.back() == 0);
    CHECK (c.asleep());
    CHECK (first == through (c, x, uneven));
}

TEST_CASE ("new taps forget the sound of the old ones")
{
    const auto h = room (12000, 9), other = room (5000, 10), x = noise (20000, 11);
    Convolver c, fresh;
    c.prepare (12000);
    fresh.prepare (12000);
    c.start (tapsOf (h));
    through (c, x, uneven);
    c.start (tapsOf (other));
    fresh.start (tapsOf (other));
    CHECK (through (c, x, uneven) == through (fresh, x, uneven));
}
