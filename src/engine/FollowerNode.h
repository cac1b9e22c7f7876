// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Processor.h"

#include <array>
#include <memory>

namespace lacquer::engine
{

/// Follows how loud its input is and tells a modulator: 0 at the floor, 1 at the top, in a straight line of
/// dB between. Its output is silence: an edge from it says who has to wait for it.
class FollowerNode final : public Processor
{
public:
    explicit FollowerNode (double sampleRate);

    Controls& controls() noexcept { return values; } ///< table: FollowerParams
    /// What follows: right for every node that an edge from here leads to. It answers this much late, because
    /// those look ahead.
    ModulatorPtr modulator() const;
    static constexpr Frames late = 2 * quantum;

    void process (const Chunk&, std::span<const Signal> inputs, std::span<Signal> outputs) noexcept override;
    void reset() noexcept override;
    int latency() const noexcept override { return 0; }

private:
    /// Levels by song position, a number a quantum. Written before those who wait for it read it; long enough
    /// for 10 s of latency between them.
    class Told;

    double rate;
    Controls values;
    std::shared_ptr<Told> told;
    double level = 0; // of the peaks, now
};

} // namespace lacquer::engine
