// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/EqDynamics.h"

#include "dsp/FastMath.h"
#include "dsp/Finite.h"

#include <algorithm>
#include <cmath>

namespace lacquer::dsp
{

namespace
{

constexpr float knee = 6; // dB

bool listens (const EqBand& b, const BandMotion& m) noexcept
{
    return b.on && m.on && b.canFollow();
}

Biquad ear (const EqBand& b, double rate) noexcept
{
    const double butterworth = std::sqrt (0.5);
    switch (b.shape)
    {
        case BandShape::lowShelf: return eqSection (EqShape::lowPass, b.frequency, butterworth, 0, rate);
        case BandShape::highShelf: return eqSection (EqShape::highPass, b.frequency, butterworth, 0, rate);
        default: return eqSection (EqShape::bandPass, b.frequency, b.q, 0, rate);
    }
}

} // namespace

void EqDynamics::prepare (double sampleRate) noexcept
{
    rate = sampleRate;
    reset();
}

void EqDynamics::reset() noexcept
{
    filters = {};
    offsets = {};
    groups = 0;
    fresh = true;
}

void EqDynamics::set (std::span<const EqBand, EqBands::count> bands,
                      std::span<const BandMotion, EqBands::count> motions) noexcept
{
    groups = 0;
    for (std::size_t n = 0; n < EqBands::count; ++n)
    {
        const auto& b = bands[n];
        const auto& m = motions[n];
        const bool on = listens (b, m), same = ! fresh && b == band[n] && m == motion[n];
        if (on)
            groups |= 1u << (2 * n / levels::group);
        if (same)
            continue;
        const bool was = ! fresh && listens (band[n], motion[n]);
        band[n] = b;
        motion[n] = m;
        if (! on)
        {
            offsets[n] = 0;
            continue;
        }
        const auto share = [&] (double seconds, int frames)
        { return 1 - std::exp (-frames / (seconds * rate)); };
        attack[n] = static_cast<float> (share (m.attack / 1000.0, EqBands::step));
        release[n] = static_cast<float> (share (m.release / 1000.0, EqBands::step));
        const auto c = svfOf (ear (b, rate));
        // Two periods of what is heard; a low shelf hears lower than its corner.
        const double periods = b.shape == BandShape::lowShelf ? 10 : 2;
        const double smoothing = std::clamp (periods / static_cast<double> (b.frequency), 0.001, 0.03);
        const double values[] { c.a1, c.a2, c.a3, c.m0, c.m1, c.m2, share (smoothing, 1) };
        for (std::size_t lane = 2 * n; lane < 2 * n + 2; ++lane)
        {
            for (std::size_t k = 0; k < levels::values; ++k)
                filters.value[k][lane] = static_cast<float> (values[k]);
            if (! was)
                filters.state[0][lane] = filters.state[1][lane] = filters.energy[lane] = 0;
        }
    }
    fresh = false;
}

void EqDynamics::hear (std::span<float* const> sound, std::span<const float* const> key, int first,
                       int frames) noexcept
{
    // Left, right, mid and side of the sound, then of the key.
    enum
    {
        left,
        right,
        mid,
        side,
        ofKey
    };
    alignas (64) float signal[2 * ofKey][EqBands::step];
    const auto take = [&] (const float* l, const float* r, float (*to)[EqBands::step])
    {
        for (int n = 0; n < frames; ++n)
        {
            to[left][n] = finite (l[first + n]);
            to[right][n] = finite (r[first + n]);
            to[mid][n] = 0.5f * (to[left][n] + to[right][n]);
            to[side][n] = 0.5f * (to[left][n] - to[right][n]);
        }
    };
    const bool keyed = ! key.empty();
    take (sound.front(), sound.back(), signal);
    if (keyed)
        take (key.front(), key.back(), signal + ofKey);

    alignas (64) float frame[EqBands::step][levels::lanes];
    for (std::size_t b = 0; b < EqBands::count; ++b)
    {
        if ((groups >> (2 * b / levels::group) & 1u) == 0)
            continue;
        const int from = keyed && motion[b].keyed ? ofKey : 0;
        const auto part = band[b].part;
        const float* const one = signal[from + (part == BandPart::stereo ? left
                                                : part == BandPart::mid  ? mid
                                                                         : side)];
        const float* const two = part == BandPart::stereo ? signal[from + right] : one;
        for (int n = 0; n < frames; ++n)
        {
            frame[n][2 * b] = one[n];
            frame[n][2 * b + 1] = two[n];
        }
    }
    levels::hear (filters, groups, frame, frames);
}

const EqBands::Offsets& EqDynamics::step() noexcept
{
    for (std::size_t n = 0; n < EqBands::count; ++n)
    {
        const auto& m = motion[n];
        if (! listens (band[n], m))
            continue;
        // A sine is 3 dB more than its energy says.
        const float energy = 2 * std::max (filters.energy[2 * n], filters.energy[2 * n + 1]);
        const float level = 0.5f * fastDecibels (std::max (energy, 1e-20f));
        const float above = level - m.threshold + knee / 2;
        const float over = above <= 0 ? 0 : above < knee ? above * above / (2 * knee) : above - knee / 2;
        const float size = std::min (over * (1 - 1 / m.ratio), std::abs (m.range));
        const float wanted = m.range < 0 ? -size : size;
        float& now = offsets[n];
        // Away from the set gain is attack, whichever way.
        const bool away = wanted * now < 0 ? false : std::abs (wanted) > std::abs (now);
        now += (away ? attack[n] : release[n]) * (wanted - now);
        if (wanted == 0 && std::abs (now) < 1e-4f)
            now = 0; // at rest for good
    }
    return offsets;
}

} // namespace lacquer::dsp
