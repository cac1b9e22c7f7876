// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "Support.h"
#include "ui/Controls.h"
#include "ui/DeliverPages.h"
#include "ui/Meter.h"
#include "ui/MixPage.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;

namespace
{

const auto faderParam = asLevel<Param> ("fader", "Fader", 10, 0, "Level.");
const auto panParam = asPan<Param> ("pan", "Pan", "Place.");
const auto gainParam = inDecibels<Param> ("gain", "Gain", { -10, 10 }, 0, "Gain.");

struct Heard
{
    explicit Heard (ValueControl& c)
    {
        c.onChange = [this] (double v, Gesture g)
        {
            values.push_back (v);
            gestures.push_back (g);
        };
    }
    std::vector<double> values;
    std::vector<Gesture> gestures;
};

constexpr int shiftKey = juce::ModifierKeys::shiftModifier, ctrlKey = juce::ModifierKeys::ctrlModifier;

void type (ValueControl& c, const juce::String& text,
           juce::KeyPress done = juce::KeyPress (juce::KeyPress::returnKey))
{
    c.openEntry();
    REQUIRE (c.entryIsOpen());
    c.entryField()->setText (text, false);
    c.entryField()->keyPressed (done);
}

} // namespace

TEST_CASE ("The fader cap stands where the law of the design puts it")
{
    // UI.md 6.1: +10 1.00, +5 .885, 0 .770, -5 .650, -10 .535, -20 .340, -30 .210, -40 .130, -50 .075, -60
    // .035.
    const juce::ScopedJuceInitialiser_GUI up;
    Fader fader (faderParam, "Lead Vox");
    fader.setSize (43, 240);
    const std::pair<double, double> law[] = { { 10, 1 },     { 5, .885 },   { 0, .770 },   { -5, .650 },
                                              { -10, .535 }, { -20, .340 }, { -30, .210 }, { -40, .130 },
                                              { -50, .075 }, { -60, .035 } };
    for (const auto& [db, position] : law)
    {
        fader.show (db);
        const auto image = fader.createComponentSnapshot (fader.getLocalBounds(), true, 1.0f);
        // The bright line in the middle of the cap, found in the picture.
        int y = -1;
        for (int row = 0; row < image.getHeight(); ++row)
        {
            const auto left = image.getPixelAt (23, row), right = image.getPixelAt (35, row);
            if (left.getBrightness() > 0.9f && right.getBrightness() > 0.9f)
            {
                y = row;
                break;
            }
        }
        const auto line = fader.travel();
        CAPTURE (db, y);
        CHECK (std::abs (static_cast<double> (line.getBottom()) -
                         position * static_cast<double> (line.getHeight()) - (y + 1)) <= 1.0);
    }
}

TEST_CASE ("A fader follows the pointer exactly, and Shift slows it without a jump")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Fader fader (faderParam, "Lead Vox");
    fader.setSize (43, 232); // 200 px of travel
    REQUIRE (fader.travel().getHeight() == Approx (200));
    Heard heard (fader);
    const juce::Point<float> down (20, 100);
    fader.mouseDown (pointer (fader, down, down));
    fader.mouseDrag (pointer (fader, { 20, 120 }, down)); // 20 px of 200 down: 0.770 - 0.1
    CHECK (travelOf (faderParam, fader.value()) == Approx (0.670));
    fader.mouseDrag (pointer (fader, { 20, 120 }, down, shiftKey)); // Shift pressed: no jump
    CHECK (travelOf (faderParam, fader.value()) == Approx (0.670));
    fader.mouseDrag (pointer (fader, { 20, 140 }, down, shiftKey)); // 20 px at a tenth: 0.01
    CHECK (travelOf (faderParam, fader.value()) == Approx (0.660));
    fader.mouseDrag (pointer (fader, { 20, 140 }, down)); // Shift released: no jump
    CHECK (travelOf (faderParam, fader.value()) == Approx (0.660));
    fader.mouseDrag (pointer (fader, { 20, 150 }, down));
    CHECK (travelOf (faderParam, fader.value()) == Approx (0.610));
    fader.mouseUp (pointer (fader, { 20, 150 }, down));
    // One drag is one gesture.
    REQUIRE (heard.gestures.size() >= 3);
    CHECK (std::count (heard.gestures.begin(), heard.gestures.end(), heard.gestures[0]) ==
           static_cast<std::ptrdiff_t> (heard.gestures.size()));
    CHECK (heard.gestures[0] != 0);
}

TEST_CASE ("A knob crosses its range in 200 px, both directions adding up, and goes home on double-click")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Knob knob (gainParam, "EQ", 44, true);
    knob.setSize (90, 84);
    Heard heard (knob);
    const juce::Point<float> down (45, 20);
    knob.mouseDown (pointer (knob, down, down));
    knob.mouseDrag (pointer (knob, { 75, -10 }, down)); // 30 right and 30 up of 200: 0.3 of 20 dB
    CHECK (knob.value() == Approx (6.0));
    knob.mouseUp (pointer (knob, { 75, -10 }, down));
    knob.mouseDoubleClick (pointer (knob, down, down, 0, 2));
    CHECK (knob.value() == 0.0);
    knob.show (4);
    knob.mouseDown (pointer (knob, down, down, ctrlKey));
    CHECK (knob.value() == 0.0);
    CHECK (heard.gestures.front() != heard.gestures.back());
}

