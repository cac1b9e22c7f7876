// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ParamEditor.h"

#include <algorithm>

namespace lacquer::ui
{

ParamEditor::ParamEditor (Model& m, Id owner, const juce::String& where) : model (m), bindings (m)
{
    for (const auto& p : model.params (owner))
    {
        const auto dot = p.id.rfind ('.');
        const auto name = dot == std::string_view::npos ? juce::String() : utf8 (p.id.substr (0, dot));
        if (groups.empty() || groups.back().title != name)
            groups.push_back ({ name, {}, {} });
        std::unique_ptr<ValueControl> c;
        if (p.isChoice())
            c = std::make_unique<MenuField> (p, where);
        else
            c = std::make_unique<Knob> (p, where, 44, true);
        bindings.add (*c, owner);
        addAndMakeVisible (*c);
        groups.back().controls.push_back (std::move (c));
    }
    for (auto& group : groups)
        name (group);
    bindings.refresh();
}

void ParamEditor::name (Group& group)
{
    if (group.title.isEmpty())
        return;
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
    // "eq.band1" is "EQ band 1".
    const auto plain = group.title.replaceCharacter ('.', ' ');
    const auto letters = plain.trimCharactersAtEnd ("0123456789");
    const auto words = letters == plain ? plain : letters + " " + plain.substring (letters.length());
    group.title = (words.substring (0, 1).toUpperCase() + words.substring (1)).replace ("Eq", "EQ");
}

int ParamEditor::lay (int width, bool place)
{
    constexpr int cell = 96, row = 92;
    int y = 4;
    for (auto& group : groups)
    {
        if (group.title.isNotEmpty())
        {
            group.heading = { 12, y, width - 24, 20 };
            y += 24;
        }
        int x = 12;
        for (auto& c : group.controls)
        {
            if (x + cell > width - 12 && x > 12)
            {
                x = 12;
                y += row;
            }
            if (place)
            {
                const juce::Rectangle<int> box (x, y, cell - 8, row - 8);
                if (const auto* menu = dynamic_cast<MenuField*> (c.get()))
                    c->setBounds (menu->isSwitch()
                                      ? box.withHeight (22).translated (0, 16).withSizeKeepingCentre (38, 22)
                                      : box.withHeight (22).translated (0, 16));
                else
                    c->setBounds (box);
            }
            x += cell;
        }
        y += row + 6;
    }
    return y + 4;
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
        if (group.title.isNotEmpty())
        {
            g.setColour (colour (tokens::line));
            g.fillRect (group.heading.withHeight (1));
            drawFading (g, group.title, font (12, Weight::semibold), colour (tokens::text),
                        group.heading.toFloat().withTrimmedTop (4));
        }
        for (const auto& c : group.controls)
            if (dynamic_cast<MenuField*> (c.get()) != nullptr)
            {
                g.setColour (colour (tokens::text3));
                g.setFont (font (10, Weight::medium));
                g.drawText (c->caption,
                            c->getBounds().withHeight (14).translated (0, -16).withSizeKeepingCentre (92, 14),
                            juce::Justification::centred, false);
            }
    }
}

} // namespace lacquer::ui
