// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/demo/DemoSong.h"

#include "studio/demo/DemoInstruments.h"

namespace lacquer::studio
{
namespace
{

struct Player
{
    const char* name;
    const char* colour;
    const char* group;
    int channels;
    double peakDb;
    void (*play) (const DemoPart&, synth::Stereo&);
};

const Player players[] = {
    { "Kick", "beni", "Drums", 1, -6, synth::playKick },
    { "Snare", "beni", "Drums", 1, -7, synth::playSnare },
    { "Hats", "kaki", "Drums", 1, -12, synth::playHats },
    { "Toms", "kaki", "Drums", 2, -8, synth::playToms },
    { "Cymbals", "kuri", "Drums", 2, -10, synth::playCymbals },
    { "Percussion", "kihada", "Drums", 2, -10, synth::playPercussion },
    { "Bass", "sora", "Music", 1, -8, synth::playBass },
    { "Guitar picked", "wakaba", "Music", 1, -9, synth::playPickedGuitar },
    { "Guitar strummed", "matsu", "Music", 2, -8, synth::playStrummedGuitar },
    { "Electric piano", "asagi", "Music", 2, -9, synth::playKeys },
    { "Pad", "ai", "Music", 2, -12, synth::playPad },
    { "Arp", "sumire", "Music", 2, -12, synth::playArp },
    { "Glass", "asagi", "Music", 1, -12, synth::playGlass },
    { "Lead voice", "botan", "Voices", 1, -7, synth::playLead },
    { "Backing voices", "botan", "Voices", 2, -10, synth::playVoices },
    { "Riser", "nezu", "", 2, -9, synth::playEffects },
};

/// Sets the peak, takes out what is under hearing, and fades the very end.
void finish (std::vector<std::vector<float>>& channels, double peakDb, double rate)
{
    float peak = 0;
    for (auto& c : channels)
    {
        synth::cutLow (c, 18, rate);
        for (float x : c)
            peak = std::max (peak, std::abs (x));
    }
    const double gain = peak > 0 ? gainOf (Decibels { peakDb }) / peak : 0.0;
    const auto fade = static_cast<double> (framesIn (Seconds { 1.5 }, rate));
    for (auto& c : channels)
        for (std::size_t n = 0; n < c.size(); ++n)
        {
            const double left = static_cast<double> (c.size() - 1 - n) / fade;
            const double g = left < 1 ? 0.5 - 0.5 * std::cos (synth::pi * left) : 1.0;
            const double x = c[n] * gain * g;
            c[n] =
                std::abs (x) < 1e-9 ? 0.0f : static_cast<float> (x); // the ends of filters, far under 24 bit
        }
}

} // namespace

DemoSong demoSong (double sampleRate, const Progress& progress)
{
    const DemoScore score = demoScore();
    DemoSong song;
    song.sampleRate = sampleRate;
    song.bpm = score.tempi.front().bpm;
    song.tempi = score.tempi;
    song.beatsPerBar = score.beatsPerBar;
    song.sections = score.sections;
    song.title = score.title;
    song.key = score.key;
    const Frames frames = framesIn (Seconds { score.seconds }, sampleRate);
    for (const Player& p : players)
    {
        if (progress.stopped())
            break;
        synth::Stereo sound (sampleRate, frames);
        p.play (score.part (p.name), sound);
        DemoStem stem { p.name, p.colour, p.group, {} };
        stem.channels.push_back (std::move (sound.left));
        if (p.channels == 2)
            stem.channels.push_back (std::move (sound.right));
        finish (stem.channels, p.peakDb, sampleRate);
        song.stems.push_back (std::move (stem));
        progress.at (static_cast<double> (song.stems.size()) / std::size (players));
    }
    return song;
}

} // namespace lacquer::studio
