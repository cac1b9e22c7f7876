// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MixPage.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

/// The switches in a track's header.
constexpr std::pair<char, std::string_view> headerSwitches[] = { { 'M', stripIds::mute },
                                                                 { 'S', stripIds::solo } };

juce::String arrow()
{
    return juce::String::charToString (0x2192) + " ";
}

} // namespace

StripView::StripView (Model& m, const StripInfo& i, int n)
    : model (m), info (i), number (n), bindings (m), meter (utf8 (i.name))
{
    const auto table = model.params (info.id);
    const auto where = utf8 (info.name);
    setTitle (where);
    if (const auto* p = findParam (table, stripIds::pan))
    {
        pan = std::make_unique<Knob> (*p, where, 26, false);
        bindings.add (*pan, info.id);
        addAndMakeVisible (*pan);
    }
    if (const auto* p = findParam (table, stripIds::fader))
    {
        fader = std::make_unique<Fader> (*p, where);
        level = std::make_unique<NumberField> (*p, where, false, 11.0f, juce::Justification::centred);
        level->withUnit = false;
        bindings.add (*fader, info.id);
        bindings.add (*level, info.id);
        addAndMakeVisible (*fader);
        addAndMakeVisible (*level);
        const auto sync = [this] (double v, Gesture key)
        {
            model.set (info.id, stripIds::fader, v, key);
            fader->show (v);
            level->show (v);
        };
        fader->onChange = level->onChange = sync;
    }
    canMute = findParam (table, stripIds::mute) != nullptr;
    canSolo = info.kind != session::StripKind::mix && findParam (table, stripIds::solo) != nullptr;
    mute.setTitle ("Mute, " + where);
    mute.setHelpText ("Click to silence. Shift-click for all. M for the selected strip.");
    solo.setTitle ("Solo, " + where);
    solo.setHelpText ("Click to hear it with the other soloed strips. Ctrl-click for this one alone.");
    mute.onPress = [this] (juce::ModifierKeys mods) { onSwitch (info.id, stripIds::mute, mods); };
    solo.onPress = [this] (juce::ModifierKeys mods) { onSwitch (info.id, stripIds::solo, mods); };
    if (canMute)
        addAndMakeVisible (mute);
    if (canSolo)
        addAndMakeVisible (solo);
    meter.setChannels (info.channels);
    addAndMakeVisible (meter);
    setFocusContainerType (FocusContainerType::focusContainer);
    refresh();
}

void StripView::setSelected (bool b)
{
    selected = b;
    if (fader != nullptr)
        fader->setSelected (b);
    repaint();
}

void StripView::refresh()
{
    bindings.refresh();
    const bool muted = canMute && model.value (info.id, stripIds::mute) >= 0.5;
    mute.setToggleState (muted, juce::dontSendNotification);
    if (canSolo)
        solo.setToggleState (model.value (info.id, stripIds::solo) >= 0.5, juce::dontSendNotification);
    const bool bySolo = model.mutedBySolo (info.id);
    if (std::exchange (mute.outlined, bySolo && ! muted) != mute.outlined)
        mute.repaint();
    if (fader != nullptr)
        fader->setMuted (muted);
}

void StripView::advance (double seconds)
{
    const double before = meter.maximum();
    meter.advance (model.take (info.id), seconds);
    if (before != meter.maximum())
        repaint (numbers);
}

void StripView::mouseDown (const juce::MouseEvent& e)
{
    if (onSelect)
        onSelect (info.id);
    if (numbers.contains (e.getPosition()))
    {
        if (e.mods.isAltDown() && onClearAll)
            onClearAll();
        else
            meter.clear();
        repaint (numbers);
    }
}

