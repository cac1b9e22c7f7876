// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ParamEditor.h"

#include "session/Parameters.h"
#include "ui/SmallControls.h"

#include <algorithm>

namespace lacquer::ui
{

namespace
{

constexpr int cell = 92, rowHeight = 84, headHeight = 24;

} // namespace

juce::String ParamEditor::groupOf (const Param& p, std::span<const Param> table)
{
    const auto dot = p.id.rfind ('.');
    if (dot != std::string_view::npos)
        return utf8 (p.id.substr (0, dot));
    for (const std::string_view id :
         { "mix", "level", "output", "makeup", "auto-level", "auto-gain", "unity" })
        if (p.id == id)
            return "output";
    const auto word = [] (std::string_view id) { return id.substr (0, id.find ('-')); };
    const auto shared = std::count_if (table.begin(), table.end(),
                                       [&] (const Param& q)
                                       {
                                           return q.id.find ('.') == std::string_view::npos &&
                                                  word (q.id) == word (p.id) && q.id != "auto-level" &&
                                                  q.id != "auto-gain";
                                       });
    return shared > 1 ? utf8 (word (p.id)) : juce::String();
}

ParamEditor::ParamEditor (Model& m, Id owner, const juce::String& where) : model (m), bindings (m)
{
    const auto table = model.params (owner);
    for (const auto& p : table)
    {
        if (p.id == session::effectSwitch)
            continue; // the head of the effect has it
        const auto title = groupOf (p, table);
        auto home =
            std::find_if (groups.begin(), groups.end(), [&] (const auto& g) { return g.title == title; });
        if (home == groups.end())
            home = groups.insert (groups.end(), { title, {}, {} });
        std::unique_ptr<ValueControl> c;
        if (! p.isChoice())
            c = std::make_unique<Knob> (p, where, 40, true);
        else if (auto row = std::make_unique<SegmentField> (p, where);
                 p.choices != "Off|On" && row->naturalWidth() <= 3 * cell - 8)
            c = std::move (row);
        else
            c = std::make_unique<MenuField> (p, where);
        bindings.add (*c, owner);
        addAndMakeVisible (*c);
        home->controls.push_back (std::move (c));
    }
    const auto last = [] (const Group& g) { return g.title == "output" || g.title == "sidechain"; };
    std::stable_partition (groups.begin(), groups.end(), [&] (const Group& g) { return ! last (g); });
    std::stable_partition (groups.begin(), groups.end(), [] (const Group& g) { return g.title.isEmpty(); });
    for (auto& group : groups)
        name (group);
    bindings.refresh();
}

void ParamEditor::name (Group& group)
{
    if (group.title.isEmpty())
        return;
    if (group.title == "output")
    {
        group.title = "Output";
        return;
    }
    // "Gate", "Gate threshold", "Gate range": the heading says "Gate" for all.
    const auto first = group.controls.front()->caption;
    const auto saysIt = [&] (const auto& c)
    { return c->caption == first || c->caption.startsWith (first + " "); };
    if (std::all_of (group.controls.begin(), group.controls.end(), saysIt))
    {
        group.title = first;
        if (group.controls.size() > 1)
            for (auto& c : group.controls)
            {
                const auto rest = c->caption.substring (first.length() + 1);
                c->caption = rest.isEmpty() ? juce::String ("On")
                                            : rest.substring (0, 1).toUpperCase() + rest.substring (1);
            }
        return;
    }
    // "Low decay", "Low split": the heading says "Low".
    const auto word = group.title.substring (0, 1).toUpperCase() + group.title.substring (1) + " ";
    if (std::all_of (group.controls.begin(), group.controls.end(),
                     [&] (const auto& c) { return c->caption.startsWith (word); }))
        for (auto& c : group.controls)
        {
            const auto rest = c->caption.substring (word.length());
            c->caption = rest.substring (0, 1).toUpperCase() + rest.substring (1);
        }
    // "eq.band1" is "EQ band 1".
    const auto plain = group.title.replaceCharacter ('.', ' ');
    const auto letters = plain.trimCharactersAtEnd ("0123456789");
    const auto words = letters == plain ? plain : letters + " " + plain.substring (letters.length());
    group.title = (words.substring (0, 1).toUpperCase() + words.substring (1)).replace ("Eq", "EQ");
}

int ParamEditor::cellsOf (const ValueControl& c)
{
    const auto* row = dynamic_cast<const SegmentField*> (&c);
    return row != nullptr ? (row->naturalWidth() + 8 + cell - 1) / cell : 1;
}

int ParamEditor::lay (int width, bool place)
{
    constexpr int gap = 8, pad = 8;
    int x = gap, y = 4, below = y;
    for (auto& group : groups)
    {
        // As wide as it takes, at most the whole width; beside the last one where there is room.
        int sum = 0, widest = 1;
        for (const auto& c : group.controls)
        {
            sum += cellsOf (*c);
            widest = std::max (widest, cellsOf (*c));
        }
        const int most = std::max (widest, (width - 2 * gap - 2 * pad) / cell), across = std::min (sum, most);
        const int cardWidth = across * cell + 2 * pad;
        if (x > gap && x + cardWidth > width - gap)
        {
            x = gap;
            y = below + gap;
        }
        int column = 0, line = 0;
        for (auto& c : group.controls)
        {
            const int cells = cellsOf (*c);
            if (column + cells > across)
            {
                column = 0;
                ++line;
            }
            const juce::Rectangle<int> box (x + pad + column * cell, y + headHeight + line * rowHeight,
                                            cells * cell - 6, rowHeight - 6);
            column += cells;
            if (! place)
                continue;
            if (const auto* menu = dynamic_cast<MenuField*> (c.get()); menu != nullptr && menu->isSwitch())
                c->setBounds (box.withHeight (22).translated (0, 22).withSizeKeepingCentre (38, 22));
            else if (c->param().isChoice())
                c->setBounds (box.withHeight (22).translated (0, 22));
            else
                c->setBounds (box);
        }
        group.card = { x, y, cardWidth, headHeight + (line + 1) * rowHeight };
        below = std::max (below, group.card.getBottom());
        x += cardWidth + gap;
    }
    return below + 4;
}

int ParamEditor::heightFor (int width)
{
    return lay (width, false);
}

void ParamEditor::resized()
{
    lay (getWidth(), true);
}

void ParamEditor::paint (juce::Graphics& g)
{
    for (const auto& group : groups)
    {
        const auto card = group.card.toFloat();
        g.setColour (juce::Colour (0xff1f1b18));
        g.fillRoundedRectangle (card, tokens::radiusCard);
        g.setColour (colour (tokens::line));
        g.drawRoundedRectangle (card.reduced (0.5f), tokens::radiusCard, 1);
        drawFading (g, group.title, font (12, Weight::semibold), colour (tokens::text),
                    card.reduced (10, 0).withHeight (headHeight));
        for (const auto& c : group.controls)
            if (c->param().isChoice())
            {
                g.setColour (colour (tokens::text3));
                g.setFont (font (11, Weight::medium));
                g.drawText (c->caption,
                            c->getBounds().withHeight (14).translated (0, -18).withSizeKeepingCentre (
                                std::max (c->getWidth(), cell - 4), 14),
                            juce::Justification::centred, false);
            }
    }
}

} // namespace lacquer::ui
