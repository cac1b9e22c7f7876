// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"
#include "ui/Icons.h"
#include "ui/Model.h"
#include "ui/Style.h"

#include <functional>
#include <memory>
#include <vector>

namespace lacquer::ui
{

/// A key for a new gesture. [message thread]
Gesture newGesture();
/// Some of it can be seen: it is shown, and not scrolled away.
bool inView (const juce::Component&);

/// Who knows which strips are chosen together: a page, above the control.
class Gang
{
public:
    virtual ~Gang() = default;
    /// The others that are chosen with this one and have the parameter.
    virtual std::vector<Id> others (Id strip, std::string_view param) const = 0;
    /// They follow a hand that moved the parameter of one of them: by as much, or with Alt to the same value.
    virtual void moveAlong (Id strip, const Param&, double from, double to, Gesture, juce::ModifierKeys) = 0;
};

/// While one of these is there, it knows when something other than a value was scrolled last.
class ScrollWatch final : private juce::MouseListener
{
public:
    ScrollWatch();
    ~ScrollWatch() override;
    /// The page is being scrolled: what comes under the pointer meanwhile is left alone.
    bool scrolls() const;
    void scrolled (const juce::MouseEvent&);

private:
    void mouseWheelMove (const juce::MouseEvent&, const juce::MouseWheelDetails&) override;
    void mouseMove (const juce::MouseEvent&) override;
    std::optional<juce::uint32> last;
    juce::Point<float> at; ///< on the screen
};

/// Remembers whether focus came from the keyboard, which is when the ring shows.
class Focusable
{
public:
    virtual ~Focusable() = default;
    bool ringShows() const noexcept { return ring; }

protected:
    void focusCame (juce::Component::FocusChangeType how) noexcept
    {
        ring = how == juce::Component::focusChangedByTabKey;
    }
    void focusWent() noexcept { ring = false; }
    bool ring = false;
};

/// One value of a parameter, with every gesture of the design (UI, 6.1). Knob, Fader, NumberField and
/// MenuField differ in how they look and in how a drag moves them.
class ValueControl : public juce::Component, public Focusable, private juce::TextEditor::Listener
{
public:
    /// what, where: "Fader", "Lead Vox". The Param must outlive the control.
    ValueControl (const Param&, const juce::String& where);
    ~ValueControl() override;

    const Param& param() const noexcept { return spec; }
    /// What stands at the control; the parameter's name, unless its surroundings say part of it.
    juce::String caption;
    /// What is set: where a gesture begins.
    double value() const noexcept { return now; }
    /// What is drawn: what is heard, but under a hand what is set.
    double drawn() const noexcept { return dragging ? now : heard; }
    /// From the model: shows a value, tells nobody.
    void show (double value);
    /// From the model, of what moves by itself: what is set, and what is heard of it. True when it is another
    /// picture; only then it is painted.
    bool follow (double set, double heard);
    void setAutomated (bool);
    /// Between which values automation moves it: the thin arc outside a knob.
    void setRange (std::optional<std::pair<double, double>>);
    bool isAutomated() const noexcept { return automated; }
    bool isHeld() const noexcept { return dragging; }
    void setMuted (bool);
    void setSelected (bool);

    /// A change by the user; the same Gesture for all of one drag, wheel burst or typed value.
    std::function<void (double value, Gesture)> onChange;
    /// A hand has taken hold of it, or let it go.
    std::function<void (bool)> onTouch;
    /// More entries for the context menu: of its surroundings, and of its automation.
    std::function<void (juce::PopupMenu&)> onMenu, onAutomationMenu;
    /// Reads what only its surroundings understand, such as a length in notes; nothing for what it is not.
    std::function<std::optional<double> (const juce::String&)> onText;
    /// Held during the gesture that is changing it.
    juce::ModifierKeys modifiers() const noexcept { return mods; }
    /// Everything that can be done with it; what its right button opens. For tests.
    juce::PopupMenu menu();

    /// Opens the text field over the number, with the text selected, or with `typed` already in it.
    void openEntry (const juce::String& typed = {});
    bool entryIsOpen() const noexcept { return entry != nullptr; }
    /// The open field; null when none is open.
    juce::TextEditor* entryField() noexcept { return entry.get(); }

    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;
    void mouseUp (const juce::MouseEvent&) override;
    void mouseDoubleClick (const juce::MouseEvent&) override;
    void mouseWheelMove (const juce::MouseEvent&, const juce::MouseWheelDetails&) override;
    void mouseEnter (const juce::MouseEvent&) override { repaint(); }
    void mouseExit (const juce::MouseEvent&) override { repaint(); }
    bool keyPressed (const juce::KeyPress&) override;
    void focusGained (FocusChangeType) override;
    void focusLost (FocusChangeType) override;
    std::unique_ptr<juce::AccessibilityHandler> createAccessibilityHandler() override;

protected:
    /// Travel per pixel of pointer movement.
    virtual double travelOfDrag (juce::Point<float> delta) const = 0;
    /// Where the text field opens.
    virtual juce::Rectangle<int> entryBounds() const = 0;
    /// True where a click on this spot opens the text field.
    virtual bool isNumber (juce::Point<int>) const { return false; }
    Look look() const;
    bool dragging = false;

private:
    void change (double value, Gesture);
    void step (double steps, bool fine);
    /// leaving: a text that is no value is dropped; else the field stays open and says so.
    void closeEntry (bool set, bool relative, bool leaving = false);
    void openNext (bool forwards);
    void openMenu();
    void showBubble (const juce::String&, juce::Rectangle<int> beside);
    void textEditorFocusLost (juce::TextEditor&) override { closeEntry (true, false, true); }

