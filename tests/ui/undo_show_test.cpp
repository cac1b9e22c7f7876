// SPDX-License-Identifier: GPL-3.0-or-later
#include "Canvas.h"
#include "ManyTracks.h"
#include "Support.h"
#include "session/ClipEdits.h"
#include "session/ModulatorEdits.h"
#include "ui/Bars.h"
#include "ui/Flash.h"
#include "ui/MainWindow.h"
#include "ui/MixPage.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;
using lacquer::Id;

namespace
{

/// A window over 60 tracks of 20 clips with a history of their own.
struct Stepping
{
    struct Song final : FakeModel
    {
        std::vector<session::Project> past, future;
        std::vector<std::string> pastLabels, futureLabels;

        bool edit (session::Edit e, Gesture key) override
        {
            REQUIRE (e.ok());
            past.push_back (content);
            pastLabels.push_back (e->label);
            return FakeModel::edit (std::move (e), key);
        }
        std::string undoLabel() const override { return past.empty() ? "" : pastLabels.back(); }
        std::string redoLabel() const override { return future.empty() ? "" : futureLabels.back(); }
        void undo() override { step (past, pastLabels, future, futureLabels); }
        void redo() override { step (future, futureLabels, past, pastLabels); }
        void step (std::vector<session::Project>& from, std::vector<std::string>& labels,
                   std::vector<session::Project>& to, std::vector<std::string>& others)
        {
            if (from.empty())
                return;
            to.push_back (content);
            others.push_back (labels.back());
            const session::Edited back { from.back(), labels.back() };
            from.pop_back();
            labels.pop_back();
            FakeModel::edit (back, 0);
        }
    };
    const juce::ScopedJuceInitialiser_GUI up;
    Song model;
    std::unique_ptr<WindowContent> window;
    std::unique_ptr<Shown> shown;

    Stepping()
    {
        enlarge (model, 60, 20);
        window = std::make_unique<WindowContent> (model);
        shown = std::make_unique<Shown> (*window, 1920, 1080);
        zoomTo (0);
        window->frame (0);
    }
    /// Two or three clips wide, so that the most lie beyond the edges.
    void zoomTo (double start)
    {
        page().tracks().zoomBy (2); // from now on it is a zoom of its own
        auto& time = page().tracks().view();
        time.perPixel = static_cast<double> (model.length()) / 20 * 2.5 / 1340;
        time.start = start;
        page().tracks().resized();
    }
    template <typename T>
    T& part()
    {
        for (auto* c : window->getChildren())
            if (auto* found = dynamic_cast<T*> (c))
                return *found;
        FAIL ("The window has no such part.");
        throw 0;
    }
    MixPage& page() { return part<MixPage>(); }
    const Outlines& outlines() { return part<Flash>().outlines(); }
    const session::Clip& clip (std::size_t track, std::size_t n) const
    {
        return *model.song().tracks[track]->clips[n];
    }
    Id track (std::size_t n) const { return model.song().tracks[n]->strip.id; }
    /// All of a clip that the rows of the timeline show, in the window.
    juce::Rectangle<int> drawn (std::size_t trackNumber, const session::Clip& c)
    {
        auto& lanes = page().tracks();
        const auto lane = lanes.laneOf (track (trackNumber));
        const int a = juce::roundToInt (lanes.xOf (c.start)),
                  b = juce::roundToInt (lanes.xOf (c.start + c.length));
        const auto room = lanes.getLocalBounds().withTrimmedRight (9).withLeft (lane.getX());
        return lane.withX (a).withWidth (b - a).getIntersection (room) + lanes.getPosition() +
               page().getPosition();
    }
    void undo() { window->press (juce::KeyPress ('Z', juce::ModifierKeys::commandModifier, 0)); }
    void redo()
    {
        window->press (
            juce::KeyPress ('Z', juce::ModifierKeys::commandModifier | juce::ModifierKeys::shiftModifier, 0));
    }
    void wait (double seconds) { window->frame (seconds); }
    juce::Colour pixel (juce::Point<int> at)
    {
        shown->canvas().paintMarked();
        return shown->canvas().image.getPixelAt (at.x, at.y);
    }
};

} // namespace

