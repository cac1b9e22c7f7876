// SPDX-License-Identifier: GPL-3.0-or-later
// Masking as it is in the mix: behind groups, sends, returns and the mix bus.
#include "session/Json.h"
#include "session/MaskingEdits.h"
#include "studio/MaskedSong.h"

#include <cmath>
#include <limits>
#include <random>

using namespace lacquer;
using namespace lacquer::studio;
using tests::MaskedMix;
using tests::MaskedSong;

namespace
{

using Sound = MaskedMix::Sound;

Sound sine (double hertz, double level)
{
    Sound x (MaskedMix::frames);
    for (std::size_t n = 0; n < x.size(); ++n)
        x[n] = static_cast<float> (level *
                                   std::sin (2 * M_PI * hertz / MaskedMix::rate * static_cast<double> (n)));
    return x;
}

Sound noise (std::uint32_t seed, double level)
{
    std::mt19937 random (seed);
    Sound x (MaskedMix::frames);
    for (auto& v : x)
        v = static_cast<float> (level * (static_cast<double> (random()) / 2147483648.0 - 1));
    return x;
}

MaskedMix mixOf (std::map<std::string, Sound> tracks)
{
    MaskedMix mix (1, false);
    mix.tracks = std::move (tracks);
    return mix;
}

/// By how many dB the mean level of a track in a band is over that of another in another, in the second half.
double over (const MaskedSong& song, const Masking& found, const char* lead, double hertz, const char* other,
             double otherHertz)
{
    const auto mean = [&] (const char* name, double f)
    {
        const auto* map = found.mapOf (song.idOf (name));
        REQUIRE (map != nullptr);
        double sum = 0;
        std::size_t count = 0;
        for (std::size_t c = map->columns / 2; c + 1 < map->columns; ++c, ++count)
            sum += static_cast<double> (map->level[map->at (c, MaskingBands::nearest (f))]);
        return sum / static_cast<double> (count);
    };
    return mean (lead, hertz) - mean (other, otherHertz);
}

/// A singer of 1 kHz and a kick of 100 Hz, which nothing is done to.
MaskedMix twoSines()
{
    return mixOf ({ { "Lead Vox", sine (1000, 0.2) }, { "Kick", sine (100, 0.2) } });
}

bool hides (const MaskedSong& song, const Masking& found, const char* masker, const char* lead)
{
    return std::any_of (found.conflicts.begin(), found.conflicts.end(),
                        [&] (const Conflict& c)
                        { return song.nameOf (c.masker) == masker && song.nameOf (c.lead) == lead; });
}

} // namespace

TEST_CASE ("a singer is judged behind the compressor and the fader of their group")
{
    MaskedSong song (twoSines());
    const auto vocals = song.take (session::addedGroup (song.project, song.song().id, "Vocals"));
    song.take (session::withOutput (song.project, song.idOf ("Lead Vox"), vocals));
    const auto level = [&] { return over (song, song.found(), "Lead Vox", 1000, "Kick", 100); };
    const double before = level();

    // Within 0.4 dB, as the skirts of the ear's filters change in steps of 3 dB of level.
    // Giannoulis, Massberg, Reiss (2012), eq. 4 without a knee: of what lies over the threshold a quarter is
    // left. A mono strip in the middle has 0.2 sqrt (1/2) on each side.
    const auto compressor =
        song.insert (vocals, "compressor",
                     { { "threshold", -40.0 }, { "ratio", 4.0 }, { "knee", 0.0 }, { "attack", 0.1 } });
    const double above = 20 * std::log10 (0.2 * std::sqrt (0.5)) + 40;
    CHECK (level() - before == Approx (-0.75 * above).margin (0.6));
    song.take (session::removedEffect (song.project, compressor));

    // The gain of a bell at its centre is its gain.
    song.insert (vocals, "equaliser",
                 { { "band3.on", std::string ("On") },
                   { "band3.type", std::string ("Bell") },
                   { "band3.frequency", 1000.0 },
                   { "band3.gain", -12.0 } });
    CHECK (level() - before == Approx (-12).margin (0.4));
    // A lane is what the fader does.
    session::Lane lane;
    lane.target = vocals;
    lane.parameter = "fader.level";
    lane.points = { { 0, -6.0 } };
    song.take (session::withLane (song.project, lane));
    CHECK (level() - before == Approx (-18).margin (0.4));
    // One group in another.
    const auto all = song.take (session::addedGroup (song.project, song.song().id, "All"));
    song.take (session::withOutput (song.project, vocals, all));
    song.set (all, "fader.level", -3.0);
    CHECK (level() - before == Approx (-21).margin (0.4));
}