void StripView::resized()
{
    auto r = getLocalBounds();
    const bool mix = info.kind == session::StripKind::mix;
    r.removeFromTop (6);
    route = r.removeFromBottom (15);
    nameBox = r.removeFromBottom (22);
    r.removeFromBottom (2);
    auto switches = r.removeFromBottom (22).reduced (4, 2);
    if (canMute && canSolo)
    {
        mute.setBounds (switches.removeFromLeft ((switches.getWidth() - 3) / 2));
        switches.removeFromLeft (3);
        solo.setBounds (switches);
    }
    else
        (canMute ? mute : solo).setBounds (switches);
    numbers = r.removeFromBottom (17);
    if (level != nullptr)
        level->setBounds (numbers.withWidth (numbers.getWidth() * 43 / 76).reduced (2, 0));

    // What does not fit gives way in the order of the design: sends, then inserts beyond three.
    int insertRows = 5, sendRows = 2;
    const auto need = [&] { return insertRows * 16 + sendRows * 16 + 8 + 32 + 170; };
    if (need() > r.getHeight())
        insertRows = 3;
    if (need() > r.getHeight())
        sendRows = 0;
    if (need() > r.getHeight())
        insertRows = 0;
    inserts = r.removeFromTop (insertRows * 16).reduced (4, 0);
    r.removeFromTop (insertRows > 0 ? 4 : 0);
    sends = r.removeFromTop (sendRows * 16).reduced (4, 0);
    r.removeFromTop (4);
    auto panRow = r.removeFromTop (30);
    if (pan != nullptr)
        pan->setBounds (panRow.withTrimmedLeft (7).withWidth (28));
    r.removeFromTop (6);
    r.removeFromBottom (4);
    const int middle = mix ? getWidth() / 2 - 8 : getWidth() < 76 ? 38 : 43;
    if (fader != nullptr)
        fader->setBounds (r.withWidth (middle));
    meter.setBounds (r.withTrimmedLeft (middle + (getWidth() < 76 ? 2 : 4))
                         .withWidth (mix ? 40 : getWidth() - middle - 6));
}

void StripView::paint (juce::Graphics& g)
{
    const auto r = getLocalBounds();
    const auto tint = pigment (info.colour);
    paintPanel (g, r);
    if (selected)
    {
        g.setColour (colour (tokens::gold).withAlpha (0.10f));
        g.fillRect (r);
    }
    g.setColour (tint);
    g.fillRect (r.withHeight (3));
    const auto slotAt = [&] (juce::Rectangle<int> box, int row)
    { return box.withHeight (15).translated (0, row * 16).toFloat(); };
    for (int row = 0; row < inserts.getHeight() / 16; ++row)
    {
        const auto slot = slotAt (inserts, row);
        const auto n = static_cast<std::size_t> (row);
        const bool used = n < info.inserts.size();
        g.setColour (juce::Colour (used ? 0xff2d2824 : 0xff151210));
        g.fillRoundedRectangle (slot, 2);
        if (used)
        {
            const auto& s = info.inserts[n];
            g.setColour (colour (s.on ? tokens::gold : tokens::off));
            g.fillRoundedRectangle (slot.getX() + 4, slot.getCentreY() - 2.5f, 5, 5, 1);
            drawFading (g, utf8 (s.name), font (10), colour (s.on ? tokens::text : tokens::text3),
                        slot.withTrimmedLeft (14));
        }
    }
    for (int row = 0; row < sends.getHeight() / 16; ++row)
    {
        const auto slot = slotAt (sends, row);
        const auto n = static_cast<std::size_t> (row);
        const bool used = n < info.sends.size();
        g.setColour (juce::Colour (used ? 0xff211d1a : 0xff151210));
        g.fillRoundedRectangle (slot, 2);
        if (used)
        {
            const auto& s = info.sends[n];
            const auto p = asLevel<Param> ("send", "Send", 10, 0, {});
            const auto text = shown (s.level <= p.min ? "-inf" : juce::String (s.level, 0).toStdString());
            const auto right = slot.withTrimmedRight (3);
            const float width = tabularWidth (text, font (10));
            drawFading (g, utf8 (s.name), font (10), colour (s.on ? tokens::text : tokens::text3),
                        slot.withTrimmedLeft (4).withTrimmedRight (width + 6));
            g.setColour (colour (tokens::text2));
            drawTabular (g, text, font (10), right, juce::Justification::centredRight);
            g.setColour (colour (s.on ? tokens::gold : tokens::off));
            g.fillRect (slot.getX(), slot.getBottom() - 1.5f,
                        slot.getWidth() * static_cast<float> (travelOf (p, s.level)), 1.5f);
        }
    }
    if (pan != nullptr)
    {
        g.setColour (colour (tokens::text2));
        drawTabular (g, shownValue (pan->param(), std::round (pan->value())), font (10),
                     pan->getBounds().withLeft (pan->getRight() + 4).withRight (getWidth()).toFloat(),
                     juce::Justification::centredLeft);
    }
    const auto place =
        numbers.withLeft (numbers.getX() + numbers.getWidth() * 43 / 76).withTrimmedRight (2).toFloat();
    const double top = meter.maximum();
    g.setColour (colour (top >= 0 ? tokens::shu : tokens::text2));
    drawTabular (g, (top > 0 ? "+" : "") + shownLevel (top),
                 font (10, top >= 0 ? Weight::semibold : Weight::regular), place,
                 juce::Justification::centred);

    g.setColour (tint.withAlpha (selected ? 0.4f : 0.24f));
    g.fillRect (nameBox);
    g.setColour (tint.withAlpha (0.5f));
    g.fillRect (nameBox.withHeight (1));
    drawFading (g, utf8 (info.name), font (11, Weight::semibold), colour (tokens::text),
                nameBox.reduced (4, 0).toFloat(), juce::Justification::centred);
    const auto where =
        info.kind == session::StripKind::mix ? juce::String ("Master page") : utf8 (info.output);
    if (where.isNotEmpty())
        drawFading (g,
                    (info.kind == session::StripKind::track ? juce::String (number) + " " : juce::String()) +
                        arrow() + where,
                    font (10), colour (tokens::text3), route.reduced (3, 0).toFloat(),
                    juce::Justification::centred);
    if (selected)
    {
        g.setColour (colour (tokens::gold));
        g.drawRect (r.toFloat(), 1.5f);
    }
}

