// SPDX-License-Identifier: GPL-3.0-or-later
// A project as a window works on it, without a window or a device: edits, rides, and long work beside.
#include "OpenDesk.h"
#include "session/AutomationEdits.h"
#include "session/InsertEdits.h"
#include "session/MaskingEdits.h"
#include "session/RoutingEdits.h"
#include "studio/Freeze.h"
#include "studio/LaneModes.h"
#include "studio/Package.h"
#include "studio/ProjectOrder.h"
#include "studio/SoundWatch.h"
#include "studio/TimeLeft.h"
#include "studio/VersionShelf.h"

#include <fstream>

using namespace lacquer;
using namespace lacquer::studio;
using namespace lacquer::tests;
using lacquer::Id;

TEST_CASE ("An export holds the song as it was when it began, whatever is edited meanwhile")
{
    // Oracle: the same package of the untouched project, written before.
    Opened o (20);
    PackageOptions options;
    options.formats = { "wav24" };
    REQUIRE (deliverPackage (o.desk->project(), o.desk->folder(), o.folder / "Before", options));
    REQUIRE (o.desk->exporting.start ({ "wav24" }, (o.folder / "Out").string()));
    for (int n = 1; n < 20; ++n) // the work itself has hardly begun
        o.desk->set (o.vox, "fader.level", -n, 0);
    o.begun ("Exporting");
    CHECK (o.desk->exporting.status().running);
    CHECK_FALSE (o.desk->exporting.start ({ "wav24" }, (o.folder / "Other").string()));
    REQUIRE (o.desk->edit (session::removedStrip (o.desk->project(), o.pad), 0));
    o.jobs.settle();
    const auto status = o.desk->exporting.status();
    CHECK_FALSE (status.running);
    REQUIRE (status.items.size() == 1);
    CHECK (status.items[0].share == 1);
    CHECK (status.items[0].state != ExportItem::State::running);
    CHECK_THAT (status.items[0].result, Catch::Contains ("LUFS"));
    REQUIRE (filesIn (o.folder / "Out") == filesIn (o.folder / "Before"));
    for (const auto& name : filesIn (o.folder / "Out"))
        if (name.ends_with (".wav"))
            CHECK (samplesOf (o.folder / "Out" / name) == samplesOf (o.folder / "Before" / name));
    CHECK (o.fader (o.vox) == -19);
}

TEST_CASE ("An export that is stopped says so and leaves no file")
{
    Opened o (600);
    REQUIRE (o.desk->exporting.start ({ "wav24", "flac" }, (o.folder / "Out").string()));
    o.begun ("Exporting");
    o.desk->exporting.stop();
    o.jobs.settle();
    const auto status = o.desk->exporting.status();
    CHECK_FALSE (status.running);
    REQUIRE (status.items.size() == 2);
    for (const auto& item : status.items)
        CHECK (item.state == ExportItem::State::stopped);
    CHECK (fs::is_empty (o.folder / "Out"));
}

TEST_CASE ("A desk that is closed while it exports, freezes, archives and looks for masking leaves nothing "
           "half written")
{
    Opened o (600);
    REQUIRE (o.desk->save());
    const auto before = filesIn (o.folder.path);
    REQUIRE (o.desk->exporting.start ({ "wav24" }, (o.folder / "Out").string()));
    o.desk->freezing.freeze (o.vox);
    o.desk->masking.look();
    o.desk->archiving.archive (o.folder / "Song.zip");
    o.begun ("Exporting");
    o.begun ("Freezing Vox");
    o.jobs.close();
    o.desk.reset();
    auto after = filesIn (o.folder.path);
    after.erase ("Song.zip"); // small enough to have been finished; then it is whole
    for (auto name = after.begin(); name != after.end();)
        name = name->starts_with ("Song/Backups/") ? after.erase (name) : std::next (name);
    CHECK (after == before);
    CHECK (fs::is_empty (o.folder / "Out"));
    if (fs::exists (o.folder / "Song.zip"))
        CHECK (restore (o.folder / "Song.zip", (o.folder / "Back").string()));
    CHECK (Studio::opened ((o.folder / "Song").string()).ok());
}

