// SPDX-License-Identifier: GPL-3.0-or-later
#include "Scratch.h"
#include "files/Stream.h"
#include "files/Writer.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <random>
#include <sys/vfs.h>
#include <thread>
#include <unistd.h>

using namespace lacquer;
using namespace lacquer::files;
using Clock = std::chrono::steady_clock;

namespace
{

/// 1: reads wait, as those of a disk that has fallen asleep.
std::atomic<int> diskStopped { 0 };

} // namespace

extern "C" ssize_t __real_pread (int, void*, size_t, off_t);
extern "C" ssize_t __wrap_pread (int file, void* out, size_t size, off_t offset)
{
    diskStopped.wait (1);
    return __real_pread (file, out, size, offset);
}

namespace
{

constexpr double rate = 48000;

/// What track and position say: any frame from a wrong place or of a wrong track shows.
int word (int track, int channel, Frames n)
{
    const auto mixed = static_cast<std::uint32_t> (n) * 2654435761u +
                       static_cast<std::uint32_t> (2 * track + channel) * 40503u;
    return static_cast<int> (mixed >> 8) - (1 << 23);
}

float sample (int track, int channel, Frames n)
{
    return static_cast<float> (word (track, channel, n)) * 0x1p-23f;
}

/// Tracks of stereo 24-bit audio on the disk.
struct Tape
{
    Scratch scratch;
    std::vector<std::shared_ptr<const PcmFile>> tracks;
    std::vector<Descriptor> files;
    Frames length;

    Tape (int count, double seconds) : length (static_cast<Frames> (seconds * rate))
    {
        for (int t = 0; t < count; ++t)
        {
            const auto name = std::to_string (t) + ".wav";
            WriterOptions options;
            options.encoding = Encoding::wav24;
            options.rate = rate;
            options.channels = 2;
            auto writer = Writer::opened (scratch / name, options);
            REQUIRE (writer);
            Planar block (2, length);
            for (int c = 0; c < 2; ++c)
                for (Frames n = 0; n < length; ++n)
                    block.lanes[static_cast<std::size_t> (c)][static_cast<std::size_t> (n)] =
                        sample (t, c, n);
            REQUIRE ((*writer)->write (block.pointers.data(), static_cast<int> (length)));
            REQUIRE ((*writer)->finish());
            auto file = PcmFile::opened (scratch / name);
            REQUIRE (file);
            tracks.push_back (std::make_shared<const PcmFile> (std::move (*file)));
            auto descriptor = openedForReading (scratch / name);
            REQUIRE (descriptor);
            files.push_back (std::move (*descriptor));
            REQUIRE (::fsync (files.back().number()) == 0); // pages not yet written cannot be thrown out
        }
    }

    /// Throws the files out of the system's memory.
    void cool() const
    {
        for (const auto& file : files)
            REQUIRE (::posix_fadvise (file.number(), 0, 0, POSIX_FADV_DONTNEED) == 0);
    }

    /// Whether its folder is on something that can be cold at all.
    bool onDisk() const
    {
        struct statfs facts
        {
        };
        return ::statfs (scratch.folder.c_str(), &facts) == 0 && facts.f_type != 0x01021994; // tmpfs
    }
};

/// Bytes that this process had fetched from disks: proc(5), /proc/pid/io, read_bytes.
long long bytesFromDisk()
{
    std::ifstream in ("/proc/self/io");
    std::string name;
    for (long long value = 0; in >> name >> value;)
        if (name == "read_bytes:")
            return value;
    return -1;
}

struct Told
{
    int late = 0, wrong = 0, refused = 0;
    double longestWait = 0; ///< seconds from a locate to the first sound
    long long fromDisk = 0;
};

/// Plays all tracks as the engine does, in real time and blocks of 128 frames: locates now and then, and
/// waits there until every stream can start; loops.
Told played (const Tape& tape, double seconds, unsigned seed)
{
    constexpr int block = 128;
    std::mt19937 random (seed);
    Reader reader (rate);
    std::vector<std::shared_ptr<Stream>> streams;
    tape.cool();
    const auto before = bytesFromDisk();
    for (const auto& track : tape.tracks)
        streams.push_back (reader.stream ({ { track, 0, 0, tape.length } }, 2));

    Told told;
    Planar out (2, block);
    Frames at = 0, loopBegin = -1, loopEnd = -1;
    bool waiting = true;
    auto asked = Clock::now();
    const auto begun = asked;
    const auto blocks = static_cast<int> (seconds * rate / block);
    for (int n = 0; n < blocks; ++n)
    {
        std::this_thread::sleep_until (begun + std::chrono::duration<double> (n * block / rate));
        if (! waiting && random() % (375) == 0) // once a second
        {
            if (random() % 2 == 0)
            {
                // A loop that ends half a second from here or later, and is up to two seconds long.
                loopEnd =
                    at + static_cast<Frames> (rate * (0.5 + 0.001 * static_cast<double> (random() % 500)));
                loopBegin = std::max<Frames> (0, loopEnd - static_cast<Frames> (random() % 96000) - block);
                for (auto& s : streams)
                    s->setLoop (loopBegin, loopEnd);
            }
            else
            {
                tape.cool();
                at = static_cast<Frames> (random() % static_cast<unsigned> (tape.length - 48000));
                for (auto& s : streams)
                    s->locate (at);
                waiting = true;
                asked = Clock::now();
            }
        }
        if (waiting)
        {
            if (! std::all_of (streams.begin(), streams.end(), [&] (auto& s) { return s->canStart (at); }))
                continue;
            waiting = false;
            told.longestWait =
                std::max (told.longestWait, std::chrono::duration<double> (Clock::now() - asked).count());
        }
        int frames = block;
        if (at < loopEnd)
            frames = static_cast<int> (std::min<Frames> (frames, loopEnd - at));
        for (std::size_t t = 0; t < streams.size(); ++t)
        {
            told.late += streams[t]->read (at, out.pointers, frames) < frames;
            for (int c = 0; c < 2; ++c)
                for (int k = 0; k < frames; ++k)
                    told.wrong += out.at (c, k) !=
                                  (at + k < tape.length ? sample (static_cast<int> (t), c, at + k) : 0.0f);
        }
        at += frames;
        if (at == loopEnd)
            at = loopBegin;
    }
    told.fromDisk = bytesFromDisk() - before;
    return told;
}

void checkCold (int tracks, double length, double seconds)
{
    const unsigned seed = std::random_device {}();
    CAPTURE (seed);
    const Tape tape (tracks, length);
    const auto told = played (tape, seconds, seed);
    CAPTURE (told.longestWait, told.fromDisk);
    CHECK (told.late == 0);
    CHECK (told.wrong == 0);
    // Cold: at least what was played first came from the disk, 6 bytes a frame and a second's ring a track.
    if (tape.onDisk())
        CHECK (told.fromDisk >= tracks * static_cast<long long> (rate) * 6);
    else
        WARN ("The temporary folder is in memory: nothing in it can be cold.");
}

} // namespace

