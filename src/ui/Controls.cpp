// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Controls.h"

#include "ui/AutomationMenu.h"
#include "ui/Discard.h"
#include "ui/NoteLength.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

/// The value bubble beside a control that is being dragged.
class Bubble final : public juce::Component
{
public:
    Bubble() { setInterceptsMouseClicks (false, false); }
    void tell (const juce::String& t)
    {
        text = t;
        setSize (static_cast<int> (tabularWidth (t, font (11, Weight::semibold))) + 18, 20);
        repaint();
    }
    void paint (juce::Graphics& g) override { paintBubble (g, getLocalBounds().toFloat(), text); }

private:
    juce::String text;
};

/// The text field of a value; tells Enter with Ctrl and Tab apart from plain Enter.
class EntryField final : public juce::TextEditor
{
public:
    enum class Leave
    {
        set,
        add, ///< Ctrl+Enter: relative
        next,
        previous,
        keep
    };
    std::function<void (Leave)> onLeave;

    bool keyPressed (const juce::KeyPress& key) override
    {
        using K = juce::KeyPress;
        if (key.isKeyCode (K::returnKey))
            onLeave (key.getModifiers().isCtrlDown() ? Leave::add : Leave::set);
        else if (key.isKeyCode (K::tabKey))
            onLeave (key.getModifiers().isShiftDown() ? Leave::previous : Leave::next);
        else if (key.isKeyCode (K::escapeKey))
            onLeave (Leave::keep);
        else
            return TextEditor::keyPressed (key);
        return true;
    }
};

double stepOf (const Param& p)
{
    if (p.isChoice())
        return 0;
    if (p.unit == "dB")
        return 0.5;
    if (p.unit == "pan")
        return 2;
    return 0;
}

} // namespace

juce::String ValueControl::clipboard;

bool inView (const juce::Component& c)
{
    auto area = c.getLocalBounds();
    const auto* at = &c;
    for (; at->isVisible() && ! area.isEmpty(); at = at->getParentComponent())
    {
        if (at->getParentComponent() == nullptr)
            return at->isShowing();
        area = (area + at->getPosition()).getIntersection (at->getParentComponent()->getLocalBounds());
    }
    return false;
}

Gesture newGesture()
{
    static Gesture last = 0;
    return ++last;
}

ScrollWatch::ScrollWatch()
{
    juce::Desktop::getInstance().addGlobalMouseListener (this);
}

ScrollWatch::~ScrollWatch()
{
    juce::Desktop::getInstance().removeGlobalMouseListener (this);
}

bool ScrollWatch::scrolls() const
{
    return last && juce::Time::getMillisecondCounter() - *last < 400;
}

void ScrollWatch::mouseWheelMove (const juce::MouseEvent& e, const juce::MouseWheelDetails&)
{
    if (dynamic_cast<ValueControl*> (e.eventComponent) == nullptr)
        scrolled (e);
}

void ScrollWatch::scrolled (const juce::MouseEvent& e)
{
    last = juce::Time::getMillisecondCounter();
    at = e.getScreenPosition().toFloat();
}

void ScrollWatch::mouseMove (const juce::MouseEvent& e)
{
    // A hand that goes somewhere else has done with scrolling; the page that moves under it has not.
    if (last && at.getDistanceFrom (e.getScreenPosition().toFloat()) > 4)
        last.reset();
}

const Param* findParam (std::span<const Param> table, std::string_view id)
{
    for (const auto& p : table)
        if (p.id == id)
            return &p;
    return nullptr;
}

ValueControl::ValueControl (const Param& p, const juce::String& where)
    : caption (utf8 (p.name)), spec (p), now (static_cast<double> (p.initial)), heard (now), painted (now)
{
    setTitle (where.isEmpty() ? utf8 (p.name) : utf8 (p.name) + ", " + where);
    setHelpText (utf8 (p.help) + " Drag. Shift for fine. Double-click for " +
                 shownValue (p, static_cast<double> (p.initial)) + ". Type a value.");
    setWantsKeyboardFocus (true);
    setRepaintsOnMouseActivity (true);
}

ValueControl::~ValueControl()
{
    if (entry != nullptr)
        entry->removeListener (this);
}

void ValueControl::show (double value)
{
    if (value == now && value == heard)
        return;
    now = heard = painted = value;
    repaint();
    if (auto* handler = getAccessibilityHandler())
        handler->notifyAccessibilityEvent (juce::AccessibilityEvent::valueChanged);
}

