// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/TempoMap.h"

#include <string>
#include <string_view>
#include <vector>

namespace lacquer::studio
{

/// A note of the demo song, as written and as played.
struct DemoNote
{
    double beat = 0;      ///< where it is written, in quarter notes since the song's start
    double length = 0;    ///< in quarter notes
    double seconds = 0;   ///< when it is played: the written place, the swing and the player's hand
    double duration = 0;  ///< in seconds
    int pitch = 60;       ///< MIDI number; for drums the piece of the kit
    double velocity = 1;  ///< 0 to 1
    int articulation = 0; ///< of the instrument: a vowel, a stroke, a mute
    int line = 0;         ///< string of a guitar, voice of a choir
};

struct DemoPart
{
    std::string name; ///< that of its stem
    bool pitched = true;
    std::vector<DemoNote> notes; ///< sorted by beat
};

/// The harmony from a beat on.
struct DemoChord
{
    double beat = 0;
    std::string_view name;
    int bass = 0;                  ///< MIDI number of the bass note
    std::vector<int> tones {};     ///< pitch classes, 0 = C
    std::vector<int> voicing {};   ///< four MIDI numbers, led from chord to chord
    std::vector<int> fingering {}; ///< MIDI numbers on the strings of a guitar, low to high
};

struct DemoSection
{
    double beat = 0;
    std::string name;
};

/// The demo song on paper: "Night Ferry", D major, 104 quarter notes a minute, slowing down in the outro.
struct DemoScore
{
    std::string title, key;
    int beatsPerBar = 4;
    std::vector<TempoMap::Tempo> tempi;
    std::vector<DemoSection> sections;
    std::vector<DemoChord> chords; ///< sorted by beat
    std::vector<DemoPart> parts;
    double beats = 0;   ///< of the last chord
    double seconds = 0; ///< until the last sound has faded

    const DemoPart& part (std::string_view name) const; ///< precondition: there is one
    const DemoChord& chordAt (double beat) const;
    double secondsAt (double beat) const; ///< by the tempo map, nobody's hand in it

    TempoMap tempo {}; ///< of tempi, at 48 kHz
};

/// Writes the score. The same notes, to the bit, every time. [any thread] Takes about a millisecond.
DemoScore demoScore();

} // namespace lacquer::studio
