// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "Support.h"
#include "session/AutomationEdits.h"
#include "session/ModulatorEdits.h"
#include "session/Points.h"
#include "ui/MixPage.h"

#include <catch2/catch.hpp>
#include <set>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;
using Catch::Matchers::WithinAbs;

namespace
{

constexpr int alt = juce::ModifierKeys::altModifier, shift = juce::ModifierKeys::shiftModifier;

/// Lanes of the fake song, menus caught.
struct Lanes
{
    juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    Timeline view { model };
    juce::PopupMenu menu;
    Id lead = model.all[11].id;

    Lanes()
    {
        view.setSize (1400, 900);
        view.onMenu = [this] (const juce::PopupMenu& m) { menu = m; };
        view.toggleSnap();
    }
    const std::vector<session::AutomationPoint>& points (Id target, const char* param)
    {
        const auto* lane = session::laneOf (model.content, target, param);
        REQUIRE (lane != nullptr);
        return lane->points;
    }
    juce::Point<float> at (Id target, const char* param, double share, double up_)
    {
        const auto r = view.graphOf (target, param).toFloat();
        REQUIRE_FALSE (r.isEmpty());
        return { r.getX() + r.getWidth() * static_cast<float> (share),
                 r.getBottom() - r.getHeight() * static_cast<float> (up_) };
    }
};

} // namespace

TEST_CASE (
    "In a lane a click adds a point, a drag moves it, Shift keeps one axis, Alt bends, the menu shapes")
{
    // The lane of the pan is linear: half of its height is the centre, three quarters are 50 to the right.
    Lanes l;
    l.view.showLane (l.lead, "pan.position");
    auto steps = l.model.undoSteps;
    const auto a = l.at (l.lead, "pan.position", 0.2, 0.5), b = l.at (l.lead, "pan.position", 0.6, 0.75);
    drag (l.view, a, a);
    drag (l.view, b, b);
    CHECK (l.model.undoSteps == steps + 2);
    REQUIRE (l.points (l.lead, "pan.position").size() == 2);
    CHECK_THAT (l.points (l.lead, "pan.position")[1].value, WithinAbs (50, 4));

    const auto first = l.points (l.lead, "pan.position")[0];
    drag (l.view, a, a.translated (30, 3), shift);
    auto now = l.points (l.lead, "pan.position")[0];
    CHECK_THAT (static_cast<double> (now.position - first.position),
                WithinAbs (30 * l.view.view().perPixel, 2 * l.view.view().perPixel));
    CHECK (now.value == first.value);
    CHECK (l.model.undoText == "Move automation point");

    // Halfway between the points, nothing is near: Alt bends what is there.
    const auto middle = l.at (l.lead, "pan.position", 0.45, 0.2);
    drag (l.view, middle, middle.translated (0, -20), alt);
    CHECK (l.points (l.lead, "pan.position")[0].curve == session::Curve::exponential);
    CHECK (std::abs (l.points (l.lead, "pan.position")[0].tension) > 0.3);

    rightClick (l.view, a.translated (30, 0));
    REQUIRE (choose (l.menu, "Smooth"));
    CHECK (l.points (l.lead, "pan.position")[0].curve == session::Curve::smooth);
    REQUIRE (choose (l.menu, "Remove"));
    CHECK (l.points (l.lead, "pan.position").size() == 1);
}

TEST_CASE ("Every parameter of strip, send, insert, bus and master is in the menus of lanes")
{
    Lanes l;
    // A reverb on the plate return.
    const Id plate = l.model.all[17].id, reverb = l.model.content.songs.front()->returns[0]->inserts[0]->id;
    l.view.showLane (plate, "fader.level");
    CHECK_FALSE (l.view.graphOf (plate, "fader.level").isEmpty());
    l.view.showLane (l.lead, "fader.level");
    l.view.setSize (1400, 1200);
    const auto graph = l.view.graphOf (l.lead, "fader.level");
    // "+ Lane" in the lane's header.
    rightClick (l.view, { 60, static_cast<float> (graph.getY()) + 8 });
    std::set<juce::String> names;
    for (juce::PopupMenu::MenuItemIterator i (l.menu, true); i.next();)
        names.insert (i.getItem().text.upToFirstOccurrenceOf ("  *", false, false));
    for (const auto& p : l.model.params (l.lead))
        if (p.id != "fader.solo" && p.id != "pan.law" && ! p.id.starts_with ("send"))
            CHECK (names.contains (utf8 (p.name)));
    CHECK (names.contains ("Send to Plate"));
    l.view.showLane (reverb, "decay");
    CHECK_FALSE (l.view.graphOf (reverb, "decay").isEmpty());
    CHECK (l.view.graphOf (reverb, "decay").getY() > graph.getY());
}

