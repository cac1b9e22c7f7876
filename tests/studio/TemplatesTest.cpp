// SPDX-License-Identifier: GPL-3.0-or-later
// Templates of tracks and songs in the user's folder.
#include "core/SafeFile.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/Json.h"
#include "session/TemplateEdits.h"
#include "studio/NewProject.h"
#include "studio/Studio.h"
#include "studio/Templates.h"
#include "support/Folder.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>
#include <sys/stat.h>

using namespace lacquer;
using namespace lacquer::studio;
namespace fs = std::filesystem;

namespace
{

using Home = tests::ConfigHome;

session::Project band()
{
    auto p = session::newProject ("Band", 48000);
    for (const auto& [op, arguments] : std::vector<std::pair<std::string, session::Arguments>> {
             { "add-track", { { "name", "Vox" } } },
             { "add-effect", { { "place", "track:Vox" }, { "type", "compressor" } } },
             { "set", { { "address", "track:Vox/compressor.threshold" }, { "value", "-21" } } },
             { "automate", { { "address", "track:Vox/fader.level" }, { "points", "0:0, 1:-3" } } } })
    {
        auto e = session::applied (p, op, arguments, catalogue());
        REQUIRE (e);
        p = std::move (e->project);
    }
    return withReturnsAndMaster (std::move (p), p.songs[0]->id);
}

} // namespace

TEST_CASE ("templates are saved, listed, used and deleted")
{
    const Home home;
    const auto p = band();
    const auto track = templateOf (p, p.songs[0]->tracks[0]->strip.id, "Lead voice", "My voice.");
    const auto whole = templateOf (p, p.songs[0]->id, "Band");
    REQUIRE (track);
    REQUIRE (whole);
    CHECK (track->ofTrack);
    CHECK_FALSE (whole->ofTrack);
    CHECK_FALSE (templateOf (p, p.songs[0]->mix->id, "Mix"));
    REQUIRE (saveTemplate (*track));
    REQUIRE_FALSE (saveTemplate (*track));
    REQUIRE (saveTemplate (*track, true));
    REQUIRE (saveTemplate (*whole));
    struct stat status
    {
    };
    REQUIRE (::stat (templateFolder (true).c_str(), &status) == 0);
    CHECK ((status.st_mode & 0777) == 0700);

    const auto list = templates (true);
    REQUIRE (list.templates.size() == 1);
    CHECK (list.templates[0].name == "Lead voice");
    CHECK (list.templates[0].use == "My voice.");
    CHECK (session::canonical (list.templates[0].project).find ("-21") != std::string::npos);

    const auto other = session::newProject ("Other", 48000);
    const auto added =
        session::applied (other, "add-template-track", { { "template", "lead-voice" } }, catalogue());
    REQUIRE (added);
    CHECK (added->label == "Add track \"Vox\"");
    const auto& strip = added->project.songs[0]->tracks[0]->strip;
    CHECK (strip.inserts[0]->values.at ("threshold") == session::Value { -21.0 });
    CHECK (strip.lanes.empty());
    CHECK (added->project.songs[0]->returns.size() == 2); // the sends' returns came along
    const auto song = session::applied (other, "add-template-song",
                                        { { "template", "Band" }, { "name", "Next" } }, catalogue());
    REQUIRE (song);
    CHECK (song->project.songs[1]->master->modules.size() == 5);

    const auto none = session::applied (other, "add-template-track", { { "template", "Band" } }, catalogue());
    REQUIRE_FALSE (none);
    CHECK (none.problem().what == "There is no template of a track called \"Band\".");
    REQUIRE (deleteTemplate (true, "Lead voice"));
    CHECK_FALSE (deleteTemplate (true, "Lead voice"));
    CHECK_FALSE (templateCalled (true, "Lead voice"));
}

TEST_CASE ("hostile templates are refused with one sentence each")
{
    const Home home;
    const auto p = band();
    const auto good = textOf (*templateOf (p, p.songs[0]->tracks[0]->strip.id, "A"));
    REQUIRE (templateFrom (good, true));
    const auto with = [&] (const std::string& old, const std::string& fresh)
    {
        auto text = good;
        const auto at = text.find (old);
        REQUIRE (at != std::string::npos);
        return text.replace (at, old.size(), fresh);
    };
    auto audio = p;
    audio.media.resize (1);
    audio.media[0].id = { audio.nextId++ };
    audio.media[0].path = "Audio/x.wav";
    auto two = p;
    two.songs.push_back (session::addedSong (p, session::SongKind::mix, "B")->project.songs.back());
    two.nextId += 10;
    const std::vector<std::string> hostile {
        "",
        "{}",
        "[]",
        "\xff\xfe",
        std::string (1'000'000, '['),
        std::string (17 << 20, ' '),
        good.substr (0, good.size() / 2),
        with ("\"version\": 1", "\"version\": 7"),
        with ("\"name\": \"A\"", "\"name\": \"\""),
        with ("\"name\": \"A\"", "\"name\": \"/\""),
        with ("\"name\": \"A\"", "\"name\": \"" + std::string (200, 'x') + "\""),
        with ("-21", "1e300"),
        session::canonical (audio),
        session::canonical (two),
        textOf (
            *templateOf (session::newProject ("Empty", 48000), Id { 2 }, "Empty")), // a song without tracks
    };
    fs::create_directories (templateFolder (true));
    int n = 0;
    for (const auto& text : hostile)
    {
        INFO (text.substr (0, 80));
        const auto one = templateFrom (text, true);
        CHECK_FALSE (one);
        REQUIRE (writeSafely ((templateFolder (true) / (std::to_string (n++) + ".lacquer")).string(), text));
    }
    REQUIRE (::mkfifo ((templateFolder (true) / "pipe.lacquer").c_str(), 0600) == 0);
    const auto list = templates (true);
    CHECK (list.templates.empty());
    CHECK (list.unreadable.size() == hostile.size() + 1);
    for (const auto& problem : list.unreadable)
    {
        INFO (problem.what);
        CHECK (problem.what.ends_with ('.'));
        CHECK (problem.what.size() < 300);
        CHECK (problem.what.find ('\n') == std::string::npos);
    }
    auto escape = *templateOf (p, p.songs[0]->id, "../../x");
    REQUIRE (saveTemplate (escape));
    CHECK (fs::exists (templateFolder (false) / "x.lacquer"));
}

TEST_CASE ("a template with any byte changed is refused, or makes a valid project")
{
    const auto p = band();
    const auto good = textOf (*templateOf (p, p.songs[0]->tracks[0]->strip.id, "A"));
    const auto target = session::newProject ("Other", 48000);
    std::mt19937 random (5);
    int used = 0;
    for (int n = 0; n < 3000; ++n)
    {
        auto damaged = good;
        damaged[random() % damaged.size()] = static_cast<char> (random());
        const auto one = templateFrom (damaged, true);
        if (! one)
            continue;
        const auto added = session::addedFromTemplate (target, target.songs[0]->id, one->project);
        if (! added)
            continue;
        const auto fine = session::valid (added->project);
        if (! fine)
            FAIL (fine.problem().sentence());
        ++used;
    }
    CHECK (used > 100);
}
