// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"

#include <functional>
#include <set>

namespace lacquer::ui
{

/// What a strip's menus do beyond edits.
struct StripActions
{
    std::function<void()> open;               ///< the channel editor
    std::function<void (Id)> openEffect;      ///< large
    std::function<void (bool before)> listen; ///< to it, or no longer
};

/// The menu of a strip or VCA fader. chosen: the strips that what is meant for all of them goes to; `strip`
/// is among them. beside: where a question about it is asked. [message thread] as all here
juce::PopupMenu stripMenu (Model&, Id strip, const std::set<Id>& chosen, juce::Component& beside,
                           const StripActions&);
/// The menu of one insert.
juce::PopupMenu insertMenu (Model&, Id effect, juce::Component& beside, const StripActions&);
/// The menu of one send.
juce::PopupMenu sendMenu (Model&, Id strip, int slot, juce::Component& beside);
/// What can be added to the mixer.
juce::PopupMenu addMenu (Model&, const std::set<Id>& chosen, juce::Component& beside);
/// The mute groups of the song with their switches; empty without any.
juce::PopupMenu muteGroupMenu (Model&, juce::Component& beside);

/// Positions of a delay as people type it: "12.5 ms", "600 smp", "-0.01 s"; nothing for what is none.
std::optional<Frames> delayFrom (const juce::String&, double sampleRate);

} // namespace lacquer::ui
