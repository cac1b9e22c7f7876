// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Meter.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

constexpr double amberFrom = -9, shuFrom = -1;

/// Fills the part of a bar between two levels, in the colours of its zones.
template <typename Fill>
void zones (double toDb, Fill fill, double amber = amberFrom, double shu = shuFrom)
{
    const double edges[] = { -100, amber, shu, 100 };
    const std::uint32_t colours[] = { tokens::seiji, tokens::amber, tokens::shu };
    for (int z = 0; z < 3; ++z)
        if (toDb > edges[z])
            fill (edges[z], std::min (toDb, edges[z + 1]), juce::Colour (colours[z]));
}

} // namespace

LevelMeter::LevelMeter (const juce::String& where)
{
    setOpaque (true);
    setTitle ("Meter, " + where);
    setHelpText (
        "Sample peak with a 300 ms RMS core. Click to clear the number and the clip light. The right "
        "button has VU and K scales.");
}

void LevelMeter::setChannels (int n)
{
    channels = n;
    repaint();
}

double LevelMeter::maximum() const
{
    return channels == 1 ? bars[0].maximum() : std::max (bars[0].maximum(), bars[1].maximum());
}

void LevelMeter::advance (const Levels& levels, double seconds)
{
    const auto picture = [this]
    {
        return std::make_tuple (bars[0].level(), bars[1].level(), rmsDb, bars[0].held(), bars[1].held(),
                                needles[0].deflection(), needles[1].deflection());
    };
    const auto before = picture();
    // What is told is a mean over 300 ms that falls off exponentially: the needle wants what came in since.
    const double kept = std::exp (-seconds / 0.3);
    for (std::size_t c = 0; c < 2; ++c)
    {
        const double last = std::exchange (energy[c], static_cast<double> (levels.energy[c]));
        if (isVu (scale) && seconds > 0)
        {
            const double fresh = std::max (0.0, (energy[c] - kept * last) / (1 - kept));
            needles[c].advance (std::sqrt (2 * fresh), seconds);
        }
        bars[c].advance (decibelsOf (static_cast<double> (levels.peak[c])).value, seconds);
        rmsDb[c] = decibelsOf (std::sqrt (static_cast<double> (levels.energy[c]))).value;
    }
    if (before != picture())
        repaint();
}

void LevelMeter::follow (const LevelMeter& other)
{
    bars = other.bars;
    rmsDb = other.rmsDb;
    needles = other.needles;
    scale = other.scale;
    repaint();
}

void LevelMeter::clear()
{
    for (auto& b : bars)
        b.clear();
    repaint();
}

void LevelMeter::mouseDown (const juce::MouseEvent& e)
{
    if (e.mods.isPopupMenu() && onScale)
    {
        menu().showMenuAsync (
            juce::PopupMenu::Options().withTargetComponent (this).withDeletionCheck (*this));
        return;
    }
    clear();
    if (onClear)
        onClear();
}

void LevelMeter::paint (juce::Graphics& g)
{
    g.fillAll (colour (horizontal ? tokens::ground : tokens::panel));
    auto area = getLocalBounds().toFloat();
    if (horizontal)
    {
        const float height = std::floor ((area.getHeight() - 1.5f) / 2);
        for (int c = 0; c < 2; ++c)
        {
            const auto lane = area.removeFromTop (height);
            area.removeFromTop (1.5f);
            g.setColour (colour (tokens::well));
            g.fillRect (lane);
            const auto x = [&] (double db)
            { return lane.getX() + static_cast<float> (meterTravel (db)) * lane.getWidth(); };
            zones (peak (c),
                   [&] (double from, double to, juce::Colour zone)
                   {
                       g.setColour (zone);
                       g.fillRect (juce::Rectangle<float>::leftTopRightBottom (x (from), lane.getY(), x (to),
                                                                               lane.getBottom()));
                   });
            if (held (c) > -60)
            {
                g.setColour (colour (tokens::text));
                g.fillRect (x (held (c)) - 0.75f, lane.getY(), 1.5f, lane.getHeight());
            }
        }
        return;
    }

    const float scaleWidth = ! scaleNumbers ? 0.0f : area.getWidth() < 28 ? 13.0f : 17.0f;
    auto bar = area.withTrimmedRight (scaleWidth);
    const float width =
        channels == 1 ? std::min (bar.getWidth(), 8.0f) : std::floor ((bar.getWidth() - 1) / 2);
    if (scale != Scale::peak)
    {
        if (isVu (scale))
            paintVu (g, bar, width, scaleWidth);
        else
            paintK (g, bar, width, scaleWidth);
        return;
    }
    const float top = area.getY() + 5;
    const float height = area.getHeight() - 5;
    const auto y = [&] (double db) { return top + (1 - static_cast<float> (meterTravel (db))) * height; };
    for (int c = 0; c < channels; ++c)
    {
        const float x = bar.getX() + static_cast<float> (c) * (width + 1);
        g.setColour (colour (tokens::well));
        g.fillRect (x, top, width, height);
        zones (peak (c),
               [&] (double from, double to, juce::Colour zone)
               {
                   g.setColour (zone.withMultipliedAlpha (0.5f));
                   g.fillRect (x, y (to), width, y (from) - y (to));
               });
        zones (std::min (rms (c), peak (c)),
               [&] (double from, double to, juce::Colour zone)
               {
                   g.setColour (zone);
                   g.fillRect (x, y (to), width, y (from) - y (to));
               });
        if (held (c) > -60)
        {
            g.setColour (colour (held (c) >= shuFrom     ? tokens::shu
                                 : held (c) >= amberFrom ? tokens::amber
                                                         : tokens::text));
            g.fillRect (x, y (held (c)) - 0.75f, width, 1.5f);
        }
        paintClip (g, bar, width, c);
    }
    if (scaleNumbers)
    {
        g.setColour (colour (tokens::text3));
        float last = -100;
        for (const int db : { 0, -6, -12, -18, -24, -36, -48 })
        {
            const float at = y (db);
            if (at - last < (height < 150 ? 17 : 10))
                continue;
            drawTabular (g, juce::String (-db), font (9, Weight::medium),
                         { area.getRight() - scaleWidth + (scaleWidth < 17 ? 2.0f : 3.0f),
                           std::min (at - 6, area.getBottom() - 12), 14, 12 },
                         juce::Justification::centredLeft);
            last = at;
        }
    }
}

