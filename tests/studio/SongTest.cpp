// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Random.h"
#include "engine/Driver.h"
#include "files/Writer.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "studio/Catalogue.h"
#include "studio/Freeze.h"
#include "studio/Player.h"
#include "studio/Render.h"
#include "studio/demo/DemoMix.h"
#include "support/RtGuard.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

using namespace lacquer;
using lacquer::Id;
namespace fs = std::filesystem;

namespace
{

using Sound = std::array<std::vector<float>, 2>;

/// A project in a temporary folder whose audio is deterministic noise bursts.
struct TestProject
{
    fs::path folder;
    session::Project project = session::newProject ("Test", 48000);

    TestProject()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-song-XXXXXX").string();
        folder = ::mkdtemp (pattern.data());
        fs::create_directories (folder / "Audio");
    }
    ~TestProject() { fs::remove_all (folder); }

    const session::Song& song() const { return *project.songs.front(); }

    Id done (session::Edit edit)
    {
        INFO ((edit ? std::string() : edit.problem().sentence()));
        REQUIRE (edit.ok());
        project = std::move (edit->project);
        return edit->made;
    }

    /// Two tracks with the same seed carry the same sound.
    Id addTrack (const std::string& name, int channels, std::uint64_t seed, Frames frames = 48000)
    {
        const auto file = "Audio/" + name + ".wav";
        files::WriterOptions options;
        options.encoding = files::Encoding::wavFloat;
        options.channels = channels;
        auto writer = files::Writer::opened (folder / file, options);
        REQUIRE (writer.ok());
        std::vector<std::vector<float>> sound (static_cast<std::size_t> (channels));
        std::vector<const float*> pointers;
        for (std::size_t c = 0; c < sound.size(); ++c)
        {
            for (Frames n = 0; n < frames; ++n)
                sound[c].push_back (static_cast<float> (
                    (uniform (seed * 1000003 + static_cast<std::uint64_t> (2 * n) + c) - 0.5) * 0.4 *
                    std::exp (-static_cast<double> (n % 9600) / 3000)));
            pointers.push_back (sound[c].data());
        }
        REQUIRE ((*writer)->write (pointers.data(), static_cast<int> (frames)).ok());
        REQUIRE ((*writer)->finish().ok());

        session::Media media;
        media.path = file;
        media.channels = channels;
        media.frames = frames;
        media.originalRate = 48000;
        session::Clip clip;
        clip.media = done (session::addedMedia (project, media));
        clip.length = frames;
        const auto track = done (session::addedTrack (project, song().id, name, channels));
        done (session::addedClip (project, track, clip));
        sounds[track] = sound;
        return track;
    }

    Sound rendered (studio::Rendering job = {}) const
    {
        Sound sound;
        const auto result =
            studio::render (project, folder, song(), job,
                            [&] (const float* const* channels, int frames) -> Outcome
                            {
                                for (std::size_t c = 0; c < 2; ++c)
                                    sound[c].insert (sound[c].end(), channels[c], channels[c] + frames);
                                return {};
                            });
        INFO ((result ? std::string() : result.problem().sentence()));
        REQUIRE (result.ok());
        return sound;
    }

    std::map<Id, std::vector<std::vector<float>>> sounds;
};

double largest (const Sound& s)
{
    double most = 0;
    for (const auto& channel : s)
        for (float x : channel)
            most = std::max (most, static_cast<double> (std::abs (x)));
    return most;
}

