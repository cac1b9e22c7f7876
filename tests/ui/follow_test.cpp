// SPDX-License-Identifier: GPL-3.0-or-later
#include "Canvas.h"
#include "FakeModel.h"
#include "Support.h"
#include "session/AutomationEdits.h"
#include "session/ModulatorEdits.h"
#include "support/Folder.h"
#include "support/Jack.h"
#include "ui/ChannelEditor.h"
#include "ui/MasterPage.h"
#include "ui/MixPage.h"
#include "ui/StudioModel.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;
using lacquer::Id;

namespace
{

/// The control of a parameter on a page, wherever it is.
ValueControl* controlOf (juce::Component& in, std::string_view param, std::size_t which = 0)
{
    std::vector<ValueControl*> found;
    const std::function<void (juce::Component&)> look = [&] (juce::Component& c)
    {
        if (auto* v = dynamic_cast<ValueControl*> (&c); v != nullptr && v->param().id == param)
            found.push_back (v);
        for (auto* child : c.getChildren())
            look (*child);
    };
    look (in);
    return which < found.size() ? found[which] : nullptr;
}

constexpr double frame = 1.0 / 30;
const juce::Point<float> grip { 10, 10 };

} // namespace

TEST_CASE ("Every control of the channel editor follows its automation, but not under a hand")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const auto strip = model.all[0].id;
    const std::pair<const char*, double> moved[] { { "comp.threshold", -31 }, { "gate.range", 22 },
                                                   { "sat.drive", 7 },        { "eq.band2.gain", -4.5 },
                                                   { "fader.level", -17 },    { "pan.position", 41 },
                                                   { "send1.level", -33 } };
    REQUIRE (model.edit (session::withSend (model.project(), strip, 0, model.song().returns.front()->id), 1));
    for (const auto& [param, value] : moved)
        model.moving.insert ({ strip, param });
    ChannelEditor page (model);
    Shown shown (page, 1920, 1000);
    page.show (strip);
    page.advance (frame);
    for (const auto& [param, value] : moved)
    {
        auto* control = controlOf (page, param);
        CAPTURE (param);
        REQUIRE (control != nullptr);
        CHECK (control->isAutomated());
        // Automation moves it: nobody edits, so there is no new revision.
        const double before = control->drawn();
        model.values[{ strip, param }] = value;
        CHECK (control->drawn() == before);
        page.advance (frame);
        CHECK (control->drawn() == Approx (value));
        // Held, it stays where the hand is, as do others of the same parameter.
        auto* twin = controlOf (page, param, 1);
        control->mouseDown (pointer (*control, grip, grip));
        model.values[{ strip, param }] = value / 2;
        page.advance (frame);
        CHECK (control->drawn() == Approx (value));
        if (twin != nullptr)
            CHECK (twin->drawn() == Approx (value));
        control->mouseUp (pointer (*control, grip, grip));
        page.advance (frame);
        CHECK (control->drawn() == Approx (value / 2));
        if (twin != nullptr)
            CHECK (twin->drawn() == Approx (value / 2));
    }
    // The graph of the EQ, whichever band is chosen.
    model.values[{ strip, "eq.band2.gain" }] = 5.5;
    page.advance (frame);
    const auto& curve = page.equaliser()->curve();
    for (std::size_t n = 0; n < curve.bands().size(); ++n)
        if (curve.table().bands()[n].number == 2)
            CHECK (curve.bands()[n].gain == Approx (5.5));
}

