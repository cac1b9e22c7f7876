// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "Support.h"
#include "ui/MainWindow.h"
#include "ui/Overlays.h"

#include <catch2/catch.hpp>
#include <future>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;

namespace
{

studio::Jobs::State state (double seconds, double share,
                           studio::Jobs::Shown shown = studio::Jobs::Shown::card)
{
    return { 7, "Freezing Lead Vox", share, seconds, false, false, shown };
}

} // namespace

TEST_CASE ("Long work shows nothing under 0.4 s, a bar to 3 s, then a card, and each quarter is told")
{
    // The times are UI.md, section 12.
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    LengthyWork work (model);
    work.setSize (1366, 700);
    work.show ({ state (0.39, 0.02) });
    CHECK_FALSE (work.bar());
    CHECK (work.cards().empty());
    work.show ({ state (0.4, 0.1) });
    CHECK (work.bar() == 0.1);
    CHECK (work.announced().isEmpty());
    work.show ({ state (2.9, 0.29) });
    CHECK (work.bar() == 0.29);
    CHECK (work.cards().empty());
    CHECK (work.announced() == "Freezing Lead Vox, 25 %");
    work.show ({ state (3, 0.3) });
    CHECK_FALSE (work.bar());
    REQUIRE (work.cards().size() == 1);
    CHECK (work.cards()[0] == "Freezing Lead Vox, 30 %, about 7 s left"); // 10 s at this speed
    picture (work, "lengthy-card");
    // An export has a page of its own, and what nobody asked for is not shown.
    work.show ({ state (60, 0.5, studio::Jobs::Shown::bar) });
    CHECK (work.bar() == 0.5);
    CHECK (work.cards().empty());
    CHECK (work.announced() == "Freezing Lead Vox, 50 %");
    work.show ({ state (60, 0.5, studio::Jobs::Shown::no) });
    CHECK_FALSE (work.bar());
    CHECK (work.cards().empty());
    work.show ({});
    CHECK (work.cards().empty());
}

TEST_CASE ("A card's Stop asks the job to stop, says so, and goes with the job")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    LengthyWork work (model);
    work.setSize (1366, 700);
    std::promise<void> begun;
    bool stopped = false;
    model.jobs().start (
        { "Archiving" },
        [&begun] (const studio::Work& w) -> Outcome
        {
            begun.set_value();
            while (! w.stopped())
                std::this_thread::yield();
            return Problem { "It was stopped." };
        },
        [&] (const Outcome&, bool by) { stopped = by; });
    begun.get_future().wait();
    auto states = model.jobs().states();
    states[0].seconds = 4;
    work.show (states);
    REQUIRE (work.cards().size() == 1);
    auto* card = work.getChildComponent (0);
    auto* halt = dynamic_cast<Button*> (card->getChildComponent (0));
    REQUIRE (halt != nullptr);
    CHECK (halt->getTitle() == "Stop: Archiving");
    CHECK (work.getLocalBounds().contains (card->getBounds()));
    halt->onPress ({});
    states = model.jobs().states();
    states[0].seconds = 4;
    work.show (states);
    REQUIRE (work.cards()[0] == "Archiving, Stopping"); // else it would never end
    CHECK_FALSE (halt->isEnabled());
    model.jobs().settle();
    CHECK (stopped);
    work.refresh();
    CHECK (work.cards().empty());
    CHECK (work.getNumChildComponents() == 0);
}