/// A mix with everything that moves: groups, sends, dynamics, EQ, saturation, automation, a mastering chain.
void makeBusy (TestProject& t)
{
    const auto song = t.song().id;
    const auto a = t.addTrack ("A", 2, 1), b = t.addTrack ("B", 1, 2), c = t.addTrack ("C", 1, 3);
    const auto group = t.done (session::addedGroup (t.project, song, "Group"));
    const auto reverb = t.done (session::addedReturn (t.project, song, "Reverb")),
               delay = t.done (session::addedReturn (t.project, song, "Delay"));
    t.done (session::addedEffect (t.project, reverb, "reverb"));
    t.done (session::addedEffect (t.project, delay, "delay"));
    t.done (session::withOutput (t.project, b, group));
    t.done (session::withOutput (t.project, c, group));
    for (Id id : { a, b, c })
    {
        t.done (session::withSend (t.project, id, 0, reverb));
        t.done (session::withSend (t.project, id, 1, delay));
        t.done (session::withValue (t.project, id, "send1.level", -12.0));
        t.done (session::withValue (t.project, id, "send2.level", -18.0));
        t.done (session::withValue (t.project, id, "comp.on", std::string ("On")));
        t.done (session::withValue (t.project, id, "hpf.on", std::string ("On")));
        t.done (session::withValue (t.project, id, "eq.band3.gain", 4.0));
    }
    t.done (session::withValue (t.project, c, "sat.on", std::string ("On")));
    t.done (session::withValue (t.project, b, "pan.position", -30.0));
    t.done (session::withLane (t.project, { a,
                                            "fader.level",
                                            { { 0, -20, session::Curve::linear, 0 },
                                              { 20011, 0, session::Curve::smooth, 0 },
                                              { 40000, -6, session::Curve::hold, 0 } },
                                            true,
                                            {} }));
    t.done (session::withLane (
        t.project, { b,
                     "eq.band3.frequency",
                     { { 5000, 500, session::Curve::linear, 0 }, { 30000, 4000, session::Curve::linear, 0 } },
                     true,
                     {} }));
    const auto master = t.song().master->id;
    for (const auto* type : { "master-eq", "multiband", "master-saturation", "width", "limiter" })
        t.done (session::addedEffect (t.project, master, type));
    t.done (session::withValue (t.project, t.song().master->modules.back()->id, "gain", 9.0));
    t.done (session::withEnd (t.project, song, 60000));
}

} // namespace

TEST_CASE ("a stereo track through strips at rest is itself, bit for bit")
{
    // Unity everywhere: the expected samples are those of the file.
    TestProject t;
    const auto track = t.addTrack ("A", 2, 1);
    const auto sound = t.rendered ({ { studio::Tap::Point::mix, {} }, 0, 48000 });
    for (std::size_t c = 0; c < 2; ++c)
    {
        REQUIRE (sound[c].size() == 48000);
        CHECK (std::equal (sound[c].begin(), sound[c].end(), t.sounds.at (track)[c].begin()));
    }
}

TEST_CASE ("a mono track in the middle is the pan law exactly")
{
    // -3 dB: sqrt (1/2) on both sides, rounded to float as a gain is.
    TestProject t;
    const auto track = t.addTrack ("A", 1, 1);
    const auto sound = t.rendered ({ { studio::Tap::Point::mix, {} }, 0, 48000 });
    const auto gain = static_cast<float> (std::sqrt (0.5));
    const auto& source = t.sounds.at (track)[0];
    for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t n = 0; n < source.size(); ++n)
            REQUIRE (sound[c][n] == source[n] * gain);
}

TEST_CASE ("two equal paths cancel to exact zero whatever one of them passes through")
{
    // The second path is turned upside down and takes a detour that only delays; delay compensation must hide
    // it to the bit.
    const auto detour = GENERATE (as<std::string> {}, "none", "lookahead insert", "late insert", "group",
                                  "group in group", "send and return");
    INFO (detour);
    TestProject t;
    const auto song = t.song().id;
    t.addTrack ("A", 2, 7);
    const auto b = t.addTrack ("B", 2, 7);
    t.done (session::withValue (t.project, b, "trim.polarity", std::string ("On")));
    if (detour == "lookahead insert" || detour == "late insert")
    {
        // A limiter far above the signal is a pure delay of its lookahead.
        const auto limiter =
            t.done (session::addedEffect (t.project, b, "limiter", -1, detour == "late insert"));
        t.done (session::withValue (t.project, limiter, "ceiling", 0.0));
    }
    if (detour == "group" || detour == "group in group")
    {
        const auto group = t.done (session::addedGroup (t.project, song, "Group"));
        t.done (session::withOutput (t.project, b, group));
        if (detour == "group in group")
            t.done (session::withOutput (t.project, group,
                                         t.done (session::addedGroup (t.project, song, "Outer"))));
    }
    if (detour == "send and return")
    {
        const auto back = t.done (session::addedReturn (t.project, song, "Return"));
        t.done (session::withSend (t.project, b, 0, back));
        t.done (session::withValue (t.project, b, "fader.level", -100.0));
        t.done (session::withValue (t.project, b, "send1.pre", std::string ("On")));
        t.done (session::withValue (t.project, b, "send1.level", 0.0));
    }
    CHECK (largest (t.rendered ({ { studio::Tap::Point::mix, {} }, 0, 50000 })) == 0);

    // The test can fail: one track alone is heard.
    t.done (session::withValue (t.project, b, "fader.mute", std::string ("On")));
    CHECK (largest (t.rendered ({ { studio::Tap::Point::mix, {} }, 0, 50000 })) > 0.05);
}

