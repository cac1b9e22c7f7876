// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/EqDesign.h"
#include "dsp/Svf.h"
#include "session/Find.h"
#include "session/Sentence.h"
#include "studio/MaskingParts.h"
#include "studio/Render.h"

#include <algorithm>
#include <cmath>

namespace lacquer::studio
{

namespace
{

constexpr double wantedLead = 6; // dB that the lead is to stand over the masker
constexpr double leastDepth = 4, firstDepth = 12, deepest = 18; // dB of the cut
constexpr double leastRise = 2;                                 // dB of partial loudness, else it goes deeper
constexpr int attempts = 3;
constexpr double slack = 3;      // dB: half the knee of a dynamic band
constexpr double wholeOf = 0.95; // 1 - 1/20, of a band's movement by its ratio of 20

/// The level of a strip in a band as a dynamic band of the equaliser hears it (dsp/EqDynamics.h), a mean for
/// every column.
class KeyLevel final : public engine::Processor
{
public:
    KeyLevel (double rate, double frequency, double q, Frames columnFrames, std::size_t count)
        : hop (columnFrames), energies (count)
    {
        const auto c = dsp::svfOf (dsp::eqSection (dsp::EqShape::bandPass, frequency, q, 0, rate));
        for (auto& f : filters)
            f.set (c);
        smoothing = 1 - std::exp (-1 / (std::clamp (2 / frequency, 0.001, 0.03) * rate));
    }

    void process (const engine::Chunk& chunk, std::span<const engine::Signal> in,
                  std::span<engine::Signal> out) noexcept override
    {
        silence (chunk, out);
        for (int n = 0; n < chunk.frames; ++n)
        {
            for (std::size_t c = 0; c < 2; ++c)
            {
                const double y = filters[c](static_cast<double> (in[0].channel[c][n]));
                energy[c] += smoothing * (y * y - energy[c]);
            }
            // Columns lie around the multiples of the hop.
            const Frames column = (chunk.positionAt (n) + hop / 2) / hop;
            if (chunk.time.playing && chunk.positionAt (n) >= 0 &&
                column < static_cast<Frames> (energies.size()))
                energies[static_cast<std::size_t> (column)] +=
                    std::max (energy[0], energy[1]) / static_cast<double> (hop);
        }
    }
    void reset() noexcept override
    {
        for (auto& f : filters)
            f.reset();
        std::fill (energies.begin(), energies.end(), 0.0);
        energy = {};
    }
    int latency() const noexcept override { return 0; }

