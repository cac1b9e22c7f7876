// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/NotesPanel.h"

#include "session/Find.h"
#include "session/MaskingEdits.h"
#include "session/NoteEdits.h"
#include "studio/Masking.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

constexpr auto roleWords = "By name|Lead|Support|Background";

Param roleParam()
{
    return oneOf<Param> (
        "role", "Role", roleWords, 0,
        "What the track is for in the mix: what hides a lead is told, what hides the background "
        "is not.");
}

juce::String joined (const std::vector<std::string>& tags)
{
    juce::StringArray all;
    for (const auto& t : tags)
        all.add (utf8 (t));
    return all.joinIntoString (", ");
}

} // namespace

NotesField::NotesField()
{
    setTitle ("Notes");
    setHelpText ("Ctrl+Enter or leaving it sets it, Esc keeps the old text.");
    setMultiLine (true, true);
    setReturnKeyStartsNewLine (true);
    setFont (font (tokens::bodySize));
    setIndents (8, 6);
    onFocusLost = [this] { commit(); };
    onEscapeKey = [this]
    {
        getProperties().remove ("wrong");
        setText (given, false);
        giveAwayKeyboardFocus();
    };
}

void NotesField::show (const juce::String& text)
{
    given = text;
    if (! hasKeyboardFocus (true) && getText() != text)
        setText (text, false);
}

void NotesField::commit()
{
    if (getText() == given || ! onSet)
        return;
    const auto outcome = onSet (getText().toStdString());
    if (outcome)
    {
        given = getText();
        getProperties().remove ("wrong");
    }
    else
    {
        getProperties().set ("wrong", true);
        setHelpText (utf8 (outcome.problem().sentence()));
    }
    repaint();
}

bool NotesField::keyPressed (const juce::KeyPress& key)
{
    if (! key.isKeyCode (juce::KeyPress::returnKey) || ! key.getModifiers().isCommandDown())
        return TextEditor::keyPressed (key);
    commit();
    return true;
}

NotesPanel::NotesPanel (Model& m) : role (roleParam(), {}), model (m)
{
    setOpaque (true);
    setTitle ("Notes");
    setHelpText ("Click a colour to give it to the track.");
    name.onSet = [this] (const std::string& text)
    { return take (session::renamed (model.project(), shown, text)); };
    label.onSet = [this] (const std::string& text)
    { return take (session::withLabel (model.project(), shown, text)); };
    label.setTextToShowWhenEmpty ("A short name for the mixer", colour (tokens::text3));
    tags.onSet = [this] (const std::string& text)
    {
        std::vector<std::string> all;
        for (const auto& t : juce::StringArray::fromTokens (utf8 (text), ",", {}))
            if (t.trim().isNotEmpty())
                all.push_back (t.trim().toStdString());
        return take (session::withTags (model.project(), shown, all));
    };
    tags.setTextToShowWhenEmpty ("Words with commas between", colour (tokens::text3));
    notes.onSet = [this] (const std::string& text)
    { return take (session::withNotes (model.project(), shown, text)); };
    notes.setTextToShowWhenEmpty ("What is to be remembered of this track", colour (tokens::text3));
    role.onChange = [this] (double n, Gesture)
    {
        (void)take (
            session::withPriority (model.project(), shown, static_cast<session::Priority> (std::lround (n))));
    };
    for (auto* c : std::initializer_list<juce::Component*> { &name, &label, &tags, &notes })
        addAndMakeVisible (c);
    addChildComponent (role);
}

/// A refusal is said at the field.
Outcome NotesPanel::take (session::Edit edit)
{
    if (! edit)
        return edit.problem();
    if (! model.edit (std::move (edit), newGesture()))
        return Problem { "This could not be set." };
    refresh();
    return {};
}

