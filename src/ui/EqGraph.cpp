// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EqGraph.h"

#include <array>
#include <cmath>

namespace lacquer::ui
{

namespace
{

constexpr double lowest = 20, highest = 20000;
constexpr double topLevel = -20, levelSpan = 72; ///< of the spectrum's scale
constexpr double slope = 4.5;                    ///< dB per octave by which spectra are tilted about 1 kHz
constexpr float reach = 12;                      ///< of a node, in pixels

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

EqGraph::EqGraph (Model& m, Id o, EqTable table, const juce::String& where, Size s)
    : model (m), owner (o), eq (std::move (table)), size (s)
{
    setTitle ("EQ, " + where);
    setHelpText (
        "Drag a point for frequency and gain. The wheel changes Q. Double-click adds a band, or takes a "
        "band's gain back. Right-click for its shape.");
    setOpaque (true);
    setWantsKeyboardFocus (true);
    refresh();
}

juce::Rectangle<float> EqGraph::plot() const
{
    const auto r = getLocalBounds().toFloat();
    return size == Size::large ? r.withTrimmedBottom (20) : r.withTrimmedBottom (14);
}

float EqGraph::xOf (double f) const
{
    const auto r = plot();
    return r.getX() + static_cast<float> (std::log (f / lowest) / std::log (highest / lowest)) * r.getWidth();
}

double EqGraph::frequencyAt (float x) const
{
    const auto r = plot();
    const double share = static_cast<double> ((x - r.getX()) / std::max (1.0f, r.getWidth()));
    return lowest * std::pow (highest / lowest, std::clamp (share, 0.0, 1.0));
}

float EqGraph::yOf (double gain) const
{
    const auto r = plot();
    const double range = size == Size::large ? 12 : 15;
    return r.getCentreY() - static_cast<float> (gain / range) * r.getHeight() / 2;
}

double EqGraph::gainAt (float y) const
{
    const auto r = plot();
    const double range = size == Size::large ? 12 : 15;
    return static_cast<double> ((r.getCentreY() - y) / (r.getHeight() / 2)) * range;
}

float EqGraph::yOfLevel (double db) const
{
    const auto r = plot();
    return r.getY() + static_cast<float> ((topLevel - db) / levelSpan) * r.getHeight();
}

bool EqGraph::shown (int band) const
{
    const auto& s = states[static_cast<std::size_t> (band)];
    return s.on || band == selected;
}

juce::Point<float> EqGraph::node (int band) const
{
    const auto& s = states[static_cast<std::size_t> (band)];
    const double gain = s.hasGain() ? s.gain : 0;
    const auto r = plot();
    return { xOf (s.frequency), std::clamp (yOf (gain), r.getY() + 8, r.getBottom() - 8) };
}

int EqGraph::bandAt (juce::Point<float> p) const
{
    int found = -1;
    float nearest = reach + 4;
    for (int n = 0; n < static_cast<int> (states.size()); ++n)
        if (shown (n))
            if (const float d = node (n).getDistanceFrom (p); d < nearest || (d == nearest && n == selected))
            {
                nearest = d;
                found = n;
            }
    return found;
}

void EqGraph::refresh()
{
    auto now = eq.states (model, owner);
    if (now == states)
        return;
    states = std::move (now);
    drawCurves();
    repaint();
}

void EqGraph::selectBand (int index)
{
    if (std::exchange (selected, index) == index)
        return;
    drawCurves();
    repaint();
}

void EqGraph::advance (double seconds)
{
    if (! showsSpectrum)
        return;
    const bool a = size == Size::large && before.advance (model, seconds), b = after.advance (model, seconds);
    if (a || b)
        repaint();
}

void EqGraph::resized()
{
    drawGrid();
    drawCurves();
}

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
    const auto r = plot();
    if (r.getWidth() < 4)
        return;
    std::vector<double> frequencies;
    for (float x = r.getX(); x <= r.getRight(); x += 2)
        frequencies.push_back (frequencyAt (x));
    const double rate = model.sampleRate();
    const auto total = eqSum (states, frequencies, rate);
    const auto y = [&] (double gain) { return std::clamp (yOf (gain), r.getY() - 40, r.getBottom() + 40); };
    for (std::size_t n = 0; n < total.size(); ++n)
    {
        const juce::Point<float> p (r.getX() + 2 * static_cast<float> (n), y (total[n]));
        if (n == 0)
            sum.startNewSubPath (p);
        else
            sum.lineTo (p);
    }
    if (selected >= 0 && states[static_cast<std::size_t> (selected)].acts())
    {
        const auto own = eqSum ({ states[static_cast<std::size_t> (selected)] }, frequencies, rate);
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
        juce::Graphics::ScopedSaveState state (g);
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
        g.setColour (colour (tokens::gold).withAlpha (0.14f));
        g.fillPath (selectedFill);
        g.setColour (colour (tokens::gold));
        g.strokePath (sum, juce::PathStrokeType (2.4f, juce::PathStrokeType::curved));
    }
    if (selected >= 0 && shown (selected) && size == Size::large)
    {
        const auto& s = states[static_cast<std::size_t> (selected)];
        if (! s.cuts())
        {
            // The handles stand where a bell has half its gain in dB: half the band's width each side.
            const double half = std::asinh (1 / (2 * s.q)) / std::log (2.0);
            const auto at = node (selected);
            const float a = xOf (s.frequency * std::exp2 (-half)), b = xOf (s.frequency * std::exp2 (half));
            g.setColour (colour (tokens::gold));
            g.fillRect (a, at.y - 0.75f, b - a, 1.5f);
            g.fillRect (a - 1.5f, at.y - 5, 3.0f, 10.0f);
            g.fillRect (b - 1.5f, at.y - 5, 3.0f, 10.0f);
        }
    }
    for (int n = 0; n < static_cast<int> (states.size()); ++n)
        if (shown (n) && n != selected)
            paintNode (g, n);
    if (selected >= 0 && shown (selected))
        paintNode (g, selected);

