// SPDX-License-Identifier: GPL-3.0-or-later
// New projects and copies made beside the one that is open.
#include "OpenDesk.h"
#include "session/InsertEdits.h"
#include "support/SmallDisk.h"

#include <fstream>

using namespace lacquer;
using namespace lacquer::studio;
using namespace lacquer::tests;
using lacquer::Id;

namespace
{

/// Stems beside the song, seconds long.
Beginning stems (const Opened& o, int seconds = 1)
{
    tone (o.folder / "Bounce" / "Kick.wav", 48000 * seconds, 0.01);
    tone (o.folder / "Bounce" / "Snare.wav", 48000 * seconds, 0.04);
    return { .stems = { o.folder / "Bounce" } };
}

std::set<std::string> tracksOf (const session::Project& p)
{
    std::set<std::string> names;
    for (const auto& t : p.songs.front()->tracks)
        names.insert (t->strip.name);
    return names;
}

Next taken (Opened& o)
{
    o.jobs.settle();
    auto next = o.desk->founding.take();
    REQUIRE (next);
    return *next;
}

} // namespace

TEST_CASE ("A new mix of stems is made beside the open project, and undo takes back what was decided")
{
    Opened o;
    const auto from = stems (o);
    o.desk->founding.found ((o.folder / "New").string(), from);
    CHECK_FALSE (o.desk->founding.take()); // nothing has waited
    auto next = taken (o);
    CHECK_FALSE (next.copy);
    CHECK (contains (o.told(), "\"New\" is made: " + (o.folder / "New").string() + ": 2 tracks, "));
    CHECK_FALSE (o.desk->founding.take()); // once

    auto& made = *next.studio;
    CHECK (made.project().name == "New");
    CHECK (tracksOf (made.project()) == std::set<std::string> { "Kick", "Snare" });
    CHECK (samplesOf (o.folder / "New/Audio/Kick.wav") == samplesOf (o.folder / "Bounce/Kick.wav"));
    CHECK_FALSE (made.unsaved());
    CHECK (made.project().songs.front()->groups.size() == 1); // Drums
    while (made.canUndo())
        made.undo();
    CHECK (made.project().songs.front()->groups.empty());
    CHECK (made.project().songs.front()->master->modules.empty());
    CHECK (tracksOf (made.project()) == std::set<std::string> { "Kick", "Snare" });
}

TEST_CASE ("A new mix may have no stems: it has the rate of the open project, returns and a mastering chain")
{
    Opened o;
    o.desk->founding.found ((o.folder / "Empty").string(), {});
    const auto next = taken (o);
    CHECK (contains (o.told(), ": 0 tracks, "));
    const auto& song = *next.studio->project().songs.front();
    CHECK (next.studio->project().sampleRate == 48000);
    CHECK (song.name == "Empty");
    CHECK (song.tracks.empty());
    CHECK (song.returns.size() == 2);
    CHECK (song.master->modules.size() == 5);
    // It can be listened to and worked on.
    Jobs jobs;
    Desk desk (std::move (*next.studio), jobs);
    CHECK (desk.edit (session::addedTrack (desk.project(), song.id, "Vox", 1), 0));
    CHECK_FALSE (desk.takeNotice());
}

TEST_CASE ("A new mix that is stopped, or whose project is left meanwhile, leaves nothing")
{
    Opened o;
    const auto from = stems (o, 60);
    const auto before = filesIn (o.folder.path);
    o.desk->founding.found ((o.folder / "New").string(), from);
    o.begun ("Making New");
    o.jobs.stop (o.jobs.states().front().number);
    o.jobs.settle();
    CHECK_FALSE (o.desk->founding.take());
    CHECK_FALSE (fs::exists (o.folder / "New"));
    CHECK (o.told().empty());

    o.desk->founding.found ((o.folder / "New").string(), from);
    o.begun ("Making New");
    o.desk.reset();
    auto opened = Studio::opened ((o.folder / "Song").string());
    REQUIRE (opened);
    o.desk = std::make_unique<Desk> (*std::move (opened), o.jobs);
    o.jobs.close();
    CHECK_FALSE (o.desk->founding.take());
    CHECK_FALSE (fs::exists (o.folder / "New"));
    CHECK (filesIn (o.folder.path) == before);
}

