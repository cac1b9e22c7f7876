// SPDX-License-Identifier: GPL-3.0-or-later
// Order in the audio files of a project while it is open.
#include "OpenDesk.h"
#include "session/Edits.h"
#include "support/SmallDisk.h"

using namespace lacquer;
using namespace lacquer::studio;
using namespace lacquer::tests;
using lacquer::Id;

namespace
{

/// A track that plays a file from where it lies; with `inside` one of the Audio folder.
Id playing (Opened& o, const fs::path& file, bool inside = false)
{
    session::Media media;
    media.path = inside ? "Audio/" + file.filename().string() : file.string();
    media.referenced = ! inside;
    media.original = file.string();
    media.channels = 2;
    media.frames = 4800;
    media.originalRate = 48000;
    const auto take = [&] (session::Edit edit)
    {
        REQUIRE (edit);
        const auto made = edit->made;
        REQUIRE (o.desk->edit (std::move (edit), 0));
        return made;
    };
    session::Clip clip;
    clip.media = take (session::addedMedia (o.desk->project(), media));
    clip.length = 4800;
    const auto track = take (
        session::addedTrack (o.desk->project(), o.desk->song().id, file.stem().string(), media.channels));
    take (session::addedClip (o.desk->project(), track, clip));
    return clip.media;
}

const session::Media& mediaOf (const Opened& o, Id id)
{
    const auto* media = session::mediaOf (o.desk->project(), id);
    REQUIRE (media != nullptr);
    return *media;
}

} // namespace

TEST_CASE ("Files that lie elsewhere are collected beside edits, as one step that undo takes back")
{
    Opened o;
    const auto file = o.folder / "Else" / "Vox.wav"; // a name that the project has
    tone (file, 4800, 0.05);
    const auto media = playing (o, file);
    o.told();
    o.desk->tidying.collect();
    o.desk->set (o.vox, "fader.level", -6, 0); // meanwhile
    CHECK (mediaOf (o, media).referenced);     // nothing has waited
    o.jobs.settle();
    CHECK (o.told() ==
           std::vector<std::string> { "The project has all its audio: 1 file copied to its Audio folder." });
    CHECK_FALSE (mediaOf (o, media).referenced);
    CHECK (mediaOf (o, media).path == "Audio/Vox 2.wav");
    CHECK (samplesOf (o.folder / "Song/Audio/Vox 2.wav") == samplesOf (file));
    CHECK (o.fader (o.vox) == -6);
    o.desk->undo();
    CHECK (mediaOf (o, media).path == file.string());
    CHECK (o.fader (o.vox) == -6);
    o.desk->redo();
    o.desk->tidying.collect();
    o.jobs.settle();
    CHECK (contains (o.told(), "Nothing to collect"));
}

TEST_CASE ("Collecting that is stopped, left, or finds no room leaves no file")
{
    Opened o;
    for (const auto* name : { "One.wav", "Two.wav", "Three.wav" })
    {
        tone (o.folder / "Else" / name, 48000 * 10, 0.05);
        playing (o, o.folder / "Else" / name);
    }
    REQUIRE (o.desk->save());
    o.jobs.settle();
    o.told();
    const auto audio = filesIn (o.folder / "Song/Audio");
    {
        const SmallDisk full (100'000);
        o.desk->tidying.collect();
        o.jobs.settle();
    }
    const auto said = o.told();
    REQUIRE (said.size() == 1);
    CHECK_THAT (said[0],
                Catch::StartsWith ("Nothing was collected: ") && Catch::Contains ("too large for the disk"));
    CHECK (filesIn (o.folder / "Song/Audio") == audio);

    o.desk->tidying.collect();
    o.jobs.stop (o.jobs.states().front().number);
    o.jobs.settle();
    CHECK (o.told().empty());
    CHECK (filesIn (o.folder / "Song/Audio") == audio);

    // Left when it has begun, or even done: nobody has the copies.
    o.desk->tidying.collect();
    o.begun ("Collecting audio files");
    o.desk.reset();
    o.jobs.close();
    CHECK (filesIn (o.folder / "Song/Audio") == audio);
    const auto again = Studio::opened ((o.folder / "Song").string());
    REQUIRE (again);
    CHECK (again->notes().empty());
}

TEST_CASE ("What nothing uses is told, with its size, and moved only when that was answered")
{
    Opened o;
    const auto audio = o.folder / "Song/Audio";
    tone (audio / "Old.wav", 4800, 0.05);
    tone (audio / "Older.wav", 4800, 0.06);
    // The pad can be brought back by undo.
    REQUIRE (o.desk->edit (session::removedStrip (o.desk->project(), o.pad), 0));
    o.desk->tidying.lookForUnused();
    CHECK_FALSE (o.desk->tidying.takeQuestion()); // nothing has waited
    o.jobs.settle();
    const auto found = o.desk->tidying.takeQuestion();
    REQUIRE (found);
    CHECK_FALSE (o.desk->tidying.takeQuestion());
    CHECK (found->files == std::vector<std::string> { "Old.wav", "Older.wav" });
    CHECK (found->bytes == static_cast<std::int64_t> (fs::file_size (audio / "Old.wav") +
                                                      fs::file_size (audio / "Older.wav")));
    CHECK (filesIn (audio) == std::set<std::string> { "Old.wav", "Older.wav", "Pad.wav", "Vox.wav" });

    playing (o, audio / "Older.wav", true); // before the answer
    o.jobs.settle();
    o.told();
    o.desk->clean (*found);
    CHECK (o.told() == std::vector<std::string> {
                           "The Audio folder is clean: 1 file moved to the project's folder Unused." });
    CHECK (filesIn (audio) == std::set<std::string> { "Older.wav", "Pad.wav", "Vox.wav" });
    CHECK (filesIn (o.folder / "Song/Unused") == std::set<std::string> { "Old.wav" });
    CHECK_FALSE (o.desk->studio().unsaved());
    o.desk->tidying.lookForUnused();
    o.jobs.settle();
    CHECK (contains (o.told(), "Nothing to clean"));
    CHECK_FALSE (o.desk->tidying.takeQuestion());
}

TEST_CASE ("Nothing is cleaned while other work may be writing audio")
{
    Opened o (60);
    tone (o.folder / "Song/Audio/Old.wav", 4800, 0.05);
    o.desk->tidying.lookForUnused();
    o.jobs.settle();
    const auto found = o.desk->tidying.takeQuestion();
    REQUIRE (found);
    o.desk->freezing.freeze (o.vox);
    o.begun ("Freezing Vox");
    o.desk->clean (*found);
    CHECK (contains (o.told(), "Other work is going on."));
    CHECK (fs::exists (o.folder / "Song/Audio/Old.wav"));
}
