// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ChannelEditor.h"

#include "session/Find.h"
#include "studio/Catalogue.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

juce::String nameOf (const Model& model, Id strip)
{
    const auto* s = session::stripOf (model.project(), strip);
    return s != nullptr ? utf8 (s->name) : juce::String();
}

} // namespace

/// All strips with their levels; click one to see it.
class ChannelEditor::List final : public juce::Component
{
public:
    List (ChannelEditor& e, Model& m) : editor (e), model (m)
    {
        setOpaque (true);
        setTitle ("Strips");
        rebuild();
    }
    void rebuild()
    {
        strips = model.strips();
        bars.assign (strips.size(), {});
        repaint();
    }
    int rowHeight() const { return editor.compact ? 26 : 33; }
    int heightFor() const { return rowHeight() * static_cast<int> (strips.size()) + 24; }
    juce::Rectangle<int> row (std::size_t n) const
    {
        // A little room between tracks, groups, returns and the mix.
        int y = 0;
        for (std::size_t k = 1; k <= n; ++k)
            y += rowHeight() + (strips[k].kind != strips[k - 1].kind ? 8 : 0);
        return { 0, y, getWidth(), rowHeight() };
    }
    juce::Rectangle<int> rowOf (Id id) const
    {
        for (std::size_t n = 0; n < strips.size(); ++n)
            if (strips[n].id == id)
                return row (n);
        return {};
    }
    void advance()
    {
        for (std::size_t n = 0; n < strips.size(); ++n)
        {
            const auto* tap = editor.meterOf ? editor.meterOf (strips[n].id) : nullptr;
            if (tap == nullptr)
                continue;
            const auto place = bar (n);
            const auto x = [&] (double db) { return static_cast<int> (meterTravel (db) * place.getWidth()); };
            const Bar now {
                x (std::max (tap->peak (0), tap->peak (1))), x (std::max (tap->rms (0), tap->rms (1))),
                static_cast<int> (std::min (1.0, model.reduction (strips[n].id) / 18) * place.getWidth())
            };
            if (std::exchange (bars[n], now) != now)
                repaint (place.expanded (1, 4));
        }
    }
    void paint (juce::Graphics& g) override
    {
        g.fillAll (colour (tokens::panel));
        for (std::size_t n = 0; n < strips.size(); ++n)
        {
            auto r = row (n);
            if (! g.clipRegionIntersects (r))
                continue;
            const bool chosen = strips[n].id == editor.shown;
            if (chosen)
            {
                g.setColour (juce::Colour (0xff2f2723));
                g.fillRect (r);
                g.setColour (colour (tokens::gold));
                g.fillRect (r.removeFromRight (2));
            }
            g.setColour (pigment (strips[n].colour));
            g.fillRect (r.removeFromLeft (4));
            const auto place = bar (n).toFloat();
            drawFading (g, utf8 (strips[n].name), font (12, chosen ? Weight::semibold : Weight::medium),
                        colour (chosen ? tokens::text : tokens::text2),
                        r.toFloat().withTrimmedLeft (8).withRight (place.getX() - 6));
            g.setColour (juce::Colours::black);
            g.fillRect (place);
            g.setColour (colour (tokens::seiji).withMultipliedAlpha (0.5f));
            g.fillRect (place.withWidth (static_cast<float> (bars[n].peak)));
            g.setColour (colour (tokens::seiji));
            g.fillRect (place.withWidth (static_cast<float> (std::min (bars[n].rms, bars[n].peak))));
            g.setColour (colour (tokens::ruri));
            g.fillRect (place.withLeft (place.getRight() - static_cast<float> (bars[n].reduction))
                            .withHeight (2)
                            .translated (0, place.getHeight() + 1));
        }
    }
    void mouseDown (const juce::MouseEvent& e) override
    {
        for (std::size_t n = 0; n < strips.size(); ++n)
            if (row (n).contains (e.getPosition()) && editor.onSelect)
            {
                editor.onSelect (strips[n].id);
                return;
            }
    }

private:
    struct Bar
    {
        int peak = 0, rms = 0, reduction = 0;
        bool operator== (const Bar&) const = default;
    };
    juce::Rectangle<int> bar (std::size_t n) const
    {
        const int width = editor.compact ? 34 : 52;
        return row (n)
            .withLeft (getWidth() - width - 10)
            .withWidth (width)
            .withSizeKeepingCentre (width, 4)
            .translated (0, -2);
    }
    ChannelEditor& editor;
    Model& model;
    std::vector<StripInfo> strips;
    std::vector<Bar> bars;
};

