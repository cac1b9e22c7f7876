// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "Support.h"
#include "session/ClipEdits.h"
#include "ui/MainWindow.h"
#include "ui/MixPage.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;
using Catch::Matchers::WithinAbs;

namespace
{

struct Clips
{
    juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    Timeline view { model };
    juce::PopupMenu menu;
    Id track = model.all[0].id;
    session::Clip clip = *model.content.songs.front()->tracks[0]->clips[1];

    Clips()
    {
        view.setSize (1400, 900);
        view.onMenu = [this] (const juce::PopupMenu& m) { menu = m; };
    }
    const session::Clip& now() const { return *session::clipOf (model.content, clip.id); }
    std::size_t count() const { return model.content.songs.front()->tracks[0]->clips.size(); }
    juce::Point<float> inside (float dx = 60) const
    {
        return { view.xOf (clip.start) + dx, view.laneOf (track).toFloat().getCentreY() + 10 };
    }
    void open() { rightClick (view, inside()); }
    /// Types into the field that a menu has opened.
    void type (const char* text)
    {
        for (auto* c : view.getChildren())
            if (auto* field = dynamic_cast<juce::TextEditor*> (c))
            {
                field->setText (text, false);
                field->onReturnKey();
                return;
            }
        FAIL ("no field is open");
    }
};

} // namespace

TEST_CASE ("Every edit of a clip is in its menu, named for the user, one step each")
{
    Clips c;
    const auto once = [&] (const char* entry, const char* label)
    {
        const auto steps = c.model.undoSteps;
        c.open();
        INFO (entry);
        REQUIRE (choose (c.menu, entry));
        CHECK (c.model.undoSteps == steps + 1);
        CHECK (c.model.undoText == label);
    };
    once ("Reverse", "Reverse clip");
    CHECK (c.now().reversed);
    once ("Mute", "Mute clip");
    CHECK (c.now().muted);
    c.open();
    REQUIRE (choose (c.menu, "Type a gain"));
    c.type ("-3.5");
    CHECK (c.now().gain == -3.5);
    once ("0 dB", "Clip gain");
    c.model.at = c.clip.start + 48000;
    once ("From the start to the playhead", "Fade in");
    CHECK (c.now().fadeIn == 48000);
    once ("From the playhead to the end", "Fade out");
    CHECK (c.now().fadeOut == c.clip.length - 48000);
    for (const auto& [name, shape] : { std::pair { "Linear", session::Fade::linear },
                                       { "S-curve", session::Fade::sCurve },
                                       { "Exponential", session::Fade::exponential },
                                       { "Equal power", session::Fade::equalPower } })
    {
        once (name, "Shape of fade");
        CHECK (c.now().fadeInShape == shape);
    }
    once ("Add an envelope point here", "Add envelope point");
    REQUIRE (c.now().envelope.size() == 1);
    CHECK (c.now().envelope[0].gain == 0);
    once ("Clear the envelope", "Clear clip envelope");
    c.open();
    REQUIRE (choose (c.menu, "Slip by ... ms"));
    c.type ("100");
    // Later by 4800 frames: of a clip that is played backwards the file lies so much later.
    CHECK (c.now().offset == c.clip.offset + 4800);
    auto before = c.count();
    c.open();
    REQUIRE (choose (c.menu, "Repeat ... times"));
    c.type ("2");
    CHECK (c.count() == before + 2);
    c.open();
    REQUIRE (choose (c.menu, "Normalise peak to 0 dBTP"));
    CHECK (c.model.clipEdit == "normalise-clip");
    CHECK (c.model.clipArguments == session::Arguments { { "to", "peak" }, { "target", "0" } });
    CHECK (c.model.clipEdited == std::vector<Id> { c.clip.id });
    REQUIRE (choose (c.menu, utf8 ("Under \xe2\x88\x92"
                                   "48.0 dB")));
    CHECK (c.model.clipEdit == "strip-silence");
    before = c.count();
    once ("Split at playhead", "Split clip");
    CHECK (c.count() == before + 1);
    before = c.count();
    c.open();
    REQUIRE (choose (c.menu, "Delete"));
    CHECK (c.count() == before - 1);
}

