// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/RoutingEdits.h"

namespace lacquer::session
{

/// Edits about tracks that hide one another: docs/MASKING.md. [any thread]

/// What a track is for in the mix; Priority::guessed leaves it to its name.
Edit withPriority (const Project&, Id track, Priority);

/// Masking of a pair of tracks is to be let alone, or not any more.
Edit ignoredMasking (const Project&, Id lead, Id masker, bool ignored = true);

/// A cut in one band of the masker that works while the lead sounds there.
struct MaskingCut
{
    Id lead, masker;
    double frequency = 1000; ///< Hz
    double q = 1.4;
    double depth = 6;       ///< dB, the deepest it cuts
    double threshold = -40; ///< dBFS in the band of the lead before its fader, above which it cuts
    double makeUp = 0;      ///< dB added to the fader of the mix bus
};
/// In an equaliser behind the masker's console part: the one with this key that has a band to spare, else a
/// new one. `made` is the equaliser. A circle is refused and named.
Edit cutMasking (const Project&, const MaskingCut&);

/// These by name: part of edits(). [any thread]
std::vector<EditType> maskingEdits();

} // namespace lacquer::session
