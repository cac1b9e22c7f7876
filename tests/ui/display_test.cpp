// SPDX-License-Identifier: GPL-3.0-or-later
#include "BigMix.h"
#include "FakeModel.h"
#include "ui/Controls.h"
#include "ui/MainWindow.h"
#include "ui/MonitorPanel.h"
#include "ui/StudioModel.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;

namespace
{

/// Writes what the window asked of it, a line each.
struct TellingModel final : FakeModel
{
    explicit TellingModel (const char* path) : file (path) {}
    void play() override
    {
        FakeModel::play();
        file << "play" << std::endl;
    }
    void stop() override
    {
        FakeModel::stop();
        file << "stop" << std::endl;
    }
    void set (Id owner, std::string_view p, double v, Gesture key) override
    {
        FakeModel::set (owner, p, v, key);
        file << "set " << owner.value << ' ' << p << ' ' << v << std::endl;
    }
    bool edit (session::Edit made, Gesture key) override
    {
        const bool done = FakeModel::edit (std::move (made), key);
        file << (done ? "edit " + undoText : "refused " + refused) << std::endl;
        return done;
    }
    Outcome setMonitor (const MonitorState& m) override
    {
        file << "monitor " << wordsOf (m) << std::endl;
        return FakeModel::setMonitor (m);
    }
    /// As if it had been saved as another.
    Outcome save() override
    {
        name = "Low Tide";
        return FakeModel::save();
    }
    std::string projectName() const override { return name; }
    std::string name = "Harbour Lights";
    std::ofstream file;
};

pid_t start (const std::vector<std::string>& command)
{
    const pid_t pid = fork();
    if (pid == 0)
    {
        const int nothing = open ("/dev/null", O_RDWR);
        dup2 (nothing, 1);
        dup2 (nothing, 2);
        std::vector<char*> argv;
        for (const auto& c : command)
            argv.push_back (const_cast<char*> (c.c_str()));
        argv.push_back (nullptr);
        execvp (argv[0], argv.data());
        _exit (127);
    }
    return pid;
}

int end (pid_t pid, int signal)
{
    int status = 0;
    kill (pid, signal);
    waitpid (pid, &status, 0);
    return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

bool until (const std::function<bool()>& condition)
{
    for (int n = 0; n < 200; ++n)
    {
        if (condition())
            return true;
        usleep (50000);
    }
    return false;
}

std::string told (const std::string& path)
{
    std::ifstream in (path);
    std::stringstream s;
    s << in.rdbuf();
    return s.str();
}

} // namespace

TEST_CASE ("The window itself, for the test below", "[.window]")
{
    const char* path = std::getenv ("LACQUER_TEST_LOG");
    if (path == nullptr)
        return; // all cases were asked for, the hidden ones too
    char name[] = "lacquer";
    char* argv[] { name, nullptr };
    CHECK (ui::run (1, argv, [&] (const auto&) { return std::make_unique<TellingModel> (path); }) == 0);
}

namespace
{

/// The window on an X server of its own, in another process.
struct OnScreen
{
    explicit OnScreen (const char* tag = "[.window]")
    {
        if (const char* given = std::getenv ("DISPLAY"))
            before = given;
        char pattern[] = "/tmp/lacquer-ui-XXXXXX";
        REQUIRE (mkdtemp (pattern) != nullptr);
        folder = pattern;
        log = folder + "/log";
        // The server chooses a free display number and writes it down.
        const auto number = folder + "/display";
        const int fd = open (number.c_str(), O_CREAT | O_RDWR, 0600);
        server = start ({ "Xvfb", "-displayfd", std::to_string (fd), "-screen", "0", "1920x1080x24",
                          "-nolisten", "tcp" });
        REQUIRE (until ([&] { return told (number).find ('\n') != std::string::npos; }));
        close (fd);
        const auto digits = told (number);
        setenv ("DISPLAY", (":" + digits.substr (0, digits.find ('\n'))).c_str(), 1);
        setenv ("LACQUER_TEST_LOG", log.c_str(), 1);
        window = start ({ "/proc/self/exe", tag });
        there = until ([&] { return run ("xdotool search --onlyvisible --name Lacquer"); });
        run ("xdotool search --onlyvisible --name Lacquer windowfocus --sync");
    }
    ~OnScreen()
    {
        if (window > 0)
            end (window, SIGTERM);
        end (server, SIGTERM);
        unsetenv ("DISPLAY");
        if (before)
            setenv ("DISPLAY", before->c_str(), 1);
        for (const auto* name : { "/log", "/display" })
            unlink ((folder + name).c_str());
        rmdir (folder.c_str());
    }
    int closed() { return end (std::exchange (window, 0), SIGTERM); }
    static bool run (const std::string& command)
    {
        return std::system ((command + " >/dev/null 2>&1").c_str()) == 0;
    }
    int lines (const std::string& begins) const
    {
        std::istringstream in (told (log));
        int count = 0;
        for (std::string line; std::getline (in, line);)
            count += line.starts_with (begins) ? 1 : 0;
        return count;
    }
    bool says (const std::string& begins) const
    {
        return until ([&] { return lines (begins) > 0; });
    }

