// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Random.h"
#include "files/Writer.h"
#include "session/Find.h"
#include "session/RoutingEdits.h"
#include "studio/Build.h"
#include "studio/TrackOffsets.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

using namespace lacquer;
using namespace lacquer::studio;
namespace fs = std::filesystem;

namespace
{

/// Noise in bursts: a drum that every microphone hears.
std::vector<float> drum (std::uint64_t seed, Frames later, float gain, Frames frames = 6 * 48000)
{
    std::vector<float> s (static_cast<std::size_t> (frames));
    for (Frames n = 0; n < frames; ++n)
        if (const Frames m = n - later; m >= 0)
            s[static_cast<std::size_t> (n)] =
                static_cast<float> (gain * (uniform (seed * 1000003 + static_cast<std::uint64_t> (m)) - 0.5) *
                                    std::exp (-static_cast<double> (m % 17000) / 2500));
    return s;
}

struct Kit
{
    fs::path folder;
    session::Project project = session::newProject ("Kit", 48000);

    Kit()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-kit-XXXXXX").string();
        REQUIRE (::mkdtemp (pattern.data()) != nullptr);
        folder = pattern;
        fs::create_directories (folder / "Audio");
    }
    ~Kit() { fs::remove_all (folder); }
    Kit (const Kit&) = delete;
    Kit& operator= (const Kit&) = delete;

    Id add (const std::string& name, const std::vector<std::vector<float>>& sound)
    {
        session::Media media;
        media.path = "Audio/" + name + ".wav";
        media.channels = static_cast<int> (sound.size());
        media.frames = static_cast<Frames> (sound[0].size());
        media.originalRate = 48000;
        auto writer = files::Writer::opened (
            folder / media.path,
            { .encoding = files::Encoding::wavFloat, .rate = 48000, .channels = media.channels });
        REQUIRE (writer);
        std::vector<const float*> lanes;
        for (const auto& s : sound)
            lanes.push_back (s.data());
        REQUIRE ((*writer)->write (lanes.data(), static_cast<int> (media.frames)));
        REQUIRE ((*writer)->finish());
        Build build (project);
        session::Clip clip;
        clip.length = media.frames;
        clip.media = build (session::addedMedia (build.project, media));
        const auto track =
            build (session::addedTrack (build.project, project.songs[0]->id, name, media.channels));
        build (session::addedClip (build.project, track, clip));
        REQUIRE_FALSE (build.problem);
        project = std::move (build.project);
        return track;
    }
    std::vector<TrackOffset> offsets (Id reference, const std::vector<Id>& tracks) const
    {
        auto all = trackOffsets (project, folder, reference, tracks);
        if (! all)
            FAIL (all.problem().sentence());
        return *std::move (all);
    }
};

} // namespace

TEST_CASE ("microphones are laid over their reference in one step and then lie there")
{
    Kit kit;
    const auto top = kit.add ("Snare Top", { drum (1, 100, 0.5f) });
    const auto bottom = kit.add ("Snare Bottom", { drum (1, 112, -0.4f) });
    const auto room = kit.add ("Room", { drum (1, 940, 0.2f), drum (1, 940, 0.3f) });
    const auto early = kit.add ("Trigger", { drum (1, 0, 0.5f) });
    const auto vocal = kit.add ("Vox", { drum (2, 0, 0.5f) });
    const auto silent = kit.add ("Silent", { std::vector<float> (6 * 48000) });

    const auto found = kit.offsets (top, { bottom, room, early, vocal, silent });
    REQUIRE (found.size() == 5);
    CHECK (found[0].delay == -12);
    CHECK (found[0].turned);
    CHECK (found[1].delay == -840);
    CHECK_FALSE (found[1].turned);
    CHECK (found[2].delay == 100);
    CHECK_FALSE (found[2].turned);
    CHECK_FALSE (found[3].related());
    CHECK (found[3].delay == 0);
    CHECK_FALSE (found[4].found);
    CHECK (sentenceOf (found[0], 48000).starts_with ("12.0 frames (0.25 ms) later, polarity inverted"));
    CHECK (sentenceOf (found[2], 48000).starts_with ("100.0 frames (2.08 ms) earlier; confidence "));
    CHECK (sentenceOf (found[3], 48000).starts_with ("not related"));
    CHECK (sentenceOf (found[4], 48000) == "too little sound at the same time");

    const auto edit = aligned (kit.project, found);
    REQUIRE (edit);
    CHECK (edit->label == "Align tracks");
    CHECK (session::trackOf (edit->project, bottom)->delay == -12);
    CHECK (session::trackOf (edit->project, vocal)->delay == 0);
    kit.project = edit->project;
    for (const auto& o : kit.offsets (top, { bottom, room, early }))
    {
        REQUIRE (o.found);
        CHECK (o.found->frames == Approx (0).margin (0.05));
        CHECK_FALSE (o.found->inverted);
    }
    CHECK_FALSE (aligned (kit.project, kit.offsets (top, { bottom, room, early, vocal })));
    // Back again: the polarity that is set is what is heard.
    Build build (kit.project);
    build (session::withValue (build.project, early, "trim.polarity", std::string ("On")));
    build (session::withDelay (build.project, early, 90));
    kit.project = build.project;
    const auto back = kit.offsets (top, { early });
    CHECK (back[0].found->inverted);
    CHECK_FALSE (back[0].turned);
    CHECK (back[0].delay == 100);
    const auto once = aligned (kit.project, back);
    REQUIRE (once);
    CHECK (once->label == "Align track");
}

TEST_CASE ("aligning refuses what is no track beside its reference")
{
    Kit kit;
    const auto a = kit.add ("A", { drum (1, 0, 0.5f, 48000) });
    CHECK_FALSE (trackOffsets (kit.project, kit.folder, a, { a }));
    CHECK_FALSE (trackOffsets (kit.project, kit.folder, a, { kit.project.songs[0]->mix->id }));
    CHECK_FALSE (trackOffsets (kit.project, kit.folder, kit.project.songs[0]->mix->id, { a }));
    fs::remove (kit.folder / "Audio/A.wav");
    const auto b = kit.add ("B", { drum (1, 0, 0.5f, 48000) });
    const auto missing = trackOffsets (kit.project, kit.folder, b, { a });
    REQUIRE_FALSE (missing);
    CHECK (missing.problem().where.find ("A.wav") != std::string::npos);
}
