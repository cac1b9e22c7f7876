// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/PcmFile.h"
#include "files/Writer.h"
#include "session/ClipEdits.h"
#include "session/Find.h"
#include "studio/ClipLevels.h"
#include "studio/NewProject.h"
#include "studio/ProjectOrder.h"
#include "support/Folder.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>

using namespace lacquer;
using namespace lacquer::studio;

namespace
{

namespace fs = std::filesystem;

struct Folder : tests::Folder
{
    Folder() : tests::Folder ("order") {}
};

/// A mono 24-bit file: bursts of a 1 kHz sine of 0.25 s at the seconds given, silence between.
void bursts (const fs::path& file, std::vector<double> at, double level, Frames frames = 96000)
{
    fs::create_directories (file.parent_path());
    std::vector<float> sound (static_cast<std::size_t> (frames));
    for (const double second : at)
        for (Frames n = 0; n < 12000; ++n)
            sound[static_cast<std::size_t> (std::llround (second * 48000) + n)] = static_cast<float> (
                level * std::sin (2 * M_PI * 1000 / 48000 * (static_cast<double> (n) + 0.5)));
    auto writer =
        files::Writer::opened (file, { .encoding = files::Encoding::wav24, .rate = 48000, .channels = 1 });
    REQUIRE (writer);
    const float* lanes[] { sound.data() };
    REQUIRE ((*writer)->write (lanes, static_cast<int> (frames)));
    REQUIRE ((*writer)->finish());
}

/// A project of two stems in a folder "Song".
Studio song (const Folder& folder, files::Placement placement = files::Placement::copy)
{
    bursts (folder / "Bounce/Kick.wav", { 0.5, 1.25 }, 0.5);
    bursts (folder / "Bounce/Bass.wav", { 0.0 }, 0.25);
    NewOptions options;
    options.placement = placement;
    auto made = projectFromStems (folder / "Song", "Song", soundFilesIn ({ folder / "Bounce" }), options);
    if (! made)
        FAIL (made.problem().sentence());
    auto studio = Studio::created ((folder / "Song").string(), made->project);
    if (! studio)
        FAIL (studio.problem().sentence());
    return *std::move (studio);
}

const session::Track& kick (const Studio& s)
{
    for (const auto& t : s.project().songs[0]->tracks)
        if (t->strip.name == "Kick")
            return *t;
    FAIL ("no kick");
    return *s.project().songs[0]->tracks[0];
}

std::string number (Id id)
{
    return std::to_string (id.value);
}

} // namespace

TEST_CASE ("normalising measures the clip: a sine of 0.5 comes to the target, to its peak and its loudness")
{
    const Folder folder;
    auto studio = song (folder);
    const auto clip = kick (studio).clips[0]->id;
    REQUIRE (studio.edit ("normalise-clip", { { "clip", "clip:" + number (clip) }, { "target", "-1" } }));
    // 0.5 is -6.02 dBFS, and a true peak meter reads a 1 kHz sine's own peak: +5.02 dB.
    CHECK (session::clipOf (studio.project(), clip)->gain == Approx (5.02).margin (0.05));
    REQUIRE (studio.edit ("normalise-clip",
                          { { "clip", number (clip) }, { "target", "-23" }, { "to", "loudness" } }));
    const auto level = levelOf (studio.folder(), studio.project(), clip);
    REQUIRE (level);
    CHECK (session::clipOf (studio.project(), clip)->gain == Approx (-23 - *level->loudness).margin (1e-9));
}

