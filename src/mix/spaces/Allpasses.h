// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/LineBank.h"
#include "dsp/Ramp.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lacquer::mix
{

/// One block through an all-pass (M. R. Schroeder, JAES 10, 1962): delayed is what its line gives, `to` what
/// its line takes up; y may be x. Every line is longer than a block, so no frame waits for another.
inline void allpass (const float* x, const float* delayed, float gain, float* to, float* y,
                     int frames) noexcept
{
    for (int n = 0; n < frames; ++n)
    {
        const float v = x[n] + gain * delayed[n], d = delayed[n];
        y[n] = d - gain * v;
        to[n] = v;
    }
}

/// All-passes in series, each of a fixed length: they make one echo many.
template <std::size_t count>
class AllpassChain
{
public:
    /// [control] Allocates.
    void prepare (double rate, const std::array<double, count>& seconds)
    {
        std::array<int, count> longest;
        for (std::size_t i = 0; i < count; ++i)
            longest[i] = length[i] =
                std::max (dsp::fdnFrames + 1, static_cast<int> (std::lround (seconds[i] * rate)));
        lines.prepare (longest);
    }
    void reset() noexcept { lines.clear(); }
    bool clearSome() noexcept { return lines.clearSome(); }

    /// In place; share: of the gains. [audio]
    void process (float* x, const std::array<float, count>& gains, const dsp::Ramp& share,
                  int frames) noexcept
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            const float* const delayed = lines.past (i, length[i]);
            float* const to = lines.coming (i);
            if (! share.moves())
                allpass (x, delayed, gains[i] * share.target(), to, x, frames);
            else
                for (int n = 0; n < frames; ++n)
                {
                    const float g = gains[i] * share[n], v = x[n] + g * delayed[n], d = delayed[n];
                    x[n] = d - g * v;
                    to[n] = v;
                }
        }
        lines.wrote (frames);
    }

    /// The share of a gain at which an all-pass of so many seconds falls twice as fast as a room of that
    /// decay: what enters a room shall not be heard longer than the room. [any thread]
    static float shareFor (double decay, double seconds, double gain) noexcept
    {
        return static_cast<float> (std::min (1.0, std::pow (10, -6 * seconds / decay) / gain));
    }

private:
    dsp::LineBank lines;
    std::array<int, count> length {};
};

} // namespace lacquer::mix
