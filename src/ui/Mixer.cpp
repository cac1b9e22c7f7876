// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Mixer.h"

#include "session/Find.h"
#include "session/InsertEdits.h"
#include "ui/ScenePanel.h"

namespace lacquer::ui
{

Mixer::Mixer (Model& m) : model (m)
{
    setOpaque (true);
    for (auto* s : { &scroll, &pinnedScroll })
    {
        s->setScrollBarsShown (false, true);
        s->setScrollBarThickness (9);
        addAndMakeVisible (*s);
    }
    scroll.setViewedComponent (&tracks, false);
    pinnedScroll.setViewedComponent (&pinned, false);
    clear.textSize = 11;
    clear.setHelpText ("Clears all clip lights and meter numbers. Shift+C");
    clear.onPress = [this] (auto) { clearHolds(); };
    search.setHelpText ("Finds a strip by its name. Ctrl+F");
    search.onPress = [this] (auto) { openSearch(); };
    add.setHelpText ("Adds a track, group, return, VCA fader or mute group.");
    add.onPress = [this] (auto)
    {
        addMenu (model, chosen, add)
            .showMenuAsync (juce::PopupMenu::Options().withTargetComponent (&add).withDeletionCheck (*this));
    };
    muteGroups.textSize = 11;
    muteGroups.setHelpText ("Switches the mute groups of the song.");
    muteGroups.onPress = [this] (auto)
    {
        muteGroupMenu (model, muteGroups)
            .showMenuAsync (
                juce::PopupMenu::Options().withTargetComponent (&muteGroups).withDeletionCheck (*this));
    };
    scenes.textSize = 11;
    scenes.setHelpText ("Mixer scenes and versions of the mix: store, recall, compare.");
    scenes.onPress = [this] (auto) { ScenePanel::open (model, { chosen.begin(), chosen.end() }, scenes); };
    addAndMakeVisible (scenes);
    peakScale.setHelpText ("Meters show sample peaks with an RMS core, in dBFS.");
    vuScale.setHelpText ("Meters show VU. The right button of a meter chooses what its 0 is.");
    kScale.setHelpText ("Meters show RMS with 0 at -14 dBFS, and the peak as a line. The right button of a "
                        "meter has K-12 and "
                        "K-20.");
    peakScale.onPress = [this] (auto) { setScale (LevelMeter::Scale::peak); };
    vuScale.onPress = [this] (auto) { setScale (lastVu); };
    kScale.onPress = [this] (auto) { setScale (lastK); };
    for (auto* b : { &peakScale, &vuScale, &kScale })
        b->textSize = 11;
    for (auto* b : { &clear, &search, &add, &peakScale, &vuScale, &kScale })
        addAndMakeVisible (b);
    setScale (LevelMeter::scaleOf (model.viewSetting ("meters.mixer")));
    addChildComponent (muteGroups);
    wanted.setTextToShowWhenEmpty ("Find", colour (tokens::text3));
    wanted.setFont (font (11));
    wanted.setTitle ("Find a strip");
    wanted.onTextChange = [this] { jump (wanted.getText().trim(), false); };
    wanted.onReturnKey = [this] { jump (wanted.getText().trim(), true); };
    wanted.onEscapeKey = wanted.onFocusLost = [this]
    {
        wanted.setText ({}, false);
        wanted.setVisible (false);
        resized();
    };
    addChildComponent (wanted);
    const std::pair<const char*, bool StripShow::*> parts[] { { "EQ", &StripShow::eq },
                                                              { "Inserts", &StripShow::inserts },
                                                              { "Sends", &StripShow::sends },
                                                              { "Narrow", &StripShow::narrow } };
    for (const auto& [name, part] : parts)
    {
        auto b = std::make_unique<Button> (name, Face::quiet, Button::Shape::segment);
        b->textSize = 11;
        b->setHelpText ("Shows or hides this part of every strip.");
        b->setToggleState (show.*part, juce::dontSendNotification);
        auto* raw = b.get();
        const auto which = part;
        b->onPress = [this, raw, which] (auto)
        {
            show.*which = ! (show.*which);
            raw->setToggleState (show.*which, juce::dontSendNotification);
            lay();
        };
        addAndMakeVisible (*b);
        toggles.push_back (std::move (b));
    }
}

Mixer::~Mixer()
{
    scroll.setViewedComponent (nullptr, false);
    pinnedScroll.setViewedComponent (nullptr, false);
}

juce::Component& Mixer::holderOf (const StripInfo& info)
{
    if (info.kind == session::StripKind::mix)
        return *this;
    return info.kind == session::StripKind::track && ! info.vca ? tracks : pinned;
}

std::unique_ptr<StripView> Mixer::made (const StripInfo& info, int number)
{
    auto view = std::make_unique<StripView> (model, info, number);
    view->onSelect = [this] (Id id, juce::ModifierKeys mods) { onSelect (id, mods); };
    view->onSwitch = [this] (Id id, std::string_view p, juce::ModifierKeys mods) { onSwitch (id, p, mods); };
    view->onOpen = [this] (Id id, Id insert) { onOpen (id, insert); };
    view->onClearAll = [this] { clearHolds(); };
    view->onDragName = [this] (Id id, juce::Point<int> at, bool done) { dragName (id, at, done); };
    view->onPaint = [this] (std::string_view param, juce::Point<int> at) { paintOver (param, at); };
    view->onDragSlot = [this] (const SlotDrag& drag) { dragSlot (drag); };
    view->onListen = [this] (Id id, juce::ModifierKeys mods) { onListen (id, mods); };
    view->onSpill = [this] (Id id) { spill (spilled == id ? Id {} : id); };
    view->onMenu = [this] (Id id) { openMenu (id); };
    view->setCompact (compact);
    view->levels().setScale (scale);
    view->levels().onScale = [this] (LevelMeter::Scale s) { setScale (s); };
    return view;
}

void Mixer::rebuild()
{
    std::vector<std::unique_ptr<StripView>> old;
    old.swap (strips);
    int count = 0;
    const auto take = [&] (const StripInfo& info)
    {
        const bool track = info.kind == session::StripKind::track && ! info.vca;
        const int number = track ? ++count : 0;
        const auto kept = std::find_if (old.begin(), old.end(),
                                        [&] (const auto& s) { return s != nullptr && s->id() == info.id; });
        auto view =
            kept != old.end() && (*kept)->show (info, number) ? std::move (*kept) : made (info, number);
        holderOf (info).addAndMakeVisible (*view);
        strips.push_back (std::move (view));
    };
    auto all = model.strips();
    const auto buses = std::find_if (all.begin(), all.end(),
                                     [] (const auto& s) { return s.kind != session::StripKind::track; });
    std::for_each (all.begin(), buses, take);
    for (const auto& v : model.song().vcas)
    {
        StripInfo info;
        info.id = v->id;
        info.kind = session::StripKind::group;
        info.name = v->name;
        info.colour = v->colour;
        info.vca = true;
        take (info);
    }
    std::for_each (buses, all.end(), take);
    if (spilled && session::vcaOf (model.project(), spilled) == nullptr)
        spilled = {};
    muteGroups.setVisible (! model.song().muteGroups.empty());

    tabs.clear();
    tabGroups.clear();
    const auto tab = [&] (const juce::String& name, Id id, bool effects)
    {
        auto b = std::make_unique<Button> (name, Face::plain, Button::Shape::segment);
        b->textSize = 11;
        b->setHelpText ("Shows only these strips.");
        b->onPress = [this, id, effects] (auto)
        {
            effectsOnly = effects;
            filter (id);
        };
        addAndMakeVisible (*b);
        tabs.push_back (std::move (b));
        tabGroups.push_back (id);
    };
    tab ("All", {}, false);
    for (const auto& g : model.song().groups)
        tab (utf8 (g->name), g->id, false);
    if (! model.song().returns.empty())
        tab ("FX", {}, true);
    if (group && session::stripOf (model.project(), group) == nullptr)
        group = {};
    filter (group);
}

void Mixer::filter (Id id)
{
    group = id;
    for (std::size_t n = 0; n < tabs.size(); ++n)
        tabs[n]->setToggleState (effectsOnly ? n + 1 == tabs.size()
                                             : tabGroups[n] == group && (n == 0) == ! group,
                                 juce::dontSendNotification);
    resized();
}

bool Mixer::shows (const StripView& s) const
{
    const auto& info = s.strip();
    if (info.vca || info.kind == session::StripKind::mix)
        return true;
    if (spilled)
    {
        const auto above = session::vcasAbove (model.song(), info.id);
        return std::any_of (above.begin(), above.end(),
                            [this] (const session::Vca* v) { return v->id == spilled; });
    }
    if (info.kind != session::StripKind::track)
        return true;
    if (effectsOnly)
        return false;
    if (! group)
        return true;
    // Through however many groups.
    const auto* strip = session::stripOf (model.project(), info.id);
    for (int depth = 0; strip != nullptr && depth < 64; ++depth)
    {
        if (strip->output == group)
            return true;
        strip = session::stripOf (model.project(), strip->output);
    }
    return false;
}

void Mixer::spill (Id vca)
{
    spilled = vca;
    for (auto& s : strips)
        s->setSpilled (s->id() == spilled);
    lay();
}

void Mixer::setScale (LevelMeter::Scale s)
{
    if (std::exchange (scale, s) != s)
        model.keepViewSetting ("meters.mixer", LevelMeter::wordOf (s));
    const bool vu = LevelMeter::isVu (s), peak = s == LevelMeter::Scale::peak;
    if (vu)
        lastVu = s;
    else if (! peak)
        lastK = s;
    peakScale.setToggleState (peak, juce::dontSendNotification);
    vuScale.setToggleState (vu, juce::dontSendNotification);
    kScale.setToggleState (! vu && ! peak, juce::dontSendNotification);
    kScale.setButtonText (LevelMeter::nameOf (lastK));
    for (auto& strip : strips)
        strip->levels().setScale (s);
}

void Mixer::openMenu (Id id)
{
    auto* view = find (id);
    if (view == nullptr)
        return;
    const auto these = chosen.contains (id) ? chosen : std::set<Id> { id };
    StripActions actions;
    actions.open = [this, id] { onOpen (id, {}); };
    actions.openEffect = [this, id] (Id insert) { onOpen (id, insert); };
    actions.listen = [this, id] (bool before)
    {
        auto m = model.monitor();
        const bool same = m.listened == std::vector<Id> { id } && m.beforeFader == before;
        m.beforeFader = before;
        m.listened = same ? std::vector<Id> {} : std::vector<Id> { id };
        (void)model.setMonitor (m); // only a reference can be refused
        refresh();
    };
    stripMenu (model, id, these, *view, actions)
        .showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*view));
}

