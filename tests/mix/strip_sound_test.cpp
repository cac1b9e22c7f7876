// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/StripSession.h"

#include <catch2/catch.hpp>
#include <complex>

using namespace lacquer;
using namespace lacquer::mix;

namespace
{

/// Amplitude of a frequency in x, over whole periods, through a window with side lobes below -100 dB.
double level (const Channel& x, double frequency, double rate, std::size_t from, std::size_t count)
{
    std::complex<double> sum = 0;
    double weight = 0;
    for (std::size_t n = 0; n < count; ++n)
    {
        const double t = 2 * std::numbers::pi * (static_cast<double> (n) + 0.5) / static_cast<double> (count);
        // Blackman-Nuttall: F. J. Harris' four-term form, side lobes -98 dB.
        const double w = 0.3635819 - 0.4891775 * std::cos (t) + 0.1365995 * std::cos (2 * t) -
                         0.0106411 * std::cos (3 * t);
        sum += w * x[from + n] *
               std::polar (1.0, -2 * std::numbers::pi * frequency * static_cast<double> (n) / rate);
        weight += w;
    }
    return 2 * std::abs (sum) / weight;
}

Session oneTrack (Channel x)
{
    Session s;
    s.add (1, { std::move (x), {} }).controls.set (INDEX (pan.law), 0); // 0 dB: the tap is the strip itself
    return s;
}

Channel steps (int frames, int at, float before, float after)
{
    Channel x (static_cast<std::size_t> (frames), before);
    std::fill (x.begin() + at, x.end(), after);
    return x;
}

} // namespace

TEST_CASE ("the compressor meets its static curve within 0.05 dB")
{
    // Giannoulis, Massberg, Reiss (JAES 60(6), 2012), eq. 4: out = in below the knee, in + (1/R - 1)(in - T +
    // W/2)^2 / 2W inside it, T + (in - T)/R above.
    const double threshold = -24, ratio = 4, knee = 8, makeup = 3;
    for (double in = -60; in <= 0; in += 1.7)
    {
        auto s = oneTrack (Channel (24000, static_cast<float> (std::pow (10, in / 20))));
        auto& c = s.tracks[0]->controls;
        c.set (INDEX (comp.on), 1);
        c.set (INDEX (comp.threshold), static_cast<float> (threshold));
        c.set (INDEX (comp.ratio), static_cast<float> (ratio));
        c.set (INDEX (comp.knee), static_cast<float> (knee));
        c.set (INDEX (comp.makeup), static_cast<float> (makeup));
        c.set (INDEX (comp.attack), 1);
        const double over = in - threshold;
        const double wanted =
            makeup + (2 * over < -knee  ? in
                      : 2 * over > knee ? threshold + over / ratio
                                        : in + (1 / ratio - 1) * std::pow (over + knee / 2, 2) / (2 * knee));
        CHECK (db (s.play (24000)[3][0].back()) == Approx (wanted).margin (0.05));
        CHECK (s.tracks[0]->reduction.load() == Approx (in + makeup - wanted).margin (0.05));
    }
}

TEST_CASE ("attack and release lead 63 % of the way in their time")
{
    // 1 - 1/e of the change of gain in dB, within 5 %, from 44.1 to 192 kHz.
    for (const double rate : { 44100.0, 48000.0, 96000.0, 192000.0 })
        for (const double attack : { 3.0, 30.0 })
        {
            const double release = 100;
            const int onset = 6400, frames = static_cast<int> (rate);
            const auto run = [&] (float before, float after)
            {
                auto s = oneTrack (steps (frames, onset, before, after));
                s.rate = rate;
                auto& c = s.tracks[0]->controls;
                c.set (INDEX (comp.on), 1);
                c.set (INDEX (comp.threshold), -30);
                c.set (INDEX (comp.ratio), 4);
                c.set (INDEX (comp.attack), static_cast<float> (attack));
                c.set (INDEX (comp.release), static_cast<float> (release));
                return s.play (frames)[3][0];
            };
            const auto after63 = [&] (const Channel& y, float x)
            {
                const auto start = static_cast<std::size_t> (onset + StripBank::latency());
                const double first = db (y[start] / x), last = db (y.back() / x);
                std::size_t n = start;
                while (std::abs (db (y[n] / x) - last) > std::abs (first - last) / std::numbers::e)
                    ++n;
                return static_cast<double> (n - start) / rate * 1000;
            };
            CHECK (after63 (run (0.001f, 0.5f), 0.5f) == Approx (attack).epsilon (0.05));
            if (attack == 3.0)
                CHECK (after63 (run (0.5f, 0.01f), 0.01f) == Approx (release).epsilon (0.05));
        }
}

