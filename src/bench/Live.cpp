// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Live.h"

#include "bench/Clock.h"
#include "bench/Songs.h"
#include "bench/Yardstick.h"
#include "core/SafeFile.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/ProjectFolder.h"
#include "studio/Build.h"
#include "studio/Player.h"
#include "studio/Studio.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <pthread.h>
#include <set>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace lacquer::bench
{

namespace fs = std::filesystem;

namespace
{

constexpr double rate = 48000;
constexpr int frames = engine::quantum;
constexpr double period = frames / rate;

Progress quiet (const Session& session)
{
    Progress p;
    p.cancelled = session.progress.cancelled;
    return p;
}

/// The threads of this program.
std::set<int> threadsNow()
{
    std::set<int> ids;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator ("/proc/self/task", error))
        ids.insert (std::atoi (entry.path().filename().c_str()));
    return ids;
}

/// CPU time of a thread of this program. The clock's number is that of pthread_getcpuclockid(), for threads
/// whose pthread_t is not ours to know.
double cpuOf (int thread)
{
    return secondsOf (static_cast<clockid_t> (~static_cast<unsigned> (thread) << 3 | 6u));
}

/// What the callbacks were like. Written by their thread, read when it has ended.
struct Callbacks
{
    std::int64_t blocks = 0, late = 0, wallLate = 0;
    double cpu = 0, longest = 0;
    std::int64_t longestAt = 0; ///< which block it was
    bool realTime = false;
};

/// Calls the player at every tick until told to stop, like a device with a buffer of its own.
void drive (studio::Player& player, const std::atomic<bool>& leave, Callbacks& seen)
{
    sched_param param {};
    param.sched_priority = 60;
    seen.realTime = ::pthread_setschedparam (::pthread_self(), SCHED_FIFO, &param) == 0;
    float left[frames], right[frames];
    float* out[2] { left, right };
    double due = secondsOf (CLOCK_MONOTONIC);
    while (! leave.load (std::memory_order_relaxed))
    {
        due += period;
        const timespec until { static_cast<time_t> (due),
                               static_cast<long> (1e9 * (due - std::floor (due))) };
        while (::clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR)
            ;
        const CpuWatch watch;
        player.render (out, 2, frames);
        const double cpu = watch.seconds();
        seen.cpu += cpu;
        if (cpu > seen.longest)
        {
            seen.longest = cpu;
            seen.longestAt = seen.blocks;
        }
        seen.late += cpu > period;
        ++seen.blocks;
        const double behind = secondsOf (CLOCK_MONOTONIC) - due - period;
        if (behind > 0)
        {
            // The device has played silence for every period missed and goes on from here.
            const double missed = std::floor (behind / period) + 1;
            seen.wallLate += static_cast<std::int64_t> (missed);
            due += (missed - 1) * period;
        }
    }
}

/// Structural edits in turns: add and remove a track, an insert, a send, a group; change the order. After
/// eight of them the project is as it was.
class Edits
{
public:
    explicit Edits (session::Project first) : make (std::move (first)) {}

    Result<session::ProjectPtr> next()
    {
        const auto& song = *make.project.songs.front();
        const auto track = song.tracks[static_cast<std::size_t> (count / 8) % 128]->strip.id;
        switch (count++ % 8)
        {
            case 0:
            {
                session::Clip clip = *song.tracks.front()->clips.front();
                added = make (session::addedTrack (make.project, song.id, "Added"));
                make (session::addedClip (make.project, added, clip));
                break;
            }
            case 1: insert = make (session::addedEffect (make.project, track, "gain")); break;
            case 2: make (session::withSend (make.project, track, 2, song.returns.front()->id)); break;
            case 3:
                group = make (session::addedGroup (make.project, song.id, "Added group"));
                make (session::withOutput (make.project, added, group));
                break;
            case 4: make (session::reordered (make.project, added, 0)); break;
            case 5:
                make (session::removedEffect (make.project, insert));
                make (session::withSend (make.project, track5 (song), 2, {}));
                break;
            case 6: make (session::removedStrip (make.project, group)); break;
            default: make (session::removedStrip (make.project, added)); break;
        }
        if (make.problem)
            return *make.problem;
        return std::make_shared<const session::Project> (make.project);
    }

    std::int64_t count = 0;

private:
    /// The track whose send was made three edits ago: the added one stands before it now.
    Id track5 (const session::Song& song) const
    {
        return song.tracks[static_cast<std::size_t> ((count - 1) / 8) % 128 + 1]->strip.id;
    }

    studio::Build make;
    Id added, insert, group;
};

struct LiveRun
{
    double load = 0, late = 0;
    std::map<std::string, double> beside;
};

Result<LiveRun> playedLive (Session& session)
{
    const double seconds = session.quick ? 5 : 60;
    auto folder = Folder::made();
    if (! folder)
        return folder.problem();
    const SongSetup setup { 128, 2, session.quick ? 2.0 : 10.0, session.quick ? 4 : 7 };
    auto project = songOf (folder->path, setup, quiet (session));
    if (! project)
        return project.problem();

    const auto before = threadsNow();
    studio::Player player (folder->path, rate);
    std::vector<int> threads; // the engine's helpers and the disk reader
    for (int id : threadsNow())
        if (! before.contains (id))
            threads.push_back (id);
    Edits edits (*project);
    auto now = std::make_shared<const session::Project> (*std::move (project));
    if (auto followed = player.follow (now, now->songs.front()); ! followed)
        return followed.problem();
    player.settle();
    player.deviceStarted();

    Callbacks seen;
    std::atomic<bool> leave { false };
    double others = 0;
    for (int id : threads)
        others -= cpuOf (id);
    const CpuWatch control;
    const WallWatch wall;
    std::optional<Problem> problem;
    Yardstick yardstick (period, 0.12 * period);
    {
        // The device runs before anyone presses Play, and is heard from its first callback on.
        std::thread device ([&] { drive (player, leave, seen); });
        player.play();
        double due = 0;
        while (wall.seconds() < seconds && ! session.progress.stopped() && ! problem)
        {
            due += 0.1;
            std::this_thread::sleep_for (
                std::chrono::duration<double> (std::max (0.0, due - wall.seconds())));
            auto edited = edits.next();
            if (edited)
                if (auto followed = player.follow (*edited, (*edited)->songs.front()); ! followed)
                    problem = followed.problem();
            if (! edited)
                problem = edited.problem();
            session.progress.at (wall.seconds() / seconds);
        }
        leave = true;
        device.join();
    }
    const double lasted = wall.seconds();
    const auto constant = yardstick.stop();
    for (int id : threads)
        others += cpuOf (id);
    player.deviceStopped();
    if (problem)
        return *problem;
    const auto health = player.health();

    LiveRun run;
    run.load = (seen.cpu + others) / lasted;
    run.late = static_cast<double> (seen.late);
    run.beside = { { "seconds", lasted },
                   { "blocks", static_cast<double> (seen.blocks) },
                   { "late_by_wall", static_cast<double> (seen.wallLate) },
                   { "longest_block_ms", 1e3 * seen.longest },
                   { "constant_work_late", static_cast<double> (constant.over) },
                   { "constant_work_ms", 1e3 * constant.typical },
                   { "longest_of_constant_work_ms", 1e3 * constant.longest },
                   { "longest_block_at_s", static_cast<double> (seen.longestAt) * period },
                   { "callback_share", seen.cpu / lasted },
                   { "helpers_and_reader_share", others / lasted },
                   { "edits", static_cast<double> (edits.count) },
                   { "edits_share", control.seconds() / lasted },
                   { "underruns", static_cast<double> (health.underruns) },
                   { "real_time_priority", seen.realTime ? 1 : 0 } };
    return run;
}

/// The run that both figures are read from.
Result<LiveRun> liveRun (Session& session)
{
    auto& kept = session.kept["live"];
    if (! kept.has_value())
    {
        auto run = playedLive (session);
        if (! run)
            return run.problem();
        kept = *run;
    }
    return std::any_cast<LiveRun> (kept);
}

/// What this program prints when started as a child.
Result<double> childSays (const std::string& what, const fs::path& project, double& started)
{
    int ends[2];
    if (::pipe2 (ends, O_CLOEXEC) != 0)
        return Problem { "No child process could be started: " + reasonOf (errno) + "." };
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init (&actions);
    ::posix_spawn_file_actions_adddup2 (&actions, ends[1], STDOUT_FILENO);
    std::string self = "lacquer", verb = "bench", option = "--child", kind = what, path = project.string();
    char* arguments[] { self.data(), verb.data(), option.data(), kind.data(), path.data(), nullptr };
    pid_t child = 0;
    started = secondsOf (CLOCK_MONOTONIC);
    const int failed = ::posix_spawn (&child, "/proc/self/exe", &actions, nullptr, arguments, environ);
    ::posix_spawn_file_actions_destroy (&actions);
    ::close (ends[1]);
    std::string said;
    char buffer[256];
    for (ssize_t n;
         ! failed && ((n = ::read (ends[0], buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR));)
        if (n > 0)
            said.append (buffer, static_cast<std::size_t> (n));
    ::close (ends[0]);
    if (failed != 0)
        return Problem { "No child process could be started: " + reasonOf (failed) + "." };
    int status = 0;
    while (::waitpid (child, &status, 0) < 0 && errno == EINTR)
        ;
    double value = 0;
    const auto [end, error] = std::from_chars (said.data(), said.data() + said.size(), value);
    if (! WIFEXITED (status) || WEXITSTATUS (status) != 0 || error != std::errc {})
        return Problem { "The child process of the benchmark failed." };
    return value;
}

/// A project on disk for a child to open.
Result<std::shared_ptr<Folder>> projectFor (const SongSetup& setup, Session& session)
{
    auto folder = Folder::made();
    if (! folder)
        return folder.problem();
    auto project = songOf (folder->path, setup, quiet (session));
    if (! project)
        return project.problem();
    if (auto saved = session::ProjectFolder::created (folder->path, *project); ! saved)
        return saved.problem();
    return std::make_shared<Folder> (*std::move (folder));
}

/// Peak resident memory in MiB.
double peakMemory()
{
    std::ifstream status ("/proc/self/status");
    for (std::string line; std::getline (status, line);)
        if (line.starts_with ("VmHWM:"))
            return std::strtod (line.c_str() + 6, nullptr) / 1024;
    return 0;
}

} // namespace

Result<Sampler> liveLoad (Session& session)
{
    return Sampler { [&session]() -> Result<Sample>
                     {
                         auto run = liveRun (session);
                         if (! run)
                             return run.problem();
                         return Sample { run->load, 1, run->beside };
                     } };
}

Result<Sampler> liveLate (Session& session)
{
    return Sampler { [&session]() -> Result<Sample>
                     {
                         auto run = liveRun (session);
                         if (! run)
                             return run.problem();
                         return Sample { run->late, 1, run->beside };
                     } };
}

Result<Sampler> startupTime (Session& session)
{
    auto folder = projectFor ({ 8, 2, 2 }, session);
    if (! folder)
        return folder.problem();
    return Sampler { [folder = *folder]() -> Result<Sample>
                     {
                         double started = 0;
                         const auto sounded = childSays ("startup", folder->path, started);
                         if (! sounded)
                             return sounded.problem();
                         return Sample { *sounded - started };
                     } };
}

Result<Sampler> memoryUse (Session& session)
{
    auto folder = projectFor ({ 128, 2, session.quick ? 3.0 : 6.0 }, session);
    if (! folder)
        return folder.problem();
    return Sampler { [folder = *folder]() -> Result<Sample>
                     {
                         double started = 0;
                         const auto used = childSays ("memory", folder->path, started);
                         if (! used)
                             return used.problem();
                         return Sample { *used };
                     } };
}

int childMain (const std::string& what, const std::string& path)
{
    auto studio = studio::Studio::opened (path, session::ProjectFolder::Use::read);
    if (! studio)
    {
        std::cerr << "lacquer: " << studio.problem().sentence() << "\n";
        return 3;
    }
    studio::Player player (studio->folder(), studio->project().sampleRate);
    const auto project = studio->shared();
    const auto song = project->songs.front();
    if (auto followed = player.follow (project, song); ! followed)
    {
        std::cerr << "lacquer: " << followed.problem().sentence() << "\n";
        return 3;
    }
    player.settle();
    player.deviceStarted();
    player.play();
    float left[frames], right[frames];
    float* out[2] { left, right };
    double sounded = 0;
    for (Frames at = 0; at < song->end; at += frames)
    {
        player.render (out, 2, frames);
        if (sounded == 0 && std::any_of (left, left + frames, [] (float x) { return x != 0; }))
            sounded = secondsOf (CLOCK_MONOTONIC);
        if (what == "startup" && sounded != 0)
            break;
        if (at % 6400 == 0)
            player.settle(); // this device is faster than time; the disk must keep up
    }
    std::cout.precision (17);
    std::cout << (what == "startup" ? sounded : peakMemory()) << std::endl;
    player.deviceStopped();
    return sounded != 0 ? 0 : 3;
}

} // namespace lacquer::bench
