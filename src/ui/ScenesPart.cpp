// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ScenesPart.h"

#include "session/SceneEdits.h"
#include "studio/Studio.h"

namespace lacquer::ui
{

ScenesPart::ScenesPart (Model& m, std::vector<Id> these)
    : NamedList ("Scenes", "scene", 28, false), model (m), selected (std::move (these)),
      shareParam (inPercent<Param> ("blend", "Blend", { 0, 100 }, 0, "How far from one scene to the other.")),
      share (shareParam, {})
{
    write.setHelpText ("Keeps the mixer as it is now: faders, console, inserts, sends, routing.");
    update.setTitle ("Update scene");
    update.setHelpText ("Keeps the mixer as it is now in the chosen scene.");
    update.textSize = 12;
    update.onPress = [this] (auto)
    {
        if (chosen() >= 0)
            model.edit (session::updatedScene (model.project(), scene (chosen()).id), newGesture());
    };
    removeButton.setHelpText ("Deletes the chosen scene; undo brings it back. Delete");
    all.setHelpText ("A scene is recalled or blended for the whole mixer.");
    some.setHelpText ("A scene is recalled or blended for the selected strips alone.");
    if (! selected.empty())
        some.setButtonText (juce::String (selected.size()) +
                            (selected.size() == 1 ? " selected strip" : " selected strips"));
    some.setTitle ("Selected strips");
    some.setEnabled (! selected.empty());
    all.onPress = [this] (auto) { setOnlySelected (false); };
    some.onPress = [this] (auto) { setOnlySelected (true); };
    fromButton.setTitle ("Blend from");
    toButton.setTitle ("Blend to");
    fromButton.setHelpText ("The scene at 0 %.");
    toButton.setHelpText ("The scene at 100 %.");
    fromButton.onPress = [this] (auto) { chooseEnd (fromButton, true); };
    toButton.onPress = [this] (auto) { chooseEnd (toButton, false); };
    share.onChange = [this] (double percent, Gesture gesture) { blend (percent, gesture); };
    for (auto* b : { &all, &some, &fromButton, &toButton })
    {
        b->textSize = 11;
        addAndMakeVisible (b);
    }
    addAndMakeVisible (update);
    addAndMakeVisible (share);
    setOnlySelected (false);
    refresh();
}

bool ScenesPart::store (const std::string& text)
{
    return model.edit (session::storedScene (model.project(), model.song().id, text), newGesture());
}

bool ScenesPart::rename (int row, const std::string& text)
{
    return model.edit (session::renamedScene (model.project(), scene (row).id, text), newGesture());
}

bool ScenesPart::recall (int row)
{
    return model.edit (session::recalledScene (model.project(), scene (row).id, where()), newGesture());
}

bool ScenesPart::remove (int row)
{
    return model.edit (session::removedScene (model.project(), scene (row).id), newGesture());
}

void ScenesPart::setOnlySelected (bool only)
{
    onlySelected = only;
    all.setToggleState (! only, juce::dontSendNotification);
    some.setToggleState (only, juce::dontSendNotification);
}

void ScenesPart::blendBetween (Id first, Id second)
{
    from = first;
    to = second;
    blending = 0;
    share.show (0);
    followed();
}

void ScenesPart::blend (double percent, Gesture gesture)
{
    share.show (percent);
    // All of a gesture starts from the same mixer, so that the way to a place of the slider leaves no trace.
    if (gesture != blending || blended != model.revision())
        base = model.project();
    blending = gesture;
    model.edit (session::blendedScenes (base, from, to, percent / 100, where(), studio::catalogue()),
                gesture);
    blended = model.revision();
}

void ScenesPart::chooseEnd (Button& button, bool first)
{
    juce::PopupMenu menu;
    for (const auto& s : model.song().scenes)
        menu.addItem (utf8 (s->name), true, s->id == (first ? from : to),
                      [this, id = s->id, first] { first ? blendBetween (id, to) : blendBetween (from, id); });
    menu.showMenuAsync (juce::PopupMenu::Options().withTargetComponent (button).withDeletionCheck (*this));
}

void ScenesPart::followed()
{
    const auto& scenes = model.song().scenes;
    const auto find = [&] (Id id)
    { return std::find_if (scenes.begin(), scenes.end(), [&] (const auto& s) { return s->id == id; }); };
    // Ends that are gone become the first scene and the next one.
    const auto settle = [&] (Id& end, Id other)
    {
        if (find (end) != scenes.end())
            return;
        const auto free =
            std::find_if (scenes.begin(), scenes.end(), [&] (const auto& s) { return s->id != other; });
        end = free != scenes.end() ? (*free)->id : Id {};
    };
    settle (from, {});
    settle (to, from);
    const auto words = [&] (Id id) { return find (id) != scenes.end() ? utf8 ((*find (id))->name) : "None"; };
    fromButton.setButtonText (words (from));
    toButton.setButtonText (words (to));
    for (auto* b : { &fromButton, &toButton })
        b->setEnabled (scenes.size() > 1);
    share.setEnabled (from && to && from != to);
    update.setEnabled (chosen() >= 0);
    repaint();
}

void ScenesPart::resized()
{
    auto r = getLocalBounds();
    auto row = r.removeFromTop (26);
    write.setBounds (row.removeFromRight (78));
    name.setBounds (row.withTrimmedRight (6));
    r.removeFromTop (8);
    blendRow = r.removeFromBottom (26);
    r.removeFromBottom (6);
    auto ends = r.removeFromBottom (26).withTrimmedLeft (60);
    fromButton.setBounds (ends.removeFromLeft (ends.getWidth() / 2).withTrimmedRight (3));
    toButton.setBounds (ends.withTrimmedLeft (3));
    share.setBounds (blendRow.withTrimmedLeft (60));
    r.removeFromBottom (12);
    forRow = r.removeFromBottom (26);
    auto halves = forRow.withTrimmedLeft (60);
    all.setBounds (halves.removeFromLeft (halves.getWidth() / 2).reduced (1));
    some.setBounds (halves.reduced (1));
    r.removeFromBottom (8);
    auto verbs = r.removeFromBottom (26);
    const int width = verbs.getWidth() / 4;
    for (auto* b : { &recallButton, &update, &renameButton, &removeButton })
        b->setBounds (verbs.removeFromLeft (width).reduced (2, 0));
    r.removeFromBottom (8);
    list.setBounds (r);
}

void ScenesPart::paint (juce::Graphics& g)
{
    const auto label = [&] (int y, const char* words)
    {
        g.setColour (colour (tokens::text3));
        g.setFont (font (11, Weight::medium));
        g.drawText (words, 0, y, 60, 26, juce::Justification::centredLeft, false);
    };
    label (forRow.getY(), "For");
    label (fromButton.getY(), "Blend");
}

void ScenesPart::paintRow (juce::Graphics& g, juce::Rectangle<float> r, int row)
{
    drawFading (g, utf8 (scene (row).name), font (tokens::bodySize, Weight::semibold), colour (tokens::text),
                r);
}

} // namespace lacquer::ui