    Param spec;
    double now, heard, painted;
    double dragTravel = 0;
    juce::ModifierKeys mods;
    juce::SharedResourcePointer<ScrollWatch> scrollWatch;
    juce::Point<float> lastDrag;
    Gesture gesture = 0;
    juce::uint32 lastStep = 0;
    bool automated = false, muted = false, selected = false;
    float rangeFrom = 0, rangeTo = 0;
    std::unique_ptr<juce::TextEditor> entry;
    std::unique_ptr<juce::Component> bubble;
    static juce::String clipboard;
};

/// A knob, with its name and value below when there is room.
class Knob final : public ValueControl
{
public:
    Knob (const Param&, const juce::String& where, int size, bool captions);
    void paint (juce::Graphics&) override;

private:
    double travelOfDrag (juce::Point<float>) const override;
    juce::Rectangle<int> entryBounds() const override;
    bool isNumber (juce::Point<int>) const override;
    juce::Rectangle<float> knobArea() const;
    int diameter;
    bool captioned;
};

/// A console fader: the cap follows the pointer, the law is the parameter's.
class Fader final : public ValueControl
{
public:
    Fader (const Param&, const juce::String& where);
    void paint (juce::Graphics&) override;
    /// The line on which the centre of the cap runs.
    juce::Rectangle<float> travel() const;
    bool scaleNumbers = true;

private:
    double travelOfDrag (juce::Point<float>) const override;
    juce::Rectangle<int> entryBounds() const override;
};

/// A number: drag it, or click and type.
class NumberField final : public ValueControl
{
public:
    /// framed: drawn as a field; else as plain text that becomes a field under the pointer.
    NumberField (const Param&, const juce::String& where, bool framed, float textSize = tokens::bodySize,
                 juce::Justification = juce::Justification::centredLeft);
    void paint (juce::Graphics&) override;
    bool withUnit = true;

private:
    double travelOfDrag (juce::Point<float>) const override;
    juce::Rectangle<int> entryBounds() const override { return getLocalBounds(); }
    bool isNumber (juce::Point<int>) const override { return true; }
    bool framed;
    float size;
    juce::Justification placing;
};

/// A parameter with choices: a drop-down, or a switch when the choices are off and on.
class MenuField final : public ValueControl
{
public:
    MenuField (const Param&, const juce::String& where);
    void paint (juce::Graphics&) override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override {}
    void mouseDoubleClick (const juce::MouseEvent&) override {}
    bool keyPressed (const juce::KeyPress&) override;
    bool isSwitch() const noexcept { return param().choices == "Off|On"; }

private:
    void open();
    double travelOfDrag (juce::Point<float>) const override { return 0; }
    juce::Rectangle<int> entryBounds() const override { return getLocalBounds(); }
};

/// A push button or toggle in one of the house's faces.
class Button final : public juce::Button, public Focusable
{
public:
    enum class Shape
    {
        words,
        letter, ///< M, S, R
        icon,   ///< with a face
        flat,   ///< icon without a face
        tab,
        segment, ///< words of a row of choices: a face only when on
        field    ///< what is chosen, and a sign that a press opens a menu
    };
    Button (const juce::String& text, Face = Face::plain, Shape = Shape::words);
    Button (Icon, const juce::String& name, Shape = Shape::icon);

    void paintButton (juce::Graphics&, bool over, bool down) override;
    void focusGained (FocusChangeType) override;
    void focusLost (FocusChangeType) override;
    void clicked (const juce::ModifierKeys&) override;
    void mouseDrag (const juce::MouseEvent&) override;

    /// The pointer was pressed here and is somewhere on the screen.
    std::function<void (juce::Point<int>)> onDrag;
    /// Instead of onClick, with the modifiers held.
    std::function<void (juce::ModifierKeys)> onPress;
    bool outlined = false; ///< letter M: muted because another strip is soloed
    bool marked = false;   ///< letter S: solo-safe
    float textSize = tokens::bodySize;
    Icon icon {};
    juce::Colour lit { tokens::gold }; ///< of an icon that is on
    bool filledWhenOn = true;

private:
    Face face;
    Shape shape;
};

/// Draws the ring around whatever has keyboard focus. Lies over the whole window and takes no clicks.
class FocusRing final : public juce::Component, private juce::FocusChangeListener
{
public:
    FocusRing();
    ~FocusRing() override;
    void paint (juce::Graphics&) override;

private:
    void globalFocusChanged (juce::Component*) override;
    juce::Component::SafePointer<juce::Component> target;
};

/// Reads the values of controls again from the model, and hands the user's changes to it.
class Bindings
{
public:
    explicit Bindings (Model& m) : model (m) {}
    /// Binds a control to a parameter of a strip or module. Both outlive the Bindings.
    void add (ValueControl&, Id owner);
    void remove (const ValueControl&);
    /// Shows the model's values. [message thread]
    void refresh();
    /// Shows the values that automation and modulators move, of what is on the screen. True when one did.
    bool advance();
    void clear() { all.clear(); }

private:
    struct Bound
    {
        ValueControl* control;
        Id owner;
        std::string param;
    };
    /// Under a hand, at this control or at another of the same parameter.
    bool isHeld (const Bound&) const;
    Model& model;
    std::vector<Bound> all;
};

/// The parameter of a table by id; null when there is none.
const Param* findParam (std::span<const Param>, std::string_view id);

} // namespace lacquer::ui
