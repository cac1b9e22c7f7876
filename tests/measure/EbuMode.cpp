// SPDX-License-Identifier: GPL-3.0-or-later
#include "Signals.h"

#include <catch2/catch.hpp>
#include <complex>
#include <functional>

// Expected numbers: EBU Tech 3341 (Nov 2023) table 1 and Tech 3342 (Nov 2023) table 1; +-0.1 LU, LRA +-1 LU,
// true peak +0.2/-0.4 dB. Cases 3341-7, 3341-8, 3342-5 and 3342-6 are recordings that only the EBU can hand
// out.
namespace
{
using namespace lacquer;
using signals::tones;

const std::vector<double> rates { 44100, 48000, 96000, 11025 };

measure::Reading read (const signals::Planar& p, double rate = 48000, std::vector<measure::Role> roles = {})
{
    return signals::measured (p, rate, std::move (roles)).result();
}

/// A tone of fs / division with the given amplitude and phase, 1 s, faded over 10 ms.
signals::Planar peakTone (double division, double amplitude, double degrees)
{
    signals::Planar p (2, std::vector<float> (48000));
    for (auto& c : p)
        for (int n = 0; n < 48000; ++n)
        {
            const double fade = std::min ({ 1.0, n / 480.0, (47999 - n) / 480.0 });
            c[static_cast<size_t> (n)] = static_cast<float> (
                fade * amplitude *
                std::sin (2 * std::numbers::pi * (std::fmod (n / division, 1.0) + degrees / 360)));
        }
    return p;
}

/// fs/6 at 0.5 with one period of fs/4 at 1.0 inside, made at 4 fs, low-passed at fs/2 and every fourth
/// sample from `offset` kept.
signals::Planar insertedPeak (int offset)
{
    constexpr int half = 4 * 4800, reach = 256;
    std::vector<double> fine;
    const auto outer = [&] (int n) { return 0.5 * std::sin (2 * std::numbers::pi * (n % 24) / 24); };
    for (int n = 0; n < half; ++n)
        fine.push_back (outer (n) * std::min (1.0, n / 1920.0));
    for (int n = 0; n < 16; ++n)
        fine.push_back (std::sin (2 * std::numbers::pi * n / 16));
    for (int n = 0; n < half; ++n)
        fine.push_back (outer (n) * std::min (1.0, (half - 1 - n) / 1920.0));

    // Blackman-windowed sinc, cut-off fs/2, unity gain.
    std::vector<double> low;
    double sum = 0;
    for (int k = -reach; k <= reach; ++k)
    {
        const double x = std::numbers::pi * k / 4, w = std::numbers::pi * k / reach;
        low.push_back ((k == 0 ? 1 : std::sin (x) / x) *
                       (0.42 + 0.5 * std::cos (w) + 0.08 * std::cos (2 * w)));
        sum += low.back();
    }
    signals::Planar p (2);
    const int length = static_cast<int> (fine.size());
    for (int n = offset; n < length; n += 4)
    {
        double y = 0;
        for (int k = std::max (-reach, n - length + 1); k <= std::min (reach, n); ++k)
            y += low[static_cast<size_t> (k + reach)] * fine[static_cast<size_t> (n - k)];
        for (auto& c : p)
            c.push_back (static_cast<float> (y / sum));
    }
    return p;
}

} // namespace

TEST_CASE ("steady tones read their level in all three windows (3341-1, 3341-2)")
{
    const double rate = GENERATE (from_range (rates));
    const double level = GENERATE (-23.0, -33.0);
    const auto r = read (tones ({ { 20, { level } } }, rate), rate);
    CHECK (*r.integrated == Approx (level).margin (0.1));
    CHECK (*r.maxMomentary == Approx (level).margin (0.1));
    CHECK (*r.maxShortTerm == Approx (level).margin (0.1));
}

