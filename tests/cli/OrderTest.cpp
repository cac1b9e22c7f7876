// SPDX-License-Identifier: GPL-3.0-or-later
// Stems, clips and folders by the command line: what it refuses, and what it tells scripts.
#include "Run.h"
#include "support/Folder.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>

namespace fs = std::filesystem;
using nlohmann::json;

namespace
{

struct Desk
{
    lacquer::tests::Folder folder { "cli-order" };
    std::string said;

    int lacquer (const std::string& arguments) { return lacquer::tests::run (folder.path, arguments, said); }
    void well (const std::string& arguments)
    {
        const int code = lacquer (arguments);
        INFO (arguments << ": " << said);
        REQUIRE (code == 0);
    }
    json answer (const std::string& arguments)
    {
        well (arguments);
        INFO (arguments << ": " << said);
        REQUIRE (json::accept (said));
        return json::parse (said);
    }
    /// Refused in one sentence that holds `what`.
    void refused (const std::string& arguments, const std::string& what, int code = 3)
    {
        const int got = lacquer (arguments);
        INFO (arguments << ": " << said);
        CHECK (got == code);
        CHECK (said.find (what) != std::string::npos);
        if (code == 3)
        {
            CHECK (said.starts_with ("lacquer: "));
            CHECK (said.find ('\n') == said.size() - 1);
        }
    }
    void shell (const std::string& command)
    {
        INFO (command);
        REQUIRE (std::system (("cd '" + folder.path.string() + "' && " + command + " </dev/null").c_str()) ==
                 0);
    }
    json song() { return answer ("show @/Song --json")["songs"][0]; }
    json track (const std::string& name)
    {
        const auto tracks = song()["tracks"];
        for (const auto& t : tracks)
            if (t["name"] == name)
                return t;
        FAIL ("no track " << name);
        return {};
    }
    std::string clip (const std::string& name) { return track (name)["clips"][0]["address"]; }
    /// Names and sizes of all files but the lock, with the project's text.
    std::map<std::string, std::string> tree() const
    {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator (folder / "Song"))
        {
            const auto name = entry.path().lexically_relative (folder.path).string();
            if (! entry.is_regular_file() || name.ends_with (".lock") ||
                name.find ("Peaks/") != std::string::npos)
                continue;
            std::ifstream in (entry.path(), std::ios::binary);
            files[name] = name.ends_with (".lacquer") ? std::string (std::istreambuf_iterator<char> (in), {})
                                                      : std::to_string (entry.file_size());
        }
        return files;
    }
};

} // namespace

TEST_CASE ("a stem is replaced by a younger bounce, and a bounce that cannot be read leaves all as it was")
{
    Desk desk;
    desk.shell ("mkdir Bounce New && sox -R -n -r 48000 -c 1 -b 24 Bounce/Kick.wav synth 2 sin 60 gain -6 && "
                "sox -R -n -r 48000 -c 1 -b 24 Bounce/Bass.wav synth 2 sin 90 gain -6");
    desk.well ("new @/Song --no-balance --stems @/Bounce");
    CHECK (desk.answer ("replace @/Song --offers @/Bounce --json").empty());
    CHECK (desk.answer ("replace @/Song --offers --json").empty()); // where they came from: nothing newer
    desk.refused ("replace @/Song --offers @/Nowhere", "no such folder");
    desk.refused ("replace @/Song", "say which stem", 2);

    // The first is good, the second is no sound.
    desk.shell ("sox -R -n -r 48000 -c 1 -b 24 New/Bass.wav synth 1 sin 95 gain -6 && echo sound > "
                "New/Kick.wav && touch -d '1 hour' New/*");
    const auto before = desk.tree();
    REQUIRE (desk.lacquer ("replace @/Song --offers @/New --all") == 3);
    CHECK (desk.tree() == before);
    desk.well ("edit @/Song add-marker 0 Here"); // opens for editing: nothing comes back
    CHECK (desk.track ("Bass")["clips"][0]["length"] == 96000);

    desk.well ("freeze @/Song track:Bass");
    desk.well ("edit @/Song trim-clip " + desk.clip ("Bass") + " 0 1.5");
    desk.well ("replace @/Song track:Bass @/New/Bass.wav");
    CHECK (desk.said.find ("The track \"Bass\" was frozen with the old sound and is not any more.") !=
           std::string::npos);
    CHECK (desk.said.find ("The track \"Bass\" has a clip that reaches beyond the end of the new file") !=
           std::string::npos);
    CHECK (desk.track ("Bass")["frozen"] == false);
    const auto taken = desk.answer ("replace @/Song track:Kick @/New/Bass.wav --json");
    REQUIRE (taken.size() == 1);
    CHECK (taken[0]["track"] == "Kick");
}

