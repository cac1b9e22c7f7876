// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/Meter.h"
#include "session/Find.h"
#include "studio/MaskedSong.h"
#include "studio/Masking.h"
#include "studio/Render.h"
#include "studio/Studio.h"

#include <catch2/catch.hpp>
#include <ctime>

using namespace lacquer;
using namespace lacquer::studio;
using tests::MaskedMix;

using tests::MaskedSong;

namespace
{

/// 30 mixes with what was planted in them, and the same 30 without it.
struct Figures
{
    int named = 0, most = 0, alarms = 0;

    Figures (std::uint32_t first, MaskedSong::Setting setting, std::optional<double> lufs = {})
    {
        for (const bool plant : { true, false })
            for (std::uint32_t n = first; n < first + 30; ++n)
            {
                const MaskedMix mix (n, plant);
                if (lufs)
                    setting.gain = std::pow (10, (*lufs - *MaskedSong (mix).found().loudness) / 20);
                const MaskedSong song (mix, setting);
                const auto found = song.found();
                if (lufs)
                    CHECK (found.loudness.value_or (0) == Approx (*lufs).margin (0.1));
                if (plant)
                {
                    const bool good =
                        ! found.conflicts.empty() && song.names (found.conflicts.front(), mix.planted);
                    named += good ? 1 : 0;
                    UNSCOPED_INFO ((good ? "named" : "MISSED")
                                   << " seed " << n << ": " << mix.planted.masker << " at "
                                   << MaskedMix::centre (mix.planted.third) << " Hz, " << mix.planted.over
                                   << " dB over, from " << mix.planted.begin << " s:\n"
                                   << song.listOf (found));
                    continue;
                }
                most = std::max (most, static_cast<int> (found.conflicts.size()));
                alarms += static_cast<int> (found.conflicts.size());
                UNSCOPED_INFO ("clean, seed " << n << ":\n" << song.listOf (found));
            }
        UNSCOPED_INFO (named << " of 30 named; " << alarms << " false alarms in 30 clean mixes, most in one "
                             << most);
    }
};

} // namespace

TEST_CASE (
    "a conflict planted in a mix is named with masker and band in 27 of 30 mixes, clean mixes raise at "
    "most one alarm")
{
    // The seed is fixed, as the figure of 27 is the issue's; which mixes these are says MaskedMixes.h.
    const Figures figures (7000, {});
    CHECK (figures.named >= 27);
    CHECK (figures.most <= 1);
}

TEST_CASE (
    "planted conflicts are named and clean mixes left alone at other rates and levels, with groups and "
    "returns, and with other seeds",
    "[.full]")
{
    struct Row
    {
        const char* what;
        std::uint32_t first;
        MaskedSong::Setting setting;
        std::optional<double> lufs {};
    };
    MaskedSong::Setting routed, low, high;
    routed.routed = true;
    low.rate = 44100;
    high.rate = 96000;
    const Row rows[] { { "seeds 100", 100, {} },      { "seeds 400", 400, {} },
                       { "seeds 900", 900, {} },      { "44.1 kHz", 7000, low },
                       { "96 kHz", 7000, high },      { "-30 LUFS", 7000, {}, -30.0 },
                       { "with buses", 7000, routed } };
    for (const auto& row : rows)
    {
        const Figures figures (row.first, row.setting, row.lufs);
        WARN (row.what << ": " << figures.named << " of 30 named, " << figures.alarms
                       << " false alarms, most in one " << figures.most);
        CHECK (figures.named >= 27);
        CHECK (figures.most <= 1);
    }
}

