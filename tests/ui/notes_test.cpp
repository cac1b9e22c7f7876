// SPDX-License-Identifier: GPL-3.0-or-later
#include "Canvas.h"
#include "FakeModel.h"
#include "Support.h"
#include "ui/Inspector.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;

TEST_CASE ("The inspector's notes set name, label, tags, colour, role and notes of a track, a step each")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    Inspector side (model);
    Shown shown (side, 336, 900);
    const auto track = model.all[11].id, other = model.all[2].id;
    side.show (track);
    side.showTab (Inspector::Tab::notes);
    auto& panel = side.notesPanel();
    REQUIRE (panel.isVisible());
    CHECK (panel.name.getText() == "Lead Vox");
    const auto strip = [&] (Id id) { return *session::stripOf (model.project(), id); };
    const auto type = [&] (TextField& field, const juce::String& text)
    {
        const int steps = model.undoSteps;
        field.setText (text, false);
        field.onReturnKey();
        return model.undoSteps - steps;
    };
    CHECK (type (panel.label, "VOX") == 1);
    CHECK (strip (track).label == "VOX");
    CHECK (type (panel.tags, " sung, comp ,, sung") == 1);
    CHECK (strip (track).tags == std::vector<std::string> { "sung", "comp" });
    CHECK (panel.tags.getText() == "sung, comp");
    CHECK (type (panel.name, "Lead") == 1);
    CHECK (strip (track).name == "Lead");
    // An empty name is refused where it was typed.
    CHECK (type (panel.name, "") == 0);
    CHECK (static_cast<bool> (panel.name.getProperties()["wrong"]));
    CHECK (strip (track).name == "Lead");

    const auto middle = panel.swatch (4).getCentre().toFloat(); // wakaba is the fifth pigment
    panel.mouseDown (pointer (panel, middle, middle));
    CHECK (strip (track).colour == "wakaba");

    const auto priority = [&] { return session::trackOf (model.project(), track)->priority; };
    CHECK (priority() == session::Priority::guessed);
    const juce::Point<float> third (static_cast<float> (panel.role.getWidth()) * 0.6f, 8);
    panel.role.mouseDown (pointer (panel.role, third, third));
    CHECK (priority() == session::Priority::support);
    CHECK (panel.role.value() == 2);

    panel.notes.setText ("Breath at 1:07.\nDouble in the chorus.", false);
    CHECK (strip (track).notes.empty());
    // What was typed belongs to the track it was typed for, though another one is chosen meanwhile.
    side.show (other);
    CHECK (strip (track).notes == "Breath at 1:07.\nDouble in the chorus.");
    CHECK (strip (other).notes.empty());
    CHECK (panel.notes.getText().isEmpty());
    CHECK (panel.name.getText() == "Hi-Hat");
    // A bus has no role: nobody asks whether it is hidden.
    side.show (model.all[14].id);
    CHECK_FALSE (panel.role.isVisible());
    side.show (track);
    CHECK (panel.role.isVisible());
    // Nothing of the other tab lies over it.
    for (const int y : { 60, 200, 300, 500, 700 })
    {
        const auto* top = side.getComponentAt (168, y);
        CAPTURE (y);
        CHECK ((top == &panel || panel.isParentOf (top)));
    }
    picture (side, "inspector-notes");
    side.setSize (264, 600);
    picture (side, "inspector-notes-compact");
}
