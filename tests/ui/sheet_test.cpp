// SPDX-License-Identifier: GPL-3.0-or-later
#include "Support.h"
#include "ui/Icons.h"
#include "ui/Style.h"

#include <catch2/catch.hpp>
#include <set>

using namespace lacquer;
using namespace lacquer::ui;

namespace
{

const auto level = asLevel<Param> ("fader", "Fader", 10, 0, "Level.");

struct State
{
    const char* name;
    Look look;
};

Look with (bool Look::*flag)
{
    Look l;
    l.*flag = true;
    return l;
}

Look disabled()
{
    Look l;
    l.enabled = false;
    return l;
}

const State states[] = { { "normal", {} },
                         { "hover", with (&Look::over) },
                         { "focused", with (&Look::focused) },
                         { "pressed", with (&Look::down) },
                         { "disabled", disabled() },
                         { "bypassed", with (&Look::bypassed) },
                         { "automated", with (&Look::automated) },
                         { "muted", with (&Look::muted) },
                         { "selected", with (&Look::selected) },
                         { "on", with (&Look::on) } };

/// Every painter in every state it has, as on the component sheet.
struct Sheet final : juce::Component
{
    Sheet() { setSize (1200, 900); }
    void paint (juce::Graphics& g) override
    {
        g.fillAll (colour (tokens::panel));
        float x = 20;
        for (const auto& s : states)
        {
            const auto cell = juce::Rectangle<float> (x, 20, 100, 100);
            paintKnob (g, cell.withHeight (60).withSizeKeepingCentre (44, 44), 0.45, 0, s.look);
            const auto rail = juce::Rectangle<float> (x, 150, 60, 200);
            paintFaderScale (g, level, rail, x + 46, x + 30, s.look);
            const float y = rail.getBottom() - static_cast<float> (travelOf (level, -2)) * rail.getHeight();
            paintFaderCap (g, { x + 36, y - 17, 20, 34 }, s.look);
            const char* names[] = { "Bypass", "Export", "Delete", "Cancel" };
            for (int f = 0; f < 4; ++f)
                paintButton (g, { x, 400.0f + 40.0f * static_cast<float> (f), 80, 28 }, names[f],
                             static_cast<Face> (f), s.look);
            float lx = x;
            for (const auto letter : { 'M', 'S', 'R' })
            {
                paintLetter (g, { lx, 570, 20, 20 }, letter, s.look);
                lx += 26;
            }
            paintLetter (g, { x, 600, 20, 20 }, 'M', s.look, true);
            paintSwitch (g, { x + 40, 600, 40, 20 }, s.look);
            paintField (g, { x, 640, 88, 24 }, juce::String::charToString (0x2212) + "3.4 dB", s.look);
            paintField (g, { x, 675, 88, 24 }, "loud", s.look, true);
            paintMenuField (g, { x, 710, 96, 22 }, "TPDF, shaped", s.look);
            g.setColour (colour (tokens::text3));
            g.setFont (font (10.5f));
            g.drawText (s.name, cell.withTop (100).withHeight (20).withWidth (60),
                        juce::Justification::centred, false);
            x += 116;
        }
        x = 20;
        for (const float size : { 26.0f, 38.0f, 44.0f, 72.0f })
        {
            paintKnob (g, juce::Rectangle<float> (x, 760, 90, 90).withSizeKeepingCentre (size, size), 0.6, 0,
                       {});
            x += 100;
        }
        for (const double pan : { 0.1, 0.5, 0.64 })
        {
            paintKnob (g, juce::Rectangle<float> (x, 760, 60, 90).withSizeKeepingCentre (38, 38), pan, 0.5,
                       {});
            x += 70;
        }
        for (int n = 0; n <= static_cast<int> (Icon::cpu); ++n)
            drawIcon (
                g, static_cast<Icon> (n),
                { x + static_cast<float> (n % 21) * 22, 770 + static_cast<float> (n / 21) * 26, 16, 16 },
                colour (tokens::text));
        paintBubble (g, { 640, 860, 66, 20 }, "+1.5 dB");
    }
};

juce::Image drawn (const std::function<void (juce::Graphics&)>& paint)
{
    juce::Image image (juce::Image::ARGB, 120, 60, true);
    juce::Graphics g (image);
    paint (g);
    return image;
}

bool same (const juce::Image& a, const juce::Image& b)
{
    for (int y = 0; y < a.getHeight(); ++y)
        for (int x = 0; x < a.getWidth(); ++x)
            if (a.getPixelAt (x, y) != b.getPixelAt (x, y))
                return false;
    return true;
}

} // namespace