Timeline::Timeline (Model& m) : model (m)
{
    setOpaque (true);
    setTitle ("Song");
    setHelpText ("Click to move the playhead. Drag in the ruler to set the loop.");
    scroll.addListener (this);
    scroll.setAutoHide (true);
    addAndMakeVisible (scroll);
}

void Timeline::rebuild()
{
    tracks.clear();
    for (const auto& s : model.strips())
        if (s.kind == session::StripKind::track)
            tracks.push_back (s);
    markers = model.markers();
    headerWidth = getWidth() < 1500 ? 212 : 236;
    drawLanes();
    repaint();
}

juce::Rectangle<int> Timeline::lanes() const
{
    return getLocalBounds().withTrimmedLeft (headerWidth).withTrimmedTop (40);
}

int Timeline::rowHeight() const
{
    const int room = getHeight() - 40;
    const int count = std::max (1, static_cast<int> (tracks.size()));
    return std::clamp (room / count, 28, 54);
}

float Timeline::xOf (Frames f) const
{
    const auto total = static_cast<double> (std::max<Frames> (1, model.length()));
    const auto area = lanes();
    return static_cast<float> (area.getX() + static_cast<double> (f) / total * area.getWidth());
}

Frames Timeline::frameAt (int x) const
{
    const auto area = lanes();
    const double share = static_cast<double> (x - area.getX()) / std::max (1, area.getWidth());
    return static_cast<Frames> (std::clamp (share, 0.0, 1.0) * static_cast<double> (model.length()));
}

void Timeline::drawLanes()
{
    const int width = getWidth(), row = rowHeight();
    const int height = std::max (getHeight() - 40, row * static_cast<int> (tracks.size()));
    scroll.setRangeLimits (0, height);
    scroll.setCurrentRange (scroll.getCurrentRangeStart(), std::max (1, getHeight() - 40));
    if (width <= headerWidth || height <= 0)
        return;
    picture = juce::Image (juce::Image::RGB, width, height, true);
    juce::Graphics g (picture);
    g.fillAll (colour (tokens::well));
    const int span = width - headerWidth;
    int y = 0, number = 0;
    for (const auto& t : tracks)
    {
        ++number;
        const auto tint = pigment (t.colour);
        auto head = juce::Rectangle<int> (0, y, headerWidth - 1, row - 1);
        paintPanel (g, head);
        if (t.id == selected)
        {
            g.setColour (juce::Colour (0xff2b2622));
            g.fillRect (head);
        }
        g.setColour (tint);
        g.fillRect (head.removeFromLeft (4));
        g.setColour (colour (tokens::text3));
        drawTabular (g, juce::String (number), font (10), head.removeFromLeft (24).toFloat(),
                     juce::Justification::centred);
        drawFading (g, utf8 (t.name), font (12, Weight::semibold), colour (tokens::text),
                    head.reduced (4, 0).withTrimmedRight (54).toFloat());

        const auto lane = juce::Rectangle<int> (headerWidth, y, span, row - 1);
        const auto columns = model.waveform (t.id, 0, model.length(), span);
        const float middle = static_cast<float> (lane.getY()) + static_cast<float> (lane.getHeight()) / 2;
        const float scale = static_cast<float> (lane.getHeight()) * 0.48f;
        const auto ground = juce::Colour (0xff0e0c0b);
        const auto body = ground.overlaidWith (tint.withAlpha (0.21f));
        const auto loud = ground.overlaidWith (tint.withAlpha (0.78f));
        const auto core = loud.brighter (0.3f);
        for (std::size_t n = 0; n < columns.size() && n < static_cast<std::size_t> (span); ++n)
        {
            const auto& c = columns[n];
            const float x = static_cast<float> (lane.getX()) + static_cast<float> (n);
            if (! c.covered)
                continue;
            g.setColour (body);
            g.fillRect (x, static_cast<float> (lane.getY()), 1.0f, static_cast<float> (lane.getHeight()));
            g.setColour (loud);
            const float up = std::min (1.0f, c.high) * scale, down = std::max (-1.0f, c.low) * scale;
            g.fillRect (x, middle - up, 1.0f, std::max (1.0f, up - down));
            g.setColour (core);
            const float r = std::min (c.rms, 1.0f) * scale;
            g.fillRect (x, middle - r, 1.0f, 2 * r);
        }
        g.setColour (juce::Colours::black);
        g.fillRect (0, y + row - 1, width, 1);
        y += row;
    }
    g.setColour (juce::Colours::black);
    g.fillRect (headerWidth - 1, 0, 1, height);
}

