// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "Support.h"
#include "session/InsertEdits.h"
#include "session/RoutingEdits.h"
#include "ui/MainWindow.h"
#include "ui/MixPage.h"
#include "ui/MonitorPanel.h"
#include "ui/PresetBrowser.h"
#include "ui/StripMenu.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;
using Catch::Matchers::WithinAbs;

namespace
{

constexpr int ctrl = juce::ModifierKeys::ctrlModifier, alt = juce::ModifierKeys::altModifier,
              shift = juce::ModifierKeys::shiftModifier;

/// A window of the design's size with its page and mixer.
struct Desk
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    WindowContent window { model };

    explicit Desk (int w = 1920, int h = 1080)
    {
        window.setSize (w, h);
        window.frame (0);
    }
    void follow() { window.frame (0); }
    template <typename T = juce::Component>
    T* titled (const juce::String& title, juce::Component* in = nullptr)
    {
        for (auto* c : (in != nullptr ? in : &window)->getChildren())
        {
            if (c->getTitle() == title && dynamic_cast<T*> (c) != nullptr)
                return dynamic_cast<T*> (c);
            if (auto* found = titled<T> (title, c))
                return found;
        }
        return nullptr;
    }
    StripView& strip (const juce::String& name)
    {
        auto* view = titled<StripView> (name);
        REQUIRE (view != nullptr);
        return *view;
    }
    Id id (const std::string& name) const
    {
        for (const auto& s : model.all)
            if (s.name == name)
                return s.id;
        return {};
    }
    /// Presses, drags through places of the window, lets go.
    void drag (juce::Component& c, std::vector<juce::Point<int>> inWindow, int mods = 0)
    {
        const auto at = [&] (juce::Point<int> p) { return c.getLocalPoint (&window, p).toFloat(); };
        const auto down = at (inWindow.front());
        c.mouseDown (pointer (c, down, down, mods));
        for (const auto& p : inWindow)
            if (p != inWindow.front())
                c.mouseDrag (pointer (c, at (p), down, mods));
        c.mouseUp (pointer (c, at (inWindow.back()), down, mods));
        follow();
    }
    juce::Point<int> middle (juce::Component& c)
    {
        return window.getLocalArea (&c, c.getLocalBounds()).getCentre();
    }
    /// The place of a row of a strip's inserts, by what stands above them: picture 30, gap.
    juce::Point<int> insertRow (StripView& s, int row)
    {
        return window.getLocalPoint (&s, juce::Point<int> (30, 4 + 30 + 4 + 16 * row + 8));
    }
    const session::Strip& of (const std::string& name) const
    {
        return *session::stripOf (model.content, id (name));
    }
};

/// Entries of a menu by their words, with those of submenus as "Pan/Width".
std::map<std::string, juce::PopupMenu::Item> entries (const juce::PopupMenu& m, const std::string& above = {})
{
    std::map<std::string, juce::PopupMenu::Item> all;
    for (juce::PopupMenu::MenuItemIterator i (m); i.next();)
    {
        const auto& item = i.getItem();
        const auto words = above + item.text.toStdString();
        if (item.subMenu != nullptr)
            all.merge (entries (*item.subMenu, words + "/"));
        if (item.text.isNotEmpty())
            all.emplace (words, item);
    }
    return all;
}

void chooseIn (const juce::PopupMenu& m, const std::string& words)
{
    const auto all = entries (m);
    INFO (words);
    REQUIRE (all.contains (words));
    REQUIRE (all.at (words).action);
    all.at (words).action();
}

/// Environment with a folder of its own for the user's presets.
struct Home
{
    std::filesystem::path folder;
    Home()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "lacquer-presets-XXXXXX").string();
        folder = ::mkdtemp (pattern.data());
        if (const char* old = std::getenv ("XDG_CONFIG_HOME"))
            before = old;
        ::setenv ("XDG_CONFIG_HOME", folder.c_str(), 1);
    }
    ~Home()
    {
        if (before)
            ::setenv ("XDG_CONFIG_HOME", before->c_str(), 1);
        else
            ::unsetenv ("XDG_CONFIG_HOME");
        std::error_code error;
        std::filesystem::remove_all (folder, error);
    }
    std::optional<std::string> before;
};

} // namespace

