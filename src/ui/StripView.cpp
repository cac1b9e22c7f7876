// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StripView.h"

#include "session/Find.h"
#include "ui/EqCurve.h"
#include "ui/MonitorPanel.h"
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

/// What the picture of the EQ is made of.
constexpr const char* eqParts[] { "eq.", "hpf.", "lpf." };

bool isMix (const StripInfo& info)
{
    return info.kind == session::StripKind::mix;
}

} // namespace

StripView::StripView (Model& m, const StripInfo& i, int n)
    : model (m), info (i), number (n), bindings (m), meter (utf8 (i.name))
{
    const auto table = model.params (info.id);
    const auto where = utf8 (info.name);
    setTitle (where);
    setHelpText (
        "Click to choose, Ctrl-click for several. Double-click to open. Drag the name to move the strip.");
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
    canSolo = ! isMix (info) && findParam (table, stripIds::solo) != nullptr;
    canMute = canMute && ! isMix (info); // there the monitor section stands
    mute.setTitle ("Mute, " + where);
    mute.setHelpText ("Click to silence, drag over others. Shift-click for all. M for the selected strip.");
    solo.setTitle ("Solo, " + where);
    solo.setHelpText ("Click to hear it with other soloed strips, drag over others. Ctrl-click for this one "
                      "alone, Shift-click for all, Alt-click to keep it heard whatever is soloed.");
    listen.setTitle ("Listen, " + where);
    listen.setHelpText ("Hear this strip in place of the mix; before or after faders is set in the monitor. "
                        "Ctrl-click for this one alone. It is never in an export.");
    const auto press = [this] (std::string_view param)
    {
        return [this, param] (juce::ModifierKeys mods)
        {
            if (mods.isPopupMenu() && onMenu)
                onMenu (info.id);
            else if (onSwitch)
                onSwitch (info.id, param, mods);
        };
    };
    const auto paintOver = [this] (std::string_view param)
    {
        return [this, param] (juce::Point<int> screen)
        {
            if (onPaint)
                onPaint (param, screen);
        };
    };
    mute.onPress = press (stripIds::mute);
    solo.onPress = press (stripIds::solo);
    mute.onDrag = paintOver (stripIds::mute);
    solo.onDrag = paintOver (stripIds::solo);
    for (auto* b : { &mute, &solo })
        b->setTriggeredOnMouseDown (true);
    listen.onPress = [this] (juce::ModifierKeys mods)
    {
        if (onListen)
            onListen (info.id, mods);
    };
    if (canMute)
        addAndMakeVisible (mute);
    if (canSolo)
        addAndMakeVisible (solo);
    if (isMix (info))
    {
        dim.setHelpText ("20 dB softer where you listen; no export is. D");
        mono.setHelpText ("Both sides as one where you listen; no export is. Shift+D");
        turned.setTitle ("Polarity, " + where);
        turned.setHelpText ("Turns the sound upside down.");
        dim.onPress = [this] (auto) { switchMonitor (model, &MonitorState::dim); };
        mono.onPress = [this] (auto) { switchMonitor (model, &MonitorState::mono); };
        turned.onPress = [this] (auto)
        { model.set (info.id, "trim.polarity", turned.getToggleState() ? 0 : 1, newGesture()); };
        for (auto* b : { &dim, &mono, &turned })
        {
            b->textSize = 10;
            addAndMakeVisible (b);
        }
    }
    else if (! info.vca)
        addAndMakeVisible (listen);
    meter.setChannels (info.kind == session::StripKind::track ? info.channels : 2);
    meter.onClear = [this] { repaint (numbers); };
    if (! info.vca)
        addAndMakeVisible (meter);
    if (switchOf (model, info.id, "comp.") != nullptr)
    {
        reduction = std::make_unique<ReductionMeter> (where, false);
        addAndMakeVisible (*reduction);
    }
    setFocusContainerType (FocusContainerType::focusContainer);
    placePan();
    refresh();
}

