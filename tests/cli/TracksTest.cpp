// SPDX-License-Identifier: GPL-3.0-or-later
// Freezing, aligning, comparing and importing by the command line, with sounds made by ffmpeg and sox.
#include "Run.h"
#include "files/Hash.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace fs = std::filesystem;
using nlohmann::json;

namespace
{

struct Folder
{
    fs::path path;
    std::string said;

    Folder()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-cli-tracks-XXXXXX").string();
        REQUIRE (::mkdtemp (pattern.data()) != nullptr);
        path = pattern;
    }
    ~Folder()
    {
        std::error_code error;
        fs::remove_all (path, error);
    }
    int lacquer (const std::string& arguments) { return lacquer::tests::run (path, arguments, said); }
    json answer (const std::string& arguments)
    {
        const int code = lacquer (arguments);
        INFO (arguments << ": " << said);
        REQUIRE (code == 0);
        return json::parse (said);
    }
    void shell (const std::string& command)
    {
        INFO (command);
        REQUIRE (std::system (("cd '" + path.string() + "' && " + command + " </dev/null").c_str()) == 0);
    }
    std::string mixHash()
    {
        INFO (said);
        REQUIRE (lacquer ("render @/Song --tap mix --dither none --bits 32f -o @/mix.wav") == 0);
        const auto hash = lacquer::files::contentHash (path / "mix.wav");
        REQUIRE (hash);
        fs::remove (path / "mix.wav");
        return *hash;
    }
};

} // namespace

TEST_CASE ("freezing and unfreezing leave every bit of the mix")
{
    Folder folder;
    folder.shell ("ffmpeg -v error -f lavfi -i anoisesrc=a=0.2:seed=3:r=48000:d=2 Kick.wav && "
                  "ffmpeg -v error -f lavfi -i 'sine=220:r=48000:d=2' Bass.wav");
    REQUIRE (folder.lacquer ("new @/Song --no-balance --stems @/Kick.wav @/Bass.wav") == 0);
    REQUIRE (folder.lacquer ("edit @/Song add-effect track:Kick compressor") == 0);
    REQUIRE (folder.lacquer ("set @/Song track:Kick/eq.band3.gain=4 track:Kick/fader.level=-3") == 0);
    const auto plain = folder.mixHash();
    REQUIRE (folder.lacquer ("freeze @/Song track:Kick") == 0);
    const auto frozen = [&]
    { return folder.answer ("show @/Song --json")["songs"][0]["tracks"][0]["frozen"].get<bool>(); };
    CHECK (frozen());
    CHECK (folder.mixHash() == plain);
    // What is frozen is not heard any more, so it cannot be changed unheard; the fader still is.
    CHECK (folder.lacquer ("freeze @/Song track:Kick") == 3);
    CHECK (folder.said.find ("frozen already") != std::string::npos);
    CHECK (folder.lacquer ("freeze @/Song mix") == 3);
    CHECK (folder.lacquer ("freeze @/Song track:Nobody") == 3);
    CHECK (folder.lacquer ("freeze @/Song") == 2);
    REQUIRE (folder.lacquer ("set @/Song track:Kick/fader.level=-9") == 0);
    CHECK (folder.mixHash() != plain);
    REQUIRE (folder.lacquer ("set @/Song track:Kick/fader.level=-3") == 0);
    REQUIRE (folder.lacquer ("edit @/Song unfreeze track:Kick") == 0);
    CHECK_FALSE (frozen());
    CHECK (folder.mixHash() == plain);
    CHECK (folder.lacquer ("edit @/Song unfreeze track:Kick") == 3);
}