TEST_CASE ("Leaving a project while its work goes on delivers nothing to the next one")
{
    Opened o (600);
    o.desk->freezing.freeze (o.vox);
    o.begun ("Freezing Vox");
    o.desk.reset(); // returns though the work has not ended
    CHECK (o.jobs.states().empty());
    auto opened = Studio::opened ((o.folder / "Song").string());
    REQUIRE (opened);
    o.desk = std::make_unique<Desk> (*std::move (opened), o.jobs);
    o.jobs.settle();
    CHECK_FALSE (o.track (o.vox).frozen);
    CHECK_FALSE (o.desk->studio().canUndo());
}

TEST_CASE ("What is set by hand is called what people call it")
{
    // UI.md 6.5: "Fader, Lead Vox".
    Opened o (1);
    const auto take = [&] (session::Edit edit)
    {
        REQUIRE (o.desk->take (std::move (edit), 0).ok());
        return o.desk->song().tracks.front()->strip.inserts.back()->id;
    };
    take (session::addedEffect (o.desk->project(), o.vox, "delay"));
    const Id second = take (session::addedEffect (o.desk->project(), o.vox, "delay"));
    const auto label = [&] (Id id, const char* parameter, double value)
    {
        o.desk->set (id, parameter, value, 0);
        return o.desk->studio().undoLabel();
    };
    CHECK (label (o.vox, "fader.level", -3) == "Fader, Vox");
    CHECK (label (o.pad, "eq.band3.gain", 2) == "EQ band 3 gain, Pad");
    CHECK (label (second, "feedback", 20) == "Delay 2 feedback, Vox");
    const Id limiter = [&]
    {
        const auto made =
            o.desk->take (session::addedEffect (o.desk->project(), o.desk->song().master->id, "limiter"), 0);
        REQUIRE (made.ok());
        return o.desk->song().master->modules.back()->id;
    }();
    CHECK (label (limiter, "ceiling", -2) == "Limiter ceiling, master");
}

TEST_CASE ("A track is frozen beside edits that it does not hear, and not when it was changed")
{
    Opened o (4);
    // A lookahead makes it late: what stands before the song's start is kept.
    REQUIRE (o.desk->edit (session::addedEffect (o.desk->project(), o.vox, "track-limiter"), 0));
    const auto expected = studio::freeze (o.desk->project(), o.desk->folder(), o.vox);
    REQUIRE (expected);
    const auto lead = session::trackOf (expected->project, o.vox)->frozenLead;
    REQUIRE (lead > 0);
    o.told();
    o.desk->freezing.freeze (o.vox);
    o.desk->freezing.freeze (o.vox); // once is enough
    o.desk->freezing.freeze (Id { 999999 });
    o.desk->set (o.vox, "fader.level", -3, 0);
    o.desk->set (o.vox, "pan.position", 30, 0);
    REQUIRE (o.desk->edit (session::renamed (o.desk->project(), o.vox, "Lead"), 0));
    o.jobs.settle();
    REQUIRE (o.track (o.vox).frozen);
    CHECK (o.track (o.vox).frozenLead == lead);
    CHECK (o.fader (o.vox) == -3);
    CHECK_THAT (o.desk->studio().undoLabel(), Catch::StartsWith ("Freeze"));
    CHECK (o.told() == std::vector<std::string> { "Freezing Vox: Playback and edits go on." });

    // Each of these is in the file that was rendered, or ought to be.
    const auto before = filesIn (o.folder / "Song" / "Audio");
    const std::vector<std::function<session::Edit (const session::Project&)>> changes {
        [&] (const auto& p) { return session::withValue (p, o.pad, "eq.band1.gain", 6.0); },
        [&] (const auto& p) { return session::addedEffect (p, o.pad, "track-limiter"); },
        [&] (const auto& p) { return session::withClipGain (p, o.track (o.pad).clips.front()->id, -6); },
    };
    for (const auto& change : changes)
    {
        o.desk->freezing.freeze (o.pad);
        REQUIRE (o.desk->edit (change (o.desk->project()), 0));
        o.jobs.settle();
        CHECK_FALSE (o.track (o.pad).frozen);
        CHECK (contains (o.told(), "Pad was not frozen: It was changed meanwhile. Freeze it again."));
        CHECK (filesIn (o.folder / "Song" / "Audio") == before);
    }
    o.desk->freezing.freeze (o.pad);
    o.jobs.settle();
    CHECK (o.track (o.pad).frozen);
}