void LevelMeter::paintClip (juce::Graphics& g, juce::Rectangle<float> bar, float width, int channel)
{
    g.setColour (bars[static_cast<std::size_t> (channel)].maximum() >= 0 ? colour (tokens::shu)
                                                                         : juce::Colour (0xff37302b));
    g.fillRect (bar.getX() + static_cast<float> (channel) * (width + 1), bar.getY(), width, 3.5f);
}

void LevelMeter::setScale (Scale s)
{
    if (std::exchange (scale, s) == s)
        return;
    if (isVu (s))
        for (std::size_t c = 0; c < 2; ++c)
        {
            // As if it had been hanging there all the time.
            needles[c] = {};
            needles[c].advance (std::sqrt (2 * energy[c]), 60);
        }
    repaint();
}

double LevelMeter::zero() const
{
    switch (scale)
    {
        case Scale::k12: return -12;
        case Scale::vu18: return -18;
        case Scale::k20:
        case Scale::vu20: return -20;
        case Scale::peak:
        case Scale::k14:
        case Scale::vu14: break;
    }
    return -14;
}

double LevelMeter::vu (int channel) const
{
    return decibelsOf (std::max (0.0, needles[static_cast<std::size_t> (channel)].deflection())).value -
           zero();
}

juce::String LevelMeter::nameOf (Scale s)
{
    switch (s)
    {
        case Scale::peak: return "Peak + RMS";
        case Scale::k12: return "K-12";
        case Scale::k14: return "K-14";
        case Scale::k20: return "K-20";
        case Scale::vu18: return "VU, 0 is -18 dBFS";
        case Scale::vu20: return "VU, 0 is -20 dBFS";
        case Scale::vu14: break;
    }
    return "VU, 0 is -14 dBFS";
}

std::string LevelMeter::wordOf (Scale s)
{
    constexpr const char* words[] { "peak", "k14", "k12", "k20", "vu18", "vu20", "vu14" };
    return words[static_cast<std::size_t> (s)];
}

LevelMeter::Scale LevelMeter::scaleOf (std::string_view word)
{
    const auto found =
        std::find_if (scales.begin(), scales.end(), [word] (Scale s) { return wordOf (s) == word; });
    return found != scales.end() ? *found : Scale::peak;
}

juce::PopupMenu LevelMeter::menu()
{
    juce::PopupMenu m;
    m.addItem ("Clear",
               [this]
               {
                   clear();
                   if (onClear)
                       onClear();
               });
    m.addSeparator();
    for (const auto s : scales)
        m.addItem (nameOf (s), true, s == scale, [this, s] { onScale (s); });
    return m;
}

void LevelMeter::paintVu (juce::Graphics& g, juce::Rectangle<float> bar, float width, float scaleWidth)
{
    const float top = bar.getY() + 5, height = bar.getHeight() - 5;
    const auto y = [&] (double v) { return top + (1 - static_cast<float> (vuTravel (v))) * height; };
    for (int c = 0; c < channels; ++c)
    {
        const float x = bar.getX() + static_cast<float> (c) * (width + 1);
        g.setColour (colour (tokens::well));
        g.fillRect (x, top, width, height);
        zones (
            vu (c),
            [&] (double from, double to, juce::Colour zone)
            {
                g.setColour (zone);
                g.fillRect (x, y (to), width, y (from) - y (to));
            },
            0, 0);
        paintClip (g, bar, width, c);
    }
    if (scaleWidth <= 0)
        return;
    float last = -100;
    for (const int v : { 3, 0, -3, -5, -7, -10, -20 })
    {
        const float at = std::min (y (v) - 6, bar.getBottom() - 12);
        if (at - last < 11)
            continue;
        last = at;
        g.setColour (colour (v > 0 ? tokens::shu : tokens::text3));
        drawTabular (g, juce::String (std::abs (v)), font (8.5f, Weight::medium),
                     { bar.getRight() + 1, at, scaleWidth, 12 }, juce::Justification::centredLeft);
    }
}