TEST_CASE ("A fade's corner dragged up bends it, the pencil draws the gain envelope")
{
    Clips c;
    c.view.mouseDown (pointer (c.view, c.inside(), c.inside()));
    c.view.mouseUp (pointer (c.view, c.inside(), c.inside()));
    const float a = c.view.xOf (c.clip.start), top = c.view.laneOf (c.track).toFloat().getY();
    const auto shape = c.now().fadeInShape; // equal power: two more above it
    drag (c.view, { a + 4, top + 4 }, { a + 44, top - 14 }, juce::ModifierKeys::ctrlModifier);
    CHECK_THAT (static_cast<double> (c.now().fadeIn), WithinAbs (40 * c.view.view().perPixel, 2));
    CHECK (static_cast<int> (c.now().fadeInShape) == static_cast<int> (shape) + 1);

    c.view.setTool (Timeline::Tool::pencil);
    const auto at = c.inside (120);
    drag (c.view, at, at);
    REQUIRE (c.now().envelope.size() == 1);
    c.view.setTool (Timeline::Tool::pointer);
    // The point lies in the middle; 0.4 of the height are 18 dB.
    const auto lane = c.view.laneOf (c.track).toFloat();
    const juce::Point<float> point (c.view.xOf (c.clip.start + c.now().envelope[0].position),
                                    lane.withTrimmedBottom (1).getCentreY());
    drag (c.view, point, point.translated (0, 8), juce::ModifierKeys::shiftModifier);
    CHECK_THAT (c.now().envelope[0].gain,
                WithinAbs (-8 * 18 / (0.4 * static_cast<double> (lane.getHeight())), 0.5));
    CHECK (c.model.undoText == "Clip envelope");
}

TEST_CASE ("A clip that is played backwards is trimmed by the mouse as far as its file reaches")
{
    // Backwards, what the file has before the clip's sound lies behind the clip: its offset, here as long as
    // what lies before the clip in the song.
    Clips c;
    c.open();
    REQUIRE (choose (c.menu, "Reverse"));
    const auto end = c.clip.start + c.clip.length;
    REQUIRE (c.clip.offset > 0);
    REQUIRE (session::trimmedClip (c.model.content, c.clip.id, c.clip.start, end + c.clip.offset));
    REQUIRE_FALSE (session::trimmedClip (c.model.content, c.clip.id, c.clip.start, end + c.clip.offset + 1));
    const juce::Point<float> edge (c.view.xOf (end) - 3, c.inside().y + 8);
    drag (c.view, edge, edge.translated (20000, 0), juce::ModifierKeys::ctrlModifier);
    CHECK (c.model.undoText == "Trim");
    CHECK (c.now().start + c.now().length == end + c.clip.offset);
    CHECK (c.now().offset == 0);
}

TEST_CASE ("Tracks are edited together, and clips that overlap are crossed")
{
    Clips c;
    c.view.select (c.track, { c.track, c.model.all[1].id });
    const auto header = juce::Point<float> (60, c.inside().y);
    rightClick (c.view, header);
    REQUIRE (choose (c.menu, "Chosen tracks together"));
    const auto& song = [&]() -> const session::Song& { return *c.model.content.songs.front(); };
    REQUIRE (song().editGroups.size() == 1);
    // Both tracks have clips from section to section: what one does the other does.
    drag (c.view, c.inside(), c.inside().translated (70, 0));
    const auto by = c.now().start - c.clip.start;
    CHECK (by > 0);
    CHECK (song().tracks[1]->clips[1]->start == c.clip.start + by);
    rightClick (c.view, header);
    REQUIRE (choose (c.menu, "Linear: pieces of one sound"));
    CHECK (song().crossfades == session::Crossfades::linear);
    // Moved over its neighbour, a clip is crossed with it.
    drag (c.view, c.inside (140), c.inside (180));
    CHECK (c.now().fadeOut > 0);
    CHECK (c.now().fadeOutShape == session::Fade::linear);
    REQUIRE (choose (c.menu, "Automation follows clips"));
    CHECK (song().automationFollows);
}