TEST_CASE ("strip silence finds the bursts with their pads, and what is left plays what it did")
{
    const Folder folder;
    auto studio = song (folder);
    const auto clip = kick (studio).clips[0]->id;
    const auto found = soundOf (studio.folder(), studio.project(), clip, { -40, 0.2, 0.01, 0.05 });
    REQUIRE (found);
    // Bursts at 0.5 and 1.25 s, 0.25 s long; a 0.5 sine begins within half a period of the threshold.
    REQUIRE (found->size() == 2);
    CHECK ((*found)[0].begin == Approx (24000 - 480).margin (24));
    CHECK ((*found)[0].end == Approx (36000 + 2400).margin (24));
    CHECK ((*found)[1].begin == Approx (60000 - 480).margin (24));
    CHECK (soundOf (studio.folder(), studio.project(), clip, { -40, 0.6, 0.01, 0.05 })->size() ==
           1); // held over
    CHECK (soundOf (studio.folder(), studio.project(), clip, { -3, 0.2, 0.01, 0.05 })->empty());
    REQUIRE (studio.edit ("strip-silence",
                          { { "clip", number (clip) }, { "threshold", "-40" }, { "fade", "48f" } }));
    REQUIRE (kick (studio).clips.size() == 2);
    CHECK (kick (studio).clips[1]->offset == kick (studio).clips[1]->start);
    CHECK (studio.undoLabel() == "Strip silence");
    REQUIRE_FALSE (studio.edit ("strip-silence", { { "clip", number (clip) }, { "threshold", "0" } }));
}

TEST_CASE ("a new bounce of the same name is offered, and replacing keeps strip, clips and automation")
{
    const Folder folder;
    auto studio = song (folder);
    CHECK (offeredStems (studio.project(), studio.folder(), folder / "Bounce").empty());
    const auto track = kick (studio).strip.id;
    REQUIRE (studio.set ("track:Kick/fader.level=-5"));
    REQUIRE (
        studio.edit ("automate", { { "address", "track:Kick/fader.level" }, { "points", "0:0, 1:-6" } }));
    REQUIRE (studio.edit ("split-clip", { { "clip", number (kick (studio).clips[0]->id) }, { "at", "1" } }));
    const auto before = kick (studio);

    bursts (folder / "Mix 2/KICK.wav", { 0.5 }, 0.4, 120000);
    fs::last_write_time (folder / "Mix 2/KICK.wav",
                         fs::file_time_type::clock::now() + std::chrono::hours (1));
    const auto offers = offeredStems (studio.project(), studio.folder(), folder / "Mix 2");
    REQUIRE (offers.size() == 1);
    CHECK (offers[0].track == "Kick");
    CHECK (offers[0].media == before.clips[0]->media);
    const auto fresh = replaceStem (studio, offers[0].media, offers[0].file);
    REQUIRE (fresh);
    const auto& after = *session::trackOf (studio.project(), track);
    CHECK (after.strip == before.strip);
    REQUIRE (after.clips.size() == 2);
    CHECK (after.clips[0]->media == *fresh);
    CHECK (after.clips[0]->id == before.clips[0]->id);
    CHECK (after.clips[0]->length == 48000); // it was cut there
    CHECK (after.clips[1]->length == 72000); // it reached to the end, and does
    studio.undo();
    CHECK (*session::trackOf (studio.project(), track) == before);
}

TEST_CASE ("what an edit left out is told after it and forgotten with the next, as is what it made")
{
    const Folder folder;
    auto studio = song (folder);
    REQUIRE (studio.edit ("store-scene", { { "name", "Soft" } }));
    CHECK (studio.remarks().empty());
    REQUIRE (studio.edit ("add-track", { { "name", "Late" } }));
    const auto late = studio.made();
    CHECK (session::trackOf (studio.project(), late)->strip.name == "Late");
    REQUIRE (studio.edit ("recall-scene", { { "scene", "Soft" } }));
    CHECK (studio.remarks() ==
           std::vector<std::string> { "The track \"Late\" is not in the scene and stays as it is." });
    CHECK (studio.made() == Id {});
    REQUIRE (studio.set ("track:Late/fader.level=-3"));
    CHECK (studio.remarks().empty());
}

