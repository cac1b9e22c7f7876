// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"
#include "ui/Meter.h"
#include "ui/Model.h"

#include <map>
#include <memory>
#include <vector>

namespace lacquer::ui
{

/// An editor made from a parameter table alone: knobs, menus and switches, grouped by the part of the id
/// before its last dot.
class ParamEditor final : public juce::Component
{
public:
    ParamEditor (Model&, Id owner, const juce::String& where);
    void refresh() { bindings.refresh(); }
    int heightFor (int width);
    void paint (juce::Graphics&) override;
    void resized() override;

private:
    struct Group
    {
        juce::String title;
        std::vector<std::unique_ptr<ValueControl>> controls;
        juce::Rectangle<int> heading;
    };
    int lay (int width, bool place);
    Model& model;
    Bindings bindings;
    std::vector<Group> groups;
};

/// The mastering chain, the module in hand, and the meters by which one judges it.
class MasterPage final : public juce::Component
{
public:
    explicit MasterPage (Model&);
    ~MasterPage() override;
    void rebuild();
    void refresh();
    void advance (double seconds);
    void setCompact (bool);
    void select (Id module);

    void paint (juce::Graphics&) override;
    void resized() override;

private:
    class Card;
    Model& model;
    std::vector<std::unique_ptr<Card>> cards;
    std::map<Id, std::unique_ptr<ReductionMeter>> reductions;
    std::unique_ptr<ParamEditor> editor;
    juce::Viewport scroll;
    LevelMeter output { "Master" };
    LoudnessBar momentary { "M", "Momentary loudness" }, shortTerm { "S", "Short-term loudness" },
        integrated { "I", "Integrated loudness" };
    Button restart { "Restart measure", Face::quiet };
    Loudness loudness;
    Id selected;
    juce::Rectangle<int> chain, title, bridge, hero, figures, meters;
    bool compact = false;
};

} // namespace lacquer::ui
