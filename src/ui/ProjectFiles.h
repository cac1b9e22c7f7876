// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Overlays.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lacquer::ui
{

/// What is done with whole projects and their files: the entries of the project menu, and what they ask.
/// [message thread]
class ProjectFiles
{
public:
    /// What is asked without a dialog is asked beside a component.
    ProjectFiles (Model&, OverlayHost&, juce::Component& beside);

    void newMix();
    void saveAs();
    /// Reads the names of the user's templates of songs beside everything else and calls `then` with them.
    void readTemplates (std::function<void (const std::vector<std::string>&)> then);
    /// The entries for new mixes, and those below Open and Save.
    void addTemplates (juce::PopupMenu&, const std::vector<std::string>& templates);
    void addTo (juce::PopupMenu&);

    /// Asks for files or a folder and calls `chosen` with what was; not at all when nothing was. What the
    /// system has; tests put answers of their own in its place.
    using Chosen = std::function<void (const juce::Array<juce::File>&)>;
    std::function<void (const juce::String& title, const juce::File& first, const juce::String& kinds,
                        int flags, Chosen)>
        choose;

private:
    void ask (std::unique_ptr<Dialog>);
    /// Where a new mix of this is kept.
    void askForFolder (const studio::Beginning&, const juce::String& name);
    void chooseStems (int flags);
    void chooseArchive (bool into);
    void askForTemplate();
    juce::File beside (const juce::String& name) const;

    Model& model;
    OverlayHost& host;
    juce::Component& anchor;
    std::unique_ptr<juce::FileChooser> chooser;
};

} // namespace lacquer::ui
