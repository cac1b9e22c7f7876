// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Offline.h"

#include "engine/Driver.h"

#include <algorithm>
#include <cassert>
#include <exception>
#include <vector>

namespace lacquer::engine
{

namespace
{

/// Cuts what comes quantum by quantum into the blocks that a sink is promised. Called by any thread of the
/// engine, never by two at once.
class Cutter
{
public:
    Cutter (Frames first, Frames last, int frames, const Sink& s)
        : begin (first), end (last), block (frames), sink (s)
    {
        for (auto& side : sound)
            side.resize (static_cast<std::size_t> (block));
    }

    void take (const Signal& signal, int frames) noexcept
    {
        for (int done = 0; done < frames;)
        {
            const int n = std::min (frames - done, block - held);
            for (std::size_t c = 0; c < 2; ++c)
                std::copy_n (signal.channel[c == 0 || signal.channels == 1 ? 0 : 1] + done, n,
                             sound[c].data() + held);
            held += n;
            done += n;
            if (held == block)
                flush();
        }
    }

    /// Passes on what is wanted of the block so far.
    void flush() noexcept
    {
        const auto first = static_cast<int> (std::clamp<Frames> (begin - at, 0, held));
        const auto last = static_cast<int> (std::clamp<Frames> (end - at, 0, held));
        if (first < last && outcome && thrown == nullptr)
        {
            const float* const part[] { sound[0].data() + first, sound[1].data() + first };
            try
            {
                outcome = sink (part, last - first);
            }
            catch (...)
            {
                thrown = std::current_exception();
            }
        }
        at += held;
        held = 0;
    }

    /// What became of it so far.
    Outcome result() const
    {
        if (thrown != nullptr)
            std::rethrow_exception (thrown);
        return outcome;
    }

private:
    Frames begin, end, at = 0;
    int block, held = 0;
    const Sink& sink;
    std::vector<float> sound[2];
    Outcome outcome;
    std::exception_ptr thrown;
};

/// Chunks that a node does in one go, how many goes it may be ahead of those after it, and chunks between two
/// looks at the world. The first two keep what is under way in the cache of a core.
constexpr int batch = 4, depth = 4, stretch = 256;

/// Room for many chunks in a plan, until the end of the scope.
struct Wide
{
    explicit Wide (const Plan* p) : plan (p)
    {
        if (plan != nullptr)
            plan->widen (batch, depth);
    }
    ~Wide()
    {
        if (plan != nullptr)
            plan->narrow();
    }
    Wide (const Wide&) = delete;
    Wide& operator= (const Wide&) = delete;
    const Plan* plan;
};

} // namespace

Outcome render (Engine& engine, Frames from, Frames to, int block, const Sink& sink, const Progress& progress)
{
    assert (to >= from && block > 0);
    const Frames before = engine.state().position;
    Outcome outcome;
    {
        Driver driver (engine, Driver::Kind::offline);
        if (! driver)
            return Problem { "The song is being played or rendered already.", {}, "Stop that first." };
        driver.begin (0);

        const Frames latency = engine.plan() != nullptr ? engine.plan()->latency() : 0;
        const Frames end = to + latency;
        assert (from + latency >= 0);
        const Wide wide (engine.plan());
        Cutter cutter (from + latency, end, block, sink);
        const Outlet outlet { [] (void* c, const Signal& signal, int frames) noexcept
                              { static_cast<Cutter*> (c)->take (signal, frames); },
                              &cutter };
        for (Frames at = 0; at < end && outcome;)
        {
            if (progress.stopped())
            {
                outcome = Problem { "The render was stopped.", {}, "Nothing was kept of it." };
                break;
            }
            const auto quanta =
                static_cast<int> (std::min<Frames> (stretch, (end - at + quantum - 1) / quantum));
            engine.advance (quanta, outlet);
            at += Frames { quanta } * quantum;
            if (at >= end)
                cutter.flush();
            outcome = cutter.result();
            progress.at (static_cast<double> (std::min (at, end)) / static_cast<double> (end));
        }
    }
    engine.stop();
    engine.locate (before);
    return outcome;
}

} // namespace lacquer::engine
