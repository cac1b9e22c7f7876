// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Conflicts.h"
#include "ui/EffectView.h"
#include "ui/Flash.h"
#include "ui/Meter.h"
#include "ui/StripCompare.h"
#include "ui/StripParts.h"

namespace lacquer::ui
{

/// The chain of one strip at the top, what is chosen of it large below, the console's parts under that,
/// what hides it and its output at the right, all strips at the left.
class ChannelEditor final : public juce::Component
{
public:
    explicit ChannelEditor (Model&);
    ~ChannelEditor() override;

    /// Shows another strip.
    void show (Id strip);
    /// Shows an insert of it large, or its EQ for none.
    void open (Id effect);
    Id strip() const { return shown; }
    void rebuild();
    void refresh();
    void advance (double seconds);
    void setCompact (bool);
    /// Whatever is heard alone is let go.
    void stopListening();
    EqPanel* equaliser() { return eq.get(); }
    EffectView* opening() { return effect.get(); }
    ConflictsPanel& conflictsShown() { return conflicts; }
    std::function<void()> onBack;
    std::function<void (Id)> onSelect;
    /// To the strip with these letters, or to the next of them.
    std::function<void (const juce::String&, bool next)> onFind;
    void openSearch();
    /// Where what undo or redo changed is: in the list of strips, and of the shown one in its chain and
    /// output.
    Outlines outlinesOf (const ChangedParts&) const;
    /// Where the graph ends and conflicts and output begin.
    int graphRight() const noexcept { return right.getX() - 1; }
    std::function<void (Id, std::string_view param, juce::ModifierKeys)> onSwitch;
    /// Levels of a strip that its own meter has already taken.
    std::function<const LevelMeter*(Id)> meterOf;

    void paint (juce::Graphics&) override;
    void resized() override;
    void visibilityChanged() override;

private:
    class List;
    class Chain;
    /// What is known of conflicts, onto the graph and the map.
    void showConflicts();
    void showSwitches();
    void showCompared();
    int headHeight() const { return compact ? 34 : 44; }

    Model& model;
    Id shown, opened;
    StripCompare compare;
    Button first { "A", Face::plain, Button::Shape::segment },
        second { "B", Face::plain, Button::Shape::segment }, copyOver { "Copy A to B", Face::plain };
    Button back { "Back to mix" }, search { Icon::search, "Find a strip", Button::Shape::flat };
    juce::TextEditor wanted;
    std::unique_ptr<List> list;
    juce::Viewport listScroll, conflictScroll;
    std::unique_ptr<Chain> chain;
    ConflictsPanel conflicts;
    std::unique_ptr<EqPanel> eq;
    std::unique_ptr<MaskMap> map;
    std::unique_ptr<EffectView> effect;
    std::vector<std::unique_ptr<ModulePanel>> modules;
    std::unique_ptr<SendsPanel> sends;
    Bindings bindings;
    std::unique_ptr<Fader> fader;
    std::unique_ptr<NumberField> level;
    std::unique_ptr<Knob> pan;
    ReductionMeter reduction { "Output", false };
    LevelMeter meter { "Output" };
    Button mute { "M", Face::plain, Button::Shape::letter }, solo { "S", Face::plain, Button::Shape::letter },
        output { "Output", Face::plain };
    InputLevel input;
    juce::Rectangle<int> moduleRow, right, outputTitle, outputRow, panText, reductionText;
    juce::String reductionNow; ///< beside "GR"
    double mostReduced = 0, sinceTold = 0;
    bool compact = false, switchesMove = false;
};

} // namespace lacquer::ui
