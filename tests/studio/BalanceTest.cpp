// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Writer.h"
#include "session/Find.h"
#include "studio/Catalogue.h"
#include "studio/NewProject.h"
#include "studio/Render.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>

using namespace lacquer;
using namespace lacquer::studio;
namespace fs = std::filesystem;

namespace
{

struct Folder
{
    fs::path path;
    Folder()
    {
        auto name = (fs::temp_directory_path() / "lacquer-balance-XXXXXX").string();
        REQUIRE (::mkdtemp (name.data()) != nullptr);
        path = name;
        fs::create_directories (path / "stems");
    }
    ~Folder() { fs::remove_all (path); }
    Folder (const Folder&) = delete;
    Folder& operator= (const Folder&) = delete;

    void write (const std::string& name, const std::vector<float>& sound) const
    {
        auto writer =
            files::Writer::opened (path / "stems" / (name + ".wav"),
                                   { .encoding = files::Encoding::wavFloat, .rate = 48000, .channels = 1 });
        REQUIRE (writer);
        const float* lanes[] { sound.data() };
        REQUIRE ((*writer)->write (lanes, static_cast<int> (sound.size())));
        REQUIRE ((*writer)->finish());
    }
    NewProject made() const
    {
        auto result = projectFromStems (path / "Song", "Song", soundFilesIn ({ path / "stems" }), {});
        if (! result)
            FAIL (result.problem().sentence());
        return *std::move (result);
    }
};

/// 997 Hz, of which BS.1770 says 20 log10 (amplitude) - 3.01 LUFS for one channel.
std::vector<float> sine (double amplitude, double seconds, double from = 0, double to = 1e9)
{
    std::vector<float> s (static_cast<std::size_t> (seconds * 48000));
    for (std::size_t n = 0; n < s.size(); ++n)
        if (const double t = static_cast<double> (n) / 48000; t >= from && t < to)
            s[n] = static_cast<float> (amplitude * std::sin (2 * M_PI * 997 * t));
    return s;
}

double valueOf (const session::Project& p, const std::string& track, const char* id)
{
    for (const auto& t : p.songs[0]->tracks)
        if (t->strip.name == track)
        {
            const auto table = stripTable();
            const auto at = t->strip.values.find (id);
            const auto& param = table[static_cast<std::size_t> (indexOf (table, id))];
            return static_cast<double> (at == t->strip.values.end() ? param.initial
                                                                    : numberOf (param, at->second));
        }
    FAIL ("no track " << track);
    return 0;
}

double gainIn (const session::Project& p, const std::string& track)
{
    return valueOf (p, track, "trim.gain") + valueOf (p, track, "fader.level");
}

double mixPeak (const session::Project& p, const fs::path& folder)
{
    double most = 0;
    Rendering job;
    job.tap.point = Tap::Point::mix;
    REQUIRE (render (p, folder, *p.songs[0], job,
                     [&] (const float* const* channels, int frames) -> Outcome
                     {
                         for (int c = 0; c < 2; ++c)
                             for (int n = 0; n < frames; ++n)
                             {
                                 REQUIRE (std::isfinite (channels[c][n]));
                                 most = std::max (most, static_cast<double> (std::abs (channels[c][n])));
                             }
                         return {};
                     }));
    return 20 * std::log10 (most);
}

} // namespace

TEST_CASE ("names of stems tell their part, group and side")
{
    const auto is = [] (const char* name, Part part, const std::string& group, double pan = 0)
    {
        INFO (name);
        const auto guess = guessed (name);
        CHECK (nameOf (guess.part) == nameOf (part));
        CHECK (guess.group == group);
        CHECK (guess.pan == pan);
    };
    is ("VOX LEAD", Part::lead, "Vocals");
    is ("LeadVox2", Part::lead, "Vocals");
    is ("BGVOX HIGH", Part::backing, "Vocals");
    is ("Lead Vox Double", Part::backing, "Vocals");
    is ("03_Kick In", Part::kick, "Drums");
    is ("Kick2", Part::kick, "Drums");
    is ("Snr Top", Part::snare, "Drums");
    is ("OH L", Part::cymbals, "Drums", -100);
    is ("Drum Room_R", Part::room, "Drums", 100);
    is ("808", Part::bass, "Bass");
    is ("Electric piano", Part::keys, "Keys");
    is ("Electric bass", Part::bass, "Bass");
    is ("Gtr Solo", Part::leadLine, "Guitars");
    is ("Lead", Part::leadLine, "Synths");
    is ("Something", Part::other, "");
}

