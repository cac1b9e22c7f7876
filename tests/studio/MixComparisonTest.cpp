// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/PcmFile.h"
#include "files/Writer.h"
#include "session/Edits.h"
#include "studio/Build.h"
#include "studio/MixComparison.h"
#include "studio/Player.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>

using namespace lacquer;
using namespace lacquer::studio;
namespace fs = std::filesystem;

namespace
{

/// A song of one mono track: a 997 Hz sine of amplitude 0.1 over 6 s, in the last 3 s of 0.2.
struct Sine
{
    fs::path folder;
    session::Project project = session::newProject ("Sine", 48000);
    Id track;

    Sine()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-ab-XXXXXX").string();
        REQUIRE (::mkdtemp (pattern.data()) != nullptr);
        folder = pattern;
        fs::create_directories (folder / "Audio");
        session::Media media;
        media.path = "Audio/Sine.wav";
        media.channels = 1;
        media.frames = 6 * 48000;
        media.originalRate = 48000;
        std::vector<float> s (static_cast<std::size_t> (media.frames));
        for (std::size_t n = 0; n < s.size(); ++n)
            s[n] = static_cast<float> ((n < s.size() / 2 ? 0.1 : 0.2) *
                                       std::sin (2 * M_PI * 997 / 48000 * static_cast<double> (n)));
        auto writer = files::Writer::opened (
            folder / media.path, { .encoding = files::Encoding::wavFloat, .rate = 48000, .channels = 1 });
        REQUIRE (writer);
        const float* lanes[] { s.data() };
        REQUIRE ((*writer)->write (lanes, static_cast<int> (s.size())));
        REQUIRE ((*writer)->finish());
        Build build (project);
        session::Clip clip;
        clip.length = media.frames;
        clip.media = build (session::addedMedia (build.project, media));
        track = build (session::addedTrack (build.project, project.songs[0]->id, "Sine", 1));
        build (session::addedClip (build.project, track, clip));
        REQUIRE_FALSE (build.problem);
        project = std::move (build.project);
    }
    ~Sine() { fs::remove_all (folder); }
    Sine (const Sine&) = delete;
    Sine& operator= (const Sine&) = delete;

    session::Project with (const char* parameter, double value) const
    {
        auto edit = session::withValue (project, track, parameter, value);
        REQUIRE (edit);
        return std::move (edit->project);
    }
    MixReading read (const session::Project& p, const fs::path& file = {}) const
    {
        auto reading = readMix (p, folder, *p.songs[0], Tap::Point::master, file);
        if (! reading)
            FAIL (reading.problem().sentence());
        return *std::move (reading);
    }
};

} // namespace

TEST_CASE ("two states of a song are compared at equal loudness by level and tone")
{
    const Sine sine;
    const auto a = sine.read (sine.project), b = sine.read (sine.with ("fader.level", -6.5));
    // A fader is linear: what it takes is what matches.
    const auto d = differenceOf (a, b);
    REQUIRE (d.gain);
    CHECK (*d.gain == Approx (6.5).margin (0.01));
    CHECK (d.octaves[5].value_or (9) == Approx (0).margin (0.01)); // 1 kHz

    const auto back = differenceOf (b, a);
    CHECK (back.gain.value_or (0) == Approx (-6.5).margin (0.01));
    const auto silent = differenceOf (a, sine.read (sine.with ("fader.level", -100)));
    CHECK_FALSE (silent.gain);
    CHECK_FALSE (silent.octaves[5]);
}

TEST_CASE ("the other mix is matched over the last 3 s while the song plays")
{
    const Sine sine;
    const auto file = sine.folder / "other.wav";
    const auto own = sine.read (sine.project);
    const OtherMix other (sine.read (sine.with ("fader.level", -6.5), file), own.loudness.integrated);
    // 0.1 is -23.01 LUFS for one channel (BS.1770: 0 dBFS at 997 Hz is -3.01), 0.2 is 6.02 more.
    CHECK (other.shortTermAt (Seconds { 3 }).value_or (0) == Approx (-29.51).margin (0.05));
    CHECK (other.shortTermAt (Seconds { 6 }).value_or (0) == Approx (-23.49).margin (0.05));
    CHECK (other.gainAt (Seconds { 3 }, -23.01) == Approx (6.5).margin (0.05));
    // A song that is turned down meanwhile by 4 dB.
    CHECK (other.gainAt (Seconds { 6 }, -20.99) == Approx (2.5).margin (0.05));
    CHECK (other.gainAt (Seconds { 3 }, {}) == Approx (6.5).margin (0.01)); // in a pause: the whole
    CHECK (other.gainAt (Seconds { 0 }, -23.01) == Approx (6.5).margin (0.01));
    CHECK (other.gainAt (Seconds { 3 }, 20) == 24);

    // What is written is what would be heard: every bit of the render.
    const auto written = files::PcmFile::opened (file);
    REQUIRE (written);
    CHECK (written->channels() == 2);
    CHECK (written->rate() == 48000);
}

