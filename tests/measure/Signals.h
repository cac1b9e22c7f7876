// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Random.h"
#include "core/Units.h"
#include "measure/Meter.h"

#include <cmath>
#include <numbers>
#include <vector>

/// Test signals written from the tables of EBU Tech 3341 and 3342 (2023).
namespace signals
{

using Planar = std::vector<std::vector<float>>;

/// A sine or, with an empty list of levels, silence.
struct Segment
{
    double seconds;
    std::vector<double> peakDb; ///< per channel; one value: all channels; below -200: silence
};

inline Planar tones (const std::vector<Segment>& segments, double rate = 48000, size_t channels = 2,
                     double frequency = 1000)
{
    Planar all (channels);
    for (const auto& s : segments)
    {
        const auto frames = static_cast<int> (std::floor (s.seconds * rate + 0.5));
        for (size_t c = 0; c < channels; ++c)
        {
            const double db = s.peakDb.empty() ? -300 : s.peakDb[s.peakDb.size() == 1 ? 0 : c];
            const double amplitude = db < -200 ? 0 : std::pow (10, db / 20);
            for (int n = 0; n < frames; ++n)
                all[c].push_back (static_cast<float> (
                    amplitude * std::sin (2 * std::numbers::pi * std::fmod (frequency / rate * n, 1.0))));
        }
    }
    return all;
}

inline std::vector<const float*> pointers (const Planar& p)
{
    std::vector<const float*> list;
    for (const auto& c : p)
        list.push_back (c.data());
    return list;
}

inline lacquer::measure::Meter measured (const Planar& p, double rate = 48000,
                                         std::vector<lacquer::measure::Role> roles = {})
{
    if (roles.empty())
        roles = lacquer::measure::rolesOf (0, static_cast<int> (p.size()));
    lacquer::measure::Meter meter (rate, roles, lacquer::measure::Series::kept);
    meter.add (pointers (p), static_cast<lacquer::Frames> (p[0].size()));
    return meter;
}

/// Noise with a falling spectrum whose level wanders over seconds, and a few clicks: unlike a test tone.
inline Planar musicLike (double seconds, double rate, std::uint64_t seed)
{
    Planar all (2, std::vector<float> (static_cast<size_t> (seconds * rate)));
    for (size_t c = 0; c < 2; ++c)
    {
        double low = 0;
        for (size_t n = 0; n < all[c].size(); ++n)
        {
            const double white = 2 * lacquer::uniform ((seed << 40) + (c << 36) + n) - 1;
            low += 0.15 * (white - low);
            const double t = static_cast<double> (n) / rate;
            const double level =
                std::pow (10, (-14 + 9 * std::sin (t * 0.41 + static_cast<double> (seed))) / 20);
            all[c][n] = static_cast<float> (level * (low + 0.2 * white + (n % 31013 == 0 ? 0.9 : 0)));
        }
    }
    return all;
}

} // namespace signals