    /// dBFS; a sine at full scale is 0.
    double level (std::size_t column) const
    {
        return 10 * std::log10 (std::max (2 * energies[column], 1e-12));
    }

private:
    Frames hop;
    std::vector<double> energies;
    std::array<dsp::Svf<double>, 2> filters;
    std::array<double, 2> energy {};
    double smoothing;
};

/// The columns in which a conflict's lead was hidden.
std::vector<std::size_t> columnsOf (const Conflict& conflict, const MaskingMap& map, Frames hop)
{
    std::vector<std::size_t> columns;
    for (const auto& r : conflict.ranges)
        for (auto c = static_cast<std::size_t> ((r.begin + hop - 1) / hop);
             c < map.columns && static_cast<Frames> (c) * hop < r.end; ++c)
            if (map.hears (c, conflict.band))
                columns.push_back (c);
    return columns;
}

/// What is left of a lead in the conflict's band, as the level that alone would be as loud, and the share of
/// the columns in which it is hidden.
struct Standing
{
    double level = 0, hidden = 0;
};
Standing standingOf (const Conflict& conflict, const MaskingMap& map, const std::vector<std::size_t>& columns)
{
    Standing sum;
    for (const auto c : columns)
    {
        const auto at = map.at (c, conflict.band);
        sum.level += static_cast<double> (map.level[at] - map.loss[at]);
        sum.hidden += map.loss[at] >= MaskingMap::hidden ? 1 : 0;
    }
    const auto count = static_cast<double> (std::max<std::size_t> (1, columns.size()));
    return { sum.level / count, sum.hidden / count };
}

double rounded (double v, double step)
{
    return std::round (v / step) * step;
}

bool ridesItsFader (const session::Strip& mix)
{
    return std::any_of (mix.lanes.begin(), mix.lanes.end(),
                        [&] (const session::Lane& l)
                        { return l.target == mix.id && l.parameter == "fader.level"; });
}

} // namespace

Result<Mended> mended (const session::Project& project, const std::filesystem::path& folder,
                       const session::Song& song, const Conflict& conflict, const MaskingOptions& options,
                       const Progress& progress)
{
    const auto* masker = session::stripOf (project, conflict.masker);
    if (masker == nullptr || session::trackOf (project, conflict.lead) == nullptr)
        return Problem { "One of the two tracks is no longer there.", {}, "Look for masking again." };
    if (masker->kind == session::StripKind::group)
        return Problem { "What rings on is in the group " + session::nameOf (*masker) +
                             ", and a cut there would take from all its tracks.",
                         {},
                         "Turn its reverb or echo down, or put that on a return." };
    if (const auto* track = session::trackOf (project, conflict.masker); track != nullptr && track->frozen)
        return Problem { session::capital (session::nameOf (*masker)) +
                             " is frozen, so nothing can be put on it.",
                         {},
                         "Unfreeze it first." };

    Mended done;
    auto& cut = done.cut;
    cut.lead = conflict.lead;
    cut.masker = conflict.masker;
    // Half a third octave wider on both sides, as what lies beside the band masks too; two octaves at most,
    // around where most is lost, as a wider cut is a fader.
    const double low = std::max (conflict.low / std::pow (10, 0.05), conflict.frequency / 2),
                 high = std::min (conflict.high * std::pow (10, 0.05), conflict.frequency * 2);
    cut.frequency = rounded (std::sqrt (low * high), 1);
    cut.q = rounded (std::clamp (std::sqrt (low * high) / (high - low), 0.5, 4.0), 0.01);

    // A circle or a full strip is told before the song is measured.
    if (const auto possible = session::cutMasking (project, cut); ! possible)
        return possible.problem();

    const auto stage = [&] (int n)
    {
        return Progress { [&progress, n] (double share) { progress.at ((n + share) / (1 + attempts)); },
                          progress.cancelled };
    };
    const Frames hop = maskingHop (project.sampleRate);
    const auto key =
        std::make_shared<KeyLevel> (project.sampleRate, cut.frequency, cut.q, hop,
                                    static_cast<std::size_t> (lengthOf (project, song) / hop + 1));
    const auto before =
        maskingBeside (project, folder, song, options, stage (0), { { conflict.lead, true, false, key } });
    if (! before)
        return before.problem();
    const auto* map = before->mapOf (conflict.lead);
    const auto columns = map != nullptr ? columnsOf (conflict, *map, hop) : std::vector<std::size_t>();
    if (columns.empty())
        return Problem { "There is nothing to mend: this has changed since it was measured.",
                         {},
                         "Look for masking again." };
    const auto was = standingOf (conflict, *map, columns);
    done.before = was.level;
    done.shareBefore = conflict.share;
    done.loudnessBefore = before->loudness;

    // A quarter of the time the lead is quieter than this.
    std::vector<double> levels;
    for (const auto c : columns)
        levels.push_back (key->level (c));
    const auto quarter = levels.begin() + static_cast<std::ptrdiff_t> (levels.size() / 4);
    std::nth_element (levels.begin(), quarter, levels.end());

    double depth = std::clamp (conflict.excess + wantedLead, leastDepth, firstDepth);
    for (int n = 1; n <= attempts; ++n, depth = std::min (deepest, depth * 1.5))
    {
        cut.depth = rounded (depth, 0.1);
        cut.threshold = std::clamp (rounded (*quarter - cut.depth / wholeOf - slack, 0.1), -80.0, 0.0);
        const auto edit = session::cutMasking (project, cut);
        if (! edit)
            return edit.problem();
        const auto after = maskingBeside (edit->project, folder, *session::songOf (edit->project, song.id),
                                          options, stage (n), {});
        if (! after)
            return after.problem();
        const auto is = standingOf (conflict, *after->mapOf (conflict.lead), columns);
        done.after = is.level;
        done.shareAfter = conflict.share * is.hidden;
        done.loudnessAfter = after->loudness;
        if (done.rise() >= leastRise || cut.depth >= deepest)
            break;
    }
    if (done.loudnessBefore && done.loudnessAfter && ! ridesItsFader (*song.mix))
        cut.makeUp = std::clamp (rounded (*done.loudnessBefore - *done.loudnessAfter, 0.01), -6.0, 6.0);
    done.edit = session::cutMasking (project, cut);
    progress.at (1);
    return done;
}

} // namespace lacquer::studio
