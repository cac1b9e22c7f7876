// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/LoudnessGrid.h"

#include <cassert>
#include <cmath>

namespace lacquer::measure
{

LoudnessGrid::LoudnessGrid (double sampleRate, std::span<const Role> roles)
    : rate (sampleRate), filter (sampleRate), channelCount (roles.size())
{
    const size_t count = (roles.size() + 1) / 2;
    pairs.resize (count);
    open.resize (count);
    whole.resize (count);
    for (const auto role : roles)
        weights.push_back (weightOf (role));
    weights.resize (2 * count, 0);
    reset();
}

void LoudnessGrid::reset() noexcept
{
    for (auto& p : pairs)
        p.reset();
    std::fill (open.begin(), open.end(), dsp::kernels::KSums {});
    std::fill (whole.begin(), whole.end(), dsp::kernels::KSums {});
    steps.fill (0);
    tenths.fill (0);
    position = 0;
    index = 0;
    nextPoint = pointAt (1);
}

Frames LoudnessGrid::pointAt (std::int64_t i) const noexcept
{
    return static_cast<Frames> (std::floor (static_cast<double> (i) * rate / pointsPerSecond + 0.5));
}

void LoudnessGrid::accumulate (std::span<const float* const> channels, Frames from, Frames count) noexcept
{
    assert (channels.size() >= channelCount && "fewer channels than roles");
    for (size_t p = 0; p < pairs.size(); ++p)
    {
        const float* left = channels[2 * p] + from;
        const float* right = 2 * p + 1 < channelCount ? channels[2 * p + 1] + from : left;
        pairs[p].add (filter, left, right, count, open[p]);
    }
    position += count;
}

LoudnessGrid::Tick LoudnessGrid::closed() noexcept
{
    double energy = 0;
    for (size_t p = 0; p < pairs.size(); ++p)
    {
        auto& now = open[p];
        if (pairs[p].settle())
        {
            energy += weights[2 * p] * now.energy[2] + weights[2 * p + 1] * now.energy[3];
            for (size_t n = 0; n < 4; ++n)
            {
                whole[p].energy[n] += now.energy[n];
                whole[p].values[n] += now.values[n];
            }
        }
        now = {};
    }

    ++index;
    nextPoint = pointAt (index + 1);
    steps[static_cast<size_t> (index % hopPoints)] = energy;
    double tenth = 0;
    for (int i = hopPoints - 1; i >= 0; --i)
        tenth += steps[static_cast<size_t> ((index + hopPoints - i) % hopPoints)];
    tenths[static_cast<size_t> (index % shortTermPoints)] = tenth;

    const auto mean = [&] (int points)
    {
        double sum = 0;
        for (int i = points - hopPoints; i >= 0; i -= hopPoints)
            sum += tenths[static_cast<size_t> ((index + shortTermPoints - i) % shortTermPoints)];
        const Frames length = index >= points ? pointAt (index) - pointAt (index - points) : pointAt (points);
        return sum / static_cast<double> (length);
    };
    return { index, mean (momentaryPoints), mean (shortTermPoints) };
}

LoudnessGrid::Totals LoudnessGrid::totals() const
{
    Totals t;
    for (size_t c = 0; c < channelCount; ++c)
    {
        const auto& done = whole[c / 2];
        const auto& now = open[c / 2];
        t.values.push_back (done.values[c % 2] + now.values[c % 2]);
        t.squares.push_back (done.energy[c % 2] + now.energy[c % 2]);
    }
    if (channelCount > 1)
        t.cross = whole[0].values[2] + open[0].values[2];
    return t;
}

} // namespace lacquer::measure
