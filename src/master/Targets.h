// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace lacquer::master
{

/// Where a master goes: the loudness asked for there and the true peak allowed.
struct Target
{
    std::string_view id;        ///< stable: saved in sessions, typed on the command line
    std::string_view name;      ///< for menus
    std::optional<double> lufs; ///< integrated; empty: as the music wants
    double ceiling;             ///< dBTP
    std::string_view help;      ///< one sentence
};

/// All targets in menu order. Their figures are starting points: services change theirs.
std::span<const Target> targets() noexcept;

/// The target of an id, or nothing.
const Target* targetOf (std::string_view id) noexcept;

} // namespace lacquer::master
