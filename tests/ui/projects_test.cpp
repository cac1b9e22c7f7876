// SPDX-License-Identifier: GPL-3.0-or-later
// What the window asks about whole projects.
#include "FakeModel.h"
#include "Support.h"
#include "studio/Templates.h"
#include "support/Folder.h"
#include "ui/MainWindow.h"
#include "ui/ProjectFiles.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;

namespace
{

/// Writes down what the window asked for.
struct Asked final : FakeModel
{
    std::string folder() const override { return "/music/Harbour Lights"; }
    void newMix (const std::string& f, const studio::Beginning& b) override
    {
        made = f;
        from = b;
    }
    void saveAs (const std::string& f) override { copied = f; }
    void collectFiles() override { ++collected; }
    void lookForUnused() override { unused = studio::Cleaned { { "Old.wav", "Take 1.wav" }, 3'000'000 }; }
    std::optional<studio::Cleaned> takeCleanQuestion() override { return std::exchange (unused, {}); }
    void clean (const studio::Cleaned& c) override { cleaned = c.files; }

    std::string made, copied;
    studio::Beginning from;
    std::optional<studio::Cleaned> unused;
    std::vector<std::string> cleaned;
    int collected = 0;
};

struct Desktop final : juce::Component, OverlayHost
{
    Desktop() { setSize (1366, 768); }
    void showOverlay (std::unique_ptr<juce::Component> c) override
    {
        shown = std::move (c);
        addAndMakeVisible (*shown);
        shown->setBounds (getLocalBounds());
    }
    void dismissOverlay() override { shown->setVisible (false); }
    std::unique_ptr<juce::Component> shown;
};

/// Answers what the system would ask, in turn.
struct Answers
{
    Answers (ProjectFiles& files)
    {
        files.choose = [this] (const juce::String& title, const juce::File& first, const juce::String&,
                               int flags, const ProjectFiles::Chosen& chosen)
        {
            titles.add (title);
            offered.add (first.getFileName());
            kinds.push_back (flags);
            if (const auto next = answers.removeAndReturn (0); next != juce::File())
                chosen ({ next });
        };
    }
    juce::Array<juce::File> answers;
    juce::StringArray titles, offered;
    std::vector<int> kinds;
};

} // namespace

TEST_CASE ("A new mix asks for stems and then for a folder, and may have no stems")
{
    const juce::ScopedJuceInitialiser_GUI up;
    const tests::Folder folder { "stems" };
    Asked model;
    Desktop desktop;
    ProjectFiles files (model, desktop, desktop);
    Answers system (files);
    const auto press = [&] (const char* verb)
    {
        files.newMix();
        REQUIRE (desktop.shown->getTitle() == "New mix");
        REQUIRE (pressButton (*desktop.shown, verb));
    };
    files.newMix();
    picture (desktop, "new-mix-question");
    // Every button is inside the card.
    for (auto* child : desktop.shown->getChildren())
        CHECK (juce::Rectangle<int> (463, 0, 440, 768).contains (child->getBounds()));

    const juce::File bounce (juce::String (folder.path.string()));
    system.answers = { bounce, juce::File ("/music/Tide") };
    press ("A folder of stems...");
    CHECK ((system.kinds[0] & juce::FileBrowserComponent::canSelectDirectories) != 0);
    CHECK (model.made == "/music/Tide");
    CHECK (model.from.stems == std::vector<std::filesystem::path> { folder.path });
    CHECK (system.offered[1] == bounce.getFileName()); // called as the folder of the stems

    system.answers = { bounce.getChildFile ("Kick.wav"), juce::File ("/music/Ebb") };
    press ("Stems...");
    CHECK ((system.kinds[2] & juce::FileBrowserComponent::canSelectMultipleItems) != 0);
    CHECK (model.made == "/music/Ebb");
    CHECK (model.from.stems == std::vector<std::filesystem::path> { folder.path / "Kick.wav" });

    system.answers = { juce::File ("/music/Flow") };
    press ("No stems");
    CHECK (model.made == "/music/Flow");
    CHECK (model.from.stems.empty());

    model.made.clear();
    system.answers = { bounce, juce::File() }; // no folder is chosen
    press ("Stems...");
    press ("Cancel");
    CHECK (model.made.empty());
}