TEST_CASE ("A press on M dragged over other strips gives them the same state in one step")
{
    Desk d;
    auto* mute = d.titled<Button> ("Mute, Kick In");
    REQUIRE (mute != nullptr);
    const auto from = d.middle (*mute);
    const auto steps = d.model.undoSteps;
    const auto value = [&] (const char* name) { return d.model.value (d.id (name), "fader.mute"); };
    d.model.set (d.id ("Snare Top"), "fader.mute", 1, 777); // is muted already and stays so
    d.drag (*mute, { from, from.translated (40, 3), from.translated (77, 3), from.translated (154, -2) });
    CHECK (value ("Kick In") == 1.0);
    CHECK (value ("Snare Top") == 1.0);
    CHECK (value ("Hi-Hat") == 1.0);
    CHECK (value ("Toms") == 0.0);
    CHECK (d.model.undoSteps == steps + 2);
}

TEST_CASE ("Alt on S makes a strip solo-safe, Ctrl solos it alone, Shift solos all")
{
    Desk d;
    auto* solo = d.titled<Button> ("Solo, Bass DI");
    REQUIRE (solo != nullptr);
    const auto press = [&] (int mods)
    {
        const auto at = solo->getLocalBounds().getCentre().toFloat();
        juce::Component& button = *solo;
        button.mouseDown (pointer (button, at, at, mods));
        button.mouseUp (pointer (button, at, at, mods));
        d.follow();
    };
    press (alt);
    CHECK (d.of ("Bass DI").soloSafe);
    CHECK (d.model.value (d.id ("Bass DI"), "fader.solo") == 0.0);
    CHECK (d.titled<Button> ("Solo, Bass DI")->marked);
    press (0);
    d.model.set (d.id ("Rhodes"), "fader.solo", 1, 0);
    press (ctrl);
    CHECK (d.model.value (d.id ("Rhodes"), "fader.solo") == 0.0);
    CHECK (d.model.value (d.id ("Bass DI"), "fader.solo") == 1.0);
    press (shift);
    CHECK (d.model.value (d.id ("Rhodes"), "fader.solo") == 0.0); // it was on, so all go off
    press (shift);
    CHECK (d.model.value (d.id ("Rhodes"), "fader.solo") == 1.0);
    d.titled<Button> ("Mute, Toms")->onPress (juce::ModifierKeys (shift));
    CHECK (d.model.value (d.id ("Rhodes"), "fader.mute") == 1.0);
}

TEST_CASE ("Strips that are listened to, and dim and mono, are the monitor's and no step of history")
{
    Desk d;
    const auto steps = d.model.undoSteps;
    auto* ear = d.titled<Button> ("Listen, Lead Vox");
    REQUIRE (ear != nullptr);
    ear->onPress ({});
    d.titled<Button> ("Listen, Rhodes")->onPress ({});
    CHECK (d.model.monitoring.listened == std::vector<Id> { d.id ("Lead Vox"), d.id ("Rhodes") });
    d.titled<Button> ("Listen, Rhodes")->onPress (juce::ModifierKeys (ctrl));
    CHECK (d.model.monitoring.listened == std::vector<Id> { d.id ("Rhodes") });
    d.follow();
    CHECK (d.titled<Button> ("Listen, Rhodes")->getToggleState());
    CHECK_FALSE (d.titled<Button> ("Listen, Lead Vox")->getToggleState());

    d.window.press (juce::KeyPress ('D', {}, 'd'));
    CHECK (d.model.monitoring.dim);
    d.window.press (juce::KeyPress ('D', juce::ModifierKeys (shift), 'D'));
    CHECK (d.model.monitoring.mono);
    CHECK (wordsOf (d.model.monitoring) == "Dim, Mono, Listening");
    CHECK (d.model.undoSteps == steps);
}

TEST_CASE ("The monitor section opens at the output meter and turns what it shows")
{
    Desk d;
    d.titled<Button> ("Monitor")->onPress ({});
    auto* panel = dynamic_cast<MonitorPanel*> (d.window.overlay());
    REQUIRE (panel != nullptr);
    for (const char* name : { "Swap", "Mute", "Dim" })
        d.titled<Button> (name, panel)->onPress ({});
    d.titled<Button> ("Before fader", panel)->onPress ({});
    CHECK (d.model.monitoring.swap);
    CHECK (d.model.monitoring.mute);
    CHECK (d.model.monitoring.dim);
    CHECK (d.model.monitoring.beforeFader);
    CHECK_FALSE (d.titled<Button> ("Reference", panel)->isEnabled()); // none is chosen
    d.titled<LevelSlider> ("Monitor level", panel)->onChange (-12, 1);
    CHECK (d.model.monitoring.level == -12.0);
    d.model.device.pairs = 4;
    panel->keyPressed (juce::KeyPress (juce::KeyPress::escapeKey));
    CHECK (d.window.overlay() == nullptr);
}

