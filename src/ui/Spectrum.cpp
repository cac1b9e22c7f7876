// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lacquer::ui
{

Fourier::Fourier (std::size_t count) : turns (count / 2), reversed (count)
{
    for (std::size_t n = 0; n < turns.size(); ++n)
    {
        const double angle = -2 * std::numbers::pi * static_cast<double> (n) / static_cast<double> (count);
        turns[n] = { static_cast<float> (std::cos (angle)), static_cast<float> (std::sin (angle)) };
    }
    for (std::size_t n = 0; n < count; ++n)
        for (std::size_t bit = 1, mirror = count >> 1; bit < count; bit <<= 1, mirror >>= 1)
            if ((n & bit) != 0)
                reversed[n] |= static_cast<std::uint32_t> (mirror);
}

void Fourier::operator() (std::span<std::complex<float>> x) const
{
    for (std::size_t n = 0; n < x.size(); ++n)
        if (n < reversed[n])
            std::swap (x[n], x[reversed[n]]);
    for (std::size_t half = 1, step = x.size() / 2; half < x.size(); half *= 2, step /= 2)
        for (std::size_t first = 0; first < x.size(); first += 2 * half)
            for (std::size_t k = 0; k < half; ++k)
            {
                auto &a = x[first + k], &b = x[first + k + half];
                const auto w = turns[k * step];
                const std::complex<float> turned { b.real() * w.real() - b.imag() * w.imag(),
                                                   b.real() * w.imag() + b.imag() * w.real() };
                b = a - turned;
                a += turned;
            }
}

Spectrum::Spectrum (bool out)
    : work (frames), left (frames), right (frames), window (frames), levels (frames / 2 + 1), output (out)
{
    // Scaled so that a sine of amplitude 1 reads 0 dB.
    for (std::size_t n = 0; n < frames; ++n)
        window[n] = static_cast<float> (
            (1 - std::cos (2 * std::numbers::pi * static_cast<double> (n) / frames)) * 2 / frames);
    clear();
}

void Spectrum::clear()
{
    std::fill (levels.begin(), levels.end(), static_cast<float> (silenceDb) - 40);
    highest = silenceDb;
}

bool Spectrum::advance (Model& model, double seconds)
{
    rate = model.sampleRate();
    const auto count = model.heard (output, left, right);
    const auto fresh = count - std::min (count, read);
    read = count;
    highest = silenceDb;
    const auto fall = static_cast<float> (24 * seconds);
    constexpr float floor = static_cast<float> (silenceDb) - 40;
    if (fresh == 0)
    {
        bool moved = false;
        for (auto& l : levels)
        {
            moved = moved || l > floor;
            l = std::max (floor, l - fall);
        }
        return moved;
    }
    float most = 0;
    for (std::size_t n = frames - std::min<std::size_t> (frames, fresh); n < frames; ++n)
        most = std::max ({ most, std::abs (left[n]), std::abs (right[n]) });
    highest = decibelsOf (static_cast<double> (most)).value;

    // Both sides in one transform, left real and right imaginary: the powers at k and at -k add up to twice
    // that of both. The mean of the two is shown.
    for (std::size_t n = 0; n < frames; ++n)
        work[n] = { left[n] * window[n], right[n] * window[n] };
    transform (work);
    const float rise = static_cast<float> (1 - std::exp (-std::max (seconds, 1e-3) / 0.04));
    for (std::size_t k = 0; k < levels.size(); ++k)
    {
        const float power = (std::norm (work[k]) + std::norm (work[(frames - k) % frames])) / 4;
        const float now = std::max (floor, 10 * std::log10 (power + 1e-20f));
        levels[k] = now > levels[k] ? levels[k] + (now - levels[k]) * rise : std::max (now, levels[k] - fall);
    }
    return true;
}

double Spectrum::level (double from, double to) const
{
    const double bin = rate / static_cast<double> (frames);
    const double a = from / bin, b = to / bin;
    const auto last = static_cast<double> (levels.size() - 1);
    if (a >= last)
        return silenceDb - 40;
    if (b - a < 1.5)
    {
        const double at = std::clamp ((a + b) / 2, 0.0, last);
        const auto n = std::min (static_cast<std::size_t> (at), levels.size() - 2);
        const double part = at - static_cast<double> (n);
        return static_cast<double> (levels[n]) * (1 - part) + static_cast<double> (levels[n + 1]) * part;
    }
    double most = silenceDb - 40;
    for (auto n = static_cast<std::size_t> (std::ceil (a));
         n <= static_cast<std::size_t> (std::min (b, last)); ++n)
        most = std::max (most, static_cast<double> (levels[n]));
    return most;
}

} // namespace lacquer::ui
