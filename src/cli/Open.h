// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Studio.h"

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lacquer::cli
{

/// Sentences for the user, on stderr.
void tellNotes (const std::vector<std::string>&);

/// Opens a project and tells what there is to say about it.
Result<studio::Studio> opened (const std::string& path,
                               session::ProjectFolder::Use = session::ProjectFolder::Use::edit);

/// Opens a project, lets `work` change it, saves it. Where that fails the project stays as it was, and the
/// files that `work` made and put into `made` are removed.
using MadeFiles = std::vector<std::filesystem::path>;
Result<int> changed (const std::string& path,
                     const std::function<Outcome (studio::Studio&, MadeFiles& made)>& work);
Result<int> changed (const std::string& path, const std::function<Outcome (studio::Studio&)>& work);

/// Prints what a change has to say once it is saved, and nothing of one that was not.
Result<int> answered (Result<int> done, const std::string& text, bool asJson, const nlohmann::json&);

} // namespace lacquer::cli
