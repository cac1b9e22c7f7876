// SPDX-License-Identifier: GPL-3.0-or-later
#include "Canvas.h"
#include "FakeModel.h"
#include "ManyTracks.h"
#include "Support.h"
#include "ui/MainWindow.h"
#include "ui/MixPage.h"

#include <catch2/catch.hpp>
#include <numbers>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;
using Catch::Matchers::WithinAbs;

namespace
{

const session::Clip& firstClip (const FakeModel& m, std::size_t track)
{
    return *m.content.songs.front()->tracks[track]->clips.front();
}

void play (FakeModel& m, int frame)
{
    m.running = true;
    m.at = 48000 + 1600 * frame;
    for (std::size_t n = 0; n < m.all.size(); ++n)
    {
        const float level =
            0.05f + 0.4f * std::abs (std::sin (static_cast<float> (frame) * 0.37f + static_cast<float> (n)));
        m.levels[m.all[n].id] = { { level, level * 0.9f }, { level * level * 0.2f, level * level * 0.15f } };
    }
    m.masterLevels = m.levels[m.all[0].id];
    m.reduces = 3 + 2 * std::sin (frame * 0.2);
}

double atShare (std::vector<double> times, double share)
{
    std::sort (times.begin(), times.end());
    return times[static_cast<std::size_t> (share * static_cast<double> (times.size() - 1))];
}

} // namespace

TEST_CASE ("A clip dragged by the pointer moves on the grid and is one step of history")
{
    // Snap 1/8 at 116 bpm is 12413.8 frames: the place after the drag is a whole number of them.
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    Timeline lanes (model);
    lanes.setSize (1400, 500);
    const auto clip = firstClip (model, 0);
    const auto lane = lanes.laneOf (model.all[0].id).toFloat();
    const juce::Point<float> from (lanes.xOf (clip.start) + 60, lane.getCentreY());
    const auto steps = model.undoSteps;
    drag (lanes, from, from.translated (80, 0));
    CHECK (model.undoSteps == steps + 1);
    CHECK (model.undoText == "Move clip");
    const auto moved = *session::clipOf (model.content, clip.id);
    CHECK (moved.start > clip.start);
    const double eighths = model.map.beatAt (moved.start) * 2;
    CHECK_THAT (eighths, WithinAbs (std::round (eighths), 1e-4));
    CHECK (moved.length == clip.length);
    CHECK (moved.offset == clip.offset);
}

TEST_CASE ("Edges trim, corners fade, the gain line changes gain, Alt copies, Alt and Shift slip")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    Timeline lanes (model);
    lanes.setSize (1400, 700);
    const auto clip = firstClip (model, 0);
    const auto lane = lanes.laneOf (model.all[0].id).toFloat();
    const float a = lanes.xOf (clip.start), b = lanes.xOf (clip.start + clip.length);
    constexpr int ctrl = juce::ModifierKeys::ctrlModifier, alt = juce::ModifierKeys::altModifier,
                  shift = juce::ModifierKeys::shiftModifier;

    drag (lanes, { b - 3, lane.getCentreY() }, { b - 43, lane.getCentreY() }, ctrl);
    const auto trimmed = *session::clipOf (model.content, clip.id);
    CHECK (trimmed.start == clip.start);
    CHECK_THAT (static_cast<double> (clip.length - trimmed.length),
                WithinAbs (40 * lanes.view().perPixel, 2));
    CHECK (model.undoText == "Trim");

    drag (lanes, { a + 4, lane.getY() + 4 }, { a + 34, lane.getY() + 4 }, ctrl);
    CHECK_THAT (static_cast<double> (session::clipOf (model.content, clip.id)->fadeIn),
                WithinAbs (30 * lanes.view().perPixel, 2));
    CHECK (model.undoText == "Fade in");

    // 0.2 dB per pixel
    drag (lanes, { a + 60, lane.getCentreY() }, { a + 60, lane.getCentreY() - 10 });
    CHECK_THAT (session::clipOf (model.content, clip.id)->gain, WithinAbs (2.0, 1e-9));

    const auto count = model.content.songs.front()->tracks[0]->clips.size();
    drag (lanes, { a + 80, lane.getBottom() - 4 }, { a + 120, lane.getBottom() - 4 }, alt);
    CHECK (model.content.songs.front()->tracks[0]->clips.size() == count + 1);

    const auto& second = *model.content.songs.front()->tracks[1]->clips[1];
    const auto other = lanes.laneOf (model.all[1].id).toFloat();
    const float x = lanes.xOf (second.start) + 50;
    drag (lanes, { x, other.getCentreY() }, { x - 20, other.getCentreY() }, alt | shift);
    const auto slipped = *session::clipOf (model.content, second.id);
    CHECK (slipped.start == second.start);
    CHECK (slipped.length == second.length);
    CHECK_THAT (static_cast<double> (slipped.offset - second.offset),
                WithinAbs (20 * lanes.view().perPixel, 2));
}

