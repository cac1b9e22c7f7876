// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/EqBands.h"
#include "dsp/EqDynamics.h"
#include "dsp/LinearPhase.h"
#include "dsp/NaturalPhase.h"

#include <array>
#include <atomic>
#include <span>
#include <vector>

namespace lacquer::dsp
{

enum class EqPhase
{
    zeroLatency, ///< EqBands alone
    natural,     ///< with the phase of the analog prototypes (NaturalPhase)
    linear       ///< without a turn of phase (LinearPhase)
};

/// What a musician sets of an equaliser.
struct EqSettings
{
    std::array<EqBand, EqBands::count> band {};
    std::array<BandMotion, EqBands::count> motion {};
    EqPhase phase = EqPhase::zeroLatency;
};

/// The equalisers of the catalogues: eight bands, static or moved by what is heard in them, in three kinds of
/// phase. With linear phase the set gains are in its impulse and the movements alone in sections behind it,
/// as late as the sound. Another phase is first heard when it has heard enough; it crosses over in 20 ms.
class Equaliser
{
public:
    void prepare (double sampleRate, int channels); ///< also resets. [control] Allocates.
    void reset() noexcept;                          ///< [audio]

    /// Sets where the bands are to be after `frames` frames; after a reset they are there at once. [audio]
    void set (const EqSettings&, int frames) noexcept;

    /// One or two channels in place, 1 to 64 frames; sidechain may be empty. [audio]
    void process (std::span<float* const> channels, std::span<const float* const> sidechain,
                  int frames) noexcept;

    int latency (EqPhase) const noexcept;           ///< [any thread]
    Frames tail (const EqSettings&) const noexcept; ///< [any thread]
    Frames rest (const EqSettings&) const noexcept; ///< [any thread] until movements have come to rest, too
    float reduction() const noexcept { return shown.load (std::memory_order_relaxed); } ///< [any thread]

private:
    using Turn = EqBands::Turn;
    using Turns = std::array<Turn, cascade::longest / EqBands::step + 1>;

    void choose (EqPhase) noexcept;
    void enter (EqPhase) noexcept;
    int listen (std::span<float* const> channels, std::span<const float* const> sidechain, int frames,
                Turns&) noexcept;
    void runLinear (std::span<float* const> channels, int frames, std::span<const Turn>) noexcept;

    double rate = 48000;
    EqSettings settings;
    int told = 0;         // frames in which the bands are to be there; 0: they know
    EqBands bands, moved; // moved: behind the impulse of the linear phase
    EqDynamics dynamics;
    NaturalPhase natural;
    LinearPhase linear;
    std::vector<EqBands::Offsets> late; // ring of the offsets on their way
    std::size_t lateAt = 0;
    int clock = 0; // frames since the last step of the dynamics

    EqPhase now = EqPhase::zeroLatency, next = EqPhase::zeroLatency;
    int hears = 0; // frames until the next phase has heard enough
    Crossfade fade;
    bool fresh = true;
    std::atomic<float> shown { 0 };
};

} // namespace lacquer::dsp
