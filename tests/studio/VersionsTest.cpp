// SPDX-License-Identifier: GPL-3.0-or-later
// Named versions of a mix, what differs between them, and recall sheets.
#include "core/SafeFile.h"
#include "files/PcmFile.h"
#include "files/Writer.h"
#include "session/Find.h"
#include "session/Json.h"
#include "session/MediaEdits.h"
#include "session/VersionEdits.h"
#include "studio/Compare.h"
#include "studio/NewProject.h"
#include "studio/ProjectOrder.h"
#include "studio/RecallSheet.h"
#include "studio/Versions.h"
#include "support/Folder.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sys/stat.h>

using namespace lacquer;
using namespace lacquer::studio;
namespace fs = std::filesystem;

namespace
{

/// A mono file of a tenth of a second; `level` makes files that differ.
void sound (const fs::path& file, float level)
{
    fs::create_directories (file.parent_path());
    const std::vector<float> samples (4800, level);
    auto writer =
        files::Writer::opened (file, { .encoding = files::Encoding::wav24, .rate = 48000, .channels = 1 });
    REQUIRE (writer);
    const float* lanes[] { samples.data() };
    REQUIRE ((*writer)->write (lanes, 4800));
    REQUIRE ((*writer)->finish());
}

/// A project of two stems in the folder "Song".
Studio song (const tests::Folder& folder, files::Placement placement = files::Placement::copy)
{
    sound (folder / "Bounce/Kick.wav", 0.5f);
    sound (folder / "Bounce/Bass.wav", 0.25f);
    NewOptions options;
    options.placement = placement;
    options.balance = false;
    auto made = projectFromStems (folder / "Song", "Song", soundFilesIn ({ folder / "Bounce" }), options);
    REQUIRE (made);
    auto studio = Studio::created ((folder / "Song").string(), made->project);
    REQUIRE (studio);
    return *std::move (studio);
}

Id first (const Studio& s)
{
    return s.project().songs[0]->id;
}

void edit (Studio& studio, const std::string& op, const session::Arguments& arguments)
{
    const auto done = studio.edit (op, arguments);
    INFO (op);
    if (! done)
        FAIL (done.problem().sentence());
}

/// The names in a folder, hidden ones too.
std::set<std::string> filesIn (const fs::path& folder)
{
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator (folder))
        names.insert (entry.path().filename().string());
    return names;
}

} // namespace

TEST_CASE ("a version is stored, listed, compared and recalled")
{
    const tests::Folder folder ("versions");
    auto studio = song (folder);
    const auto before = studio.project();
    REQUIRE (storeVersion (studio.project(), studio.folder(), first (studio), "Rough mix",
                           "Before the vocals.", false, "2026-03-01T12:00:00Z"));
    CHECK (filesIn (folder / "Song/Versions") ==
           std::set<std::string> { std::to_string (first (studio).value) + "-rough-mix.lacquer" });
    const auto twice = storeVersion (studio.project(), studio.folder(), first (studio), "Rough Mix");
    REQUIRE_FALSE (twice);
    CHECK (twice.problem().what == "There is a version \"Rough Mix\" already.");
    CHECK_FALSE (storeVersion (studio.project(), studio.folder(), first (studio), "..."));
    CHECK_FALSE (storeVersion (studio.project(), studio.folder(), Id { 999 }, "A"));

    edit (studio, "set", { { "address", "track:Kick/fader.level" }, { "value", "-5" } });
    edit (studio, "add-effect", { { "place", "track:Bass" }, { "type", "compressor" } });
    REQUIRE (storeVersion (studio.project(), studio.folder(), first (studio), "Second", {}, false,
                           "2026-03-02T12:00:00Z"));
    edit (studio, "remove", { { "strip", "track:Bass" } });

    const auto list = versionsIn (studio.folder());
    REQUIRE (list.versions.size() == 2);
    CHECK (list.unreadable.empty());
    CHECK (list.versions[0].name == "Rough mix");
    CHECK (list.versions[0].note == "Before the vocals.");
    CHECK (list.versions[0].stored == "2026-03-01T12:00:00Z");
    CHECK (list.versions[1].name == "Second");
    CHECK (versionsIn (studio.folder(), Id { 999 }).versions.empty());

    const auto &a = list.versions[0], &b = list.versions[1];
    CHECK (differences (a.project, *a.project.songs[0], b.project, *b.project.songs[0]) ==
           std::vector<std::string> { "The track \"Bass\": Compressor was added.",
                                      "The track \"Kick\": Fader 0.0 dB -> -5.0 dB." });
    CHECK (differences (a.project, *a.project.songs[0], studio.project(), *studio.project().songs[0]) ==
           std::vector<std::string> { "The track \"Bass\" was removed.",
                                      "The track \"Kick\": Fader 0.0 dB -> -5.0 dB." });
    CHECK (differences (a.project, *a.project.songs[0], a.project, *a.project.songs[0]).empty());

    edit (studio, "recall-version", { { "name", "rough-mix" } });
    CHECK (studio.undoLabel() == "Recall version \"Rough mix\"");
    auto recalled = studio.project();
    recalled.nextId = before.nextId; // ids are never handed out again
    CHECK (session::canonical (recalled) == session::canonical (before));
    studio.undo();
    CHECK (studio.project().songs[0]->tracks.size() == 1);
    CHECK_FALSE (studio.edit ("recall-version", { { "name", "Third" } }));

    REQUIRE (renameVersion (studio.folder(), first (studio), "Second", "With compressor"));
    CHECK (versionCalled (studio.folder(), first (studio), "With compressor"));
    CHECK_FALSE (versionCalled (studio.folder(), first (studio), "Second"));
    CHECK_FALSE (renameVersion (studio.folder(), first (studio), "With compressor", "Rough mix"));
    REQUIRE (deleteVersion (studio.folder(), first (studio), "With compressor"));
    CHECK_FALSE (deleteVersion (studio.folder(), first (studio), "With compressor"));
    CHECK (versionsIn (studio.folder()).versions.size() == 1);
}

