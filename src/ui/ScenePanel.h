// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Overlays.h"
#include "ui/ScenesPart.h"
#include "ui/VersionsPart.h"

namespace lacquer::ui
{

/// The mixer scenes of the song and the versions of its mix. Stays open until Esc or a click outside, so that
/// several can be heard one after the other; Ctrl+Z undoes.
class ScenePanel final : public Popover
{
public:
    ScenePanel (Model&, std::vector<Id> selected, juce::Component& beside);
    static void open (Model&, std::vector<Id> selected, juce::Component& beside);

    ScenesPart& scenes() { return scenesPart; }
    VersionsPart& versions() { return *versionsPart; }
    void show (bool versions);
    bool keyPressed (const juce::KeyPress&) override;

private:
    void lay (juce::Rectangle<int>) override;
    NamedList& shown();

    Model& model;
    Button scenesTab { "Scenes", Face::plain, Button::Shape::segment },
        versionsTab { "Versions", Face::plain, Button::Shape::segment };
    ScenesPart scenesPart;
    std::unique_ptr<VersionsPart> versionsPart; ///< once looked at: they are read from disk
    juce::Rectangle<int> room;
};

} // namespace lacquer::ui
