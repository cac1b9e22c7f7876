// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"
#include "engine/Engine.h"

#include <functional>

namespace lacquer::engine
{

/// Takes the next frames of a render: two channels. Its Problem ends the render.
using Sink = std::function<Outcome (const float* const* channels, int frames)>;

/// Plays the song frames [from, to) of the engine's plan into a sink, as fast as it goes, the latency
/// removed: exactly to - from frames. [control] Always plays from the song's start and throws away what
/// precedes `from`, so that a range equals the same part of the whole to the bit. block: frames per
/// process(); no bit depends on it. Afterwards the engine is stopped where it was. A Problem when another
/// driver holds the engine, when the sink has one, or when stopped by progress.
Outcome render (Engine&, Frames from, Frames to, int block, const Sink&, const Progress& = {});

} // namespace lacquer::engine
