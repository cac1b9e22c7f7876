// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Handoff.h"
#include "files/ClipReader.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace lacquer::files
{

/// The clips of a track, live: a ring of one second that the reader thread keeps full ahead of playback. The
/// samples are those of ClipReader, bit for bit.
///
/// The window of the ring has a generation. The audio thread begins a new one by writing where it wants to
/// be; the reader then restarts the ring there and publishes how far it is filled, with the generation. The
/// audio thread reads only what is published for its own generation, and the reader overwrites only what the
/// audio thread has passed in the same generation, less a little that is kept for small steps back: so
/// neither ever waits, and no sample is read while it is written.
class Stream : public FrameSource
{
public:
    int channels() const noexcept override { return lanes; }

    /// [audio] Wait-free, no allocation. A position that does not follow the last read counts as a locate.
    /// What the reader has not fetched in time is silence, and not counted in the return value.
    int read (Frames position, std::span<float* const> out, int frames) noexcept override;

    /// Fetches from here on: at stop, before start. [audio] Wait-free. What the ring still holds is not
    /// fetched again.
    void locate (Frames position) noexcept override;

    /// A quarter of a second is there. [audio]
    bool canStart (Frames position) noexcept override;

    /// Keeps the first half second from begin ready, so that a jump back to it from end finds its sound.
    /// begin < 0: no loop. [control]
    void setLoop (Frames begin, Frames end) noexcept;

    /// Whether read (position, ..., frames) would be whole now. [audio]
    bool holds (Frames position, int frames) noexcept;

private:
    friend class Reader;
    struct LoopStart
    {
        Frames begin = 0;
        int frames = 0;
        std::vector<float> lanes[2];
    };

    // Generation and position in one word: 16 bits and 48, signed: 2^47 frames are 23 years at 192 kHz.
    static std::uint64_t packed (std::uint16_t generation, Frames position) noexcept
    {
        return static_cast<std::uint64_t> (position) << 16 | generation;
    }
    static std::uint16_t generationOf (std::uint64_t word) noexcept
    {
        return static_cast<std::uint16_t> (word);
    }
    static Frames positionOf (std::uint64_t word) noexcept { return static_cast<Frames> (word) >> 16; }

    Stream (std::vector<ClipSource>, int channels, Frames position, Frames ringFrames);
    Frames inRing (Frames position) const noexcept;
    Frames startFrames() const noexcept;

    // The reader's next piece of work here, and how many frames may be played until it is needed.
    enum class Work
    {
        none,
        ring,
        loop
    };
    struct Need
    {
        Work work = Work::none;
        Frames within = 0;
        bool startable = true;
        bool moved = false; ///< playback has, since last looked
    };
    Need look();
    void fetch (Work);
    void fetchRing();
    void fetchLoop();
    void fetchInto (float* const* out, Frames position, int frames);

    const int lanes;
    const Frames ringFrames; // a multiple of the reader's share
    std::vector<float> ring[2];

    // Audio thread: where it will read next; what lies in the ring from `begun` on, and less than `kept`
    // before the furthest it has been, is still there.
    std::uint16_t generation = 1;
    Frames next, begun, furthest;
    alignas (64) std::atomic<std::uint64_t> wanted;  // audio writes: everything before is passed
    alignas (64) std::atomic<std::uint64_t> fetched; // reader writes: everything from wanted to here is there

    // Reader thread.
    ClipReader clips;
    std::uint16_t fetchGeneration = 1;
    Frames fetchEnd;
    std::uint64_t seen; // of `wanted`
    std::atomic<Frames> loopBegin { -1 }, loopEnd { -1 };
    Frames loopFetched = -1;
    std::unique_ptr<LoopStart> loopPart; // on its way
    int loopDone = 0;
    const LoopStart* loopStart = nullptr; // last offered: lives until the next offer
    Handoff<LoopStart> loop;              // the reader offers, the audio thread uses
};

/// The thread that fills the rings of all streams of a project, what is needed soonest first.
class Reader
{
public:
    /// rate: of the project, in Hz; the rings hold one second ahead. [control]
    explicit Reader (double rate);
    ~Reader();
    Reader (const Reader&) = delete;
    Reader& operator= (const Reader&) = delete;

    /// A stream of clips, fetching from position as long as the Reader lives and anybody else holds it.
    /// [control] Never waits for the disk; nor does letting go of a stream.
    std::shared_ptr<Stream> stream (std::vector<ClipSource> clips, int channels, Frames position = 0);

    /// Returns when every stream had everything that its last locate or read wanted. [control, or a test] For
    /// playing faster than time with live streams.
    void settle();

    /// Waits until every stream could start where it is, but not longer than told; false when that was too
    /// short. [control]
    bool awaitStart (std::chrono::milliseconds most);

private:
    void run();

    const Frames ringFrames;
    std::mutex mutex; // never taken by the audio thread, never held while the disk is read
    std::condition_variable wake, answer;
    std::vector<std::shared_ptr<Stream>> added;
    std::uint64_t asked = 0, startable = 0, settled = 0; // requests: made, and answered by the thread
    bool leaving = false;
    std::thread thread;
};

} // namespace lacquer::files
