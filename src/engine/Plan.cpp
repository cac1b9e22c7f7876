// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Plan.h"

#include "engine/DelayLine.h"
#include "engine/Pause.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <map>
#include <optional>
#include <tuple>

namespace lacquer::engine
{

namespace
{

/// What makes a connection the same connection in the next plan. `turn` tells apart equal ones.
struct EdgeKey
{
    Id from;
    int output = 0;
    Id to;
    int input = 0;
    int turn = 0;
    auto operator<=> (const EdgeKey&) const = default;
};

struct Source
{
    const Signal* signal = nullptr;
    std::shared_ptr<DelayLine> delay; // null: none needed
    EdgeKey key;
};

struct Input
{
    std::vector<Source> sources;
    bool borrowed = false; // one source, undelayed and of equal channels: read where it lies
};

bool isFinite (const float* x, int frames) noexcept
{
    // A float is infinite or no number exactly when its exponent bits are all ones.
    std::uint32_t bad = 0;
    for (int n = 0; n < frames; ++n)
    {
        const auto exponent = std::bit_cast<std::uint32_t> (x[n]) & 0x7f800000u;
        bad |= static_cast<std::uint32_t> (exponent == 0x7f800000u);
    }
    return bad == 0;
}

void silence (Signal& s, int from, int frames) noexcept
{
    for (int c = 0; c < s.channels; ++c)
        std::fill_n (s.channel[c] + from, frames, 0.0f);
}

} // namespace

struct Plan::Step
{
    Id id;
    std::shared_ptr<Processor> processor;
    std::vector<Binding> automation;
    std::vector<Input> inputs;
    std::vector<Signal> in, out;         // whole chunk
    std::vector<Signal> partIn, partOut; // the part of a chunk on one side of a jump
    std::vector<int> before;             // steps that must have run
    Frames heardLate = 0, putOutLate = 0;
    std::atomic<std::uint32_t> finished { 0 }; // number of the last pass

