// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Handoff.h"
#include "core/Queue.h"
#include "engine/Processor.h"

#include <memory>
#include <optional>
#include <vector>

namespace lacquer::engine
{

/// Looks at live values in every quantum, as processors do, and tells where in the song they changed. It has
/// neither inputs nor outputs, so it hears the song with no latency.
class ControlTap final : public Processor
{
public:
    struct Watched
    {
        std::shared_ptr<const Controls> controls;
        int parameter = 0;
    };
    /// A value that was there from the chunk on that began at a position.
    struct Landed
    {
        std::uint32_t list = 0; ///< the number of the list it was in
        std::uint32_t which = 0;
        Frames position = 0;
        float value = 0;
    };

    /// What to look at from now on; the number of this list. [control]
    std::uint32_t watch (std::vector<Watched>);
    /// The next change while the song played; nothing when there is none. [control]
    std::optional<Landed> take() { return landed.pop(); }

    void process (const Chunk&, std::span<const Signal> inputs, std::span<Signal> outputs) noexcept override;
    void reset() noexcept override {}
    int latency() const noexcept override { return 0; }

private:
    struct List // Handoff hands over constant objects; what was seen last belongs to the audio thread
    {
        std::uint32_t number;
        std::vector<Watched> all;
        std::unique_ptr<float[]> last;
    };
    Handoff<List> lists;
    Queue<Landed, 4096> landed;
    std::uint32_t count = 0;
};

} // namespace lacquer::engine
