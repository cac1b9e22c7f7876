// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StripParts.h"

#include "mix/Catalogue.h"
#include "session/Find.h"
#include "session/Parameters.h"
#include "ui/EqCurve.h"

#include <cmath>

namespace lacquer::ui
{

const Param* switchOf (const Model& model, Id strip, std::string_view prefix)
{
    return findParam (model.params (strip), std::string (prefix) + "on");
}

bool acts (const Model& model, Id strip, std::string_view prefix)
{
    const auto* on = switchOf (model, strip, prefix);
    if (on == nullptr || model.value (strip, on->id) < 0.5)
        return false;
    if (prefix != "eq.")
        return true;
    const auto& eq = EqTable::of (model.params (strip));
    if (! eq)
        return false;
    const auto bands = eq->states (model, strip);
    return std::any_of (bands.begin(), bands.end(), [] (const auto& b) { return b.acts(); });
}

bool effectIsOn (const Model& model, Id effect)
{
    if (findParam (model.params (effect), session::effectSwitch) != nullptr)
        return model.value (effect, session::effectSwitch) >= 0.5;
    const auto* e = session::effectOf (model.project(), effect); // of a type nobody knows
    return e != nullptr && e->on;
}

void switchEffect (Model& model, Id effect, bool on)
{
    model.set (effect, session::effectSwitch, on ? 1 : 0, newGesture());
}

Id firstEffect (const Model& model, Id strip)
{
    const auto* s = session::stripOf (model.project(), strip);
    return s == nullptr || s->inserts.empty() ? Id {} : s->inserts.front()->id;
}

double InputLevel::advance (const Model& model)
{
    const auto count = model.heard (false, left, right);
    const auto fresh = std::min<std::uint64_t> (left.size(), count - std::min (count, read));
    read = count;
    float most = 0;
    for (auto n = left.size() - fresh; n < left.size(); ++n)
        most = std::max ({ most, std::abs (left[n]), std::abs (right[n]) });
    return decibelsOf (static_cast<double> (most)).value;
}

ModulePanel::ModulePanel (Model& m, Id s, const juce::String& where, const ConsolePart& p, Size z)
    : model (m), strip (s), part (p), size (z), bindings (m)
{
    const auto table = model.params (strip);
    const auto place = juce::String (part.name) + ", " + where;
    setTitle (place);
    if (const auto* on = switchOf (model, strip, part.prefix))
    {
        power = std::make_unique<PowerSwitch> (*on, where);
        bindings.add (*power, strip);
        addAndMakeVisible (*power);
    }
    dynamics = DynamicsTable::of (table, part.prefix);
    if (dynamics && ! (size == Size::small && dynamics->gates()))
    {
        if (! dynamics->gates())
        {
            transfer = std::make_unique<TransferGraph> (model, strip, *dynamics, place);
            addAndMakeVisible (*transfer);
        }
        history = std::make_unique<DynamicsHistory> (model, strip, *dynamics, place);
        addAndMakeVisible (*history);
    }
    if (! dynamics && size == Size::large && SaturationGraph::suits (table, part.prefix))
    {
        saturation = std::make_unique<SaturationGraph> (model, strip, std::string (part.prefix), place);
        addAndMakeVisible (*saturation);
    }
    for (const auto& p2 : table)
    {
        if (! p2.id.starts_with (part.prefix) || p2.isChoice())
            continue;
        auto knob = std::make_unique<Knob> (p2, where, 38, true);
        // "Gate threshold" under the heading "Gate" is "Threshold".
        for (const auto* word : { "Gate ", "Saturation " })
            if (knob->caption.startsWith (word))
                knob->caption =
                    knob->caption.substring (juce::String (word).length(), juce::String (word).length() + 1)
                        .toUpperCase() +
                    knob->caption.substring (juce::String (word).length() + 1);
        bindings.add (*knob, strip);
        addAndMakeVisible (*knob);
        knobs.push_back (std::move (knob));
    }
    refresh();
}

void ModulePanel::refresh()
{
    bindings.refresh();
    drawValues();
}

void ModulePanel::drawValues()
{
    if (transfer != nullptr)
        transfer->refresh();
    if (history != nullptr)
        history->refresh();
    if (saturation != nullptr)
        saturation->refresh();
}

void ModulePanel::advance (double input, double seconds)
{
    if (bindings.advance())
        drawValues();
    if (! dynamics)
        return;
    const bool on = power == nullptr || power->drawn() >= 0.5;
    const double reduction = dynamics->gates() || ! on ? 0 : model.reduction (strip);
    if (transfer != nullptr)
        transfer->advance (input);
    if (history != nullptr)
        history->advance (input, reduction, seconds);
    juce::String now;
    if (dynamics->gates())
    {
        const auto value = [&] (const Param* p) { return p != nullptr ? model.sounding (strip, p->id) : 0; };
        const bool open = gate.advance (input, value (dynamics->threshold), value (dynamics->hysteresis),
                                        value (dynamics->hold) / 1000, seconds);
        now = ! on ? "" : open ? "open" : "closed";
    }
    else
    {
        worst = std::max (reduction, worst - 20 / 1.7 * seconds);
        now = worst > 0.05 ? ui::shown (juce::String (-worst, 1).toStdString()) + " dB" : juce::String();
    }
    if (std::exchange (state, now) != now)
        repaint (head());
}

void ModulePanel::setCompact (bool c)
{
    compact = c;
    resized();
}

juce::Rectangle<int> ModulePanel::head() const
{
    return getLocalBounds().withHeight (compact || size == Size::small ? 30 : 36);
}

void ModulePanel::resized()
{
    auto r = getLocalBounds();
    auto top = head();
    r.removeFromTop (top.getHeight());
    if (power != nullptr)
        power->setBounds (top.removeFromLeft (34).withSizeKeepingCentre (22, 22).translated (2, 0));
    r = r.reduced (size == Size::large ? 12 : 10, 0).withTrimmedBottom (4);
    const int knobRow = 70;
    const int perRow = std::max (1, r.getWidth() / (size == Size::small ? 50 : 58));
    const int wanted = static_cast<int> (knobs.size());
    const bool pictured = transfer != nullptr || history != nullptr || saturation != nullptr;
    // Knobs in as many rows as leave the picture 60 px; those beyond give way.
    const int most =
        pictured ? std::max (1, (r.getHeight() - 56) / knobRow) : std::max (1, r.getHeight() / knobRow);
    const int rows = std::min ((wanted + perRow - 1) / perRow, most);
    auto below = r.removeFromBottom (rows * knobRow);
    r.removeFromBottom (6);
    if (transfer != nullptr)
    {
        const int side = std::min (r.getHeight(), r.getWidth() * 32 / 100);
        transfer->setBounds (
            r.removeFromLeft (size == Size::small ? r.getWidth() * 42 / 100 : std::max (side, 60)));
        r.removeFromLeft (8);
    }
    if (history != nullptr)
        history->setBounds (r);
    if (saturation != nullptr)
        saturation->setBounds (r);
    const int inRow = std::min (wanted, std::max (1, (wanted + rows - 1) / std::max (1, rows)));
    for (int n = 0; n < wanted; ++n)
    {
        auto& k = *knobs[static_cast<std::size_t> (n)];
        const int row = n / std::min (perRow, std::max (1, inRow)),
                  column = n % std::min (perRow, std::max (1, inRow));
        k.setVisible (row < rows);
        const int cells = std::min (perRow, std::max (1, inRow));
        const int w = below.getWidth() / cells;
        k.setBounds (below.getX() + column * w, below.getY() + row * knobRow, w, knobRow);
    }
}

void ModulePanel::paint (juce::Graphics& g)
{
    auto top = head();
    auto line = top.withTrimmedLeft (36).withTrimmedRight (12).toFloat();
    if (! g.clipRegionIntersects (top))
        return;
    g.setColour (colour (tokens::text));
    g.setFont (font (13, Weight::semibold));
    g.drawText (part.name, line, juce::Justification::centredLeft, false);
    if (state.isNotEmpty())
    {
        g.setColour (colour (dynamics && dynamics->gates() ? state == "open" ? tokens::seiji : tokens::text3
                                                           : tokens::ruri));
        drawTabular (g, state, font (12, Weight::semibold), line, juce::Justification::centredRight);
    }
}

SendsPanel::SendsPanel (Model& m, Id s, const juce::String& w, bool p)
    : model (m), strip (s), where (w), pictures (p), bindings (m)
{
    setTitle ("Sends, " + where);
    setHelpText ("Drag a line for the level. Right-click a name for more.");
    add.setHelpText ("Sends this strip to a return.");
    add.onPress = [this] (auto) { addMenu(); };
    addAndMakeVisible (add);
    rebuild();
}

void SendsPanel::rebuild()
{
    bindings.clear();
    rows.clear();
    const auto* s = session::stripOf (model.project(), strip);
    shown = s != nullptr ? s->sends : decltype (shown) {};
    const auto table = model.params (strip);
    for (int n = 0; n < session::Strip::sendSlots; ++n)
    {
        const auto* to = session::stripOf (model.project(), shown[static_cast<std::size_t> (n)]);
        const auto id = "send" + std::to_string (n + 1);
        const auto* level = findParam (table, id + ".level");
        const auto* pre = findParam (table, id + ".pre");
        if (to == nullptr || level == nullptr)
            continue;
        Row row;
        row.slot = n;
        row.to = to->id;
        row.name = utf8 (to->name);
        row.colour = utf8 (to->colour);
        row.level = std::make_unique<LevelSlider> (*level, "Send " + row.name + ", " + where);
        bindings.add (*row.level, strip);
        addAndMakeVisible (*row.level);
        if (pre != nullptr)
        {
            row.pre = std::make_unique<SegmentField> (*pre, "Send " + row.name + ", " + where);
            row.pre->words = { "Post", "Pre" };
            bindings.add (*row.pre, strip);
            addAndMakeVisible (*row.pre);
        }
        if (const auto first = firstEffect (model, to->id);
            pictures && first && EchoGraph::suits (model.params (first)))
        {
            row.picture = std::make_unique<EchoGraph> (model, first, row.name);
            addAndMakeVisible (*row.picture);
        }
        rows.push_back (std::move (row));
    }
    bindings.refresh();
    resized();
    repaint();
}

void SendsPanel::refresh()
{
    const auto* s = session::stripOf (model.project(), strip);
    if (s != nullptr && s->sends != shown)
        rebuild();
    bindings.refresh();
    for (auto& row : rows)
        if (row.picture != nullptr)
            row.picture->refresh();
}

void SendsPanel::advance()
{
    bindings.advance();
    for (auto& row : rows)
        if (row.picture != nullptr && inView (*row.picture))
            row.picture->refresh();
}

void SendsPanel::setCompact (bool c)
{
    compact = c;
    resized();
}

int SendsPanel::rowHeight (const Row& row) const
{
    return ! pictures ? 24 : row.picture != nullptr && ! compact ? 108 : 50;
}

int SendsPanel::heightFor() const
{
    int sum = 32;
    for (const auto& row : rows)
        sum += rowHeight (row);
    return sum + 4;
}

void SendsPanel::resized()
{
    auto r = getLocalBounds();
    auto head = r.removeFromTop (compact ? 30 : 36);
    add.setBounds (head.removeFromRight (34).withSizeKeepingCentre (24, 24));
    r = r.reduced (12, 0);
    for (auto& row : rows)
    {
        const int height = rowHeight (row);
        auto box = r.removeFromTop (height);
        const bool fits = box.getHeight() == height;
        row.level->setVisible (fits);
        if (row.pre != nullptr)
            row.pre->setVisible (fits && pictures);
        if (row.picture != nullptr)
            row.picture->setVisible (fits && ! compact);
        row.title = fits ? box : juce::Rectangle<int>();
        if (! fits)
            continue;
        if (! pictures)
        {
            row.title = box.removeFromLeft (70);
            row.level->setBounds (box.reduced (0, 2));
            continue;
        }
        row.title = box.removeFromTop (24);
        if (row.pre != nullptr)
            row.pre->setBounds (
                row.title.withLeft (row.title.getRight() - 84).withSizeKeepingCentre (84, 20));
        row.title.removeFromRight (90);
        if (row.picture != nullptr && ! compact)
            row.picture->setBounds (box.removeFromTop (54).reduced (0, 2));
        row.level->setBounds (box.removeFromTop (24));
    }
}

void SendsPanel::paint (juce::Graphics& g)
{
    const auto head = getLocalBounds().withHeight (compact ? 30 : 36).reduced (12, 0).toFloat();
    g.setColour (colour (tokens::text));
    g.setFont (font (13, Weight::semibold));
    g.drawText ("Sends", head, juce::Justification::centredLeft, false);
    if (rows.empty())
        drawFading (g, "No sends. Add one with +.", font (11), colour (tokens::text3),
                    getLocalBounds()
                        .withTrimmedTop (head.toNearestInt().getHeight())
                        .withHeight (20)
                        .reduced (12, 0)
                        .toFloat());
    for (const auto& row : rows)
    {
        auto t = row.title.toFloat();
        g.setColour (pigment (row.colour.toStdString()));
        g.fillRect (t.removeFromLeft (3).reduced (0, 5));
        t.removeFromLeft (8);
        drawFading (g, row.name, font (12, Weight::medium), colour (tokens::text), t);
    }
}

void SendsPanel::mouseDown (const juce::MouseEvent& e)
{
    for (const auto& row : rows)
        if (row.title.contains (e.getPosition()))
            rowMenu (row);
}

void SendsPanel::addMenu()
{
    juce::PopupMenu m;
    addSendEntries (m, model, strip);
    m.showMenuAsync (juce::PopupMenu::Options().withTargetComponent (&add).withDeletionCheck (*this));
}

void SendsPanel::rowMenu (const Row& row)
{
    juce::PopupMenu m;
    const auto id = "send" + std::to_string (row.slot + 1);
    const bool on = model.value (strip, id + ".on") >= 0.5;
    m.addItem ("On", true, on, [this, id, on] { model.set (strip, id + ".on", on ? 0 : 1, newGesture()); });
    m.addItem ("Remove", [this, slot = row.slot]
               { model.edit (session::withSend (model.project(), strip, slot, {}), newGesture()); });
    m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
}

void showEffectMenu (Model& model, Id strip, juce::Component& at, std::function<void (Id)> made)
{
    juce::PopupMenu m;
    for (const auto& type : mix::catalogue())
        m.addItem (utf8 (type.name),
                   [&model, strip, id = std::string (type.id), made]
                   {
                       auto edit = session::addedEffect (model.project(), strip, id, -1, true);
                       const auto effect = edit ? edit->made : Id {};
                       if (model.edit (std::move (edit), newGesture()) && made)
                           made (effect);
                   });
    m.showMenuAsync (juce::PopupMenu::Options().withTargetComponent (&at).withDeletionCheck (at));
}

void addSendEntries (juce::PopupMenu& m, Model& model, Id strip)
{
    const auto* s = session::stripOf (model.project(), strip);
    if (s == nullptr)
        return;
    const auto free = std::find (s->sends.begin(), s->sends.end(), Id {});
    const int slot = static_cast<int> (free - s->sends.begin());
    bool any = false;
    for (const auto& r : model.song().returns)
        if (r->id != strip && std::find (s->sends.begin(), s->sends.end(), r->id) == s->sends.end())
        {
            any = true;
            m.addItem ("Send to " + utf8 (r->name), free != s->sends.end(), false,
                       [&model, strip, slot, to = r->id]
                       {
                           const auto key = newGesture();
                           if (model.edit (session::withSend (model.project(), strip, slot, to), key))
                               model.set (strip, "send" + std::to_string (slot + 1) + ".level", -12, key);
                       });
        }
    if (! any)
        m.addItem ("There is no other return to send to", false, false, nullptr);
    m.addItem ("Send to a new return",
               [&model, strip, slot]
               {
                   const auto key = newGesture();
                   auto made = session::addedReturn (model.project(), model.song().id, "Return", "ai");
                   const auto to = made ? made->made : Id {};
                   if (model.edit (std::move (made), key))
                       model.edit (session::withSend (model.project(), strip, slot, to), key);
               });
}

void addOutputEntries (juce::PopupMenu& m, Model& model, Id strip)
{
    const auto* s = session::stripOf (model.project(), strip);
    if (s == nullptr || s->kind == session::StripKind::mix)
        return;
    const auto entry = [&] (const session::Strip& to)
    {
        if (to.id != strip)
            m.addItem (utf8 (to.name), true, to.id == s->output,
                       [&model, strip, id = to.id]
                       { model.edit (session::withOutput (model.project(), strip, id), newGesture()); });
    };
    entry (*model.song().mix);
    for (const auto& g : model.song().groups)
        entry (*g);
}

} // namespace lacquer::ui