TEST_CASE ("the saturation's alias lines lie 70 dB below the tone")
{
    // Issue and DSP.md 2.4: 5 kHz, +12 dB of drive at full scale: every line below 20 kHz that is no harmonic
    // is at most -70 dBc.
    const int frames = 96000;
    auto s = oneTrack (sine (5000, 1, frames));
    auto& c = s.tracks[0]->controls;
    c.set (INDEX (sat.on), 1);
    c.set (INDEX (sat.drive), 12);
    const auto y = s.play (frames)[3][0];
    const double tone = level (y, 5000, 48000, 24000, 48000);
    double worst = -400, at = 0;
    for (int f = 100; f < 20000;
         f += 100) // all aliases of 5 kHz harmonics at 48 and 96 kHz are multiples of 1 kHz
        if (f % 5000 > 20 && f % 5000 < 4980)
            if (const double alias = db (level (y, f, 48000, 24000, 48000) / tone); alias > worst)
            {
                worst = alias;
                at = f;
            }
    INFO ("worst at " << at << " Hz: " << worst << " dBc");
    CHECK (worst < -70);
    // The third harmonic is there: x / sqrt (1 + x^2) is odd.
    CHECK (db (level (y, 15000, 48000, 24000, 48000) / tone) > -20);
}

TEST_CASE ("the saturation passes small signals as they are")
{
    // +-0.1 dB to 20 kHz at 48 kHz, and its delay is that of every strip: at low frequencies the phase is
    // that of a delay of StripBank::latency() within half a sample (issue: IIR oversamplers).
    for (const double f : { 50.0, 1000.0, 5000.0, 10000.0, 15000.0, 18000.0, 20000.0 })
    {
        auto s = oneTrack (sine (f, 1e-4, 24000));
        auto& c = s.tracks[0]->controls;
        c.set (INDEX (sat.on), 1);
        c.set (INDEX (sat.drive), 12);
        const auto y = s.play (24000)[3][0];
        INFO ("at " << f << " Hz");
        CHECK (db (level (y, f, 48000, 12000, 9600) / 1e-4) == Approx (0).margin (0.1));
    }
    Channel pulse (4096, 0.0f);
    pulse[100] = 1e-4f;
    auto s = oneTrack (pulse);
    s.tracks[0]->controls.set (INDEX (sat.on), 1);
    const auto y = s.play (4096)[3][0];
    double first = 0, all = 0;
    for (std::size_t n = 0; n < y.size(); ++n)
    {
        first += (static_cast<double> (n) - 100) * y[n];
        all += y[n];
    }
    CHECK (first / all == Approx (StripBank::latency()).margin (0.5)); // group delay at 0 Hz: first moment
}

TEST_CASE ("a fader's automation is exact at every frame")
{
    // Straight lines in dB between the points: the gain at frame n is 10^(dB/20), computed here in double.
    // The sound comes out one latency late, and its automation with it.
    const int frames = 4096;
    auto s = oneTrack (Channel (frames, 1.0f));
    s.tracks[0]->automation = { { 0, INDEX (fader.level),
                                  std::make_shared<const engine::Lane> (std::vector<engine::Point> {
                                      { 100, -30 }, { 1777, 6 }, { 3000, -3 } }) } };
    const auto y = s.play (frames)[3][0];
    for (int out = 4; out < frames; ++out)
    {
        const int n = out - StripBank::latency();
        const double wanted = n < 100    ? -30
                              : n < 1777 ? -30 + 36.0 * (n - 100) / 1677
                              : n < 3000 ? 6 - 9.0 * (n - 1777) / 1223
                                         : -3;
        REQUIRE (y[static_cast<std::size_t> (out)] == static_cast<float> (std::pow (10, wanted / 20)));
    }
}

TEST_CASE ("a fader or send may have any points in a quantum, and silence among them")
{
    // Dense points of every curve, from and to silence; the gain at frame n is 10^(dB/20) of the lane's own
    // value there, 0 at -100 dB, to a rounding of single precision. Two tracks: the lines of one are
    // computed in lanes, together with another's.
    const int frames = 4096;
    std::vector<engine::Point> points;
    const double values[] { -12, -3, -100, -20, -100, 0, -6, -6, -40 };
    const engine::Curve curves[] { engine::Curve::linear, engine::Curve::linear, engine::Curve::hold,
                                   engine::Curve::linear, engine::Curve::smooth };
    Frames at = 3;
    for (std::size_t n = 0; at < frames; ++n)
    {
        points.push_back ({ at, values[n % 9], curves[n % 5] });
        at += 1 + static_cast<Frames> (random (7, n, 0, n % 3 == 0 ? 150 : 40));
    }
    const auto lane = std::make_shared<const engine::Lane> (points);
    for (const int p : { INDEX (fader.level), INDEX (send1.level) })
    {
        Session s;
        for (int n = 0; n < 2; ++n)
        {
            auto& t = s.add (1, { Channel (frames, 1.0f), {} });
            t.controls.set (INDEX (pan.law), 0);
            t.automation = { { 0, p, lane } };
        }
        s.tracks[1]->in[0].assign (frames, 0.0f);
        const auto out = s.play (frames);
        const auto& y = out[p == INDEX (fader.level) ? 3 : 1][0];
        for (int n = 0; n < frames - 4; ++n)
        {
            const double level = lane->at (n);
            const double wanted = level <= -100 ? 0 : std::pow (10, level / 20);
            INFO ("parameter " << p << ", frame " << n);
            REQUIRE (std::abs (y[static_cast<std::size_t> (n + 4)] - wanted) <= 6.1e-8 * wanted);
        }
    }
}

