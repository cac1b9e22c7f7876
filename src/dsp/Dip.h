// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <algorithm>

namespace lacquer::dsp
{

/// For a setting that cannot move without a click, as a latency: fades the sound out, lets it change, waits
/// until nothing is left of before, and fades in again, 5 ms each. As long as it stands still, it does
/// nothing.
class Dip
{
public:
    void prepare (double sampleRate) noexcept ///< [control]
    {
        step = static_cast<float> (1 / (0.005 * sampleRate));
        reset();
    }

    void reset() noexcept ///< The next setting holds at once. [audio]
    {
        setting = -1;
        wait = 0;
        gain = 1;
    }

    /// The setting of a block. wanted: 0 or more. [audio]
    int towards (int wanted) noexcept
    {
        if (setting < 0)
            setting = wanted;
        else if (gain == 0 && setting != wanted)
        {
            setting = wanted;
            wait = memory;
        }
        perFrame = setting != wanted ? -step : wait > 0 || gain == 1 ? 0 : step;
        return setting;
    }

    bool active() const noexcept { return gain != 1 || perFrame != 0; }

    /// The gain of frame n of the block.
    float operator[] (int n) const noexcept
    {
        return std::clamp (gain + perFrame * static_cast<float> (n + 1), 0.0f, 1.0f);
    }

    void advance (int frames) noexcept ///< [audio]
    {
        gain = (*this)[frames - 1];
        wait = perFrame == 0 ? std::max (0, wait - frames) : wait;
    }

private:
    static constexpr int memory = 128; // frames; of the filters of oversampling
    int setting = -1, wait = 0;
    float gain = 1, perFrame = 0, step = 1;
};

} // namespace lacquer::dsp