/// The strip's name and its chain: inserts before the console, the console's parts, inserts after it.
class ChannelEditor::Chain final : public juce::Component
{
public:
    Chain (ChannelEditor& e, Model& m) : editor (e), model (m)
    {
        setTitle ("Chain");
        setHelpText ("Click a part to see it, its sign to switch it. Drag an insert to another place.");
        add.onPress = [this] (auto)
        { showEffectMenu (model, editor.shown, add, [this] (Id made) { editor.open (made); }); };
        add.textSize = 12;
        addAndMakeVisible (add);
        refresh();
    }
    void refresh()
    {
        std::vector<Link> now;
        if (const auto* s = session::stripOf (model.project(), editor.shown))
        {
            const auto effects = [&] (bool late)
            {
                for (std::size_t n = 0; n < s->inserts.size(); ++n)
                    if (s->inserts[n]->postConsole == late)
                        now.push_back ({ s->inserts[n]->id,
                                         {},
                                         insertName (*s->inserts[n]),
                                         effectIsOn (model, s->inserts[n]->id),
                                         static_cast<int> (n) });
            };
            effects (false);
            for (const auto& part : consoleParts)
                if (const auto* on = switchOf (model, s->id, part.prefix))
                    now.push_back ({ {}, part.prefix, part.brief, model.value (s->id, on->id) >= 0.5, -1 });
            effects (true);
        }
        if (now != links)
        {
            links = std::move (now);
            resized();
            repaint();
        }
    }
    static juce::String insertName (const session::Effect& e)
    {
        const auto* type = studio::effectOf (e.type);
        return type != nullptr ? utf8 (type->name) : utf8 (e.type);
    }
    /// Where an insert stands, or the part of the console that has a parameter; empty: nowhere.
    juce::Rectangle<int> boxOf (Id insert, std::string_view param) const
    {
        for (const auto& l : links)
            if (insert ? l.effect == insert : ! l.part.empty() && param.starts_with (l.part))
                return l.box;
        return {};
    }
    /// What the compressor takes away, in its own box; empty: nothing.
    void showReduction (const juce::String& words)
    {
        reduced = words;
        for (const auto& l : links)
            if (isCompressor (l))
                repaint (l.box);
    }
    void resized() override
    {
        const auto title = font (tokens::titleSize, Weight::semibold);
        int x = 22 + static_cast<int> (title.getStringWidthFloat (nameOf (model, editor.shown))) + 14;
        if (! editor.compact)
            x += 108;
        for (auto& l : links)
        {
            const int w = (l.effect ? 50 : 40) + (isCompressor (l) && l.on ? 34 : 0) +
                          static_cast<int> (font (12, Weight::medium).getStringWidthFloat (l.name));
            l.box = juce::Rectangle<int> (x, 0, w, getHeight())
                        .withSizeKeepingCentre (w, editor.compact ? 24 : 28);
            x += w + 18;
        }
        // A long chain is drawn closer together, so that nothing of it is out of reach.
        if (const int room = getWidth() - 88; x > room && ! links.empty())
        {
            x = links.front().box.getX();
            const int each = (room - x) / static_cast<int> (links.size());
            for (auto& l : links)
            {
                const int w = std::clamp (each - 8, 34, l.box.getWidth());
                l.box = l.box.withX (x).withWidth (w);
                x += w + 8;
            }
        }
        add.setBounds (juce::Rectangle<int> (x, 0, 78, getHeight()).withSizeKeepingCentre (78, 26));
    }
    void paint (juce::Graphics& g) override
    {
        paintPanel (g, getLocalBounds());
        const auto* s = session::stripOf (model.project(), editor.shown);
        if (s == nullptr)
            return;
        auto r = getLocalBounds().toFloat();
        g.setColour (pigment (s->colour));
        g.fillRect (r.withTrimmedLeft (12).withWidth (4).reduced (0, 11));
        const auto title = font (tokens::titleSize, Weight::semibold);
        drawFading (g, utf8 (s->name), title, colour (tokens::text), r.withTrimmedLeft (22).withWidth (300));
        if (! editor.compact)
        {
            const auto& tracks = model.song().tracks;
            const auto found = std::find_if (tracks.begin(), tracks.end(),
                                             [&] (const auto& t) { return t->strip.id == s->id; });
            auto words = juce::String (s->channels == 1 ? "Mono" : "Stereo");
            if (found != tracks.end())
                words << ", track " << static_cast<int> (found - tracks.begin()) + 1;
            const auto pill = juce::Rectangle<float> (22 + title.getStringWidthFloat (utf8 (s->name)) + 10,
                                                      r.getCentreY() - 9, 100, 18);
            g.setColour (colour (tokens::control));
            g.fillRoundedRectangle (pill, 9);
            g.setColour (colour (tokens::text2));
            g.setFont (font (11, Weight::medium));
            g.drawText (words, pill, juce::Justification::centred, false);
        }
        for (std::size_t n = 0; n < links.size(); ++n)
        {
            const auto& l = links[n];
            const auto box = l.box.toFloat();
            const bool chosen = l.effect ? l.effect == editor.opened : l.part == "eq." && ! editor.opened;
            g.setColour (colour (chosen ? 0xff3a2e18 : tokens::raised));
            g.fillRoundedRectangle (box, tokens::radiusControl);
            g.setColour (chosen ? colour (tokens::gold) : juce::Colour (0xff5a5249));
            g.drawRoundedRectangle (box.reduced (0.5f), tokens::radiusControl, chosen ? 1.5f : 1.0f);
            if (l.effect)
                drawIcon (g, Icon::grip, box.withWidth (16).withSizeKeepingCentre (9, 9),
                          colour (tokens::text3));
            const float sign = l.effect ? 16.0f : 7.0f;
            drawIcon (g, Icon::power,
                      box.withTrimmedLeft (sign).withWidth (16).withSizeKeepingCentre (12, 12),
                      colour (l.on ? tokens::gold : tokens::text3));
            drawFading (g, l.name, font (12, Weight::medium), colour (l.on ? tokens::text : tokens::text3),
                        box.withTrimmedLeft (sign + 20).withTrimmedRight (4));
            if (isCompressor (l) && l.on && box.getWidth() > 96)
            {
                g.setColour (colour (tokens::ruri));
                drawTabular (g, reduced, font (11), box.withTrimmedRight (8),
                             juce::Justification::centredRight);
            }
            if (n + 1 < links.size())
                drawIcon (g, Icon::chevR, { box.getRight() + 4, box.getCentreY() - 5, 10, 10 },
                          colour (tokens::text3));
        }
        if (goal >= 0)
        {
            g.setColour (colour (tokens::gold));
            g.fillRect (goal - 1, 6, 2, getHeight() - 12);
        }
    }
    void mouseDown (const juce::MouseEvent& e) override
    {
        dragged = -1;
        for (std::size_t n = 0; n < links.size(); ++n)
        {
            const auto& l = links[n];
            if (! l.box.contains (e.getPosition()))
                continue;
            if (e.mods.isPopupMenu())
            {
                if (l.effect)
                    menu (l.effect);
                return;
            }
            if (e.mods.isAltDown() ||
                (e.x - l.box.getX() >= (l.effect ? 14 : 4) && e.x - l.box.getX() < (l.effect ? 33 : 25)))
            {
                if (l.effect)
                    switchEffect (model, l.effect, ! l.on);
                else
                    model.set (editor.shown, std::string (l.part) + "on", l.on ? 0 : 1, newGesture());
                editor.refresh();
                return;
            }
            dragged = l.effect ? static_cast<int> (n) : -1;
            if (l.effect || l.part == "eq.")
                editor.open (l.effect);
            return;
        }
    }
    void mouseDrag (const juce::MouseEvent& e) override
    {
        if (dragged < 0 || e.getDistanceFromDragStart() < 6)
            return;
        const int before = std::exchange (goal, -1);
        const auto& mine = links[static_cast<std::size_t> (dragged)];
        for (const auto& l : links)
            if (l.effect && sameSide (l, mine))
            {
                if (e.x < l.box.getCentreX())
                {
                    goal = l.box.getX() - 9;
                    index = l.number - (mine.number < l.number ? 1 : 0);
                    break;
                }
                goal = l.box.getRight() + 9;
                index = l.number - (mine.number < l.number ? 0 : -1);
            }
        if (before != goal)
            repaint();
    }
    void mouseUp (const juce::MouseEvent&) override
    {
        if (std::exchange (goal, -1) >= 0 && dragged >= 0)
        {
            const auto& mine = links[static_cast<std::size_t> (dragged)];
            if (index != mine.number)
                model.edit (session::movedEffect (model.project(), mine.effect,
                                                  static_cast<std::size_t> (std::max (0, index))),
                            newGesture());
            repaint();
        }
        dragged = -1;
    }
    void menu (Id id)
    {
        juce::PopupMenu m;
        const bool on = effectIsOn (model, id);
        m.addItem ("On", true, on, [this, id, on] { switchEffect (model, id, ! on); });
        m.addItem ("Remove",
                   [this, id] { model.edit (session::removedEffect (model.project(), id), newGesture()); });
        m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
    }

private:
    struct Link
    {
        Id effect; ///< none: a part of the console
        std::string_view part;
        juce::String name;
        bool on = true;
        int number = -1; ///< among the strip's inserts
        juce::Rectangle<int> box {};
        bool operator== (const Link& o) const
        {
            return effect == o.effect && part == o.part && name == o.name && on == o.on && number == o.number;
        }
    };
    static bool isCompressor (const Link& l) { return ! l.effect && l.part == "comp."; }
    bool sameSide (const Link& a, const Link& b) const
    {
        const auto *x = session::effectOf (model.project(), a.effect),
                   *y = session::effectOf (model.project(), b.effect);
        return x != nullptr && y != nullptr && x->postConsole == y->postConsole;
    }
    ChannelEditor& editor;
    Model& model;
    Button add { "+ Insert", Face::quiet };
    std::vector<Link> links;
    juce::String reduced;
    int dragged = -1, goal = -1, index = 0;
};