TEST_CASE ("an automated pan follows its law at every frame")
{
    // The laws as they are defined, in libm: 0 dB turns the far side down by a cosine, -3 dB is cosine and
    // sine, -6 dB linear, -4.5 dB their geometric mean. Points as far out as they go.
    const int frames = 2048;
    const auto lane = std::make_shared<const engine::Lane> (std::vector<engine::Point> {
        { 10, -100 }, { 500, 100 }, { 700, 100 }, { 731, -30 }, { 760, 20 }, { 1500, -100 }, { 2000, 0 } });
    for (int law = 0; law < 4; ++law)
    {
        Session s;
        auto& t = s.add (1, { Channel (frames, 1.0f), {} });
        t.controls.set (INDEX (pan.law), static_cast<float> (law));
        t.automation = { { 0, INDEX (pan.position), lane } };
        const auto y = s.play (frames)[3];
        for (int n = 0; n < frames - 4; ++n)
        {
            const double right = (lane->at (n) / 100 + 1) / 2, left = 1 - right;
            const double quarter = std::numbers::pi / 2;
            const double sines[] { std::cos (right * quarter), std::sin (right * quarter) };
            const double sides[] { left, right };
            for (std::size_t c = 0; c < 2; ++c)
            {
                const double far = std::max (0.0, c == 0 ? 2 * right - 1 : 1 - 2 * right);
                const double wanted[] { std::cos (far * quarter), sines[c], std::sqrt (sines[c] * sides[c]),
                                        sides[c] };
                INFO ("law " << law << ", frame " << n << ", side " << c);
                REQUIRE (y[c][static_cast<std::size_t> (n + 4)] == Approx (wanted[law]).margin (1e-7));
                if (wanted[law] < 1e-12)
                    REQUIRE (y[c][static_cast<std::size_t> (n + 4)] == 0);
            }
        }
    }
}

TEST_CASE ("a live change of the fader is a straight line over one quantum")
{
    const int frames = 512;
    auto s = oneTrack (Channel (frames, 1.0f));
    StripBank bank (s.rate);
    const auto y = s.play (
        *bank.processor (s.layout(), s.ports()), frames, [] (int) { return 64; },
        [&] (int n)
        {
            if (n == 128)
                s.tracks[0]->controls.set (INDEX (fader.level), -100);
            if (n == 256)
                bank.setOpen (1, 0);
            if (n == 320)
                s.tracks[0]->controls.set (INDEX (fader.level), 0);
        })[3][0];
    for (std::size_t n = 4; n < 128; ++n)
        REQUIRE (y[n] == 1.0f);
    for (std::size_t n = 128; n < 192; ++n)
        REQUIRE (y[n] == Approx (1 - static_cast<double> (n - 127) / 64).margin (1e-6));
    for (std::size_t n = 192; n < 512; ++n)
        REQUIRE (y[n] == 0.0f); // silenced by the fader, then by solo elsewhere
}

TEST_CASE ("a strip that is added while others play starts from silence and disturbs none")
{
    const int frames = 4096, half = 2048;
    auto s = randomSession (9, frames, 48000);
    const auto alone = s.play (frames);
    auto late = randomSession (10, frames, 48000);

    StripBank bank (48000);
    const auto before = bank.processor (s.layout(), s.ports());
    auto first = s.play (*before, half);
    const auto after = bank.processor (late.layout(), late.ports());
    // Same strips by key; the new layout has their values from its own Controls, which are equal.
    const auto second = late.play (
        *after, half, [] (int) { return 64; }, [] (int) {}, half);
    for (std::size_t t = 0; t < 9; ++t)
        for (std::size_t c = 0; c < 2; ++c)
        {
            INFO ("strip " << t);
            CHECK (std::equal (first[3 + t][c].begin(), first[3 + t][c].end(), alone[3 + t][c].begin()));
            CHECK (std::equal (second[3 + t][c].begin(), second[3 + t][c].end(),
                               alone[3 + t][c].begin() + half));
        }
    Session fresh;
    auto& t = fresh.add (late.tracks[9]->channels, late.tracks[9]->in);
    randomise (t.controls, 9);
    StripBank own (48000);
    const auto from = [] (int) { return 64; };
    CHECK (same (second[12],
                 fresh.play (
                     *own.processor (fresh.layout(), fresh.ports()), half, from, [] (int) {}, half)[3]));
}

