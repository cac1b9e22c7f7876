// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/DampedLines.h"

namespace lacquer::dsp
{

/// A feedback delay network of 16 lines with a Householder matrix.
class Fdn
{
public:
    /// longest: the longest line at size 1, in seconds. [control] Allocates.
    void prepare (double sampleRate, double longest);
    void reset() noexcept;
    bool clearSome() noexcept { return lines.clearSome(); } ///< see LineBank. [audio]

    void setSize (float size) noexcept; ///< 0 to 1. [audio]
    void setDecay (const FdnDecay& d) noexcept { lines.setDecay (d); }
    void setWander (double share, std::int64_t position) noexcept { lines.setWander (share, position); }

    /// Adds `in` to what circulates. early: the sums of `in` over the even and the odd lines; late: of what
    /// leaves them. depth: of the delay modulation, in frames. [audio]
    void process (const FdnRows& in, FdnSums& early, FdnSums& late, int frames, const Ramp& depth) noexcept;

    /// Mean over the lines of the squared gain of one pass at mid frequencies.
    float passEnergy() const noexcept;

private:
    DampedLines lines;
    double rate = 48000, longest = 0.14;
    float size = -1;
};

} // namespace lacquer::dsp
