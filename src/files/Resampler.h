// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "core/Units.h"

#include <functional>
#include <memory>
#include <vector>

namespace lacquer::files
{

/// Converts the sample rate of a stream by libsoxr at its "very high quality": phase-linear, 28 bits of
/// precision, latency removed. As many frames come out as framesAtRate() says, exactly.
class Resampler
{
public:
    /// Takes what is ready: planar samples.
    using Sink = std::function<Outcome (const float* const* channels, int frames)>;

    /// [any thread but audio]
    static Result<Resampler> made (double from, double to, int channels);
    Resampler (Resampler&&) noexcept;
    Resampler& operator= (Resampler&&) noexcept;
    ~Resampler();

    /// Feeds frames; hands what is ready to sink.
    Outcome process (const float* const* channels, int frames, const Sink& sink);

    /// Hands out the rest. Once.
    Outcome finish (const Sink& sink);

private:
    struct State;
    explicit Resampler (std::unique_ptr<State>);
    std::unique_ptr<State> state;
};

} // namespace lacquer::files