TEST_CASE ("Every icon leaves its mark, and no two look the same; a sheet shows all components")
{
    const juce::ScopedJuceInitialiser_GUI up;
    std::vector<juce::Image> marks { drawn ([] (auto&) {}) };
    for (int n = 0; n <= static_cast<int> (Icon::cpu); ++n)
    {
        marks.push_back (drawn (
            [n] (auto& g) {
                drawIcon (g, static_cast<Icon> (n), { 20, 12, 32, 32 }, colour (tokens::text));
            }));
        for (std::size_t other = 0; other + 1 < marks.size(); ++other)
        {
            CAPTURE (n, other);
            CHECK_FALSE (same (marks.back(), marks[other]));
        }
    }
    Sheet sheet;
    ui::fakes::picture (sheet, "components");
}

TEST_CASE ("Every state of a control looks unlike its normal state")
{
    const juce::ScopedJuceInitialiser_GUI up;
    const juce::Rectangle<float> area (20, 12, 80, 32);
    struct Painter
    {
        const char* name;
        std::function<void (juce::Graphics&, const Look&)> paint;
        std::vector<bool Look::*> flags;
    };
    const Painter painters[] = {
        { "knob",
          [&] (auto& g, const auto& l) { paintKnob (g, area, 0.4, 0, l); },
          { &Look::over, &Look::focused, &Look::automated, &Look::bypassed } },
        { "fader cap",
          [&] (auto& g, const auto& l) { paintFaderCap (g, area.withWidth (20), l); },
          { &Look::over, &Look::focused, &Look::automated, &Look::muted, &Look::selected } },
        { "button",
          [&] (auto& g, const auto& l) { paintButton (g, area, "Bypass", Face::plain, l); },
          { &Look::over, &Look::focused, &Look::down, &Look::on } },
        { "primary",
          [&] (auto& g, const auto& l) { paintButton (g, area, "Export", Face::primary, l); },
          { &Look::over, &Look::focused, &Look::down } },
        { "destructive",
          [&] (auto& g, const auto& l) { paintButton (g, area, "Delete", Face::destructive, l); },
          { &Look::over, &Look::focused, &Look::down } },
        { "letter",
          [&] (auto& g, const auto& l) { paintLetter (g, area.withWidth (20), 'M', l); },
          { &Look::over, &Look::focused, &Look::down, &Look::on } },
        { "field",
          [&] (auto& g, const auto& l) { paintField (g, area, "-3.4 dB", l); },
          { &Look::over, &Look::focused, &Look::automated } },
        { "switch",
          [&] (auto& g, const auto& l) { paintSwitch (g, area, l); },
          { &Look::over, &Look::focused, &Look::on } },
    };
    for (const auto& p : painters)
    {
        const auto normal = drawn ([&] (auto& g) { p.paint (g, {}); });
        for (std::size_t n = 0; n < p.flags.size(); ++n)
        {
            CAPTURE (p.name, n);
            CHECK_FALSE (same (normal, drawn ([&] (auto& g) { p.paint (g, with (p.flags[n])); })));
        }
        CAPTURE (p.name);
        if (std::string (p.name) != "switch")
            CHECK_FALSE (same (normal, drawn ([&] (auto& g) { p.paint (g, disabled()); })));
    }
}
