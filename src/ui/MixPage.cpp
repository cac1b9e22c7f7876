// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MixPage.h"

#include "session/Find.h"
#include "session/RoutingEdits.h"

#include <cmath>

namespace lacquer::ui
{

/// The line between tracks and mixer: drag it, double-click for where it was.
class MixPage::Splitter final : public juce::Component
{
public:
    explicit Splitter (MixPage& p) : page (p)
    {
        setMouseCursor (juce::MouseCursor::UpDownResizeCursor);
        setTitle ("Height of the mixer");
        setHelpText ("Drag. Double-click for the usual height.");
    }
    void mouseDown (const juce::MouseEvent&) override { from = page.mixer.getHeight(); }
    void mouseDrag (const juce::MouseEvent& e) override
    {
        page.mixerHeight = std::max (300, from - e.getDistanceFromDragStartY());
        page.resized();
    }
    void mouseDoubleClick (const juce::MouseEvent&) override
    {
        page.mixerHeight = 0;
        page.resized();
    }

private:
    MixPage& page;
    int from = 0;
};

MixPage::MixPage (Model& m)
    : model (m), timeline (m), mixer (m), inspector (m), editor (m),
      splitter (std::make_unique<Splitter> (*this))
{
    setOpaque (true);
    addAndMakeVisible (timeline);
    addAndMakeVisible (mixer);
    addAndMakeVisible (inspector);
    addAndMakeVisible (*splitter);
    addChildComponent (editor);
    const auto selects = [this] (Id id, juce::ModifierKeys mods) { select (id, mods); };
    const auto switches = [this] (Id id, std::string_view p, juce::ModifierKeys mods)
    { press (id, p, mods); };
    const auto opens = [this] (Id id, Id insert)
    {
        select (id);
        showEditor (true, insert);
    };
    timeline.onSelect = selects;
    timeline.onSwitch = switches;
    timeline.meterOf = [this] (Id id) -> const LevelMeter*
    {
        auto* s = mixer.find (id);
        return s != nullptr ? &s->levels() : nullptr;
    };
    timeline.onClips = [this] (const std::set<Id>& clips) { inspector.showClips (clips); };
    inspector.meterOf = timeline.meterOf;
    mixer.onSelect = selects;
    mixer.onSwitch = switches;
    mixer.onOpen = opens;
    mixer.onPaint = [this] (Id id, std::string_view p) { paintOver (id, p); };
    mixer.onListen = [this] (Id id, juce::ModifierKeys mods) { listen (id, mods); };
    inspector.onOpen = [this] { showEditor (true); };
    editor.onBack = [this] { showEditor (false); };
    editor.onSelect = [this] (Id id) { select (id); };
    editor.onSwitch = switches;
    editor.onFind = [this] (const juce::String& text, bool next) { mixer.jump (text, next); };
    editor.meterOf = [this] (Id id) -> const LevelMeter*
    {
        auto* s = mixer.find (id);
        return s != nullptr ? &s->levels() : nullptr;
    };
    rebuild();
}

MixPage::~MixPage() = default;

void MixPage::rebuild()
{
    mixer.rebuild();
    if (mixer.find (selected) == nullptr)
    {
        selected = mixer.all().empty() ? Id {} : mixer.all().front()->id();
        chosen = { selected };
    }
    std::erase_if (chosen, [this] (Id id) { return mixer.find (id) == nullptr; });
    timeline.rebuild();
    inspector.show (selected);
    inspector.rebuild();
    if (editor.isVisible())
    {
        editor.show (selected);
        editor.rebuild();
    }
    mixer.select (selected, chosen);
    timeline.select (selected, chosen);
    resized();
}

void MixPage::refresh()
{
    mixer.refresh();
    if (inspecting)
        inspector.refresh();
    if (editor.isVisible())
        editor.refresh();
    timeline.refresh();
}

void MixPage::advance (double seconds)
{
    mixer.advance (seconds);
    if (editor.isVisible())
        editor.advance (seconds);
    else
    {
        if (inspecting)
            inspector.advance (seconds);
        timeline.advance();
    }
}

void MixPage::showInspector (bool b)
{
    inspecting = b;
    inspector.setVisible (b && ! editor.isVisible());
    if (b)
        inspector.refresh();
    resized();
}

void MixPage::showMixer (bool b)
{
    mixing = b;
    mixer.setVisible (b && ! editor.isVisible());
    splitter->setVisible (b && ! editor.isVisible());
    resized();
}

int MixPage::lanesRight() const
{
    return editor.isVisible() ? editor.graphRight() : inspecting ? inspector.getX() - 1 : getWidth();
}

void MixPage::openSearch()
{
    if (editor.isVisible())
        editor.openSearch();
    else
        mixer.openSearch();
}

void MixPage::setView (const ViewState& v)
{
    mixerHeight = v.mixerHeight;
    showInspector (v.inspector);
    showMixer (v.mixer);
    timeline.setView (v);
}

ViewState MixPage::view() const
{
    ViewState v;
    v.mixerHeight = mixerHeight;
    v.inspector = inspecting;
    v.mixer = mixing;
    timeline.tellView (v);
    return v;
}

void MixPage::showEditor (bool b, Id insert)
{
    if (b && session::stripOf (model.project(), selected) == nullptr)
        return; // a VCA fader has no channel
    editor.setVisible (b);
    timeline.setVisible (! b);
    mixer.setVisible (! b && mixing);
    splitter->setVisible (! b && mixing);
    inspector.setVisible (! b && inspecting);
    resized();
    if (b)
    {
        editor.show (selected);
        editor.open (insert);
        editor.refresh();
    }
    else
    {
        mixer.refresh();
        inspector.refresh();
    }
}

/// The strips in which something changed that no clip and no open lane shows.
std::vector<Id> MixPage::stripsOf (const ChangedParts& what) const
{
    using Part = session::ChangedPart::Part;
    std::vector<Id> strips;
    for (const auto& d : what)
    {
        const Id id = d.part == Part::strip                                              ? d.id
                      : d.part == Part::effect                                           ? d.owner
                      : d.part == Part::lane && ! timeline.showsLane (d.id, d.parameter) ? d.owner
                                                                                         : Id {};
        if (id)
            strips.push_back (id);
    }
    return strips;
}

void MixPage::reveal (const ChangedParts& what)
{
    if (editor.isVisible())
        return;
    const auto strips = stripsOf (what);
    const bool there = mixing && mixer.reveal (strips);
    timeline.reveal (what, ! there);
}

Outlines MixPage::outlinesOf (const ChangedParts& what)
{
    Outlines all;
    const auto add = [&all] (juce::Rectangle<int> r, const juce::Component& in)
    {
        if (! r.isEmpty())
            all.push_back (r + in.getPosition());
    };
    if (editor.isVisible())
    {
        for (const auto& r : editor.outlinesOf (what))
            add (r, editor);
        return all;
    }
    Outlines above;
    timeline.outline (what, above);
    for (const auto& r : above)
        add (r, timeline);
    if (mixing)
        for (const Id id : stripsOf (what))
            if (const auto* s = mixer.find (id))
                add (mixer.seen (*s), mixer);
    if (inspecting)
        for (const auto& d : what)
            if (d.part == session::ChangedPart::Part::modulator)
                add (inspector.placeOf (d.id), inspector);
    return all;
}

void MixPage::showLane (Id target, const std::string& param)
{
    showEditor (false);
    timeline.showLane (target, param);
}

void MixPage::showModulator (Id modulator)
{
    showEditor (false);
    showInspector (true);
    inspector.showModulator (modulator);
}

void MixPage::select (Id id, juce::ModifierKeys mods)
{
    const auto& all = mixer.all();
    if (mods.isPopupMenu() && chosen.contains (id))
        mods = {}; // the menu of what is chosen already
    if (mods.isShiftDown() && selected)
    {
        const auto place = [&] (Id wanted)
        { return std::find_if (all.begin(), all.end(), [&] (const auto& s) { return s->id() == wanted; }); };
        auto a = place (selected), b = place (id);
        if (b < a)
            std::swap (a, b);
        for (; a != all.end(); ++a)
        {
            chosen.insert ((*a)->id());
            if (a == b)
                break;
        }
    }
    else if (mods.isCommandDown())
    {
        if (! chosen.insert (id).second && chosen.size() > 1)
        {
            chosen.erase (id);
            if (selected == id)
                id = *chosen.begin();
            else
                id = selected;
        }
    }
    else if (! chosen.contains (id) || chosen.size() < 2)
        chosen = { id };
    selected = id;
    inspector.show (id);
    if (editor.isVisible())
        editor.show (id);
    mixer.select (id, chosen);
    timeline.select (id, chosen);
}

void MixPage::selectNeighbour (int by)
{
    const auto& all = mixer.all();
    for (std::size_t n = 0; n < all.size(); ++n)
        if (all[n]->id() == selected)
        {
            const auto next = static_cast<std::ptrdiff_t> (n) + by;
            if (next >= 0 && next < static_cast<std::ptrdiff_t> (all.size()))
            {
                chosen.clear();
                select (all[static_cast<std::size_t> (next)]->id());
            }
            return;
        }
}

void MixPage::toggle (std::string_view param, juce::ModifierKeys mods)
{
    if (selected)
        press (selected, param, mods);
}

void MixPage::press (Id id, std::string_view param, juce::ModifierKeys mods)
{
    if (findParam (model.params (id), param) == nullptr)
        return;
    if (mods.isAltDown() && param == stripIds::solo)
    {
        pressed = 0;
        const auto* s = session::stripOf (model.project(), id);
        if (s != nullptr)
            model.edit (session::madeSoloSafe (model.project(), id, ! s->soloSafe), newGesture());
        refresh();
        return;
    }
    const double next = model.value (id, param) >= 0.5 ? 0 : 1;
    const auto key = newGesture();
    pressed = key;
    painted = next;
    const bool alone = mods.isCommandDown() && param == stripIds::solo;
    const bool several = chosen.size() > 1 && chosen.contains (id) && ! alone;
    for (const auto& s : mixer.all())
    {
        if (findParam (model.params (s->id()), param) == nullptr)
            continue;
        if (s->id() == id)
            model.set (id, param, alone ? 1 : next, key);
        else if (alone)
            model.set (s->id(), param, 0, key);
        else if ((mods.isShiftDown() && ! s->strip().vca) || (several && chosen.contains (s->id())))
            model.set (s->id(), param, next, key);
    }
    refresh();
}

void MixPage::paintOver (Id id, std::string_view param)
{
    if (pressed == 0 || findParam (model.params (id), param) == nullptr ||
        (model.value (id, param) >= 0.5) == (painted >= 0.5))
        return;
    model.set (id, param, painted, pressed);
    refresh();
}

void MixPage::listen (Id id, juce::ModifierKeys mods)
{
    auto m = model.monitor();
    const auto at = std::find (m.listened.begin(), m.listened.end(), id);
    if (mods.isCommandDown())
        m.listened = { id };
    else if (at != m.listened.end())
        m.listened.erase (at);
    else
        m.listened.push_back (id);
    (void)model.setMonitor (m); // only a reference can be refused
    refresh();
}

std::vector<Id> MixPage::others (Id id, std::string_view param) const
{
    std::vector<Id> all;
    if (chosen.contains (id))
        for (const Id other : chosen)
            if (other != id && findParam (model.params (other), param) != nullptr)
                all.push_back (other);
    return all;
}

void MixPage::moveAlong (Id id, const Param& p, double from, double to, Gesture key, juce::ModifierKeys mods)
{
    if (p.isChoice())
        return;
    for (const Id other : others (id, p.id))
    {
        const double now = model.value (other, p.id);
        if (p.taper == Taper::fader && now <= static_cast<double> (p.min) && ! mods.isAltDown())
            continue; // what is off stays off
        model.set (other, p.id, mods.isAltDown() ? to : now + to - from, key);
        if (auto* s = mixer.find (other))
            s->refresh();
    }
}

void MixPage::setCompact (bool c)
{
    compact = c;
    mixer.setCompact (c);
    inspector.setCompact (c);
    editor.setCompact (c);
    timeline.setCompact (c);
    resized();
}

void MixPage::resized()
{
    auto r = getLocalBounds();
    if (r.isEmpty())
        return;
    editor.setBounds (r);
    if (inspecting)
    {
        auto side = r.removeFromRight (compact ? 264 : 336);
        inspector.setBounds (side.withTrimmedLeft (1));
    }
    if (mixing)
    {
        const int wanted = mixerHeight > 0 ? mixerHeight : naturalMixer() + mixer.barHeight();
        const int height =
            std::clamp (wanted, std::min (300, r.getHeight()), std::max (300, r.getHeight() * 6 / 10));
        mixer.setBounds (r.removeFromBottom (height));
        splitter->setBounds (mixer.getBounds().withHeight (7).translated (0, -2));
    }
    timeline.setBounds (r);
}

void MixPage::paint (juce::Graphics& g)
{
    g.fillAll (juce::Colours::black);
}

} // namespace lacquer::ui
