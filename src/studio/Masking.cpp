// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Masking.h"

#include "measure/Meter.h"
#include "measure/PartialLoudness.h"
#include "session/Find.h"
#include "studio/MaskingHearing.h"
#include "studio/MaskingParts.h"
#include "studio/Render.h"
#include "studio/StemNames.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <thread>

namespace lacquer::studio
{

using measure::EarBands;
using session::Priority;
using session::Song;
using session::Track;

namespace
{

// What counts as hidden: docs/MASKING.md says why.
constexpr float mostLoss = 40;         // dB: what is lost beyond is not told apart
constexpr float ownPart = 0.1f;        // of its excitation in a band that is no skirt of its other bands
constexpr float overThreshold = 6;     // dB over the threshold in quiet from which a band is heard
constexpr float belowOwnPeaks = 20;    // dB under its own loud moments down to which a band of a track sounds
constexpr float maskersLoss = 9;       // dB of it that would come back without the masker
constexpr float maskersPart = 0.25f;   // of the others' excitation: less hides nothing by itself
constexpr double relevantPart = 0.4;   // of the loudness of the track's loudest band
constexpr double leastShare = 0.25;    // of the time it sounds
constexpr double leastSeconds = 0.5;   // hidden in all
constexpr double joinedSeconds = 0.25; // gaps that do not end a range
constexpr double shortestRange = 0.08; // s

constexpr int thirds = MaskingBands::count;
static_assert (thirds == EarBands::thirds);

/// A song whose solos are off: masking is a question to the whole mix.
Song unsoloed (const Song& song)
{
    Song copy = song;
    const auto off = [] (auto& shared)
    {
        if (! shared->values.contains ("fader.solo"))
            return;
        auto one = *shared;
        one.values.erase ("fader.solo");
        shared = std::make_shared<const std::decay_t<decltype (one)>> (std::move (one));
    };
    for (auto& t : copy.tracks)
        if (t->strip.values.contains ("fader.solo"))
        {
            Track one = *t;
            one.strip.values.erase ("fader.solo");
            t = std::make_shared<const Track> (std::move (one));
        }
    for (auto* list : { &copy.groups, &copy.returns })
        for (auto& s : *list)
            off (s);
    for (auto& v : copy.vcas)
        off (v);
    return copy;
}

/// What one masker costs one lead in one third octave of one column.
struct Cost
{
    std::uint32_t column;
    float loss, excess;
};

struct Pair
{
    std::size_t lead, masker; // in the list of tracks
    auto operator<=> (const Pair&) const = default;
};
using Costs = std::map<Pair, std::array<std::vector<Cost>, thirds>>;

float decibels (float power)
{
    return 10 * std::log10 (std::max (power, 1e-12f));
}

bool canBeHidden (const Voice& voice)
{
    return voice.track != nullptr && priorityOf (*voice.track) != Priority::background;
}

class Judge
{
public:
    Judge (const measure::Ear& e, const Song& song, const Hearing& h, float atFullScale)
        : ear (e), hearing (h), voices (h.voices()), scale (atFullScale)
    {
        for (const auto& l : voices)
            for (const auto& m : voices)
                // What rings on in a bus lies in the background.
                matters.push_back (canBeHidden (l) && &l != &m &&
                                   (m.track == nullptr || maskingMatters (song, *l.track, *m.track)));
    }

    /// Columns [from, to) of the maps and their costs.
    void judge (std::size_t from, std::size_t to, std::vector<MaskingMap>& maps,
                std::vector<std::array<double, thirds>>& loudness, const Progress& progress)
    {
        const auto count = voices.size();
        for (auto& e : excited)
            e.resize (count);
        inThird.resize (count);
        for (std::size_t column = from; column < to && ! progress.stopped(); ++column)
        {
            for (std::size_t e = 0; e < 2; ++e)
            {
                auto& powers = arriving[e];
                hearing.arriving (e, column, powers, room);
                measure::EarSpectrum all {};
                for (auto& voice : powers)
                    for (int b = 0; b < EarBands::count; ++b)
                    {
                        const auto k = static_cast<std::size_t> (b);
                        voice[k] *= scale * ear.transmission (b);
                        all[k] += voice[k];
                    }
                const auto skirts = ear.skirts (all);
                together[e] = {};
                for (std::size_t t = 0; t < count; ++t)
                {
                    excited[e][t] = ear.excitation (powers[t], skirts);
                    for (std::size_t b = 0; b < together[e].size(); ++b)
                        together[e][b] += excited[e][t][b];
                }
            }
            for (std::size_t t = 0; t < count; ++t)
                for (std::size_t k = 0; k < inThird[t].size(); ++k)
                    inThird[t][k] = excited[0][t][2 * k] + excited[0][t][2 * k + 1] + excited[1][t][2 * k] +
                                    excited[1][t][2 * k + 1];
            std::size_t map = 0;
            for (std::size_t l = 0; l < count; ++l)
                if (canBeHidden (voices[l]))
                {
                    for (int third = 0; third < thirds; ++third)
                        cell (l, third, column, maps[map], loudness[map]);
                    ++map;
                }
        }
    }

