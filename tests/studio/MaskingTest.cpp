// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Writer.h"
#include "measure/Meter.h"
#include "session/Find.h"
#include "studio/MaskedMixes.h"
#include "studio/Masking.h"
#include "studio/Render.h"
#include "studio/Studio.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

using namespace lacquer;
using namespace lacquer::studio;
using tests::MaskedMix;

namespace
{

namespace fs = std::filesystem;

/// A project on the disk for as long as it lives.
struct OnDisk
{
    fs::path folder;
    session::Project project;

    explicit OnDisk (const MaskedMix& mix) : project (session::newProject ("Mix", MaskedMix::rate))
    {
        auto name = (fs::temp_directory_path() / "lacquer-masking-XXXXXX").string();
        REQUIRE (::mkdtemp (name.data()) != nullptr);
        folder = name;
        fs::create_directories (folder / "Audio");
        const auto song = project.songs.front()->id;
        const auto take = [&] (session::Edit edit)
        {
            REQUIRE (edit);
            project = std::move (edit->project);
            return edit->made;
        };
        for (const auto& [track, sound] : mix.tracks)
        {
            session::Media media;
            media.path = "Audio/" + track + ".wav";
            media.channels = 1;
            media.frames = MaskedMix::frames;
            auto writer = files::Writer::opened (
                folder / media.path,
                { .encoding = files::Encoding::wavFloat, .rate = MaskedMix::rate, .channels = 1 });
            REQUIRE (writer);
            const float* lanes[] { sound.data() };
            REQUIRE ((*writer)->write (lanes, MaskedMix::frames));
            REQUIRE ((*writer)->finish());
            session::Clip clip;
            clip.media = take (session::addedMedia (project, media));
            clip.length = MaskedMix::frames;
            take (session::addedClip (project, take (session::addedTrack (project, song, track, 1)), clip));
        }
    }
    ~OnDisk()
    {
        std::error_code error;
        fs::remove_all (folder, error);
    }
    OnDisk (const OnDisk&) = delete;
    OnDisk& operator= (const OnDisk&) = delete;

    const session::Song& song() const { return *project.songs.front(); }
    std::string nameOf (Id id) const { return session::stripOf (project, id)->name; }
    Masking found() const
    {
        auto result = masking (project, folder, song());
        if (! result)
            FAIL (result.problem().sentence());
        return *std::move (result);
    }
};

/// Whether what was planted is what is named.
bool names (const OnDisk& disk, const Conflict& c, const MaskedMix::Planted& planted)
{
    const int third = static_cast<int> (std::lround (10 * std::log10 (c.frequency)));
    return disk.nameOf (c.lead) == "Lead Vox" && disk.nameOf (c.masker) == planted.masker &&
           std::abs (third - planted.third) <= 1;
}

std::string listOf (const OnDisk& disk, const Masking& found)
{
    std::string text;
    for (const auto& c : found.conflicts)
        text += sentenceOf (disk.project, disk.song(), c) + "\n";
    return text;
}

} // namespace

TEST_CASE (
    "a conflict planted in a mix is named with masker and band in 27 of 30 mixes, clean mixes raise at "
    "most one alarm")
{
    // The seed is fixed, as the figure of 27 is the issue's; which mixes these are says MaskedMixes.h.
    constexpr std::uint32_t first = 7000;
    int named = 0, most = 0, alarms = 0;
    for (std::uint32_t n = 0; n < 30; ++n)
    {
        const MaskedMix mix (first + n, true);
        const OnDisk disk (mix);
        const auto found = disk.found();
        const bool good = ! found.conflicts.empty() && names (disk, found.conflicts.front(), mix.planted);
        named += good ? 1 : 0;
        UNSCOPED_INFO ((good ? "named" : "MISSED")
                       << " seed " << first + n << ": " << mix.planted.masker << " at "
                       << MaskedMix::centre (mix.planted.third) << " Hz, " << mix.planted.over
                       << " dB over, from " << mix.planted.begin << " s:\n"
                       << listOf (disk, found));
    }
    for (std::uint32_t n = 0; n < 30; ++n)
    {
        const MaskedMix mix (first + n, false);
        const OnDisk disk (mix);
        const auto found = disk.found();
        most = std::max (most, static_cast<int> (found.conflicts.size()));
        alarms += static_cast<int> (found.conflicts.size());
        UNSCOPED_INFO ("clean, seed " << first + n << ":\n" << listOf (disk, found));
    }
    UNSCOPED_INFO (named << " of 30 named; " << alarms << " false alarms in 30 clean mixes");
    CHECK (named >= 27);
    CHECK (most <= 1);
}

