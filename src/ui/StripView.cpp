// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StripView.h"

#include "session/Find.h"
#include "ui/EqCurve.h"
#include "ui/StripParts.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

juce::String arrow()
{
    return juce::String::charToString (0x2192) + " ";
}

constexpr const char* colourNames[] { "beni",  "kaki", "kuri", "kihada", "wakaba", "matsu",
                                      "asagi", "sora", "ai",   "sumire", "botan",  "nezu" };

} // namespace

StripView::StripView (Model& m, const StripInfo& i, int n)
    : model (m), info (i), number (n), bindings (m), meter (utf8 (i.name))
{
    const auto table = model.params (info.id);
    const auto where = utf8 (info.name);
    setTitle (where);
    setHelpText (
        "Click to choose, Ctrl-click for several. Double-click to open. Drag the name to move the strip.");
    if (const auto* p = findParam (table, stripIds::pan))
    {
        pan = std::make_unique<Knob> (*p, where, 26, false);
        bind (*pan, stripIds::pan);
        addAndMakeVisible (*pan);
    }
    if (const auto* p = findParam (table, stripIds::fader))
    {
        fader = std::make_unique<Fader> (*p, where);
        level = std::make_unique<NumberField> (*p, where, false, 11.0f, juce::Justification::centred);
        level->withUnit = false;
        bind (*fader, stripIds::fader);
        bind (*level, stripIds::fader);
        addAndMakeVisible (*fader);
        addAndMakeVisible (*level);
    }
    canMute = findParam (table, stripIds::mute) != nullptr;
    canSolo = info.kind != session::StripKind::mix && findParam (table, stripIds::solo) != nullptr;
    mute.setTitle ("Mute, " + where);
    mute.setHelpText ("Click to silence. Shift-click for all. M for the selected strip.");
    solo.setTitle ("Solo, " + where);
    solo.setHelpText ("Click to hear it with the other soloed strips. Ctrl-click for this one alone.");
    mute.onPress = [this] (juce::ModifierKeys mods) { onSwitch (info.id, stripIds::mute, mods); };
    solo.onPress = [this] (juce::ModifierKeys mods) { onSwitch (info.id, stripIds::solo, mods); };
    if (canMute)
        addAndMakeVisible (mute);
    if (canSolo)
        addAndMakeVisible (solo);
    meter.setChannels (info.kind == session::StripKind::track ? info.channels : 2);
    meter.onClear = [this] { repaint (numbers); };
    addAndMakeVisible (meter);
    if (switchOf (model, info.id, "comp.") != nullptr)
    {
        reduction = std::make_unique<ReductionMeter> (where, false);
        addAndMakeVisible (*reduction);
    }
    setFocusContainerType (FocusContainerType::focusContainer);
    refresh();
}

void StripView::bind (ValueControl& c, std::string_view param)
{
    bindings.add (c, info.id);
    c.onChange = [this, param] (double v, Gesture key)
    {
        const auto* p = findParam (model.params (info.id), param);
        const double from = model.value (info.id, param);
        model.set (info.id, param, v, key);
        if (param == stripIds::fader)
        {
            fader->show (v);
            level->show (v);
        }
        if (onMove && p != nullptr)
            onMove (info.id, *p, from, v, key, juce::ModifierKeys::getCurrentModifiers());
    };
}

bool StripView::show (const StripInfo& now, int n)
{
    if (now.id != info.id || now.kind != info.kind || now.channels != info.channels || now.name != info.name)
        return false;
    const bool same = now == info && n == number;
    info = now;
    number = n;
    if (! same)
        repaint();
    return true;
}

void StripView::setSelected (bool b, bool c)
{
    if (b == selected && c == chosen)
        return;
    selected = b;
    chosen = c;
    if (fader != nullptr)
        fader->setSelected (b);
    repaint();
}

void StripView::setParts (const StripShow& p)
{
    if (parts == p)
        return;
    parts = p;
    resized();
    repaint();
}

void StripView::setCompact (bool c)
{
    if (std::exchange (compact, c) != c)
        resized();
}