TEST_CASE ("freeze and edit tell scripts what they made, and what is not frozen is not unfrozen")
{
    Desk desk;
    desk.shell ("sox -R -n -r 48000 -c 1 -b 24 Kick.wav synth 1 sin 60 gain -6");
    desk.well ("new @/Song --no-balance --stems @/Kick.wav");
    desk.refused ("edit @/Song unfreeze track:Kick", "The track \"Kick\" is not frozen.");
    const auto frozen = desk.answer ("freeze @/Song track:Kick --json");
    REQUIRE (frozen.size() == 1);
    CHECK (frozen[0]["track"] == "track:Kick");
    CHECK (fs::exists (desk.folder / "Song" / frozen[0]["file"].get<std::string>()));
    CHECK (frozen[0]["frames"] >= 48000);
    desk.refused ("freeze @/Song track:Kick", "The track \"Kick\" is frozen already.");
    desk.well ("edit @/Song unfreeze track:Kick");

    const auto split = desk.answer ("edit @/Song split-clip " + desk.clip ("Kick") + " 0.25 --json");
    CHECK (split["label"] == "Split clip");
    REQUIRE (split["made"].is_string());
    const auto right = split["made"].get<std::string>();
    desk.well ("edit @/Song move-clips " + right + " 0.5");
    const auto clips = desk.track ("Kick")["clips"];
    REQUIRE (clips.size() == 2);
    CHECK (clips[1]["address"] == right);
    CHECK (clips[1]["start"] == 36000); // (0.25 s + 0.5 s) * 48000 Hz
    desk.well ("edit @/Song move-clips " + right + " -250ms");
    CHECK (desk.track ("Kick")["clips"][1]["start"] == 24000);

    std::ofstream (desk.folder / "steps.json") << R"([{"op": "add-track", "name": "Guide"},
        {"op": "add-marker", "at": "1", "name": "Verse"}, {"op": "set-notes", "what": "track:Guide", "text": "x"}])";
    const auto steps = desk.answer ("apply @/Song @/steps.json --json");
    REQUIRE (steps.size() == 3);
    CHECK (steps[0]["made"] == "track:Guide");
    REQUIRE (steps[1]["made"].is_string());
    CHECK (steps[1]["made"].get<std::string>().starts_with ("marker:"));
    CHECK (steps[2]["made"].is_null());
    const auto set = desk.answer ("set @/Song track:Kick/fader.level=-3dB --json");
    CHECK (set == json::parse (R"([{"address": "track:Kick/fader.level", "before": "0.0 dB",
                                   "after": "-3.0 dB"}])"));
    CHECK (desk.answer ("clean @/Song --json")["files"].size() == 1); // what was frozen
    CHECK (desk.answer ("automate @/Song track:Kick/fader.level --points '0:0, 1:-6, 1:-3' --json") ==
           json::parse (R"({"address": "track:Kick/fader.level", "points": 2})")); // of one place the last
    CHECK (desk.answer ("edit @/Song set-metre 3/4 --json")["label"] == "Change metre");
    CHECK (desk.answer ("edit @/Song set-tempo 90 --json")["label"] == "Change tempo");
    CHECK (desk.answer ("collect @/Song --json") == json::parse (R"({"files": 0})"));
}

