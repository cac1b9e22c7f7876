// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/DeliverPages.h"

namespace lacquer::ui
{

TextField::TextField (const juce::String& n, const juce::String& where) : name (n)
{
    setTitle (where.isEmpty() ? n : n + ", " + where);
    setHelpText ("Enter sets it, Esc keeps the old text.");
    setFont (font (tokens::bodySize));
    setIndents (8, 0);
    setJustification (juce::Justification::centredLeft);
    onReturnKey = [this] { commit(); };
    onFocusLost = [this] { commit(); };
    onEscapeKey = [this]
    {
        getProperties().remove ("wrong");
        setText (given, false);
        giveAwayKeyboardFocus();
    };
}

void TextField::show (const juce::String& text)
{
    given = text;
    if (! hasKeyboardFocus (true))
        setText (text, false);
}

void TextField::commit()
{
    if (getText() == given || ! onSet)
        return;
    const auto outcome = onSet (getText().trim().toStdString());
    if (outcome)
    {
        given = getText();
        getProperties().remove ("wrong");
        setHelpText ("Enter sets it, Esc keeps the old text.");
    }
    else
    {
        getProperties().set ("wrong", true);
        setHelpText (utf8 (outcome.problem().sentence()));
    }
    repaint();
}

AlbumPage::AlbumPage (Model& m) : model (m)
{
    const std::pair<TextField*, const char*> fields[] = { { &title, "title" },
                                                          { &artist, "artist" },
                                                          { &ean, "ean" } };
    for (const auto& [field, id] : fields)
    {
        addAndMakeVisible (*field);
        field->onSet = [this, key = std::string (id)] (const std::string& text)
        { return model.setAlbumField (key, text); };
    }
    scroll.setViewedComponent (&list, false);
    scroll.setScrollBarsShown (true, false);
    addAndMakeVisible (scroll);
    rebuild();
}

void AlbumPage::rebuild()
{
    const auto album = model.album();
    title.show (utf8 (album.title));
    artist.show (utf8 (album.artist));
    ean.show (utf8 (album.ean));
    const auto songs = model.songs();
    if (rows.size() != songs.size())
    {
        rows.clear();
        rows.resize (songs.size());
    }
    for (std::size_t n = 0; n < songs.size(); ++n)
    {
        auto& row = rows[n];
        if (row.title == nullptr || row.song.id != songs[n].id)
        {
            const auto where = "song " + juce::String (static_cast<int> (n) + 1);
            const auto make = [&] (std::unique_ptr<TextField>& field, const char* what, const char* key)
            {
                field = std::make_unique<TextField> (what, where);
                field->onSet = [this, id = songs[n].id, k = std::string (key)] (const std::string& text)
                { return model.setSongField (id, k, text); };
                list.addAndMakeVisible (*field);
            };
            make (row.title, "Title", "title");
            make (row.artist, "Artist", "artist");
            make (row.isrc, "ISRC", "isrc");
        }
        row.song = songs[n];
        row.title->show (utf8 (songs[n].title));
        row.artist->show (utf8 (songs[n].artist));
        row.isrc->show (utf8 (songs[n].isrc));
    }
    resized();
    repaint();
}

void AlbumPage::resized()
{
    auto head = getLocalBounds().removeFromTop (118).reduced (24, 0).withTrimmedTop (58).withHeight (28);
    title.setBounds (head.removeFromLeft (std::min (360, getWidth() / 3)));
    head.removeFromLeft (16);
    artist.setBounds (head.removeFromLeft (std::min (300, getWidth() / 4)));
    head.removeFromLeft (16);
    ean.setBounds (head.removeFromLeft (160));
    auto area = getLocalBounds().withTrimmedTop (118 + 30).reduced (12, 0);
    scroll.setBounds (area);
    const int width = area.getWidth() - 10;
    list.setSize (width, std::max (1, static_cast<int> (rows.size()) * 40));
    int y = 6;
    for (auto& row : rows)
    {
        row.title->setBounds (60, y, width * 34 / 100, 26);
        row.artist->setBounds (60 + width * 36 / 100, y, width * 26 / 100, 26);
        row.isrc->setBounds (60 + width * 64 / 100, y, 150, 26);
        y += 40;
    }
}

void AlbumPage::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::ground));
    auto r = getLocalBounds();
    paintPanel (g, r.removeFromTop (118));
    g.setColour (colour (tokens::text));
    g.setFont (font (18, Weight::semibold));
    g.drawText ("Album", 24, 10, 300, 26, juce::Justification::centredLeft, false);
    g.setColour (colour (tokens::text3));
    g.setFont (font (11, Weight::medium));
    const auto above = [&] (const juce::Component& c, const char* words)
    { g.drawText (words, c.getX(), c.getY() - 18, 200, 14, juce::Justification::centredLeft, false); };
    above (title, "Album title");
    above (artist, "Artist");
    above (ean, "EAN (13 digits)");

    auto header = r.removeFromTop (30).reduced (12, 0);
    const int width = header.getWidth() - 10;
    const auto column = [&] (int x, const char* words) {
        g.drawText (words, header.getX() + x, header.getY(), 160, 30, juce::Justification::centredLeft,
                    false);
    };
    column (16, "#");
    column (60, "Title");
    column (60 + width * 36 / 100, "Artist");
    column (60 + width * 64 / 100, "ISRC");
    column (60 + width * 64 / 100 + 174, "Length");
    column (60 + width * 64 / 100 + 254, "Gap");
    for (std::size_t n = 0; n < rows.size(); ++n)
    {
        const float y =
            static_cast<float> (scroll.getY() + static_cast<int> (n) * 40 - scroll.getViewPositionY());
        if (y < static_cast<float> (scroll.getY()))
            continue;
        const float x = static_cast<float> (header.getX());
        g.setColour (colour (tokens::line));
        g.fillRect (x, y + 39, static_cast<float> (width), 1.0f);
        g.setColour (colour (tokens::text3));
        drawTabular (g, juce::String (static_cast<int> (n) + 1).paddedLeft ('0', 2), font (12),
                     { x + 14, y, 40, 38 }, juce::Justification::centredLeft);
        // CD time: minutes, seconds and frames of 1/75 s.
        const auto cd =
            static_cast<std::int64_t> (static_cast<double> (rows[n].song.length) / model.sampleRate() * 75);
        const auto two = [] (std::int64_t v) { return juce::String (v).paddedLeft ('0', 2); };
        g.setColour (colour (tokens::text));
        const float at = x + 60 + static_cast<float> (width * 64 / 100);
        drawTabular (g, two (cd / 4500) + ":" + two (cd / 75 % 60) + ":" + two (cd % 75), font (12),
                     { at + 174, y, 80, 38 }, juce::Justification::centredLeft);
        drawTabular (g,
                     n == 0 ? juce::String::charToString (0x2013) : juce::String (rows[n].song.gap, 1) + " s",
                     font (12), { at + 254, y, 60, 38 }, juce::Justification::centredLeft);
    }
}