void NotesPanel::show (Id strip)
{
    if (strip == shown)
        return;
    for (auto* field : { &name, &label, &tags })
        field->commit();
    notes.commit();
    for (auto* field : std::initializer_list<juce::TextEditor*> { &name, &label, &tags, &notes })
        if (field->hasKeyboardFocus (true))
            field->giveAwayKeyboardFocus();
    shown = strip;
    refresh();
}

void NotesPanel::refresh()
{
    const auto* s = session::stripOf (model.project(), shown);
    for (auto* c : std::initializer_list<juce::Component*> { &name, &label, &tags, &notes })
        c->setVisible (s != nullptr);
    const auto* track = session::trackOf (model.project(), shown);
    if (role.isVisible() != (track != nullptr))
    {
        role.setVisible (track != nullptr);
        resized();
    }
    if (s != nullptr)
    {
        name.show (utf8 (s->name));
        label.show (utf8 (s->label));
        tags.show (joined (s->tags));
        notes.show (utf8 (s->notes));
    }
    guess = {};
    if (track != nullptr)
    {
        role.show (static_cast<double> (track->priority));
        const auto word =
            choiceText (role.param(), static_cast<int> (studio::guessedPriority (track->strip.name)));
        guess = "Its name says: " + utf8 (word).toLowerCase();
    }
    repaint();
}

juce::Rectangle<int> NotesPanel::swatch (int n) const
{
    const int width = colours.getWidth() / 6;
    return juce::Rectangle<int> (colours.getX() + n % 6 * width, colours.getY() + n / 6 * 26, width, 26)
        .reduced (2);
}

void NotesPanel::resized()
{
    auto r = getLocalBounds().reduced (12, 8);
    labels.clear();
    const auto line = [&] (const char* words, int height)
    {
        auto row = r.removeFromTop (height);
        labels.emplace_back (words, row.removeFromLeft (56).withHeight (30));
        return row;
    };
    name.setBounds (line ("Name", 32).reduced (0, 4));
    label.setBounds (line ("Label", 32).reduced (0, 4));
    tags.setBounds (line ("Tags", 32).reduced (0, 4));
    colours = line ("Colour", 56).withTrimmedTop (2).withTrimmedBottom (2);
    guessRow = {};
    if (role.isVisible())
    {
        guessRow = line ("Role", 28);
        role.setBounds (r.removeFromTop (26).reduced (0, 2));
    }
    labels.emplace_back ("Notes", r.removeFromTop (26));
    notes.setBounds (r);
}

void NotesPanel::mouseDown (const juce::MouseEvent& e)
{
    for (int n = 0; n < static_cast<int> (std::size (tokens::trackColourNames)); ++n)
        if (shown && swatch (n).contains (e.getPosition()))
            (void)take (session::recoloured (model.project(), shown, tokens::trackColourNames[n]));
}

void NotesPanel::paint (juce::Graphics& g)
{
    paintPanel (g, getLocalBounds());
    const auto* s = session::stripOf (model.project(), shown);
    if (s == nullptr)
    {
        drawFading (g, "A VCA fader has no notes.", font (12), colour (tokens::text3),
                    getLocalBounds().reduced (12, 8).withHeight (20).toFloat());
        return;
    }
    for (const auto& [words, place] : labels)
        drawFading (g, words, font (12), colour (tokens::text2), place.toFloat());
    for (int n = 0; n < static_cast<int> (std::size (tokens::trackColourNames)); ++n)
    {
        const auto box = swatch (n).toFloat();
        g.setColour (pigment (tokens::trackColourNames[n]));
        g.fillRoundedRectangle (box, tokens::radiusControl);
        if (s->colour == tokens::trackColourNames[n])
        {
            g.setColour (colour (tokens::text));
            g.drawRoundedRectangle (box.expanded (1.5f), tokens::radiusControl, 1.5f);
        }
    }
    if (! guessRow.isEmpty())
        drawFading (g, guess, font (11), colour (tokens::text3), guessRow.toFloat());
}

} // namespace lacquer::ui
