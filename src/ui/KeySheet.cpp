// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/KeySheet.h"

namespace lacquer::ui
{

namespace
{
constexpr float lineHeight = 17, titleHeight = 24, columnWidth = 290, gap = 24;
} // namespace

KeySheet::KeySheet()
{
    setTitle ("Keys");
    setHelpText ("Any key or click closes it.");
    setWantsKeyboardFocus (true);
}

void KeySheet::add (const juce::String& group, const juce::String& name, const juce::String& key)
{
    auto at = std::find_if (groups.begin(), groups.end(), [&] (const auto& g) { return g.name == group; });
    if (at == groups.end())
        at = groups.insert (groups.end(), { group, {} });
    at->lines.push_back ({ name, key });
}

bool KeySheet::keyPressed (const juce::KeyPress&)
{
    onDone();
    return true;
}

void KeySheet::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::well).withAlpha (0.74f));
    // As few columns as the height allows; a group may go on in the next.
    const float room = static_cast<float> (getHeight()) - 96;
    float whole = 0;
    for (const auto& group : groups)
        whole += titleHeight + lineHeight * static_cast<float> (group.lines.size()) + 8;
    const auto count = std::max (1.0f, std::ceil (whole / room + 0.1f));
    const auto box = juce::Rectangle<float> (count * columnWidth + (count + 1) * gap, room + 48)
                         .withCentre (getLocalBounds().toFloat().getCentre());
    g.setColour (colour (tokens::raised));
    g.fillRoundedRectangle (box, tokens::radiusDialog);
    g.setColour (juce::Colour (0xff5a5249));
    g.drawRoundedRectangle (box.reduced (0.5f), tokens::radiusDialog, 1);
    auto column = box.reduced (gap).withWidth (columnWidth);
    auto r = column;
    const auto next = [&] (float height)
    {
        if (r.getHeight() < height)
            r = column = column.translated (columnWidth + gap, 0);
        return r.removeFromTop (height);
    };
    for (const auto& group : groups)
    {
        if (r.getHeight() < titleHeight + 2 * lineHeight)
            r = column = column.translated (columnWidth + gap, 0);
        drawFading (g, group.name, font (13, Weight::semibold), colour (tokens::gold), next (titleHeight));
        for (const auto& line : group.lines)
        {
            const auto row = next (lineHeight);
            drawFading (g, line.name, font (12), colour (tokens::text), row.withTrimmedRight (100));
            drawFading (g, line.key, font (12, Weight::medium), colour (tokens::text2),
                        row.withLeft (row.getRight() - 96), juce::Justification::centredRight);
        }
        r.removeFromTop (8);
    }
}

} // namespace lacquer::ui