TEST_CASE ("A VCA fader of chosen strips is a strip of the mixer, spills its members and is nested")
{
    Desk d;
    const std::set<Id> drums { d.id ("Kick In"), d.id ("Toms") };
    auto& at = d.strip ("Kick In");
    chooseIn (stripMenu (d.model, d.id ("Kick In"), drums, at, {}), "VCA faders/New VCA fader");
    auto* prompt = dynamic_cast<TextPrompt*> (d.window.overlay());
    REQUIRE (prompt != nullptr);
    prompt->field().setText ("Drum VCA", false);
    prompt->field().onReturnKey();
    d.follow();
    REQUIRE (d.model.song().vcas.size() == 1);
    const auto& vca = *d.model.song().vcas.front();
    CHECK (vca.name == "Drum VCA");
    CHECK (std::set<Id> (vca.members.begin(), vca.members.end()) == drums);

    auto& view = d.strip ("Drum VCA");
    REQUIRE (view.volume() != nullptr);
    view.volume()->onChange (-6, 99);
    CHECK (d.model.value (vca.id, "fader.level") == -6.0);
    d.titled<Button> ("Mute, Drum VCA")->onPress ({});
    CHECK (d.model.value (vca.id, "fader.mute") == 1.0);

    view.onSpill (vca.id);
    CHECK (d.strip ("Kick In").isVisible());
    CHECK (d.strip ("Toms").isVisible());
    CHECK_FALSE (d.strip ("Rhodes").isVisible());
    CHECK (d.strip ("Mix").isVisible());
    view.onSpill (vca.id);
    CHECK (d.strip ("Rhodes").isVisible());

    // A second one takes the first; the first cannot take the second.
    d.model.edit (session::addedVca (d.model.content, d.model.song().id, "Band", "ai"), 0);
    d.follow();
    const Id band = d.model.song().vcas.back()->id;
    chooseIn (stripMenu (d.model, band, { band }, at, {}), "Members/Drum VCA");
    CHECK (session::vcaOf (d.model.content, band)->members == std::vector<Id> { d.model.song().vcas[0]->id });
    chooseIn (stripMenu (d.model, d.model.song().vcas[0]->id, {}, at, {}), "Members/Band");
    CHECK_THAT (d.model.refused, Catch::Contains ("circle"));
}

