// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Project.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace lacquer::studio
{

/// Where the user's own things of a kind lie, "presets" or "templates": $XDG_CONFIG_HOME/lacquer/KIND, else
/// ~/.config/lacquer/KIND. [any thread]
std::filesystem::path userFolder (std::string_view kind);

/// Makes a folder and the one above it, for the user alone. what: "presets", for the Problem. [control]
Outcome makeUserFolder (const std::filesystem::path&, std::string_view what);

/// Texts that go with a project which is kept as a file of its own, as a version or template is: members of
/// an object in the project's unknown members. [any thread]
using Remarks = std::map<std::string, std::string>;
session::Extras withRemarks (std::string_view object, const Remarks&);
Remarks remarksIn (const session::Extras&, std::string_view object);

/// Reads such a file. subject: "This version", in place of "The project" in a Problem. Nothing in it is
/// trusted. [control]
Result<session::Project> storedProject (const std::filesystem::path&, std::string_view subject);
/// The same from its text. [any thread]
Result<session::Project> storedProjectFrom (std::string_view text, std::string_view subject);

} // namespace lacquer::studio