/// The knobs of the pan mode: a position; one for each side; or position and width.
void StripView::placePan()
{
    const auto table = model.params (info.id);
    const auto where = utf8 (info.name);
    if (pan != nullptr)
        bindings.remove (*pan);
    if (pan2 != nullptr)
        bindings.remove (*pan2);
    pan.reset();
    pan2.reset();
    const auto knob = [&] (std::string_view param) -> std::unique_ptr<Knob>
    {
        const auto* p = findParam (table, param);
        if (p == nullptr)
            return nullptr;
        auto made = std::make_unique<Knob> (*p, where, 26, false);
        bind (*made, param);
        made->onMenu = [this] (juce::PopupMenu& m)
        {
            juce::PopupMenu modes;
            const auto* mode = findParam (model.params (info.id), "pan.mode");
            for (int n = 0; mode != nullptr && ! choiceText (*mode, n).empty(); ++n)
                modes.addItem (utf8 (choiceText (*mode, n)), true, n == panMode,
                               [this, n] { model.set (info.id, "pan.mode", n, newGesture()); });
            if (info.channels == 2 && modes.getNumItems() > 0)
                m.addSubMenu ("Pan as", modes);
        };
        addAndMakeVisible (*made);
        return made;
    };
    const bool two = info.channels == 2;
    pan = knob (two && panMode == 1 ? "pan.left" : stripIds::pan);
    if (two && panMode > 0)
        pan2 = knob (panMode == 1 ? "pan.right" : "pan.width");
    bindings.refresh();
    resized();
    repaint();
}