TEST_CASE ("The menu of a strip reaches pan, law, polarity, channels, groups, freezing and disabling, for "
           "all chosen")
{
    Desk d;
    auto& at = d.strip ("Snare Top");
    const Id snare = d.id ("Snare Top"), rhodes = d.id ("Rhodes");
    const std::set<Id> both { snare, rhodes };
    std::vector<bool> heard;
    StripActions actions;
    actions.listen = [&] (bool before) { heard.push_back (before); };
    const auto menu = [&] { return stripMenu (d.model, snare, both, at, actions); };
    chooseIn (menu(), "Pan/Width");
    chooseIn (menu(), "Pan law/-6 dB");
    chooseIn (menu(), "Polarity reversed");
    CHECK (d.model.value (snare, "pan.mode") == 2.0);
    CHECK (d.model.value (rhodes, "pan.law") == 3.0);
    CHECK (d.model.value (snare, "trim.polarity") == 1.0);
    chooseIn (menu(), "Channels/Dual mono");
    CHECK (d.of ("Rhodes").dualMono);
    chooseIn (menu(), "Solo-safe");
    CHECK (d.of ("Rhodes").soloSafe);
    chooseIn (menu(), "Disabled");
    CHECK (d.of ("Snare Top").disabled);
    chooseIn (menu(), "Disabled");
    CHECK_FALSE (d.of ("Rhodes").disabled);
    chooseIn (menu(), "Freeze");
    CHECK (d.model.frozen == std::vector<Id> { snare, rhodes });
    chooseIn (menu(), "Listen before the fader");
    CHECK (heard == std::vector<bool> { true });
    chooseIn (menu(), "Colour/beni");
    CHECK (d.of ("Rhodes").colour == "beni");

    chooseIn (menu(), "Delay: 0.00 ms");
    auto* prompt = dynamic_cast<TextPrompt*> (d.window.overlay());
    REQUIRE (prompt != nullptr);
    prompt->field().setText ("soon", false);
    prompt->field().onReturnKey();
    CHECK (d.window.overlay() == prompt); // refused: it stays and says why
    prompt->field().setText ("12.5 ms", false);
    prompt->field().onReturnKey();
    CHECK (session::trackOf (d.model.content, rhodes)->delay == 600);
    CHECK (d.window.overlay() == nullptr);

    chooseIn (menu(), "Rename");
    prompt = dynamic_cast<TextPrompt*> (d.window.overlay());
    REQUIRE (prompt != nullptr);
    prompt->field().setText ("Not this", false);
    prompt->mouseDown (pointer (*prompt, { 1, 1 }, { 1, 1 })); // a click outside changes nothing
    CHECK (d.window.overlay() == nullptr);
    CHECK (d.of ("Snare Top").name == "Snare Top");

    chooseIn (menu(), "Mute groups/New mute group");
    prompt = dynamic_cast<TextPrompt*> (d.window.overlay());
    REQUIRE (prompt != nullptr);
    prompt->field().onReturnKey();
    REQUIRE (d.model.song().muteGroups.size() == 1);
    CHECK (d.model.song().muteGroups[0].members.size() == 2);
    chooseIn (muteGroupMenu (d.model, at), "Mute group (2)");
    CHECK (d.model.song().muteGroups[0].on);
}

TEST_CASE ("A delay is read in milliseconds, samples and seconds")
{
    CHECK (delayFrom ("12.5 ms", 48000) == 600);
    CHECK (delayFrom ("12,5", 48000) == 600);
    CHECK (delayFrom ("-600 smp", 48000) == -600);
    CHECK (delayFrom ("0.01 s", 44100) == 441);
    CHECK_FALSE (delayFrom ("soon", 48000));
    CHECK_FALSE (delayFrom ("3 bars", 48000));
}

TEST_CASE ("A stereo strip panned by width has a knob for each value, both bound")
{
    Desk d;
    d.model.set (d.id ("Snare Top"), "pan.mode", 2, 0);
    d.follow();
    auto* width = d.titled<Knob> ("Width, Snare Top");
    REQUIRE (width != nullptr);
    width->onChange (40, 5);
    CHECK (d.model.value (d.id ("Snare Top"), "pan.width") == 40.0);
    CHECK (d.titled<Knob> ("Pan, Snare Top") != nullptr);
    d.model.set (d.id ("Snare Top"), "pan.mode", 1, 0);
    d.follow();
    CHECK (d.titled<Knob> ("Left position, Snare Top") != nullptr);
    CHECK (d.titled<Knob> ("Width, Snare Top") == nullptr);
}

TEST_CASE ("Inserts are dragged to another place, to another strip, copied with Alt and removed outside")
{
    Desk d;
    // Plate has a reverb; Slap a delay. Kick has the console's EQ and compressor in its rows.
    const Id reverb = d.of ("Plate").inserts[0]->id;
    auto& plate = d.strip ("Plate");
    auto& slap = d.strip ("Slap");
    auto& kick = d.strip ("Kick In");
    const auto from = d.insertRow (plate, 0);

    d.drag (plate, { from, from.translated (4, 8), d.insertRow (slap, 0).translated (0, -7) }, alt);
    REQUIRE (d.of ("Slap").inserts.size() == 2);
    CHECK (d.of ("Slap").inserts[0]->type == "reverb"); // above the delay
    CHECK (d.of ("Plate").inserts.size() == 1);
    CHECK_THAT (d.model.undoText, Catch::Contains ("Copy reverb"));

    const auto steps = d.model.undoSteps;
    // Below EQ and compressor: after the console.
    d.drag (plate, { from, from.translated (4, 8), d.insertRow (kick, 2) });
    REQUIRE (d.of ("Kick In").inserts.size() == 1);
    CHECK (d.of ("Kick In").inserts[0]->id == reverb);
    CHECK (d.of ("Kick In").inserts[0]->postConsole);
    CHECK (d.of ("Plate").inserts.empty());
    CHECK (d.model.undoSteps == steps + 1);

    // Up to the top of its own strip: before the console.
    d.drag (kick, { d.insertRow (kick, 2), d.insertRow (kick, 1), d.insertRow (kick, 0).translated (0, -7) });
    CHECK_FALSE (d.of ("Kick In").inserts[0]->postConsole);

    // Alt without a drag bypasses; a drag out of every list removes.
    d.drag (kick, { d.insertRow (kick, 0) }, alt);
    CHECK_FALSE (d.of ("Kick In").inserts[0]->on);
    d.drag (kick, { d.insertRow (kick, 0), d.insertRow (kick, 1), { 900, 300 } });
    CHECK (d.of ("Kick In").inserts.empty());
    CHECK (d.model.undoText == "Remove reverb");
}

