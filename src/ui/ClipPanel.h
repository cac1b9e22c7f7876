// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"

#include <set>

namespace lacquer::ui
{

/// The chosen clips in the inspector: place, gain, fades, mute, direction, normalising. What is set goes to
/// all of them.
class ClipPanel final : public juce::Component
{
public:
    explicit ClipPanel (Model&);
    void show (const std::set<Id>& clips);
    void refresh();
    bool isEmpty() const { return shown.empty(); }

    void paint (juce::Graphics&) override;
    void resized() override;

private:
    const session::Clip* first() const;
    void each (const char* label, Gesture,
               const std::function<session::Edit (const session::Project&, const session::Clip&)>&);
    void setFade (bool in, std::optional<Frames> length, std::optional<session::Fade> shape, Gesture);

    Model& model;
    std::set<Id> shown;
    NumberField gain, fadeIn, fadeOut;
    MenuField shapeIn, shapeOut;
    Button mute { "Mute", Face::plain }, reverse { "Reverse", Face::plain },
        peak { "Normalise peak", Face::plain }, loudness { "Normalise loudness", Face::plain },
        silence { "Strip silence", Face::plain }, envelope { "Clear envelope", Face::plain };
    std::vector<std::pair<juce::String, juce::Rectangle<int>>> labels;
    juce::Rectangle<int> head;
};

} // namespace lacquer::ui
