// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Figure.h"

#include <catch2/catch.hpp>

using namespace lacquer;

namespace
{

bench::Figure figure (bench::Bound bound, bench::Clock clock)
{
    return { "x", "unit", bound, clock, 5, "group", "what", {} };
}

std::vector<bench::Sample> samples (const std::vector<double>& values)
{
    std::vector<bench::Sample> all;
    for (double v : values)
        all.push_back ({ v, 1, { { "number", v } } });
    return all;
}

} // namespace

TEST_CASE ("a figure by CPU time is its median, with the distance of the quartiles")
{
    // By hand (numpy.percentile gives the same): of 1 2 3 5 9 the median is 3, the quartiles 2 and 5.
    const auto f = figure (bench::atMost (4), bench::Clock::thread);
    const auto r = bench::readingOf (f, samples ({ 9, 1, 5, 3, 2 }));
    CHECK (r.value == 3);
    CHECK (r.median == 3);
    CHECK (r.spread == 3);
    CHECK (r.least == 1);
    CHECK (r.most == 9);
    CHECK (r.rounds == 5);
    CHECK (r.met());
    CHECK (r.beside.at ("number") == 3);
    CHECK_FALSE (bench::readingOf (f, samples ({ 4.5 })).met());
}

TEST_CASE ("a figure by wall time is the best, on the side of its bound")
{
    const auto speed = figure (bench::atLeast (8), bench::Clock::wall);
    CHECK (bench::readingOf (speed, samples ({ 7, 8.5, 6, 7, 7 })).value == 8.5);
    CHECK (bench::readingOf (speed, samples ({ 7, 8.5, 6, 7, 7 })).met());
    CHECK_FALSE (bench::readingOf (speed, samples ({ 7, 6 })).met());
    const auto time = figure (bench::atMost (8), bench::Clock::wall);
    CHECK (bench::readingOf (time, samples ({ 9, 7.5, 12 })).value == 7.5);
}

TEST_CASE ("a ratio of wall times is that of the two best, not the luckiest pair")
{
    // 10/5, 14/5.5, 11/8: the luckiest pair is 2.55, the best times are 10 and 5.
    const auto f = figure (bench::atLeast (1.8), bench::Clock::wall);
    const auto r = bench::readingOf (f, { { 10, 5, {} }, { 14, 5.5, {} }, { 11, 8, {} } });
    CHECK (r.value == 2);
}

TEST_CASE ("an unknown figure is a problem, and a stop is obeyed")
{
    bench::Session session;
    CHECK_FALSE (bench::measured ({ "strip_avx3" }, session).ok());
    const std::atomic<bool> stop { true };
    session.quick = true;
    session.progress.cancelled = &stop;
    CHECK_FALSE (bench::measured ({ "limiter" }, session).ok());
}

TEST_CASE ("a quotient is that of the two medians of the same run, and brings its parts along")
{
    bench::Session session;
    session.quick = true;
    std::vector<std::string> told;
    const auto readings = bench::measured (
        { "strip_gain" }, session, [&] (const bench::Reading& r) { told.emplace_back (r.figure->name); });
    REQUIRE (readings.ok());
    REQUIRE (told == std::vector<std::string> { "strip_avx2", "strip_scalar", "strip_gain" });
    const auto &fast = (*readings)[0], &slow = (*readings)[1], &gain = (*readings)[2];
    if (! fast.measured()) // a machine without AVX2
    {
        CHECK_FALSE (gain.measured());
        return;
    }
    CHECK (gain.value == Approx (slow.median / fast.median));
}
