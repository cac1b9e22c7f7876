// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Journal.h"

#include "core/SafeFile.h"
#include "session/Json.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace lacquer::session
{

namespace
{

constexpr std::string_view magic = "LacquerJournal1\n";
constexpr std::size_t headBytes = 12; // length of the payload (4), hash of the payload (8)
constexpr char stateRecord = 'S', markRecord = 'M';

/// A new journal replaces the old one at these, so that reading it back stays quick.
constexpr std::int64_t mostBytes = 64 << 20;
constexpr int mostRecords = 1000;
constexpr std::size_t mostText = 256u << 20;

/// Between two writes; with the time of a write itself well under the two seconds promised.
constexpr std::chrono::milliseconds pause { 400 };

void put (std::string& out, std::uint64_t v, int count)
{
    for (int n = 0; n < count; ++n)
        out += static_cast<char> (v >> 8 * n & 0xff);
}

std::uint64_t number (std::string_view bytes, int count)
{
    std::uint64_t v = 0;
    for (int n = count; n-- > 0;)
        v = v << 8 | static_cast<unsigned char> (bytes[static_cast<std::size_t> (n)]);
    return v;
}

std::string record (const std::string& payload)
{
    std::string out;
    put (out, payload.size(), 4);
    put (out, contentHash (payload), 8);
    return out + payload;
}

std::string markOf (std::uint64_t hash)
{
    std::string payload (1, markRecord);
    put (payload, hash, 8);
    return record (payload);
}

/// A state as what differs from the text before it: bytes kept at the head, at the tail, and the new middle.
std::string stateOf (std::string_view before, std::string_view now)
{
    const auto most = std::min (before.size(), now.size());
    std::size_t head = 0;
    while (head < most && before[head] == now[head])
        ++head;
    std::size_t tail = 0;
    while (tail < most - head && before[before.size() - 1 - tail] == now[now.size() - 1 - tail])
        ++tail;
    std::string payload (1, stateRecord);
    put (payload, head, 8);
    put (payload, tail, 8);
    payload += now.substr (head, now.size() - head - tail);
    return record (payload);
}

Problem notKept (int error)
{
    return { "Your last edits could not be kept on the disk because " + reasonOf (error) + ".",
             {},
             "The project as last saved is safe; make room and save." };
}

} // namespace

Journal::Journal (std::string p, std::uint64_t base) : path (std::move (p)), baseHash (base)
{
    thread = std::thread ([this] { run(); });
}

Journal::~Journal()
{
    {
        const std::lock_guard lock (mutex);
        stopping = true;
    }
    wake.notify_all();
    thread.join();
    if (fd >= 0)
        ::close (fd);
}

void Journal::note (ProjectPtr project)
{
    {
        const std::lock_guard lock (mutex);
        pending = std::move (project);
    }
    wake.notify_all();
}

Outcome Journal::flush()
{
    std::unique_lock lock (mutex);
    hurry = true;
    wake.notify_all();
    done.wait (lock, [this] { return pending == nullptr && ! writing; });
    hurry = false;
    return problem ? Outcome (*problem) : Outcome {};
}

Outcome Journal::mark (std::uint64_t upcoming)
{
    if (const auto flushed = flush(); ! flushed)
        return flushed;
    const std::lock_guard lock (mutex);
    return fd < 0 ? Outcome {} : append (markOf (upcoming));
}

Outcome Journal::restart (std::uint64_t base)
{
    (void)flush(); // what it could not write is in the file just saved
    const std::lock_guard lock (mutex);
    baseHash = base;
    lastText.clear();
    problem.reset();
    if (fd >= 0)
        ::close (fd);
    fd = -1;
    if (::unlink (path.c_str()) != 0 && errno != ENOENT)
        return notKept (errno);
    return {};
}

std::optional<Problem> Journal::trouble() const
{
    const std::lock_guard lock (mutex);
    return problem;
}

void Journal::run()
{
    std::unique_lock lock (mutex);
    for (;;)
    {
        wake.wait (lock, [this] { return pending != nullptr || stopping; });
        if (pending == nullptr)
            return;
        const auto project = std::exchange (pending, nullptr);
        writing = true;
        lock.unlock();
        const auto outcome = writeState (canonical (*project));
        lock.lock();
        writing = false;
        problem.reset();
        if (! outcome)
            problem = outcome.problem();
        done.notify_all();
        // Rests, so that a fader being moved does not keep the disk busy; a flush or the end cuts it short.
        wake.wait_for (lock, pause, [this] { return hurry || stopping; });
    }
}

Outcome Journal::writeState (const std::string& text)
{
    if (fd >= 0 && text == lastText)
        return {};
    if (fd < 0 || bytes > mostBytes || records > mostRecords)
        return begin (text);
    if (const auto appended = append (stateOf (lastText, text)); ! appended)
        return appended;
    lastText = text;
    return {};
}

/// Replaces the journal as a whole: nothing is lost when this fails half way.
Outcome Journal::begin (const std::string& text)
{
    const auto all = std::string (magic) + markOf (baseHash) + stateOf ({}, text);
    if (const auto written = writeSafely (path, all); ! written)
        return Problem { "Your last edits could not be kept on the disk: " + written.problem().what,
                         {},
                         "The project as last saved is safe; make room and save." };
    const int fresh = ::open (path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    if (fresh < 0)
        return notKept (errno);
    if (fd >= 0)
        ::close (fd);
    fd = fresh;
    bytes = static_cast<std::int64_t> (all.size());
    records = 1;
    lastText = text;
    return {};
}

Outcome Journal::append (const std::string& record)
{
    std::size_t have = 0;
    int error = 0;
    while (have < record.size() && error == 0)
    {
        const auto count = ::write (fd, record.data() + have, record.size() - have);
        if (count > 0)
            have += static_cast<std::size_t> (count);
        else if (count == 0)
            error = ENOSPC;
        else if (errno != EINTR)
            error = errno;
    }
    while (error == 0 && ::fdatasync (fd) != 0)
        if (errno != EINTR)
            error = errno;
    if (error == 0)
    {
        bytes += static_cast<std::int64_t> (record.size());
        ++records;
        return {};
    }
    // Half a record would hide all that follow: cut it off, or give this file up for a new one.
    if (::ftruncate (fd, bytes) != 0)
    {
        ::close (fd);
        fd = -1;
    }
    return notKept (error);
}

Result<Leftover> leftover (const std::string& path, std::uint64_t current)
{
    struct stat status
    {
    };
    if (::lstat (path.c_str(), &status) != 0 && errno == ENOENT)
        return Leftover {};
    const auto read = readWhole (path, 1u << 30);
    if (! read)
        return read.problem();
    Leftover result;
    std::string_view rest = *read;
    if (! rest.starts_with (magic))
        return result;
    rest.remove_prefix (magic.size());

    std::string text;
    bool changed = false; // a state followed the last mark that is the current file
    while (rest.size() >= headBytes)
    {
        const auto length = static_cast<std::size_t> (number (rest, 4));
        if (length > rest.size() - headBytes || length == 0)
            break;
        const auto payload = rest.substr (headBytes, length);
        if (contentHash (payload) != number (rest.substr (4), 8))
            break;
        rest.remove_prefix (headBytes + length);
        if (payload[0] == markRecord && length == 9)
        {
            if (number (payload.substr (1), 8) == current)
            {
                result.follows = true;
                changed = false;
            }
        }
        else if (payload[0] == stateRecord && length >= 17)
        {
            const auto head = number (payload.substr (1), 8), tail = number (payload.substr (9), 8);
            if (head > text.size() || tail > text.size() - head)
                break;
            const auto middle = payload.substr (17);
            if (head + tail + middle.size() > mostText)
                break;
            std::string next;
            next.reserve (head + tail + middle.size());
            next.append (text, 0, head);
            next += middle;
            next.append (text, text.size() - tail, tail);
            text = std::move (next);
            changed = true;
        }
        else
            break;
    }
    if (changed)
        result.text = std::move (text);
    return result;
}

} // namespace lacquer::session
