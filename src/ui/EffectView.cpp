// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EffectView.h"

#include "session/Find.h"
#include "studio/Catalogue.h"
#include "ui/PresetBrowser.h"

namespace lacquer::ui
{

EffectView::EffectView (Model& m, Id e, const juce::String& where) : model (m), effect (e)
{
    const auto table = model.params (effect);
    if (const auto* kept = session::effectOf (model.project(), effect))
    {
        const auto* type = studio::effectOf (kept->type);
        title = type != nullptr ? utf8 (type->name) : utf8 (kept->type);
        help = type != nullptr
                   ? utf8 (type->help)
                   : juce::String ("This version does not know this effect. It passes sound through "
                                   "and keeps its settings.");
    }
    const auto place = title + ", " + where;
    if (const auto& bands = EqTable::of (table))
    {
        eq = std::make_unique<EqPanel> (model, effect, *bands, place);
        addAndMakeVisible (*eq);
    }
    else if (const auto dynamics = DynamicsTable::of (table, ""))
    {
        transfer = std::make_unique<TransferGraph> (model, effect, *dynamics, place);
        history = std::make_unique<DynamicsHistory> (model, effect, *dynamics, place);
        addAndMakeVisible (*transfer);
        addAndMakeVisible (*history);
    }
    else if (const auto* kept = session::effectOf (model.project(), effect))
        if (const auto* type = studio::effectOf (kept->type))
        {
            portrait = std::make_unique<PortraitGraph> (model, effect, *type, place);
            addAndMakeVisible (*portrait);
        }
    if (eq == nullptr)
    {
        controls = std::make_unique<ParamEditor> (model, effect, place);
        scroll.setViewedComponent (controls.get(), false);
        scroll.setScrollBarsShown (true, false);
        scroll.setScrollBarThickness (9);
        addAndMakeVisible (scroll);
    }
    presets.textSize = 11;
    presets.setHelpText ("Presets of this effect: to try, to keep, to save your own.");
    presets.onPress = [this] (auto) { PresetBrowser::open (model, effect, presets); };
    addAndMakeVisible (presets);
    refresh();
}

EffectView::~EffectView()
{
    scroll.setViewedComponent (nullptr, false);
}

void EffectView::refresh()
{
    if (eq != nullptr)
        eq->refresh();
    if (transfer != nullptr)
    {
        transfer->refresh();
        history->refresh();
    }
    if (portrait != nullptr)
        portrait->refresh();
    if (controls != nullptr)
        controls->refresh();
}

void EffectView::advance (double input, double seconds)
{
    if (eq != nullptr)
        eq->advance (seconds);
    if (controls != nullptr && controls->advance())
    {
        if (transfer != nullptr)
        {
            transfer->refresh();
            history->refresh();
        }
        stale = portrait != nullptr;
    }
    // A portrait takes a rendering, which the song may need more: it is made when nothing moves any more.
    if (stale && ! model.playing())
    {
        stale = false;
        portrait->refresh();
    }
    if (transfer != nullptr)
    {
        transfer->advance (input);
        history->advance (input, model.reduction (effect), seconds);
    }
    if (portrait != nullptr)
        portrait->advance (input, model.reduction (effect), seconds);
}

void EffectView::setCompact (bool compact)
{
    if (eq != nullptr)
        eq->setCompact (compact);
}

void EffectView::stopListening()
{
    if (eq != nullptr)
        eq->curve().listenTo (-1);
}

void EffectView::resized()
{
    auto r = getLocalBounds();
    if (eq != nullptr)
    {
        eq->setBounds (r);
        presets.setBounds (r.removeFromTop (40).removeFromRight (84).reduced (8, 8));
        presets.toFront (false);
        return;
    }
    presets.setBounds (r.removeFromTop (44).removeFromRight (84).withSizeKeepingCentre (68, 24));
    r = r.reduced (12, 0);
    // The picture has what the controls leave, but a good part of it in any case.
    const int width = r.getWidth() - 9,
              graph = std::clamp (r.getHeight() - 8 - controls->heightFor (width), r.getHeight() * 40 / 100,
                                  std::max (r.getHeight() * 40 / 100, 440));
    if (transfer != nullptr)
    {
        auto top = r.removeFromTop (graph);
        transfer->setBounds (top.removeFromLeft (std::min (graph, top.getWidth() * 4 / 10)));
        top.removeFromLeft (10);
        history->setBounds (top);
    }
    else if (portrait != nullptr)
        portrait->setBounds (r.removeFromTop (graph));
    r.removeFromTop (8);
    scroll.setBounds (r);
    controls->setSize (width, std::max (controls->heightFor (width), r.getHeight()));
}

void EffectView::paint (juce::Graphics& g)
{
    if (eq != nullptr)
        return;
    g.fillAll (colour (tokens::panel));
    auto head = getLocalBounds().removeFromTop (44).reduced (14, 0).withTrimmedRight (76).toFloat();
    const auto bold = font (tokens::titleSize, Weight::semibold);
    drawFading (g, title, bold, colour (tokens::text), head);
    drawFading (g, help, font (12), colour (tokens::text3),
                head.withTrimmedLeft (bold.getStringWidthFloat (title) + 14).translated (0, 1));
}

} // namespace lacquer::ui
