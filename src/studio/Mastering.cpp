// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Mastering.h"

#include "master/LoudnessMatch.h"
#include "measure/Meter.h"
#include "measure/Roles.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "studio/Catalogue.h"
#include "studio/Chain.h"
#include "studio/Render.h"

#include <algorithm>

namespace lacquer::studio
{

namespace
{

std::optional<std::size_t> limiterIn (const session::Master& master)
{
    for (std::size_t n = master.modules.size(); n-- > 0;)
        if (master.modules[n]->type == "limiter" && master.modules[n]->on)
            return n;
    return std::nullopt;
}

} // namespace

Result<Decibels> limiterGainFor (const session::Project& project, const std::filesystem::path& folder,
                                 const session::Song& song, double lufs, const Progress& progress,
                                 int threads)
{
    const auto limiter = limiterIn (*song.master);
    if (! limiter)
        return Problem { "The mastering chain has no limiter that is on.", song.name,
                         "Add one, or switch it on." };

    // Everything before the limiter, once.
    auto front = song;
    auto shorter = *song.master;
    shorter.modules.resize (*limiter);
    front.master = std::make_shared<session::Master> (std::move (shorter));
    auto sound = std::make_shared<std::vector<std::vector<float>>> (2);
    for (auto& side : *sound)
        side.reserve (static_cast<std::size_t> (lengthOf (project, song)));
    Rendering job;
    job.to = lengthOf (project, song);
    job.threads = threads;
    Progress first { [&] (double share) { progress.at (share / 2); }, progress.cancelled };
    const auto rendered = render (
        project, folder, front, job,
        [&] (const float* const* channels, int frames) -> Outcome
        {
            for (std::size_t c = 0; c < 2; ++c)
                (*sound)[c].insert ((*sound)[c].end(), channels[c], channels[c] + frames);
            return {};
        },
        first);
    if (! rendered)
        return rendered.problem();

    std::vector<session::Effect> back;
    for (std::size_t n = *limiter; n < song.master->modules.size(); ++n)
        back.push_back (*song.master->modules[n]);

    const auto roles = measure::rolesOf (0, 2);
    int pass = 0;
    const auto loudnessAt = [&] (Decibels gain) -> Result<std::optional<double>>
    {
        back.front().values["gain"] = gain.value;
        measure::Meter meter (project.sampleRate, roles);
        progress.at (0.5 + 0.1 * std::min (pass++, 4));
        const auto run = runChain (
            std::make_shared<MemorySource> (sound), project.sampleRate, back,
            static_cast<Frames> (sound->front().size()),
            [&] (const float* const* channels, int frames) -> Outcome
            {
                meter.add ({ channels, 2 }, frames);
                return {};
            },
            { {}, progress.cancelled }, threads);
        if (! run)
            return run.problem();
        return meter.result().integrated;
    };
    // Where to begin: by as much as the sound before the limiter is under the goal.
    measure::Meter before (project.sampleRate, roles);
    const std::vector<const float*> channels { (*sound)[0].data(), (*sound)[1].data() };
    before.add (channels, static_cast<Frames> (sound->front().size()));
    const auto now = before.result().integrated;
    if (! now)
        return Problem { "This song is silent: it has no loudness to bring to a target.", song.name };
    const auto* limiterType = effectOf ("limiter");
    const auto& gain = limiterType->params[static_cast<std::size_t> (indexOf (limiterType->params, "gain"))];
    master::LoudnessGoal goal;
    goal.lufs = lufs;
    goal.least = Decibels { gain.min };
    goal.most = Decibels { gain.max };
    goal.tolerance = 0.02;
    const auto match = master::matchedLoudness (
        goal,
        Decibels { std::clamp (lufs - *now, static_cast<double> (gain.min), static_cast<double> (gain.max)) },
        loudnessAt);
    if (! match)
        return match.problem();
    return match->gain;
}

Result<session::Project> masteredTo (const session::Project& project, const std::filesystem::path& folder,
                                     Id songId, const std::string& targetName, std::optional<double> lufs,
                                     double ceiling, const Progress& progress, int threads)
{
    const auto* song = session::songOf (project, songId);
    const auto limiter = limiterIn (*song->master);
    if (! limiter)
        return Problem { "The mastering chain has no limiter that is on.", song->name,
                         "Add one, or switch it on." };
    const auto limiterId = song->master->modules[*limiter]->id;
    auto edit = session::withValue (project, limiterId, "ceiling", ceiling);
    if (! edit)
        return edit.problem();
    if (lufs)
    {
        const auto gain = limiterGainFor (edit->project, folder, *session::songOf (edit->project, songId),
                                          *lufs, progress, threads);
        if (! gain)
            return gain.problem();
        edit = session::withValue (edit->project, limiterId, "gain", gain->value);
        if (! edit)
            return edit.problem();
    }
    edit = session::withTarget (edit->project, songId, targetName);
    if (! edit)
        return edit.problem();
    return std::move (edit->project);
}

} // namespace lacquer::studio