bool ValueControl::follow (double set, double sounding)
{
    now = set;
    heard = sounding;
    // What is finer than half a pixel of the longest fader and than the last digit is the same picture.
    if (painted == heard || (std::abs (travelOf (spec, painted) - travelOf (spec, heard)) < 0.001 &&
                             textOf (spec, painted) == textOf (spec, heard)))
        return false;
    painted = heard;
    repaint();
    return true;
}

void ValueControl::setAutomated (bool b)
{
    if (std::exchange (automated, b) != b)
        repaint();
}

void ValueControl::setRange (std::optional<std::pair<double, double>> range)
{
    const auto a = range ? static_cast<float> (travelOf (spec, range->first)) : 0.0f,
               b = range ? static_cast<float> (travelOf (spec, range->second)) : 0.0f;
    if (std::exchange (rangeFrom, a) != a || std::exchange (rangeTo, b) != b)
        repaint();
}

void ValueControl::setMuted (bool b)
{
    if (std::exchange (muted, b) != b)
        repaint();
}

void ValueControl::setSelected (bool b)
{
    if (std::exchange (selected, b) != b)
        repaint();
}

Look ValueControl::look() const
{
    Look l;
    l.over = isMouseOver() || dragging;
    l.down = dragging;
    l.enabled = isEnabled();
    l.automated = automated;
    l.muted = muted;
    l.selected = selected || dragging;
    l.rangeFrom = rangeFrom;
    l.rangeTo = rangeTo;
    return l;
}

void ValueControl::change (double value, Gesture key)
{
    value = std::clamp (value, static_cast<double> (spec.min), static_cast<double> (spec.max));
    if (spec.isChoice())
        value = std::round (value);
    if (value == now)
        return;
    show (value);
    if (onChange)
        onChange (value, key);
}

void ValueControl::step (double steps, bool fine)
{
    // Steps within half a second are one gesture.
    const auto time = juce::Time::getMillisecondCounter();
    if (gesture == 0 || time - lastStep > 500)
        gesture = newGesture();
    lastStep = time;
    const double scale = fine ? 0.2 : 1.0;
    if (spec.isChoice())
        change (now + (steps > 0 ? 1 : -1), gesture);
    else if (const double size = stepOf (spec); size > 0 && now > -60)
        change (now + steps * size * scale, gesture);
    else
        change (valueAtTravel (spec, travelOf (spec, now) + steps * 0.01 * scale), gesture);
}

void ValueControl::mouseDown (const juce::MouseEvent& e)
{
    if (! isEnabled())
        return;
    mods = e.mods;
    if (e.mods.isPopupMenu())
    {
        openMenu();
        return;
    }
    if (e.mods.isCommandDown())
    {
        change (static_cast<double> (spec.initial), newGesture());
        return;
    }
    dragging = true;
    gesture = newGesture();
    if (onTouch)
        onTouch (true);
    dragTravel = travelOf (spec, now);
    lastDrag = e.position;
    repaint();
}

void ValueControl::mouseDrag (const juce::MouseEvent& e)
{
    if (! dragging)
        return;
    if (! e.mouseWasDraggedSinceMouseDown())
        return;
    if (isShowing() && bubble == nullptr)
        e.source.enableUnboundedMouseMovement (true, false);
    const auto delta = e.position - lastDrag;
    lastDrag = e.position;
    mods = e.mods;
    // Every movement is added at the speed of its own moment, so Shift may come and go without a jump.
    const double fine = e.mods.isShiftDown() ? 0.1 : 1.0;
    dragTravel = std::clamp (dragTravel + travelOfDrag (delta) * fine, 0.0, 1.0);
    change (valueAtTravel (spec, dragTravel), gesture);
    showBubble (shownValue (spec, now), getLocalBounds());
}

void ValueControl::mouseUp (const juce::MouseEvent& e)
{
    const bool was = std::exchange (dragging, false);
    if (isShowing())
        e.source.enableUnboundedMouseMovement (false);
    bubble.reset();
    gesture = 0;
    if (was && onTouch)
        onTouch (false);
    repaint();
    if (was && ! e.mouseWasDraggedSinceMouseDown() && e.getNumberOfClicks() == 1 &&
        isNumber (e.getPosition()))
        openEntry();
}