ChannelEditor::ChannelEditor (Model& m)
    : model (m), compare (m), list (std::make_unique<List> (*this, m)),
      chain (std::make_unique<Chain> (*this, m)), conflicts (m), bindings (m)
{
    setOpaque (true);
    back.setHelpText ("Back to the tracks and the mixer. Esc");
    back.onPress = [this] (auto)
    {
        if (onBack)
            onBack();
    };
    addAndMakeVisible (back);
    first.setHelpText ("Hears the strip as it is in A: values, inserts, sends, output.");
    second.setHelpText ("Hears the strip as it is in B, which begins as A is.");
    copyOver.setHelpText ("What is not heard becomes as what is.");
    for (const bool b : { false, true })
        (b ? second : first).onPress = [this, b] (auto)
        {
            compare.hear (shown, b);
            refresh();
        };
    copyOver.onPress = [this] (auto) { compare.copy (shown); };
    for (auto* b : { &first, &second, &copyOver })
    {
        b->textSize = 11;
        addAndMakeVisible (*b);
    }
    search.setHelpText ("Finds a strip by its name. Ctrl+F");
    search.onPress = [this] (auto) { openSearch(); };
    addAndMakeVisible (search);
    wanted.setTextToShowWhenEmpty ("Find", colour (tokens::text3));
    wanted.setFont (font (11));
    wanted.setTitle ("Find a strip");
    wanted.onTextChange = [this] { onFind (wanted.getText().trim(), false); };
    wanted.onReturnKey = [this] { onFind (wanted.getText().trim(), true); };
    wanted.onEscapeKey = wanted.onFocusLost = [this]
    {
        wanted.setText ({}, false);
        wanted.setVisible (false);
    };
    addChildComponent (wanted);
    for (auto* s : { &listScroll, &conflictScroll })
    {
        s->setScrollBarsShown (true, false);
        s->setScrollBarThickness (9);
        addAndMakeVisible (*s);
    }
    listScroll.setViewedComponent (list.get(), false);
    conflictScroll.setViewedComponent (&conflicts, false);
    conflicts.onChange = [this] { showConflicts(); };
    conflicts.onResize = [this]
    {
        conflicts.setSize (conflictScroll.getWidth() - 2,
                           std::max (conflictScroll.getHeight(), conflicts.heightFor()));
    };
    conflicts.onShow = [this] (Id id)
    {
        if (onSelect)
            onSelect (id);
    };
    addAndMakeVisible (*chain);
    addAndMakeVisible (reduction);
    addAndMakeVisible (meter);
    mute.onPress = [this] (juce::ModifierKeys mods)
    {
        if (onSwitch)
            onSwitch (shown, stripIds::mute, mods);
    };
    solo.onPress = [this] (juce::ModifierKeys mods)
    {
        if (onSwitch)
            onSwitch (shown, stripIds::solo, mods);
    };
    output.setTitle ("Output");
    output.onPress = [this] (auto)
    {
        juce::PopupMenu menu;
        addOutputEntries (menu, model, shown);
        menu.showMenuAsync (
            juce::PopupMenu::Options().withTargetComponent (&output).withDeletionCheck (*this));
    };
    for (auto* b : { &mute, &solo, &output })
        addAndMakeVisible (*b);
}

