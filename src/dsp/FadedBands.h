// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/EqBands.h"
#include "dsp/LineBank.h"

#include <array>
#include <span>

namespace lacquer::dsp
{

/// EqBands whose bands change kind (on, shape, slope, part, following or not) without a click: a second row
/// goes on beside the first with the new ones, hears the sound for 5 ms and crosses over in 20. What rings in
/// the old kind rings out in it. Changes meanwhile wait for the end. Without one only one row works.
class FadedBands
{
public:
    void prepare (double sampleRate) noexcept; ///< also resets. [control]
    void reset() noexcept;                     ///< [audio]

    /// As EqBands::set(). [audio]
    void set (std::span<const EqBand, EqBands::count>, int frames) noexcept;

    /// As EqBands::process(). [audio]
    void process (std::span<float* const> channels, int frames, std::span<const EqBands::Turn> = {}) noexcept;

    /// The bands that are heard most. [audio]
    std::span<const EqBand, EqBands::count> heard() const noexcept;

private:
    bool fading() const noexcept { return hears > 0 || fade.active(); }
    void begin() noexcept;

    std::array<EqBands, 2> row;
    std::size_t now = 0;
    std::array<EqBand, EqBands::count> wanted {};
    int hearing = 1, hears = 0; // frames until the next row has heard enough
    Crossfade fade;
};

} // namespace lacquer::dsp
