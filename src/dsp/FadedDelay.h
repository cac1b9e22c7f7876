// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/Fdn.h"

#include <algorithm>

namespace lacquer::dsp
{

/// A delay of one or two channels whose length changes by a crossfade.
class FadedDelay
{
public:
    static constexpr int longestBlock = 64;

    /// [control] Allocates. longest, fade: frames.
    void prepare (int longest, int fadeFrames)
    {
        for (auto& l : line)
            l.prepare (longest + 2 * longestBlock);
        fade.length = std::max (1, fadeFrames);
        reset();
    }

    void reset() noexcept ///< [audio]
    {
        for (auto& l : line)
            l.clear();
        fade.left = 0;
        delay = -1;
    }

    /// In place. [audio]
    void process (float* const* x, int channels, int frames, int wanted) noexcept
    {
        if (delay < 0)
            delay = wanted;
        else if (wanted != delay && ! fade.active())
        {
            before = delay;
            delay = wanted;
            fade.start();
        }
        for (int c = 0; c < channels; ++c)
        {
            line[c].write (x[c], frames);
            if (delay > 0 || fade.active())
                line[c].read (x[c], delay, frames);
            if (fade.active())
            {
                float old[longestBlock];
                line[c].read (old, before, frames);
                for (int n = 0; n < frames; ++n)
                    x[c][n] = old[n] + (x[c][n] - old[n]) * fade.share (n);
            }
        }
        fade.advance (frames);
    }

private:
    BlockDelay line[2];
    Crossfade fade;
    int delay = -1, before = 0;
};

} // namespace lacquer::dsp
