// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Modulator.h"

#include "core/Curve.h"
#include "core/Random.h"

#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

namespace lacquer::engine
{

namespace
{

/// Counts turns of the song's time: by its seconds, or by its beats.
struct Turns
{
    TempoMapPtr tempo;
    bool sync = false;
    double perSecond = 1, quarters = 1, offset = 0;

    double at (Frames position) const noexcept
    {
        const double turns = sync ? tempo->beatAt (position) / quarters
                                  : static_cast<double> (position) / tempo->sampleRate() * perSecond;
        return turns + offset;
    }
};

Turns turnsOf (const TempoMapPtr& tempo, float sync, float rate, float length)
{
    assert (tempo != nullptr);
    return { tempo, isOn (sync), rate, quartersIn (static_cast<int> (length + 0.5f)), 0 };
}

/// From one value to the next over the last `share` of a turn, without a corner.
double glided (double from, double to, double x, double share) noexcept
{
    if (x <= 1 - share)
        return from;
    return from + (to - from) * wayAlong (Curve::smooth, 0, (x - (1 - share)) / share);
}

/// Another number for every turn, from -1 to 1.
double drawn (std::uint64_t seed, double turn) noexcept
{
    return 2 * uniform (seed << 40 ^ static_cast<std::uint64_t> (static_cast<std::int64_t> (turn))) - 1;
}

class Lfo final : public Modulator
{
public:
    Lfo (int s, Turns t) : shape (s), turns (std::move (t)) {}

    double at (Frames position) const noexcept override
    {
        const double all = turns.at (position), whole = std::floor (all), x = all - whole;
        switch (shape)
        {
            case 0: return std::sin (2 * std::numbers::pi * x);
            case 1: return x < 0.25 ? 4 * x : x < 0.75 ? 2 - 4 * x : 4 * x - 4;
            case 2: return 2 * x - 1;
            case 3: return 1 - 2 * x;
            case 4: return x < 0.5 ? 1 : -1;
            default: return drawn (0, whole);
        }
    }

private:
    int shape;
    Turns turns;
};

class Steps final : public Modulator
{
public:
    Steps (const StepsParams<float>& p, Turns t)
        : turns (std::move (t)), count (static_cast<int> (p.count + 0.5f) + 1), share (p.glide / 100.0)
    {
        const auto all = pack<StepsParams> (p);
        for (std::size_t n = 0; n < heights.size(); ++n)
            heights[n] = all[all.size() - heights.size() + n] / 100.0;
    }

    double at (Frames position) const noexcept override
    {
        const double all = turns.at (position), whole = std::floor (all);
        const auto step = [&] (double n)
        { return heights[static_cast<std::size_t> (n - count * std::floor (n / count))]; };
        return glided (step (whole), step (whole + 1), all - whole, share);
    }

private:
    Turns turns;
    int count;
    double share;
    std::array<double, 16> heights {};
};

class Wandering final : public Modulator
{
public:
    Wandering (std::uint64_t s, double sh, Turns t) : seed (s), share (sh), turns (std::move (t)) {}

    double at (Frames position) const noexcept override
    {
        const double all = turns.at (position), whole = std::floor (all);
        return glided (drawn (seed, whole), drawn (seed, whole + 1), all - whole, share);
    }

private:
    std::uint64_t seed;
    double share;
    Turns turns;
};

} // namespace

double quartersIn (int length) noexcept
{
    constexpr std::array all { 0.125, 1.0 / 6, 0.25, 1.0 / 3, 0.375, 0.5, 2.0 / 3, 0.75,
                               1.0,   4.0 / 3, 1.5,  2.0,     4.0,   8.0, 16.0,    32.0 };
    return all[static_cast<std::size_t> (std::clamp (length, 0, static_cast<int> (all.size()) - 1))];
}

ModulatorPtr lfo (const LfoParams<float>& p, const TempoMapPtr& tempo)
{
    auto turns = turnsOf (tempo, p.sync, p.rate, p.length);
    turns.offset = p.phase / 360.0;
    return std::make_shared<Lfo> (static_cast<int> (p.shape + 0.5f), std::move (turns));
}

ModulatorPtr stepSequence (const StepsParams<float>& p, const TempoMapPtr& tempo)
{
    return std::make_shared<Steps> (p, turnsOf (tempo, p.sync, p.rate, p.length));
}

ModulatorPtr smoothRandom (const RandomParams<float>& p, const TempoMapPtr& tempo)
{
    return std::make_shared<Wandering> (static_cast<std::uint64_t> (p.seed + 0.5f) + 1, p.smooth / 100.0,
                                        turnsOf (tempo, p.sync, p.rate, p.length));
}

} // namespace lacquer::engine
