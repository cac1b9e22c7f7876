// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/Meter.h"

#include "measure/Gates.h"

#include <algorithm>
#include <cmath>

namespace lacquer::measure
{
namespace
{

// -150 LUFS: what remains under it is the ringing of the K filter, not sound.
constexpr double silence = 1.2e-15;

std::optional<double> loudness (double power)
{
    return power > silence ? std::optional (lufsOf (power)) : std::nullopt;
}

std::optional<double> level (float peak)
{
    return peak > 0 ? std::optional (20 * std::log10 (static_cast<double> (peak))) : std::nullopt;
}

} // namespace

Meter::Meter (double sampleRate, std::span<const Role> roles, Series series)
    : grid (sampleRate, roles), peaks (roles.size()), keep (series)
{
}

void Meter::reset()
{
    grid.reset();
    for (auto& p : peaks)
        p.reset();
    blocks.clear();
    windows.clear();
    points.clear();
    loudestMoment = loudestWindow = 0;
}

void Meter::add (std::span<const float* const> channels, Frames frames)
{
    for (size_t c = 0; c < peaks.size(); ++c)
        peaks[c].add (channels[c], frames);
    grid.add (channels, frames,
              [this] (const LoudnessGrid::Tick& t)
              {
                  if (t.momentaryFull())
                      loudestMoment = std::max (loudestMoment, t.momentary);
                  if (t.shortTermFull())
                      loudestWindow = std::max (loudestWindow, t.shortTerm);
                  if (t.onHop() && t.momentaryFull())
                      blocks.push_back (t.momentary);
                  if (t.onHop() && t.shortTermFull())
                      windows.push_back (t.shortTerm);
                  if (keep == Series::kept)
                      points.push_back (
                          { Seconds { static_cast<double> (t.index) / LoudnessGrid::pointsPerSecond },
                            loudness (t.momentary), loudness (t.shortTerm) });
              });
}

Reading Meter::result() const
{
    Reading r;
    r.frames = grid.frames();
    r.integrated = integratedOf (blocks);
    r.range = rangeOf (windows);
    r.maxMomentary = loudness (loudestMoment);
    r.maxShortTerm = loudness (loudestWindow);

    dsp::TruePeak::Peaks most;
    for (const auto& p : peaks)
    {
        const auto now = p.peaks();
        most.truePeak = std::max (most.truePeak, now.truePeak);
        most.samplePeak = std::max (most.samplePeak, now.samplePeak);
    }
    r.truePeak = level (most.truePeak);
    r.samplePeak = level (most.samplePeak);

    const auto totals = grid.totals();
    for (const double sum : totals.values)
    {
        const double mean = r.frames > 0 ? sum / static_cast<double> (r.frames) : 0;
        if (std::abs (mean) > std::abs (r.dc))
            r.dc = mean;
    }
    if (totals.squares.size() > 1)
    {
        const double power = totals.squares[0] * totals.squares[1];
        if (power > 0)
            r.correlation = std::clamp (totals.cross / std::sqrt (power), -1.0, 1.0);
    }
    return r;
}

} // namespace lacquer::measure
