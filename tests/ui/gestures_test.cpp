// SPDX-License-Identifier: GPL-3.0-or-later
#include "Canvas.h"
#include "FakeModel.h"
#include "Support.h"
#include "ui/MixPage.h"
#include "ui/NoteLength.h"
#include "ui/SmallControls.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;

namespace
{

const auto level = asLevel<Param> ("level", "Level", 10, 0, "Level.");
const auto gain = inDecibels<Param> ("gain", "Gain", { -10, 10 }, 0, "Gain.");
const auto time_ = inMilliseconds<Param> ("time", "Time", { 1, 5000 }, 100, "Time.");
const auto rate = inHertz<Param> ("rate", "Rate", { 0.01f, 100 }, 1, "Rate.");
const auto length = oneOf<Param> ("length", "Length", "1/16|1/8|1/4|1 bar", 0, "Length.");

constexpr int shiftKey = juce::ModifierKeys::shiftModifier, ctrlKey = juce::ModifierKeys::ctrlModifier,
              altKey = juce::ModifierKeys::altModifier;
using K = juce::KeyPress;

/// One of each kind of value control, on a page that is shown.
struct Page
{
    Page()
    {
        int x = 10;
        for (auto* c : std::initializer_list<ValueControl*> { &fader, &knob, &number, &slider })
        {
            page.addAndMakeVisible (c);
            c->setBounds (x, 40, c == &slider ? 244 : 60, 240);
            x += 70;
        }
        number.setBounds (number.getBounds().withHeight (22));
        knob.setBounds (knob.getBounds().withHeight (84));
        slider.setBounds (slider.getBounds().withHeight (24));
    }
    juce::Component page;
    Fader fader { level, "Vox" };
    Knob knob { gain, "Vox", 44, true };
    NumberField number { gain, "Vox", true };
    LevelSlider slider { level, "Vox" };
    Shown shown { page, 800, 400 };
};

} // namespace

TEST_CASE ("Every kind of value answers to every gesture of the design")
{
    // UI.md 6.1, row by row.
    const juce::ScopedJuceInitialiser_GUI up;
    Page p;
    for (auto* c : std::initializer_list<ValueControl*> { &p.fader, &p.knob, &p.number, &p.slider })
    {
        CAPTURE (c->getTitle(), c->getWidth());
        const auto& spec = c->param();
        int changes = 0;
        Gesture last = 0;
        c->onChange = [&] (double, Gesture g)
        {
            ++changes;
            last = g;
        };
        const juce::Point<float> at (20, 10);
        // Drag, and Shift in the middle of it.
        const bool across = c == &p.slider;
        const auto moved = [&] (float by) { return across ? at.translated (by, 0) : at.translated (0, -by); };
        const double start = travelOf (spec, c->value());
        c->mouseDown (pointer (*c, at, at));
        c->mouseDrag (pointer (*c, moved (20), at));
        const double once = travelOf (spec, c->value()) - start;
        CHECK (once > 0.05);
        c->mouseDrag (pointer (*c, moved (40), at, shiftKey));
        CHECK (travelOf (spec, c->value()) - start - once == Approx (once / 10).margin (1e-6));
        c->mouseUp (pointer (*c, moved (40), at));
        CHECK (changes == 2);
        CHECK (last != 0);
        // Double-click, Ctrl-click.
        c->mouseDoubleClick (pointer (*c, at, at, 0, 2));
        CHECK (c->value() == static_cast<double> (spec.initial));
        c->show (-5);
        c->mouseDown (pointer (*c, at, at, ctrlKey));
        CHECK (c->value() == static_cast<double> (spec.initial));
        // Wheel: a step, fine, coarse.
        const juce::MouseWheelDetails notch { 0, 1, false, false, false };
        c->mouseWheelMove (pointer (*c, at, at), notch);
        CHECK (c->value() == Approx (0.5));
        c->mouseWheelMove (pointer (*c, at, at, shiftKey), notch);
        CHECK (c->value() == Approx (0.6));
        c->mouseWheelMove (pointer (*c, at, at, ctrlKey), notch);
        CHECK (c->value() == Approx (3.1));
        // Keys.
        c->show (0);
        for (const auto& [key, mods, then] : { std::tuple { K::upKey, 0, 0.5 },
                                               { K::downKey, 0, 0.0 },
                                               { K::upKey, shiftKey, 0.1 },
                                               { K::downKey, shiftKey, 0.0 },
                                               { K::pageUpKey, 0, 5.0 },
                                               { K::pageDownKey, 0, 0.0 },
                                               { K::endKey, 0, static_cast<double> (spec.max) },
                                               { K::homeKey, 0, static_cast<double> (spec.min) } })
        {
            CHECK (c->keyPressed (K (key, juce::ModifierKeys (mods), 0)));
            CHECK (c->value() == Approx (then).margin (1e-6));
        }
        // A field: Enter, a digit; set, keep, add.
        c->show (0);
        const auto enter = [&] (const juce::String& text, K done)
        {
            REQUIRE (c->entryIsOpen());
            c->entryField()->setText (text, false);
            c->entryField()->keyPressed (done);
        };
        CHECK (c->keyPressed (K (K::returnKey)));
        CHECK (c->entryField()->getHighlightedText() == c->entryField()->getText());
        enter ("-6", K (K::returnKey));
        CHECK (c->value() == -6);
        CHECK (c->keyPressed (K ('4', {}, '4')));
        CHECK (c->entryField()->getText() == "4");
        enter ("4", K (K::escapeKey));
        CHECK (c->value() == -6);
        c->openEntry();
        enter ("+2", K (K::returnKey, juce::ModifierKeys (ctrlKey), 0));
        CHECK (c->value() == -4);
        c->openEntry();
        enter ("50%", K (K::returnKey));
        CHECK (c->value() == Approx (-6.0206).margin (1e-3)); // 20 log10 (0.5)
        // The menu, by mouse or Shift+F10.
        auto menu = c->menu();
        for (const auto* entry : { "Reset to 0.0 dB", "Type a value", "Copy value" })
        {
            bool there = false;
            for (juce::PopupMenu::MenuItemIterator i (menu, true); i.next();)
                there = there || (i.getItem().text == entry && i.getItem().isEnabled);
            CAPTURE (entry);
            CHECK (there);
        }
        CHECK (choose (menu, "Copy value"));
        CHECK (choose (menu, "Reset to 0.0 dB"));
        CHECK (c->value() == 0);
        CHECK (choose (c->menu(), "Paste value"));
        CHECK (c->value() == Approx (-6).margin (0.05)); // as it was shown
    }
    // A number opens by a click, and Tab goes from field to field.
    const juce::Point<float> at (20, 10);
    p.number.mouseDown (pointer (p.number, at, at));
    p.number.mouseUp (pointer (p.number, at, at));
    CHECK (p.number.entryIsOpen());
    p.number.entryField()->setText ("3", false);
    p.number.entryField()->keyPressed (K (K::tabKey));
    CHECK (p.number.value() == 3);
    CHECK_FALSE (p.number.entryIsOpen());
    CHECK (p.slider.entryIsOpen());
    p.slider.entryField()->keyPressed (K (K::tabKey, juce::ModifierKeys (shiftKey), 0));
    CHECK_FALSE (p.slider.entryIsOpen());
    CHECK (p.number.entryIsOpen());
    p.number.entryField()->keyPressed (K (K::escapeKey));
}