TEST_CASE ("Zooming with Ctrl and the wheel keeps the frame under the pointer")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    Timeline lanes (model);
    lanes.setSize (1400, 500);
    const juce::Point<float> at (900, 200);
    const auto under = [&] { return lanes.view().frame (at.x, 236); };
    juce::MouseWheelDetails wheel {};
    wheel.deltaY = 0.5f;
    for (int n = 0; n < 6; ++n)
    {
        const auto before = static_cast<double> (under());
        lanes.mouseWheelMove (pointer (lanes, at, at, juce::ModifierKeys::ctrlModifier), wheel);
        CHECK_THAT (static_cast<double> (under()), WithinAbs (before, lanes.view().perPixel));
    }
}

TEST_CASE ("The page turns when the playhead plays out of it, and not when it was scrolled away by hand")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    Timeline lanes (model);
    lanes.setSize (1400, 500);
    lanes.advance();
    const auto last = lanes.view().frame (1385, 236); // some frames before the right end of the lanes
    model.running = true;
    model.at = last;
    lanes.advance();
    const auto first = lanes.view();
    model.at += static_cast<Frames> (20 * first.perPixel);
    lanes.advance();
    const auto second = lanes.view();
    CHECK (second.start > first.start);
    CHECK (second.frame (236, 236) < model.at);

    juce::MouseWheelDetails wheel {};
    wheel.deltaY = 0.5f;
    for (int n = 0; n < 20; ++n) // back to the beginning
        lanes.mouseWheelMove (pointer (lanes, { 900, 200 }, { 900, 200 }, juce::ModifierKeys::shiftModifier),
                              wheel);
    const auto scrolled = lanes.view();
    REQUIRE (scrolled.start < second.start);
    REQUIRE (scrolled.frame (1391, 236) < model.at);
    for (int n = 0; n < 5; ++n)
    {
        model.at += 1600;
        lanes.advance();
    }
    CHECK (lanes.view() == scrolled);
    // Once the playhead is seen again, the page turns with it.
    model.at = scrolled.frame (1385, 236);
    lanes.advance();
    model.at += static_cast<Frames> (20 * first.perPixel);
    lanes.advance();
    CHECK (lanes.view().start > scrolled.start);
}

TEST_CASE ("A node dragged on the EQ graph changes frequency and gain as far as the scales say")
{
    // The large graph spans three decades across and 24 dB up.
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const Id strip = model.all[0].id;
    EqGraph graph (model, strip, *EqTable::of (model.params (strip)), "", EqGraph::Size::large);
    graph.setSize (1200, 420); // 400 px without the scale
    const auto from = graph.node (4);
    const double f = model.value (strip, "eq.band4.frequency"), db = model.value (strip, "eq.band4.gain");
    const auto steps = model.undoSteps;
    drag (graph, from, from.translated (120, -100));
    CHECK (model.undoSteps == steps + 1);
    CHECK_THAT (std::log10 (model.value (strip, "eq.band4.frequency") / f), WithinAbs (0.3, 0.01));
    CHECK_THAT (model.value (strip, "eq.band4.gain") - db, WithinAbs (6.0, 0.1));
    graph.mouseDoubleClick (pointer (graph, graph.node (4), graph.node (4)));
    CHECK (model.value (strip, "eq.band4.gain") == 0.0);
}

