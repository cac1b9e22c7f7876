// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/SafeFile.h"
#include "session/Faults.h"
#include "session/ProjectFolder.h"
#include "session/Sample.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace lacquer;
using namespace lacquer::session;
using test::made;
namespace fs = std::filesystem;

namespace
{

/// A new folder for a test, removed after it.
struct Room
{
    fs::path path;
    Room()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-test-XXXXXX").string();
        REQUIRE (::mkdtemp (pattern.data()) != nullptr);
        path = pattern;
    }
    ~Room()
    {
        test::plan ({});
        std::error_code ignored;
        fs::remove_all (path, ignored);
    }
    std::string operator/ (const std::string& name) const { return (path / name).string(); }
};

template <typename T>
T must (Result<T> r)
{
    if (! r)
        FAIL (r.problem().sentence());
    return std::move (*r);
}

void must (const Outcome& o)
{
    if (! o)
        FAIL (o.problem().sentence());
}

std::string bytesOf (const std::string& path)
{
    return must (readWhole (path, 1u << 30));
}

/// The sample with a name that tells states apart.
Project state (int n)
{
    return made (renamed (test::sample(), {}, "state " + std::to_string (n)));
}

std::size_t filesIn (const std::string& folder)
{
    return static_cast<std::size_t> (std::distance (fs::directory_iterator (folder), {}));
}

/// Runs f in a child that ends by itself with 0 or by SIGKILL; true when it was killed.
template <typename F>
bool killedIn (const F& f)
{
    const auto child = ::fork();
    REQUIRE (child >= 0);
    if (child == 0)
    {
        f();
        ::_exit (0);
    }
    int status = 0;
    REQUIRE (::waitpid (child, &status, 0) == child);
    return WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL;
}

} // namespace

TEST_CASE ("a saved project opens again as it was, with ten backups of its past")
{
    Room room;
    const auto where = room / "Song";
    {
        auto folder = must (ProjectFolder::created (where, state (0)));
        for (int n = 1; n <= 14; ++n)
            must (folder.save (state (n)));
    }
    REQUIRE (filesIn (where + "/Backups") == 10); // ten generations: the issue, item 2
    // The newest backup is the state before the last.
    REQUIRE (must (parsed (bytesOf (where + "/Backups/Song-000014.lacquer"))).name == "state 13");
    for (const auto* sub : { "Audio", "Peaks", "Export" })
        REQUIRE (fs::is_directory (where + "/" + sub));
    const auto again = must (ProjectFolder::opened (where));
    REQUIRE (again.notes().empty());
    REQUIRE_FALSE (again.recovered());
    REQUIRE (canonical (*again.project()) == canonical (state (14)));
    REQUIRE_FALSE (ProjectFolder::created (where, state (0)));
}

TEST_CASE ("a second window reads only, and a crash frees the lock")
{
    Room room;
    const auto where = room / "Song";
    {
        auto first = must (ProjectFolder::created (where, state (0)));
        auto second = must (ProjectFolder::opened (where));
        REQUIRE (second.readOnly());
        REQUIRE (second.notes().front().find ("another window") != std::string::npos);
        REQUIRE_FALSE (second.save (state (1)));
        must (first.save (state (2)));
    }
    REQUIRE (killedIn (
        [&]
        {
            const auto held = ProjectFolder::opened (where);
            if (held && ! held->readOnly())
                ::raise (SIGKILL);
        }));
    REQUIRE_FALSE (must (ProjectFolder::opened (where)).readOnly());
}

TEST_CASE ("a change by another program is found before it is overwritten, and kept when it is")
{
    Room room;
    auto folder = must (ProjectFolder::created (room / "Song", state (0)));
    const auto foreign = canonical (state (77));
    std::ofstream (folder.file(), std::ios::binary | std::ios::trunc) << foreign;
    REQUIRE (folder.changedOutside());
    REQUIRE_FALSE (folder.save (state (1)));
    REQUIRE (bytesOf (folder.file()) == foreign);
    must (folder.save (state (1), ProjectFolder::Outside::overwrite));
    REQUIRE (bytesOf (folder.backups() + "/Song-000001.lacquer") == foreign);
    must (folder.save (state (2)));
}

