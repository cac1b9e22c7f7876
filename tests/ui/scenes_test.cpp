// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "Support.h"
#include "session/Find.h"
#include "session/InsertEdits.h"
#include "session/Scene.h"
#include "ui/MainWindow.h"
#include "ui/ScenePanel.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;
using Catch::Matchers::WithinAbs;

namespace
{

/// A window of the smallest size over a song with a folder and real undo, its scenes open.
struct SceneDesk
{
    struct Song final : FakeModel
    {
        std::vector<session::Project> past;
        std::string place;
        std::string folder() const override { return place; }
        bool edit (session::Edit e, Gesture key) override
        {
            if (e && (key == 0 || key != lastKey))
                past.push_back (content);
            return FakeModel::edit (std::move (e), key);
        }
        void undo() override
        {
            content = past.back();
            past.pop_back();
            lastKey = 0;
            ++revisionCount;
        }
    };
    const juce::ScopedJuceInitialiser_GUI up;
    std::filesystem::path folder;
    Song model;
    WindowContent window { model };

    SceneDesk()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "lacquer-scenes-XXXXXX").string();
        folder = ::mkdtemp (pattern.data());
        model.place = folder.string();
        window.setSize (1366, 768);
        window.frame (0);
    }
    ~SceneDesk()
    {
        std::error_code error;
        std::filesystem::remove_all (folder, error);
    }
    template <typename T = juce::Component>
    T& titled (const juce::String& title)
    {
        auto* found = search<T> (title, window);
        INFO (title.toStdString());
        REQUIRE (found != nullptr);
        return *found;
    }
    void press (const juce::String& title)
    {
        juce::Component& b = titled<Button> (title);
        const auto at = b.getLocalBounds().getCentre().toFloat();
        REQUIRE (b.isEnabled());
        b.mouseDown (pointer (b, at, at));
        b.mouseUp (pointer (b, at, at));
        settle();
    }
    void type (const juce::String& title, const juce::String& text)
    {
        titled<juce::TextEditor> (title).setText (text, false);
        titled<juce::TextEditor> (title).onReturnKey();
        settle();
    }
    /// Versions are read and written beside the window.
    void settle()
    {
        model.jobs().settle();
        window.frame (0);
    }
    ScenePanel& panel()
    {
        auto* shown = dynamic_cast<ScenePanel*> (window.overlay());
        REQUIRE (shown != nullptr);
        return *shown;
    }
    void setFader (std::size_t track, double db)
    {
        REQUIRE (model.edit (session::withValue (model.content, model.all[track].id, "fader.level", db),
                             newGesture()));
    }
    double fader (std::size_t track) const
    {
        const auto& values = session::stripOf (model.content, model.all[track].id)->values;
        const auto at = values.find ("fader.level");
        return at == values.end() ? 0 : std::get<double> (at->second);
    }

private:
    template <typename T>
    static T* search (const juce::String& title, juce::Component& in)
    {
        for (auto* c : in.getChildren())
        {
            if (c->getTitle() == title && c->isVisible() && dynamic_cast<T*> (c) != nullptr)
                return dynamic_cast<T*> (c);
            if (c->isVisible())
                if (auto* found = search<T> (title, *c))
                    return found;
        }
        return nullptr;
    }
};

/// Everything that can be pressed or read in a panel lies inside of it and of its neighbours' gaps.
void checkNothingCut (juce::Component& part)
{
    for (auto* c : part.getChildren())
    {
        if (! c->isVisible())
            continue;
        INFO (c->getTitle().toStdString());
        CHECK (part.getLocalBounds().contains (c->getBounds()));
        CHECK (c->getHeight() >= 24);
        for (auto* other : part.getChildren())
            if (other != c && other->isVisible())
                CHECK_FALSE (other->getBounds().intersects (c->getBounds()));
        if (auto* b = dynamic_cast<Button*> (c))
            CHECK (font (b->textSize, Weight::semibold).getStringWidth (b->getButtonText()) <=
                   b->getWidth() - 8);
    }
}

} // namespace