TEST_CASE ("a song is the same bits for any number of threads, any block and any range")
{
    TestProject t;
    makeBusy (t);
    const auto whole = t.rendered ({ {}, 0, -1, 1, 64 });
    REQUIRE (largest (whole) > 0.1);
    for (int threads : { 1, 2, 4 })
        for (int block : { 1, 64, 128, 333, 1024 })
            CHECK (t.rendered ({ {}, 0, -1, threads, block }) == whole);

    const auto part = t.rendered ({ {}, 12345, 45678, 2, 333 });
    for (std::size_t c = 0; c < 2; ++c)
        CHECK (std::equal (part[c].begin(), part[c].end(), whole[c].begin() + 12345));
}

namespace
{

/// Plays from the start through callbacks of uneven size until `frames` of song must have been heard.
Sound playedFromStart (studio::Player& player, Frames frames)
{
    Sound heard;
    std::vector<float> left (1024), right (1024);
    // A start waits for the disk, so more than the latency may come before the song.
    const auto enough = player.latency() + 24000 + frames;
    player.locate (0);
    player.play();
    for (std::uint64_t n = 0; static_cast<Frames> (heard[0].size()) < enough; ++n)
    {
        const int size = 1 + static_cast<int> (hashed (n) % 1024);
        float* out[] { left.data(), right.data() };
        player.render (out, 2, size);
        player.settle(); // this device is faster than time; the disk must keep up
        heard[0].insert (heard[0].end(), left.begin(), left.begin() + size);
        heard[1].insert (heard[1].end(), right.begin(), right.begin() + size);
    }
    return heard;
}

/// Playback begins with the first chunk, some frames before the song is heard.
void checkContains (const Sound& heard, const Sound& whole)
{
    const auto first =
        std::search (heard[0].begin(), heard[0].end(), whole[0].begin(), whole[0].begin() + 2000);
    REQUIRE (heard[0].end() - first >= std::ssize (whole[0]));
    const auto begin = first - heard[0].begin();
    for (std::size_t c = 0; c < 2; ++c)
        CHECK (std::equal (whole[c].begin(), whole[c].end(), heard[c].begin() + begin));
}

} // namespace

TEST_CASE ("playback through device callbacks of any size is the export, bit for bit")
{
    TestProject t;
    makeBusy (t);
    const auto whole = t.rendered();

    studio::Player player (t.folder, 48000);
    const auto project = std::make_shared<const session::Project> (t.project);
    REQUIRE (player.follow (project, project->songs.front()).ok());
    player.settle();
    player.deviceStarted();
    checkContains (playedFromStart (player, static_cast<Frames> (whole[0].size())), whole);
    player.deviceStopped();
}

TEST_CASE ("a start after edits of a playing song is the export, bit for bit")
{
    // The export knows nothing of the edits: it lays out the song as it is.
    TestProject t;
    makeBusy (t);
    for (int n = 0; n < 7; ++n)
        t.addTrack ("M" + std::to_string (n), 1, 10 + n);
    studio::Player player (t.folder, 48000);
    const auto follow = [&]
    {
        const auto project = std::make_shared<const session::Project> (t.project);
        REQUIRE (player.follow (project, project->songs.front()).ok());
    };
    follow();
    player.settle();
    player.deviceStarted();
    playedFromStart (player, 5000);
    // One from the middle, so that those behind it would be added up in another order.
    t.done (session::removedStrip (t.project, t.project.songs.front()->tracks[5]->strip.id));
    follow();
    float left[256], right[256];
    float* out[] { left, right };
    for (int n = 0; n < 40; ++n)
        player.render (out, 2, 256);
    player.stop();
    for (int n = 0; n < 4; ++n)
        player.render (out, 2, 256);

    const auto whole = t.rendered();
    checkContains (playedFromStart (player, static_cast<Frames> (whole[0].size())), whole);
    player.deviceStopped();
}