TEST_CASE ("a save that is killed at any file call leaves the old project or the new one")
{
    Room room;
    const auto where = room / "Song";
    must (ProjectFolder::created (where, state (0)));
    int previous = 0, point = 1;
    for (;; ++point)
    {
        const bool killed = killedIn (
            [&]
            {
                auto folder = ProjectFolder::opened (where);
                if (! folder)
                    ::_exit (1);
                folder->note (std::make_shared<const Project> (state (point)));
                (void)folder->flush();
                test::plan ({ .at = point, .kill = true });
                const auto saved = folder->save (state (point));
                ::_exit (saved ? 0 : 2);
            });
        auto folder = must (ProjectFolder::opened (where));
        INFO ("killed at call " << point);
        // The edit was flushed to the journal before the save began, so it is never lost.
        REQUIRE (canonical (*folder.project()) == canonical (state (point)));
        // And the file itself is one of the two, whole.
        const auto name = must (parsed (bytesOf (folder.file()))).name;
        REQUIRE ((name == "state " + std::to_string (previous) || name == "state " + std::to_string (point)));
        must (folder.save (state (point)));
        previous = point;
        if (! killed)
            break;
    }
    REQUIRE (point > 15); // open, write, fsync, close, link, fsync, rename, fsync ... were all reached
    for (const auto& entry : fs::directory_iterator (where))
        REQUIRE (entry.path().filename().string().find (".lacquer-") != 0);
}

TEST_CASE ("a save whose n-th call fails leaves the old file whole, says so, and works when the disk does")
{
    Room room;
    auto folder = must (ProjectFolder::created (room / "Song", state (0)));
    int next = 1, refused = 0;
    // RELIABILITY.md row 3: six errors, and the short write.
    for (const int error : { ENOSPC, EDQUOT, EIO, EMFILE, EACCES, EINTR, 0 })
        for (int point = 1;; ++point, ++next)
        {
            const auto before = bytesOf (folder.file());
            const auto wanted = state (next);
            test::plan ({ .at = point, .error = error, .shorter = error == 0 });
            const auto saved = folder.save (wanted);
            const bool reached = test::calls() >= point;
            test::plan ({});
            INFO ("error " << error << " at call " << point);
            const auto after = bytesOf (folder.file());
            if (saved)
                REQUIRE (after == canonical (wanted));
            else
            {
                ++refused;
                REQUIRE (saved.problem().what.back() == '.');
                REQUIRE ((after == before || after == canonical (wanted)));
                must (folder.save (wanted));
                REQUIRE (bytesOf (folder.file()) == canonical (wanted));
            }
            if (! reached)
                break;
        }
    REQUIRE (refused > 30);
    for (const auto& entry : fs::directory_iterator (folder.folder()))
        REQUIRE (entry.path().filename().string().find (".lacquer-") != 0);
}