    std::string folder, log;
    std::optional<std::string> before; // the display of those who run all cases
    pid_t server = 0, window = 0;
    bool there = false;
};

/// Where something with a title is in a window that fills the screen below the room for a title bar.
juce::Point<int> placeOf (juce::Component& in, const juce::String& title)
{
    for (auto* c : in.getChildren())
    {
        if (c->getTitle() == title && c->isVisible())
            return in.getTopLevelComponent()->getLocalArea (c, c->getLocalBounds()).getCentre();
        if (const auto inside = placeOf (*c, title); inside.x >= 0)
            return inside;
    }
    return { -1, -1 };
}

} // namespace

TEST_CASE ("The title of the window follows the project")
{
    OnScreen screen;
    REQUIRE (screen.there);
    const auto titled = [] (const char* name)
    { return OnScreen::run ("xdotool search --onlyvisible --name '^Lacquer: " + std::string (name) + "$'"); };
    CHECK (titled ("Harbour Lights"));
    OnScreen::run ("xdotool key --clearmodifiers ctrl+s");
    CHECK (until ([&] { return titled ("Low Tide"); }));
    CHECK_FALSE (titled ("Harbour Lights"));
}

TEST_CASE ("Values are typed and the program ends, for the test below", "[.typed]")
{
    const auto level = asLevel<Param> ("fader.level", "Fader", 10, 0, {});
    for (int n = 0; n < 3; ++n)
    {
        const juce::ScopedJuceInitialiser_GUI up;
        Fader fader (level, "Lead Vox");
        fader.setSize (43, 232);
        REQUIRE (fader.keyPressed (juce::KeyPress ('3', {}, '3')));
        REQUIRE (fader.entryIsOpen());
        fader.entryField()->keyPressed (juce::KeyPress (juce::KeyPress::escapeKey));
        CHECK_FALSE (fader.entryIsOpen());
    }
}

TEST_CASE ("On a real X display a field that was typed into is gone before the display is closed")
{
    // A cursor that is freed on another connection is an error of the server, which ends the program.
    OnScreen screen;
    const auto typed = start ({ "/proc/self/exe", "[.typed]" });
    int status = -1;
    waitpid (typed, &status, 0);
    CHECK (WIFEXITED (status));
    CHECK (WEXITSTATUS (status) == 0);
}

TEST_CASE ("On a real X display Space plays and stops, and the mouse moves a fader")
{
    OnScreen screen;
    CHECK (screen.there);
    CHECK (until ([&] { return OnScreen::run ("xdotool key space") && screen.lines ("play") > 0; }));
    const int stops = screen.lines ("stop");
    OnScreen::run ("xdotool key space");
    CHECK (until ([&] { return screen.lines ("stop") + screen.lines ("play") > stops + 1; }));
    CHECK (screen.lines ("stop") > 0);
    // The first strip's fader, wherever the mixer stands: drag from its cap down by 30 px.
    OnScreen::run ("xdotool mousemove 29 846 mousedown 1 mousemove 29 856 mousemove 29 876 mouseup 1");
    CHECK (until ([&] { return told (screen.log).find ("fader.level") != std::string::npos; }));
    CHECK (screen.closed() == 0);
}

TEST_CASE ("On a real X display the mixer is worked by mouse and keys: painting mutes, solo-safe, listening "
           "and dimming")
{
    // The places of things come from a window of the same size that is only laid out.
    std::map<std::string, juce::Point<int>> at;
    {
        const juce::ScopedJuceInitialiser_GUI up;
        FakeModel model;
        WindowContent window (model);
        window.setSize (1920, 1080 - 36);
        window.frame (0);
        for (const char* title : { "Mute, Kick In", "Mute, Snare Top", "Mute, Hi-Hat", "Solo, Bass DI",
                                   "Listen, Lead Vox", "Dim" })
        {
            at[title] = placeOf (window, title);
            CAPTURE (title);
            REQUIRE (at[title].x >= 0);
        }
    }
    OnScreen screen;
    REQUIRE (screen.there);
    // The window stands in the middle of what the title bar leaves.
    const auto pointer = [&] (const char* title)
    { return "mousemove " + std::to_string (at[title].x) + " " + std::to_string (at[title].y); };
    const auto mouse = [&] (const std::string& words) { return OnScreen::run ("xdotool " + words); };

    CHECK (until (
        [&]
        {
            mouse (pointer ("Mute, Kick In") + " mousedown 1 " + pointer ("Mute, Snare Top") + " " +
                   pointer ("Mute, Hi-Hat") + " mouseup 1");
            return screen.lines ("set 3 fader.mute 1") > 0;
        }));
    CHECK (screen.lines ("set 1 fader.mute 1") > 0);
    CHECK (screen.lines ("set 2 fader.mute 1") > 0);
    mouse (pointer ("Solo, Bass DI") + " keydown alt click 1 keyup alt");
    CHECK (screen.says ("edit Make solo-safe"));
    mouse (pointer ("Listen, Lead Vox") + " click 1");
    CHECK (screen.says ("monitor Listening"));
    mouse (pointer ("Dim") + " click 1");
    CHECK (screen.says ("monitor Dim, Listening"));
    mouse ("key d");
    CHECK (until ([&] { return screen.lines ("monitor Listening") > 1; }));
    CHECK (screen.closed() == 0);
}

TEST_CASE ("The window at work, for the test below", "[.closing]")
{
    const char* given = std::getenv ("LACQUER_TEST_SONG");
    if (given == nullptr)
        return;
    const std::filesystem::path song = given;
    char name[] = "lacquer";
    char* argv[] { name, nullptr };
    CHECK (ui::run (1, argv,
                    [&] (const auto&)
                    {
                        auto opened = studio::Studio::opened (song.string());
                        REQUIRE (opened);
                        auto model = std::make_unique<StudioModel> (*std::move (opened));
                        const auto into = (song / "Export").string();
                        REQUIRE (model->startExport ({ "wav24", "flac" }, into));
                        model->freeze (model->song().tracks.front()->strip.id);
                        model->lookForMasking();
                        model->archive ((song / "Export" / "Song.zip").string());
                        return model;
                    }) == 0);
}

TEST_CASE ("On a real X display a window that is closed while it exports, freezes, archives and looks for "
           "masking ends, and leaves nothing half written")
{
    BigMix mix (12);
    const auto song = mix.folder / "Song";
    REQUIRE (studio::Studio::created (song.string(), mix.project));
    std::filesystem::remove_all (song / "Audio");
    std::filesystem::rename (mix.folder / "Audio", song / "Audio");
    setenv ("LACQUER_TEST_SONG", song.c_str(), 1);
    setenv ("XDG_CONFIG_HOME", mix.folder.c_str(), 1);
    const auto files = [&]
    {
        std::vector<std::string> all;
        for (const auto& e : std::filesystem::recursive_directory_iterator (song))
            if (e.is_regular_file())
                all.push_back (e.path().string());
        return all;
    };
    const auto begun = [&] (const std::string& part)
    {
        const auto all = files();
        return std::any_of (all.begin(), all.end(),
                            [&] (const auto& f) { return f.find (part) != std::string::npos; });
    };
    int code = -1;
    {
        OnScreen screen ("[.closing]");
        CHECK (screen.there);
        CHECK (until ([&] { return begun (".part"); })); // at work when it is closed
        code = screen.closed();
    }
    unsetenv ("XDG_CONFIG_HOME");
    CHECK (code == 0);
    for (const auto& f : files())
    {
        CAPTURE (f);
        const auto last = std::filesystem::path (f).filename().string();
        CHECK_FALSE (last.ends_with (".part"));
        CHECK_FALSE ((last.front() == '.' && f.find ("/Export/") != std::string::npos));
    }
    CHECK (studio::Studio::opened (song.string()).ok());
}
