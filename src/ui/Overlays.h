// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"
#include "ui/Model.h"

#include <functional>
#include <memory>
#include <vector>

namespace lacquer::ui
{

/// A dialog inside the window: scrim, card, title, text, verbs. Esc is the last button, which changes
/// nothing.
class Dialog final : public juce::Component
{
public:
    struct Choice
    {
        juce::String verb;
        Face face = Face::plain;
        std::function<void()> act;
    };
    Dialog (const juce::String& title, const juce::String& text, std::vector<Choice>);
    /// Called after a choice, to take the dialog away.
    std::function<void()> onDone;

    void paint (juce::Graphics&) override;
    void resized() override;
    bool keyPressed (const juce::KeyPress&) override;
    void visibilityChanged() override;

private:
    void choose (std::size_t);
    juce::String title, text;
    std::vector<Choice> choices;
    std::vector<std::unique_ptr<Button>> buttons;
    juce::Rectangle<int> card;
};

/// Where the sound goes: driver, output, sample rate, buffer.
class AudioSettings final : public juce::Component
{
public:
    explicit AudioSettings (Model&);
    std::function<void()> onDone;

    void paint (juce::Graphics&) override;
    void resized() override;
    bool keyPressed (const juce::KeyPress&) override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    void listNames();
    Model& model;
    DeviceSetup wanted;
    std::vector<std::string> names;
    juce::String trouble;
    Button driver { "Driver", Face::quiet }, output { "Output", Face::quiet },
        rate { "Sample rate", Face::quiet }, cancel { "Cancel" }, use { "Use these", Face::primary };
    std::vector<std::unique_ptr<Button>> blocks;
    juce::Rectangle<int> card;
};

/// Messages in the corner: at most three, newest first; errors stay, others leave after 6 s (12 s under the
/// pointer).
class Toasts final : public juce::Component
{
public:
    Toasts();
    ~Toasts() override;
    void add (const Notice&);
    void advance (double seconds);
    int count() const { return static_cast<int> (shown.size()); }
    void resized() override;

private:
    class Toast;
    std::vector<std::unique_ptr<Toast>> shown;
};

} // namespace lacquer::ui
