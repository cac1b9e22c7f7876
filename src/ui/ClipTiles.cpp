// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ClipTiles.h"

#include "session/ClipEdits.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lacquer::ui
{

namespace
{

constexpr double budget = 3;           ///< ms for new tiles in one picture
constexpr std::size_t mostTiles = 900; ///< kept: some 50 MB
constexpr int mostFreed = 100;         ///< in one picture

} // namespace

float fadeGain (session::Fade shape, float share)
{
    constexpr float quarter = std::numbers::pi_v<float> / 2;
    share = std::clamp (share, 0.0f, 1.0f);
    switch (shape)
    {
        case session::Fade::linear: return share;
        case session::Fade::equalPower: return std::sin (quarter * share);
        case session::Fade::sCurve: return std::pow (std::sin (quarter * share), 2.0f);
        case session::Fade::exponential: break;
    }
    return (std::pow (1000.0f, share) - 1) / 999;
}

void ClipTiles::begin()
{
    ++pictures;
    startedAt = juce::Time::getMillisecondCounterHiRes();
    unfinished = false;
    // A few in each picture: to free hundreds at once would make one of them late.
    int gone = 0;
    for (auto t = tiles.begin(); tiles.size() > mostTiles && gone < mostFreed && t != tiles.end();)
        if (t->second.used + 2 < pictures)
        {
            t = tiles.erase (t);
            ++gone;
        }
        else
            ++t;
}

/// The clips of a track by their start: an edit list is in order of making.
const std::vector<session::ClipPtr>& ClipTiles::sorted (const session::Track& track)
{
    auto& [given, list] = order[track.strip.id];
    if (given != track.clips)
    {
        given = list = track.clips;
        std::stable_sort (list.begin(), list.end(),
                          [] (const auto& a, const auto& b) { return a->start < b->start; });
    }
    return list;
}

void ClipTiles::paint (juce::Graphics& g, const session::Track& track, const TimeView& view,
                       juce::Rectangle<int> lane, const std::set<Id>& selected)
{
    if (std::exchange (perPixel, view.perPixel) != view.perPixel)
        tiles.clear();
    const auto& clips = sorted (track);
    const auto outlines = model.outlines();
    const auto left = static_cast<std::int64_t> (std::floor (view.start / perPixel));
    const auto first = left / width, last = (left + lane.getWidth() - 1) / width;
    juce::Graphics::ScopedSaveState state (g);
    if (! g.reduceClipRegion (lane))
        return;
    for (auto index = first; index <= last; ++index)
    {
        const juce::Rectangle<int> place (lane.getX() + static_cast<int> (index * width - left), lane.getY(),
                                          width, lane.getHeight());
        if (! g.clipRegionIntersects (place))
            continue;
        const auto from = static_cast<Frames> (static_cast<double> (index * width) * perPixel);
        const auto to = static_cast<Frames> (static_cast<double> ((index + 1) * width) * perPixel) + 1;
        std::vector<session::ClipPtr> within;
        std::vector<bool> chosen;
        for (const auto& c : clips)
        {
            if (c->start >= to)
                break;
            if (c->start + c->length > from)
            {
                within.push_back (c);
                chosen.push_back (selected.contains (c->id));
            }
        }
        if (within.empty())
            continue;
        auto& tile = tiles[{ track.strip.id, index, lane.getHeight() }];
        tile.used = pictures;
        const bool same = tile.image.isValid() && tile.clips == within && tile.selected == chosen &&
                          tile.colour == track.strip.colour && tile.outlines == outlines;
        if (! same || ! tile.whole)
        {
            const bool late = juce::Time::getMillisecondCounterHiRes() - startedAt > budget;
            if (! same || ! late)
            {
                tile.clips = std::move (within);
                tile.selected = std::move (chosen);
                tile.colour = track.strip.colour;
                tile.outlines = outlines;
                tile.whole = ! late;
                draw (tile, view, index, lane.getHeight());
            }
            unfinished = unfinished || ! tile.whole;
        }
        g.drawImageAt (tile.image, place.getX(), place.getY());
    }
}

void ClipTiles::draw (Tile& tile, const TimeView& view, std::int64_t index, int height)
{
    if (! tile.image.isValid())
        tile.image = juce::Image (juce::Image::RGB, width, height, false);
    juce::Graphics g (tile.image);
    g.fillAll (colour (tokens::well));
    const auto tint = pigment (tile.colour);
    for (std::size_t n = 0; n < tile.clips.size(); ++n)
    {
        const auto& c = *tile.clips[n];
        const auto origin = static_cast<double> (index * width);
        const float a = static_cast<float> (std::round (static_cast<double> (c.start) / view.perPixel) -
                                            origin),
                    b = static_cast<float> (
                        std::round (static_cast<double> (c.start + c.length) / view.perPixel) - origin);
        drawClip (g, c, { a, 0, std::max (1.0f, b - a - 1), static_cast<float> (height) }, view, index, tint,
                  tile.selected[n], tile.whole);
    }
}

void ClipTiles::drawClip (juce::Graphics& g, const session::Clip& clip, juce::Rectangle<float> r,
                          const TimeView& view, std::int64_t index, juce::Colour tint, bool selected,
                          bool whole)
{
    const auto ground = juce::Colour (0xff0e0c0b);
    const float strength = clip.muted ? 0.35f : 1.0f;
    const auto mixed = [&] (float share) { return ground.overlaidWith (tint.withAlpha (share * strength)); };
    const bool named = r.getHeight() >= 33 && r.getWidth() > 20;
    g.setColour (mixed (selected ? 0.30f : 0.21f));
    // Only the part inside the tile: a long clip is thousands of pixels.
    const auto seen = r.getIntersection ({ -4, 0, static_cast<float> (width) + 8, r.getHeight() });
    g.fillRoundedRectangle (seen, tokens::radiusClip);
    auto body = r;
    if (named)
    {
        auto bar = body.removeFromTop (13);
        g.setColour (mixed (selected ? 0.62f : 0.42f));
        g.fillRect (bar.getIntersection (seen));
        if (bar.getX() > -600 && bar.getX() < static_cast<float> (width))
        {
            juce::Graphics::ScopedSaveState state (g);
            g.reduceClipRegion (bar.getIntersection (seen).toNearestInt());
            g.setColour (colour (clip.muted ? tokens::text3 : tokens::text));
            g.setFont (font (10, Weight::medium));
            g.drawText (utf8 (clip.name), bar.withTrimmedLeft (4).withWidth (600),
                        juce::Justification::centredLeft, false);
        }
    }
    if (! whole)
        return;

    const int from = static_cast<int> (std::max (0.0f, r.getX())),
              to = static_cast<int> (std::min (static_cast<float> (width), r.getRight()));
    if (from >= to)
        return;
    const auto frameOf = [&] (int x)
    {
        const double at =
            (static_cast<double> (index * width) + x) * view.perPixel - static_cast<double> (clip.start);
        return std::clamp<Frames> (static_cast<Frames> (at), 0, clip.length);
    };
    columns.assign (static_cast<std::size_t> (to - from), {});
    const auto first = frameOf (from), end = std::max (first + 1, frameOf (to));
    // A clip that plays backwards is seen backwards.
    const auto begin = clip.offset + (clip.reversed ? clip.length - end : first);
    const float middle = body.getCentreY(), scale = body.getHeight() * 0.47f;
    if (model.outline (clip.media, begin, begin + end - first, columns))
    {
        if (clip.reversed)
            std::reverse (columns.begin(), columns.end());
        const auto gain = static_cast<float> (gainOf (Decibels { clip.gain + taller }));
        const auto loud = mixed (0.78f), core = mixed (0.78f).brighter (0.25f);
        const bool fades = clip.fadeIn > 0 || clip.fadeOut > 0;
        for (int x = from; x < to; ++x)
        {
            const auto& c = columns[static_cast<std::size_t> (x - from)];
            float level = gain;
            if (fades || ! clip.envelope.empty())
            {
                const auto f = frameOf (x);
                if (! clip.envelope.empty())
                    level *=
                        static_cast<float> (gainOf (Decibels { session::envelopeGain (clip.envelope, f) }));
                if (f < clip.fadeIn)
                    level *= fadeGain (clip.fadeInShape,
                                       static_cast<float> (f) / static_cast<float> (clip.fadeIn));
                if (clip.length - f < clip.fadeOut)
                    level *= fadeGain (clip.fadeOutShape, static_cast<float> (clip.length - f) /
                                                              static_cast<float> (clip.fadeOut));
            }
            const float up = std::min (1.0f, level * c.high) * scale,
                        down = std::max (-1.0f, level * c.low) * scale;
            const int top = juce::roundToInt (middle - up), bottom = juce::roundToInt (middle - down);
            g.setColour (loud);
            g.fillRect (x, top, 1, std::max (1, bottom - top));
            const int r2 = juce::roundToInt (std::min (level * c.rms, 1.0f) * scale);
            if (r2 > 0)
            {
                g.setColour (core);
                g.fillRect (x, juce::roundToInt (middle) - r2, 1, 2 * r2);
            }
        }
    }
    // The fades as the curves they are.
    const auto curve = [&] (Frames length, session::Fade shape, bool in)
    {
        const float w = static_cast<float> (static_cast<double> (length) / view.perPixel);
        if (w < 3)
            return;
        juce::Path p;
        const int steps = std::clamp (static_cast<int> (w / 6), 6, 40);
        for (int n = 0; n <= steps; ++n)
        {
            const float share = static_cast<float> (n) / static_cast<float> (steps);
            const float x = in ? body.getX() + share * w : body.getRight() - share * w;
            const float y = body.getBottom() - fadeGain (shape, share) * (body.getHeight() - 1);
            if (n == 0)
                p.startNewSubPath (x, y);
            else
                p.lineTo (x, y);
        }
        g.setColour (colour (tokens::text).withAlpha (0.8f * strength));
        g.strokePath (p, juce::PathStrokeType (1.1f));
    };
    curve (clip.fadeIn, clip.fadeInShape, true);
    curve (clip.fadeOut, clip.fadeOutShape, false);
}

} // namespace lacquer::ui
