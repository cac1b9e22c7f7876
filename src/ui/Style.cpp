// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Style.h"

#include "ui/Icons.h"

#include <Resources.h>
#include <array>
#include <cmath>

namespace lacquer::ui
{

namespace
{

/// The embedded faces, and the glyph and width of every character that numbers are made of.
class Faces final : public juce::DeletedAtShutdown
{
public:
    struct Glyph
    {
        int number = 0;
        float width = 0; ///< at height 1
    };

    Faces()
    {
        using namespace lacquer_resources;
        const std::array<std::pair<const char*, int>, 3> data { { { InterRegular_otf, InterRegular_otfSize },
                                                                  { InterMedium_otf, InterMedium_otfSize },
                                                                  { InterSemiBold_otf,
                                                                    InterSemiBold_otfSize } } };
        for (std::size_t n = 0; n < data.size(); ++n)
        {
            face[n] = juce::Typeface::createSystemTypefaceFor (data[n].first,
                                                               static_cast<std::size_t> (data[n].second));
            for (juce::juce_wchar c = 32; c < 127; ++c)
                glyphs[n][c - 32] = look (n, c);
        }
    }
    ~Faces() override { clearSingletonInstance(); }

    Glyph look (std::size_t weight, juce::juce_wchar c) const
    {
        juce::Array<int> numbers;
        juce::Array<float> offsets;
        face[weight]->getGlyphPositions (juce::String::charToString (c), numbers, offsets);
        if (numbers.isEmpty())
            return {};
        return { numbers[0], offsets[1] - offsets[0] };
    }

    Glyph glyph (const juce::Typeface* t, juce::juce_wchar c) const
    {
        std::size_t weight = 0;
        for (std::size_t n = 0; n < face.size(); ++n)
            if (face[n].get() == t)
                weight = n;
        return c >= 32 && c < 127 ? glyphs[weight][c - 32] : look (weight, c);
    }

    std::array<juce::Typeface::Ptr, 3> face;

