// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "conformance/Rig.h"
#include "measure/Meter.h"
#include "mix/Catalogue.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace lacquer::tests
{

/// An effect of the mix by its id.
inline const engine::EffectType& mixEffect (std::string_view id)
{
    const auto& all = mix::catalogue();
    return *std::find_if (all.begin(), all.end(), [&] (const auto& t) { return t.id == id; });
}

using Settings = std::vector<std::pair<std::string_view, double>>;

/// It at 48 kHz, set so.
inline Rig mixRig (std::string_view id, int channels, const Settings& values)
{
    Rig rig (mixEffect (id), 48000, channels);
    for (auto [name, value] : values)
        REQUIRE (rig.set (name, static_cast<float> (value)));
    return rig;
}

/// Alternating signs at a level in dB: the magnitude is the level at every frame, and nothing lies below half
/// the rate.
inline std::vector<float> steadyLevel (int frames, double level)
{
    std::vector<float> out (static_cast<std::size_t> (frames));
    const auto a = static_cast<float> (std::pow (10, level / 20));
    for (std::size_t n = 0; n < out.size(); ++n)
        out[n] = n % 2 ? -a : a;
    return out;
}

inline double inDb (double gain)
{
    return 20 * std::log10 (std::max (gain, 1e-15));
}

/// Level of a frequency in a stretch of sound, by correlation: amplitude of the sine.
inline double toneIn (std::span<const float> x, double hertz, double rate)
{
    double re = 0, im = 0;
    for (std::size_t n = 0; n < x.size(); ++n)
    {
        const double a = 2 * std::numbers::pi * hertz / rate * static_cast<double> (n);
        re += x[n] * std::cos (a);
        im += x[n] * std::sin (a);
    }
    return 2 * std::hypot (re, im) / static_cast<double> (x.size());
}

/// Songs of one kind each: drums, a sung line with pauses, a bass, and all of it with a quiet and a loud
/// half.
inline Sound programme (int kind, int frames, double rate)
{
    auto out = silence (2, frames);
    std::uint64_t counter = 99;
    const double tau = 2 * std::numbers::pi;
    for (int n = 0; n < frames; ++n)
    {
        const double t = n / rate;
        const auto hiss = [&] { return 2 * uniform (counter++) - 1; };
        const double beat = std::fmod (t * 2, 1.0) / 2, off = std::fmod (t * 2 + 0.5, 1.0) / 2;
        const double drums =
            0.8 * std::exp (-beat * 14) * std::sin (tau * (55 * beat + 4 * (1 - std::exp (-beat * 40)))) +
            0.5 * std::exp (-off * 40) * hiss();
        const double phrase = std::fmod (t, 3.0),
                     voiced = phrase < 2.2 ? std::sin (std::numbers::pi * phrase / 2.2) : 0;
        double voice = 0;
        for (int k = 1; k < 14; ++k)
            voice += std::sin (tau * 220 * k * t + 3 * std::sin (tau * 5.1 * t)) / k;
        voice *= 0.3 * voiced * (0.6 + 0.4 * std::sin (tau * 3.7 * t));
        const double note = std::fmod (t * 4, 1.0) / 4,
                     bass = 0.6 * std::exp (-note * 4) *
                            (std::sin (tau * 82.4 * t) + 0.4 * std::sin (tau * 164.8 * t));
        const double chorus = t * rate < frames / 2.0 ? 0.4 : 1;
        const double parts[] { drums, voice, bass, chorus * (0.6 * drums + 0.7 * voice + 0.5 * bass) };
        const double x = parts[kind];
        out[0][static_cast<std::size_t> (n)] = static_cast<float> (x);
        out[1][static_cast<std::size_t> (n)] = static_cast<float> (0.8 * x + 0.1 * voice);
    }
    return out;
}

} // namespace lacquer::tests
