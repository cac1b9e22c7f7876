// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace lacquer::test
{

/// A JACK server without hardware, with a name of its own, so that it disturbs nobody. Always the same name:
/// JACK keeps places for eight servers and frees that of a killed one only for a server of its name. Tests
/// that use it hold ctest's lock "jack".
class Jack
{
public:
    explicit Jack (int rate, int block)
    {
        const char* given = std::getenv ("LACQUER_TEST_JACK"); // for two builds tested at once
        name = given != nullptr ? given : "lacquer-test";
        setenv ("JACK_DEFAULT_SERVER", name.c_str(), 1);
        const std::string ask = "jack_lsp -s " + name + " 2>/dev/null | grep -q playback_1";
        for (int n = 0; n < 600 && ! up; ++n)
        {
            // It may refuse to start while the system still tidies up after one that was killed.
            if (pid < 0 || waitpid (pid, nullptr, WNOHANG) == pid)
                start (rate, block);
            up = std::system (ask.c_str()) == 0;
            if (! up)
                usleep (50000);
        }
    }
    ~Jack() { end (SIGTERM); }
    void kill() { end (SIGKILL); }
    bool up = false;
    std::string name;

private:
    void start (int rate, int block)
    {
        pid = fork();
        if (pid == 0)
        {
            const int nothing = open ("/dev/null", O_RDWR);
            dup2 (nothing, 1);
            dup2 (nothing, 2);
            const auto r = std::to_string (rate), p = std::to_string (block);
            // On a machine full of work a client may answer late; it is not to be thrown out for that.
            execlp ("jackd", "jackd", "-n", name.c_str(), "-r", "-t", "5000", "-d", "dummy", "-r", r.c_str(),
                    "-p", p.c_str(), "-C", "2", "-P", "2", nullptr);
            _exit (127);
        }
    }

    void end (int signal)
    {
        if (pid <= 0)
            return;
        ::kill (pid, signal);
        waitpid (pid, nullptr, 0);
        pid = -1;
    }

    pid_t pid = -1;
};

} // namespace lacquer::test
