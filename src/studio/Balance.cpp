// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Balance.h"

#include "measure/Meter.h"
#include "session/Address.h"
#include "session/Find.h"
#include "studio/Build.h"
#include "studio/Catalogue.h"
#include "studio/Render.h"
#include "studio/Sources.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

namespace lacquer::studio
{

namespace
{

constexpr double leastLoudness = -60; // LUFS: what is softer is noise, not a part
constexpr double mostCrest = 24;      // dB from loudness to peak
constexpr double lowestFader = -40;   // dB
constexpr double sounding = -10;      // LU: BS.1770's relative gate
constexpr int gridPoints = 10;        // of 10 ms

/// What a track's clips hold, before its strip.
struct Heard
{
    std::optional<double> loudness, peak;
    std::vector<bool> sounds; ///< every 100 ms
};

Result<Heard> heard (const session::Project& project, const std::filesystem::path& folder,
                     const session::Track& track, const Progress& progress)
{
    const auto source = offlineSources (folder) (project, track);
    if (! source)
        return source.problem();
    Frames begin = -1, end = 0;
    for (const auto& c : track.clips)
        if (! c->muted)
        {
            begin = begin < 0 ? c->start + track.delay : std::min (begin, c->start + track.delay);
            end = std::max (end, c->start + c->length + track.delay);
        }
    const int channels = (*source)->channels();
    measure::Meter meter (project.sampleRate, measure::rolesOf (0, channels), measure::Series::kept);
    constexpr int block = 4096;
    std::array<std::vector<float>, 2> sound { std::vector<float> (block), std::vector<float> (block) };
    const std::array<float*, 2> lanes { sound[0].data(), sound[1].data() };
    const bool brief = end - begin < framesIn (Seconds { 0.4 }, project.sampleRate);
    // From the song's start, so that the grids of all tracks lie over one another; a short sound is followed
    // by silence, so that it fills a window.
    const Frames last = brief ? end + framesIn (Seconds { 0.5 }, project.sampleRate) : end;
    for (Frames at = 0; begin >= 0 && at < last; at += block)
    {
        if (progress.stopped())
            return Problem { "Measuring was stopped." };
        const int frames = static_cast<int> (std::min<Frames> (block, last - at));
        (void)(*source)->read (at, { lanes.data(), static_cast<std::size_t> (channels) }, frames);
        meter.add (std::span<const float* const> (lanes.data(), static_cast<std::size_t> (channels)), frames);
    }
    const auto reading = meter.result();
    Heard result;
    result.peak = reading.samplePeak;
    // Gates need 400 ms of sound: of a single hit the loudest moment counts.
    result.loudness = brief ? reading.maxMomentary : reading.integrated;
    if (result.loudness && ! (*result.loudness > leastLoudness))
        result.loudness.reset();
    if (result.loudness && result.peak)
        result.loudness = std::max (*result.loudness, *result.peak - mostCrest);
    const auto& series = meter.series();
    for (std::size_t n = gridPoints - 1; n < series.size(); n += gridPoints)
        result.sounds.push_back (result.loudness &&
                                 series[n].momentary.value_or (silenceDb) > *result.loudness + sounding);
    return result;
}

/// How many of a part sound while this one does, itself included.
double companions (const std::vector<const Heard*>& part, const Heard& one)
{
    double sum = 0, count = 0;
    for (std::size_t n = 0; n < one.sounds.size(); ++n)
        if (one.sounds[n])
        {
            ++count;
            for (const auto* other : part)
                sum += n < other->sounds.size() && other->sounds[n] ? 1 : 0;
        }
    return count > 0 ? std::max (1.0, sum / count) : 1;
}

double tenths (double decibels)
{
    return std::round (decibels * 10) / 10 + 0.0;
}

std::string oneDecimal (double value)
{
    std::array<char, 32> text {};
    std::snprintf (text.data(), text.size(), "%.1f", tenths (value));
    return text.data();
}

/// The sample peak in dBFS of the mix bus; none for silence.
Result<std::optional<double>> mixPeak (const session::Project& project, const std::filesystem::path& folder,
                                       Id song, const Progress& progress)
{
    float most = 0;
    Rendering job;
    job.tap.point = Tap::Point::mix;
    job.block = 4096;
    const auto done = render (
        project, folder, *session::songOf (project, song), job,
        [&] (const float* const* channels, int frames) -> Outcome
        {
            for (int c = 0; c < 2; ++c)
                for (int n = 0; n < frames; ++n)
                    if (const float x = std::abs (channels[c][n]); std::isfinite (x))
                        most = std::max (most, x);
            return {};
        },
        progress);
    if (! done)
        return done.problem();
    // Under -90 dBFS there is nothing to set.
    return most > 3e-5f ? std::optional (20 * std::log10 (static_cast<double> (most))) : std::nullopt;
}

const Param& param (std::string_view id)
{
    return stripTable()[static_cast<std::size_t> (indexOf (stripTable(), id))];
}

double valueOf (const session::Strip& strip, const char* id)
{
    const auto at = strip.values.find (id);
    return static_cast<double> (at == strip.values.end() ? param (id).initial
                                                         : numberOf (param (id), at->second));
}

/// The edit that takes a parameter back to what it is in a project.
session::Call callBack (const session::Project& project, const session::Strip& strip, const char* id)
{
    const auto address = session::addressOf (project, strip.id, id);
    const auto at = strip.values.find (id);
    if (at == strip.values.end())
        return { "reset", { { "address", address } } };
    return { "set", { { "address", address }, { "value", session::textOfValue (&param (id), at->second) } } };
}

} // namespace

double targetOf (Part part)
{
    switch (part)
    {
        case Part::lead: return 0;
        case Part::leadLine: return -2;
        case Part::drums: return -3;
        case Part::kick:
        case Part::snare: return -4;
        case Part::bass: return -5;
        case Part::backing: return -6;
        case Part::toms:
        case Part::guitar: return -7;
        case Part::keys:
        case Part::synth:
        case Part::other: return -8;
        case Part::cymbals: return -9;
        case Part::claps: return -10;
        case Part::percussion:
        case Part::pad: return -11;
        case Part::hats:
        case Part::room:
        case Part::effects: return -12;
    }
    return -8;
}

Result<Balance> firstBalance (const session::Project& project, const std::filesystem::path& folder, Id id,
                              const BalanceOptions& options, const Progress& progress)
{
    const auto* song = session::songOf (project, id);
    if (song == nullptr || song->id != id || song->tracks.empty())
        return Problem { "There are no tracks to balance." };

    const auto share = [&] (double from, double to)
    {
        Progress part;
        part.cancelled = progress.cancelled;
        part.report = [&progress, from, to] (double done) { progress.at (from + (to - from) * done); };
        return part;
    };
    Balance result { project, {}, {}, {} };
    std::vector<Heard> all;
    for (const auto& t : song->tracks)
    {
        progress.at (0.4 * static_cast<double> (all.size()) / static_cast<double> (song->tracks.size()));
        auto one =
            t->frozen || t->strip.disabled ? Result<Heard> (Heard {}) : heard (project, folder, *t, progress);
        if (! one)
            return one.problem();
        all.push_back (*std::move (one));
    }
    std::map<Part, std::vector<const Heard*>> parts;
    for (std::size_t n = 0; n < all.size(); ++n)
        if (all[n].loudness)
            parts[guessed (song->tracks[n]->strip.name).part].push_back (&all[n]);

    Build build (project);
    const auto set = [&] (Id strip, const char* parameter, double value)
    { build (session::withValue (build.project, strip, parameter, value)); };
    for (std::size_t n = 0; n < all.size(); ++n)
    {
        const auto& strip = song->tracks[n]->strip;
        Level level { strip.id, guessed (strip.name).part, all[n].loudness, all[n].peak };
        level.trim = valueOf (strip, "trim.gain");
        level.fader = valueOf (strip, "fader.level");
        if (level.loudness)
        {
            // Stems of a part that sound together share its place: n unrelated sounds are 10 log10 (n)
            // louder.
            level.target = targetOf (level.part) - 10 * std::log10 (companions (parts[level.part], all[n]));
            level.trim = std::clamp (tenths (options.working - *level.loudness), -24.0, 24.0);
            level.fader = std::max (lowestFader,
                                    tenths (options.working + level.target - *level.loudness - level.trim));
            set (strip.id, "trim.gain", level.trim);
            set (strip.id, "fader.level", level.fader);
        }
        result.levels.push_back (level);
    }
    if (build.problem)
        return *build.problem;

    // Trims and faders are linear, so the first render says what is missing; the others see that it is so, or
    // follow what a bus with dynamics makes of it.
    double moved = 0;
    for (int pass = 0; pass < 4; ++pass)
    {
        const auto peak = mixPeak (build.project, folder, id, share (0.4 + 0.15 * pass, 0.55 + 0.15 * pass));
        if (! peak)
            return peak.problem();
        result.peak = *peak;
        const double missing = *peak ? tenths (options.peak - **peak) : 0;
        if (missing == 0)
            break;
        bool some = false;
        for (auto& level : result.levels)
            if (level.loudness)
            {
                const double to = std::clamp (tenths (level.fader + missing), silenceDb + 10, 10.0);
                some = some || to != level.fader;
                level.fader = to;
                set (level.track, "fader.level", to);
            }
        if (! some)
            break;
        moved += missing;
    }
    if (build.problem)
        return *build.problem;

    for (const auto& level : result.levels)
    {
        const auto& strip = session::trackOf (project, level.track)->strip;
        Decision d { session::addressOf (project, strip.id), std::string (nameOf (level.part)), {} };
        if (level.loudness)
        {
            d.what += ", " + oneDecimal (*level.loudness) + " LUFS: trim " + oneDecimal (level.trim) +
                      " dB, fader " + oneDecimal (level.fader) + " dB";
            d.back = { callBack (project, strip, "trim.gain"), callBack (project, strip, "fader.level") };
        }
        else
            d.what += level.peak ? ": too soft to set, left as it is" : ": silent, left as it is";
        result.decisions.push_back (std::move (d));
    }
    result.decisions.push_back ({ "mix",
                                  result.peak ? "peaks at " + oneDecimal (*result.peak) +
                                                    " dBFS, all faders moved by " + oneDecimal (moved) +
                                                    " dB for that"
                                              : "silent",
                                  {} });
    result.project = std::move (build.project);
    return result;
}

} // namespace lacquer::studio
