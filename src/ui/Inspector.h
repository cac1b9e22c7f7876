// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/ClipPanel.h"
#include "ui/EqGraph.h"
#include "ui/ModulatorPanel.h"
#include "ui/NotesPanel.h"
#include "ui/StripParts.h"

namespace lacquer::ui
{

/// The chosen strip beside the tracks: EQ, compressor, gate, saturator, sends, where it goes.
class Inspector final : public juce::Component
{
public:
    explicit Inspector (Model&);
    void show (Id strip);
    void rebuild();
    void refresh();
    void advance (double seconds);
    void setCompact (bool);
    std::function<void()> onOpen; ///< the channel editor is wanted
    /// A modulator in place of the strip; none: the strip again.
    void showModulator (Id);
    /// What is chosen on the timeline, for the tab of clips.
    void showClips (const std::set<Id>& clips) { clip.show (clips); }
    enum class Tab
    {
        channel,
        clip,
        notes
    };
    void showTab (Tab);
    ClipPanel& clipPanel() { return clip; }
    NotesPanel& notesPanel() { return notes; }
    ModulatorPanel& modulatorPanel() { return modulator; }
    std::function<const LevelMeter*(Id)> meterOf;
    /// Where a modulator stands, large or in the list; empty when it is not shown.
    juce::Rectangle<int> placeOf (Id wanted) const;

    void paint (juce::Graphics&) override;
    void resized() override;

private:
    void nameBand();

    Model& model;
    Id shown;
    Bindings bindings;
    std::unique_ptr<PowerSwitch> power;
    std::unique_ptr<EqGraph> eq;
    std::vector<std::unique_ptr<ValueControl>> band;
    std::vector<std::unique_ptr<ModulePanel>> modules;
    std::unique_ptr<SendsPanel> sends;
    ClipPanel clip;
    NotesPanel notes;
    Button channelTab { "Channel", Face::quiet, Button::Shape::segment },
        clipTab { "Clip", Face::quiet, Button::Shape::segment },
        notesTab { "Notes", Face::quiet, Button::Shape::segment };
    ModulatorList modulators;
    ModulatorPanel modulator;
    Button output { "Output", Face::plain }, polarity { juce::String::charToString (0xd8), Face::plain },
        open { "Open channel editor", Face::plain };
    InputLevel input;
    juce::Rectangle<int> title, eqHead, bandRow, inputRow, outputRow;
    std::vector<int> lines;
    bool compact = false;
};

} // namespace lacquer::ui
