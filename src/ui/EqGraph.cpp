// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EqGraph.h"

#include "session/Find.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

using eqScale::highest, eqScale::levelSpan, eqScale::lowest, eqScale::slope, eqScale::topLevel;
constexpr float reach = 12; ///< of a node, in pixels

} // namespace

EqGraph::EqGraph (Model& m, Id o, EqTable table, const juce::String& where, Size s)
    : model (m), owner (o), eq (std::move (table)), size (s)
{
    setTitle ("EQ, " + where);
    setHelpText ("Drag moves a point, Shift fine. Wheel changes Q. Alt-drag listens. Double-click adds a "
                 "band or resets "
                 "its gain. Drag a box around several. Right-click for its shape.");
    setOpaque (true);
    setWantsKeyboardFocus (true);
    refresh();
}

EqGraph::~EqGraph()
{
    if (listening >= 0)
        model.listenToBand ({}, 0, 0);
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

float EqGraph::yOfTone (double db, double frequency) const
{
    return yOfLevel (db + slope * std::log2 (frequency / 1000));
}

bool EqGraph::shown (int n) const
{
    return state (n).on || n == selected;
}

juce::Point<float> EqGraph::node (int n) const
{
    const auto& s = state (n);
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
    moves = model.anyAutomated (owner, {});
    read();
}

void EqGraph::read()
{
    auto now = eq.states (model, owner);
    auto heard = moves ? eq.states (model, owner, EqTable::Of::sound) : now;
    if (now == states && heard == sounds)
        return;
    states = std::move (now);
    sounds = std::move (heard);
    if (listening >= 0)
        hearListened();
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
    if (moves && dragged < 0 && inView (*this))
        read();
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

void EqGraph::put (const Param* p, double value, Gesture key)
{
    if (p != nullptr)
        model.set (owner, p->id,
                   std::clamp (value, static_cast<double> (p->min), static_cast<double> (p->max)), key);
}

std::vector<int> EqGraph::meant (int n) const
{
    if (chosen.contains (n))
        return { chosen.begin(), chosen.end() };
    return { n };
}

juce::Point<float> EqGraph::rangeHandle (int n) const
{
    const auto& s = state (n);
    const auto r = plot();
    const float y = std::clamp (yOf (s.gain + s.range), r.getY() + 6, r.getBottom() - 6);
    const auto at = node (n);
    // Beside the node while the two would lie on one another.
    return { std::abs (y - at.y) < 20 ? at.x + 24 : at.x, y };
}

EqGraph::Grip EqGraph::gripAt (juce::Point<float> p) const
{
    if (selected < 0 || size != Size::large || ! shown (selected))
        return Grip::node;
    const auto& s = state (selected);
    if (s.follows())
    {
        if (band (selected).range != nullptr && rangeHandle (selected).getDistanceFrom (p) < 9)
            return Grip::range;
        if (const auto* t = band (selected).threshold)
        {
            const auto sides = reachOf (s);
            const float y = yOfTone (model.value (owner, t->id), s.frequency),
                        left = xOf (sides.low > 0 ? sides.low : lowest),
                        right = xOf (sides.high > 0 ? sides.high : highest);
            if (std::abs (p.y - y) < 6 && p.x > left - 6 && p.x < right + 6 &&
                node (selected).getDistanceFrom (p) > reach + 4)
                return Grip::threshold;
        }
    }
    if (s.cuts() || band (selected).q == nullptr)
        return Grip::node;
    const double half = std::asinh (1 / (2 * s.q)) / std::log (2.0);
    for (const double side : { -half, half })
        if (std::abs (p.x - xOf (s.frequency * std::exp2 (side))) < 7 &&
            std::abs (p.y - node (selected).y) < 9)
            return side < 0 ? Grip::narrow : Grip::wide;
    return Grip::node;
}

void EqGraph::mouseMove (const juce::MouseEvent& e)
{
    const int now = bandAt (e.position);
    const auto over = gripAt (e.position);
    int mask = -1;
    for (int n = 0; n < static_cast<int> (masked.size()); ++n)
        if (const auto& m = masked[static_cast<std::size_t> (n)];
            now < 0 && e.position.x >= xOf (m.low) && e.position.x <= xOf (m.high))
            mask = n;
    const bool changed = std::exchange (hovered, now) != now;
    if ((std::exchange (hoveredMask, mask) != mask) || changed)
        repaint();
    setMouseCursor (over == Grip::narrow || over == Grip::wide ? juce::MouseCursor::LeftRightResizeCursor
                    : over == Grip::range || over == Grip::threshold ? juce::MouseCursor::UpDownResizeCursor
                    : now >= 0                                       ? juce::MouseCursor::DraggingHandCursor
                                                                     : juce::MouseCursor::NormalCursor);
}

void EqGraph::mouseExit (const juce::MouseEvent&)
{
    const bool any = std::exchange (hovered, -1) != -1;
    if (std::exchange (hoveredMask, -1) != -1 || any)
        repaint();
}

void EqGraph::mouseDown (const juce::MouseEvent& e)
{
    grip = gripAt (e.position);
    const int n = grip == Grip::node ? bandAt (e.position) : selected;
    dragged = -1;
    boxing = false;
    if (e.mods.isPopupMenu())
    {
        if (n >= 0)
            selectBand (n);
        if (n >= 0 && onSelect)
            onSelect (n);
        openMenu (n, e.position);
        return;
    }
    if (n < 0)
    {
        if (onHearMasked && maskedEar().contains (e.position))
        {
            onHearMasked();
            return;
        }
        if (hoveredMask >= 0 && onMasked)
            onMasked (hoveredMask);
        frame = { e.position, e.position };
        return;
    }
    if (e.mods.isCommandDown() && grip == Grip::node)
    {
        if (chosen.empty() && selected >= 0 && shown (selected))
            chosen.insert (selected);
        if (! chosen.insert (n).second)
            chosen.erase (n);
    }
    else if (! chosen.contains (n))
        chosen.clear();
    selectBand (n);
    if (onSelect)
        onSelect (n);
    repaint();
    dragged = n;
    lock = Lock::open;
    gesture = newGesture();
    last = e.position;
    held.clear();
    for (const int k : meant (n))
    {
        const auto& s = state (k);
        const auto* t = band (k).threshold;
        held[k] = { s.frequency, s.gain, s.q, s.range, t != nullptr ? model.value (owner, t->id) : 0 };
    }
    if (e.mods.isAltDown() && grip == Grip::node)
    {
        heldListen = true;
        listenTo (n);
    }
}

void EqGraph::mouseDrag (const juce::MouseEvent& e)
{
    if (! e.mouseWasDraggedSinceMouseDown() || e.mods.isPopupMenu())
        return;
    if (dragged < 0)
    {
        boxing = boxing || e.getDistanceFromDragStart() >= 4;
        frame = { e.mouseDownPosition, e.position };
        if (boxing)
            repaint();
        return;
    }
    const float fine = e.mods.isShiftDown() ? 0.1f : 1.0f;
    auto delta = (e.position - last) * fine;
    auto& start = held[dragged];
    const auto& b = band (dragged);
    switch (grip)
    {
        case Grip::narrow:
        case Grip::wide:
        {
            // Away from the middle is wider.
            const double octaves = static_cast<double> (delta.x) / static_cast<double> (plot().getWidth()) *
                                   std::log2 (highest / lowest) * (grip == Grip::wide ? 1 : -1);
            const double half = std::max (0.02, std::asinh (1 / (2 * start.q)) / std::log (2.0) + octaves);
            start.q = 1 / (2 * std::sinh (half * std::log (2.0)));
            put (b.q, start.q, gesture);
            break;
        }
        case Grip::range:
            start.range += gainAt (0) - gainAt (-delta.y);
            put (b.range, start.range, gesture);
            break;
        case Grip::threshold:
            start.threshold -= static_cast<double> (delta.y / plot().getHeight()) * levelSpan;
            put (b.threshold, start.threshold, gesture);
            break;
        case Grip::node:
        {
            // The first 6 px of a clear direction hold the other one; Ctrl lets go of it.
            const auto away = e.position - e.mouseDownPosition;
            if (e.mods.isCommandDown())
                lock = Lock::none;
            if (lock == Lock::open)
            {
                if (away.getDistanceFromOrigin() < 6)
                    return;
                lock = std::abs (away.x) > 3 * std::abs (away.y)   ? Lock::across
                       : std::abs (away.y) > 3 * std::abs (away.x) ? Lock::upright
                                                                   : Lock::none;
            }
            moveChosen ({ lock == Lock::upright ? 0 : delta.x, lock == Lock::across ? 0 : delta.y });
            break;
        }
    }
    last = e.position;
    refresh();
}

void EqGraph::moveChosen (juce::Point<float> delta)
{
    for (auto& [n, start] : held)
    {
        const auto& b = band (n);
        start.frequency = std::clamp (
            start.frequency * std::pow (highest / lowest, static_cast<double> (delta.x / plot().getWidth())),
            lowest, highest);
        if (delta.x != 0)
            put (b.frequency, start.frequency, gesture);
        if (delta.y == 0 || ! state (n).hasGain() || b.gain == nullptr)
            continue;
        start.gain = std::clamp (start.gain + gainAt (0) - gainAt (-delta.y),
                                 static_cast<double> (b.gain->min), static_cast<double> (b.gain->max));
        put (b.gain, start.gain, gesture);
    }
}

void EqGraph::mouseUp (const juce::MouseEvent&)
{
    if (std::exchange (heldListen, false))
        listenTo (-1);
    if (std::exchange (boxing, false))
    {
        chosen.clear();
        for (int n = 0; n < static_cast<int> (states.size()); ++n)
            if (shown (n) && frame.contains (node (n)))
                chosen.insert (n);
        if (! chosen.empty() && ! chosen.contains (selected))
        {
            selectBand (*chosen.begin());
            if (onSelect)
                onSelect (selected);
        }
        repaint();
    }
    else if (dragged < 0 && ! chosen.empty())
    {
        chosen.clear();
        repaint();
    }
    if (std::exchange (dragged, -1) >= 0)
        repaint();
}

void EqGraph::mouseWheelMove (const juce::MouseEvent& e, const juce::MouseWheelDetails& wheel)
{
    const int over = bandAt (e.position);
    const int at = over >= 0 ? over : selected;
    if (at < 0 || wheel.deltaY == 0.0f)
    {
        Component::mouseWheelMove (e, wheel);
        return;
    }
    const auto time = juce::Time::getMillisecondCounter();
    if (gesture == 0 || time - lastWheel > 500)
        gesture = newGesture();
    lastWheel = time;
    const double direction = (wheel.deltaY > 0) == wheel.isReversed ? -1 : 1;
    for (const int n : meant (at))
    {
        const auto& b = band (n);
        if (b.q != nullptr && ! state (n).cuts())
            put (b.q, state (n).q * std::pow (e.mods.isShiftDown() ? 1.02 : 1.12, direction), gesture);
        else if (b.slope != nullptr)
            put (b.slope, model.value (owner, b.slope->id) + direction, gesture);
    }
    refresh();
}

void EqGraph::addBand()
{
    const auto r = plot();
    addBand ({ r.getCentreX(), yOf (3) });
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
        const auto& b = band (n);
        const bool cut = b.cutsLow || b.cutsHigh;
        if (state (n).acts() || (cut && ! ((b.cutsLow && low) || (b.cutsHigh && high))))
            continue;
        const double distance = cut ? -1 : std::abs (std::log2 (state (n).frequency / f));
        if (distance < nearest)
        {
            nearest = distance;
            best = n;
        }
    }
    if (best < 0)
        return;
    const auto& b = band (best);
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
    chosen.clear();
    selectBand (best);
    if (onSelect)
        onSelect (best);
}

void EqGraph::mouseDoubleClick (const juce::MouseEvent& e)
{
    if (gripAt (e.position) == Grip::range)
    {
        put (band (selected).range, static_cast<double> (band (selected).range->initial), newGesture());
        refresh();
        return;
    }
    const int n = bandAt (e.position);
    if (n < 0)
    {
        addBand (e.position);
        return;
    }
    if (state (n).hasGain())
        put (band (n).gain, 0, newGesture());
    else
        put (band (n).on, 0, newGesture());
    refresh();
}

void EqGraph::listenTo (int n)
{
    if (std::exchange (listening, n) == n)
        return;
    hearListened();
    if (onListen)
        onListen();
    repaint();
}

void EqGraph::hearListened()
{
    if (listening < 0)
    {
        model.listenToBand ({}, 0, 0);
        return;
    }
    const auto strip = [&] (Id id) { return session::stripOf (model.project(), id) != nullptr; };
    Id heard = owner;
    if (! strip (heard))
        heard = session::ownerOf (model.project(), owner);
    if (! strip (heard))
        heard = model.song().mix->id; // of the mastering chain: what comes into it
    const auto sides = reachOf (state (listening));
    model.listenToBand ({ heard }, sides.low, sides.high);
}

void EqGraph::openMenu (int n, juce::Point<float> at)
{
    juce::PopupMenu m;
    const auto choices = [&] (juce::PopupMenu& into, const Param* EqTable::Band::*which, const Param* p)
    {
        if (p == nullptr)
            return;
        const int now = static_cast<int> (std::lround (model.value (owner, p->id)));
        for (int k = 0; ! choiceText (*p, k).empty(); ++k)
            into.addItem (utf8 (choiceText (*p, k)) + (p->choices == "12|24|48" ? " dB/oct" : ""), true,
                          k == now,
                          [this, n, which, p, k]
                          {
                              const auto key = newGesture();
                              if (which == nullptr)
                                  put (p, k, key);
                              else
                                  for (const int each : meant (n))
                                      put (band (each).*which, k, key);
                              refresh();
                          });
        into.addSeparator();
    };
    if (n < 0)
    {
        m.addItem ("Add a band here", [this, at] { addBand (at); });
        m.addSeparator();
        choices (m, nullptr, eq.phase());
        m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
        return;
    }
    const auto& b = band (n);
    const auto& s = state (n);
    choices (m, &EqTable::Band::type, b.type);
    if (s.cuts() && b.slope != nullptr)
    {
        juce::PopupMenu slopes;
        choices (slopes, &EqTable::Band::slope, b.slope);
        m.addSubMenu ("Slope", slopes);
    }
    if (b.channel != nullptr)
    {
        juce::PopupMenu parts;
        choices (parts, &EqTable::Band::channel, b.channel);
        m.addSubMenu ("Works on", parts);
    }
    const auto turn = [this, n] (const Param* EqTable::Band::*which, bool on)
    {
        return [this, n, which, on]
        {
            const auto key = newGesture();
            for (const int each : meant (n))
                put (band (each).*which, on ? 1 : 0, key);
            refresh();
        };
    };
    if (b.dynamic != nullptr)
        m.addItem ("Dynamic", s.canFollow(), s.dynamic, turn (&EqTable::Band::dynamic, ! s.dynamic));
    if (b.key != nullptr && s.follows())
    {
        juce::PopupMenu keys;
        choices (keys, &EqTable::Band::key, b.key);
        m.addSubMenu ("Listens to", keys);
    }
    m.addItem ("Listen to it alone", true, listening == n, [this, n] { listenTo (listening == n ? -1 : n); });
    if (b.on != nullptr)
        m.addItem ("On", true, s.on, turn (&EqTable::Band::on, ! s.on));
    m.addSeparator();
    m.addItem ("Delete",
               [this, n]
               {
                   const auto key = newGesture();
                   for (const int each : meant (n))
                       remove (each, key);
                   refresh();
               });
    m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
}

void EqGraph::remove (int n, Gesture key)
{
    const auto& b = band (n);
    put (b.on, 0, key);
    if (b.gain != nullptr)
        put (b.gain, 0, key);
    if (b.dynamic != nullptr && state (n).dynamic)
        put (b.dynamic, 0, key);
}

bool EqGraph::keyPressed (const juce::KeyPress& key)
{
    if (selected < 0 || key.getModifiers().isCommandDown())
        return false;
    using K = juce::KeyPress;
    const double fine = key.getModifiers().isShiftDown() ? 0.2 : 1;
    const auto press = newGesture();
    const bool turns = ! state (selected).on;
    const bool removes = key.isKeyCode (K::deleteKey) || key.isKeyCode (K::backspaceKey),
               up = key.isKeyCode (K::upKey), down = key.isKeyCode (K::downKey),
               left = key.isKeyCode (K::leftKey), right = key.isKeyCode (K::rightKey);
    if (! removes && ! up && ! down && ! left && ! right && key.getKeyCode() != 'B')
        return false;
    for (const int n : meant (selected))
    {
        const auto& b = band (n);
        const auto& s = state (n);
        if (removes)
            remove (n, press);
        else if (up || down)
            put (b.gain, s.gain + (up ? 0.5 : -0.5) * fine, press);
        else if (left || right)
            put (b.frequency, s.frequency * std::exp2 ((right ? 1 : -1) * fine / 12), press);
        else
            put (b.on, turns ? 1 : 0, press);
    }
    refresh();
    return true;
}

void EqGraph::showMaskedHeard (bool heard)
{
    if (std::exchange (maskedHeard, heard) != heard)
        repaint (maskedEar().getSmallestIntegerContainer());
}

void EqGraph::setMasked (std::vector<MaskedBand> all)
{
    if (all == masked)
        return;
    masked = std::move (all);
    hoveredMask = -1;
    repaint();
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