TEST_CASE ("save as, archive and restore give the same project with the same audio")
{
    const Folder folder;
    auto studio = song (folder);
    REQUIRE (studio.set ("track:Kick/fader.level=-5"));
    auto copy = savedAs (studio, (folder / "Copy").string());
    if (! copy)
        FAIL (copy.problem().sentence());
    CHECK (copy->project().name == "Copy");
    REQUIRE (studio::archive (*copy, folder / "Copy.zip"));
    // The oracle for the format is another program: Python's zipfile tests every CRC.
    CHECK (std::system (("cd '" + folder.path.string() +
                         "' && /usr/bin/python3 -c \"import zipfile; z = zipfile.ZipFile ('Copy.zip'); "
                         "assert z.testzip() is None; assert len (z.namelist()) == 3, z.namelist()\"")
                            .c_str()) == 0);
    REQUIRE (studio::restore (folder / "Copy.zip", (folder / "Back").string()));
    auto back = Studio::opened ((folder / "Back").string());
    REQUIRE (back);
    CHECK (back->project() == copy->project());
    for (const auto& m : back->project().media)
        CHECK (files::PcmFile::opened (folder / "Back" / m.path)->frames() == m.frames);
    REQUIRE_FALSE (studio::restore (folder / "Copy.zip", (folder / "Back").string())); // not over something
    REQUIRE_FALSE (savedAs (studio, (folder / "Back").string()));
}

TEST_CASE ("archives that lead out of their folder, or are damaged, are refused and leave nothing")
{
    const Folder folder;
    {
        std::ofstream program (folder / "make.py");
        program << "import zipfile, os\n"
                   "def z(name, *entries):\n"
                   "    with zipfile.ZipFile (name, 'w') as f:\n"
                   "        for e in entries: f.writestr (e, b'x')\n"
                   "z ('up.zip', 'Song/../../evil.txt')\n"
                   "z ('root.zip', '/evil.txt')\n"
                   "z ('flat.zip', 'evil.txt')\n"
                   "z ('empty.zip')\n"
                   "z ('none.zip', 'Song/readme.txt')\n"
                   "with zipfile.ZipFile ('link.zip', 'w') as f:\n"
                   "    i = zipfile.ZipInfo ('Song/link'); i.external_attr = 0o120777 << 16; i.create_system "
                   "= 3\n"
                   "    f.writestr (i, '/etc/passwd')\n"
                   "open ('noise.zip', 'wb').write (os.urandom (5000))\n";
    }
    REQUIRE (std::system (("cd '" + folder.path.string() + "' && /usr/bin/python3 make.py").c_str()) == 0);
    auto studio = song (folder);
    REQUIRE (studio::archive (studio, folder / "good.zip"));
    {
        std::fstream file (folder / "good.zip", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp (-60000, std::ios::end); // in the samples of the last file
        file.put ('\x55');
        file.put ('\x2a');
    }
    for (const auto* name : { "up", "root", "flat", "empty", "none", "link", "noise", "good", "missing" })
    {
        INFO (name);
        const auto done = studio::restore (folder / (std::string (name) + ".zip"), (folder / "Out").string());
        REQUIRE_FALSE (done);
        CHECK (done.problem().what.back() == '.');
        CHECK_FALSE (fs::exists (folder / "Out"));
    }
    CHECK_FALSE (fs::exists (folder / "evil.txt"));
}

TEST_CASE ("archiving and unpacking that are stopped half way leave nothing")
{
    const Folder folder;
    const auto studio = song (folder);
    REQUIRE (studio::archive (studio, folder / "good.zip"));
    const auto there = [&]
    {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator (folder.path))
            names.insert (entry.path().filename().string());
        return names;
    };
    const auto before = there();
    for (const double when : { 0.0, 0.5 }) // at the first of two files, and the second
    {
        std::atomic<bool> stop { false };
        const Progress progress { [&] (double share) { stop = stop || share >= when; }, &stop };
        const auto archived = studio::archive (studio, folder / "half.zip", progress);
        REQUIRE_FALSE (archived);
        CHECK (archived.problem().what == "Archiving was stopped.");
        CHECK (there() == before);
        stop = false;
        const auto unpacked = studio::restore (folder / "good.zip", (folder / "Half").string(), progress);
        REQUIRE_FALSE (unpacked);
        CHECK (unpacked.problem().what == "Unpacking was stopped.");
        CHECK (there() == before);
    }
}

