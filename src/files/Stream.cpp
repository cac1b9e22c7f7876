// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Stream.h"

#include <algorithm>
#include <cmath>

namespace lacquer::files
{

namespace
{

// What is fetched at a time: 85 ms at 48 kHz. After a locate every stream gets its first share before any
// gets its second. Shares lie on a grid of positions, so that none goes over the ring's seam.
constexpr int share = 4096;

// How much of the past the ring keeps: a stop steps back by its fade, a start by the latency it skipped.
constexpr Frames kept = share;

} // namespace

Stream::Stream (std::vector<ClipSource> given, int channels, Frames position, Frames frames)
    : lanes (channels), ringFrames (frames), next (position), begun (position), furthest (position),
      wanted (packed (1, position)), fetched (packed (1, position)),
      clips (std::move (given), channels, ClipReader::Reads::asAsked), fetchEnd (position),
      seen (wanted.load())
{
    for (int c = 0; c < lanes; ++c)
        ring[c].resize (static_cast<std::size_t> (ringFrames));
}

Frames Stream::inRing (Frames position) const noexcept
{
    const Frames rest = position % ringFrames;
    return rest < 0 ? rest + ringFrames : rest;
}

Frames Stream::startFrames() const noexcept
{
    return ringFrames / 4;
}

void Stream::locate (Frames position) noexcept
{
    if (position == next)
        return;
    const auto word = fetched.load (std::memory_order_acquire);
    if (generationOf (word) != generation || position < std::max (begun, furthest - kept) ||
        position > positionOf (word))
    {
        ++generation;
        begun = furthest = position;
    }
    next = position;
    furthest = std::max (furthest, position);
    wanted.store (packed (generation, position), std::memory_order_release);
}

void Stream::setLoop (Frames begin, Frames end) noexcept
{
    loopEnd.store (end, std::memory_order_relaxed);
    loopBegin.store (begin, std::memory_order_relaxed);
}

bool Stream::holds (Frames position, int frames) noexcept
{
    const auto word = fetched.load (std::memory_order_acquire);
    if (generationOf (word) == generation && position >= next && position + frames <= positionOf (word))
        return true;
    const auto* start = loop.current();
    return start != nullptr && position >= start->begin && position + frames <= start->begin + start->frames;
}

bool Stream::canStart (Frames position) noexcept
{
    return holds (position, static_cast<int> (startFrames()));
}

int Stream::read (Frames position, std::span<float* const> out, int frames) noexcept
{
    if (position != next)
        locate (position);

    const auto word = fetched.load (std::memory_order_acquire);
    const Frames there = generationOf (word) == generation ? positionOf (word) : position;
    int got = static_cast<int> (std::clamp<Frames> (there - position, 0, frames));
    const auto begin = inRing (position);
    const int straight = static_cast<int> (std::min<Frames> (got, ringFrames - begin));
    for (int c = 0; c < lanes; ++c)
    {
        float* to = out[static_cast<std::size_t> (c)];
        std::copy_n (ring[c].data() + begin, straight, to);
        std::copy_n (ring[c].data(), got - straight, to + straight);
    }

    next = position + frames;
    furthest = std::max (furthest, next);
    if (got < frames)
    {
        begun = next; // the reader may leave out what has been passed
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
    wanted.store (packed (generation, next), std::memory_order_release);
    return got;
}

Stream::Need Stream::look()
{
    loop.collect();
    const auto word = wanted.load (std::memory_order_acquire);
    const Frames from = positionOf (word);
    if (generationOf (word) != fetchGeneration)
    {
        fetchGeneration = generationOf (word);
        fetchEnd = from;
        // All streams are looked at before the first of them is read, so the disk knows of all at once.
        clips.expect (from, startFrames());
    }
    // Overrun by playback: what it has passed need not be fetched.
    fetchEnd = std::max (fetchEnd, from);

    const auto begin = loopBegin.load (std::memory_order_relaxed);
    const auto end = loopEnd.load (std::memory_order_relaxed);
    if (begin != loopFetched)
    {
        loopFetched = begin;
        loopDone = 0;
        loopPart = std::make_unique<LoopStart>();
        loopPart->begin = begin;
        if (begin >= 0)
            loopPart->frames = static_cast<int> (ringFrames / 2);
        for (int c = 0; c < lanes; ++c)
            loopPart->lanes[c].resize (static_cast<std::size_t> (loopPart->frames));
    }

    Need need;
    need.moved = word != seen;
    seen = word;
    // Past the loop's end only a little is needed, for the case that the loop is switched off.
    Frames until = from + ringFrames - kept;
    const bool inLoop = begin >= 0 && from < end;
    if (inLoop)
        until = std::min (until, end + startFrames());
    const Frames lead = fetchEnd - from;
    need.startable = lead >= startFrames();
    if (fetchEnd + share <= until)
    {
        need.work = Work::ring;
        need.within = lead;
    }
    if (loopPart != nullptr)
    {
        const Frames within = inLoop ? end - from + loopDone : ringFrames;
        if (need.work == Work::none || within < lead)
        {
            need.work = Work::loop;
            need.within = within;
        }
    }
    return need;
}

void Stream::fetch (Work work)
{
    work == Work::loop ? fetchLoop() : fetchRing();
}

void Stream::fetchRing()
{
    const auto begin = inRing (fetchEnd);
    const int frames = share - static_cast<int> (begin % share);
    float* const out[2] = { ring[0].data() + begin, lanes == 2 ? ring[1].data() + begin : nullptr };
    fetchInto (out, fetchEnd, frames);
    fetchEnd += frames;
    fetched.store (packed (fetchGeneration, fetchEnd), std::memory_order_release);
}

void Stream::fetchLoop()
{
    const int frames = std::min (share, loopPart->frames - loopDone);
    if (frames > 0)
    {
        float* const out[2] = { loopPart->lanes[0].data() + loopDone,
                                lanes == 2 ? loopPart->lanes[1].data() + loopDone : nullptr };
        clips.read (loopPart->begin + loopDone, { out, static_cast<std::size_t> (lanes) }, frames);
        loopDone += frames;
    }
    if (loopDone < loopPart->frames)
        return;
    loopStart = loopPart.get();
    loop.offer (std::move (loopPart));
}

void Stream::fetchInto (float* const* out, Frames position, int frames)
{
    if (loopStart != nullptr && position >= loopStart->begin &&
        position + frames <= loopStart->begin + loopStart->frames)
        for (int c = 0; c < lanes; ++c)
            std::copy_n (loopStart->lanes[c].data() + (position - loopStart->begin), frames, out[c]);
    else
        clips.read (position, { out, static_cast<std::size_t> (lanes) }, frames);
}

Reader::Reader (double rate)
    : ringFrames (share * static_cast<Frames> (std::ceil (rate / share)) + kept + share),
      thread ([this] { run(); })
{
}

Reader::~Reader()
{
    {
        const std::lock_guard lock (mutex);
        leaving = true;
    }
    wake.notify_all();
    thread.join();
}

std::shared_ptr<Stream> Reader::stream (std::vector<ClipSource> clips, int channels, Frames position)
{
    std::shared_ptr<Stream> made (new Stream (std::move (clips), channels, position, ringFrames));
    {
        const std::lock_guard lock (mutex);
        added.push_back (made);
        ++asked; // what was answered did not know of this one
    }
    wake.notify_all();
    return made;
}

void Reader::settle()
{
    std::unique_lock lock (mutex);
    const auto mine = ++asked;
    wake.notify_all();
    answer.wait (lock, [&] { return settled >= mine; });
}

bool Reader::awaitStart (std::chrono::milliseconds most)
{
    std::unique_lock lock (mutex);
    const auto mine = ++asked;
    wake.notify_all();
    return answer.wait_for (lock, most, [&] { return startable >= mine; });
}

void Reader::run()
{
    std::vector<std::shared_ptr<Stream>> streams;
    int still = 0; // looks in a row that found nothing moving
    std::unique_lock lock (mutex);
    while (! leaving)
    {
        streams.insert (streams.end(), added.begin(), added.end());
        added.clear();
        const auto request = asked;
        lock.unlock();

        // Nobody else holds it: nobody can begin to.
        std::erase_if (streams, [] (const auto& stream) { return stream.use_count() == 1; });
        Stream* first = nullptr;
        Stream::Need soonest;
        bool allCanStart = true, moved = false;
        for (const auto& stream : streams)
        {
            const auto need = stream->look();
            allCanStart = allCanStart && need.startable;
            moved = moved || need.moved;
            if (need.work != Stream::Work::none && (first == nullptr || need.within < soonest.within))
            {
                first = stream.get();
                soonest = need;
            }
        }
        if (first != nullptr)
            first->fetch (soonest.work);

        lock.lock();
        if (allCanStart)
            startable = request;
        if (first == nullptr)
            settled = request;
        answer.notify_all();
        // The audio thread cannot wake anybody without a system call, so its wishes are looked at every 5 ms,
        // and every 25 ms when playback has stood still for a second.
        still = moved ? 0 : std::min (still + 1, 200);
        if (first == nullptr)
            wake.wait_for (lock, std::chrono::milliseconds (still < 200 ? 5 : 25),
                           [&] { return leaving || asked != request; });
    }
}

} // namespace lacquer::files
