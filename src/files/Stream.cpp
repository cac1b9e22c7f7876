// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Stream.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <chrono>

namespace lacquer::files
{

Stream::Stream (Reader& owner, std::vector<ClipSource> given, int channels, Frames position)
    : reader (owner), lanes (channels), ringFrames (owner.ringFrames), next (position),
      wanted (packed (1, position)), fetched (packed (1, position)), clips (std::move (given), channels),
      fetchEnd (position)
{
    for (int c = 0; c < lanes; ++c)
        ring[c].resize (static_cast<std::size_t> (ringFrames));
}

Stream::~Stream()
{
    reader.forget (this);
}

void Stream::locate (Frames position) noexcept
{
    next = position;
    ++generation;
    wanted.store (packed (generation, position), std::memory_order_release);
}

void Stream::setLoop (Frames begin) noexcept
{
    loopBegin.store (begin, std::memory_order_relaxed);
}

bool Stream::ready (Frames position, int frames) noexcept
{
    const auto word = fetched.load (std::memory_order_acquire);
    if (generationOf (word) == generation && position >= next && position + frames <= positionOf (word))
        return true;
    const auto* start = loop.current();
    return start != nullptr && position >= start->begin && position + frames <= start->begin + start->frames;
}

int Stream::read (Frames position, std::span<float* const> out, int frames) noexcept
{
    // Backwards, or further on than the ring reaches: the reader has to begin anew there.
    if (position < next || position > next + ringFrames)
        locate (position);

    const auto word = fetched.load (std::memory_order_acquire);
    const Frames there = generationOf (word) == generation ? positionOf (word) : position;
    int got = static_cast<int> (std::clamp<Frames> (there - position, 0, frames));
    for (int c = 0; c < lanes; ++c)
    {
        float* to = out[static_cast<std::size_t> (c)];
        const auto* from = ring[c].data();
        const auto begin = position & (ringFrames - 1);
        const int straight = static_cast<int> (std::min<Frames> (got, ringFrames - begin));
        std::copy_n (from + begin, straight, to);
        std::copy_n (from, got - straight, to + straight);
    }

    if (got < frames)
    {
        const auto* start = loop.current();
        if (start != nullptr && position + got >= start->begin &&
            position + frames <= start->begin + start->frames)
        {
            for (int c = 0; c < lanes; ++c)
                std::copy_n (start->lanes[c].data() + (position + got - start->begin), frames - got,
                             out[static_cast<std::size_t> (c)] + got);
            got = frames;
        }
        for (int c = 0; c < lanes; ++c)
            std::fill (out[static_cast<std::size_t> (c)] + got, out[static_cast<std::size_t> (c)] + frames,
                       0.0f);
    }
    next = position + frames;
    wanted.store (packed (generation, next), std::memory_order_release);
    return got;
}

void Stream::fetchLoop()
{
    loop.collect();
    const auto begin = loopBegin.load (std::memory_order_relaxed);
    if (begin == loopFetched)
        return;
    loopFetched = begin;
    auto start = std::make_unique<LoopStart>();
    if (begin >= 0)
    {
        start->begin = begin;
        start->frames = static_cast<int> (ringFrames / 2);
        for (int c = 0; c < lanes; ++c)
            start->lanes[c].resize (static_cast<std::size_t> (start->frames));
        float* const out[2] = { start->lanes[0].data(), start->lanes[1].data() };
        clips.read (begin, { out, static_cast<std::size_t> (lanes) }, start->frames);
    }
    loop.offer (std::move (start));
}

Frames Stream::lead() const noexcept
{
    const auto word = wanted.load (std::memory_order_acquire);
    return generationOf (word) == fetchGeneration ? fetchEnd - positionOf (word) : -1;
}

/// Fetches up to most frames; false when the ring is full.
bool Stream::fetch (int most)
{
    const auto word = wanted.load (std::memory_order_acquire);
    const Frames from = positionOf (word);
    if (generationOf (word) != fetchGeneration)
    {
        fetchGeneration = generationOf (word);
        fetchEnd = from;
    }
    // Overrun by playback: what it has passed need not be fetched.
    fetchEnd = std::max (fetchEnd, from);

    const auto begin = fetchEnd & (ringFrames - 1);
    const Frames room = std::min (from + ringFrames - fetchEnd, ringFrames - begin);
    const int frames = static_cast<int> (std::min<Frames> (room, most));
    if (frames <= 0)
        return false;
    float* const out[2] = { ring[0].data() + begin, lanes == 2 ? ring[1].data() + begin : nullptr };
    clips.read (fetchEnd, { out, static_cast<std::size_t> (lanes) }, frames);
    fetchEnd += frames;
    fetched.store (packed (fetchGeneration, fetchEnd), std::memory_order_release);
    return true;
}

Reader::Reader (double rate)
    : ringFrames (std::bit_ceil (static_cast<std::uint32_t> (rate))), thread ([this] { run(); })
{
}

Reader::~Reader()
{
    {
        const std::lock_guard lock (mutex);
        assert (streams.empty() && "streams go before their reader");
        leaving = true;
    }
    wake.notify_all();
    thread.join();
}

std::unique_ptr<Stream> Reader::stream (std::vector<ClipSource> clips, int channels, Frames position)
{
    std::unique_ptr<Stream> made (new Stream (*this, std::move (clips), channels, position));
    {
        const std::lock_guard lock (mutex);
        streams.push_back (made.get());
    }
    wake.notify_all();
    return made;
}

void Reader::forget (Stream* gone)
{
    const std::lock_guard lock (mutex);
    std::erase (streams, gone);
}

void Reader::settle()
{
    std::unique_lock lock (mutex);
    const auto mine = ++asked;
    wake.notify_all();
    settled.wait (lock, [&] { return answered >= mine; });
}

void Reader::run()
{
    // 4096 frames are 85 ms at 48 kHz: after a locate every stream gets its first share before any gets more.
    constexpr int share = 4096;
    std::unique_lock lock (mutex);
    while (! leaving)
    {
        const auto request = asked;
        Stream* emptiest = nullptr;
        Frames least = 0;
        for (auto* stream : streams)
        {
            stream->fetchLoop();
            const auto lead = stream->lead();
            if (lead <= ringFrames - share && (emptiest == nullptr || lead < least))
            {
                emptiest = stream;
                least = lead;
            }
        }
        if (emptiest != nullptr)
        {
            emptiest->fetch (share);
            // Lets the control thread in between two shares, which else might wait for a whole refill.
            lock.unlock();
            lock.lock();
            continue;
        }
        answered = request;
        settled.notify_all();
        // The audio thread cannot wake anybody without a system call, so its wishes are looked at every 5 ms.
        wake.wait_for (lock, std::chrono::milliseconds (5), [&] { return leaving || asked != answered; });
    }
}

} // namespace lacquer::files
