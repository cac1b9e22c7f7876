// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <cstdint>
#include <thread>

namespace lacquer::bench
{

/// One and the same piece of work, done by a thread of its own at every tick for as long as this exists: what
/// the machine alone makes of a callback, beside that of a real one in the same minute. The work is
/// arithmetic on one number, touches no memory, makes no call and is set to last some `work` seconds.
class Yardstick
{
public:
    /// Of the turns so far. [after stop()]
    struct Seen
    {
        std::int64_t turns = 0, over = 0; ///< over: turns whose CPU time exceeded the period
        double typical = 0, longest = 0;  ///< CPU seconds of a turn; typical: their mean
    };

    /// period: seconds between two turns, and the bound; work: CPU seconds, below it.
    Yardstick (double period, double work);
    ~Yardstick();

    /// Ends the thread. [control]
    Seen stop();

private:
    void turn (double period, double work);

    std::atomic<bool> leave { false };
    Seen seen;
    std::thread thread;
};

} // namespace lacquer::bench
