// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <juce_gui_basics/juce_gui_basics.h>

#include <memory>

namespace lacquer::ui
{

/// Takes a component away whose own callback is calling: it is hidden now and gone with the next message, or,
/// when no message comes any more, before the display is closed. A message that owns it would outlive that,
/// and its mouse cursor would then be freed on another connection (BadCursor). [message thread]
void discard (std::unique_ptr<juce::Component>);

} // namespace lacquer::ui