int StripView::naturalWidth() const
{
    if (info.kind == session::StripKind::mix)
        return compact ? 96 : 118;
    return parts.narrow ? 52 : compact ? 68 : 76;
}

void StripView::listInserts()
{
    std::vector<Place> now;
    const auto effects = [&] (bool late)
    {
        for (const auto& s : info.inserts)
            if (s.late == late)
                now.push_back (
                    { utf8 (s.name), s.effect ? effectIsOn (model, s.effect) : s.on, s.effect, {} });
    };
    effects (false);
    for (const auto& part : consoleParts)
        if (acts (model, info.id, part.prefix))
            now.push_back ({ part.brief, true, {}, part.prefix });
    effects (true);
    if (now != places)
    {
        places = std::move (now);
        repaint (inserts);
    }
}

void StripView::drawEq()
{
    const auto& table = EqTable::of (model.params (info.id));
    if (! table || eq.isEmpty())
        return;
    const auto states = table->states (model, info.id);
    std::vector<std::pair<double, double>> now { { eq.getWidth(), eq.getHeight() } };
    for (const auto& s : states)
        if (s.acts())
            now.emplace_back (s.frequency + s.slope, s.gain + 100 * s.q + 1000 * static_cast<int> (s.shape));
    if (now == eqShape)
        return;
    eqShape = std::move (now);
    std::vector<double> frequencies;
    for (int x = 0; x <= eq.getWidth(); x += 2)
        frequencies.push_back (20 * std::pow (1000.0, static_cast<double> (x) / std::max (1, eq.getWidth())));
    const auto sum = eqSum (states, frequencies, model.sampleRate());
    eqCurve.clear();
    const auto r = eq.toFloat();
    for (std::size_t n = 0; n < sum.size(); ++n)
    {
        const juce::Point<float> p (
            r.getX() + 2 * static_cast<float> (n),
            std::clamp (r.getCentreY() - static_cast<float> (sum[n] / 15) * r.getHeight() / 2, r.getY(),
                        r.getBottom() + 3));
        if (n == 0)
            eqCurve.startNewSubPath (p);
        else
            eqCurve.lineTo (p);
    }
    repaint (eq);
}

void StripView::refresh()
{
    bindings.refresh();
    const bool muted = canMute && model.value (info.id, stripIds::mute) >= 0.5;
    mute.setToggleState (muted, juce::dontSendNotification);
    if (canSolo)
        solo.setToggleState (model.value (info.id, stripIds::solo) >= 0.5, juce::dontSendNotification);
    const bool bySolo = model.mutedBySolo (info.id);
    if (std::exchange (mute.outlined, bySolo && ! muted) != mute.outlined)
        mute.repaint();
    if (fader != nullptr)
        fader->setMuted (muted);
    listInserts();
    drawEq();
    for (auto& s : info.sends)
    {
        const auto id = "send" + std::to_string (s.number + 1);
        if (findParam (model.params (info.id), id + ".level") == nullptr)
            continue;
        const auto before = s;
        s.level = model.value (info.id, id + ".level");
        s.on = model.value (info.id, id + ".on") >= 0.5;
        if (! (before == s))
            repaint (sends);
    }
}

void StripView::advance (double seconds)
{
    bindings.advance();
    const double before = meter.maximum();
    meter.advance (model.take (info.id), seconds);
    if (reduction != nullptr)
        reduction->advance (model.reduction (info.id), seconds);
    if (before != meter.maximum())
        repaint (numbers);
}

int StripView::rowAt (juce::Rectangle<int> list, juce::Point<int> p) const
{
    return list.contains (p) ? (p.y - list.getY()) / 16 : -1;
}

