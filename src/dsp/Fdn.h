// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/Ramp.h"

#include <array>
#include <cstddef>
#include <vector>

namespace lacquer::dsp
{

/// Frames that one call of Diffuser and Fdn takes at most.
inline constexpr int fdnFrames = 64;
/// Delay lines side by side.
inline constexpr int fdnLines = 16;

/// One block of all lines, line by line. Plain arrays: the checked ones cost a third of the time here.
struct FdnRows
{
    alignas (64) float line[fdnLines][fdnFrames];
    float* operator[] (std::size_t i) noexcept { return line[i]; }
    const float* operator[] (std::size_t i) const noexcept { return line[i]; }
};

/// The past of one signal, read and written in whole blocks.
class BlockDelay
{
public:
    /// Room for delays up to `longest` frames. stagger: a number of this line among its like; lines that
    /// start at one place of their rings meet in the same cache sets for ever. [control] Allocates.
    void prepare (int longest, std::size_t stagger = 0);
    void clear() noexcept;

    /// Appends a block. [audio]
    void write (const float* x, int frames) noexcept;

    /// The block that was written `delay` frames before the one of this call. Before write() of the block:
    /// delay >= frames; after it: delay >= 0 and written = true. [audio]
    void read (float* out, int delay, int frames, bool written) const noexcept;

    /// The same after write(), times gain. [audio]
    void readScaled (float* out, int delay, int frames, float gain) const noexcept;

    /// The sample written `delay` frames before frame n of the coming block; delay > n.
    float at (int n, int delay) const noexcept
    {
        return memory.data()[static_cast<std::size_t> (head + n - delay) & mask];
    }

private:
    std::vector<float> memory;
    std::size_t mask = 0;
    int head = 0, start = 0; // index of the next frame to write; after clear()
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

    /// In place. amount: how much of each step's Hadamard mix takes part, 0 to 1. [audio]
    void process (FdnRows& rows, int frames, const std::array<Ramp, steps>& amount) noexcept;

    /// Longest way through all steps now, in frames.
    int span() const noexcept;

private:
    struct Step
    {
        std::array<BlockDelay, fdnLines> lines;
        std::array<int, fdnLines> now {}, before {};
        std::array<float, fdnLines> polarity {};
    };
    std::array<Step, steps> step;
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
    struct Shelf // y = b0 x + s, s = b1 x - a1 y
    {
        alignas (64) float b0[fdnLines], b1[fdnLines], a1[fdnLines];
    };
    void design() noexcept;

    std::array<BlockDelay, fdnLines> lines;
    std::array<int, fdnLines> now {}, before {};
    Crossfade fade;
    Shelf low {}, high {}, lowBefore {}, highBefore {};
    alignas (64) float lowState[fdnLines] {}, highState[fdnLines] {};
    FdnDecay decay;
    double rate = 48000, longest = 0.14;
    float size = -1, energy = 0;
    bool fresh = true, moved = false;
    double turn[2][2] {}, rotor[2][2] {}; // cos and sin of two slow oscillators
};

} // namespace lacquer::dsp
