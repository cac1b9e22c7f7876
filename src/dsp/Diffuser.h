// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/LineBank.h"
#include "dsp/Ramp.h"

#include <array>

namespace lacquer::dsp
{

/// Spreads an impulse over time and lines without changing its spectrum: four steps, each a delay per line
/// (one random place in each of 16 equal slots), a random polarity and a Hadamard mix (after the diffusion of
/// G. Luff, "Let's Write a Reverb", ADC 2021). Feed-forward: it adds no ring of its own.
class Diffuser
{
public:
    static constexpr int steps = 4;

    /// total: longest sum of the four delays at size 1, in seconds. [control] Allocates.
    void prepare (double sampleRate, double total);
    void reset() noexcept;
    bool clearSome() noexcept; ///< of what has been heard: see LineBank. [audio]

    /// size: 0 to 1, scales all delays. [audio]
    void setSize (float size) noexcept;

    /// Line i hears in[i % sides]. amount: how much of each step's Hadamard mix takes part, 0 to 1. [audio]
    void process (const float* const* in, int sides, FdnRows& out, int frames,
                  const std::array<Ramp, steps>& amount) noexcept;

    /// Longest way through all steps now, in frames.
    int span() const noexcept;

private:
    struct Step
    {
        LineBank lines;
        int now[fdnLines] {}, before[fdnLines] {};
        float gain[fdnLines] {}; // polarity over sqrt (16): the mix keeps the energy
    };
    Step step[steps];
    // Of the block being processed; here and not in process(), where they would be cleared every time.
    const float* from[fdnLines] {};
    float* to[fdnLines] {};
    alignas (64) float part[fdnFrames] {};
    FdnRows faded {};
    Crossfade fade;
    double rate = 48000, longest = 0.15;
    float size = -1;
    bool fresh = true;
};

} // namespace lacquer::dsp