TEST_CASE ("a group that is turned down brings the conflict that its fader makes")
{
    // Two noises, the singer's 12 dB over the pad's in every band: heard. 20 dB less by a compressor: hidden.
    MaskedSong song (mixOf ({ { "Lead Vox", noise (1, 0.2) }, { "Pad", noise (2, 0.05) } }));
    const auto vocals = song.take (session::addedGroup (song.project, song.song().id, "Vocals"));
    song.take (session::withOutput (song.project, song.idOf ("Lead Vox"), vocals));
    CHECK (song.found().conflicts.empty());
    const auto gain = song.insert (vocals, "gain", { { "gain", -20.0 } });
    const auto found = song.found();
    REQUIRE (hides (song, found, "Pad", "Lead Vox"));
    CHECK (found.conflicts.front().excess == Approx (20 - 12).margin (1.5));
    // The same on the pad's group instead takes it away.
    song.take (session::withOutput (song.project, song.idOf ("Pad"), vocals));
    CHECK (song.found().conflicts.empty());
    song.set (gain, "gain", 0.0);
    CHECK (song.found().conflicts.empty());
}

TEST_CASE ("what is heard does not depend on the fader of the mix bus")
{
    // The mix is heard at one level, whatever it is exported at.
    MaskedSong song (twoSines());
    const auto levels = [&] { return song.found().maps.front().level; };
    const auto before = levels();
    song.set (song.song().mix->id, "fader.level", -20.0);
    const auto after = levels();
    REQUIRE (before.size() == after.size());
    const auto at = before.size() / 2 / MaskingBands::count * MaskingBands::count;
    for (const int band : { MaskingBands::nearest (100), MaskingBands::nearest (1000) })
        CHECK (after[at + static_cast<std::size_t> (band)] ==
               Approx (before[at + static_cast<std::size_t> (band)]).margin (0.1));
}

TEST_CASE ("a compressor beside a track belongs to the track, and hides nobody")
{
    // The same sound once more at the same level is 6.02 dB more.
    MaskedSong song (twoSines());
    const double before = over (song, song.found(), "Lead Vox", 1000, "Kick", 100);
    const auto beside = song.take (session::addedReturn (song.project, song.song().id, "Crush"));
    song.send (song.idOf ("Lead Vox"), beside, 0.0);
    const auto found = song.found();
    CHECK (over (song, found, "Lead Vox", 1000, "Kick", 100) - before == Approx (6.02).margin (0.4));
    CHECK (found.conflicts.empty());
    // Of two that are sent there each has its share of what comes back: both double.
    song.send (song.idOf ("Kick"), beside, 0.0);
    CHECK (over (song, song.found(), "Lead Vox", 1000, "Kick", 100) - before == Approx (0).margin (0.4));
}

