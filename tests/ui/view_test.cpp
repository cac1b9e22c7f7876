// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "Support.h"
#include "ui/ClipTiles.h"
#include "ui/MainWindow.h"
#include "ui/MixPage.h"
#include "ui/Scale.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;
using Catch::Matchers::WithinAbs;

namespace
{

constexpr Frames clipLength = 25600;

/// Sound of one level, and of another from the middle of the clip's length on.
struct Levels2 final : FakeModel
{
    float first = 0.1f, second = 0.1f;
    bool outline (Id, Frames begin, Frames end, std::span<Column> columns) const override
    {
        const auto count = static_cast<Frames> (columns.size());
        for (Frames n = 0; n < count; ++n)
        {
            const float level = begin + (end - begin) * n / count < clipLength / 2 ? first : second;
            columns[static_cast<std::size_t> (n)] = { -level, level, 0 };
        }
        return true;
    }
};

/// How many rows of pixels the waveform of a clip covers at a column.
int drawnAt (ClipTiles& tiles, const session::Clip& clip, int x)
{
    session::Track track;
    track.strip.id = Id { 500 };
    track.strip.colour = "asagi";
    track.clips = { std::make_shared<session::Clip> (clip) };
    juce::Image image (juce::Image::RGB, 256, 53, true);
    do
    {
        juce::Graphics g (image);
        tiles.begin();
        tiles.paint (g, track, { 0, 100 }, { 0, 0, 256, 53 }, {});
    } while (tiles.pending());
    int rows = 0;
    for (int y = 13; y < 53; ++y)
        rows += image.getPixelAt (x, y) != image.getPixelAt (x, 52) ? 1 : 0;
    return rows;
}

} // namespace

TEST_CASE (
    "A waveform is as tall as its clip sounds, gain, envelope and direction included, or as much taller as "
    "is wanted")
{
    // 53 px less the name's 13 are 40; a full-scale sound takes 0.47 of them to either side: 37.6 px.
    const juce::ScopedJuceInitialiser_GUI up;
    constexpr double whole = 37.6;
    Levels2 model;
    ClipTiles tiles (model);
    session::Clip clip;
    clip.id = Id { 600 };
    clip.media = Id { 6000 };
    clip.length = clipLength;
    CHECK_THAT (drawnAt (tiles, clip, 60), WithinAbs (whole * 0.1, 1.01));
    clip.gain = 12.0412; // four times
    CHECK_THAT (drawnAt (tiles, clip, 60), WithinAbs (whole * 0.4, 1.01));
    clip.envelope = { { 0, 0 }, { clipLength, -12.0412 } }; // half of that in the middle
    CHECK_THAT (drawnAt (tiles, clip, 128), WithinAbs (whole * 0.2, 1.01));
    clip.gain = 0;
    clip.envelope.clear();
    tiles.setTaller (18.0618); // eight times
    CHECK_THAT (drawnAt (tiles, clip, 60), WithinAbs (whole * 0.8, 1.01));
    tiles.setTaller (36); // no further than its lane
    CHECK_THAT (drawnAt (tiles, clip, 60), WithinAbs (whole, 1.01));
    tiles.setTaller (0);

    model.second = 0.4f;
    clip.name = "other"; // drawn anew
    CHECK_THAT (drawnAt (tiles, clip, 60), WithinAbs (whole * 0.1, 1.01));
    CHECK_THAT (drawnAt (tiles, clip, 200), WithinAbs (whole * 0.4, 1.01));
    clip.reversed = true;
    CHECK_THAT (drawnAt (tiles, clip, 60), WithinAbs (whole * 0.4, 1.01));
    CHECK_THAT (drawnAt (tiles, clip, 200), WithinAbs (whole * 0.1, 1.01));
    clip.start = clipLength / 2; // the next tile has what comes first in the file
    CHECK_THAT (drawnAt (tiles, clip, 200), WithinAbs (whole * 0.4, 1.01));
}

TEST_CASE ("Everything is drawn from 75 to 200 %, as far as the smallest window fits the display")
{
    // UI.md 5: user scale 75 % to 200 %; smallest window 1280 pixels wide.
    const juce::ScopedJuceInitialiser_GUI up;
    auto& desktop = juce::Desktop::getInstance();
    const auto drawn = [&] (double percent)
    {
        useScale (percent);
        return static_cast<double> (desktop.getGlobalScaleFactor());
    };
    const auto* const display = desktop.getDisplays().getPrimaryDisplay();
    const double width = display != nullptr ? display->totalArea.getWidth() : 4000;
    CHECK_THAT (drawn (10), WithinAbs (0.75, 1e-6));
    const double most = drawn (1000);
    CHECK (most <= 2);
    CHECK (1280 * most <= width + 1);
    CHECK (scaleFits (99 * most));
    if (most < 2)
        CHECK_FALSE (scaleFits (101 * most)); // told the same whatever the scale is
    drawn (100);

    FakeModel model;
    CHECK (keptScale (model) == 100);
    keepScale (model, 125);
    CHECK (keptScale (model) == 125);
    for (const char* nonsense : { "", "1e9", "-75", "80" })
    {
        model.keepViewSetting ("scale", nonsense);
        CHECK (keptScale (model) == 100);
    }
}

