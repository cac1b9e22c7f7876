// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "studio/demo/DemoScore.h"

#include <string>
#include <vector>

namespace lacquer::studio
{

struct DemoStem
{
    std::string name;
    std::string colour; ///< pigment name of the design tokens
    std::string group;
    std::vector<std::vector<float>> channels; ///< one or two, all stems equally long
};

struct DemoSong
{
    double sampleRate = 48000;
    double bpm = 104; ///< of the beginning; every tempo is in tempi
    std::vector<TempoMap::Tempo> tempi;
    int beatsPerBar = 4;
    std::vector<DemoStem> stems;
    std::vector<DemoSection> sections;
    std::string title, key;
};

/// Plays the demo song: score and instruments, 16 stems of 94 s. The same samples every time; nothing is read
/// from disk. Peaks lie between -12 and -6 dBFS. Cancelled, the stems that were not played yet are missing.
/// [any thread] Takes some seconds.
/// Precondition: sampleRate within 44100 to 192000.
DemoSong demoSong (double sampleRate = 48000, const Progress& progress = {});

} // namespace lacquer::studio