TEST_CASE ("align finds the delay and the polarity that sox put on a track, and sets them")
{
    Folder folder;
    folder.shell ("sox -R -n -r 48000 -c 1 -b 24 In.wav synth 3 pinknoise gain -12 && "
                  "sox In.wav Out.wav vol -1 delay 137s");
    REQUIRE (folder.lacquer ("new @/Song --no-balance --stems @/In.wav @/Out.wav") == 0);
    const auto told = folder.answer ("align @/Song --reference track:In track:Out --json");
    REQUIRE (told.size() == 1);
    CHECK (told[0]["track"] == "track:Out");
    CHECK (told[0]["related"] == true);
    CHECK (told[0]["frames_later"].get<double>() == Approx (137).margin (0.05)); // as sox was told
    CHECK (told[0]["milliseconds_later"].get<double>() == Approx (137 / 48.0).margin (0.001));
    CHECK (told[0]["inverted"] == true);
    CHECK (folder.answer ("show @/Song --json")["songs"][0]["tracks"][1]["delay_frames"] == 0); // only told
    REQUIRE (folder.lacquer ("align @/Song --reference track:In track:Out --apply") == 0);
    const auto again = folder.answer ("align @/Song --reference track:In track:Out --json");
    CHECK (again[0]["frames_later"].get<double>() == Approx (0).margin (0.05));
    CHECK (again[0]["inverted"] == false);
    CHECK (folder.lacquer ("align @/Song --reference track:In track:In") == 3);
    CHECK (folder.lacquer ("align @/Song --reference track:Nobody track:Out") == 3);
    CHECK (folder.lacquer ("align @/Song track:Out") == 2);
}

TEST_CASE ("compare tells the gain and the octave that sox put between two mixes")
{
    Folder folder;
    folder.shell ("sox -R -n -r 48000 -c 2 -b 24 A.wav synth 8 pinknoise gain -15 && "
                  "sox A.wav Softer.wav gain -4 && sox A.wav Bright.wav treble 6 2000");
    const auto softer = folder.answer ("compare @/A.wav @/Softer.wav --json");
    CHECK (softer["matching_gain_db"].get<double>() == Approx (4).margin (0.02));
    for (const auto& octave : softer["octaves"])
        if (! octave["db"].is_null())
            CHECK (octave["db"].get<double>() == Approx (0).margin (0.02)); // at equal loudness all is equal
    const auto bright = folder.answer ("compare @/A.wav @/Bright.wav --json");
    CHECK (bright["matching_gain_db"].get<double>() < -0.5);
    CHECK (bright["tilt_db_per_octave"].get<double>() > 0.2);
    // A shelf of 6 dB: the top octave is 6 dB above the lowest ones, whatever the matching took away.
    const auto db = [&] (double hertz)
    {
        for (const auto& octave : bright["octaves"])
            if (std::abs (octave["hertz"].get<double>() / hertz - 1) < 0.1)
                return octave["db"].get<double>();
        return std::nan ("");
    };
    CHECK (db (16000) - db (63) == Approx (6).margin (0.3));
    REQUIRE (folder.lacquer ("compare @/A.wav @/Softer.wav") == 0);
    CHECK (folder.said.find ("+4.0 dB on B") != std::string::npos);
    CHECK (folder.lacquer ("compare @/A.wav @/None.wav") == 3);
    CHECK (folder.lacquer ("compare @/A.wav") == 2);
}

TEST_CASE ("broadcast waves written by ffmpeg lie where they were recorded, at the tempo of their names")
{
    Folder folder;
    fs::create_directory (folder.path / "Bounce");
    // An hour after midnight, and 12345 samples later.
    const auto record = [&] (const std::string& name, const std::string& reference)
    {
        folder.shell (
            "ffmpeg -v error -f lavfi -i sine=100:r=48000:d=1 -write_bext 1 -metadata time_reference=" +
            reference + " 'Bounce/" + name + "'");
    };
    record ("Kick_96bpm.wav", "172800000");
    record ("Bass_96bpm.wav", "172812345");
    REQUIRE (folder.lacquer ("new @/Song --no-balance --stems @/Bounce") == 0);
    CHECK (folder.said.find ("The tempo is 96: a file tells it by its name.") != std::string::npos);
    CHECK (folder.said.find ("each lies where it was recorded") != std::string::npos);
    const auto song = folder.answer ("show @/Song --json")["songs"][0];
    CHECK (song["time"]["tempi"][0]["bpm"] == 96);
    for (const auto& track : song["tracks"])
        CHECK (track["clips"][0]["start"] ==
               (track["name"].get<std::string>().starts_with ("Bass") ? 12345 : 0));
}