TEST_CASE ("a module that is switched does not click")
{
    // A 100 Hz tone at 0.5 moves by at most 0.0065 from frame to frame; a switched EQ band, high-pass,
    // compressor or saturation may not step further than a tenth of the tone's level.
    for (const int p : { INDEX (eq.on), INDEX (hpf.on), INDEX (comp.on), INDEX (sat.on) })
    {
        const int frames = 9600;
        auto s = oneTrack (sine (100, 0.5, frames));
        auto& c = s.tracks[0]->controls;
        c.set (INDEX (eq.band2.gain), p == INDEX (eq.on) ? -12.0f : 0.0f);
        c.set (p, 0);
        StripBank bank (s.rate);
        const auto y = s.play (
            *bank.processor (s.layout(), s.ports()), frames, [] (int) { return 64; },
            [&] (int n)
            {
                if (n == 3200)
                    c.set (p, 1);
                if (n == 6400)
                    c.set (p, 0);
            })[3][0];
        float worst = 0;
        for (std::size_t n = 8; n < y.size(); ++n)
            worst = std::max (worst, std::abs (y[n] - y[n - 1]));
        INFO ("parameter " << p);
        CHECK (worst < 0.01f);
        // Off again, the strip is exact again.
        CHECK (std::equal (y.end() - 1000, y.end(), s.tracks[0]->in[0].end() - 1004));
    }
}

TEST_CASE ("the meter reads what leaves the strip")
{
    auto s = oneTrack (sine (1000, 0.5, 48000));
    s.tracks[0]->controls.set (INDEX (fader.level), -6);
    const auto out = s.play (48000);
    float peak = 0;
    for (const float x : out[3][0])
        peak = std::max (peak, std::abs (x));
    CHECK (s.tracks[0]->meter.take (0) == peak);
    // Mean square of a sine: half the square of its peak; after 1 s the 300 ms average has 1 - e^-3.3 of it.
    CHECK (s.tracks[0]->meter.energy[0].load() ==
           Approx (0.5 * peak * peak * (1 - std::exp (-1 / 0.3))).epsilon (0.01));
}

TEST_CASE ("pre-fader sends hear neither fader nor pan, but mute")
{
    auto s = oneTrack (Channel (640, 0.5f));
    auto& c = s.tracks[0]->controls;
    c.set (INDEX (pan.law), 1);
    c.set (INDEX (fader.level), -100);
    c.set (INDEX (pan.position), -70);
    c.set (INDEX (send1.level), 0);
    c.set (INDEX (send1.pre), 1);
    auto out = s.play (640);
    CHECK (out[0][0].back() == 0);
    CHECK (out[1][0].back() == 0.5f * static_cast<float> (std::sqrt (0.5)));
    CHECK (out[1][1].back() == out[1][0].back());
    c.set (INDEX (fader.mute), 1);
    CHECK (s.play (640)[1][0].back() == 0);
}

TEST_CASE ("the gate opens, holds and closes without chatter on a decaying tone")
{
    // 100 Hz decaying by 60 dB a second from 0 dBFS crosses -30 dB (threshold -26, hysteresis 4) after 0.5 s;
    // it opens once and closes once.
    const int frames = 96000;
    Channel x = sine (100, 1, frames);
    for (std::size_t n = 0; n < x.size(); ++n)
        x[n] *= static_cast<float> (std::pow (10, -3 * static_cast<double> (n) / 48000));
    auto s = oneTrack (x);
    auto& c = s.tracks[0]->controls;
    c.set (INDEX (gate.on), 1);
    c.set (INDEX (gate.threshold), -26);
    c.set (INDEX (gate.hold), 10);
    c.set (INDEX (gate.release), 20);
    const auto y = s.play (frames)[3][0];
    int turns = 0;
    bool open = true;
    std::size_t closed = 0;
    for (std::size_t n = 4; n < y.size(); ++n)
        if (std::abs (x[n - 4]) > 1e-7f)
        {
            const bool now = std::abs (y[n] / x[n - 4]) > 0.1f; // half of the range of 40 dB
            if (now != open)
            {
                ++turns;
                closed = n;
            }
            open = now;
        }
    CHECK (turns == 1);
    CHECK (static_cast<double> (closed) / 48000 ==
           Approx (0.53).margin (0.02)); // 10 ms hold, 14 ms to -20 dB
}
