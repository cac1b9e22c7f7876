// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Sounds.h"

#include "core/Random.h"

#include <cmath>
#include <numbers>

namespace lacquer::bench
{

std::vector<float> music (std::uint64_t seed, int frames, double rate)
{
    std::vector<float> x (static_cast<std::size_t> (frames));
    const double frequency = 60 * std::pow (2.0, 5 * uniform (seed));
    const double turn = 2 * std::numbers::pi * frequency / rate;
    const double decay = std::exp (-24 / rate); // a quarter second's beat falls by 52 dB
    const int beat = static_cast<int> (rate / 4);
    double low = 0, level = 1;
    for (int n = 0; n < frames; ++n)
    {
        level = n % beat == 0 ? 1 : level * decay;
        const double noise = 2 * uniform (seed * 1000003 + static_cast<std::uint64_t> (n)) - 1;
        low += 0.1 * (noise - low);
        x[static_cast<std::size_t> (n)] =
            static_cast<float> (level * (0.9 * low + 0.3 * std::sin (turn * n)) + 0.02 * noise);
    }
    return x;
}

} // namespace lacquer::bench
