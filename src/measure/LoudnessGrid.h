// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"
#include "dsp/KWeighting.h"
#include "measure/Roles.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace lacquer::measure
{

/// K-weighted power on a grid of 10 ms, and the momentary (400 ms) and short-term (3 s) powers at every grid
/// point (ITU-R BS.1770-5, EBU Tech 3341). Grid point i lies at the frame nearest to i * 10 ms, so windows
/// have the right length to the nearest sample at any rate. Cuts of the input change no bit.
class LoudnessGrid
{
public:
    static constexpr int pointsPerSecond = 100, momentaryPoints = 40, shortTermPoints = 300, hopPoints = 10;

    /// One grid point.
    struct Tick
    {
        std::int64_t index = 0;              ///< 1 is 10 ms after the start
        double momentary = 0, shortTerm = 0; ///< weighted mean squares, as if silence came before the start

        bool momentaryFull() const noexcept { return index >= momentaryPoints; }
        bool shortTermFull() const noexcept { return index >= shortTermPoints; }
        bool onHop() const noexcept { return index % hopPoints == 0; } ///< the 100 ms grid of the gates
    };

    /// Sums over all whole grid steps.
    struct Totals
    {
        std::vector<double> values, squares; ///< per channel
        double cross = 0;                    ///< first times second channel
    };

    /// [control] Allocates.
    LoudnessGrid (double sampleRate, std::span<const Role> roles);

    void reset() noexcept; ///< [audio]

    /// Adds planar sound; calls tick (const Tick&) at every grid point passed. [audio]
    template <typename F>
    void add (std::span<const float* const> channels, Frames frames, F&& tick) noexcept
    {
        for (Frames done = 0; done < frames;)
        {
            const Frames count = std::min (frames - done, nextPoint - position);
            accumulate (channels, done, count);
            done += count;
            if (position == nextPoint)
                tick (closed());
        }
    }

    Totals totals() const; ///< including an unfinished step. [control] Allocates.
    Frames frames() const noexcept { return position; }
    Frames framesToPoint() const noexcept { return nextPoint - position; } ///< at least 1
    double sampleRate() const noexcept { return rate; }

private:
    void accumulate (std::span<const float* const> channels, Frames from, Frames count) noexcept;
    Tick closed() noexcept;
    Frames pointAt (std::int64_t index) const noexcept;

    double rate;
    dsp::KFilter filter;
    std::vector<double> weights; // two per pair; 0 for the missing second channel of the last
    std::vector<dsp::KWeightedPair> pairs;
    std::vector<dsp::kernels::KSums> open, whole; // sums of the unfinished step, and of all finished ones
    size_t channelCount;

    Frames position = 0, nextPoint = 0;
    std::int64_t index = 0;
    std::array<double, hopPoints> steps {};        // energies of the last 10 steps
    std::array<double, shortTermPoints> tenths {}; // energies of the 100 ms that ended at the last 300 points
};

} // namespace lacquer::measure