    JUCE_DECLARE_SINGLETON (Faces, false)

private:
    std::array<std::array<Glyph, 95>, 3> glyphs;
};

JUCE_IMPLEMENT_SINGLETON (Faces)

bool isDigit (juce::juce_wchar c)
{
    return c >= '0' && c <= '9';
}

juce::Colour faded (juce::Colour c, float alpha)
{
    return c.withAlpha (alpha);
}

void fillGradient (juce::Graphics& g, juce::Rectangle<float> r, float radius, std::uint32_t top,
                   std::uint32_t bottom)
{
    g.setGradientFill ({ juce::Colour (top), 0, r.getY(), juce::Colour (bottom), 0, r.getBottom(), false });
    g.fillRoundedRectangle (r, radius);
}

void outline (juce::Graphics& g, juce::Rectangle<float> r, float radius, juce::Colour c, float width = 1)
{
    g.setColour (c);
    g.drawRoundedRectangle (r.reduced (width / 2), radius, width);
}

constexpr float sweep = juce::MathConstants<float>::pi * 0.75f;

} // namespace

juce::Font font (float emSize, Weight weight)
{
    return juce::Font (Faces::getInstance()->face[static_cast<std::size_t> (weight)])
        .withPointHeight (emSize);
}

juce::Colour pigment (std::string_view name)
{
    constexpr auto count = std::size (tokens::trackColours);
    for (std::size_t n = 0; n < count; ++n)
        if (name == tokens::trackColourNames[n])
            return juce::Colour (tokens::trackColours[n]);
    return juce::Colour (tokens::trackColours[count - 1]);
}

juce::String utf8 (std::string_view s)
{
    return juce::String::fromUTF8 (s.data(), static_cast<int> (s.size()));
}

juce::String shown (std::string_view ascii)
{
    // A minus stands before a number or infinity, and not inside a word.
    juce::String out;
    const auto text = utf8 (ascii);
    for (int n = 0; n < text.length(); ++n)
    {
        const auto next = text[n + 1];
        const bool sign = text[n] == '-' && (n == 0 || text[n - 1] == ' ') && (isDigit (next) || next == 'i');
        out += juce::String::charToString (sign ? 0x2212 : text[n]);
    }
    return out.replace ("inf", juce::String::charToString (0x221e));
}

juce::String shownValue (const Param& p, double value)
{
    // Gains carry their sign; a plus is typed back as easily as a minus.
    const bool plus = p.unit == "dB" && value >= 0.05;
    return (plus ? "+" : "") + shown (textOf (p, value));
}

juce::String shownLevel (double db)
{
    if (! (db > -90.0))
        return shown ("-inf");
    if (db > -0.05 && db < 0.05)
        return "0.0";
    return shown (juce::String (db, 1).toStdString());
}

float tabularWidth (const juce::String& text, juce::Font f)
{
    const auto* faces = Faces::getInstance();
    const auto* face = f.getTypefacePtr().get();
    float width = 0;
    for (auto t = text.getCharPointer(); ! t.isEmpty();)
    {
        const auto c = t.getAndAdvance();
        width += faces->glyph (face, isDigit (c) ? '0' : c).width;
    }
    return width * f.getHeight();
}

void drawTabular (juce::Graphics& g, const juce::String& text, juce::Font f, juce::Rectangle<float> area,
                  juce::Justification where)
{
    const auto* faces = Faces::getInstance();
    const auto* face = f.getTypefacePtr().get();
    const auto placed =
        where.appliedToRectangle (juce::Rectangle<float> (tabularWidth (text, f), f.getHeight()), area);
    const float zero = faces->glyph (face, '0').width;
    const float baseline = placed.getY() + f.getAscent();
    float x = placed.getX();
    juce::GlyphArrangement line;
    for (auto t = text.getCharPointer(); ! t.isEmpty();)
    {
        const auto c = t.getAndAdvance();
        const auto glyph = faces->glyph (face, c);
        const float own = glyph.width * f.getHeight();
        const float cell = isDigit (c) ? zero * f.getHeight() : own;
        line.addGlyph ({ f, c, glyph.number, x + (cell - own) / 2, baseline, own, c == ' ' });
        x += cell;
    }
    line.draw (g);
}

void drawFading (juce::Graphics& g, const juce::String& text, juce::Font f, juce::Colour c,
                 juce::Rectangle<float> area, juce::Justification where)
{
    const float width = f.getStringWidthFloat (text);
    g.setFont (f);
    if (width <= area.getWidth())
    {
        g.setColour (c);
        g.drawText (text, area, where, false);
        return;
    }
    juce::ColourGradient fade (c, area.getRight() - 12, 0, c.withAlpha (0.0f), area.getRight(), 0, false);
    g.setGradientFill (fade);
    juce::Graphics::ScopedSaveState state (g);
    g.reduceClipRegion (area.toNearestInt());
    g.drawText (text, area.withWidth (width + 8), juce::Justification::centredLeft, false);
}

juce::String shortName (const juce::String& name, const juce::Font& face, float room)
{
    auto words = juce::StringArray::fromTokens (name, " ", {});
    auto text = name;
    while (words.size() > 1 && face.getStringWidthFloat (text) > room)
    {
        int longest = 0;
        for (int n = 1; n < words.size(); ++n)
            if (words[n].length() > words[longest].length())
                longest = n;
        if (words[longest].length() <= 3)
            break; // the rest fades
        words.set (longest, words[longest].dropLastCharacters (1));
        text = words.joinIntoString (" ");
    }
    return text;
}

void paintPanel (juce::Graphics& g, juce::Rectangle<int> r)
{
    g.setGradientFill ({ juce::Colour (0xff1d1a18), 0, static_cast<float> (r.getY()),
                         juce::Colour (0xff181513), 0, static_cast<float> (r.getBottom()), false });
    g.fillRect (r);
    g.setColour (juce::Colour (0xff2b2723));
    g.fillRect (r.removeFromTop (1));
}

void paintWell (juce::Graphics& g, juce::Rectangle<float> r)
{
    g.setColour (colour (tokens::well));
    g.fillRoundedRectangle (r, tokens::radiusControl);
    outline (g, r, tokens::radiusControl, colour (tokens::line));
}

void paintFocusRing (juce::Graphics& g, juce::Rectangle<float> around, float radius)
{
    g.setColour (colour (tokens::text));
    g.drawRoundedRectangle (around.expanded (3), radius + 3, 2);
}

void paintBubble (juce::Graphics& g, juce::Rectangle<float> r, const juce::String& text)
{
    g.setColour (colour (tokens::well));
    g.fillRoundedRectangle (r, 2);
    outline (g, r, 2, colour (tokens::gold));
    g.setColour (colour (tokens::text));
    drawTabular (g, text, font (11, Weight::semibold), r, juce::Justification::centred);
}

void paintKnob (juce::Graphics& g, juce::Rectangle<float> area, double travel, double from, const Look& look)
{
    const float size = std::min (area.getWidth(), area.getHeight());
    const auto centre = area.getCentre();
    const float width = size >= 44 ? 3.2f : 2.6f;
    const float radius = size / 2 - 1.8f;
    const float at = static_cast<float> (2 * travel - 1) * sweep;
    const float start = static_cast<float> (2 * from - 1) * sweep;
    const auto arc = [&] (float a, float b, float r, float w, juce::Colour c)
    {
        juce::Path p;
        p.addCentredArc (centre.x, centre.y, r, r, 0, a, b, true);
        g.setColour (c);
        g.strokePath (p,
                      juce::PathStrokeType (w, juce::PathStrokeType::curved, juce::PathStrokeType::rounded));
    };
    const auto value = ! look.enabled  ? colour (tokens::off)
                       : look.bypassed ? colour (tokens::text3)
                       : look.over     ? colour (tokens::gold).brighter (0.15f)
                                       : colour (tokens::gold);
    arc (-sweep, sweep, radius, width, juce::Colour (look.enabled ? 0xff39322d : 0xff2a2521));
    if (look.automated)
    {
        const bool known = look.rangeTo > look.rangeFrom;
        const float a = known ? (2 * look.rangeFrom - 1) * sweep : std::min (start, at),
                    b = known ? (2 * look.rangeTo - 1) * sweep : std::max (start, at);
        arc (a, std::max (b, a + 0.06f), radius + 4, 1.5f, colour (tokens::fuji));
    }
    if (std::abs (at - start) > 0.02f)
        arc (std::min (start, at), std::max (start, at), radius, width, value);
    else if (from == 0.5)
    {
        g.setColour (value);
        g.fillEllipse (juce::Rectangle<float> (width, width).withCentre (centre.translated (0, -radius)));
    }

    const float face =
        size * 0.5f - (size >= 44 ? 5.6f : 5.3f) * (size >= 44 ? 1.0f : size / 26 * 0.5f + 0.5f);
    const auto disc = juce::Rectangle<float> (2 * face, 2 * face).withCentre (centre);
    const bool lit = look.over && look.enabled;
    g.setGradientFill ({ juce::Colour (look.enabled ? (lit ? 0xff544c45 : 0xff463f39) : 0xff26211e), 0,
                         disc.getY(),
                         juce::Colour (look.enabled ? (lit ? 0xff37312c : 0xff2a2521) : 0xff1f1b19), 0,
                         disc.getBottom(), false });
    g.fillEllipse (disc);
    g.setColour (juce::Colour (look.enabled ? 0xff57504a : 0xff332e2a));
    g.drawEllipse (disc, 1);

    const auto tip = centre.getPointOnCircumference (face - 1.2f, at);
    const auto heel = centre.getPointOnCircumference (face * 0.38f, at);
    juce::Path pointer;
    pointer.startNewSubPath (heel);
    pointer.lineTo (tip);
    g.setColour (colour (look.enabled ? tokens::text : tokens::off));
    g.strokePath (pointer, juce::PathStrokeType (size >= 44 ? 2.2f : 1.8f, juce::PathStrokeType::curved,
                                                 juce::PathStrokeType::rounded));
    if (look.focused)
    {
        g.setColour (colour (tokens::text));
        g.drawEllipse (juce::Rectangle<float> (size, size).withCentre (centre).expanded (3), 2);
    }
}

void paintFaderCap (juce::Graphics& g, juce::Rectangle<float> cap, const Look& look)
{
    g.setColour (juce::Colours::black.withAlpha (0.45f));
    g.fillRoundedRectangle (cap.translated (0, 2), 3);
    const float lift = look.over && look.enabled ? 0.12f : 0.0f;
    const auto shade = [&] (std::uint32_t c)
    { return look.enabled ? juce::Colour (c).brighter (lift) : juce::Colour (c).darker (0.9f); };
    juce::ColourGradient body (shade (0xff6a6157), 0, cap.getY(), shade (0xff4d463f), 0, cap.getBottom(),
                               false);
    body.addColour (0.46, shade (0xff4a433c));
    body.addColour (0.54, shade (0xff38322d));
    g.setGradientFill (body);
    g.fillRoundedRectangle (cap, 2.5f);
    outline (g, cap, 2.5f, shade (look.over ? 0xff94897d : 0xff7a7066));
    g.setColour (juce::Colour (0xff2a2521));
    const float middle = cap.getCentreY();
    const float step = cap.getHeight() > 32 ? 3.5f : 3.0f;
    for (int n = 0; n < 3; ++n)
    {
        const float away = cap.getHeight() / 2 - 4 - static_cast<float> (n) * step;
        if (away < 4)
            break;
        g.fillRect (cap.getX() + 4, middle - away - 0.5f, cap.getWidth() - 8, 1.0f);
        g.fillRect (cap.getX() + 4, middle + away - 0.5f, cap.getWidth() - 8, 1.0f);
    }
    g.setColour (! look.enabled  ? colour (tokens::off)
                 : look.muted    ? colour (tokens::ruri)
                 : look.selected ? colour (tokens::gold)
                                 : colour (tokens::text));
    g.fillRect (cap.getX() + 0.5f, middle - 1, cap.getWidth() - 1, 2.0f);
    if (look.automated)
    {
        juce::Path point;
        point.addTriangle (cap.getX() - 5, middle - 3, cap.getX() - 5, middle + 3, cap.getX() - 1, middle);
        g.setColour (colour (tokens::fuji));
        g.fillPath (point);
    }
    if (look.focused)
        paintFocusRing (g, cap);
}

void paintFaderScale (juce::Graphics& g, const Param& p, juce::Rectangle<float> travel, float slotX,
                      float numbersTo, const Look& look)
{
    const auto slot = juce::Rectangle<float> (slotX - 2, travel.getY() - 6, 4, travel.getHeight() + 12);
    const float scale = look.enabled ? 1.0f : 0.5f;
    float last = -100;
    for (const int db : { 10, 5, 0, -5, -10, -20, -30, -40, -60 })
    {
        if (db > static_cast<int> (p.max) || db < static_cast<int> (p.min))
            continue;
        const float y = travel.getBottom() - static_cast<float> (travelOf (p, db)) * travel.getHeight();
        if (std::abs (y - last) < 9)
            continue;
        const bool zero = db == 0;
        const auto c = colour (zero ? tokens::text : tokens::edge).withMultipliedAlpha (scale);
        g.setColour (c);
        if (numbersTo <= slotX - 14)
            g.fillRect (slotX - 13, y - 0.5f, 5.0f, 1.0f);
        g.fillRect (slotX + 9, y - 0.5f, 5.0f, 1.0f);
        if (numbersTo > 0)
        {
            g.setColour (colour (zero ? tokens::text : tokens::text3).withMultipliedAlpha (scale));
            drawTabular (g, juce::String (std::abs (db)), font (9, zero ? Weight::semibold : Weight::medium),
                         { numbersTo - 20, y - 6, 20, 12 }, juce::Justification::centredRight);
        }
        last = y;
    }
    g.setColour (colour (tokens::well));
    g.fillRoundedRectangle (slot, 2);
    g.setColour (juce::Colour (0xff302a26));
    g.drawRoundedRectangle (slot, 2, 1);
}

void paintField (juce::Graphics& g, juce::Rectangle<float> r, const juce::String& text, const Look& look,
                 bool wrong)
{
    g.setColour (look.enabled ? colour (tokens::well) : juce::Colour (0xff171412));
    g.fillRoundedRectangle (r, tokens::radiusControl);
    outline (g, r, tokens::radiusControl,
             colour (wrong            ? tokens::shu
                     : ! look.enabled ? tokens::line
                     : look.over      ? tokens::text2
                                      : tokens::field),
             wrong ? 2.0f : 1.0f);
    g.setColour (colour (! look.enabled ? tokens::off : look.automated ? tokens::fuji : tokens::text));
    drawTabular (g, text, font (tokens::bodySize), r.reduced (8, 0), juce::Justification::centredLeft);
    if (look.focused)
        paintFocusRing (g, r);
}

void paintButton (juce::Graphics& g, juce::Rectangle<float> r, const juce::String& text, Face face,
                  const Look& look, float textSize)
{
    auto words = colour (tokens::text);
    auto weight = Weight::medium;
    constexpr float radius = tokens::radiusControl;
    if (face == Face::quiet)
    {
        words = colour (! look.enabled ? tokens::off : look.over || look.down ? tokens::text : tokens::text2);
        if (look.over && look.enabled)
        {
            g.setColour (faded (colour (tokens::hover), 0.5f));
            g.fillRoundedRectangle (r, radius);
        }
    }
    else if (look.on || face == Face::primary)
    {
        weight = Weight::semibold;
        words = colour (tokens::ink);
        if (! look.enabled)
        {
            g.setColour (juce::Colour (face == Face::primary ? 0xff4d3f1f : 0xff1f1b19));
            g.fillRoundedRectangle (r, radius);
            words = juce::Colour (face == Face::primary ? 0xff8f7d52 : tokens::off);
        }
        else if (look.down)
        {
            g.setColour (juce::Colour (0xffc7a452));
            g.fillRoundedRectangle (r, radius);
        }
        else
        {
            if (face == Face::primary)
                fillGradient (g, r, radius, look.over ? 0xfffbe6b0u : 0xfff2d186u,
                              look.over ? 0xfff0cf80u : 0xffe0b75fu);
            else
            {
                g.setColour (colour (tokens::gold).brighter (look.over ? 0.25f : 0.0f));
                g.fillRoundedRectangle (r, radius);
            }
        }
    }
    else if (face == Face::destructive)
    {
        g.setColour (juce::Colour (! look.enabled ? 0xff1f1b19 : look.over ? 0xff4a1d16 : 0xff2a1714));
        g.fillRoundedRectangle (r, radius);
        outline (g, r, radius, colour (look.enabled ? tokens::shu : tokens::shuDim));
        words = colour (look.enabled ? tokens::shu : tokens::off);
    }
    else
    {
        if (! look.enabled)
        {
            g.setColour (juce::Colour (0xff1f1b19));
            g.fillRoundedRectangle (r, radius);
            outline (g, r, radius, colour (tokens::line));
            words = colour (tokens::off);
        }
        else if (look.down)
        {
            g.setColour (juce::Colour (0xff231f1c));
            g.fillRoundedRectangle (r, radius);
            outline (g, r, radius, juce::Colour (0xff3a342f));
        }
        else
        {
            fillGradient (g, r, radius, look.over ? 0xff4a423bu : 0xff3a332eu,
                          look.over ? 0xff3f3833u : 0xff302a26u);
            outline (g, r, radius, juce::Colour (look.over ? 0xff5e564d : tokens::edge));
        }
    }
    g.setColour (words);
    g.setFont (font (textSize, weight));
    g.drawText (text, r.translated (0, look.down ? 1.0f : 0.0f), juce::Justification::centred, false);
    if (look.focused)
        paintFocusRing (g, r);
}

void paintLetter (juce::Graphics& g, juce::Rectangle<float> r, juce::juce_wchar letter, const Look& look,
                  bool outlined)
{
    const auto lit = letter == 'M' ? tokens::ruri : letter == 'S' ? tokens::gold : tokens::shu;
    auto words = colour (tokens::text2);
    if (look.on)
    {
        g.setColour (colour (lit).brighter (look.over ? 0.2f : 0.0f));
        g.fillRoundedRectangle (r, tokens::radiusControl);
        words = juce::Colour (letter == 'M' ? 0xff06121f : letter == 'S' ? tokens::ink : 0xff1e0603);
    }
    else
    {
        g.setColour (juce::Colour (look.down ? 0xff231f1c : look.over ? 0xff3f3833 : 0xff302a26));
        g.fillRoundedRectangle (r, tokens::radiusControl);
        outline (g, r, tokens::radiusControl, outlined ? colour (lit) : juce::Colour (0xff453e38),
                 outlined ? 1.5f : 1.0f);
        if (outlined)
            words = colour (lit);
    }
    g.setColour (look.enabled ? words : colour (tokens::off));
    g.setFont (font (10, Weight::semibold));
    g.drawText (juce::String::charToString (letter), r, juce::Justification::centred, false);
    if (look.focused)
        paintFocusRing (g, r);
}

void paintAutomated (juce::Graphics& g, juce::Rectangle<float> r)
{
    g.setColour (colour (tokens::fuji));
    g.fillEllipse (juce::Rectangle<float> (4, 4).withPosition (r.getRight() - 5, r.getY() + 1));
}

void paintSwitch (juce::Graphics& g, juce::Rectangle<float> r, const Look& look)
{
    if (look.automated)
        paintAutomated (g, r);
    const auto track = juce::Rectangle<float> (26, 14).withCentre (r.getCentre());
    g.setColour (look.on ? colour (look.enabled ? tokens::gold : tokens::goldDim)
                         : juce::Colour (look.over ? 0xff57504a : 0xff4a433c));
    g.fillRoundedRectangle (track, 7);
    const auto knob = juce::Rectangle<float> (10, 10).withCentre (
        { look.on ? track.getRight() - 7 : track.getX() + 7, track.getCentreY() });
    g.setColour (colour (look.on ? tokens::ink : tokens::text3));
    g.fillEllipse (knob);
    if (look.focused)
        paintFocusRing (g, track, 7);
}

void paintMenuField (juce::Graphics& g, juce::Rectangle<float> r, const juce::String& text, const Look& look)
{
    g.setColour (juce::Colour (look.enabled ? (look.over ? 0xff302a26 : 0xff26211e) : 0xff1c1917));
    g.fillRoundedRectangle (r, tokens::radiusControl);
    outline (g, r, tokens::radiusControl, juce::Colour (look.over ? 0xff5e564d : 0xff3f3832));
    const auto words = r.withTrimmedLeft (8).withTrimmedRight (20);
    drawFading (g, text, font (11), colour (look.enabled ? tokens::text : tokens::off), words);
    drawIcon (g, Icon::chev, r.withLeft (r.getRight() - 20).reduced (4), colour (tokens::text2));
    if (look.automated)
        paintAutomated (g, r);
    if (look.focused)
        paintFocusRing (g, r);
}

LookAndFeel::LookAndFeel()
{
    setColour (juce::ResizableWindow::backgroundColourId, ui::colour (tokens::ground));
    setColour (juce::TextEditor::textColourId, ui::colour (tokens::text));
    setColour (juce::TextEditor::backgroundColourId, ui::colour (tokens::well));
    setColour (juce::TextEditor::highlightColourId, ui::colour (tokens::goldDim));
    setColour (juce::TextEditor::highlightedTextColourId, ui::colour (tokens::text));
    setColour (juce::CaretComponent::caretColourId, ui::colour (tokens::gold));
    setColour (juce::Label::textColourId, ui::colour (tokens::text));
    setColour (juce::PopupMenu::backgroundColourId, ui::colour (tokens::raised));
    setColour (juce::PopupMenu::textColourId, ui::colour (tokens::text));
    setColour (juce::TooltipWindow::textColourId, ui::colour (tokens::ink));
}

juce::Typeface::Ptr LookAndFeel::getTypefaceForFont (const juce::Font& f)
{
    const auto weight = f.isBold() ? Weight::semibold : Weight::regular;
    return Faces::getInstance()->face[static_cast<std::size_t> (weight)];
}

juce::Font LookAndFeel::getPopupMenuFont()
{
    return font (tokens::bodySize);
}

void LookAndFeel::drawPopupMenuBackgroundWithOptions (juce::Graphics& g, int w, int h,
                                                      const juce::PopupMenu::Options&)
{
    g.fillAll (ui::colour (tokens::raised));
    g.setColour (juce::Colour (0xff5a5249));
    g.drawRect (0, 0, w, h, 1);
}

void LookAndFeel::drawPopupMenuItem (juce::Graphics& g, const juce::Rectangle<int>& area, bool separator,
                                     bool active, bool highlighted, bool ticked, bool submenu,
                                     const juce::String& text, const juce::String& shortcut,
                                     const juce::Drawable*, const juce::Colour* own)
{
    if (separator)
    {
        g.setColour (juce::Colour (0xff3a342f));
        g.fillRect (area.withHeight (1).withY (area.getCentreY()));
        return;
    }
    const bool lit = highlighted && active;
    if (lit)
    {
        g.setColour (ui::colour (tokens::gold));
        g.fillRect (area);
    }
    const auto words = lit        ? ui::colour (tokens::ink)
                       : ! active ? ui::colour (tokens::off)
                       : own      ? *own
                                  : ui::colour (tokens::text);
    auto r = area.toFloat().reduced (8, 0);
    auto mark = r.removeFromLeft (20);
    if (ticked)
        drawIcon (g, Icon::check, mark.withSizeKeepingCentre (13, 13), words);
    if (submenu)
        drawIcon (g, Icon::chevR, r.removeFromRight (14).withSizeKeepingCentre (11, 11), words);
    g.setColour (words);
    g.setFont (font (tokens::bodySize, lit ? Weight::medium : Weight::regular));
    g.drawText (text, r, juce::Justification::centredLeft, false);
    g.setColour (lit ? words : ui::colour (tokens::text3));
    g.setFont (font (11));
    g.drawText (shortcut, r, juce::Justification::centredRight, false);
}

void LookAndFeel::getIdealPopupMenuItemSize (const juce::String& text, bool separator, int, int& w, int& h)
{
    h = separator ? 9 : 26;
    w = separator ? 60 : font (tokens::bodySize).getStringWidth (text) + 64;
}

void LookAndFeel::drawScrollbar (juce::Graphics& g, juce::ScrollBar&, int x, int y, int w, int h,
                                 bool vertical, int thumbStart, int thumbSize, bool over, bool down)
{
    if (thumbSize <= 0)
        return;
    auto thumb = vertical ? juce::Rectangle<int> (x, thumbStart, w, thumbSize)
                          : juce::Rectangle<int> (thumbStart, y, thumbSize, h);
    g.setColour (juce::Colour (over || down ? 0xff6a6157 : 0xff4a433c));
    const auto bar = thumb.toFloat().reduced (2);
    g.fillRoundedRectangle (bar, std::min (bar.getWidth(), bar.getHeight()) / 2);
}

void LookAndFeel::fillTextEditorBackground (juce::Graphics& g, int w, int h, juce::TextEditor& e)
{
    g.setColour (ui::colour (e.isEnabled() ? tokens::well : tokens::panel));
    g.fillRoundedRectangle (juce::Rectangle<int> (w, h).toFloat(), tokens::radiusControl);
}

void LookAndFeel::drawTextEditorOutline (juce::Graphics& g, int w, int h, juce::TextEditor& e)
{
    const bool wrong = e.getProperties()["wrong"];
    const bool typing = e.hasKeyboardFocus (true);
    outline (g, juce::Rectangle<int> (w, h).toFloat(), tokens::radiusControl,
             ui::colour (wrong    ? tokens::shu
                         : typing ? tokens::text
                                  : tokens::field),
             wrong || typing ? 2.0f : 1.0f);
}

juce::Rectangle<int> LookAndFeel::getTooltipBounds (const juce::String& text, juce::Point<int> at,
                                                    juce::Rectangle<int> parent)
{
    const auto width = std::min (320, font (11, Weight::medium).getStringWidth (text) + 20);
    return juce::Rectangle<int> (at.x + 12, at.y + 16, width, 24).constrainedWithin (parent);
}

void LookAndFeel::drawTooltip (juce::Graphics& g, const juce::String& text, int w, int h)
{
    g.fillAll (ui::colour (tokens::text));
    g.setColour (ui::colour (tokens::ink));
    g.setFont (font (11, Weight::medium));
    g.drawText (text, 10, 0, w - 20, h, juce::Justification::centredLeft, true);
}

} // namespace lacquer::ui
