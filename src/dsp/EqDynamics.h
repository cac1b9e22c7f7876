// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/EqBands.h"
#include "dsp/kernels/BandLevels.h"

#include <array>
#include <span>

namespace lacquer::dsp
{

/// What moves the gain of a band.
struct BandMotion
{
    bool on = false;
    float threshold = -30; ///< dBFS; a sine at full scale is 0
    float ratio = 2;       ///< dB of the band's level per dB that is left of it; 1 moves nothing
    float attack = 10;     ///< ms in which 63 % of a movement away from the set gain arrive
    float release = 120;   ///< ms in which 63 % of it go away
    float range = -6;      ///< dB, the farthest it moves; below 0 down, above 0 up
    bool keyed = false;    ///< hears the sidechain where one is connected

    bool operator== (const BandMotion&) const = default;
};

/// The offsets of an equaliser's bands from what is heard in them: a bell hears the sound through a band-pass
/// of its own centre and Q, a shelf through a low- or high-pass at its corner; the part it works on, of a
/// stereo band the louder side. The energy is smoothed over two periods, 1 to 30 ms, the curve has a knee of
/// 6 dB (D. Giannoulis, M. Massberg, J. Reiss, JAES 60(6), 2012, eq. 4), and attack and release act on
/// decibels. Everything but the filters goes by steps of EqBands::step frames.
class EqDynamics
{
public:
    void prepare (double sampleRate) noexcept; ///< also resets. [control]
    void reset() noexcept;                     ///< [audio]

    /// [audio]
    void set (std::span<const EqBand, EqBands::count>, std::span<const BandMotion, EqBands::count>) noexcept;

    /// Some band moves, or could.
    bool active() const noexcept { return groups != 0; }

    /// Hears up to EqBands::step frames of one or two channels, from `first`; key may be empty. [audio]
    void hear (std::span<float* const> sound, std::span<const float* const> key, int first,
               int frames) noexcept;

    /// The offsets after a step. [audio]
    const EqBands::Offsets& step() noexcept;

private:
    double rate = 48000;
    std::array<EqBand, EqBands::count> band {};
    std::array<BandMotion, EqBands::count> motion {};
    std::array<float, EqBands::count> attack {}, release {}; // share of the way in a step
    levels::Filters filters;
    EqBands::Offsets offsets {};
    unsigned groups = 0;
    bool fresh = true;
};

} // namespace lacquer::dsp