TEST_CASE ("everything that may differ between two mixes is said in a sentence")
{
    const tests::Folder folder ("compare");
    auto studio = song (folder);
    edit (studio, "add-effect", { { "place", "track:Kick" }, { "type", "delay" } });
    edit (studio, "add-effect", { { "place", "track:Kick" }, { "type", "gate" } });
    edit (studio, "add-vca", { { "name", "All" } });
    edit (studio, "add-mute-group", { { "name", "Break" } });
    edit (studio, "add-modulator", { { "kind", "lfo" }, { "name", "Wobble" } });
    edit (studio, "automate", { { "address", "track:Bass/pan.position" }, { "points", "0:L20" } });
    const auto before = studio.project();
    const auto clip = "clip:" + std::to_string (before.songs[0]->tracks[1]->clips[0]->id.value);
    const std::vector<std::tuple<std::string, session::Arguments, std::string>> all {
        { "rename",
          { { "what", "track:Kick" }, { "name", "Boom" } },
          "The track \"Kick\" is now called \"Boom\"." },
        { "set",
          { { "address", "track:Kick/eq.band3.gain" }, { "value", "-3" } },
          "The track \"Kick\": EQ band 3 gain 0.0 dB -> -3.0 dB." },
        { "set",
          { { "address", "track:Kick/send2.level" }, { "value", "-12" } },
          "The track \"Kick\": Send 2 level -inf dB -> -12.0 dB." },
        { "set",
          { { "address", "track:Kick/delay.feedback" }, { "value", "55" } },
          "The track \"Kick\", Delay: Feedback 35.0% -> 55.0%." },
        { "set-output", { { "strip", "return:Delay" }, { "output", "mix" } }, "" }, // it goes there already
        { "set-send",
          { { "strip", "track:Kick" }, { "slot", "2" }, { "to", "none" } },
          "The track \"Kick\": send 2 goes to nothing (before: the return \"Delay\")." },
        { "set-delay",
          { { "track", "track:Kick" }, { "delay", "1.5ms" } },
          "The track \"Kick\": delay 0.00 ms -> 1.50 ms." },
        { "set-form",
          { { "track", "track:Kick" }, { "form", "stereo" } },
          "The track \"Kick\" is stereo (before: mono)." },
        { "disable", { { "strip", "track:Kick" } }, "The track \"Kick\" is disabled." },
        { "switch-effect",
          { { "effect", "track:Kick/delay" }, { "on", "off" } },
          "The track \"Kick\", Delay: bypassed." },
        { "place-effect",
          { { "effect", "track:Kick/delay" } },
          "The track \"Kick\", Delay: after the console part now." },
        { "set-sidechain",
          { { "effect", "track:Kick/gate" }, { "from", "track:Bass" } },
          "The track \"Kick\", Gate: its key is the track \"Bass\" (before: nothing)." },
        { "move-effect",
          { { "effect", "track:Kick/gate" }, { "index", "1" } },
          "The track \"Kick\": the order of the effects changed." },
        { "remove-effect", { { "effect", "track:Kick/gate" } }, "The track \"Kick\": Gate was removed." },
        { "automate",
          { { "address", "track:Kick/fader.level" }, { "points", "0:0, 1:-3" } },
          "The track \"Kick\": fader.level is automated." },
        { "automate",
          { { "address", "track:Bass/pan.position" }, { "points", "0:L30" } },
          "The track \"Bass\": the automation of pan.position changed." },
        { "remove-automation",
          { { "address", "track:Bass/pan.position" } },
          "The track \"Bass\": the automation of pan.position was removed." },
        { "gain-clip", { { "clip", clip }, { "gain", "-2" } }, "The track \"Kick\": 1 clip was changed." },
        { "remove-clip", { { "clip", clip } }, "The track \"Kick\": 1 clip was removed." },
        { "set-notes",
          { { "what", "track:Kick" }, { "text", "x" } },
          "The track \"Kick\": its label, notes or tags changed." },
        { "set",
          { { "address", "vca:All/fader.level" }, { "value", "-3" } },
          "The VCA fader \"All\": Fader 0.0 dB -> -3.0 dB." },
        { "set-members",
          { { "of", "vca:All" }, { "members", "track:Kick" } },
          "The VCA fader \"All\": its members changed." },
        { "switch-mute-group", { { "group", "Break" } }, "The mute group \"Break\" is on." },
        { "switch-modulator",
          { { "modulator", "Wobble" }, { "on", "off" } },
          "The modulator \"Wobble\" is off." },
        { "set-target", { { "target", "spotify" } }, "The target is spotify (before: none)." },
        { "set-tempo", { { "tempo", "97" } }, "The tempo or the metre changed." },
        { "add-marker", { { "at", "1" }, { "name", "A" } }, "The markers changed." },
        { "set-end", { { "at", "9" } }, "The end of the song changed." },
        { "set", { { "address", "track:Kick/fader.solo" }, { "value", "On" } }, "" },
        { "set-loop", { { "from", "0" }, { "to", "1" } }, "" },
    };
    for (const auto& [op, arguments, sentence] : all)
    {
        INFO (op << ": " << sentence);
        auto after = session::applied (before, op, arguments, catalogue());
        if (! after)
            FAIL (after.problem().sentence());
        const auto said = differences (before, *before.songs[0], after->project, *after->project.songs[0]);
        CHECK (said ==
               (sentence.empty() ? std::vector<std::string> {} : std::vector<std::string> { sentence }));
    }
    // The same mix with other ids: nothing differs.
    const auto version = session::versionOf (before, before.songs[0]->id, "A");
    auto other = session::newProject ("Other", 48000);
    const auto moved = session::recalledVersion (other, other.songs[0]->id, version);
    REQUIRE (moved);
    CHECK (differences (before, *before.songs[0], moved->project, *moved->project.songs[0]).empty());
}

