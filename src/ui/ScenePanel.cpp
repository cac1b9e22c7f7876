// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ScenePanel.h"

namespace lacquer::ui
{

ScenePanel::ScenePanel (Model& m, std::vector<Id> selected, juce::Component& beside)
    : Popover (beside, 440, 540), model (m), scenesPart (m, std::move (selected))
{
    setTitle ("Scenes and versions");
    scenesTab.setTitle ("Show scenes");
    versionsTab.setTitle ("Show versions");
    scenesTab.setHelpText ("The mixer of the song under names, in the project, undoable.");
    versionsTab.setHelpText ("Whole songs as they were, a file each beside the project.");
    scenesTab.onPress = [this] (auto) { show (false); };
    versionsTab.onPress = [this] (auto) { show (true); };
    addAndMakeVisible (scenesTab);
    addAndMakeVisible (versionsTab);
    addAndMakeVisible (scenesPart);
    scenesPart.onEscape = [this] { cancel(); };
    show (false);
}

void ScenePanel::open (Model& model, std::vector<Id> selected, juce::Component& beside)
{
    auto panel = std::make_unique<ScenePanel> (model, std::move (selected), beside);
    auto* raw = panel.get();
    Popover::open (beside, std::move (panel));
    if (overlayHost (beside) != nullptr)
        raw->scenesPart.focus();
}

NamedList& ScenePanel::shown()
{
    if (versionsPart != nullptr && versionsPart->isVisible())
        return *versionsPart;
    return scenesPart;
}

void ScenePanel::show (bool versions)
{
    if (versions && versionsPart == nullptr)
    {
        versionsPart = std::make_unique<VersionsPart> (model);
        versionsPart->onEscape = [this] { cancel(); };
        versionsPart->setBounds (room);
        addChildComponent (*versionsPart);
    }
    scenesPart.setVisible (! versions);
    if (versionsPart != nullptr)
        versionsPart->setVisible (versions);
    scenesTab.setToggleState (! versions, juce::dontSendNotification);
    versionsTab.setToggleState (versions, juce::dontSendNotification);
    shown().refresh();
    shown().focus();
}

bool ScenePanel::keyPressed (const juce::KeyPress& key)
{
    const auto ctrl = juce::ModifierKeys::ctrlModifier;
    const bool back = key == juce::KeyPress ('z', ctrl, 0),
               forth = key == juce::KeyPress ('z', ctrl | juce::ModifierKeys::shiftModifier, 0);
    if (! back && ! forth)
        return Popover::keyPressed (key);
    back ? model.undo() : model.redo();
    shown().refresh();
    return true;
}

void ScenePanel::lay (juce::Rectangle<int> r)
{
    auto tabs = r.removeFromTop (26);
    scenesTab.setBounds (tabs.removeFromLeft (tabs.getWidth() / 2).reduced (1));
    versionsTab.setBounds (tabs.reduced (1));
    r.removeFromTop (10);
    room = r;
    scenesPart.setBounds (room);
    if (versionsPart != nullptr)
        versionsPart->setBounds (room);
}

} // namespace lacquer::ui
