// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Grid.h"
#include "support/Scipy.h"

#include <catch2/catch.hpp>
#include <random>

using namespace lacquer;
using namespace lacquer::session;

namespace
{

Grid grid (const char* text)
{
    const auto g = gridFrom (text);
    INFO (text);
    REQUIRE (g);
    return *g;
}

/// The lines of a grid by walking it with next() from before 0.
std::vector<double> walked (const Grid& g, const TempoMap& map, int lines)
{
    std::vector<double> all;
    for (Frames at = next (g, map, -1); static_cast<int> (all.size()) < lines; at = next (g, map, at))
        all.push_back (static_cast<double> (at));
    return all;
}

} // namespace

TEST_CASE ("lines of seconds, CD frames and samples lie at their rational time, rounded half up")
{
    // Oracle: Python's fractions, floor (t * rate + 1/2).
    for (const auto& [text, step] :
         std::vector<std::pair<const char*, const char*>> { { "cd", "Fraction(1,75)" },
                                                            { "5 cd", "Fraction(5,75)" },
                                                            { "1 s", "Fraction(1)" },
                                                            { "1/10 s", "Fraction(1,10)" },
                                                            { "1/1000 s", "Fraction(1,1000)" },
                                                            { "7/3 s", "Fraction(7,3)" } })
        for (const int rate : { 44100, 48000, 88200, 192000 })
        {
            INFO (text << " at " << rate);
            const auto oracle = tests::scipy (std::string ("from fractions import Fraction\nimport math\nfor "
                                                           "k in range(3000): print(math.floor(k*") +
                                              step + "*" + std::to_string (rate) + "+Fraction(1,2)))");
            REQUIRE (walked (grid (text), TempoMap (rate), 3000) == oracle);
        }
    REQUIRE (walked (grid ("sample"), TempoMap (48000), 4) == std::vector<double> { 0, 1, 2, 3 });
    REQUIRE (walked (grid ("64 samples"), TempoMap (48000), 3) == std::vector<double> { 0, 64, 128 });
}

TEST_CASE ("a day into the timeline a CD frame is still exact")
{
    // 86400 s * 75 + 1 frames at 44.1 kHz: 588 samples each.
    const TempoMap map (44100);
    REQUIRE (next (grid ("cd"), map, Frames { 86400 } * 44100) == Frames { 86400 } * 44100 + 588);
    // 2^47 frames at 48 kHz are a multiple of 640, the CD frame there: 2^47 = 219902325555 * 640 + 128.
    REQUIRE (previous (grid ("cd"), TempoMap (48000), Frames { 1 } << 47) == Frames { 219902325555 } * 640);
}

TEST_CASE ("bars, beats and notes follow the metre and start anew in every bar")
{
    // 100 beats a minute at 48 kHz: a quarter is 28800 frames. 4/4 for two bars, then 7/8, then a bar of 7/8
    // is cut short by 3/4 at beat 13.
    const TempoMap map (48000, { { 0, 100 } }, { { 0, 4, 4 }, { 8, 7, 8 }, { 13, 3, 4 } });
    const double q = 28800;
    REQUIRE (walked (grid ("bar"), map, 6) ==
             std::vector<double> { 0, 4 * q, 8 * q, 11.5 * q, 13 * q, 16 * q });
    REQUIRE (walked (grid ("2 bars"), map, 3) == std::vector<double> { 0, 8 * q, 13 * q });
    REQUIRE (walked (grid ("1/2 bar"), map, 4) == std::vector<double> { 0, 2 * q, 4 * q, 6 * q });
    REQUIRE (walked (grid ("beat"), map, 12) == std::vector<double> { 0, q, 2 * q, 3 * q, 4 * q, 5 * q, 6 * q,
                                                                      7 * q, 8 * q, 8.5 * q, 9 * q,
                                                                      9.5 * q });
    // Dotted quarters: 1.5 quarters from the start of each bar.
    REQUIRE (walked (grid ("1/4."), map, 7) ==
             std::vector<double> { 0, 1.5 * q, 3 * q, 4 * q, 5.5 * q, 7 * q, 8 * q });
    // Eighth triplets: three in a quarter; 9600 frames.
    REQUIRE (walked (grid ("1/8T"), map, 5) == std::vector<double> { 0, 9600, 19200, 28800, 38400 });
    REQUIRE (walked (grid ("1/1"), map, 4) == std::vector<double> { 0, 4 * q, 8 * q, 11.5 * q });
}

TEST_CASE ("nearest, next and previous agree with all lines at once, under ramps and odd metres")
{
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    std::mt19937 random (seed);
    const TempoMap map (44100, { { 0, 93.7, true }, { 16, 141.2 }, { 30, 60, true }, { 41, 187.5 } },
                        { { 0, 4, 4 }, { 12, 5, 8 }, { 22, 3, 4 } });
    for (const auto* text :
         { "bar", "3 bars", "1/4 bar", "beat", "1/16", "1/16T", "1/8.", "cd", "1/3 s", "64 samples" })
    {
        INFO (text);
        const auto g = grid (text);
        std::vector<Frames> lines;
        for (Frames at = next (g, map, -1); at < 900000; at = next (g, map, at))
        {
            REQUIRE ((lines.empty() || at > lines.back()));
            lines.push_back (at);
        }
        REQUIRE (lines.front() == 0);
        for (int n = 0; n < 400; ++n)
        {
            // Half of them on a line or a frame beside one, where mistakes are.
            const auto k = 1 + random() % (lines.size() - 3);
            const Frames x =
                n % 2 == 0 ? lines[k] + static_cast<Frames> (random() % 3) - 1
                           : static_cast<Frames> (random() % static_cast<unsigned> (lines[lines.size() - 3]));
            const auto after = std::upper_bound (lines.begin(), lines.end(), x);
            const auto from = std::lower_bound (lines.begin(), lines.end(), x);
            INFO (x);
            REQUIRE (next (g, map, x) == *after);
            REQUIRE (previous (g, map, x) == (from == lines.begin() ? 0 : *std::prev (from)));
            const auto under = *std::prev (after);
            REQUIRE (nearest (g, map, x) == (x - under < *after - x ? under : *after));
        }
    }
}

TEST_CASE ("a grid is read from its own text, and nonsense is refused")
{
    for (const auto* text : { "bar", "4 bar", "1/2 bar", "beat", "1/16", "1/8T", "1/4.", "5/16", "1 s",
                              "1/10 s", "cd", "sample", "64 sample" })
        REQUIRE (textOf (grid (text)) == text);
    REQUIRE (grid ("1/8T") == Grid { Grid::Unit::note, 1, 12 });
    REQUIRE (grid ("2/32") == grid ("1/16"));
    for (const auto* bad : { "", "x", "0 s", "1/0", "-1 s", "1/16Q", "99999 bar", "1//4" })
        REQUIRE_FALSE (gridFrom (bad));
}
