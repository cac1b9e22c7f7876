// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/DeliverPages.h"
#include "ui/SmallControls.h"

namespace lacquer::ui
{

/// Several lines of text, set when it is left or by Ctrl+Enter; Esc keeps the old one.
class NotesField final : public juce::TextEditor
{
public:
    NotesField();
    void show (const juce::String&);
    /// Sets what was typed and is not set yet.
    void commit();
    std::function<Outcome (const std::string&)> onSet;
    bool keyPressed (const juce::KeyPress&) override;

private:
    juce::String given;
};

/// What people write on a strip, in the inspector: name, label, tags, colour, what it is for in the mix, and
/// notes. Everything is a step of history of its own.
class NotesPanel final : public juce::Component
{
public:
    explicit NotesPanel (Model&);
    /// Another strip; what was typed for the last one is set first.
    void show (Id strip);
    void refresh();

    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;
    /// For tests.
    TextField name { "Name", {} }, label { "Label", {} }, tags { "Tags", {} };
    NotesField notes;
    SegmentField role;
    juce::Rectangle<int> swatch (int n) const;

private:
    Outcome take (session::Edit);
    Model& model;
    Id shown;
    juce::String guess; ///< what the name says of its role
    std::vector<std::pair<juce::String, juce::Rectangle<int>>> labels;
    juce::Rectangle<int> colours, guessRow;
};

} // namespace lacquer::ui