TEST_CASE ("The spectrum reads a sine at its own level and place")
{
    // A sine of amplitude 0.1 is -20 dB; Hann's scallop is at most 1.42 dB (Harris 1978).
    struct Tone final : FakeModel
    {
        std::uint64_t heard (bool, std::span<float> left, std::span<float> right) const override
        {
            for (std::size_t n = 0; n < left.size(); ++n)
                left[n] = right[n] = static_cast<float> (
                    0.1 * std::sin (2 * std::numbers::pi * 1000 * static_cast<double> (n) / 48000));
            return heardFrames += 1600;
        }
    } model;
    Spectrum spectrum (true);
    for (int n = 0; n < 60; ++n)
        spectrum.advance (model, 1.0 / 30);
    CHECK_THAT (spectrum.level (900, 1100), WithinAbs (-20.7, 0.8));
    CHECK (spectrum.level (3000, 4000) < -100);
    CHECK_THAT (spectrum.peak(), WithinAbs (-20, 0.05));
}

TEST_CASE ("The transfer curve is straight outside its knee and quadratic inside")
{
    // Giannoulis et al. (2012), eq. 4, by hand: T -20, R 4, W 10; at the threshold -20 - (3/4) 25 / 20.
    TransferCurve c;
    c.threshold = -20;
    c.ratio = 4;
    c.knee = 10;
    CHECK (c (-40) == -40.0);
    CHECK_THAT (c (0), WithinAbs (-15, 1e-12));
    CHECK_THAT (c (-20), WithinAbs (-20.9375, 1e-12));
    c.gates = true;
    c.range = 30;
    CHECK (c (-10) == -10.0);
    CHECK (c (-50) == -80.0);
}

TEST_CASE ("The harmonics of the saturator are those of its power series at low drive")
{
    // x/sqrt (1 + x^2) = x - x^3/2 + ...; sin^3 = (3 sin - sin 3)/4, so the third is a^2/8 of the first.
    const auto h = SaturationGraph::harmonics (0, -40);
    const double a = 0.01;
    CHECK_THAT (h[2], WithinAbs (20 * std::log10 (a * a / 8), 0.05));
    CHECK (h[1] <= -100);
}

TEST_CASE ("Faders of chosen strips move by as much as the one that is held")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    MixPage page (model);
    page.setSize (1600, 900);
    page.select (model.all[0].id);
    page.select (model.all[1].id, juce::ModifierKeys (juce::ModifierKeys::ctrlModifier));
    page.select (model.all[2].id, juce::ModifierKeys (juce::ModifierKeys::ctrlModifier));
    const double a = model.value (model.all[0].id, "fader.level"),
                 b = model.value (model.all[1].id, "fader.level");
    auto& fader = *page.find (model.all[1].id)->volume();
    juce::MouseWheelDetails wheel {};
    wheel.deltaY = 0.5f;
    fader.mouseWheelMove (pointer (fader, { 10, 10 }, { 10, 10 }), wheel);
    const double by = model.value (model.all[1].id, "fader.level") - b;
    CHECK (by > 0.1);
    CHECK_THAT (model.value (model.all[0].id, "fader.level") - a, WithinAbs (by, 1e-9));
}

TEST_CASE ("Dropped files go onto the lane under the pointer, or onto new tracks")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    Timeline lanes (model);
    lanes.setSize (1400, 500);
    const auto lane = lanes.laneOf (model.all[2].id);
    lanes.filesDropped ({ "/a.wav" }, lane.getX() + 300, lane.getCentreY());
    CHECK (model.importTrack == model.all[2].id);
    CHECK (model.importAt > 0);
    lanes.filesDropped ({ "/a.wav" }, 20, lane.getCentreY());
    CHECK (model.importTrack == Id {});
    CHECK (model.importAt == 0);
}