namespace
{

/// Mean square of a track behind its strip, in a third octave, while the singer sings.
double maskersPower (const OnDisk& disk, const session::Project& project, const MaskedMix& mix, Id track)
{
    MaskedMix::Sound left;
    Rendering job;
    job.tap = { Tap::Point::strip, track };
    job.to = MaskedMix::frames;
    REQUIRE (render (project, disk.folder, *project.songs.front(), job,
                     [&] (const float* const* channels, int frames)
                     {
                         left.insert (left.end(), channels[0], channels[0] + frames);
                         return Outcome {};
                     }));
    const auto band = MaskedMix::inThird (left, mix.planted.third);
    double sum = 0;
    int count = 0;
    for (int n = static_cast<int> (mix.planted.begin * MaskedMix::rate); n < MaskedMix::frames; ++n)
        if (mix.sings (n))
        {
            sum += std::pow (static_cast<double> (band[static_cast<std::size_t> (n)]), 2);
            ++count;
        }
    return sum / std::max (count, 1);
}

std::optional<double> loudnessOf (const OnDisk& disk, const session::Project& project)
{
    measure::Meter meter (MaskedMix::rate, measure::rolesOf (0, 2));
    Rendering job;
    job.tap.point = Tap::Point::mix;
    job.to = MaskedMix::frames;
    REQUIRE (render (project, disk.folder, *project.songs.front(), job,
                     [&] (const float* const* channels, int frames)
                     {
                         meter.add ({ channels, 2 }, frames);
                         return Outcome {};
                     }));
    return meter.result().integrated;
}

/// Mends what is planted in so many mixes.
void mendAll (std::uint32_t first, std::uint32_t count)
{
    for (std::uint32_t n = 0; n < count; ++n)
    {
        const MaskedMix mix (first + n, true);
        const OnDisk disk (mix);
        const auto found = disk.found();
        const auto conflict = std::find_if (found.conflicts.begin(), found.conflicts.end(),
                                            [&] (const Conflict& c) { return names (disk, c, mix.planted); });
        if (conflict == found.conflicts.end())
            continue; // what is not found is the other test's business
        CAPTURE (first + n, mix.planted.masker, MaskedMix::centre (mix.planted.third), mix.planted.over);
        const auto done = mended (disk.project, disk.folder, disk.song(), *conflict);
        if (! done)
            FAIL (done.problem().sentence());
        REQUIRE (done->edit);
        const auto& after = done->edit->project;
        CAPTURE (done->cut.frequency, done->cut.q, done->cut.depth, done->cut.threshold, done->cut.makeUp);
        CHECK (done->rise() >= 2);
        CHECK (done->shareAfter < done->shareBefore);
        // The mix is as loud as before, by another render of it.
        CHECK (*loudnessOf (disk, after) == Approx (*loudnessOf (disk, disk.project)).margin (0.05));
        // By plain filters: the masker has let go of half its power and more where the singer sings.
        CHECK (10 * std::log10 (maskersPower (disk, after, mix, conflict->masker) /
                                maskersPower (disk, disk.project, mix, conflict->masker)) <
               -3);
    }
}

} // namespace

TEST_CASE ("mending lifts the lead's partial loudness by 2 dB and more at equal loudness of the mix")
{
    mendAll (7000, 6);
}

TEST_CASE ("mending lifts the lead in all 30 planted mixes", "[.full]")
{
    mendAll (7000, 30);
}
