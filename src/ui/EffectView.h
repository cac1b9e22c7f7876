// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/DynamicsGraphs.h"
#include "ui/EqPanel.h"
#include "ui/ParamEditor.h"
#include "ui/PortraitGraph.h"

namespace lacquer::ui
{

/// An effect of any kind, made from its parameter table: bands, or a transfer curve with reduction history,
/// or else a picture measured of what it does; and all its controls, grouped.
class EffectView final : public juce::Component
{
public:
    EffectView (Model&, Id effect, const juce::String& where);
    ~EffectView() override;
    void refresh();
    /// What came into the strip in the last `seconds`, dB.
    void advance (double inputDb, double seconds);
    void setCompact (bool);
    /// A band that is heard alone is let go.
    void stopListening();
    PortraitGraph* picture() { return portrait.get(); }

    void paint (juce::Graphics&) override;
    void resized() override;

private:
    Model& model;
    Id effect;
    juce::String title, help;
    std::unique_ptr<EqPanel> eq;
    std::unique_ptr<TransferGraph> transfer;
    std::unique_ptr<DynamicsHistory> history;
    std::unique_ptr<PortraitGraph> portrait;
    std::unique_ptr<ParamEditor> controls;
    Button presets { "Presets" };
    juce::Viewport scroll;
    bool stale = false; ///< the portrait is of values that have moved by themselves
};

} // namespace lacquer::ui