TEST_CASE ("stems sum to the mix when the bus is linear")
{
    // Each track's tap holds its direct sound; nothing goes to returns here, so their sum is the mix: <= -120
    // dB.
    TestProject t;
    const auto a = t.addTrack ("A", 2, 1), b = t.addTrack ("B", 1, 2);
    t.done (session::withValue (t.project, a, "comp.on", std::string ("On")));
    t.done (session::withValue (t.project, b, "pan.position", 40.0));
    t.done (session::withValue (t.project, b, "fader.level", -4.0));
    const auto mix = t.rendered ({ { studio::Tap::Point::mix, {} }, 0, 48000 });
    const auto one = t.rendered ({ { studio::Tap::Point::strip, a }, 0, 48000 }),
               two = t.rendered ({ { studio::Tap::Point::strip, b }, 0, 48000 });
    double error = 0;
    for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t n = 0; n < mix[c].size(); ++n)
            error = std::max (error, std::abs (static_cast<double> (mix[c][n]) - one[c][n] - two[c][n]));
    CHECK (error <= 1e-6);
}

TEST_CASE ("solo silences other tracks but not the way of the soloed one")
{
    TestProject t;
    makeBusy (t);
    const auto b = t.song().tracks[1]->strip.id;
    t.done (session::withValue (t.project, b, "fader.solo", std::string ("On")));
    CHECK_FALSE (studio::Rig::mutedBySolo (t.song(), b));
    CHECK (studio::Rig::mutedBySolo (t.song(), t.song().tracks[0]->strip.id));
    CHECK (studio::Rig::mutedBySolo (t.song(), t.song().tracks[2]->strip.id));
    CHECK_FALSE (studio::Rig::mutedBySolo (t.song(), t.song().groups[0]->id));
    CHECK_FALSE (studio::Rig::mutedBySolo (t.song(), t.song().returns[0]->id));
    CHECK (largest (t.rendered (
               { { studio::Tap::Point::strip, t.song().tracks[0]->strip.id }, 9600, 48000 })) == 0);
}

TEST_CASE ("a frozen track sounds the same to the bit, and unfrozen it is what it was")
{
    TestProject t;
    makeBusy (t);
    const auto song = t.song().id;
    const auto track = [&] (std::size_t n) { return t.song().tracks[n]->strip.id; };
    // Inserts on both sides of the console, one keyed, on a delayed and a dual-mono track.
    const auto keyed = t.done (session::addedEffect (t.project, track (0), "compressor", -1, true));
    t.done (session::withSidechain (t.project, keyed, track (2)));
    t.done (session::addedEffect (t.project, track (0), "delay"));
    t.done (session::withForm (t.project, track (0), session::TrackForm::dualMono));
    t.done (session::withDelay (t.project, track (1), 123));
    t.done (session::addedEffect (t.project, track (1), "reverb"));
    t.done (session::withEnd (t.project, song, 30000));
    // Of the track itself: what modulates behind it runs by the clock of the stream, which its latency moves.
    const auto stem = [&] (std::size_t n) {
        return t.rendered ({ { studio::Tap::Point::strip, track (n) }, 0, 30000 });
    };
    const auto whole = t.rendered();
    const std::array before { stem (0), stem (1), stem (2) };
    CHECK (largest (whole) > 0.01);
    const auto project = t.project;
    for (std::size_t n : { 1, 2 })
    {
        t.done (studio::freeze (t.project, t.folder, track (n)));
        INFO (n << " frozen alone");
        CHECK ((t.rendered() == whole));
        t.project = project;
    }
    for (std::size_t n = 0; n < 3; ++n)
    {
        t.done (studio::freeze (t.project, t.folder, track (n)));
        CHECK ((stem (n) == before[n]));
        // With an insert behind the console, which is no longer there, the sums have another order: a
        // rounding.
        const auto mixed = t.rendered();
        double apart = 0;
        for (std::size_t c = 0; c < 2; ++c)
            for (std::size_t k = 0; k < whole[0].size(); ++k)
                apart = std::max (apart, std::abs (static_cast<double> (mixed[c][k] - whole[c][k])));
        INFO (n << " frozen: " << apart);
        CHECK (apart < 5e-7);
    }
    CHECK_FALSE (studio::freeze (t.project, t.folder, track (0)).ok());
    // What is frozen does not hear its inserts any more.
    t.done (session::switchedEffect (t.project, keyed, false));
    CHECK ((stem (0) == before[0]));
    t.done (session::switchedEffect (t.project, keyed, true));
    // Fader and pan go on.
    t.done (session::withValue (t.project, track (1), "fader.level", -100.0));
    CHECK_FALSE ((stem (1) == before[1]));
    t.done (session::withoutValue (t.project, track (1), "fader.level"));
    for (std::size_t n = 0; n < 3; ++n)
        t.done (session::frozen (t.project, track (n), {}));
    auto now = t.project;
    now.media = project.media; // the files stay
    now.nextId = project.nextId;
    CHECK (now == project);
    CHECK ((t.rendered() == whole));
}