TEST_CASE ("a first balance gives each part its loudness beside the lead and the mix bus -6 dBFS")
{
    const Folder folder;
    folder.write ("Lead Vox", sine (0.5, 9));
    folder.write ("Bass", sine (0.02, 9));
    folder.write ("Gtr 1", sine (0.1, 9, 0, 4.5));
    folder.write ("Gtr 2", sine (0.2, 9, 0, 4.5));
    folder.write ("Gtr 3", sine (0.2, 9, 4.5, 9));
    const auto made = folder.made();
    const auto& p = made.project;
    // Loudness after the strip: 20 log10 (amplitude) and the gains; differences are the table's targets. Two
    // guitars sound together and take 3 dB off each; the third sounds alone.
    const auto level = [&] (const char* name, double amplitude)
    { return 20 * std::log10 (amplitude) + gainIn (p, name); };
    const double lead = level ("Lead Vox", 0.5);
    CHECK (level ("Bass", 0.02) - lead == Approx (-5).margin (0.2));
    CHECK (level ("Gtr 3", 0.2) - lead == Approx (-7).margin (0.6));
    CHECK (level ("Gtr 1", 0.1) - lead ==
           Approx (-7 - 3.01).margin (0.6)); // windows of 400 ms blur the edges
    CHECK (level ("Gtr 2", 0.2) - level ("Gtr 1", 0.1) == Approx (0).margin (0.2));
    // Trims bring what sounds to -20 LUFS.
    CHECK (valueOf (p, "Lead Vox", "trim.gain") ==
           Approx (-20 - (20 * std::log10 (0.5) - 3.01)).margin (0.1));
    CHECK (mixPeak (p, folder.path / "Song") == Approx (-6).margin (0.1));
    REQUIRE (made.peak);
    CHECK (*made.peak == Approx (-6).margin (0.1));
}

TEST_CASE (
    "stems that are silent or broken or one frame long neither stop a first balance nor become the mix")
{
    const Folder folder;
    folder.write ("Vox", sine (0.1, 2));
    folder.write ("Silence", std::vector<float> (96000));
    folder.write ("Click", { 0.5f });
    auto torn = sine (0.1, 2);
    torn[1000] = std::numeric_limits<float>::quiet_NaN();
    torn[2000] = std::numeric_limits<float>::infinity();
    folder.write ("Bass", torn);
    folder.write ("Snare", sine (0.2, 0.1)); // shorter than a gate's block
    folder.write ("Hiss", sine (0.0003, 2)); // -73.5 LUFS
    const auto made = folder.made();
    CHECK (mixPeak (made.project, folder.path / "Song") == Approx (-6).margin (0.1));
    CHECK (gainIn (made.project, "Silence") == 0);
    CHECK (gainIn (made.project, "Hiss") == 0);
    // 0.1 s of a sine in a window of 0.4 s: -23 LUFS, as the voice; so 4 dB less gain than the voice.
    CHECK (gainIn (made.project, "Snare") - gainIn (made.project, "Vox") == Approx (-4).margin (0.2));
    // By its loudness the click would be raised by 24 dB and more; as the loudest peak it stays at -6 dBFS.
    CHECK (gainIn (made.project, "Click") < 4);

    const Folder nothing;
    nothing.write ("Kick", std::vector<float> (48000));
    nothing.write ("Empty", {});
    const auto silent = nothing.made();
    CHECK_FALSE (silent.peak);
    CHECK (silent.project.songs[0]->tracks.size() == 1); // a file without a frame is not taken
    CHECK (silent.notes.size() == 1);
    CHECK (gainIn (silent.project, "Kick") == 0);
}

TEST_CASE ("every step of setting a song up is undone by itself and every decision by its edits")
{
    const Folder folder;
    folder.write ("Vox", sine (0.1, 1));
    folder.write ("Vox BG L", sine (0.1, 1));
    folder.write ("Kick", sine (0.3, 1));
    folder.write ("Snare R", sine (0.3, 1));
    const auto made = folder.made();
    auto studio = createdFrom ((folder.path / "Song").string(), made);
    REQUIRE (studio);
    CHECK (studio->project() == made.project);
    CHECK_FALSE (studio->unsaved());
    for (const auto* label : { "First balance", "Add returns and mastering chain",
                               "Group tracks by their names", "Colour and pan tracks by their names" })
    {
        CHECK (studio->undoLabel() == label);
        studio->undo();
    }
    CHECK_FALSE (studio->canUndo());
    CHECK (studio->project() == made.plain);

    auto back = made.project;
    for (auto d = made.decisions.rbegin(); d != made.decisions.rend(); ++d)
        for (const auto& call : d->back)
        {
            auto edit = session::applied (back, call.op, call.arguments, catalogue());
            INFO (d->address << ": " << d->what << ", " << call.op);
            if (! edit)
                FAIL (edit.problem().sentence());
            back = std::move (edit->project);
        }
    back.nextId = made.plain.nextId; // ids are never used again
    CHECK (back == made.plain);
}
