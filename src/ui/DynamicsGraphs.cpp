// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/DynamicsGraphs.h"

#include <array>
#include <cmath>
#include <numbers>

namespace lacquer::ui
{

namespace
{

const Param* part (std::span<const Param> table, std::string_view prefix, std::string_view name)
{
    for (const auto& p : table)
        if (p.id.size() == prefix.size() + name.size() && p.id.starts_with (prefix) && p.id.ends_with (name))
            return &p;
    return nullptr;
}

void setWithin (Model& model, Id owner, const Param& p, double value, Gesture key)
{
    model.set (owner, p.id, std::clamp (value, static_cast<double> (p.min), static_cast<double> (p.max)),
               key);
}

void frameWell (juce::Graphics& g, juce::Rectangle<float> r)
{
    g.setColour (colour (tokens::line));
    g.drawRoundedRectangle (r.reduced (0.5f), 2, 1);
}

} // namespace

std::optional<DynamicsTable> DynamicsTable::of (std::span<const Param> table, std::string_view prefix)
{
    const auto p = [&] (std::string_view name) { return part (table, prefix, name); };
    DynamicsTable t { p ("threshold"), p ("ratio"),      p ("knee"), p ("makeup"),
                      p ("range"),     p ("hysteresis"), p ("hold") };
    // A range alone may be anybody's, as a de-esser's: a gate has a hysteresis, too.
    if (t.threshold == nullptr || (t.ratio == nullptr && (t.range == nullptr || t.hysteresis == nullptr)))
        return std::nullopt;
    t.mode = p ("mode");
    return t;
}

TransferCurve TransferCurve::of (const Model& model, Id owner, const DynamicsTable& t)
{
    TransferCurve c;
    const auto read = [&] (const Param* p, double& value)
    {
        if (p != nullptr)
            value = model.sounding (owner, p->id);
    };
    c.gates = t.gates();
    if (t.knee == nullptr)
        c.knee = 0;
    read (t.threshold, c.threshold);
    read (t.ratio, c.ratio);
    read (t.knee, c.knee);
    read (t.makeup, c.makeup);
    read (t.range, c.range);
    c.range = std::abs (c.range);
    if (t.mode != nullptr)
    {
        const auto word =
            choiceText (*t.mode, static_cast<int> (std::lround (model.value (owner, t.mode->id))));
        c.expands = word == "Expander";
        c.ducks = word == "Duck";
    }
    return c;
}

double TransferCurve::operator() (double in) const
{
    if (gates && ! expands)
        return (in >= threshold) != ducks ? in : in - range;
    if (gates)
    {
        // The same curve the other way round, no further down than the range.
        const double under = threshold - in, steep = std::max (1.0, ratio) - 1;
        double less = 0;
        if (2 * under > knee)
            less = steep * under;
        else if (2 * under > -knee && knee > 0)
            less = steep * (under + knee / 2) * (under + knee / 2) / (2 * knee);
        return in - std::min (less, range);
    }
    const double over = in - threshold, slope = 1 - 1 / std::max (1.0, ratio);
    double less = 0;
    if (2 * over > knee)
        less = slope * over;
    else if (2 * over > -knee && knee > 0)
        less = slope * (over + knee / 2) * (over + knee / 2) / (2 * knee);
    return in - less + makeup;
}

TransferGraph::TransferGraph (Model& m, Id o, DynamicsTable t, const juce::String& where)
    : model (m), owner (o), table (t)
{
    setOpaque (true);
    setTitle ("Curve, " + where);
    setHelpText (t.gates()
                     ? "Output level over input level. Drag the line for the threshold."
                     : "Output level over input level. Drag the line for the threshold, above it for the "
                       "ratio, the knee for its softness.");
    refresh();
}

float TransferGraph::x (double db) const
{
    return static_cast<float> ((db - lowest) / -lowest) * static_cast<float> (getWidth());
}

float TransferGraph::y (double db) const
{
    return static_cast<float> (db / lowest) * static_cast<float> (getHeight());
}

void TransferGraph::refresh()
{
    const auto now = TransferCurve::of (model, owner, table);
    if (now == curve)
        return;
    curve = now;
    repaint();
}

void TransferGraph::advance (double db)
{
    const double before = std::exchange (level, std::max (db, level - 1));
    if (std::abs (level - before) > 0.1)
        repaint();
}

void TransferGraph::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::well));
    const auto r = getLocalBounds().toFloat();
    g.setColour (colour (tokens::line).withAlpha (0.7f));
    for (int db = -48; db < 0; db += 12)
    {
        g.fillRect (std::round (x (db)), 0.0f, 1.0f, r.getHeight());
        g.fillRect (0.0f, std::round (y (db)), r.getWidth(), 1.0f);
    }
    juce::Path line, taken;
    taken.startNewSubPath (x (lowest), y (lowest));
    for (double db = lowest; db <= 0; db += 0.5)
    {
        const auto p = juce::Point<float> (x (db), std::clamp (y (curve (db)), -4.0f, r.getHeight() + 4));
        if (db == lowest)
            line.startNewSubPath (p);
        else
            line.lineTo (p);
        taken.lineTo (p);
    }
    taken.lineTo (x (0), y (curve.gates ? 0 : curve.makeup));
    taken.lineTo (x (lowest), y (lowest + (curve.gates ? 0 : curve.makeup)));
    taken.closeSubPath();
    g.setColour (colour (tokens::ruri).withAlpha (0.24f));
    g.fillPath (taken);
    g.setColour (colour (tokens::text3).withAlpha (0.5f));
    g.drawLine (x (lowest), y (lowest), x (0), y (0), 1);
    const float at = x (curve.threshold);
    g.setColour (colour (tokens::gold).withAlpha (0.8f));
    const float dashes[] { 3, 3 };
    g.drawDashedLine ({ at, 0, at, r.getHeight() }, dashes, 2, 1.2f);
    g.setColour (colour (tokens::gold));
    g.strokePath (line, juce::PathStrokeType (2, juce::PathStrokeType::curved));
    if (level > lowest)
    {
        const juce::Point<float> now (x (std::min (0.0, level)),
                                      std::clamp (y (curve (level)), 3.0f, r.getHeight() - 3));
        g.setColour (colour (tokens::seiji));
        g.fillEllipse (juce::Rectangle<float> (8, 8).withCentre (now));
        g.setColour (colour (tokens::well));
        g.drawEllipse (juce::Rectangle<float> (8, 8).withCentre (now), 1);
    }
    if (r.getHeight() > 90)
    {
        g.setColour (colour (tokens::text3));
        const auto f = font (10, Weight::medium);
        for (const int db : { -48, -36, -24, -12 })
            drawTabular (g, ui::shown (std::to_string (db)), f, { x (db) - 16, r.getBottom() - 13, 32, 12 },
                         juce::Justification::centred);
        for (const int db : { -12, -24 })
            drawTabular (g, ui::shown (std::to_string (db)), f, { 3, y (db) - 6, 30, 12 },
                         juce::Justification::centredLeft);
    }
    frameWell (g, r);
}

