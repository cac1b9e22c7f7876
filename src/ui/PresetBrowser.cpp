// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/PresetBrowser.h"

#include "session/Find.h"
#include "session/PresetEdits.h"
#include "studio/Catalogue.h"

namespace lacquer::ui
{

PresetBrowser::PresetBrowser (Model& m, Id where, juce::Component& beside)
    : Popover (beside, 380, 460), model (m), place (where)
{
    if (const auto* e = session::effectOf (model.project(), place))
    {
        effect = e->type;
        const auto* type = studio::effectOf (effect);
        title = "Presets of " + (type != nullptr ? utf8 (type->name) : utf8 (effect));
    }
    else
        title = "Chains";
    setTitle (title);
    wanted.setTextToShowWhenEmpty ("Search name and use", colour (tokens::text3));
    name.setTextToShowWhenEmpty ("Name", colour (tokens::text3));
    use.setTextToShowWhenEmpty ("For what, in one sentence", colour (tokens::text3));
    for (auto* t : { &wanted, &name, &use })
    {
        t->setFont (font (tokens::bodySize));
        t->onEscapeKey = [this] { cancel(); };
        addChildComponent (t);
    }
    wanted.setVisible (true);
    wanted.setTitle ("Search presets");
    wanted.onTextChange = [this] { filter(); };
    wanted.onReturnKey = [this] { keep(); };
    name.setTitle ("Name of the preset");
    use.setTitle ("Use of the preset");
    name.onReturnKey = use.onReturnKey = [this] { save (name.getText(), use.getText()); };
    name.onTextChange = [this]
    {
        replaces = false;
        write.setButtonText ("Save");
    };
    list.setModel (this);
    list.setRowHeight (40);
    list.setColour (juce::ListBox::backgroundColourId, colour (tokens::well));
    list.setTitle (title);
    addAndMakeVisible (list);
    saveAs.setHelpText ("Keeps what stands here now as a preset of your own.");
    saveAs.onPress = [this] (auto) { askForName(); };
    take.setHelpText ("Enter");
    take.onPress = [this] (auto) { keep(); };
    back.setHelpText ("Takes back what was tried. Esc");
    back.onPress = [this] (auto) { cancel(); };
    write.onPress = [this] (auto) { save (name.getText(), use.getText()); };
    for (auto* b : { &saveAs, &take, &back })
        addAndMakeVisible (b);
    addChildComponent (write);
    read();
}

void PresetBrowser::open (Model& model, Id place, juce::Component& beside)
{
    auto browser = std::make_unique<PresetBrowser> (model, place, beside);
    auto* raw = browser.get();
    Popover::open (beside, std::move (browser));
    if (overlayHost (beside) != nullptr && raw->wanted.isShowing())
        raw->wanted.grabKeyboardFocus();
}

void PresetBrowser::read()
{
    auto found = studio::presetsOf (effect);
    all = std::move (found.presets);
    if (! found.unreadable.empty())
        trouble = utf8 (found.unreadable.front().sentence());
    filter();
}

void PresetBrowser::filter()
{
    shown.clear();
    const auto words = juce::StringArray::fromTokens (wanted.getText(), " ", {});
    for (std::size_t n = 0; n < all.size(); ++n)
    {
        const auto text = utf8 (all[n].name) + " " + utf8 (all[n].use);
        if (std::all_of (words.begin(), words.end(),
                         [&] (const juce::String& w) { return text.containsIgnoreCase (w); }))
            shown.push_back (n);
    }
    list.deselectAllRows();
    list.updateContent();
    list.repaint();
    repaint();
}

std::vector<std::string> PresetBrowser::names() const
{
    std::vector<std::string> listed;
    for (const auto n : shown)
        listed.push_back (all[n].name);
    return listed;
}

void PresetBrowser::search (const juce::String& text)
{
    wanted.setText (text, false);
    filter();
}

void PresetBrowser::tryOut (int row)
{
    if (row < 0 || row >= getNumRows())
        return;
    const auto& preset = all[shown[static_cast<std::size_t> (row)]];
    // Each is tried on what was there before, so that two tries do not add up.
    takeBack();
    auto edit = preset.isChain() ? session::withChain (model.project(), place, preset.withKeys(), preset.name)
                                 : session::withValues (model.project(), place, preset.values(), preset.name);
    tried = edit ? edit->label : std::string();
    if (! model.edit (std::move (edit), newGesture()))
        tried.clear();
}

void PresetBrowser::takeBack()
{
    if (! tried.empty() && model.undoLabel() == tried)
        model.undo();
    tried.clear();
}

void PresetBrowser::selectedRowsChanged (int row)
{
    tryOut (row);
}

void PresetBrowser::keep()
{
    close();
}

void PresetBrowser::cancel()
{
    takeBack();
    close();
}

void PresetBrowser::askForName()
{
    naming = true;
    for (auto* c : std::initializer_list<juce::Component*> { &name, &use, &write })
        c->setVisible (true);
    saveAs.setVisible (false);
    take.setVisible (false);
    resized();
    repaint();
    if (name.isShowing())
        name.grabKeyboardFocus();
}

void PresetBrowser::save (const juce::String& called, const juce::String& forWhat)
{
    auto made =
        studio::presetOf (model.project(), place, called.trim().toStdString(), forWhat.trim().toStdString());
    if (made)
    {
        if (const auto written = studio::savePreset (*made, replaces); written)
        {
            trouble = {};
            naming = false;
            for (auto* c : std::initializer_list<juce::Component*> { &name, &use, &write })
                c->setVisible (false);
            saveAs.setVisible (true);
            take.setVisible (true);
            read();
            resized();
            return;
        }
        else
        {
            trouble = utf8 (written.problem().sentence());
            // The user's own of that name: the next press means it.
            const auto own = [&] (const studio::Preset& p)
            { return ! p.factory && studio::slugOf (p.name) == studio::slugOf (made->name); };
            if (std::any_of (all.begin(), all.end(), own))
            {
                replaces = true;
                trouble = "You have a preset of this name.";
                write.setButtonText ("Replace");
            }
        }
    }
    else
        trouble = utf8 (made.problem().sentence());
    repaint();
}

void PresetBrowser::deleteKeyPressed (int row)
{
    if (row < 0 || row >= getNumRows())
        return;
    const auto& preset = all[shown[static_cast<std::size_t> (row)]];
    const auto gone = studio::deletePreset (effect, preset.name);
    trouble = gone ? juce::String() : utf8 (gone.problem().sentence());
    if (gone)
        read();
    repaint();
}

void PresetBrowser::paintListBoxItem (int row, juce::Graphics& g, int width, int height, bool selected)
{
    const auto& p = all[shown[static_cast<std::size_t> (row)]];
    auto r = paintListRow (g, width, height, selected);
    auto top = r.removeFromTop (17);
    if (! p.factory)
        drawFading (g, "yours", font (11), colour (tokens::text3), top.removeFromRight (40),
                    juce::Justification::centredRight);
    drawFading (g, utf8 (p.name), font (tokens::bodySize, Weight::semibold), colour (tokens::text), top);
    drawFading (g, utf8 (p.use), font (11), colour (tokens::text2), r);
}

void PresetBrowser::lay (juce::Rectangle<int> r)
{
    r.removeFromTop (24);
    wanted.setBounds (r.removeFromTop (26));
    r.removeFromTop (8);
    auto end = r.removeFromBottom (28);
    (naming ? write : take).setBounds (end.removeFromRight (80));
    end.removeFromRight (8);
    back.setBounds (end.removeFromRight (70));
    saveAs.setBounds (end.removeFromLeft (120));
    r.removeFromBottom (22);
    if (naming)
    {
        use.setBounds (r.removeFromBottom (26));
        r.removeFromBottom (6);
        name.setBounds (r.removeFromBottom (26));
        r.removeFromBottom (8);
    }
    list.setBounds (r);
}

void PresetBrowser::paintCardContent (juce::Graphics& g)
{
    const auto inside = card.reduced (14, 12).toFloat();
    drawFading (g, title, font (tokens::titleSize, Weight::semibold), colour (tokens::text),
                inside.withHeight (20));
    if (shown.empty())
        drawFading (g, all.empty() ? "No presets yet." : "None has these words.", font (12),
                    colour (tokens::text3), list.getBounds().toFloat().withHeight (40).reduced (10, 0));
    drawFading (g, trouble, font (11), colour (tokens::amber),
                inside.withTop (inside.getBottom() - 48).withHeight (18));
}

} // namespace lacquer::ui
