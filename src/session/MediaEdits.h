// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

#include <unordered_set>

namespace lacquer::session
{

/// Edits of audio files. Pure; the files themselves are studio's. [any thread]

/// Every clip of one audio file plays another from now on. Clips, strips and automation stay; a clip that
/// reached to the old file's end reaches to the new one's. A frozen track
/// among them is unfrozen. The old file stays known, so that undo finds it.
Edit withReplacedMedia (const Project&, Id media, Id by);
/// A file that lay elsewhere now lies in the project folder, at a path relative to it.
Edit withCollectedMedia (const Project&, Id media, std::string path);
/// Forgets the audio files that nothing uses. A Problem when there are none.
Edit withoutUnusedMedia (const Project&);
/// Whether the project uses it: a clip, an effect, a frozen track or a scene.
bool isUsed (const Project&, Id media);
std::unordered_set<Id> usedMedia (const Project&);

/// The same for the registry.
std::vector<EditType> mediaEdits();

} // namespace lacquer::session