TEST_CASE ("a process killed at random has lost no edit that is two seconds old or was flushed")
{
    Room room;
    const auto where = room / "Song";
    must (ProjectFolder::created (where, state (0)));
    const auto seed = std::random_device {}();
    CAPTURE (seed);
    std::mt19937 random (seed);
    for (int round = 0; round < 6; ++round)
    {
        int pipes[2];
        REQUIRE (::pipe (pipes) == 0);
        const auto child = ::fork();
        REQUIRE (child >= 0);
        if (child == 0)
        {
            auto folder = ProjectFolder::opened (where);
            if (! folder)
                ::_exit (1);
            auto project = *folder->project();
            for (int n = 1;; ++n)
            {
                project = renamed (project, {}, "edit " + std::to_string (n))->project;
                folder->note (std::make_shared<const Project> (project));
                // Every third edit waits for the disk and then says so.
                if (n % 3 == 0 && folder->flush() && ::write (pipes[1], &n, sizeof n) < 0)
                    ::_exit (1);
            }
        }
        ::close (pipes[1]);
        const int acknowledgements = 1 + static_cast<int> (random() % 8);
        int last = 0;
        for (int n = 0; n < acknowledgements; ++n)
            REQUIRE (::read (pipes[0], &last, sizeof last) == sizeof last);
        ::kill (child, SIGKILL);
        int status = 0;
        ::waitpid (child, &status, 0);
        int more = 0;
        while (::read (pipes[0], &more, sizeof more) == sizeof more)
            last = more;
        ::close (pipes[0]);

        auto folder = must (ProjectFolder::opened (where));
        REQUIRE (folder.recovered());
        const auto& name = folder.project()->name;
        REQUIRE (name.starts_with ("edit "));
        REQUIRE (std::stoi (name.substr (5)) >= last);
        must (folder.discard());
    }
}

TEST_CASE ("an edit is on the disk when it is two seconds old, though the process is killed right then")
{
    // Nobody flushes and nobody closes: the only thing that can have written the edit is the journal's own
    // thread. "lone": one edit. "among others": the edits go on coming every 20 ms, so a journal that waits
    // for a quiet moment would have nothing. Both processes read the same clock.
    using Clock = std::chrono::steady_clock;
    constexpr auto promise = std::chrono::seconds (2);
    struct Noted
    {
        int number;
        Clock::rep when;
    };
    const bool lone = GENERATE (true, false);
    CAPTURE (lone);
    Room room;
    const auto where = room / "Song";
    must (ProjectFolder::created (where, state (0)));
    int pipes[2];
    REQUIRE (::pipe (pipes) == 0);
    const auto child = ::fork();
    REQUIRE (child >= 0);
    if (child == 0)
    {
        ::close (pipes[0]);
        auto folder = ProjectFolder::opened (where);
        if (! folder)
            ::_exit (1);
        auto project = *folder->project();
        for (int n = 1;; ++n)
        {
            project = renamed (project, {}, "edit " + std::to_string (n))->project;
            folder->note (std::make_shared<const Project> (project));
            const Noted noted { n, Clock::now().time_since_epoch().count() };
            if (::write (pipes[1], &noted, sizeof noted) != sizeof noted)
                ::_exit (1);
            do
                std::this_thread::sleep_for (std::chrono::milliseconds (20));
            while (lone);
        }
    }
    ::close (pipes[1]);
    Noted noted {};
    REQUIRE (::read (pipes[0], &noted, sizeof noted) == sizeof noted);
    const auto age = [] (const Noted& n)
    { return Clock::now().time_since_epoch() - Clock::duration (n.when); };
    std::this_thread::sleep_for (promise * (lone ? 1 : 2) - age (noted));
    const auto killed = Clock::now().time_since_epoch();
    ::kill (child, SIGKILL);
    int status = 0;
    ::waitpid (child, &status, 0);
    CHECK (WIFSIGNALED (status));
    int due = noted.number;
    while (::read (pipes[0], &noted, sizeof noted) == sizeof noted)
        if (killed - Clock::duration (noted.when) >= promise)
            due = noted.number;
    ::close (pipes[0]);
    CHECK (due >= (lone ? 1 : 10));

    const auto folder = must (ProjectFolder::opened (where));
    REQUIRE (folder.recovered());
    const auto& name = folder.project()->name;
    REQUIRE (name.starts_with ("edit "));
    CHECK (std::stoi (name.substr (5)) >= due);
}

TEST_CASE ("the journal writes an edit by itself within two seconds")
{
    Room room;
    const auto path = room / "journal";
    Journal journal (path, 1);
    const auto start = std::chrono::steady_clock::now();
    for (int n = 1; n <= 3; ++n) // the second and third come while it rests
    {
        const auto wanted = state (n);
        journal.note (std::make_shared<const Project> (wanted));
        const auto text = canonical (wanted);
        while (must (leftover (path, 1)).text != text)
            if (std::chrono::steady_clock::now() - start > std::chrono::seconds (2 * n))
                FAIL ("edit " << n << " is not on the disk");
    }
}

