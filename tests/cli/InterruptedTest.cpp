// SPDX-License-Identifier: GPL-3.0-or-later
// What is left when a verb that writes much is stopped, or finds no room.
#include "Run.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

namespace fs = std::filesystem;
using lacquer::tests::run;

namespace
{

/// A song of two tracks that play sound files from where they lie, and its whole tree, byte for byte.
struct Song
{
    fs::path folder;
    std::string said;

    explicit Song (int seconds)
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-cli-stop-XXXXXX").string();
        REQUIRE (::mkdtemp (pattern.data()) != nullptr);
        folder = pattern;
        fs::create_directory (folder / "Bounce");
        for (const auto* name : { "Kick", "Bass" })
            REQUIRE (std::system (("ffmpeg -v error -f lavfi -i anoisesrc=a=0.1:seed=1:r=48000:d=" +
                                   std::to_string (seconds) + " '" + (folder / "Bounce" / name).string() +
                                   ".wav' </dev/null")
                                      .c_str()) == 0);
        REQUIRE (tell ("new @/Song --no-balance --reference --stems @/Bounce") == 0);
        REQUIRE (tell ("new @/Own --no-balance --stems @/Bounce") == 0);
    }
    ~Song()
    {
        std::error_code error;
        fs::remove_all (folder, error);
    }
    int tell (const std::string& arguments, const std::string& before = {})
    {
        return run (folder, arguments, said, before);
    }
    std::map<std::string, std::string> tree() const
    {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator (folder))
        {
            const auto name = entry.path().lexically_relative (folder).string();
            // Peaks are a picture of the sound that anyone may draw again, a lock tells who had the project
            // open last; config has no project.
            if (! entry.is_regular_file() || name.find ("Peaks/") != std::string::npos ||
                name.ends_with (".lock") || name.starts_with ("config/"))
                continue;
            std::ifstream in (entry.path(), std::ios::binary);
            files[name] = { std::istreambuf_iterator<char> (in), {} };
        }
        return files;
    }
};

/// By name, so that a failure tells which, not megabytes of sound.
std::vector<std::string> differences (const std::map<std::string, std::string>& a,
                                      const std::map<std::string, std::string>& b)
{
    std::vector<std::string> names;
    for (const auto& [name, bytes] : a)
        if (! b.contains (name) || b.at (name) != bytes)
            names.push_back (name);
    for (const auto& [name, bytes] : b)
        if (! a.contains (name))
            names.push_back (name);
    return names;
}

const std::vector<std::string> verbs { "freeze @/Own track:Kick track:Bass", "render @/Own -o @/Mix.wav",
                                       "archive @/Own @/Own.zip", "collect @/Song", "save-as @/Own @/Copy" };

} // namespace

TEST_CASE ("where there is no room a verb says so in one sentence and leaves everything as it was")
{
    // A file may have 100 blocks of 512 bytes; the stems have 192 kB. The shell's limit stands for the full
    // disk: the system refuses the write with EFBIG as it would with ENOSPC.
    Song song (2);
    const auto before = song.tree();
    for (const auto& verb : verbs)
    {
        const int code = song.tell (verb, "ulimit -f 100;");
        INFO (verb << ": " << song.said);
        CHECK (code == 3);
        CHECK (song.said.starts_with ("lacquer: "));
        CHECK (song.said.find ('\n') == song.said.size() - 1);
        CHECK ((song.said.find ("too large for the disk") != std::string::npos ||
                song.said.find ("cannot hold a file of this size") != std::string::npos));
        CHECK (differences (before, song.tree()) == std::vector<std::string> {});
    }
    // Nothing of the failed freeze comes back at the next opening, and all of them work with room.
    REQUIRE (song.tell ("show @/Own --json") == 0);
    CHECK (song.said.find ("\"frozen\": true") == std::string::npos);
    for (const auto& verb : verbs)
    {
        INFO (verb << ": " << song.said);
        CHECK (song.tell (verb) == 0);
    }
}

