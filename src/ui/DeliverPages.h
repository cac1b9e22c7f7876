// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"
#include "ui/Model.h"

#include <memory>
#include <vector>

namespace lacquer::ui
{

/// A text of the project: Enter or leaving sets it, Esc keeps the old one. A refused text is outlined and
/// the reason stands in the hint line.
class TextField final : public juce::TextEditor
{
public:
    TextField (const juce::String& name, const juce::String& where);
    void show (const juce::String&);
    /// Sets what was typed and is not set yet.
    void commit();
    std::function<Outcome (const std::string&)> onSet;

private:
    juce::String given, name;
};

/// The album: its own fields, and its songs with theirs.
class AlbumPage final : public juce::Component
{
public:
    explicit AlbumPage (Model&);
    void rebuild();
    void paint (juce::Graphics&) override;
    void resized() override;

private:
    struct Row
    {
        SongInfo song;
        std::unique_ptr<TextField> title, artist, isrc;
    };
    Model& model;
    TextField title { "Album title", {} }, artist { "Album artist", {} }, ean { "EAN", {} };
    std::vector<Row> rows;
    juce::Viewport scroll;
    juce::Component list;
};

/// What to cut, where to, and how it went, file by file.
class ExportPage final : public juce::Component
{
public:
    explicit ExportPage (Model&);
    void rebuild();
    void refresh();
    void paint (juce::Graphics&) override;
    void resized() override;
    void mouseDown (const juce::MouseEvent&) override;

private:
    Model& model;
    std::vector<ExportFormat> formats;
    std::vector<std::unique_ptr<Button>> ticks;
    TextField folder { "Folder", "Export" };
    Button browse { Icon::folder, "Choose a folder" }, start { "Export", Face::primary }, halt { "Stop" };
    std::unique_ptr<juce::FileChooser> chooser;
    ExportStatus status;
    juce::String trouble;
    juce::Rectangle<int> left, right, footer;
};

} // namespace lacquer::ui
