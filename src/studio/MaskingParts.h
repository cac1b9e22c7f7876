// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Masking.h"
#include "studio/Rig.h"

#include <algorithm>
#include <span>
#include <vector>

namespace lacquer::studio
{

/// What a listener puts out.
inline void silence (const engine::Chunk& chunk, std::span<engine::Signal> out) noexcept
{
    for (auto& o : out)
    {
        std::fill_n (o.channel[0], chunk.frames, 0.0f);
        o.silent = true;
    }
}

/// Frames of a column of the maps.
Frames maskingHop (double sampleRate) noexcept;

/// masking(), with others who hear strips of the same render.
Result<Masking> maskingBeside (const session::Project&, const std::filesystem::path& folder,
                               const session::Song&, const MaskingOptions&, const Progress&,
                               std::vector<Listener> others);

} // namespace lacquer::studio
