// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Fdn.h"

#include "core/Random.h"

#include <algorithm>
#include <cmath>

namespace lacquer::dsp
{

namespace
{
constexpr int shortest = 4 * fdnFrames; // shorter ones would ring as tones
} // namespace

void Fdn::prepare (double sampleRate, double longestLine)
{
    rate = sampleRate;
    longest = longestLine;
    // The search for a prime goes a little further than the nominal length.
    LineLengths room;
    std::fill_n (room.of, fdnLines,
                 static_cast<int> (longest * rate) + static_cast<int> (0.01 * rate) + shortest + 200);
    lines.prepare (rate, room, { 5, 10 }); // one of each side wanders
    reset();
}

void Fdn::reset() noexcept
{
    lines.reset();
    size = -1;
}

void Fdn::setSize (float wanted) noexcept
{
    if (wanted == size || lines.gliding())
        return;
    size = wanted;
    LineLengths length;
    for (std::size_t i = 0; i < fdnLines; ++i)
    {
        // Spread exponentially over a little more than an octave: 1 to 1/2.3 of the longest.
        const double share = std::pow (2.3, (static_cast<double> (i) + 0.5 * uniform (500 + i)) / 16.0 - 1.0);
        length.of[i] = primeFrom (std::max (shortest + 16 * static_cast<int> (i),
                                            static_cast<int> (longest * size * rate * share)));
    }
    lines.setLengths (length);
}

void Fdn::process (const FdnRows& in, FdnSums& early, FdnSums& late, int frames, const Ramp& depth) noexcept
{
    const float* const* const from = lines.leaving (frames, depth);
    float* back[fdnLines];
    lines.coming (back);
    kernels::circulate (lines.damping, lines.moving(), from, in, back, early, late, frames);
    lines.wrote (frames);
}

float Fdn::passEnergy() const noexcept
{
    float sum = 0;
    for (std::size_t i = 0; i < fdnLines; ++i)
        sum += lines.energy (i);
    return sum / fdnLines;
}

} // namespace lacquer::dsp
