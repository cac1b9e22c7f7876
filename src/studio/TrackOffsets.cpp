// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/TrackOffsets.h"

#include "session/Find.h"
#include "session/RoutingEdits.h"
#include "session/Sentence.h"
#include "studio/Build.h"
#include "studio/Catalogue.h"
#include "studio/Sources.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace lacquer::studio
{

namespace
{

constexpr const char* polarity = "trim.polarity";

bool isTurned (const session::Strip& strip)
{
    const auto at = strip.values.find (polarity);
    const auto table = stripTable();
    return at != strip.values.end() &&
           numberOf (table[static_cast<std::size_t> (indexOf (table, polarity))], at->second) > 0.5f;
}

/// Both sides of what a track's clips play, from the song's start on.
Result<std::vector<float>> heard (const session::Project& project, const std::filesystem::path& folder,
                                  const session::Track& track, const Progress& progress)
{
    const auto source = offlineSources (folder) (project, track);
    if (! source)
        return source.problem();
    Frames end = 0;
    for (const auto& c : track.clips)
        if (! c->muted)
            end = std::max (end, c->start + c->length + track.delay);
    const auto channels = static_cast<std::size_t> ((*source)->channels());
    const float sign = isTurned (track.strip) ? -1.0f : 1.0f;
    std::vector<float> sound;
    sound.reserve (static_cast<std::size_t> (end));
    constexpr int block = 4096;
    std::array<std::vector<float>, 2> sides { std::vector<float> (block), std::vector<float> (block) };
    const std::array<float*, 2> lanes { sides[0].data(), sides[1].data() };
    for (Frames at = 0; at < end; at += block)
    {
        if (progress.stopped())
            return Problem { "Looking for delays was stopped." };
        const int frames = static_cast<int> (std::min<Frames> (block, end - at));
        (void)(*source)->read (at, { lanes.data(), channels }, frames);
        for (std::size_t n = 0; n < static_cast<std::size_t> (frames); ++n)
            sound.push_back (sign * (channels == 2 ? 0.5f * (sides[0][n] + sides[1][n]) : sides[0][n]));
    }
    return sound;
}

} // namespace

Result<std::vector<TrackOffset>> trackOffsets (const session::Project& project,
                                               const std::filesystem::path& folder, Id reference,
                                               const std::vector<Id>& tracks, const Progress& progress)
{
    const auto* against = session::trackOf (project, reference);
    if (against == nullptr)
        return Problem { "The reference is no track." };
    for (const Id id : tracks)
    {
        const auto* t = session::trackOf (project, id);
        if (t == nullptr || session::songOf (project, id) != session::songOf (project, reference))
            return Problem { "Only tracks of one song can be aligned." };
        if (id == reference)
            return Problem { session::capital (session::nameOf (t->strip)) + " is the reference itself." };
    }
    const auto first = heard (project, folder, *against, progress);
    if (! first)
        return first.problem();
    std::vector<TrackOffset> offsets;
    for (const Id id : tracks)
    {
        progress.at (static_cast<double> (offsets.size()) / static_cast<double> (tracks.size()));
        const auto& track = *session::trackOf (project, id);
        const auto second = heard (project, folder, track, progress);
        if (! second)
            return second.problem();
        TrackOffset offset { id, measure::offsetBetween (*first, *second, project.sampleRate), track.delay,
                             isTurned (track.strip) };
        if (offset.related())
        {
            offset.delay -= std::llround (offset.found->frames);
            offset.turned = offset.turned != offset.found->inverted;
        }
        offsets.push_back (offset);
    }
    return offsets;
}

session::Edit aligned (const session::Project& project, const std::vector<TrackOffset>& offsets)
{
    Build build (project);
    int count = 0;
    for (const auto& o : offsets)
    {
        const auto* track = session::trackOf (project, o.track);
        if (track == nullptr)
            return Problem { "A track that was to be aligned is gone." };
        const bool moves = o.delay != track->delay, turns = o.turned != isTurned (track->strip);
        if (! o.related() || (! moves && ! turns))
            continue;
        ++count;
        if (moves)
            build (session::withDelay (build.project, o.track, o.delay));
        if (turns)
            build (o.turned ? session::withValue (build.project, o.track, polarity, std::string ("On"))
                            : session::withoutValue (build.project, o.track, polarity));
    }
    if (build.problem)
        return *build.problem;
    if (count == 0)
        return Problem { "There is nothing to align: no related track lies apart." };
    return session::Edited { std::move (build.project), count == 1 ? "Align track" : "Align tracks", {} };
}

std::string sentenceOf (const TrackOffset& o, double rate)
{
    if (! o.found)
        return "too little sound at the same time";
    std::array<char, 160> text {};
    const double percent = 100 * o.found->confidence();
    if (! o.related())
        std::snprintf (text.data(), text.size(), "not related (confidence %.0f %%)", percent);
    else if (std::abs (o.found->frames) < 0.05)
        std::snprintf (text.data(), text.size(), "at the same time%s; confidence %.0f %%",
                       o.found->inverted ? ", polarity inverted" : "", percent);
    else
        std::snprintf (text.data(), text.size(), "%.1f frames (%.2f ms) %s%s; confidence %.0f %%",
                       std::abs (o.found->frames), std::abs (o.found->frames) * 1000 / rate,
                       o.found->frames > 0 ? "later" : "earlier",
                       o.found->inverted ? ", polarity inverted" : "", percent);
    return text.data();
}

} // namespace lacquer::studio