TEST_CASE ("Effect pages, the MASTER page, sends, mutes and VCA faders follow what moves them")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const auto limiter = model.modules[2].id;
    model.moving.insert ({ limiter, "gain" });
    MasterPage master (model);
    {
        Shown shown (master, 1920, 1000);
        master.select (limiter);
        model.values[{ limiter, "gain" }] = 11;
        master.advance ({}, frame);
        CHECK (controlOf (master, "gain")->drawn() == Approx (11));
    }
    const auto strip = model.all[3].id;
    auto added = session::addedEffect (model.project(), strip, "chorus", -1, true);
    REQUIRE (added);
    const auto chorus = added->made;
    REQUIRE (model.edit (std::move (added), 1));
    const auto depth = std::string (model.params (chorus)[1].id);
    model.moving.insert ({ chorus, depth });
    {
        ChannelEditor page (model);
        Shown shown (page, 1920, 1000);
        page.show (strip);
        page.open (chorus);
        REQUIRE (page.opening() != nullptr);
        const auto& spec = model.params (chorus)[1];
        const double there = valueAtTravel (spec, 0.83);
        model.values[{ chorus, depth }] = there;
        page.advance (frame);
        CHECK (controlOf (*page.opening(), depth)->drawn() == Approx (there));
    }
    REQUIRE (model.edit (session::addedVca (model.project(), model.song().id, "All"), 2));
    const auto vca = model.song().vcas.front()->id;
    StripInfo info;
    info.id = vca;
    info.vca = true;
    info.name = "All";
    model.all.push_back (info);
    model.moving.insert ({ vca, "fader.level" });
    model.moving.insert ({ strip, "fader.mute" });
    MixPage mix (model);
    Shown shown (mix, 1920, 1000);
    model.values[{ vca, "fader.level" }] = -8;
    model.values[{ strip, "fader.mute" }] = 1;
    mix.advance (frame);
    CHECK (mix.find (vca)->volume()->drawn() == Approx (-8));
    const auto lit = [&] (juce::Component& in)
    {
        for (auto* c : in.getChildren())
            if (auto* b = dynamic_cast<ui::Button*> (c); b != nullptr && b->getTitle().startsWith ("Mute"))
                return b->getToggleState();
        return false;
    };
    CHECK (lit (*mix.find (strip)));
    model.values[{ strip, "fader.mute" }] = 0;
    mix.advance (frame);
    CHECK_FALSE (lit (*mix.find (strip)));
}

TEST_CASE ("What stands still, is hidden or is scrolled away is neither asked for nor painted")
{
    const juce::ScopedJuceInitialiser_GUI up;
    struct Counting final : FakeModel
    {
        double value (Id owner, std::string_view p) const override
        {
            ++asked;
            return FakeModel::value (owner, p);
        }
        mutable int asked = 0;
    } model;
    const auto strip = model.all[0].id;
    model.moving.insert ({ strip, "comp.threshold" });
    const auto* spec = findParam (model.params (strip), "comp.threshold");
    Bindings bindings (model);
    Knob knob (*spec, "Kick In", 38, true);
    bindings.add (knob, strip);
    juce::Component page, content;
    juce::Viewport scroll;
    content.setSize (300, 2000);
    content.addAndMakeVisible (knob);
    knob.setBounds (10, 1000, 60, 70);
    scroll.setViewedComponent (&content, false);
    page.addAndMakeVisible (scroll);
    Shown shown (page, 300, 300);
    scroll.setBounds (0, 0, 300, 300);
    bindings.refresh();
    shown.canvas().paintMarked();
    model.asked = 0;
    model.values[{ strip, "comp.threshold" }] = -40;
    CHECK_FALSE (bindings.advance()); // below what can be seen
    CHECK (model.asked == 0);
    scroll.setViewPosition (0, 900);
    shown.canvas().paintMarked();
    CHECK (bindings.advance());
    CHECK (knob.drawn() == -40);
    CHECK (shown.canvas().area() == 60 * 70);
    shown.canvas().paintMarked();
    CHECK_FALSE (bindings.advance());
    // A thousandth of a decibel is no other picture, but many of them are.
    model.values[{ strip, "comp.threshold" }] = -40.001;
    CHECK_FALSE (bindings.advance());
    CHECK (shown.canvas().area() == 0);
    int painted = 0;
    for (int n = 0; n < 1000; ++n)
    {
        model.values[{ strip, "comp.threshold" }] = -40 - 0.001 * n;
        painted += bindings.advance() ? 1 : 0;
    }
    // 10 steps of its last digit, and between two of them one of a thousandth of its travel, 0.06 dB.
    CHECK (painted >= 17);
    CHECK (painted <= 21);
    page.setVisible (false);
    model.asked = 0;
    bindings.advance();
    CHECK (model.asked == 0);
    scroll.setViewedComponent (nullptr, false);
}