TEST_CASE ("an edit that fails on the way leaves none of its steps for the next opening")
{
    Song song (1);
    const auto before = song.tree();
    CHECK (song.tell ("set @/Own track:Kick/fader.level=-7 track:Nobody/fader.level=0") == 3);
    CHECK (song.tell ("freeze @/Own track:Kick track:Nobody") == 3);
    CHECK (differences (before, song.tree()) == std::vector<std::string> {});
    REQUIRE (song.tell ("show @/Own") == 0);
    CHECK (song.said.find ("-7") == std::string::npos);
    REQUIRE (song.tell ("edit @/Own add-track Guide") ==
             0); // opens for editing: what a journal kept comes back
    REQUIRE (song.tell ("show @/Own --json") == 0);
    CHECK (song.said.find ("\"frozen\": true") == std::string::npos);
    CHECK (song.said.find ("-7.0") == std::string::npos);
}

TEST_CASE (
    "a project that somebody else has open answers with why, and nothing that sounds as if it were done")
{
    Song song (1);
    REQUIRE (song.tell ("versions store @/Own One") == 0);
    const auto before = song.tree();
    std::ofstream (song.folder / "steps.json") << R"([{"op": "add-track", "name": "Guide"}])";
    const auto elsewhere = "flock '" + (song.folder / "Own/.Own.lock").string() + "'  env";
    for (const auto* verb :
         { "set @/Own track:Kick/fader.level=-7", "set @/Own track:Kick/fader.level=-7 --json",
           "edit @/Own add-track Guide", "edit @/Own add-track Guide --json", "apply @/Own @/steps.json",
           "apply @/Own @/steps.json --json", "automate @/Own track:Kick/fader.level --points 0:-6 --json",
           "import @/Own @/Bounce/Kick.wav --json", "versions recall @/Own One",
           "freeze @/Own track:Kick --json" })
    {
        const int code = song.tell (verb, elsewhere);
        INFO (verb << ": " << song.said);
        CHECK (code == 3);
        CHECK (song.said.find ("open in another window") != std::string::npos);
        // What each says when it is done.
        for (const auto* done :
             { "->", "Guide", "\"points\"", "\"before\"", "\"label\"", "clip:", "Recall version" })
            CHECK (song.said.find (done) == std::string::npos);
    }
    fs::remove (song.folder / "steps.json");
    CHECK (differences (before, song.tree()) == std::vector<std::string> {});
}

TEST_CASE ("a new project is not made of the stems that a full disk had room for")
{
    Song song (2);
    REQUIRE (std::system (("sox -R -n -r 48000 -c 1 -b 24 '" + (song.folder / "Bounce/A.wav").string() +
                           "' synth 0.05 sin 99 gain -9")
                              .c_str()) == 0);
    const auto before = song.tree();
    const int code = song.tell ("new @/Half --no-balance --stems @/Bounce", "ulimit -f 100;");
    INFO (song.said);
    CHECK (code == 3);
    CHECK (song.said.find ("cannot hold a file of this size") != std::string::npos);
    CHECK_FALSE (fs::exists (song.folder / "Half"));
    CHECK (differences (before, song.tree()) == std::vector<std::string> {});
}

TEST_CASE ("Ctrl-C stops freezing, archiving and collecting without a trace")
{
    Song song (60);
    for (const auto& verb : { verbs[0], verbs[2], verbs[3], verbs[4] })
    {
        const auto before = song.tree();
        // The signal is sent as soon as there is an unfinished file, so that it comes in the middle.
        const auto watched =
            "here='" + song.folder.string() +
            "'; watch() { until find \"$here\" -name '.lacquer-*' -o -name '*.part' | grep -q .; do "
            "kill -0 $1 2>/dev/null || return; done; kill -INT $1 2>/dev/null; }; stop() { \"$@\" & "
            "watch $!; wait $!; }; stop env";
        const int code = song.tell (verb, watched);
        INFO (verb << ": " << song.said);
        if (code == 0)
        {
            WARN (verb << " was done before the signal came");
            continue;
        }
        CHECK (code == 3);
        CHECK (song.said.find ("stopped") != std::string::npos);
        CHECK (song.said.find ('\n') == song.said.size() - 1);
        CHECK (differences (before, song.tree()) == std::vector<std::string> {});
    }
}
