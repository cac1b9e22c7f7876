// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/DampedLines.h"

#include <cstdint>
#include <memory>

namespace lacquer::mix
{

/// What a block of a space is to be like.
struct SpaceSettings
{
    float size = 0.5f; ///< 0 to 1
    dsp::FdnDecay decay;
    float diffusion = 1;       ///< 0 to 1
    float modulation = 0;      ///< seconds that delays wander by
    double wander = 1;         ///< how fast they do: 1 is 0.37 and 0.61 Hz
    std::int64_t position = 0; ///< of the song, from which they do after a reset
};

/// A kind of room that answers the sound, as a network of its own. All of them give two parts: what comes
/// first, and what dies away. Steady sound comes out about as loud as it went in.
struct Space
{
    virtual ~Space() = default;

    /// [control] Allocates and resets.
    virtual void prepare (double sampleRate) = 0;
    virtual void reset() noexcept = 0; ///< [audio]
    /// Clears a part of what was heard, little enough for any block; true when reset() finds all clear.
    /// [audio]
    virtual bool clearSome() noexcept = 0;

    /// What holds at the end of this block. [audio]
    virtual void settle (const SpaceSettings&, int frames) noexcept = 0;

    /// in: one or two sides, as loud as they are. early, late: two sides, to be multiplied by level(); for
    /// one side coming in, their sum is what one hears. [audio]
    virtual void process (const float* const* in, int sides, dsp::FdnSums& early, dsp::FdnSums& late,
                          int frames) noexcept = 0;

    /// The factor that makes steady sound as loud as it went in. [audio]
    virtual float level() const noexcept = 0;

    /// The longest way from the entrance into the tail and out of it at a size, in seconds. [any thread]
    virtual double span (float size) const noexcept = 0;
};

std::unique_ptr<Space> makeRoom();
std::unique_ptr<Space> makeChamber();
std::unique_ptr<Space> makeHall();
std::unique_ptr<Space> makePlate();

} // namespace lacquer::mix