void StripView::mouseDown (const juce::MouseEvent& e)
{
    dragInsert = dragSend = -1;
    dragsName = false;
    const auto at = e.getPosition();
    if (onSelect)
        onSelect (info.id, e.mods);
    if (e.mods.isPopupMenu() && ! inserts.contains (at) && ! sends.contains (at))
    {
        stripMenu();
        return;
    }
    if (const int row = rowAt (inserts, at); row >= 0)
        clickInsert (row, e);
    else if (const int send = rowAt (sends, at); send >= 0)
        clickSend (send, e);
    else if (nameBox.contains (at))
        dragsName = true;
    else if (route.contains (at))
    {
        juce::PopupMenu m;
        addOutputEntries (m, model, info.id);
        if (m.getNumItems() > 0)
            m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
    }
    else if (numbers.contains (at))
    {
        if (e.mods.isAltDown() && onClearAll)
            onClearAll();
        else
            meter.clear();
        repaint (numbers);
    }
}

void StripView::clickInsert (int row, const juce::MouseEvent& e)
{
    if (row >= static_cast<int> (places.size()))
    {
        showEffectMenu (model, info.id, *this,
                        [this] (Id made)
                        {
                            if (onOpen)
                                onOpen (info.id, made);
                        });
        return;
    }
    const auto place = places[static_cast<std::size_t> (row)];
    const auto toggle = [this, place]
    {
        if (place.effect)
            model.edit (session::switchedEffect (model.project(), place.effect, ! place.on), newGesture());
        else
            model.set (info.id, std::string (place.part) + "on", place.on ? 0 : 1, newGesture());
        refresh();
    };
    if (e.mods.isAltDown())
        toggle();
    else if (e.mods.isPopupMenu())
    {
        juce::PopupMenu m;
        m.addItem ("On", true, place.on, toggle);
        m.addItem ("Open", [this, place] { onOpen (info.id, place.effect); });
        if (place.effect)
            m.addItem ("Remove",
                       [this, place] {
                           model.edit (session::removedEffect (model.project(), place.effect), newGesture());
                       });
        m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
    }
    else
        dragInsert = row;
}

void StripView::clickSend (int row, const juce::MouseEvent& e)
{
    if (row >= static_cast<int> (info.sends.size()))
    {
        juce::PopupMenu m;
        addSendEntries (m, model, info.id);
        m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
        return;
    }
    const auto& s = info.sends[static_cast<std::size_t> (row)];
    const auto id = "send" + std::to_string (s.number + 1);
    const bool pre = model.value (info.id, id + ".pre") >= 0.5;
    if (e.mods.isAltDown())
    {
        model.set (info.id, id + ".on", s.on ? 0 : 1, newGesture());
        refresh();
    }
    else if (e.mods.isPopupMenu())
    {
        juce::PopupMenu m;
        m.addItem ("On", true, s.on,
                   [this, id, on = s.on] { model.set (info.id, id + ".on", on ? 0 : 1, newGesture()); });
        m.addItem ("Before the fader", true, pre,
                   [this, id, pre] { model.set (info.id, id + ".pre", pre ? 0 : 1, newGesture()); });
        m.addItem ("Remove", [this, slot = s.number]
                   { model.edit (session::withSend (model.project(), info.id, slot, {}), newGesture()); });
        m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
    }
    else
    {
        dragSend = row;
        gesture = newGesture();
        sendFrom = s.level;
    }
}

void StripView::mouseDrag (const juce::MouseEvent& e)
{
    if (! e.mouseWasDraggedSinceMouseDown())
        return;
    if (dragSend >= 0)
    {
        const auto& s = info.sends[static_cast<std::size_t> (dragSend)];
        const auto id = "send" + std::to_string (s.number + 1) + ".level";
        if (const auto* p = findParam (model.params (info.id), id))
        {
            const double by = (e.getDistanceFromDragStartX() - e.getDistanceFromDragStartY()) / 150.0 *
                              (e.mods.isShiftDown() ? 0.1 : 1);
            model.set (info.id, id, valueAtTravel (*p, std::clamp (travelOf (*p, sendFrom) + by, 0.0, 1.0)),
                       gesture);
            refresh();
        }
    }
    else if (dragInsert >= 0 && places[static_cast<std::size_t> (dragInsert)].effect &&
             e.getDistanceFromDragStart() > 5)
    {
        goalInsert = std::clamp ((e.y - inserts.getY() + 8) / 16, 0, static_cast<int> (places.size()));
        repaint (inserts.expanded (0, 3));
    }
    else if (dragsName && onDragName && std::abs (e.getDistanceFromDragStartX()) > 6)
        onDragName (info.id, e.getScreenPosition(), false);
}

