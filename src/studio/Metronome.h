// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Handoff.h"
#include "core/TempoMap.h"
#include "engine/Graph.h"
#include "engine/Processor.h"

#include <atomic>
#include <limits>
#include <memory>
#include <vector>

namespace lacquer::studio
{

/// Clicks on the beats of a song, synthesised: the last node of live playback, after everything that is
/// measured, monitored or exported. The Player puts it there; nothing that renders to a file knows of it. A
/// click begins at the frame nearest to its beat, whatever the chunks; the first of a bar is higher and
/// louder.
class Metronome final : public engine::Processor
{
public:
    explicit Metronome (double sampleRate);

    /// Makes `metronome` what a graph results in, fed by what did. [control]
    static void attach (engine::Graph&, const std::shared_ptr<Metronome>& metronome);

    void set (bool on, double levelDb = -12) noexcept; ///< [control] the peak of an accent
    bool isOn() const noexcept { return on.load (std::memory_order_relaxed); }
    void follow (const TempoMap&); ///< [control] after every change of tempo or metre

    /// Before `until` only clicks are heard, switched on or not; the song comes in over the 64 frames before
    /// it. [control] No count-in: noCountIn.
    void countIn (Frames until) noexcept { counted.store (until, std::memory_order_relaxed); }
    static constexpr Frames noCountIn = std::numeric_limits<Frames>::min();

    /// Where playback must start to hear so many whole bars before a position. May lie before the song. [any
    /// thread]
    static Frames startOfCountIn (const TempoMap&, Frames position, int bars);

    void process (const engine::Chunk&, std::span<const engine::Signal>,
                  std::span<engine::Signal>) noexcept override;
    void reset() noexcept override {}
    int latency() const noexcept override { return 0; }

private:
    std::vector<float> accent, plain; ///< one click each, at full scale
    std::atomic<bool> on { false };
    std::atomic<float> level;
    std::atomic<Frames> counted { noCountIn };
    Handoff<TempoMap> tempo;
};

/// A beat of the metre as the metronome counts them, before the song's start too.
struct Click
{
    Frames position = 0;
    bool accent = false;
};
/// The last beat at or before a position and the one after it. [any thread, audio too]
std::pair<Click, Click> clicksAround (const TempoMap&, Frames position) noexcept;

} // namespace lacquer::studio
