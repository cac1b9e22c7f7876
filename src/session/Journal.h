// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Project.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace lacquer::session
{

/// The states of a project since it was saved, on disk within two seconds of each edit. One background thread
/// turns the newest state into its canonical text, appends what differs from the state before, and calls
/// fdatasync. States that come faster than it writes are skipped; the newest is always written.
///
/// The file is there only while there are unsaved edits. docs/SESSION-FORMAT.md describes it.
class Journal
{
public:
    /// path: of the journal. base: contentHash of the project file that the states follow. Starts the thread;
    /// touches no file. [control]
    Journal (std::string path, std::uint64_t base);
    ~Journal(); ///< writes what is pending
    Journal (const Journal&) = delete;
    Journal& operator= (const Journal&) = delete;

    /// Hands over a new state. Returns at once. [control]
    void note (ProjectPtr);

    /// Waits until all noted states are on disk; Problem when they are not. [control]
    Outcome flush();

    /// Before a save: notes the hash of the file that is about to take the project's name, so that a crash
    /// around the rename is understood either way. [control]
    Outcome mark (std::uint64_t upcoming);

    /// After a save: removes the journal; later states follow the new file. [control]
    Outcome restart (std::uint64_t base);

    /// What went wrong last, when the newest state is not on disk. [any thread]
    std::optional<Problem> trouble() const;

private:
    void run();
    Outcome writeState (const std::string& text);
    Outcome append (const std::string& record);
    Outcome begin (const std::string& text);

    const std::string path;

    mutable std::mutex mutex;
    std::condition_variable wake, done;
    ProjectPtr pending;
    bool writing = false, hurry = false, stopping = false;
    std::optional<Problem> problem;

    // Only touched by the thread, or while it is idle and the mutex is held.
    std::uint64_t baseHash;
    std::string lastText;
    int fd = -1;
    std::int64_t bytes = 0;
    int records = 0;
    std::thread thread;
};

/// What a journal left behind by a crash holds.
struct Leftover
{
    bool follows = false; ///< it belongs to the project file as it is now
    std::string text;     ///< the canonical text of its newest whole state after the file; empty: none
};

/// Reads a journal; a torn or damaged end is left out. current: contentHash of the project file. A missing
/// journal is an empty Leftover. Nothing in it is trusted. [control]
Result<Leftover> leftover (const std::string& path, std::uint64_t current);

} // namespace lacquer::session
