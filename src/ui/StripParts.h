// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/DynamicsGraphs.h"
#include "ui/EchoGraph.h"
#include "ui/SmallControls.h"

namespace lacquer::ui
{

/// The parts of a strip's console, in order of the signal.
struct ConsolePart
{
    std::string_view prefix; ///< of its parameters: "comp."
    const char *name, *brief;
};
inline constexpr ConsolePart consoleParts[] { { "gate.", "Gate", "Gate" },
                                              { "eq.", "EQ", "EQ" },
                                              { "comp.", "Compressor", "Comp" },
                                              { "sat.", "Saturator", "Sat" } };

/// What a part's switch is called, "comp.on"; null where a strip has no such part.
const Param* switchOf (const Model&, Id strip, std::string_view prefix);
/// True when the part changes the sound: it is on, and an EQ is not flat.
bool acts (const Model&, Id strip, std::string_view prefix);
/// True when an effect is switched on.
bool effectIsOn (const Model&, Id effect);
/// On or past it, as a ride while the song plays.
void switchEffect (Model&, Id effect, bool on);
/// The first effect on a return, by which its picture and its words are made; none without one.
Id firstEffect (const Model&, Id strip);

/// The highest sample that came into the watched strip since the last advance.
class InputLevel
{
public:
    double advance (const Model&); ///< dB

private:
    std::array<float, 4096> left {}, right {};
    std::uint64_t read = 0;
};

/// One part of a console strip: its switch, its picture, its knobs.
class ModulePanel final : public juce::Component
{
public:
    enum class Size
    {
        small, ///< in the inspector
        large
    };
    ModulePanel (Model&, Id strip, const juce::String& where, const ConsolePart&, Size);
    void refresh();
    void advance (double inputDb, double seconds);
    void setCompact (bool);
    void paint (juce::Graphics&) override;
    void resized() override;

private:
    juce::Rectangle<int> head() const;
    void drawValues();
    Model& model;
    Id strip;
    ConsolePart part;
    Size size;
    Bindings bindings;
    std::unique_ptr<PowerSwitch> power;
    std::unique_ptr<TransferGraph> transfer;
    std::unique_ptr<DynamicsHistory> history;
    std::unique_ptr<SaturationGraph> saturation;
    std::vector<std::unique_ptr<Knob>> knobs;
    std::optional<DynamicsTable> dynamics;
    GateWatch gate;
    juce::String state;
    double worst = 0;
    bool compact = false;
};

/// The sends of a strip: where to, how much, before or after the fader.
class SendsPanel final : public juce::Component
{
public:
    SendsPanel (Model&, Id strip, const juce::String& where, bool pictures);
    void refresh();
    void advance();
    int heightFor() const;
    void setCompact (bool);
    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    struct Row
    {
        int slot = 0;
        Id to;
        juce::String name, colour;
        std::unique_ptr<LevelSlider> level;
        std::unique_ptr<SegmentField> pre;
        std::unique_ptr<EchoGraph> picture;
        juce::Rectangle<int> title;
    };
    void rebuild();
    void addMenu();
    void rowMenu (const Row&);
    int rowHeight (const Row&) const;

    Model& model;
    Id strip;
    juce::String where;
    bool pictures, compact = false;
    Bindings bindings;
    std::vector<Row> rows;
    std::array<Id, session::Strip::sendSlots> shown {};
    Button add { Icon::plus, "Add a send", Button::Shape::flat };
};

/// Adds an effect out of a menu of all there are. [message thread]
void showEffectMenu (Model&, Id strip, juce::Component& at, std::function<void (Id made)>);
/// Entries to send a strip to the returns that it is not sent to yet.
void addSendEntries (juce::PopupMenu&, Model&, Id strip);
/// Entries to choose a strip's output.
void addOutputEntries (juce::PopupMenu&, Model&, Id strip);

} // namespace lacquer::ui
