// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Monitor.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

using namespace lacquer;
using studio::ListenBand;
using studio::Monitor;

namespace
{

constexpr double rate = 48000;

/// A song that is a constant, and a sine that is listened to.
struct Desk
{
    Monitor monitor { rate };
    double hertz = 1000;
    int at = 0;

    std::vector<float> play (int blocks)
    {
        std::vector<float> all;
        for (int b = 0; b < blocks; ++b)
        {
            std::array<float, 64> song, sine, silence {};
            song.fill (0.25f);
            for (std::size_t n = 0; n < 64; ++n)
                sine[n] = static_cast<float> (0.5 * std::sin (2 * std::numbers::pi * hertz * at++ / rate));
            std::array<std::array<float, 64>, 2> room {};
            engine::Signal out { { room[0].data(), room[1].data() }, 2, false };
            monitor.process ({ { song.data(), song.data() }, 2, false },
                             { { sine.data(), sine.data() }, 2, false },
                             { { silence.data(), silence.data() }, 2, true }, 64, out);
            REQUIRE (room[0] == room[1]);
            all.insert (all.end(), room[0].begin(), room[0].end());
        }
        return all;
    }
    /// Level over the sine's own, dB, once everything is still.
    double level()
    {
        play (200);
        const int from = at;
        const auto sound = play (750); // a second
        std::complex<double> sum = 0;
        for (std::size_t n = 0; n < sound.size(); ++n)
            sum += static_cast<double> (sound[n]) *
                   std::polar (1.0, -2 * std::numbers::pi * hertz * (from + static_cast<double> (n)) / rate);
        return 20 * std::log10 (std::abs (sum) * 2 / static_cast<double> (sound.size()) / 0.5);
    }
};

} // namespace

TEST_CASE (
    "what is listened to between two borders is whole in the middle, 3 dB down at each and gone far off")
{
    // Two band-passes in a row fall by 12 dB per octave far off: 2 octaves from a border of a band of one
    // octave that is (by |H| = 1/(1 + Q^2 (r - 1/r)^2), Q = sqrt 2 sqrt (sqrt 2 - 1)) 26.4 dB at r = 4
    // sqrt 2.
    Desk desk;
    desk.monitor.hearListened (true);
    desk.monitor.setListenBand ({ 1000, 2000 });
    const auto levelAt = [&] (double hertz)
    {
        desk.hertz = hertz;
        return desk.level();
    };
    CHECK (levelAt (std::sqrt (2e6)) == Approx (0).margin (0.02));
    CHECK (levelAt (1000) == Approx (-3.01).margin (0.1));
    CHECK (levelAt (2000) == Approx (-3.01).margin (0.1));
    const double r = 4 * std::sqrt (2.0), q = std::sqrt (2.0) * std::sqrt (std::sqrt (2.0) - 1);
    CHECK (levelAt (250) == Approx (-20 * std::log10 (1 + q * q * (r - 1 / r) * (r - 1 / r))).margin (0.2));
    // With one border a Butterworth of the fourth order: 24 dB per octave, sqrt (1 + r^8).
    desk.monitor.setListenBand ({ 0, 500 });
    CHECK (levelAt (100) == Approx (0).margin (0.02));
    CHECK (levelAt (500) == Approx (-3.01).margin (0.05));
    CHECK (levelAt (1000) == Approx (-10 * std::log10 (1 + 256.0)).margin (0.2));
    desk.monitor.setListenBand ({ 500, 0 });
    CHECK (levelAt (250) == Approx (-10 * std::log10 (1 + 256.0)).margin (0.2));
    desk.monitor.setListenBand ({});
    CHECK (levelAt (250) == Approx (0).margin (1e-4));
}