TEST_CASE ("quiet parts do not count towards programme loudness (3341-3, 3341-4, 3341-5)")
{
    const double rate = GENERATE (from_range (rates));
    const auto of = [&] (const std::vector<signals::Segment>& s)
    { return *read (tones (s, rate), rate).integrated; };
    CHECK (of ({ { 10, { -36 } }, { 60, { -23 } }, { 10, { -36 } } }) == Approx (-23).margin (0.1));
    CHECK (of ({ { 10, { -72 } }, { 10, { -36 } }, { 60, { -23 } }, { 10, { -36 } }, { 10, { -72 } } }) ==
           Approx (-23).margin (0.1));
    CHECK (of ({ { 20, { -26 } }, { 20.1, { -20 } }, { 20, { -26 } } }) == Approx (-23).margin (0.1));
}

TEST_CASE ("surround channels weigh more and the LFE nothing (3341-6)")
{
    // 5.0 by both masks in use, and 5.1 with a loud LFE that must not count.
    const auto five = tones ({ { 20, { -28, -28, -24, -30, -30 } } }, 48000, 5);
    CHECK (*read (five, 48000, measure::rolesOf (0x37, 5)).integrated == Approx (-23).margin (0.1));
    CHECK (*read (five, 48000, measure::rolesOf (0x607, 5)).integrated == Approx (-23).margin (0.1));
    const auto six = tones ({ { 20, { -28, -28, -24, -3, -30, -30 } } }, 48000, 6);
    CHECK (*read (six, 48000, measure::rolesOf (0x3f, 6)).integrated == Approx (-23).margin (0.1));
    // BS.1770-5 annex 1: 0 dBFS 997 Hz in one front channel is -3.01 LKFS; 1.41 more at the side.
    const auto one = tones ({ { 20, { -300, -300, 0, -300, -300 } } }, 48000, 5, 997);
    CHECK (*read (one).integrated == Approx (-3.01).margin (0.02));
    const auto side = tones ({ { 20, { -300, -300, -300, 0, -300 } } }, 48000, 5, 997);
    CHECK (*read (side).integrated == Approx (-3.01 + 1.4922).margin (0.02));
    const auto lfe = tones ({ { 5, { -300, -300, -300, 0, -300, -300 } } }, 48000, 6, 50);
    CHECK_FALSE (read (lfe).integrated);
}

TEST_CASE ("a speaker mask names the channels")
{
    using measure::Role;
    using measure::rolesOf;
    const std::vector<Role> five { Role::left, Role::right, Role::centre, Role::leftSurround,
                                   Role::rightSurround };
    CHECK (rolesOf (0x37, 5) == five);
    CHECK (rolesOf (0x607, 5) == five);
    CHECK (rolesOf (0, 5) == five);
    CHECK (rolesOf (0x4, 1) == std::vector { Role::centre });
    // 7.1 (0x63f): side channels at 90 degrees are weighted, the back ones are not (annex 3, table 4).
    CHECK (rolesOf (0x63f, 8) == std::vector { Role::left, Role::right, Role::centre, Role::lfe, Role::other,
                                               Role::other, Role::leftSurround, Role::rightSurround });
    // A mask that contradicts the file is not believed.
    CHECK (rolesOf (0x3, 1) == std::vector { Role::centre });
}

TEST_CASE ("the short-term window is three seconds long (3341-9)")
{
    std::vector<signals::Segment> s;
    for (int i = 0; i < 5; ++i)
        s.insert (s.end(), { { 1.34, { -20 } }, { 1.66, { -30 } } });
    const double rate = GENERATE (from_range (rates));
    const auto meter = signals::measured (tones (s, rate), rate);
    for (const auto& p : meter.series())
        if (p.time.value >= 3)
        {
            INFO (p.time.value);
            REQUIRE (*p.shortTerm == Approx (-23).margin (0.1));
        }
}

TEST_CASE ("the loudest three seconds are found wherever they lie (3341-10)")
{
    for (int i = 0; i < 20; ++i)
        CHECK (*read (tones ({ { 0.15 * i, {} }, { 3, { -23 } }, { 1, {} } })).maxShortTerm ==
               Approx (-23).margin (0.1));
}

