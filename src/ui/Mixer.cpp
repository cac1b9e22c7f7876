// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Mixer.h"

#include "session/Find.h"

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
    addAndMakeVisible (clear);
    addAndMakeVisible (search);
    wanted.setTextToShowWhenEmpty ("Find", colour (tokens::text3));
    wanted.setFont (font (11));
    wanted.onTextChange = [this] { lay(); };
    wanted.onEscapeKey = wanted.onReturnKey = [this]
    {
        wanted.setText ({}, true);
        wanted.setVisible (false);
        lay();
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
            for (auto& s : strips)
                s->setParts (show);
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

void Mixer::rebuild()
{
    std::vector<std::unique_ptr<StripView>> old;
    old.swap (strips);
    int count = 0;
    for (const auto& info : model.strips())
    {
        const bool track = info.kind == session::StripKind::track;
        const int number = track ? ++count : 0;
        const auto kept = std::find_if (old.begin(), old.end(),
                                        [&] (const auto& s) { return s != nullptr && s->id() == info.id; });
        std::unique_ptr<StripView> view;
        if (kept != old.end() && (*kept)->show (info, number))
            view = std::move (*kept);
        else
        {
            view = std::make_unique<StripView> (model, info, number);
            view->onSelect = [this] (Id id, juce::ModifierKeys mods) { onSelect (id, mods); };
            view->onSwitch = [this] (Id id, std::string_view p, juce::ModifierKeys mods)
            { onSwitch (id, p, mods); };
            view->onOpen = [this] (Id id, Id insert) { onOpen (id, insert); };
            view->onMove = [this] (Id id, const Param& p, double from, double to, Gesture key,
                                   juce::ModifierKeys mods) { onMove (id, p, from, to, key, mods); };
            view->onClearAll = [this] { clearHolds(); };
            view->onDragName = [this] (Id id, juce::Point<int> at, bool done) { dragName (id, at, done); };
            view->setParts (show);
            view->setCompact (compact);
        }
        (track ? tracks : pinned).addAndMakeVisible (*view);
        strips.push_back (std::move (view));
    }

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
    if (wanted.isVisible() && wanted.getText().isNotEmpty() &&
        ! utf8 (info.name).containsIgnoreCase (wanted.getText()))
        return false;
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

void Mixer::select (Id id, const std::set<Id>& chosen)
{
    for (auto& s : strips)
        s->setSelected (s->id() == id, chosen.size() > 1 && chosen.contains (s->id()));
    // The strip comes into view.
    if (auto* s = find (id); s != nullptr && s->getParentComponent() == &tracks && s->isVisible())
    {
        const auto view = scroll.getViewArea();
        if (s->getX() < view.getX())
            scroll.setViewPosition (s->getX(), 0);
        else if (s->getRight() > view.getRight())
            scroll.setViewPosition (s->getRight() - view.getWidth(), 0);
    }
}

void Mixer::setCompact (bool c)
{
    compact = c;
    for (auto& s : strips)
        s->setCompact (c);
    resized();
}

void Mixer::dragName (Id id, juce::Point<int> screen, bool done)
{
    const auto* dragged = find (id);
    if (dragged == nullptr || dragged->strip().kind == session::StripKind::mix)
        return;
    auto* row = dragged->getParentComponent();
    const int x = row->getLocalPoint (nullptr, screen).x;
    int index = 0, at = -1;
    for (const auto& s : strips)
    {
        if (s->getParentComponent() != row || s->strip().kind != dragged->strip().kind || ! s->isVisible())
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
    search.setBounds (tools.removeFromRight (26).reduced (1, 2));
    if (wanted.isVisible())
        wanted.setBounds (tools.removeFromRight (120).reduced (2, 3));
    for (std::size_t n = toggles.size(); n-- > 0;)
    {
        const int w = 16 + static_cast<int> (
                               font (11, Weight::medium).getStringWidthFloat (toggles[n]->getButtonText()));
        toggles[n]->setBounds (tools.removeFromRight (w).reduced (1, 3));
    }
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
    int left = 0, right = 0;
    for (auto& s : strips)
    {
        const bool visible = shows (*s);
        s->setVisible (visible);
        if (! visible)
            continue;
        int& x = s->strip().kind == session::StripKind::track ? left : right;
        s->setBounds (x, 0, s->naturalWidth(), std::max (10, s->getHeight()));
        x += s->naturalWidth() + 1;
    }
    const int most = std::max (100, r.getWidth() * 6 / 10);
    const bool pinnedScrolls = right - 1 > most;
    pinnedScroll.setBounds (r.removeFromRight (std::clamp (right - 1, 0, most)));
    r.removeFromRight (4);
    scroll.setBounds (r);
    const bool scrolls = left - 1 > r.getWidth();
    // All of one height, so that names line up.
    const int height = r.getHeight() - (scrolls || pinnedScrolls ? 9 : 0);
    tracks.setSize (std::max (1, left - 1), height);
    pinned.setSize (std::max (1, right - 1), height);
    for (auto& s : strips)
        s->setBounds (s->getX(), 0, s->getWidth(), height);
    if (pinnedScrolls)
        pinnedScroll.setViewPosition (right, 0);
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
}

} // namespace lacquer::ui
