// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace lacquer::engine
{

/// The newest sound of a stereo point, for spectra and histories on the screen. Written by audio, read by one
/// viewer; neither waits for the other. What is overwritten while it is read is newer sound, not wrong sound.
class Scope
{
public:
    static constexpr std::size_t size = 16384;

    /// [audio] frame (n, channel): sample n of the next `frames`.
    template <typename Frame>
    void write (int frames, const Frame& frame) noexcept
    {
        const auto at = written.load (std::memory_order_relaxed);
        for (int n = 0; n < frames; ++n)
            for (std::size_t c = 0; c < 2; ++c)
                sound[c][(at + static_cast<std::uint64_t> (n)) % size].store (frame (n, static_cast<int> (c)),
                                                                              std::memory_order_relaxed);
        written.store (at + static_cast<std::uint64_t> (frames), std::memory_order_release);
    }

    /// [viewer] Fills both spans, of equal length up to `size`, with the newest frames, oldest first; zeros
    /// where there were none yet. Returns how many frames were ever written.
    std::uint64_t read (std::span<float> left, std::span<float> right) const noexcept
    {
        const auto end = written.load (std::memory_order_acquire);
        const auto count = left.size();
        for (std::size_t n = 0; n < count; ++n)
        {
            const auto back = static_cast<std::uint64_t> (count - n);
            const auto place = (end - back) % size;
            left[n] = back > end ? 0.0f : sound[0][place].load (std::memory_order_relaxed);
            right[n] = back > end ? 0.0f : sound[1][place].load (std::memory_order_relaxed);
        }
        return end;
    }

private:
    std::array<std::array<std::atomic<float>, size>, 2> sound {};
    std::atomic<std::uint64_t> written { 0 };
};

/// Where a strip's sound goes to be looked at; null most of the time. Set by control, read by audio. The
/// scopes outlive it.
struct ScopeTap
{
    std::atomic<Scope*> input { nullptr }, output { nullptr };
};

} // namespace lacquer::engine
