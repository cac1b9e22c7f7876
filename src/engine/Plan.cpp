// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Plan.h"

#include "core/RealTime.h"
#include "engine/Crew.h"
#include "engine/DelayLine.h"
#include "engine/EffectNode.h"
#include "engine/FlushDenormals.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

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

/// What a crossing does to a connection.
enum class Fade
{
    none,
    in,
    out
};

/// The course of the fades of a crossing, in frames of its age.
struct FadeTimes
{
    Frames begin = 0, length = 1;
    /// The share of what is new in the frame before which `age` frames of the crossing have passed.
    float at (Frames age) const noexcept
    {
        return static_cast<float> (std::clamp<Frames> (age + 1 - begin, 0, length)) /
               static_cast<float> (length);
    }
};

struct Source
{
    int step = 0, port = 0, channels = 2;
    std::shared_ptr<DelayLine> delay; // null: none needed
    EdgeKey key;
    Fade fade = Fade::none;
};

struct Input
{
    std::vector<Source> sources;
    bool fades = false;    // one of them at least
    bool borrowed = false; // one source, undelayed and of equal channels: read where it lies
};

bool isFinite (const float* x, int frames) noexcept
{
    // A float is infinite or no number exactly when its exponent bits are all ones.
    std::uint32_t bad = 0;
    for (int n = 0; n < frames; ++n)
        bad |= (std::bit_cast<std::uint32_t> (x[n]) & 0x7f800000u) + 0x00800000u; // carries into the top bit
    return bad >> 31 == 0;
}

void silence (Signal& s, int from, int frames) noexcept
{
    for (int c = 0; c < s.channels; ++c)
        std::fill_n (s.channel[c] + from, frames, 0.0f);
}

} // namespace

namespace
{

/// The time of the song at a time of the stream: mostly the same for many nodes.
struct Moment
{
    Frames stream = std::numeric_limits<Frames>::min();
    Timeline::Place place;
    SongTime time;

    void look (const Timeline& timeline, const TempoMap& map, Frames now) noexcept
    {
        if (now == stream)
            return;
        stream = now;
        place = timeline.at (now);
        const double beat = map.beatAt (place.position);
        const auto metre = map.metreAt (beat);
        time = { place.position,    beat,         map.bpmAt (place.position), metre.numerator,
                 metre.denominator, place.playing };
    }
};

} // namespace

struct Plan::Step
{
    Id id;
    std::shared_ptr<Processor> processor;
    std::vector<Binding> automation;
    std::vector<Input> inputs;
    std::vector<Signal> in;              // of the chunk at work
    std::vector<Signal> out;             // of every chunk there is room for, one after the other
    std::vector<Signal> partIn, partOut; // the part of a chunk on one side of a jump
    std::vector<int> before;             // steps that must have run
    Frames heardLate = 0, putOutLate = 0;

    FadeTimes fade; // of this node's inputs

    std::size_t ports() const noexcept { return partOut.size(); }
    Signal& output (std::size_t place, int port) noexcept
    {
        return out[place * ports() + static_cast<std::size_t> (port)];
    }

    void gather (Step* all, std::size_t place, int frames, Frames age) noexcept;
    void process (const Pass&, int chunk, std::size_t place, const TempoMap&, Moment&) noexcept;
    void check (const Pass&, std::size_t place) noexcept;
};

/// What can be done in one go, and what waits for what. Steps that only one other hears are in its task.
struct Plan::Tasks
{
    struct Task
    {
        std::vector<int> steps;
        std::vector<int> hears, heardBy; // tasks
    };
    std::vector<Task> list; // every one after those it hears
    int batch = 1, depth = 1;
    bool wide = false; // the last task is the outlet
    Arena memory;

    // Of a pass: what a batch of a task still waits for, by task and batch modulo depth, and the batch that
    // each task comes to next.
    std::unique_ptr<std::atomic<int>[]> missing;
    std::vector<int> next;

    std::size_t places() const noexcept { return static_cast<std::size_t> (batch * depth); }
    std::atomic<int>& waits (int task, int number) noexcept
    {
        return missing[static_cast<std::size_t> (task * depth + number % depth)];
    }
};

