// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Crew.h"

#include "core/RealTime.h"
#include "engine/FlushDenormals.h"
#include "engine/Pause.h"

#include <cassert>

namespace lacquer::engine
{

namespace
{

constexpr std::uint64_t field = (1u << 20) - 1;

int claimed (std::uint64_t ticket)
{
    return static_cast<int> (ticket & field);
}
int total (std::uint64_t ticket)
{
    return static_cast<int> ((ticket >> 20) & field);
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

void Crew::run (int steps, Work work, const void* context) noexcept
{
    assert (steps >= 0 && static_cast<std::uint64_t> (steps) < field);
    // Nobody reads these three now: all steps of the last run are done, and a late claim fails.
    todo = work;
    data = context;
    done.store (0, std::memory_order_relaxed);
    ticket.store (++runs << 40 | static_cast<std::uint64_t> (steps) << 20, std::memory_order_release);
    calls.fetch_add (1, std::memory_order_release);
    calls.notify_all();
    while (workOn())
    {
    }
    for (Pause pause; done.load (std::memory_order_acquire) != steps;)
        pause();
}

/// Claims and does one step; false when there is none left.
bool Crew::workOn() noexcept
{
    const auto now = ticket.load (std::memory_order_acquire);
    if (claimed (now) >= total (now))
        return false;
    const auto mine = ticket.fetch_add (1, std::memory_order_acq_rel);
    if (claimed (mine) >= total (mine))
        return false;
    todo (data, claimed (mine));
    done.fetch_add (1, std::memory_order_acq_rel);
    return true;
}

void Crew::help() noexcept
{
    const FlushDenormals flush;
    // About 20 us: the next chunk of the same callback comes sooner, the next callback later.
    constexpr int patience = 500;
    for (;;)
    {
        const auto call = calls.load (std::memory_order_acquire);
        if (ending.load (std::memory_order_acquire))
            return;
        {
            const RealTimeScope scope;
            while (workOn())
            {
            }
        }
        Pause pause;
        for (int n = 0; n < patience && calls.load (std::memory_order_acquire) == call; ++n)
            pause();
        calls.wait (call, std::memory_order_acquire);
    }
}

} // namespace lacquer::engine