ChannelEditor::~ChannelEditor()
{
    listScroll.setViewedComponent (nullptr, false);
    conflictScroll.setViewedComponent (nullptr, false);
}

void ChannelEditor::show (Id strip)
{
    if (strip == shown && eq != nullptr)
        return;
    stopListening();
    shown = strip;
    opened = {};
    rebuild();
}

void ChannelEditor::openSearch()
{
    wanted.setVisible (true);
    if (wanted.isShowing())
        wanted.grabKeyboardFocus();
}

void ChannelEditor::stopListening()
{
    conflicts.stopListening();
    if (eq != nullptr)
        eq->curve().listenTo (-1);
    if (effect != nullptr)
        effect->stopListening();
}

void ChannelEditor::visibilityChanged()
{
    if (! isVisible())
        stopListening();
}

void ChannelEditor::showConflicts()
{
    if (eq == nullptr)
        return;
    const auto& told = conflicts.report();
    const auto& hidden = conflicts.hidden();
    eq->curve().setMasked (told.found != nullptr ? hidden.bands (model, *told.found, conflicts.chosen())
                                                 : std::vector<MaskedBand> {});
    map->show (hidden.rows);
    eq->setUnder (hidden.rows.empty() || compact ? nullptr : map.get(), 44);
    map->setVisible (! hidden.rows.empty() && ! compact);
    repaint (right.withHeight (headHeight()));
}

