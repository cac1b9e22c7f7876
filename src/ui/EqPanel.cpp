// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EqPanel.h"

#include <cmath>

namespace lacquer::ui
{

EqPanel::EqPanel (Model& m, Id o, EqTable table, const juce::String& w)
    : model (m), owner (o), where (w), graph (m, o, std::move (table), w, EqGraph::Size::large), bindings (m)
{
    setTitle ("EQ bands, " + where);
    setHelpText ("Click a band to choose it, its number to switch it.");
    addAndMakeVisible (graph);
    graph.onSelect = [this] (int n) { choose (n); };
    const auto& bands = graph.table().bands();
    const auto first = std::find_if (bands.begin(), bands.end(), [] (const auto& b) { return b.number > 0; });
    graph.selectBand (static_cast<int> (first - bands.begin()));
    choose (graph.selectedBand());
    refresh();
}

void EqPanel::setCompact (bool c)
{
    compact = c;
    resized();
}

void EqPanel::choose (int n)
{
    knobs.clear();
    bindings.clear();
    const auto& b = graph.table().bands()[static_cast<std::size_t> (n)];
    const auto add = [&] (const Param* p, const char* caption)
    {
        if (p == nullptr)
            return;
        std::unique_ptr<ValueControl> c;
        if (p->isChoice())
            c = std::make_unique<MenuField> (*p, where);
        else
            c = std::make_unique<Knob> (*p, where, 38, true);
        c->caption = caption;
        bindings.add (*c, owner);
        addAndMakeVisible (*c);
        knobs.push_back (std::move (c));
    };
    add (b.frequency, "Freq");
    add (b.gain, "Gain");
    add (b.q, "Q");
    add (b.type, "Type");
    add (b.slope, "Slope");
    add (b.channel, "Channel");
    for (auto& k : knobs)
    {
        const auto set = k->onChange;
        k->onChange = [this, set] (double v, Gesture key)
        {
            set (v, key);
            refresh();
        };
    }
    bindings.refresh();
    resized();
    repaint();
}

void EqPanel::refresh()
{
    graph.refresh();
    bindings.refresh();
    if (shown != graph.bands())
    {
        shown = graph.bands();
        repaint (getLocalBounds().removeFromBottom (row()));
    }
}

juce::Rectangle<int> EqPanel::card (std::size_t n) const
{
    const int count = static_cast<int> (graph.table().bands().size());
    const int room = getWidth() * (compact ? 62 : 56) / 100;
    const int width = std::clamp (room / count - 6, 48, 106);
    return { 10 + static_cast<int> (n) * (width + 6), getHeight() - row() + 7, width, row() - 14 };
}

void EqPanel::resized()
{
    auto r = getLocalBounds();
    auto bottom = r.removeFromBottom (row());
    graph.setBounds (r);
    bottom.setLeft (card (graph.table().bands().size() - 1).getRight() + 14);
    const int most = std::max (1, bottom.getWidth() / 60);
    int used = 0;
    for (auto& k : knobs)
    {
        const bool menu = dynamic_cast<MenuField*> (k.get()) != nullptr;
        const int w = menu ? 92 : 60;
        const bool fits = bottom.getWidth() >= w && used < most;
        k->setVisible (fits);
        if (! fits)
            continue;
        auto cell = bottom.removeFromLeft (w);
        ++used;
        k->setBounds (menu ? cell.withSizeKeepingCentre (w - 8, 22).translated (0, 8)
                           : cell.reduced (0, (row() - 72) / 2));
        bottom.removeFromLeft (2);
    }
}

void EqPanel::mouseDown (const juce::MouseEvent& e)
{
    for (std::size_t n = 0; n < graph.table().bands().size(); ++n)
        if (card (n).contains (e.getPosition()))
        {
            const auto& b = graph.table().bands()[n];
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
    for (auto& k : knobs)
        if (k->isVisible() && dynamic_cast<MenuField*> (k.get()) != nullptr)
        {
            g.setColour (colour (tokens::text3));
            g.setFont (font (10, Weight::medium));
            g.drawText (k->caption, k->getBounds().translated (0, -16).withHeight (14),
                        juce::Justification::centred, false);
        }
}

} // namespace lacquer::ui
