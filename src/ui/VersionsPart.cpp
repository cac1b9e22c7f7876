// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/VersionsPart.h"

#include "studio/Compare.h"
#include "studio/RecallSheet.h"

namespace lacquer::ui
{

namespace
{

/// "2026-03-01T12:00:00Z" as the clock on the wall says it.
juce::String dayAndTime (const std::string& stored)
{
    const auto time = juce::Time::fromISO8601 (utf8 (stored));
    return time.toMilliseconds() > 0 ? time.toString (true, true, false, true) : utf8 (stored);
}

} // namespace

VersionsPart::VersionsPart (Model& m)
    : NamedList ("Versions", "version", 40, true), model (m), shelf (m.jobs(), m.folder(), m.song().id)
{
    write.setHelpText ("Keeps the whole song as it is now: mixer, mastering, automation, clips.");
    removeButton.setHelpText ("Deletes the chosen version for good. Delete");
    recallButton.setHelpText (
        "Puts the chosen version in the place of the song; one step of undo. Enter or a double click");
    compareButton.setTitle ("Compare version");
    compareButton.setHelpText (
        "What differs between it and the song; between two that are chosen with Ctrl.");
    compareButton.textSize = 12;
    compareButton.onPress = [this] (auto) { compare(); };
    sheet.setTitle ("Recall sheet of the version");
    songSheet.setTitle ("Recall sheet of the song");
    for (auto* b : { &sheet, &songSheet })
    {
        b->setHelpText ("Writes every setting to a file, text or HTML, to set the mix up again by hand.");
        b->textSize = 11;
        b->onPress = [this, ofSong = b == &songSheet] (auto) { askForFile (ofSong); };
        addAndMakeVisible (b);
    }
    note.setFont (font (tokens::bodySize));
    note.setTextToShowWhenEmpty ("Note", colour (tokens::text3));
    note.setTitle ("Note of the version");
    note.onReturnKey = [this] { write.onPress ({}); };
    note.onEscapeKey = [this] { onEscape(); };
    text.setMultiLine (true);
    text.setReadOnly (true);
    text.setCaretVisible (false);
    text.setFont (font (12));
    text.setTitle ("What differs");
    text.setTextToShowWhenEmpty ("Compare tells here what differs.", colour (tokens::text3));
    text.onEscapeKey = [this] { onEscape(); };
    addAndMakeVisible (compareButton);
    addAndMakeVisible (note);
    addAndMakeVisible (text);
    shelf.onDone = [this] (const Outcome& outcome, const std::string& said) { done (outcome, said); };
    refresh();
}

void VersionsPart::done (const Outcome& outcome, const std::string& said)
{
    removing = -1;
    if (! outcome)
        text.setText (utf8 (outcome.problem().sentence()), false);
    else if (! said.empty())
        text.setText (utf8 (said), false);
    const auto called = said.empty() ? std::string() : std::exchange (keeping, {});
    if (! outcome && ! said.empty())
    {
        list.updateContent(); // the name that was typed stays to be mended
        list.repaint();
        return;
    }
    if (called.empty())
        return listed();
    if (std::exchange (storing, false))
        note.clear();
    kept (called);
}

bool VersionsPart::store (const std::string& called)
{
    keeping = called;
    storing = true;
    shelf.store (model.project(), called, note.getText().trim().toStdString(), "Stored \"" + called + "\".");
    return false;
}

bool VersionsPart::rename (int row, const std::string& called)
{
    keeping = called;
    storing = false;
    shelf.rename (nameOf (row), called, "Renamed to \"" + called + "\".");
    return false;
}

bool VersionsPart::recall (int row)
{
    const bool done = model.edit (studio::recalled (model.project(), version (row)), newGesture());
    if (done)
        text.setText ("The song is \"" + utf8 (nameOf (row)) + "\" again. Undo brings back what was before.",
                      false);
    return done;
}

bool VersionsPart::remove (int row)
{
    if (removing != row)
    {
        removing = row;
        removeButton.setButtonText ("For good?");
        text.setText ("Deleting \"" + utf8 (nameOf (row)) +
                          "\" cannot be undone. Press once more if you mean it.",
                      false);
        followed();
        return false;
    }
    shelf.remove (nameOf (row), "Deleted \"" + nameOf (row) + "\".");
    return false;
}

void VersionsPart::compare()
{
    const auto rows = list.getSelectedRows();
    if (rows.isEmpty() || rows[rows.size() - 1] >= count())
        return;
    const auto& first = version (rows[0]);
    const bool two = rows.size() > 1;
    const auto& second = version (rows[rows.size() - 1]);
    const auto found = studio::differences (first.project, *first.project.songs.front(),
                                            two ? second.project : model.project(),
                                            two ? *second.project.songs.front() : model.song());
    const auto quoted = [] (const std::string& words) { return "\"" + utf8 (words) + "\""; };
    const auto from = quoted (first.name),
               to = two ? quoted (second.name) : juce::String ("the song as it is");
    juce::StringArray lines { found.empty() ? from + " and " + to + " sound alike."
                                            : "From " + from + " to " + to + ":" };
    for (const auto& sentence : found)
        lines.add (utf8 (sentence));
    text.setText (lines.joinIntoString ("\n"), false);
    text.setCaretPosition (0);
}

void VersionsPart::askForFile (bool ofSong)
{
    const auto called = ofSong ? utf8 (model.song().name) : utf8 (nameOf (chosen()));
    chooser = std::make_unique<juce::FileChooser> (
        "Write the recall sheet",
        juce::File (utf8 (model.folder()))
            .getChildFile (juce::File::createLegalFileName (called + " recall sheet.html")),
        "*.html;*.txt");
    chooser->launchAsync (juce::FileBrowserComponent::saveMode | juce::FileBrowserComponent::canSelectFiles |
                              juce::FileBrowserComponent::warnAboutOverwriting,
                          [this, ofSong] (const juce::FileChooser& c)
                          {
                              if (const auto file = c.getResult(); file != juce::File())
                                  writeSheet (file, ofSong);
                          });
}

void VersionsPart::writeSheet (const juce::File& file, bool ofSong)
{
    if (! ofSong && chosen() < 0)
        return;
    const auto called = ofSong ? std::string() : nameOf (chosen());
    const auto words = ofSong ? std::string() : version (chosen()).note;
    shelf.write (
        file.getFullPathName().toStdString(),
        [project = ofSong ? model.project() : version (chosen()).project, ofSong, called, words,
         page = file.hasFileExtension ("html;htm")]
        {
            const auto& song = *project.songs.front();
            const auto made = ofSong ? studio::recallSheet (project, song)
                                     : studio::recallSheet (project, song, called, words);
            return page ? studio::htmlOf (made) : studio::textOf (made);
        },
        "Wrote \"" + file.getFileName().toStdString() + "\".");
}

void VersionsPart::followed()
{
    if (removing >= 0 && removing != chosen())
        removing = -1;
    removeButton.setButtonText (removing >= 0 ? "For good?" : "Delete");
    for (auto* b : { &compareButton, &sheet })
        b->setEnabled (chosen() >= 0);
    repaint();
}

void VersionsPart::resized()
{
    auto r = getLocalBounds();
    auto row = r.removeFromTop (26);
    write.setBounds (row.removeFromRight (78));
    row.removeFromRight (6);
    name.setBounds (row.removeFromLeft (row.getWidth() * 2 / 5).withTrimmedRight (6));
    note.setBounds (row);
    r.removeFromTop (8);
    sheetRow = r.removeFromBottom (26);
    auto halves = sheetRow.withTrimmedLeft (84);
    sheet.setBounds (halves.removeFromLeft (halves.getWidth() / 2).withTrimmedRight (3));
    songSheet.setBounds (halves.withTrimmedLeft (3));
    r.removeFromBottom (8);
    text.setBounds (r.removeFromBottom (r.getHeight() * 9 / 20));
    r.removeFromBottom (8);
    auto verbs = r.removeFromBottom (26);
    const int width = verbs.getWidth() / 4;
    for (auto* b : { &recallButton, &compareButton, &renameButton, &removeButton })
        b->setBounds (verbs.removeFromLeft (width).reduced (2, 0));
    r.removeFromBottom (8);
    list.setBounds (r);
}

void VersionsPart::paint (juce::Graphics& g)
{
    g.setColour (colour (tokens::text3));
    g.setFont (font (11, Weight::medium));
    g.drawText ("Recall sheet", sheetRow, juce::Justification::centredLeft, false);
}

void VersionsPart::paintRow (juce::Graphics& g, juce::Rectangle<float> r, int row)
{
    const auto& v = version (row);
    auto top = r.removeFromTop (17);
    drawFading (g, dayAndTime (v.stored), font (11), colour (tokens::text3), top.removeFromRight (130),
                juce::Justification::centredRight);
    drawFading (g, utf8 (v.name), font (tokens::bodySize, Weight::semibold), colour (tokens::text), top);
    drawFading (g, utf8 (v.note), font (11), colour (tokens::text2), r);
}

} // namespace lacquer::ui
