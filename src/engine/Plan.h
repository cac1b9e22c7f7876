// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/TempoMap.h"
#include "engine/Graph.h"
#include "engine/Timeline.h"

#include <atomic>
#include <memory>
#include <span>

namespace lacquer::engine
{

/// One pass of the engine over all nodes.
struct Pass
{
    Frames stream = 0;        ///< stream clock of the first frame
    int frames = 0;           ///< 1 to quantum
    std::uint32_t number = 0; ///< never 0, and another one every time
    const Timeline* timeline = nullptr;
    std::atomic<std::uint64_t>* underruns = nullptr;
    std::atomic<std::uint64_t>* nonFinite = nullptr;
    std::atomic<std::uint64_t>* guilty = nullptr;
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
    ~Plan();

    /// Frames by which the result lags the song. [any thread]
    Frames latency() const noexcept { return resultLatency; }
    /// Frames by which what a node puts out lags the song; -1 for a node that is not in the plan. [any
    /// thread] O(nodes).
    Frames latencyAfter (Id node) const noexcept;
    /// Nodes. [any thread]
    int size() const noexcept { return stepCount; }

    /// Runs one node for one pass; waits, spinning, for the nodes before it that another thread has begun.
    /// [audio]
    void run (int step, const Pass&) const noexcept;
    /// What the result node has put out in the last pass. [audio]
    const Signal& result() const noexcept { return *resultSignal; }
    /// Silence in every processor and delay. [audio]
    void reset() const noexcept;
    /// Whether every processor could play from a position. [audio]
    bool canStart (Frames position) const noexcept;

private:
    Plan() = default;
    struct Step;

    std::unique_ptr<Step[]> steps;
    int stepCount = 0;
    std::unique_ptr<float[]> memory;
    const Signal* resultSignal = nullptr;
    Frames resultLatency = 0;
    std::shared_ptr<const TempoMap> tempo;
};

Result<std::unique_ptr<Plan>> compile (const Graph&, const Plan* previous, std::shared_ptr<const TempoMap>);

} // namespace lacquer::engine