ExportPage::ExportPage (Model& m) : model (m)
{
    addAndMakeVisible (folder);
    folder.onSet = [] (const std::string& text) -> Outcome
    {
        if (text.empty())
            return Problem { "A folder is needed for the files.", {}, "Choose one." };
        return {};
    };
    browse.onPress = [this] (auto)
    {
        chooser = std::make_unique<juce::FileChooser> ("Export to", juce::File (folder.getText()));
        chooser->launchAsync (juce::FileBrowserComponent::openMode |
                                  juce::FileBrowserComponent::canSelectDirectories,
                              [this] (const juce::FileChooser& c)
                              {
                                  if (c.getResult() != juce::File())
                                      folder.show (c.getResult().getFullPathName());
                              });
    };
    start.setHelpText ("Writes every ticked format, reads it back and measures it.");
    start.onPress = [this] (auto)
    {
        std::vector<std::string> chosen;
        for (std::size_t n = 0; n < formats.size(); ++n)
            if (ticks[n]->getToggleState())
                chosen.push_back (formats[n].id);
        trouble = {};
        if (chosen.empty())
            trouble = "Tick at least one format.";
        else if (const auto o = model.startExport (chosen, folder.getText().toStdString()); ! o)
            trouble = utf8 (o.problem().sentence());
        refresh();
        repaint();
    };
    halt.setHelpText ("Stops and leaves no half-written file.");
    halt.onPress = [this] (auto) { model.stopExport(); };
    addAndMakeVisible (browse);
    addAndMakeVisible (start);
    addChildComponent (halt);
    rebuild();
}

void ExportPage::rebuild()
{
    formats = model.exportFormats();
    ticks.clear();
    for (const auto& f : formats)
    {
        auto t = std::make_unique<Button> (Icon::check, utf8 (f.name));
        t->setTitle (utf8 (f.name));
        t->setHelpText (utf8 (f.detail));
        t->setToggleState (true, juce::dontSendNotification);
        t->onPress = [b = t.get()] (auto)
        { b->setToggleState (! b->getToggleState(), juce::dontSendNotification); };
        addAndMakeVisible (*t);
        ticks.push_back (std::move (t));
    }
    if (folder.getText().isEmpty())
        folder.show (utf8 (model.exportFolder()));
    resized();
}

void ExportPage::refresh()
{
    status = model.exportStatus();
    start.setEnabled (! status.running && ! formats.empty());
    halt.setVisible (status.running);
    if (status.running || ! status.items.empty())
        repaint (right);
}