TEST_CASE ("A range of a lane is copied, pasted, scaled, moved, thinned and cleared")
{
    Lanes l;
    session::Lane lane;
    lane.target = l.lead;
    lane.parameter = "pan.position";
    for (int n = 0; n <= 40; ++n)
        lane.points.push_back ({ n * 12000, 40.0 * (n % 2) });
    l.model.content = session::withLane (l.model.content, lane)->project;
    l.view.showLane (l.lead, "pan.position");
    const auto graph = l.view.graphOf (l.lead, "pan.position").toFloat();
    const auto x = [&] (Frames f) { return std::round (l.view.xOf (f)); };
    l.view.setTool (Timeline::Tool::range);
    drag (l.view, { x (114000), graph.getCentreY() }, { x (246000), graph.getCentreY() });
    l.view.setTool (Timeline::Tool::pointer);
    // 10 to 20 lie in it.
    rightClick (l.view, { x (180000), graph.getY() + 1 });
    REQUIRE (choose (l.menu, "Copy"));
    l.model.at = 960000;
    rightClick (l.view, { x (180000), graph.getY() + 1 });
    REQUIRE (choose (l.menu, "Paste at the playhead"));
    CHECK (l.model.undoText == "Paste automation");
    const auto& pasted = l.points (l.lead, "pan.position");
    const auto from = l.view.view().frame (x (114000), 236); // where the drag began, to the pixel
    for (const Frames at : { 118000, 180000, 240000 })
        CHECK_THAT (session::valueAt (pasted, 960000 + at - from),
                    WithinAbs (session::valueAt (lane.points, at), 2));

    // Its points, dragged down by a quarter of the height, are 50 further to the left.
    drag (l.view, { x (174000), graph.getY() + 2 }, { x (174000), graph.getY() + 2 + graph.getHeight() / 4 },
          shift);
    CHECK (l.model.undoText == "Move automation");
    CHECK_THAT (session::valueAt (l.points (l.lead, "pan.position"), 12 * 12000), WithinAbs (-50, 3));
    CHECK (session::valueAt (l.points (l.lead, "pan.position"), 8 * 12000) == 0);

    const auto count = l.points (l.lead, "pan.position").size();
    l.view.removeSelection();
    CHECK (l.points (l.lead, "pan.position").size() == count - 11);
}

TEST_CASE ("The pencil draws a course as one step, thinned")
{
    Lanes l;
    l.view.showLane (l.lead, "pan.position");
    l.view.setTool (Timeline::Tool::pencil);
    const auto steps = l.model.undoSteps;
    const auto a = l.at (l.lead, "pan.position", 0.2, 0.2), b = l.at (l.lead, "pan.position", 0.5, 0.8);
    drag (l.view, a, b);
    CHECK (l.model.undoSteps == steps + 1);
    CHECK (l.model.undoText == "Draw automation");
    // A straight hand needs two points, and what lay around it one on either side.
    CHECK (l.points (l.lead, "pan.position").size() <= 4);
}

TEST_CASE ("The header's mode goes to all lanes of a track, and Write is asked once")
{
    Lanes l;
    const auto box = l.view.modeBoxOf (l.lead).toFloat();
    l.view.mouseDown (pointer (l.view, box.getCentre(), box.getCentre()));
    REQUIRE (choose (l.menu, "Touch: writes while a control is held"));
    CHECK (session::laneOf (l.model.content, l.lead, "fader.level")->mode == session::LaneMode::touch);
    CHECK (l.model.undoText == "Automation mode: Touch, Lead Vox");
    CHECK (modeOf (l.model.content, l.lead) == session::LaneMode::touch);
    l.view.setMode (l.lead, {});
    CHECK (modeOf (l.model.content, l.lead) == std::nullopt);
    CHECK_FALSE (session::laneOf (l.model.content, l.lead, "fader.level")->enabled);
    // A track without lanes keeps its mode in an empty one.
    l.view.setMode (l.model.all[0].id, session::LaneMode::latch);
    CHECK (modeOf (l.model.content, l.model.all[0].id) == session::LaneMode::latch);

    l.view.setMode (l.lead, session::LaneMode::write);
    CHECK (modeOf (l.model.content, l.lead) == std::nullopt); // not before the answer
    auto* asked = dynamic_cast<Dialog*> (l.view.getChildComponent (l.view.getNumChildComponents() - 1));
    REQUIRE (asked != nullptr);
    for (auto* child : asked->getChildren())
        if (auto* b = dynamic_cast<Button*> (child); b != nullptr && b->getButtonText() == "Write")
            b->onPress ({});
    CHECK (modeOf (l.model.content, l.lead) == session::LaneMode::write);
    l.view.setMode (l.model.all[1].id, session::LaneMode::write);
    CHECK (modeOf (l.model.content, l.model.all[1].id) == session::LaneMode::write);
}

