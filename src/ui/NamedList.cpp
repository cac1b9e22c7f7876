// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/NamedList.h"

#include "ui/Overlays.h"

namespace lacquer::ui
{

NamedList::NamedList (const juce::String& title, const juce::String& what, int rowHeight, bool several)
    : kind (what)
{
    setTitle (title);
    list.setRowHeight (rowHeight);
    list.setMultipleSelectionEnabled (several);
    list.setColour (juce::ListBox::backgroundColourId, colour (tokens::well));
    list.setTitle (title);
    name.setFont (font (tokens::bodySize));
    name.setTextToShowWhenEmpty ("Name", colour (tokens::text3));
    name.setTitle ("Name of the " + kind);
    name.setSelectAllWhenFocused (true);
    name.onReturnKey = [this] { done(); };
    name.onEscapeKey = [this]
    {
        if (renaming >= 0)
            nameNext();
        else if (onEscape)
            onEscape();
    };
    write.onPress = [this] (auto) { done(); };
    recallButton.setHelpText ("Enter or a double click");
    recallButton.onPress = [this] (auto) { returnKeyPressed (chosen()); };
    renameButton.onPress = [this] (auto) { beginRename(); };
    removeButton.onPress = [this] (auto) { deleteKeyPressed (chosen()); };
    const std::pair<Button*, const char*> named[] { { &write, "Store" },
                                                    { &recallButton, "Recall" },
                                                    { &renameButton, "Rename" },
                                                    { &removeButton, "Delete" } };
    for (const auto& [button, verb] : named)
    {
        button->setTitle (juce::String (verb) + " " + kind);
        button->textSize = 12;
        addAndMakeVisible (button);
    }
    addAndMakeVisible (list);
    addAndMakeVisible (name);
}

void NamedList::refresh()
{
    read();
    listed();
}

void NamedList::listed()
{
    list.setModel (this); // asks at once how many there are, which only the finished object knows
    list.updateContent();
    if (chosen() < 0 && count() > 0)
        list.selectRow (0);
    nameNext();
    selectedRowsChanged (chosen());
    list.repaint();
}

void NamedList::focus()
{
    if (isShowing())
        (count() > 0 ? static_cast<juce::Component&> (list) : name).grabKeyboardFocus();
}

/// A name that is free stands ready, so that storing is one press.
void NamedList::nameNext()
{
    renaming = -1;
    write.setButtonText ("Store");
    juce::String text;
    for (int number = count() + 1; text.isEmpty(); ++number)
    {
        text = kind.substring (0, 1).toUpperCase() + kind.substring (1) + " " + juce::String (number);
        for (int row = 0; row < count(); ++row)
            if (utf8 (nameOf (row)) == text)
                text = {};
    }
    name.setText (text, false);
}

void NamedList::beginRename()
{
    if (chosen() < 0)
        return;
    renaming = chosen();
    name.setText (utf8 (nameOf (renaming)), false);
    write.setButtonText ("Rename");
    if (name.isShowing())
        name.grabKeyboardFocus();
}

void NamedList::done()
{
    const auto text = name.getText().trim().toStdString();
    const bool fresh = renaming < 0;
    if (fresh ? store (text) : rename (renaming, text))
        kept (text);
}

void NamedList::kept (const std::string& text)
{
    listed();
    for (int row = 0; row < count(); ++row)
        if (nameOf (row) == text)
            list.selectRow (row);
    focus();
}

void NamedList::selectedRowsChanged (int)
{
    if (renaming >= 0 && chosen() != renaming)
        nameNext();
    for (auto* b : { &recallButton, &renameButton, &removeButton })
        b->setEnabled (chosen() >= 0);
    followed();
}

void NamedList::returnKeyPressed (int row)
{
    if (row >= 0 && row < count() && recall (row))
        refresh();
}

void NamedList::deleteKeyPressed (int row)
{
    if (row >= 0 && row < count() && remove (row))
        refresh();
}

void NamedList::paintListBoxItem (int row, juce::Graphics& g, int width, int height, bool selected)
{
    if (row >= 0 && row < count())
        paintRow (g, paintListRow (g, width, height, selected), row);
}

} // namespace lacquer::ui