TEST_CASE ("Wheel and arrow keys step; Shift is fine; a burst is one gesture")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Knob knob (gainParam, "EQ", 44, true);
    knob.setSize (90, 84);
    Heard heard (knob);
    const juce::MouseWheelDetails notch { 0, 1, false, false, false };
    const juce::Point<float> at (45, 20);
    knob.mouseWheelMove (pointer (knob, at, at), notch);
    knob.mouseWheelMove (pointer (knob, at, at), notch);
    CHECK (knob.value() == Approx (1.0)); // two steps of 0.5 dB
    CHECK (heard.gestures[0] == heard.gestures[1]);
    knob.mouseWheelMove (pointer (knob, at, at, shiftKey), notch);
    CHECK (knob.value() == Approx (1.1));
    knob.mouseWheelMove (pointer (knob, at, at, ctrlKey), notch);
    CHECK (knob.value() == Approx (3.6));
    using K = juce::KeyPress;
    CHECK (knob.keyPressed (K (K::downKey)));
    CHECK (knob.value() == Approx (3.1));
    knob.keyPressed (K (K::pageDownKey));
    CHECK (knob.value() == Approx (-1.9));
    knob.keyPressed (K (K::endKey));
    CHECK (knob.value() == 10.0);
    knob.keyPressed (K (K::homeKey));
    CHECK (knob.value() == -10.0);
}

TEST_CASE ("A typed value is set by Enter, kept out by Esc, added by Ctrl+Enter, refused with a reason")
{
    const juce::ScopedJuceInitialiser_GUI up;
    using K = juce::KeyPress;
    juce::Component window;
    Fader fader (faderParam, "Lead Vox");
    Knob pan (panParam, "Lead Vox", 26, false);
    window.setSize (300, 300);
    window.addAndMakeVisible (fader);
    window.addAndMakeVisible (pan);
    fader.setBounds (0, 0, 43, 232);
    pan.setBounds (60, 0, 30, 30);

    type (fader, "-6");
    CHECK_FALSE (fader.entryIsOpen());
    CHECK (fader.value() == -6.0);
    type (fader, juce::String::fromUTF8 ("\xe2\x88\x92"
                                         "3 dB")); // the real minus sign
    CHECK (fader.value() == -3.0);
    type (fader, "-20", K (K::escapeKey));
    CHECK (fader.value() == -3.0);
    type (fader, "+2", K (K::returnKey, juce::ModifierKeys::ctrlModifier, 0));
    CHECK (fader.value() == -1.0);
    type (pan, "L20");
    CHECK (pan.value() == -20.0);

    fader.openEntry();
    fader.entryField()->setText ("loud", false);
    fader.entryField()->keyPressed (K (K::returnKey));
    CHECK (fader.value() == -1.0);
    REQUIRE (fader.entryIsOpen());
    CHECK (fader.entryField()->getTooltip().contains ("is not a value of Fader"));
    fader.entryField()->keyPressed (K (K::escapeKey));
    CHECK_FALSE (fader.entryIsOpen());

    // A digit opens the field with the digit in it.
    CHECK (fader.keyPressed (K ('7', {}, '7')));
    REQUIRE (fader.entryIsOpen());
    CHECK (fader.entryField()->getText() == "7");
    fader.entryField()->keyPressed (K (K::returnKey));
    CHECK (fader.value() == 7.0);
}

TEST_CASE ("A disabled control keeps its value")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Knob knob (gainParam, "EQ", 44, true);
    knob.setSize (90, 84);
    knob.setEnabled (false);
    const juce::Point<float> at (45, 20);
    knob.mouseDown (pointer (knob, at, at));
    knob.mouseDrag (pointer (knob, { 45, -80 }, at));
    knob.keyPressed (juce::KeyPress (juce::KeyPress::upKey));
    knob.openEntry();
    CHECK (knob.value() == 0.0);
    CHECK_FALSE (knob.entryIsOpen());
}

