// SPDX-License-Identifier: GPL-3.0-or-later
#include "BigMix.h"
#include "FakeModel.h"
#include "Support.h"
#include "session/Find.h"
#include "session/RoutingEdits.h"
#include "studio/Studio.h"
#include "ui/MainWindow.h"
#include "ui/StemDialogs.h"
#include "ui/StudioModel.h"
#include "ui/ViewState.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <thread>

using namespace lacquer;
using Catch::Matchers::WithinAbs;
using lacquer::Id;
using ui::fakes::BigMix;

namespace
{

/// A project on disk behind the window's model, without a device.
struct Opened
{
    /// As ui::run does it: an X server's complaints do not end the program.
    struct Tolerant
    {
        Tolerant()
        {
            juce::JUCEApplicationBase::createInstance = []() -> juce::JUCEApplicationBase*
            { return nullptr; };
        }
    } tolerant;
    const juce::ScopedJuceInitialiser_GUI up;
    BigMix mix;
    std::unique_ptr<ui::StudioModel> model;

    explicit Opened (int tracks) : mix (tracks)
    {
        ::setenv ("XDG_CONFIG_HOME", mix.folder.c_str(), 1);
        REQUIRE (studio::Studio::created ((mix.folder / "Song").string(), mix.project).ok());
        std::filesystem::rename (mix.folder / "Audio", mix.folder / "Song" / "Audio");
        auto studio = studio::Studio::opened ((mix.folder / "Song").string());
        REQUIRE (studio.ok());
        model = std::make_unique<ui::StudioModel> (*std::move (studio));
    }
    ~Opened()
    {
        model.reset();
        ::unsetenv ("XDG_CONFIG_HOME");
    }
    const session::Track& track (std::size_t n) const { return *model->song().tracks[n]; }
    template <typename F>
    bool until (F&& condition)
    {
        for (int n = 0; n < 2000 && ! condition(); ++n)
        {
            juce::MessageManager::getInstance()->runDispatchLoopUntil (10);
            while (model->takeNotice())
            {
            }
        }
        return condition();
    }
};

} // namespace

TEST_CASE ("The window's model freezes a track beside everything else, undoable, and gives it up when it was "
           "changed")
{
    Opened o (3);
    auto& m = *o.model;
    const Id first = o.track (0).strip.id, second = o.track (1).strip.id;
    m.freeze (first);
    m.freeze (second); // waits for its turn
    m.edit (session::withClipGain (m.project(), o.track (1).clips.front()->id, -3), 0);
    // The second is rendered with the gain that it has when its turn comes, so both are frozen.
    REQUIRE (o.until ([&] { return o.track (0).frozen && o.track (1).frozen; }));
    const auto* media = session::mediaOf (m.project(), o.track (0).frozen);
    REQUIRE (media != nullptr);
    CHECK (media->frames >= 75 * 48000);
    CHECK_THAT (m.undoLabel(), Catch::StartsWith ("Freeze"));
    m.undo();
    CHECK_FALSE (o.track (1).frozen);

    const Id third = o.track (2).strip.id;
    m.freeze (third);
    m.edit (session::withClipGain (m.project(), o.track (2).clips.front()->id, -6), 0);
    std::vector<ui::Notice> told;
    for (int n = 0; n < 2000 && told.empty(); ++n)
    {
        juce::MessageManager::getInstance()->runDispatchLoopUntil (10);
        while (auto notice = m.takeNotice())
            if (notice->kind == ui::Notice::Kind::look &&
                notice->title.find ("was not frozen") != std::string::npos)
                told.push_back (*notice);
    }
    REQUIRE (told.size() == 1);
    CHECK (told[0].text == "It was changed meanwhile. Freeze it again.");
    CHECK_FALSE (o.track (2).frozen);
}

TEST_CASE ("How the window looks is kept for the user, whatever project is opened")
{
    Opened o (1);
    CHECK (o.model->viewSetting ("meters.mixer").empty());
    o.model->keepViewSetting ("meters.mixer", "k20");
    o.model->keepViewSetting ("meters.master", "vu18");
    CHECK_FALSE (o.model->unsaved()); // it is nothing of the project's
    o.model.reset();
    auto studio = studio::Studio::opened ((o.mix.folder / "Song").string());
    REQUIRE (studio.ok());
    o.model = std::make_unique<ui::StudioModel> (*std::move (studio));
    CHECK (o.model->viewSetting ("meters.mixer") == "k20");
    CHECK (o.model->viewSetting ("meters.master") == "vu18");
}

