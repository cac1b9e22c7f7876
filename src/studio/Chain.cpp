// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Chain.h"

#include "engine/EffectNode.h"
#include "engine/Engine.h"
#include "engine/Plan.h"
#include "engine/SourceNode.h"
#include "session/Address.h"
#include "session/Parameters.h"
#include "studio/Catalogue.h"
#include "studio/Modulators.h"
#include "studio/Presets.h"
#include "studio/Render.h"

#include <algorithm>
#include <sstream>

namespace lacquer::studio
{

int MemorySource::read (Frames position, std::span<float* const> out, int frames) noexcept
{
    const auto size = static_cast<Frames> (channel->front().size());
    const auto begin = std::clamp<Frames> (position, 0, size),
               end = std::clamp<Frames> (position + frames, 0, size);
    for (std::size_t c = 0; c < out.size(); ++c)
    {
        std::fill_n (out[c], frames, 0.0f);
        const auto& from = (*channel)[std::min (c, channel->size() - 1)];
        std::copy (from.begin() + begin, from.begin() + end, out[c] + (begin - position));
    }
    return frames;
}

Result<session::Effect> effectFrom (const std::string& text)
{
    std::istringstream words (text);
    session::Effect effect;
    words >> effect.type;
    const auto* type = effectOf (effect.type);
    if (type == nullptr)
        return Problem { "There is no effect \"" + effect.type + "\".",
                         {},
                         "`lacquer effects` lists them all." };
    for (std::string word; words >> word;)
    {
        const auto parts = session::assignment (word);
        if (! parts)
            return parts.problem();
        if (parts->first == "preset")
        {
            auto preset = presetCalled (effect.type, parts->second);
            if (! preset)
                return preset.problem();
            effect.values = preset->values();
            continue;
        }
        const auto table = tableOf (*type);
        const int n = indexOf (table, parts->first);
        if (n < 0)
            return Problem { "The effect \"" + effect.type + "\" has no parameter \"" + parts->first + "\".",
                             {},
                             "`lacquer effects --json` lists them all." };
        const auto value = session::valueFrom (&table[static_cast<std::size_t> (n)], parts->second);
        if (! value)
            return value.problem();
        if (parts->first == session::effectSwitch)
            effect.on = *value == session::Value { std::string ("On") };
        else
            effect.values[parts->first] = *value;
    }
    return effect;
}

Frames tailOf (const std::vector<session::Effect>& effects, double sampleRate)
{
    const auto most = framesIn (Seconds { 20 }, sampleRate);
    Frames sum = 0;
    for (const auto& effect : effects)
    {
        const auto* type = effectOf (effect.type);
        if (type == nullptr || ! effect.on)
            continue;
        const auto made = type->create();
        made->prepare ({ sampleRate, 2 });
        const auto tail = made->tail (numbersOf (type->params, effect.values));
        sum += tail < 0 ? most : tail;
    }
    return std::min (sum, most);
}

Outcome runChain (std::shared_ptr<FrameSource> source, double sampleRate,
                  const std::vector<session::Effect>& effects, Frames frames, const engine::Sink& sink,
                  const Progress& progress, int threads)
{
    const int channels = source->channels();
    engine::Graph graph;
    graph.nodes.push_back ({ Id { 1 },
                             "file",
                             std::make_shared<engine::SourceNode> (std::move (source)),
                             {},
                             { channels },
                             {} });
    graph.result = Id { 1 };
    for (const auto& effect : effects)
    {
        const auto* type = effectOf (effect.type);
        if (type == nullptr)
            continue;
        auto node =
            std::make_shared<engine::EffectNode> (*type, engine::Format { sampleRate, channels }, effect.on);
        push (node->controls(), effect);
        const Id id { graph.nodes.size() + 1 };
        graph.nodes.push_back ({ id, std::string (type->name), node, { channels }, { channels }, {} });
        graph.edges.push_back ({ graph.result, 0, id, 0 });
        graph.result = id;
    }
    auto plan = engine::compile (graph, nullptr, std::make_shared<TempoMap> (sampleRate));
    if (! plan)
        return plan.problem();
    engine::Engine engine (sampleRate, threads > 0 ? threads : threadsHere());
    engine.use (*std::move (plan));
    return engine::render (engine, 0, frames, 4096, sink, progress);
}

} // namespace lacquer::studio