TEST_CASE (
    "Scenes are stored, recalled for all or the selected strips, renamed, updated and deleted, each one "
    "step")
{
    SceneDesk d;
    d.setFader (0, -3);
    d.setFader (1, -5);
    d.press ("Scenes");
    d.type ("Name of the scene", "Soft");
    REQUIRE (d.model.song().scenes.size() == 1);
    CHECK (d.model.undoText == "Store scene \"Soft\"");
    d.setFader (0, 2);
    d.setFader (1, 4);
    d.press ("Store scene"); // under the name that stands ready
    REQUIRE (d.model.song().scenes.size() == 2);
    CHECK (d.model.song().scenes[1]->name == "Scene 2");
    CHECK (d.panel().scenes().chosen() == 1);
    checkNothingCut (d.panel().scenes());
    picture (d.window, "scenes-1366");

    d.panel().scenes().choose (0);
    auto steps = d.model.past.size();
    d.press ("Recall scene");
    CHECK (d.fader (0) == -3.0);
    CHECK (d.fader (1) == -5.0);
    CHECK (d.model.past.size() == steps + 1);
    CHECK (d.model.undoText == "Recall scene \"Soft\"");
    d.panel().keyPressed (juce::KeyPress ('z', juce::ModifierKeys::ctrlModifier, 0));
    CHECK (d.fader (0) == 2.0);

    // The first strip is the selected one.
    d.press ("Selected strips");
    d.press ("Recall scene");
    CHECK (d.fader (0) == -3.0);
    CHECK (d.fader (1) == 4.0);

    d.press ("Rename scene");
    CHECK (d.titled<juce::TextEditor> ("Name of the scene").getText() == "Soft");
    d.type ("Name of the scene", "Softer");
    CHECK (d.model.song().scenes[0]->name == "Softer");
    d.press ("Update scene");
    CHECK (std::get<double> (
               session::stateOf (*d.model.song().scenes[0], d.model.all[1].id)->values.at ("fader.level")) ==
           4.0);
    CHECK (d.panel().scenes().chosen() == 0);
    steps = d.model.past.size();
    d.press ("Delete scene");
    CHECK (d.model.song().scenes.size() == 1);
    CHECK (d.model.past.size() == steps + 1);
    d.panel().keyPressed (juce::KeyPress (juce::KeyPress::escapeKey));
    CHECK (d.window.overlay() == nullptr);
}

TEST_CASE (
    "A drag of the blend slider moves the mixer between two scenes in one step and leaves no trace of its "
    "way")
{
    SceneDesk d;
    d.press ("Scenes");
    d.setFader (0, -12);
    d.type ("Name of the scene", "A");
    d.setFader (0, 0);
    // An insert that only the second scene has: it belongs to the nearer one.
    auto added = session::addedEffect (d.model.content, d.model.all[0].id, "compressor");
    REQUIRE (d.model.edit (std::move (added), newGesture()));
    d.type ("Name of the scene", "B");
    const auto& scenes = d.model.song().scenes;
    REQUIRE (scenes.size() == 2);
    d.panel().scenes().blendBetween (scenes[0]->id, scenes[1]->id);
    auto& slider = d.titled<LevelSlider> ("Blend");
    const auto steps = d.model.past.size();
    const auto grip = slider.getLocalBounds().getCentre().toFloat();
    drag (slider, grip, grip.translated (40, 0)); // four moves
    CHECK (slider.value() > 0);
    CHECK (slider.value() < 100);
    CHECK (d.model.past.size() == steps + 1);
    drag (slider, grip, grip.translated (2000, 0));
    CHECK (slider.value() == 100.0);
    CHECK (d.model.past.size() == steps + 2);
    CHECK_THAT (d.fader (0), WithinAbs (0, 1e-9));
    drag (slider, grip, grip.translated (-2000, 0));
    CHECK (slider.value() == 0.0);
    CHECK (d.model.past.size() == steps + 3);
    CHECK_THAT (d.fader (0), WithinAbs (-12, 1e-9));
    // Half way by the fader's own travel.
    slider.onChange (50, newGesture());
    const auto table = studio::stripTable();
    const auto& law = table[static_cast<std::size_t> (studio::indexOf (table, "fader.level"))];
    CHECK_THAT (travelOf (law, d.fader (0)), WithinAbs ((travelOf (law, -12) + travelOf (law, 0)) / 2, 1e-6));
    // The same place reached by two ways of one gesture; on the longer one the second scene brings its
    // insert.
    const Id insert = session::stripOf (d.model.content, d.model.all[0].id)->inserts.front()->id;
    REQUIRE (d.model.edit (session::removedEffect (d.model.content, insert), newGesture()));
    slider.onChange (10, newGesture());
    const auto once = d.model.content;
    d.model.undo();
    const auto key = newGesture();
    slider.onChange (90, key);
    slider.onChange (10, key);
    CHECK (d.model.content == once);
}

