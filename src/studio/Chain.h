// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/FrameSource.h"
#include "core/Progress.h"
#include "engine/Offline.h"
#include "session/Project.h"

#include <memory>
#include <string>
#include <vector>

namespace lacquer::studio
{

/// Sound in memory as a source: planar, one or two channels of equal length.
class MemorySource final : public FrameSource
{
public:
    explicit MemorySource (std::shared_ptr<const std::vector<std::vector<float>>> sound)
        : channel (std::move (sound))
    {
    }

    int channels() const noexcept override { return static_cast<int> (channel->size()); }
    int read (Frames position, std::span<float* const> out, int frames) noexcept override;
    void locate (Frames) noexcept override {}

private:
    std::shared_ptr<const std::vector<std::vector<float>>> channel;
};

/// An effect with its values from one text: "reverb decay=2.5s mix=30%", or "reverb preset=vocal-plate
/// mix=20%". A Problem names the effect, preset, parameter or value that does not exist. [control]
Result<session::Effect> effectFrom (const std::string& text);

/// Runs effects over a source in order, latency removed: exactly `frames` frames of as many channels as the
/// source has come out, in two-channel blocks. threads: 0 for one per core. [control]
Outcome runChain (std::shared_ptr<FrameSource>, double sampleRate, const std::vector<session::Effect>&,
                  Frames frames, const engine::Sink&, const Progress& = {}, int threads = 0);

/// Frames until the tails of effects have ended, at most 20 s. [control]
Frames tailOf (const std::vector<session::Effect>&, double sampleRate);

} // namespace lacquer::studio
