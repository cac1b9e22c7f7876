// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"
#include "ui/Tokens.h"

#include <juce_gui_basics/juce_gui_basics.h>

#include <string>
#include <string_view>

namespace lacquer::ui
{

enum class Weight
{
    regular,
    medium,
    semibold
};

/// Inter, embedded, at an em size in pixels.
juce::Font font (float emSize, Weight = Weight::regular);

inline juce::Colour colour (std::uint32_t token)
{
    return juce::Colour (token);
}
/// The pigment of a name ("asagi"); nezu (grey) for a name that is none.
juce::Colour pigment (std::string_view name);

juce::String utf8 (std::string_view);
/// A number as it is shown: the real minus sign, the infinity sign.
juce::String shown (std::string_view ascii);
/// A parameter's value as it is shown.
juce::String shownValue (const Param&, double value);
/// A level with one decimal, the sign for infinity below -90 dB.
juce::String shownLevel (double db);

/// Draws a text whose digits all have the width of "0", because JUCE 7 cannot switch on tabular figures.
void drawTabular (juce::Graphics&, const juce::String&, juce::Font, juce::Rectangle<float>,
                  juce::Justification);
float tabularWidth (const juce::String&, juce::Font);

/// Text in one line that fades out at the right edge instead of being cut.
void drawFading (juce::Graphics&, const juce::String&, juce::Font, juce::Colour, juce::Rectangle<float>,
                 juce::Justification = juce::Justification::centredLeft);

/// A name in so much room: where it does not fit, its longest words lose letters, so that what tells two
/// names apart stays: "Gtr Rhy L".
juce::String shortName (const juce::String&, const juce::Font&, float room);

/// How a control is to look; everything a painter below needs to know of it.
struct Look
{
    bool over = false, down = false, focused = false, enabled = true, on = false;
    bool automated = false, bypassed = false, muted = false, selected = false;
    float rangeFrom = 0, rangeTo = 0; ///< automated: the travel that it moves over; equal: not known
};

void paintPanel (juce::Graphics&, juce::Rectangle<int>);
void paintWell (juce::Graphics&, juce::Rectangle<float>);
/// The ring of keyboard focus around an area: 2 px, 2 px away.
void paintFocusRing (juce::Graphics&, juce::Rectangle<float> around, float radius = 3);
/// What moves by itself: a dot in the corner of a switch or a row of choices.
void paintAutomated (juce::Graphics&, juce::Rectangle<float>);
/// The bubble that shows a value while it is dragged.
void paintBubble (juce::Graphics&, juce::Rectangle<float>, const juce::String&);

/// travel: 0 to 1. from: where the arc starts (0, or 0.5 for bipolar values).
void paintKnob (juce::Graphics&, juce::Rectangle<float>, double travel, double from, const Look&);
void paintFaderCap (juce::Graphics&, juce::Rectangle<float>, const Look&);
/// The slot of a fader with its scale in dB, positions from the parameter's own law.
void paintFaderScale (juce::Graphics&, const Param&, juce::Rectangle<float> travel, float slotX,
                      float numbersTo, const Look&);
void paintField (juce::Graphics&, juce::Rectangle<float>, const juce::String&, const Look&,
                 bool wrong = false);

enum class Face
{
    plain,
    primary,
    destructive,
    quiet
};
void paintButton (juce::Graphics&, juce::Rectangle<float>, const juce::String&, Face, const Look&,
                  float textSize = tokens::bodySize);
/// M, S or R. The letter says what, the colour that it is on; outlined: muted because another strip is
/// soloed.
void paintLetter (juce::Graphics&, juce::Rectangle<float>, juce::juce_wchar, const Look&,
                  bool outlined = false);
void paintSwitch (juce::Graphics&, juce::Rectangle<float>, const Look&);
void paintMenuField (juce::Graphics&, juce::Rectangle<float>, const juce::String&, const Look&);

/// JUCE's own widgets (menus, scroll bars, text fields, tooltips) in the house style.
class LookAndFeel final : public juce::LookAndFeel_V4
{
public:
    LookAndFeel();

    juce::Typeface::Ptr getTypefaceForFont (const juce::Font&) override;
    juce::Font getPopupMenuFont() override;
    void drawPopupMenuBackgroundWithOptions (juce::Graphics&, int, int,
                                             const juce::PopupMenu::Options&) override;
    void drawPopupMenuItem (juce::Graphics&, const juce::Rectangle<int>&, bool separator, bool active,
                            bool highlighted, bool ticked, bool submenu, const juce::String& text,
                            const juce::String& shortcut, const juce::Drawable*,
                            const juce::Colour*) override;
    void getIdealPopupMenuItemSize (const juce::String&, bool separator, int standard, int& w,
                                    int& h) override;
    void drawScrollbar (juce::Graphics&, juce::ScrollBar&, int x, int y, int w, int h, bool vertical,
                        int thumbStart, int thumbSize, bool over, bool down) override;
    void fillTextEditorBackground (juce::Graphics&, int, int, juce::TextEditor&) override;
    void drawTextEditorOutline (juce::Graphics&, int, int, juce::TextEditor&) override;
    juce::Rectangle<int> getTooltipBounds (const juce::String&, juce::Point<int>,
                                           juce::Rectangle<int>) override;
    void drawTooltip (juce::Graphics&, const juce::String&, int, int) override;
};

} // namespace lacquer::ui