TEST_CASE ("a clip comes to the peak and the loudness that ffmpeg reads")
{
    Desk desk;
    desk.shell ("sox -R -n -r 48000 -c 2 -b 24 Noise.wav synth 8 pinknoise gain -18 && "
                "sox -R -n -r 48000 -c 1 -b 24 Tick.wav synth 0.2 sin 500 gain -10");
    desk.well ("new @/Song --no-balance --stems @/Noise.wav @/Tick.wav");
    const auto read = [&] (const char* what)
    {
        desk.well ("render @/Song --tap track:Noise --dither none --bits 32f --to 8 -o @/out.wav");
        desk.shell ("ffmpeg -nostats -i out.wav -af ebur128=peak=true -f null - 2> level.txt");
        std::ifstream in (desk.folder / "level.txt");
        const std::string text (std::istreambuf_iterator<char> (in), {});
        std::smatch found;
        INFO (text);
        REQUIRE (text.rfind ("Summary:") != std::string::npos);
        const auto summary = text.substr (text.rfind ("Summary:"));
        REQUIRE (std::regex_search (summary, found, std::regex (std::string (what) + ":\\s+(-?[0-9.]+)")));
        fs::remove (desk.folder / "out.wav");
        return std::stod (found[1]);
    };
    desk.well ("edit @/Song normalise-clip " + desk.clip ("Noise") + " -20LUFS loudness");
    CHECK (read ("I") == Approx (-20).margin (0.11)); // ffmpeg prints tenths
    desk.well ("edit @/Song normalise-clip " + desk.clip ("Noise") + " '-3 dBTP'");
    CHECK (read ("Peak") == Approx (-3).margin (0.11));
    desk.refused ("edit @/Song normalise-clip " + desk.clip ("Tick") + " -20 loudness",
                  "too short or too soft to have a loudness");
    desk.refused ("edit @/Song normalise-clip " + desk.clip ("Tick") + " nan", "\"nan\" is not a number");
    desk.well ("edit @/Song strip-silence " + desk.clip ("Tick") + " threshold=-48dB hold=20ms fade=2ms");
}

TEST_CASE (
    "a clip does not reach beyond its file, and a position that is none is told with what would be one")
{
    Desk desk;
    desk.shell ("sox -R -n -r 48000 -c 1 -b 24 Kick.wav synth 1 sin 60 gain -6");
    desk.well ("new @/Song --no-balance --stems @/Kick.wav");
    const auto clip = desk.clip ("Kick");
    desk.refused ("edit @/Song trim-clip " + clip + " 0.1 99999", "does not reach that far");
    desk.refused ("edit @/Song add-clip track:Kick " +
                      desk.track ("Kick")["clips"][0]["media"].get<std::string>() + " 2 length=99999",
                  "does not reach that far");
    desk.refused ("edit @/Song trim-clip " + clip + " -1 0.5", "\"-1\" is not a position.");
    desk.refused ("edit @/Song mute-clips " + clip + " maybe", "\"maybe\" is neither on nor off.");
    desk.well ("edit @/Song fade-clip " + clip + " in=20ms");
    CHECK (desk.track ("Kick")["clips"][0]["fade_in"] == 960); // 20 ms at 48 kHz
}

TEST_CASE ("a folder without a name, a file in its place and a rate that is no number are refused")
{
    Desk desk;
    desk.shell ("sox -R -n -r 48000 -c 1 -b 24 Kick.wav synth 0.1 sin 60 gain -6 && touch Empty");
    desk.well ("new @/Song --no-balance --stems @/Kick.wav");
    for (const auto* verb :
         { "new '' --stems @/Kick.wav", "demo ''", "save-as @/Song ''", "restore @/Song.zip ''" })
        desk.refused (verb, "The name of the folder is empty.");
    for (const auto* verb : { "new @/Empty --stems @/Kick.wav", "demo @/Empty", "save-as @/Song @/Empty" })
        desk.refused (verb, "A file has this name.");
    desk.refused ("new @/Other --rate nan --stems @/Kick.wav", "\"nan\" is not a number from 8000 to 768000",
                  2);
    std::ofstream (desk.folder / "steps.json")
        << R"([{"op": "add-track", "name": "A"}, {"op": "add-track"}])";
    desk.refused ("apply @/Song @/steps.json", "Edit 2: The edit add-track needs name");
    desk.shell ("head -c 3000 /dev/urandom > Torn.zip");
    desk.refused ("restore @/Torn.zip @/Other", "This is not a ZIP archive, or only a part of one.");
    desk.refused ("restore @/None.zip @/Other", "because it does not exist");
    desk.refused ("restore @/Song @/Other", "because it is not a file");
    desk.refused ("set @/Kick.wav mix/fader.level=0", "This is not a project.");
    CHECK_FALSE (fs::exists (desk.folder / ".Kick.wav.lock"));
    desk.refused ("archive @/Song @/nowhere/Song.zip", "its folder does not exist");
    CHECK_FALSE (fs::exists (desk.folder / "Other"));
}