void Plan::Step::gather (Step* all, std::size_t place, int frames, Frames age) noexcept
{
    for (std::size_t k = 0; k < inputs.size(); ++k)
    {
        Signal& to = in[k];
        if (inputs[k].borrowed)
        {
            const Source& only = inputs[k].sources.front();
            to = all[only.step].output (place, only.port);
            continue;
        }
        float share[quantum];
        if (inputs[k].fades)
            for (int n = 0; n < frames; ++n)
                share[n] = fade.at (age + n);
        bool heard = false;
        for (const Source& s : inputs[k].sources)
        {
            const Signal& signal = all[s.step].output (place, s.port);
            if (s.delay != nullptr)
                s.delay->write (signal, frames);
            if (s.delay != nullptr ? s.delay->isSilent() : signal.silent)
                continue;
            if ((s.fade == Fade::in && share[frames - 1] == 0.0f) ||
                (s.fade == Fade::out && share[0] == 1.0f))
                continue;
            for (int c = 0; c < to.channels; ++c)
            {
                const auto add = [&, y = to.channel[c]] (const float* x, int n, int at)
                {
                    if (! heard)
                        std::fill_n (y + at, s.fade == Fade::none ? 0 : n, 0.0f);
                    if (s.fade == Fade::in)
                        for (int i = 0; i < n; ++i)
                            y[at + i] += share[at + i] * x[i];
                    else if (s.fade == Fade::out)
                        for (int i = 0; i < n; ++i)
                            y[at + i] += (1.0f - share[at + i]) * x[i];
                    else if (! heard)
                        std::copy_n (x, n, y + at);
                    else
                        for (int i = 0; i < n; ++i)
                            y[at + i] += x[i];
                };
                const int side = std::min (c, signal.channels - 1);
                if (s.delay != nullptr)
                    s.delay->read (side, add);
                else
                    add (signal.channel[side], frames, 0);
            }
            heard = true;
        }
        if (! heard)
            silence (to, 0, frames);
        to.silent = ! heard;
    }
}

void Plan::Step::process (const Pass& pass, int chunk, std::size_t place, const TempoMap& map,
                          Moment& moment) noexcept
{
    const std::span<Signal> whole (out.data() + place * ports(), ports());
    const Frames begin = pass.stream + Frames { chunk } * quantum - heardLate;
    for (auto& o : whole)
        o.silent = false;
    for (int done = 0; done < pass.frames;)
    {
        const Frames now = begin + done;
        moment.look (*pass.timeline, map, now);
        const int n = static_cast<int> (std::min (now + pass.frames - done, moment.place.until) - now);
        const Chunk what { n, moment.time, automation, pass.underruns };
        if (n == pass.frames)
        {
            processor->process (what, in, whole);
            return;
        }
        const auto cut = [done] (const Signal& all)
        {
            Signal part = all;
            for (int c = 0; c < part.channels; ++c)
                part.channel[c] += done;
            return part;
        };
        std::transform (in.begin(), in.end(), partIn.begin(), cut);
        std::transform (whole.begin(), whole.end(), partOut.begin(), cut);
        for (auto& part : partOut)
            part.silent = false;
        processor->process (what, partIn, partOut);
        for (std::size_t k = 0; k < whole.size(); ++k)
            whole[k].silent = partOut[k].silent && (done == 0 || whole[k].silent);
        done += n;
    }
}

