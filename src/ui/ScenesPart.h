// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Scene.h"
#include "ui/NamedList.h"
#include "ui/SmallControls.h"

namespace lacquer::ui
{

/// The mixer scenes of the song: stored, recalled for all strips or the selected ones, blended two by two.
/// Each is one step of undo, a blend one for each time the slider is taken.
class ScenesPart final : public NamedList
{
public:
    /// selected: strips and VCA faders.
    ScenesPart (Model&, std::vector<Id> selected);

    void blendBetween (Id first, Id second);

    void paint (juce::Graphics&) override;
    void resized() override;

private:
    int count() const override { return static_cast<int> (model.song().scenes.size()); }
    std::string nameOf (int row) const override { return scene (row).name; }
    bool store (const std::string&) override;
    bool rename (int row, const std::string&) override;
    bool recall (int row) override;
    bool remove (int row) override;
    void paintRow (juce::Graphics&, juce::Rectangle<float>, int row) override;
    void followed() override;

    const session::Scene& scene (int row) const
    {
        return *model.song().scenes[static_cast<std::size_t> (row)];
    }
    std::vector<Id> where() const { return onlySelected ? selected : std::vector<Id> {}; }
    void setOnlySelected (bool);
    void blend (double percent, Gesture);
    void chooseEnd (Button&, bool first);

    Model& model;
    std::vector<Id> selected;
    bool onlySelected = false;
    Button update { "Update" }, all { "All strips", Face::plain, Button::Shape::segment },
        some { "Selected strips", Face::plain, Button::Shape::segment };
    Button fromButton { "" }, toButton { "" };
    Param shareParam;
    LevelSlider share;
    Id from, to;
    session::Project base; ///< what a blend starts from, for all of its gesture
    Gesture blending = 0;
    std::uint64_t blended = 0; ///< Model::revision() after it
    juce::Rectangle<int> forRow, blendRow;
};

} // namespace lacquer::ui