TEST_CASE ("Freezing that is stopped goes on with the next track and leaves no file of the first")
{
    Opened o (600);
    const auto before = filesIn (o.folder / "Song" / "Audio");
    o.desk->freezing.freeze (o.vox);
    o.desk->freezing.freeze (o.pad);
    o.begun ("Freezing Vox");
    o.jobs.stop (o.jobs.states().front().number);
    while (! o.jobs.states().empty() && o.jobs.states().front().name == "Freezing Vox")
        o.jobs.poll();
    o.begun ("Freezing Pad");
    o.jobs.stop (o.jobs.states().front().number);
    o.jobs.settle();
    CHECK_FALSE (o.track (o.vox).frozen);
    CHECK_FALSE (o.track (o.pad).frozen);
    CHECK (filesIn (o.folder / "Song" / "Audio") == before);
    CHECK_FALSE (contains (o.told(), "was not frozen"));
}

TEST_CASE ("Masking is looked for beside the control thread; stopping only asks, and a stopped look tells "
           "nothing")
{
    Opened o (8);
    CHECK (o.desk->masking.report().found == nullptr);
    o.desk->masking.look();
    CHECK (o.desk->masking.report().looking);
    o.jobs.settle();
    auto report = o.desk->masking.report();
    CHECK_FALSE (report.looking);
    REQUIRE (report.found != nullptr);
    CHECK (report.current);
    CHECK (report.trouble.empty());
    o.desk->set (o.vox, "fader.level", -3, 0);
    CHECK_FALSE (o.desk->masking.report().current);
    o.desk->undo();
    CHECK (o.desk->masking.report().current);
    // Which pairs are let alone is not heard.
    REQUIRE (o.desk->edit (session::ignoredMasking (o.desk->project(), o.vox, o.pad), 0));
    CHECK (o.desk->masking.report().current);

    const auto first = report.found;
    o.desk->masking.look();
    o.desk->masking.stop();
    CHECK_FALSE (o.desk->masking.report().looking);
    o.jobs.settle();
    CHECK (o.desk->masking.report().found == first);
    CHECK (o.desk->masking.report().trouble.empty());
    // One that is asked for again at once waits for the one before.
    o.desk->masking.look();
    o.desk->masking.look();
    CHECK (o.jobs.states().front().stopping);
    CHECK (o.desk->masking.report().looking);
    o.jobs.settle();
    CHECK (o.desk->masking.report().found != first);
}

TEST_CASE ("Files are imported beside the control thread, those of one drop as one step")
{
    Opened o;
    tone (o.folder / "In" / "Kick.wav", 24000, 0.01);
    tone (o.folder / "In" / "Snare.wav", 12000, 0.05);
    std::ofstream (o.folder / "In" / "broken.wav") << "no sound";
    o.desk->importing.import ({ o.folder / "In" }, {}, 4800);
    o.jobs.settle();
    const auto& tracks = o.desk->song().tracks;
    REQUIRE (tracks.size() == 4);
    CHECK (tracks[2]->strip.name == "Kick");
    CHECK (tracks[3]->strip.name == "Snare");
    CHECK (tracks[3]->clips.front()->start == 4800);
    CHECK (tracks[3]->clips.front()->length == 12000);
    CHECK (o.desk->studio().undoLabel() == "Import audio");
    CHECK (contains (o.told(), "Not imported"));
    CHECK (o.desk->outlines.count() == 4); // those of what came are made too
    CHECK (o.desk->outlines.of (tracks[3]->clips.front()->media) != nullptr);
    o.desk->undo();
    CHECK (o.desk->song().tracks.size() == 2);

    o.desk->importing.import ({ o.folder / "In" / "Kick.wav" }, o.vox, 96000);
    o.jobs.settle();
    CHECK (o.track (o.vox).clips.size() == 3);
    fs::create_directories (o.folder / "Empty");
    o.desk->importing.import ({ o.folder / "Empty" }, {}, 0);
    o.jobs.settle();
    CHECK (contains (o.told(), "Nothing to import"));
}

