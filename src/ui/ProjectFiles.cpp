// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ProjectFiles.h"

#include "session/Find.h"
#include "studio/Templates.h"
#include "ui/StemDialogs.h"

#include <memory>

namespace lacquer::ui
{

namespace
{

using Browser = juce::FileBrowserComponent;

constexpr auto* sounds =
    "*.wav;*.wave;*.bwf;*.rf64;*.w64;*.aif;*.aiff;*.aifc;*.flac;*.ogg;*.opus;*.oga;*.mp3";

std::string pathOf (const juce::File& f)
{
    return f.getFullPathName().toStdString();
}

} // namespace

ProjectFiles::ProjectFiles (Model& m, OverlayHost& h, juce::Component& beside)
    : model (m), host (h), anchor (beside)
{
    choose = [this] (const juce::String& title, const juce::File& first, const juce::String& kinds, int flags,
                     Chosen chosen)
    {
        chooser = std::make_unique<juce::FileChooser> (title, first, kinds);
        chooser->launchAsync (flags,
                              [chosen] (const juce::FileChooser& c)
                              {
                                  if (! c.getResults().isEmpty())
                                      chosen (c.getResults());
                              });
    };
}

void ProjectFiles::ask (std::unique_ptr<Dialog> dialog)
{
    dialog->onDone = [this] { host.dismissOverlay(); };
    host.showOverlay (std::move (dialog));
}

juce::File ProjectFiles::beside (const juce::String& name) const
{
    return juce::File (utf8 (model.folder())).getSiblingFile (name).getNonexistentSibling();
}

void ProjectFiles::newMix()
{
    ask (std::make_unique<Dialog> (
        "New mix",
        "Each stem becomes a track: named, coloured, grouped and set to a first balance, all of it undoable. "
        "The files are copied.",
        std::vector<Dialog::Choice> {
            { "Stems...", Face::primary,
              [this] { chooseStems (Browser::canSelectFiles | Browser::canSelectMultipleItems); } },
            { "A folder of stems...", Face::plain, [this] { chooseStems (Browser::canSelectDirectories); } },
            { "No stems", Face::plain, [this] { askForFolder ({}, "New mix"); } },
            { "Cancel", Face::plain, {} } }));
}

void ProjectFiles::chooseStems (int flags)
{
    choose ("Stems of the new mix: one file becomes one track", juce::File(), sounds,
            Browser::openMode | flags,
            [this] (const juce::Array<juce::File>& files)
            {
                studio::Beginning from;
                for (const auto& f : files)
                    from.stems.emplace_back (pathOf (f));
                const auto& first = files.getReference (0);
                askForFolder (from, (first.isDirectory() ? first : first.getParentDirectory()).getFileName());
            });
}

void ProjectFiles::askForFolder (const studio::Beginning& from, const juce::String& name)
{
    choose ("Name the folder of the new mix", beside (name.isEmpty() ? "New mix" : name), {},
            Browser::saveMode | Browser::canSelectFiles,
            [this, from] (const juce::Array<juce::File>& folder)
            { model.newMix (pathOf (folder.getReference (0)), from); });
}

void ProjectFiles::saveAs()
{
    choose ("Save as: name the folder of the copy", beside (utf8 (model.projectName())), {},
            Browser::saveMode | Browser::canSelectFiles,
            [this] (const juce::Array<juce::File>& folder)
            { model.saveAs (pathOf (folder.getReference (0))); });
}

void ProjectFiles::chooseArchive (bool into)
{
    const auto folder = juce::File (utf8 (model.folder()));
    choose (into ? "Archive the project to one file" : "Unpack an archive",
            folder.getSiblingFile (into ? folder.getFileName() + ".zip" : juce::String()), "*.zip",
            (into ? Browser::saveMode | Browser::warnAboutOverwriting : Browser::openMode) |
                Browser::canSelectFiles,
            [this, into] (const juce::Array<juce::File>& files)
            {
                const auto& file = files.getReference (0);
                if (into)
                    model.archive (pathOf (file));
                else
                    model.restore (pathOf (file),
                                   pathOf (file.getSiblingFile (file.getFileNameWithoutExtension())
                                               .getNonexistentSibling()));
            });
}

void ProjectFiles::readTemplates (std::function<void (const std::vector<std::string>&)> then)
{
    model.jobs().start (
        { "Reading templates", {}, studio::Jobs::Shown::no },
        [] (const studio::Work&) -> Result<std::vector<std::string>>
        {
            std::vector<std::string> names;
            for (const auto& one : studio::templates (false).templates)
                names.push_back (one.name);
            return names;
        },
        [then] (const Result<std::vector<std::string>>& names, bool)
        { then (names ? *names : std::vector<std::string> {}); });
}

void ProjectFiles::addTemplates (juce::PopupMenu& menu, const std::vector<std::string>& templates)
{
    if (templates.empty())
        return;
    juce::PopupMenu list;
    for (const auto& name : templates)
        list.addItem (utf8 (session::nameToShow (name)),
                      [this, name] { askForFolder ({ .songTemplate = name }, "New mix"); });
    menu.addSubMenu ("New mix from template", list);
}

void ProjectFiles::askForTemplate()
{
    TextPrompt::ask (
        anchor, "Template: the song without its audio", utf8 (model.song().name),
        [this, replaced = std::make_shared<juce::String>()] (const juce::String& name) -> juce::String
        {
            const auto made = studio::templateOf (model.project(), model.song().id, name.toStdString());
            if (! made)
                return utf8 (made.problem().what);
            const auto kept = studio::saveTemplate (*made, *replaced == name);
            if (kept || ! studio::templateCalled (false, made->name))
                return kept ? juce::String() : utf8 (kept.problem().what);
            *replaced = name;
            return "You have one of this name. Enter again replaces it.";
        });
}

void ProjectFiles::addTo (juce::PopupMenu& menu)
{
    if (const auto offers = model.newerStems(); ! offers.empty())
        menu.addItem (offers.size() == 1 ? juce::String ("Update a stem...")
                                         : "Update " + juce::String (offers.size()) + " stems...",
                      [this, offers] { ask (updateDialog (model, offers)); });
    menu.addItem ("Save as template...", [this] { askForTemplate(); });
    menu.addItem ("Collect all files", [this] { model.collectFiles(); });
    menu.addItem ("Clean unused files...", [this] { model.lookForUnused(); });
    menu.addItem ("Archive to one file...", [this] { chooseArchive (true); });
    menu.addItem ("Unpack an archive...", [this] { chooseArchive (false); });
}

} // namespace lacquer::ui
