// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EqGraph.h"

#include <array>
#include <cmath>

namespace lacquer::ui
{

namespace
{

using eqScale::highest, eqScale::lowest, eqScale::slope;

/// "A4", "G7 +35 ct" of a frequency.
juce::String note (double frequency)
{
    static constexpr const char* names[] { "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B" };
    const double semitones = 69 + 12 * std::log2 (frequency / 440);
    const int nearest = static_cast<int> (std::lround (semitones));
    const int cents = static_cast<int> (std::lround (100 * (semitones - nearest)));
    auto text = juce::String (names[((nearest % 12) + 12) % 12]) + juce::String (nearest / 12 - 1);
    if (cents != 0)
        text << (cents > 0 ? " +" : " ") << juce::String (cents) << " ct";
    return ui::shown (text.toStdString());
}

} // namespace

void EqGraph::drawGrid()
{
    if (getWidth() <= 0 || getHeight() <= 0)
        return;
    grid = juce::Image (juce::Image::RGB, getWidth(), getHeight(), true);
    juce::Graphics g (grid);
    g.fillAll (colour (tokens::well));
    const auto r = plot();
    const auto lineAt = [&] (double f, juce::Colour c)
    {
        g.setColour (c);
        g.fillRect (std::round (xOf (f)), r.getY(), 1.0f, r.getHeight());
    };
    for (const double decade : { 10.0, 100.0, 1000.0, 10000.0 })
        for (int k = 1; k < 10; ++k)
            if (const double f = decade * k; f > lowest && f < highest)
                lineAt (f, colour (tokens::line).withAlpha (k == 1 ? 0.9f : 0.45f));
    for (int db = -9; db <= 9; db += 3)
    {
        g.setColour (colour (tokens::line).withAlpha (db == 0 ? 1.0f : 0.6f));
        g.fillRect (r.getX(), std::round (yOf (db)), r.getWidth(), 1.0f);
    }
    const auto label = [&] (double f, const juce::String& text)
    {
        const float x = xOf (f);
        g.setColour (colour (tokens::text3));
        const auto box = juce::Rectangle<float> (44, 14).withCentre (
            { std::clamp (x, 16.0f, static_cast<float> (getWidth()) - 16), r.getBottom() + 8 });
        drawTabular (g, text, font (size == Size::large ? 11.0f : 10.0f, Weight::medium), box,
                     juce::Justification::centred);
    };
    if (size == Size::large)
    {
        for (const auto& [f, t] : { std::pair { 20.0, "20" },
                                    { 50.0, "50" },
                                    { 100.0, "100" },
                                    { 200.0, "200" },
                                    { 500.0, "500" },
                                    { 1000.0, "1k" },
                                    { 2000.0, "2k" },
                                    { 5000.0, "5k" },
                                    { 10000.0, "10k" },
                                    { 20000.0, "20k" } })
            label (f, t);
    }
    else
        for (const auto& [f, t] : { std::pair { 100.0, "100" },
                                    { 200.0, "200" },
                                    { 1000.0, "1k" },
                                    { 2000.0, "2k" },
                                    { 10000.0, "10k" } })
            label (f, t);
}

void EqGraph::drawCurves()
{
    sum.clear();
    selectedFill.clear();
    moved.clear();
    const auto r = plot();
    if (r.getWidth() < 4)
        return;
    std::vector<double> frequencies;
    for (float x = r.getX(); x <= r.getRight(); x += 2)
        frequencies.push_back (frequencyAt (x));
    const double rate = model.sampleRate();
    const auto total = eqSum (sounds, frequencies, rate);
    const auto y = [&] (double gain) { return std::clamp (yOf (gain), r.getY() - 40, r.getBottom() + 40); };
    const auto draw = [&] (juce::Path& path, const std::vector<double>& gains)
    {
        for (std::size_t n = 0; n < gains.size(); ++n)
        {
            const juce::Point<float> p (r.getX() + 2 * static_cast<float> (n), y (gains[n]));
            if (n == 0)
                path.startNewSubPath (p);
            else
                path.lineTo (p);
        }
    };
    draw (sum, total);
    auto farthest = sounds;
    for (auto& s : farthest)
        if (s.follows())
            s.gain += s.range;
    if (farthest != sounds)
        draw (moved, eqSum (farthest, frequencies, rate));
    if (selected >= 0 && sounds[static_cast<std::size_t> (selected)].acts())
    {
        const auto own = eqSum ({ sounds[static_cast<std::size_t> (selected)] }, frequencies, rate);
        selectedFill.startNewSubPath (r.getX(), yOf (0));
        for (std::size_t n = 0; n < own.size(); ++n)
            selectedFill.lineTo (r.getX() + 2 * static_cast<float> (n), y (own[n]));
        selectedFill.lineTo (r.getRight(), yOf (0));
        selectedFill.closeSubPath();
    }
}

juce::Path EqGraph::outline (const Spectrum& s, bool closed) const
{
    juce::Path p;
    const auto r = plot();
    const float step = 2;
    bool first = true;
    double from = frequencyAt (r.getX());
    for (float x = r.getX(); x <= r.getRight(); x += step)
    {
        const double to = frequencyAt (x + step);
        const double level = s.level (from, to) + slope * std::log2 (std::sqrt (from * to) / 1000);
        const float y = std::clamp (yOfLevel (level), r.getY(), r.getBottom() + 2);
        if (std::exchange (first, false))
            p.startNewSubPath (x, y);
        else
            p.lineTo (x, y);
        from = to;
    }
    if (closed)
    {
        p.lineTo (r.getRight(), r.getBottom() + 2);
        p.lineTo (r.getX(), r.getBottom() + 2);
        p.closeSubPath();
    }
    return p;
}

void EqGraph::paint (juce::Graphics& g)
{
    g.drawImageAt (grid, 0, 0);
    const auto r = plot();
    {
        juce::Graphics::ScopedSaveState kept (g);
        g.reduceClipRegion (r.toNearestInt());
        if (showsSpectrum)
        {
            g.setColour (colour (tokens::seiji).withAlpha (0.26f));
            const auto body = outline (after, true);
            g.fillPath (body);
            g.setColour (colour (tokens::seiji));
            g.strokePath (outline (after, false), juce::PathStrokeType (1.1f));
            if (size == Size::large)
            {
                g.setColour (colour (tokens::text3).withAlpha (0.7f));
                g.strokePath (outline (before, false), juce::PathStrokeType (1.0f));
            }
        }
        paintMasked (g);
        paintListened (g);
        g.setColour (colour (tokens::gold).withAlpha (0.14f));
        g.fillPath (selectedFill);
        if (! moved.isEmpty())
        {
            juce::Path dashes;
            const float lengths[] { 4, 3 };
            juce::PathStrokeType (1.6f).createDashedStroke (dashes, moved, lengths, 2);
            g.setColour (colour (tokens::ruri));
            g.fillPath (dashes);
        }
        g.setColour (colour (tokens::gold));
        g.strokePath (sum, juce::PathStrokeType (2.4f, juce::PathStrokeType::curved));
    }
    if (selected >= 0 && shown (selected) && size == Size::large)
        paintHandles (g);
    for (int n = 0; n < static_cast<int> (states.size()); ++n)
        if (shown (n) && n != selected)
            paintNode (g, n);
    if (selected >= 0 && shown (selected))
        paintNode (g, selected);
    if (boxing)
    {
        g.setColour (colour (tokens::gold).withAlpha (0.1f));
        g.fillRect (frame);
        g.setColour (colour (tokens::gold));
        g.drawRect (frame, 1);
    }
    paintScales (g);
    if (size != Size::large)
        return;
    paintLegend (g);
    const int told = dragged >= 0 ? dragged : hovered;
    if (told >= 0)
        paintTip (g, told);
}

/// Where others hide the strip: a column, hatched as high as the masker reaches, with a cap on the one that
/// is spoken of.
void EqGraph::paintMasked (juce::Graphics& g) const
{
    const auto r = plot();
    for (std::size_t n = 0; n < masked.size(); ++n)
    {
        const auto& m = masked[n];
        const auto column =
            juce::Rectangle<float>::leftTopRightBottom (xOf (m.low), r.getY(), xOf (m.high), r.getBottom());
        const bool over = static_cast<int> (n) == hoveredMask;
        g.setColour (colour (tokens::amber).withAlpha (over ? 0.12f : 0.07f));
        g.fillRect (column);
        const auto amber = colour (tokens::amber);
        juce::Path masker;
        for (const auto& [hertz, db] : m.spectrum)
        {
            const juce::Point<float> p (xOf (hertz),
                                        std::clamp (yOfTone (db, hertz), r.getY(), r.getBottom()));
            if (hertz == m.spectrum.front().first)
                masker.startNewSubPath (p);
            else
                masker.lineTo (p);
        }
        {
            juce::Graphics::ScopedSaveState kept (g);
            if (! masker.isEmpty())
            {
                auto under = masker;
                under.lineTo (xOf (m.spectrum.back().first), r.getBottom());
                under.lineTo (xOf (m.spectrum.front().first), r.getBottom());
                under.closeSubPath();
                g.reduceClipRegion (under);
            }
            g.reduceClipRegion (column.toNearestInt());
            g.setColour (amber.withAlpha (m.chosen ? 0.55f : 0.25f));
            for (float x = column.getX() - r.getHeight(); x < column.getRight(); x += 7)
                g.drawLine (x, r.getBottom(), x + r.getHeight(), r.getY(), 1);
        }
        if (! m.chosen)
            continue;
        g.setColour (amber.withAlpha (0.8f));
        g.fillRect (std::round (column.getX()), r.getY(), 1.0f, r.getHeight());
        g.fillRect (std::round (column.getRight()) - 1, r.getY(), 1.0f, r.getHeight());
        g.setColour (amber);
        g.fillRect (column.withHeight (5));
        juce::Path dashes;
        const float lengths[] { 5, 3 };
        juce::PathStrokeType (1.5f).createDashedStroke (dashes, masker, lengths, 2);
        g.setColour (colour (tokens::text));
        g.fillPath (dashes);
    }
}

/// What alone is heard, in the colour of sound.
void EqGraph::paintListened (juce::Graphics& g) const
{
    if (listening < 0)
        return;
    const auto r = plot();
    const auto sides = reachOf (state (listening));
    const float left = sides.low > 0 ? xOf (sides.low) : r.getX(),
                right = sides.high > 0 ? xOf (sides.high) : r.getRight();
    g.setColour (colour (tokens::ground).withAlpha (0.6f));
    g.fillRect (r.withRight (left));
    g.fillRect (r.withLeft (right));
    g.setColour (colour (tokens::seiji));
    g.fillRect (std::round (left), r.getY(), 1.5f, r.getHeight());
    g.fillRect (std::round (right) - 1, r.getY(), 1.5f, r.getHeight());
    drawIcon (g, Icon::ear,
              juce::Rectangle<float> (14, 14).withCentre ({ (left + right) / 2, r.getY() + 48 }),
              colour (tokens::seiji));
}

/// Of the selected band: its width, and how far and from where it moves.
void EqGraph::paintHandles (juce::Graphics& g) const
{
    const auto& s = state (selected);
    const auto at = node (selected);
    if (s.follows())
    {
        const auto handle = rangeHandle (selected);
        g.setColour (colour (tokens::ruri));
        g.drawLine (at.x, at.y, handle.x, handle.y, 1);
        juce::Path diamond;
        diamond.addQuadrilateral (handle.x, handle.y - 6, handle.x + 6, handle.y, handle.x, handle.y + 6,
                                  handle.x - 6, handle.y);
        g.fillPath (diamond);
        if (const auto* t = band (selected).threshold)
        {
            const auto sides = reachOf (s);
            const float y = std::round (yOfTone (model.value (owner, t->id), s.frequency)),
                        left = xOf (sides.low > 0 ? sides.low : lowest),
                        right = xOf (sides.high > 0 ? sides.high : highest);
            const float dashes[] { 4, 3 };
            g.setColour (colour (tokens::gold));
            g.drawDashedLine ({ left, y, right, y }, dashes, 2, 1.4f);
            g.fillRect (right - 4, y - 4, 4.0f, 8.0f);
        }
    }
    if (s.cuts() || band (selected).q == nullptr)
        return;
    // The handles stand where a bell has half its gain in dB: half the band's width each side.
    const double half = std::asinh (1 / (2 * s.q)) / std::log (2.0);
    const float a = xOf (s.frequency * std::exp2 (-half)), b = xOf (s.frequency * std::exp2 (half));
    g.setColour (colour (tokens::gold));
    g.fillRect (a, at.y - 0.75f, b - a, 1.5f);
    g.fillRect (a - 1.5f, at.y - 5, 3.0f, 10.0f);
    g.fillRect (b - 1.5f, at.y - 5, 3.0f, 10.0f);
}

void EqGraph::paintNode (juce::Graphics& g, int n) const
{
    const auto& s = state (n);
    const float radius = size == Size::large ? 11.0f : 9.0f;
    const auto disc = juce::Rectangle<float> (2 * radius, 2 * radius).withCentre (node (n));
    const bool picked = n == selected || chosen.contains (n), heard = n == listening;
    const auto own = heard ? colour (tokens::seiji) : colour (s.on ? tokens::gold : tokens::off);
    if (picked || heard)
    {
        g.setColour (own.withAlpha (0.25f));
        g.fillEllipse (disc.expanded (4));
    }
    const bool filled = (picked || heard) && s.on;
    g.setColour (! filled ? colour (tokens::ground)
                 : heard  ? colour (tokens::seiji)
                          : juce::Colour (0xfff2d78f));
    g.fillEllipse (disc);
    g.setColour (own);
    g.drawEllipse (disc.reduced (0.75f), 1.5f);
    g.setColour (filled ? colour (tokens::ink) : colour (s.on ? tokens::text : tokens::text3));
    g.setFont (font (size == Size::large ? 11.0f : 10.0f, Weight::semibold));
    g.drawText (band (n).sign(), disc, juce::Justification::centred, false);
}

void EqGraph::paintScales (juce::Graphics& g) const
{
    const auto r = plot();
    g.setColour (colour (tokens::text3));
    const auto f = font (size == Size::large ? 11.0f : 10.0f, Weight::medium);
    for (const int db : { 9, 6, 3, -3, -6, -9 })
    {
        if (size == Size::small && std::abs (db) != 6)
            continue;
        drawTabular (g, ui::shown ((db > 0 ? "+" : "") + std::to_string (db)), f,
                     { r.getRight() - 30, yOf (db) - 7, 26, 14 }, juce::Justification::centredRight);
    }
    if (size != Size::large)
        return;
    g.setColour (colour (tokens::seiji));
    for (const int db : { -36, -60, -84 })
        drawTabular (g, ui::shown (std::to_string (db)), f, { r.getX() + 6, yOfLevel (db) - 7, 30, 14 },
                     juce::Justification::centredLeft);
}

void EqGraph::paintLegend (juce::Graphics& g) const
{
    const auto r = plot();
    float x = r.getX() + 12;
    const auto legend = [&] (juce::Colour c, const juce::String& text, bool dashed)
    {
        g.setColour (c);
        for (float part = 0; part < 14; part += dashed ? 5.0f : 14.0f)
            g.fillRect (x + part, r.getY() + 19, dashed ? 3.5f : 14.0f, 1.6f);
        const auto words = font (11);
        drawFading (g, text, words, colour (tokens::text2), { x + 20, r.getY() + 12, 200, 16 });
        x += 20 + words.getStringWidthFloat (text) + 16;
    };
    legend (colour (tokens::seiji), outputName, false);
    legend (colour (tokens::text3), "before", false);
    for (const auto& m : masked)
        if (m.chosen)
            legend (colour (tokens::text), m.masker, true);
    juce::StringArray moving;
    for (std::size_t n = 0; n < states.size(); ++n)
        if (states[n].on && states[n].follows())
            moving.add (band (static_cast<int> (n)).sign());
    if (! moving.isEmpty())
        legend (colour (tokens::ruri), "dynamic range, band " + moving.joinIntoString (", "), true);
    paintCallout (g);
}

/// Beside its column, at the right where there is room, under the legend at the left.
juce::Rectangle<float> EqGraph::callout (const MaskedBand& m) const
{
    const auto r = plot().reduced (8);
    const float words = std::max (font (12, Weight::semibold).getStringWidthFloat (m.title),
                                  font (11).getStringWidthFloat (m.said));
    const float width = std::min (r.getWidth(), 38 + words + (m.chosen ? 44.0f : 14.0f)),
                right = xOf (m.high) + 8;
    const bool fits = right + width <= r.getRight();
    return juce::Rectangle<float> (fits ? right : std::max (r.getX(), xOf (m.low) - 8 - width),
                                   r.getY() + (fits ? 0.0f : 28.0f), width, 44);
}

juce::Rectangle<float> EqGraph::maskedEar() const
{
    const auto spoken = std::find_if (masked.begin(), masked.end(), [] (const auto& m) { return m.chosen; });
    if (spoken == masked.end() || size != Size::large)
        return {};
    const auto box = callout (*spoken);
    return box.withLeft (box.getRight() - 34).withSizeKeepingCentre (24, 24);
}

void EqGraph::paintCallout (juce::Graphics& g) const
{
    const auto spoken = std::find_if (masked.begin(), masked.end(), [] (const auto& m) { return m.chosen; });
    const auto hover = hoveredMask >= 0 ? masked.begin() + hoveredMask : spoken;
    if (hover == masked.end())
        return;
    const auto box = callout (*hover);
    g.setColour (colour (tokens::ground).withAlpha (0.96f));
    g.fillRoundedRectangle (box, tokens::radiusControl);
    g.setColour (colour (tokens::amber));
    g.drawRoundedRectangle (box.reduced (0.5f), tokens::radiusControl, 1);
    drawIcon (g, Icon::warn, box.withWidth (36).withSizeKeepingCentre (16, 16), colour (tokens::amber));
    auto words = box.withTrimmedLeft (36).withTrimmedRight (hover->chosen ? 40.0f : 8.0f).reduced (0, 6);
    drawFading (g, hover->title, font (12, Weight::semibold), colour (tokens::text),
                words.removeFromTop (16));
    drawFading (g, hover->said, font (11), colour (tokens::text2), words);
    if (! hover->chosen)
        return;
    const auto ear = maskedEar();
    Look look;
    paintButton (g, ear, {}, Face::plain, look);
    drawIcon (g, Icon::ear, ear.withSizeKeepingCentre (14, 14),
              colour (maskedHeard ? tokens::seiji : tokens::text));
}

void EqGraph::paintTip (juce::Graphics& g, int n) const
{
    const auto& s = state (n);
    const auto& b = band (n);
    const auto at = node (n);
    const auto bold = font (12, Weight::semibold);
    const auto frequency = shownValue (*b.frequency, s.frequency);
    const auto gain = s.hasGain() ? shownValue (*b.gain, s.gain) : juce::String (nameOf (s.shape));
    const auto q = s.cuts() ? juce::String (s.slope) + " dB/oct"
                            : "Q " + (b.q != nullptr ? shownValue (*b.q, s.q) : juce::String());
    const float wf = tabularWidth (frequency, bold), wg = tabularWidth (gain, bold),
                wq = tabularWidth (q, bold);
    const auto second = note (s.frequency) + (s.on ? "" : ", off") +
                        (s.follows() ? ", moves " + shownValue (*b.range, s.range) : juce::String());
    juce::Rectangle<float> bubble (std::max (wf + wg + wq + 40, font (11).getStringWidthFloat (second) + 24),
                                   40);
    bubble.setCentre (at);
    bubble =
        bubble
            .withX (at.x - bubble.getWidth() - 18 < plot().getX() ? at.x + 18 : at.x - bubble.getWidth() - 18)
            .withY (at.y + 16)
            .constrainedWithin (plot().reduced (4));
    g.setColour (colour (tokens::ground).withAlpha (0.96f));
    g.fillRoundedRectangle (bubble, tokens::radiusControl);
    g.setColour (juce::Colour (0xff5a5249));
    g.drawRoundedRectangle (bubble.reduced (0.5f), tokens::radiusControl, 1);
    auto line = bubble.reduced (10, 4).removeFromTop (17);
    g.setColour (colour (tokens::text));
    drawTabular (g, frequency, bold, line, juce::Justification::centredLeft);
    g.setColour (colour (tokens::gold));
    drawTabular (g, gain, bold, line.withTrimmedLeft (wf + 10), juce::Justification::centredLeft);
    g.setColour (colour (tokens::text));
    drawTabular (g, q, bold, line.withTrimmedLeft (wf + wg + 20), juce::Justification::centredLeft);
    drawFading (g, second, font (11), colour (tokens::text3), bubble.reduced (10, 4).removeFromBottom (15));
}

} // namespace lacquer::ui