TEST_CASE ("The window's model knows VCA faders, what groups mute, and keeps the monitor out of history")
{
    Opened o (2);
    auto& m = *o.model;
    const Id track = o.track (0).strip.id;
    auto made = session::addedVca (m.project(), m.song().id, "All", "ai");
    const Id vca = made->made;
    const auto structure = m.structure();
    REQUIRE (m.edit (std::move (made), 0));
    CHECK (m.structure() > structure);
    REQUIRE (m.edit (session::withMembers (m.project(), vca, { track }), 0));
    REQUIRE (m.params (vca).size() == 3);
    CHECK (m.params (vca)[0].id == "fader.level");
    m.set (vca, "fader.level", -6, 0);
    CHECK (m.value (vca, "fader.level") == -6.0);
    CHECK (m.undoLabel() != "");

    CHECK_FALSE (m.mutedBySolo (track));
    m.set (vca, "fader.mute", 1, 0);
    CHECK (m.mutedBySolo (track));
    m.set (vca, "fader.mute", 0, 0);
    CHECK_FALSE (m.mutedBySolo (track));

    const auto label = m.undoLabel();
    auto s = m.monitor();
    s.dim = true;
    s.listened = { track };
    s.beforeFader = true;
    s.reference = true; // there is none
    REQUIRE (m.setMonitor (s).ok());
    CHECK (m.monitor().dim);
    CHECK (m.monitor().listened.size() == 1);
    CHECK_FALSE (m.monitor().reference);
    s.referenceFile = (o.mix.folder / "nothing.wav").string();
    CHECK_FALSE (m.setMonitor (s).ok());
    CHECK (m.monitor().referenceFile.empty());
    s.referenceFile = (o.mix.folder / "Song" / "Audio" / "0.wav").string();
    s.reference = true;
    CHECK (m.setMonitor (s).ok());
    CHECK (m.monitor().reference);
    CHECK (m.undoLabel() == label);
    REQUIRE (m.edit (session::removedStrip (m.project(), track), 0));
    CHECK (m.monitor().listened.empty()); // it is gone, and the mix is heard again
}

TEST_CASE (
    "The window asks about a dropped file that has the name of a stem, and Replace lets its clips play "
    "it")
{
    Opened o (2);
    ui::WindowContent window (*o.model);
    window.setSize (1366, 768);
    const auto dropped = o.mix.folder / "Mix 2" / "0.wav";
    std::filesystem::create_directories (dropped.parent_path());
    std::filesystem::copy (o.mix.folder / "Song" / "Audio" / "1.wav", dropped);
    const auto before = o.track (0);
    const auto asked = [&]
    {
        window.filesDropped ({ dropped.string() }, 0, 0);
        o.until (
            [&]
            {
                window.frame (0);
                return window.overlay() != nullptr;
            });
        auto* dialog = dynamic_cast<ui::Dialog*> (window.overlay());
        REQUIRE (dialog != nullptr);
        CHECK (dialog->getTitle() == "0.wav is already in this song");
        return dialog;
    };
    auto* dialog = asked();
    ui::fakes::picture (window, "import-question");
    REQUIRE (ui::fakes::pressButton (*dialog, "Cancel"));
    CHECK (window.overlay() == nullptr);
    o.model->jobs().settle();
    CHECK (o.track (0) == before);
    CHECK (o.model->song().tracks.size() == 2);

    REQUIRE (ui::fakes::pressButton (*asked(), "Replace"));
    REQUIRE (o.until ([&] { return o.track (0).clips[0]->media != before.clips[0]->media; }));
    CHECK (o.track (0).strip == before.strip);
    CHECK (o.track (0).clips.size() == before.clips.size());
    CHECK (o.model->song().tracks.size() == 2);
    CHECK (o.model->undoLabel() == "Replace stem by \"0.wav\"");
    o.model->undo();
    CHECK (o.track (0) == before);
}