TEST_CASE ("Ctrl+N opens the question of a new mix")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Asked model;
    WindowContent window (model);
    REQUIRE (
        window.press (juce::KeyPress ('N', juce::ModifierKeys (juce::ModifierKeys::commandModifier), 0)));
    REQUIRE (window.overlay() != nullptr);
    CHECK (window.overlay()->getTitle() == "New mix");
}

TEST_CASE ("The project menu saves as, collects, and cleans only after it was asked")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Asked model;
    WindowContent window (model);
    window.setSize (1366, 768);
    ProjectFiles files (model, window, window);
    Answers system (files);
    system.answers = { juce::File ("/music/Harbour Lights 2") };
    files.saveAs();
    CHECK (model.copied == "/music/Harbour Lights 2");

    juce::PopupMenu menu;
    files.addTo (menu);
    REQUIRE (choose (menu, "Collect all files"));
    CHECK (model.collected == 1);
    REQUIRE (choose (menu, "Clean unused files..."));
    window.frame (0);
    REQUIRE (window.overlay() != nullptr);
    // 3,000,000 bytes are 2.86 times 1,048,576.
    CHECK (window.overlay()->getTitle() == "Move 2 unused files, 2.9 MB?");
    CHECK (window.overlay()->getDescription().contains ("Old.wav\nTake 1.wav"));
    picture (window, "clean-question");
    REQUIRE (pressButton (*window.overlay(), "Cancel"));
    CHECK (model.cleaned.empty());
    REQUIRE (choose (menu, "Clean unused files..."));
    window.frame (0);
    REQUIRE (pressButton (*window.overlay(), "Move"));
    CHECK (model.cleaned == std::vector<std::string> { "Old.wav", "Take 1.wav" });
}

TEST_CASE ("A song is saved as a template, over one of its name only when asked twice, and a new mix has it")
{
    const tests::ConfigHome config;
    const juce::ScopedJuceInitialiser_GUI up;
    Asked model;
    WindowContent window (model);
    window.setSize (1366, 768);
    ProjectFiles files (model, window, *window.getChildComponent (0));
    Answers system (files);
    juce::PopupMenu none;
    files.addTemplates (none, {});
    CHECK (none.getNumItems() == 0);
    const auto enter = [&]
    {
        auto* prompt = dynamic_cast<TextPrompt*> (window.overlay());
        REQUIRE (prompt != nullptr);
        prompt->field().setText ("Band", false);
        prompt->field().onReturnKey();
    };
    juce::PopupMenu menu;
    files.addTo (menu);
    REQUIRE (choose (menu, "Save as template..."));
    enter();
    CHECK (window.overlay() == nullptr);
    const auto kept = studio::templateCalled (false, "Band");
    REQUIRE (kept.ok());
    CHECK (kept->project.songs.front()->tracks.size() == model.song().tracks.size());
    const auto when = std::filesystem::last_write_time (kept->file);
    REQUIRE (choose (menu, "Save as template..."));
    enter();
    CHECK (window.overlay() != nullptr);
    CHECK (std::filesystem::last_write_time (kept->file) == when);
    enter();
    CHECK (window.overlay() == nullptr);

    std::vector<std::string> names;
    files.readTemplates ([&] (const auto& all) { names = all; });
    CHECK (names.empty()); // nothing has waited
    model.jobs().settle();
    REQUIRE (names == std::vector<std::string> { "Band" });
    juce::PopupMenu listed;
    files.addTemplates (listed, names);
    system.answers = { juce::File ("/music/Next") };
    REQUIRE (choose (listed, "Band"));
    CHECK (model.made == "/music/Next");
    CHECK (model.from.songTemplate == "Band");
}
