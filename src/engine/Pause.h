// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <sched.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace lacquer::engine
{

/// One turn of a loop that waits for another thread which is at work right now: short at first; gives the
/// processor away when the other must have been interrupted. [audio]
class Pause
{
public:
    void operator()() noexcept
    {
        if (++turns > 4000) // about 100 us
        {
            sched_yield();
            return;
        }
#if defined(__SSE2__)
        _mm_pause();
#elif defined(__aarch64__)
        asm volatile("yield");
#endif
    }

private:
    int turns = 0;
};

} // namespace lacquer::engine
