// SPDX-License-Identifier: GPL-3.0-or-later
// New bounces of stems that are in the song already: dropped, or lying where the stems came from.
#include "session/ClipEdits.h"
#include "session/Find.h"
#include "session/Json.h"
#include "studio/Desk.h"
#include "studio/NewProject.h"
#include "studio/ProjectOrder.h"
#include "studio/Sources.h"
#include "studio/Tone.h"
#include "support/Folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

using namespace lacquer;
using namespace lacquer::studio;
using lacquer::Id;
using tests::samplesOf;
namespace fs = std::filesystem;

namespace
{

/// A mono file of a tone.
void tone (const fs::path& file, int frames, double step)
{
    tests::writeTone (file, 1, frames, step);
}

/// A song of the stems Bass and Kick, one second each, open on a desk.
struct Opened
{
    tests::Folder folder { "bounces" };
    Jobs jobs;
    std::unique_ptr<Desk> desk;

    Opened()
    {
        tone (folder / "Bounce" / "Bass.wav", 48000, 0.01);
        tone (folder / "Bounce" / "Kick.wav", 48000, 0.03);
        auto made = projectFromStems (folder / "Song", "Song", soundFilesIn ({ folder / "Bounce" }), {});
        REQUIRE (made);
        REQUIRE (Studio::created ((folder / "Song").string(), made->project).ok());
        auto opened = Studio::opened ((folder / "Song").string());
        REQUIRE (opened);
        desk = std::make_unique<Desk> (*std::move (opened), jobs);
        jobs.settle();
        REQUIRE (desk->song().tracks.size() == 2);
        desk->set (track ("Kick").strip.id, "fader.level", -5, 0);
        REQUIRE (desk->edit (session::splitClip (desk->project(), track ("Kick").clips[0]->id, 20000), 0));
        told();
    }
    const session::Track& track (const std::string& name) const
    {
        for (const auto& t : desk->song().tracks)
            if (t->strip.name == name)
                return *t;
        FAIL ("there is no track " + name);
        throw 0;
    }
    fs::path played (const std::string& name) const
    {
        return pathOf (desk->folder(), *session::mediaOf (desk->project(), track (name).clips.back()->media));
    }
    std::string text() const { return session::canonical (desk->project()); }
    std::set<std::string> audio() const
    {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator (folder / "Song" / "Audio"))
            if (entry.path().extension() == ".wav")
                names.insert (entry.path().filename().string());
        return names;
    }
    std::string told()
    {
        std::string all;
        while (const auto notice = desk->takeNotice())
            all += notice->title + ": " + notice->text + "\n";
        return all;
    }
    /// Drops it, and what is asked.
    std::optional<Drop> dropped (const fs::path& what, Id onto = {})
    {
        desk->importing.import ({ what }, onto, 0);
        jobs.settle();
        return desk->importing.takeQuestion();
    }
};

} // namespace

TEST_CASE ("a dropped file of a stem's name changes nothing before the answer, then replaces the stem, one "
           "step that undo takes back to the byte")
{
    Opened o;
    tone (o.folder / "Mix 2" / "KICK.wav", 60000, 0.07);
    tone (o.folder / "Mix 2" / "Hat.wav", 30000, 0.2);
    const auto before = o.text();
    const auto kick = o.track ("Kick");
    const auto drop = o.dropped (o.folder / "Mix 2");
    REQUIRE (drop);
    CHECK (o.text() == before);
    CHECK (drop->files.size() == 2);
    REQUIRE (drop->known.size() == 1);
    CHECK (drop->known[0].track == "Kick");
    CHECK (drop->known[0].media == kick.clips[0]->media);
    CHECK_FALSE (o.desk->importing.takeQuestion()); // once for all of one drop

    o.desk->importing.answer (*drop, Importing::Meant::replace);
    o.jobs.settle();
    const auto& after = o.track ("Kick");
    CHECK (after.strip == kick.strip);
    REQUIRE (after.clips.size() == 2);
    CHECK (after.clips[0]->id == kick.clips[0]->id);
    CHECK (after.clips[0]->length == 20000); // it was cut there
    CHECK (after.clips[1]->length == 40000); // it reached to the end, and does
    CHECK (samplesOf (o.played ("Kick")) == samplesOf (o.folder / "Mix 2" / "KICK.wav"));
    CHECK (samplesOf (o.played ("Hat")) == samplesOf (o.folder / "Mix 2" / "Hat.wav"));
    o.desk->undo();
    CHECK (o.text() == before);

    const auto alone = o.dropped (o.folder / "Mix 2" / "KICK.wav");
    REQUIRE (alone);
    o.desk->importing.answer (*alone, Importing::Meant::replace);
    o.jobs.settle();
    CHECK (o.desk->studio().undoLabel() == "Replace stem by \"KICK.wav\"");
    o.desk->undo();
    CHECK (o.text() == before);
}