TEST_CASE ("a reference plays in place of the song at its level and on the chosen pair of outputs")
{
    const Sine sine;
    const auto file = sine.folder / "other.wav";
    (void)sine.read (sine.with ("fader.level", -6.0), file);
    Player player (sine.folder, 48000);
    const auto project = std::make_shared<const session::Project> (sine.project);
    REQUIRE (player.follow (project, project->songs[0]));
    REQUIRE (player.setReference (file));
    player.deviceStarted();
    std::vector<std::vector<float>> room (6, std::vector<float> (512));
    std::vector<float*> out;
    for (auto& r : room)
        out.push_back (r.data());
    const auto peak = [&] (std::size_t channel)
    {
        float most = 0;
        for (float x : room[channel])
            most = std::max (most, std::abs (x));
        return static_cast<double> (most);
    };
    const auto play = [&] (int blocks)
    {
        for (int n = 0; n < blocks; ++n)
        {
            player.settle();
            player.render (out.data(), 6, 512);
        }
    };
    player.settle();
    player.play();
    play (20);
    const double law = std::sqrt (0.5); // a mono strip in the middle
    CHECK (peak (0) == Approx (0.1 * law).margin (0.001));
    CHECK (peak (2) == 0);
    player.monitor().hearReference (true);
    play (20);
    CHECK (peak (0) == Approx (0.1 * law * std::pow (10, -6.0 / 20)).margin (0.001));
    player.monitor().setReferenceLevel (6);
    play (20);
    CHECK (peak (0) == Approx (0.1 * law).margin (0.001)); // as loud as the song
    player.monitor().setOutputPair (2);
    play (20);
    CHECK (peak (4) == Approx (0.1 * law).margin (0.001));
    CHECK (peak (5) == Approx (0.1 * law).margin (0.001));
    CHECK (peak (0) == 0);
    CHECK (peak (1) == 0);
    player.monitor().setOutputPair (7); // a pair the device does not have: the first
    play (20);
    CHECK (peak (0) == Approx (0.1 * law).margin (0.001));
    REQUIRE (player.setReference ({}));
    play (20);
    CHECK (peak (0) == 0); // none: what is asked for is not there

    player.monitor().hearReference (false);
    play (20);
    CHECK (peak (0) == Approx (0.1 * law).margin (0.001));
    const auto other = sine.folder / "other rate.wav";
    auto writer = files::Writer::opened (
        other, { .encoding = files::Encoding::wavFloat, .rate = 44100, .channels = 1 });
    REQUIRE (writer);
    REQUIRE ((*writer)->finish());
    CHECK_FALSE (player.setReference (other));
    CHECK_FALSE (player.setReference (sine.folder / "missing.wav"));
    player.deviceStopped();
}

TEST_CASE ("two sound files are told apart by loudness as ffmpeg hears it, and by tone as they were made")
{
    // Pink noise falls by 10 lg 2 dB per octave of density, so that octaves are alike; in white noise each
    // octave has twice the power of the one below.
    const Sine sine; // for its folder
    const auto made = [&] (const char* name, const std::string& source)
    {
        const auto file = sine.folder / name;
        REQUIRE (std::system (("ffmpeg -v error -f lavfi -i '" + source + "' -ac 2 -c:a pcm_f32le '" +
                               file.string() + "'")
                                  .c_str()) == 0);
        return file;
    };
    const auto pink = made ("pink.wav", "anoisesrc=d=20:c=pink:r=48000:a=0.2:seed=3"),
               white = made ("white.wav", "anoisesrc=d=20:c=white:r=48000:a=0.05:seed=4");
    const auto integrated = [] (const fs::path& file)
    {
        FILE* pipe = ::popen (("ffmpeg -nostats -hide_banner -i '" + file.string() +
                               "' -af ebur128 -f null - 2>&1 | "
                               "awk '/Integrated/ { i = 1 } i && /I:/ { print $2; exit }'")
                                  .c_str(),
                              "r");
        double lufs = 0;
        REQUIRE (std::fscanf (pipe, "%lf", &lufs) == 1);
        ::pclose (pipe);
        return lufs;
    };
    const auto a = readMix (pink), b = readMix (white);
    REQUIRE ((a && b));
    CHECK (a->loudness.integrated.value_or (0) == Approx (integrated (pink)).margin (0.1));
    CHECK (b->loudness.integrated.value_or (0) == Approx (integrated (white)).margin (0.1));
    const auto d = differenceOf (*a, *b);
    REQUIRE (d.gain);
    CHECK (*d.gain == Approx (integrated (pink) - integrated (white)).margin (0.15));
    REQUIRE (d.tilt);
    CHECK (*d.tilt == Approx (10 * std::log10 (2.0)).margin (0.2));
    for (std::size_t o = 4; o < 9; ++o)
        CHECK (d.octaves[o].value_or (99) - d.octaves[o - 1].value_or (0) ==
               Approx (10 * std::log10 (2.0)).margin (0.5));
    const auto back = differenceOf (*b, *a);
    CHECK (back.tilt.value_or (0) == Approx (-*d.tilt).margin (1e-9));
    CHECK_FALSE (readMix (sine.folder / "missing.wav"));
}