void Timeline::select (Id id)
{
    if (std::exchange (selected, id) != id)
    {
        drawLanes();
        repaint();
    }
}

void Timeline::refresh()
{
    const float at = xOf (model.position());
    if (std::abs (at - playhead) >= 0.5f)
    {
        for (const float x : { playhead, at })
            repaint (static_cast<int> (x) - 8, 0, 17, getHeight());
        playhead = at;
    }
    if (shownLooping != model.looping() || shownLoopStart != model.loopStart() ||
        shownLoopEnd != model.loopEnd())
    {
        shownLooping = model.looping();
        shownLoopStart = model.loopStart();
        shownLoopEnd = model.loopEnd();
        repaint();
    }
}

void Timeline::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::well));
    auto area = getLocalBounds();
    auto head = area.removeFromTop (40);
    g.setColour (colour (tokens::panel));
    g.fillRect (head);
    auto corner = head.removeFromLeft (headerWidth);
    drawFading (g,
                juce::String (static_cast<int> (tracks.size())) + (tracks.size() == 1 ? " track" : " tracks"),
                font (11, Weight::medium), colour (tokens::text3), corner.reduced (12, 0).toFloat());
    auto sections = head.removeFromTop (18);
    const auto& map = model.tempo();

    for (std::size_t n = 0; n < markers.size(); ++n)
    {
        const float x = xOf (markers[n].position);
        const float end =
            n + 1 < markers.size() ? xOf (markers[n + 1].position) : static_cast<float> (getWidth());
        const juce::Rectangle<float> box (x, static_cast<float> (sections.getY()), end - x - 1, 17);
        g.setColour (juce::Colour (0xff2b2622));
        g.fillRect (box);
        drawFading (g, utf8 (markers[n].name), font (11, Weight::semibold), colour (tokens::text),
                    box.reduced (6, 0));
    }

    const auto ruler = head.toFloat();
    if (shownLoopEnd > shownLoopStart)
    {
        const float a = xOf (shownLoopStart), b = xOf (shownLoopEnd);
        g.setColour (colour (tokens::gold).withAlpha (shownLooping ? 0.28f : 0.10f));
        g.fillRect (a, ruler.getY(), b - a, ruler.getHeight());
        g.setColour (colour (shownLooping ? tokens::gold : tokens::text3));
        juce::Path ends;
        ends.addTriangle (a, ruler.getY(), a + 7, ruler.getY(), a, ruler.getY() + 7);
        ends.addTriangle (b, ruler.getY(), b - 7, ruler.getY(), b, ruler.getY() + 7);
        g.fillPath (ends);
    }
    // Bar numbers at a round distance of at least 70 px.
    const double perBar = static_cast<double> (xOf (static_cast<Frames> (map.frameOfBar (2))) - xOf (0));
    int every = 1;
    while (perBar > 0.01 && every * perBar < 70)
        every *= 2;
    if (perBar > 0.01)
        for (int bar = 1;; bar += every)
        {
            const auto at = static_cast<Frames> (map.frameOfBar (bar));
            if (at > model.length())
                break;
            const float x = xOf (at);
            g.setColour (colour (tokens::edge));
            g.fillRect (x, ruler.getY() + 2, 1.0f, ruler.getHeight() - 2);
            g.setColour (colour (tokens::text2));
            drawTabular (g, juce::String (bar), font (11, Weight::medium),
                         { x + 4, ruler.getY(), 40, ruler.getHeight() }, juce::Justification::centredLeft);
        }
    g.setColour (juce::Colours::black);
    g.fillRect (0, 39, getWidth(), 1);
    const int offset = static_cast<int> (scroll.getCurrentRangeStart());
    if (tracks.empty())
    {
        g.setColour (colour (tokens::text2));
        g.setFont (font (tokens::titleSize, Weight::semibold));
        g.drawText ("No tracks yet", area.withTrimmedBottom (20), juce::Justification::centred, false);
        g.setFont (font (tokens::bodySize));
        g.drawText ("Open a project with Ctrl+O.", area.withTrimmedTop (20), juce::Justification::centred,
                    false);
        return;
    }
    g.setOrigin (0, 40);
    g.reduceClipRegion (0, 0, getWidth(), getHeight() - 40);
    g.drawImageAt (picture, 0, -offset);
    for (std::size_t n = 0; n < tracks.size(); ++n)
        for (const auto& [letter, param] : headerSwitches)
        {
            Look look;
            look.on = model.value (tracks[n].id, param) >= 0.5;
            const bool bySolo = letter == 'M' && ! look.on && model.mutedBySolo (tracks[n].id);
            paintLetter (g, switchArea (n, letter).translated (0, -40).toFloat(), letter, look, bySolo);
        }
}

