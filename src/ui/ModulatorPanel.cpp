// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ModulatorPanel.h"

#include "session/Find.h"
#include "session/ModulatorEdits.h"
#include "studio/Modulators.h"
#include "ui/AutomationMenu.h"

#include <cmath>

namespace lacquer::ui
{

using session::ModulatorKind;

ModulatorPicture::ModulatorPicture (Model& m) : model (m)
{
    setTitle ("Course of the modulator");
}

const session::Modulator* ModulatorPicture::modulator() const
{
    return session::modulatorOf (model.project(), shown);
}

void ModulatorPicture::show (Id id)
{
    shown = id;
    refresh();
}

double ModulatorPicture::span() const
{
    const auto* m = modulator();
    if (m == nullptr)
        return 1;
    const auto value = [&] (const char* id) { return model.value (shown, id); };
    // Two swings, one sequence, eight random values.
    const double rounds = m->kind == ModulatorKind::lfo     ? 2
                          : m->kind == ModulatorKind::steps ? value ("count") + 1
                                                            : 8;
    const double one = value ("sync") >= 0.5 ? engine::quartersIn (static_cast<int> (value ("length"))) * 60 /
                                                   model.tempo().bpmAt (model.position())
                                             : 1 / std::max (0.01, value ("rate"));
    return rounds * one;
}

void ModulatorPicture::refresh()
{
    line.clear();
    course = nullptr;
    const auto* m = modulator();
    if (m == nullptr || getWidth() < 4)
        return;
    setHelpText (m->kind == ModulatorKind::steps ? "Drag the bars to set the steps."
                                                 : "What it does to everything that it is mapped to.");
    course = studio::courseOf (
        *m, std::make_shared<const TempoMap> (model.sampleRate(), model.song().tempi, model.song().metres));
    const auto r = getLocalBounds().toFloat().reduced (1, 3);
    for (int x = 0; x < getWidth(); ++x)
    {
        const float y = r.getCentreY() -
                        static_cast<float> (at (static_cast<double> (x) / getWidth())) * r.getHeight() / 2;
        if (x == 0)
            line.startNewSubPath (0, y);
        else
            line.lineTo (static_cast<float> (x), y);
    }
    repaint();
}

double ModulatorPicture::at (double share) const
{
    const auto* m = modulator();
    if (m == nullptr)
        return 0;
    if (course != nullptr)
    {
        // The stretch that the song is in, from a whole number of stretches on.
        const double length = span() * model.sampleRate();
        return course->at (static_cast<Frames> (
            length * (std::floor (static_cast<double> (model.position()) / length) + share)));
    }
    if (m->kind == ModulatorKind::macro)
        return model.value (shown, "value") / 50 - 1;
    // A follower: how far it is up by level, from -80 to 6 dB.
    const double floor = model.value (shown, "floor"), top = model.value (shown, "top");
    return 2 * std::clamp ((share * 86 - 80 - floor) / std::max (0.1, top - floor), 0.0, 1.0) - 1;
}

void ModulatorPicture::advance (double level)
{
    const auto* m = modulator();
    if (m == nullptr || getWidth() < 4)
        return;
    float now = -1;
    if (course != nullptr)
    {
        const double length = span() * model.sampleRate(), place = static_cast<double> (model.position());
        now = static_cast<float> (place / length - std::floor (place / length)) *
              static_cast<float> (getWidth());
        // Random values are others in the next stretch.
        if (m->kind == ModulatorKind::random && now < mark)
            refresh();
    }
    else if (m->kind == ModulatorKind::follower)
        now = static_cast<float> (std::clamp ((level + 80) / 86, 0.0, 1.0)) * static_cast<float> (getWidth());
    if (std::abs (now - mark) >= 0.5f)
    {
        mark = now;
        repaint();
    }
}

void ModulatorPicture::paint (juce::Graphics& g)
{
    const auto r = getLocalBounds().toFloat();
    g.setColour (colour (tokens::well));
    g.fillRoundedRectangle (r, tokens::radiusControl);
    const auto* m = modulator();
    if (m == nullptr)
        return;
    g.setColour (colour (tokens::line));
    g.fillRect (0.0f, std::round (r.getCentreY()), r.getWidth(), 1.0f);
    const auto tint = colour (m->on ? tokens::fuji : tokens::off);
    g.setColour (tint);
    g.strokePath (line, juce::PathStrokeType (1.6f));
    if (mark < 0 || ! m->on)
        return;
    const float y = r.getCentreY() - static_cast<float> (at (static_cast<double> (mark) / getWidth())) *
                                         (r.getHeight() - 6) / 2;
    g.fillEllipse (juce::Rectangle<float> (6, 6).withCentre ({ mark, y }));
}

void ModulatorPicture::mouseDown (const juce::MouseEvent& e)
{
    gesture = newGesture();
    mouseDrag (e);
}

void ModulatorPicture::mouseDrag (const juce::MouseEvent& e)
{
    const auto* m = modulator();
    if (m == nullptr || m->kind != ModulatorKind::steps || e.mods.isPopupMenu())
        return;
    const int count = static_cast<int> (model.value (shown, "count")) + 1;
    const int step = std::clamp (e.x * count / std::max (1, getWidth()), 0, count - 1) + 1;
    const double height =
        std::clamp (1 - 2 * static_cast<double> (e.y) / std::max (1, getHeight()), -1.0, 1.0);
    model.set (shown, "step" + std::to_string (step), std::round (height * 100), gesture);
    refresh();
}

// ---- one modulator

ModulatorPanel::ModulatorPanel (Model& m) : model (m), bindings (m), shape (m)
{
    setOpaque (true);
    setTitle ("Modulator");
    back.onPress = [this] (auto)
    {
        if (onBack)
            onBack();
    };
    back.setHelpText ("Back to the track.");
    on.onPress = [this] (auto)
    {
        if (const auto* one = session::modulatorOf (model.project(), shown))
            model.edit (session::switchedModulator (model.project(), shown, ! one->on), newGesture());
        refresh();
    };
    remove.onPress = [this] (auto)
    {
        model.edit (session::removedModulator (model.project(), shown), newGesture());
        if (onBack)
            onBack();
    };
    source.onPress = [this] (auto) { sourceMenu(); };
    source.setHelpText ("Whose level it follows, after the fader.");
    map.onPress = [this] (auto) { mapMenu(); };
    map.setHelpText ("Chooses a parameter that it moves. Or: right-click a control.");
    for (auto* b : { &back, &on, &remove, &source, &map })
    {
        b->textSize = 11;
        addAndMakeVisible (*b);
    }
    addAndMakeVisible (shape);
}

void ModulatorPanel::show (Id id)
{
    shown = id;
    rebuild();
}

void ModulatorPanel::rebuild()
{
    bindings.clear();
    settings.clear();
    targets.clear();
    listed.clear();
    const auto* m = session::modulatorOf (model.project(), shown);
    if (m == nullptr)
        return;
    const auto where = utf8 (m->name);
    for (const auto& p : model.params (shown))
    {
        if (p.id.starts_with ("step"))
            continue; // set in the picture
        std::unique_ptr<ValueControl> c;
        if (p.isChoice())
            c = std::make_unique<MenuField> (p, where);
        else
            c = std::make_unique<NumberField> (p, where, true);
        bindings.add (*c, shown);
        const auto set = c->onChange;
        c->onChange = [this, set] (double v, Gesture key)
        {
            set (v, key);
            shape.refresh();
        };
        addAndMakeVisible (*c);
        settings.push_back (std::move (c));
    }
    source.setVisible (m->kind == ModulatorKind::follower);
    listed = m->targets;
    targets.reserve (listed.size());
    for (const auto& t : listed)
    {
        const auto* p = findParam (model.params (t.target), t.parameter);
        if (p == nullptr)
            continue;
        auto& row = targets.emplace_back();
        row.what = t;
        row.name = utf8 (p->name) + ", " + nameOfTarget (model.project(), t.target);
        const bool octaves = p->taper == Taper::logarithmic;
        const float most = octaves ? 6 : p->max - p->min;
        row.spec = asNumber<Param> ("depth", "Depth", { -most, most }, 0, Taper::linear,
                                    "How far it moves the parameter.");
        row.spec.unit = octaves ? "oct" : p->unit;
        row.depth = std::make_unique<NumberField> (row.spec, row.name, true, 11.0f,
                                                   juce::Justification::centredRight);
        row.depth->show (t.depth);
        row.depth->onChange = [this, t] (double v, Gesture key)
        {
            auto changed = t;
            changed.depth = v;
            if (const auto* now = session::modulatorOf (model.project(), shown))
                for (const auto& one : now->targets)
                    if (one.target == t.target && one.parameter == t.parameter)
                        changed.bipolar = one.bipolar;
            setTarget (changed, key);
        };
        row.sides = std::make_unique<Button> (
            t.bipolar ? juce::String (juce::CharPointer_UTF8 ("\xc2\xb1")) : juce::String ("+"), Face::plain);
        row.sides->setTitle ("Polarity, " + row.name);
        row.sides->setHelpText ("To both sides of the value, or from it to one.");
        row.sides->onPress = [this, t] (auto)
        {
            auto changed = t;
            if (const auto* now = session::modulatorOf (model.project(), shown))
                for (const auto& one : now->targets)
                    if (one.target == t.target && one.parameter == t.parameter)
                        changed = one;
            changed.bipolar = ! changed.bipolar;
            setTarget (changed, newGesture());
        };
        row.off = std::make_unique<Button> ("x", Face::quiet);
        row.off->setTitle ("Stop moving " + row.name);
        row.off->onPress = [this, t] (auto)
        {
            model.edit (session::withoutModulation (model.project(), shown, t.target, t.parameter),
                        newGesture());
            juce::MessageManager::callAsync (
                [safe = SafePointer<ModulatorPanel> (this)]
                {
                    if (safe != nullptr)
                        safe->refresh();
                });
        };
        for (juce::Component* c : { static_cast<juce::Component*> (row.depth.get()),
                                    static_cast<juce::Component*> (row.sides.get()),
                                    static_cast<juce::Component*> (row.off.get()) })
            addAndMakeVisible (c);
    }
    shape.show (shown);
    refresh();
    resized();
    repaint();
}

void ModulatorPanel::setTarget (const session::Modulation& changed, Gesture key)
{
    model.edit (session::withModulation (model.project(), shown, changed), key);
    refresh();
}

void ModulatorPanel::refresh()
{
    const auto* m = session::modulatorOf (model.project(), shown);
    if (m == nullptr)
        return;
    const auto same = [] (const session::Modulation& a, const session::Modulation& b)
    { return a.target == b.target && a.parameter == b.parameter; };
    if (! std::equal (listed.begin(), listed.end(), m->targets.begin(), m->targets.end(), same))
        return rebuild();
    bindings.refresh();
    listed = m->targets;
    for (auto& row : targets)
        for (const auto& t : listed)
            if (same (row.what, t))
            {
                row.depth->show (t.depth);
                row.sides->setButtonText (t.bipolar ? juce::String (juce::CharPointer_UTF8 ("\xc2\xb1"))
                                                    : juce::String ("+"));
            }
    on.setToggleState (m->on, juce::dontSendNotification);
    source.setButtonText (m->source ? nameOfTarget (model.project(), m->source)
                                    : juce::String ("Follow ..."));
    shape.refresh();
}

void ModulatorPanel::advance (double level)
{
    bindings.advance();
    shape.advance (level);
}

void ModulatorPanel::mapMenu()
{
    juce::PopupMenu menu;
    const auto* m = session::modulatorOf (model.project(), shown);
    if (m == nullptr)
        return;
    const auto owner = [&] (Id id)
    {
        juce::PopupMenu sub;
        addParameterEntries (
            sub, model, id,
            [m] (Id target, std::string_view param)
            {
                return std::any_of (m->targets.begin(), m->targets.end(),
                                    [&] (const auto& t)
                                    { return t.target == target && t.parameter == param; })
                           ? Entry::ticked
                           : Entry::plain;
            },
            [this, both = m->kind != ModulatorKind::macro] (Id target, const std::string& param)
            {
                if (const auto* p = findParam (model.params (target), param))
                    model.edit (session::withModulation (model.project(), shown,
                                                         { target, param, usualDepth (*p), both }),
                                newGesture());
                refresh();
            });
        if (sub.getNumItems() > 0)
            menu.addSubMenu (nameOfTarget (model.project(), id), sub);
    };
    session::forEachStrip (model.song(), [&] (const session::Strip& s) { owner (s.id); });
    owner (model.song().master->id);
    menu.showMenuAsync (juce::PopupMenu::Options().withTargetComponent (&map).withDeletionCheck (*this));
}

void ModulatorPanel::sourceMenu()
{
    juce::PopupMenu menu;
    const auto* m = session::modulatorOf (model.project(), shown);
    session::forEachStrip (model.song(),
                           [&] (const session::Strip& s)
                           {
                               menu.addItem (utf8 (s.name), true, m != nullptr && m->source == s.id,
                                             [this, id = s.id]
                                             {
                                                 model.edit (session::withSource (model.project(), shown, id),
                                                             newGesture());
                                                 refresh();
                                             });
                           });
    menu.showMenuAsync (juce::PopupMenu::Options().withTargetComponent (&source).withDeletionCheck (*this));
}

void ModulatorPanel::resized()
{
    auto r = getLocalBounds();
    auto top = r.removeFromTop (40).reduced (12, 8);
    back.setBounds (top.removeFromLeft (46));
    remove.setBounds (top.removeFromRight (60));
    top.removeFromRight (4);
    on.setBounds (top.removeFromRight (36));
    title = top.withTrimmedLeft (10);
    r = r.reduced (12, 0);
    shape.setBounds (r.removeFromTop (96).reduced (0, 4));
    labels.clear();
    if (source.isVisible())
    {
        source.setBounds (r.removeFromTop (30).reduced (0, 3).withTrimmedLeft (90));
    }
    for (auto& c : settings)
    {
        auto line = r.removeFromTop (30).reduced (0, 3);
        labels.push_back (line.removeFromLeft (90));
        c->setBounds (line);
    }
    targetsHead = r.removeFromTop (40).withTrimmedTop (12);
    map.setBounds (targetsHead.withLeft (targetsHead.getRight() - 76));
    for (auto& row : targets)
    {
        auto line = r.removeFromTop (28).reduced (0, 2);
        row.off->setBounds (line.removeFromRight (24));
        line.removeFromRight (4);
        row.sides->setBounds (line.removeFromRight (26));
        line.removeFromRight (4);
        row.depth->setBounds (line.removeFromRight (72));
        row.place = line;
    }
}

void ModulatorPanel::paint (juce::Graphics& g)
{
    paintPanel (g, getLocalBounds());
    const auto* m = session::modulatorOf (model.project(), shown);
    if (m == nullptr)
        return;
    drawFading (g, utf8 (m->name), font (tokens::titleSize, Weight::semibold), colour (tokens::text),
                title.toFloat());
    for (std::size_t n = 0; n < settings.size() && n < labels.size(); ++n)
        drawFading (g, settings[n]->caption, font (12), colour (tokens::text2), labels[n].toFloat());
    if (source.isVisible())
        drawFading (g, "Follows", font (12), colour (tokens::text2),
                    source.getBounds().withX (12).withWidth (86).toFloat());
    drawFading (g, "Moves", font (13, Weight::semibold), colour (tokens::text), targetsHead.toFloat());
    if (targets.empty())
        drawFading (g, "Nothing yet. Map it to a parameter.", font (11), colour (tokens::text3),
                    targetsHead.translated (0, 28).toFloat());
    for (const auto& row : targets)
        drawFading (g, row.name, font (12), colour (tokens::text2), row.place.toFloat());
}

// ---- all of them

ModulatorList::ModulatorList (Model& m) : model (m)
{
    setTitle ("Modulators");
    setHelpText ("What moves parameters by itself. Click one to see it, right-click for more.");
    add.textSize = 11;
    add.setHelpText ("An LFO, a follower of a level, a sequence, random values, or a macro knob.");
    add.onPress = [this] (auto)
    {
        juce::PopupMenu menu;
        addNewModulatorEntries (menu, model, {}, {}, *this);
        menu.showMenuAsync (juce::PopupMenu::Options().withTargetComponent (&add).withDeletionCheck (*this));
    };
    addAndMakeVisible (add);
}

int ModulatorList::heightFor() const
{
    return 32 + row * static_cast<int> (listed.size());
}

juce::Rectangle<int> ModulatorList::rowOf (Id id) const
{
    for (std::size_t n = 0; n < listed.size(); ++n)
        if (listed[n]->id == id)
            return getLocalBounds()
                .withY (32 + row * static_cast<int> (n))
                .withHeight (row)
                .getIntersection (getLocalBounds());
    return {};
}

void ModulatorList::refresh()
{
    if (listed != model.song().modulators)
    {
        listed = model.song().modulators;
        pictures.clear();
        for (const auto& m : listed)
        {
            auto p = std::make_unique<ModulatorPicture> (model);
            p->setInterceptsMouseClicks (false, false);
            addAndMakeVisible (*p);
            p->show (m->id);
            pictures.push_back (std::move (p));
        }
        resized();
        repaint();
    }
}

void ModulatorList::advance()
{
    for (auto& p : pictures)
        p->advance (-100);
}

void ModulatorList::resized()
{
    auto r = getLocalBounds().reduced (12, 0);
    add.setBounds (r.removeFromTop (32).removeFromRight (56).withSizeKeepingCentre (56, 22));
    for (auto& p : pictures)
        p->setBounds (r.removeFromTop (row).removeFromRight (120).reduced (0, 2));
}

void ModulatorList::paint (juce::Graphics& g)
{
    auto r = getLocalBounds().reduced (12, 0).toFloat();
    drawFading (g, "Modulators", font (13, Weight::semibold), colour (tokens::text), r.removeFromTop (32));
    for (const auto& m : listed)
    {
        auto line = r.removeFromTop (static_cast<float> (row)).withTrimmedRight (126);
        g.setColour (colour (m->on ? tokens::fuji : tokens::off));
        g.fillEllipse (line.removeFromLeft (8).withSizeKeepingCentre (6, 6));
        line.removeFromLeft (6);
        drawFading (g, utf8 (m->name), font (12), colour (m->on ? tokens::text : tokens::text3), line);
    }
}

void ModulatorList::mouseDown (const juce::MouseEvent& e)
{
    const int n = (e.y - 32) / row;
    if (e.y < 32 || n >= static_cast<int> (listed.size()))
        return;
    const auto& m = *listed[static_cast<std::size_t> (n)];
    if (! e.mods.isPopupMenu())
    {
        if (onOpen)
            onOpen (m.id);
        return;
    }
    juce::PopupMenu menu;
    menu.addItem ("On", true, m.on,
                  [this, id = m.id, now = m.on]
                  { model.edit (session::switchedModulator (model.project(), id, ! now), newGesture()); });
    menu.addItem ("Show automation", findParentComponentOfClass<LaneShower>() != nullptr, false,
                  [this, id = m.id]
                  {
                      const auto table = model.params (id);
                      if (auto* shower = findParentComponentOfClass<LaneShower>();
                          shower != nullptr && ! table.empty())
                          shower->showLane (id, std::string (table.front().id));
                  });
    menu.addItem ("Remove", [this, id = m.id]
                  { model.edit (session::removedModulator (model.project(), id), newGesture()); });
    menu.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
}

} // namespace lacquer::ui
