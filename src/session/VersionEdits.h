// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

namespace lacquer::session
{

/// A version of a mix: one song as it was, with the audio files it uses, as a project of its own that is
/// called as the version is. [any thread]

/// The version that a song is now. Its ids are those of the project, so that versions can be compared.
Project versionOf (const Project&, Id song, std::string name);

/// Puts a version in the place of a song: one step. Scenes that the song has now stay. Audio files that the
/// project forgot come back.
Edit recalledVersion (const Project&, Id song, const Project& version);

/// The same for the registry.
std::vector<EditType> versionEdits();

} // namespace lacquer::session
