// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Verb.h"
#include "studio/MixComparison.h"
#include "studio/Studio.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

namespace lacquer::cli
{

namespace
{

struct Options
{
    std::string a, b, song;
    bool mix = false, json = false;
};

/// A project folder or its file, else a sound file.
Result<studio::MixReading> read (const std::string& path, const Options& o)
{
    std::error_code error;
    ProgressBar bar ("Listening to " + path);
    if (! std::filesystem::is_directory (path, error) && ! path.ends_with (".lacquer"))
        return studio::readMix (path, bar.progress());
    const auto studio = studio::Studio::opened (path, session::ProjectFolder::Use::read);
    if (! studio)
        return studio.problem();
    for (const auto& note : studio->notes())
        std::cerr << "lacquer: " << note << "\n";
    const auto song = studio->song (o.song);
    if (! song)
        return song.problem();
    return studio::readMix (studio->project(), studio->folder(), **song,
                            o.mix ? studio::Tap::Point::mix : studio::Tap::Point::master, {}, bar.progress());
}

std::string text (std::optional<double> value, const char* unit, bool sign = false)
{
    if (! value)
        return "-";
    std::array<char, 64> t {};
    // Rounded first, so that there is no "-0.0".
    std::snprintf (t.data(), t.size(), sign ? "%+.1f%s" : "%.1f%s", std::round (*value * 10) / 10 + 0.0,
                   unit);
    return t.data();
}

nlohmann::json toJson (const std::string& path, const studio::MixReading& r)
{
    auto octaves = nlohmann::json::array();
    for (const auto& level : r.octaves)
        octaves.push_back (numberOrNull (level));
    return { { "what", path },
             { "integrated_lufs", numberOrNull (r.loudness.integrated) },
             { "max_short_term_lufs", numberOrNull (r.loudness.maxShortTerm) },
             { "lra_lu", numberOrNull (r.loudness.range) },
             { "true_peak_dbtp", numberOrNull (r.loudness.truePeak) },
             { "plr_lu", numberOrNull (r.loudness.plr()) },
             { "octaves_db", std::move (octaves) } };
}

void tellAsJson (const Options& o, const studio::MixReading& a, const studio::MixReading& b,
                 const studio::MixDifference& d)
{
    auto octaves = nlohmann::json::array();
    for (int n = 0; n < measure::OctaveLevels::octaves; ++n)
        octaves.push_back ({ { "hertz", measure::OctaveLevels::centreOf (n) },
                             { "db", numberOrNull (d.octaves[static_cast<std::size_t> (n)]) } });
    const nlohmann::json all { { "a", toJson (o.a, a) },
                               { "b", toJson (o.b, b) },
                               { "matching_gain_db", numberOrNull (d.gain) },
                               { "octaves", std::move (octaves) },
                               { "tilt_db_per_octave", numberOrNull (d.tilt) } };
    tellJson (all);
}

void tell (const Options& o, const studio::MixReading& a, const studio::MixReading& b,
           const studio::MixDifference& d)
{
    const auto line = [] (char letter, const std::string& path, const studio::MixReading& r)
    {
        std::cout << letter << "  " << path << ": " << text (r.loudness.integrated, " LUFS")
                  << ", short-term max " << text (r.loudness.maxShortTerm, " LUFS") << ", range "
                  << text (r.loudness.range, " LU") << ", true peak " << text (r.loudness.truePeak, " dBTP")
                  << "\n";
    };
    line ('A', o.a, a);
    line ('B', o.b, b);
    if (! d.gain)
    {
        std::cout << "One of them is silent: there is nothing to match.\n";
        return;
    }
    if (std::abs (*d.gain) < 0.05)
        std::cout << "Both are equally loud.\n";
    else
        std::cout << "B is " << text (std::abs (*d.gain), " LU") << (*d.gain < 0 ? " louder: " : " softer: ")
                  << text (d.gain, " dB", true) << " on B makes them equally loud.\n";
    std::cout << "At equal loudness B has, in dB beside A:\n";
    for (int n = 0; n < measure::OctaveLevels::octaves; ++n)
    {
        const auto hertz = std::to_string (std::lround (measure::OctaveLevels::centreOf (n)));
        std::cout << std::string (8 - hertz.size(), ' ') << hertz << " Hz  "
                  << text (d.octaves[static_cast<std::size_t> (n)], "", true) << "\n";
    }
    if (d.tilt)
        std::cout << "Tone: "
                  << (std::abs (*d.tilt) < 0.05
                          ? std::string ("the same balance of lows and highs.")
                          : "B is " + std::string (*d.tilt > 0 ? "brighter" : "darker") + " by " +
                                text (std::abs (*d.tilt), " dB") + " per octave.")
                  << "\n";
}

} // namespace

std::function<Result<int>()> compare (CLI::App& app)
{
    auto o = std::make_shared<Options>();
    app.add_option ("A", o->a, "A project folder, its .lacquer file, or a sound file.")->required();
    app.add_option ("B", o->b, "What is held against it: the same.")->required();
    app.add_option ("--song", o->song, "The song of the projects; without it the first.");
    app.add_flag ("--mix", o->mix, "Projects before the mastering chain.");
    app.add_flag ("--json", o->json, "As JSON.");
    return [o]() -> Result<int>
    {
        const auto a = read (o->a, *o);
        if (! a)
            return a.problem();
        const auto b = read (o->b, *o);
        if (! b)
            return b.problem();
        (o->json ? tellAsJson : tell) (*o, *a, *b, studio::differenceOf (*a, *b));
        return Exit::done;
    };
}

} // namespace lacquer::cli
