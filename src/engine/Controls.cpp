// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Processor.h"

#include <cassert>

namespace lacquer::engine
{

Controls::Controls (std::span<const Param> table)
    : specs (table.begin(), table.end()), values (new std::atomic<float>[table.size()])
{
    for (std::size_t n = 0; n < specs.size(); ++n)
        values[n].store (specs[n].initial, std::memory_order_relaxed);
}

void Controls::set (int parameter, float value) noexcept
{
    assert (parameter >= 0 && parameter < size());
    const Param& p = specs[static_cast<std::size_t> (parameter)];
    // Written so that a NaN becomes the minimum.
    const float inRange = value > p.min ? std::min (value, p.max) : p.min;
    values[static_cast<std::size_t> (parameter)].store (inRange, std::memory_order_relaxed);
    changes.fetch_add (1, std::memory_order_release);
}

} // namespace lacquer::engine
