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
    bool operator== (const TimeView&) const = default;

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

} // namespace lacquer::ui