void StripView::mouseUp (const juce::MouseEvent& e)
{
    if (const int goal = std::exchange (goalInsert, -1); goal >= 0 && dragInsert >= 0)
    {
        repaint (inserts.expanded (0, 3));
        const auto& mine = places[static_cast<std::size_t> (dragInsert)];
        // Among the effects: as many as stand before the line.
        std::size_t index = 0;
        for (int n = 0; n < goal; ++n)
            if (const auto& p = places[static_cast<std::size_t> (n)]; p.effect && p.effect != mine.effect)
                ++index;
        model.edit (session::movedEffect (model.project(), mine.effect, index), newGesture());
    }
    else if (dragInsert >= 0 && ! e.mouseWasDraggedSinceMouseDown() && onOpen)
        onOpen (info.id, places[static_cast<std::size_t> (dragInsert)].effect);
    if (dragsName && onDragName && std::abs (e.getDistanceFromDragStartX()) > 6)
        onDragName (info.id, e.getScreenPosition(), true);
    dragInsert = dragSend = -1;
    dragsName = false;
}

void StripView::mouseDoubleClick (const juce::MouseEvent& e)
{
    if (eq.contains (e.getPosition()) && onOpen)
        onOpen (info.id, {});
}

void StripView::stripMenu()
{
    juce::PopupMenu m;
    m.addItem ("Open channel editor", [this] { onOpen (info.id, {}); });
    juce::PopupMenu colours;
    for (const auto* name : colourNames)
        colours.addItem (juce::String (name), true, info.colour == name,
                         [this, name] {
                             model.edit (session::recoloured (model.project(), info.id, name), newGesture());
                         });
    m.addSubMenu ("Colour", colours);
    juce::PopupMenu out;
    addOutputEntries (out, model, info.id);
    if (out.getNumItems() > 0)
        m.addSubMenu ("Output", out);
    juce::PopupMenu to;
    addSendEntries (to, model, info.id);
    m.addSubMenu ("Send", to);
    if (info.kind != session::StripKind::mix)
        m.addItem ("Remove strip",
                   [this] { model.edit (session::removedStrip (model.project(), info.id), newGesture()); });
    m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
}

