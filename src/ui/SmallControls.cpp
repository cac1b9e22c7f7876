// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SmallControls.h"

#include <cmath>

namespace lacquer::ui
{

PowerSwitch::PowerSwitch (const Param& p, const juce::String& where) : ValueControl (p, where)
{
    setHelpText (utf8 (p.help) + " Click to switch.");
}

void PowerSwitch::paint (juce::Graphics& g)
{
    const bool on = isOn (static_cast<float> (drawn()));
    if (look().over)
    {
        g.setColour (colour (tokens::hover).withAlpha (0.5f));
        g.fillRoundedRectangle (getLocalBounds().toFloat(), tokens::radiusControl);
    }
    drawIcon (g, Icon::power, getLocalBounds().toFloat().withSizeKeepingCentre (14, 14),
              colour (on ? tokens::gold : tokens::text3));
    if (look().automated)
        paintAutomated (g, getLocalBounds().toFloat());
}

void PowerSwitch::toggle()
{
    const double next = isOn (static_cast<float> (value())) ? 0 : 1;
    show (next);
    if (onChange)
        onChange (next, newGesture());
}

void PowerSwitch::mouseDown (const juce::MouseEvent& e)
{
    if (e.mods.isPopupMenu() || e.mods.isCommandDown())
        ValueControl::mouseDown (e);
    else if (isEnabled())
        toggle();
}

bool PowerSwitch::keyPressed (const juce::KeyPress& key)
{
    if (! key.isKeyCode (juce::KeyPress::returnKey))
        return ValueControl::keyPressed (key);
    toggle();
    return true;
}

SegmentField::SegmentField (const Param& p, const juce::String& where) : ValueControl (p, where)
{
    for (int n = 0; ! choiceText (p, n).empty(); ++n)
        words.add (utf8 (choiceText (p, n)));
    setHelpText (utf8 (p.help) + " Click to choose.");
}

int SegmentField::naturalWidth() const
{
    float width = 0;
    for (const auto& w : words)
        width += font (11, Weight::medium).getStringWidthFloat (w) + 16;
    return static_cast<int> (std::ceil (width));
}

juce::Rectangle<float> SegmentField::segment (int wanted) const
{
    const auto area = getLocalBounds().toFloat();
    const float spare = (area.getWidth() - static_cast<float> (naturalWidth())) /
                        static_cast<float> (std::max (1, words.size()));
    float x = area.getX();
    for (int n = 0;; ++n)
    {
        const float w = font (11, Weight::medium).getStringWidthFloat (words[n]) + 16 + spare;
        if (n == wanted || n + 1 >= words.size())
            return { x, area.getY(), w, area.getHeight() };
        x += w;
    }
}

void SegmentField::paint (juce::Graphics& g)
{
    const auto area = getLocalBounds().toFloat();
    g.setColour (colour (tokens::well));
    g.fillRoundedRectangle (area, tokens::radiusControl);
    const int chosen = static_cast<int> (std::lround (drawn()));
    for (int n = 0; n < words.size(); ++n)
    {
        const auto r = segment (n);
        if (n == chosen)
        {
            g.setColour (colour (tokens::hover));
            g.fillRoundedRectangle (r.reduced (1), tokens::radiusControl);
        }
        g.setColour (colour (! isEnabled() ? tokens::off : n == chosen ? tokens::text : tokens::text2));
        g.setFont (font (11, n == chosen ? Weight::semibold : Weight::medium));
        g.drawText (words[n], r, juce::Justification::centred, false);
    }
    g.setColour (colour (tokens::edge));
    g.drawRoundedRectangle (area.reduced (0.5f), tokens::radiusControl, 1);
    if (look().automated)
        paintAutomated (g, area);
}

void SegmentField::mouseDown (const juce::MouseEvent& e)
{
    if (e.mods.isPopupMenu() || e.mods.isCommandDown() || ! isEnabled())
    {
        ValueControl::mouseDown (e);
        return;
    }
    for (int n = 0; n < words.size(); ++n)
        if (segment (n).contains (e.position))
        {
            show (n);
            if (onChange)
                onChange (n, newGesture());
        }
}

LevelSlider::LevelSlider (const Param& p, const juce::String& where) : ValueControl (p, where) {}

juce::Rectangle<float> LevelSlider::line() const
{
    return getLocalBounds().toFloat().withTrimmedRight (static_cast<float> (numberWidth)).reduced (4, 0);
}

void LevelSlider::paint (juce::Graphics& g)
{
    const auto r = line();
    const auto l = look();
    const auto bar = r.withSizeKeepingCentre (r.getWidth(), 5);
    g.setColour (colour (tokens::well));
    g.fillRoundedRectangle (bar, 2);
    const float x = r.getX() + static_cast<float> (travelOf (param(), drawn())) * r.getWidth();
    g.setColour (
        colour (l.muted ? tokens::off : tokens::gold).withMultipliedBrightness (l.over ? 1.1f : 1.0f));
    g.fillRoundedRectangle (bar.withRight (x), 2);
    g.setColour (colour (tokens::text));
    g.fillRoundedRectangle (juce::Rectangle<float> (6, 14).withCentre ({ x, bar.getCentreY() }), 1.5f);
    if (numberWidth > 0)
    {
        g.setColour (colour (l.automated ? tokens::fuji : tokens::text));
        drawTabular (g, shownValue (param(), drawn()).upToFirstOccurrenceOf (" ", false, false),
                     font (12, Weight::medium), getLocalBounds().toFloat(),
                     juce::Justification::centredRight);
    }
}

double LevelSlider::travelOfDrag (juce::Point<float> d) const
{
    return static_cast<double> (d.x) / static_cast<double> (std::max (1.0f, line().getWidth()));
}

juce::Rectangle<int> LevelSlider::entryBounds() const
{
    return getLocalBounds().removeFromRight (std::max (40, numberWidth));
}

bool LevelSlider::isNumber (juce::Point<int> p) const
{
    return p.x > getWidth() - numberWidth;
}

} // namespace lacquer::ui
