// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/AutomationMenu.h"
#include "ui/ChannelEditor.h"
#include "ui/Inspector.h"
#include "ui/Mixer.h"
#include "ui/Timeline.h"

#include <memory>
#include <set>

namespace lacquer::ui
{

/// The timeline above, the mixer below, the chosen strip at the right; or the channel editor in place of all.
class MixPage final : public juce::Component, public LaneShower, public Gang
{
public:
    explicit MixPage (Model&);
    ~MixPage() override;
    void rebuild();
    void refresh();                ///< values
    void advance (double seconds); ///< what moves
    void setCompact (bool);
    Id selectedStrip() const noexcept { return selected; }
    /// mods: Ctrl adds to what is chosen, Shift extends it.
    void select (Id, juce::ModifierKeys = {});
    void selectNeighbour (int step);
    void toggle (std::string_view param, juce::ModifierKeys);
    void showInspector (bool);
    bool inspectorShows() const noexcept { return inspecting; }
    void showMixer (bool);
    bool mixerShows() const noexcept { return mixing; }
    /// The channel editor on the selected strip, or on one of its inserts; false: back to the tracks.
    void showEditor (bool, Id effect = {});
    bool editorShows() const { return editor.isVisible(); }
    StripView* find (Id id) { return mixer.find (id); }
    /// Scrolls to what undo or redo changed, unless some of it is in view. Never changes what is shown.
    void reveal (const ChangedParts&);
    /// What of it is in view.
    Outlines outlinesOf (const ChangedParts&);
    void clearHolds() { mixer.clearHolds(); }
    void openSearch();
    void showLane (Id target, const std::string& param) override;
    void showModulator (Id) override;
    std::vector<Id> others (Id strip, std::string_view param) const override;
    void moveAlong (Id strip, const Param&, double from, double to, Gesture, juce::ModifierKeys) override;
    /// Where lanes or graphs end and the column of controls begins.
    int lanesRight() const;
    /// As it was left in this project, and how it is to be found again.
    void setView (const ViewState&);
    ViewState view() const;
    Timeline& tracks() { return timeline; }
    Inspector& side() { return inspector; }
    ChannelEditor& channel() { return editor; }

    void paint (juce::Graphics&) override;
    void resized() override;

private:
    class Splitter;
    void press (Id, std::string_view param, juce::ModifierKeys);
    void paintOver (Id, std::string_view param);
    void listen (Id, juce::ModifierKeys);
    std::vector<Id> stripsOf (const ChangedParts&) const;
    int naturalMixer() const { return compact ? 352 : 452; }

    Model& model;
    Timeline timeline;
    Mixer mixer;
    Inspector inspector;
    ChannelEditor editor;
    std::unique_ptr<Splitter> splitter;
    Id selected;
    std::set<Id> chosen;
    Gesture pressed = 0; ///< of the last mute or solo, which may be dragged over others
    double painted = 0;  ///< what it became
    bool compact = false, inspecting = true, mixing = true;
    int mixerHeight = 0;
};

} // namespace lacquer::ui
