// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <atomic>

namespace lacquer
{

/// The latest value of T, from one writer to one reader, both wait-free.
/// Intermediate values are dropped: for meters and positions, not for events.
template <typename T>
class Latest
{
public:
    /// Writer: the slot to fill, then publish().
    T& draft() noexcept { return slots[writing]; }

    void publish() noexcept
    {
        writing = middle.exchange (writing | fresh, std::memory_order_acq_rel) & index;
    }

    /// Reader: the newest published value. Valid until the next read().
    const T& read() noexcept
    {
        if (middle.load (std::memory_order_relaxed) & fresh)
            reading = middle.exchange (reading, std::memory_order_acq_rel) & index;
        return slots[reading];
    }

private:
    static constexpr unsigned index = 3, fresh = 4;

    std::array<T, 3> slots {};
    unsigned writing = 0; // writer only
    std::atomic<unsigned> middle { 1 };
    unsigned reading = 2; // reader only
};

} // namespace lacquer
