// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/EqGraph.h"
#include "ui/SmallControls.h"

namespace lacquer::ui
{

/// A large EQ: the graph, a card for every band, and the knobs of the chosen one.
class EqPanel final : public juce::Component
{
public:
    EqPanel (Model&, Id owner, EqTable, const juce::String& where);
    void refresh();
    void advance (double seconds) { graph.advance (seconds); }
    void setCompact (bool);
    EqGraph& curve() { return graph; }

    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    juce::Rectangle<int> card (std::size_t) const;
    void choose (int band);
    int row() const { return compact ? 72 : 84; }

    Model& model;
    Id owner;
    juce::String where;
    EqGraph graph;
    Bindings bindings;
    std::vector<std::unique_ptr<ValueControl>> knobs;
    std::vector<EqTable::State> shown;
    bool compact = false;
};

} // namespace lacquer::ui