void ChannelEditor::open (Id e)
{
    if (e == opened && (effect != nullptr || ! e))
        return;
    opened = e;
    effect.reset();
    if (opened && session::ownerOf (model.project(), opened) == shown)
    {
        effect = std::make_unique<EffectView> (model, opened, nameOf (model, shown));
        addAndMakeVisible (*effect);
    }
    else
        opened = {};
    if (eq != nullptr)
    {
        eq->curve().listenTo (-1);
        eq->setVisible (effect == nullptr);
    }
    chain->repaint();
    resized();
}

void ChannelEditor::rebuild()
{
    bindings.clear();
    modules.clear();
    sends.reset();
    effect.reset();
    eq.reset();
    map.reset();
    fader.reset();
    level.reset();
    pan.reset();
    list->rebuild();
    const auto where = nameOf (model, shown);
    const auto table = model.params (shown);
    if (const auto& bands = EqTable::of (table))
    {
        eq = std::make_unique<EqPanel> (model, shown, *bands, where);
        eq->curve().outputName = where + ", after EQ";
        eq->curve().onMasked = [this] (int n) { conflicts.choose (n); };
        eq->curve().onHearMasked = [this] { conflicts.listen.onPress ({}); };
        map = std::make_unique<MaskMap> (model, eq->curve());
        eq->addChildComponent (*map);
        addAndMakeVisible (*eq);
    }
    for (const auto& part : consoleParts)
        if (part.prefix != "eq." && switchOf (model, shown, part.prefix) != nullptr)
        {
            modules.push_back (
                std::make_unique<ModulePanel> (model, shown, where, part, ModulePanel::Size::large));
            addAndMakeVisible (*modules.back());
        }
    sends = std::make_unique<SendsPanel> (model, shown, where, true);
    addAndMakeVisible (*sends);
    if (const auto* p = findParam (table, stripIds::fader))
    {
        fader = std::make_unique<Fader> (*p, where);
        level = std::make_unique<NumberField> (*p, where, true, 12.0f, juce::Justification::centred);
        bindings.add (*fader, shown);
        bindings.add (*level, shown);
        for (auto* c : std::initializer_list<ValueControl*> { fader.get(), level.get() })
            c->onChange = [this, set = c->onChange] (double v, Gesture key)
            {
                set (v, key);
                fader->show (v);
                level->show (v);
            };
        addAndMakeVisible (*fader);
        addAndMakeVisible (*level);
    }
    if (const auto* p = findParam (table, stripIds::pan))
    {
        pan = std::make_unique<Knob> (*p, where, 28, false);
        bindings.add (*pan, shown);
        addAndMakeVisible (*pan);
    }
    mute.setVisible (findParam (table, stripIds::mute) != nullptr);
    solo.setVisible (findParam (table, stripIds::solo) != nullptr);
    if (const auto* s = session::stripOf (model.project(), shown))
        meter.setChannels (s->kind == session::StripKind::track ? s->channels : 2);
    open (std::exchange (opened, {}));
    conflicts.show (shown);
    refresh();
    showConflicts();
    setCompact (compact);
}