TEST_CASE ("Clips are normalised beside the control thread, all of them one step, by what they sound like")
{
    // The tones have a peak of 0.2, -13.98 dB: at -6 dBTP each clip has 7.98 dB, less what lies between
    // samples, which for a tone of 230 Hz at 48 kHz is nothing.
    Opened o;
    std::vector<Id> clips;
    for (const auto& c : o.track (o.vox).clips)
        clips.push_back (c->id);
    o.desk->hearing.edit ("normalise-clip", clips, { { "target", "-6" } }, "Normalise clips");
    o.jobs.settle();
    INFO (Catch::Detail::stringify (o.told()));
    for (const auto& c : o.track (o.vox).clips)
        CHECK (c->gain == Approx (-6 - 20 * std::log10 (0.2)).margin (0.02));
    CHECK (o.desk->studio().undoLabel() == "Normalise clips");
    o.desk->undo();
    for (const auto& c : o.track (o.vox).clips)
        CHECK (c->gain == 0);
}

TEST_CASE ("A project is archived and unpacked beside the control thread, as it was when that began")
{
    Opened o;
    // It waits for the one before: so it surely runs after the edit.
    const auto before = o.jobs.start (
        { "Before", "archive" },
        [] (const Work& w) -> Outcome
        {
            while (! w.stopped())
                std::this_thread::yield();
            return {};
        },
        [] (const Outcome&, bool) {});
    o.desk->archiving.archive (o.folder / "Song.zip");
    o.desk->set (o.vox, "fader.level", -12, 0);
    o.jobs.stop (before);
    o.jobs.settle();
    CHECK (contains (o.told(), "The project is archived"));
    o.desk->archiving.restore (o.folder / "Song.zip", o.folder / "Back");
    o.jobs.settle();
    CHECK (contains (o.told(), "The archive is unpacked"));
    const auto again = Studio::opened ((o.folder / "Back").string());
    REQUIRE (again);
    CHECK_FALSE (session::stripOf (again->project(), o.vox)->values.contains ("fader.level"));
    o.desk->archiving.restore (o.folder / "none.zip", o.folder / "Other");
    o.jobs.settle();
    CHECK (contains (o.told(), "The archive was not unpacked"));
    CHECK_FALSE (fs::exists (o.folder / "Other"));
}

TEST_CASE ("Versions are read and written in the order asked for, and what went wrong is told")
{
    Opened o;
    std::vector<std::string> said;
    auto shelf = std::make_unique<VersionShelf> (o.jobs, o.desk->folder(), o.desk->song().id);
    shelf->onDone = [&] (const Outcome& outcome, const std::string& words)
    { said.push_back (outcome ? words : outcome.problem().what); };
    const auto names = [&]
    {
        std::vector<std::string> all;
        for (const auto& v : shelf->versions())
            all.push_back (v.name);
        return all;
    };
    shelf->read();
    shelf->store (o.desk->project(), "Rough", "first", "Stored.");
    shelf->rename ("Rough", "Final", "Renamed.");
    shelf->store (o.desk->project(), "Final", "", "Stored again.");
    CHECK (shelf->versions().empty()); // nothing has waited
    o.jobs.settle();
    CHECK (said ==
           std::vector<std::string> { "", "Stored.", "Renamed.", "There is a version \"Final\" already." });
    REQUIRE (names() == std::vector<std::string> { "Final" });
    CHECK (shelf->versions()[0].note == "first");
    shelf->write (
        o.folder / "sheet.txt", [] { return std::string ("words"); }, "Wrote.");
    shelf->remove ("Final", "Deleted.");
    o.jobs.settle();
    CHECK (said.back() == "Deleted.");
    CHECK (names().empty());
    CHECK (fs::file_size (o.folder / "sheet.txt") == 5);

    // What was begun is finished when nobody looks any more.
    shelf->store (o.desk->project(), "Last", "", "Stored.");
    shelf.reset();
    o.jobs.settle();
    CHECK (said.size() == 6);
    CHECK (versionsIn (o.desk->folder(), o.desk->song().id).versions.size() == 1);
}