    Costs costs; // of the columns judged

private:
    struct Cell
    {
        float alone = 0, others = 0, matched = 0;
    };
    /// A lead in a third octave, both ears: alone, all others but one, and what is left of it among them.
    Cell among (std::size_t lead, int third, std::size_t without) const
    {
        Cell sum;
        for (std::size_t e = 0; e < 2; ++e)
            for (int b = 2 * third; b < 2 * third + 2; ++b)
            {
                const auto k = static_cast<std::size_t> (b);
                const float own = excited[e][lead][k];
                float rest = together[e][k] - own;
                if (without != lead)
                    rest -= excited[e][without][k];
                rest = std::max (rest, 0.0f);
                sum.alone += own;
                sum.others += rest;
                if (own > ear.threshold (b))
                    sum.matched += std::min (own, ear.matched (b, ear.partialLoudness (b, own, rest)));
            }
        return sum;
    }
    static float lossOf (const Cell& c)
    {
        return std::clamp (decibels (c.alone / std::max (c.matched, 1e-9f * c.alone)), 0.0f, mostLoss);
    }

    void cell (std::size_t lead, int third, std::size_t column, MaskingMap& map,
               std::array<double, thirds>& loudness)
    {
        const auto at = map.at (column, third);
        float own = 0, alone = 0, threshold = 0;
        for (std::size_t e = 0; e < 2; ++e)
            for (int b = 2 * third; b < 2 * third + 2; ++b)
            {
                own += arriving[e][lead][static_cast<std::size_t> (b)];
                alone += excited[e][lead][static_cast<std::size_t> (b)];
                threshold += ear.threshold (b);
            }
        map.level[at] = decibels (alone / 2);
        map.excess[at] = MaskingMap::unheard;
        if (decibels (alone / threshold) < overThreshold || own < ownPart * alone)
            return;
        const auto c = among (lead, third, lead);
        map.loss[at] = lossOf (c);
        map.excess[at] = std::clamp (decibels (c.others / c.alone), -mostLoss, mostLoss);
        for (std::size_t e = 0; e < 2; ++e)
            for (int b = 2 * third; b < 2 * third + 2; ++b)
                loudness[static_cast<std::size_t> (third)] +=
                    static_cast<double> (ear.loudness (b, excited[e][lead][static_cast<std::size_t> (b)]));

        float largest = 0;
        for (std::size_t m = 0; m < voices.size(); ++m)
        {
            if (m == lead)
                continue;
            const float part = inThird[m][static_cast<std::size_t> (third)];
            if (part > largest)
            {
                largest = part;
                map.masker[at] = voices[m].strip->id.value;
            }
            if (map.loss[at] < MaskingMap::hidden || part < maskersPart * c.others ||
                ! matters[lead * voices.size() + m])
                continue;
            const float cost = map.loss[at] - lossOf (among (lead, third, m));
            if (cost >= maskersLoss)
                costs[{ lead, m }][static_cast<std::size_t> (third)].push_back (
                    { static_cast<std::uint32_t> (column), cost, decibels (part / c.alone) });
        }
    }