TEST_CASE ("The MIX page of 100 tracks playing, and a scroll over 200 tracks of 50 clips, by processor time",
           "[.speed]")
{
    const juce::ScopedJuceInitialiser_GUI up;
    {
        FakeModel model;
        enlarge (model, 100, 20);
        WindowContent window (model);
        Shown shown (window, 1920, 1080);
        std::vector<double> times;
        for (int n = 0; n < 330; ++n)
        {
            play (model, n);
            window.frame (1.0 / 30);
            const double t = shown.canvas().paintMarked();
            if (n >= 30)
                times.push_back (t);
        }
        WARN ("playing, 100 tracks: median " << atShare (times, 0.5) << " ms, p99 " << atShare (times, 0.99)
                                             << " ms, most " << atShare (times, 1) << " ms");
        window.press (juce::KeyPress ('E', {}, 'e'));
        times.clear();
        for (int n = 0; n < 330; ++n)
        {
            play (model, n);
            window.frame (1.0 / 30);
            const double t = shown.canvas().paintMarked();
            if (n >= 30)
                times.push_back (t);
        }
        WARN ("channel editor: median " << atShare (times, 0.5) << " ms, p99 " << atShare (times, 0.99)
                                        << " ms");
    }
    {
        FakeModel model;
        enlarge (model, 200, 50);
        Timeline lanes (model);
        Shown shown (lanes, 1580, 900);
        shown.canvas().paintMarked();
        std::vector<double> times;
        juce::MouseWheelDetails wheel {};
        const juce::Point<float> at (900, 400);
        for (int n = 0; n < 300; ++n)
        {
            const bool zooms = n % 30 == 15, sideways = n % 2 == 1;
            wheel.deltaY = zooms ? (n % 60 == 15 ? 0.5f : -0.4f) : n < 150 ? -0.15f : 0.15f;
            lanes.mouseWheelMove (pointer (lanes, at, at,
                                           zooms      ? juce::ModifierKeys::ctrlModifier
                                           : sideways ? juce::ModifierKeys::shiftModifier
                                                      : 0),
                                  wheel);
            lanes.advance();
            times.push_back (shown.canvas().paintMarked());
        }
        WARN ("scrolling 200 tracks, 10,000 clips: median " << atShare (times, 0.5) << " ms, p99 "
                                                            << atShare (times, 0.99) << " ms, most "
                                                            << atShare (times, 1) << " ms");
    }
    {
        // The same in the whole window, playing, with automation shown.
        FakeModel model;
        enlarge (model, 200, 50);
        WindowContent window (model);
        Shown shown (window, 1920, 1080);
        for (int n = 0; n < 6; ++n)
            window.showLane (model.all[static_cast<std::size_t> (n)].id, "fader.level");
        for (int n = 0; n < 30; ++n)
        {
            play (model, n);
            window.frame (1.0 / 30);
            shown.canvas().paintMarked();
        }
        juce::Component* lanes = nullptr;
        for (auto* c = window.getComponentAt (900, 300); c != nullptr; c = c->getParentComponent())
            if (dynamic_cast<Timeline*> (c) != nullptr)
                lanes = c;
        REQUIRE (lanes != nullptr);
        // A frame is what a notch of the wheel does, what the clock does, and the painting of the window.
        const juce::Point<float> at (900, 300);
        int frame = 30;
        const auto scroll = [&] (const char* name, int mods, const std::function<float (int)>& notch)
        {
            std::vector<double> times;
            juce::MouseWheelDetails wheel {};
            for (int n = 0; n < 300; ++n)
            {
                play (model, frame++);
                wheel.deltaY = notch (n);
                const double begun = Canvas::now();
                lanes->mouseWheelMove (pointer (*lanes, at, at, mods), wheel);
                window.frame (1.0 / 30);
                shown.canvas().paintMarked();
                times.push_back (Canvas::now() - begun);
            }
            WARN ("the window at 1920x1080, 200 tracks, 10,000 clips, 6 lanes, playing, "
                  << name << ": median " << atShare (times, 0.5) << " ms, p99 " << atShare (times, 0.99)
                  << " ms, most " << atShare (times, 1) << " ms");
        };
        using Mods = juce::ModifierKeys;
        scroll ("zoomed", Mods::ctrlModifier, [] (int n) { return n % 60 < 30 ? 0.15f : -0.15f; });
        for (int n = 0; n < 4; ++n)
            dynamic_cast<Timeline&> (*lanes).zoomBy (1.5);
        scroll ("scrolled along", Mods::shiftModifier, [] (int n) { return n < 150 ? -0.15f : 0.15f; });
        scroll ("scrolled down", 0, [] (int n) { return n < 150 ? -0.15f : 0.15f; });
        scroll ("scrolled along by whole pages", Mods::shiftModifier,
                [] (int n) { return n % 20 < 10 ? -4.0f : 4.0f; });
        scroll ("scrolled down by whole pages", 0, [] (int n) { return n % 30 < 15 ? -2.0f : 2.0f; });
    }
}
