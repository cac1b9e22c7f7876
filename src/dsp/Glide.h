// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/Ramp.h"

#include <algorithm>

namespace lacquer::dsp
{

/// From one value nearer to another, by `most` in 64 frames and no more. For two gains that undo each other:
/// in straight lines over a block they do so only while neither changes by much more than 6 dB. [audio]
inline float nearer (float from, float to, float most, int frames) noexcept
{
    const float reach = most * static_cast<float> (frames) / 64;
    return to > from ? std::min (to, from + reach) : std::max (to, from - reach);
}

/// A ramp that does not leap, however far its target does: for the time of a delay, whose pitch would.
class Glide : public Ramp
{
public:
    void forget() noexcept
    {
        Ramp::forget();
        fresh = true;
    }

    /// Begins a block that goes nearer to the target, by `most` in 64 frames and no more.
    void towards (float wanted, float most, int frames) noexcept
    {
        Ramp::towards (fresh ? wanted : nearer (target(), wanted, most, frames), frames);
        fresh = false;
    }

private:
    bool fresh = true;
};

} // namespace lacquer::dsp
