// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"
#include "ui/Meter.h"
#include "ui/Model.h"
#include "ui/StripMenu.h"

#include <memory>
#include <optional>
#include <vector>

namespace lacquer::ui
{

/// What the mixer shows of every strip.
struct StripShow
{
    bool eq = true, inserts = true, sends = true, meters = true;
    bool narrow = false;
    bool operator== (const StripShow&) const = default;
};

/// An insert or a send on its way.
struct SlotDrag
{
    Id from;             ///< the strip
    Id effect;           ///< none: a send
    int slot = 0;        ///< sends
    bool late = false;   ///< inserts: where it stood
    bool copies = false; ///< Alt is held
    bool done = false;   ///< it was let go
    juce::Point<int> screen;
    juce::String name;
};

/// One channel strip of the mixer, or a VCA fader.
class StripView final : public juce::Component
{
public:
    StripView (Model&, const StripInfo&, int number);

    Id id() const noexcept { return info.id; }
    const StripInfo& strip() const noexcept { return info; }
    int shownNumber() const noexcept { return number; }
    /// chosen: one of several that are; selected: the one that the page shows.
    void setSelected (bool selected, bool chosen);
    void setParts (const StripShow&);
    void setCompact (bool);
    int naturalWidth() const;
    /// The strip as it is now. False when it is so different that it needs a new view.
    bool show (const StripInfo&, int number);
    void refresh();
    void advance (double seconds);
    void setSpilled (bool);
    LevelMeter& levels() noexcept { return meter; }
    Fader* volume() noexcept { return fader.get(); }

    std::function<void (Id, juce::ModifierKeys)> onSelect;
    /// Shift: all strips; Ctrl: this one alone.
    std::function<void (Id, std::string_view param, juce::ModifierKeys)> onSwitch;
    std::function<void()> onClearAll;
    /// The channel editor is wanted; with an insert, on it.
    std::function<void (Id, Id effect)> onOpen;
    /// Its name is being dragged, or was let go, at a place on the screen.
    std::function<void (Id, juce::Point<int> screen, bool done)> onDragName;
    /// A mute or solo that was pressed here is being dragged over others.
    std::function<void (std::string_view param, juce::Point<int> screen)> onPaint;
    /// One of its inserts or sends is being dragged, or was let go.
    std::function<void (const SlotDrag&)> onDragSlot;
    std::function<void (Id, juce::ModifierKeys)> onListen;
    std::function<void (Id)> onSpill;
    /// Its menu is wanted.
    std::function<void (Id)> onMenu;

    /// Where in its list something that is dragged over it would go; none: nowhere.
    struct Goal
    {
        int row = 0;
        std::size_t index = 0; ///< inserts: among all, without the one that is dragged
        bool late = false;     ///< inserts: after the console part
        int slot = 0;          ///< sends
    };
    std::optional<Goal> goalOf (const SlotDrag&) const;
    /// Shows the gold line there; none takes it away.
    void showGoal (const SlotDrag*, std::optional<Goal>);
    /// Whether the buttons for M or S are at this height.
    bool hasSwitch (std::string_view param, juce::Point<int> screen) const;

    void paint (juce::Graphics&) override;
    void paintOverChildren (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;
    void mouseUp (const juce::MouseEvent&) override;
    void mouseDoubleClick (const juce::MouseEvent&) override;

private:
    /// A row of the inserts: a part of the console or an effect.
    struct Place
    {
        juce::String name;
        bool on = true;
        Id effect;
        std::string_view part;
        bool operator== (const Place&) const = default;
    };
    void listInserts();
    void drawEq();
    void showMute();
    void readSends();
    int rowAt (juce::Rectangle<int>, juce::Point<int>) const;
    void clickInsert (int row, const juce::MouseEvent&);
    void clickSend (int row, const juce::MouseEvent&);
    void placePan();
    void dragSlot (const juce::MouseEvent&, bool done);
    StripActions actions();
    void paintMembers (juce::Graphics&);
    void listMembers (const session::Vca&);
    void listenTo (const MonitorState&);
    void bind (ValueControl&, std::string_view param);

    Model& model;
    StripInfo info;
    int number;
    StripShow parts;
    bool selected = false, chosen = false, compact = false;
    Bindings bindings;
    std::unique_ptr<Knob> pan, pan2; ///< two where the mode has two values
    int panMode = 0;
    std::unique_ptr<Fader> fader;
    std::unique_ptr<NumberField> level;
    Button mute { "M", Face::plain, Button::Shape::letter }, solo { "S", Face::plain, Button::Shape::letter },
        listen { Icon::ear, "Listen" };
    /// Of the mix bus: what the monitor section does most.
    Button dim { "Dim" }, mono { "Mono" }, turned { juce::String::charToString (0xd8) };
    bool muteMoves = false, eqMoves = false, sendsMove = false; ///< by automation or modulators
    bool canMute = false, canSolo = false, disabled = false, frozen = false, spilled = false;
    std::vector<juce::String> members; ///< of a VCA fader
    juce::String label;                ///< in place of the name, where there is one
    LevelMeter meter;
    std::unique_ptr<ReductionMeter> reduction;
    std::vector<Place> places;
    std::vector<std::pair<double, double>> eqShape; ///< what the picture was drawn from
    juce::Path eqCurve;
    juce::Rectangle<int> eq, inserts, sends, numbers, nameBox, route, panText;
    int dragInsert = -1, dragSend = -1, goalRow = -1;
    bool goalIsSend = false;
    /// A send's drag goes sideways for its level or up and down to another place.
    enum class SendDrag
    {
        undecided,
        level,
        place
    } sendDrag = SendDrag::undecided;
    double sendFrom = 0;
    Gesture gesture = 0;
    bool dragsName = false;
};

} // namespace lacquer::ui