namespace
{

/// Mean square of a track behind its strip, in a third octave, while the singer sings.
double maskersPower (const MaskedSong& disk, const session::Project& project, const MaskedMix& mix, Id track)
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

std::optional<double> loudnessOf (const MaskedSong& disk, const session::Project& project)
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
        const MaskedSong disk (mix);
        const auto found = disk.found();
        const auto conflict = std::find_if (found.conflicts.begin(), found.conflicts.end(),
                                            [&] (const Conflict& c) { return disk.names (c, mix.planted); });
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

TEST_CASE ("mending is one step of undo, and ignoring a pair puts it last")
{
    const MaskedMix mix (7001, true);
    const MaskedSong disk (mix);
    const auto found = disk.found();
    REQUIRE_FALSE (found.conflicts.empty());
    const auto& conflict = found.conflicts.front();

    auto studio = Studio::created ((disk.folder / "Saved").string(), disk.project);
    REQUIRE (studio);
    const auto song = disk.song().id;
    session::MaskingCut cut;
    cut.lead = conflict.lead;
    cut.masker = conflict.masker;
    cut.makeUp = 0.5;
    REQUIRE (studio->take (session::cutMasking (studio->project(), cut)));
    REQUIRE (studio->take (session::cutMasking (studio->project(), cut)));
    const auto& inserts = session::stripOf (studio->project(), cut.masker)->inserts;
    REQUIRE (inserts.size() == 1); // the second is another band of the same equaliser
    CHECK (inserts[0]->sidechain == cut.lead);
    CHECK (inserts[0]->values.contains ("band4.on"));
    // Half a decibel twice.
    CHECK (std::get<double> (session::songOf (studio->project(), song)->mix->values.at ("fader.level")) ==
           Approx (1.0));
    studio->undo();
    studio->undo();
    CHECK (studio->project() == disk.project);
    CHECK_FALSE (studio->canUndo());

    REQUIRE (studio->take (session::ignoredMasking (studio->project(), cut.lead, cut.masker)));
    const auto again = masking (studio->project(), disk.folder, *session::songOf (studio->project(), song));
    REQUIRE (again);
    REQUIRE (again->conflicts.size() == found.conflicts.size());
    CHECK (again->conflicts.back().ignored);
    CHECK (again->conflicts.back().masker == cut.masker);
}

TEST_CASE ("a cut that would close a circle is refused and the circle named")
{
    const MaskedMix mix (7001, true);
    const MaskedSong disk (mix);
    session::MaskingCut cut;
    cut.lead = disk.song().tracks[0]->strip.id;
    cut.masker = disk.song().tracks[1]->strip.id;
    const auto one = session::cutMasking (disk.project, cut);
    REQUIRE (one);
    std::swap (cut.lead, cut.masker);
    const auto back = session::cutMasking (one->project, cut);
    REQUIRE_FALSE (back);
    CHECK (back.problem().what.find ("circle") != std::string::npos);
}

TEST_CASE ("masking can be stopped, and one thread finds what many find")
{
    const MaskedMix mix (7004, true);
    const MaskedSong disk (mix);
    MaskingOptions options;
    options.threads = 1;
    const auto one = masking (disk.project, disk.folder, disk.song(), options);
    options.threads = 3;
    const auto three = masking (disk.project, disk.folder, disk.song(), options);
    REQUIRE ((one && three));
    REQUIRE (one->conflicts.size() == three->conflicts.size());
    for (std::size_t n = 0; n < one->conflicts.size(); ++n)
    {
        CHECK (one->conflicts[n].loss == three->conflicts[n].loss);
        CHECK (one->conflicts[n].share == three->conflicts[n].share);
    }
    CHECK (one->maps.front().loss == three->maps.front().loss);

    // It tells how far it is, evenly and to the end; and stops where it is told to, whatever it is at.
    std::vector<double> shares;
    REQUIRE (masking (disk.project, disk.folder, disk.song(), options,
                      { [&] (double share) { shares.push_back (share); }, nullptr }));
    REQUIRE (shares.size() > 10);
    CHECK (std::is_sorted (shares.begin(), shares.end()));
    CHECK (shares.back() == 1);
    for (const double when : { 0.0, 0.4, 0.8 })
    {
        std::atomic<bool> stop { false };
        double last = 0;
        const auto none = masking (disk.project, disk.folder, disk.song(), options,
                                   { [&] (double share)
                                     {
                                         last = share;
                                         stop = stop || share >= when;
                                     },
                                     &stop });
        REQUIRE_FALSE (none);
        CHECK (none.problem().what.find ("stopped") != std::string::npos);
        CHECK (last <= when + 0.1);
    }
}

TEST_CASE ("a song of four minutes and 25 tracks is looked through", "[.full]")
{
    // The mix of five tracks and seconds 48 times in a row, five times side by side. What it took is told.
    const MaskedMix mix (7005, true);
    MaskedSong song (mix);
    const auto id = song.song().id;
    const auto tracks = song.song().tracks;
    for (int copy = 0; copy < 5; ++copy)
        for (const auto& t : tracks)
        {
            const auto to = copy == 0
                                ? t->strip.id
                                : song.take (session::addedTrack (
                                      song.project, id, t->strip.name + " " + std::to_string (copy + 1), 1));
            for (int n = copy == 0 ? 1 : 0; n < 48; ++n)
            {
                session::Clip clip;
                clip.media = t->clips.front()->media;
                clip.length = MaskedMix::frames;
                clip.start = static_cast<Frames> (n) * MaskedMix::frames;
                song.take (session::addedClip (song.project, to, clip));
            }
        }
    const auto before = std::clock();
    const auto found = song.found();
    const double seconds = static_cast<double> (std::clock() - before) / CLOCKS_PER_SEC;
    REQUIRE (found.maps.front().columns > 5000);
    std::size_t cells = 0;
    for (const auto& m : found.maps)
        cells += m.level.size();
    WARN ("25 tracks of 4 minutes: " << seconds << " s of one core; maps of " << cells * 20 / 1000000
                                     << " MB");
}

TEST_CASE ("what a track is for is guessed from its name, and what was said wins")
{
    using session::Priority;
    CHECK (guessedPriority ("Lead Vox") == Priority::lead);
    CHECK (guessedPriority ("VOX LEAD") == Priority::lead);
    CHECK (guessedPriority ("Guitar Solo") == Priority::lead);
    CHECK (guessedPriority ("Vocal FX") == Priority::background);
    CHECK (guessedPriority ("BGVOX HIGH") == Priority::background);
    CHECK (guessedPriority ("Warm Pad 2") == Priority::background);
    CHECK (guessedPriority ("Kick") == Priority::support);
    CHECK (guessedPriority ("Voxel") == Priority::support); // whole words

    auto project = session::newProject ("P", 48000);
    const auto song = project.songs.front()->id;
    const auto take = [&] (session::Edit e)
    {
        REQUIRE (e);
        project = std::move (e->project);
        return e->made;
    };
    const auto a = take (session::addedTrack (project, song, "Piano")),
               b = take (session::addedTrack (project, song, "Bass"));
    const auto track = [&] (Id id) -> const session::Track& { return *session::trackOf (project, id); };
    const auto matters = [&] (Id lead, Id masker)
    { return maskingMatters (*project.songs.front(), track (lead), track (masker)); };
    CHECK (matters (a, b)); // equals
    take (session::withPriority (project, a, Priority::lead));
    CHECK (priorityOf (track (a)) == Priority::lead);
    CHECK (matters (a, b));
    CHECK_FALSE (matters (b, a)); // a lead may hide
    take (session::withPriority (project, a, Priority::guessed));
    const auto group = take (session::addedGroup (project, song, "Band"));
    take (session::withOutput (project, a, group));
    take (session::withOutput (project, b, group));
    CHECK_FALSE (matters (a, b)); // one group
}

TEST_CASE ("the ear hears a strip where the song has it, whatever the latency of its inserts")
{
    // A burst of 1 kHz from 1.024 to 1.536 s of the song: columns 24 to 36, of 2048 frames each.
    MaskedMix mix (7000, false);
    mix.tracks.clear();
    auto& burst = mix.tracks["Lead Vox"];
    burst.resize (MaskedMix::frames);
    for (std::size_t n = 49152; n < 73728; ++n)
        burst[n] = static_cast<float> (0.3 * std::sin (2 * M_PI * 1000 * static_cast<double> (n) / 48000));
    MaskedSong disk (mix);
    auto late = session::addedEffect (disk.project, disk.song().tracks[0]->strip.id, "equaliser");
    REQUIRE (late);
    auto linear = session::withValue (late->project, late->made, "phase", std::string ("Linear"));
    REQUIRE (linear);
    auto bell = session::withValue (linear->project, late->made, "band3.on", std::string ("On"));
    REQUIRE (bell);
    disk.project = bell->project;
    const auto found = disk.found();
    const auto& map = found.maps.front();
    const int band = MaskingBands::nearest (1000);
    const auto level = [&] (std::size_t column) { return map.level[map.at (column, band)]; };
    CHECK (level (30) > 60);
    // Half of the window lies in the burst: a quarter of its power and a half.
    CHECK (level (24) == Approx (level (30) - 6).margin (4));
    CHECK (level (36) == Approx (level (30) - 6).margin (4));
    CHECK (level (22) < level (30) - 40);
    CHECK (level (38) < level (30) - 40);
    CHECK (found.conflicts.empty());
}