TEST_CASE ("collecting brings audio that lies elsewhere into the folder, and cleaning takes the rest away")
{
    const Folder folder;
    auto studio = song (folder, files::Placement::reference);
    REQUIRE (studio.project().media[0].referenced);
    const auto collected = collectFiles (studio);
    REQUIRE (collected);
    CHECK (*collected == 2);
    for (const auto& m : studio.project().media)
    {
        CHECK_FALSE (m.referenced);
        CHECK (fs::exists (folder / "Song" / m.path));
    }
    CHECK (*collectFiles (studio) == 0);
    REQUIRE (studio.save());
    REQUIRE (studio.edit ("remove", { { "strip", "track:Bass" } }));
    // A step of undo could still bring the bass back, so it stays.
    const auto nothing = cleanUnused (studio);
    REQUIRE (nothing);
    CHECK (nothing->files.empty());
    REQUIRE (studio.save());
    auto again = [&]
    {
        auto moved = std::move (studio); // frees the lock at the end of the scope
        return moved.save().ok();
    }();
    REQUIRE (again);
    auto later = Studio::opened ((folder / "Song").string());
    REQUIRE (later);
    const auto cleaned = cleanUnused (*later);
    REQUIRE (cleaned);
    REQUIRE (cleaned->files == std::vector<std::string> { "Bass.wav" });
    CHECK (fs::exists (folder / "Song/Unused/Bass.wav"));
    CHECK (fs::exists (folder / "Song/Audio/Kick.wav"));
}

TEST_CASE ("stems with time references lie where they were recorded, at the tempo their names tell")
{
    const Folder folder;
    bursts (folder / "Bounce/Kick_120bpm.wav", { 0 }, 0.5);
    bursts (folder / "Bounce/Bass_96bpm.wav", { 0 }, 0.5);
    // A bext chunk behind the sound, by Python's struct; the RIFF size follows.
    std::ofstream (folder / "stamp.py")
        << "import struct, sys\n"
           "def stamp (name, ref):\n"
           "    b = open (name, 'rb').read()\n"
           "    c = b'\\0' * 338 + struct.pack ('<Q', ref) + b'\\0' * 256\n"
           "    b += b'bext' + struct.pack ('<I', len (c)) + c\n"
           "    open (name, 'wb').write (b[:4] + struct.pack ('<I', len (b) - 8) + b[8:])\n"
           "stamp (sys.argv[1], int (sys.argv[2]))\n";
    const auto stamp = [&] (const std::string& name, const std::string& at)
    {
        REQUIRE (std::system (("cd '" + folder.path.string() + "' && /usr/bin/python3 stamp.py 'Bounce/" +
                               name + "' " + at)
                                  .c_str()) == 0);
    };
    const auto made = [&] (const char* name)
    {
        auto project = projectFromStems (folder / name, name, soundFilesIn ({ folder / "Bounce" }), {});
        REQUIRE (project);
        return *std::move (project);
    };
    stamp ("Kick_120bpm.wav", "48000100");
    const auto one = made ("One"); // only one of two has one, and the tempi differ
    for (const auto& t : one.project.songs[0]->tracks)
        CHECK (t->clips[0]->start == 0);
    CHECK (one.project.songs[0]->tempi[0].bpm == 120); // the initial one
    stamp ("Bass_96bpm.wav", "48012345");
    fs::rename (folder / "Bounce/Kick_120bpm.wav", folder / "Bounce/Kick.wav");
    const auto both = made ("Both");
    REQUIRE (both.notes.size() == 2);
    CHECK (both.project.songs[0]->tempi[0].bpm == 96);
    for (const auto& t : both.project.songs[0]->tracks)
        CHECK (t->clips[0]->start == (t->strip.name == "Kick" ? 0 : 12245));
}
