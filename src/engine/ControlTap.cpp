// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ControlTap.h"

#include <utility>

namespace lacquer::engine
{

std::uint32_t ControlTap::watch (std::vector<Watched> all)
{
    auto last = std::make_unique<float[]> (all.size());
    for (std::size_t n = 0; n < all.size(); ++n)
        last[n] = (*all[n].controls)[all[n].parameter];
    lists.offer (std::make_unique<List> (List { ++count, std::move (all), std::move (last) }));
    return count;
}

void ControlTap::process (const Chunk& chunk, std::span<const Signal>, std::span<Signal>) noexcept
{
    const auto* list = lists.current();
    if (list == nullptr)
        return;
    for (std::size_t n = 0; n < list->all.size(); ++n)
    {
        const auto& w = list->all[n];
        const float value = (*w.controls)[w.parameter];
        if (value == std::exchange (list->last[n], value) || ! chunk.time.playing)
            continue;
        // A hand makes some hundred a second; when nobody takes them away, they are lost.
        (void)landed.push ({ list->number, static_cast<std::uint32_t> (n), chunk.time.position, value });
    }
}

} // namespace lacquer::engine
