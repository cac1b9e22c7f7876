// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Yardstick.h"

#include "bench/Clock.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <pthread.h>

namespace lacquer::bench
{

Yardstick::Yardstick (double period, double work) : thread ([this, period, work] { turn (period, work); }) {}

Yardstick::~Yardstick()
{
    stop();
}

Yardstick::Seen Yardstick::stop()
{
    leave = true;
    if (thread.joinable())
        thread.join();
    return seen;
}

void Yardstick::turn (double period, double work)
{
    sched_param param {};
    param.sched_priority = 60;
    static_cast<void> (::pthread_setschedparam (::pthread_self(), SCHED_FIFO, &param));
    volatile double x = 1;
    const auto done = [&] (std::int64_t steps)
    {
        const CpuWatch watch;
        for (; steps > 0; --steps)
            x = 0.5 * x + 0.5;
        return watch.seconds();
    };
    // So many steps last that long: the shortest of some tries, as nothing but other things makes one longer.
    constexpr std::int64_t tried = 10000;
    double shortest = done (tried);
    for (int n = 0; n < 100; ++n)
        shortest = std::min (shortest, done (tried));
    const auto steps = static_cast<std::int64_t> (static_cast<double> (tried) * work / shortest);

    double total = 0, due = secondsOf (CLOCK_MONOTONIC);
    while (! leave.load (std::memory_order_relaxed))
    {
        due = std::max (due + period, secondsOf (CLOCK_MONOTONIC));
        const timespec until { static_cast<time_t> (due),
                               static_cast<long> (1e9 * (due - std::floor (due))) };
        while (::clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR)
            ;
        const double cpu = done (steps);
        total += cpu;
        seen.over += cpu > period;
        seen.longest = std::max (seen.longest, cpu);
        ++seen.turns;
        seen.typical = total / static_cast<double> (seen.turns);
    }
}

} // namespace lacquer::bench