void TransferGraph::mouseMove (const juce::MouseEvent& e)
{
    setMouseCursor (std::abs (e.position.x - x (curve.threshold)) < 7
                        ? juce::MouseCursor::LeftRightResizeCursor
                        : juce::MouseCursor::NormalCursor);
}

void TransferGraph::mouseDown (const juce::MouseEvent& e)
{
    gesture = newGesture();
    last = e.position;
    const float line = x (curve.threshold);
    const bool nearKnee = e.position.getDistanceFrom ({ line, y (curve (curve.threshold)) }) < 10;
    grip = table.knee != nullptr && nearKnee                              ? Grip::knee
           : std::abs (e.position.x - line) < 8 || table.ratio == nullptr ? Grip::threshold
           : e.position.x > line                                          ? Grip::ratio
                                                                          : Grip::threshold;
}

void TransferGraph::mouseDrag (const juce::MouseEvent& e)
{
    if (! e.mouseWasDraggedSinceMouseDown())
        return;
    const auto delta = (e.position - last) * (e.mods.isShiftDown() ? 0.1f : 1.0f);
    last = e.position;
    switch (grip)
    {
        case Grip::threshold:
            setWithin (model, owner, *table.threshold,
                       model.value (owner, table.threshold->id) +
                           static_cast<double> (delta.x) / getWidth() * -lowest,
                       gesture);
            break;
        case Grip::ratio:
            setWithin (model, owner, *table.ratio,
                       model.value (owner, table.ratio->id) * std::exp2 (static_cast<double> (delta.y) / 40),
                       gesture);
            break;
        case Grip::knee:
            setWithin (model, owner, *table.knee,
                       model.value (owner, table.knee->id) + static_cast<double> (delta.y) / 4, gesture);
            break;
        case Grip::none: break;
    }
    refresh();
}