void ChannelEditor::refresh()
{
    bindings.refresh();
    chain->refresh();
    if (eq != nullptr)
        eq->refresh();
    if (effect != nullptr)
    {
        if (session::effectOf (model.project(), opened) == nullptr)
            open ({});
        else
            effect->refresh();
    }
    for (auto& m : modules)
        m->refresh();
    if (sends != nullptr)
        sends->refresh();
    const auto* s = session::stripOf (model.project(), shown);
    if (s == nullptr)
        return;
    switchesMove = model.automated (shown, stripIds::mute);
    showSwitches();
    const auto* to = session::stripOf (model.project(), s->output);
    const auto name = to != nullptr ? utf8 (to->name) : juce::String ("Master page");
    if (output.getButtonText() != name)
        output.setButtonText (name);
    output.setEnabled (to != nullptr);
    conflicts.refresh();
    showCompared();
    repaint (panText);
}

Outlines ChannelEditor::outlinesOf (const ChangedParts& what) const
{
    using Part = session::ChangedPart::Part;
    Outlines all;
    const auto add = [&] (juce::Rectangle<int> r, const juce::Component& in, juce::Rectangle<int> room)
    {
        if (r = getLocalArea (&in, r).getIntersection (room); ! r.isEmpty())
            all.push_back (r);
    };
    for (const auto& d : what)
    {
        const Id strip = d.part == Part::strip                            ? d.id
                         : d.part == Part::effect || d.part == Part::lane ? d.owner
                                                                          : Id {};
        if (! strip)
            continue;
        add (list->rowOf (strip), *list, listScroll.getBounds());
        if (strip != shown)
            continue;
        const auto box = chain->boxOf (d.id != strip ? d.id : Id {}, d.parameter);
        const auto place = [&] (const juce::Component* c)
        {
            if (c != nullptr)
                add (c->getLocalBounds(), *c, getLocalBounds());
        };
        if (! box.isEmpty())
            add (box, *chain, chain->getBounds());
        else if (d.parameter == stripIds::fader)
            place (fader.get());
        else if (d.parameter == stripIds::mute)
            place (&mute);
        else if (d.parameter.starts_with ("pan."))
            place (pan.get());
        else if (d.parameter.starts_with ("send"))
            place (sends.get());
        else
            add (chain->getLocalBounds(), *chain, chain->getBounds());
    }
    return all;
}

void ChannelEditor::showCompared()
{
    const bool b = compare.hearsSecond (shown);
    first.setToggleState (! b, juce::dontSendNotification);
    second.setToggleState (b, juce::dontSendNotification);
    copyOver.setButtonText (b ? "Copy B to A" : "Copy A to B");
}

void ChannelEditor::showSwitches()
{
    mute.setToggleState (mute.isVisible() && model.sounding (shown, stripIds::mute) >= 0.5,
                         juce::dontSendNotification);
    solo.setToggleState (solo.isVisible() && model.value (shown, stripIds::solo) >= 0.5,
                         juce::dontSendNotification);
}

