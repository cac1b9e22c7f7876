// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace lacquer::mix
{

/// The answer of a room to one click.
struct Impulse
{
    double rate = 48000;
    int channels = 2;           ///< 1 or 2
    std::vector<float> samples; ///< all of the left, then all of the right
    double fall = 0;            ///< dB that it falls by over its length; 0 when unknown

    int frames() const noexcept { return static_cast<int> (samples.size()) / channels; }
    /// One of them serves both sides.
    const float* channel (int c) const noexcept
    {
        return samples.data() + (channels == 2 ? c * frames() : 0);
    }
};

/// The rooms that come with the program, as a menu, and the longest of them in seconds.
inline constexpr std::string_view impulseNames = "Room|Chamber|Hall|Plate|Spring|Ambience";
inline constexpr int impulseCount = 6;
inline constexpr double longestImpulse = 3.0;

/// Length of room `index` in seconds. [any thread]
double impulseSeconds (int index) noexcept;

/// Room `index` at a sample rate: made when it is first asked for, the same every time, and kept. [control]
/// May take some ten milliseconds.
std::shared_ptr<const Impulse> impulseOf (int index, double rate);

} // namespace lacquer::mix