TEST_CASE ("Versions are stored with a note, compared in sentences, recalled in one step, and deleted at the "
           "second press")
{
    SceneDesk d;
    d.setFader (0, -3);
    d.press ("Scenes");
    d.press ("Show versions");
    d.titled<juce::TextEditor> ("Note of the version").setText ("Before the vocals", false);
    d.type ("Name of the version", "Rough mix");
    const auto on = studio::versionsIn (d.folder, d.model.song().id).versions;
    REQUIRE (on.size() == 1);
    CHECK (on[0].name == "Rough mix");
    CHECK (on[0].note == "Before the vocals");
    auto& part = d.panel().versions();
    part.compare();
    CHECK (part.told() == "\"Rough mix\" and the song as it is sound alike.");
    d.setFader (0, 2);
    d.press ("Compare version");
    CHECK (part.told().contains ("From \"Rough mix\" to the song as it is:"));
    CHECK (part.told().contains ("Kick In"));
    CHECK (part.told().contains ("2.0 dB"));
    checkNothingCut (part);
    picture (d.window, "versions-1366");

    const auto page = d.folder / "sheet.html", plain = d.folder / "sheet.txt";
    part.writeSheet (juce::File (page.string()), false);
    part.writeSheet (juce::File (plain.string()), true);
    d.settle();
    CHECK (part.told() == "Wrote \"sheet.txt\".");
    const auto read = [] (const std::filesystem::path& p)
    {
        std::ostringstream all;
        all << std::ifstream (p).rdbuf();
        return all.str();
    };
    CHECK (read (page).find ("<html") != std::string::npos);
    CHECK (read (page).find ("Rough mix") != std::string::npos);
    CHECK (read (page).find ("-3.0 dB") != std::string::npos); // as it was stored
    CHECK (read (plain).find ("Kick In") != std::string::npos);
    CHECK (read (plain).find ("<html") == std::string::npos);
    part.writeSheet (juce::File ((d.folder / "none" / "sheet.txt").string()), true);
    d.settle();
    CHECK_FALSE (part.told().contains ("Wrote"));

    const auto steps = d.model.past.size();
    d.press ("Recall version");
    CHECK (d.fader (0) == -3.0);
    CHECK (d.model.past.size() == steps + 1);
    d.press ("Rename version");
    d.type ("Name of the version", "First");
    CHECK (studio::versionsIn (d.folder, d.model.song().id).versions.at (0).name == "First");
    d.type ("Name of the version", "First"); // there is one of this name
    CHECK (studio::versionsIn (d.folder, d.model.song().id).versions.size() == 1);
    CHECK (part.told().isNotEmpty());
    d.press ("Delete version");
    CHECK (studio::versionsIn (d.folder, d.model.song().id).versions.size() == 1);
    d.press ("Delete version");
    CHECK (studio::versionsIn (d.folder, d.model.song().id).versions.empty());
}