TEST_CASE ("a track's delay is kept whatever else is late")
{
    // The delayed track minus the same sound placed so much later by its clip is exact zero.
    const Frames delay = GENERATE (700, -700);
    TestProject t;
    const auto a = t.addTrack ("A", 2, 7), b = t.addTrack ("B", 2, 7);
    t.done (session::withValue (t.project, b, "trim.polarity", std::string ("On")));
    t.done (session::withDelay (t.project, a, delay));
    const auto clip = [&] (std::size_t n) { return t.song().tracks[n]->clips[0]->id; };
    t.done (session::movedClip (t.project, clip (0), 1000));
    t.done (session::movedClip (t.project, clip (1), 1000 + delay));
    const auto limiter = t.done (session::addedEffect (t.project, a, "limiter"));
    t.done (session::withValue (t.project, limiter, "ceiling", 0.0)); // a pure delay
    CHECK (largest (t.rendered ({ { studio::Tap::Point::mix, {} }, 0, 50000 })) == 0);
    t.done (session::withDelay (t.project, a, 0));
    CHECK (largest (t.rendered ({ { studio::Tap::Point::mix, {} }, 0, 50000 })) > 0.05);
}

TEST_CASE ("stems with sidechains sum to the mix when the bus is linear")
{
    TestProject t;
    const auto song = t.song().id;
    const auto a = t.addTrack ("A", 2, 1), b = t.addTrack ("B", 1, 2), c = t.addTrack ("C", 2, 3);
    const auto group = t.done (session::addedGroup (t.project, song, "Group"));
    t.done (session::withOutput (t.project, b, group));
    for (const auto& [owner, key] : { std::pair { a, b }, { group, c } })
    {
        const auto e = t.done (session::addedEffect (t.project, owner, "compressor"));
        t.done (session::withValue (t.project, e, "threshold", -40.0));
        t.done (session::withSidechain (t.project, e, key));
    }
    const auto mix = t.rendered ({ { studio::Tap::Point::mix, {} }, 0, 30000 });
    std::vector<Sound> stems;
    for (const Id id : { a, group, c })
        stems.push_back (t.rendered ({ { studio::Tap::Point::strip, id }, 0, 30000 }));
    double error = 0;
    for (std::size_t side = 0; side < 2; ++side)
        for (std::size_t n = 0; n < mix[side].size(); ++n)
        {
            double sum = 0;
            for (const auto& stem : stems)
                sum += stem[side][n];
            error = std::max (error, std::abs (mix[side][n] - sum));
        }
    CHECK (error <= 1e-6);
    // The keys are heard: without them the sound is another.
    for (const auto& e : session::stripOf (t.project, a)->inserts)
        t.done (session::withSidechain (t.project, e->id, {}));
    CHECK_FALSE ((t.rendered ({ { studio::Tap::Point::strip, a }, 0, 30000 }) == stems[0]));
}

