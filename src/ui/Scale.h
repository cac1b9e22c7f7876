// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace lacquer::ui
{

class Model;

/// How large everything in the window is drawn, on top of the display's own scale. [message thread]

/// In percent, smallest first.
constexpr int scales[] { 75, 90, 100, 110, 125, 150, 175, 200 };
/// The smallest window, in pixels at 100 %, with its title bar.
constexpr int smallestWidth = 1280, smallestHeight = 680, titleBar = 36;

/// Whether the smallest window fits the primary display then.
bool scaleFits (double percent);
/// Draws at this size, or at the largest that fits when it does not.
void useScale (double percent);
/// What the user chose last, else 100.
int keptScale (const Model&);
void keepScale (Model&, int percent);

} // namespace lacquer::ui
