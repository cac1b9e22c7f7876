// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/SourceNode.h"

#include <algorithm>
#include <cassert>

namespace lacquer::engine
{

SourceNode::SourceNode (std::shared_ptr<FrameSource> s, Frames lead)
    : source (std::move (s)), late (static_cast<int> (lead))
{
    assert (source != nullptr && (source->channels() == 1 || source->channels() == 2));
}

void SourceNode::process (const Chunk& chunk, std::span<const Signal>, std::span<Signal> outputs) noexcept
{
    Signal& out = outputs.front();
    const bool starts = chunk.time.playing && ! wasPlaying, stops = wasPlaying && ! chunk.time.playing;
    wasPlaying = chunk.time.playing;
    const Frames position = chunk.time.position;

    // A stop fades out what would have come next, wherever it stands still.
    const Frames from = stops ? expected : position;
    if (! stops && position != expected)
        source->locate (position);
    expected = position + (chunk.time.playing ? chunk.frames : 0);
    if (! chunk.time.playing && ! stops)
    {
        for (int c = 0; c < out.channels; ++c)
            std::fill_n (out.channel[c], chunk.frames, 0.0f);
        out.silent = true;
        return;
    }

    const std::span<float* const> channels (out.channel, static_cast<std::size_t> (source->channels()));
    if (source->read (from, channels, chunk.frames) < chunk.frames && chunk.underruns != nullptr)
        chunk.underruns->fetch_add (1, std::memory_order_relaxed);

    if (starts)
        fadeIn = position > 0 ? quantum : 0;
    for (int c = 0; c < source->channels(); ++c)
        for (int n = 0; n < chunk.frames; ++n)
        {
            if (stops)
                out.channel[c][n] *=
                    static_cast<float> (chunk.frames - 1 - n) / static_cast<float> (chunk.frames);
            else if (n < fadeIn)
                out.channel[c][n] *= static_cast<float> (quantum - fadeIn + n) / quantum;
        }
    fadeIn = std::max (0, fadeIn - chunk.frames);
    if (stops)
        source->locate (position); // the frames of the fade will be played again
}

bool SourceNode::canStart (Frames position) noexcept
{
    if (position != expected)
        source->locate (position);
    expected = position;
    return source->canStart (position);
}

void SourceNode::reset() noexcept
{
    wasPlaying = false;
    fadeIn = 0;
}

} // namespace lacquer::engine
