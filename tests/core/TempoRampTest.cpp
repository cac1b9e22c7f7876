// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/TempoMap.h"
#include "support/Scipy.h"

#include <catch2/catch.hpp>
#include <random>

using namespace lacquer;

TEST_CASE ("a tempo ramp lies where the integral of its tempo over time says")
{
    const TempoMap map (48000, { { 0, 90 }, { 8, 90, true }, { 24, 150, true }, { 32, 60 } });
    // Oracle: the song stepped through in slices of 10 us of time, the tempo straight in time within each
    // ramp.
    const auto oracle = tests::scipy (R"(
segments = [(8.0, 90.0, 90.0), (16.0, 90.0, 150.0), (8.0, 150.0, 60.0)]
dt = 1e-5
beat0 = t0 = 0.0
want = [4.0, 8.0, 10.0, 16.0, 23.9, 24.0, 26.0, 31.0]
out = {}
for beats, v0, v1 in segments:
    T = 60.0 * beats / (0.5 * (v0 + v1))
    t = np.arange(0, T, dt) + dt / 2
    b = beat0 + np.concatenate(([0.0], np.cumsum((v0 + (v1 - v0) * t / T) / 60.0 * dt)))
    x = t0 + np.concatenate(([0.0], np.minimum(t + dt / 2, T)))
    for w in want:
        if beat0 <= w <= beat0 + beats: out[w] = np.interp(w, b, x)
    beat0 += beats
    t0 += T
for w in want: print(out[w])
)");
    const std::vector<double> beats { 4, 8, 10, 16, 23.9, 24, 26, 31 };
    REQUIRE (oracle.size() == beats.size());
    for (std::size_t n = 0; n < beats.size(); ++n)
    {
        INFO (beats[n]);
        CHECK (map.frameAt (beats[n]) / 48000 == Approx (oracle[n]).margin (2e-5));
    }
    CHECK (map.bpmAt (0) == 90);
    CHECK (map.bpmAt (static_cast<Frames> (map.frameAt (24))) == Approx (150).epsilon (1e-6));
    // Half way in time between 90 and 150.
    const double middle = 0.5 * (map.frameAt (8) + map.frameAt (24));
    CHECK (map.bpmAt (std::llround (middle)) == Approx (120).epsilon (1e-6));
    CHECK (map.bpmAt (std::llround (map.frameAt (40))) == 60);
}

TEST_CASE ("frames become beats and the same frames again, through ramps and changes of metre")
{
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    std::mt19937 random (seed);
    for (int song = 0; song < 200; ++song)
    {
        std::vector<TempoMap::Tempo> tempi;
        std::vector<TempoMap::Metre> metres;
        double beat = 0;
        for (int n = 0; n < 12; ++n)
        {
            tempi.push_back ({ beat, 10 + static_cast<double> (random() % 9890) / 10, random() % 2 == 0 });
            beat += 0.25 * (1 + static_cast<double> (random() % 100));
        }
        beat = 0;
        for (int n = 0; n < 6; ++n)
        {
            const int below[] = { 2, 4, 8, 16 };
            metres.push_back ({ beat, 1 + static_cast<int> (random() % 12), below[random() % 4] });
            beat += 1 + static_cast<double> (random() % 60);
        }
        const TempoMap map (44100, tempi, metres);
        for (int n = 0; n < 300; ++n)
        {
            const auto frame = static_cast<Frames> (random() % 60'000'000u);
            const double there = map.beatAt (frame);
            REQUIRE (std::llround (map.frameAt (there)) == frame);
            REQUIRE (map.frameAt (there) == Approx (static_cast<double> (frame)).margin (1e-4));
            const auto bar = map.barOfBeat (there);
            REQUIRE (bar.begin <= there);
            REQUIRE (there < bar.end);
            REQUIRE (map.bar (bar.number).begin == bar.begin);
            REQUIRE (map.bar (bar.number).end == bar.end);
            REQUIRE (map.bar (bar.number + 1).begin == Approx (bar.end).epsilon (1e-12));
        }
        // Later frames are later beats.
        double before = -1;
        for (Frames at = 0; at < 3'000'000; at += 9973)
        {
            REQUIRE (map.beatAt (at) > before);
            before = map.beatAt (at);
        }
    }
}