TEST_CASE ("sound files are added to a song: at a time, on a track, where they were recorded; or none are")
{
    Folder folder;
    folder.shell (
        "mkdir Late Takes Empty; tone() { sox -R -n -r $2 -c 1 -b 24 \"$1\" synth 1 sin 440 gain -6; }; "
        "tone Kick.wav 48000; tone Late/Solo.wav 44100; tone Bass_96bpm.wav 48000; echo sound > Bad.wav; "
        "for t in 172800000 172900000; do ffmpeg -v error -i Kick.wav -write_bext 1 -metadata "
        "time_reference=$t Takes/$t.wav; done");
    REQUIRE (folder.lacquer ("new @/Song --no-balance --stems @/Kick.wav") == 0);

    // Bar 2 of 4/4 at 120 beats a minute is at 2 s: 96000 frames of 48 kHz. A second of 44.1 kHz is 48000.
    const auto solo = folder.answer ("import @/Song @/Late --at '2|1' --json")["clips"];
    REQUIRE (solo.size() == 1);
    CHECK (solo[0]["track"] == "track:Solo");
    CHECK (solo[0]["start"] == 96000);
    CHECK (solo[0]["length"] == 48000);
    REQUIRE (
        folder.lacquer ("render @/Song --tap track:Solo --dither none --bits 32f --to 4 -o @/Solo.wav") == 0);
    // Where sox finds the first and the last sound above -60 dB.
    folder.shell (
        "sox Solo.wav Head.wav silence 1 1s -60d && sox Head.wav Sound.wav reverse silence 1 1s -60d && "
        "soxi -s Solo.wav Head.wav Sound.wav > lengths.txt && awk '{ n[NR] = $1 } END { head = n[1] - n[2]; "
        "exit ! (head >= 95990 && head <= 96010 && n[3] >= 47980 && n[3] <= 48020) }' lengths.txt");

    // 100000 frames lie between the two stamps; the earlier one is at half a second.
    const auto takes = folder.answer ("import @/Song @/Takes --track Solo --at 0.5 --json");
    REQUIRE (takes["clips"].size() == 2);
    CHECK (takes["clips"][0]["start"] == 24000);
    CHECK (takes["clips"][1]["start"] == 124000);
    CHECK (takes["clips"][1]["track"] == "track:Solo");
    CHECK (takes["notes"][0] == "Every file has a time stamp: each lies where it was recorded.");

    const auto tempo = [&] (int n)
    { return folder.answer ("show @/Song --json")["songs"][n]["time"]["tempi"][0]["bpm"].get<double>(); };
    REQUIRE (folder.lacquer ("import @/Song @/Bass_96bpm.wav") == 0);
    CHECK (folder.said.find ("The tempo is 96: a file tells it by its name. The song keeps its own.") !=
           std::string::npos);
    CHECK (tempo (0) == 120);
    REQUIRE (folder.lacquer ("edit @/Song add-song Two") == 0);
    REQUIRE (folder.lacquer ("import @/Song @/Bass_96bpm.wav --song Two") == 0);
    CHECK (tempo (1) == 96);

    const auto state = [&]
    {
        folder.shell ("(ls Song/Audio; cat Song/Song.lacquer) > state.txt");
        const auto hash = lacquer::files::contentHash (folder.path / "state.txt");
        REQUIRE (hash);
        return *hash;
    };
    const auto before = state();
    for (const auto& [arguments, why] :
         { std::pair { "@/Kick.wav @/Bad.wav", "Bad.wav" },
           { "@/Kick.wav @/None.wav", "None.wav" },
           { "@/Kick.wav @/Bass_96bpm.wav --track Solo", "would lie on top of one another" },
           { "@/Kick.wav --track Nobody", "There is no track \"Nobody\"." },
           { "@/Kick.wav --track mix", "There is no track \"mix\"." },
           { "@/Kick.wav --song Nothing", "Nothing" },
           { "@/Kick.wav --at nan", "\"nan\" is not a position." },
           { "@/Empty", "There is no sound file here." } })
    {
        const int code = folder.lacquer (std::string ("import @/Song ") + arguments);
        INFO (arguments << ": " << folder.said);
        CHECK (code != 0);
        CHECK (folder.said.find (why) != std::string::npos);
    }
    CHECK (state() == before);
}
