// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/LoudnessKeeper.h"

#include <algorithm>
#include <cmath>

namespace lacquer::dsp
{

LoudnessKeeper::LoudnessKeeper (double sampleRate) : filter (sampleRate), rate (sampleRate)
{
    reset (1);
}

void LoudnessKeeper::reset (double expected) noexcept
{
    first.reset();
    second.reset();
    heardBefore = heardAfter = {};
    // As if a twentieth of a second at -23 LUFS had shown it: enough that the first frames do not decide.
    energyBefore = 0.05 * rate * 0.006;
    energyAfter = energyBefore / (expected * expected);
    longBefore = longGiven = rate * 0.006;
    from = to = expected;
    phase = heard = 0;
}

void LoudnessKeeper::process (const float* const* before, const float* const* after, int frames,
                              float* gains) noexcept
{
    for (int at = 0; at < frames;)
    {
        const int count = std::min (frames - at, step - phase);
        first.add (filter, before[0] + at, before[1] + at, count, heardBefore);
        second.add (filter, after[0] + at, after[1] + at, count, heardAfter);
        const double slope = (to - from) / step;
        for (int n = 0; n < count; ++n)
            gains[at + n] = static_cast<float> (from + slope * (phase + n + 1));
        at += count;
        phase += count;
        if (phase < step)
            continue;

        phase = 0;
        first.settle();
        second.settle();
        const double was = heardBefore.energy[2] + heardBefore.energy[3],
                     is = heardAfter.energy[2] + heardAfter.energy[3];
        heardBefore = heardAfter = {};
        const double given = (from + to) / 2;
        constexpr double gate = step * 1.17e-7; // -70 LUFS: -0.691 + 10 lg of the mean square
        if (was > gate && std::isfinite (was) && std::isfinite (is))
        {
            // The first tenth of a second is how the change began, not how it is.
            if (heard++ < static_cast<int> (0.1 * rate / step))
                continue;
            const double forget = step / (3 * rate), forgetLate = step / (10 * rate);
            energyBefore += was - forget * energyBefore;
            energyAfter += is - forget * energyAfter;
            longBefore += was - forgetLate * longBefore;
            longGiven += is * given * given - forgetLate * longGiven;
        }
        static const double limit = std::pow (10, most / 20);
        const double missed = std::clamp (longBefore / longGiven, 0.7, 1.4); // 3 dB
        const double wanted =
            std::clamp (std::sqrt (energyBefore / std::max (energyAfter, 1e-30)) * missed, 1 / limit, limit);
        from = to;
        to += std::min (1.0, step / (0.1 * rate)) * (wanted - to);
    }
}

} // namespace lacquer::dsp