TEST_CASE (
    "A send dragged sideways changes its level, up and down its place, and over another strip goes there")
{
    Desk d;
    auto& snare = d.strip ("Snare Top");
    const auto slap = d.id ("Slap");
    d.model.edit (session::withSend (d.model.content, d.id ("Snare Top"), 1, slap), 0);
    d.follow();
    const auto sendRow = [&] (StripView& s, int row)
    { return d.window.getLocalPoint (&s, juce::Point<int> (30, 4 + 30 + 4 + 5 * 16 + 4 + 16 * row + 8)); };
    const auto level = [&] { return d.model.value (d.id ("Snare Top"), "send1.level"); };
    const double before = level();
    const auto first = sendRow (snare, 0);
    d.drag (snare, { first, first.translated (8, 1), first.translated (30, 1) });
    CHECK (level() > before);
    CHECK (d.of ("Snare Top").sends[0] == d.id ("Plate"));

    d.drag (snare, { first, first.translated (1, 8), sendRow (snare, 1).translated (0, 8) });
    CHECK (d.of ("Snare Top").sends[0] == slap);
    CHECK (d.of ("Snare Top").sends[1] == d.id ("Plate"));

    auto& kick = d.strip ("Kick In");
    d.drag (snare, { first, first.translated (1, 8), sendRow (kick, 0) });
    CHECK (d.of ("Kick In").sends[0] == slap);
    CHECK (d.of ("Snare Top").sends[0] == Id {});
    chooseIn (sendMenu (d.model, d.id ("Kick In"), 0, kick), "Before the fader");
    CHECK (d.model.value (d.id ("Kick In"), "send1.pre") == 1.0);
    d.drag (kick, { sendRow (kick, 0), sendRow (kick, 0).translated (1, 8), { 900, 300 } });
    CHECK (d.of ("Kick In").sends[0] == Id {});
}

TEST_CASE (
    "The menu of an insert chooses its sidechain, lets it be heard, sets its mix and its side of the console")
{
    Desk d;
    auto made = session::addedEffect (d.model.content, d.id ("Bass DI"), "compressor");
    const Id comp = made->made;
    d.model.edit (std::move (made), 0);
    d.follow();
    auto& at = d.strip ("Bass DI");
    const auto menu = [&] { return insertMenu (d.model, comp, at, {}); };
    const auto effect = [&]() -> const session::Effect&
    { return *session::effectOf (d.model.content, comp); };
    chooseIn (menu(), "Sidechain/Kick In");
    CHECK (effect().sidechain == d.id ("Kick In"));
    chooseIn (menu(), "Listen to the sidechain");
    CHECK (d.model.value (comp, "sidechain.listen") + d.model.value (comp, "key.listen") == 1.0);
    chooseIn (menu(), "After the console part");
    CHECK (effect().postConsole);
    const auto all = entries (menu());
    const auto mix =
        std::find_if (all.begin(), all.end(), [] (const auto& e) { return e.first.starts_with ("Mix: "); });
    REQUIRE (mix != all.end());
    mix->second.action();
    auto* prompt = dynamic_cast<TextPrompt*> (d.window.overlay());
    REQUIRE (prompt != nullptr);
    prompt->field().setText ("50%", false);
    prompt->field().onReturnKey();
    CHECK (d.model.value (comp, "mix") == 50.0);
    chooseIn (menu(), "Copy to/Rhodes");
    CHECK (d.of ("Rhodes").inserts.size() == 1);
    chooseIn (menu(), "Remove");
    CHECK (d.of ("Bass DI").inserts.empty());
}