    void gather (int frames) noexcept;
    void process (const Pass&, const TempoMap&) noexcept;
    void check (const Pass&) noexcept;
};

void Plan::Step::gather (int frames) noexcept
{
    for (std::size_t k = 0; k < inputs.size(); ++k)
    {
        Signal& to = in[k];
        if (inputs[k].borrowed)
        {
            to = *inputs[k].sources.front().signal;
            continue;
        }
        bool heard = false;
        for (const Source& s : inputs[k].sources)
        {
            if (s.delay != nullptr)
                s.delay->write (*s.signal, frames);
            if (s.delay != nullptr ? s.delay->isSilent() : s.signal->silent)
                continue;
            for (int c = 0; c < to.channels; ++c)
            {
                const auto add = [heard, y = to.channel[c]] (const float* x, int n, int at)
                {
                    if (! heard)
                        std::copy_n (x, n, y + at);
                    else
                        for (int i = 0; i < n; ++i)
                            y[at + i] += x[i];
                };
                const int side = std::min (c, s.signal->channels - 1);
                if (s.delay != nullptr)
                    s.delay->read (side, add);
                else
                    add (s.signal->channel[side], frames, 0);
            }
            heard = true;
        }
        if (! heard)
            silence (to, 0, frames);
        to.silent = ! heard;
    }
}

void Plan::Step::process (const Pass& pass, const TempoMap& map) noexcept
{
    for (auto& o : out)
        o.silent = false;
    for (int done = 0; done < pass.frames;)
    {
        const Frames now = pass.stream + done - heardLate;
        const auto place = pass.timeline->at (now);
        const int n = static_cast<int> (std::min (now + pass.frames - done, place.until) - now);
        const double beat = map.beatAt (place.position);
        const auto metre = map.metreAt (beat);
        const Chunk chunk { n,
                            { place.position, beat, map.bpmAt (place.position), metre.numerator,
                              metre.denominator, place.playing },
                            automation,
                            pass.underruns };
        if (n == pass.frames)
        {
            processor->process (chunk, in, out);
            return;
        }
        const auto cut = [done] (const Signal& whole)
        {
            Signal part = whole;
            for (int c = 0; c < part.channels; ++c)
                part.channel[c] += done;
            return part;
        };
        std::transform (in.begin(), in.end(), partIn.begin(), cut);
        std::transform (out.begin(), out.end(), partOut.begin(), cut);
        for (auto& part : partOut)
            part.silent = false;
        processor->process (chunk, partIn, partOut);
        for (std::size_t k = 0; k < out.size(); ++k)
            out[k].silent = partOut[k].silent && (done == 0 || out[k].silent);
        done += n;
    }
}

void Plan::Step::check (const Pass& pass) noexcept
{
    bool good = true;
    for (const auto& o : out)
        for (int c = 0; c < o.channels && ! o.silent; ++c)
            good = good && isFinite (o.channel[c], pass.frames);
    if (good)
        return;
    for (auto& o : out)
    {
        silence (o, 0, pass.frames);
        o.silent = true;
    }
    processor->reset();
    pass.nonFinite->fetch_add (1, std::memory_order_relaxed);
    pass.guilty->store (id.value, std::memory_order_relaxed);
}

Plan::~Plan() = default;

Frames Plan::latencyAfter (Id node) const noexcept
{
    for (int k = 0; k < stepCount; ++k)
        if (steps[k].id == node)
            return steps[k].putOutLate;
    return -1;
}

void Plan::run (int k, const Pass& pass) const noexcept
{
    Step& step = steps[k];
    for (int b : step.before)
        for (Pause pause; steps[b].finished.load (std::memory_order_acquire) != pass.number;)
            pause();
    step.gather (pass.frames);
    step.process (pass, *tempo);
    step.check (pass);
    step.finished.store (pass.number, std::memory_order_release);
}

void Plan::reset() const noexcept
{
    for (int k = 0; k < stepCount; ++k)
    {
        steps[k].processor->reset();
        for (auto& input : steps[k].inputs)
            for (auto& source : input.sources)
                if (source.delay != nullptr)
                    source.delay->reset();
    }
}

bool Plan::canStart (Frames position) const noexcept
{
    bool all = true; // each is asked, so that all fetch at once
    for (int k = 0; k < stepCount; ++k)
        all = steps[k].processor->canStart (position) && all;
    return all;
}

namespace
{

std::string quoted (const std::string& name)
{
    return "\"" + name + "\"";
}

std::optional<Problem> firstFault (const Graph& graph, const std::map<Id, int>& index)
{
    if (index.size() != graph.nodes.size())
        return Problem { "Two parts of the mixer have the same identity." };
    for (const auto& node : graph.nodes)
    {
        if (node.processor == nullptr)
            return Problem { quoted (node.name) + " has nothing that could make or change sound." };
        for (const auto* ports : { &node.inputs, &node.outputs })
            for (int channels : *ports)
                if (channels != 1 && channels != 2)
                    return Problem { quoted (node.name) + " is neither mono nor stereo." };
    }
    for (const auto& e : graph.edges)
    {
        const auto from = index.find (e.from), to = index.find (e.to);
        if (from == index.end() || to == index.end())
            return Problem { "A connection begins or ends at something that does not exist." };
        const auto& source = graph.nodes[static_cast<std::size_t> (from->second)];
        const auto& target = graph.nodes[static_cast<std::size_t> (to->second)];
        const std::string way = "The connection from " + quoted (source.name) + " to " + quoted (target.name);
        if (e.output < 0 || e.output >= static_cast<int> (source.outputs.size()))
            return Problem { way + " leaves an output that " + quoted (source.name) + " does not have." };
        if (e.input < 0 || e.input >= static_cast<int> (target.inputs.size()))
            return Problem { way + " enters an input that " + quoted (target.name) + " does not have." };
        if (source.outputs[static_cast<std::size_t> (e.output)] >
            target.inputs[static_cast<std::size_t> (e.input)])
            return Problem { way + " leads from stereo into mono." };
    }
    const auto result = index.find (graph.result);
    if (result == index.end() || graph.resultPort < 0 ||
        graph.resultPort >=
            static_cast<int> (graph.nodes[static_cast<std::size_t> (result->second)].outputs.size()))
        return Problem { "The mixer has no output to listen to." };
    return std::nullopt;
}

/// Nodes by index, every one after those it hears; of several that could be next, the first in the graph.
/// Shorter than the graph when there is a cycle.
std::vector<int> sorted (std::size_t count, const std::vector<std::vector<int>>& hears)
{
    std::vector<std::vector<int>> heardBy (count);
    std::vector<std::size_t> waiting (count);
    for (std::size_t n = 0; n < count; ++n)
    {
        waiting[n] = hears[n].size();
        for (int from : hears[n])
            heardBy[static_cast<std::size_t> (from)].push_back (static_cast<int> (n));
    }
    std::vector<int> ready, order;
    for (std::size_t n = count; n-- > 0;)
        if (waiting[n] == 0)
            ready.push_back (static_cast<int> (n));
    // A heap whose top is the smallest index.
    std::make_heap (ready.begin(), ready.end(), std::greater<>());
    while (! ready.empty())
    {
        std::pop_heap (ready.begin(), ready.end(), std::greater<>());
        const int n = ready.back();
        ready.pop_back();
        order.push_back (n);
        for (int next : heardBy[static_cast<std::size_t> (n)])
            if (--waiting[static_cast<std::size_t> (next)] == 0)
            {
                ready.push_back (next);
                std::push_heap (ready.begin(), ready.end(), std::greater<>());
            }
    }
    return order;
}

/// "A -> B -> A" of one cycle. Precondition: there is one among the nodes not in `order`.
std::string cycle (const Graph& graph, const std::vector<std::vector<int>>& hears,
                   const std::vector<int>& order)
{
    std::vector<bool> free (graph.nodes.size());
    for (int n : order)
        free[static_cast<std::size_t> (n)] = true;
    // Every node that could not be sorted hears another such node: walking upstream must meet itself.
    std::vector<int> path { static_cast<int> (std::find (free.begin(), free.end(), false) - free.begin()) };
    for (;;)
    {
        const auto& up = hears[static_cast<std::size_t> (path.back())];
        const int next = *std::find_if (up.begin(), up.end(),
                                        [&] (int n) { return ! free[static_cast<std::size_t> (n)]; });
        const bool met = std::find (path.begin(), path.end(), next) != path.end();
        path.push_back (next);
        if (! met)
            continue;
        path.erase (path.begin(), std::find (path.begin(), path.end(), next));
        std::reverse (path.begin(), path.end()); // from upstream, the way the sound goes
        // Start at the node that comes first in the graph, which is where a musician looks first.
        path.pop_back();
        std::rotate (path.begin(), std::min_element (path.begin(), path.end()), path.end());
        path.push_back (path.front());
        std::string text;
        for (int n : path)
            text += (text.empty() ? "" : " -> ") + graph.nodes[static_cast<std::size_t> (n)].name;
        return text;
    }
}

} // namespace

Result<std::unique_ptr<Plan>> compile (const Graph& graph, const Plan* previous,
                                       std::shared_ptr<const TempoMap> tempo)
{
    const std::size_t count = graph.nodes.size();
    std::map<Id, int> index;
    for (std::size_t n = 0; n < count; ++n)
        index.emplace (graph.nodes[n].id, static_cast<int> (n));
    if (auto fault = firstFault (graph, index))
        return *fault;

    std::vector<std::vector<int>> hears (count);
    for (const auto& e : graph.edges)
        hears[static_cast<std::size_t> (index.at (e.to))].push_back (index.at (e.from));
    const auto order = sorted (count, hears);
    if (order.size() != count)
        return Problem { "The sound would go round in a circle: " + cycle (graph, hears, order) + ".",
                         {},
                         "Take one of these connections away." };

    std::map<EdgeKey, std::shared_ptr<DelayLine>> kept;
    for (int k = 0; previous != nullptr && k < previous->stepCount; ++k)
        for (const auto& input : previous->steps[k].inputs)
            for (const auto& s : input.sources)
                if (s.delay != nullptr)
                {
                    s.delay->settle();
                    kept[s.key] = s.delay;
                }

    std::unique_ptr<Plan> plan (new Plan);
    plan->tempo = tempo != nullptr ? std::move (tempo) : std::make_shared<const TempoMap>();
    plan->steps = std::make_unique<Plan::Step[]> (count);
    plan->stepCount = static_cast<int> (count);

    // Ports, and memory for all of them in one piece that starts on a cache line.
    std::vector<int> stepOf (count);
    std::size_t buffers = 0;
    for (std::size_t k = 0; k < count; ++k)
    {
        stepOf[static_cast<std::size_t> (order[k])] = static_cast<int> (k);
        const auto& node = graph.nodes[static_cast<std::size_t> (order[k])];
        auto& step = plan->steps[k];
        step.id = node.id;
        step.processor = node.processor;
        for (const auto& b : node.automation)
            if (b.lane != nullptr && ! b.lane->points().empty())
                step.automation.push_back (b);
        std::stable_sort (step.automation.begin(), step.automation.end(),
                          [] (const Binding& a, const Binding& b)
                          { return std::tie (a.strip, a.parameter) < std::tie (b.strip, b.parameter); });
        step.inputs.resize (node.inputs.size());
        for (auto [ports, signals] : { std::pair { &node.inputs, &step.in }, { &node.outputs, &step.out } })
            for (int channels : *ports)
            {
                Signal s;
                s.channels = channels;
                s.silent = true;
                signals->push_back (s);
                buffers += static_cast<std::size_t> (channels);
            }
        step.partIn = step.in;
        step.partOut = step.out;
    }
    constexpr std::size_t cacheLine = 64 / sizeof (float);
    plan->memory = std::make_unique<float[]> (buffers * quantum + cacheLine);
    auto address = (reinterpret_cast<std::uintptr_t> (plan->memory.get()) + 63) / 64 * 64;
    auto* next = reinterpret_cast<float*> (address);
    for (std::size_t k = 0; k < count; ++k)
        for (auto* signals : { &plan->steps[k].in, &plan->steps[k].out })
            for (auto& s : *signals)
                for (int c = 0; c < s.channels; ++c, next += quantum)
                    s.channel[c] = next;

    // L (v) = the largest L (u) + latency (u) of all u that v hears; every other edge waits for that one.
    for (std::size_t k = 0; k < count; ++k)
    {
        auto& step = plan->steps[k];
        for (int from : hears[static_cast<std::size_t> (order[k])])
        {
            const int b = stepOf[static_cast<std::size_t> (from)];
            step.heardLate = std::max (step.heardLate, plan->steps[b].putOutLate);
            if (std::find (step.before.begin(), step.before.end(), b) == step.before.end())
                step.before.push_back (b);
        }
        step.putOutLate = step.heardLate + std::max (0, step.processor->latency());
    }

    std::map<EdgeKey, int> turns;
    for (const auto& e : graph.edges)
    {
        EdgeKey key { e.from, e.output, e.to, e.input, 0 };
        key.turn = turns[key]++;
        const auto& from = plan->steps[stepOf[static_cast<std::size_t> (index.at (e.from))]];
        auto& to = plan->steps[stepOf[static_cast<std::size_t> (index.at (e.to))]];
        const Signal& signal = from.out[static_cast<std::size_t> (e.output)];
        Source source { &signal, nullptr, key };
        if (const Frames delay = to.heardLate - from.putOutLate; delay > 0)
        {
            auto kin = kept[key];
            if (kin == nullptr || kin->frames() != delay || kin->channels() != signal.channels)
            {
                auto line = std::make_shared<DelayLine> (signal.channels, delay);
                if (kin != nullptr && kin->channels() == signal.channels)
                    line->inherit (std::move (kin));
                kin = std::move (line);
            }
            source.delay = std::move (kin);
        }
        to.inputs[static_cast<std::size_t> (e.input)].sources.push_back (std::move (source));
    }
    for (std::size_t k = 0; k < count; ++k)
        for (std::size_t n = 0; n < plan->steps[k].inputs.size(); ++n)
        {
            auto& input = plan->steps[k].inputs[n];
            input.borrowed = input.sources.size() == 1 && input.sources.front().delay == nullptr &&
                             input.sources.front().signal->channels == plan->steps[k].in[n].channels;
        }

    const auto& last = plan->steps[stepOf[static_cast<std::size_t> (index.at (graph.result))]];
    plan->resultSignal = &last.out[static_cast<std::size_t> (graph.resultPort)];
    plan->resultLatency = last.putOutLate;
    return plan;
}

} // namespace lacquer::engine
