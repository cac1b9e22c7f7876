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

/// All-passes in series: they make one echo many.
template <std::size_t count>
class AllpassChain
{
public:
    /// [control] Allocates.
    void prepare (double rate, const std::array<double, count>& seconds)
    {
        std::array<int, count> longest;
        for (std::size_t i = 0; i < count; ++i)
        {
            whole[i] = seconds[i] * rate;
            longest[i] = length[i] = std::max (shortest (i), static_cast<int> (std::lround (whole[i])));
        }
        lines.prepare (longest);
        fade.length = static_cast<int> (0.04 * rate);
        reset();
    }
    void reset() noexcept
    {
        lines.clear();
        fade.left = 0;
        share = -1;
    }
    bool clearSome() noexcept { return lines.clearSome(); }

    /// Their lengths as a share of those prepared; glides there. What comes while they do is not taken. The
    /// energy of an all-pass lies at its length in the mean, whatever its gain: where a room is to die away
    /// soon, the way into it must be short. [audio]
    void setLengths (float wanted) noexcept
    {
        if (wanted == share || fade.active())
            return;
        before = length;
        for (std::size_t i = 0; i < count; ++i)
            length[i] = std::max (shortest (i),
                                  static_cast<int> (std::lround (static_cast<double> (wanted) * whole[i])));
        if (share >= 0)
            fade.start();
        share = wanted;
    }

    /// In place; amount: share of the gains. [audio]
    void process (float* x, const std::array<float, count>& gains, const dsp::Ramp& amount,
                  int frames) noexcept
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            const float* delayed = lines.past (i, length[i]);
            if (fade.active())
            {
                const float* const old = lines.past (i, before[i]);
                for (int n = 0; n < frames; ++n)
                    faded[n] = old[n] + (delayed[n] - old[n]) * fade.share (n);
                delayed = faded;
            }
            float* const to = lines.coming (i);
            if (! amount.moves())
                allpass (x, delayed, gains[i] * amount.target(), to, x, frames);
            else
                for (int n = 0; n < frames; ++n)
                {
                    const float g = gains[i] * amount[n], v = x[n] + g * delayed[n], d = delayed[n];
                    x[n] = d - g * v;
                    to[n] = v;
                }
        }
        lines.wrote (frames);
        fade.advance (frames);
    }

    /// The share of a gain at which an all-pass of so many seconds falls twice as fast as a room of that
    /// decay: what enters a room shall not be heard longer than the room. [any thread]
    static float shareFor (double decay, double seconds, double gain) noexcept
    {
        return static_cast<float> (std::min (1.0, std::pow (10, -6 * seconds / decay) / gain));
    }

private:
    /// A frame more than a block, and no two alike.
    static constexpr int shortest (std::size_t i) noexcept
    {
        return dsp::fdnFrames + 1 + 13 * static_cast<int> (i * 5 % count);
    }

    dsp::LineBank lines;
    std::array<double, count> whole {}; // frames
    std::array<int, count> length {}, before {};
    dsp::Crossfade fade;
    float share = -1;
    float faded[dsp::fdnFrames] {};
};

} // namespace lacquer::mix