void Mixer::jump (const juce::String& text, bool next)
{
    if (text.isEmpty())
        return;
    std::vector<Id> found;
    for (const bool begins : { true, false })
        for (const auto& s : strips)
            if (const auto name = utf8 (s->strip().name);
                name.startsWithIgnoreCase (text) == begins && name.containsIgnoreCase (text))
                found.push_back (s->id());
    if (found.empty())
        return;
    auto at = std::find (found.begin(), found.end(), selected);
    if (at == found.end())
        at = found.begin();
    else if (next && ++at == found.end())
        at = found.begin();
    else if (! next)
        at = found.begin();
    if (auto* s = find (*at); s != nullptr && ! shows (*s))
    {
        spill ({});
        effectsOnly = false;
        filter ({});
    }
    onSelect (*at, {});
}

StripView* Mixer::find (Id id)
{
    for (auto& s : strips)
        if (s->id() == id)
            return s.get();
    return nullptr;
}

void Mixer::refresh()
{
    for (auto& s : strips)
        s->refresh();
}

void Mixer::advance (double seconds)
{
    for (auto& s : strips)
        s->advance (seconds);
}

void Mixer::clearHolds()
{
    for (auto& s : strips)
    {
        s->levels().clear();
        s->repaint();
    }
}

void Mixer::openSearch()
{
    wanted.setVisible (true);
    resized();
    if (wanted.isShowing())
        wanted.grabKeyboardFocus();
}

