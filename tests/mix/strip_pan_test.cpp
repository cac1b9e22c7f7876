// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/StripSession.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::mix;

namespace
{

/// Settings from a seed for what randomise() leaves alone: modes, widths, laws and pans of sends.
void randomisePlaces (engine::Controls& c, std::uint64_t seed)
{
    c.set (INDEX (stereo.mode), static_cast<float> (seed % 3));
    c.set (INDEX (pan.law), static_cast<float> (seed % 7));
    const auto place = [&] (int p, std::uint64_t n)
    { c.set (p, static_cast<float> (random (seed, 100 + n, -100, 100))); };
    place (INDEX (stereo.left), 1);
    place (INDEX (stereo.right), 2);
    place (INDEX (stereo.width), 3);
    place (INDEX (send1Pan), 4);
    place (INDEX (send2Pan), 5);
}

/// A point of a lane, at the frame of a strip's output.
std::shared_ptr<const engine::Lane> lane (std::vector<engine::Point> points)
{
    return std::make_shared<const engine::Lane> (std::move (points));
}

} // namespace

TEST_CASE ("64 strips of every pan mode, law and send pan differ from the twin by less than -110 dB")
{
    const int frames = 24000;
    auto s = randomSession (64, frames, 48000);
    for (std::size_t t = 0; t < s.tracks.size(); ++t)
    {
        // Every mode on stereo strips too: one strip in four is.
        randomisePlaces (s.tracks[t]->controls, t / 4 + t);
    }
    const auto out = s.play (frames);
    std::array<std::array<double, 2>, 3> error {}, power {};
    std::array<std::array<std::vector<double>, 2>, 3> wanted;
    for (auto& port : wanted)
        for (auto& c : port)
            c.resize (static_cast<std::size_t> (frames));
    double worst = -400;
    for (std::size_t t = 0; t < s.tracks.size(); ++t)
    {
        ReferenceStrip twin (valuesOf (s.tracks[t]->controls), 48000, s.tracks[t]->channels);
        double off = 0, all = 0;
        for (std::size_t n = 0; n < static_cast<std::size_t> (frames); ++n)
        {
            const auto y = twin ({ s.tracks[t]->in[0][n], s.tracks[t]->in[1][n] });
            const ReferenceStrip::Frame ports[] { y.direct, y.sends[0], y.sends[1] };
            for (std::size_t p = 0; p < 3; ++p)
            {
                wanted[p][0][n] += ports[p].left;
                wanted[p][1][n] += ports[p].right;
            }
            const double l = out[3 + t][0][n] - y.direct.left, r = out[3 + t][1][n] - y.direct.right;
            off += l * l + r * r;
            all += y.direct.left * y.direct.left + y.direct.right * y.direct.right;
        }
        worst = std::max (worst, db (std::sqrt (off / (all + 1e-20))));
    }
    for (std::size_t p = 0; p < 3; ++p)
        for (std::size_t c = 0; c < 2; ++c)
        {
            for (std::size_t n = 0; n < static_cast<std::size_t> (frames); ++n)
            {
                const double d = out[p][c][n] - wanted[p][c][n];
                error[p][c] += d * d;
                power[p][c] += wanted[p][c][n] * wanted[p][c][n];
            }
            const double relative = db (std::sqrt (error[p][c] / power[p][c]));
            INFO ("bus " << p << ", side " << c << ": " << relative << " dB, worst strip " << worst << " dB");
            CHECK (relative < -110);
        }
}

TEST_CASE ("a compensated law leaves the middle as it is and raises the sides by what the law takes there")
{
    // Over the level in the middle: the side is higher by 3.01, 4.51 and 6.02 dB.
    const double sides[] { std::sqrt (2.0), std::pow (2, 0.75), 2 };
    for (int law = 0; law < 3; ++law)
    {
        const int frames = 640;
        Session s;
        auto& t = s.add (1, { music (1, frames, 48000), {} });
        t.controls.set (INDEX (pan.law), static_cast<float> (4 + law));
        const auto middle = s.play (frames);
        t.controls.set (INDEX (pan.position), 100);
        const auto right = s.play (frames);
        for (std::size_t n = 4; n < static_cast<std::size_t> (frames); ++n)
        {
            REQUIRE (middle[0][0][n] == t.in[0][n - 4]);
            REQUIRE (right[0][0][n] == 0);
            REQUIRE (right[0][1][n] == t.in[0][n - 4] * static_cast<float> (sides[law]));
        }
    }
}