void ValueControl::mouseDoubleClick (const juce::MouseEvent& e)
{
    if (isEnabled() && ! e.mods.isPopupMenu())
    {
        closeEntry (false, false);
        mods = e.mods;
        change (static_cast<double> (spec.initial), newGesture());
    }
}

void ValueControl::mouseWheelMove (const juce::MouseEvent& e, const juce::MouseWheelDetails& wheel)
{
    if (! isEnabled() || wheel.deltaY == 0.0f || (scrollWatch->scrolls() && ! hasKeyboardFocus (false)))
    {
        scrollWatch->scrolled (e);
        Component::mouseWheelMove (e, wheel);
        return;
    }
    mods = e.mods;
    const double direction = (wheel.deltaY > 0) == wheel.isReversed ? -1 : 1;
    step (direction * (e.mods.isCommandDown() ? 5 : 1), e.mods.isShiftDown());
}

bool ValueControl::keyPressed (const juce::KeyPress& key)
{
    using K = juce::KeyPress;
    if (! isEnabled())
        return false;
    const bool fine = key.getModifiers().isShiftDown();
    const int code = key.getKeyCode();
    mods = {};
    if (code == K::F10Key && fine)
    {
        openMenu(); // the right button of the keyboard
        return true;
    }
    if (key.getModifiers().isCommandDown() || key.getModifiers().isAltDown())
        return false;
    if (code == K::upKey || code == K::downKey)
        step (code == K::upKey ? 1 : -1, fine);
    else if (code == K::pageUpKey || code == K::pageDownKey)
        step (code == K::pageUpKey ? 10 : -10, fine);
    else if (code == K::homeKey)
        change (static_cast<double> (spec.min), newGesture());
    else if (code == K::endKey)
        change (static_cast<double> (spec.max), newGesture());
    else if (code == K::returnKey)
        openEntry();
    else if (const auto c = key.getTextCharacter();
             (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.')
        openEntry (juce::String::charToString (c));
    else
        return false;
    return true;
}

void ValueControl::focusGained (FocusChangeType how)
{
    focusCame (how);
    repaint();
}

void ValueControl::focusLost (FocusChangeType)
{
    focusWent();
    repaint();
}

void ValueControl::openEntry (const juce::String& typed)
{
    // A choice is typed by its words, which a digit can begin: "1/8".
    if ((spec.isChoice() && (typed.isEmpty() || choiceText (spec, 2).empty())) || ! isEnabled() ||
        entry != nullptr)
        return;
    auto* top = getTopLevelComponent();
    auto field = std::make_unique<EntryField>();
    field->onLeave = [this] (EntryField::Leave how)
    {
        closeEntry (how != EntryField::Leave::keep, how == EntryField::Leave::add);
        if (entry == nullptr && (how == EntryField::Leave::next || how == EntryField::Leave::previous))
            openNext (how == EntryField::Leave::next);
    };
    field->setTitle (getTitle());
    field->setHelpText ("Enter sets it, Tab goes on to the next, Esc keeps the old one, Ctrl+Enter adds.");
    mods = {};
    field->setFont (font (tokens::bodySize));
    field->setJustification (juce::Justification::centred);
    field->setSelectAllWhenFocused (typed.isEmpty());
    field->setText (typed.isEmpty() ? shownValue (spec, now) : typed, false);
    field->addListener (this);
    auto area = top->getLocalArea (this, entryBounds());
    area = area.withSizeKeepingCentre (std::max (area.getWidth(), 64), std::max (area.getHeight(), 22));
    entry = std::move (field);
    top->addAndMakeVisible (*entry);
    entry->setBounds (area.constrainedWithin (top->getLocalBounds()));
    entry->grabKeyboardFocus();
    if (typed.isEmpty())
        entry->selectAll();
    else
        entry->moveCaretToEnd (false);
}

void ValueControl::openNext (bool forwards)
{
    juce::KeyboardFocusTraverser order;
    const auto after = [&] (juce::Component* c)
    { return forwards ? order.getNextComponent (c) : order.getPreviousComponent (c); };
    for (auto* c = after (this); c != nullptr && c != this; c = after (c))
        if (auto* value = dynamic_cast<ValueControl*> (c))
        {
            value->grabKeyboardFocus();
            value->openEntry();
            return;
        }
}

void ValueControl::closeEntry (bool set, bool relative, bool leaving)
{
    if (entry == nullptr)
        return;
    const auto text = entry->getText().trim().toStdString();
    if (set && ! text.empty() && entry->getText() != shownValue (spec, now))
    {
        auto wanted = [&]() -> Result<double>
        {
            const auto length = onText ? onText (entry->getText()) : std::nullopt;
            if (length)
                return std::clamp (relative ? now + *length : *length, static_cast<double> (spec.min),
                                   static_cast<double> (spec.max));
            if (! relative)
                return valueOf (spec, text);
            // A relative entry may be any number, not only one within the parameter's own range.
            auto open = spec;
            open.min = -1e6f;
            open.max = 1e6f;
            open.taper = Taper::linear;
            auto by = valueOf (open, text);
            if (! by)
                return by.problem();
            return std::clamp (now + *by, static_cast<double> (spec.min), static_cast<double> (spec.max));
        }();
        if (! wanted)
        {
            if (! leaving)
            {
                // Still typing: say so and stay open. Leaving with Esc keeps the old value.
                entry->getProperties().set ("wrong", true);
                entry->setHelpText (utf8 (wanted.problem().sentence()));
                entry->setTooltip (utf8 (wanted.problem().sentence()));
                entry->repaint();
                if (auto* parent = entry->getParentComponent())
                    showBubble (utf8 (wanted.problem().sentence()),
                                getLocalArea (parent, entry->getBounds().translated (0, 48)));
                return;
            }
        }
        else
            change (*wanted, newGesture());
    }
    bubble.reset();
    // The field may be the sender of the very message that closes it.
    auto old = std::move (entry);
    old->removeListener (this);
    const bool hadFocus = old->hasKeyboardFocus (true);
    discard (std::move (old));
    if (hadFocus && isShowing())
        grabKeyboardFocus();
    repaint();
}

void ValueControl::showBubble (const juce::String& text, juce::Rectangle<int> beside)
{
    if (! isShowing())
        return;
    auto* top = getTopLevelComponent();
    if (bubble == nullptr)
    {
        bubble = std::make_unique<Bubble>();
        top->addAndMakeVisible (*bubble);
    }
    auto& b = static_cast<Bubble&> (*bubble);
    b.tell (text);
    const auto area = top->getLocalArea (this, beside);
    b.setTopLeftPosition (
        juce::Rectangle<int> (area.getCentreX() - b.getWidth() / 2, area.getY() - 24, b.getWidth(), 20)
            .constrainedWithin (top->getLocalBounds())
            .getPosition());
}

void ValueControl::openMenu()
{
    menu().showMenuAsync (juce::PopupMenu::Options().withTargetComponent (this).withDeletionCheck (*this));
}

juce::PopupMenu ValueControl::menu()
{
    mods = {};
    juce::PopupMenu m;
    m.addItem ("Reset to " + shownValue (spec, static_cast<double> (spec.initial)),
               [this] { change (static_cast<double> (spec.initial), newGesture()); });
    m.addItem ("Type a value", ! spec.isChoice(), false, [this] { openEntry(); });
    m.addSeparator();
    m.addItem ("Copy value", [this] { clipboard = utf8 (textOf (spec, now)); });
    const auto pasted = valueOf (spec, clipboard.toStdString());
    m.addItem ("Paste value", pasted.ok(), false, [this, pasted] { change (*pasted, newGesture()); });
    for (const auto& more : { onAutomationMenu, onMenu })
        if (more)
        {
            m.addSeparator();
            more (m);
        }
    return m;
}

std::unique_ptr<juce::AccessibilityHandler> ValueControl::createAccessibilityHandler()
{
    struct Ranged final : juce::AccessibilityValueInterface
    {
        explicit Ranged (ValueControl& c) : control (c) {}
        bool isReadOnly() const override { return ! control.isEnabled(); }
        double getCurrentValue() const override { return control.value(); }
        void setValue (double v) override { control.change (v, newGesture()); }
        juce::String getCurrentValueAsString() const override
        {
            return utf8 (textOf (control.spec, control.now));
        }
        void setValueAsString (const juce::String& text) override
        {
            if (auto v = valueOf (control.spec, text.toStdString()))
                setValue (*v);
        }
        AccessibleValueRange getRange() const override
        {
            return { { static_cast<double> (control.spec.min), static_cast<double> (control.spec.max) },
                     0.01 };
        }
        ValueControl& control;
    };
    return std::make_unique<juce::AccessibilityHandler> (
        *this, juce::AccessibilityRole::slider, juce::AccessibilityActions {},
        juce::AccessibilityHandler::Interfaces { std::make_unique<Ranged> (*this) });
}

Knob::Knob (const Param& p, const juce::String& where, int size, bool captions)
    : ValueControl (p, where), diameter (size), captioned (captions)
{
}

juce::Rectangle<float> Knob::knobArea() const
{
    auto r = getLocalBounds().toFloat();
    const auto size = static_cast<float> (diameter);
    return captioned ? r.removeFromTop (size + 8).withSizeKeepingCentre (size, size)
                     : r.withSizeKeepingCentre (size, size);
}

void Knob::paint (juce::Graphics& g)
{
    const bool bipolar = param().min == -param().max;
    const auto l = look();
    paintKnob (g, knobArea(), travelOf (param(), drawn()), bipolar ? 0.5 : 0.0, l);
    if (! captioned)
        return;
    auto words = getLocalBounds().toFloat().withTrimmedTop (static_cast<float> (diameter) + 8);
    g.setColour (colour (l.enabled ? tokens::text3 : tokens::off));
    g.setFont (font (10, Weight::medium));
    g.drawText (caption, words.removeFromTop (13), juce::Justification::centred, false);
    g.setColour (colour (! l.enabled ? tokens::off : l.automated ? tokens::fuji : tokens::text));
    drawTabular (g, shownValue (param(), drawn()), font (11, Weight::medium), words.removeFromTop (14),
                 juce::Justification::centred);
}

double Knob::travelOfDrag (juce::Point<float> d) const
{
    return (static_cast<double> (d.x) - static_cast<double> (d.y)) / 200.0;
}

juce::Rectangle<int> Knob::entryBounds() const
{
    return captioned ? getLocalBounds().withTrimmedTop (diameter + 20).withHeight (18) : getLocalBounds();
}

bool Knob::isNumber (juce::Point<int> p) const
{
    return captioned && p.y > diameter + 8;
}

Fader::Fader (const Param& p, const juce::String& where) : ValueControl (p, where) {}

juce::Rectangle<float> Fader::travel() const
{
    const float cap = getHeight() > 260 ? 36.0f : 30.0f;
    return getLocalBounds().toFloat().reduced (0, cap / 2 + 1);
}

void Fader::paint (juce::Graphics& g)
{
    const auto line = travel();
    const float x = static_cast<float> (getWidth()) - 14.0f;
    const auto l = look();
    paintFaderScale (g, param(), line, x, scaleNumbers ? (x >= 29 ? x - 16 : x - 11) : 0, l);
    const float height = getHeight() > 260 ? 36.0f : 30.0f;
    const float y = line.getBottom() - static_cast<float> (travelOf (param(), drawn())) * line.getHeight();
    paintFaderCap (g, { x - 10, y - height / 2, 20, height }, l);
}

double Fader::travelOfDrag (juce::Point<float> d) const
{
    return -static_cast<double> (d.y) / static_cast<double> (travel().getHeight());
}

juce::Rectangle<int> Fader::entryBounds() const
{
    return getLocalBounds().removeFromBottom (22);
}

NumberField::NumberField (const Param& p, const juce::String& where, bool f, float textSize,
                          juce::Justification j)
    : ValueControl (p, where), framed (f), size (textSize), placing (j)
{
}

void NumberField::paint (juce::Graphics& g)
{
    auto text = shownValue (param(), drawn());
    if (! withUnit)
        text = text.upToFirstOccurrenceOf (" ", false, false);
    const auto l = look();
    if (framed)
    {
        paintField (g, getLocalBounds().toFloat(), text, l);
        return;
    }
    if (l.over && l.enabled)
    {
        g.setColour (colour (tokens::well));
        g.fillRoundedRectangle (getLocalBounds().toFloat(), 2);
    }
    g.setColour (colour (! l.enabled ? tokens::off : l.automated ? tokens::fuji : tokens::text));
    drawTabular (g, text, font (size, Weight::medium), getLocalBounds().toFloat(), placing);
}

double NumberField::travelOfDrag (juce::Point<float> d) const
{
    return (static_cast<double> (d.x) - static_cast<double> (d.y)) / 200.0;
}

MenuField::MenuField (const Param& p, const juce::String& where) : ValueControl (p, where) {}

void MenuField::paint (juce::Graphics& g)
{
    auto l = look();
    l.on = isOn (static_cast<float> (drawn()));
    if (isSwitch())
        paintSwitch (g, getLocalBounds().toFloat(), l);
    else
        paintMenuField (g, getLocalBounds().toFloat(), shownValue (param(), drawn()), l);
}

void MenuField::open()
{
    if (isSwitch())
    {
        const double next = isOn (static_cast<float> (value())) ? 0 : 1;
        show (next);
        if (onChange)
            onChange (next, newGesture());
        return;
    }
    juce::PopupMenu m;
    for (int n = 0; ! choiceText (param(), n).empty(); ++n)
        m.addItem (utf8 (choiceText (param(), n)), true, n == static_cast<int> (std::lround (value())),
                   [this, n]
                   {
                       show (n);
                       if (onChange)
                           onChange (n, newGesture());
                   });
    m.showMenuAsync (juce::PopupMenu::Options()
                         .withTargetComponent (this)
                         .withMinimumWidth (getWidth())
                         .withDeletionCheck (*this));
}

void MenuField::mouseDown (const juce::MouseEvent& e)
{
    if (! isEnabled())
        return;
    if (e.mods.isPopupMenu() || e.mods.isCommandDown())
        ValueControl::mouseDown (e);
    else
        open();
}

bool MenuField::keyPressed (const juce::KeyPress& key)
{
    if (isEnabled() && key.isKeyCode (juce::KeyPress::returnKey))
    {
        open();
        return true;
    }
    return ValueControl::keyPressed (key);
}

Button::Button (const juce::String& label, Face f, Shape s) : juce::Button (label), face (f), shape (s)
{
    setButtonText (label);
    setTitle (label);
    setWantsKeyboardFocus (true);
    // A click must not take the keys away from the song.
    setMouseClickGrabsKeyboardFocus (false);
}

Button::Button (Icon i, const juce::String& label, Shape s) : Button (label, Face::plain, s)
{
    icon = i;
}

void Button::paintButton (juce::Graphics& g, bool over, bool down)
{
    Look look;
    look.over = over;
    look.down = down;
    look.enabled = isEnabled();
    look.on = getToggleState();
    const auto r = getLocalBounds().toFloat();
    switch (shape)
    {
        case Shape::words: ui::paintButton (g, r, getButtonText(), face, look, textSize); break;
        case Shape::field: paintMenuField (g, r, getButtonText(), look); break;
        case Shape::letter:
            paintLetter (g, r, getButtonText()[0], look, outlined);
            if (marked)
            {
                g.setColour (colour (look.on ? tokens::ink : tokens::gold));
                g.fillRect (r.withSizeKeepingCentre (r.getWidth() - 8, 1.5f).withY (r.getBottom() - 3.5f));
            }
            break;
        case Shape::icon:
        {
            auto dressed = look;
            dressed.on = look.on && filledWhenOn;
            ui::paintButton (g, r, {}, Face::plain, dressed);
            if (look.on && ! filledWhenOn)
            {
                g.setColour (lit);
                g.drawRoundedRectangle (r.reduced (0.5f), tokens::radiusControl, 1);
            }
            drawIcon (g, icon, r.withSizeKeepingCentre (15, 15),
                      ! look.enabled ? colour (tokens::off)
                      : look.on      ? (filledWhenOn ? colour (tokens::ink) : lit)
                                     : colour (tokens::text));
            break;
        }
        case Shape::flat:
            if (over && look.enabled)
            {
                g.setColour (colour (tokens::hover).withAlpha (0.5f));
                g.fillRoundedRectangle (r, tokens::radiusControl);
            }
            drawIcon (g, icon, r.withSizeKeepingCentre (15, 15),
                      ! look.enabled ? colour (tokens::off)
                      : look.on      ? lit
                                     : colour (over ? tokens::text : tokens::text2));
            break;
        case Shape::segment:
            if (look.on || over)
            {
                g.setColour (colour (tokens::hover).withAlpha (look.on ? 1.0f : 0.4f));
                g.fillRoundedRectangle (r, tokens::radiusControl);
            }
            g.setColour (colour (look.on || over ? tokens::text : tokens::text3));
            g.setFont (font (textSize, look.on ? Weight::semibold : Weight::medium));
            g.drawText (getButtonText(), r, juce::Justification::centred, false);
            break;
        case Shape::tab:
            if (look.on)
                g.fillAll (juce::Colour (0xff2b2622));
            g.setColour (colour (look.on || over ? tokens::text : tokens::text2));
            g.setFont (font (12, Weight::semibold).withExtraKerningFactor (0.075f));
            g.drawText (getButtonText(), r, juce::Justification::centred, false);
            if (look.on)
            {
                g.setColour (colour (tokens::gold));
                g.fillRect (r.withTop (r.getBottom() - 2));
            }
            break;
    }
}

void Button::focusGained (FocusChangeType how)
{
    focusCame (how);
    juce::Button::focusGained (how);
}

void Button::focusLost (FocusChangeType how)
{
    focusWent();
    juce::Button::focusLost (how);
}

void Button::clicked (const juce::ModifierKeys& mods)
{
    if (onPress)
        onPress (mods);
}

void Button::mouseDrag (const juce::MouseEvent& e)
{
    juce::Button::mouseDrag (e);
    if (onDrag && e.mouseWasDraggedSinceMouseDown())
        onDrag (e.getScreenPosition());
}

FocusRing::FocusRing()
{
    setInterceptsMouseClicks (false, false);
    juce::Desktop::getInstance().addFocusChangeListener (this);
}

FocusRing::~FocusRing()
{
    juce::Desktop::getInstance().removeFocusChangeListener (this);
}

void FocusRing::globalFocusChanged (juce::Component* c)
{
    target = c;
    repaint();
}

void FocusRing::paint (juce::Graphics& g)
{
    const auto* ringed = dynamic_cast<Focusable*> (target.getComponent());
    if (ringed != nullptr && ringed->ringShows() && target->isShowing())
        paintFocusRing (g, getLocalArea (target, target->getLocalBounds()).toFloat());
}

namespace
{

Gang* gangOf (const juce::Component& c)
{
    return c.findParentComponentOfClass<Gang>();
}

/// What stands at the control, on all that are chosen with its strip, as one step.
void addGangEntry (juce::PopupMenu& m, Model& model, Id owner, const std::string& id, ValueControl& c)
{
    const auto* gang = gangOf (c);
    const auto others = gang != nullptr ? gang->others (owner, id) : std::vector<Id> {};
    m.addItem ("Set on all selected", ! others.empty(), false,
               [&model, others, id, value = c.value()]
               {
                   const auto key = newGesture();
                   for (const Id other : others)
                       model.set (other, id, value, key);
               });
}

} // namespace

void Bindings::add (ValueControl& c, Id owner)
{
    std::string id (c.param().id);
    c.onChange = [this, &c, owner, id] (double v, Gesture key)
    {
        const double from = model.value (owner, id);
        model.set (owner, id, v, key);
        if (auto* gang = gangOf (c))
            gang->moveAlong (owner, c.param(), from, v, key, c.modifiers());
    };
    c.onText = [this, &c] (const juce::String& text)
    { return noteLength (c.param(), text, model.tempo().bpmAt (model.position())); };
    c.onTouch = [this, owner, id] (bool on) { on ? model.touch (owner, id) : model.letGo (owner, id); };
    c.onAutomationMenu = [this, &c, owner, id] (juce::PopupMenu& m)
    {
        addGangEntry (m, model, owner, id, c);
        addAutomationEntries (m, model, owner, id, c);
    };
    all.push_back ({ &c, owner, std::move (id) });
}

void Bindings::remove (const ValueControl& c)
{
    std::erase_if (all, [&] (const Bound& b) { return b.control == &c; });
}

void Bindings::refresh()
{
    for (auto& b : all)
    {
        const bool moves = model.automated (b.owner, b.param);
        // Under the hand it stays where the hand is.
        if (! moves)
            b.control->show (model.value (b.owner, b.param));
        else if (! isHeld (b))
            b.control->follow (model.value (b.owner, b.param), model.sounding (b.owner, b.param));
        b.control->setAutomated (moves);
        b.control->setRange (moves ? model.movesBetween (b.owner, b.param) : std::nullopt);
    }
}

bool Bindings::advance()
{
    bool moved = false;
    for (auto& b : all)
        if (b.control->isAutomated() && inView (*b.control) && ! isHeld (b))
            moved = b.control->follow (model.value (b.owner, b.param), model.sounding (b.owner, b.param)) ||
                    moved;
    return moved;
}

bool Bindings::isHeld (const Bound& b) const
{
    return std::any_of (all.begin(), all.end(),
                        [&] (const Bound& c)
                        { return c.control->isHeld() && c.owner == b.owner && c.param == b.param; });
}

} // namespace lacquer::ui