juce::Rectangle<int> Timeline::switchArea (std::size_t track, char letter) const
{
    const int y =
        40 + static_cast<int> (track) * rowHeight() - static_cast<int> (scroll.getCurrentRangeStart());
    return juce::Rectangle<int> (headerWidth - (letter == 'M' ? 52 : 30), y, 20, rowHeight() - 1)
        .withSizeKeepingCentre (20, 18);
}

void Timeline::paintOverChildren (juce::Graphics& g)
{
    const float x = xOf (model.position());
    if (x < static_cast<float> (headerWidth))
        return;
    g.setColour (colour (tokens::text));
    g.fillRect (x - 0.75f, 36.0f, 1.5f, static_cast<float> (getHeight()) - 36);
    juce::Path head;
    head.addTriangle (x - 6, 29, x + 6, 29, x, 38);
    g.fillPath (head);
}

void Timeline::resized()
{
    scroll.setBounds (getLocalBounds().removeFromRight (10).withTrimmedTop (40));
    rebuild();
}

void Timeline::scrollBarMoved (juce::ScrollBar*, double)
{
    repaint();
}

void Timeline::mouseWheelMove (const juce::MouseEvent& e, const juce::MouseWheelDetails& w)
{
    scroll.mouseWheelMove (e, w);
}

void Timeline::mouseDown (const juce::MouseEvent& e)
{
    if (e.y >= 40)
    {
        for (std::size_t n = 0; n < tracks.size(); ++n)
            for (const auto& [letter, param] : headerSwitches)
                if (switchArea (n, letter).contains (e.getPosition()) && onSwitch)
                {
                    onSwitch (tracks[n].id, param, e.mods);
                    loopAnchor = -1;
                    return;
                }
        const auto row = static_cast<std::size_t> (
            std::max (0, e.y - 40 + static_cast<int> (scroll.getCurrentRangeStart())) / rowHeight());
        if (row < tracks.size() && onSelect)
            onSelect (tracks[row].id);
    }
    if (e.x < headerWidth)
        return;
    loopAnchor = e.y >= 18 && e.y < 40 ? frameAt (e.x) : -1;
    loopGesture = 0;
    if (loopAnchor < 0)
        model.locate (frameAt (e.x));
}

