// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <compare>
#include <cstdint>
#include <functional>

namespace lacquer
{

/// Identity of a thing in a project: unique, never reused, never derived from content. 0 means "none".
struct Id
{
    std::uint64_t value = 0;
    explicit operator bool() const noexcept { return value != 0; }
    auto operator<=> (const Id&) const = default;
};

} // namespace lacquer

template <>
struct std::hash<lacquer::Id>
{
    std::size_t operator() (lacquer::Id id) const noexcept { return std::hash<std::uint64_t>() (id.value); }
};
