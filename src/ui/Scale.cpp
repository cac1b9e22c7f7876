// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Scale.h"

#include "ui/Model.h"

#include <juce_gui_basics/juce_gui_basics.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace lacquer::ui
{

namespace
{

constexpr const char* setting = "scale";

/// In percent; no end where there is no display.
double largestThatFits()
{
    auto& desktop = juce::Desktop::getInstance();
    const auto* const display = desktop.getDisplays().getPrimaryDisplay();
    if (display == nullptr)
        return 1000;
    const auto room = display->userArea.toDouble() * static_cast<double> (desktop.getGlobalScaleFactor());
    return 100 * std::min (room.getWidth() / smallestWidth, room.getHeight() / (smallestHeight + titleBar));
}

} // namespace

bool scaleFits (double percent)
{
    return percent <= largestThatFits();
}

void useScale (double percent)
{
    const double least = scales[0], most = *std::prev (std::end (scales));
    const double wanted = std::clamp (percent, least, most);
    juce::Desktop::getInstance().setGlobalScaleFactor (
        static_cast<float> (std::max (least, std::min (wanted, largestThatFits())) / 100));
}

int keptScale (const Model& model)
{
    const auto text = model.viewSetting (setting);
    int percent = 100;
    std::from_chars (text.data(), text.data() + text.size(), percent);
    return std::find (std::begin (scales), std::end (scales), percent) != std::end (scales) ? percent : 100;
}

void keepScale (Model& model, int percent)
{
    model.keepViewSetting (setting, std::to_string (percent));
}

} // namespace lacquer::ui