TEST_CASE ("a band of a strip that is listened to is heard live, in no export, and leaves the song as it was")
{
    // The song rendered offline is the reference: of it live playback has every bit once the band is let go.
    TestProject t;
    makeBusy (t);
    const studio::Tap master { studio::Tap::Point::master, {} };
    const auto whole = t.rendered ({ master, 0, 60000 });
    studio::Player player (t.folder, 48000);
    const auto project = std::make_shared<const session::Project> (t.project);
    REQUIRE (player.follow (project, project->songs.front()).ok());
    REQUIRE (player.listenToBand ({ t.song().tracks.front()->strip.id }, { 300, 600 }).ok());
    player.settle();
    player.deviceStarted();
    player.play();
    std::vector<float> heard, left (500), right (500);
    float* out[] { left.data(), right.data() };
    const auto run = [&] (Frames frames)
    {
        for (Frames n = 0; n < frames; n += 500)
        {
            player.render (out, 2, 500);
            player.settle();
            heard.insert (heard.end(), left.begin(), left.end());
        }
    };
    run (20000);
    REQUIRE (player.listenToBand ({}, {}).ok());
    run (30000);
    player.deviceStopped();
    const auto late = static_cast<std::size_t> (player.latency());
    double away = 0, apart = 0;
    for (std::size_t n = 5000; n < 20000 - late; ++n)
        away = std::max (away, static_cast<double> (std::abs (heard[n + late] - whole[0][n])));
    for (std::size_t n = 25000; n < 50000 - late; ++n)
        apart = std::max (apart, static_cast<double> (std::abs (heard[n + late] - whole[0][n])));
    CHECK (away > 0.01);
    CHECK (apart <= 1e-6);
    CHECK (t.rendered ({ master, 0, 60000 }) == whole);
}

TEST_CASE ("a live meter reads what measuring the tap reads")
{
    // Within 0.1 dB, the figure; the peak of the tap rendered offline is the reference.
    TestProject t;
    makeBusy (t);
    studio::Player player (t.folder, 48000);
    const auto project = std::make_shared<const session::Project> (t.project);
    REQUIRE (player.follow (project, project->songs.front()).ok());
    player.settle();
    player.deviceStarted();
    player.play();
    std::vector<float> left (512), right (512);
    float* out[] { left.data(), right.data() };
    for (Frames done = 0; done < 60000 + player.latency(); done += 512)
    {
        player.render (out, 2, 512);
        player.settle();
    }
    player.deviceStopped();
    session::forEachStrip (t.song(),
                           [&] (const session::Strip& s)
                           {
                               INFO (s.name);
                               const studio::Tap tap { s.kind == session::StripKind::mix
                                                           ? studio::Tap::Point::mix
                                                           : studio::Tap::Point::strip,
                                                       s.id };
                               const auto sound = t.rendered ({ tap, 0, 60000 });
                               for (int c = 0; c < 2; ++c)
                               {
                                   double peak = 0;
                                   for (float x : sound[static_cast<std::size_t> (c)])
                                       peak = std::max (peak, static_cast<double> (std::abs (x)));
                                   const double shown = player.rig().meter (s.id)->take (c);
                                   REQUIRE (peak > 0);
                                   CHECK (std::abs (20 * std::log10 (shown / peak)) <= 0.1);
                               }
                           });
}

