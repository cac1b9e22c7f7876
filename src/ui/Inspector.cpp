// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Inspector.h"

#include "session/Find.h"

namespace lacquer::ui
{

Inspector::Inspector (Model& m) : model (m), bindings (m), clip (m), notes (m), modulators (m), modulator (m)
{
    setOpaque (true);
    setTitle ("Inspector");
    output.setTitle ("Output");
    output.onPress = [this] (auto)
    {
        juce::PopupMenu menu;
        addOutputEntries (menu, model, shown);
        menu.showMenuAsync (
            juce::PopupMenu::Options().withTargetComponent (&output).withDeletionCheck (*this));
    };
    polarity.setTitle ("Polarity");
    polarity.setHelpText ("Turns the sound upside down.");
    polarity.onPress = [this] (auto)
    {
        model.set (shown, "trim.polarity", model.value (shown, "trim.polarity") >= 0.5 ? 0 : 1, newGesture());
        refresh();
    };
    open.setHelpText ("Shows the strip large. E");
    open.onPress = [this] (auto)
    {
        if (onOpen)
            onOpen();
    };
    for (auto* b : { &output, &polarity, &open })
        addAndMakeVisible (*b);
    channelTab.onPress = [this] (auto) { showTab (Tab::channel); };
    clipTab.onPress = [this] (auto) { showTab (Tab::clip); };
    notesTab.onPress = [this] (auto) { showTab (Tab::notes); };
    for (auto* b : { &channelTab, &clipTab, &notesTab })
    {
        b->textSize = 11;
        addAndMakeVisible (*b);
    }
    addChildComponent (clip);
    addChildComponent (notes);
    channelTab.setToggleState (true, juce::dontSendNotification);
    modulators.onOpen = [this] (Id id) { showModulator (id); };
    modulator.onBack = [this] { showModulator ({}); };
    addAndMakeVisible (modulators);
    addChildComponent (modulator);
}

void Inspector::showTab (Tab tab)
{
    for (const auto& [button, which] :
         { std::pair { &channelTab, Tab::channel }, { &clipTab, Tab::clip }, { &notesTab, Tab::notes } })
        button->setToggleState (tab == which, juce::dontSendNotification);
    const auto show = [&] (auto& panel, Tab which)
    {
        panel.setVisible (tab == which);
        panel.toFront (false);
        panel.refresh();
    };
    show (clip, Tab::clip);
    show (notes, Tab::notes);
}

void Inspector::showModulator (Id id)
{
    const bool there = session::modulatorOf (model.project(), id) != nullptr;
    if (there)
        modulator.show (id);
    modulator.setVisible (there);
    modulator.toFront (false);
    refresh();
}

void Inspector::show (Id strip)
{
    if (std::exchange (shown, strip) != strip)
    {
        notes.show (strip);
        modulator.setVisible (false);
        rebuild();
    }
}

void Inspector::rebuild()
{
    bindings.clear();
    power.reset();
    eq.reset();
    band.clear();
    modules.clear();
    sends.reset();
    const auto* s = session::stripOf (model.project(), shown);
    const auto where = s != nullptr ? utf8 (s->name) : juce::String();
    const auto table = model.params (shown);
    if (const auto* on = switchOf (model, shown, "eq."))
    {
        power = std::make_unique<PowerSwitch> (*on, where);
        bindings.add (*power, shown);
        addAndMakeVisible (*power);
    }
    if (const auto& bands = EqTable::of (table))
    {
        eq = std::make_unique<EqGraph> (model, shown, *bands, where, EqGraph::Size::small);
        eq->onSelect = [this] (int) { nameBand(); };
        addAndMakeVisible (*eq);
        const auto& all = eq->table().bands();
        // The band that does most is the one to look at.
        int best = 0;
        double most = -1;
        for (int n = 0; n < static_cast<int> (all.size()); ++n)
        {
            const auto& state = eq->bands()[static_cast<std::size_t> (n)];
            const double much = all[static_cast<std::size_t> (n)].number > 0 ? std::abs (state.gain) : -0.5;
            if (much > most)
            {
                most = much;
                best = n;
            }
        }
        eq->selectBand (best);
        nameBand();
    }
    for (const auto* prefix : { "comp.", "gate.", "sat." })
        for (const auto& part : consoleParts)
            if (part.prefix == prefix && switchOf (model, shown, part.prefix) != nullptr)
            {
                modules.push_back (
                    std::make_unique<ModulePanel> (model, shown, where, part, ModulePanel::Size::small));
                addAndMakeVisible (*modules.back());
            }
    sends = std::make_unique<SendsPanel> (model, shown, where, false);
    addAndMakeVisible (*sends);
    polarity.setVisible (findParam (table, "trim.polarity") != nullptr);
    // What was made anew lies on top.
    for (auto* over : std::initializer_list<juce::Component*> { &clip, &notes, &modulator })
        over->toFront (false);
    refresh();
    resized();
    repaint();
}

void Inspector::nameBand()
{
    band.clear();
    bindings.clear();
    if (power != nullptr)
        bindings.add (*power, shown);
    const auto& b = eq->table().bands()[static_cast<std::size_t> (eq->selectedBand())];
    for (const auto* p : { b.type != nullptr ? b.type : b.slope, b.frequency, b.gain, b.q })
    {
        if (p == nullptr)
            continue;
        std::unique_ptr<ValueControl> c;
        if (p->isChoice())
            c = std::make_unique<MenuField> (*p, "EQ");
        else
            c = std::make_unique<NumberField> (*p, "EQ", false, 12.0f, juce::Justification::centredRight);
        bindings.add (*c, shown);
        const auto set = c->onChange;
        c->onChange = [this, set] (double v, Gesture key)
        {
            set (v, key);
            eq->refresh();
        };
        addAndMakeVisible (*c);
        band.push_back (std::move (c));
    }
    bindings.refresh();
    resized();
    repaint (bandRow);
}

void Inspector::refresh()
{
    const auto listed = modulators.heightFor();
    modulators.refresh();
    if (clip.isVisible())
        clip.refresh();
    if (notes.isVisible())
        notes.refresh();
    if (modulators.heightFor() != listed)
        resized();
    if (modulator.isVisible())
    {
        if (session::modulatorOf (model.project(), modulator.modulator()) == nullptr)
            modulator.setVisible (false);
        else
            modulator.refresh();
    }
    bindings.refresh();
    if (eq != nullptr)
        eq->refresh();
    for (auto& m : modules)
        m->refresh();
    const int before = sends != nullptr ? sends->heightFor() : 0;
    if (sends != nullptr)
    {
        sends->refresh();
        if (sends->heightFor() != before)
            resized();
    }
    const auto* s = session::stripOf (model.project(), shown);
    if (s == nullptr)
        return;
    const auto* to = session::stripOf (model.project(), s->output);
    const auto name = to != nullptr ? utf8 (to->name) : juce::String ("Master page");
    if (output.getButtonText() != name)
        output.setButtonText (name);
    output.setEnabled (to != nullptr);
    polarity.setToggleState (polarity.isVisible() && model.value (shown, "trim.polarity") >= 0.5,
                             juce::dontSendNotification);
}

void Inspector::advance (double seconds)
{
    if (! shown || ! isShowing())
        return;
    if (modulator.isVisible())
    {
        const auto* m = session::modulatorOf (model.project(), modulator.modulator());
        const auto* meter = m != nullptr && m->source && meterOf ? meterOf (m->source) : nullptr;
        modulator.advance (meter != nullptr ? std::max (meter->peak (0), meter->peak (1)) : -100);
        return;
    }
    modulators.advance();
    bindings.advance();
    model.watch (shown);
    const double in = input.advance (model);
    if (eq != nullptr)
        eq->advance (seconds);
    for (auto& m : modules)
        m->advance (in, seconds);
    if (sends != nullptr)
        sends->advance();
}

void Inspector::setCompact (bool c)
{
    compact = c;
    for (auto& m : modules)
        m->setCompact (c);
    resized();
}

void Inspector::resized()
{
    auto r = getLocalBounds();
    if (r.isEmpty())
        return;
    modulator.setBounds (r);
    lines.clear();
    title = r.removeFromTop (40);
    auto tabs = title.reduced (12, 9);
    notesTab.setBounds (tabs.removeFromRight (46));
    clipTab.setBounds (tabs.removeFromRight (38));
    channelTab.setBounds (tabs.removeFromRight (58));
    clip.setBounds (r);
    notes.setBounds (r);
    auto bottom = r.removeFromBottom (44);
    open.setBounds (bottom.reduced (12, 8));
    const int roomy = r.getHeight();
    if (eq != nullptr)
    {
        lines.push_back (r.getY());
        eqHead = r.removeFromTop (32);
        if (power != nullptr)
            power->setBounds (eqHead.withWidth (34).withSizeKeepingCentre (22, 22).translated (2, 0));
        eq->setBounds (r.removeFromTop (std::clamp (roomy * 21 / 100, 90, 206)).reduced (12, 0));
        bandRow = r.removeFromTop (36).reduced (12, 6);
        auto row = bandRow.withTrimmedLeft (compact ? 22 : 26);
        for (std::size_t n = 0; n < band.size(); ++n)
        {
            // Shape, frequency and gain as wide as their longest words, Q what is left.
            const bool last = n + 1 == band.size();
            const int wide = n == 0 ? (compact ? 80 : 92) : ! compact ? 70 : n == 1 ? 49 : 55;
            band[n]->setBounds (last ? row : row.removeFromLeft (wide));
        }
    }
    std::size_t small = 0;
    for (auto& m : modules)
    {
        if (&m == &modules.front())
        {
            lines.push_back (r.getY());
            m->setBounds (r.removeFromTop (std::clamp (roomy * 28 / 100, 170, 236)));
            continue;
        }
        // Gate and saturator share a row.
        if (small++ == 0)
        {
            lines.push_back (r.getY());
            auto pair = r.removeFromTop (r.getHeight() >= 198 ? 108 : 0);
            m->setBounds (pair.removeFromLeft (pair.getWidth() / 2));
            if (modules.size() > 2)
                modules.back()->setBounds (pair);
        }
    }
    if (sends != nullptr)
    {
        lines.push_back (r.getY());
        // The head and a send, or nothing.
        const int whole = sends->heightFor(), room = std::min (whole, r.getHeight() - 64);
        sends->setBounds (r.removeFromTop (room >= std::min (whole, 56) ? room : 0));
    }
    lines.push_back (r.getY());
    auto rows = r.removeFromTop (compact ? 64 : 72).reduced (12, compact ? 5 : 8);
    inputRow = rows.removeFromTop (24);
    outputRow = rows.removeFromTop (compact ? 30 : 32).withTrimmedTop (compact ? 4 : 6);
    auto line = outputRow.withTrimmedLeft (60);
    polarity.setBounds (line.removeFromRight (28));
    line.removeFromRight (6);
    output.setBounds (line);
    lines.push_back (r.getY());
    modulators.setBounds (r.removeFromTop (std::min (modulators.heightFor(), r.getHeight())));
    modulators.setVisible (modulators.getHeight() >= 32);
}

juce::Rectangle<int> Inspector::placeOf (Id wanted) const
{
    if (modulator.isVisible())
        return modulator.modulator() == wanted ? modulator.getBounds() : juce::Rectangle<int>();
    return modulators.isVisible() ? modulators.rowOf (wanted) + modulators.getPosition()
                                  : juce::Rectangle<int>();
}

void Inspector::paint (juce::Graphics& g)
{
    paintPanel (g, getLocalBounds());
    const auto* s = session::stripOf (model.project(), shown);
    if (s == nullptr)
        return;
    auto head = title.reduced (12, 0).toFloat();
    g.setColour (pigment (s->colour));
    g.fillRect (head.removeFromLeft (4).reduced (0, 11));
    head.removeFromLeft (10);
    const auto bold = font (tokens::titleSize, Weight::semibold);
    head.setRight (static_cast<float> (channelTab.getX()) - 4);
    // Where there is little room, the name has it.
    const bool roomy = head.getWidth() > 110;
    drawFading (g, utf8 (s->name), bold, colour (tokens::text), head.withTrimmedRight (roomy ? 60.0f : 0.0f));
    const auto pill = juce::Rectangle<float> (
        std::min (head.getRight() - 56, head.getX() + bold.getStringWidthFloat (utf8 (s->name)) + 10),
        head.getCentreY() - 9, 52, 18);
    if (roomy)
    {
        g.setColour (colour (tokens::control));
        g.fillRoundedRectangle (pill, 9);
        g.setColour (colour (tokens::text2));
        g.setFont (font (11, Weight::medium));
        g.drawText (s->channels == 1 ? "Mono" : "Stereo", pill, juce::Justification::centred, false);
    }
    g.setColour (juce::Colours::black);
    for (const int y : lines)
        g.fillRect (0, y, getWidth(), 1);
    if (eq != nullptr)
    {
        drawFading (g, "EQ", font (13, Weight::semibold), colour (tokens::text),
                    eqHead.toFloat().withTrimmedLeft (36));
        const auto& b = eq->table().bands()[static_cast<std::size_t> (eq->selectedBand())];
        const auto disc = bandRow.toFloat().withWidth (18).withSizeKeepingCentre (18, 18);
        g.setColour (colour (tokens::gold));
        g.fillEllipse (disc);
        g.setColour (colour (tokens::ink));
        g.setFont (font (11, Weight::semibold));
        g.drawText (b.sign(), disc, juce::Justification::centred, false);
    }
    const auto label = [&] (juce::Rectangle<int> row, const char* text)
    { drawFading (g, text, font (12), colour (tokens::text2), row.toFloat().withWidth (56)); };
    label (inputRow, "Input");
    label (outputRow, "Output");
    juce::String from = "What is sent here";
    if (const auto* track = session::trackOf (model.project(), shown))
        from = track->clips.empty()       ? juce::String ("No clips")
               : track->clips.size() == 1 ? utf8 (track->clips.front()->name)
                                          : juce::String (static_cast<int> (track->clips.size())) + " clips";
    const auto field = inputRow.withTrimmedLeft (60).toFloat();
    g.setColour (colour (tokens::well));
    g.fillRoundedRectangle (field, tokens::radiusControl);
    drawFading (g, from, font (12), colour (tokens::text2), field.reduced (8, 0));
}

} // namespace lacquer::ui