void StripView::bind (ValueControl& c, std::string_view param)
{
    bindings.add (c, info.id);
    c.onChange = [this, param, set = c.onChange] (double v, Gesture key)
    {
        set (v, key);
        repaint (panText);
        if (param == stripIds::fader)
        {
            fader->show (v);
            level->show (v);
        }
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

void StripView::setSpilled (bool b)
{
    if (std::exchange (spilled, b) != b)
        repaint();
}

int StripView::naturalWidth() const
{
    if (isMix (info))
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
    const auto states = table->states (model, info.id, EqTable::Of::sound);
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
    muteMoves = canMute && model.automated (info.id, stripIds::mute);
    eqMoves = std::any_of (std::begin (eqParts), std::end (eqParts),
                           [this] (const auto* part) { return model.anyAutomated (info.id, part); });
    sendsMove = model.anyAutomated (info.id, "send");
    showMute();
    if (turned.isVisible())
        turned.setToggleState (model.value (info.id, "trim.polarity") >= 0.5, juce::dontSendNotification);
    if (canSolo)
        solo.setToggleState (model.value (info.id, stripIds::solo) >= 0.5, juce::dontSendNotification);
    listenTo (model.monitor());
    if (const auto* mode = findParam (model.params (info.id), "pan.mode"); mode != nullptr && pan != nullptr)
        if (const int now = static_cast<int> (std::lround (model.value (info.id, mode->id)));
            std::exchange (panMode, now) != now)
            placePan();
    if (const auto* s = session::stripOf (model.project(), info.id))
    {
        const auto* track =
            s->kind == session::StripKind::track ? session::trackOf (model.project(), info.id) : nullptr;
        const bool ice = track != nullptr && static_cast<bool> (track->frozen);
        if (std::exchange (disabled, s->disabled) != s->disabled || std::exchange (frozen, ice) != ice)
            repaint();
        if (const auto now = utf8 (s->label); std::exchange (label, now) != now)
            repaint (nameBox);
        if (std::exchange (solo.marked, s->soloSafe) != s->soloSafe)
            solo.repaint();
    }
    else if (const auto* vca = session::vcaOf (model.project(), info.id))
        listMembers (*vca);
    listInserts();
    drawEq();
    readSends();
}

void StripView::showMute()
{
    const bool muted = canMute && model.sounding (info.id, stripIds::mute) >= 0.5,
               bySolo = model.mutedBySolo (info.id);
    mute.setToggleState (muted, juce::dontSendNotification);
    if (std::exchange (mute.outlined, bySolo && ! muted) != mute.outlined)
        mute.repaint();
    if (fader != nullptr)
        fader->setMuted (muted);
}

void StripView::readSends()
{
    for (auto& s : info.sends)
    {
        const auto id = "send" + std::to_string (s.number + 1);
        if (findParam (model.params (info.id), id + ".level") == nullptr)
            continue;
        const auto before = s;
        s.level = model.sounding (info.id, id + ".level");
        s.on = model.sounding (info.id, id + ".on") >= 0.5;
        if (! (before == s))
            repaint (sends);
    }
}

void StripView::listenTo (const MonitorState& m)
{
    dim.setToggleState (m.dim, juce::dontSendNotification);
    mono.setToggleState (m.mono, juce::dontSendNotification);
    listen.setToggleState (std::find (m.listened.begin(), m.listened.end(), info.id) != m.listened.end(),
                           juce::dontSendNotification);
}

void StripView::listMembers (const session::Vca& vca)
{
    std::vector<juce::String> now;
    for (const Id id : vca.members)
        if (const auto* s = session::stripOf (model.project(), id))
            now.push_back (utf8 (s->name));
        else if (const auto* v = session::vcaOf (model.project(), id))
            now.push_back (utf8 (v->name));
    if (now != members)
    {
        members = std::move (now);
        repaint();
    }
}

void StripView::advance (double seconds)
{
    if (bindings.advance())
        repaint (panText);
    if ((muteMoves || eqMoves || sendsMove) && inView (*this))
    {
        if (muteMoves)
            showMute();
        if (eqMoves)
            drawEq();
        if (sendsMove)
            readSends();
    }
    if (info.vca)
        return;
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
    if (e.mods.isPopupMenu() && (info.vca || (! inserts.contains (at) && ! sends.contains (at))))
    {
        if (onMenu)
            onMenu (info.id);
        return;
    }
    if (info.vca)
    {
        if (inserts.contains (at) && onSpill)
            onSpill (info.id);
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
            switchEffect (model, place.effect, ! place.on);
        else
            model.set (info.id, std::string (place.part) + "on", place.on ? 0 : 1, newGesture());
        refresh();
    };
    if (e.mods.isAltDown() && ! place.effect)
        toggle();
    else if (e.mods.isPopupMenu())
    {
        juce::PopupMenu m;
        if (place.effect)
            m = insertMenu (model, place.effect, *this, actions());
        else
        {
            m.addItem ("On", true, place.on, toggle);
            m.addItem ("Open", [this] { onOpen (info.id, {}); });
        }
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
    if (e.mods.isPopupMenu())
        sendMenu (model, info.id, s.number, *this)
            .showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
    else
    {
        dragSend = row;
        sendDrag = SendDrag::undecided;
        gesture = newGesture();
        sendFrom = s.level;
    }
}

void StripView::mouseDrag (const juce::MouseEvent& e)
{
    if (! e.mouseWasDraggedSinceMouseDown() || e.mods.isPopupMenu())
        return;
    if (dragSend >= 0 && sendDrag == SendDrag::undecided && e.getDistanceFromDragStart() > 5)
        sendDrag = std::abs (e.getDistanceFromDragStartX()) >= std::abs (e.getDistanceFromDragStartY()) &&
                           ! e.mods.isAltDown()
                       ? SendDrag::level
                       : SendDrag::place;
    if (dragSend >= 0 && sendDrag == SendDrag::level)
    {
        const auto& s = info.sends[static_cast<std::size_t> (dragSend)];
        const auto id = "send" + std::to_string (s.number + 1) + ".level";
        if (const auto* p = findParam (model.params (info.id), id))
        {
            const double by = e.getDistanceFromDragStartX() / 150.0 * (e.mods.isShiftDown() ? 0.1 : 1);
            model.set (info.id, id, valueAtTravel (*p, std::clamp (travelOf (*p, sendFrom) + by, 0.0, 1.0)),
                       gesture);
            refresh();
        }
    }
    else if (dragSend >= 0 || dragInsert >= 0)
        dragSlot (e, false);
    else if (dragsName && onDragName && std::abs (e.getDistanceFromDragStartX()) > 6)
        onDragName (info.id, e.getScreenPosition(), false);
}

void StripView::mouseUp (const juce::MouseEvent& e)
{
    const bool moved = e.mouseWasDraggedSinceMouseDown() && e.getDistanceFromDragStart() > 5;
    if (dragInsert >= 0 && ! moved)
    {
        const auto place = places[static_cast<std::size_t> (dragInsert)];
        if (e.mods.isAltDown())
            switchEffect (model, place.effect, ! place.on);
        else if (onOpen)
            onOpen (info.id, place.effect);
    }
    else if (dragSend >= 0 && ! moved)
    {
        if (const auto& s = info.sends[static_cast<std::size_t> (dragSend)]; e.mods.isAltDown())
            model.set (info.id, "send" + std::to_string (s.number + 1) + ".on", s.on ? 0 : 1, newGesture());
        refresh();
    }
    else if (dragInsert >= 0 || (dragSend >= 0 && sendDrag == SendDrag::place))
        dragSlot (e, true);
    if (dragsName && onDragName && std::abs (e.getDistanceFromDragStartX()) > 6)
        onDragName (info.id, e.getScreenPosition(), true);
    dragInsert = dragSend = -1;
    dragsName = false;
}

void StripView::dragSlot (const juce::MouseEvent& e, bool done)
{
    SlotDrag drag;
    drag.from = info.id;
    drag.copies = e.mods.isAltDown();
    drag.done = done;
    drag.screen = e.getScreenPosition();
    if (dragInsert >= 0)
    {
        const auto& place = places[static_cast<std::size_t> (dragInsert)];
        const auto* known = session::effectOf (model.project(), place.effect);
        if (known == nullptr || e.getDistanceFromDragStart() <= 5)
            return; // the console's own parts stay where they are
        drag.effect = place.effect;
        drag.late = known->postConsole;
        drag.name = place.name;
    }
    else
    {
        const auto& send = info.sends[static_cast<std::size_t> (dragSend)];
        drag.slot = send.number;
        drag.name = utf8 (send.name);
    }
    if (onDragSlot)
        onDragSlot (drag);
}

std::optional<StripView::Goal> StripView::goalOf (const SlotDrag& drag) const
{
    const auto at = getLocalPoint (nullptr, drag.screen);
    const auto& list = drag.effect ? inserts : sends;
    if (info.vca || ! list.expanded (6, 8).contains (at))
        return std::nullopt;
    Goal goal;
    const int line = (at.y - list.getY() + 8) / 16;
    if (! drag.effect)
    {
        if (isMix (info))
            return std::nullopt;
        goal.row = std::clamp (line, 0, static_cast<int> (info.sends.size()));
        // Those after it move up when it goes down its own list.
        int row = goal.row;
        if (drag.from == info.id)
            for (int n = 0; n < static_cast<int> (info.sends.size()); ++n)
                if (info.sends[static_cast<std::size_t> (n)].number == drag.slot && n < row)
                {
                    --row;
                    break;
                }
        goal.slot = row < static_cast<int> (info.sends.size())
                        ? info.sends[static_cast<std::size_t> (row)].number
                    : info.sends.empty() ? 0
                                         : info.sends.back().number;
        return goal;
    }
    goal.row = std::clamp (line, 0, static_cast<int> (places.size()));
    const auto row = static_cast<std::size_t> (goal.row);
    const auto isLate = [&] (const Place& p)
    {
        const auto* e = session::effectOf (model.project(), p.effect);
        return e != nullptr && e->postConsole;
    };
    const auto console = [] (const Place& p) { return ! p.effect; };
    const bool afterConsole = std::any_of (places.begin(), places.begin() + static_cast<std::ptrdiff_t> (row),
                                           [&] (const Place& p) { return console (p) || isLate (p); });
    const bool beforeConsole =
        std::any_of (places.begin() + static_cast<std::ptrdiff_t> (row), places.end(),
                     [&] (const Place& p) { return console (p) || (p.effect && ! isLate (p)); });
    goal.late = afterConsole || (! beforeConsole && drag.late);
    const auto* s = session::stripOf (model.project(), info.id);
    if (s == nullptr)
        return std::nullopt;
    goal.index = s->inserts.size();
    for (std::size_t n = row; n < places.size(); ++n)
        if (places[n].effect && places[n].effect != drag.effect && isLate (places[n]) == goal.late)
        {
            std::size_t index = 0;
            for (const auto& e : s->inserts)
            {
                if (e->id == places[n].effect)
                    break;
                index += e->id != drag.effect ? 1 : 0;
            }
            goal.index = index;
            break;
        }
    return goal;
}

void StripView::showGoal (const SlotDrag* drag, std::optional<Goal> goal)
{
    const int row = goal && drag != nullptr ? goal->row : -1;
    const bool send = drag != nullptr && ! drag->effect;
    if (std::exchange (goalRow, row) == row && std::exchange (goalIsSend, send) == send)
        return;
    goalIsSend = send;
    repaint (inserts.expanded (0, 3));
    repaint (sends.expanded (0, 3));
}

bool StripView::hasSwitch (std::string_view param, juce::Point<int> screen) const
{
    const auto& button = param == stripIds::solo ? solo : mute;
    const bool can = param == stripIds::solo ? canSolo : canMute;
    const auto at = getLocalPoint (nullptr, screen);
    return can && at.x >= 0 && at.x < getWidth() && at.y >= button.getY() - 10 &&
           at.y < button.getBottom() + 10;
}

StripActions StripView::actions()
{
    return { [this] { onOpen (info.id, {}); }, [this] (Id insert) { onOpen (info.id, insert); }, {} };
}

void StripView::mouseDoubleClick (const juce::MouseEvent& e)
{
    if (eq.contains (e.getPosition()) && onOpen)
        onOpen (info.id, {});
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
    std::vector<Button*> row;
    if (mix)
        row = { &dim, &mono };
    if (mix && findParam (model.params (info.id), "trim.polarity") != nullptr)
        row.push_back (&turned);
    if (canMute)
        row.push_back (&mute);
    if (canSolo)
        row.push_back (&solo);
    // Buttons stay wide enough to be hit: on narrow strips the menu listens.
    const bool hears = ! mix && ! info.vca && ! parts.narrow;
    listen.setVisible (hears);
    if (hears)
        row.push_back (&listen);
    const int gap = row.size() > 2 ? 2 : 3;
    for (std::size_t n = 0; n < row.size(); ++n)
    {
        const int left = static_cast<int> (row.size() - n);
        row[n]->setBounds (switches.removeFromLeft ((switches.getWidth() - gap * (left - 1)) / left));
        switches.removeFromLeft (gap);
    }
    numbers = r.removeFromBottom (17);
    if (level != nullptr)
        level->setBounds (numbers.withWidth (parts.narrow ? numbers.getWidth() : numbers.getWidth() * 43 / 76)
                              .reduced (2, 0));

    // What does not fit gives way in the order of the design: sends, inserts beyond three, the EQ picture.
    const bool hasEq = findParam (model.params (info.id), "eq.on") != nullptr;
    int insertRows = parts.inserts ? (compact ? 3 : 5) : 0, sendRows = parts.sends && ! parts.narrow ? 2 : 0;
    int eqHeight = parts.eq && hasEq ? 30 : 0;
    const auto need = [&] { return eqHeight + insertRows * 16 + sendRows * 16 + 12 + 32 + 104; };
    if (need() > r.getHeight())
        sendRows = 0;
    if (need() > r.getHeight())
        insertRows = std::min (insertRows, 3);
    if (need() > r.getHeight())
        eqHeight = 0;
    if (need() > r.getHeight())
        insertRows = 0;
    if (info.vca)
    {
        // In place of what it has not: the strips that follow it.
        eq = sends = {};
        inserts = r.removeFromTop (std::max (0, need() - 104 - 8)).reduced (4, 0);
        r.removeFromTop (8);
        r.removeFromBottom (4);
        fader->scaleNumbers = ! parts.narrow;
        fader->setBounds (r.withWidth (parts.narrow ? 36 : getWidth() / 2 + 12));
        return;
    }
    eq = r.removeFromTop (eqHeight).reduced (2, 1);
    r.removeFromTop (eqHeight > 0 ? 4 : 0);
    inserts = r.removeFromTop (insertRows * 16).reduced (4, 0);
    r.removeFromTop (insertRows > 0 ? 4 : 0);
    sends = r.removeFromTop (sendRows * 16).reduced (4, 0);
    r.removeFromTop (4);
    auto panRow = r.removeFromTop (30);
    if (pan != nullptr)
        pan->setBounds (
            panRow.withTrimmedLeft (pan2 != nullptr ? (parts.narrow ? 0 : 7)
                                    : parts.narrow  ? 12
                                                    : 5)
                .withWidth (parts.narrow && pan2 != nullptr ? 26 : 28));
    panText = pan != nullptr ? pan->getBounds().withLeft (pan->getRight() + 4).withRight (getWidth())
                             : juce::Rectangle<int>();
    if (pan2 != nullptr)
        pan2->setBounds (pan->getBounds().withX (pan->getRight() + (parts.narrow ? 0 : 4)));
    r.removeFromTop (6);
    r.removeFromBottom (4);
    const bool scales = ! parts.narrow;
    if (fader != nullptr)
        fader->scaleNumbers = scales;
    meter.scaleNumbers = scales;
    const int gr = reduction != nullptr ? (compact ? 5 : 6) : 0;
    const int middle = mix ? getWidth() / 2 - 12 : parts.narrow ? 24 : getWidth() < 76 ? 38 : 42;
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
    if (info.vca)
        paintMembers (g);
    else if (g.clipRegionIntersects (inserts))
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
    }
    if (! info.vca && g.clipRegionIntersects (sends))
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
    if (goalRow >= 0)
    {
        const auto& list = goalIsSend ? sends : inserts;
        g.setColour (colour (tokens::gold));
        g.fillRect (list.getX(), list.getY() + std::min (goalRow * 16, list.getHeight()) - 1, list.getWidth(),
                    2);
    }
    if (pan != nullptr && pan2 == nullptr && ! parts.narrow)
    {
        if (g.clipRegionIntersects (panText))
        {
            g.setColour (colour (tokens::text2));
            drawTabular (g, shownValue (pan->param(), std::round (pan->drawn())), font (10),
                         panText.toFloat(), juce::Justification::centredLeft);
        }
    }
    if (! parts.narrow && ! info.vca && g.clipRegionIntersects (numbers))
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
        const auto name = nameBox.reduced (2, 0).withTrimmedLeft (frozen ? 12 : 0).toFloat();
        const auto bold = font (11, Weight::semibold);
        drawFading (g, shortName (label.isEmpty() ? utf8 (info.name) : label, bold, name.getWidth()), bold,
                    colour (tokens::text), name, juce::Justification::centred);
        if (frozen)
            drawIcon (g, Icon::snow, nameBox.toFloat().withWidth (14).withSizeKeepingCentre (10, 10),
                      colour (tokens::text2));
        const auto where = info.vca       ? juce::String ("VCA")
                           : isMix (info) ? juce::String ("Master page")
                                          : utf8 (info.output);
        if (where.isNotEmpty())
            drawFading (g,
                        info.vca ? where
                                 : (info.kind == session::StripKind::track ? juce::String (number) + " "
                                                                           : juce::String()) +
                                       arrow() + where,
                        font (10), colour (tokens::text3), route.reduced (3, 0).toFloat(),
                        juce::Justification::centred);
    }
}

void StripView::paintOverChildren (juce::Graphics& g)
{
    if (disabled)
    {
        // Out of the song: everything on it is there and pale.
        g.setColour (colour (tokens::panel).withAlpha (0.6f));
        g.fillRect (getLocalBounds().withTrimmedBottom (getHeight() - nameBox.getY()));
    }
    if (selected)
    {
        g.setColour (colour (tokens::gold));
        g.drawRect (getLocalBounds().toFloat(), 1.5f);
    }
}

void StripView::paintMembers (juce::Graphics& g)
{
    if (! g.clipRegionIntersects (inserts))
        return;
    auto r = inserts.toFloat();
    g.setColour (juce::Colour (0xff151210));
    g.fillRoundedRectangle (r, 2);
    if (spilled)
    {
        g.setColour (colour (tokens::gold));
        g.drawRoundedRectangle (r.reduced (0.5f), 2, 1);
    }
    r.reduce (5, 3);
    drawFading (g,
                spilled           ? "Spilled"
                : members.empty() ? "Nobody yet"
                                  : "Spill",
                font (10, Weight::semibold), colour (spilled ? tokens::gold : tokens::text3),
                r.removeFromTop (14));
    for (std::size_t n = 0; n < members.size() && r.getHeight() >= 13; ++n)
    {
        auto line = r.removeFromTop (13);
        const bool last = r.getHeight() < 13 && n + 1 < members.size();
        drawFading (g,
                    last ? "+ " + juce::String (static_cast<int> (members.size() - n)) + " more" : members[n],
                    font (10), colour (tokens::text2), line);
    }
}

} // namespace lacquer::ui
