// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/EqBands.h"
#include "dsp/Fdn.h"
#include "dsp/kernels/Convolution.h"

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace lacquer::dsp
{

/// What lies between the sections of an equaliser and their analog prototypes, level and phase: 64 taps, by
/// least squares from 0 Hz to 20 kHz (or 0.45 of the rate), after which both are the prototype's, `latency`
/// frames later. Below that the sections turn the phase as causal filters without delay must, more and more
/// towards half the rate. The taps are made in process(), at most once in 512 frames, and cross over in 64.
class NaturalPhase
{
public:
    static constexpr int taps = kernels::directTaps, latency = taps / 2;

    void prepare (double sampleRate); ///< also resets. [control] Allocates.
    void reset() noexcept;            ///< [audio]

    /// One or two channels behind the sections of these bands, in place; up to 64 frames. [audio]
    void process (std::span<float* const> channels, int frames,
                  std::span<const EqBand, EqBands::count> bands) noexcept;

private:
    struct Fit;
    static std::shared_ptr<const Fit> fitOf (double edge);
    using Taps = std::array<float, taps>;

    void design (std::span<const EqBand, EqBands::count> bands) noexcept;

    double rate = 48000;
    std::shared_ptr<const Fit> fit;
    std::array<EqBand, EqBands::count> known {};
    std::array<std::array<Taps, 2>, 2> kernel {}; // old and new, of mid and side
    alignas (64) std::array<std::array<float, 2 * taps>, 2> recent {};
    Crossfade fade { taps, 0 };
    int since = 0; // frames since the taps were made
    bool fresh = true;
};

} // namespace lacquer::dsp