void Mixer::select (Id id, const std::set<Id>& all)
{
    selected = id;
    chosen = all;
    for (auto& s : strips)
        s->setSelected (s->id() == id, chosen.size() > 1 && chosen.contains (s->id()));
    if (const auto* s = find (id))
        bring (*s);
}

/// The strip comes into view.
void Mixer::bring (const StripView& s)
{
    for (auto* row : { &scroll, &pinnedScroll })
        if (s.getParentComponent() == row->getViewedComponent() && s.isVisible())
        {
            const auto view = row->getViewArea();
            if (s.getX() < view.getX())
                row->setViewPosition (s.getX(), 0);
            else if (s.getRight() > view.getRight())
                row->setViewPosition (s.getRight() - view.getWidth(), 0);
        }
}

bool Mixer::reveal (const std::vector<Id>& these)
{
    const StripView* first = nullptr;
    for (const Id id : these)
        if (const auto* s = find (id); s != nullptr && s->isVisible())
        {
            if (seen (*s).getWidth() == s->getWidth())
                return true;
            if (first == nullptr)
                first = s;
        }
    if (first != nullptr)
        bring (*first);
    return first != nullptr;
}

void Mixer::setCompact (bool c)
{
    compact = c;
    for (auto& s : strips)
        s->setCompact (c);
    resized();
}

