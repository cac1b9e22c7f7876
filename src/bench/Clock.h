// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <ctime>

namespace lacquer::bench
{

/// Seconds of one of the machine's clocks. [any thread]
inline double secondsOf (clockid_t clock) noexcept
{
    timespec t {};
    ::clock_gettime (clock, &t);
    return static_cast<double> (t.tv_sec) + 1e-9 * static_cast<double> (t.tv_nsec);
}

/// Measures from its making on: the time this thread has been computing, which other programs on the machine
/// do not lengthen (as far as they leave caches and clock rate alone).
class CpuWatch
{
public:
    double seconds() const noexcept { return secondsOf (CLOCK_THREAD_CPUTIME_ID) - begin; }

private:
    double begin = secondsOf (CLOCK_THREAD_CPUTIME_ID);
};

/// Measures what a clock on the wall shows.
class WallWatch
{
public:
    double seconds() const noexcept { return secondsOf (CLOCK_MONOTONIC) - begin; }

private:
    double begin = secondsOf (CLOCK_MONOTONIC);
};

} // namespace lacquer::bench
