// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"

namespace lacquer::ui
{

/// What a delay or a reverb answers to a click, over time: echoes as lines, a tail as a body.
class EchoGraph final : public juce::Component
{
public:
    EchoGraph (Model&, Id effect, const juce::String& where);
    static bool suits (std::span<const Param>);
    void refresh();
    void paint (juce::Graphics&) override;

    /// "1.8 s, pre-delay 28 ms", "118 ms, feedback 12 %".
    static juce::String said (const Model&, Id effect);

private:
    Model& model;
    Id effect;
    std::vector<double> shown;
};

} // namespace lacquer::ui
