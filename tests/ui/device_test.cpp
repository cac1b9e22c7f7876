// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Writer.h"
#include "session/Edits.h"
#include "support/Jack.h"
#include "ui/StudioModel.h"

#include <juce_events/juce_events.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>

using namespace lacquer;
namespace fs = std::filesystem;

namespace
{

/// A project of one track of 20 s, and a place of its own for what the program remembers: there the device
/// of last time is JACK.
struct Place
{
    fs::path folder;

    Place()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-device-XXXXXX").string();
        folder = ::mkdtemp (pattern.data());
        fs::create_directories (folder / "config/lacquer");
        std::ofstream (folder / "config/lacquer/device") << "JACK\n\n48000\n256\n";
        setenv ("XDG_CONFIG_HOME", (folder / "config").c_str(), 1);

        constexpr int frames = 20 * 48000;
        fs::create_directories (folder / "Song/Audio");
        auto writer = files::Writer::opened (folder / "Song/Audio/a.wav", {});
        REQUIRE (writer.ok());
        std::vector<float> sound (frames);
        for (int n = 0; n < frames; ++n)
            sound[static_cast<std::size_t> (n)] = static_cast<float> (0.1 * std::sin (0.03 * n));
        const float* const both[] { sound.data(), sound.data() };
        REQUIRE ((*writer)->write (both, frames).ok());
        REQUIRE ((*writer)->finish().ok());
        auto project = session::newProject ("Song", 48000);
        const auto done = [&] (session::Edit edit)
        {
            REQUIRE (edit.ok());
            project = std::move (edit->project);
            return edit->made;
        };
        session::Media media;
        media.path = "Audio/a.wav";
        media.channels = 2;
        media.frames = frames;
        media.originalRate = 48000;
        session::Clip clip;
        clip.media = done (session::addedMedia (project, media));
        clip.length = frames;
        const auto track = done (session::addedTrack (project, project.songs.front()->id, "A"));
        done (session::addedClip (project, track, clip));
        REQUIRE (studio::Studio::created ((folder / "Song").string(), project).ok());
    }
    ~Place()
    {
        unsetenv ("XDG_CONFIG_HOME");
        std::error_code error;
        fs::remove_all (folder, error);
    }
};

} // namespace

TEST_CASE ("The transport and the mix survive the loss of the device, the user is told, and playback goes on")
{
    const juce::ScopedJuceInitialiser_GUI up;
    const Place place;
    std::optional<test::Jack> jack;
    jack.emplace (48000, 256);
    REQUIRE (jack->up);
    auto opened = studio::Studio::opened ((place.folder / "Song").string());
    REQUIRE (opened.ok());
    ui::StudioModel model (*std::move (opened));
    REQUIRE (model.deviceStatus().open);

    std::vector<ui::Notice> told;
    // As the window does: notices on every frame. Stutter on a busy machine is nothing of this test.
    const auto until = [&] (auto condition, int rounds = 2400)
    {
        for (int n = 0; n < rounds && ! condition(); ++n)
        {
            juce::MessageManager::getInstance()->runDispatchLoopUntil (25);
            while (auto notice = model.takeNotice())
                if (notice->title != "The sound stuttered")
                    told.push_back (*std::move (notice));
        }
        return condition();
    };
    model.locate (96000);
    model.play();
    REQUIRE (until ([&] { return model.position() > 96000 + 24000; }));
    CHECK (told.empty());

    jack->kill();
    REQUIRE (until ([&] { return ! told.empty(); }));
    CHECK (told.size() == 1);
    CHECK (told.back().kind == ui::Notice::Kind::error);
    CHECK (told.back().title == "The audio device stopped answering");
    CHECK (told.back().text == "\"system\" was unplugged or stopped answering. Playback goes on when it is "
                               "back. Your mix is safe.");
    CHECK (model.deviceStatus().lost);

    // Nothing moves, and everything can be done.
    const auto where = model.position();
    CHECK (model.playing());
    CHECK (where > 96000 + 24000);
    const auto strip = model.strips().front().id;
    model.set (strip, ui::stripIds::fader, -6, 0);
    CHECK (model.value (strip, ui::stripIds::fader) == -6);
    CHECK (model.save().ok());
    CHECK_FALSE (until ([&] { return model.position() != where || told.size() > 1; }, 60));
    CHECK (model.position() == where);

    // Another rate and block size: the same song time goes on.
    jack.emplace (44100, 512);
    REQUIRE (jack->up);
    REQUIRE (until ([&] { return told.size() > 1; }));
    CHECK (told.back().kind == ui::Notice::Kind::passed);
    CHECK (told.back().title == "The audio device is back");
    const auto resumed = model.position();
    CHECK (resumed >= where);
    CHECK (resumed < where + 24000);
    CHECK (model.playing());
    CHECK (until ([&] { return model.position() > where + 48000; }));

    REQUIRE (std::system ("jack_bufsize 128 >/dev/null 2>&1") >= 0);
    REQUIRE (until ([&] { return told.size() > 2; }));
    CHECK (told.back().kind == ui::Notice::Kind::note);
    CHECK (told.back().text == "\"system\" now works in blocks of 128 samples; playback goes on.");
    const auto before = model.position();
    CHECK (until ([&] { return model.position() > before + 9600; }));

    // Stopped while the device is away: it stays stopped when it returns.
    jack->kill();
    REQUIRE (until ([&] { return told.size() > 3; }));
    model.stop();
    const auto stopped = model.position();
    CHECK_FALSE (model.playing());
    jack.emplace (48000, 256);
    REQUIRE (jack->up);
    REQUIRE (until ([&] { return told.size() > 4; }));
    CHECK_FALSE (until ([&] { return model.playing() || model.position() != stopped; }, 20));
    CHECK (told.size() == 5);
}
