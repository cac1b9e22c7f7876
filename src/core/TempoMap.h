// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <vector>

namespace lacquer
{

/// Where the beats of a song lie. Immutable; shared by session, engine and window.
class TempoMap
{
public:
    /// Tempo in quarter notes per minute from a beat (quarter notes since song start) on. A ramp moves evenly
    /// in time to the tempo that follows; without one that follows it is a plain tempo.
    struct Tempo
    {
        double beat = 0;
        double bpm = 120;
        bool ramp = false;
        bool operator== (const Tempo&) const = default;
    };
    /// Metre from a beat on.
    struct Metre
    {
        double beat = 0;
        int numerator = 4;
        int denominator = 4;
        bool operator== (const Metre&) const = default;
    };

    /// Precondition: both sorted by beat, the first at beat 0 (added when missing), bpm within 10 to 999.
    explicit TempoMap (double sampleRate = 48000, std::vector<Tempo> tempi = {},
                       std::vector<Metre> metres = {});

    double beatAt (Frames position) const noexcept;
    double frameAt (double beat) const noexcept; ///< fractional frames
    double bpmAt (Frames position) const noexcept;
    Metre metreAt (double beat) const noexcept;

    /// Bar (from 1), beat within it (from 1) and 960ths of a beat at a position.
    struct BarBeat
    {
        int bar = 1, beat = 1, tick = 0;
    };
    BarBeat barBeatAt (Frames position) const noexcept;
    /// First frame of a bar counted from 1.
    double frameOfBar (int bar) const noexcept;

    /// A bar with the beats, in quarter notes, where it begins and where the next one does. A change of metre
    /// begins a bar, so the one before may be short.
    struct Bar
    {
        int number = 1;
        double begin = 0, end = 4;
        Metre metre;
    };
    Bar barOfBeat (double beat) const noexcept;
    Bar bar (int number) const noexcept; ///< Precondition: number >= 1

    double sampleRate() const noexcept { return rate; }
    const std::vector<Tempo>& tempi() const noexcept { return tempo; }
    const std::vector<Metre>& metres() const noexcept { return metre; }

private:
    double rate;
    std::vector<Tempo> tempo;
    std::vector<double> tempoFrame; // first frame of each tempo
    std::vector<double> quickening; // of each tempo: beats per frame, gained per frame; 0 but in ramps
    std::vector<Metre> metre;
};

} // namespace lacquer