TEST_CASE ("stereo pan and width at rest pass a stereo track bit for bit, and turned they do what they say")
{
    const int frames = 640;
    Session s;
    auto& t = s.add (2, { music (1, frames, 48000), music (2, frames, 48000) });
    const auto check = [&] (auto&& left, auto&& right)
    {
        const auto out = s.play (frames);
        for (std::size_t n = 4; n < static_cast<std::size_t> (frames); ++n)
        {
            const float l = t.in[0][n - 4], r = t.in[1][n - 4];
            REQUIRE (out[0][0][n] == left (l, r));
            REQUIRE (out[0][1][n] == right (l, r));
            REQUIRE (out[3][0][n] == left (l, r)); // the tap
            REQUIRE (out[3][1][n] == right (l, r));
        }
    };
    const auto itself = [] (float l, float) { return l; };
    const auto other = [] (float, float r) { return r; };
    const auto half = [] (float l, float r) { return l * 0.5f + r * 0.5f; };
    for (const float mode : { 1.0f, 2.0f })
    {
        t.controls.set (INDEX (stereo.mode), mode);
        check (itself, other);
    }
    t.controls.set (INDEX (stereo.width), 0);
    check (half, half);
    t.controls.set (INDEX (stereo.width), -100);
    check (other, itself);
    t.controls.set (INDEX (stereo.mode), 1);
    t.controls.set (INDEX (stereo.left), 100);
    t.controls.set (INDEX (stereo.right), -100);
    check (other, itself);
    // Both in the middle at -6 dB: half of each on both sides.
    t.controls.set (INDEX (pan.law), 3);
    t.controls.set (INDEX (stereo.left), 0);
    t.controls.set (INDEX (stereo.right), 0);
    check (half, half);
}

TEST_CASE ("what a send pans stays in its send, and strips beside it keep their bits")
{
    const int frames = 640;
    Session s;
    auto &a = s.add (2, { music (1, frames, 48000), music (2, frames, 48000) }),
         &b = s.add (1, { music (3, frames, 48000), {} });
    a.controls.set (INDEX (send1.level), 0);
    b.controls.set (INDEX (send1.level), -7);
    b.controls.set (INDEX (send2.level), 0);
    b.controls.set (INDEX (send2.pre), 1);
    b.controls.set (INDEX (fader.level), -100);
    const auto before = s.play (frames);
    a.controls.set (INDEX (send1Pan), 100);
    b.controls.set (INDEX (send2Pan), -100);
    const auto after = s.play (frames);
    CHECK (same (before[0], after[0]));
    CHECK (same (before[3], after[3]));
    for (std::size_t n = 4; n < static_cast<std::size_t> (frames); ++n)
    {
        REQUIRE (after[1][0][n] == 0); // only the right side of a; b's fader is down
        REQUIRE (after[1][1][n] == before[1][1][n]);
        REQUIRE (after[2][0][n] == b.in[0][n - 4]); // hard left: the whole of it
        REQUIRE (after[2][1][n] == 0);
    }
}

TEST_CASE ("pans of every kind do not depend on how time is cut")
{
    const int frames = 2048;
    auto s = randomSession (12, frames, 48000);
    for (std::size_t t = 0; t < s.tracks.size(); ++t)
        randomisePlaces (s.tracks[t]->controls, t);
    constexpr auto smooth = engine::Curve::smooth;
    s.tracks[1]->automation = { { 0, INDEX (stereo.width), lane ({ { 100, 100 }, { 901, -40, smooth } }) } };
    s.tracks[5]->automation = { { 0, INDEX (stereo.left), lane ({ { 0, -100 }, { 1500, 60 } }) },
                                { 0, INDEX (send1Pan), lane ({ { 64, 0 }, { 777, 100 } }) },
                                { 0, StripBank::vcaLane, lane ({ { 10, 0 }, { 1234, -20 } }) } };
    s.tracks[6]->automation = { { 0, INDEX (fader.level), lane ({ { 0, -6 }, { 1000, 3 } }) },
                                { 0, StripBank::vcaLane, lane ({ { 10, 0, smooth }, { 1111, -30 } }) } };
    const auto whole = s.play (frames);
    for (std::size_t round = 0; round < 4; ++round)
    {
        StripBank bank (s.rate);
        std::uint64_t count = 0;
        const auto pieces =
            s.play (*bank.processor (s.layout(), s.ports()), frames,
                    [&] (int) { return 1 + static_cast<int> (random (round, count++, 0, 63)); });
        for (std::size_t port = 0; port < whole.size(); ++port)
        {
            INFO ("round " << round << ", port " << port);
            REQUIRE (same (whole[port], pieces[port]));
        }
    }
}

