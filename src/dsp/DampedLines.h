// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/LineBank.h"
#include "dsp/Ramp.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace lacquer::dsp
{

/// A frame count for each line.
struct LineLengths
{
    int of[fdnLines] {};
};

/// The smallest prime from n on. Prime lengths share no period, so no two lines ring together.
int primeFrom (int n) noexcept;

/// Decay times in seconds for the three parts of the spectrum, and where they part.
struct FdnDecay
{
    double low = 2, mid = 2, high = 2; ///< RT60
    double lowHz = 250, highHz = 4000; ///< where the decay rate (dB per second) is half way
    bool operator== (const FdnDecay&) const = default;
};

/// What circulates in a room: up to 16 delay lines and in each of them a first-order low and a high shelf
/// whose gains in dB are proportional to the line's length (J.-M. Jot and A. Chaigne, AES 90, 1991). Every
/// pole of a network that would ring for ever without the shelves then decays at one rate, however the lines
/// are joined, also inside all-passes (L. Dahl and J.-M. Jot, DAFx 2000): D(f) = 60/T(f) dB per second, with
/// D(f) = Dm + (Dl - Dm)/(1 + (f/lowHz)^2) + (Dh - Dm)/(1 + (highHz/f)^2).
///
/// Two of the lines wander a little.
class DampedLines
{
public:
    static constexpr int shortest = fdnFrames + 8; ///< no line is shorter

    /// longest: of each line; 0 where there is none. wandering: the lines that do. [control] Allocates.
    void prepare (double sampleRate, const LineLengths& longest, const std::array<std::size_t, 2>& wandering);
    void reset() noexcept;
    bool clearSome() noexcept { return lines.clearSome(); } ///< see LineBank. [audio]

    /// Glides to new lengths; what comes while it does is not taken. [audio]
    void setLengths (const LineLengths&) noexcept;
    bool gliding() const noexcept { return fade.active(); }
    void setDecay (const FdnDecay&) noexcept; ///< [audio]
    /// share: speed of the wandering, 1 is 0.37 and 0.61 Hz. position: of the song; where it is first told
    /// after a reset, the lines stand as if they had wandered since the song's start. [audio]
    void setWander (double share, std::int64_t position) noexcept;

    /// What leaves the lines in this block, before the shelves. depth: how far the lines wander, in frames,
    /// up to 1 ms in all. [audio]
    const float* const* leaving (int frames, const Ramp& depth) noexcept;

    /// The coefficients and states for the kernels, and whether they move in this block.
    kernels::FdnDamping damping;
    bool moving() const noexcept { return moved; }

    /// Where line i takes up the block. [audio]
    float* coming (std::size_t i) noexcept { return lines.coming (i); }
    void coming (float* (&to)[fdnLines]) noexcept { lines.coming (to); }
    /// After the block. [audio]
    void wrote (int frames) noexcept;

    /// sum += gain * what came into line i a share of its length ago; glides when the lengths do. Before
    /// leaving() and wrote(). [audio]
    void tap (std::size_t i, double share, float gain, float* sum, int frames) const noexcept;

    int length (std::size_t i) const noexcept { return now.of[i]; }
    /// The squared gain of one pass of a line at mid frequencies.
    float energy (std::size_t i) const noexcept { return squares[i]; }

private:
    void design() noexcept;

    LineBank lines;
    LineLengths now {}, before {};
    std::array<float, fdnLines> squares {};
    const float* from[fdnLines] {};
    std::array<std::size_t, 2> wanderers {};
    std::array<FdnWander, 2> wander;
    float strayed[2][fdnFrames];
    std::size_t used = 0;
    Crossfade fade;
    FdnRows faded {};
    FdnDecay decay;
    double rate = 48000;
    bool fresh = true, moved = false, begun = false;
};

} // namespace lacquer::dsp
