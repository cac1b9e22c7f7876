// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Crew.h"

#include "engine/FlushDenormals.h"
#include "engine/Pause.h"

#include <algorithm>
#include <cassert>
#include <pthread.h>
#include <sched.h>

namespace lacquer::engine
{

namespace
{

/// Makes the calling thread a real-time one, or an ordinary one again (0). False when that is not permitted.
bool schedule (int priority) noexcept
{
    sched_param p {};
    p.sched_priority = priority;
    return pthread_setschedparam (pthread_self(), priority > 0 ? SCHED_FIFO : SCHED_OTHER, &p) == 0;
}

} // namespace

Crew::Crew (int helpers)
{
    for (int n = 0; n < helpers; ++n)
        threads.emplace_back ([this] { help(); });
}

Crew::~Crew()
{
    ending.store (true, std::memory_order_release);
    calls.fetch_add (1, std::memory_order_release);
    calls.notify_all();
    for (auto& t : threads)
        t.join();
}

void Crew::add (int task) noexcept
{
    assert (task >= 0 && task < 1 << taskBits);
    const auto position = tail.fetch_add (1, std::memory_order_relaxed);
    // Against a helper that goes to sleep: it counts itself, then looks here; we write, then count sleepers.
    queue[position % capacity].store ((position + 1) << taskBits | static_cast<std::uint64_t> (task),
                                      std::memory_order_seq_cst);
}

void Crew::ready (int task) noexcept
{
    add (task);
    if (sleeping.load (std::memory_order_seq_cst) > 0)
    {
        calls.fetch_add (1, std::memory_order_release);
        calls.notify_one();
    }
}

bool Crew::isWaiting() const noexcept
{
    const auto position = head.load (std::memory_order_acquire);
    return queue[position % capacity].load (std::memory_order_seq_cst) >> taskBits == position + 1;
}

/// The first ready task, or -1 when there is none now.
int Crew::claim() noexcept
{
    auto position = head.load (std::memory_order_acquire);
    for (;;)
    {
        const auto slot = queue[position % capacity].load (std::memory_order_acquire);
        if (slot >> taskBits != position + 1)
        {
            // Taken by others meanwhile, or not there yet.
            const auto now = head.load (std::memory_order_acquire);
            if (now == position)
                return -1;
            position = now;
            continue;
        }
        if (head.compare_exchange_weak (position, position + 1, std::memory_order_acq_rel))
            return static_cast<int> (slot & ((1u << taskBits) - 1));
    }
}

/// Does one ready task, and what follows from it; false when there is none.
bool Crew::workOn() noexcept
{
    int task = claim();
    if (task < 0)
        return false;
    // While a claimed task is not done, this run and so `todo` and `data` stay.
    const auto work = todo;
    const auto* const context = data;
    while (task >= 0)
    {
        task = work (context, task, *this);
        done.fetch_add (1, std::memory_order_acq_rel);
    }
    return true;
}

void Crew::begin (Work work, const void* context) noexcept
{
    // Nobody reads these now: all tasks of the last run are done.
    todo = work;
    data = context;
    done.store (0, std::memory_order_relaxed);
}

void Crew::finish (int total) noexcept
{
    if (sleeping.load (std::memory_order_seq_cst) > 0)
    {
        calls.fetch_add (1, std::memory_order_release);
        calls.notify_all();
    }
    for (Pause pause; done.load (std::memory_order_acquire) != total;)
        if (workOn())
            pause = {};
        else
            pause();
}

void Crew::run (int steps, Step step, const void* context) noexcept
{
    struct Job
    {
        Step step;
        const void* context;
        int first;
    };
    for (int first = 0; first < steps; first += static_cast<int> (capacity))
    {
        const Job job { step, context, first };
        const int count = std::min (steps - first, static_cast<int> (capacity));
        begin (
            [] (const void* j, int n, Crew&) noexcept
            {
                const auto& it = *static_cast<const Job*> (j);
                it.step (it.context, it.first + n);
                return -1;
            },
            &job);
        for (int n = 0; n < count; ++n)
            add (n);
        finish (count);
    }
}

void Crew::help() noexcept
{
    const FlushDenormals flush;
    // About 20 us: the next chunk of the same callback comes sooner, the next callback later.
    constexpr int patience = 500;
    int priority = 0;
    bool permitted = false;
    for (;;)
    {
        if (const int now = wanted.load (std::memory_order_relaxed); now != priority)
        {
            priority = now;
            const bool before = permitted;
            permitted = schedule (std::max (0, priority - 1)) && priority > 1;
            promoted.fetch_add (static_cast<int> (permitted) - static_cast<int> (before),
                                std::memory_order_relaxed);
        }
        Pause pause;
        for (int idle = 0; idle < patience; ++idle)
            if (workOn())
            {
                idle = 0;
                pause = {};
            }
            else
                pause();
        const auto call = calls.load (std::memory_order_acquire);
        if (ending.load (std::memory_order_acquire))
            return;
        sleeping.fetch_add (1, std::memory_order_seq_cst);
        if (! isWaiting())
            calls.wait (call, std::memory_order_acquire);
        sleeping.fetch_sub (1, std::memory_order_relaxed);
    }
}

} // namespace lacquer::engine
