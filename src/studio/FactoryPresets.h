// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <span>
#include <string_view>

namespace lacquer::studio
{

/// A file of resources/presets, carried inside the program.
struct FactoryPreset
{
    std::string_view effect; ///< its folder: an effect's id, or "chains"
    std::string_view slug;   ///< its name without ".json"
    std::string_view text;
};

/// All of them, by folder and name. Made from the files by cmake/Presets.cmake. [any thread]
std::span<const FactoryPreset> factoryPresets();

} // namespace lacquer::studio
