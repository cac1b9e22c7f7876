// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/demo/DemoScore.h"
#include "studio/demo/DemoSynth.h"

namespace lacquer::studio::synth
{

/// The instruments of the demo song: each plays a part into a silent buffer. Levels are only right relative
/// to each other within a part; demoSong() sets the peak. Parts that are mono leave the same sound on both
/// sides.

void playKick (const DemoPart&, Stereo&); ///< a swept membrane with three modes and a beater
void playSnare (const DemoPart&,
                Stereo&); ///< modes of a circular membrane, wires as shaped noise; side stick
void playHats (const DemoPart&,
               Stereo&); ///< inharmonic metal modes and noise; an open hat is choked by the next stroke
void playToms (const DemoPart&, Stereo&);
void playCymbals (const DemoPart&, Stereo&);
void playPercussion (const DemoPart&, Stereo&); ///< shaker, congas, tambourine, claps
void playBass (const DemoPart&, Stereo&); ///< a plucked string under a pickup, with weight on the fundamental
void playPickedGuitar (const DemoPart&,
                       Stereo&); ///< electric: strings, pickup, a warm amplifier and its cone
void playStrummedGuitar (const DemoPart&,
                         Stereo&); ///< acoustic: strings and the resonances of a body, two microphones
void playKeys (const DemoPart&,
               Stereo&); ///< electric piano: frequency-modulated tines, tremolo from side to side
void playPad (const DemoPart&, Stereo&);     ///< detuned saws through ladders that breathe, and a chorus
void playArp (const DemoPart&, Stereo&);     ///< pulses of changing width, a ladder to each note
void playGlass (const DemoPart&, Stereo&);   ///< struck glass bars
void playLead (const DemoPart&, Stereo&);    ///< a voice: glottal pulses and breath through five formants
void playVoices (const DemoPart&, Stereo&);  ///< four lines, each sung twice
void playEffects (const DemoPart&, Stereo&); ///< sweep, impact, surf, a far horn

} // namespace lacquer::studio::synth
