// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"
#include "ui/Model.h"

#include <memory>
#include <vector>

namespace lacquer::ui
{

/// An editor made from a parameter table alone: knobs, rows of choices, menus and switches. Grouped by the
/// part of the id before its last dot, else by a first word that several ids share ("low-cut", "low-decay");
/// what sets the level of the output comes last.
class ParamEditor final : public juce::Component
{
public:
    ParamEditor (Model&, Id owner, const juce::String& where);
    void refresh() { bindings.refresh(); }
    /// What moves by itself; true when something did.
    bool advance() { return bindings.advance(); }
    int heightFor (int width);
    void paint (juce::Graphics&) override;
    void resized() override;

private:
    struct Group
    {
        juce::String title;
        std::vector<std::unique_ptr<ValueControl>> controls;
        juce::Rectangle<int> card;
    };
    /// Heading and captions, from the names in the table.
    static void name (Group&);
    static juce::String groupOf (const Param&, std::span<const Param>);
    static int cellsOf (const ValueControl&);
    int lay (int width, bool place);
    Model& model;
    Bindings bindings;
    std::vector<Group> groups;
};

} // namespace lacquer::ui
