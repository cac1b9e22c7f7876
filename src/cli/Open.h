// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Studio.h"

#include <functional>
#include <string>
#include <vector>

namespace lacquer::cli
{

/// Sentences for the user, on stderr.
void tellNotes (const std::vector<std::string>&);

/// Opens a project and tells what there is to say about it.
Result<studio::Studio> opened (const std::string& path,
                               session::ProjectFolder::Use = session::ProjectFolder::Use::edit);

/// Opens a project, lets `work` change it, saves it.
Result<int> changed (const std::string& path, const std::function<Outcome (studio::Studio&)>& work);

} // namespace lacquer::cli