TEST_CASE ("versions and the audio that only they use go along with save as, archive, collect and clean")
{
    const tests::Folder folder ("carry");
    auto studio = song (folder);
    const auto kick =
        session::mediaOf (studio.project(),
                          *stemOf (studio.project(), session::found (studio.project(), "track:Kick")->owner))
            ->path;
    REQUIRE (storeVersion (studio.project(), studio.folder(), first (studio), "With kick"));
    edit (studio, "remove", { { "strip", "track:Kick" } });
    REQUIRE (studio.save());
    {
        const auto closed = std::move (studio); // frees the lock
    }
    auto again = Studio::opened ((folder / "Song").string());
    REQUIRE (again);
    // The project forgets the kick; its file stays for the version.
    const auto cleaned = cleanUnused (*again);
    REQUIRE (cleaned);
    CHECK (cleaned->files.empty());
    CHECK (again->project().media.size() == 1);
    CHECK (fs::exists (folder / "Song" / kick));

    const auto holds = [&] (const std::string& name)
    {
        INFO (name);
        const auto there = Studio::opened ((folder / name).string(), session::ProjectFolder::Use::read);
        REQUIRE (there);
        const auto v = versionCalled (there->folder(), there->project().songs[0]->id, "With kick");
        REQUIRE (v);
        const auto back = recalled (there->project(), *v);
        REQUIRE (back);
        for (const auto& m : back->project.media)
            CHECK (files::PcmFile::opened (folder / name / m.path)->frames() == 4800);
        CHECK (back->project.songs[0]->tracks.size() == 2);
    };
    REQUIRE (savedAs (*again, (folder / "Copy").string()));
    holds ("Copy");
    REQUIRE (archive (*again, folder / "Song.zip"));
    REQUIRE (restore (folder / "Song.zip", (folder / "Back").string()));
    holds ("Back");

    // Without the version nobody needs it any more.
    REQUIRE (deleteVersion (again->folder(), first (*again), "With kick"));
    REQUIRE (again->save());
    const auto more = cleanUnused (*again);
    REQUIRE (more);
    CHECK (more->files == std::vector<std::string> { fs::path (kick).filename().string() });
}