TEST_CASE ("a journal cut at any byte gives a whole earlier state or nothing")
{
    Room room;
    const auto path = room / "journal";
    std::vector<std::string> texts;
    {
        Journal journal (path, 5);
        for (int n = 0; n < 3; ++n)
        {
            texts.push_back (canonical (state (n)));
            journal.note (std::make_shared<const Project> (state (n)));
            must (journal.flush());
        }
    }
    const auto whole = bytesOf (path);
    REQUIRE (must (leftover (path, 5)).text == texts.back());
    REQUIRE (must (leftover (path, 5)).follows);
    REQUIRE_FALSE (must (leftover (path, 6)).follows);
    for (std::size_t length = 0; length < whole.size();
         length += length < 300 || length + 300 > whole.size() ? 3 : 397)
    {
        std::ofstream (path, std::ios::binary | std::ios::trunc) << whole.substr (0, length);
        const auto text = must (leftover (path, 5)).text;
        INFO (length);
        REQUIRE ((text.empty() || std::find (texts.begin(), texts.end(), text) != texts.end()));
    }
    std::mt19937 random (7);
    for (int n = 0; n < 200; ++n)
    {
        auto damaged = whole;
        damaged[random() % damaged.size()] ^= static_cast<char> (1 + random() % 255);
        std::ofstream (path, std::ios::binary | std::ios::trunc) << damaged;
        const auto text = must (leftover (path, 5)).text;
        REQUIRE ((text.empty() || std::find (texts.begin(), texts.end(), text) != texts.end()));
    }
}

TEST_CASE (
    "edits after a save are recovered onto the saved file, and a replaced file is never overwritten by them")
{
    Room room;
    const auto where = room / "Song";
    must (ProjectFolder::created (where, state (0)));
    const auto crash = [&]
    {
        REQUIRE (killedIn (
            [&]
            {
                auto folder = ProjectFolder::opened (where);
                (void)folder->save (state (1));
                folder->note (std::make_shared<const Project> (state (2)));
                (void)folder->flush();
                ::raise (SIGKILL);
            }));
    };
    crash();
    {
        auto folder = must (ProjectFolder::opened (where));
        REQUIRE (folder.recovered());
        REQUIRE (folder.project()->name == "state 2");
        REQUIRE (folder.notes().size() == 1);
        must (folder.discard());
    }
    crash();
    std::ofstream (where + "/Song.lacquer", std::ios::binary | std::ios::trunc) << canonical (state (50));
    auto folder = must (ProjectFolder::opened (where));
    REQUIRE_FALSE (folder.recovered());
    REQUIRE (folder.project()->name == "state 50");
    bool kept = false;
    for (const auto& entry : fs::directory_iterator (folder.backups()))
        kept = kept || must (parsed (bytesOf (entry.path()))).name == "state 2";
    REQUIRE (kept);
}

TEST_CASE ("projects with unusual folder names are created, saved and opened")
{
    // RELIABILITY.md row 6.
    const std::vector<std::string> names { "plain",
                                           "-leading",
                                           "%n%s",
                                           "new\nline",
                                           "emoji \xf0\x9f\x8e\xb8",
                                           "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
                                           "caf\xc3\xa9",
                                           "cafe\xcc\x81",
                                           std::string (255, 'x'),
                                           ".hidden",
                                           "bytes \xff\xfe",
                                           "end.lacquer" };
    Room room;
    for (const auto& name : names)
    {
        CAPTURE (name);
        {
            auto folder = must (ProjectFolder::created (room / name, state (0)));
            must (folder.save (state (1)));
            folder.note (std::make_shared<const Project> (state (2)));
            must (folder.flush());
        }
        REQUIRE (must (ProjectFolder::opened (room / name)).project()->name == "state 2");
    }
}
