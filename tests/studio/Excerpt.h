// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/demo/DemoInstruments.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace lacquer::tests
{

/// Some seconds out of the demo song's first chorus at 48 kHz, played anew: cheap, and music.
class Excerpt
{
public:
    using Sound = std::array<std::vector<float>, 2>;
    static constexpr double rate = 48000, seconds = 6;

    /// One stem by name, its peak at -6 dBFS, or for an empty name the mix of them all, its peak at -3 dBFS.
    const Sound& of (const std::string& name)
    {
        auto at = made.find (name);
        if (at == made.end())
            at = made.emplace (name, name.empty() ? mix() : stem (name)).first;
        return at->second;
    }

private:
    struct Player
    {
        const char* name;
        double level; ///< in the mix
        void (*play) (const studio::DemoPart&, studio::synth::Stereo&);
    };
    static const std::vector<Player>& players()
    {
        using namespace studio::synth;
        static const std::vector<Player> all {
            { "Kick", 1.0, playKick },
            { "Snare", 0.8, playSnare },
            { "Hats", 0.35, playHats },
            { "Cymbals", 0.3, playCymbals },
            { "Percussion", 0.3, playPercussion },
            { "Bass", 0.8, playBass },
            { "Guitar picked", 0.4, playPickedGuitar },
            { "Guitar strummed", 0.4, playStrummedGuitar },
            { "Electric piano", 0.4, playKeys },
            { "Lead voice", 0.9, playLead },
            { "Backing voices", 0.4, playVoices },
        };
        return all;
    }

    static void setPeak (Sound& sound, double peak)
    {
        float most = 0;
        for (const auto& c : sound)
            for (float x : c)
                most = std::max (most, std::abs (x));
        for (auto& c : sound)
            for (float& x : c)
                x *= static_cast<float> (peak) / most;
    }

    Sound stem (const std::string& name)
    {
        for (const auto& player : players())
            if (name == player.name)
            {
                auto part = score.part (name);
                const double from = start();
                std::erase_if (part.notes, [&] (const studio::DemoNote& n)
                               { return n.seconds < from || n.seconds >= from + seconds; });
                for (auto& n : part.notes)
                    n.seconds -= from;
                studio::synth::Stereo out (rate, static_cast<Frames> (rate * seconds));
                player.play (part, out);
                Sound sound { out.left, out.right };
                setPeak (sound, 0.5);
                return sound;
            }
        throw std::runtime_error ("the demo song has no stem " + name);
    }

    Sound mix()
    {
        Sound sum;
        for (auto& c : sum)
            c.assign (static_cast<std::size_t> (rate * seconds), 0.0f);
        for (const auto& player : players())
        {
            const auto& one = of (player.name);
            for (std::size_t c = 0; c < 2; ++c)
                for (std::size_t n = 0; n < sum[c].size(); ++n)
                    sum[c][n] += static_cast<float> (player.level) * one[c][n];
        }
        setPeak (sum, 0.7);
        return sum;
    }

    double start() const
    {
        for (const auto& section : score.sections)
            if (section.name.starts_with ("Chorus"))
                return score.secondsAt (section.beat) + 4;
        throw std::runtime_error ("the demo song has no chorus");
    }

    const studio::DemoScore score = studio::demoScore();
    std::map<std::string, Sound> made;
};

} // namespace lacquer::tests
