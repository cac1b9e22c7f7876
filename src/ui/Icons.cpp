// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Icons.h"

#include <array>

namespace lacquer::ui
{

namespace
{

/// An icon of the set on its 16 px square: SVG path data to stroke at 1.5 px, and to fill.
struct Drawing
{
    const char *stroke, *fill;
};

// In the order of Icon.
constexpr std::array drawings {
    Drawing { "", "M4.5 2.6 L13 8 L4.5 13.4 Z" },
    Drawing { "", "M3.5 3.5 H12.5 V12.5 H3.5 Z" },
    Drawing { "", "M8 3 A5 5 0 1 1 7.99 3 Z" },
    Drawing { "", "M4 3 H6.6 V13 H4 Z M9.4 3 H12 V13 H9.4 Z" },
    Drawing { "", "M3 3 H4.8 V13 H3 Z M13 3 L6 8 L13 13 Z" },
    Drawing { "M4 5 H11 A2.6 2.6 0 0 1 13.5 7.6 V8 M12 11 H5 A2.6 2.6 0 0 1 2.5 8.4 V8 M5.8 2.8 L3.6 5 L5.8 "
              "7.2 M10.2 13.2 L12.4 11 L10.2 8.8",
              "" },
    Drawing { "M5.6 2.5 H10.4 L13 13.5 H3 Z M8 10.5 L12.2 3.6 M3.8 10.5 H12.2", "" },
    Drawing { "M3 8 H5 M11 8 H13 M8 3 V5 M8 11 V13", "" },
    Drawing { "M3 3 V13 M13 3 V13 M5.5 8 H10.5 M8.5 6 L10.5 8 L8.5 10", "" },
    Drawing { "M6 3 L3 6 L6 9 M3 6 H9.5 A3.5 3.5 0 0 1 9.5 13 H6", "" },
    Drawing { "M10 3 L13 6 L10 9 M13 6 H6.5 A3.5 3.5 0 0 0 6.5 13 H10", "" },
    Drawing { "M8 5.8 A2.2 2.2 0 1 1 7.99 5.8 Z M8 1.8 V3.6 M8 12.4 V14.2 M1.8 8 H3.6 M12.4 8 H14.2 M3.6 3.6 "
              "L4.9 4.9 M11.1 11.1 L12.4 12.4 M3.6 12.4 L4.9 11.1 M11.1 4.9 L12.4 3.6",
              "" },
    Drawing { "M2.5 4.5 H13.5 M2.5 8 H13.5 M2.5 11.5 H13.5", "" },
    Drawing { "M8 3 V13 M3 8 H13", "" },
    Drawing { "M3 8 H13", "" },
    Drawing { "M3.5 3.5 L12.5 12.5 M12.5 3.5 L3.5 12.5", "" },
    Drawing { "M3 8.6 L6.4 12 L13 4.6", "" },
    Drawing { "M4 6 L8 10 L12 6", "" },
    Drawing { "M6 4 L10 8 L6 12", "" },
    Drawing { "M10 4 L6 8 L10 12", "" },
    Drawing { "M4 10 L8 6 L12 10", "" },
    Drawing { "M8 2.2 L14.4 13.4 H1.6 Z M8 6.4 V9.6 M8 11.4 V11.6", "" },
    Drawing { "M8 2 A6 6 0 1 1 7.99 2 Z M8 7.2 V11 M8 5 V5.2", "" },
    Drawing { "M5.4 2 H10.6 L14 5.4 V10.6 L10.6 14 H5.4 L2 10.6 V5.4 Z M8 4.8 V8.8 M8 11 V11.2", "" },
    Drawing { "M2 4.5 V12.5 H14 V5.5 H7.6 L6.2 3.8 H2 Z", "" },
    Drawing { "M4 2 H9.4 L12 4.6 V14 H4 Z M9.2 2.2 V5 H12", "" },
    Drawing { "M7 2.6 A4.4 4.4 0 1 1 6.99 2.6 Z M10.2 10.2 L13.6 13.6", "" },
    Drawing { "M4 7.2 H12 V13.4 H4 Z M5.6 7 V5 A2.4 2.4 0 0 1 10.4 5 V7", "" },
    Drawing { "M8 2.4 V7.4 M5 4.2 A5 5 0 1 0 11 4.2", "" },
    Drawing { "M3 10 V8 A5 5 0 0 1 13 8 V10 M3 9.5 H5 V13 H3 Z M11 9.5 H13 V13 H11 Z", "" },
    Drawing { "M5 2 H11 V14 H5 Z M7 12 H9", "" },
    Drawing { "M3.6 3.6 H12.4 V10.4 H3.6 Z M1.6 12.6 H14.4", "" },
    Drawing { "M4.6 3 A2.2 2.2 0 1 1 4.59 3 Z M4.6 7.4 V13 M11.4 3 A2.2 2.2 0 1 1 11.39 3 Z M11.4 7.4 V13",
              "" },
    Drawing { "M2 9.6 L3.8 5 H12.2 L14 9.6 V12 H2 Z M2.4 9 H13.6 M4.4 12 V13.4 M11.6 12 V13.4", "" },
    Drawing { "M4 2 H12 V14 H4 Z M8 7 A2.6 2.6 0 1 1 7.99 7 Z M8 3.6 A0.9 0.9 0 1 1 7.99 3.6 Z", "" },
    Drawing { "M8 3.4 A4.6 4.6 0 1 1 7.99 3.4 Z M8 1.6 V14.4", "" },
    Drawing { "M2.4 3 H6.4 V13 H2.4 Z M9.6 3 H13.6 V13 H9.6 Z M4.4 9 A1.2 1.2 0 1 1 4.39 9 Z M11.6 9 A1.2 "
              "1.2 0 1 1 11.59 9 Z",
              "" },
    Drawing { "", "M5 3 H6.6 V4.6 H5 Z M9.4 3 H11 V4.6 H9.4 Z M5 7.2 H6.6 V8.8 H5 Z M9.4 7.2 H11 V8.8 H9.4 Z "
                  "M5 11.4 H6.6 V13 H5 Z M9.4 11.4 H11 V13 H9.4 Z" },
    Drawing { "M4 2.4 L12.4 8.4 L8.4 9 L6.2 12.8 Z", "" },
    Drawing { "M4 3 V13 M12 3 V13 M4 8 H12", "" },
    Drawing {
        "M5 3.6 A1.8 1.8 0 1 1 4.99 3.6 Z M5 8.8 A1.8 1.8 0 1 1 4.99 8.8 Z M6.6 6 L14 11.6 M6.6 10 L14 4.4",
        "" },
    Drawing { "M2.5 12.5 C6 12.5 7 4 13.5 3.5 V12.5 Z", "" },
    Drawing { "M3 13 L3.6 10.2 L10.8 3 L13 5.2 L5.8 12.4 Z", "" },
    Drawing { "M7 2.6 A4.4 4.4 0 1 1 6.99 2.6 Z M10.2 10.2 L13.6 13.6 M5 7 H9 M7 5 V9", "" },
    Drawing { "M4 2.6 V8 A4 4 0 0 0 12 8 V2.6 M4 5.4 H6.4 M9.6 5.4 H12 M6.4 2.6 V8 A1.6 1.6 0 0 0 9.6 8 V2.6",
              "" },
    Drawing { "M6.6 9.4 L9.4 6.6 M7 4.8 L8.6 3.2 A2.9 2.9 0 0 1 12.8 7.4 L11.2 9 M9 11.2 L7.4 12.8 A2.9 2.9 "
              "0 0 1 3.2 8.6 L4.8 7",
              "" },
    Drawing { "M1.8 8 C4 4.2 12 4.2 14.2 8 C12 11.8 4 11.8 1.8 8 Z M8 6.4 A1.6 1.6 0 1 1 7.99 6.4 Z", "" },
    Drawing { "M3 5.4 H13 M10.6 3 L13 5.4 L10.6 7.8 M13 10.6 H3 M5.4 8.2 L3 10.6 L5.4 13", "" },
    Drawing { "M2 10 C5 10 5.4 4 8 4 C10.6 4 11 10 14 10", "" },
    Drawing { "M2 13 C4 13 4.6 5 7 5 H14", "" },
    Drawing { "M2 5 H4.5 C8 5 8 11 11.5 11 H14", "" },
    Drawing { "M2 11 H4.5 C8 11 8 5 11.5 5 H14", "" },
    Drawing { "M8 1.8 A6.2 6.2 0 1 1 7.99 1.8 Z M8 6 A2 2 0 1 1 7.99 6 Z M8 4 A4 4 0 0 1 12 8", "" },
    Drawing {
        "M2 3.5 H14 M2 6.5 H14 M2 9.5 H14 M2 12.5 H14 M5 2.5 V4.5 M10 5.5 V7.5 M7 8.5 V10.5 M11 11.5 V13.5",
        "" },
    Drawing { "M2 7 V9 M4.4 5 V11 M6.8 2.8 V13.2 M9.2 4.6 V11.4 M11.6 6 V10 M14 7.2 V8.8", "" },
    Drawing { "M8 2.4 V10 M5 7 L8 10 L11 7 M2.8 11 V13.4 H13.2 V11", "" },
    Drawing { "M4 14 V2.5 H12.5 L10.5 5.5 L12.5 8.5 H4", "" },
    Drawing { "", "M7.1 3 H8.9 V4.8 H7.1 Z M7.1 7.1 H8.9 V8.9 H7.1 Z M7.1 11.2 H8.9 V13 H7.1 Z" },
    Drawing { "M8 2 A6 6 0 1 1 7.99 2 Z M8 4.6 V8.2 L10.6 9.8", "" },
    Drawing { "M8 2 V14 M2.8 5 L13.2 11 M13.2 5 L2.8 11", "" },
    Drawing { "M4.5 4.5 H11.5 V11.5 H4.5 Z M6 2 V4.2 M10 2 V4.2 M6 11.8 V14 M10 11.8 V14 M2 6 H4.2 M2 10 "
              "H4.2 M11.8 6 H14 M11.8 10 H14",
              "" },
};

} // namespace

void drawIcon (juce::Graphics& g, Icon icon, juce::Rectangle<float> area, juce::Colour colour)
{
    const auto& d = drawings[static_cast<std::size_t> (icon)];
    const float side = std::min (area.getWidth(), area.getHeight());
    const auto fit = juce::AffineTransform::scale (side / 16.0f)
                         .translated (area.getCentreX() - side / 2, area.getCentreY() - side / 2);
    g.setColour (colour);
    if (*d.stroke != 0)
    {
        juce::Path outline;
        juce::PathStrokeType (1.5f, juce::PathStrokeType::curved, juce::PathStrokeType::rounded)
            .createStrokedPath (outline, juce::Drawable::parseSVGPath (d.stroke), {}, side / 16.0f);
        g.fillPath (outline, fit);
    }
    if (*d.fill != 0)
        g.fillPath (juce::Drawable::parseSVGPath (d.fill), fit);
}

} // namespace lacquer::ui
