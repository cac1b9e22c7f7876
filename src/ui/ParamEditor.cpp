// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ParamEditor.h"

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
    bindings.refresh();
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
            const auto words = group.title.replaceCharacter ('.', ' ');
            drawFading (g, (words.substring (0, 1).toUpperCase() + words.substring (1)).replace ("Eq", "EQ"),
                        font (12, Weight::semibold), colour (tokens::text),
                        group.heading.toFloat().withTrimmedTop (4));
        }
        for (const auto& c : group.controls)
            if (dynamic_cast<MenuField*> (c.get()) != nullptr)
            {
                g.setColour (colour (tokens::text3));
                g.setFont (font (10, Weight::medium));
                g.drawText (utf8 (c->param().name),
                            c->getBounds().withHeight (14).translated (0, -16).withSizeKeepingCentre (92, 14),
                            juce::Justification::centred, false);
            }
    }
}

} // namespace lacquer::ui
