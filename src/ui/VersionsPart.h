// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/VersionShelf.h"
#include "ui/NamedList.h"

namespace lacquer::ui
{

/// The versions of the song's mix: stored with a note, compared with the song or with one another, recalled
/// in one step of undo, deleted for good; and the recall sheet of one, or of the song as it is. Files are
/// read and written beside the window.
class VersionsPart final : public NamedList
{
public:
    explicit VersionsPart (Model&);

    /// Of the chosen version and the song as it is, or of two chosen ones, in sentences.
    void compare();
    /// Of the song as it is, or of the chosen version: HTML where the file is called so, else text.
    void writeSheet (const juce::File&, bool ofSong);
    /// What is told below the list.
    juce::String told() const { return text.getText(); }

    void paint (juce::Graphics&) override;
    void resized() override;

private:
    void read() override { shelf.read(); }
    int count() const override { return static_cast<int> (shelf.versions().size()); }
    std::string nameOf (int row) const override { return version (row).name; }
    bool store (const std::string&) override;
    bool rename (int row, const std::string&) override;
    bool recall (int row) override;
    bool remove (int row) override;
    void paintRow (juce::Graphics&, juce::Rectangle<float>, int row) override;
    void followed() override;

    const studio::Version& version (int row) const
    {
        return shelf.versions()[static_cast<std::size_t> (row)];
    }
    void done (const Outcome&, const std::string& said);
    void askForFile (bool ofSong);

    Model& model;
    studio::VersionShelf shelf;
    std::string keeping; ///< the name that is being stored or given
    bool storing = false;
    juce::TextEditor note, text;
    Button compareButton { "Compare" }, sheet { "Of this version" }, songSheet { "Of the song now" };
    std::unique_ptr<juce::FileChooser> chooser;
    int removing = -1; ///< the next press means it
    juce::Rectangle<int> sheetRow;
};

} // namespace lacquer::ui
