// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"
#include "ui/Flash.h"
#include "ui/Meter.h"
#include "ui/Model.h"
#include "ui/ParamEditor.h"

#include <map>
#include <memory>
#include <vector>

namespace lacquer::ui
{

/// Loudness along the song, as it was heard: momentary as a body, short-term as a line. Playing a place again
/// writes over it.
class LoudnessHistory final : public juce::Component
{
public:
    explicit LoudnessHistory (Model&);
    /// Notes a reading at the position of the transport.
    void note (const Loudness&);
    void clear();
    void paint (juce::Graphics&) override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    juce::Rectangle<float> graph() const;
    Model& model;
    static constexpr std::size_t places = 1024;
    std::vector<float> momentary, shortTerm;
    Frames playhead = -1;
};

/// Gain reduction of the last ten seconds, hanging from the top.
class ReductionHistory final : public juce::Component
{
public:
    ReductionHistory();
    void advance (double reductionDb, double seconds);
    void clear();
    void paint (juce::Graphics&) override;

private:
    static constexpr double span = 10, step = 1.0 / 30;
    std::vector<float> past; // a ring, oldest at `next`
    std::size_t next = 0;
    double pending = 0, worst = 0;
};

/// The mastering chain, the module in hand, and the meters by which one judges it.
class MasterPage final : public juce::Component
{
public:
    explicit MasterPage (Model&);
    ~MasterPage() override;
    void rebuild();
    void refresh();
    /// master: what was heard in the last `seconds`.
    void advance (const Levels& master, double seconds);
    void setCompact (bool);
    void select (Id module);
    /// Where what undo or redo changed is on this page.
    Outlines outlinesOf (const ChangedParts&) const;

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
    Button restart { "Restart measure", Face::quiet }, presets { "Presets" }, chains { "Chains" };
    LoudnessHistory history;
    ReductionHistory past;
    Loudness loudness;
    Id selected;
    juce::Rectangle<int> chain, title, bridge, hero, figures, meters, historyTitle;
    bool compact = false;
};

} // namespace lacquer::ui
