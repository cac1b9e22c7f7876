// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Model.h"

#include <complex>
#include <vector>

namespace lacquer::ui
{

/// The fast Fourier transform of a power-of-two count of values, in place (Cooley and Tukey, 1965). Of its
/// own, because the screen must not wait for other users of a planner. [any thread]
class Fourier
{
public:
    explicit Fourier (std::size_t count);
    void operator() (std::span<std::complex<float>>) const;

private:
    std::vector<std::complex<float>> turns;
    std::vector<std::uint32_t> reversed;
};

/// The spectrum of the strip that is watched: 8192 frames, Hann window, power of both sides, in levels at
/// which a sine reads its own; falls 24 dB per second, rises within 40 ms. [message thread]
class Spectrum
{
public:
    static constexpr std::size_t frames = 8192;

    explicit Spectrum (bool output);
    /// Reads what is newest. True when the picture changed.
    bool advance (Model&, double seconds);
    void clear();
    /// Level in dB of what lies between two frequencies, the highest bin's; interpolated below a bin's width.
    double level (double from, double to) const;
    /// Largest |sample| of the frames that came with the last advance, dB.
    double peak() const { return highest; }

private:
    Fourier transform { frames };
    std::vector<std::complex<float>> work;
    std::vector<float> left, right, window, levels; // levels: dB per bin
    bool output;
    std::uint64_t read = 0;
    double rate = 48000, highest = silenceDb;
};

} // namespace lacquer::ui
