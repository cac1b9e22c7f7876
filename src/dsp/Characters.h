// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/Ramp.h"
#include "dsp/Svf.h"
#include "dsp/kernels/Dynamics.h"

namespace lacquer::dsp::dynamics
{

/// How the gain of a compressor moves, and what its circuit adds. The static curve is the same in all; what a
/// character does is measured in docs/characters/compressor.md.
enum class Character
{
    clean, ///< one pole each way on the reduction in dB (Giannoulis, Massberg, Reiss, JAES 60(6), 2012)
    opto,  ///< a photocell with memory, after the data published for the Teletronix LA-2A
    fet,   ///< a field effect transistor as shunt, after the Urei 1176LN
    vca    ///< a root-mean-square detector in front of a decibel-linear cell, after the dbx 160
};

/// The mean square of two channels, one pole. [audio]
class MeanSquare
{
public:
    void reset() noexcept { power[0] = power[1] = 0; }
    void set (double milliseconds, double sampleRate) noexcept;
    /// Replaces the sound by its root mean square so far.
    void process (Sound&, int frames) noexcept;

private:
    double power[2] {}, share = 1;
};

/// From the reduction that is wanted to the one that is given.
class Ballistics
{
public:
    /// In milliseconds. attack and release hold for a reduction of 10 dB; how the time depends on the depth,
    /// and on what was before, is the character's. hold: for how long a reduction stays before it lets go.
    struct Times
    {
        float attack = 10, release = 100, hold = 0;
        bool autoRelease = false; ///< a second release eight times as long takes over what lasts
        bool operator== (const Times&) const = default;
    };

    void reset() noexcept;                                          ///< [audio]
    void set (Character, const Times&, double sampleRate) noexcept; ///< [audio]

    /// Averages the key where the character listens to its power. [audio]
    void hear (Sound& key, int frames) noexcept;

    /// In place. [audio]
    void follow (int frames, Levels&) noexcept;

    /// Seconds until 1e-6 of any reduction is left. [any thread]
    static double rest (Character, const Times&) noexcept;

private:
    void followClean (int frames, Levels&) noexcept;
    void followOpto (int frames, Levels&) noexcept;
    void followFet (int frames, Levels&) noexcept;
    void followVca (int frames, Levels&) noexcept;
    /// Whether side c lets go in this frame: it has more than is wanted, and the hold is over.
    bool letsGo (int c, double target, double level) noexcept
    {
        if (target > level - 0.002) // 0.01 dB: it has arrived
        {
            left[c] = hold;
            return target < level;
        }
        if (left[c] == 0)
            return true;
        --left[c];
        return false;
    }

    Character character = Character::clean;
    Times times;
    double rate = 0;

    Envelope envelope;        // clean: the reduction; others keep theirs in its level too
    double slow[2] {};        // opto: the part of the reduction that lets go late
    double memory[2] {};      // opto: how much light the cell has seen, 0 to 1
    double lasting[2] {};     // the second release
    int left[2] {}, hold = 0; // frames for which a reduction still stays
    MeanSquare meanSquare;

    // Shares of the way per frame.
    double attack = 0, release = 0, charge = 0, remember = 0, early = 0, late = 0;
    double lastingUp = 0, lastingDown = 0;
};

/// The harmonics of a circuit. They are made of what lies below 7 kHz, so that there is nothing to fold back,
/// and added to the sound, which itself passes unchanged.
class Colour
{
public:
    void prepare (double sampleRate) noexcept;
    void reset() noexcept;
    void towards (Character, int frames) noexcept; ///< [audio]
    bool sounds() const noexcept { return odd.moves() || odd.target() != 0; }
    /// reduction: as applied; the circuits distort more where they turn down more. [audio]
    void process (const Levels& reduction, int channels, int frames, Sound&) noexcept;

    static constexpr double tail = 0.3; ///< seconds

private:
    void still() noexcept;

    Svf<float> low[2];
    float mean[2] {}, share = 0;
    Ramp even, odd, evenReduced, oddReduced;
};

} // namespace lacquer::dsp::dynamics
