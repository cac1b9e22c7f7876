// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Writer.h"
#include "session/AutomationEdits.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/Points.h"
#include "support/Jack.h"
#include "ui/LaneModes.h"
#include "ui/StripParts.h"
#include "ui/StudioModel.h"

#include <juce_events/juce_events.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

using namespace lacquer;
using lacquer::Id;
namespace fs = std::filesystem;

namespace
{

/// A track of 20 s in the window's model, played through a JACK server.
struct Playing
{
    fs::path folder;
    test::Jack jack { 48000, 256 };
    Id track;
    std::unique_ptr<ui::StudioModel> model;

    Playing()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-ride-XXXXXX").string();
        folder = ::mkdtemp (pattern.data());
        fs::create_directories (folder / "config/lacquer");
        std::ofstream (folder / "config/lacquer/device") << "JACK\n\n48000\n256\n";
        setenv ("XDG_CONFIG_HOME", (folder / "config").c_str(), 1);
        auto project = session::newProject ("Song", 48000);
        auto added = session::addedTrack (project, project.songs.front()->id, "Vox", 2);
        REQUIRE (added.ok());
        track = added->made;
        REQUIRE (studio::Studio::created ((folder / "Song").string(), added->project).ok());
        auto opened = studio::Studio::opened ((folder / "Song").string());
        REQUIRE (opened.ok());
        REQUIRE (jack.up);
        model = std::make_unique<ui::StudioModel> (*std::move (opened));
        REQUIRE (model->deviceStatus().open);
    }
    ~Playing()
    {
        model.reset();
        std::error_code error;
        fs::remove_all (folder, error);
    }
    /// Frames of the window until the song is there.
    void until (Frames position)
    {
        for (int n = 0; n < 1500 && model->position() < position; ++n)
        {
            juce::MessageManager::getInstance()->runDispatchLoopUntil (10);
            static_cast<void> (model->takeNotice());
        }
        REQUIRE (model->position() >= position);
    }
    /// The engine takes what it is told at its next block.
    void rewind()
    {
        model->locate (0);
        for (int n = 0; n < 500 && model->position() > 0; ++n)
            juce::MessageManager::getInstance()->runDispatchLoopUntil (10);
        REQUIRE (model->position() == 0);
    }
    void mode (session::LaneMode m)
    {
        REQUIRE (
            model->edit (ui::withModeOf (model->project(), track, m, { track, "fader.level", nullptr }), 1));
    }
    const session::Points& points (const char* param)
    {
        const auto* lane = session::laneOf (model->project(), track, param);
        REQUIRE (lane != nullptr);
        return lane->points;
    }
};

} // namespace

TEST_CASE (
    "A fader held while the song plays is written in touch mode: what was set, where it was heard, one step")
{
    // Set to -12 at about 0.5 s and let go at about 1.5 s; then it rests 50 ms and goes back in 200 ms.
    const juce::ScopedJuceInitialiser_GUI up;
    Playing p;
    p.mode (session::LaneMode::touch);
    p.model->play();
    p.until (24000);
    p.model->touch (p.track, "fader.level");
    p.model->set (p.track, "fader.level", -12, 7);
    const auto set = p.model->position();
    // Where it is shown at once, and drawn as it is written.
    CHECK (p.model->value (p.track, "fader.level") == -12);
    p.until (set + 24000);
    CHECK_FALSE (p.model->writing (p.track, "fader.level").empty());
    p.until (72000);
    const auto let = p.model->position();
    p.model->letGo (p.track, "fader.level");
    // A pan that is typed, with no hand on it.
    p.model->set (p.track, "pan.position", 30, 8);
    p.until (let + 60000);
    CHECK_THAT (p.model->value (p.track, "fader.level"), Catch::Matchers::WithinAbs (0, 0.01));
    const auto undoBefore = p.model->undoLabel();
    p.model->stop();
    INFO (undoBefore);
    CHECK (p.model->undoLabel() == "Ride 2 parameters, Vox");
    const auto& fader = p.points ("fader.level");
    // A block is 256 frames and the window looks every 10 ms.
    CHECK (session::valueAt (fader, set - 2400) == 0);
    for (Frames at = set + 4800; at < let; at += 1000)
        REQUIRE (session::valueAt (fader, at) == Approx (-12).margin (0.1));
    CHECK (session::valueAt (fader, let + 24000) == Approx (0).margin (0.01));
    CHECK (session::valueAt (p.points ("pan.position"), let + 9600) == Approx (30).margin (0.1));
    CHECK (session::laneOf (p.model->project(), p.track, "pan.position")->mode == session::LaneMode::touch);
    p.model->undo();
    CHECK (p.points ("fader.level").empty());
    CHECK (session::laneOf (p.model->project(), p.track, "pan.position") == nullptr);
}