void Timeline::mouseDrag (const juce::MouseEvent& e)
{
    if (loopAnchor < 0)
    {
        if (e.x >= headerWidth && e.getMouseDownX() >= headerWidth)
            model.locate (frameAt (e.x));
        return;
    }
    if (! e.mouseWasDraggedSinceMouseDown())
        return;
    if (loopGesture == 0)
        loopGesture = newGesture();
    // Loops end on beats; Ctrl lets go of the grid.
    const auto& map = model.tempo();
    const auto snap = [&] (Frames f)
    {
        return e.mods.isCommandDown()
                   ? f
                   : static_cast<Frames> (std::llround (map.frameAt (std::round (map.beatAt (f)))));
    };
    const auto a = snap (loopAnchor), b = snap (frameAt (e.x));
    if (a != b)
    {
        model.setLoop (std::min (a, b), std::max (a, b), loopGesture);
        model.setLooping (true);
    }
    refresh();
}

void Timeline::mouseUp (const juce::MouseEvent& e)
{
    if (loopAnchor >= 0 && ! e.mouseWasDraggedSinceMouseDown())
        model.locate (loopAnchor);
    loopAnchor = -1;
}

MixPage::MixPage (Model& m) : model (m), timeline (m)
{
    addAndMakeVisible (timeline);
    scroll.setViewedComponent (&tracks, false);
    scroll.setScrollBarsShown (false, true);
    scroll.setScrollBarThickness (9);
    addAndMakeVisible (scroll);
    addAndMakeVisible (pinned);
    clear.textSize = 11;
    clear.setHelpText ("Clears all clip lights and meter numbers. Shift+C");
    clear.onPress = [this] (auto) { clearHolds(); };
    addAndMakeVisible (clear);
    inspectorView.setScrollBarsShown (true, false);
    inspectorView.setScrollBarThickness (9);
    addAndMakeVisible (inspectorView);
    timeline.onSelect = [this] (Id id) { select (id); };
    timeline.onSwitch = [this] (Id id, std::string_view p, juce::ModifierKeys mods) { press (id, p, mods); };
    rebuild();
}

MixPage::~MixPage()
{
    inspectorView.setViewedComponent (nullptr, false);
}

void MixPage::rebuild()
{
    inspectorView.setViewedComponent (nullptr, false);
    inspector.reset();
    strips.clear();
    int number = 0;
    for (const auto& info : model.strips())
    {
        const bool track = info.kind == session::StripKind::track;
        auto view = std::make_unique<StripView> (model, info, track ? ++number : 0);
        view->onSelect = [this] (Id id) { select (id); };
        view->onSwitch = [this] (Id id, std::string_view p, juce::ModifierKeys mods) { press (id, p, mods); };
        view->onClearAll = [this] { clearHolds(); };
        (track ? tracks : pinned).addAndMakeVisible (*view);
        strips.push_back (std::move (view));
    }
    if (find (selected) == nullptr)
        selected = strips.empty() ? Id {} : strips.front()->id();
    timeline.rebuild();
    select (selected);
    resized();
}

StripView* MixPage::find (Id id)
{
    for (auto& s : strips)
        if (s->id() == id)
            return s.get();
    return nullptr;
}

void MixPage::refresh()
{
    for (auto& s : strips)
        s->refresh();
    if (inspector != nullptr)
        inspector->refresh();
    timeline.repaint();
}

void MixPage::advance (double seconds)
{
    for (auto& s : strips)
        s->advance (seconds);
    timeline.refresh();
}

void MixPage::clearHolds()
{
    for (auto& s : strips)
    {
        s->levels().clear();
        s->repaint();
    }
}

void MixPage::showInspector (bool b)
{
    inspecting = b;
    inspect();
    resized();
    repaint();
}

void MixPage::inspect()
{
    inspectorView.setViewedComponent (nullptr, false);
    inspector.reset();
    if (const auto* s = find (selected); s != nullptr && inspecting)
    {
        inspector = std::make_unique<ParamEditor> (model, selected, utf8 (s->strip().name));
        inspectorView.setViewedComponent (inspector.get(), false);
    }
    inspectorView.setVisible (inspecting);
}

void MixPage::select (Id id)
{
    const bool other = selected != id || inspector == nullptr;
    selected = id;
    if (other)
    {
        inspect();
        resized();
        repaint();
    }
    for (auto& s : strips)
        s->setSelected (s->id() == id);
    timeline.select (id);
}