TEST_CASE ("Save as: the window goes on in the copy, with its undo, its playhead and its view")
{
    Opened o (2);
    auto& m = *o.model;
    ui::WindowContent window (m);
    window.setSize (1366, 768);
    const Id track = o.track (0).strip.id;
    const double before = m.value (track, "fader.level");
    const auto old = m.folder(), copy = (o.mix.folder / "Copy").string();
    m.set (track, "fader.level", before - 7, 0);
    m.locate (48000);
    REQUIRE (window.press (juce::KeyPress ('I', {}, 'i'))); // hides the inspector
    m.saveAs (copy);
    CHECK (m.folder() == old); // nothing has waited
    const auto structure = m.structure();
    REQUIRE (o.until (
        [&]
        {
            window.frame (0);
            return m.folder() == copy;
        }));
    window.frame (0);
    CHECK (window.overlay() == nullptr); // nobody is asked: nothing is lost
    CHECK (m.projectName() == "Copy");
    CHECK (m.structure() > structure);
    CHECK_FALSE (m.unsaved());
    CHECK (m.value (track, "fader.level") == before - 7);
    CHECK (m.position() == 48000);
    CHECK_FALSE (ui::ViewState::of (copy).inspector);
    m.undo();
    CHECK (m.value (track, "fader.level") == before);
    CHECK (m.unsaved());
    const auto left = studio::Studio::opened (old);
    REQUIRE (left.ok());
    CHECK (left->notes().empty()); // nothing to recover, nobody has it open
    CHECK (left->project().name == "Big");
}

TEST_CASE ("A new mix is entered when it is ready, after the question about unsaved changes")
{
    Opened o (1);
    auto& m = *o.model;
    ui::WindowContent window (m);
    window.setSize (1366, 768);
    const Id track = o.track (0).strip.id;
    const auto old = m.folder();
    const auto folder = [&] (const char* name) { return (o.mix.folder / name).string(); };
    const auto frames = [&] (const auto& condition)
    {
        return o.until (
            [&]
            {
                window.frame (0);
                return condition();
            });
    };
    m.set (track, "fader.level", -7, 0);
    const auto asked = [&] (const char* name)
    {
        m.newMix (folder (name), { .stems = { o.mix.folder / "Song" / "Audio" } });
        REQUIRE (frames ([&] { return window.overlay() != nullptr; }));
        CHECK (window.overlay()->getTitle() == "Save changes to \"Big\"?");
        CHECK (m.folder() == old);
        return window.overlay();
    };
    REQUIRE (ui::fakes::pressButton (*asked ("One"), "Cancel"));
    for (int n = 0; n < 5; ++n)
        window.frame (0);
    CHECK (window.overlay() == nullptr); // asked once
    CHECK (m.folder() == old);
    CHECK (m.value (track, "fader.level") == -7);
    CHECK (studio::Studio::opened (folder ("One")).ok()); // it can be opened later

    REQUIRE (ui::fakes::pressButton (*asked ("Two"), "Save"));
    REQUIRE (frames ([&] { return m.folder() == folder ("Two"); }));
    CHECK (m.projectName() == "Two");
    CHECK (m.song().tracks.size() == 1);
    CHECK (m.undoLabel() == "First balance");
    const auto left = studio::Studio::opened (old);
    REQUIRE (left.ok());
    CHECK (session::stripOf (left->project(), track)->values.contains ("fader.level"));

    m.newMix (folder ("Three"), {});
    REQUIRE (frames ([&] { return m.folder() == folder ("Three"); }));
    CHECK (m.song().tracks.empty());
    ui::fakes::picture (window, "new-mix");
}

TEST_CASE ("Edits that were not to be saved do not come back when the project is opened again")
{
    Opened o (1);
    auto& m = *o.model;
    ui::WindowContent window (m);
    window.setSize (1366, 768);
    const Id track = o.track (0).strip.id;
    const double before = m.value (track, "fader.level");
    const auto old = m.folder();
    const auto leave = [&] (const std::string& to)
    {
        m.set (track, "fader.level", before - 7, 0);
        window.askToLeave ([&] { CHECK (m.open (to).ok() == (to != "")); });
        REQUIRE (ui::fakes::pressButton (*window.overlay(), "Don't save"));
    };
    leave ("");
    CHECK (m.folder() == old); // nothing was left
    m.newMix ((o.mix.folder / "Next").string(), {});
    REQUIRE (o.until ([&] { return std::filesystem::exists (o.mix.folder / "Next" / "Next.lacquer"); }));
    leave ((o.mix.folder / "Next").string());
    const auto again = studio::Studio::opened (old);
    REQUIRE (again.ok());
    CHECK (again->notes().empty()); // nothing was recovered
    CHECK_FALSE (again->unsaved());
    CHECK_FALSE (session::stripOf (again->project(), track)->values.contains ("fader.level"));
}

