// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "ui/MainWindow.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <functional>
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
    REQUIRE (path != nullptr);
    char name[] = "lacquer";
    char* argv[] { name, nullptr };
    CHECK (ui::run (1, argv, [&] (const auto&) { return std::make_unique<TellingModel> (path); }) == 0);
}

TEST_CASE ("On a real X display Space plays and stops, and the mouse moves a fader")
{
    char folder[] = "/tmp/lacquer-ui-XXXXXX";
    REQUIRE (mkdtemp (folder) != nullptr);
    const std::string number = std::string (folder) + "/display", log = std::string (folder) + "/log";

    // The server chooses a free display number and writes it down.
    const int fd = open (number.c_str(), O_CREAT | O_RDWR, 0600);
    const pid_t server = start (
        { "Xvfb", "-displayfd", std::to_string (fd), "-screen", "0", "1920x1080x24", "-nolisten", "tcp" });
    REQUIRE (until ([&] { return told (number).find ('\n') != std::string::npos; }));
    close (fd);
    const auto digits = told (number);
    setenv ("DISPLAY", (":" + digits.substr (0, digits.find ('\n'))).c_str(), 1);
    setenv ("LACQUER_TEST_LOG", log.c_str(), 1);
    const pid_t window = start ({ "/proc/self/exe", "[.window]" });

    const auto run = [] (const std::string& command)
    { return std::system ((command + " >/dev/null 2>&1").c_str()) == 0; };
    const bool there = until ([&] { return run ("xdotool search --onlyvisible --name Lacquer"); });
    CHECK (there);
    run ("xdotool search --onlyvisible --name Lacquer windowfocus --sync");
    const auto lines = [&] (const char* word)
    {
        std::istringstream in (told (log));
        int count = 0;
        for (std::string line; std::getline (in, line);)
            count += line == word;
        return count;
    };
    CHECK (until ([&] { return run ("xdotool key space") && lines ("play") > 0; }));
    const int stops = lines ("stop");
    run ("xdotool key space");
    CHECK (until ([&] { return lines ("stop") + lines ("play") > stops + 1; }));
    CHECK (lines ("stop") > 0);
    // The first strip's fader, wherever the mixer stands: drag from its cap down by 30 px.
    run ("xdotool mousemove 29 846 mousedown 1 mousemove 29 856 mousemove 29 876 mouseup 1");
    CHECK (until ([&] { return told (log).find ("fader.level") != std::string::npos; }));
    CHECK (end (window, SIGTERM) == 0);
    end (server, SIGTERM);
    unsetenv ("DISPLAY");
    unlink (log.c_str());
    unlink (number.c_str());
    rmdir (folder);
}
