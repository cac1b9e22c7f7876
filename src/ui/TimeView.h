// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Model.h"

#include <cmath>

namespace lacquer::ui
{

/// Which stretch of the song a width of pixels shows.
struct TimeView
{
    double start = 0;      ///< frame at the left edge
    double perPixel = 480; ///< frames

    float x (Frames f, float left) const
    {
        return left + static_cast<float> ((static_cast<double> (f) - start) / perPixel);
    }
    Frames frame (float x0, float left) const
    {
        return static_cast<Frames> (std::llround (start + static_cast<double> (x0 - left) * perPixel));
    }
    /// Zooms by a factor so that the frame under a pixel stays there.
    void zoom (double factor, float at, float left, double least, double most)
    {
        const double held = start + static_cast<double> (at - left) * perPixel;
        perPixel = std::clamp (perPixel / factor, least, most);
        start = std::max (0.0, held - static_cast<double> (at - left) * perPixel);
    }
};

/// What positions are drawn to.
struct Snap
{
    enum class To
    {
        bar,
        beat,
        eighth,
        sixteenth,
        second,
        cdFrame
    };
    To to = To::eighth;
    bool on = true;

    static const char* name (To t)
    {
        constexpr const char* names[] { "Bar", "1/4", "1/8", "1/16", "Seconds", "CD frames" };
        return names[static_cast<int> (t)];
    }

    /// The nearest place of the grid. [any thread]
    Frames nearest (const TempoMap& map, Frames f) const { return on ? step (map, f, 0) : f; }
    /// The next place of the grid in a direction, -1 or 1; with 0 the nearest.
    Frames step (const TempoMap& map, Frames f, int direction) const
    {
        const auto along = [&] (double at, double unit)
        {
            const double place = at / unit;
            constexpr double hair = 1e-6;
            return unit * (direction == 0  ? std::round (place)
                           : direction > 0 ? std::floor (place + hair) + 1
                                           : std::ceil (place - hair) - 1);
        };
        const auto inBeats = [&] (double unit) {
            return static_cast<Frames> (
                std::llround (map.frameAt (std::max (0.0, along (map.beatAt (f), unit)))));
        };
        const auto inFrames = [&] (double unit) {
            return static_cast<Frames> (std::llround (std::max (0.0, along (static_cast<double> (f), unit))));
        };
        switch (to)
        {
            case To::bar:
            {
                const int bar = map.barBeatAt (f).bar;
                const auto at = [&] (int b)
                { return static_cast<Frames> (std::llround (map.frameOfBar (b))); };
                const auto here = at (bar), next = at (bar + 1);
                if (direction > 0)
                    return next;
                if (direction < 0)
                    return here < f ? here : at (std::max (1, bar - 1));
                return f - here < next - f ? here : next;
            }
            case To::beat: return inBeats (1);
            case To::eighth: return inBeats (0.5);
            case To::sixteenth: return inBeats (0.25);
            case To::second: return inFrames (map.sampleRate());
            case To::cdFrame: return inFrames (map.sampleRate() / 75);
        }
        return f;
    }
};

} // namespace lacquer::ui