namespace
{

/// Callbacks of a real song; values, automation and structure change beside them. The guard counts every call
/// that may block.
void callGuarded (std::uint64_t callbacks)
{
    TestProject t;
    makeBusy (t);
    studio::Player player (t.folder, 48000);
    auto project = std::make_shared<const session::Project> (t.project);
    REQUIRE (player.follow (project, project->songs.front()).ok());
    player.settle();
    player.deviceStarted();
    player.setLoop (0, 40000, true);
    player.play();

    const auto before = test::realTimeViolations();
    std::atomic<bool> finished { false };
    std::thread audio (
        [&]
        {
            std::vector<float> left (1024), right (1024);
            float* out[] { left.data(), right.data() };
            for (std::uint64_t n = 0; n < callbacks; ++n)
                player.render (out, 2, 1 + static_cast<int> (hashed (n) % 256));
            finished = true;
        });
    int edits = 0;
    const auto a = t.song().tracks[0]->strip.id;
    Id insert;
    for (std::uint64_t n = 0; ! finished; ++n)
    {
        switch (n % 5)
        {
            case 0: t.done (session::withValue (t.project, a, "fader.level", -20 * uniform (n))); break;
            case 1: t.done (session::withValue (t.project, a, "eq.band2.gain", 12 * uniform (n) - 6)); break;
            case 2:
                t.done (session::withLane (t.project, { a,
                                                        "pan.position",
                                                        { { 0, -50, session::Curve::linear, 0 },
                                                          { static_cast<Frames> (1000 + n % 30000), 50,
                                                            session::Curve::linear, 0 } },
                                                        true,
                                                        {} }));
                break;
            case 3: insert = t.done (session::addedEffect (t.project, a, "gain")); break;
            default: t.done (session::removedEffect (t.project, insert));
        }
        project = std::make_shared<const session::Project> (t.project);
        REQUIRE (player.follow (project, project->songs.front()).ok());
        ++edits;
    }
    audio.join();
    player.deviceStopped();
    CHECK (edits > 20);
    CHECK (test::realTimeViolations() ==
           before); // counted where test::realTimeGuardIsActive(): not under sanitizers
    CHECK (player.health().nonFiniteBlocks == 0);
}

} // namespace

TEST_CASE ("the audio thread allocates, locks and waits for nothing while the song is edited")
{
    callGuarded (10'000);
}

TEST_CASE ("the audio thread allocates, locks and waits for nothing in a million callbacks", "[.full]")
{
    callGuarded (1'000'000);
}

TEST_CASE ("every setting of the demo is a parameter of its strip or effect, within its range")
{
    const auto mix = studio::demoMix();
    int checked = 0;
    const auto check = [&] (std::span<const Param> table, const std::vector<studio::DemoSetting>& settings)
    {
        for (const auto& s : settings)
        {
            INFO (s.parameter);
            const int n = studio::indexOf (table, s.parameter);
            REQUIRE (n >= 0);
            const auto& p = table[static_cast<std::size_t> (n)];
            if (const auto* text = std::get_if<std::string> (&s.value))
                CHECK (valueOf (p, *text).ok());
            else
            {
                CHECK (std::get<double> (s.value) >= p.min);
                CHECK (std::get<double> (s.value) <= p.max);
            }
            ++checked;
        }
    };
    const auto checkEffects = [&] (const std::vector<studio::DemoEffect>& list)
    {
        for (const auto& e : list)
        {
            INFO (e.type);
            const auto* type = studio::effectOf (e.type);
            REQUIRE (type != nullptr);
            check (type->params, e.settings);
        }
    };
    for (const auto* list : { &mix.tracks, &mix.groups, &mix.returns })
        for (const auto& strip : *list)
        {
            check (studio::stripTable(), strip.settings);
            checkEffects (strip.inserts);
        }
    check (studio::stripTable(), mix.mix.settings);
    checkEffects (mix.master);
    CHECK (checked > 100);
}

TEST_CASE ("an effect is given its recording from the project's audio, and a render without it is refused")
{
    TestProject t;
    const auto track = t.addTrack ("Voice", 1, 1, 4800), other = t.addTrack ("Room", 1, 2, 9600);
    const auto recording = t.project.media.back().id;
    t.done (session::removedStrip (t.project, other));
    const auto effect = t.done (session::addedEffect (t.project, track, "convolution"));
    t.done (session::withValue (t.project, effect, "impulse", std::string ("Own")));
    studio::Rendering job;
    job.to = 24000;
    CHECK (largest (t.rendered (job)) == 0); // nothing was given: silence
    t.done (session::withRecording (t.project, effect, recording));
    CHECK_FALSE (session::removedMedia (t.project, recording).ok()); // in use
    CHECK (largest (t.rendered (job)) > 0.01);

    fs::remove (t.folder / "Audio" / "Room.wav");
    const auto refused = studio::render (t.project, t.folder, t.song(), job,
                                         [] (const float* const*, int) -> Outcome { return {}; });
    REQUIRE_FALSE (refused.ok());
    CHECK (refused.problem().sentence().find ("recording") != std::string::npos);
}