TEST_CASE ("A copy is gone on with: edits and audio that came meanwhile, and all that undo can bring back")
{
    Opened o;
    // The pad is known to the history only.
    REQUIRE (o.desk->edit (session::removedStrip (o.desk->project(), o.pad), 0));
    REQUIRE (o.desk->edit (session::withoutUnusedMedia (o.desk->project()), 0));
    REQUIRE (o.desk->save());
    o.desk->set (o.vox, "fader.level", -3, 0); // unsaved
    o.desk->founding.saveAs ((o.folder / "Copy").string());
    o.desk->set (o.vox, "fader.level", -6, 0); // meanwhile
    tone (o.folder / "Late.wav", 4800, 0.05);
    o.desk->importing.import ({ o.folder / "Late.wav" }, {}, 0);
    o.jobs.settle();
    CHECK_FALSE (fs::exists (o.folder / "Copy/Audio/Late.wav"));
    CHECK_FALSE (o.desk->founding.take()); // it is fetched first
    auto next = taken (o);
    CHECK (next.copy);
    CHECK (samplesOf (o.folder / "Copy/Audio/Late.wav") == samplesOf (o.folder / "Late.wav"));
    CHECK (o.desk->project().name == "Song");
    o.desk->handOver (*next.studio);
    o.desk.reset();
    o.desk = std::make_unique<Desk> (std::move (*next.studio), o.jobs);
    o.jobs.settle();

    CHECK (o.desk->folder() == (o.folder / "Copy").string());
    CHECK (o.desk->project().name == "Copy");
    CHECK (o.fader (o.vox) == -6);
    CHECK (tracksOf (o.desk->project()) == std::set<std::string> { "Vox", "Late" });
    CHECK (o.desk->studio().unsaved()); // what came after the copy was begun
    while (o.desk->studio().canUndo())
        o.desk->undo();
    CHECK (tracksOf (o.desk->project()) == std::set<std::string> { "Vox", "Pad" });
    CHECK (o.desk->project().name == "Copy");
    CHECK (samplesOf (o.folder / "Copy/Audio/Pad.wav") == samplesOf (o.folder / "Song/Audio/Pad.wav"));
    CHECK (o.told().empty()); // no missing audio
    while (o.desk->studio().canRedo())
        o.desk->redo();
    REQUIRE (o.desk->save());
    CHECK_FALSE (o.desk->studio().unsaved());
    const auto kept = Studio::opened ((o.folder / "Copy").string(), session::ProjectFolder::Use::read);
    REQUIRE (kept);
    CHECK (tracksOf (kept->project()) == std::set<std::string> { "Vox", "Late" });

    // The other is as it was saved last, and nothing is recovered into it.
    const auto old = Studio::opened ((o.folder / "Song").string());
    REQUIRE (old);
    CHECK (old->notes().empty());
    CHECK (old->project().name == "Song");
    CHECK (tracksOf (old->project()) == std::set<std::string> { "Vox" });
    CHECK_FALSE (session::stripOf (old->project(), o.vox)->values.contains ("fader.level"));
}

TEST_CASE ("A copy waits for an export, one that is stopped leaves nothing, and what was not edited is saved")
{
    Opened o (60);
    REQUIRE (o.desk->exporting.start ({ "wav24" }, (o.folder / "Out").string()));
    o.begun ("Exporting");
    const auto number = o.jobs.states().front().number;
    o.desk->founding.saveAs ((o.folder / "Copy").string());
    while (o.jobs.states().size() > 1)
    {
        REQUIRE (o.jobs.running (number));
        o.jobs.poll();
        std::this_thread::yield();
    }
    CHECK_FALSE (o.desk->founding.take());
    o.desk->founding.saveAs ((o.folder / "Other").string());
    CHECK (contains (o.told(), "A copy is being made already."));
    o.jobs.stop (number);
    auto next = taken (o);
    o.desk->handOver (*next.studio);
    CHECK_FALSE (next.studio->unsaved());
    CHECK_FALSE (fs::exists (o.folder / "Other"));
}

TEST_CASE ("Where no project can be made, one sentence says why, and everything is as it was")
{
    Opened o;
    const auto from = stems (o);
    std::ofstream (o.folder / "file.txt") << "mine";
    fs::create_directory (o.folder / "Nothing");
    o.told();
    const auto before = filesIn (o.folder.path);
    const auto refused = [&] (const fs::path& folder, const Beginning& of)
    {
        o.desk->founding.found (folder.string(), of);
        o.jobs.settle();
        CHECK_FALSE (o.desk->founding.take());
        const auto said = o.told();
        REQUIRE (said.size() == 1);
        CHECK (filesIn (o.folder.path) == before);
        return said.front();
    };
    CHECK (refused (o.folder / "Song", from) == "No project was made: " + (o.folder / "Song").string() +
                                                    ": There is something in this folder already. "
                                                    "Choose a new folder.");
    CHECK_THAT (refused (o.folder / "file.txt/New", from),
                Catch::Contains ("The folder could not be made because"));
    CHECK_THAT (refused (o.folder / "New", { .stems = { o.folder / "Nothing" } }),
                Catch::Contains ("There is no sound file here."));
    CHECK_THAT (refused (o.folder / "New", { .songTemplate = "Nobody's" }),
                Catch::Contains ("There is no template of a song called \"Nobody's\"."));
    // 288 kB of each stem, and of what the song plays.
    const SmallDisk full (100'000);
    CHECK_THAT (refused (o.folder / "New", from), Catch::Contains ("disk"));
    CHECK_FALSE (fs::exists (o.folder / "New"));
    o.desk->founding.saveAs ((o.folder / "Copy").string());
    o.jobs.settle();
    CHECK_FALSE (o.desk->founding.take());
    const auto said = o.told();
    REQUIRE (said.size() == 1);
    CHECK_THAT (said[0], Catch::StartsWith ("The project was not saved as another: ") &&
                             Catch::Contains ("too large for the disk"));
    CHECK_FALSE (fs::exists (o.folder / "Copy"));
    CHECK (filesIn (o.folder.path) == before);
}
