// SPDX-License-Identifier: GPL-3.0-or-later
// Two threads hammer the three hand-overs of core. Built with ThreadSanitizer twice: from the real headers,
// which must be clean, and from copies in which every ordering is weakened to relaxed, which must be
// reported.
#include "core/Handoff.h"
#include "core/Latest.h"
#include "core/Queue.h"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>

using namespace lacquer;

namespace
{

constexpr long rounds = 30000;
constexpr long meetings = 500; // at least so many times the reader must have seen something new
long faults = 0;

void expect (bool good, const char* what)
{
    if (good)
        return;
    ++faults;
    std::printf ("fault: %s\n", what);
}

struct Wide
{
    long first = 0, between[14] {}, last = 0;
};

/// Values arrive whole, in order, and the last one arrives.
void latest()
{
    Latest<Wide> shared;
    std::atomic<bool> done { false };
    std::atomic<long> seen { 0 };
    long written = 0;
    std::thread writer (
        [&]
        {
            for (long k = 1; k <= rounds || seen.load (std::memory_order_relaxed) < meetings; ++k)
            {
                Wide& w = shared.draft();
                w.first = w.between[7] = w.last = k;
                shared.publish();
                written = k;
                if (k % 64 == 0)
                    std::this_thread::yield();
            }
            done.store (true, std::memory_order_relaxed);
        });
    long before = 0, torn = 0, backwards = 0;
    const auto look = [&]
    {
        const Wide& w = shared.read();
        torn += w.first != w.last || w.first != w.between[7];
        backwards += w.first < before;
        if (w.first != before)
            seen.fetch_add (1, std::memory_order_relaxed);
        before = w.first;
    };
    while (! done.load (std::memory_order_relaxed))
        look();
    writer.join();
    look();
    expect (torn == 0, "Latest gave a torn value");
    expect (backwards == 0, "Latest went backwards");
    expect (before == written, "Latest lost the last value");
}

/// Every event arrives once, in order, whole; a full queue refuses.
void queue()
{
    Queue<Wide, 64> shared;
    std::thread writer (
        [&]
        {
            for (long k = 1; k <= rounds; ++k)
            {
                Wide w;
                w.first = w.between[7] = w.last = k;
                while (! shared.push (w))
                    std::this_thread::yield();
            }
        });
    long wrong = 0;
    for (long k = 1; k <= rounds;)
    {
        const auto w = shared.pop();
        if (! w)
        {
            std::this_thread::yield();
            continue;
        }
        wrong += w->first != k || w->last != k || w->between[7] != k;
        ++k;
    }
    writer.join();
    expect (wrong == 0, "Queue lost, repeated, reordered or tore an event");
    expect (! shared.pop(), "Queue invented an event");
}

std::atomic<long> alive { 0 }, freedOnAudio { 0 };
thread_local bool isAudio = false;

struct Object
{
    long number, inverse;
    explicit Object (long n) : number (n), inverse (~n) { alive.fetch_add (1, std::memory_order_relaxed); }
    ~Object()
    {
        if (isAudio)
            freedOnAudio.fetch_add (1, std::memory_order_relaxed);
        alive.fetch_sub (1, std::memory_order_relaxed);
    }
};

/// Objects arrive whole and never an older one; all are freed, none on the audio thread.
void handoff()
{
    {
        Handoff<Object> shared;
        std::atomic<bool> done { false };
        long wrong = 0;
        std::atomic<long> seen { 0 };
        std::thread audio (
            [&]
            {
                isAudio = true;
                long before = -1;
                while (! done.load (std::memory_order_relaxed))
                    if (const Object* o = shared.current())
                    {
                        wrong += o->inverse != ~o->number || o->number < before;
                        if (o->number != before)
                            seen.fetch_add (1, std::memory_order_relaxed);
                        before = o->number;
                    }
                    else
                        std::this_thread::yield();
            });
        for (long k = 0; k < rounds || seen.load (std::memory_order_relaxed) < meetings; ++k)
        {
            shared.offer (std::make_unique<Object> (k));
            if (k % 64 == 0)
                std::this_thread::yield();
        }
        done.store (true, std::memory_order_relaxed);
        audio.join();
        expect (wrong == 0, "Handoff gave a torn or older object");
        expect (alive.load() <= 18, "Handoff keeps more than it can need");
    }
    expect (alive.load() == 0, "Handoff lost an object");
    expect (freedOnAudio.load() == 0, "Handoff freed on the audio thread");
}

} // namespace

int main (int count, char* arguments[])
{
    const char* which = count > 1 ? arguments[1] : "";
    const bool all = *which == 0;
    if (all || std::strcmp (which, "latest") == 0)
        latest();
    if (all || std::strcmp (which, "queue") == 0)
        queue();
    if (all || std::strcmp (which, "handoff") == 0)
        handoff();
    std::printf (faults == 0 ? "sound\n" : "faulty\n");
    return faults == 0 ? 0 : 1;
}
