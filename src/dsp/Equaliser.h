// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/EqDynamics.h"
#include "dsp/FadedBands.h"
#include "dsp/LinearPhase.h"
#include "dsp/NaturalPhase.h"

#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <vector>

namespace lacquer::dsp
{

enum class EqPhase
{
    zeroLatency, ///< EqBands alone
    natural,     ///< with the phase of the analog prototypes (NaturalPhase)
    linear,      ///< without a turn of phase (LinearPhase), as exact as can be
    shortLinear  ///< without a turn of phase, a quarter as late
};

/// What a musician sets of an equaliser.
struct EqSettings
{
    std::array<EqBand, EqBands::count> band {};
    std::array<BandMotion, EqBands::count> motion {};
    EqPhase phase = EqPhase::zeroLatency;
};

/// The equalisers of the catalogues: eight bands, static or moved by what is heard in them, in three kinds of
/// phase; a band of another kind crosses over (FadedBands). With linear phase the set gains are in its
/// impulse and the movements alone in sections behind it, as late as the sound. Another phase is first heard
/// when it has heard enough; it crosses over in 20 ms. A linear one is not to be had before it is ready():
/// until then the phase stays.
class Equaliser
{
public:
    void prepare (double sampleRate, int channels); ///< also resets. [control] Allocates.
    void ready (EqPhase);  ///< for a phase to be set: allocates what it works with. [control]
    void reset() noexcept; ///< [audio]

    /// After a reset, before the first sound: where in the song that is. The steps of the movements lie on a
    /// grid of the song. [audio]
    void begin (Frames position) noexcept { clock = static_cast<int> (position & (EqBands::step - 1)); }

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

    /// What a linear phase works with.
    struct Linear
    {
        LinearPhase impulse;
        FadedBands moved;                   // behind the impulse
        std::vector<EqBands::Offsets> late; // ring of the offsets on their way
        std::size_t lateAt = 0;
        void reset() noexcept;
    };
    static bool isLinear (EqPhase p) noexcept { return p >= EqPhase::linear; }
    static LinearPhase::Reach reachOf (EqPhase p) noexcept
    {
        return p == EqPhase::linear ? LinearPhase::Reach::second : LinearPhase::Reach::quarter;
    }
    static std::size_t placeOf (EqPhase p) noexcept
    {
        return static_cast<std::size_t> (p) - static_cast<std::size_t> (EqPhase::linear);
    }
    Linear* linearOf (EqPhase p) const noexcept
    {
        return shared[placeOf (p)].load (std::memory_order_acquire);
    }

    void choose (EqPhase) noexcept;
    void enter (EqPhase) noexcept;
    void run (EqPhase, std::span<float* const> channels, int frames, std::span<const Turn>) noexcept;
    int listen (std::span<float* const> channels, std::span<const float* const> sidechain, int frames,
                Turns&) noexcept;
    void runLinear (Linear&, std::span<float* const> channels, int frames, std::span<const Turn>) noexcept;

    double rate = 48000;
    int channelCount = 2;
    EqSettings settings;
    int told = 0; // frames in which the bands are to be there; 0: they know
    FadedBands bands;
    EqDynamics dynamics;
    NaturalPhase natural;
    std::array<std::unique_ptr<Linear>, 2> linear; // control; made when first wanted
    std::array<std::atomic<Linear*>, 2> shared {};
    int clock = 0; // frames since the last step of the dynamics

    EqPhase now = EqPhase::zeroLatency, next = EqPhase::zeroLatency;
    int hears = 0; // frames until the next phase has heard enough
    Crossfade fade;
    bool fresh = true;
    std::atomic<float> shown { 0 };
};

} // namespace lacquer::dsp