TEST_CASE ("An insert's switch pressed while the song plays is written, and one step takes it back")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Playing p;
    auto edit = session::addedEffect (p.model->project(), p.track, "gain");
    const Id gain = edit->made;
    REQUIRE (p.model->edit (std::move (edit), 1));
    p.mode (session::LaneMode::latch);
    p.model->play();
    p.until (24000);
    CHECK (ui::effectIsOn (*p.model, gain));
    ui::switchEffect (*p.model, gain, false);
    const auto off = p.model->position();
    CHECK_FALSE (ui::effectIsOn (*p.model, gain));
    p.until (off + 24000);
    ui::switchEffect (*p.model, gain, true);
    const auto on = p.model->position();
    p.until (on + 12000);
    p.model->stop();
    CHECK (p.model->undoLabel() == "Ride On, Vox");
    const auto* lane = session::laneOf (p.model->project(), gain, "on");
    REQUIRE (lane != nullptr);
    CHECK (session::valueAt (lane->points, off - 2400) == 1);
    CHECK (session::valueAt (lane->points, off + 4800) == 0);
    CHECK (session::valueAt (lane->points, on - 2400) == 0);
    CHECK (session::valueAt (lane->points, on + 4800) == 1);
    CHECK (session::effectOf (p.model->project(), gain)->on);
    p.model->undo();
    CHECK (session::laneOf (p.model->project(), gain, "on") == nullptr);
}

TEST_CASE ("Latch goes on to the stop, trim adds, read writes nothing, and edits made meanwhile stay")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Playing p;
    p.mode (session::LaneMode::latch);
    p.model->play();
    p.until (12000);
    p.model->touch (p.track, "fader.level");
    p.model->set (p.track, "fader.level", -6, 7);
    p.until (24000);
    p.model->letGo (p.track, "fader.level");
    REQUIRE (p.model->edit (session::renamed (p.model->project(), p.track, "Lead"), 9));
    p.until (60000);
    p.model->stop();
    CHECK (p.model->undoLabel() == "Ride Fader, Lead");
    CHECK (session::stripOf (p.model->project(), p.track)->name == "Lead");
    CHECK (session::valueAt (p.points ("fader.level"), 55000) == Approx (-6).margin (0.1));

    p.mode (session::LaneMode::trim);
    p.rewind();
    p.model->play();
    p.until (30000);
    p.model->touch (p.track, "fader.level");
    const double from = p.model->value (p.track, "fader.level");
    CHECK (from == Approx (-6).margin (0.1));
    p.model->set (p.track, "fader.level", from - 3, 8);
    const auto set = p.model->position();
    p.until (set + 20000);
    CHECK (p.model->value (p.track, "fader.level") == Approx (from - 3).margin (0.1));
    p.model->stop();
    CHECK (session::valueAt (p.points ("fader.level"), set + 10000) == Approx (from - 3).margin (0.15));

    p.mode (session::LaneMode::read);
    p.rewind();
    p.model->play();
    p.until (12000);
    const auto before = p.points ("fader.level");
    p.model->touch (p.track, "fader.level");
    p.model->set (p.track, "fader.level", 3, 10);
    p.until (24000);
    p.model->letGo (p.track, "fader.level");
    p.model->stop();
    CHECK (p.points ("fader.level") == before);
}