TEST_CASE ("Presets are tried by a click, found by their words, kept as one step or taken back, and saved")
{
    const Home home;
    Desk d;
    // An effect's own history: undo gives back the project before the last edit.
    struct Undoing final : FakeModel
    {
        std::vector<session::Project> past;
        bool edit (session::Edit e, Gesture key) override
        {
            past.push_back (content);
            return FakeModel::edit (std::move (e), key);
        }
        void undo() override
        {
            content = past.back();
            past.pop_back();
            ++revisionCount;
        }
    } model;
    WindowContent window (model);
    window.setSize (1366, 768);
    window.frame (0);
    auto made = session::addedEffect (model.content, model.all[0].id, "compressor");
    const Id comp = made->made;
    model.edit (std::move (made), 0);
    const auto values = [&] { return session::effectOf (model.content, comp)->values; };
    const auto factory = studio::presetsOf ("compressor").presets;
    REQUIRE (factory.size() >= 5);

    PresetBrowser::open (model, comp, *window.getChildComponent (0));
    auto* browser = dynamic_cast<PresetBrowser*> (window.overlay());
    REQUIRE (browser != nullptr);
    CHECK (browser->names().size() == factory.size());
    const auto edits = model.past.size();
    browser->tryOut (0);
    CHECK (values() == factory[0].values());
    browser->tryOut (2);
    CHECK (values() == factory[2].values());
    CHECK (model.past.size() == edits + 1); // one step, whatever was tried
    browser->cancel();
    CHECK (values().empty());
    CHECK (model.past.size() == edits);
    CHECK (window.overlay() == nullptr);

    PresetBrowser::open (model, comp, *window.getChildComponent (0));
    browser = dynamic_cast<PresetBrowser*> (window.overlay());
    REQUIRE (browser != nullptr);
    const auto word = juce::String (factory[3].use).upToFirstOccurrenceOf (" ", false, false);
    browser->search (word);
    CHECK (std::find (browser->names().begin(), browser->names().end(), factory[3].name) !=
           browser->names().end());
    browser->search ("no such words anywhere");
    CHECK (browser->names().empty());
    browser->search ("");
    browser->tryOut (3);
    browser->save ("My squeeze", "For the tests.");
    INFO (browser->message().toStdString());
    const auto own = studio::presetCalled ("compressor", "My squeeze");
    REQUIRE (own.ok());
    CHECK (own->use == "For the tests.");
    CHECK (own->values() == factory[3].values());
    const auto listed = browser->names();
    CHECK (std::find (listed.begin(), listed.end(), "My squeeze") != listed.end());
    browser->save ("My squeeze", "Again.");
    CHECK (browser->message() == "You have a preset of this name.");
    browser->save ("My squeeze", "Again."); // the second press means it
    CHECK (studio::presetCalled ("compressor", "My squeeze")->use == "Again.");
    browser->keep();
    CHECK (values() == factory[3].values());
}

TEST_CASE ("Chains of presets replace the inserts of a strip")
{
    const Home home;
    Desk d;
    PresetBrowser::open (d.model, d.id ("Lead Vox"), d.strip ("Lead Vox"));
    auto* browser = dynamic_cast<PresetBrowser*> (d.window.overlay());
    REQUIRE (browser != nullptr);
    const auto chains = studio::presetsOf ("").presets;
    REQUIRE_FALSE (chains.empty());
    REQUIRE (browser->names().size() == chains.size());
    browser->tryOut (0);
    CHECK (d.of ("Lead Vox").inserts.size() == chains[0].effects.size());
    browser->keep();
}