TEST_CASE ("A bubble beside the control tells the value while it is dragged, and why a text is refused")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Page p;
    const auto seen = [&]
    {
        int count = 0;
        for (auto* c : p.shown.getChildren())
            count += c->isVisible() ? 1 : 0;
        return count;
    };
    const int before = seen();
    const juce::Point<float> at (20, 10);
    p.knob.mouseDown (pointer (p.knob, at, at));
    CHECK (seen() == before);
    p.knob.mouseDrag (pointer (p.knob, at.translated (0, -10), at));
    CHECK (seen() == before + 1);
    p.knob.mouseUp (pointer (p.knob, at.translated (0, -10), at));
    CHECK (seen() == before);
    p.knob.openEntry ("loud");
    p.knob.entryField()->keyPressed (K (K::returnKey));
    CHECK (seen() == before + 2); // the field and the reason
    p.knob.entryField()->keyPressed (K (K::escapeKey));
    CHECK (seen() == before);
}

TEST_CASE ("Fields take lengths in notes at the song's tempo, minutes and sides")
{
    // At 120 a quarter is 0.5 s: 1/8 250 ms, 1/8 triplet 166.67 ms, 1/4 dotted 750 ms, 3/16 375 ms; 4 Hz.
    CHECK (noteLength (time_, "1/8", 120).value() == Approx (250));
    CHECK (noteLength (time_, "1/8t", 120).value() == Approx (500.0 / 3));
    CHECK (noteLength (time_, "1/4 dotted", 120).value() == Approx (750));
    CHECK (noteLength (time_, "3/16", 120).value() == Approx (375));
    CHECK (noteLength (rate, "1/8", 120).value() == Approx (4));
    for (const auto* text : { "1/0", "0/4", "/8", "1/", "8", "1/8x", "1/8888", "-1/8", "" })
    {
        CAPTURE (text);
        CHECK_FALSE (noteLength (time_, text, 120).has_value());
    }
    CHECK_FALSE (noteLength (gain, "1/8", 120).has_value());

    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    model.map = TempoMap (48000, { { 0, 120 } });
    const auto strip = model.all[0].id;
    Bindings bindings (model);
    Knob attack (*findParam (model.params (strip), "comp.release"), "Kick In", 38, true),
        pan (*findParam (model.params (strip), "pan.position"), "Kick In", 38, true);
    MenuField note (length, "LFO");
    juce::Component page;
    for (auto* c : std::initializer_list<ValueControl*> { &attack, &pan, &note })
    {
        page.addAndMakeVisible (c);
        c->setBounds (0, 0, 60, 60);
    }
    Shown shown (page, 300, 300);
    bindings.add (attack, strip);
    bindings.add (pan, strip);
    const auto type = [] (ValueControl& c, const juce::String& text)
    {
        c.openEntry (text);
        REQUIRE (c.entryIsOpen());
        c.entryField()->keyPressed (K (K::returnKey));
        CHECK_FALSE (c.entryIsOpen());
    };
    type (attack, "1/8");
    CHECK (model.value (strip, "comp.release") == Approx (250));
    type (attack, "0:00.5");
    CHECK (model.value (strip, "comp.release") == Approx (500));
    type (pan, "L20");
    CHECK (model.value (strip, "pan.position") == -20);
    CHECK (note.keyPressed (K ('1', {}, '1')));
    REQUIRE (note.entryIsOpen());
    note.entryField()->setText ("1/8", false);
    note.entryField()->keyPressed (K (K::returnKey));
    CHECK (note.value() == 1);
}

