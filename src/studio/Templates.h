// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Project.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::studio
{

/// A track or a song of the user, without audio, to start from: session/TemplateEdits.h says what is in it.
struct Template
{
    bool ofTrack = true; ///< else of a song
    std::string name;
    std::string use; ///< one sentence: for what
    session::Project project;
    std::filesystem::path file {}; ///< where it was read
};

/// Where templates lie: $XDG_CONFIG_HOME/lacquer/templates/{tracks,songs}, a file each. [any thread]
std::filesystem::path templateFolder (bool ofTracks);

/// A template from its text. Nothing in it is trusted: the Problem is one sentence. [any thread]
Result<Template> templateFrom (std::string_view text, bool ofTrack);
/// The text that templateFrom() reads. [any thread]
std::string textOf (const Template&);

/// What there is, by name. [control] reads the user's folder
struct TemplateList
{
    std::vector<Template> templates;
    std::vector<Problem> unreadable;
};
TemplateList templates (bool ofTracks);
/// The template of a name, or of its file name. [control]
Result<Template> templateCalled (bool ofTrack, std::string_view name);

/// A template of a track, or of a song. [any thread]
Result<Template> templateOf (const session::Project&, Id trackOrSong, std::string name, std::string use = {});

/// Writes it into the user's folder. Refused when there is one of that name, unless `replace`. [control]
Outcome saveTemplate (const Template&, bool replace = false);
Outcome deleteTemplate (bool ofTrack, std::string_view name);

} // namespace lacquer::studio