TEST_CASE ("a reverb that is too loud is named as what hides the singer, and gives way")
{
    MaskedSong song { MaskedMix (7002, false) };
    const auto hall = song.take (session::addedReturn (song.project, song.song().id, "Hall"));
    song.insert (hall, "reverb", { { "decay", 4.0 } });
    song.send (song.idOf ("Lead Vox"), hall, -20.0);
    CHECK_FALSE (hides (song, song.found(), "Hall", "Lead Vox"));
    song.set (hall, "fader.level", 6.0);
    song.set (song.idOf ("Lead Vox"), "send1.level", 6.0);
    const auto found = song.found();
    UNSCOPED_INFO (song.listOf (found));
    const auto conflict = std::find_if (found.conflicts.begin(), found.conflicts.end(),
                                        [&] (const Conflict& c) { return c.masker == hall; });
    REQUIRE (conflict != found.conflicts.end());
    CHECK (song.nameOf (conflict->lead) == "Lead Vox");
    CHECK (sentenceOf (song.project, song.song(), *conflict).find ("Hall hides Lead Vox at ") == 0);

    const auto done = mended (song.project, song.folder, song.song(), *conflict);
    if (! done)
        FAIL (done.problem().sentence());
    CHECK (done->rise() >= 2);
    REQUIRE (done->edit);
    const auto& inserts = session::stripOf (done->edit->project, hall)->inserts;
    REQUIRE (inserts.size() == 2);
    CHECK (inserts[1]->sidechain == conflict->lead);

    // Let alone, and remembered in the project's file.
    song.take (session::ignoredMasking (song.project, conflict->lead, hall));
    CHECK (song.found().conflicts.back().ignored);
    const auto read = session::parsed (session::canonical (song.project));
    if (! read)
        FAIL (read.problem().sentence());
    CHECK (*read == song.project);
}

TEST_CASE ("what rings on in a group is named as the group's, and no cut is put there")
{
    MaskedSong song { MaskedMix (7002, false) };
    const auto vocals = song.take (session::addedGroup (song.project, song.song().id, "Vocals"));
    song.take (session::withOutput (song.project, song.idOf ("Lead Vox"), vocals));
    song.insert (vocals, "reverb", { { "decay", 6.0 }, { "mix", 97.0 } });
    const auto found = song.found();
    UNSCOPED_INFO (song.listOf (found));
    const auto conflict = std::find_if (found.conflicts.begin(), found.conflicts.end(),
                                        [&] (const Conflict& c) { return c.masker == vocals; });
    REQUIRE (conflict != found.conflicts.end());
    CHECK (sentenceOf (song.project, song.song(), *conflict).find ("What rings on in Vocals hides ") == 0);
    const auto done = mended (song.project, song.folder, song.song(), *conflict);
    REQUIRE_FALSE (done);
    CHECK (done.problem().what.find ("group") != std::string::npos);
}

TEST_CASE ("what leaves a group that rings on is what came in up to four times its median gain, and the rest "
           "its own")
{
    // docs/MASKING.md: four times the median gain. A singer of 1 kHz who has 50 dB less after two seconds
    // comes out 6.02 dB over that, though the hall behind them lies some 30 dB over it; within 0.5 dB, as the
    // skirts of the ear's filters change with the level.
    auto sound = sine (1000, 0.3);
    for (std::size_t n = 96000; n < sound.size(); ++n)
        sound[n] *= static_cast<float> (std::pow (10, -50.0 / 20));
    MaskedSong song (mixOf ({ { "Lead Vox", sound } }));
    const auto vocals = song.take (session::addedGroup (song.project, song.song().id, "Vocals"));
    song.take (session::withOutput (song.project, song.idOf ("Lead Vox"), vocals));
    song.insert (vocals, "reverb", { { "decay", 6.0 }, { "mix", 50.0 } });
    const auto found = song.found();
    const auto* map = found.mapOf (song.idOf ("Lead Vox"));
    REQUIRE (map != nullptr);
    const auto median = [&] (double from, double to)
    {
        std::vector<float> levels;
        for (auto c = static_cast<std::size_t> (from * 48000 / static_cast<double> (found.hop));
             c < static_cast<std::size_t> (to * 48000 / static_cast<double> (found.hop)); ++c)
            levels.push_back (map->level[map->at (c, MaskingBands::nearest (1000))]);
        const auto middle = levels.begin() + static_cast<std::ptrdiff_t> (levels.size() / 2);
        std::nth_element (levels.begin(), middle, levels.end());
        return static_cast<double> (*middle);
    };
    CHECK (median (2.2, 2.8) - median (0, 2) == Approx (-50 + 20 * std::log10 (2)).margin (0.5));
}