TEST_CASE ("a dropped file of a stem's name can be added all the same, and one of another name is not asked "
           "about")
{
    Opened o;
    tone (o.folder / "Mix 2" / "Kick.wav", 60000, 0.07);
    tone (o.folder / "Mix 2" / "Kick 2.wav", 60000, 0.07);
    const auto clips = o.track ("Kick").clips;
    auto drop = o.dropped (o.folder / "Mix 2" / "Kick.wav");
    REQUIRE (drop);
    o.desk->importing.answer (*drop, Importing::Meant::add);
    o.jobs.settle();
    CHECK (o.desk->song().tracks.size() == 3);
    CHECK (o.track ("Kick").clips == clips);
    o.desk->undo();

    drop = o.dropped (o.folder / "Mix 2" / "Kick.wav", o.track ("Bass").strip.id);
    REQUIRE (drop);
    o.desk->importing.answer (*drop, Importing::Meant::add);
    o.jobs.settle();
    CHECK (o.desk->song().tracks.size() == 2);
    CHECK (o.track ("Bass").clips.size() == 2);
    o.desk->undo();

    CHECK_FALSE (o.dropped (o.folder / "Mix 2" / "Kick 2.wav"));
    CHECK (o.desk->song().tracks.size() == 3);

    // Nothing of an answer that comes after another project was opened.
    const auto before = o.text();
    drop->folder = (o.folder / "Other").string();
    o.desk->importing.answer (*drop, Importing::Meant::add);
    o.jobs.settle();
    CHECK (o.text() == before);
}

TEST_CASE (
    "a bounce that cannot be read, or whose clips went meanwhile, leaves the stem as it is and no file "
    "behind")
{
    Opened o;
    fs::create_directories (o.folder / "Mix 2");
    std::ofstream (o.folder / "Mix 2" / "Kick.wav") << "no sound";
    auto drop = o.dropped (o.folder / "Mix 2");
    REQUIRE (drop);
    const auto before = o.text();
    const auto files = o.audio();
    o.desk->importing.answer (*drop, Importing::Meant::replace);
    o.jobs.settle();
    CHECK (o.text() == before);
    CHECK_THAT (o.told(), Catch::Contains ("Not imported"));
    CHECK (o.audio() == files);

    tone (o.folder / "Mix 2" / "Kick.wav", 60000, 0.07);
    o.desk->importing.answer (*drop, Importing::Meant::replace);
    const auto track = o.track ("Kick").strip.id; // while the file is read
    REQUIRE (o.desk->edit (session::removedStrip (o.desk->project(), track), 0));
    const auto without = o.text();
    o.jobs.settle();
    CHECK (o.text() == without);
    CHECK_THAT (o.told(), Catch::Contains ("Not replaced"));
    CHECK (o.audio() == files);
}

TEST_CASE ("newer bounces that lie where stems came from are told once and taken up as one step")
{
    Opened o;
    o.desk->importing.lookForNewer();
    o.jobs.settle();
    CHECK (o.desk->importing.newer().empty());
    CHECK (o.told().empty());

    for (const auto* name : { "Bass.wav", "Kick.wav" })
    {
        tone (o.folder / "Bounce" / name, 50000, 0.05);
        fs::last_write_time (o.folder / "Bounce" / name,
                             fs::file_time_type::clock::now() + std::chrono::hours (1));
    }
    o.desk->importing.lookForNewer();
    o.jobs.settle();
    CHECK_THAT (o.told(), Catch::Contains ("Newer bounces of 2 stems lie where they came from."));
    const auto offers = o.desk->importing.newer();
    REQUIRE (offers.size() == 2);
    const auto before = o.text();
    o.desk->importing.update (offers);
    o.jobs.settle();
    CHECK (o.desk->studio().undoLabel() == "Replace 2 stems");
    for (const auto* name : { "Bass", "Kick" })
        CHECK (samplesOf (o.played (name)) ==
               samplesOf (o.folder / "Bounce" / (std::string (name) + ".wav")));
    CHECK (o.desk->importing.newer().empty());
    o.desk->undo();
    CHECK (o.text() == before);
}

TEST_CASE ("dropped files that all have time stamps lie as far apart as they were recorded")
{
    Opened o;
    // Written by ffmpeg: half a second apart, an hour after midnight.
    for (const auto& [name, reference] : { std::pair { "One", 172800000 }, { "Two", 172824000 } })
    {
        fs::create_directories (o.folder / "Takes");
        REQUIRE (std::system (("ffmpeg -v error -f lavfi -i sine=100:r=48000:d=1 -write_bext 1 -metadata "
                               "time_reference=" +
                               std::to_string (reference) + " '" + (o.folder / "Takes").string() + "/" +
                               name + ".wav' </dev/null")
                                  .c_str()) == 0);
    }
    o.desk->importing.import ({ o.folder / "Takes" }, {}, 1000);
    o.jobs.settle();
    CHECK (o.track ("One").clips[0]->start == 1000);
    CHECK (o.track ("Two").clips[0]->start == 25000);
    o.desk->undo();
    CHECK (o.desk->song().tracks.size() == 2); // one step
}