void StripView::resized()
{
    auto r = getLocalBounds();
    const bool mix = info.kind == session::StripKind::mix;
    r.removeFromTop (4);
    route = r.removeFromBottom (15);
    nameBox = r.removeFromBottom (22);
    r.removeFromBottom (2);
    auto switches = r.removeFromBottom (22).reduced (4, 2);
    if (canMute && canSolo)
    {
        mute.setBounds (switches.removeFromLeft ((switches.getWidth() - 3) / 2));
        switches.removeFromLeft (3);
        solo.setBounds (switches);
    }
    else
        (canMute ? mute : solo).setBounds (switches);
    numbers = r.removeFromBottom (17);
    if (level != nullptr)
        level->setBounds (numbers.withWidth (parts.narrow ? numbers.getWidth() : numbers.getWidth() * 43 / 76)
                              .reduced (2, 0));

    // What does not fit gives way in the order of the design: sends, inserts beyond three, the EQ picture.
    const bool hasEq = findParam (model.params (info.id), "eq.on") != nullptr;
    int insertRows = parts.inserts ? (compact ? 3 : 5) : 0, sendRows = parts.sends && ! parts.narrow ? 2 : 0;
    int eqHeight = parts.eq && hasEq ? 30 : 0;
    const auto need = [&] { return eqHeight + insertRows * 16 + sendRows * 16 + 12 + 32 + 120; };
    if (need() > r.getHeight())
        sendRows = 0;
    if (need() > r.getHeight())
        insertRows = std::min (insertRows, 3);
    if (need() > r.getHeight())
        eqHeight = 0;
    if (need() > r.getHeight())
        insertRows = 0;
    eq = r.removeFromTop (eqHeight).reduced (2, 1);
    r.removeFromTop (eqHeight > 0 ? 4 : 0);
    inserts = r.removeFromTop (insertRows * 16).reduced (4, 0);
    r.removeFromTop (insertRows > 0 ? 4 : 0);
    sends = r.removeFromTop (sendRows * 16).reduced (4, 0);
    r.removeFromTop (4);
    auto panRow = r.removeFromTop (30);
    if (pan != nullptr)
        pan->setBounds (panRow.withTrimmedLeft (parts.narrow ? 12 : 5).withWidth (28));
    r.removeFromTop (6);
    r.removeFromBottom (4);
    const bool scales = ! parts.narrow;
    if (fader != nullptr)
        fader->scaleNumbers = scales;
    meter.scaleNumbers = scales;
    const int gr = reduction != nullptr ? 6 : 0;
    const int middle = mix ? getWidth() / 2 - 12 : parts.narrow ? 24 : getWidth() < 76 ? 37 : 42;
    if (fader != nullptr)
        fader->setBounds (r.withWidth (middle));
    if (reduction != nullptr)
        reduction->setBounds (r.withTrimmedLeft (middle + 1).withWidth (gr).withTrimmedTop (5));
    meter.setBounds (r.withTrimmedLeft (middle + gr + 2)
                         .withWidth (mix ? 40 : std::max (6, getWidth() - middle - gr - (scales ? 2 : 5))));
    eqShape.clear();
    drawEq();
}

