// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Monitor.h"

#include "core/Units.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lacquer::studio
{

namespace
{

float gainFor (double decibels)
{
    return static_cast<float> (gainOf (Decibels { decibels }));
}

/// Frame n of a side of a sound of one or two channels.
float frameOf (const engine::Signal& s, int side, int n)
{
    return s.silent || s.channels < 1 || s.channel[0] == nullptr
               ? 0.0f
               : s.channel[std::min (side, s.channels - 1)][n];
}

} // namespace

Monitor::Monitor (double sampleRate)
    : perFrame (static_cast<float> (1 / (0.010 * sampleRate))), band (sampleRate)
{
}

void Monitor::setLevel (double value) noexcept
{
    decibels.store (value, std::memory_order_relaxed);
    gain.store (gainFor (value), std::memory_order_relaxed);
}

void Monitor::setDimLevel (double value) noexcept
{
    dimGain.store (gainFor (value), std::memory_order_relaxed);
}

void Monitor::setReferenceLevel (double value) noexcept
{
    referenceGain.store (gainFor (value), std::memory_order_relaxed);
}

float Monitor::Way::towards (float target) noexcept
{
    now = now < target ? std::min (now + step, target) : std::max (now - step, target);
    return now;
}

void Monitor::reset() noexcept
{
    for (auto* way : { &loud, &middle, &crossed, &compares, &listens, &matched })
        way->step = 1e30f; // the next frame is there
    band.reset();
}

void Monitor::process (const engine::Signal& song, const engine::Signal& listenedTo,
                       const engine::Signal& compared, int frames, engine::Signal& out) noexcept
{
    const auto is = [] (const std::atomic<bool>& on)
    { return on.load (std::memory_order_relaxed) ? 1.0f : 0.0f; };
    const float level = is (muted) != 0 ? 0.0f
                                        : gain.load (std::memory_order_relaxed) *
                                              (dim() ? dimGain.load (std::memory_order_relaxed) : 1.0f);
    const std::pair<Way*, float> ways[] { { &loud, level },
                                          { &middle, is (mono) },
                                          { &crossed, is (swapped) },
                                          { &compares, is (reference) },
                                          { &listens, is (listened) },
                                          { &matched, referenceGain.load (std::memory_order_relaxed) } };
    const bool banded = band.works();
    if (banded)
        band.begin();
    bool rests = ! banded || (listens.now == 0 && ways[4].second == 0);
    for (const auto& [way, target] : ways)
    {
        // 10 ms from one end to the other; a step of a level takes as long, a band or a reference half as
        // long.
        const bool fast = way == &compares || (way == &listens && banded);
        if (way->now == target)
            way->step = 0;
        else if (way->step == 0)
            way->step = perFrame * (fast ? 2.0f : std::max (1.0f, std::abs (target - way->now)));
        rests = rests && way->now == target;
    }
    const auto& only = listens.now == 1 ? listenedTo : compares.now == 1 ? compared : song;
    if (rests && loud.now == 1 && middle.now == 0 && crossed.now == 0 &&
        (listens.now == 1 || (listens.now == 0 && (compares.now == 0 || matched.now == 1))))
    {
        for (int c = 0; c < 2; ++c)
            for (int n = 0; n < frames; ++n)
                out.channel[c][n] = frameOf (only, c, n);
        out.silent = only.silent;
        return;
    }
    for (int n = 0; n < frames; ++n)
    {
        const float toListened = listens.towards (ways[4].second),
                    referenceLevel = matched.towards (ways[5].second), x = compares.towards (ways[3].second),
                    share = x * x * (3 - 2 * x), toReference = std::sqrt (share),
                    toSong = std::sqrt (1 - share); // their squares sum to 1, and they begin softly
        float sides[2], alone[] { frameOf (listenedTo, 0, n), frameOf (listenedTo, 1, n) };
        if (banded)
            band.frame (alone[0], alone[1]);
        for (int c = 0; c < 2; ++c)
        {
            const float own = frameOf (song, c, n);
            const float heard = toSong * own + toReference * (referenceLevel * frameOf (compared, c, n));
            sides[c] = heard + toListened * (alone[c] - heard);
        }
        const float swapping = crossed.towards (ways[2].second), apart = sides[1] - sides[0],
                    l = sides[0] + swapping * apart, r = sides[1] - swapping * apart, m = 0.5f * (l + r),
                    toMiddle = middle.towards (ways[1].second), g = loud.towards (ways[0].second);
        out.channel[0][n] = g * (l + toMiddle * (m - l));
        out.channel[1][n] = g * (r + toMiddle * (m - r));
    }
    out.silent = false;
}

} // namespace lacquer::studio
