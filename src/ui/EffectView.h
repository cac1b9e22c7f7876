// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/DynamicsGraphs.h"
#include "ui/EchoGraph.h"
#include "ui/EqPanel.h"
#include "ui/ParamEditor.h"

namespace lacquer::ui
{

/// An effect of any kind, made from its parameter table: its curve where it has one (bands, transfer curve
/// with reduction history, saturation curve, answer to a click), and all its controls, grouped.
class EffectView final : public juce::Component
{
public:
    EffectView (Model&, Id effect, const juce::String& where);
    ~EffectView() override;
    void refresh();
    /// What came into the strip in the last `seconds`, dB.
    void advance (double inputDb, double seconds);
    void setCompact (bool);

    void paint (juce::Graphics&) override;
    void resized() override;

private:
    Model& model;
    Id effect;
    juce::String title, help;
    std::unique_ptr<EqPanel> eq;
    std::unique_ptr<TransferGraph> transfer;
    std::unique_ptr<DynamicsHistory> history;
    std::unique_ptr<SaturationGraph> saturation;
    std::unique_ptr<EchoGraph> echo;
    std::unique_ptr<ParamEditor> controls;
    Button presets { "Presets" };
    juce::Viewport scroll;
};

} // namespace lacquer::ui
