// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/JsonText.h"

namespace lacquer::session
{

/// Brings a parsed project of an older version to the current one, a version at a time. The text it came from
/// stays as it is on disk. [any thread]
Outcome migrate (json::Document&, int version);

} // namespace lacquer::session
