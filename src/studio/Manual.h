// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace lacquer::studio
{

/// docs/effects.md: every effect and the channel strip with their parameters, in Markdown. Generated, so that
/// it cannot be out of date; a test compares.
std::string manual();

} // namespace lacquer::studio