void ExportPage::resized()
{
    auto r = getLocalBounds();
    footer = r.removeFromBottom (72);
    left = r.removeFromLeft (std::min (668, r.getWidth() * 45 / 100));
    right = r;
    int y = left.getY() + 56;
    for (auto& t : ticks)
    {
        t->setBounds (left.getX() + 24, y + 11, 22, 22);
        y += 48;
    }
    auto f = footer.reduced (24, 20);
    start.setBounds (f.removeFromRight (120));
    f.removeFromRight (12);
    halt.setBounds (f.removeFromRight (80));
    f.removeFromRight (12);
    f.removeFromLeft (60);
    folder.setBounds (f.removeFromLeft (std::min (480, f.getWidth() - 40)));
    f.removeFromLeft (6);
    browse.setBounds (f.removeFromLeft (34));
}

void ExportPage::mouseDown (const juce::MouseEvent& e)
{
    for (auto& t : ticks)
        if (left.contains (e.getPosition()) && e.y >= t->getY() - 11 && e.y < t->getY() + 37)
            t->onPress ({});
}

void ExportPage::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::ground));
    paintPanel (g, left);
    paintPanel (g, footer);
    g.setColour (juce::Colours::black);
    g.fillRect (left.getRight() - 1, 0, 1, left.getHeight());
    g.fillRect (0, footer.getY(), getWidth(), 1);
    g.setColour (colour (tokens::text));
    g.setFont (font (18, Weight::semibold));
    g.drawText ("Deliverables", left.getX() + 24, 14, 300, 28, juce::Justification::centredLeft, false);
    g.drawText ("Report", right.getX() + 24, 14, 300, 28, juce::Justification::centredLeft, false);
    for (std::size_t n = 0; n < formats.size(); ++n)
    {
        const auto row =
            juce::Rectangle<int> (left.getX() + 60, ticks[n]->getY() - 11, left.getWidth() - 84, 44)
                .toFloat();
        drawFading (g, utf8 (formats[n].name), font (13, Weight::semibold), colour (tokens::text),
                    row.withHeight (24));
        drawFading (g, utf8 (formats[n].detail), font (11), colour (tokens::text3), row.withTrimmedTop (22));
        g.setColour (colour (tokens::line));
        g.fillRect (row.withTop (row.getBottom() + 2).withHeight (1));
    }
    g.setColour (colour (tokens::text3));
    g.setFont (font (11, Weight::medium));
    g.drawText ("Folder", footer.getX() + 24, folder.getY(), 56, folder.getHeight(),
                juce::Justification::centredLeft, false);
    if (trouble.isNotEmpty())
        drawFading (g, trouble, font (12), colour (tokens::amber),
                    footer.reduced (24, 0).removeFromBottom (20).toFloat());

    if (status.items.empty())
    {
        g.setColour (colour (tokens::text2));
        g.setFont (font (12));
        g.drawText ("Nothing exported yet. Every file will be read back from disk and measured.", right,
                    juce::Justification::centred, false);
        return;
    }
    using State = ExportItem::State;
    float y = 56;
    for (const auto& item : status.items)
    {
        auto row = juce::Rectangle<float> (static_cast<float> (right.getX()) + 24, y,
                                           static_cast<float> (right.getWidth()) - 48, 44);
        const auto mood = item.state == State::passed           ? tokens::seiji
                          : item.state == State::passedWithNote ? tokens::amber
                          : item.state == State::failed         ? tokens::shu
                                                                : tokens::text3;
        const auto icon = item.state == State::passed           ? Icon::check
                          : item.state == State::passedWithNote ? Icon::warn
                          : item.state == State::failed         ? Icon::err
                                                                : Icon::clock;
        const char* word = item.state == State::passed           ? "Passed"
                           : item.state == State::passedWithNote ? "Note"
                           : item.state == State::failed         ? "Failed"
                           : item.state == State::running        ? "Running"
                           : item.state == State::stopped        ? "Stopped"
                                                                 : "Waiting";
        drawIcon (g, icon, row.withWidth (16).withSizeKeepingCentre (14, 14), colour (mood));
        g.setColour (colour (mood));
        g.setFont (font (11, Weight::semibold));
        g.drawText (word, row.withTrimmedLeft (24).withWidth (60), juce::Justification::centredLeft, false);
        drawFading (g, utf8 (item.name), font (12, Weight::medium), colour (tokens::text),
                    row.withTrimmedLeft (92).withWidth (row.getWidth() * 0.4f));
        auto end = row.withTrimmedLeft (100 + row.getWidth() * 0.4f);
        if (item.state == State::running)
        {
            auto lane = end.withSizeKeepingCentre (end.getWidth(), 6);
            g.setColour (colour (tokens::well));
            g.fillRoundedRectangle (lane, 3);
            g.setColour (colour (tokens::gold));
            g.fillRoundedRectangle (
                lane.withWidth (std::max (6.0f, lane.getWidth() * static_cast<float> (item.share))), 3);
        }
        else
            drawFading (g, shown (item.result), font (12), colour (tokens::text2), end);
        g.setColour (colour (tokens::line));
        g.fillRect (row.withTop (row.getBottom() - 1));
        y += 44;
    }
}

} // namespace lacquer::ui
