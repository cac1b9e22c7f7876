// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Grid.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace lacquer::session
{

namespace
{

/// The lines next to a position, of those it is shown.
struct Around
{
    Frames position;
    Frames before = -1;                                ///< last line < position; -1: none
    Frames at = 0;                                     ///< last line <= position
    Frames after = std::numeric_limits<Frames>::max(); ///< first line > position

    void take (Frames line)
    {
        if (line < position)
            before = std::max (before, line);
        if (line <= position)
            at = std::max (at, line);
        else
            after = std::min (after, line);
    }
};

// 2^48 frames times a rate in millihertz and a grid's parts does not fit in 64 bits.
__extension__ using Wide = __int128;

/// Lines every `above` / `below` frames from 0, each at the nearest frame, halves up.
Around evenly (Wide above, Wide below, Frames position)
{
    Around lines { position };
    const auto about = static_cast<Wide> (position) * below / above;
    for (Wide k = std::max<Wide> (0, about - 2); k <= about + 2; ++k)
        lines.take (static_cast<Frames> ((2 * k * above + below) / (2 * below)));
    // Lines closer than a frame fall on every frame.
    if (above <= below)
    {
        lines.take (position);
        lines.take (position + 1);
        if (position > 0)
            lines.take (position - 1);
    }
    return lines;
}

Frames frameOf (const TempoMap& map, double beat)
{
    return static_cast<Frames> (std::floor (map.frameAt (beat) + 0.5));
}

Around bars (const Grid& g, const TempoMap& map, Frames position)
{
    Around lines { position };
    const auto here = static_cast<std::int64_t> (map.barOfBeat (map.beatAt (position)).number - 1);
    const auto about = here * g.parts / g.count;
    const auto reach = 2 + g.parts / g.count; // the lines of the bars beside it too
    for (auto k = std::max<std::int64_t> (0, about - reach); k <= about + 2 * reach; ++k)
    {
        const auto bar = map.bar (static_cast<int> (1 + k * g.count / g.parts));
        const auto part = static_cast<double> (k * g.count % g.parts) / g.parts;
        lines.take (frameOf (map, bar.begin + (bar.end - bar.begin) * part));
    }
    return lines;
}

Around notes (const Grid& g, const TempoMap& map, Frames position)
{
    Around lines { position };
    const double beat = map.beatAt (position);
    const auto here = map.barOfBeat (beat);
    for (int number = std::max (1, here.number - 1); number <= here.number + 1; ++number)
    {
        const auto bar = map.bar (number);
        const double unit = g.unit == Grid::Unit::note ? 4.0 : 4.0 / bar.metre.denominator;
        const auto line = [&] (double k) { return bar.begin + unit * k * g.count / g.parts; };
        // A billionth of a beat forgives the rounding of a bar's length.
        const auto last = std::ceil ((bar.end - bar.begin) * g.parts / (unit * g.count) - 1e-9) - 1;
        const auto about =
            std::clamp (std::floor ((beat - bar.begin) * g.parts / (unit * g.count)), 0.0, last);
        for (double k = std::max (0.0, about - 1); k <= std::min (last, about + 2); ++k)
            lines.take (frameOf (map, line (k)));
    }
    return lines;
}

Around around (const Grid& g, const TempoMap& map, Frames position)
{
    const auto perThousand = static_cast<Wide> (std::llround (map.sampleRate() * 1000));
    position = std::max<Frames> (0, position);
    switch (g.unit)
    {
        case Grid::Unit::bar: return bars (g, map, position);
        case Grid::Unit::beat:
        case Grid::Unit::note: return notes (g, map, position);
        case Grid::Unit::second: return evenly (perThousand * g.count, Wide { 1000 } * g.parts, position);
        case Grid::Unit::cdFrame: return evenly (perThousand * g.count, Wide { 75'000 } * g.parts, position);
        case Grid::Unit::sample: break;
    }
    return evenly (g.count, g.parts, position);
}

std::string_view trimmed (std::string_view t)
{
    while (t.starts_with (' '))
        t.remove_prefix (1);
    while (t.ends_with (' '))
        t.remove_suffix (1);
    return t;
}

struct UnitWord
{
    std::string_view word;
    Grid::Unit unit;
};
constexpr std::array<UnitWord, 9> unitWords { { { "bars", Grid::Unit::bar },
                                                { "bar", Grid::Unit::bar },
                                                { "beats", Grid::Unit::beat },
                                                { "beat", Grid::Unit::beat },
                                                { "cd", Grid::Unit::cdFrame },
                                                { "samples", Grid::Unit::sample },
                                                { "sample", Grid::Unit::sample },
                                                { "seconds", Grid::Unit::second },
                                                { "s", Grid::Unit::second } } };

std::string fraction (int above, int below)
{
    return std::to_string (above) + (below == 1 ? "" : "/" + std::to_string (below));
}

} // namespace

Frames nearest (const Grid& g, const TempoMap& map, Frames position)
{
    position = std::max<Frames> (0, position);
    const auto lines = around (g, map, position);
    return position - lines.at < lines.after - position ? lines.at : lines.after;
}

Frames next (const Grid& g, const TempoMap& map, Frames position)
{
    return position < 0 ? 0 : around (g, map, position).after;
}

Frames previous (const Grid& g, const TempoMap& map, Frames position)
{
    return std::max<Frames> (0, around (g, map, position).before);
}

std::string textOf (const Grid& g)
{
    const auto times = [&] (std::string_view word)
    {
        return (g.count == 1 && g.parts == 1 ? std::string() : fraction (g.count, g.parts) + " ") +
               std::string (word);
    };
    switch (g.unit)
    {
        case Grid::Unit::bar: return times ("bar");
        case Grid::Unit::beat: return times ("beat");
        case Grid::Unit::second: return fraction (g.count, g.parts) + " s";
        case Grid::Unit::cdFrame: return times ("cd");
        case Grid::Unit::sample: return times ("sample");
        case Grid::Unit::note: break;
    }
    const auto power = [] (int n) { return n > 0 && (n & (n - 1)) == 0; };
    if (g.count == 1 && g.parts % 3 == 0 && power (g.parts / 3) && g.parts > 3)
        return "1/" + std::to_string (g.parts / 3 * 2) + "T";
    if (g.count == 3 && power (g.parts) && g.parts > 1)
        return "1/" + std::to_string (g.parts / 2) + ".";
    return std::to_string (g.count) + "/" + std::to_string (g.parts);
}

Result<Grid> gridFrom (std::string_view text)
{
    const auto bad = [&]
    {
        return Problem { "This is not a grid.",
                         {},
                         "Write bar, 4 bars, beat, 1/16, 1/8T, 1/4., 1 s, 1/10 s, cd or sample." };
    };
    auto t = trimmed (text);
    Grid g;
    g.unit = Grid::Unit::note;
    for (const auto& [word, unit] : unitWords)
        if (t.ends_with (word))
        {
            g.unit = unit;
            t = trimmed (t.substr (0, t.size() - word.size()));
            break;
        }
    int above = 1, below = 1;
    if (g.unit == Grid::Unit::note && t.ends_with ('T'))
    {
        above = 2;
        below = 3;
        t.remove_suffix (1);
    }
    else if (g.unit == Grid::Unit::note && t.ends_with ('.'))
    {
        above = 3;
        below = 2;
        t.remove_suffix (1);
    }
    const auto number = [] (std::string_view part) -> std::optional<int>
    {
        int n = 0;
        const auto [end, error] = std::from_chars (part.data(), part.data() + part.size(), n);
        if (error != std::errc {} || end != part.data() + part.size() || n < 1 || n > Grid::most)
            return std::nullopt;
        return n;
    };
    if (! t.empty())
    {
        const auto slash = t.find ('/');
        const auto over = number (trimmed (t.substr (0, slash)));
        const auto under =
            slash == std::string_view::npos ? std::optional (1) : number (trimmed (t.substr (slash + 1)));
        if (! over || ! under)
            return bad();
        above *= *over;
        below *= *under;
    }
    else if (g.unit == Grid::Unit::note)
        return bad();
    const int common = std::gcd (above, below);
    g.count = above / common;
    g.parts = below / common;
    if (g.count > Grid::most || g.parts > Grid::most)
        return bad();
    return g;
}

} // namespace lacquer::session