    g.setColour (colour (tokens::text3));
    const auto f = font (size == Size::large ? 11.0f : 10.0f, Weight::medium);
    for (const int db : { 9, 6, 3, -3, -6, -9 })
    {
        if (size == Size::small && std::abs (db) != 6)
            continue;
        drawTabular (g, ui::shown ((db > 0 ? "+" : "") + std::to_string (db)), f,
                     { r.getRight() - 30, yOf (db) - 7, 26, 14 }, juce::Justification::centredRight);
    }
    if (size == Size::large)
    {
        g.setColour (colour (tokens::seiji));
        for (const int db : { -36, -60, -84 })
            drawTabular (g, ui::shown (std::to_string (db)), f, { r.getX() + 6, yOfLevel (db) - 7, 30, 14 },
                         juce::Justification::centredLeft);
        float x = r.getX() + 12;
        const auto legend = [&] (juce::Colour c, const juce::String& text)
        {
            g.setColour (c);
            g.fillRect (x, r.getY() + 19, 14.0f, 1.6f);
            const auto words = font (11);
            drawFading (g, text, words, colour (tokens::text2), { x + 20, r.getY() + 12, 160, 16 });
            x += 20 + words.getStringWidthFloat (text) + 16;
        };
        legend (colour (tokens::seiji), "Output");
        legend (colour (tokens::text3), "Input");
        legend (colour (tokens::gold), "EQ");
    }
    const int told = dragged >= 0 ? dragged : hovered;
    if (told >= 0 && size == Size::large)
        paintTip (g, told);
}

void EqGraph::paintNode (juce::Graphics& g, int band)
{
    const auto& s = states[static_cast<std::size_t> (band)];
    const float radius = size == Size::large ? 11.0f : 9.0f;
    const auto disc = juce::Rectangle<float> (2 * radius, 2 * radius).withCentre (node (band));
    const bool chosen = band == selected;
    if (chosen)
    {
        g.setColour (colour (tokens::gold).withAlpha (0.25f));
        g.fillEllipse (disc.expanded (4));
    }
    g.setColour (chosen && s.on ? juce::Colour (0xfff2d78f) : colour (tokens::ground));
    g.fillEllipse (disc);
    g.setColour (colour (s.on ? tokens::gold : tokens::off));
    g.drawEllipse (disc.reduced (0.75f), 1.5f);
    g.setColour (chosen && s.on ? colour (tokens::ink) : colour (s.on ? tokens::text : tokens::text3));
    g.setFont (font (size == Size::large ? 11.0f : 10.0f, Weight::semibold));
    g.drawText (eq.bands()[static_cast<std::size_t> (band)].sign(), disc, juce::Justification::centred,
                false);
}

void EqGraph::paintTip (juce::Graphics& g, int band)
{
    const auto& s = states[static_cast<std::size_t> (band)];
    const auto& b = eq.bands()[static_cast<std::size_t> (band)];
    const auto at = node (band);
    const auto bold = font (12, Weight::semibold);
    const auto frequency = shownValue (*b.frequency, s.frequency);
    const auto gain = s.hasGain() ? shownValue (*b.gain, s.gain) : juce::String (nameOf (s.shape));
    const auto q = s.cuts() ? juce::String (s.slope) + " dB/oct"
                            : "Q " + (b.q != nullptr ? shownValue (*b.q, s.q) : juce::String());
    const float wf = tabularWidth (frequency, bold), wg = tabularWidth (gain, bold),
                wq = tabularWidth (q, bold);
    const auto second = note (s.frequency) + (s.on ? "" : "  off");
    juce::Rectangle<float> box (wf + wg + wq + 40, 40);
    box.setCentre (at);
    box = box.withX (at.x - box.getWidth() - 18 < plot().getX() ? at.x + 18 : at.x - box.getWidth() - 18)
              .withY (at.y + 16)
              .constrainedWithin (plot().reduced (4));
    g.setColour (colour (tokens::ground).withAlpha (0.96f));
    g.fillRoundedRectangle (box, tokens::radiusControl);
    g.setColour (juce::Colour (0xff5a5249));
    g.drawRoundedRectangle (box.reduced (0.5f), tokens::radiusControl, 1);
    auto line = box.reduced (10, 4).removeFromTop (17);
    g.setColour (colour (tokens::text));
    drawTabular (g, frequency, bold, line, juce::Justification::centredLeft);
    g.setColour (colour (tokens::gold));
    drawTabular (g, gain, bold, line.withTrimmedLeft (wf + 10), juce::Justification::centredLeft);
    g.setColour (colour (tokens::text));
    drawTabular (g, q, bold, line.withTrimmedLeft (wf + wg + 20), juce::Justification::centredLeft);
    drawFading (g, second, font (11), colour (tokens::text3), box.reduced (10, 4).removeFromBottom (15));
}

void EqGraph::put (const Param* p, double value, Gesture key)
{
    if (p != nullptr)
        model.set (owner, p->id,
                   std::clamp (value, static_cast<double> (p->min), static_cast<double> (p->max)), key);
}

void EqGraph::mouseMove (const juce::MouseEvent& e)
{
    const int now = bandAt (e.position);
    if (std::exchange (hovered, now) != now)
        repaint();
    setMouseCursor (now >= 0 ? juce::MouseCursor::DraggingHandCursor : juce::MouseCursor::NormalCursor);
}

void EqGraph::mouseExit (const juce::MouseEvent&)
{
    if (std::exchange (hovered, -1) != -1)
        repaint();
}

void EqGraph::mouseDown (const juce::MouseEvent& e)
{
    int band = bandAt (e.position);
    grip = Grip::node;
    if (band < 0 && selected >= 0 && size == Size::large && shown (selected))
    {
        const auto& s = states[static_cast<std::size_t> (selected)];
        const double half = std::asinh (1 / (2 * s.q)) / std::log (2.0);
        const float y = node (selected).y;
        for (const double side : { -half, half })
            if (! s.cuts() && std::abs (e.position.x - xOf (s.frequency * std::exp2 (side))) < 7 &&
                std::abs (e.position.y - y) < 9)
            {
                band = selected;
                grip = side < 0 ? Grip::narrow : Grip::wide;
            }
    }
    if (band < 0)
        return;
    selectBand (band);
    if (onSelect)
        onSelect (band);
    if (e.mods.isPopupMenu())
    {
        menu (band);
        return;
    }
    dragged = band;
    gesture = newGesture();
    last = e.position;
    const auto& s = states[static_cast<std::size_t> (band)];
    dragFrequency = s.frequency;
    dragGain = s.gain;
    dragQ = s.q;
}

void EqGraph::mouseDrag (const juce::MouseEvent& e)
{
    if (dragged < 0 || ! e.mouseWasDraggedSinceMouseDown())
        return;
    const auto& b = eq.bands()[static_cast<std::size_t> (dragged)];
    const float fine = e.mods.isShiftDown() ? 0.1f : 1.0f;
    auto delta = (e.position - last) * fine;
    last = e.position;
    if (grip != Grip::node)
    {
        // Away from the middle is wider.
        const double octaves = static_cast<double> (delta.x) / static_cast<double> (plot().getWidth()) *
                               std::log2 (highest / lowest) * (grip == Grip::wide ? 1 : -1);
        const double half = std::max (0.02, std::asinh (1 / (2 * dragQ)) / std::log (2.0) + octaves);
        dragQ = 1 / (2 * std::sinh (half * std::log (2.0)));
        put (b.q, dragQ, gesture);
        refresh();
        return;
    }
    // The first clear direction holds the other one; Ctrl lets go of it, and so does going further.
    const auto away = e.position - e.mouseDownPosition;
    if (! e.mods.isCommandDown() && away.getDistanceFromOrigin() < 24)
    {
        if (std::abs (away.x) > 3 * std::abs (away.y))
            delta.y = 0;
        else if (std::abs (away.y) > 3 * std::abs (away.x))
            delta.x = 0;
    }
    dragFrequency = std::clamp (
        dragFrequency * std::pow (highest / lowest, static_cast<double> (delta.x / plot().getWidth())),
        lowest, highest);
    put (b.frequency, dragFrequency, gesture);
    if (states[static_cast<std::size_t> (dragged)].hasGain() && b.gain != nullptr)
    {
        dragGain = std::clamp (dragGain + gainAt (0) - gainAt (-delta.y), static_cast<double> (b.gain->min),
                               static_cast<double> (b.gain->max));
        put (b.gain, dragGain, gesture);
    }
    refresh();
}

void EqGraph::mouseUp (const juce::MouseEvent&)
{
    if (std::exchange (dragged, -1) >= 0)
        repaint();
}

void EqGraph::mouseWheelMove (const juce::MouseEvent& e, const juce::MouseWheelDetails& wheel)
{
    const int over = bandAt (e.position);
    const int band = over >= 0 ? over : selected;
    if (band < 0 || wheel.deltaY == 0.0f)
    {
        Component::mouseWheelMove (e, wheel);
        return;
    }
    const auto& b = eq.bands()[static_cast<std::size_t> (band)];
    const auto time = juce::Time::getMillisecondCounter();
    if (gesture == 0 || time - lastWheel > 500)
        gesture = newGesture();
    lastWheel = time;
    const double direction = (wheel.deltaY > 0) == wheel.isReversed ? -1 : 1;
    if (b.q != nullptr && ! states[static_cast<std::size_t> (band)].cuts())
        put (b.q,
             states[static_cast<std::size_t> (band)].q *
                 std::pow (e.mods.isShiftDown() ? 1.02 : 1.12, direction),
             gesture);
    else if (b.slope != nullptr)
        put (b.slope, model.value (owner, b.slope->id) + direction, gesture);
    refresh();
}

void EqGraph::addBand (juce::Point<float> at)
{
    // The nearest band that does nothing yet; near an edge the cut filter there, if it is free.
    const double f = frequencyAt (at.x);
    const float edge = plot().getWidth() * 0.06f;
    const bool low = at.x<plot().getX() + edge, high = at.x> plot().getRight() - edge;
    int best = -1;
    double nearest = 1e9;
    for (int n = 0; n < static_cast<int> (states.size()); ++n)
    {
        const auto& b = eq.bands()[static_cast<std::size_t> (n)];
        const auto& s = states[static_cast<std::size_t> (n)];
        const bool cut = b.cutsLow || b.cutsHigh;
        if (s.acts() || (cut && ! ((b.cutsLow && low) || (b.cutsHigh && high))))
            continue;
        const double distance = cut ? -1 : std::abs (std::log2 (s.frequency / f));
        if (distance < nearest)
        {
            nearest = distance;
            best = n;
        }
    }
    if (best < 0)
        return;
    const auto& b = eq.bands()[static_cast<std::size_t> (best)];
    const auto key = newGesture();
    if (b.type != nullptr)
    {
        const auto wanted = low    ? (eq.bands().front().cutsLow ? "Low shelf" : "Low cut")
                            : high ? (eq.bands().back().cutsHigh ? "High shelf" : "High cut")
                                   : "Bell";
        for (int n = 0; ! choiceText (*b.type, n).empty(); ++n)
            if (choiceText (*b.type, n) == wanted)
                put (b.type, n, key);
    }
    put (b.frequency, f, key);
    if (b.gain != nullptr)
        put (b.gain, std::abs (gainAt (at.y)) < 0.3 ? 0.5 : gainAt (at.y), key);
    if (b.q != nullptr)
        put (b.q, 1, key);
    put (b.on, 1, key);
    if (eq.allOn() != nullptr)
        put (eq.allOn(), 1, key);
    refresh();
    selectBand (best);
    if (onSelect)
        onSelect (best);
}

void EqGraph::mouseDoubleClick (const juce::MouseEvent& e)
{
    const int band = bandAt (e.position);
    if (band < 0)
    {
        addBand (e.position);
        return;
    }
    const auto& b = eq.bands()[static_cast<std::size_t> (band)];
    if (states[static_cast<std::size_t> (band)].hasGain())
        put (b.gain, 0, newGesture());
    else
        put (b.on, 0, newGesture());
    refresh();
}

void EqGraph::menu (int band)
{
    const auto& b = eq.bands()[static_cast<std::size_t> (band)];
    juce::PopupMenu m;
    const auto choices = [&] (const Param* p)
    {
        if (p == nullptr)
            return;
        const int now = static_cast<int> (std::lround (model.value (owner, p->id)));
        for (int n = 0; ! choiceText (*p, n).empty(); ++n)
            m.addItem (utf8 (choiceText (*p, n)) +
                           (p->unit.empty() && p->choices == "12|24|48" ? " dB/oct" : ""),
                       true, n == now,
                       [this, p, n]
                       {
                           put (p, n, newGesture());
                           refresh();
                       });
        m.addSeparator();
    };
    choices (b.type);
    if (b.type == nullptr || states[static_cast<std::size_t> (band)].cuts())
        choices (b.slope);
    choices (b.channel);
    m.addItem ("On", true, states[static_cast<std::size_t> (band)].on,
               [this, band, on = b.on]
               {
                   put (on, states[static_cast<std::size_t> (band)].on ? 0 : 1, newGesture());
                   refresh();
               });
    m.addItem ("Remove", [this] { keyPressed (juce::KeyPress (juce::KeyPress::deleteKey)); });
    m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
}

bool EqGraph::keyPressed (const juce::KeyPress& key)
{
    if (selected < 0 || key.getModifiers().isCommandDown())
        return false;
    using K = juce::KeyPress;
    const auto& b = eq.bands()[static_cast<std::size_t> (selected)];
    const auto& s = states[static_cast<std::size_t> (selected)];
    const double fine = key.getModifiers().isShiftDown() ? 0.2 : 1;
    const auto press = newGesture();
    if (key.isKeyCode (K::deleteKey) || key.isKeyCode (K::backspaceKey))
    {
        put (b.on, 0, press);
        if (b.gain != nullptr)
            put (b.gain, 0, press);
    }
    else if (key.getKeyCode() == 'B')
        put (b.on, s.on ? 0 : 1, press);
    else if (key.isKeyCode (K::upKey) || key.isKeyCode (K::downKey))
        put (b.gain, s.gain + (key.isKeyCode (K::upKey) ? 0.5 : -0.5) * fine, press);
    else if (key.isKeyCode (K::leftKey) || key.isKeyCode (K::rightKey))
        put (b.frequency, s.frequency * std::exp2 ((key.isKeyCode (K::rightKey) ? 1 : -1) * fine / 12),
             press);
    else
        return false;
    refresh();
    return true;
}

void EqGraph::focusGained (FocusChangeType how)
{
    focusCame (how);
}

void EqGraph::focusLost (FocusChangeType)
{
    focusWent();
}

} // namespace lacquer::ui
