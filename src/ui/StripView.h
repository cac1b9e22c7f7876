// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"
#include "ui/Meter.h"
#include "ui/Model.h"

#include <memory>
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

/// One channel strip of the mixer.
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
    LevelMeter& levels() noexcept { return meter; }
    Fader* volume() noexcept { return fader.get(); }

    std::function<void (Id, juce::ModifierKeys)> onSelect;
    /// Shift: all strips; Ctrl: this one alone.
    std::function<void (Id, std::string_view param, juce::ModifierKeys)> onSwitch;
    std::function<void()> onClearAll;
    /// The channel editor is wanted; with an insert, on it.
    std::function<void (Id, Id effect)> onOpen;
    /// A control of it was moved from one value to another.
    std::function<void (Id, const Param&, double from, double to, Gesture, juce::ModifierKeys)> onMove;
    /// Its name is being dragged, or was let go, at a place on the screen.
    std::function<void (Id, juce::Point<int> screen, bool done)> onDragName;

    void paint (juce::Graphics&) override;
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
    int rowAt (juce::Rectangle<int>, juce::Point<int>) const;
    void clickInsert (int row, const juce::MouseEvent&);
    void clickSend (int row, const juce::MouseEvent&);
    void stripMenu();
    void bind (ValueControl&, std::string_view param);

    Model& model;
    StripInfo info;
    int number;
    StripShow parts;
    bool selected = false, chosen = false, compact = false;
    Bindings bindings;
    std::unique_ptr<Knob> pan;
    std::unique_ptr<Fader> fader;
    std::unique_ptr<NumberField> level;
    Button mute { "M", Face::plain, Button::Shape::letter }, solo { "S", Face::plain, Button::Shape::letter };
    bool canMute = false, canSolo = false;
    LevelMeter meter;
    std::unique_ptr<ReductionMeter> reduction;
    std::vector<Place> places;
    std::vector<std::pair<double, double>> eqShape; ///< what the picture was drawn from
    juce::Path eqCurve;
    juce::Rectangle<int> eq, inserts, sends, numbers, nameBox, route;
    int dragInsert = -1, goalInsert = -1, dragSend = -1;
    double sendFrom = 0;
    Gesture gesture = 0;
    bool dragsName = false;
};

} // namespace lacquer::ui
