// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"
#include "ui/EqGraph.h"

#include <array>
#include <memory>
#include <vector>

namespace lacquer::ui
{

/// What hides one strip, ready to be drawn: made once of a report.
struct HiddenStrip
{
    std::vector<studio::Conflict> conflicts; ///< the gravest first, ignored ones last
    /// By masker: in which third octaves, as the share of the time the strip sounds there. Largest first.
    struct Row
    {
        Id masker;
        std::array<float, studio::MaskingBands::count> share {};
        float most = 0;
    };
    std::vector<Row> rows;

    static HiddenStrip of (const Model&, const studio::Masking&, Id lead);
    /// For the graph; `chosen`: index of the conflict that is spoken of.
    std::vector<MaskedBand> bands (const Model&, const studio::Masking&, int chosen) const;
};

/// The span of two frequencies: 2.1 to 3.4 kHz with a dash.
juce::String rangeText (double low, double high);

/// The masking map under a graph: which strip hides this one at which frequencies.
class MaskMap final : public juce::Component, public juce::SettableTooltipClient
{
public:
    MaskMap (Model&, const EqGraph&);
    void show (std::vector<HiddenStrip::Row>);
    void paint (juce::Graphics&) override;
    void mouseMove (const juce::MouseEvent&) override;
    void mouseExit (const juce::MouseEvent&) override;
    /// Of what is under the pointer.
    juce::String said() const { return hint; }

private:
    Model& model;
    const EqGraph& graph;
    std::vector<HiddenStrip::Row> rows;
    juce::String hint;
    juce::Point<float> pointer;
};

/// The conflicts of a strip as cards, each with what can be done about it.
class ConflictsPanel final : public juce::Component
{
public:
    explicit ConflictsPanel (Model&);
    ~ConflictsPanel() override;
    void show (Id strip);
    /// Reads the report again; true when it is another one.
    bool refresh();
    void setCompact (bool);
    int chosen() const { return open; }
    void choose (int conflict);
    const HiddenStrip& hidden() const { return now; }
    const MaskingReport& report() const { return told; }
    int heightFor() const;
    std::function<void()> onChange;  ///< another conflict is spoken of
    std::function<void (Id)> onShow; ///< another strip is to be seen
    std::function<void()> onResize;

    /// The verbs; for tests.
    Button act { "Make room", Face::primary }, listen { Icon::ear, "Listen" }, other { "Show" },
        ignore { "Ignore" }, look { "Look for conflicts" }, stop { "Stop" };

    void stopListening();
    bool listens() const noexcept { return listening; }
    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    juce::Rectangle<int> card (int) const;
    int margin() const { return compact ? 7 : 12; }
    juce::String sentence (const studio::Conflict&) const;
    void hear (bool on);
    Model& model;
    Id strip;
    HiddenStrip now;
    MaskingReport told;
    std::vector<session::MaskedPair> ignored;
    int open = 0;
    bool compact = false, listening = false;
};

} // namespace lacquer::ui
