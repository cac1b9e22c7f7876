// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Offline.h"

#include "engine/Driver.h"

#include <algorithm>
#include <cassert>
#include <vector>

namespace lacquer::engine
{

Outcome render (Engine& engine, Frames from, Frames to, int block, const Sink& sink, const Progress& progress)
{
    assert (from >= 0 && to >= from && block > 0);
    const Frames before = engine.state().position;
    Outcome outcome;
    {
        Driver driver (engine, Driver::Kind::offline);
        if (! driver)
            return Problem { "The song is being played or rendered already.", {}, "Stop that first." };
        driver.begin (0);

        const Frames latency = engine.plan() != nullptr ? engine.plan()->latency() : 0;
        const Frames skipped = from + latency, end = to + latency;
        std::vector<float> sound[2];
        for (auto& s : sound)
            s.resize (static_cast<std::size_t> (block));
        float* const out[] { sound[0].data(), sound[1].data() };
        for (Frames at = 0; at < end && outcome; at += block)
        {
            if (progress.stopped())
            {
                outcome = Problem { "The render was stopped.", {}, "Nothing was kept of it." };
                break;
            }
            engine.process (out, 2, block);
            const auto first = static_cast<int> (std::clamp<Frames> (skipped - at, 0, block));
            const auto last = static_cast<int> (std::min<Frames> (end - at, block));
            if (first < last)
            {
                const float* const part[] { out[0] + first, out[1] + first };
                outcome = sink (part, last - first);
            }
            progress.at (static_cast<double> (std::min (at + block, end)) / static_cast<double> (end));
        }
    }
    engine.stop();
    engine.locate (before);
    return outcome;
}

} // namespace lacquer::engine