void LevelMeter::paintK (juce::Graphics& g, juce::Rectangle<float> bar, float width, float scaleWidth)
{
    // From -30 to full scale, even in dB (Katz 2000); zones at 0 and +4.
    constexpr double least = -30, aes17 = 3.0103;
    const double most = -zero();
    const float top = bar.getY() + 5, height = bar.getHeight() - 5;
    const auto y = [&] (double k)
    {
        const double share = (std::clamp (k, least, most) - least) / (most - least);
        return top + (1 - static_cast<float> (share)) * height;
    };
    for (int c = 0; c < channels; ++c)
    {
        const float x = bar.getX() + static_cast<float> (c) * (width + 1);
        g.setColour (colour (tokens::well));
        g.fillRect (x, top, width, height);
        zones (
            rms (c) + aes17 - zero(),
            [&] (double from, double to, juce::Colour zone)
            {
                g.setColour (zone);
                g.fillRect (x, y (to), width, y (from) - y (to));
            },
            0, 4);
        if (peak (c) - zero() > least)
        {
            g.setColour (colour (tokens::text));
            g.fillRect (x, y (peak (c) - zero()) - 0.75f, width, 1.5f);
        }
        paintClip (g, bar, width, c);
    }
    if (scaleWidth <= 0)
        return;
    g.setColour (colour (tokens::text3));
    for (const int k : { static_cast<int> (most), 8, 4, 0, -4, -8, -12, -18, -24 })
        drawTabular (g, // narrow scales have no room for signs
                     scaleWidth < 17 ? juce::String (std::abs (k))
                                     : shown ((k > 0 ? "+" : "") + std::to_string (k)),
                     font (8.5f, Weight::medium), { bar.getRight() + 1, y (k) - 6, scaleWidth, 12 },
                     juce::Justification::centredLeft);
}

ReductionMeter::ReductionMeter (const juce::String& where, bool withScale) : scale (withScale)
{
    setOpaque (true);
    setTitle ("Gain reduction, " + where);
    setHelpText ("How much is taken away now. The line is the worst of the last two seconds.");
    bar.advance (0, 0);
}

void ReductionMeter::advance (double reductionDb, double seconds)
{
    const auto before = std::make_pair (bar.level(), bar.held());
    bar.advance (std::max (0.0, reductionDb), seconds);
    if (before != std::make_pair (bar.level(), bar.held()))
        repaint();
}

void ReductionMeter::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::panel));
    auto area = getLocalBounds().toFloat();
    const auto lane = area.withTrimmedRight (scale ? 16.0f : 0.0f);
    g.setColour (colour (tokens::well));
    g.fillRect (lane);
    const auto y = [&] (double db)
    { return static_cast<float> (std::clamp (db / range, 0.0, 1.0)) * lane.getHeight(); };
    g.setColour (colour (tokens::ruri));
    g.fillRect (lane.withHeight (y (std::max (0.0, bar.level()))));
    if (bar.held() > 0.05)
    {
        g.setColour (colour (tokens::text));
        g.fillRect (lane.getX(), y (bar.held()), lane.getWidth(), 1.5f);
    }
    if (scale)
    {
        g.setColour (colour (tokens::text3));
        for (const int db : { 3, 6, 9, 12, 15 })
            drawTabular (g, juce::String (db), font (9, Weight::medium),
                         { lane.getRight() + 3, y (db) - 6, 13, 12 }, juce::Justification::centredLeft);
    }
}

LoudnessBar::LoudnessBar (const juce::String& l, const juce::String& name) : letter (l)
{
    setOpaque (true);
    setTitle (name);
}

void LoudnessBar::show (double value)
{
    if (value == lufs)
        return;
    lufs = value;
    repaint();
}

void LoudnessBar::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::panel));
    auto area = getLocalBounds().toFloat();
    g.setColour (colour (tokens::text));
    drawTabular (g, shownLevel (lufs), font (11, Weight::medium), area.removeFromTop (18),
                 juce::Justification::centred);
    g.setColour (colour (tokens::text2));
    g.setFont (font (11, Weight::medium));
    g.drawText (letter, area.removeFromBottom (18), juce::Justification::centred, false);
    const auto lane = area.withSizeKeepingCentre (std::min (28.0f, area.getWidth() - 8), area.getHeight());
    g.setColour (colour (tokens::well));
    g.fillRect (lane);
    // -41 to -3 LUFS, linear
    const auto share = static_cast<float> (std::clamp ((lufs + 41.0) / 38.0, 0.0, 1.0));
    g.setColour (colour (tokens::seiji));
    g.fillRect (lane.withTop (lane.getBottom() - share * lane.getHeight()));
}

} // namespace lacquer::ui