DynamicsHistory::DynamicsHistory (Model& m, Id o, DynamicsTable t, const juce::String& where)
    : model (m), owner (o), table (t), past (static_cast<std::size_t> (span / step))
{
    setOpaque (true);
    setTitle ("Level and reduction, " + where);
    setHelpText (
        "The last six seconds: what came in, what went on, and in blue what was taken away. Drag the "
        "line for the threshold.");
    refresh();
}

float DynamicsHistory::y (double db) const
{
    return static_cast<float> (std::clamp (db / lowest, 0.0, 1.0)) * static_cast<float> (getHeight());
}

void DynamicsHistory::refresh()
{
    const double t = model.sounding (owner, table.threshold->id);
    const double h = table.hysteresis != nullptr ? model.sounding (owner, table.hysteresis->id) : 0;
    if (t == threshold && h == hysteresis)
        return;
    threshold = t;
    hysteresis = h;
    repaint();
}

void DynamicsHistory::advance (double input, double reduction, double seconds)
{
    worst.input = std::max (worst.input, static_cast<float> (input));
    worst.reduction = std::max (worst.reduction, static_cast<float> (reduction));
    pending += seconds;
    if (pending < step)
        return;
    while (pending >= step)
    {
        past[next] = worst;
        next = (next + 1) % past.size();
        pending -= step;
    }
    worst = {};
    repaint();
}

void DynamicsHistory::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::well));
    const auto r = getLocalBounds().toFloat();
    const auto count = past.size();
    const float column = r.getWidth() / static_cast<float> (count - 1);
    juce::Path in, out, taken, edge;
    in.startNewSubPath (0, r.getBottom());
    out.startNewSubPath (0, r.getBottom());
    taken.startNewSubPath (0, 0);
    for (std::size_t n = 0; n < count; ++n)
    {
        const auto& m = past[(next + n) % count];
        const float at = static_cast<float> (n) * column;
        in.lineTo (at, y (static_cast<double> (m.input)));
        out.lineTo (at, y (static_cast<double> (m.input - m.reduction)));
        const float depth = std::min (1.0f, m.reduction / static_cast<float> (deepest)) * r.getHeight();
        taken.lineTo (at, depth);
        if (n == 0)
            edge.startNewSubPath (at, depth);
        else
            edge.lineTo (at, depth);
    }
    for (auto* p : { &in, &out })
    {
        p->lineTo (r.getRight(), r.getBottom());
        p->closeSubPath();
    }
    taken.lineTo (r.getRight(), 0);
    taken.closeSubPath();
    g.setColour (colour (tokens::text3).withAlpha (0.24f));
    g.fillPath (in);
    g.setColour (colour (tokens::seiji).withAlpha (0.42f));
    g.fillPath (out);
    if (! table.gates())
    {
        g.setColour (colour (tokens::ruriDim).withAlpha (0.7f));
        g.fillPath (taken);
        g.setColour (colour (tokens::ruri));
        g.strokePath (edge, juce::PathStrokeType (1.4f));
    }
    const auto level = [&] (double db, float width, bool dashed)
    {
        const float at = std::round (y (db));
        const float dashes[] { 4, 3 };
        if (dashed)
            g.drawDashedLine ({ 0, at, r.getWidth(), at }, dashes, 2, width);
        else
            g.fillRect (0.0f, at, r.getWidth(), width);
    };
    g.setColour (colour (tokens::gold));
    level (threshold, 1.2f, ! table.gates());
    if (table.gates())
    {
        g.fillRect (r.getRight() - 5, y (threshold) - 4, 5.0f, 8.0f);
        g.setColour (colour (tokens::gold).withAlpha (0.5f));
        level (threshold - hysteresis, 1.0f, true);
    }
    const auto f = font (10, Weight::medium);
    g.setColour (colour (tokens::text));
    for (const int db : { -12, -36, -48 })
        if (db != -48 || ! table.gates())
            drawTabular (g, ui::shown (std::to_string (db)), f, { 4, y (db) - 6, 30, 12 },
                         juce::Justification::centredLeft);
    if (! table.gates())
        for (const int db : { -6, -12 })
            drawTabular (
                g, ui::shown (std::to_string (db)), f,
                { r.getRight() - 34, static_cast<float> (-db / deepest) * r.getHeight() - 6, 30, 12 },
                juce::Justification::centredRight);
    frameWell (g, r);
}