TEST_CASE ("32 stereo tracks from a cold disk are never late, wherever playback goes")
{
    checkCold (32, 6, 4);
}

TEST_CASE ("128 stereo tracks from a cold disk are never late, wherever playback goes", "[.full]")
{
    checkCold (128, 20, 60);
}

TEST_CASE ("a disk that stops is heard as silence and counted, and when it goes on so does the sound")
{
    const Tape tape (4, 6);
    Reader reader (rate);
    std::vector<std::shared_ptr<Stream>> streams;
    for (const auto& track : tape.tracks)
        streams.push_back (reader.stream ({ { track, 0, 0, tape.length } }, 2));
    reader.settle();

    diskStopped = 1;
    constexpr int block = 480;
    Planar out (2, block);
    std::vector<int> late, wrong;
    const auto play = [&] (Frames from, Frames to)
    {
        int missed = 0, bad = 0;
        for (Frames at = from; at < to; at += block)
            for (std::size_t t = 0; t < streams.size(); ++t)
            {
                const int got = streams[t]->read (at, out.pointers, block);
                missed += got < block;
                for (int c = 0; c < 2; ++c)
                    for (int k = 0; k < block; ++k)
                        bad += out.at (c, k) != (k < got ? sample (static_cast<int> (t), c, at + k) : 0.0f);
            }
        late.push_back (missed);
        wrong.push_back (bad);
    };
    // The ring is a second long, so the first 48,000 frames are safe; 96,000 never were on their way.
    play (0, 48000);
    play (96000, 144000);
    // A stream can be let go of, and another made, while the disk stands.
    streams.pop_back();
    streams.push_back (reader.stream ({ { tape.tracks.back(), 0, 0, tape.length } }, 2, 144000));
    CHECK_FALSE (reader.awaitStart (std::chrono::milliseconds (1)));

    diskStopped = 0;
    diskStopped.notify_all();
    CHECK (reader.awaitStart (std::chrono::seconds (60)));
    reader.settle();
    play (144000, 192000);
    CHECK (late == std::vector<int> { 0, 400, 0 });
    CHECK (wrong == std::vector<int> { 0, 0, 0 });
}

TEST_CASE ("a step back over what was just played needs no disk, and one over what was missed is not made up")
{
    const Tape tape (1, 4);
    Reader reader (rate);
    const auto stream = reader.stream ({ { tape.tracks.front(), 0, 0, tape.length } }, 2);
    reader.settle();
    Planar out (2, 4096);
    const auto wrong = [&] (Frames at, int frames, int got)
    {
        int bad = stream->read (at, out.pointers, frames) != got;
        for (int n = 0; n < frames; ++n)
            bad += out.at (1, n) != (n < got ? sample (0, 1, at + n) : 0.0f);
        return bad;
    };
    for (Frames at = 0; at < 40000; at += 1000)
        REQUIRE (wrong (at, 1000, 1000) == 0);
    diskStopped = 1;
    stream->locate (40000 - 64);
    CHECK (stream->holds (40000 - 64, 4096));
    CHECK (wrong (40000 - 64, 4000, 4000) == 0);
    stream->locate (40000 + 1000);
    CHECK (wrong (41000, 1000, 1000) == 0);
    stream->locate (40000);
    CHECK (wrong (40000, 1000, 1000) == 0);
    // Far on, where nothing is, and back by less than what the ring keeps: what was never read from the disk
    // must not be taken for what lay at that place of the ring before.
    CHECK (wrong (150000, 2000, 0) == 0);
    CHECK (wrong (151000, 500, 0) == 0);
    diskStopped = 0;
    diskStopped.notify_all();
    reader.settle();
    CHECK (wrong (151500, 1000, 1000) == 0);
}
