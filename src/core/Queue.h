// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <optional>
#include <type_traits>

namespace lacquer
{

/// Events in order from one writer to one reader, both wait-free and without allocation. A full queue refuses
/// the event: the writer decides whether to try again (control) or to count the loss (audio).
template <typename T, std::size_t capacity>
class Queue
{
    static_assert (std::is_trivially_copyable_v<T>, "events are copied on the audio thread");
    static_assert ((capacity & (capacity - 1)) == 0, "a power of two, so that the counters may wrap");

public:
    /// Writer: appends; false when full.
    bool push (const T& event) noexcept
    {
        const auto end = written.load (std::memory_order_relaxed);
        if (end - taken.load (std::memory_order_acquire) == capacity)
            return false;
        events[end % capacity] = event;
        written.store (end + 1, std::memory_order_release);
        return true;
    }

    /// Reader: the oldest event; nothing when empty.
    std::optional<T> pop() noexcept
    {
        const auto begin = taken.load (std::memory_order_relaxed);
        if (begin == written.load (std::memory_order_acquire))
            return std::nullopt;
        std::optional<T> event { events[begin % capacity] };
        taken.store (begin + 1, std::memory_order_release);
        return event;
    }

private:
    std::array<T, capacity> events {};
    alignas (64) std::atomic<std::size_t> written { 0 };
    alignas (64) std::atomic<std::size_t> taken { 0 };
};

} // namespace lacquer
