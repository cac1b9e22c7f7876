// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Render.h"

#include "session/Find.h"
#include "studio/Catalogue.h"
#include "studio/Sources.h"

#include <algorithm>
#include <thread>

namespace lacquer::studio
{

namespace
{

constexpr double longestTail = 20; // seconds: a feedback delay at 100 % would never end

Frames tailOf (const std::vector<session::EffectPtr>& list, double rate)
{
    const auto most = framesIn (Seconds { longestTail }, rate);
    Frames sum = 0;
    for (const auto& effect : list)
    {
        const auto* type = effectOf (effect->type);
        if (type == nullptr || ! effect->on)
            continue;
        const auto made = type->create();
        made->prepare ({ rate, 2 });
        const auto tail = made->tail (numbersOf (type->params, effect->values));
        sum += tail < 0 ? most : tail;
    }
    return std::min (sum, most);
}

} // namespace

int threadsHere()
{
    return std::clamp (static_cast<int> (std::thread::hardware_concurrency()), 1, 4);
}

Frames lengthOf (const session::Project& project, const session::Song& song)
{
    if (song.end > 0)
        return song.end;
    const double rate = project.sampleRate;
    Frames tracks = 0, groups = 0, returns = 0;
    for (const auto& t : song.tracks)
        tracks = std::max (tracks, tailOf (t->strip.inserts, rate));
    for (const auto& g : song.groups)
        groups = std::max (groups, tailOf (g->inserts, rate));
    for (const auto& r : song.returns)
        returns = std::max (returns, tailOf (r->inserts, rate));
    const auto tail = tracks + groups + returns + tailOf (song.mix->inserts, rate) + tailOf (song.master->modules, rate);
    return session::lastClipEnd (song) + std::min (tail, framesIn (Seconds { longestTail }, rate));
}

Outcome render (const session::Project& project, const std::filesystem::path& folder, const session::Song& song, const Rendering& job,
                const engine::Sink& sink, const Progress& progress)
{
    Rig rig (project.sampleRate, offlineSources (folder));
    auto graph = rig.graph (project, song, job.tap);
    if (! graph)
        return graph.problem();
    auto plan = engine::compile (*graph, nullptr, std::make_shared<TempoMap> (project.sampleRate, song.tempi, song.metres));
    if (! plan)
        return plan.problem();
    engine::Engine engine (project.sampleRate, job.threads > 0 ? job.threads : threadsHere());
    engine.use (*std::move (plan));
    return engine::render (engine, job.from, job.to < 0 ? lengthOf (project, song) : job.to, job.block, sink, progress);
}

} // namespace lacquer::studio
