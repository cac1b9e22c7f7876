// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <span>

namespace lacquer
{

/// Sound by absolute position on a song's timeline: what the engine plays. Implemented by files (disk
/// streams) and by tests.
class FrameSource
{
public:
    virtual ~FrameSource() = default;

    /// 1 or 2. Constant.
    virtual int channels() const noexcept = 0;

    /// Writes frames [position, position + frames) to out[c][0..frames): silence where there is no clip.
    /// [audio, or the offline thread] Never waits, locks or allocates when live. Returns how many leading
    /// frames were available; the rest is silence and counts as an underrun.
    virtual int read (Frames position, std::span<float* const> out, int frames) noexcept = 0;

    /// Tells a live source where playback will go on, so that it fetches ahead. [audio] Wait-free.
    virtual void locate (Frames position) noexcept = 0;

    /// Whether enough is there to begin playing at the position of the last locate. [audio] Wait-free.
    virtual bool canStart (Frames) noexcept { return true; }
};

} // namespace lacquer
