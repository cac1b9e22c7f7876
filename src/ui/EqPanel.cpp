// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EqPanel.h"

#include <cmath>

namespace lacquer::ui
{

EqPanel::EqPanel (Model& m, Id o, EqTable table, const juce::String& w)
    : model (m), owner (o), where (w), graph (m, o, std::move (table), w, EqGraph::Size::large), bindings (m)
{
    setTitle ("EQ bands, " + where);
    setHelpText ("Click a band to choose it, its number to switch it, its sign for its shape.");
    addAndMakeVisible (graph);
    graph.onSelect = [this] (int n) { choose (n); };
    graph.onListen = [this]
    { listen.setToggleState (graph.listenedBand() >= 0, juce::dontSendNotification); };
    listen.lit = colour (tokens::seiji);
    listen.setHelpText ("Plays what the band works on alone. It is never rendered.");
    listen.onPress = [this] (auto)
    { graph.listenTo (graph.listenedBand() >= 0 ? -1 : graph.selectedBand()); };
    dynamic.setHelpText ("Lets the level in the band move its gain.");
    dynamic.onPress = [this] (auto)
    {
        const int n = graph.selectedBand();
        if (n < 0)
            return;
        const auto& b = graph.table().bands()[static_cast<std::size_t> (n)];
        if (b.dynamic != nullptr)
            model.set (owner, b.dynamic->id, graph.bands()[static_cast<std::size_t> (n)].dynamic ? 0 : 1,
                       newGesture());
        refresh();
    };
    add.setHelpText ("Adds a band. Double-clicking the graph does so where it is wanted.");
    add.onPress = [this] (auto) { graph.addBand(); };
    for (auto* b : { &listen, &dynamic, &add })
    {
        b->textSize = 11;
        addAndMakeVisible (*b);
    }
    const auto& bands = graph.table().bands();
    const auto first = std::find_if (bands.begin(), bands.end(), [] (const auto& b) { return b.number > 0; });
    const auto acting = std::find_if (graph.bands().begin(), graph.bands().end(),
                                      [] (const auto& s) { return s.acts() && s.hasGain(); });
    graph.selectBand (static_cast<int> (acting != graph.bands().end() ? acting - graph.bands().begin()
                                                                      : first - bands.begin()));
    choose (graph.selectedBand());
    refresh();
}

void EqPanel::setCompact (bool c)
{
    if (std::exchange (compact, c) != c)
        choose (graph.selectedBand());
    resized();
}

void EqPanel::setUnder (juce::Component* c, int height)
{
    under = c;
    underHeight = c != nullptr ? height : 0;
    resized();
}

void EqPanel::advance (double seconds)
{
    graph.advance (seconds);
    if (bindings.advance() || graph.bands() != shown)
        refresh();
    if (std::exchange (stale, false))
        choose (graph.selectedBand());
}

template <typename Control>
Control& EqPanel::bind (std::unique_ptr<Control>& made, const Param* p)
{
    made = std::make_unique<Control> (*p, where);
    bindings.add (*made, owner);
    const auto set = made->onChange;
    made->onChange = [this, set] (double v, Gesture key)
    {
        set (v, key);
        refresh();
    };
    addAndMakeVisible (*made);
    return *made;
}

void EqPanel::choose (int n)
{
    knobs.clear();
    menu.reset();
    part.reset();
    phase.reset();
    bindings.clear();
    if (n < 0)
        return;
    const auto& b = graph.table().bands()[static_cast<std::size_t> (n)];
    const auto& s = graph.bands()[static_cast<std::size_t> (n)];
    const auto knob = [&] (const Param* p, const char* caption)
    {
        if (p == nullptr)
            return;
        auto c = std::make_unique<Knob> (*p, where, compact ? 34 : 38, true);
        c->caption = caption;
        bindings.add (*c, owner);
        const auto set = c->onChange;
        c->onChange = [this, set] (double v, Gesture key)
        {
            set (v, key);
            refresh();
        };
        addAndMakeVisible (*c);
        knobs.push_back (std::move (c));
    };
    knob (b.frequency, "Freq");
    if (s.hasGain())
        knob (b.gain, "Gain");
    if (! s.cuts())
        knob (b.q, "Q");
    if (s.follows())
    {
        knob (b.threshold, "Thresh");
        knob (b.range, "Range");
        if (! compact)
        {
            knob (b.ratio, "Ratio");
            knob (b.attack, "Attack");
            knob (b.release, "Release");
        }
    }
    if (s.cuts() && b.slope != nullptr)
        bind (menu, b.slope);
    else if (b.type != nullptr && (b.channel == nullptr || compact))
        bind (menu, b.type);
    if (b.channel != nullptr && ! compact)
        bind (part, b.channel);
    if (graph.table().phase() != nullptr && ! compact)
        bind (phase, graph.table().phase());
    dynamic.setVisible (b.dynamic != nullptr && ! compact);
    dynamic.setEnabled (s.canFollow());
    if (graph.listenedBand() >= 0)
        graph.listenTo (n);
    bindings.refresh();
    resized();
    repaint();
}

void EqPanel::refresh()
{
    graph.refresh();
    bindings.refresh();
    if (shown == graph.bands())
        return;
    const int n = graph.selectedBand();
    const auto at = static_cast<std::size_t> (n);
    const auto differs = [&] (auto is)
    { return n >= 0 && at < shown.size() && (shown[at].*is)() != (graph.bands()[at].*is)(); };
    const bool other = differs (&EqTable::State::hasGain) || differs (&EqTable::State::cuts) ||
                       differs (&EqTable::State::follows) || differs (&EqTable::State::canFollow);
    shown = graph.bands();
    if (other) // not at once: this may be said by one of the controls that are to go
        stale = true;
    if (n >= 0)
        dynamic.setToggleState (shown[at].dynamic, juce::dontSendNotification);
    repaint (getLocalBounds().removeFromBottom (row()));
}

juce::Rectangle<int> EqPanel::card (std::size_t n) const
{
    const int count = static_cast<int> (graph.table().bands().size());
    const int room = getWidth() *
                     (compact            ? 62
                      : knobs.size() > 5 ? 44 // a dynamic band has more to set
                                         : 50) /
                     100;
    const int width = std::clamp (room / count - 6, 48, 106);
    return { 10 + static_cast<int> (n) * (width + 6), getHeight() - row() + 7, width, row() - 14 };
}

void EqPanel::resized()
{
    auto r = getLocalBounds();
    auto bottom = r.removeFromBottom (row());
    if (under != nullptr)
        under->setBounds (r.removeFromBottom (underHeight));
    graph.setBounds (r);
    if (graph.table().bands().empty())
        return;
    bottom.setLeft (card (graph.table().bands().size() - 1).getRight() + 10);
    bottom.removeFromRight (8);
    const auto rows = [] (juce::Rectangle<int> cell)
    {
        const auto upper = cell.removeFromTop (cell.getHeight() / 2);
        return std::pair (upper.withSizeKeepingCentre (cell.getWidth(), 22).translated (0, 2),
                          cell.withSizeKeepingCentre (cell.getWidth(), 22).translated (0, -2));
    };
    // From the right: the phase and a new band, then what the band works on; the knobs have the rest.
    if (phase != nullptr)
    {
        auto [above, below] = rows (bottom.removeFromRight (std::min (phase->naturalWidth(), 214)));
        phase->setBounds (above);
        add.setBounds (below.removeFromRight (76));
        bottom.removeFromRight (10);
    }
    const bool narrow = compact;
    auto [above, below] = rows (bottom.removeFromRight (narrow ? 96 : 158));
    if (part != nullptr)
        part->setBounds (menu != nullptr ? above.removeFromLeft (part->naturalWidth()) : above);
    if (menu != nullptr)
    {
        menu->setVisible (part == nullptr);
        menu->setBounds (above);
    }
    listen.setBounds (below.removeFromLeft (narrow ? 30 : 34));
    below.removeFromLeft (5);
    if (dynamic.isVisible())
        dynamic.setBounds (below.removeFromLeft (74));
    below.removeFromLeft (5);
    if (phase == nullptr)
        add.setBounds (below.removeFromLeft (std::min (below.getWidth(), 76)));
    bottom.removeFromRight (8);
    const int width =
        std::clamp (bottom.getWidth() / std::max<int> (1, static_cast<int> (knobs.size())), 44, 60);
    for (auto& k : knobs)
    {
        const bool fits = bottom.getWidth() >= width;
        k->setVisible (fits);
        if (fits)
            k->setBounds (bottom.removeFromLeft (width).reduced (0, (row() - 72) / 2));
    }
}

void EqPanel::mouseDown (const juce::MouseEvent& e)
{
    for (std::size_t n = 0; n < graph.table().bands().size(); ++n)
        if (card (n).contains (e.getPosition()))
        {
            const auto& b = graph.table().bands()[n];
            const auto sign = card (n).withSize (26, 26).translated (24, 0);
            if (e.mods.isPopupMenu() || sign.contains (e.getPosition()))
            {
                graph.selectBand (static_cast<int> (n));
                choose (static_cast<int> (n));
                graph.openMenu (static_cast<int> (n));
                return;
            }
            if (b.on != nullptr &&
                (e.mods.isAltDown() || card (n).withSize (24, 26).contains (e.getPosition())))
            {
                model.set (owner, b.on->id, model.value (owner, b.on->id) >= 0.5 ? 0 : 1, newGesture());
                refresh();
            }
            graph.selectBand (static_cast<int> (n));
            choose (static_cast<int> (n));
        }
}

void EqPanel::paint (juce::Graphics& g)
{
    const auto bottom = getLocalBounds().removeFromBottom (row());
    if (! g.clipRegionIntersects (bottom))
        return;
    paintPanel (g, bottom);
    g.setColour (juce::Colours::black);
    g.fillRect (bottom.withHeight (1));
    for (std::size_t n = 0; n < graph.table().bands().size(); ++n)
    {
        const auto& b = graph.table().bands()[n];
        const auto& s = graph.bands()[n];
        const bool chosen = static_cast<int> (n) == graph.selectedBand();
        const auto r = card (n).toFloat();
        g.setColour (colour (chosen ? 0xff3a2e18 : 0xff1f1b18));
        g.fillRoundedRectangle (r, tokens::radiusControl);
        g.setColour (colour (chosen ? tokens::gold : tokens::line));
        g.drawRoundedRectangle (r.reduced (0.5f), tokens::radiusControl, chosen ? 1.5f : 1.0f);
        auto in = r.reduced (6, 4);
        auto head = in.removeFromTop (18);
        const auto disc = head.removeFromLeft (16).withSizeKeepingCentre (16, 16);
        g.setColour (colour (s.on ? tokens::gold : tokens::off));
        if (chosen && s.on)
            g.fillEllipse (disc);
        else
            g.drawEllipse (disc.reduced (0.75f), 1.4f);
        g.setColour (colour (chosen && s.on ? tokens::ink : s.on ? tokens::text : tokens::text3));
        g.setFont (font (10, Weight::semibold));
        g.drawText (b.sign(), disc, juce::Justification::centred, false);
        g.setColour (colour (s.on ? tokens::text2 : tokens::off));
        head.removeFromLeft (6);
        g.strokePath (signOf (s.shape, head.removeFromLeft (14).reduced (0, 5)), juce::PathStrokeType (1.4f));
        if (s.follows())
            drawFading (g, "DYN", font (10, Weight::semibold), colour (s.on ? tokens::ruri : tokens::text3),
                        head, juce::Justification::centredRight);
        g.setColour (colour (s.on ? tokens::text : tokens::text3));
        drawTabular (g, shownValue (*b.frequency, s.frequency), font (12, Weight::semibold),
                     in.removeFromTop (18), juce::Justification::centredLeft);
        g.setColour (colour (s.on ? tokens::text2 : tokens::text3));
        const auto second = s.cuts()      ? juce::String (s.slope) + " dB/oct"
                            : s.hasGain() ? shownValue (*b.gain, s.gain)
                                          : juce::String (nameOf (s.shape));
        const auto line = in.removeFromTop (16);
        drawFading (g, second, font (11), colour (s.on ? tokens::text2 : tokens::text3), line);
        if (! s.cuts() && b.q != nullptr && line.getWidth() > 88)
        {
            g.setColour (colour (tokens::text3));
            drawTabular (g, "Q " + shownValue (*b.q, s.q), font (11), line,
                         juce::Justification::centredRight);
        }
    }
}

} // namespace lacquer::ui