TEST_CASE ("Waveforms grow by keys, wheel and menu, so far that the loudest clip fills its lane")
{
    // The loudest is 0.1 with 6.0206 dB of gain: 20 log10 (1 / 0.2) = 13.979 dB are left.
    const juce::ScopedJuceInitialiser_GUI up;
    Levels2 model;
    auto made = session::withClipGain (model.project(), model.song().tracks[0]->clips[0]->id, 6.0206);
    REQUIRE (model.edit (std::move (made), newGesture()));
    WindowContent window (model);
    window.setSize (1366, 768);
    window.setVisible (true);
    auto* at = window.getComponentAt (700, 200);
    while (at != nullptr && dynamic_cast<Timeline*> (at) == nullptr)
        at = at->getParentComponent();
    auto* lanes = dynamic_cast<Timeline*> (at);
    REQUIRE (lanes != nullptr);
    const auto steps = model.undoSteps;
    const juce::KeyPress taller (juce::KeyPress::upKey, juce::ModifierKeys::shiftModifier, 0),
        lower (juce::KeyPress::downKey, juce::ModifierKeys::shiftModifier, 0);
    window.press (taller);
    window.press (taller);
    CHECK (lanes->waveHeight() == 6);
    window.press (lower);
    CHECK (lanes->waveHeight() == 3);
    juce::MouseWheelDetails wheel {};
    wheel.deltaY = 0.1f;
    lanes->mouseWheelMove (pointer (*lanes, { 600, 100 }, { 600, 100 },
                                    juce::ModifierKeys::ctrlModifier | juce::ModifierKeys::shiftModifier),
                           wheel);
    CHECK (lanes->waveHeight() == 6);
    for (int n = 0; n < 20; ++n)
        window.press (lower);
    CHECK (lanes->waveHeight() == 0);
    juce::PopupMenu menu;
    lanes->onMenu = [&] (const juce::PopupMenu& m) { menu = m; };
    lanes->openWaveMenu();
    REQUIRE (choose (menu, "So that the loudest clip fills its lane"));
    CHECK_THAT (lanes->waveHeight(), WithinAbs (13.979, 0.01));
    CHECK (model.undoSteps == steps);
}

TEST_CASE ("How a project was looked at is found again in its folder, and nothing else is")
{
    struct Placed final : FakeModel
    {
        std::string place;
        std::string folder() const override { return place; }
    };
    auto pattern = (std::filesystem::temp_directory_path() / "lacquer-view-XXXXXX").string();
    const std::filesystem::path folder = ::mkdtemp (pattern.data());
    const juce::ScopedJuceInitialiser_GUI up;
    Placed model;
    model.place = folder.string();
    const auto steps = model.undoSteps;
    const auto look = [&] (const std::function<void (WindowContent&)>& work)
    {
        WindowContent window (model);
        window.setSize (1366, 768);
        work (window);
    };
    look ([] (auto&) {});
    CHECK (std::filesystem::is_empty (folder)); // nothing was changed
    look (
        [] (WindowContent& window)
        {
            window.press (juce::KeyPress (juce::KeyPress::upKey, juce::ModifierKeys::shiftModifier, 0));
            window.press (juce::KeyPress ('I', {}, 'i'));
            window.press (juce::KeyPress ('+', {}, '+'));
        });
    const auto kept = ViewState::of (model.place);
    CHECK (kept.waveHeight == 3);
    CHECK_FALSE (kept.inspector);
    CHECK (kept.mixer);
    REQUIRE (kept.time);
    look ([] (WindowContent& window) { window.press (juce::KeyPress ('I', {}, 'i')); });
    const auto again = ViewState::of (model.place);
    CHECK (again.waveHeight == 3);
    CHECK (again.inspector);
    REQUIRE (again.time);
    CHECK (again.time->perPixel == kept.time->perPixel);
    CHECK (model.undoSteps == steps);

    std::ofstream (folder / "View.json") << "{ \"waveHeight\": \"tall\", \"rows\": [ 1";
    CHECK (ViewState::of (model.place) == ViewState {});
    std::filesystem::remove_all (folder);
}