juce::Rectangle<int> Mixer::seen (const StripView& s) const
{
    const auto room = s.getParentComponent() == this      ? getLocalBounds()
                      : s.getParentComponent() == &tracks ? scroll.getBounds()
                                                          : pinnedScroll.getBounds();
    return s.isVisible() ? getLocalArea (&s, s.getLocalBounds()).getIntersection (room)
                         : juce::Rectangle<int>();
}

/// The strip at a place of the screen, if it is not scrolled away there.
StripView* Mixer::under (juce::Point<int> screen)
{
    const auto at = getLocalPoint (nullptr, screen);
    for (auto& s : strips)
        if (seen (*s).contains (at))
            return s.get();
    return nullptr;
}

void Mixer::paintOver (std::string_view param, juce::Point<int> screen)
{
    if (const auto* s = under (screen); s != nullptr && s->hasSwitch (param, screen))
        onPaint (s->id(), param);
}

void Mixer::dragSlot (const SlotDrag& drag)
{
    const auto at = getLocalPoint (nullptr, drag.screen);
    const auto* over = under (drag.screen);
    const auto goalThere = over != nullptr ? over->goalOf (drag) : std::nullopt;
    if (! goalThere)
        over = nullptr;
    for (const auto& s : strips)
        s->showGoal (drag.done ? nullptr : &drag, s.get() == over ? goalThere : std::nullopt);
    dropRemoves = over == nullptr;
    dragged = drag.done ? juce::String() : drag.name;
    repaint (juce::Rectangle<int> (180, 24).withPosition (draggedAt).expanded (4));
    draggedAt = at.translated (12, 8);
    repaint (juce::Rectangle<int> (180, 24).withPosition (draggedAt).expanded (4));
    if (drag.done)
        drop (drag, over, goalThere);
}

