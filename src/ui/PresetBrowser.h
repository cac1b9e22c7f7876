// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Presets.h"
#include "ui/Overlays.h"

namespace lacquer::ui
{

/// The presets of an effect, or the chains of a strip or master: click one to hear it, Enter or a click
/// outside keeps it, Esc takes it back. However many were tried, it is one step of undo. What stands there
/// can be saved under a name.
class PresetBrowser final : public Popover, private juce::ListBoxModel
{
public:
    /// place: an effect, a strip or a master.
    PresetBrowser (Model&, Id place, juce::Component& beside);
    static void open (Model&, Id place, juce::Component& beside);

    /// What the list shows now, by name.
    std::vector<std::string> names() const;
    void search (const juce::String&);
    void tryOut (int row);
    void save (const juce::String& name, const juce::String& use);
    const juce::String& message() const { return trouble; }
    void keep() override;
    void cancel() override;

private:
    void lay (juce::Rectangle<int>) override;
    void paintCardContent (juce::Graphics&) override;
    void read();
    void filter();
    void askForName();
    void takeBack();

    int getNumRows() override { return static_cast<int> (shown.size()); }
    void paintListBoxItem (int row, juce::Graphics&, int width, int height, bool selected) override;
    void selectedRowsChanged (int row) override;
    void listBoxItemDoubleClicked (int, const juce::MouseEvent&) override { keep(); }
    void returnKeyPressed (int) override { keep(); }
    void deleteKeyPressed (int row) override;

    Model& model;
    Id place;
    std::string effect; ///< its type; empty: chains
    juce::String title, trouble;
    std::vector<studio::Preset> all;
    std::vector<std::size_t> shown;
    juce::TextEditor wanted, name, use;
    juce::ListBox list;
    Button saveAs { "Save as preset" }, take { "Keep", Face::primary }, back { "Cancel", Face::quiet },
        write { "Save", Face::primary };
    std::string tried; ///< the undo label of the preset that is heard; empty: none is
    bool naming = false, replaces = false;
};

} // namespace lacquer::ui