TEST_CASE ("A fader is ridden at a desk while a caller renders: what was set is in the lane, in one step")
{
    // Touch mode: at rest before the hand, -12 dB while it holds, back after it has let go (50 ms rest, 200
    // ms glide: AutomationRecorder). A block is 256 frames, so positions are within one.
    Opened o (8);
    auto& desk = *o.desk;
    REQUIRE (desk.edit (
        withModeOf (desk.project(), o.vox, session::LaneMode::touch, { o.vox, "fader.level", nullptr }), 0));
    std::vector<float> left (256), right (256);
    const auto until = [&] (Frames position)
    {
        float* out[] { left.data(), right.data() };
        while (desk.player().position() < position)
        {
            desk.player().render (out, 2, 256);
            desk.poll();
        }
    };
    desk.player().deviceStarted();
    desk.player().settle();
    desk.play (0);
    until (24000);
    desk.touch (o.vox, "fader.level");
    desk.set (o.vox, "fader.level", -12, 7);
    CHECK (o.fader (o.vox) == -12); // at once
    until (48000);
    CHECK_FALSE (desk.rides().writing (o.vox, "fader.level").empty());
    REQUIRE (desk.edit (session::renamed (desk.project(), o.vox, "Lead"), 0)); // beside it
    desk.letGo (o.vox, "fader.level");
    until (96000);
    desk.stop();
    desk.player().deviceStopped();
    CHECK (desk.studio().undoLabel() == "Ride Fader, Lead");
    const auto* lane = session::laneOf (desk.project(), o.vox, "fader.level");
    REQUIRE (lane != nullptr);
    CHECK (session::valueAt (lane->points, 23000) == 0);
    CHECK (session::valueAt (lane->points, 26000) == Approx (-12).margin (0.1));
    CHECK (session::valueAt (lane->points, 47000) == Approx (-12).margin (0.1));
    CHECK (session::valueAt (lane->points, 66000) == Approx (0).margin (0.1));
    desk.undo();
    CHECK (session::laneOf (desk.project(), o.vox, "fader.level")->points.empty());
    CHECK (session::stripOf (desk.project(), o.vox)->name == "Lead");
}

TEST_CASE ("A sound that stutters is told once a minute, and not in the first two seconds of a device")
{
    using namespace std::chrono_literals;
    const SoundWatch::Time start {};
    const auto at = [&] (auto after) { return start + 1h + after; };
    SoundWatch watch;
    CHECK_FALSE (watch.look (0, 0, at (0s)));
    auto told = watch.look (0, 3, at (1s));
    REQUIRE (told);
    CHECK (told->title == "The sound stuttered");
    CHECK_FALSE (watch.look (0, 9, at (60s)));
    CHECK (watch.look (0, 9, at (62s))); // those of the minute before
    CHECK_FALSE (watch.look (0, 9, at (200s)));
    told = watch.look (1, 20, at (201s));
    REQUIRE (told);
    CHECK (told->title == "The sound has gaps"); // the disk is the graver one
    watch.deviceStarted (at (300s));
    CHECK_FALSE (watch.look (1, 5, at (301s)));
    CHECK_FALSE (watch.look (1, 5, at (303s)));
    CHECK (watch.look (1, 6, at (304s)));
}

TEST_CASE ("The time left is told from the third second on, only falls, and is gone when the work is")
{
    // Work that slows down to half its speed after a third, so that a plain estimate would rise.
    TimeLeft left;
    std::optional<double> before;
    const double whole = 50; // 10 s for the first third, 20 s each for the others
    for (double t = 0; t <= whole; t += 1.0 / 30)
    {
        const double share = t < 10 ? t / 30 : 1.0 / 3 + (t - 10) / 60;
        const auto now = left.after (t, share);
        CAPTURE (t);
        REQUIRE (now.has_value() == (t >= 2));
        if (before)
        {
            REQUIRE (*now <= *before);
            REQUIRE (*before - *now <= 3.01 / 30); // smoothly
        }
        before = now;
    }
    CHECK (*before == Approx (0).margin (0.2));
    // Work that is nearly done all at once: 90 s were left, then 1; it falls three times as fast as time.
    TimeLeft sudden;
    for (int n = 0; n <= 330; ++n)
    {
        const auto now = sudden.after (n / 30.0, n < 300 ? n / 3000.0 : 0.9);
        if (n > 300)
            REQUIRE (*before - *now <= 3.01 / 30);
        before = now;
    }
    CHECK (*before == Approx (90 - 3.1).margin (0.2));
    TimeLeft steady; // 20 s of even speed: after 5 s, 15 are left
    for (int n = 0; n <= 150; ++n)
        before = steady.after (n / 30.0, n / 600.0);
    CHECK (*before == Approx (15).margin (0.05));
    CHECK_FALSE (TimeLeft().after (10, 0));
}
