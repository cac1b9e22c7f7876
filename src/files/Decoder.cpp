// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Decoder.h"

#include "files/DecoderMessages.h"
#include "files/Inspection.h"
#include "files/PcmFile.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lacquer::files
{
namespace
{

/// A day of sound: no recording is longer, but a file of 100 kB can promise (and decode to) a year of
/// silence.
constexpr double longest = 86400;

/// The decoding child: spawned by the constructor, gone after the destructor.
class Child
{
public:
    Child (const Descriptor& file, const char* job, Seconds patienceToHave) : patience (patienceToHave)
    {
        int ends[2] = { -1, -1 };
        if (::pipe2 (ends, O_CLOEXEC) != 0)
            return;
        // Above every number that the child uses, so that one dup2 cannot overwrite the source of the next.
        const Descriptor output { ::fcntl (ends[1], F_DUPFD_CLOEXEC, 10) };
        const Descriptor input { ::fcntl (file.number(), F_DUPFD_CLOEXEC, 10) };
        pipe = Descriptor { ends[0] };
        ::close (ends[1]);
        if (! output.isOpen() || ! input.isOpen())
            return;

        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init (&actions);
        for (const int standard : { 0, 1, 2 })
            posix_spawn_file_actions_addopen (&actions, standard, "/dev/null", O_RDWR, 0);
        posix_spawn_file_actions_adddup2 (&actions, input.number(), childInput);
        posix_spawn_file_actions_adddup2 (&actions, output.number(), childOutput);
        // The signals of this thread may be blocked, and those of the child must not be.
        posix_spawnattr_t attributes;
        posix_spawnattr_init (&attributes);
        sigset_t none, usual;
        sigemptyset (&none);
        sigemptyset (&usual);
        for (const int number : { SIGPIPE, SIGINT, SIGTERM, SIGCHLD })
            sigaddset (&usual, number);
        posix_spawnattr_setsigmask (&attributes, &none);
        posix_spawnattr_setsigdefault (&attributes, &usual);
        posix_spawnattr_setpgroup (&attributes, 0); // Ctrl-C is for the parent, which ends the child itself
        posix_spawnattr_setflags (&attributes,
                                  POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
        char self[] = "/proc/self/exe", verb[] = "--import-helper";
        std::string jobText = job;
        char* arguments[] = { self, verb, jobText.data(), nullptr };
        char locale[] = "LC_ALL=C";
        char* environment[] = { locale, nullptr };
        if (::posix_spawn (&id, self, &actions, &attributes, arguments, environment) != 0)
            id = -1;
        posix_spawnattr_destroy (&attributes);
        posix_spawn_file_actions_destroy (&actions);
    }
    ~Child() { end(); }
    Child (const Child&) = delete;
    Child& operator= (const Child&) = delete;

    bool started() const { return id > 0; }

    /// Reads exactly size bytes; false at the end of the pipe, after patience without a byte, or when the
    /// user has had enough.
    bool read (void* out, std::size_t size, const Progress& progress)
    {
        auto* bytes = static_cast<unsigned char*> (out);
        // Only waiting counts: however slow we are ourselves, the child is not blamed.
        using Clock = std::chrono::steady_clock;
        auto begin = Clock::now();
        while (size > 0)
        {
            pollfd wait { pipe.number(), POLLIN, 0 };
            const int ready = ::poll (&wait, 1, 50);
            if (progress.stopped())
                return false;
            if (ready < 0 && errno != EINTR)
                return false;
            if (ready <= 0)
            {
                if (std::chrono::duration<double> (Clock::now() - begin).count() > patience.value)
                {
                    timedOut = true;
                    return false;
                }
                continue;
            }
            const auto got = ::read (pipe.number(), bytes, size);
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return false;
            bytes += got;
            size -= static_cast<std::size_t> (got);
            begin = Clock::now();
        }
        return true;
    }

    /// Why nothing more came, for a musician.
    std::string complaint()
    {
        if (timedOut)
            return "The decoder made no progress for " + std::to_string (static_cast<int> (patience.value)) +
                   " seconds and was stopped: the file is damaged or made to do harm.";
        const int status = end();
        if (status >= 0 && WIFSIGNALED (status))
            return "The decoder crashed on this file (which did no harm here): it is damaged or made to do "
                   "harm.";
        return "The decoder gave up on this file.";
    }

    int end()
    {
        int status = -1;
        if (id > 0)
        {
            pipe.close();
            ::kill (id, SIGKILL);
            while (::waitpid (id, &status, 0) < 0 && errno == EINTR)
            {
            }
            id = -1;
        }
        return status;
    }

private:
    pid_t id = -1;
    Descriptor pipe;
    Seconds patience;
    bool timedOut = false;
};

struct Opening
{
    Sound sound;
    Walls walls;
};

/// Reads and judges the first words of the child: even it is not believed.
Result<Opening> opening (Child& child, const Sound& seen, const Progress& progress, const std::string& where)
{
    if (! child.started())
        return Problem { "The decoder could not be started.", where };
    Hello hello;
    if (! child.read (&hello, sizeof hello, progress))
        return Problem { progress.stopped() ? "Stopped." : child.complaint(), where };
    if (hello.magic != Hello::expected || hello.status > DecoderStatus::damaged)
        return Problem { "The decoder gave up on this file.", where };
    if (hello.status != DecoderStatus::good)
        return Problem {
            "This " + seen.format + " file is damaged or of a kind that the decoder does not read.", where
        };
    if (hello.channels < 1 || hello.channels > maxChannels ||
        ! (hello.rate >= minRate && hello.rate <= maxRate) || hello.frames < 0)
        return Problem { "The decoder names impossible properties for this file.", where };
    Opening found { seen, { hello.limits != 0, hello.fileSystem != 0, hello.systemCalls != 0 } };
    found.sound.channels = hello.channels;
    found.sound.rate = hello.rate;
    // Some decoders say "unknown" by a huge number: a claim beyond a day is none.
    found.sound.frames = static_cast<double> (hello.frames) <= longest * hello.rate ? hello.frames : 0;
    found.sound.channelMask = hello.channelMask;
    return found;
}

Outcome tooLong (const std::string& where)
{
    return Problem { "This file holds more than 24 hours of sound.", where };
}

Result<Decoded> decodedPlain (const PcmFile& file, const BlockSink& sink, const Progress& progress,
                              const std::string& where)
{
    constexpr int block = 4096;
    Decoded result { file.sound(), 0, { true, true, true } };
    std::vector<std::vector<float>> lanes (static_cast<std::size_t> (file.channels()),
                                           std::vector<float> (block));
    std::vector<float*> out;
    for (auto& lane : lanes)
        out.push_back (lane.data());
    for (Frames at = 0; at < file.frames(); at += block)
    {
        if (progress.stopped())
            return Problem { "Stopped.", where };
        const int frames = static_cast<int> (std::min<Frames> (block, file.frames() - at));
        if (file.read (at, frames, out.data(), &result.damaged) < frames)
            return Problem { "The file could not be read to its end.", where };
        if (auto taken = sink (result.sound, out.data(), frames); ! taken)
            return taken.problem();
        progress.at (static_cast<double> (at + frames) / static_cast<double> (file.frames()));
    }
    return result;
}

} // namespace

Result<Decoded> decoded (const std::filesystem::path& path, const BlockSink& sink, const Progress& progress,
                         Seconds patience)
{
    const auto where = shownName (path);
    auto file = openedForReading (path);
    if (! file)
        return file.problem();
    const auto seen = inspected (*file, path);
    if (! seen)
        return seen.problem();
    if (static_cast<double> (seen->sound.frames) > longest * seen->sound.rate)
        return tooLong (where).problem();
    if (seen->plain)
    {
        auto pcm = PcmFile::opened (std::move (*file), path);
        return pcm ? decodedPlain (*pcm, sink, progress, where) : Result<Decoded> (pcm.problem());
    }

    Child child (*file, "decode", patience);
    auto begun = opening (child, seen->sound, progress, where);
    if (! begun)
        return begun.problem();
    Decoded result { begun->sound, 0, begun->walls };
    const auto channels = static_cast<std::size_t> (result.sound.channels);
    std::vector<float> mixed;
    std::vector<std::vector<float>> lanes (channels);
    std::vector<const float*> out (channels);
    Frames frames = 0;
    for (;;)
    {
        BlockHead head;
        if (! child.read (&head, sizeof head, progress))
            return Problem { progress.stopped() ? "Stopped." : child.complaint(), where };
        if (head.frames == 0)
        {
            if (head.status != DecoderStatus::good)
                return Problem { "The sound in this file is damaged after " +
                                     std::to_string (static_cast<int> (static_cast<double> (frames) /
                                                                       result.sound.rate)) +
                                     " s.",
                                 where };
            break;
        }
        if (head.frames > BlockHead::most)
            return Problem { "The decoder gave up on this file.", where };
        mixed.resize (head.frames * channels);
        if (! child.read (mixed.data(), mixed.size() * sizeof (float), progress))
            return Problem { progress.stopped() ? "Stopped." : child.complaint(), where };
        result.damaged += mended (mixed.data(), mixed.size());
        for (std::size_t c = 0; c < channels; ++c)
        {
            lanes[c].resize (head.frames);
            for (std::size_t n = 0; n < head.frames; ++n)
                lanes[c][n] = mixed[n * channels + c];
            out[c] = lanes[c].data();
        }
        frames += head.frames;
        if (static_cast<double> (frames) > longest * result.sound.rate)
            return tooLong (where).problem();
        if (auto taken = sink (result.sound, out.data(), static_cast<int> (head.frames)); ! taken)
            return taken.problem();
        if (result.sound.frames > 0)
            progress.at (
                std::min (1.0, static_cast<double> (frames) / static_cast<double> (result.sound.frames)));
    }
    result.sound.frames = frames;
    return result;
}

Result<Sound> probe (const std::filesystem::path& path, Seconds patience)
{
    const auto where = shownName (path);
    auto file = openedForReading (path);
    if (! file)
        return file.problem();
    const auto seen = inspected (*file, path);
    if (! seen)
        return seen.problem();
    if (seen->plain)
        return seen->sound;
    Child child (*file, "probe", patience);
    auto begun = opening (child, seen->sound, {}, where);
    if (! begun)
        return begun.problem();
    return begun->sound;
}

} // namespace lacquer::files