void Plan::Step::check (const Pass& pass, std::size_t place) noexcept
{
    const std::span<Signal> whole (out.data() + place * ports(), ports());
    bool good = true;
    for (const auto& o : whole)
        for (int c = 0; c < o.channels && ! o.silent; ++c)
            good = good && isFinite (o.channel[c], pass.frames);
    if (good)
        return;
    for (auto& o : whole)
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

const Signal& Plan::result() const noexcept
{
    return steps[resultStep].output (0, resultPort);
}

/// What a crew is told of a pass.
struct Plan::Run
{
    const Plan& plan;
    const Pass& pass;
    const Outlet* outlet;
    int batches;
    std::atomic<std::int64_t>* spent;

    /// One batch of one task.
    void perform (int task, int number) const noexcept
    {
        if (spent == nullptr)
            return compute (task, number);
        const auto begun = std::chrono::steady_clock::now();
        compute (task, number);
        const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begun;
        spent->fetch_add (took.count(), std::memory_order_relaxed);
    }

    void compute (int task, int number) const noexcept
    {
        auto& all = *plan.tasks;
        const int last = std::min (pass.chunks, (number + 1) * all.batch);
        if (outlet != nullptr && task + 1 == static_cast<int> (all.list.size()))
        {
            const KeepDenormals foreign;
            for (int chunk = number * all.batch; chunk < last; ++chunk)
                outlet->take (outlet->context,
                              plan.steps[plan.resultStep].output (
                                  static_cast<std::size_t> (chunk) % all.places(), plan.resultPort),
                              pass.frames);
            return;
        }
        const RealTimeScope scope;
        Moment moment;
        for (int chunk = number * all.batch; chunk < last; ++chunk)
        {
            const auto place = static_cast<std::size_t> (chunk) % all.places();
            for (const int k : all.list[static_cast<std::size_t> (task)].steps)
            {
                auto& step = plan.steps[k];
                step.gather (plan.steps.get(), place, pass.frames, pass.age + Frames { chunk } * quantum);
                step.process (pass, chunk, place, *plan.tempo, moment);
                step.check (pass, place);
            }
        }
    }

    /// One batch of one task for a crew; what it makes ready.
    int work (int task, Crew& crew) const noexcept
    {
        auto& all = *plan.tasks;
        const auto& own = all.list[static_cast<std::size_t> (task)];
        const int number = all.next[static_cast<std::size_t> (task)]++;
        // For the batch that will use this counter again. It cannot be told of anything before this one is
        // done: who would tell it waits for this task itself.
        all.waits (task, number)
            .store (static_cast<int> (own.hears.size() + own.heardBy.size()) + 1, std::memory_order_relaxed);
        perform (task, number);

        int mine = -1;
        const auto tell = [&] (int other, int batch)
        {
            if (batch >= batches || all.waits (other, batch).fetch_sub (1, std::memory_order_acq_rel) != 1)
                return;
            if (mine < 0)
                mine = other;
            else
                crew.ready (other);
        };
        for (const int later : own.heardBy)
            tell (later, number);
        tell (task, number + 1);
        for (const int earlier : own.hears) // a buffer of theirs is free
            tell (earlier, number + all.depth);
        return mine;
    }
};

void Plan::run (const Pass& pass, Crew* crew, std::atomic<std::int64_t>* spent) const noexcept
{
    go (pass, crew, nullptr, spent);
}

void Plan::run (const Pass& pass, Crew* crew, const Outlet& outlet) const noexcept
{
    go (pass, crew, &outlet, nullptr);
}

void Plan::go (const Pass& pass, Crew* crew, const Outlet* outlet,
               std::atomic<std::int64_t>* spent) const noexcept
{
    const int count = static_cast<int> (tasks->list.size());
    const int batches = (pass.chunks + tasks->batch - 1) / tasks->batch;
    const Run run { *this, pass, outlet, batches, spent };
    if (crew == nullptr || count < 2 || count > static_cast<int> (Crew::capacity))
    {
        for (int number = 0; number < batches; ++number)
            for (int task = 0; task < count; ++task)
                run.perform (task, number);
        return;
    }
    for (int task = 0; task < count; ++task)
    {
        tasks->next[static_cast<std::size_t> (task)] = 0;
        const int hears = static_cast<int> (tasks->list[static_cast<std::size_t> (task)].hears.size());
        for (int number = 0; number < tasks->depth; ++number)
            tasks->waits (task, number).store (hears + (number > 0 ? 1 : 0), std::memory_order_relaxed);
    }
    crew->begin ([] (const void* r, int task, Crew& c) noexcept
                 { return static_cast<const Run*> (r)->work (task, c); },
                 &run);
    for (int task = 0; task < count; ++task)
        if (tasks->list[static_cast<std::size_t> (task)].hears.empty())
            crew->add (task);
    crew->finish (count * batches);
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
                if (channels < 0 || channels > 2)
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

/// What is before what in a graph, and how late the song is there.
struct Shape
{
    std::map<Id, int> index;
    std::vector<std::vector<int>> hears;
    std::vector<int> order;
    std::vector<Frames> heard, putOut; // by node

    std::size_t at (Id id) const { return static_cast<std::size_t> (index.at (id)); }
    /// What makes a connection wait for the latest into the same node.
    Frames delay (const Graph::Edge& e) const { return heard[at (e.to)] - putOut[at (e.from)]; }
};

Result<Shape> shapeOf (const Graph& graph)
{
    const std::size_t count = graph.nodes.size();
    Shape shape;
    for (std::size_t n = 0; n < count; ++n)
        shape.index.emplace (graph.nodes[n].id, static_cast<int> (n));
    if (auto fault = firstFault (graph, shape.index))
        return *fault;
    shape.hears.resize (count);
    for (const auto& e : graph.edges)
        shape.hears[shape.at (e.to)].push_back (shape.index.at (e.from));
    shape.order = sorted (count, shape.hears);
    if (shape.order.size() != count)
        return Problem { "The sound would go round in a circle: " + cycle (graph, shape.hears, shape.order) +
                             ".",
                         {},
                         "Take one of these connections away." };
    // L (v) = the largest L (u) + latency (u) of all u that v hears; every other edge waits for that one.
    shape.heard.resize (count);
    shape.putOut.resize (count);
    for (const int node : shape.order)
    {
        const auto n = static_cast<std::size_t> (node);
        for (const int from : shape.hears[n])
            shape.heard[n] = std::max (shape.heard[n], shape.putOut[static_cast<std::size_t> (from)]);
        shape.putOut[n] = shape.heard[n] + std::max (0, graph.nodes[n].processor->latency());
    }
    // What no source leads to is as late as where it is heard allows: it waits there for its first source,
    // and nobody's delay changes when that comes or goes.
    std::vector<bool> sounds (count);
    for (const int node : shape.order)
    {
        const auto n = static_cast<std::size_t> (node);
        sounds[n] = graph.nodes[n].inputs.empty() ||
                    std::any_of (shape.hears[n].begin(), shape.hears[n].end(),
                                 [&] (int from) { return sounds[static_cast<std::size_t> (from)]; });
    }
    std::vector<Frames> latest (count, std::numeric_limits<Frames>::max());
    for (auto node = shape.order.rbegin(); node != shape.order.rend(); ++node)
    {
        const auto n = static_cast<std::size_t> (*node);
        if (! sounds[n] && latest[n] != std::numeric_limits<Frames>::max())
        {
            shape.heard[n] += latest[n] - shape.putOut[n];
            shape.putOut[n] = latest[n];
        }
        for (const int from : shape.hears[n])
        {
            auto& most = latest[static_cast<std::size_t> (from)];
            most = std::min (most, shape.heard[n]);
        }
    }
    return shape;
}

struct Wire
{
    Graph::Edge edge;
    Frames delay = 0;
    EdgeKey key; // by which it is the same connection as one of another graph
    Fade fade = Fade::none;
    bool fresh = false; // its delay holds nothing yet
    bool last = false;  // the next plan has it no more
};

/// The connections of a graph with the names by which plans know them.
std::vector<Wire> wiresOf (const Graph& graph, const Shape& shape)
{
    std::vector<Wire> wires;
    wires.reserve (graph.edges.size());
    std::map<EdgeKey, int> turns;
    for (const auto& e : graph.edges)
    {
        EdgeKey key { e.from, e.output, e.to, e.input, 0 };
        key.turn = turns[key]++;
        wires.push_back ({ e, shape.delay (e), key });
    }
    return wires;
}

} // namespace

/// What a plan is built from.
struct Plan::Draft
{
    std::vector<Graph::Node> nodes; // in the order in which they run
    std::vector<Frames> heard, putOut;
    std::vector<FadeTimes> fades; // by node; empty when nothing fades
    std::vector<Wire> wires;
    Id result;
    int resultPort = 0;
    std::shared_ptr<const TempoMap> tempo;
};

/// The delay lines of the plan before.
class Plan::Kept
{
public:
    explicit Kept (const Plan* previous)
    {
        for (int k = 0; previous != nullptr && k < previous->stepCount; ++k)
            for (const auto& input : previous->steps[k].inputs)
                for (const auto& s : input.sources)
                    if (s.delay != nullptr)
                    {
                        s.delay->settle();
                        if (s.key.from != Id {})
                            lines[s.key].push_back (s.delay);
                    }
    }

    /// The line that a connection had, when it fits, else a new one with what it held.
    std::shared_ptr<DelayLine> line (const EdgeKey& key, int channels, Frames delay)
    {
        auto& known = lines[key];
        if (known.size() == 1 && known.front()->frames() == delay && known.front()->channels() == channels)
            return known.front();
        auto line = std::make_shared<DelayLine> (channels, delay);
        for (const auto& kin : known)
            if (kin->channels() == channels)
                line->inherit (kin);
        return line;
    }

private:
    std::map<EdgeKey, std::vector<std::shared_ptr<DelayLine>>> lines;
};

std::unique_ptr<Plan> Plan::built (const Draft& draft, Kept& kept)
{
    const std::size_t count = draft.nodes.size();
    std::unique_ptr<Plan> plan (new Plan);
    plan->tempo = draft.tempo != nullptr ? draft.tempo : std::make_shared<const TempoMap>();
    plan->steps = std::make_unique<Plan::Step[]> (count);
    plan->stepCount = static_cast<int> (count);

    std::map<Id, int> stepOf;
    for (std::size_t k = 0; k < count; ++k)
    {
        const auto& node = draft.nodes[k];
        stepOf[node.id] = static_cast<int> (k);
        auto& step = plan->steps[k];
        step.id = node.id;
        step.processor = node.processor;
        step.heardLate = draft.heard[k];
        step.putOutLate = draft.putOut[k];
        if (! draft.fades.empty())
            step.fade = draft.fades[k];
        for (const auto& b : node.automation)
            if (b.lane != nullptr && ! b.lane->isEmpty())
                step.automation.push_back (b);
        std::stable_sort (step.automation.begin(), step.automation.end(),
                          [] (const Binding& a, const Binding& b)
                          { return std::tie (a.strip, a.parameter) < std::tie (b.strip, b.parameter); });
        step.inputs.resize (node.inputs.size());
        for (auto [ports, signals] :
             { std::pair { &node.inputs, &step.in }, { &node.outputs, &step.partOut } })
            for (int channels : *ports)
                signals->push_back ({ {}, channels, true });
        step.partIn = step.in;
    }

    for (const auto& wire : draft.wires)
    {
        const int before = stepOf.at (wire.edge.from);
        auto& to = plan->steps[stepOf.at (wire.edge.to)];
        if (std::find (to.before.begin(), to.before.end(), before) == to.before.end())
            to.before.push_back (before);
        const int channels =
            plan->steps[before].partOut[static_cast<std::size_t> (wire.edge.output)].channels;
        Source source { before,   wire.edge.output, channels, nullptr, wire.last ? EdgeKey {} : wire.key,
                        wire.fade };
        if (source.key.from != Id {} && wire.edge.becomes >= 0)
            source.key.output = wire.edge.becomes;
        if (wire.delay > 0)
            source.delay = wire.fresh ? std::make_shared<DelayLine> (channels, wire.delay)
                                      : kept.line (wire.key, channels, wire.delay);
        to.inputs[static_cast<std::size_t> (wire.edge.input)].sources.push_back (std::move (source));
    }
    for (std::size_t k = 0; k < count; ++k)
        for (std::size_t n = 0; n < plan->steps[k].inputs.size(); ++n)
        {
            auto& input = plan->steps[k].inputs[n];
            input.fades = std::any_of (input.sources.begin(), input.sources.end(),
                                       [] (const Source& s) { return s.fade != Fade::none; });
            input.borrowed = input.sources.size() == 1 && ! input.fades &&
                             input.sources.front().delay == nullptr &&
                             input.sources.front().channels == plan->steps[k].in[n].channels;
        }

    plan->resultStep = stepOf.at (draft.result);
    plan->resultPort = draft.resultPort;
    plan->resultLatency = plan->steps[plan->resultStep].putOutLate;
    plan->tasks = std::make_unique<Tasks>();
    plan->narrow();
    return plan;
}

void Plan::narrow() const
{
    lay (1, 1, false);
}

void Plan::widen (int batch, int depth) const
{
    lay (batch, depth, true);
}

/// Cuts the steps into tasks, and gives them memory.
void Plan::lay (int batch, int depth, bool wide) const
{
    const auto count = static_cast<std::size_t> (stepCount);
    const auto stepAt = [&] (int k) -> Step& { return steps[k]; };
    std::vector<std::vector<int>> heardBy (count);
    for (int k = 0; k < stepCount; ++k)
        for (const int b : stepAt (k).before)
            heardBy[static_cast<std::size_t> (b)].push_back (k);

    // What the result does not depend on is run for its meters only: not where nobody looks.
    std::vector<bool> runs (count, ! wide);
    runs[static_cast<std::size_t> (resultStep)] = true;
    for (int k = stepCount; wide && k-- > 0;)
        if (runs[static_cast<std::size_t> (k)])
            for (const int b : stepAt (k).before)
                runs[static_cast<std::size_t> (b)] = true;

    // A step joins the only one that hears it, when that hears nothing else but sources: then it could not
    // begin earlier anyway. Sources are little work and always join. Where many chunks are under way at once,
    // steps in a row work beside each other.
    std::vector<int> head (count); // the last step of a step's task
    for (int k = stepCount; k-- > 0;)
    {
        const auto n = static_cast<std::size_t> (k);
        head[n] = k;
        if (heardBy[n].size() != 1 || k == resultStep)
            continue;
        const int next = heardBy[n].front();
        const bool source = stepAt (k).before.empty();
        const auto& before = stepAt (next).before;
        const auto works =
            std::count_if (before.begin(), before.end(), [&] (int b) { return ! stepAt (b).before.empty(); });
        if (source || (! wide && works == 1))
            head[n] = head[static_cast<std::size_t> (next)];
    }

    auto now = std::make_unique<Tasks>();
    now->batch = batch;
    now->depth = depth;
    now->wide = wide;
    std::vector<int> taskOf (count, -1);
    for (int k = 0; k < stepCount; ++k) // in the order of their last steps
        if (head[static_cast<std::size_t> (k)] == k && runs[static_cast<std::size_t> (k)])
        {
            taskOf[static_cast<std::size_t> (k)] = static_cast<int> (now->list.size());
            now->list.emplace_back();
        }
    for (int k = 0; k < stepCount; ++k)
        if (runs[static_cast<std::size_t> (k)])
        {
            auto& task = taskOf[static_cast<std::size_t> (k)];
            task = taskOf[static_cast<std::size_t> (head[static_cast<std::size_t> (k)])];
            now->list[static_cast<std::size_t> (task)].steps.push_back (k);
        }
    const auto connect = [&] (int from, int to)
    {
        auto& hears = now->list[static_cast<std::size_t> (to)].hears;
        if (from == to || std::find (hears.begin(), hears.end(), from) != hears.end())
            return;
        hears.push_back (from);
        now->list[static_cast<std::size_t> (from)].heardBy.push_back (to);
    };
    for (int k = 0; k < stepCount; ++k)
        if (runs[static_cast<std::size_t> (k)])
            for (const int b : stepAt (k).before)
                connect (taskOf[static_cast<std::size_t> (b)], taskOf[static_cast<std::size_t> (k)]);
    if (wide)
    {
        now->list.emplace_back();
        connect (taskOf[static_cast<std::size_t> (resultStep)], static_cast<int> (now->list.size()) - 1);
    }
    now->missing = std::make_unique<std::atomic<int>[]> (now->list.size() * static_cast<std::size_t> (depth));
    now->next.resize (now->list.size());

    // Inputs that are not read where they lie, and outputs, in the order in which they are used.
    const auto places = now->places();
    std::size_t buffers = 0;
    const auto each = [&] (auto&& f)
    {
        for (const auto& task : now->list)
            for (const int k : task.steps)
            {
                auto& step = stepAt (k);
                for (std::size_t n = 0; n < step.in.size(); ++n)
                    if (! step.inputs[n].borrowed)
                        f (step.in[n]);
                for (auto& s : step.out)
                    f (s);
            }
    };
    for (int k = 0; k < stepCount; ++k)
    {
        auto& step = stepAt (k);
        step.out.clear();
        for (std::size_t p = 0; p < places; ++p)
            for (const auto& port : step.partOut)
                step.out.push_back ({ {}, port.channels, true });
    }
    each ([&] (const Signal& s) { buffers += static_cast<std::size_t> (s.channels); });
    now->memory = Arena (buffers * quantum);
    auto* memory = now->memory.data();
    each (
        [&] (Signal& s)
        {
            for (int c = 0; c < s.channels; ++c, memory += quantum)
                s.channel[c] = memory;
        });
    *tasks = std::move (*now);
}

Result<std::unique_ptr<Plan>> compile (const Graph& graph, const Plan* previous,
                                       std::shared_ptr<const TempoMap> tempo)
{
    auto shape = shapeOf (graph);
    if (! shape)
        return shape.problem();
    Plan::Draft draft;
    for (const int node : shape->order)
    {
        const auto n = static_cast<std::size_t> (node);
        draft.nodes.push_back (graph.nodes[n]);
        draft.heard.push_back (shape->heard[n]);
        draft.putOut.push_back (shape->putOut[n]);
    }
    draft.wires = wiresOf (graph, *shape);
    draft.result = graph.result;
    draft.resultPort = graph.resultPort;
    draft.tempo = std::move (tempo);
    Plan::Kept kept (previous);
    return Plan::built (draft, kept);
}

namespace
{

constexpr double fadeSeconds = 0.010;

/// Passes on what it hears: where two results meet.
class Meeting final : public Processor
{
public:
    void process (const Chunk& chunk, std::span<const Signal> in, std::span<Signal> out) noexcept override
    {
        for (int c = 0; c < 2; ++c)
            std::copy_n (in[0].channel[c], chunk.frames, out[0].channel[c]);
        out[0].silent = in[0].silent;
    }
    void reset() noexcept override {}
    int latency() const noexcept override { return 0; }
};

/// Ids that no graph has.
constexpr std::uint64_t ghostBit = std::uint64_t { 1 } << 63;
constexpr Id meetingId { ~std::uint64_t { 0 } };

} // namespace

Result<std::unique_ptr<Plan>> crossing (const Graph& from, const Graph& to, const Plan* previous,
                                        std::shared_ptr<const TempoMap> tempo, double sampleRate)
{
    const auto a = shapeOf (from), b = shapeOf (to);
    if (! a)
        return a.problem();
    if (! b)
        return b.problem();

    // Nodes: those of `to`, and those of `from` that it has not. One that stands for something else than
    // before is another node.
    Graph both;
    both.nodes = to.nodes;
    std::map<Id, Id> ghosts;
    for (const auto& node : from.nodes)
    {
        const auto found = b->index.find (node.id);
        auto* same =
            found == b->index.end() ? nullptr : &both.nodes[static_cast<std::size_t> (found->second)];
        if (same != nullptr && same->processor == node.processor)
        {
            // Ports have the same numbers in both; what one side lacks has no channels there.
            const auto join = [] (std::vector<int>& ports, const std::vector<int>& others)
            {
                ports.resize (std::max (ports.size(), others.size()));
                for (std::size_t n = 0; n < others.size(); ++n)
                    ports[n] = std::max (ports[n], others[n]);
            };
            join (same->inputs, node.inputs);
            join (same->outputs, node.outputs);
            continue;
        }
        both.nodes.push_back (node);
        both.nodes.back().id = same == nullptr ? node.id : Id { node.id.value | ghostBit };
        ghosts[node.id] = both.nodes.back().id;
    }
    const auto nodeNow = [&] (Id id)
    {
        const auto ghost = ghosts.find (id);
        return ghost == ghosts.end() ? id : ghost->second;
    };

    /// True when a graph has this input: not one that only the other graph has.
    const auto has = [] (const Graph& graph, const Shape& shape, const Graph::Edge& e)
    {
        const auto found = shape.index.find (e.to);
        if (found == shape.index.end())
            return false;
        const auto& ports = graph.nodes[static_cast<std::size_t> (found->second)].inputs;
        const auto n = static_cast<std::size_t> (e.input);
        return n < ports.size() && ports[n] > 0;
    };

    // Connections. What a thing that leaves or comes hears stays whole: it fades where it is heard.
    Plan::Draft draft;
    auto before = wiresOf (from, *a), after = wiresOf (to, *b);
    std::map<EdgeKey, std::size_t> old;
    for (std::size_t n = 0; n < before.size(); ++n)
        old[before[n].key] = n;
    bool fades = false;
    for (auto& wire : after)
    {
        const auto was = old.find (wire.key);
        const bool same =
            was != old.end() && ! ghosts.contains (wire.edge.from) && ! ghosts.contains (wire.edge.to);
        if (same && before[was->second].delay == wire.delay)
            old.erase (was);
        else
        {
            wire.fresh = true;
            if (has (from, *a, wire.edge) && ! ghosts.contains (wire.edge.to))
                wire.fade = Fade::in;
        }
        fades = fades || wire.fade != Fade::none;
        draft.wires.push_back (wire);
    }
    Frames longest = 0;
    for (std::size_t n = 0; n < before.size(); ++n)
    {
        longest = std::max (longest, before[n].delay);
        if (! old.contains (before[n].key))
            continue;
        auto wire = before[n];
        wire.last = true;
        if (has (to, *b, wire.edge) && ! ghosts.contains (wire.edge.to))
            wire.fade = Fade::out;
        fades = fades || wire.fade != Fade::none;
        wire.edge.from = nodeNow (wire.edge.from);
        wire.edge.to = nodeNow (wire.edge.to);
        draft.wires.push_back (wire);
    }

    // What is heard in the end.
    both.result = to.result;
    both.resultPort = to.resultPort;
    const bool meets = nodeNow (from.result) != to.result || from.resultPort != to.resultPort;
    if (meets)
    {
        both.result = meetingId;
        both.resultPort = 0;
        both.nodes.push_back ({ meetingId, "result", std::make_shared<Meeting>(), { 2 }, { 2 }, {} });
        for (const bool comes : { true, false })
        {
            Wire wire;
            wire.edge = { comes ? to.result : nodeNow (from.result), comes ? to.resultPort : from.resultPort,
                          meetingId, 0 };
            wire.fade = comes ? Fade::in : Fade::out;
            wire.fresh = wire.last = true;
            draft.wires.push_back (wire);
        }
    }
    if (! fades && ! meets)
        return std::unique_ptr<Plan> {};

    // The order, and the times.
    std::map<Id, int> index;
    for (std::size_t n = 0; n < both.nodes.size(); ++n)
        index[both.nodes[n].id] = static_cast<int> (n);
    std::vector<std::vector<int>> hears (both.nodes.size());
    for (const auto& wire : draft.wires)
        hears[static_cast<std::size_t> (index.at (wire.edge.to))].push_back (index.at (wire.edge.from));
    const auto order = sorted (both.nodes.size(), hears);
    if (order.size() != both.nodes.size())
        return Problem { "The sound would go round in a circle: " + cycle (both, hears, order) + "." };

    FadeTimes times;
    times.length = std::max<Frames> (1, std::llround (fadeSeconds * sampleRate));
    // A delay that one connection leaves to two holds the sound of both for as long as it is.
    const Frames wait = std::max (times.length, longest);
    Frames last = 0;
    for (const int node : order)
    {
        const auto n = static_cast<std::size_t> (node);
        auto& part = both.nodes[n];
        const bool comes = b->index.contains (part.id);
        const auto& shape = comes ? *b : *a;
        const std::size_t k = part.id == meetingId             ? b->at (to.result)
                              : shape.index.contains (part.id) ? shape.at (part.id)
                                                               : shape.at (Id { part.id.value & ~ghostBit });
        const Frames heard = part.id == meetingId ? b->putOut[k] : shape.heard[k];
        draft.heard.push_back (heard);
        draft.putOut.push_back (part.id == meetingId ? heard : shape.putOut[k]);
        times.begin = wait + heard;
        draft.fades.push_back (times);
        if (comes || part.id == meetingId)
            last = std::max (last, times.begin + times.length);
        draft.nodes.push_back (std::move (part));
    }
    draft.result = both.result;
    draft.resultPort = both.resultPort;
    draft.tempo = std::move (tempo);
    Plan::Kept kept (previous);
    auto plan = Plan::built (draft, kept);
    plan->crossingLength = last;
    return plan;
}

namespace
{

/// A graph without the effects that could not be crossed at once: those through which, in both graphs
/// together, sound would go round in a circle.
Graph withoutMoved (const Graph& from, Graph to)
{
    std::multimap<Id, Id> heardBy;
    std::map<Id, const Processor*> old;
    for (const auto* graph : { &from, static_cast<const Graph*> (&to) })
        for (const auto& e : graph->edges)
            heardBy.emplace (e.from, e.to);
    for (const auto& node : from.nodes)
        old[node.id] = node.processor.get();

    const auto hearsItself = [&] (Id id)
    {
        std::vector<Id> open { id };
        std::map<Id, bool> seen;
        while (! open.empty())
        {
            const Id at = open.back();
            open.pop_back();
            for (auto [next, end] = heardBy.equal_range (at); next != end; ++next)
            {
                if (next->second == id)
                    return true;
                if (! std::exchange (seen[next->second], true))
                    open.push_back (next->second);
            }
        }
        return false;
    };

    std::vector<Graph::Node> stay;
    for (auto& node : to.nodes)
    {
        const auto* effect = dynamic_cast<const EffectNode*> (node.processor.get());
        if (effect == nullptr || old[node.id] != effect || ! hearsItself (node.id))
        {
            stay.push_back (node);
            continue;
        }
        std::vector<Graph::Edge> into, edges;
        for (const auto& e : to.edges)
            if (e.to == node.id && e.input == 0) // the key of what is passed by is heard by nobody
                into.push_back (e);
        for (const auto& e : to.edges)
            if (e.from == node.id)
            {
                for (const auto& source : into)
                    if (node.bypasses)
                        edges.push_back ({ source.from, source.output, e.to, e.input, source.becomes });
            }
            else if (e.to != node.id)
                edges.push_back (e);
        if (to.result == node.id && into.size() == 1)
        {
            to.result = into.front().from;
            to.resultPort = into.front().output;
        }
        to.edges = std::move (edges);
    }
    to.nodes = std::move (stay);
    return to;
}

} // namespace

Result<std::unique_ptr<Plan>> follow (const Graph& from, const Graph& to, const Graph& then,
                                      const Plan* previous, std::shared_ptr<const TempoMap> tempo,
                                      double sampleRate)
{
    std::vector<std::unique_ptr<const Plan>> first;
    const auto newest = [&] { return first.empty() ? previous : first.back().get(); };
    const auto cross = [&] (const Graph& a, const Graph& b)
    {
        auto plan = crossing (a, b, newest(), tempo, sampleRate);
        if (plan && *plan != nullptr)
            first.push_back (*std::move (plan));
        return static_cast<bool> (plan);
    };
    if (! cross (from, to))
        if (! cross (from, withoutMoved (from, to)) || ! cross (withoutMoved (from, then), then))
            first.clear();
    auto plan = compile (then, newest(), tempo);
    if (plan)
        (*plan)->begin (std::move (first));
    return plan;
}

} // namespace lacquer::engine
