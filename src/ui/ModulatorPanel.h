// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Modulator.h"
#include "ui/Controls.h"
#include "ui/Meter.h"

namespace lacquer::ui
{

/// The course of a modulator as a picture: two seconds, or a whole sequence, with where the song is in it.
/// Bars of a sequence are set with the pointer.
class ModulatorPicture final : public juce::Component
{
public:
    explicit ModulatorPicture (Model&);
    void show (Id modulator);
    void refresh();
    /// Moves the mark. level: of the strip that a follower follows, dB.
    void advance (double level);
    /// For tests: of the course, -1 to 1, at a share of the picture's width.
    double at (double share) const;

    void paint (juce::Graphics&) override;
    void resized() override { refresh(); }
    void mouseDown (const juce::MouseEvent&) override;
    void mouseDrag (const juce::MouseEvent&) override;

private:
    double span() const; ///< seconds
    const session::Modulator* modulator() const;

    Model& model;
    Id shown;
    engine::ModulatorPtr course;
    juce::Path line;
    float mark = -1;
    Gesture gesture = 0;
};

/// One modulator, large: its settings, its picture, what it moves.
class ModulatorPanel final : public juce::Component
{
public:
    explicit ModulatorPanel (Model&);
    void show (Id modulator);
    Id modulator() const noexcept { return shown; }
    void rebuild();
    void refresh();
    void advance (double level);
    std::function<void()> onBack;
    ModulatorPicture& picture() { return shape; }

    void paint (juce::Graphics&) override;
    void resized() override;

private:
    struct Target
    {
        session::Modulation what;
        juce::String name;
        Param spec; ///< of the depth
        std::unique_ptr<NumberField> depth;
        std::unique_ptr<Button> sides, off;
        juce::Rectangle<int> place;
    };
    void setTarget (const session::Modulation&, Gesture);
    void mapMenu();
    void sourceMenu();

    Model& model;
    Id shown;
    Bindings bindings;
    ModulatorPicture shape;
    std::vector<std::unique_ptr<ValueControl>> settings;
    std::vector<juce::Rectangle<int>> labels;
    std::vector<Target> targets;
    std::vector<session::Modulation> listed;
    Button back { "Back", Face::quiet }, on { "On", Face::plain }, remove { "Remove", Face::quiet },
        source { "Follow", Face::plain }, map { "+ Map to", Face::quiet };
    juce::Rectangle<int> title, targetsHead;
};

/// The modulators of the song as a list: name, picture, how much it moves.
class ModulatorList final : public juce::Component
{
public:
    explicit ModulatorList (Model&);
    void refresh();
    void advance();
    int heightFor() const;
    /// Its row; empty when it is not among them.
    juce::Rectangle<int> rowOf (Id) const;
    std::function<void (Id)> onOpen;

    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    static constexpr int row = 26;
    Model& model;
    std::vector<std::unique_ptr<ModulatorPicture>> pictures;
    std::vector<session::ModulatorPtr> listed;
    Button add { "+ Add", Face::quiet };
};

} // namespace lacquer::ui