TEST_CASE ("The dialog of newer bounces lists them and grows with them")
{
    const juce::ScopedJuceInitialiser_GUI up;
    ui::fakes::FakeModel model;
    std::vector<studio::StemOffer> offers;
    for (int n = 1; n <= 12; ++n)
        offers.push_back ({ lacquer::Id { static_cast<std::uint64_t> (n) }, "Track",
                            "Bounce/Tom " + std::to_string (n) + ".wav" });
    const auto dialog = ui::updateDialog (model, offers);
    dialog->setSize (1280, 720);
    CHECK (dialog->getTitle() == "Update 12 stems?");
    CHECK (dialog->getDescription().contains ("Tom 8.wav\nand 4 more"));
    ui::fakes::picture (*dialog, "update-stems");
    // Its buttons lie in the card, which is in the middle: the more it lists, the lower they are.
    offers.resize (1);
    const auto small = ui::updateDialog (model, offers);
    small->setSize (1280, 720);
    CHECK (dialog->getChildComponent (0)->getY() > small->getChildComponent (0)->getY() + 40);
}

namespace
{

/// Over everything in the window: it is painted whenever something is.
struct Probe final : juce::Component
{
    Probe() { setInterceptsMouseClicks (false, false); }
    void paint (juce::Graphics&) override
    {
        const double now = juce::Time::getMillisecondCounterHiRes();
        painted.push_back (now);
        if (pointed > 0)
            waits.push_back (now - std::exchange (pointed, 0));
    }
    void mouseDrag (const juce::MouseEvent&) override
    {
        if (pointed <= 0)
            pointed = juce::Time::getMillisecondCounterHiRes();
    }
    std::vector<double> painted, waits;
    double pointed = 0;
};

double atShare (std::vector<double> v, double share)
{
    std::sort (v.begin(), v.end());
    return v.empty() ? -1 : v[static_cast<std::size_t> (share * static_cast<double> (v.size() - 1))];
}

} // namespace

TEST_CASE ("100 full tracks play through a device while the MIX page shows them on an X display", "[.speed]")
{
    // Needs DISPLAY with xdotool, and a JACK server: see docs/MOCK-UPS.md.
    Opened o (100);
    auto& m = *o.model;
    REQUIRE (m.deviceStatus().open);
    ui::MainWindow window (m);
    Probe probe;
    window.content().addAndMakeVisible (probe);
    probe.setBounds (window.content().getLocalBounds());
    window.content().addMouseListener (&probe, true);
    const auto run = [] (double seconds)
    { juce::MessageManager::getInstance()->runDispatchLoopUntil (static_cast<int> (1000 * seconds)); };
    m.play();
    run (3);
    probe.painted.clear();
    const auto begun = juce::Time::getMillisecondCounterHiRes();
    const auto cpu = std::clock();
    const int dropouts = m.deviceStatus().dropouts;
    run (5);
    const double plain = juce::Time::getMillisecondCounterHiRes() - begun;
    const auto frames = probe.painted.size();
    const double cores = static_cast<double> (std::clock() - cpu) / CLOCKS_PER_SEC / plain * 1000;
    // The first strip's fader, up and down.
    std::thread hand (
        []
        {
            std::string words = "xdotool mousemove 29 846 mousedown 1";
            for (int n = 0; n < 120; ++n)
                words += " mousemove 29 " + std::to_string (846 + (n % 40 < 20 ? n % 20 : 20 - n % 20)) +
                         " sleep 0.04";
            static_cast<void> (std::system ((words + " mouseup 1").c_str()));
        });
    run (7);
    hand.join();
    WARN ("frames/s with meters: " << static_cast<double> (frames) * 1000 / plain << ", cores used "
                                   << cores);
    WARN ("pointer to picture: " << probe.waits.size() << " moves, median " << atShare (probe.waits, 0.5)
                                 << " ms, p99 " << atShare (probe.waits, 0.99) << " ms");
    WARN ("dropouts " << m.deviceStatus().dropouts - dropouts << ", load " << m.deviceStatus().load);
    CHECK (frames > 0);
}
