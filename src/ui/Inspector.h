// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/EqGraph.h"
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
    Button output { "Output", Face::plain }, polarity { juce::String::charToString (0xd8), Face::plain },
        open { "Open channel editor", Face::plain };
    InputLevel input;
    juce::Rectangle<int> title, eqHead, bandRow, inputRow, outputRow;
    std::vector<int> lines;
    bool compact = false;
};

} // namespace lacquer::ui
