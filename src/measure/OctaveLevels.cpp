// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/OctaveLevels.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lacquer::measure
{

namespace
{

std::size_t sizeFor (double rate)
{
    std::size_t size = 256;
    // The lowest octave and the next are nine bins apart: what a Hann window leaks as far away is below -60
    // dB.
    while (static_cast<double> (size) < rate / 1.5)
        size *= 2;
    return size;
}

} // namespace

std::vector<double> hannWindow (std::size_t count)
{
    std::vector<double> w (count);
    for (std::size_t n = 0; n < count; ++n)
        w[n] = 0.5 -
               0.5 * std::cos (2 * std::numbers::pi * static_cast<double> (n) / static_cast<double> (count));
    return w;
}

OctaveLevels::OctaveLevels (double sampleRate, int channels)
    : rate (sampleRate), fft (sizeFor (sampleRate)), window (hannWindow (fft.time.size())),
      held (static_cast<std::size_t> (channels), std::vector<float> (fft.time.size())),
      power (fft.bins.size())
{
}

void OctaveLevels::add (std::span<const float* const> channels, int frames)
{
    const auto size = window.size();
    for (std::size_t done = 0, count = static_cast<std::size_t> (frames); done < count;)
    {
        const auto n = std::min (count - done, size - filled);
        for (std::size_t c = 0; c < held.size(); ++c)
            std::copy_n (channels[c] + done, n, held[c].data() + filled);
        filled += n;
        done += n;
        if (filled < size)
            continue;
        for (auto& sound : held)
        {
            for (std::size_t k = 0; k < size; ++k)
                fft.time[k] = window[k] * static_cast<double> (sound[k]);
            fft.toBins();
            for (std::size_t k = 0; k < power.size(); ++k)
                power[k] += std::norm (fft.bins[k]);
            std::copy (sound.begin() + static_cast<std::ptrdiff_t> (size / 2), sound.end(), sound.begin());
        }
        ++windows;
        filled = size / 2;
    }
}

OctaveLevels::Levels OctaveLevels::levels() const
{
    Levels levels;
    const auto size = static_cast<double> (window.size());
    // A Hann window passes 3/8 of the power; of a real signal half of the bins are seen.
    const double scale = windows > 0 ? 2 / (0.375 * size * size * static_cast<double> (windows)) : 0;
    for (int o = 0; o < octaves; ++o)
    {
        const double low = centreOf (o) / std::numbers::sqrt2, high = centreOf (o) * std::numbers::sqrt2;
        double sum = 0;
        for (std::size_t k = 1; k < power.size(); ++k)
            if (const double f = static_cast<double> (k) * rate / size; f >= low && f < high)
                sum += power[k];
        if (sum * scale > 1e-12 && low < rate / 2)
            levels[static_cast<std::size_t> (o)] = 10 * std::log10 (sum * scale);
    }
    return levels;
}

} // namespace lacquer::measure