TEST_CASE ("A knob under automation has a violet arc outside its track, and modulators move what is drawn")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const auto strip = model.all[0].id;
    const auto* spec = findParam (model.params (strip), "comp.threshold");
    Knob knob (*spec, "Kick In", 44, false);
    knob.setSize (60, 60);
    const auto violet = [&]
    {
        const auto image = knob.createComponentSnapshot (knob.getLocalBounds(), true, 1.0f);
        const auto fuji = colour (tokens::fuji);
        int count = 0;
        for (int y = 0; y < 60; ++y)
            for (int x = 0; x < 60; ++x)
            {
                const auto p = image.getPixelAt (x, y);
                if (std::abs (p.getHue() - fuji.getHue()) < 0.04f && p.getAlpha() > 128 &&
                    p.getBrightness() > 0.5f)
                {
                    // The track ends 22 px from the centre (UI.md 4: outside it).
                    CHECK (std::hypot (x - 29.5, y - 29.5) > 22);
                    ++count;
                }
            }
        return count;
    };
    CHECK (violet() == 0);
    knob.setAutomated (true);
    knob.setRange (std::pair (-40.0, -10.0));
    const int whole = violet();
    CHECK (whole > 15);
    knob.setRange (std::pair (-40.0, -25.0));
    CHECK (violet() < whole * 3 / 4); // a narrower range, a shorter arc

    // What is drawn is what is heard; what a gesture begins with is what is set.
    model.moving.insert ({ strip, "comp.threshold" });
    model.values[{ strip, "comp.threshold" }] = -30;
    model.added[{ strip, "comp.threshold" }] = 6;
    Bindings bindings (model);
    bindings.add (knob, strip);
    bindings.refresh();
    CHECK (knob.drawn() == -24);
    CHECK (knob.value() == -30);
    knob.mouseDown (pointer (knob, grip, grip));
    CHECK (knob.drawn() == -30);
    knob.mouseDrag (pointer (knob, { 10, 12 }, grip)); // 2 px of 200 of 60 dB down
    CHECK (model.value (strip, "comp.threshold") == Approx (-30.6));
    knob.mouseUp (pointer (knob, { 10, 12 }, grip));
    bindings.refresh();
    CHECK (knob.drawn() == Approx (-24.6));
}

TEST_CASE ("In a real project the playhead moves the fader along its lane and an LFO moves the pan")
{
    namespace fs = std::filesystem;
    const juce::ScopedJuceInitialiser_GUI up;
    const tests::ConfigHome config;
    const tests::Folder folder { "follow" };
    fs::create_directories (config / "lacquer");
    std::ofstream (config / "lacquer/device") << "JACK\n\n48000\n256\n";
    test::Jack jack { 48000, 256 };
    REQUIRE (jack.up);
    auto project = session::newProject ("Song", 48000);
    auto made = session::addedTrack (project, project.songs.front()->id, "Vox", 2);
    REQUIRE (made);
    const auto track = made->made;
    // From -20 to 0 dB in 10 s; the pan swings by 40 in 4 s, a sine from 0 on.
    auto edit =
        session::withLane (made->project, { track, "fader.level", { { 0, -20 }, { 480000, 0 } }, true, {} });
    REQUIRE (edit);
    auto lfo = session::addedModulator (edit->project, edit->project.songs.front()->id,
                                        session::ModulatorKind::lfo, "Swing");
    REQUIRE (lfo);
    edit = session::withValue (lfo->project, lfo->made, "rate", 0.25f);
    REQUIRE (edit);
    edit = session::withModulation (edit->project, lfo->made, { track, "pan.position", 40, true });
    REQUIRE (edit);
    REQUIRE (studio::Studio::created ((folder / "Song").string(), edit->project).ok());
    auto opened = studio::Studio::opened ((folder / "Song").string());
    REQUIRE (opened.ok());
    StudioModel model (*std::move (opened));
    MixPage page (model);
    Shown shown (page, 1920, 1000);
    auto* strip = page.find (track);
    REQUIRE (strip != nullptr);
    auto* pan = controlOf (*strip, "pan.position");
    for (const auto& [at, db, place] :
         { std::tuple { 48000, -18.0, 40.0 }, { 240000, -10.0, 40.0 }, { 144000, -14.0, -40.0 } })
    {
        model.locate (at);
        for (int n = 0; n < 500 && model.position() != at; ++n)
            juce::MessageManager::getInstance()->runDispatchLoopUntil (10);
        REQUIRE (model.position() == at);
        page.advance (frame);
        CHECK (strip->volume()->drawn() == Approx (db));
        CHECK (pan->drawn() == Approx (place).margin (0.01));
        CHECK (pan->value() == 0);
    }
    // Playing, under a hand: it stays.
    strip->volume()->mouseDown (pointer (*strip->volume(), grip, grip));
    const double held = strip->volume()->drawn();
    model.play();
    for (int n = 0; n < 500 && model.position() < 160000; ++n)
        juce::MessageManager::getInstance()->runDispatchLoopUntil (10);
    page.refresh();
    page.advance (frame);
    CHECK (strip->volume()->drawn() == held);
    strip->volume()->mouseUp (pointer (*strip->volume(), grip, grip));
    model.stop();
    page.advance (frame);
    CHECK (strip->volume()->drawn() > held);
}