void MixPage::selectNeighbour (int by)
{
    for (std::size_t n = 0; n < strips.size(); ++n)
        if (strips[n]->id() == selected)
        {
            const auto next = static_cast<std::ptrdiff_t> (n) + by;
            if (next >= 0 && next < static_cast<std::ptrdiff_t> (strips.size()))
                select (strips[static_cast<std::size_t> (next)]->id());
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
    const double next = model.value (id, param) >= 0.5 ? 0 : 1;
    const auto key = newGesture();
    const bool alone = mods.isCommandDown() && param == stripIds::solo;
    for (auto& s : strips)
    {
        if (findParam (model.params (s->id()), param) == nullptr)
            continue;
        if (s->id() == id)
            model.set (id, param, alone ? 1 : next, key);
        else if (alone)
            model.set (s->id(), param, 0, key);
        else if (mods.isShiftDown())
            model.set (s->id(), param, next, key);
    }
    refresh();
}

void MixPage::setCompact (bool c)
{
    compact = c;
    resized();
}

void MixPage::resized()
{
    auto r = getLocalBounds();
    if (r.isEmpty())
        return;
    if (inspecting)
    {
        auto side = r.removeFromRight (compact ? 264 : 336);
        inspectorTitle = side.removeFromTop (40);
        inspectorView.setBounds (side);
        if (inspector != nullptr)
        {
            const int width = side.getWidth() - 9;
            inspector->setSize (width, std::max (inspector->heightFor (width), side.getHeight()));
        }
    }
    const int bar = compact ? 24 : 28;
    const int wanted = mixerHeight > 0 ? mixerHeight : naturalMixer();
    const int mixer =
        std::clamp (wanted, std::min (300, r.getHeight()), std::max (300, r.getHeight() * 6 / 10));
    auto bottom = r.removeFromBottom (mixer);
    auto tools = r.removeFromBottom (bar);
    clear.setBounds (tools.removeFromRight (92).reduced (2, 2));
    timeline.setBounds (r);

    const int width = compact ? 68 : 76, mixWidth = compact ? 96 : 118;
    int left = 0, right = 0;
    for (auto& s : strips)
    {
        const auto kind = s->strip().kind;
        const int w = kind == session::StripKind::mix ? mixWidth : width;
        int& x = kind == session::StripKind::track ? left : right;
        s->setBounds (x, 0, w, 10);
        x += w + 1;
    }
    pinned.setBounds (bottom.removeFromRight (std::max (0, right - 1)));
    bottom.removeFromRight (4);
    scroll.setBounds (bottom);
    const bool scrolls = left - 1 > bottom.getWidth();
    const int height = bottom.getHeight() - (scrolls ? 9 : 0);
    tracks.setBounds (0, 0, std::max (1, left - 1), height);
    for (auto& s : strips)
        s->setBounds (s->getX(), 0, s->getWidth(), height); // pinned ones too, so that names line up
}

void MixPage::paint (juce::Graphics& g)
{
    g.fillAll (juce::Colours::black);
    if (const auto* s = find (selected); s != nullptr && inspecting)
    {
        paintPanel (g, inspectorTitle.withLeft (inspectorTitle.getX() + 1).withBottom (getHeight()));
        auto head = inspectorTitle.reduced (12, 0).toFloat();
        g.setColour (pigment (s->strip().colour));
        g.fillRect (head.removeFromLeft (4).reduced (0, 11));
        head.removeFromLeft (10);
        drawFading (g, utf8 (s->strip().name), font (tokens::titleSize, Weight::semibold),
                    colour (tokens::text), head);
    }
    auto bar = getLocalBounds()
                   .withTop (timeline.getBottom())
                   .withRight (timeline.getRight())
                   .withHeight (compact ? 24 : 28);
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
    g.setColour (colour (tokens::ground));
    g.fillRect (scroll.getBounds());
}

void MixPage::mouseMove (const juce::MouseEvent& e)
{
    setMouseCursor (std::abs (e.y - timeline.getBottom() - 3) <= 4 ? juce::MouseCursor::UpDownResizeCursor
                                                                   : juce::MouseCursor::NormalCursor);
}

void MixPage::mouseDown (const juce::MouseEvent&)
{
    dragFrom = getHeight() - timeline.getBottom() - (compact ? 24 : 28);
}

void MixPage::mouseDrag (const juce::MouseEvent& e)
{
    mixerHeight = std::max (300, dragFrom - e.getDistanceFromDragStartY());
    resized();
}

void MixPage::mouseDoubleClick (const juce::MouseEvent&)
{
    mixerHeight = 0;
    resized();
}

} // namespace lacquer::ui
