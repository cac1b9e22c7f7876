// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Rig.h"
#include "mix/Catalogue.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

const engine::EffectType& delay()
{
    const auto& all = mix::catalogue();
    return *std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "delay"; });
}

/// First frame from `from` on that is not silent.
std::size_t firstSound (const std::vector<float>& x, std::size_t from = 0)
{
    while (from < x.size() && std::abs (x[from]) < 1e-6f)
        ++from;
    return from;
}

} // namespace

TEST_CASE ("the first echo is the input, bit for bit, at its time")
{
    for (double rate : { 44100.0, 48000.0, 96000.0 })
    {
        Rig rig (delay(), rate, 2);
        rig.set ("note", 0);
        rig.set ("time", 250);
        const auto frames = static_cast<std::size_t> (rate / 4); // 250 ms
        const auto in = noise (2, static_cast<int> (2 * frames), 0.5f), out = rig.run (in);
        for (std::size_t c = 0; c < 2; ++c)
        {
            CHECK (std::all_of (out[c].begin(), out[c].begin() + static_cast<long> (frames),
                                [] (float x) { return x == 0; }));
            CHECK (std::equal (out[c].begin() + static_cast<long> (frames), out[c].end(), in[c].begin()));
        }
    }
}

TEST_CASE ("every note value gives its time to the frame")
{
    // Quarter notes of each menu entry; frames = 48000 * 60 / bpm * quarters, rounded.
    const double quarters[] { 4, 3, 2, 4.0 / 3, 1.5, 1, 2.0 / 3, .75, .5, 1.0 / 3, .375, .25, 1.0 / 6, .125 };
    for (double bpm : { 120.0, 97.3 })
        for (std::size_t n = 0; n < std::size (quarters); ++n)
        {
            Rig rig (delay(), 48000, 1);
            rig.bpm = bpm;
            rig.set ("note", static_cast<float> (n + 1));
            rig.set ("feedback", 0);
            const auto want = static_cast<std::size_t> (std::lround (48000 * 60 / bpm * quarters[n]));
            INFO (bpm << " bpm, " << choiceText (delay().params[0], static_cast<int> (n + 1)));
            CHECK (firstSound (rig.run (impulse (1, static_cast<int> (want) + 100))[0]) == want);
        }
}

TEST_CASE ("after a change of tempo echoes fall on the new beat, to the frame")
{
    Rig rig (delay(), 48000, 2);
    rig.set ("note", 6); // 1/4
    rig.set ("feedback", 0);
    rig.run (silence (2, 6400)); // on the grid of 64
    rig.bpm = 90;                // 32000 frames
    rig.run (silence (2, 6400)); // the crossfade of 50 ms is over
    CHECK (firstSound (rig.run (impulse (2, 40000))[0]) == 32000);
}

TEST_CASE ("ping-pong goes left, right, left, each echo lower by the feedback")
{
    Rig rig (delay(), 48000, 2);
    rig.set ("note", 0);
    rig.set ("time", 100);
    rig.set ("feedback", 50);
    rig.set ("ping-pong", 1);
    rig.set ("low-cut", 10);
    rig.set ("high-cut", 20000);
    // A burst of 1 kHz, where the open filters are flat: its energy shows the gain.
    auto in = silence (2, 24000);
    for (auto& c : in)
        for (std::size_t n = 0; n < 2400; ++n)
            c[n] =
                0.25f * static_cast<float> (std::sin (2 * std::numbers::pi * static_cast<double> (n) / 48));
    const auto out = rig.run (in);
    const auto level = [&] (std::size_t c, std::size_t echo)
    {
        double sum = 0;
        for (std::size_t n = 4800 * echo; n < 4800 * (echo + 1); ++n)
            sum += static_cast<double> (out[c][n]) * out[c][n];
        return std::sqrt (sum / 2400 * 2) / 0.25;
    };
    for (std::size_t echo = 1; echo <= 4; ++echo)
    {
        INFO ("echo " << echo);
        CHECK (level (1 - echo % 2, echo) == Approx (std::pow (0.5, echo - 1)).epsilon (0.01));
        CHECK (level (echo % 2, echo) < 0.01 * level (1 - echo % 2, echo));
    }
}

TEST_CASE ("feedback of 110 % grows to the clip and no further")
{
    Rig rig (delay(), 48000, 2);
    rig.set ("note", 0);
    rig.set ("time", 5);
    rig.set ("feedback", 110);
    rig.run (noise (2, 4800, 0.5f));
    rig.run (silence (2, 480000));
    const float peak = peakOf (rig.run (silence (2, 48000)));
    CHECK (peak > 0.3f);
    CHECK (peak <= 1.4126f); // +3 dBFS
}