void ChannelEditor::advance (double seconds)
{
    if (! shown)
        return;
    model.watch (shown);
    const double in = input.advance (model);
    if (effect != nullptr)
        effect->advance (in, seconds);
    else if (eq != nullptr)
        eq->advance (seconds);
    for (auto& m : modules)
        m->advance (in, seconds);
    if (sends != nullptr)
        sends->advance();
    if (bindings.advance())
        repaint (panText);
    if (switchesMove)
        showSwitches();
    conflicts.refresh();
    list->advance();
    const double reduced = model.reduction (shown);
    reduction.advance (reduced, seconds);
    if (eq != nullptr)
        eq->curve().showMaskedHeard (conflicts.listens());
    // A number that can be read changes a few times a second, and tells the most of that while.
    mostReduced = std::max (mostReduced, reduced);
    sinceTold += seconds;
    if (sinceTold >= 0.2)
    {
        const auto words = mostReduced >= 0.05 ? shownLevel (-mostReduced) : juce::String();
        if (std::exchange (reductionNow, words) != words)
        {
            repaint (reductionText);
            chain->showReduction (words);
        }
        mostReduced = sinceTold = 0;
    }
    if (const auto* m = meterOf ? meterOf (shown) : nullptr)
        meter.follow (*m);
}

void ChannelEditor::setCompact (bool c)
{
    compact = c;
    if (eq != nullptr)
        eq->setCompact (c);
    if (effect != nullptr)
        effect->setCompact (c);
    for (auto& m : modules)
        m->setCompact (c);
    if (sends != nullptr)
        sends->setCompact (c);
    conflicts.setCompact (c);
    if (map != nullptr)
        showConflicts();
    resized();
}

void ChannelEditor::resized()
{
    auto r = getLocalBounds();
    if (r.isEmpty() || ! shown)
        return;
    auto left = r.removeFromLeft (compact ? 142 : 204);
    right = r.removeFromRight (compact ? 212 : 292);
    const int head = headHeight();
    const auto corner = left.removeFromTop (head);
    back.setBounds (corner.withSizeKeepingCentre (compact ? 56 : 96, 24).withX (10));
    back.setButtonText (juce::String::charToString (0x2039) + (compact ? "  Mix" : "  Back to mix"));
    search.setBounds (corner.withSizeKeepingCentre (24, 24).withRightX (corner.getRight() - 6));
    wanted.setBounds (corner.withSizeKeepingCentre (1, 24).withX (10).withRight (corner.getRight() - 8));
    listScroll.setBounds (left);
    list->setSize (left.getWidth(), std::max (left.getHeight(), list->heightFor()));
    r.removeFromLeft (1);
    r.removeFromRight (1);
    auto top = r.removeFromTop (head);
    auto states = top.removeFromRight (compact ? 62 : 162).withSizeKeepingCentre (compact ? 62 : 162, 26);
    first.setBounds (states.removeFromLeft (26));
    second.setBounds (states.removeFromLeft (26));
    states.removeFromLeft (8);
    copyOver.setBounds (states.withTrimmedRight (10));
    copyOver.setVisible (! compact);
    chain->setBounds (top);
    chain->resized();
    moduleRow = r.removeFromBottom (compact ? 200 : 322);
    if (eq != nullptr)
        eq->setBounds (r);
    if (effect != nullptr)
        effect->setBounds (r);

    // Gate, compressor, saturator and sends in the shares of the design.
    auto row = moduleRow;
    row.removeFromTop (1);
    const int shares[] { 174, 446, 185, 195 };
    int used = 0;
    for (std::size_t n = 0; n < modules.size(); ++n)
    {
        const int w = row.getWidth() * shares[std::min<std::size_t> (n, 2)] / 1000;
        modules[n]->setBounds (row.getX() + used, row.getY(), w - 1, row.getHeight());
        used += w;
    }
    sends->setBounds (row.withTrimmedLeft (used));

    auto side = right;
    side.removeFromTop (head);
    conflictScroll.setBounds (
        side.removeFromTop (side.getHeight() * (compact ? 31 : 42) / 100).reduced (1, 4));
    conflicts.onResize();
    outputTitle = side.removeFromTop (40);
    auto bottom = side.removeFromBottom (compact ? 100 : 132);
    auto numbers = bottom.removeFromTop (compact ? 30 : 40).reduced (12, 4);
    if (level != nullptr)
        level->setBounds (
            numbers.removeFromLeft (68).withSizeKeepingCentre (68, 22).translated (compact ? 0 : 18, 0));
    numbers.removeFromLeft (compact ? 8 : 36);
    if (pan != nullptr)
        pan->setBounds (numbers.removeFromLeft (30).withSizeKeepingCentre (30, 30));
    panText = numbers.withTrimmedLeft (4);
    auto switches = bottom.removeFromTop (compact ? 32 : 38).reduced (12, 4);
    mute.setBounds (switches.removeFromLeft ((switches.getWidth() - 6) / 2));
    switches.removeFromLeft (6);
    solo.setBounds (switches);
    outputRow = bottom.removeFromTop (compact ? 32 : 40).reduced (12, 5);
    output.setBounds (outputRow.withTrimmedLeft (42));
    side = side.reduced (12, 4);
    if (fader != nullptr)
        fader->setBounds (side.removeFromLeft (compact ? 62 : 84));
    side.removeFromLeft (compact ? 16 : 34);
    reductionText = side.withHeight (14).withY (side.getY() - 10);
    side.removeFromTop (6);
    reduction.setBounds (side.removeFromLeft (8));
    side.removeFromLeft (5);
    meter.setBounds (side.removeFromLeft (46));
}

