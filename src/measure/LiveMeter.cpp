// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/LiveMeter.h"

#include <algorithm>
#include <cmath>

namespace lacquer::measure
{
namespace
{

// -150 LUFS: what remains under it is the ringing of the K filter, not sound.
constexpr double silence = 1.2e-15;

std::optional<double> loudness (double power) noexcept
{
    return power > silence ? std::optional (lufsOf (power)) : std::nullopt;
}

std::optional<double> level (float peak) noexcept
{
    return peak > 0 ? std::optional (20 * std::log10 (static_cast<double> (peak))) : std::nullopt;
}

std::vector<Role> front (int channels)
{
    return rolesOf (0, channels);
}

void raise (dsp::TruePeak::Peaks& most, const dsp::TruePeak::Peaks& now) noexcept
{
    most.truePeak = std::max (most.truePeak, now.truePeak);
    most.samplePeak = std::max (most.samplePeak, now.samplePeak);
}

} // namespace

LiveMeter::LiveMeter (double sampleRate, int channels)
    : grid (sampleRate, front (channels)), channelCount (channels)
{
    begin();
}

void LiveMeter::begin() noexcept
{
    grid.reset();
    for (auto& m : meters)
        m.reset();
    blocks.reset();
    windows.reset();
    loudestMoment = loudestWindow = 0;
    points = 0;
    tenth = maximum = {};
    recent = {};
    loudestTenths = {};
    integrated = range = {};
}

void LiveMeter::add (std::span<const float* const> channels, Frames frames) noexcept
{
    if (const auto now = wanted.load (std::memory_order_relaxed); now != begun)
    {
        begun = now;
        begin();
    }
    // Sound and peaks advance together from grid point to grid point, so that readings do not depend on
    // block sizes: the grid says when a point is reached, the peaks are fed the same stretch just before.
    for (Frames done = 0; done < frames;)
    {
        const Frames count = std::min (frames - done, grid.framesToPoint());
        std::array<const float*, 2> part {};
        for (size_t c = 0; c < static_cast<size_t> (channelCount); ++c)
        {
            part[c] = channels[c] + done;
            meters[c].add (part[c], count);
        }
        grid.add ({ part.data(), static_cast<size_t> (channelCount) }, count,
                  [this] (const LoudnessGrid::Tick& t) { tick (t); });
        done += count;
    }
}

void LiveMeter::tick (const LoudnessGrid::Tick& t) noexcept
{
    const bool measuring = ! held.load (std::memory_order_relaxed);
    auto& slot = recent[static_cast<size_t> (t.index % LoudnessGrid::hopPoints)];
    float loudest = 0;
    for (size_t c = 0; c < static_cast<size_t> (channelCount); ++c)
    {
        slot[c] = meters[c].take();
        if (measuring)
            raise (maximum[c], slot[c]);
        tenth[c] = {};
        for (const auto& step : recent)
            raise (tenth[c], step[c]);
        loudest = std::max (loudest, tenth[c].truePeak);
    }

    if (measuring)
    {
        ++points;
        if (t.momentaryFull())
            loudestMoment = std::max (loudestMoment, t.momentary);
        if (t.shortTermFull())
            loudestWindow = std::max (loudestWindow, t.shortTerm);
    }
    if (t.onHop())
    {
        loudestTenths[static_cast<size_t> (t.index / LoudnessGrid::hopPoints % recentTenths)] = loudest;
        if (measuring && t.momentaryFull())
        {
            blocks.add (t.momentary);
            integrated = blocks.integrated();
        }
        if (measuring && t.shortTermFull())
        {
            windows.add (t.shortTerm);
            range = windows.range();
        }
    }

    auto& r = latest.draft();
    r.momentary = loudness (t.momentary);
    r.shortTerm = loudness (t.shortTerm);
    r.integrated = integrated;
    r.range = range;
    r.maxMomentary = loudness (loudestMoment);
    r.maxShortTerm = loudness (loudestWindow);
    r.truePeak = level (loudest);
    r.maxTruePeak = level (std::max (maximum[0].truePeak, maximum[1].truePeak));
    for (size_t c = 0; c < 2; ++c)
    {
        r.samplePeak[c] = level (tenth[c].samplePeak);
        r.maxSamplePeak[c] = level (maximum[c].samplePeak);
    }
    const float last3s = *std::max_element (loudestTenths.begin(), loudestTenths.end());
    r.psr = r.shortTerm && last3s > 0 ? std::optional (*level (last3s) - *r.shortTerm) : std::nullopt;
    r.measured = Seconds { static_cast<double> (points) / LoudnessGrid::pointsPerSecond };
    latest.publish();
}

} // namespace lacquer::measure