TEST_CASE ("a band that is listened to comes and goes in 5 ms without a step, and leaves the song as it was")
{
    // 5 ms are 240 frames; from 0.25 to a sine of at most 0.5 and back no frame moves by more than the way
    // (0.75) over 240 and the sine's own slope (2 pi f / rate of 0.5).
    Desk desk;
    desk.play (2);
    desk.monitor.setListenBand ({ 500, 2000 });
    desk.monitor.hearListened (true);
    const auto in = desk.play (100);
    desk.monitor.hearListened (false);
    const auto out = desk.play (10);
    const float most = 0.75f / 240 + static_cast<float> (0.5 * 2 * std::numbers::pi * 1000 / rate);
    float last = 0.25f;
    for (const auto* part : { &in, &out })
        for (const float x : *part)
        {
            REQUIRE (std::abs (x - last) <= most * 1.02f);
            last = x;
        }
    CHECK (in[120] != 0.25f);
    double mean = 0; // of whole periods: nothing of the song is left
    for (std::size_t n = 240; n < 240 + 48 * 100; ++n)
        mean += static_cast<double> (in[n]) / 4800;
    CHECK (std::abs (mean) < 2e-3);
    CHECK (std::all_of (out.begin() + 240, out.end(), [] (float x) { return x == 0.25f; }));
    CHECK (out[200] != 0.25f);
}

TEST_CASE ("a border that moves while it is listened to makes no step")
{
    Desk desk;
    desk.monitor.setListenBand ({ 500, 2000 });
    desk.monitor.hearListened (true);
    desk.play (100);
    const float most = static_cast<float> (0.5 * 2 * std::numbers::pi * 1000 / rate);
    float last = desk.play (1).back();
    for (int n = 0; n < 60; ++n)
    {
        const float shift = std::exp2 (static_cast<float> (n) / 30);
        desk.monitor.setListenBand ({ 500 * shift, 2000 * shift });
        for (const float x : desk.play (3))
        {
            REQUIRE (std::abs (x - last) <= most * 1.1f);
            last = x;
        }
    }
}

TEST_CASE ("borders the wrong way round are the same stretch, and what was heard before leaves no trace")
{
    Desk desk;
    desk.monitor.hearListened (true);
    desk.monitor.setListenBand ({ 2000, 1000 });
    desk.hertz = std::sqrt (2e6);
    CHECK (desk.level() == Approx (0).margin (0.02));

    // Off and on again: what comes is what comes to one that never heard anything, to the bit.
    const auto heard = [] (Desk& d)
    {
        d.at = 0;
        return d.play (50);
    };
    desk.monitor.setListenBand ({});
    desk.play (20);
    desk.monitor.setListenBand ({ 300, 600 });
    Desk fresh;
    fresh.hertz = desk.hertz;
    fresh.monitor.hearListened (true);
    fresh.play (20);
    fresh.monitor.setListenBand ({ 300, 600 });
    CHECK (heard (desk) == heard (fresh));

    // A reset leaves nothing to ring out.
    desk.hertz = 420;
    desk.play (50);
    desk.monitor.reset();
    desk.hertz = 0; // silence
    for (const float x : desk.play (20))
        REQUIRE (x == 0);
}

TEST_CASE ("a band comes, goes and moves over 5 ms, neither at once nor later")
{
    // Two of the same, of which one is changed: 240 frames later it is where it goes to, 16 frames later it
    // is near where it was.
    Desk still, moved;
    for (auto* desk : { &still, &moved })
    {
        desk->monitor.hearListened (true);
        desk->monitor.setListenBand ({ 500, 2000 });
        desk->play (200);
    }
    const auto farthest =
        [] (const std::vector<float>& a, const std::vector<float>& b, std::size_t from, std::size_t to)
    {
        float most = 0;
        for (std::size_t n = from; n < to; ++n)
            most = std::max (most, std::abs (a[n] - b[n]));
        return most;
    };
    moved.monitor.setListenBand ({ 6000, 9000 });
    const auto a = still.play (20), b = moved.play (20);
    CHECK (farthest (a, b, 0, 16) < 0.2f);
    CHECK (farthest (b, std::vector<float> (b.size()), 640, 1280) < 0.02f);
    // Gone: the sine itself, from 5 ms on to the bit.
    moved.monitor.setListenBand ({});
    const int at = moved.at;
    const auto c = moved.play (10);
    const auto sine = [&] (std::size_t n)
    {
        return static_cast<float> (
            0.5 * std::sin (2 * std::numbers::pi * 1000 * (at + static_cast<double> (n)) / rate));
    };
    for (std::size_t n = 0; n < 24; ++n)
        CHECK (std::abs (c[n]) < 0.12f);
    for (std::size_t n = 241; n < c.size(); ++n)
        REQUIRE (c[n] == Approx (sine (n)).margin (1e-6));
    CHECK (std::abs (c[204] - sine (204)) > 0.01f); // 12 is a peak of the sine, 204 another
}
