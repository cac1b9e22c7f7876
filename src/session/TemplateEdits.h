// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

namespace lacquer::session
{

/// A template is a project with one song and no audio; of a track, the first track of that song, with what it
/// is connected to. No automation, no recordings, no scenes. [any thread]

/// A track with its inserts and sends. The returns it sends to come along whole; its group and the strips
/// that its effects listen to only by their names.
Result<Project> trackTemplate (const Project&, Id track);
/// A song: tracks, groups, returns, faders, routing, master, tempo.
Project songTemplate (const Project&, Id song);

/// Whether a project is such a template.
Outcome goodTemplate (const Project&, bool ofTrack);

/// Adds the track of a template. What it is connected to is looked for by name; a return that there is none
/// of is added, a group or a key is left out, and the notes say so. An empty name: the template's.
Edit addedFromTemplate (const Project&, Id song, const Project& trackTemplate, std::string name = {});
/// Adds the song of a template.
Edit addedSongFromTemplate (const Project&, const Project& songTemplate, std::string name);
/// A new project with the song of a template. rate 0: that of the template.
Result<Project> projectFromTemplate (const Project& songTemplate, std::string name, double rate = 0);

/// The same for the registry.
std::vector<EditType> templateEdits();

} // namespace lacquer::session
