// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/EqGraph.h"
#include "ui/SmallControls.h"

namespace lacquer::ui
{

/// A large EQ: the graph, room for what lies under it, a card for every band, and all there is to set of the
/// chosen one.
class EqPanel final : public juce::Component
{
public:
    EqPanel (Model&, Id owner, EqTable, const juce::String& where);
    void refresh();
    void advance (double seconds);
    void setCompact (bool);
    EqGraph& curve() { return graph; }
    /// What stands between the graph and the bands; null: nothing. Not owned.
    void setUnder (juce::Component*, int height);

    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    juce::Rectangle<int> card (std::size_t) const;
    void choose (int band);
    int row() const { return compact ? 72 : 84; }
    template <typename Control>
    Control& bind (std::unique_ptr<Control>&, const Param*);

    Model& model;
    Id owner;
    juce::String where;
    EqGraph graph;
    Bindings bindings;
    std::vector<std::unique_ptr<ValueControl>> knobs;
    std::unique_ptr<MenuField> menu;    ///< shape of a console's band, or slope of a cut
    std::unique_ptr<SegmentField> part; ///< stereo, mid, side
    std::unique_ptr<SegmentField> phase;
    Button listen { Icon::ear, "Listen" }, dynamic { "Dynamic" }, add { "+ Band" };
    std::vector<EqTable::State> shown;
    juce::Component* under = nullptr;
    int underHeight = 0;
    bool compact = false, stale = false;
};

} // namespace lacquer::ui
