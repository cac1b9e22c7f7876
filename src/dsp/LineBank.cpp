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
    for (std::size_t i = 0; i < fdnLines; ++i)
    {
        start[i] = 0;
        length[i] = length[0];
        if (i >= count)
            continue;
        length[i] = (longest[i] + reach + 3 * fdnFrames) & ~(fdnFrames - 1);
        start[i] = total;
        const int used = length[i] + reach + 2 * fdnFrames;
        total += (used + page - 1) / page * page + apart;
    }
    memory.assign (static_cast<std::size_t> (total) + 64 / sizeof (float), 0.0f);
    base = reinterpret_cast<float*> ((reinterpret_cast<std::uintptr_t> (memory.data()) + 63) & ~63ull);
    clear();
}

void LineBank::clear() noexcept
{
    while (! clearSome())
        continue;
}

bool LineBank::clearSome() noexcept
{
    const std::size_t part = std::min<std::size_t> (dirty, 8192);
    dirty -= part;
    std::fill_n (memory.begin() + static_cast<std::ptrdiff_t> (dirty), part, 0.0f);
    std::fill_n (head, fdnLines, 0);
    return dirty == 0;
}

void LineBank::wrote (int frames) noexcept
{
    dirty = memory.size();
    int special = 0;
    for (std::size_t i = 0; i < fdnLines; ++i)
        special |= (length[i] - 1 - head[i] - frames) | (head[i] - margin - fdnFrames);
    if (special >= 0) // no line at its end, none at its beginning
    {
        for (auto& h : head)
            h += frames;
        return;
    }
    for (std::size_t i = 0; i < count; ++i)
        repeat (i, head[i] + frames);
    for (std::size_t i = count; i < fdnLines; ++i)
        head[i] = head[0];
}

void LineBank::repeat (std::size_t i, int end) noexcept
{
    const int repeated = margin + fdnFrames;
    float* const x = base + start[i];
    if (end > length[i])
        std::copy (x + length[i], x + end, x);
    if (head[i] < repeated)
        std::copy (x + head[i], x + std::min (end, repeated), x + length[i] + head[i]);
    head[i] = end >= length[i] ? end - length[i] : end;
}

} // namespace lacquer::dsp