TEST_CASE ("the running short-term maximum follows rising tones (3341-11)")
{
    std::vector<signals::Segment> s;
    for (int i = 0; i < 20; ++i)
        s.insert (s.end(), { { 0.15 * i, {} }, { 3, { -38.0 + i } }, { 3 - 0.15 * i, {} } });
    const auto meter = signals::measured (tones (s));
    double most = -100;
    for (const auto& p : meter.series())
    {
        if (p.shortTerm && p.time.value >= 3)
            most = std::max (most, *p.shortTerm);
        const double section = p.time.value / 6;
        if (std::abs (section - std::round (section)) < 1e-6)
            CHECK (most == Approx (-39 + section).margin (0.1));
    }
}

TEST_CASE ("the momentary window is 400 ms long (3341-12)")
{
    std::vector<signals::Segment> s;
    for (int i = 0; i < 25; ++i)
        s.insert (s.end(), { { 0.18, { -20 } }, { 0.22, { -30 } } });
    const auto meter = signals::measured (tones (s));
    for (const auto& p : meter.series())
        if (p.time.value >= 1)
        {
            INFO (p.time.value);
            REQUIRE (*p.momentary == Approx (-23).margin (0.1));
        }
}

TEST_CASE ("the loudest 400 ms are found wherever they lie (3341-13)")
{
    for (int i = 0; i < 20; ++i)
        CHECK (*read (tones ({ { 0.02 * i, {} }, { 0.4, { -23 } }, { 1, {} } })).maxMomentary ==
               Approx (-23).margin (0.1));
}

TEST_CASE ("the running momentary maximum follows rising bursts (3341-14)")
{
    std::vector<signals::Segment> s;
    for (int i = 0; i < 20; ++i)
        s.insert (s.end(), { { 0.02 * i, {} }, { 0.4, { -38.0 + i } }, { 0.4 - 0.02 * i, {} } });
    const auto meter = signals::measured (tones (s));
    double most = -100;
    for (const auto& p : meter.series())
    {
        if (p.momentary && p.time.value >= 0.4)
            most = std::max (most, *p.momentary);
        const double section = p.time.value / 0.8;
        if (std::abs (section - std::round (section)) < 1e-6)
            CHECK (most == Approx (-39 + section).margin (0.1));
    }
}

TEST_CASE ("true peak finds what lies between the samples (3341-15 to 3341-23)")
{
    const auto within = [] (double got, double want)
    {
        CHECK (got <= want + 0.2);
        CHECK (got >= want - 0.4);
    };
    within (*read (peakTone (4, 0.5, 0)).truePeak, -6);
    within (*read (peakTone (4, 0.5, 45)).truePeak, -6);
    within (*read (peakTone (6, 0.5, 60)).truePeak, -6);
    within (*read (peakTone (8, 0.5, 67.5)).truePeak, -6);
    within (*read (peakTone (4, 1.41, 45)).truePeak, 3);
    for (int offset = 0; offset < 4; ++offset)
        within (*read (insertedPeak (offset)).truePeak, 0);
    // The samples of 3341-16 are 3 dB lower: the sample peak must not be mistaken for the true peak.
    CHECK (*read (peakTone (4, 0.5, 45)).samplePeak == Approx (-9.03).margin (0.01));
}

TEST_CASE ("loudness range of steps is the step (3342-1 to 3342-4)")
{
    const double rate = GENERATE (from_range (rates));
    const auto of = [&] (const std::vector<double>& levels)
    {
        std::vector<signals::Segment> s;
        for (const double level : levels)
            s.push_back ({ 20, { level } });
        return *read (tones (s, rate), rate).range;
    };
    CHECK (of ({ -20, -30 }) == Approx (10).margin (1));
    CHECK (of ({ -20, -15 }) == Approx (5).margin (1));
    CHECK (of ({ -40, -20 }) == Approx (20).margin (1));
    CHECK (of ({ -50, -35, -20, -35, -50 }) == Approx (15).margin (1));
}