void DynamicsHistory::mouseDown (const juce::MouseEvent& e)
{
    gesture = newGesture();
    const float upper = y (threshold), lower = y (threshold - hysteresis);
    movesHysteresis = table.hysteresis != nullptr &&
                      std::abs (e.position.y - lower) < std::min (7.0f, std::abs (e.position.y - upper));
}

void DynamicsHistory::mouseDrag (const juce::MouseEvent& e)
{
    if (! e.mouseWasDraggedSinceMouseDown())
        return;
    const double level = static_cast<double> (e.position.y) / getHeight() * lowest;
    if (movesHysteresis)
        setWithin (model, owner, *table.hysteresis, threshold - level, gesture);
    else
        setWithin (model, owner, *table.threshold, level, gesture);
    refresh();
}

SaturationGraph::SaturationGraph (Model& m, Id o, std::string prefix, const juce::String& where)
    : model (m), owner (o), drive (part (m.params (o), prefix, "drive")),
      mix (part (m.params (o), prefix, "mix"))
{
    setOpaque (true);
    setTitle ("Saturation curve, " + where);
    setHelpText (
        "Left the curve, right the harmonics that it makes of a sine of -6 dBFS. Drag up for more drive.");
    refresh();
}

bool SaturationGraph::suits (std::span<const Param> table, std::string_view prefix)
{
    const auto* p = part (table, prefix, "drive");
    return p != nullptr && p->unit == "dB";
}

void SaturationGraph::refresh()
{
    const double d = model.sounding (owner, drive->id),
                 s = mix != nullptr ? model.sounding (owner, mix->id) / 100 : 1;
    if (d == driveDb && s == share && parts[2] < 0)
        return;
    driveDb = d;
    share = s;
    parts = harmonics (d, -6);
    repaint();
}

std::array<double, 7> SaturationGraph::harmonics (double driveDb, double levelDb)
{
    constexpr int count = 256;
    const double gain = gainOf (Decibels { driveDb + levelDb });
    std::array<double, 7> amount {};
    for (std::size_t h = 1; h <= amount.size(); ++h)
    {
        double re = 0, im = 0;
        for (int n = 0; n < count; ++n)
        {
            const double t = 2 * std::numbers::pi * n / count, x = gain * std::sin (t);
            const double y = x / std::sqrt (1 + x * x);
            re += y * std::cos (static_cast<double> (h) * t);
            im += y * std::sin (static_cast<double> (h) * t);
        }
        amount[h - 1] = std::hypot (re, im);
    }
    std::array<double, 7> levels {};
    for (std::size_t h = 0; h < amount.size(); ++h)
        levels[h] = std::max (silenceDb, decibelsOf (amount[h] / amount[0]).value);
    return levels;
}

