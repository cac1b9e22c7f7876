// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/FrameSource.h"
#include "engine/Processor.h"

#include <memory>

namespace lacquer::engine
{

/// Plays a FrameSource: no input, one output of its channels. Silent when nothing plays. Where playing starts
/// inside the song and where it stops, it fades over one quantum, so that a cut wave does not click; it does
/// not at the song's start and at loop jumps, which play every frame as it is.
class SourceNode final : public Processor
{
public:
    /// Precondition: not null. lead: the source begins so many frames before the song, as what was recorded
    /// behind effects that are as late; that is the node's latency.
    explicit SourceNode (std::shared_ptr<FrameSource>, Frames lead = 0);

    void process (const Chunk&, std::span<const Signal>, std::span<Signal> outputs) noexcept override;
    void reset() noexcept override;
    bool canStart (Frames position) noexcept override;
    int latency() const noexcept override { return late; }

private:
    std::shared_ptr<FrameSource> source;
    int late = 0;
    Frames expected = 0; // where the next chunk begins if nothing jumps
    int fadeIn = 0;      // frames of it still to come
    bool wasPlaying = false;
};

} // namespace lacquer::engine
