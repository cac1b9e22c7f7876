// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"

namespace lacquer::ui
{

/// Things that are kept under a name: a list of them, a field to keep what is now as one more, and what can
/// be done with the chosen one. Arrow keys choose, Enter or a double click recalls, Delete deletes.
class NamedList : public juce::Component, private juce::ListBoxModel
{
public:
    /// Esc where nothing is being renamed.
    std::function<void()> onEscape;
    /// Reads what there is again.
    void refresh();
    void focus();
    void choose (int row) { list.selectRow (row); }
    int chosen() const { return list.getSelectedRow(); }

protected:
    /// what: "scene".
    NamedList (const juce::String& title, const juce::String& what, int rowHeight, bool several);

    /// Where what there is has to be read; may call listed() later.
    virtual void read() {}
    /// What there is has changed.
    void listed();
    /// Something was stored or renamed: it is chosen.
    void kept (const std::string& name);
    virtual int count() const = 0;
    virtual std::string nameOf (int row) const = 0;
    /// Each of them true when it was done, false when not, or not yet.
    virtual bool store (const std::string& name) = 0;
    virtual bool rename (int row, const std::string& name) = 0;
    virtual bool recall (int row) = 0;
    virtual bool remove (int row) = 0;
    virtual void paintRow (juce::Graphics&, juce::Rectangle<float>, int row) = 0;
    /// Which row is chosen, or what there is, has changed.
    virtual void followed() {}

    juce::ListBox list;
    juce::TextEditor name;
    Button write { "Store" }, recallButton { "Recall", Face::primary }, renameButton { "Rename" },
        removeButton { "Delete" };

private:
    void nameNext();
    void beginRename();
    void done();
    int getNumRows() override { return count(); }
    void paintListBoxItem (int row, juce::Graphics&, int width, int height, bool selected) override;
    void selectedRowsChanged (int) override;
    void listBoxItemDoubleClicked (int row, const juce::MouseEvent&) override { recall (row); }
    void returnKeyPressed (int row) override;
    void deleteKeyPressed (int row) override;

    juce::String kind;
    int renaming = -1;
};

} // namespace lacquer::ui