TEST_CASE ("A -6 dBFS sine reads -6.0 peak and -9.0 RMS, and its bar falls 20 dB in 1.7 s")
{
    // UI.md 14.3. A sine of amplitude 0.5012 (-6 dBFS) has the mean square 0.1256 (-9.01 dB).
    const juce::ScopedJuceInitialiser_GUI up;
    LevelMeter meter ("Mix");
    meter.setSize (30, 200);
    const float peak = 0.501187f, energy = peak * peak / 2;
    for (int n = 0; n < 30; ++n)
        meter.advance ({ { peak, peak }, { energy, energy } }, 1.0 / 30);
    CHECK (shownLevel (meter.maximum()) == juce::String::charToString (0x2212) + "6.0");
    CHECK (shownLevel (meter.rms (0)) == juce::String::charToString (0x2212) + "9.0");
    CHECK (meter.peak (0) == Approx (-6.0).margin (0.01));
    const double before = meter.peak (0);
    // 51 frames of a thirtieth: 1.7 s of silence
    for (int n = 0; n < 51; ++n)
        meter.advance ({}, 1.0 / 30);
    CHECK (before - meter.peak (0) == Approx (20.0).margin (0.5));
    CHECK (meter.held (0) == Approx (-6.0).margin (0.01)); // hold: 2 s
    for (int n = 0; n < 8; ++n)
        meter.advance ({}, 1.0 / 30);
    CHECK (meter.held (0) == Approx (-6.0).margin (0.01)); // 1.97 s
    for (int n = 0; n < 6; ++n)
        meter.advance ({}, 1.0 / 30);
    CHECK (meter.held (0) < -6.5);
    CHECK (meter.maximum() == Approx (-6.0).margin (0.01)); // the number stays until it is clicked
    meter.clear();
    CHECK (meter.maximum() <= -90.0);
}

TEST_CASE ("The fall of a meter does not depend on how often it is drawn")
{
    Ballistics often, seldom;
    often.advance (0, 0.01);
    seldom.advance (0, 0.01);
    for (int n = 0; n < 300; ++n)
        often.advance (-100, 0.01);
    for (int n = 0; n < 30; ++n)
        seldom.advance (-100, 0.1);
    CHECK (often.level() == Approx (seldom.level()).margin (1e-9));
    CHECK (often.held() == Approx (seldom.held()).margin (1e-6));
}

TEST_CASE ("The clip light comes on at full scale and stays until it is cleared")
{
    LevelMeter meter ("Mix");
    meter.advance ({ { 0.99999f, 0 }, {} }, 0.03);
    CHECK_FALSE (meter.clipped());
    meter.advance ({ { 1.0f, 0 }, {} }, 0.03);
    CHECK (meter.clipped());
    for (int n = 0; n < 300; ++n)
        meter.advance ({}, 0.03);
    CHECK (meter.clipped());
    meter.clear();
    CHECK_FALSE (meter.clipped());
}

TEST_CASE ("The meter scale is that of IEC 60268-18")
{
    // Deflection in percent of the scale, IEC 60268-18 table (as in UI mock-ups): 0 100, -20 50, -30 30, -40
    // 15, -50 7.5, -60 2.5.
    const std::pair<double, double> table[] = { { 0, 1 },     { -20, .5 },   { -30, .3 },
                                                { -40, .15 }, { -50, .075 }, { -60, .025 } };
    for (const auto& [db, share] : table)
        CHECK (meterTravel (db) == Approx (share));
    CHECK (meterTravel (-10) == Approx (0.75));
    CHECK (meterTravel (6) == 1.0);
    CHECK (meterTravel (-100) == 0.0);
}

TEST_CASE ("Digits take equal room and a minus is a real minus")
{
    const juce::ScopedJuceInitialiser_GUI up;
    const auto f = font (20, Weight::medium);
    CHECK (tabularWidth ("1111", f) == Approx (tabularWidth ("0000", f)));
    CHECK (f.getStringWidthFloat ("1111") <
           f.getStringWidthFloat ("0000")); // Inter's own digits are proportional
    CHECK (shown ("-inf dB") ==
           juce::String::charToString (0x2212) + juce::String::charToString (0x221e) + " dB");
    CHECK (shown ("pop-up") == "pop-up");
    CHECK (shownValue (faderParam, 1.5) == "+1.5 dB");
    CHECK (shownValue (faderParam, 0) == "0.0 dB");
}

TEST_CASE ("Ctrl-click on S solos one strip alone, Shift-click on M acts on all, each in one step")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    MixPage page (model);
    page.setSize (1920, 1000);
    model.values[{ model.all[0].id, "fader.solo" }] = 1;
    page.select (model.all[3].id);
    const int steps = model.undoSteps;
    page.toggle ("fader.solo", juce::ModifierKeys (juce::ModifierKeys::commandModifier));
    CHECK (model.value (model.all[0].id, "fader.solo") == 0.0);
    CHECK (model.value (model.all[3].id, "fader.solo") == 1.0);
    CHECK (model.undoSteps == steps + 1);
    page.toggle ("fader.mute", juce::ModifierKeys (juce::ModifierKeys::shiftModifier));
    for (const auto& s : model.all)
        CHECK (model.value (s.id, "fader.mute") == 1.0);
    CHECK (model.undoSteps == steps + 2);
}

TEST_CASE ("A refused ISRC keeps the song's own and says why")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    TextField field ("ISRC", "song 1");
    field.show ("DEXX12600002");
    field.onSet = [&] (const std::string& text)
    { return model.setSongField (model.list[0].id, "isrc", text); };
    field.setText ("123", false);
    field.onReturnKey();
    CHECK (model.list[0].isrc.empty());
    CHECK (field.getHelpText() == "An ISRC has 12 characters.");
    field.setText ("DEXX12600001", false);
    field.onReturnKey();
    CHECK (model.list[0].isrc == "DEXX12600001");
}
