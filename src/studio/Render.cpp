// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Render.h"

#include "session/Find.h"
#include "studio/Chain.h"
#include "studio/Sources.h"

#include <algorithm>
#include <thread>

namespace lacquer::studio
{

namespace
{

Frames tailOfAll (const std::vector<session::EffectPtr>& list, double rate)
{
    std::vector<session::Effect> effects;
    for (const auto& effect : list)
        effects.push_back (*effect);
    return tailOf (effects, rate);
}

} // namespace

int threadsHere()
{
    return std::clamp (static_cast<int> (std::thread::hardware_concurrency()), 1, 16);
}

Frames lengthOf (const session::Project& project, const session::Song& song)
{
    if (song.end > 0)
        return song.end;
    const double rate = project.sampleRate;
    Frames tracks = 0, groups = 0, returns = 0;
    for (const auto& t : song.tracks)
        tracks = std::max (tracks, tailOfAll (t->strip.inserts, rate) + std::max<Frames> (0, t->delay));
    for (const auto& g : song.groups)
        groups = std::max (groups, tailOfAll (g->inserts, rate));
    for (const auto& r : song.returns)
        returns = std::max (returns, tailOfAll (r->inserts, rate));
    const auto tail = tracks + groups + returns + tailOfAll (song.mix->inserts, rate) +
                      tailOfAll (song.master->modules, rate);
    return session::lastClipEnd (song) + std::min (tail, framesIn (Seconds { 20 }, rate));
}

Outcome render (const session::Project& project, const std::filesystem::path& folder,
                const session::Song& song, const Rendering& job, const engine::Sink& sink,
                const Progress& progress)
{
    const auto done = renderTap (project, folder, song, job, sink, progress);
    return done ? Outcome {} : done.problem();
}

Result<Frames> renderTap (const session::Project& project, const std::filesystem::path& folder,
                          const session::Song& song, const Rendering& job, const engine::Sink& sink,
                          const Progress& progress)
{
    Rig rig (project.sampleRate, offlineSources (folder), recordings (folder));
    rig.listenBeside (job.listeners);
    auto graph = rig.graph (project, song, job.tap);
    if (! graph)
        return graph.problem();
    auto plan = engine::compile (*graph, nullptr,
                                 std::make_shared<TempoMap> (project.sampleRate, song.tempi, song.metres));
    if (! plan)
        return plan.problem();
    engine::Engine engine (project.sampleRate, job.threads > 0 ? job.threads : threadsHere());
    const Frames latency = (*plan)->latency();
    engine.use (*std::move (plan));
    const auto done =
        engine::render (engine, job.from < 0 ? -latency : job.from,
                        job.to < 0 ? lengthOf (project, song) : job.to, job.block, sink, progress);
    if (! done)
        return done.problem();
    return latency;
}

} // namespace lacquer::studio
