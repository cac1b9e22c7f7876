// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "mix/spaces/Allpasses.h"
#include "mix/spaces/Space.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lacquer::mix
{

/// What the spaces made of a ring of all-passes and delays have in common: the lines, and a chain of
/// all-passes on the way in of each side.
template <std::size_t lineCount, std::size_t entranceCount>
struct RingSpace : Space
{
    void reset() noexcept final
    {
        lines.reset();
        for (auto& e : entrance)
            e.reset();
        depth.forget();
        diffusion.forget();
        size = largest = -1;
    }

    bool clearSome() noexcept final
    {
        return lines.clearSome() && entrance[0].clearSome() && entrance[1].clearSome();
    }

protected:
    /// lengths: of the lines at size 1, in seconds.
    void prepareLines (double rate, const std::array<double, lineCount>& lengths,
                       const std::array<std::size_t, 2>& wandering)
    {
        sampleRate = rate;
        seconds = lengths;
        dsp::LineLengths room;
        for (std::size_t i = 0; i < lineCount; ++i)
            room.of[i] = static_cast<int> (seconds[i] * rate) + dsp::DampedLines::shortest + 400;
        lines.prepare (rate, room, wandering);
    }

    /// Lines of a size, at most the largest that the decay allows. None falls below some 3 ms, where they
    /// would ring as one tone, unless the largest size has it so: else one pass of a line would take a good
    /// part of a short decay. inFrames: a length as a whole number. [audio]
    void settleLines (const SpaceSettings& s, double wanted, double allowed, std::size_t steps,
                      int (*inFrames) (double), int frames) noexcept
    {
        const double newSize = std::min (wanted, allowed),
                     newLargest = std::min (0.6, allowed); // above, every line is allowed its 3 ms
        if ((newSize != size || newLargest != largest) && ! lines.gliding())
        {
            size = newSize;
            largest = newLargest;
            dsp::LineLengths length;
            for (std::size_t i = 0; i < lineCount; ++i)
            {
                const double apart = static_cast<double> (i % steps);
                length.of[i] = inFrames (
                    std::max ({ dsp::DampedLines::shortest + 4 * apart, seconds[i] * size * sampleRate,
                                std::min (128 + 24 * apart, seconds[i] * largest * sampleRate) }));
            }
            lines.setLengths (length);
        }
        lines.setDecay (s.decay);
        lines.setWander (s.wander, s.position);
        depth.towards (s.modulation * static_cast<float> (sampleRate), frames);
    }

    /// What leaves the lines, damped.
    void leave (int frames) noexcept
    {
        const float* const* const from = lines.leaving (frames, depth);
        dsp::kernels::damp (lines.damping, lines.moving(), from, leaving, frames);
    }

    /// The share of the amplitude that half a way round the ring takes, as steady sound feels it.
    float lost() const noexcept
    {
        float product = 1;
        for (std::size_t i = 0; i < lineCount; ++i)
            product *= lines.energy (i);
        return std::sqrt (1 - std::sqrt (product));
    }

    double sampleRate = 48000;
    dsp::DampedLines lines;
    AllpassChain<entranceCount> entrance[2];
    dsp::FdnRows leaving {};
    float sound[dsp::fdnFrames] {};
    dsp::Ramp diffusion, depth;

private:
    std::array<double, lineCount> seconds {}; // of the lines at size 1
    double size = -1, largest = -1;
};

} // namespace lacquer::mix
