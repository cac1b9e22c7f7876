// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/TempoMap.h"
#include "engine/Arena.h"
#include "engine/Graph.h"
#include "engine/Timeline.h"

#include <atomic>
#include <memory>
#include <span>
#include <vector>

namespace lacquer::engine
{

class Crew;

/// One pass of the engine over all nodes.
struct Pass
{
    Frames stream = 0; ///< stream clock of the first frame
    int frames = 0;    ///< of a chunk, 1 to quantum
    Frames age = 0;    ///< frames that this plan has run before
    int chunks = 1;    ///< in a row; where they are several, each is a quantum
    const Timeline* timeline = nullptr;
    std::atomic<std::uint64_t>* underruns = nullptr;
    std::atomic<std::uint64_t>* nonFinite = nullptr;
    std::atomic<std::uint64_t>* guilty = nullptr;
};

/// Takes the result of a pass, chunk by chunk, in order, on whatever thread made it.
struct Outlet
{
    void (*take) (void* context, const Signal& result, int frames) noexcept;
    void* context;
};

/// A graph made ready to run: nodes in order, buffers, and on every connection the delay that lets all sound
/// arrive at the same time. Made on the control thread, never changed. Holds the Processors it needs alive;
/// delay lines that did not change are shared with the plan before it, and those of another length begin
/// with what they held, so their content survives an edit.
class Plan
{
public:
    /// [control] previous: the plan in use, or null; only read. A Problem when the graph has a cycle or a
    /// connection that cannot be; its sentence names the nodes.
    friend Result<std::unique_ptr<Plan>> compile (const Graph&, const Plan* previous,
                                                  std::shared_ptr<const TempoMap>);
    /// [control] The plan to run between those of two graphs, so that nothing clicks: what only `from` has
    /// fades out and what only `to` has fades in where they meet what stays, which goes on as it is. A fade
    /// is a straight line of 10 ms by the clock of the song, so that ways of different latency fade
    /// together; it begins once all that is new has filled its delays and run in for 10 ms. Null when there
    /// is nothing to fade. A Problem when what moves would go round in a circle. docs/adr/0003
    friend Result<std::unique_ptr<Plan>> crossing (const Graph& from, const Graph& to, const Plan* previous,
                                                   std::shared_ptr<const TempoMap>, double sampleRate);
    /// [control] Plans to run first, one after the other, each for its length().
    void begin (std::vector<std::unique_ptr<const Plan>> crossings) { first = std::move (crossings); }
    /// [any thread] Unless forgetFirst() is called meanwhile.
    std::span<const std::unique_ptr<const Plan>> crossings() const noexcept { return first; }
    /// [control] Frees the crossings. Precondition: they have been run, or will not be.
    void forgetFirst() const { first.clear(); }
    /// Frames after which a crossing has reached the second graph. [any thread]
    Frames length() const noexcept { return crossingLength; }
    ~Plan();

    /// Frames by which the result lags the song. [any thread]
    Frames latency() const noexcept { return resultLatency; }
    /// Frames by which what a node puts out lags the song; -1 for a node that is not in the plan. [any
    /// thread] O(nodes).
    Frames latencyAfter (Id node) const noexcept;
    /// Nodes. [any thread]
    int size() const noexcept { return stepCount; }

    /// Runs all nodes for one pass, with the help of a crew or without. Nodes that can only follow each other
    /// are one task. [audio] No bit depends on who did what. spent: where to add the time of all tasks, in
    /// nanoseconds; null: nowhere.
    void run (const Pass&, Crew*, std::atomic<std::int64_t>* spent = nullptr) const noexcept;
    /// The same for a pass of many chunks, whose result goes to an outlet: while later nodes do one chunk,
    /// earlier ones do those after it. Nodes that the result does not depend on do not run. [audio]
    /// Precondition: widen().
    void run (const Pass&, Crew*, const Outlet&) const noexcept;
    /// Makes room for passes of many chunks (or takes it away again): every task does `batch` chunks at a
    /// time and is at most `depth` batches ahead of those that hear it. [control] Precondition: does not run.
    void widen (int batch, int depth) const;
    void narrow() const; ///< [control] For live use again.
    /// What the result node has put out in the last pass. [audio]
    const Signal& result() const noexcept;
    /// Silence in every processor and delay. [audio]
    void reset() const noexcept;
    /// Whether every processor could play from a position. [audio]
    bool canStart (Frames position) const noexcept;

private:
    Plan() = default;
    struct Step;
    struct Draft;
    struct Tasks;
    struct Run;
    class Kept;
    static std::unique_ptr<Plan> built (const Draft&, Kept&);
    void go (const Pass&, Crew*, const Outlet*, std::atomic<std::int64_t>* spent) const noexcept;
    void lay (int batch, int depth, bool wide) const;

    std::unique_ptr<Step[]> steps;
    int stepCount = 0;
    std::unique_ptr<Tasks> tasks;
    int resultStep = 0, resultPort = 0;
    Frames resultLatency = 0;
    Frames crossingLength = 0;
    mutable std::vector<std::unique_ptr<const Plan>> first;
    std::shared_ptr<const TempoMap> tempo;
};

Result<std::unique_ptr<Plan>> compile (const Graph&, const Plan* previous, std::shared_ptr<const TempoMap>);
Result<std::unique_ptr<Plan>> crossing (const Graph& from, const Graph& to, const Plan* previous,
                                        std::shared_ptr<const TempoMap>, double sampleRate);

/// The plan of a graph that takes over from another graph's without a click: compile() and the crossing
/// before it. What changes its place among what stays (the order of two inserts) leaves first and comes back
/// at its new place. [control] from, to: the graphs to cross; `then` is what remains, with the connections of
/// `to` under their later numbers.
Result<std::unique_ptr<Plan>> follow (const Graph& from, const Graph& to, const Graph& then,
                                      const Plan* previous, std::shared_ptr<const TempoMap>,
                                      double sampleRate);

} // namespace lacquer::engine