void ChannelEditor::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::panel));
    if (! shown)
        return;
    const auto clip = g.getClipBounds();
    const int head = headHeight();
    if (clip.intersects (moduleRow))
    {
        paintPanel (g, moduleRow);
        g.setColour (juce::Colours::black);
        g.fillRect (moduleRow.withHeight (1));
        for (const auto& m : modules)
            g.fillRect (m->getRight(), moduleRow.getY(), 1, moduleRow.getHeight());
    }
    g.setColour (juce::Colours::black);
    g.fillRect (listScroll.getRight(), 0, 1, getHeight());
    paintPanel (g, juce::Rectangle<int> (chain->getRight(), 0, right.getX() - 1 - chain->getRight(), head));
    g.setColour (juce::Colours::black);
    g.fillRect (right.getX() - 1, 0, 1, getHeight());
    g.fillRect (right.getX(), head - 1, right.getWidth(), 1);
    g.fillRect (right.getX(), outputTitle.getY(), right.getWidth(), 1);
    const auto bold = font (13, Weight::semibold);
    drawFading (g, "Conflicts", bold, colour (tokens::text),
                right.withHeight (head).reduced (14, 0).toFloat());
    const auto& hidden = conflicts.hidden().conflicts;
    if (const auto count =
            std::count_if (hidden.begin(), hidden.end(), [] (const auto& c) { return ! c.ignored; }))
    {
        const auto chip = juce::Rectangle<float> (20, 18).withCentre (
            { static_cast<float> (right.getX()) + 14 + bold.getStringWidthFloat ("Conflicts") + 18,
              static_cast<float> (head) / 2 });
        g.setColour (colour (tokens::amberDim));
        g.fillRoundedRectangle (chip, 9);
        g.setColour (colour (tokens::text));
        g.setFont (font (11, Weight::semibold));
        g.drawText (juce::String (static_cast<int> (count)), chip, juce::Justification::centred, false);
    }
    if (reductionNow.isNotEmpty() && clip.intersects (reductionText))
    {
        const auto words = font (11, Weight::semibold);
        const auto box = reductionText.toFloat();
        drawFading (g, "GR", words, colour (tokens::ruri), box);
        g.setColour (colour (tokens::text));
        drawTabular (g, reductionNow, words, box.withTrimmedLeft (20), juce::Justification::centredLeft);
    }
    auto line = outputTitle.reduced (14, 0).toFloat();
    drawFading (g, "Output", bold, colour (tokens::text), line);
    drawFading (g, "Out", font (12), colour (tokens::text2), outputRow.toFloat().withWidth (40));
    if (pan != nullptr)
    {
        g.setColour (colour (tokens::text2));
        drawTabular (g, "Pan " + shownValue (pan->param(), std::round (pan->drawn())), font (12),
                     panText.toFloat(), juce::Justification::centredLeft);
    }
}

} // namespace lacquer::ui
