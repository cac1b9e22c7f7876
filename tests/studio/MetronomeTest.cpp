// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Metronome.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace lacquer;
using namespace lacquer::studio;

namespace
{

/// Plays a metronome over a constant sound in chunks of random size.
std::vector<float> played (Metronome& metronome, Frames from, Frames frames, float input, std::uint32_t seed)
{
    std::mt19937 random (seed);
    std::vector<float> all;
    while (static_cast<Frames> (all.size()) < frames)
    {
        const int n = 1 + static_cast<int> (random() % 64);
        std::vector<float> in (64, input), left (64), right (64);
        engine::Signal source { { in.data(), in.data() }, 2, input == 0 };
        engine::Signal result { { left.data(), right.data() }, 2, false };
        engine::Chunk chunk;
        chunk.frames = n;
        chunk.time.position = from + static_cast<Frames> (all.size());
        chunk.time.playing = true;
        metronome.process (chunk, { &source, 1 }, { &result, 1 });
        REQUIRE (left == right);
        all.insert (all.end(), left.begin(), left.begin() + n);
    }
    all.resize (static_cast<std::size_t> (frames));
    return all;
}

/// Where sound begins after at least 500 frames of silence: a click's first frame is 0, its second is not.
std::vector<Frames> begins (const std::vector<float>& sound, Frames from)
{
    std::vector<Frames> all;
    Frames quiet = 500;
    for (std::size_t n = 0; n < sound.size(); ++n)
    {
        if (sound[n] != 0 && quiet >= 500)
            all.push_back (from + static_cast<Frames> (n) - 1);
        quiet = sound[n] == 0 ? quiet + 1 : 0;
    }
    return all;
}

} // namespace

TEST_CASE ("clicks lie on the beats of the metre to the frame, accents on the bars, however it is cut")
{
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    // 100 quarters a minute at 48 kHz: 28800 frames. 3/4 for two bars, then 7/8: eighths of 14400 frames.
    const TempoMap map (48000, { { 0, 100 } }, { { 0, 3, 4 }, { 6, 7, 8 } });
    Metronome metronome (48000);
    metronome.follow (map);
    metronome.set (true, 0);
    const auto sound = played (metronome, 0, 300000, 0, seed);
    std::vector<Frames> expected { 0, 28800, 57600, 86400, 115200, 144000 };
    for (int n = 0; n < 9; ++n)
        expected.push_back (172800 + n * 14400);
    CHECK (begins (sound, 0) == expected);
    const auto peak = [&] (Frames at)
    {
        float most = 0;
        for (Frames n = at; n < at + 1000; ++n)
            most = std::max (most, std::abs (sound[static_cast<std::size_t> (n)]));
        return most;
    };
    CHECK (peak (0) > 1.5f * peak (28800)); // twice, less what the faster decay takes of the slower sine
    CHECK (peak (86400) == peak (0));
    CHECK (peak (172800) == peak (0));
    CHECK (peak (187200) == peak (28800));
    CHECK (played (metronome, 0, 300000, 0, seed + 1) == sound); // other cuts, the same bits
    // From the middle of a click it goes on as if it had always played.
    const auto part = played (metronome, 86400 + 300, 2000, 0, seed);
    CHECK (std::equal (part.begin(), part.end(), sound.begin() + 86700));
}

TEST_CASE ("clicks follow a tempo ramp, and beats before the song go on backwards")
{
    const TempoMap map (44100, { { 0, 90, true }, { 16, 180 } }, { { 0, 4, 4 } });
    for (int beat = 1; beat < 40; ++beat)
    {
        const auto at = static_cast<Frames> (std::floor (map.frameAt (beat) + 0.5));
        for (const Frames d : { Frames { 0 }, Frames { 1 }, Frames { 5000 } })
        {
            INFO (beat << " + " << d);
            const auto [before, after] = clicksAround (map, at + d);
            CHECK (before.position == at);
            CHECK (before.accent == (beat % 4 == 0));
            CHECK (after.position == static_cast<Frames> (std::floor (map.frameAt (beat + 1) + 0.5)));
        }
        CHECK (clicksAround (map, at - 1).second.position == at);
    }
    const TempoMap even (48000, { { 0, 120 } }, { { 0, 3, 4 } });
    const auto [before, after] = clicksAround (even, -24001);
    CHECK (before.position == -48000);
    CHECK_FALSE (before.accent);
    CHECK (after.position == -24000);
    CHECK (clicksAround (even, -72000).first.accent);
    CHECK (clicksAround (even, 0).first.accent);
}

TEST_CASE ("a count-in clicks alone, and the song is whole from its first frame on")
{
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    const TempoMap map (48000, { { 0, 120 } }, { { 0, 4, 4 } });
    Metronome metronome (48000);
    metronome.follow (map);
    metronome.set (false);
    REQUIRE (Metronome::startOfCountIn (map, 0, 1) == -96000);
    REQUIRE (Metronome::startOfCountIn (map, 192000, 2) == 0);
    metronome.countIn (0);
    const auto before = played (metronome, -96000, 96000 - 64, 0.25f, seed);
    const auto clicks = begins (before, -96000);
    CHECK (clicks == std::vector<Frames> { -96000, -72000, -48000, -24000 });
    const auto song = played (metronome, 0, 50000, 0.25f, seed);
    CHECK (std::all_of (song.begin(), song.end(), [] (float x) { return x == 0.25f; }));
    metronome.countIn (Metronome::noCountIn);
    const auto all = played (metronome, -1000, 2000, 0.25f, seed);
    CHECK (std::all_of (all.begin(), all.end(), [] (float x) { return x == 0.25f; }));
}