TEST_CASE ("Finding a strip jumps to it and selects it, Enter goes on to the next")
{
    Desk d (1366, 768);
    d.window.press (juce::KeyPress ('F', juce::ModifierKeys (ctrl), 0));
    auto* field = d.titled<juce::TextEditor> ("Find a strip");
    REQUIRE (field != nullptr);
    REQUIRE (field->isVisible());
    field->setText ("vox", false);
    field->onTextChange();
    auto& lead = d.strip ("Lead Vox");
    const auto shownAt = [&] (StripView& s) { return d.window.getLocalArea (&s, s.getLocalBounds()); };
    CHECK (d.strip ("Vox Double").isVisible());
    // "Vox Double" begins with it and comes first, then "Lead Vox".
    CHECK (shownAt (d.strip ("Vox Double")).getX() >= 0);
    field->onReturnKey();
    CHECK (shownAt (lead).getX() >= 0);
    CHECK (shownAt (lead).getRight() <= shownAt (d.strip ("Drums")).getX());
    CHECK (d.strip ("Kick In").isVisible());        // nothing is filtered away
    d.window.press (juce::KeyPress ('M', {}, 'm')); // mutes what is selected
    CHECK (d.model.value (d.id ("Lead Vox"), "fader.mute") == 1.0);
    field->onEscapeKey();
    CHECK_FALSE (field->isVisible());
}

TEST_CASE ("However many buses there are, the mix stays in view, and buses become narrow before they scroll")
{
    Desk d (1366, 768);
    for (int n = 0; n < 12; ++n)
        d.model.edit (session::addedGroup (d.model.content, d.model.song().id, "Group " + std::to_string (n)),
                      0);
    d.follow();
    auto& mix = d.strip ("Mix");
    const auto area = d.window.getLocalArea (&mix, mix.getLocalBounds());
    CHECK (area.getRight() <= 1366 - 264);
    CHECK (area.getRight() >= 1366 - 264 - 2);
    CHECK (d.strip ("Group 3").getWidth() == 52);
    CHECK (d.strip ("Kick In").getWidth() == 68);
    // Half of the room at least is the tracks'.
    CHECK (d.window.getLocalPoint (&d.strip ("Drums"), juce::Point<int>()).x >= (1366 - 264 - 96) * 4 / 10);
}

TEST_CASE (
    "The strip keeps its parts at 1366 by 768: three inserts, two sends, pan, fader, values, buttons, name")
{
    // Pictures 01 at both sizes: UI.md, section 5.
    for (const auto& [w, h] : { std::pair { 1920, 1080 }, { 1366, 768 } })
    {
        Desk d (w, h);
        auto& s = d.strip ("Snare Top");
        CAPTURE (w);
        CHECK (s.volume()->getHeight() >= 96);
        CHECK (s.getWidth() == (w == 1920 ? 76 : 68));
        for (const char* title : { "Mute, Snare Top", "Solo, Snare Top", "Listen, Snare Top" })
        {
            auto* b = d.titled<Button> (title);
            REQUIRE (b != nullptr);
            CHECK (b->getWidth() >= 18);
            CHECK (b->getHeight() >= 18);
        }
    }
}

TEST_CASE ("A name that does not fit loses letters of its longest words, not its end")
{
    const juce::ScopedJuceInitialiser_GUI up;
    const auto face = font (11, Weight::semibold);
    CHECK (shortName ("Kick", face, 10) == "Kick"); // one word fades
    CHECK (shortName ("Gtr Rhythm L", face, 500) == "Gtr Rhythm L");
    const auto l = shortName ("Gtr Rhythm L", face, 60), r = shortName ("Gtr Rhythm R", face, 60);
    CHECK (l.endsWith (" L"));
    CHECK (r.endsWith (" R"));
    CHECK (l.startsWith ("Gtr Rhy"));
    CHECK (face.getStringWidthFloat (l) <= 60);
}

TEST_CASE ("The K-14 scale puts a sine of -14 dBFS at its 0 14 dB below its top")
{
    // Even in dB from -30 to +14: 0 is 30/44 of the way up. RMS of a sine is 3.01 dB below its peak, AES17
    // reads it as the peak.
    const juce::ScopedJuceInitialiser_GUI up;
    LevelMeter meter ("Test");
    meter.setChannels (1);
    meter.setScale (LevelMeter::Scale::k14);
    meter.scaleNumbers = false;
    meter.setSize (8, 445); // 440 px of bar below the clip light: 10 px a dB
    const auto peak = static_cast<float> (std::pow (10.0, -14.0 / 20));
    meter.advance ({ { peak, 0 }, { peak * peak / 2, 0 } }, 1);
    const auto image = picture (meter, "k14");
    const auto signal = colour (tokens::seiji);
    int top = 0;
    while (top < 445 && image.getPixelAt (4, top) != signal)
        ++top;
    CHECK (std::abs (top - (5 + 140)) <= 2); // the peak line is 1.5 px
}