TEST_CASE ("The menu of a control shows its automation, and makes a modulator that moves it")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    MixPage page (model);
    page.setSize (1600, 1000);
    const Id lead = model.all[11].id;
    auto& fader = *page.find (lead)->volume();
    juce::PopupMenu menu;
    fader.onAutomationMenu (menu);
    REQUIRE (choose (menu, "Show automation"));
    CHECK_FALSE (page.tracks().graphOf (lead, "fader.level").isEmpty());
    REQUIRE (choose (menu, "New LFO"));
    const auto& all = model.content.songs.front()->modulators;
    REQUIRE (all.size() == 1);
    REQUIRE (all[0]->targets.size() == 1);
    CHECK (all[0]->targets[0] == session::Modulation { lead, "fader.level", 6, true });
    page.rebuild();
    CHECK (page.side().modulatorPanel().isVisible());
    // Two swings of a sine are in the picture: its first quarter is at an eighth.
    CHECK_THAT (page.side().modulatorPanel().picture().at (0.125), WithinAbs (1, 1e-3));
    CHECK_THAT (page.side().modulatorPanel().picture().at (0.375), WithinAbs (-1, 1e-3));
    menu.clear();
    fader.onAutomationMenu (menu);
    REQUIRE (choose (menu, "Clear automation"));
    CHECK (session::laneOf (model.content, lead, "fader.level") == nullptr);
    REQUIRE (choose (menu, "LFO 1")); // off again
    CHECK (model.content.songs.front()->modulators[0]->targets.empty());
}

TEST_CASE ("Controls are linked by a macro from their menus, each by one step, and let go again")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    MixPage page (model);
    page.setSize (1600, 1000);
    const Id lead = model.all[11].id, bass = model.all[5].id;
    const auto entries = [&] (Id strip, const juce::String& sub)
    {
        juce::PopupMenu menu;
        page.find (strip)->volume()->onAutomationMenu (menu);
        for (juce::PopupMenu::MenuItemIterator i (menu); i.next();)
            if (i.getItem().text == sub && i.getItem().subMenu != nullptr)
                return *i.getItem().subMenu;
        FAIL ("There is no menu " << sub);
        return menu;
    };
    const auto has = [&] (const juce::PopupMenu& menu, const juce::String& name)
    {
        for (juce::PopupMenu::MenuItemIterator i (menu); i.next();)
            if (i.getItem().text == name)
                return true;
        return false;
    };
    CHECK_FALSE (has (entries (lead, "Modulate by"), "New Macro"));
    CHECK_FALSE (has (entries (lead, "Link to macro"), "New LFO"));
    const int before = model.undoSteps;
    REQUIRE (choose (entries (lead, "Link to macro"), "New Macro"));
    REQUIRE (choose (entries (bass, "Link to macro"), "Macro 1"));
    CHECK (model.undoSteps == before + 2);
    const auto& all = model.content.songs.front()->modulators;
    REQUIRE (all.size() == 1);
    CHECK (all[0]->kind == session::ModulatorKind::macro);
    // One knob, both faders: 6 dB at its end, to one side.
    CHECK (all[0]->targets == std::vector<session::Modulation> { { lead, "fader.level", 6, false },
                                                                 { bass, "fader.level", 6, false } });
    CHECK_FALSE (has (entries (lead, "Modulate by"), "Macro 1"));
    REQUIRE (choose (entries (lead, "Link to macro"), "Macro 1"));
    CHECK (model.content.songs.front()->modulators[0]->targets ==
           std::vector<session::Modulation> { { bass, "fader.level", 6, false } });
}