TEST_CASE ("Undo and redo scroll to the clip they changed, outline it for 400 ms and name the step")
{
    Stepping s;
    auto& lanes = s.page().tracks();
    const auto c = s.clip (50, 15);
    s.model.edit (session::removedClip (s.model.content, c.id), 0);
    s.wait (1.0 / 30);
    const auto label = s.model.pastLabels.back();
    REQUIRE (s.outlines().empty());

    s.undo();
    // Along: the clip is shorter than the view, so all of it is in the middle. Down: its whole row.
    const auto lane = lanes.laneOf (s.track (50));
    CHECK (lane.getY() >= 66);
    CHECK (lane.getBottom() <= lanes.getHeight());
    const float middle = (lanes.xOf (c.start) + lanes.xOf (c.start + c.length)) / 2;
    CHECK (std::abs (middle - static_cast<float> (lane.getX() + lanes.getWidth() - 9) / 2) < 2);
    REQUIRE (s.outlines().size() == 1);
    const auto box = s.outlines().front();
    CHECK (box == s.drawn (50, c));
    CHECK (s.part<StatusBar>().words() == "Undone: " + juce::String (label));
    const juce::Point edge (box.getX() + 1, box.getCentreY());
    CHECK (s.pixel (edge) == juce::Colour (tokens::text));
    s.wait (0.39);
    CHECK (s.pixel (edge) == juce::Colour (tokens::text));
    s.wait (0.02);
    CHECK (s.outlines().empty());
    CHECK (s.pixel (edge) != juce::Colour (tokens::text));

    // Gone again: where it was. It is in view, so nothing scrolls.
    const auto view = lanes.view();
    s.redo();
    CHECK (lanes.view() == view);
    CHECK (lanes.laneOf (s.track (50)) == lane);
    CHECK (s.outlines() == Outlines { box });
    CHECK (s.part<StatusBar>().words() == "Redone: " + juce::String (label));
    s.wait (3.1);
    CHECK_FALSE (s.part<StatusBar>().words().startsWith ("Redone"));

    // Nothing to undo: nothing is told or shown.
    s.undo();
    s.wait (4);
    s.undo();
    CHECK (s.outlines().empty());
    CHECK_FALSE (s.part<StatusBar>().words().startsWith ("Undone"));
}

TEST_CASE (
    "The outline of a step is painted twice, when it comes and when it goes, and nothing before or after")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Flash flash;
    Shown shown (flash, 400, 300);
    auto& canvas = shown.canvas();
    canvas.paintMarked();
    flash.advance (1);
    CHECK (canvas.area() == 0);
    const juce::Rectangle<int> box (20, 30, 100, 50);
    flash.start ({ {} });
    flash.show ({ box, box });
    CHECK (canvas.area() == 100 * 50);
    canvas.paintMarked();
    flash.advance (0.39);
    flash.show ({ box });
    CHECK (canvas.area() == 0);
    flash.advance (0.02);
    CHECK (canvas.area() == 100 * 50);
    CHECK_FALSE (flash.runs());
    canvas.paintMarked();
    flash.advance (1);
    CHECK (canvas.area() == 0);
}

TEST_CASE ("Nothing scrolls while some of what undo changed is in view, and it moves with what scrolls")
{
    Stepping s;
    auto& lanes = s.page().tracks();
    const auto near = s.clip (1, 0), far = s.clip (0, 18); // which comes first
    const auto view = lanes.view();
    const auto lane = lanes.laneOf (s.track (1));
    s.model.edit (session::mutedClips (s.model.content, { near.id, far.id }, true), 0);
    s.undo();
    CHECK (lanes.view() == view);
    CHECK (lanes.laneOf (s.track (1)) == lane);
    CHECK (s.outlines() == Outlines { s.drawn (1, near) });
    s.zoomTo (static_cast<double> (near.length) / 2);
    s.wait (0.1);
    CHECK (s.outlines() == Outlines { s.drawn (1, near) });

    // While the song plays, the page stays where undo took it.
    s.model.running = true;
    s.zoomTo (0);
    s.wait (0.1);
    s.model.edit (session::mutedClip (s.model.content, far.id, true), 0);
    s.wait (0.1);
    s.undo();
    const auto there = lanes.view();
    CHECK (there.start > 10 * static_cast<double> (far.length));
    for (int n = 0; n < 5; ++n)
    {
        s.model.at += 1600;
        s.wait (1.0 / 30);
    }
    CHECK (lanes.view() == there);
}

TEST_CASE ("Undo of a fader, an insert or a send brings the strip into view in the mixer, or its header")
{
    Stepping s;
    auto& page = s.page();
    const Id last = s.track (58), first = s.track (0);
    const auto strip = [&] (Id id) -> StripView& { return *page.find (id); };
    const auto where = [&] (Id id)
    { return s.window->getLocalArea (&strip (id), strip (id).getLocalBounds()); };
    const auto seen = [&] (Id id) { return s.outlines() == Outlines { where (id) } && inView (strip (id)); };
    const auto view = page.tracks().view();
    REQUIRE_FALSE (inView (strip (last)));
    s.model.edit (session::withValue (s.model.content, last, "fader.level", -9.0), 0);
    s.undo();
    CHECK (seen (last));
    CHECK (page.tracks().view() == view);
    CHECK (page.tracks().laneOf (last).getBottom() > page.tracks().getHeight()); // its header is far below
    // In view: the other end of the row does not come back for it.
    const auto at = where (last);
    s.redo();
    CHECK (where (last) == at);
    s.model.edit (session::addedEffect (s.model.content, first, "reverb"), 0);
    s.undo();
    s.wait (0.5);
    s.redo();
    CHECK (inView (strip (first)));
    CHECK (where (first).getX() >= 0);
    s.wait (0.5);

    // Without the mixer the header of the track is shown.
    page.showMixer (false);
    s.model.edit (session::withValue (s.model.content, last, "fader.level", -3.0), 0);
    s.wait (0.1);
    s.undo();
    auto header = page.tracks().laneOf (last);
    CHECK (header.getBottom() <= page.tracks().getHeight());
    REQUIRE (s.outlines().size() == 1);
    header = header.withLeft (0).withRight (header.getX()) + page.tracks().getPosition() + page.getPosition();
    CHECK (s.outlines().front() == header);
}

