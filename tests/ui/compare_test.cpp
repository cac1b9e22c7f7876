// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "Support.h"
#include "session/SceneEdits.h"
#include "ui/ChannelEditor.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;

TEST_CASE ("A strip has two states to flip between, B begins as A, and one is copied over the other")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const auto strip = model.all[2].id, other = model.all[3].id;
    StripCompare compare (model);
    const auto set = [&] (Id id, double db)
    { REQUIRE (model.edit (session::withValue (model.project(), id, "fader.level", db), newGesture())); };
    const auto fader = [&] (Id id)
    { return std::get<double> (session::stripOf (model.project(), id)->values.at ("fader.level")); };
    const auto inserts = [&] { return session::stripOf (model.project(), strip)->inserts; };
    set (strip, -3);
    set (other, -9);
    int steps = model.undoSteps;
    compare.hear (strip, true); // nothing changes
    CHECK (compare.hearsSecond (strip));
    CHECK_FALSE (compare.hearsSecond (other));
    CHECK (model.undoSteps == steps);
    set (strip, -7);
    REQUIRE (model.edit (session::addedEffect (model.project(), strip, "chorus", -1, true), newGesture()));
    set (other, -11);
    steps = model.undoSteps;
    compare.hear (strip, false);
    CHECK (model.undoSteps == steps + 1);
    CHECK (model.undoText == "Compare A, Hi-Hat");
    CHECK (fader (strip) == -3);
    CHECK (fader (other) == -11); // only this strip
    CHECK ((inserts().empty() || ! inserts().front()->on));
    compare.hear (strip, true);
    CHECK (fader (strip) == -7);
    REQUIRE (inserts().size() == 1);
    CHECK (inserts().front()->on);
    // Undo tells by itself which one is heard.
    const auto heardB = model.project();
    compare.hear (strip, false);
    CHECK_FALSE (compare.hearsSecond (strip));
    REQUIRE (model.edit (session::Edited { heardB, "Undo" }, newGesture()));
    CHECK (compare.hearsSecond (strip));
    compare.copy (strip);
    compare.hear (strip, false);
    CHECK (fader (strip) == -7);
    CHECK_FALSE (compare.hearsSecond (strip));
}
