// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"

#include <string>

namespace lacquer::ui
{

/// Who can show a parameter's automation on the timeline: a page or the window, above the control.
class LaneShower
{
public:
    virtual ~LaneShower() = default;
    virtual void showLane (Id target, const std::string& param) = 0;
    /// A modulator in the inspector.
    virtual void showModulator (Id) = 0;
};

/// Name of a strip, effect with its strip, VCA fader, master or modulator.
juce::String nameOfTarget (const session::Project&, Id target);
/// Depth that one turn of a new mapping has: a quarter of the parameter's travel.
double usualDepth (const Param&);

enum class Entry
{
    plain,
    marked, ///< with a star
    ticked
};
/// Every parameter of a strip (with its sends and inserts), VCA fader, master or modulator that can have a
/// course in time, in menus by part. `look` is asked now, `choose` called later.
void addParameterEntries (juce::PopupMenu&, Model&, Id owner,
                          const std::function<Entry (Id target, std::string_view param)>& look,
                          const std::function<void (Id target, const std::string& param)>& choose);

/// Show automation, clear automation, modulate by...: of one parameter, for the menu of its control.
void addAutomationEntries (juce::PopupMenu&, Model&, Id target, const std::string& param,
                           juce::Component& control);
/// Entries that add a modulator of each kind, mapped to a parameter when one is given.
void addNewModulatorEntries (juce::PopupMenu&, Model&, Id target, const std::string& param,
                             juce::Component& above);

} // namespace lacquer::ui
