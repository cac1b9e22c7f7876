// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstddef>
#include <utility>

namespace lacquer::engine
{

/// Zeroed memory for sound, in one piece that begins on a page: in huge pages where the system gives them,
/// kept from being swapped out where it permits that, and in place before the audio thread touches it.
class Arena
{
public:
    Arena() = default;
    /// [control] Throws std::bad_alloc when there is no memory.
    explicit Arena (std::size_t floats);
    ~Arena() { release(); }
    Arena (Arena&& other) noexcept
        : begin (std::exchange (other.begin, nullptr)), size (std::exchange (other.size, 0))
    {
    }
    Arena& operator= (Arena&& other) noexcept
    {
        std::swap (begin, other.begin);
        std::swap (size, other.size);
        return *this;
    }

    float* data() const noexcept { return static_cast<float*> (begin); }

private:
    void release() noexcept;

    void* begin = nullptr;
    std::size_t size = 0; // bytes
};

/// Keeps every page of the program in memory from its first use on, so that the audio thread never waits for
/// one that was taken away: where the system sets no limit to that, else nothing happens (with a limit,
/// allocations would fail once it is reached). Returns whether it does. [control]
bool keepMemory() noexcept;

} // namespace lacquer::engine
