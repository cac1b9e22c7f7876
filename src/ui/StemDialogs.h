// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Overlays.h"

#include <memory>

namespace lacquer::ui
{

/// Asks what files mean that have the names of audio in the song: play it in its place, or add it.
std::unique_ptr<Dialog> importDialog (Model&, const studio::Drop&);
/// Lists newer bounces of stems, and takes them up.
std::unique_ptr<Dialog> updateDialog (Model&, const std::vector<studio::StemOffer>&);
/// Lists audio files that nothing uses, and takes them away.
std::unique_ptr<Dialog> cleanDialog (Model&, const studio::Cleaned& found);

} // namespace lacquer::ui