void StripView::paint (juce::Graphics& g)
{
    const auto r = getLocalBounds();
    const auto tint = pigment (info.colour);
    paintPanel (g, r);
    if (selected || chosen)
    {
        g.setColour (colour (tokens::gold).withAlpha (selected ? 0.10f : 0.06f));
        g.fillRect (r);
    }
    g.setColour (tint);
    g.fillRect (r.withHeight (3));
    if (! eq.isEmpty() && g.clipRegionIntersects (eq))
    {
        g.setColour (colour (tokens::well));
        g.fillRect (eq);
        juce::Graphics::ScopedSaveState state (g);
        g.reduceClipRegion (eq);
        g.setColour (colour (tokens::line));
        g.fillRect (eq.getX(), eq.getCentreY(), eq.getWidth(), 1);
        const bool shaped = eqShape.size() > 1;
        g.setColour (colour (selected ? tokens::gold : shaped ? tokens::text2 : tokens::off));
        g.strokePath (eqCurve, juce::PathStrokeType (1.4f));
    }
    const auto slotAt = [&] (juce::Rectangle<int> box, int row)
    { return box.withHeight (15).translated (0, row * 16).toFloat(); };
    if (g.clipRegionIntersects (inserts))
    {
        const int rows = inserts.getHeight() / 16;
        for (int row = 0; row < rows; ++row)
        {
            const auto slot = slotAt (inserts, row);
            const auto n = static_cast<std::size_t> (row);
            const bool used = n < places.size();
            g.setColour (juce::Colour (used ? 0xff2d2824 : 0xff151210));
            g.fillRoundedRectangle (slot, 2);
            const bool more = row == rows - 1 && static_cast<int> (places.size()) > rows;
            if (more)
                drawFading (g, "+ " + juce::String (static_cast<int> (places.size()) - rows + 1) + " more",
                            font (10), colour (tokens::text2), slot.withTrimmedLeft (4));
            else if (used)
            {
                const auto& s = places[n];
                g.setColour (colour (s.on ? tokens::gold : tokens::off));
                g.fillRoundedRectangle (slot.getX() + 4, slot.getCentreY() - 2.5f, 5, 5, 1);
                drawFading (g, s.name, font (10), colour (s.on ? tokens::text : tokens::text3),
                            slot.withTrimmedLeft (14));
            }
            else if (n == places.size())
                drawIcon (g, Icon::plus, slot.withWidth (16).withSizeKeepingCentre (7, 7),
                          colour (tokens::text3));
        }
        if (goalInsert >= 0)
        {
            g.setColour (colour (tokens::gold));
            g.fillRect (inserts.getX(), inserts.getY() + goalInsert * 16 - 1, inserts.getWidth(), 2);
        }
    }
    if (g.clipRegionIntersects (sends))
        for (int row = 0; row < sends.getHeight() / 16; ++row)
        {
            const auto slot = slotAt (sends, row);
            const auto n = static_cast<std::size_t> (row);
            const bool used = n < info.sends.size();
            g.setColour (juce::Colour (used ? 0xff211d1a : 0xff151210));
            g.fillRoundedRectangle (slot, 2);
            if (used)
            {
                const auto& s = info.sends[n];
                const auto p = asLevel<Param> ("send", "Send", 10, 0, {});
                const auto text = shown (s.level <= static_cast<double> (p.min)
                                             ? "-inf"
                                             : juce::String (std::round (s.level))
                                                   .upToFirstOccurrenceOf (".", false, false)
                                                   .toStdString());
                const auto right = slot.withTrimmedRight (3);
                const float width = tabularWidth (text, font (10));
                drawFading (g, utf8 (s.name), font (10), colour (s.on ? tokens::text : tokens::text3),
                            slot.withTrimmedLeft (4).withTrimmedRight (width + 6));
                g.setColour (colour (tokens::text2));
                drawTabular (g, text, font (10), right, juce::Justification::centredRight);
                g.setColour (colour (s.on ? tokens::gold : tokens::off));
                g.fillRect (slot.getX(), slot.getBottom() - 1.5f,
                            slot.getWidth() * static_cast<float> (travelOf (p, s.level)), 1.5f);
            }
            else if (n == info.sends.size() && info.kind != session::StripKind::mix)
                drawIcon (g, Icon::plus, slot.withWidth (16).withSizeKeepingCentre (7, 7),
                          colour (tokens::text3));
        }
    if (pan != nullptr && ! parts.narrow)
    {
        const auto box = pan->getBounds().withLeft (pan->getRight() + 4).withRight (getWidth());
        if (g.clipRegionIntersects (box))
        {
            g.setColour (colour (tokens::text2));
            drawTabular (g, shownValue (pan->param(), std::round (pan->value())), font (10), box.toFloat(),
                         juce::Justification::centredLeft);
        }
    }
    if (! parts.narrow && g.clipRegionIntersects (numbers))
    {
        const auto place =
            numbers.withLeft (numbers.getX() + numbers.getWidth() * 43 / 76).withTrimmedRight (2).toFloat();
        const double top = meter.maximum();
        g.setColour (colour (top >= 0 ? tokens::shu : tokens::text2));
        drawTabular (g, (top > 0 ? "+" : "") + shownLevel (top),
                     font (10, top >= 0 ? Weight::semibold : Weight::regular), place,
                     juce::Justification::centred);
    }
    if (g.clipRegionIntersects (nameBox.withBottom (getHeight())))
    {
        g.setColour (tint.withAlpha (selected ? 0.4f : 0.24f));
        g.fillRect (nameBox);
        g.setColour (tint.withAlpha (0.5f));
        g.fillRect (nameBox.withHeight (1));
        drawFading (g, utf8 (info.name), font (11, Weight::semibold), colour (tokens::text),
                    nameBox.reduced (4, 0).toFloat(), juce::Justification::centred);
        const auto where =
            info.kind == session::StripKind::mix ? juce::String ("Master page") : utf8 (info.output);
        if (where.isNotEmpty())
            drawFading (
                g,
                (info.kind == session::StripKind::track ? juce::String (number) + " " : juce::String()) +
                    arrow() + where,
                font (10), colour (tokens::text3), route.reduced (3, 0).toFloat(),
                juce::Justification::centred);
    }
    if (selected)
    {
        g.setColour (colour (tokens::gold));
        g.drawRect (r.toFloat(), 1.5f);
    }
}

} // namespace lacquer::ui