    const measure::Ear& ear;
    const Hearing& hearing;
    const std::vector<Voice>& voices;
    Hearing::Room room;
    float scale;
    std::vector<bool> matters;                                          // by lead and masker
    std::array<std::vector<measure::EarSpectrum>, 2> arriving, excited; // by ear and track
    std::array<measure::EarSpectrum, 2> together;
    std::vector<std::array<float, thirds>> inThird; // excitation by track, both ears
};

/// In which columns a track sounds in a third octave: heard, and no more than so much under its own peaks.
std::vector<bool> soundingIn (const MaskingMap& map, int third)
{
    std::vector<float> levels;
    for (std::size_t c = 0; c < map.columns; ++c)
        if (map.hears (c, third))
            levels.push_back (map.level[map.at (c, third)]);
    std::vector<bool> sounds (map.columns);
    if (levels.empty())
        return sounds;
    const auto high = levels.begin() + static_cast<std::ptrdiff_t> (levels.size() * 95 / 100);
    std::nth_element (levels.begin(), high, levels.end());
    const float least = *high - belowOwnPeaks;
    for (std::size_t c = 0; c < map.columns; ++c)
        sounds[c] = map.hears (c, third) && map.level[map.at (c, third)] >= least;
    return sounds;
}

/// The mean specific loudness of a track in the third octaves, over the columns in which it is heard there.
std::array<double, thirds> whileHeard (const MaskingMap& map, std::array<double, thirds> sum)
{
    for (int third = 0; third < thirds; ++third)
    {
        std::size_t heard = 0;
        for (std::size_t c = 0; c < map.columns; ++c)
            heard += map.hears (c, third) ? 1 : 0;
        sum[static_cast<std::size_t> (third)] /= static_cast<double> (std::max<std::size_t> (heard, 1));
    }
    return sum;
}

/// What one masker does to one lead in one third octave.
struct Hidden
{
    double share = 0, loss = 0, excess = 0;
    std::vector<Cost> cells;
};

std::vector<MaskedRange> rangesOf (const std::vector<Cost>& cells, Frames hop, double rate)
{
    std::vector<MaskedRange> ranges;
    std::size_t count = 0;
    const auto join = static_cast<Frames> (joinedSeconds * rate);
    for (const auto& c : cells)
    {
        // A window stands for the hop around its centre.
        const Frames centre = static_cast<Frames> (c.column) * hop,
                     begin = std::max<Frames> (0, centre - hop / 2);
        const double loss = static_cast<double> (c.loss);
        if (! ranges.empty() && begin - ranges.back().end <= join)
        {
            auto& r = ranges.back();
            r.end = centre + hop / 2;
            r.loss += (loss - r.loss) / static_cast<double> (++count);
            continue;
        }
        ranges.push_back ({ begin, centre + hop / 2, loss });
        count = 1;
    }
    std::erase_if (ranges, [&] (const MaskedRange& r)
                   { return static_cast<double> (r.end - r.begin) < shortestRange * rate; });
    return ranges;
}

std::vector<Conflict> conflictsOf (const Song& song, const std::vector<Voice>& voices, const Masking& found,
                                   const std::vector<std::array<double, thirds>>& loudness,
                                   const Costs& costs)
{
    std::vector<std::pair<double, Conflict>> graded;
    std::map<std::size_t, std::array<std::vector<bool>, thirds>> sounding;
    std::map<std::size_t, std::size_t> mapOfVoice;
    for (std::size_t l = 0, n = 0; l < voices.size(); ++l)
        if (canBeHidden (voices[l]))
            mapOfVoice[l] = n++;

    for (const auto& [pair, bands] : costs)
    {
        const auto& map = found.maps[mapOfVoice.at (pair.lead)];
        const auto loud = whileHeard (map, loudness[mapOfVoice.at (pair.lead)]);
        const double loudest = *std::max_element (loud.begin(), loud.end());
        auto& sounds = sounding[pair.lead];
        std::array<Hidden, thirds> hidden;
        for (int third = 0; third < thirds; ++third)
        {
            const auto k = static_cast<std::size_t> (third);
            if (bands[k].empty() || loud[k] < relevantPart * loudest)
                continue;
            if (sounds[k].empty())
                sounds[k] = soundingIn (map, third);
            auto& h = hidden[k];
            for (const auto& c : bands[k])
                if (sounds[k][c.column])
                {
                    h.cells.push_back (c);
                    h.loss += static_cast<double> (c.loss);
                    h.excess += static_cast<double> (c.excess);
                }
            const auto count = static_cast<double> (h.cells.size());
            const auto whole = std::count (sounds[k].begin(), sounds[k].end(), true);
            if (h.cells.empty() || count < leastShare * static_cast<double> (whole) ||
                count * static_cast<double> (found.hop) < leastSeconds * found.sampleRate)
            {
                h.cells.clear();
                continue;
            }
            h.loss /= count;
            h.excess /= count;
            h.share = count / static_cast<double> (whole);
        }
        const auto grave = [&] (int third)
        {
            const auto k = static_cast<std::size_t> (third);
            return hidden[k].cells.empty() ? 0 : hidden[k].share * hidden[k].loss * loud[k] / loudest;
        };
        for (int first = 0; first < thirds; ++first)
        {
            if (grave (first) == 0)
                continue;
            int last = first, worst = first;
            while (last + 1 < thirds && grave (last + 1) > 0)
                if (grave (++last) > grave (worst))
                    worst = last;
            const auto& h = hidden[static_cast<std::size_t> (worst)];
            Conflict c;
            c.lead = voices[pair.lead].strip->id;
            c.masker = voices[pair.masker].strip->id;
            c.band = worst;
            c.frequency = MaskingBands::centre (worst);
            c.low = MaskingBands::lower (first);
            c.high = MaskingBands::upper (last);
            c.share = h.share;
            c.loss = h.loss;
            c.excess = h.excess;
            c.ranges = rangesOf (h.cells, found.hop, found.sampleRate);
            c.ignored = std::find (song.maskingIgnored.begin(), song.maskingIgnored.end(),
                                   session::MaskedPair { c.lead, c.masker }) != song.maskingIgnored.end();
            const double weight = priorityOf (*voices[pair.lead].track) == Priority::lead ? 1 : 0.35;
            if (! c.ranges.empty())
                graded.push_back ({ grave (worst) * weight, std::move (c) });
            first = last;
        }
    }
    std::stable_sort (
        graded.begin(), graded.end(),
        [] (const auto& a, const auto& b)
        { return std::pair (! a.second.ignored, a.first) > std::pair (! b.second.ignored, b.first); });
    std::vector<Conflict> all;
    for (auto& g : graded)
        all.push_back (std::move (g.second));
    return all;
}

} // namespace

double MaskingBands::centre (int band) noexcept
{
    return EarBands::third (band);
}
double MaskingBands::lower (int band) noexcept
{
    return EarBands::thirdEdge (band);
}
double MaskingBands::upper (int band) noexcept
{
    return EarBands::thirdEdge (band + 1);
}
int MaskingBands::nearest (double hertz) noexcept
{
    return std::clamp (static_cast<int> (std::lround (10 * std::log10 (std::max (hertz, 1.0)) - 17)), 0,
                       count - 1);
}

Priority guessedPriority (const std::string& trackName)
{
    return priorityOf (guessed (trackName).part);
}

Priority priorityOf (const Track& track)
{
    return track.priority == Priority::guessed ? guessedPriority (track.strip.name) : track.priority;
}

bool maskingMatters (const Song& song, const Track& lead, const Track& masker)
{
    const auto a = priorityOf (lead), b = priorityOf (masker);
    if (a == Priority::background || b < a)
        return false;
    const auto grouped = std::any_of (song.groups.begin(), song.groups.end(),
                                      [&] (const auto& g) { return g->id == lead.strip.output; });
    return b > a || ! grouped || lead.strip.output != masker.strip.output;
}

const MaskingMap* Masking::mapOf (Id lead) const noexcept
{
    const auto found =
        std::find_if (maps.begin(), maps.end(), [&] (const auto& m) { return m.lead == lead; });
    return found == maps.end() ? nullptr : &*found;
}

Frames maskingHop (double sampleRate) noexcept
{
    return measure::BandPowers::windowOf (sampleRate) / 2;
}

Result<Masking> maskingBeside (const session::Project& project, const std::filesystem::path& folder,
                               const Song& asSet, const MaskingOptions& options, const Progress& progress,
                               std::vector<Listener> others)
{
    const Song song = unsoloed (asSet);
    Masking found;
    found.sampleRate = project.sampleRate;
    found.hop = maskingHop (project.sampleRate);
    const Frames length = lengthOf (project, song);
    const auto columns = static_cast<std::size_t> (length / found.hop);

    Hearing hearing (project.sampleRate, song, columns);
    const auto& voices = hearing.voices();
    Rendering job;
    job.tap.point = Tap::Point::mix;
    job.to = static_cast<Frames> (columns) * found.hop;
    job.threads = options.threads;
    job.block = options.block;
    job.listeners = std::move (others);
    for (auto& listener : hearing.listeners())
        job.listeners.push_back (std::move (listener));
    measure::Meter meter (project.sampleRate, measure::rolesOf (0, 2));
    Progress rendering { [&] (double share) { progress.at (0.8 * share); }, progress.cancelled };
    const auto rendered = render (
        project, folder, song, job,
        [&] (const float* const* channels, int frames)
        {
            meter.add ({ channels, 2 }, frames);
            hearing.hearMix (channels, frames);
            return Outcome {};
        },
        rendering);
    if (! rendered)
        return rendered.problem();
    found.loudness = meter.result().integrated;
    hearing.settle();

    for (const auto& v : voices)
        if (canBeHidden (v))
        {
            MaskingMap map;
            map.lead = v.strip->id;
            map.columns = columns;
            const auto size = columns * thirds;
            map.level.resize (size);
            map.loss.resize (size);
            map.excess.resize (size);
            map.masker.resize (size);
            found.maps.push_back (std::move (map));
        }
    if (! found.loudness)
        return found;

    const auto scale = static_cast<float> (std::pow (10, (options.listeningLevel - *found.loudness) / 10));
    const auto parts = static_cast<std::size_t> (options.threads > 0 ? options.threads : threadsHere());
    using Loudness = std::vector<std::array<double, thirds>>;
    // The sums of loudness must not depend on how many threads there are: always the same slices.
    constexpr std::size_t slices = 16;
    const measure::Ear ear;
    std::vector<Judge> judges (slices, Judge (ear, song, hearing, scale));
    std::vector<Loudness> sums (slices, Loudness (found.maps.size()));
    std::vector<std::thread> threads;
    std::atomic<std::size_t> judged { 0 };
    for (std::size_t p = 0; p < std::min (parts, slices); ++p)
        threads.emplace_back (
            [&, p]
            {
                for (std::size_t s = p; s < slices; s += parts)
                {
                    judges[s].judge (columns * s / slices, columns * (s + 1) / slices, found.maps, sums[s],
                                     progress);
                    ++judged;
                }
            });
    // Told from here, as who asked for it expects: one thread tells.
    for (std::size_t told = 0; told < slices && ! progress.stopped();)
        if (const auto now = judged.load(); now != told)
            progress.at (0.8 + 0.2 * static_cast<double> (told = now) / slices);
        else
            std::this_thread::sleep_for (std::chrono::milliseconds (5));
    for (auto& t : threads)
        t.join();
    if (progress.stopped())
        return Problem { "Looking for masking was stopped.", {}, "Nothing was changed." };
    Costs costs;
    Loudness loudness (found.maps.size());
    for (std::size_t s = 0; s < slices; ++s)
    {
        for (auto& [pair, bands] : judges[s].costs)
            for (std::size_t k = 0; k < bands.size(); ++k)
            {
                auto& all = costs[pair][k];
                all.insert (all.end(), bands[k].begin(), bands[k].end());
            }
        for (std::size_t m = 0; m < loudness.size(); ++m)
            for (std::size_t k = 0; k < loudness[m].size(); ++k)
                loudness[m][k] += sums[s][m][k];
    }
    found.conflicts = conflictsOf (song, voices, found, loudness, costs);
    progress.at (1);
    return found;
}

Result<Masking> masking (const session::Project& project, const std::filesystem::path& folder,
                         const Song& song, const MaskingOptions& options, const Progress& progress)
{
    return maskingBeside (project, folder, song, options, progress, {});
}

std::string sentenceOf (const session::Project& project, const Song&, const Conflict& conflict)
{
    const auto name = [&] (Id id)
    {
        const auto* strip = session::stripOf (project, id);
        return strip != nullptr ? session::nameToShow (strip->name) : std::string ("?");
    };
    const auto hertz = [] (double f)
    {
        char text[32];
        std::snprintf (text, sizeof text, f < 999.5 ? "%.0f Hz" : "%.1f kHz", f < 999.5 ? f : f / 1000);
        return std::string (text);
    };
    char text[128];
    std::snprintf (text, sizeof text, "%.0f %% of the time it sounds there: %.0f dB lost",
                   100 * conflict.share, conflict.loss);
    const auto* masker = session::stripOf (project, conflict.masker);
    const bool group = masker != nullptr && masker->kind == session::StripKind::group;
    auto sentence = (group ? "What rings on in " : "") + name (conflict.masker) + " hides " +
                    name (conflict.lead) + " at " + hertz (conflict.frequency) + " (" + hertz (conflict.low) +
                    " to " + hertz (conflict.high) + ") in " + text;
    if (conflict.ranges.empty())
        return sentence;
    const auto longest =
        std::max_element (conflict.ranges.begin(), conflict.ranges.end(),
                          [] (const auto& a, const auto& b) { return a.end - a.begin < b.end - b.begin; });
    const auto clock = [&] (Frames f)
    {
        const auto seconds = static_cast<int> (static_cast<double> (f) / project.sampleRate);
        std::snprintf (text, sizeof text, "%d:%02d", seconds / 60, seconds % 60);
        return std::string (text);
    };
    const auto begin = clock (longest->begin), end = clock (longest->end);
    sentence += begin == end ? ", at " + begin : ", " + begin + " to " + end;
    if (conflict.ranges.size() > 1)
        sentence += " and " + std::to_string (conflict.ranges.size() - 1) + " more";
    return sentence;
}

} // namespace lacquer::studio