void Mixer::drop (const SlotDrag& drag, const StripView* over, std::optional<StripView::Goal> place)
{
    const auto key = newGesture();
    const auto& p = model.project();
    if (over == nullptr || ! place)
    {
        // Outside of every list: away with it; undo brings it back.
        if (drag.copies)
            return;
        model.edit (drag.effect ? session::removedEffect (p, drag.effect)
                                : session::withSend (p, drag.from, drag.slot, {}),
                    key);
        return;
    }
    if (drag.effect)
    {
        const session::InsertPlace to { over->id(), place->index, place->late };
        model.edit (drag.copies ? session::copiedEffect (p, drag.effect, to)
                                : session::carriedEffect (p, drag.effect, to),
                    key);
    }
    else if (over->id() == drag.from)
    {
        if (place->slot != drag.slot)
            model.edit (session::movedSend (p, drag.from, drag.slot, place->slot), key);
    }
    else if (model.edit (session::copiedSend (p, drag.from, drag.slot, over->id()), key) && ! drag.copies)
        model.edit (session::withSend (model.project(), drag.from, drag.slot, {}), key);
}

void Mixer::dragName (Id id, juce::Point<int> screen, bool done)
{
    const auto* moved = find (id);
    if (moved == nullptr || moved->strip().kind == session::StripKind::mix || moved->strip().vca)
        return;
    auto* row = moved->getParentComponent();
    const int x = row->getLocalPoint (nullptr, screen).x;
    int index = 0, at = -1;
    for (const auto& s : strips)
    {
        if (s->getParentComponent() != row || s->strip().kind != moved->strip().kind || s->strip().vca ||
            ! s->isVisible())
            continue;
        if (x < s->getBounds().getCentreX())
        {
            at = s->getX() - 1;
            break;
        }
        at = s->getRight();
        if (s->id() != id)
            ++index;
    }
    goal = done ? -1 : getLocalPoint (row, juce::Point<int> (at, 0)).x;
    repaint();
    if (done)
        model.edit (session::reordered (model.project(), id, static_cast<std::size_t> (index)), newGesture());
}

void Mixer::resized()
{
    auto r = getLocalBounds();
    if (r.isEmpty())
        return;
    auto tools = r.removeFromTop (barHeight());
    auto left = tools.withTrimmedLeft (66);
    clear.setBounds (tools.removeFromRight (88).reduced (2, 2));
    kScale.setBounds (tools.removeFromRight (46).reduced (1, 3));
    vuScale.setBounds (tools.removeFromRight (34).reduced (1, 3));
    peakScale.setBounds (tools.removeFromRight (72).reduced (1, 3));
    tools.removeFromRight (8);
    add.setBounds (tools.removeFromRight (26).reduced (1, 2));
    search.setBounds (tools.removeFromRight (26).reduced (1, 2));
    if (wanted.isVisible())
        wanted.setBounds (tools.removeFromRight (120).reduced (2, 3));
    for (std::size_t n = toggles.size(); n-- > 0;)
    {
        const int w = 16 + static_cast<int> (
                               font (11, Weight::medium).getStringWidthFloat (toggles[n]->getButtonText()));
        toggles[n]->setBounds (tools.removeFromRight (w).reduced (1, 3));
    }
    scenes.setBounds (tools.removeFromRight (60).reduced (1, 3));
    if (muteGroups.isVisible())
        muteGroups.setBounds (tools.removeFromRight (92).reduced (1, 3));
    for (auto& t : tabs)
    {
        const int w =
            18 + static_cast<int> (font (11, Weight::medium).getStringWidthFloat (t->getButtonText()));
        const bool fits = left.getX() + w < tools.getRight() - 60;
        t->setVisible (fits);
        if (fits)
            t->setBounds (left.removeFromLeft (w).reduced (1, 3));
    }
    lay();
}

