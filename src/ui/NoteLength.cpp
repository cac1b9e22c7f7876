// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/NoteLength.h"

namespace lacquer::ui
{

std::optional<double> noteLength (const Param& p, const juce::String& text, double bpm)
{
    const bool hertz = p.unit == "Hz";
    if (! hertz && p.unit != "ms" && p.unit != "s")
        return {};
    auto words = text.toLowerCase().removeCharacters (" ");
    double factor = 1;
    const std::pair<const char*, double> endings[] {
        { "triplet", 2.0 / 3 }, { "t", 2.0 / 3 }, { "dotted", 1.5 }, { "d", 1.5 }, { ".", 1.5 }
    };
    for (const auto& [ending, by] : endings)
        if (words.endsWith (ending))
        {
            factor = by;
            words = words.dropLastCharacters (static_cast<int> (std::string_view (ending).size()));
            break;
        }
    const auto over = words.upToFirstOccurrenceOf ("/", false, false),
               under = words.fromFirstOccurrenceOf ("/", false, false);
    const auto whole = [] (const juce::String& s)
    { return s.isNotEmpty() && s.length() < 4 && s.containsOnly ("0123456789") ? s.getIntValue() : 0; };
    if (whole (over) == 0 || whole (under) == 0 || bpm <= 0)
        return {};
    const double seconds = 4.0 * whole (over) / whole (under) * factor * 60 / bpm;
    return hertz ? 1 / seconds : p.unit == "ms" ? seconds * 1000 : seconds;
}

} // namespace lacquer::ui