TEST_CASE ("An open lane, a marker and a modulator are outlined where they are; other pages stay as they are")
{
    Stepping s;
    auto& page = s.page();
    auto& lanes = page.tracks();
    const Id first = s.track (0);
    const auto end = static_cast<Frames> (s.model.length());
    s.window->showLane (first, "fader.level");
    const auto lane = [&] (double middle)
    {
        session::Lane l;
        l.target = first;
        l.parameter = "fader.level";
        l.points = { { 0, 0 }, { end * 3 / 4, middle }, { end, 0 } };
        s.model.edit (session::withLane (s.model.content, l), 0);
        s.wait (0.1);
    };
    lane (-6);
    lane (-12);
    s.undo();
    // One point differs: it is brought to the middle.
    const float x = lanes.xOf (end * 3 / 4);
    const auto row = lanes.graphOf (first, "fader.level");
    CHECK (std::abs (x - static_cast<float> (row.getX() + lanes.getWidth() - 9) / 2) < 2);
    REQUIRE (s.outlines().size() == 1);
    const auto box = s.outlines().front() - page.getPosition() - lanes.getPosition();
    CHECK (std::abs (box.getCentreX() - juce::roundToInt (x)) < 2);
    CHECK (box.getY() <= row.getY());
    CHECK (box.getBottom() >= row.getBottom());
    s.wait (0.5);

    // A marker at the start: back there, in the rows above the tracks.
    s.model.edit (session::addedMarker (s.model.content, s.model.song().id, 100, "Start"), 0);
    s.undo();
    CHECK (lanes.view().start < 100);
    REQUIRE (s.outlines().size() == 1);
    CHECK (s.outlines().front().getX() - page.getX() - lanes.getX() == juce::roundToInt (lanes.xOf (100)));
    CHECK (s.outlines().front().getBottom() <= page.getY() + 66);
    s.wait (0.5);

    // A modulator in the inspector.
    const auto made =
        session::addedModulator (s.model.content, s.model.song().id, session::ModulatorKind::lfo, "Wobble");
    s.model.edit (made, 0);
    s.wait (0.1);
    s.model.edit (session::switchedModulator (s.model.content, made->made, false), 0);
    s.undo();
    REQUIRE (s.outlines().size() == 1);
    CHECK (page.side().getBounds().contains (s.outlines().front() - page.getPosition()));
    s.wait (0.5);

    // In the channel editor: the strip in the list, and the part of its chain. Nothing below it scrolls.
    page.select (first);
    page.showEditor (true);
    const auto view = lanes.view();
    s.model.edit (session::withValue (s.model.content, first, "comp.threshold", -20.0), 0);
    s.undo();
    CHECK (page.editorShows());
    REQUIRE (s.outlines().size() == 2); // from the left: 204 px of list, 44 px of head above the rest
    const auto row0 = s.outlines()[0] - page.getPosition(), part = s.outlines()[1] - page.getPosition();
    CHECK (row0.getX() == 0);
    CHECK (row0.getRight() <= 204);
    CHECK (row0.getY() >= 44);
    CHECK (part.getX() > 204);
    CHECK (part.getBottom() <= 44);
    CHECK (part.getWidth() < 200);
    s.wait (0.5);
    s.model.edit (session::mutedClip (s.model.content, s.clip (50, 18).id, true), 0);
    s.undo();
    CHECK (s.outlines().empty());
    CHECK (page.editorShows());
    CHECK (lanes.view() == view);

    // Other pages stay, and outline what they show.
    const auto edited = [&] (int shownPage)
    {
        s.window->showPage (shownPage);
        s.model.edit (session::withValue (s.model.content, s.track (40), "fader.level", -20.0), 0);
        s.undo();
        CHECK (s.window->page() == shownPage);
        CHECK (s.outlines().empty());
    };
    for (const int other : { 1, 2, 3 })
        edited (other);
}
