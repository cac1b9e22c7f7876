// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/StemNames.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace lacquer::studio
{

namespace
{

struct Family
{
    const char* group;
    const char* colour;
    /// The first row with a word of the name says the part.
    std::vector<std::pair<Part, std::vector<std::string_view>>> parts;
};

// The first family with a word in the name wins: "Vocal room" is a voice, "Electric piano" are keys.
const std::vector<Family>& families()
{
    static const std::vector<Family> all {
        { "Vocals",
          "beni",
          { { Part::backing,
              { "bgvox", "bv", "bvs", "bgv", "bgvs", "choir", "choirs", "backing", "harmony", "harmonies",
                "adlib", "adlibs", "gang" } },
            { Part::lead,
              { "vox", "vocal", "vocals", "voice", "voices", "singer", "sing", "rap", "speech",
                "dialog" } } } },
        { "Drums",
          "kaki",
          { { Part::kick, { "kick", "kik", "bd" } },
            { Part::snare, { "snare", "snr", "sd", "rim" } },
            { Part::toms, { "tom", "toms" } },
            { Part::claps, { "clap", "claps", "snap", "snaps" } },
            { Part::hats, { "hat", "hats", "hihat", "hihats", "hh" } },
            { Part::cymbals, { "cymbal", "cymbals", "ride", "crash", "overhead", "overheads", "oh" } },
            { Part::room, { "room", "rooms" } },
            { Part::drums, { "drum", "drums", "kit", "beat", "break", "fill" } } } },
        { "Percussion",
          "kuri",
          { { Part::percussion,
              { "perc", "percussion", "shaker", "conga", "congas", "bongo", "bongos", "tambourine", "cowbell",
                "triangle", "guiro" } } } },
        { "Bass", "ai", { { Part::bass, { "bass", "sub", "808" } } } },
        { "Keys",
          "asagi",
          { { Part::keys,
              { "keys", "piano", "pno", "rhodes", "organ", "ep", "wurli", "wurlitzer", "clav" } } } },
        { "Guitars",
          "kihada",
          { { Part::guitar, { "guitar", "guitars", "gtr", "gtrs", "git", "acoustic", "electric" } } } },
        { "Synths",
          "sumire",
          { { Part::pad, { "pad", "pads", "strings", "drone", "texture", "atmo", "ambient", "amb" } },
            { Part::leadLine, { "lead", "melody", "topline" } },
            { Part::synth, { "synth", "synths", "arp", "pluck", "plucks", "saw" } } } },
        { "Effects",
          "nezu",
          { { Part::effects,
              { "fx", "effect", "effects", "sfx", "riser", "impact", "sweep", "build", "noise" } } } },
    };
    return all;
}

bool holds (const std::vector<std::string>& words, const std::vector<std::string_view>& some)
{
    return std::any_of (words.begin(), words.end(),
                        [&] (const std::string& w)
                        { return std::find (some.begin(), some.end(), w) != some.end(); });
}

// Of voices: what stands behind the lead whatever else the name says.
const std::vector<std::string_view> behindWords { "backing", "back",   "bg",   "double", "doubles",
                                                  "dbl",     "echo",   "harm", "high",   "low",
                                                  "stack",   "stacks", "fx",   "delay",  "reverb" };
// Of instruments.
const std::vector<std::string_view> leadWords { "lead", "solo" };

} // namespace

std::string_view nameOf (Part part)
{
    static constexpr std::array<std::string_view, 19> names {
        "lead voice", "backing voices", "lead line", "kick",    "snare",      "toms", "claps",
        "hats",       "cymbals",        "room",      "drums",   "percussion", "bass", "guitar",
        "keys",       "synth",          "pad",       "effects", "other"
    };
    return names[static_cast<std::size_t> (part)];
}

session::Priority priorityOf (Part part)
{
    switch (part)
    {
        case Part::lead:
        case Part::leadLine: return session::Priority::lead;
        case Part::backing:
        case Part::room:
        case Part::percussion:
        case Part::pad:
        case Part::effects: return session::Priority::background;
        default: return session::Priority::support;
    }
}

std::vector<std::string> wordsOf (std::string_view name)
{
    enum Kind
    {
        none,
        small,
        capital,
        digit
    };
    const auto kindOf = [] (unsigned char c) {
        return std::isdigit (c) ? digit : std::isupper (c) ? capital : std::isalpha (c) ? small : none;
    };
    std::vector<std::string> words;
    std::string word;
    Kind before = none;
    const auto close = [&]
    {
        if (! word.empty())
            words.push_back (std::exchange (word, {}));
    };
    for (const char letter : name)
    {
        const auto c = static_cast<unsigned char> (letter);
        const auto kind = kindOf (c);
        if (kind == none || (kind == digit) != (before == digit) || (kind == capital && before == small))
            close();
        if (kind != none)
            word += static_cast<char> (std::tolower (c));
        before = kind;
    }
    close();
    return words;
}

Guess guessed (std::string_view trackName)
{
    Guess guess { {}, "matsu", 0, Part::other };
    const auto words = wordsOf (trackName);
    for (const auto& family : families())
    {
        const auto part = std::find_if (family.parts.begin(), family.parts.end(),
                                        [&] (const auto& row) { return holds (words, row.second); });
        if (part == family.parts.end())
            continue;
        guess.group = family.group;
        guess.colour = family.colour;
        guess.part = part->first;
        break;
    }
    if (guess.part == Part::lead && holds (words, behindWords))
        guess.part = Part::backing;
    if ((guess.part == Part::guitar || guess.part == Part::keys || guess.part == Part::synth) &&
        holds (words, leadWords))
        guess.part = Part::leadLine;
    if (words.size() > 1)
    {
        if (words.back() == "l" || words.back() == "left")
            guess.pan = -100;
        if (words.back() == "r" || words.back() == "right")
            guess.pan = 100;
    }
    return guess;
}

} // namespace lacquer::studio