void Mixer::lay()
{
    auto r = getLocalBounds().withTrimmedTop (barHeight());
    if (r.isEmpty())
        return;
    StripView* mix = nullptr;
    const auto width = [] (const StripView& s) { return s.naturalWidth() + 1; };
    const auto sumOf = [&] (const juce::Component& row)
    {
        int sum = 0;
        for (const auto& s : strips)
            if (s->isVisible() && s->getParentComponent() == &row)
                sum += width (*s);
        return sum;
    };
    for (auto& s : strips)
    {
        s->setVisible (shows (*s));
        s->setParts (show);
        if (s->strip().kind == session::StripKind::mix)
            mix = s.get();
    }
    if (mix != nullptr)
        mix->setBounds (r.removeFromRight (mix->naturalWidth()));
    // Buses that would take more than half of the room become narrow, then scroll among themselves.
    const int most = std::max (100, r.getWidth() * 55 / 100);
    if (sumOf (pinned) > most)
    {
        auto tight = show;
        tight.narrow = true;
        for (auto& s : strips)
            if (s->getParentComponent() == &pinned)
                s->setParts (tight);
    }
    const int left = sumOf (tracks), right = sumOf (pinned);
    const bool pinnedScrolls = right > most;
    pinnedScroll.setBounds (r.removeFromRight (std::clamp (right, 0, most)));
    r.removeFromRight (4);
    scroll.setBounds (r);
    const bool scrolls = left - 1 > r.getWidth();
    // All of one height, so that names line up.
    const int height = r.getHeight() - (scrolls || pinnedScrolls ? 9 : 0);
    tracks.setSize (std::max (1, left - 1), height);
    pinned.setSize (std::max (1, right), height);
    int x = 0, pinnedX = 0;
    for (auto& s : strips)
    {
        if (! s->isVisible())
            continue;
        if (s.get() == mix)
        {
            s->setBounds (s->getBounds().withHeight (height));
            continue;
        }
        int& at = s->getParentComponent() == &tracks ? x : pinnedX;
        s->setBounds (at, 0, s->naturalWidth(), height);
        at += width (*s);
    }
    repaint();
}

void Mixer::paint (juce::Graphics& g)
{
    const auto bar = getLocalBounds().withHeight (barHeight());
    if (g.clipRegionIntersects (bar))
    {
        g.setColour (juce::Colour (0xff1f1b18));
        g.fillRect (bar);
        g.setColour (juce::Colours::black);
        g.fillRect (bar.withHeight (1));
        g.setColour (juce::Colour (0xff57504a));
        g.fillRoundedRectangle (juce::Rectangle<float> (40, 3).withCentre (
                                    { bar.toFloat().getCentreX(), bar.toFloat().getY() + 3.5f }),
                                1.5f);
        g.setColour (colour (tokens::text3));
        g.setFont (font (11, Weight::semibold).withExtraKerningFactor (0.06f));
        g.drawText ("MIXER", bar.withTrimmedLeft (12), juce::Justification::centredLeft, false);
    }
    g.setColour (colour (tokens::ground));
    g.fillRect (scroll.getBounds());
    g.setColour (juce::Colours::black);
    g.fillRect (scroll.getRight(), bar.getBottom(), 4, getHeight());
}

void Mixer::paintOverChildren (juce::Graphics& g)
{
    if (goal >= 0)
    {
        g.setColour (colour (tokens::gold));
        g.fillRect (goal - 1, barHeight(), 3, getHeight() - barHeight());
    }
    if (dragged.isNotEmpty())
    {
        const auto words = dropRemoves ? "Remove " + dragged : dragged;
        const auto face = font (11, Weight::medium);
        const auto box = juce::Rectangle<float> (std::min (170.0f, face.getStringWidthFloat (words) + 16), 20)
                             .withPosition (draggedAt.toFloat());
        g.setColour (colour (tokens::raised));
        g.fillRoundedRectangle (box, tokens::radiusControl);
        g.setColour (colour (dropRemoves ? tokens::shu : tokens::gold));
        g.drawRoundedRectangle (box.reduced (0.5f), tokens::radiusControl, 1);
        drawFading (g, words, face, colour (tokens::text), box.reduced (8, 0));
    }
}

} // namespace lacquer::ui
