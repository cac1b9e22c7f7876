// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Result.h"
#include "core/TempoMap.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

using namespace lacquer;

TEST_CASE ("beats and frames agree with hand-computed values")
{
    // 48 kHz; 120 bpm: 24,000 frames a beat. From beat 8 (frame 192,000) 60 bpm: 48,000 a beat. From beat 10
    // (frame 288,000) 240 bpm: 12,000 a beat.
    const TempoMap map (48000, { { 0, 120 }, { 8, 60 }, { 10, 240 } });
    for (auto [beat, frame] : { std::pair<double, Frames> { 0, 0 },
                                { 1, 24000 },
                                { 7.5, 180000 },
                                { 8, 192000 },
                                { 9, 240000 },
                                { 10, 288000 },
                                { 11, 300000 },
                                { 20, 408000 },
                                { -1, -24000 } })
    {
        CHECK (map.frameAt (beat) == Approx (static_cast<double> (frame)).margin (1e-6));
        CHECK (map.beatAt (frame) == Approx (beat).margin (1e-9));
    }
    CHECK (map.bpmAt (0) == 120);
    CHECK (map.bpmAt (191999) == 120);
    CHECK (map.bpmAt (192000) == 60);
    CHECK (map.bpmAt (288000) == 240);
    CHECK (map.bpmAt (-5) == 120);
}

TEST_CASE ("bars and beats follow the metres")
{
    // 4/4 for two bars (beats 0 to 8), then 3/4 for two bars (8 to 14), then 6/8 (3 quarters a bar).
    const TempoMap map (48000, { { 0, 60 } }, { { 0, 4, 4 }, { 8, 3, 4 }, { 14, 6, 8 } });
    const auto at = [&] (double beat)
    {
        const auto b = map.barBeatAt (static_cast<Frames> (beat * 48000));
        return std::to_string (b.bar) + "." + std::to_string (b.beat) + "." + std::to_string (b.tick);
    };
    CHECK (at (0) == "1.1.0");
    CHECK (at (3.5) == "1.4.480");
    CHECK (at (4) == "2.1.0");
    CHECK (at (8) == "3.1.0");
    CHECK (at (10) == "3.3.0");
    CHECK (at (11) == "4.1.0");
    CHECK (at (14) == "5.1.0");
    CHECK (at (14.5) == "5.2.0"); // eighths
    CHECK (at (16.75) == "5.6.480");
    CHECK (at (17) == "6.1.0");
    for (auto [bar, beat] :
         { std::pair { 1, 0.0 }, { 2, 4.0 }, { 3, 8.0 }, { 4, 11.0 }, { 5, 14.0 }, { 6, 17.0 } })
        CHECK (map.frameOfBar (bar) == Approx (beat * 48000).margin (1e-6));
    CHECK (map.metreAt (9).numerator == 3);
    CHECK (map.metreAt (20).denominator == 8);
}

TEST_CASE ("every bar's first frame reads as that bar, for odd tempi and rates")
{
    for (double bpm : { 61.7, 97.3, 120.0, 133.33, 187.01 })
        for (double rate : { 44100.0, 48000.0, 96000.0 })
        {
            const TempoMap map (rate, { { 0, bpm } }, { { 0, 7, 8 } });
            for (int bar = 1; bar < 500; ++bar)
            {
                INFO (bpm << " bpm, " << rate << " Hz, bar " << bar);
                const auto frame = static_cast<Frames> (std::ceil (map.frameOfBar (bar) - 1e-6));
                REQUIRE (map.barBeatAt (frame).bar == bar);
                REQUIRE (map.barBeatAt (frame).beat == 1);
            }
        }
}

TEST_CASE ("an empty tempo map is 120 bpm in 4/4, and a late first tempo holds from the start")
{
    const TempoMap empty (44100);
    CHECK (empty.beatAt (22050) == Approx (1));
    CHECK (empty.metreAt (0).numerator == 4);
    const TempoMap late (48000, { { 4, 60 } });
    CHECK (late.bpmAt (0) == 60);
    CHECK (late.frameAt (1) == Approx (48000));
}

TEST_CASE ("a result holds its value or its problem and moves what cannot be copied")
{
    Result<std::unique_ptr<int>> good { std::make_unique<int> (7) };
    REQUIRE (good);
    CHECK (**good == 7);
    const std::unique_ptr<int> taken = std::move (good).value();
    CHECK (*taken == 7);
    const Result<int> bad { Problem { "The disk is full.", "Song.wav", "Free some space." } };
    CHECK (! bad);
    CHECK (bad.problem().sentence() == "Song.wav: The disk is full. Free some space.");
    CHECK (Problem { "It is late." }.sentence() == "It is late.");
    const Outcome fine;
    CHECK (fine);
    const Outcome refused { Problem { "No." } };
    CHECK (! refused);
    CHECK (refused.problem().what == "No.");
}
