// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MonitorPanel.h"

#include "session/Find.h"

namespace lacquer::ui
{

void switchMonitor (Model& model, bool MonitorState::*which)
{
    auto state = model.monitor();
    state.*which = ! (state.*which);
    (void)model.setMonitor (state); // a switch cannot fail: only a new reference can
}

juce::String wordsOf (const MonitorState& m)
{
    juce::StringArray words;
    if (m.mute)
        words.add ("Muted");
    if (m.dim)
        words.add ("Dim");
    if (m.mono)
        words.add ("Mono");
    if (m.swap)
        words.add ("Swapped");
    if (m.reference)
        words.add ("Reference");
    if (! m.listened.empty())
        words.add ("Listening");
    return words.joinIntoString (", ");
}

MonitorPanel::MonitorPanel (Model& m, juce::Component& beside)
    : Popover (beside, 312, 296), model (m),
      levelParam (asLevel<Param> ("monitor", "Monitor level", 10, 0, "How loud you hear; no export does.")),
      referenceParam (inDecibels<Param> ("reference", "Reference level", { -24, 12 }, 0,
                                         "To compare at equal loudness.")),
      level (levelParam, {}), referenceLevel (referenceParam, {})
{
    setTitle ("Monitor");
    level.onChange = [this] (double db, Gesture) { set ([db] (MonitorState& s) { s.level = db; }); };
    referenceLevel.onChange = [this] (double db, Gesture)
    { set ([db] (MonitorState& s) { s.referenceLevel = db; }); };
    dim.setHelpText ("20 dB softer. D");
    mono.setHelpText ("Both sides as one. Shift+D");
    swap.setHelpText ("Left and right change places.");
    mute.setHelpText ("Silence; the song plays on.");
    reference.setHelpText ("The reference in place of the song. Shift+O");
    const std::pair<Button*, bool MonitorState::*> switches[] { { &dim, &MonitorState::dim },
                                                                { &mono, &MonitorState::mono },
                                                                { &swap, &MonitorState::swap },
                                                                { &mute, &MonitorState::mute },
                                                                { &reference, &MonitorState::reference } };
    for (const auto& [button, which] : switches)
    {
        button->textSize = 11;
        button->onPress = [this, which = which] (auto)
        { set ([which] (MonitorState& s) { s.*which = ! (s.*which); }); };
        addAndMakeVisible (button);
    }
    file.onPress = [this] (auto) { chooseReference(); };
    pair.onPress = [this] (auto) { choosePair(); };
    after.setHelpText ("What you listen to is heard as it leaves its fader.");
    before.setHelpText ("What you listen to is heard before its fader, at its own level.");
    after.onPress = [this] (auto) { set ([] (MonitorState& s) { s.beforeFader = false; }); };
    before.onPress = [this] (auto) { set ([] (MonitorState& s) { s.beforeFader = true; }); };
    nothing.setHelpText ("Lets go of all strips that are listened to.");
    nothing.onPress = [this] (auto) { set ([] (MonitorState& s) { s.listened.clear(); }); };
    for (auto* b : { &file, &pair, &after, &before, &nothing })
    {
        b->textSize = 11;
        addAndMakeVisible (b);
    }
    addAndMakeVisible (level);
    addAndMakeVisible (referenceLevel);
    refresh();
}

void MonitorPanel::set (const std::function<void (MonitorState&)>& change)
{
    auto state = model.monitor();
    change (state);
    const auto outcome = model.setMonitor (state);
    trouble = outcome ? juce::String() : utf8 (outcome.problem().sentence());
    refresh();
}

void MonitorPanel::refresh()
{
    const auto s = model.monitor();
    level.show (s.level);
    referenceLevel.show (s.referenceLevel);
    const auto lit = [] (Button& b, bool on) { b.setToggleState (on, juce::dontSendNotification); };
    lit (dim, s.dim);
    lit (mono, s.mono);
    lit (swap, s.swap);
    lit (mute, s.mute);
    lit (reference, s.reference);
    lit (after, ! s.beforeFader);
    lit (before, s.beforeFader);
    reference.setEnabled (! s.referenceFile.empty());
    nothing.setEnabled (! s.listened.empty());
    const int first = 2 * model.deviceSetup().pair + 1;
    pair.setButtonText ("Outputs " + juce::String (first) + " and " + juce::String (first + 1));
    repaint();
}

void MonitorPanel::chooseReference()
{
    chooser = std::make_unique<juce::FileChooser> ("Choose a reference", juce::File(), "*.wav;*.aif;*.aiff");
    chooser->launchAsync (juce::FileBrowserComponent::openMode | juce::FileBrowserComponent::canSelectFiles,
                          [this] (const juce::FileChooser& c)
                          {
                              if (const auto chosen = c.getResult(); chosen != juce::File())
                                  set ([&] (MonitorState& s)
                                       { s.referenceFile = chosen.getFullPathName().toStdString(); });
                          });
}

void MonitorPanel::choosePair()
{
    juce::PopupMenu menu;
    const auto setup = model.deviceSetup();
    for (int n = 0; n < std::min (16, model.deviceStatus().pairs); ++n)
        menu.addItem ("Outputs " + juce::String (2 * n + 1) + " and " + juce::String (2 * n + 2), true,
                      n == setup.pair,
                      [this, n]
                      {
                          auto wanted = model.deviceSetup();
                          wanted.pair = n;
                          const auto outcome = model.openDevice (wanted);
                          trouble = outcome ? juce::String() : utf8 (outcome.problem().sentence());
                          refresh();
                      });
    menu.showMenuAsync (juce::PopupMenu::Options().withTargetComponent (pair).withDeletionCheck (*this));
}

void MonitorPanel::lay (juce::Rectangle<int> r)
{
    r.removeFromTop (24);
    levelRow = r.removeFromTop (28);
    level.setBounds (levelRow.withTrimmedLeft (74));
    r.removeFromTop (4);
    auto row = r.removeFromTop (26);
    const int width = row.getWidth() / 4;
    for (auto* b : { &dim, &mono, &swap, &mute })
        b->setBounds (row.removeFromLeft (width).reduced (2, 0));
    r.removeFromTop (12);
    referenceRow = r.removeFromTop (26);
    auto second = referenceRow;
    reference.setBounds (second.removeFromLeft (86).reduced (2, 0));
    file.setBounds (second.removeFromRight (64));
    referenceRow = second.reduced (8, 0);
    referenceLevel.setBounds (r.removeFromTop (28).withTrimmedLeft (74));
    r.removeFromTop (10);
    listenRow = r.removeFromTop (26);
    auto third = listenRow.withTrimmedLeft (74);
    after.setBounds (third.removeFromLeft (third.getWidth() / 2).reduced (1, 1));
    before.setBounds (third.reduced (1, 1));
    nothing.setBounds (r.removeFromTop (26).withTrimmedLeft (74).reduced (1, 1));
    r.removeFromTop (10);
    outputRow = r.removeFromTop (26);
    pair.setBounds (outputRow.withTrimmedLeft (74));
}

void MonitorPanel::paintCardContent (juce::Graphics& g)
{
    const auto inside = card.reduced (14, 12);
    drawFading (g, "Monitor", font (tokens::titleSize, Weight::semibold), colour (tokens::text),
                inside.toFloat().withHeight (20));
    drawFading (g, trouble.isEmpty() ? juce::String ("never in an export") : trouble, font (11),
                colour (trouble.isEmpty() ? tokens::text3 : tokens::amber),
                inside.toFloat().withTrimmedLeft (70).withHeight (20), juce::Justification::centredRight);
    const auto label = [&] (juce::Rectangle<int> row, const char* words)
    {
        g.setColour (colour (tokens::text3));
        g.setFont (font (11, Weight::medium));
        g.drawText (words, row.withWidth (74), juce::Justification::centredLeft, false);
    };
    label (levelRow, "Level");
    label (referenceLevel.getBounds().withX (levelRow.getX()), "Its level");
    label (listenRow, "Listen");
    label (outputRow, "Output");
    const auto s = model.monitor();
    drawFading (g,
                s.referenceFile.empty() ? juce::String ("None chosen")
                                        : juce::File (utf8 (s.referenceFile)).getFileName(),
                font (11), colour (tokens::text2), referenceRow.toFloat());
}

} // namespace lacquer::ui