TEST_CASE ("collecting brings in the audio elsewhere that only a version uses")
{
    const tests::Folder folder ("collect");
    auto studio = song (folder, files::Placement::reference);
    REQUIRE (studio.project().media[0].referenced);
    REQUIRE (storeVersion (studio.project(), studio.folder(), first (studio), "Both"));
    edit (studio, "remove", { { "strip", "track:Kick" } });
    edit (studio, "clean-media", {});
    REQUIRE (studio.project().media.size() == 1);
    const auto count = collectFiles (studio);
    REQUIRE (count);
    CHECK (*count == 2);
    const auto v = versionCalled (studio.folder(), first (studio), "Both");
    REQUIRE (v);
    REQUIRE (v->project.media.size() == 2);
    for (const auto& m : v->project.media)
    {
        CHECK_FALSE (m.referenced);
        CHECK (fs::exists (folder / "Song" / m.path));
    }
    // The bass is one file in both.
    const auto back = recalled (studio.project(), *v);
    REQUIRE (back);
    CHECK (back->project.media.size() == 2);
}

TEST_CASE ("hostile versions are refused with a sentence each, and stop a clean, which would not know")
{
    const tests::Folder folder ("hostile");
    auto studio = song (folder);
    const auto id = first (studio);
    REQUIRE (storeVersion (studio.project(), studio.folder(), id, "Good"));
    const auto good = *readWhole (
        (folder / "Song/Versions" / (std::to_string (id.value) + "-good.lacquer")).string(), 1 << 20);
    const auto with = [&] (const std::string& old, const std::string& fresh)
    {
        auto text = good;
        const auto at = text.find (old);
        REQUIRE (at != std::string::npos);
        return text.replace (at, old.size(), fresh);
    };
    auto two = studio.project();
    two.songs.push_back (session::addedSong (two, session::SongKind::mix, "B")->project.songs.back());
    two.nextId += 10;
    const std::vector<std::string> hostile { "",
                                             "{",
                                             "\xff\xfe",
                                             "[]",
                                             good.substr (0, good.size() / 2),
                                             with ("\"version\": 1", "\"version\": 99"),
                                             with ("\"path\": \"Audio/", "\"path\": \"../../"),
                                             with ("\"sample_rate\": 48000", "\"sample_rate\": 1e99"),
                                             with ("\"songs\": [", "\"songs\": [[], "),
                                             session::canonical (two),
                                             std::string (100'000, '[') };
    int n = 0;
    for (const auto& text : hostile)
        REQUIRE (writeSafely ((folder / "Song/Versions" /
                               (std::to_string (id.value) + "-bad-" + std::to_string (n++) + ".lacquer"))
                                  .string(),
                              text));
    REQUIRE (::mkfifo ((folder / "Song/Versions/pipe.lacquer").c_str(), 0600) == 0);
    fs::create_directory (folder / "Song/Versions/folder.lacquer");
    fs::create_symlink ("/dev/zero", folder / "Song/Versions/zero.lacquer");
    const auto list = versionsIn (studio.folder());
    REQUIRE (list.versions.size() == 1);
    CHECK (list.unreadable.size() == hostile.size() + 3);
    for (const auto& p : list.unreadable)
    {
        INFO (p.what);
        CHECK (p.what.ends_with ('.'));
        CHECK (p.what.size() < 300);
        CHECK (p.what.find ('\n') == std::string::npos);
    }
    for (int k = 0; k < n; ++k)
        CHECK_FALSE (studio.edit ("recall-version", { { "name", "bad " + std::to_string (k) } }));
    CHECK_FALSE (cleanUnused (studio));
    CHECK_FALSE (archive (studio, folder / "x.zip"));
    CHECK_FALSE (savedAs (studio, (folder / "Copy").string()));
    CHECK_FALSE (fs::exists (folder / "Copy"));
    // One renamed to another song's.
    fs::rename (folder / "Song/Versions" / (std::to_string (id.value) + "-good.lacquer"),
                folder / "Song/Versions/77-good.lacquer");
    CHECK_FALSE (versionCalled (studio.folder(), Id { 77 }, "Good"));
    // A name cannot lead out of the folder.
    REQUIRE (storeVersion (studio.project(), studio.folder(), id, "../../x"));
    CHECK (fs::exists (folder / "Song/Versions" / (std::to_string (id.value) + "-x.lacquer")));
}

TEST_CASE ("a recall sheet holds every setting that is not initial, and its HTML is a page of its own")
{
    const tests::Folder folder ("sheet");
    auto studio = song (folder);
    edit (studio, "rename", { { "what", "track:Kick" }, { "name", "Kick <in> & \"out\"" } });
    const std::string kick = "track:Kick <in> & \"out\"";
    edit (studio, "set", { { "address", kick + "/fader.level" }, { "value", "-6.5" } });
    edit (studio, "set", { { "address", kick + "/eq.band2.gain" }, { "value", "4" } });
    edit (studio, "set", { { "address", kick + "/send1.level" }, { "value", "-10" } });
    edit (studio, "add-effect", { { "place", kick }, { "type", "delay" } });
    edit (studio, "set", { { "address", kick + "/delay.feedback" }, { "value", "55" } });
    edit (studio, "switch-effect", { { "effect", kick + "/delay" }, { "on", "off" } });
    edit (studio, "set-notes", { { "what", kick }, { "text", "D112,\n<script>alert(1)</script>" } });
    edit (studio, "set-tags", { { "strip", kick }, { "tags", "live" } });
    edit (studio, "set", { { "address", "master/limiter.ceiling" }, { "value", "-2" } });
    const auto& project = studio.project();
    const auto sheet = recallSheet (project, *project.songs[0], "Rough", "Before the vocals.");
    const auto text = textOf (sheet), html = htmlOf (sheet);
    for (const auto* line :
         { "Recall sheet: Song, version \"Rough\"\n", "Before the vocals.\n",
           "\nTrack \"Kick <in> & \"out\"\"\n", "  mono, to the mix bus, tags: live\n", "  | D112,\n",
           "Kick.wav", "-6.5 dB", "EQ band 2 gain", "4.0 dB", "EQ band 2 frequency",
           "to the return \"Reverb\", -10.0 dB, post-fader", "Delay, bypassed", "      Feedback", "55.0%",
           "\nMaster\n", "-2.0 dB", "48000 Hz", "120 BPM", "What is not listed has its initial value.\n" })
    {
        INFO (line);
        CHECK (text.find (line) != std::string::npos);
    }
    // Each strip has its block, and the fader of each is told even where it is initial.
    CHECK (sheet.blocks.size() == project.songs[0]->tracks.size() + project.songs[0]->groups.size() +
                                      project.songs[0]->returns.size() + 2);
    CHECK (text.find ("EQ band 3") == std::string::npos);

    // The page: well-formed by Python's own parser, without scripts or anything from elsewhere.
    REQUIRE (writeSafely ((folder / "sheet.html").string(), html));
    std::ofstream (folder / "check.py")
        << "import sys, html.parser\n"
           "void = {'meta', 'br'}\n"
           "class P (html.parser.HTMLParser):\n"
           "    stack = []; text = ''\n"
           "    def handle_starttag (self, tag, attrs):\n"
           "        assert tag not in ('script', 'img', 'link', 'iframe'), tag\n"
           "        for name, value in attrs: assert name in ('lang', 'charset', 'class', 'scope'), name\n"
           "        if tag not in void: self.stack.append (tag)\n"
           "    def handle_endtag (self, tag): assert self.stack.pop() == tag, tag\n"
           "    def handle_data (self, data): self.text += data\n"
           "p = P(); t = open (sys.argv[1], encoding='utf-8').read(); p.feed (t); p.close()\n"
           "assert not p.stack and t.startswith ('<!DOCTYPE html>')\n"
           "assert 'http' not in t and 'url(' not in t and '@media print' in t\n"
           "for s in ('Kick <in> & \"out\"', '<script>alert(1)</script>', '-6.5 dB', 'EQ band 2 gain'):\n"
           "    assert s in p.text, s\n";
    CHECK (std::system (("/usr/bin/python3 '" + (folder / "check.py").string() + "' '" +
                         (folder / "sheet.html").string() + "'")
                            .c_str()) == 0);
}