double SaturationGraph::distortion (const std::array<double, 7>& levels)
{
    double sum = 0;
    for (std::size_t h = 1; h < levels.size(); ++h)
        sum += std::pow (10, levels[h] / 10);
    return std::sqrt (sum);
}

void SaturationGraph::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::panel));
    auto area = getLocalBounds().toFloat();
    const bool tall = area.getHeight() > 100;
    const auto words = tall ? area.removeFromBottom (18) : juce::Rectangle<float>();
    const bool bars = area.getWidth() > 150;
    const auto left = bars ? area.withWidth (std::floor ((area.getWidth() - 8) * 0.48f)) : area;
    g.setColour (colour (tokens::well));
    g.fillRect (left);
    g.setColour (colour (tokens::line));
    g.fillRect (left.getX(), left.getCentreY(), left.getWidth(), 1.0f);
    g.fillRect (left.getCentreX(), left.getY(), 1.0f, left.getHeight());
    g.setColour (colour (tokens::text3).withAlpha (0.5f));
    const float thin[] { 2, 3 };
    g.drawDashedLine ({ left.getX(), left.getBottom(), left.getRight(), left.getY() }, thin, 2, 1);
    juce::Path curve;
    const double gain = gainOf (Decibels { driveDb }), full = gain / std::sqrt (1 + gain * gain);
    for (int n = 0; n <= 64; ++n)
    {
        const double x = n / 32.0 - 1, driven = gain * x;
        const double y = (1 - share) * x + share * driven / std::sqrt (1 + driven * driven) / full;
        const juce::Point<float> p (left.getX() + static_cast<float> ((x + 1) / 2) * left.getWidth(),
                                    left.getCentreY() - static_cast<float> (y) * (left.getHeight() / 2 - 4));
        if (n == 0)
            curve.startNewSubPath (p);
        else
            curve.lineTo (p);
    }
    g.setColour (colour (tokens::gold));
    g.strokePath (curve, juce::PathStrokeType (2));
    frameWell (g, left);
    if (bars)
    {
        const auto right = area.withLeft (left.getRight() + 8);
        g.setColour (colour (tokens::well));
        g.fillRect (right);
        const float w = right.getWidth() / 7;
        for (std::size_t h = 0; h < parts.size(); ++h)
        {
            const float share0 = static_cast<float> (std::clamp ((parts[h] + 80) / 80, 0.0, 1.0));
            const float height = share0 * (right.getHeight() - 20);
            const auto bar = juce::Rectangle<float> (right.getX() + static_cast<float> (h) * w + 2,
                                                     right.getBottom() - 14 - height, w - 4, height);
            g.setColour (h == 0 ? colour (tokens::off) : colour (tokens::seiji).withAlpha (0.85f));
            g.fillRect (bar);
            g.setColour (colour (tokens::text3));
            drawTabular (g, juce::String (static_cast<int> (h) + 1), font (10, Weight::medium),
                         { bar.getX() - 2, right.getBottom() - 13, w, 12 }, juce::Justification::centred);
        }
        frameWell (g, right);
    }
    if (tall)
    {
        g.setColour (colour (tokens::text2));
        drawTabular (g, "THD " + juce::String (100 * distortion (parts), 1) + " %", font (11), words,
                     juce::Justification::centredLeft);
        g.setColour (colour (tokens::text3));
        g.setFont (font (11));
        if (bars)
            g.drawText ("harmonics", words, juce::Justification::centredRight, false);
    }
}

void SaturationGraph::mouseDown (const juce::MouseEvent& e)
{
    gesture = newGesture();
    last = e.position;
}

void SaturationGraph::mouseDrag (const juce::MouseEvent& e)
{
    const float delta = (last.y - e.position.y) * (e.mods.isShiftDown() ? 0.1f : 1.0f);
    last = e.position;
    setWithin (model, owner, *drive, model.value (owner, drive->id) + static_cast<double> (delta) / 5,
               gesture);
    refresh();
}

} // namespace lacquer::ui