TEST_CASE ("The ruler sets tempo, ramps, metre, markers, sections, loop, count-in and metronome")
{
    Clips c;
    const auto song = [&]() -> const session::Song& { return *c.model.content.songs.front(); };
    const auto at = [&] (int bar)
    { return juce::Point<float> (c.view.xOf (static_cast<Frames> (c.model.map.frameOfBar (bar))) + 1, 52); };
    rightClick (c.view, at (9));
    REQUIRE (choose (c.menu, "Tempo from here on"));
    c.type ("140");
    REQUIRE (song().tempi.size() == 2);
    CHECK (song().tempi[1] == TempoMap::Tempo { 32, 140, false });
    rightClick (c.view, at (5));
    REQUIRE (choose (c.menu, "Ramp to the next tempo"));
    CHECK (song().tempi[0].ramp);
    REQUIRE (choose (c.menu, "7/8"));
    REQUIRE (song().metres.size() == 2);
    CHECK (song().metres[1] == TempoMap::Metre { 16, 7, 8 });
    const auto marks = song().markers.size();
    REQUIRE (choose (c.menu, "Add marker"));
    CHECK (song().markers.size() == marks + 1);
    REQUIRE (choose (c.menu, "Loop starts here"));
    CHECK_THAT (static_cast<double> (c.model.loopFrom), WithinAbs (c.model.map.frameOfBar (5), 1));
    REQUIRE (choose (c.menu, "Count in 2 bars"));
    CHECK (c.model.barsBefore == 2);
    c.view.toggleMetronome();
    CHECK (c.model.clicks);
    CHECK (c.model.barsBefore == 2);
}

TEST_CASE ("The overview is the RMS of the song, faders, mutes and automation included")
{
    // Three quarters of the way in, tracks are four times as loud as at a quarter; all clips are alike, so
    // the sum over n tracks at gain g is g sqrt (n) times one.
    struct Halves final : FakeModel
    {
        bool outline (Id, Frames begin, Frames end, std::span<Column> columns) const override
        {
            const auto count = static_cast<Frames> (columns.size());
            for (Frames n = 0; n < count; ++n)
            {
                const float rms = 2 * (begin + (end - begin) * n / count) < length() ? 0.1f : 0.4f;
                columns[static_cast<std::size_t> (n)] = { -rms, rms, rms };
            }
            return true;
        }
    };
    const juce::ScopedJuceInitialiser_GUI up;
    Halves model;
    auto song = *model.content.songs.front();
    song.tracks.resize (1);
    model.content.songs = { std::make_shared<session::Song> (song) };
    Timeline view (model);
    view.setSize (1400, 600);
    const auto level = [&] (double share)
    {
        for (int n = 0; n < 50; ++n)
            view.overview().advance();
        const auto& all = view.overview().levels();
        return static_cast<double> (all[static_cast<std::size_t> (share * static_cast<double> (all.size()))]);
    };
    const double quarter = level (0.22), late = level (0.7);
    CHECK_THAT (late / quarter, WithinAbs (4, 0.01));
    CHECK_THAT (quarter, WithinAbs (0.1, 0.001));
    auto edit = session::withValue (model.content, song.tracks[0]->strip.id, "fader.level", -6.0206);
    REQUIRE (model.edit (std::move (edit), 1));
    CHECK_THAT (level (0.7), WithinAbs (0.2, 0.001));
    edit = session::withValue (model.content, song.tracks[0]->strip.id, "fader.mute", std::string ("On"));
    REQUIRE (model.edit (std::move (edit), 2));
    CHECK (level (0.7) == 0);
}

TEST_CASE ("Keys edit clips: split, repeat, reverse, mute, nudge, fade, duplicate, delete")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    WindowContent window (model);
    window.setSize (1600, 1000);
    const auto& clips = [&]() -> const auto&
    {
        return model.content.songs.front()->tracks[0]->clips;
    };
    const auto key = [&] (int code, int mods)
    { REQUIRE (window.press (juce::KeyPress (code, juce::ModifierKeys (mods), 0))); };
    constexpr int ctrl = juce::ModifierKeys::ctrlModifier, shift = juce::ModifierKeys::shiftModifier;
    const auto count = clips().size();
    model.at = clips()[0]->start + 96000;
    key ('T', ctrl); // nothing is chosen: on the selected track
    CHECK (clips().size() == count + 1);
    key ('A', ctrl);
    key ('R', ctrl | shift);
    CHECK (clips()[0]->reversed);
    key ('M', ctrl);
    CHECK (clips()[0]->muted);
    const auto start = clips()[1]->start;
    key (juce::KeyPress::rightKey, ctrl);
    CHECK (clips()[1]->start > start);
    key (juce::KeyPress::leftKey, ctrl | shift);
    key ('K', 0);
    CHECK (model.clicks);
    key ('D', ctrl);
    CHECK (clips().size() == 2 * (count + 1));
    key (juce::KeyPress::deleteKey, 0);
    CHECK (clips().size() == count + 1);
}
