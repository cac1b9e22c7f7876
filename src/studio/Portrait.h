// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Effect.h"

#include <array>
#include <atomic>
#include <span>
#include <vector>

namespace lacquer::studio
{

/// What an effect does at its settings, found by playing test sounds through it: for a picture of any effect
/// there is or will be. Levels in dB.
struct Portrait
{
    enum class Kind
    {
        response, ///< it changes the spectrum, or nothing
        levels,   ///< what it does depends on the level
        movement, ///< what it does changes by itself
        answer    ///< it sounds on after its input
    };
    Kind kind = Kind::response;

    /// Level that comes out over time of a click at 0, by side: the highest in each of `columns` equal parts.
    static constexpr int columns = 360;
    std::array<std::vector<float>, 2> answer;
    double answerSeconds = 0; ///< of all columns

    /// Of a sine that gets louder by 3 dB at a time.
    struct Step
    {
        float in = 0, out = 0;
    };
    std::vector<Step> steps;
    double stepsHertz = 1000;
    /// Harmonics 1 to 7 of a sine of 1 kHz at -6 dBFS, over the first.
    std::array<float, 7> harmonics {};
    double distortion = 0;   ///< of harmonics 2 to 7, as a share of the first
    std::vector<float> wave; ///< a period of it, as it comes out
    bool reduces = false;    ///< it has a meter of reduction

    /// Gain at tones over time while a steady sound plays: [moment * tones + tone], of the left and the
    /// right.
    static constexpr std::array<float, 24> tones { 100,  200,  300,  400,  520,  660,   820,   1000,
                                                   1200, 1450, 1750, 2100, 2500, 2950,  3500,  4150,
                                                   4900, 5800, 6800, 8000, 9400, 11000, 13000, 15500 };
    std::array<std::vector<float>, 2> gains;
    double momentSeconds = 0;
    bool wide = false; ///< the tones move together: a change of level

    /// Gain at the same tones, of what both sides have in common and of what they differ by.
    std::array<float, 24> middle {}, sides {};
};

/// values: of the effect's own parameters. Takes some tenths of a second for an effect with a long tail; ends
/// early, with whatever, when cancelled. [any thread]
Portrait portraitOf (const engine::EffectType&, std::span<const float> values, double bpm,
                     const std::atomic<bool>* cancelled = nullptr);

/// Whether it sounds on by itself, as reverbs and delays do: a hundredth and more of a click's energy comes
/// later than 60 ms. [any thread]
bool soundsOn (const engine::EffectType&, std::span<const float> values, double bpm);

} // namespace lacquer::studio
