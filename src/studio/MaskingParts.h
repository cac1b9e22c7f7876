// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Masking.h"
#include "studio/Rig.h"

#include <vector>

namespace lacquer::studio
{

/// Frames of a column of the maps.
Frames maskingHop (double sampleRate) noexcept;

/// masking(), with others who hear strips of the same render.
Result<Masking> maskingBeside (const session::Project&, const std::filesystem::path& folder,
                               const session::Song&, const MaskingOptions&, const Progress&,
                               std::vector<Listener> others);

} // namespace lacquer::studio
