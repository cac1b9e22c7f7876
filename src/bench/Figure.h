// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"

#include <any>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::bench
{

/// The limit that a figure has to keep.
struct Bound
{
    enum class Side
    {
        none,
        atMost,
        atLeast
    };
    Side side = Side::none;
    double value = 0;

    bool met (double figure) const noexcept
    {
        return side == Side::none || (side == Side::atMost ? figure <= value : figure >= value);
    }
};
constexpr Bound atMost (double v)
{
    return { Bound::Side::atMost, v };
}
constexpr Bound atLeast (double v)
{
    return { Bound::Side::atLeast, v };
}

/// What one run of the benchmark shares between its figures.
struct Session
{
    bool quick = false; ///< shorter sound and fewer rounds: a smoke test, not a measurement
    Progress progress {};
    std::map<std::string, std::any> kept {}; ///< what several figures are read from
};

/// One measurement of a figure.
struct Sample
{
    double value = 0;
    double under = 1;                        ///< of a ratio: what `value` is divided by
    std::map<std::string, double> beside {}; ///< further numbers worth telling, by name
};
/// Makes one measurement. A Problem ends the figure.
using Sampler = std::function<Result<Sample>()>;

enum class Clock
{
    thread, ///< CPU time of the measuring thread: the median counts
    wall    ///< the clock on the wall: the best counts, since other programs only ever make it worse
};

/// One figure: everything there is to know of it. figures() is the only list of them.
struct Figure
{
    std::string_view name; ///< for ever: scripts read it
    std::string_view unit;
    Bound bound;
    Clock clock;
    int rounds; ///< measurements of a full run; a quick one makes quickRounds()
    std::string_view
        group;             ///< figures of one group are measured in turns, so that they meet the same machine
    std::string_view help; ///< what is measured
    /// Sets everything up. A Problem says why this program or machine cannot measure it. Empty for a
    /// quotient.
    std::function<Result<Sampler> (Session&)> prepare;
    std::string_view over {}, under {}; ///< of a quotient: the two figures

    int quickRounds() const { return rounds > 1 ? 3 : 1; }
};

/// Every figure of the benchmark, in the order in which it is shown.
const std::vector<Figure>& figures();
const Figure* figureOf (std::string_view name);

/// A figure after all its measurements.
struct Reading
{
    const Figure* figure = nullptr;
    std::string absent {}; ///< why there is no value; empty when there is one
    double value = 0;      ///< what is held against the bound: the median, or the best by wall time
    double median = 0;
    double spread = 0;          ///< from the lower to the upper quartile
    double least = 0, most = 0; ///< of all rounds
    int rounds = 0;
    std::map<std::string, double> beside {}; ///< of the round nearest to the value

    bool measured() const { return absent.empty(); }
    bool met() const { return measured() && figure->bound.met (value); }
};

/// Reads a figure out of its samples. Precondition: at least one.
Reading readingOf (const Figure&, std::vector<Sample>);

/// Measures figures by name; all for an empty list. Told of each when it is done. [control] Takes minutes. A
/// Problem for an unknown name, or when stopped.
Result<std::vector<Reading>> measured (const std::vector<std::string>& names, Session&,
                                       const std::function<void (const Reading&)>& done = {});

} // namespace lacquer::bench
