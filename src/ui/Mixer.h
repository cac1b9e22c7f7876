// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/StripView.h"

#include <set>

namespace lacquer::ui
{

/// The strips beside each other: tracks scroll; VCA faders, groups and returns stay at the right, narrower
/// where they are many, and the mix beside them. Above them what is shown of which.
class Mixer final : public juce::Component
{
public:
    explicit Mixer (Model&);
    ~Mixer() override;
    void rebuild();
    void refresh();
    void advance (double seconds);
    void setCompact (bool);
    void select (Id, const std::set<Id>& chosen);
    StripView* find (Id);
    const std::vector<std::unique_ptr<StripView>>& all() const { return strips; }
    /// Scrolls to the first of these strips, unless one of them is in view. False when none is among those
    /// that are shown.
    bool reveal (const std::vector<Id>&);
    /// What of a strip is in view.
    juce::Rectangle<int> seen (const StripView&) const;
    void clearHolds();
    void openSearch();
    /// To the first strip with these letters, or from the selected one to the next that has them; those that
    /// begin with them come first.
    void jump (const juce::String& text, bool next);
    int barHeight() const { return compact ? 24 : 28; }

    std::function<void (Id, juce::ModifierKeys)> onSelect;
    std::function<void (Id, std::string_view param, juce::ModifierKeys)> onSwitch;
    std::function<void (Id, Id effect)> onOpen;
    /// A press that is being dragged over other strips' buttons reached this one.
    std::function<void (Id, std::string_view param)> onPaint;
    std::function<void (Id, juce::ModifierKeys)> onListen;
    /// Shows only what follows a VCA fader, or all again.
    void spill (Id vca);

    void paint (juce::Graphics&) override;
    void paintOverChildren (juce::Graphics&) override;
    void resized() override;

private:
    bool shows (const StripView&) const;
    void filter (Id group);
    void dragName (Id, juce::Point<int> screen, bool done);
    void paintOver (std::string_view param, juce::Point<int> screen);
    StripView* under (juce::Point<int> screen);
    void bring (const StripView&);
    void dragSlot (const SlotDrag&);
    void drop (const SlotDrag&, const StripView*, std::optional<StripView::Goal>);
    std::unique_ptr<StripView> made (const StripInfo&, int number);
    juce::Component& holderOf (const StripInfo&);
    void openMenu (Id);
    void setScale (LevelMeter::Scale);
    void lay();

    Model& model;
    std::vector<std::unique_ptr<StripView>> strips;
    juce::Viewport scroll, pinnedScroll;
    juce::Component tracks, pinned;
    std::vector<std::unique_ptr<Button>> tabs;
    std::vector<Id> tabGroups;
    std::vector<std::unique_ptr<Button>> toggles;
    Button clear { "Clear holds", Face::quiet }, search { Icon::search, "Find a strip", Button::Shape::flat },
        add { Icon::plus, "Add to the mixer", Button::Shape::flat },
        muteGroups { "Mute groups", Face::quiet, Button::Shape::segment },
        scenes { "Scenes", Face::quiet, Button::Shape::segment };
    Button peakScale { "Peak+RMS", Face::plain, Button::Shape::segment },
        vuScale { "VU", Face::plain, Button::Shape::segment },
        kScale { "K-14", Face::plain, Button::Shape::segment };
    LevelMeter::Scale scale = LevelMeter::Scale::peak, lastVu = LevelMeter::Scale::vu18,
                      lastK = LevelMeter::Scale::k14; ///< what the buttons choose
    juce::TextEditor wanted;
    Id group, spilled, selected;
    std::set<Id> chosen;
    juce::String dragged; ///< what is on its way, beside the pointer
    juce::Point<int> draggedAt;
    bool dropRemoves = false;
    bool effectsOnly = false;
    StripShow show;
    bool compact = false;
    int goal = -1; ///< where a dragged strip would go, in pixels of `tracks`
};

} // namespace lacquer::ui
