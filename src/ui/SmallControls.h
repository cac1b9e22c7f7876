// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"

namespace lacquer::ui
{

/// An on and off parameter as the power sign beside a heading.
class PowerSwitch final : public ValueControl
{
public:
    PowerSwitch (const Param&, const juce::String& where);
    void paint (juce::Graphics&) override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override {}
    void mouseDoubleClick (const juce::MouseEvent&) override {}
    bool keyPressed (const juce::KeyPress&) override;

private:
    void toggle();
    double travelOfDrag (juce::Point<float>) const override { return 0; }
    juce::Rectangle<int> entryBounds() const override { return getLocalBounds(); }
};

/// A parameter with few choices as a row of them.
class SegmentField final : public ValueControl
{
public:
    SegmentField (const Param&, const juce::String& where);
    /// The width at which no word is cut.
    int naturalWidth() const;
    void paint (juce::Graphics&) override;
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override {}
    void mouseDoubleClick (const juce::MouseEvent&) override {}
    /// Instead of the parameter's own words.
    juce::StringArray words;

private:
    juce::Rectangle<float> segment (int) const;
    double travelOfDrag (juce::Point<float>) const override { return 0; }
    juce::Rectangle<int> entryBounds() const override { return getLocalBounds(); }
};

/// A level as a line with a grip, its number at the right.
class LevelSlider final : public ValueControl
{
public:
    LevelSlider (const Param&, const juce::String& where);
    void paint (juce::Graphics&) override;
    int numberWidth = 44;

private:
    juce::Rectangle<float> line() const;
    double travelOfDrag (juce::Point<float>) const override;
    juce::Rectangle<int> entryBounds() const override;
    bool isNumber (juce::Point<int>) const override;
};

} // namespace lacquer::ui
