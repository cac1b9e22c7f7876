// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Latest.h"
#include "dsp/PeakInterpolator.h"
#include "measure/Gates.h"
#include "measure/LoudnessGrid.h"

#include <array>
#include <atomic>
#include <optional>

namespace lacquer::measure
{

/// What a live meter shows. Loudness in LUFS, range in LU, peaks in dB; empty for silence or not yet known.
struct LiveReading
{
    std::optional<double> momentary, shortTerm, integrated, range;
    std::optional<double> maxMomentary, maxShortTerm;
    std::optional<double> truePeak, maxTruePeak;     ///< dBTP: last 100 ms, and since the restart
    std::array<std::optional<double>, 2> samplePeak; ///< dBFS per channel (left, right), last 100 ms
    std::array<std::optional<double>, 2> maxSamplePeak;
    std::optional<double> psr; ///< dB: true peak of the last 3 s less the short-term loudness
    Seconds measured { 0 };    ///< since the restart; LRA is unstable in the first 60 s (Tech 3341)
};

/// The EBU mode meter of the window: fed by the audio thread, read by one other thread.
class LiveMeter
{
public:
    /// channels: 1 or 2. [control] Allocates.
    LiveMeter (double sampleRate, int channels);

    /// Adds a block of any size and publishes a reading every 10 ms of sound. [audio] Wait-free, no
    /// allocation.
    void add (std::span<const float* const> channels, Frames frames) noexcept;

    /// The newest reading; valid until the next call. [one reader]
    const LiveReading& reading() noexcept { return latest.read(); }

    /// Starts the measurement anew with the next block. [any thread]
    void restart() noexcept { wanted.fetch_add (1, std::memory_order_relaxed); }

    /// Holds or continues integrated loudness, range and maxima; momentary, short-term and current peaks go
    /// on. [any thread]
    void hold (bool on) noexcept { held.store (on, std::memory_order_relaxed); }

private:
    void begin() noexcept;
    void tick (const LoudnessGrid::Tick&) noexcept;

    using Peaks = dsp::TruePeak::Peaks;
    static constexpr int recentTenths = 30; // 3 s

    LoudnessGrid grid;
    std::array<dsp::TruePeak, 2> meters;
    int channelCount;
    GatedHistogram blocks, windows;
    double loudestMoment = 0, loudestWindow = 0;
    std::int64_t points = 0;             // measured, not held
    std::array<Peaks, 2> tenth, maximum; // per channel: this 100 ms, since the restart
    std::array<std::array<Peaks, 2>, LoudnessGrid::hopPoints> recent;
    std::array<float, recentTenths> loudestTenths {};
    Latest<LiveReading> latest;
    std::atomic<unsigned> wanted { 0 };
    unsigned begun = 0;
    std::atomic<bool> held { false };
    std::optional<double> integrated, range;
};

} // namespace lacquer::measure
