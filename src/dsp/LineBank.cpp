// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/LineBank.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace lacquer::dsp
{

void BlockDelay::prepare (int longest)
{
    memory.assign (std::bit_ceil (static_cast<std::size_t> (longest + 2 * fdnFrames)), 0.0f);
    mask = memory.size() - 1;
    head = 0;
}

void BlockDelay::clear() noexcept
{
    std::fill (memory.begin(), memory.end(), 0.0f);
    head = 0;
}

void BlockDelay::write (const float* x, int frames) noexcept
{
    const auto at = static_cast<std::size_t> (head), count = static_cast<std::size_t> (frames);
    const auto first = std::min (count, memory.size() - at);
    std::memcpy (memory.data() + at, x, first * sizeof (float));
    std::memcpy (memory.data(), x + first, (count - first) * sizeof (float));
    head = static_cast<int> ((at + count) & mask);
}

void BlockDelay::read (float* out, int delay, int frames) const noexcept
{
    const auto at = static_cast<std::size_t> (head - delay - frames) & mask;
    const auto count = static_cast<std::size_t> (frames), first = std::min (count, memory.size() - at);
    std::memcpy (out, memory.data() + at, first * sizeof (float));
    std::memcpy (out + first, memory.data(), (count - first) * sizeof (float));
}

void LineBank::prepare (std::span<const int> longest, int reach)
{
    // One block is read or written behind the delay, and the kernels write whole vectors behind that. Rings
    // are whole blocks long and start on cache lines, 320 bytes apart within a page: blocks of all lines at
    // one place of their rings lie in different cache sets.
    constexpr int page = 4096 / sizeof (float), apart = 320 / sizeof (float);
    margin = reach;
    count = longest.size();
    int total = 0;
    for (std::size_t i = 0; i < count; ++i)
    {
        auto& r = ring[i];
        r.length = (longest[i] + reach + 3 * fdnFrames) & ~(fdnFrames - 1);
        r.start = total;
        const int used = r.length + reach + 2 * fdnFrames;
        total += (used + page - 1) / page * page + apart;
    }
    memory.assign (static_cast<std::size_t> (total) + 64 / sizeof (float), 0.0f);
    base = reinterpret_cast<float*> ((reinterpret_cast<std::uintptr_t> (memory.data()) + 63) & ~63ull);
    clear();
}

void LineBank::clear() noexcept
{
    std::fill (memory.begin(), memory.end(), 0.0f);
    for (auto& r : ring)
        r.head = 0;
}

void LineBank::repeat (Ring& r, int end) noexcept
{
    const int repeated = margin + fdnFrames;
    float* const x = base + r.start;
    if (end > r.length)
        std::copy (x + r.length, x + end, x);
    if (r.head < repeated)
        std::copy (x + r.head, x + std::min (end, repeated), x + r.length + r.head);
    r.head = end >= r.length ? end - r.length : end;
}

} // namespace lacquer::dsp