TEST_CASE ("On every part of the MIX page what is chosen moves along, with Alt to the same value, or by menu")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    MixPage page (model);
    Shown shown (page, 1920, 1000);
    const auto a = model.all[0].id, b = model.all[1].id, c = model.all[2].id;
    for (const auto& [id, db] : { std::pair { a, -20.0 }, { b, -14.0 }, { c, -9.0 } })
        model.values[{ id, "comp.threshold" }] = db;
    page.select (a);
    page.select (b, juce::ModifierKeys (ctrlKey));
    page.select (a, {});
    const std::function<Knob*(juce::Component&)> find = [&] (juce::Component& in) -> Knob*
    {
        for (auto* child : in.getChildren())
        {
            if (auto* k = dynamic_cast<Knob*> (child); k != nullptr && k->param().id == "comp.threshold")
                return k;
            if (auto* k = find (*child))
                return k;
        }
        return nullptr;
    };
    page.side().refresh();
    auto* knob = find (page.side());
    REQUIRE (knob != nullptr);
    const juce::Point<float> at (20, 10);
    const int steps = model.undoSteps;
    knob->mouseDown (pointer (*knob, at, at));
    knob->mouseDrag (pointer (*knob, at.translated (0, 20), at));
    const double by = model.value (a, "comp.threshold") + 20;
    CHECK (by < -1);
    CHECK (model.value (b, "comp.threshold") == Approx (-14 + by));
    CHECK (model.value (c, "comp.threshold") == -9);
    knob->mouseDrag (pointer (*knob, at.translated (0, 24), at, altKey));
    CHECK (model.value (b, "comp.threshold") == model.value (a, "comp.threshold"));
    knob->mouseUp (pointer (*knob, at.translated (0, 24), at));
    CHECK (model.undoSteps == steps + 1);
    model.values[{ b, "comp.threshold" }] = -3;
    CHECK (choose (knob->menu(), "Set on all selected"));
    CHECK (model.value (b, "comp.threshold") == model.value (a, "comp.threshold"));
    CHECK (model.value (c, "comp.threshold") == -9);
    page.select (c);
    page.side().refresh();
    knob = find (page.side());
    CHECK_FALSE (choose (knob->menu(), "Set on all selected")); // alone
}

TEST_CASE ("A value that comes under the pointer while the page is being scrolled is left alone")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Knob knob (gain, "EQ", 44, true);
    juce::Component page, content;
    juce::Viewport scroll;
    content.setSize (300, 2000);
    content.addAndMakeVisible (knob);
    knob.setBounds (100, 350, 90, 84);
    page.addAndMakeVisible (scroll);
    Shown shown (page, 300, 300);
    scroll.setBounds (0, 0, 300, 300);
    scroll.setViewedComponent (&content, false);
    // Over the ground of the page, then, as it has moved, over the knob.
    juce::MouseWheelDetails notch {};
    notch.deltaY = -0.25f;
    const auto wheel = [&]
    {
        shown.canvas().handleMouseWheel (juce::MouseInputSource::InputSourceType::mouse, { 140, 100 },
                                         juce::Time::currentTimeMillis(), notch);
    };
    int turns = 0;
    while (knob.getBounds().translated (0, -scroll.getViewPositionY()).getY() > 90 && ++turns < 100)
        wheel();
    CHECK (turns > 1);
    const int there = scroll.getViewPositionY();
    REQUIRE (page.getComponentAt (140, 100) == &knob);
    wheel();
    CHECK (knob.value() == 0);
    CHECK (scroll.getViewPositionY() > there);
    // The pointer goes to the value: then it is meant.
    scroll.setViewPosition (0, there);
    shown.canvas().handleMouseEvent (juce::MouseInputSource::InputSourceType::mouse, { 150, 110 }, {}, 0, 0,
                                     juce::Time::currentTimeMillis());
    shown.canvas().handleMouseWheel (juce::MouseInputSource::InputSourceType::mouse, { 150, 110 },
                                     juce::Time::currentTimeMillis(), notch);
    CHECK (knob.value() == -0.5);
    scroll.setViewedComponent (nullptr, false);
}