TEST_CASE ("with groups and returns the result does not depend on threads and blocks, to the bit")
{
    MaskedSong::Setting setting;
    setting.routed = true;
    const MaskedSong song (MaskedMix (7003, true), setting);
    MaskingOptions options;
    options.threads = 1;
    const auto one = song.found (options);
    REQUIRE_FALSE (one.conflicts.empty());
    options.threads = 3;
    options.block = 333;
    const auto other = song.found (options);
    REQUIRE (one.conflicts.size() == other.conflicts.size());
    for (std::size_t n = 0; n < one.conflicts.size(); ++n)
    {
        CHECK (one.conflicts[n].masker == other.conflicts[n].masker);
        CHECK (one.conflicts[n].loss == other.conflicts[n].loss);
        CHECK (one.conflicts[n].share == other.conflicts[n].share);
    }
    for (std::size_t n = 0; n < one.maps.size(); ++n)
    {
        CHECK (one.maps[n].loss == other.maps[n].loss);
        CHECK (one.maps[n].level == other.maps[n].level);
    }
}

TEST_CASE ("silence and mutes and solos and disabled tracks and sounds that are no numbers are no hazard")
{
    const auto quiet = mixOf ({ { "Lead Vox", Sound (MaskedMix::frames) } });
    CHECK (MaskedSong (quiet).found().conflicts.empty());
    CHECK_FALSE (MaskedSong (quiet).found().loudness);
    CHECK (MaskedSong (mixOf ({ { "Lead Vox", noise (1, 0.1) } })).found().conflicts.empty());
    CHECK (MaskedSong (mixOf ({})).found().conflicts.empty());

    // The pad is 10 dB over the singer.
    auto hidden = mixOf ({ { "Lead Vox", noise (1, 0.05) }, { "Pad", noise (2, 0.158) } });
    {
        // One value that is no number: what the ear makes of its window is left out, the rest stays.
        auto broken = hidden;
        broken.tracks["Pad"][100000] = std::numeric_limits<float>::quiet_NaN();
        broken.tracks["Lead Vox"][150000] = std::numeric_limits<float>::infinity();
        const MaskedSong song (broken);
        const auto found = song.found();
        REQUIRE (hides (song, found, "Pad", "Lead Vox"));
        CHECK (found.conflicts.front().excess == Approx (10).margin (1));
    }
    MaskedSong song (hidden);
    const auto lead = song.idOf ("Lead Vox"), pad = song.idOf ("Pad");
    const auto before = song.found();
    REQUIRE (hides (song, before, "Pad", "Lead Vox"));
    // A solo is for the one who works: the question is about the whole mix.
    song.set (lead, "fader.solo", std::string ("On"));
    const auto soloed = song.found();
    REQUIRE_FALSE (soloed.conflicts.empty());
    CHECK (soloed.conflicts.front().loss == before.conflicts.front().loss);
    song.set (lead, "fader.solo", std::string ("Off"));
    song.set (pad, "fader.mute", std::string ("On"));
    CHECK (song.found().conflicts.empty());
    song.set (lead, "fader.mute", std::string ("On"));
    CHECK (song.found().conflicts.empty()); // all is muted
    song.set (lead, "fader.mute", std::string ("Off"));
    song.set (pad, "fader.mute", std::string ("Off"));
    song.take (session::disabled (song.project, pad, true));
    CHECK (song.found().conflicts.empty());
    song.take (session::disabled (song.project, lead, true));
    CHECK (song.found().maps.empty());
}
