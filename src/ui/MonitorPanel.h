// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Overlays.h"
#include "ui/SmallControls.h"

namespace lacquer::ui
{

/// Turns one switch of the monitor section.
void switchMonitor (Model&, bool MonitorState::*);
/// What the monitor section changes, in words: "Dim, mono"; empty when it changes nothing.
juce::String wordsOf (const MonitorState&);

/// The monitor section: how loud, dim, mono, swapped sides, silent, the reference in place of the song, what
/// is listened to, and where it leaves the device. None of it is ever in an export.
class MonitorPanel final : public Popover
{
public:
    MonitorPanel (Model&, juce::Component& beside);

private:
    void lay (juce::Rectangle<int>) override;
    void paintCardContent (juce::Graphics&) override;
    void refresh();
    void set (const std::function<void (MonitorState&)>&);
    void chooseReference();
    void choosePair();

    Model& model;
    Param levelParam, referenceParam;
    LevelSlider level, referenceLevel;
    Button dim { "Dim" }, mono { "Mono" }, swap { "Swap" }, mute { "Mute" }, reference { "Reference" },
        file { "Choose", Face::quiet }, nothing { "Back to the mix" }, pair { "Outputs" };
    Button after { "After fader", Face::plain, Button::Shape::segment },
        before { "Before fader", Face::plain, Button::Shape::segment };
    std::unique_ptr<juce::FileChooser> chooser;
    juce::String trouble;
    juce::Rectangle<int> levelRow, referenceRow, listenRow, outputRow;
};

} // namespace lacquer::ui
