// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

#include <string>
#include <vector>

namespace lacquer::session
{

/// Edits of what people write on tracks and songs; pure, as all edits. [any thread]

/// Of a strip or a song: several lines of text; empty takes them away.
Edit withNotes (const Project&, Id stripOrSong, std::string text);
/// A second, short name of a strip: one line.
Edit withLabel (const Project&, Id strip, std::string label);
/// All tags of a strip. Spaces around a tag go; a tag given twice counts once; a comma is refused.
Edit withTags (const Project&, Id strip, const std::vector<std::string>& tags);
/// One tag to, or from, several strips.
Edit tagged (const Project&, const std::vector<Id>& strips, const std::string& tag, bool on = true);

/// The same for the registry.
std::vector<EditType> noteEdits();

} // namespace lacquer::session
