// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"
#include "ui/Meter.h"
#include "ui/Model.h"
#include "ui/ParamEditor.h"

#include <memory>
#include <vector>

namespace lacquer::ui
{

/// One channel strip of the mixer.
class StripView final : public juce::Component
{
public:
    StripView (Model&, const StripInfo&, int number);

    Id id() const noexcept { return info.id; }
    const StripInfo& strip() const noexcept { return info; }
    void setSelected (bool);
    void refresh();
    void advance (double seconds);
    LevelMeter& levels() noexcept { return meter; }
    Fader* volume() noexcept { return fader.get(); }

    std::function<void (Id)> onSelect;
    /// Shift: all strips; Ctrl: this one alone.
    std::function<void (Id, std::string_view param, juce::ModifierKeys)> onSwitch;
    std::function<void()> onClearAll;

    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    Model& model;
    StripInfo info;
    int number;
    bool selected = false;
    Bindings bindings;
    std::unique_ptr<Knob> pan;
    std::unique_ptr<Fader> fader;
    std::unique_ptr<NumberField> level;
    Button mute { "M", Face::plain, Button::Shape::letter }, solo { "S", Face::plain, Button::Shape::letter };
    bool canMute = false, canSolo = false;
    LevelMeter meter;
    juce::Rectangle<int> inserts, sends, numbers, nameBox, route;
};

/// Song overview: track names, ruler with sections and loop, waveform lanes, playhead.
class Timeline final : public juce::Component, private juce::ScrollBar::Listener
{
public:
    explicit Timeline (Model&);
    /// Reads the song again.
    void rebuild();
    void refresh();
    void select (Id);
    std::function<void (Id)> onSelect;
    std::function<void (Id, std::string_view param, juce::ModifierKeys)> onSwitch;

    void paint (juce::Graphics&) override;
    void paintOverChildren (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;
    void mouseUp (const juce::MouseEvent&) override;
    void mouseWheelMove (const juce::MouseEvent&, const juce::MouseWheelDetails&) override;

private:
    void scrollBarMoved (juce::ScrollBar*, double) override;
    juce::Rectangle<int> lanes() const;
    float xOf (Frames) const;
    Frames frameAt (int x) const;
    void drawLanes();
    juce::Rectangle<int> switchArea (std::size_t track, char letter) const;
    int rowHeight() const;

    Model& model;
    std::vector<StripInfo> tracks;
    std::vector<session::Marker> markers;
    juce::Image picture; // rulers and lanes, drawn when the song or the size changes
    juce::ScrollBar scroll { true };
    Frames loopAnchor = -1, shownLoopStart = 0, shownLoopEnd = 0;
    Gesture loopGesture = 0;
    bool shownLooping = false;
    float playhead = -1;
    Id selected;
    int headerWidth = 236;
};

/// The timeline above, the mixer below: tracks scroll, groups, returns and the mix stay at the right.
class MixPage final : public juce::Component
{
public:
    explicit MixPage (Model&);
    ~MixPage() override;
    void rebuild();
    void refresh();                ///< values
    void advance (double seconds); ///< what moves
    void setCompact (bool);
    Id selectedStrip() const noexcept { return selected; }
    void select (Id);
    void selectNeighbour (int step);
    void toggle (std::string_view param, juce::ModifierKeys);
    void showInspector (bool);
    bool inspectorShows() const noexcept { return inspecting; }
    StripView* find (Id);
    void clearHolds();

    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;
    void mouseDoubleClick (const juce::MouseEvent&) override;
    void mouseMove (const juce::MouseEvent&) override;

private:
    void press (Id, std::string_view param, juce::ModifierKeys);

    void inspect();
    int naturalMixer() const { return compact ? 352 : 452; }

    Model& model;
    Timeline timeline;
    std::vector<std::unique_ptr<StripView>> strips;
    juce::Viewport scroll;
    juce::Component tracks, pinned;
    Button clear { "Clear holds", Face::quiet };
    std::unique_ptr<ParamEditor> inspector;
    juce::Viewport inspectorView;
    juce::Rectangle<int> inspectorTitle;
    Id selected;
    bool compact = false, inspecting = true;
    int mixerHeight = 0, dragFrom = 0;
};

} // namespace lacquer::ui
