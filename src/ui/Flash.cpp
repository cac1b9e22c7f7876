// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Flash.h"

#include <algorithm>
#include <tuple>

namespace lacquer::ui
{

Flash::Flash()
{
    setInterceptsMouseClicks (false, false);
    setAccessible (false);
}

void Flash::start (ChangedParts what)
{
    parts = std::move (what);
    left = parts.empty() ? 0 : duration;
}

void Flash::advance (double seconds)
{
    if (left <= 0)
        return;
    left -= seconds;
    if (left <= 0)
    {
        parts.clear();
        show ({});
    }
}

void Flash::show (Outlines places)
{
    // Much of one step may lie in one place: an effect and a value of one strip.
    const auto key = [] (const juce::Rectangle<int>& r)
    { return std::tuple (r.getX(), r.getY(), r.getWidth(), r.getHeight()); };
    std::sort (places.begin(), places.end(),
               [&] (const auto& a, const auto& b) { return key (a) < key (b); });
    places.erase (std::unique (places.begin(), places.end()), places.end());
    if (places == drawn)
        return;
    for (const auto* list : { &drawn, &places })
        for (const auto& r : *list)
            repaint (r);
    drawn = std::move (places);
}

void Flash::paint (juce::Graphics& g)
{
    if (drawn.empty())
        return;
    const auto clip = g.getClipBounds();
    g.setColour (colour (tokens::text));
    for (const auto& r : drawn)
        if (r.intersects (clip))
            g.drawRoundedRectangle (r.toFloat().reduced (1), tokens::radiusClip, 2);
}

} // namespace lacquer::ui
