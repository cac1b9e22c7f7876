// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Handoff.h"
#include "files/ClipReader.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace lacquer::files
{

class Reader;

/// The clips of a track, live: a ring of one to two seconds that the reader thread keeps full ahead of
/// playback. The samples are those of ClipReader, bit for bit.
///
/// The window of the ring has a generation. The audio thread begins a new one by writing where it wants to
/// be; the reader then restarts the ring there and publishes how far it is filled, with the generation. The
/// audio thread reads only what is published for its own generation, and the reader overwrites only what the
/// audio thread has passed in the same generation: so neither ever waits, and no sample is read while it is
/// written.
class Stream : public FrameSource
{
public:
    ~Stream() override;

    int channels() const noexcept override { return lanes; }

    /// [audio] Wait-free, no allocation. A position that does not follow the last read counts as a locate.
    /// What the reader has not fetched in time is silence, and not counted in the return value.
    int read (Frames position, std::span<float* const> out, int frames) noexcept override;

    /// Fetches from here on: at stop, before start. [audio] Wait-free.
    void locate (Frames position) noexcept override;

    /// Keeps the first half second or more from begin ready, so that a jump back to it finds its sound. begin
    /// < 0: no loop. [control]
    void setLoop (Frames begin) noexcept;

    /// Whether read (position, ..., frames) would be whole now. [audio]
    bool ready (Frames position, int frames) noexcept;

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

    Stream (Reader&, std::vector<ClipSource>, int channels, Frames position);
    void fetchLoop();
    bool fetch (int most);
    Frames lead() const noexcept;

    Reader& reader;
    const int lanes;
    const Frames ringFrames; // a power of two
    std::vector<float> ring[2];

    // Audio thread: where it will read next. Its generation begins with each locate.
    std::uint16_t generation = 1;
    Frames next = 0;
    alignas (64) std::atomic<std::uint64_t> wanted;  // audio writes: everything before is passed
    alignas (64) std::atomic<std::uint64_t> fetched; // reader writes: everything from wanted to here is there

    // Reader thread.
    ClipReader clips;
    std::uint16_t fetchGeneration = 1;
    Frames fetchEnd = 0;
    Frames loopFetched = -1;
    std::atomic<Frames> loopBegin { -1 };
    Handoff<LoopStart> loop; // the reader offers, the audio thread uses
};

/// The thread that fills the rings of all streams of a project, the emptiest first.
class Reader
{
public:
    /// rate: of the project, in Hz; the rings hold one to two seconds. [control]
    explicit Reader (double rate);
    /// Precondition: all its streams are gone.
    ~Reader();
    Reader (const Reader&) = delete;
    Reader& operator= (const Reader&) = delete;

    /// A stream of clips, fetching from position. [control] Destroy it on the control thread, when the audio
    /// thread has let go of it.
    std::unique_ptr<Stream> stream (std::vector<ClipSource> clips, int channels, Frames position = 0);

    /// Returns when every stream had everything that its last locate or read wanted. [control, or a test] For
    /// the start of playback, and for playing faster than time with live streams.
    void settle();

private:
    friend class Stream;
    void run();
    void forget (Stream*);

    const Frames ringFrames;
    std::mutex mutex; // never taken by the audio thread
    std::condition_variable wake, settled;
    std::vector<Stream*> streams;
    std::uint64_t asked = 0, answered = 0; // settle() requests
    bool leaving = false;
    std::thread thread;
};

} // namespace lacquer::files
