// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ViewState.h"

#include <juce_core/juce_core.h>

#include <algorithm>

namespace lacquer::ui
{

namespace
{

juce::File fileIn (const std::string& folder)
{
    const auto text = juce::String::fromUTF8 (folder.c_str());
    return juce::File::getCurrentWorkingDirectory().getChildFile (text).getChildFile ("View.json");
}

} // namespace

ViewState ViewState::of (const std::string& folder)
{
    ViewState s;
    if (folder.empty())
        return s;
    const auto all = juce::JSON::parse (fileIn (folder));
    const auto number = [&] (const char* name, double otherwise)
    {
        const auto& v = all[name];
        return v.isInt() || v.isInt64() || v.isDouble() ? static_cast<double> (v) : otherwise;
    };
    s.waveHeight = std::clamp (number ("waveHeight", 0), 0.0, 36.0);
    s.mixerHeight = static_cast<int> (std::clamp (number ("mixerHeight", 0), 0.0, 4000.0));
    s.inspector = number ("inspector", 1) != 0;
    s.mixer = number ("mixer", 1) != 0;
    if (const double perPixel = number ("framesPerPixel", 0); perPixel > 0)
        s.time = TimeView { std::max (0.0, number ("start", 0)), std::clamp (perPixel, 0.25, 1e7) };
    if (auto* rows = all["rows"].getDynamicObject())
        for (const auto& row : rows->getProperties())
            if (const auto id = row.name.toString().getLargeIntValue(); id > 0)
                s.rowHeights[Id { static_cast<std::uint64_t> (id) }] =
                    std::clamp (static_cast<int> (row.value), 28, 400);
    return s;
}

void ViewState::keep (const std::string& folder) const
{
    if (folder.empty() || ! fileIn (folder).getParentDirectory().isDirectory())
        return;
    juce::DynamicObject::Ptr all (new juce::DynamicObject), rows (new juce::DynamicObject);
    all->setProperty ("waveHeight", waveHeight);
    all->setProperty ("mixerHeight", mixerHeight);
    all->setProperty ("inspector", inspector ? 1 : 0);
    all->setProperty ("mixer", mixer ? 1 : 0);
    if (time)
    {
        all->setProperty ("framesPerPixel", time->perPixel);
        all->setProperty ("start", time->start);
    }
    for (const auto& [id, height] : rowHeights)
        rows->setProperty (juce::String (static_cast<juce::int64> (id.value)), height);
    all->setProperty ("rows", rows.get());
    fileIn (folder).replaceWithText (juce::JSON::toString (all.get()) + "\n");
}

} // namespace lacquer::ui
