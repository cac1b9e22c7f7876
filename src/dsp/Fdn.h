// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/Ramp.h"
#include "dsp/kernels/Fdn.h"

#include <array>
#include <cstddef>
#include <vector>

namespace lacquer::dsp
{

/// The past of one signal, read and written in whole blocks.
class BlockDelay
{
public:
    /// Room for delays up to `longest` frames. [control] Allocates.
    void prepare (int longest);
    void clear() noexcept;

    /// Appends a block. [audio]
    void write (const float* x, int frames) noexcept;

    /// The block that was written `delay` frames before the newest; delay >= 0. [audio]
    void read (float* out, int delay, int frames) const noexcept;

private:
    std::vector<float> memory;
    std::size_t mask = 0;
    int head = 0; // index of the next frame to write
};

/// The past of up to fdnLines signals that are written together. The start of each ring is repeated behind
/// its end, so that any block of the past lies in one piece.
class LineBank
{
public:
    /// Room for delays up to `longest` frames, and `reach` frames before each block. [control] Allocates.
    void prepare (int lines, int longest, int reach = 0);
    void clear() noexcept;

    /// Where the coming block of line i belongs: room for fdnFrames. [audio]
    float* coming (std::size_t i) noexcept
    {
        return memory.data() + i * stride + static_cast<std::size_t> (head);
    }

    /// What was written to coming() counts from now on. [audio]
    void wrote (int frames) noexcept;

    /// The frames from `delay` frames before the coming one. [audio]
    const float* past (std::size_t i, int delay) const noexcept
    {
        int at = head - delay - margin;
        if (at < 0)
            at += length;
        return memory.data() + i * stride + static_cast<std::size_t> (at + margin);
    }

private:
    std::vector<float> memory;
    std::size_t stride = 0, count = 0;
    int length = 1, margin = 0, head = 0;
};

/// Times that glide by a crossfade: the step from an old set of delays to a new one takes `length` frames,
/// and a set that comes while one is under way waits for its end.
struct Crossfade
{
    int length = 1, left = 0;

    /// Share of the new set at frame n of the block.
    float share (int n) const noexcept
    {
        const int rest = left - n - 1;
        return rest <= 0 ? 1.0f : 1.0f - static_cast<float> (rest) / static_cast<float> (length);
    }
    bool active() const noexcept { return left > 0; }
    void start() noexcept { left = length; }
    void advance (int frames) noexcept { left = left > frames ? left - frames : 0; }
};

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
        std::array<int, fdnLines> now {}, before {};
        std::array<float, fdnLines> gain {}; // polarity over sqrt (16): the mix keeps the energy
    };
    std::array<Step, steps> step;
    FdnRows faded {};
    Crossfade fade;
    double rate = 48000, longest = 0.15;
    float size = -1;
    bool fresh = true;
};

/// Decay times in seconds for the three parts of the spectrum, and where they part.
struct FdnDecay
{
    double low = 2, mid = 2, high = 2; ///< RT60
    double lowHz = 250, highHz = 4000; ///< where the decay rate (dB per second) is half way
    bool operator== (const FdnDecay&) const = default;
};

/// A feedback delay network of 16 lines with a Householder matrix (J.-M. Jot and A. Chaigne, AES 90, 1991):
/// in each line a first-order low and a high shelf whose gains in dB are proportional to the line's length,
/// so that every line decays at one rate: D(f) = 60/T(f) dB per second, with
/// D(f) = Dm + (Dl - Dm)/(1 + (f/lowHz)^2) + (Dh - Dm)/(1 + (highHz/f)^2).
class Fdn
{
public:
    /// longest: the longest line at size 1, in seconds. [control] Allocates.
    void prepare (double sampleRate, double longest);
    void reset() noexcept;

    void setSize (float size) noexcept;             ///< 0 to 1. [audio]
    void setDecay (const FdnDecay& decay) noexcept; ///< [audio]

    /// Adds `in` to what circulates and gives what leaves the lines. depth: of the delay modulation, in
    /// frames. in and out must differ. [audio]
    void process (const FdnRows& in, FdnRows& out, int frames, const Ramp& depth) noexcept;

    /// Mean over the lines of the squared gain of one pass at mid frequencies.
    float passEnergy() const noexcept { return energy; }
    int longestLine() const noexcept;

private:
    void design() noexcept;
    void move (const Ramp& depth, int frames, float (&offset)[2][fdnFrames]) noexcept;

    LineBank lines;
    std::array<int, fdnLines> now {}, before {};
    Crossfade fade;
    kernels::FdnDamping damping;
    FdnRows faded {};
    FdnDecay decay;
    double rate = 48000, longest = 0.14;
    float size = -1, energy = 0;
    bool fresh = true, moved = false;
    double turn[2][2] {}, rotor[2][2] {}; // cos and sin of two slow oscillators
};

} // namespace lacquer::dsp
