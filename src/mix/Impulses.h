// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Effect.h"

#include <memory>
#include <string_view>

namespace lacquer::mix
{

/// The answer of a room to one click.
struct Impulse : engine::Recording
{
    double fall = 0; ///< dB that it falls by over its length; 0 when unknown
};

/// The rooms that come with the program, as a menu, and the longest of them in seconds.
inline constexpr std::string_view impulseNames = "Room|Chamber|Hall|Plate|Spring|Ambience";
/// The same, and one that was recorded.
inline constexpr std::string_view impulseMenu = "Room|Chamber|Hall|Plate|Spring|Ambience|Own";
inline constexpr int impulseCount = 6;
inline constexpr double longestImpulse = 3.0;

/// Length of room `index` in seconds. [any thread]
double impulseSeconds (int index) noexcept;

/// Room `index` at a sample rate: made when it is first asked for, the same every time, and kept. [control]
/// May take some ten milliseconds.
std::shared_ptr<const Impulse> impulseOf (int index, double rate);

} // namespace lacquer::mix
