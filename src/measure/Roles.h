// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <vector>

namespace lacquer::measure
{

/// Where a channel's loudspeaker stands, as far as loudness is concerned.
enum class Role
{
    left,
    right,
    centre,
    lfe,
    leftSurround,
    rightSurround,
    other ///< behind, above or unknown: weight 1
};

/// The weight of a channel's power: 1 in front, 1.41 for the surrounds, 0 for the LFE (ITU-R BS.1770-5,
/// annex 1 table 3 and annex 3 table 4).
double weightOf (Role) noexcept;

/// The roles of a file's channels by its WAVE speaker mask (bit 0 front left, 1 front right, 2 centre, 3 LFE,
/// 4 and 5 back, 9 and 10 side). Back channels are the surrounds where there are no side channels (5.0 is
/// 0x37 or 0x607); behind side channels they weigh 1. A mask of 0, or one with another number of channels,
/// means the usual order: mono, L R, L R C, L R Ls Rs, L R C Ls Rs, L R C LFE Ls Rs.
std::vector<Role> rolesOf (std::uint32_t mask, int channels);

} // namespace lacquer::measure