TEST_CASE ("the cuts work on every further echo and not on the first")
{
    Rig rig (delay(), 48000, 1);
    rig.set ("note", 0);
    rig.set ("time", 100);
    rig.set ("feedback", 100);
    rig.set ("low-cut", 10);
    rig.set ("high-cut", 1000);
    auto in = silence (1, 24000);
    for (std::size_t n = 0; n < 3840; ++n) // 4 kHz: -24.1 dB at a second-order cut of 1 kHz
        in[0][n] =
            0.25f * static_cast<float> (std::sin (2 * std::numbers::pi * static_cast<double> (n) / 12));
    const auto out = rig.run (in)[0];
    const auto peak = [&] (std::size_t echo)
    {
        float top = 0;
        for (std::size_t n = 4800 * echo + 1000; n < 4800 * echo + 3000; ++n)
            top = std::max (top, std::abs (out[n]));
        return 20 * std::log10 (top / 0.25);
    };
    CHECK (peak (1) == Approx (0).margin (0.01));
    CHECK (peak (2) == Approx (-24.1).margin (0.5));
    CHECK (peak (3) == Approx (-48.2).margin (1.5)); // the start of the burst still rings a little
}

TEST_CASE ("what is frozen goes round without a change, and nothing gets in")
{
    Rig rig (delay(), 48000, 2);
    rig.set ("note", 0);
    rig.set ("time", 100);
    rig.set ("feedback", 30);
    rig.run (noise (2, 6400, 0.5f));
    rig.set ("freeze", 1);
    rig.run (silence (2, 6400)); // the switch is a ramp of one block
    const auto first = rig.run (silence (2, 4800)), later = rig.run (noise (2, 48000, 0.5f));
    for (std::size_t c = 0; c < 2; ++c)
        for (int round = 0; round < 10; ++round)
            CHECK (std::equal (first[c].begin(), first[c].end(), later[c].begin() + 4800 * round));
    CHECK (peakOf (first) > 0.1f);
}

TEST_CASE ("drive holds the echoes down by its decibels and leaves what is quiet alone")
{
    // The clip ends at +3 dBFS without drive; 12 dB lower with 12 dB of it.
    Rig rig (delay(), 48000, 1);
    rig.set ("note", 0);
    rig.set ("time", 5);
    rig.set ("feedback", 110);
    rig.set ("drive", 12);
    rig.run (noise (1, 4800, 0.5f));
    rig.run (silence (1, 480000));
    const float peak = peakOf (rig.run (silence (1, 48000)));
    CHECK (peak > 0.08f);
    CHECK (peak <= 1.4126f / 3.981f);

    Rig quiet (delay(), 48000, 1), plain (delay(), 48000, 1);
    quiet.set ("drive", 12);
    const auto in = noise (1, 96000, 0.05f); // below the knee at -15 dBFS
    const auto a = quiet.run (in)[0], b = plain.run (in)[0];
    for (std::size_t n = 0; n < a.size(); ++n)
        REQUIRE (a[n] == Approx (b[n]).margin (1e-6));
}

TEST_CASE ("ducked echoes step back while the sound is there and come back after it")
{
    Rig rig (delay(), 48000, 1), plain (delay(), 48000, 1);
    for (auto* r : { &rig, &plain })
    {
        r->set ("note", 0);
        r->set ("time", 50);
    }
    rig.set ("duck", 12);
    rig.set ("duck-threshold", -30);
    rig.set ("duck-release", 100);
    auto in = noise (1, 48000, 0.5f);
    std::fill (in[0].begin() + 24000, in[0].end(), 0.0f);
    const auto a = rig.run (in)[0], b = plain.run (in)[0];
    const auto ratio = [&] (std::size_t from, std::size_t to)
    {
        double x = 0, y = 0;
        for (std::size_t n = from; n < to; ++n)
        {
            x += static_cast<double> (a[n]) * static_cast<double> (a[n]);
            y += static_cast<double> (b[n]) * static_cast<double> (b[n]);
        }
        return 10 * std::log10 (x / y);
    };
    CHECK (ratio (12000, 24000) == Approx (-12).margin (0.2));
    CHECK (ratio (30500, 36000) > -1); // from -6 dBFS the peak takes 95 ms to the threshold
}

TEST_CASE ("depth makes the time wander by up to 6 ms and no more")
{
    // The echo of a ramp tells the delay of each frame: x[n] - y[n].
    Rig rig (delay(), 48000, 1);
    rig.set ("note", 0);
    rig.set ("time", 100);
    rig.set ("feedback", 0);
    rig.set ("depth", 100);
    rig.set ("speed", 2);
    auto in = silence (1, 96000);
    for (std::size_t n = 0; n < 96000; ++n)
        in[0][n] = static_cast<float> (n) / 131072;
    const auto out = rig.run (in)[0];
    double least = 1e9, most = 0;
    for (std::size_t n = 9600; n < 96000; ++n)
    {
        const double late = static_cast<double> (n) - static_cast<double> (out[n]) * 131072;
        least = std::min (least, late);
        most = std::max (most, late);
    }
    CHECK (least == Approx (4800).margin (1));
    CHECK (most == Approx (4800 + 288).margin (1));
}
