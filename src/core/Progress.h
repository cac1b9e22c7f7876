// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <functional>

namespace lacquer
{

/// How long work tells how far it is and learns that it should stop. Called from the working thread.
struct Progress
{
    std::function<void (double share)> report {}; ///< 0 to 1; may be empty
    const std::atomic<bool>* cancelled = nullptr; ///< set by anyone; may be null

    void at (double share) const
    {
        if (report)
            report (share);
    }
    bool stopped() const noexcept
    {
        return cancelled != nullptr && cancelled->load (std::memory_order_relaxed);
    }
};

} // namespace lacquer