TEST_CASE ("a VCA fader multiplies the fader exactly, still and moving, automated or by hand")
{
    // Oracle: the product of both gains in double at every frame.
    const int frames = 6400;
    const auto gain = [] (double decibels) { return std::pow (10, decibels / 20); };
    const auto own = lane ({ { 1000, -12 }, { 4000, 2 } }),
               above = lane ({ { 500, 0 }, { 3000, -20, engine::Curve::smooth }, { 5000, 4 } });
    for (const bool automated : { false, true })
    {
        Session s;
        auto& t = s.add (2, { music (1, frames, 48000), music (2, frames, 48000) });
        t.controls.set (INDEX (fader.level), -5);
        if (automated)
            t.automation.push_back ({ 0, INDEX (fader.level), own });
        t.automation.push_back ({ 0, StripBank::vcaLane, above });
        std::atomic<double> live { gain (-3) };
        auto layout = s.layout();
        layout[0].vca = &live;
        StripBank bank (s.rate);
        const auto out = s.play (*bank.processor (layout, s.ports()), frames);
        for (std::size_t n = 4; n < static_cast<std::size_t> (frames); ++n)
        {
            const auto at = static_cast<Frames> (n) - 4;
            const double wanted =
                t.in[0][n - 4] * gain ((automated ? own->at (at) : -5) + above->at (at) - 3);
            REQUIRE (out[0][0][n] == Approx (wanted).epsilon (3e-7).margin (1e-12));
        }
    }
}

TEST_CASE ("the output of a strip can close while its sends stay open, in 64 frames")
{
    const int frames = 640;
    Session s;
    auto& t = s.add (1, { Channel (static_cast<std::size_t> (frames), 1.0f), {} });
    t.controls.set (INDEX (pan.law), 0);
    t.controls.set (INDEX (send1.level), 0);
    t.controls.set (INDEX (send2.level), 0);
    StripBank bank (s.rate);
    const auto out = s.play (
        *bank.processor (s.layout(), s.ports()), frames, [] (int) { return 64; },
        [&] (int n)
        {
            if (n == 128)
                bank.setOpen (1, StripBank::sendRoute (0));
        });
    for (std::size_t n = 64; n < static_cast<std::size_t> (frames); ++n)
    {
        const float closing = n < 128 ? 1.0f : n < 192 ? 1 - static_cast<float> (n - 127) / 64 : 0.0f;
        REQUIRE (out[0][0][n] == closing);
        REQUIRE (out[1][0][n] == 1);
        REQUIRE (out[2][0][n] == closing);
    }
}

TEST_CASE ("a dual-mono strip compresses each side by itself")
{
    const int frames = 9600;
    Session s;
    auto& t = s.add (2, { sine (1000, 0.9, frames), sine (1000, 0.01, frames) });
    t.controls.set (INDEX (comp.on), 1);
    t.controls.set (INDEX (comp.threshold), -30);
    auto layout = s.layout();
    StripBank linked (s.rate), apart (s.rate);
    const auto together = s.play (*linked.processor (layout, s.ports()), frames);
    layout[0].dualMono = true;
    const auto alone = s.play (*apart.processor (layout, s.ports()), frames);
    CHECK (same ({ alone[0][0], {} }, { together[0][0], {} })); // the loud side decides for both
    for (std::size_t n = 4; n < static_cast<std::size_t> (frames); ++n)
        REQUIRE (alone[0][1][n] == t.in[1][n - 4]); // 10 dB under the threshold, outside the knee
    CHECK (std::abs (together[0][1][9000]) < 0.7 * std::abs (alone[0][1][9000]) + 1e-6);
}
