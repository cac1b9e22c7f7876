// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Timeline.h"

#include "session/ClipEdits.h"
#include "session/Find.h"
#include "ui/AutomationMenu.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

/// The switches in a track's header.
constexpr std::pair<char, std::string_view> headerSwitches[] = { { 'M', stripIds::mute },
                                                                 { 'S', stripIds::solo } };

constexpr std::pair<Icon, const char*> toolIcons[] {
    { Icon::pointer, "Pointer: choose, move, trim and fade. 1" },
    { Icon::range, "Range: drag over time and tracks. 2" },
    { Icon::split, "Split: click a clip. 3" },
    { Icon::fade, "Fade: drag inside a clip from an end. 4" },
    { Icon::pencil, "Pencil: draw automation. 5" },
};

juce::String clockOf (Frames f, double rate)
{
    const auto seconds = static_cast<std::int64_t> (static_cast<double> (f) / rate);
    return juce::String (seconds / 60) + ":" + juce::String (seconds % 60).paddedLeft ('0', 2);
}

} // namespace

Timeline::Timeline (Model& m) : model (m), groove (m), tiles (m)
{
    setOpaque (true);
    setTitle ("Song");
    setHelpText (
        "Click to set the playhead. Drag clips to move them, edges to trim, top corners to fade. Ctrl and "
        "wheel zoom, Shift and wheel scroll.");
    addAndMakeVisible (groove);
    groove.onScroll = [this] (double s)
    {
        zoomed = true;
        setStart (s);
    };
    groove.onWhole = [this] { zoomToSong(); };
    for (auto* bar : { &down, &along })
    {
        bar->addListener (this);
        bar->setAutoHide (true);
        addAndMakeVisible (*bar);
    }
    for (int n = 0; n < 5; ++n)
    {
        auto b = std::make_unique<Button> (toolIcons[n].first, toolIcons[n].second);
        b->onPress = [this, n] (auto) { setTool (static_cast<Tool> (n)); };
        addAndMakeVisible (*b);
        tools.push_back (std::move (b));
    }
    magnet.setHelpText ("Clips, loops and points go to the grid. N");
    magnet.onPress = [this] (auto) { toggleSnap(); };
    gridButton.textSize = 11;
    gridButton.setTitle ("Grid");
    gridButton.setHelpText ("What clips, loops and points snap to. N turns it on and off.");
    gridButton.onPress = [this] (auto) { gridMenu(); };
    click.setHelpText ("Clicks on the beats. K. Right-click for the count-in.");
    click.onPress = [this] (juce::ModifierKeys mods)
    { mods.isPopupMenu() ? clickMenu() : toggleMetronome(); };
    showGrid();
    addTrack.textSize = 11;
    addTrack.onPress = [this] (auto) { addMenu(); };
    whole.onPress = [this] (auto) { zoomToSong(); };
    waves.setHelpText ("How tall waveforms are drawn. Shift+Up, Shift+Down, or Ctrl, Shift and wheel.");
    waves.onPress = [this] (auto) { openWaveMenu(); };
    for (auto* b : { &magnet, &gridButton, &waves, &addTrack, &click, &whole })
        addAndMakeVisible (*b);
    setTool (Tool::pointer);
}

Timeline::~Timeline() = default;

void Timeline::setTool (Tool t)
{
    tool = t;
    for (std::size_t n = 0; n < tools.size(); ++n)
        tools[n]->setToggleState (n == static_cast<std::size_t> (t), juce::dontSendNotification);
}

juce::Rectangle<int> Timeline::rowsArea() const
{
    return getLocalBounds().withTrimmedTop (topHeight());
}

juce::Rectangle<int> Timeline::sectionRow() const
{
    return { headerWidth(), grooveHeight(), getWidth() - headerWidth(), 18 };
}

juce::Rectangle<int> Timeline::ruler() const
{
    return { headerWidth(), grooveHeight() + 18, getWidth() - headerWidth(), 22 };
}

Frames Timeline::pageLength() const
{
    // Room behind the end, so that things can be put there.
    return std::max<Frames> (model.length() + static_cast<Frames> (10 * model.sampleRate()),
                             static_cast<Frames> (30 * model.sampleRate()));
}

void Timeline::setStart (double s)
{
    const double shown = time.perPixel * std::max (1, getWidth() - headerWidth());
    time.start = std::clamp (s, 0.0, std::max (0.0, static_cast<double> (pageLength()) - shown));
    // Whole pixels, so that tiles lie on them.
    time.start = std::round (time.start / time.perPixel) * time.perPixel;
    along.setRangeLimits (0, static_cast<double> (pageLength()), juce::dontSendNotification);
    along.setCurrentRange (time.start, shown, juce::dontSendNotification);
    groove.show (time.start, time.start + shown, std::max (pageLength(), static_cast<Frames> (shown)));
    repaint (getLocalBounds().withTrimmedLeft (headerWidth())); // the headers stay
}

int Timeline::usualHeight() const
{
    const int count = std::max (1, static_cast<int> (song().tracks.size()));
    int lanes = 0;
    for (const auto& [owner, open] : openLanes)
        lanes += static_cast<int> (open.size());
    const int room = rowsArea().getHeight() - lanes * 54;
    for (const int h : { 54, 34 })
        if (h * count <= room)
            return h;
    return 28;
}

void Timeline::layRows()
{
    rows.clear();
    const int usual = usualHeight();
    int y = 0, number = 0;
    const auto lanes = [&] (Id owner)
    {
        if (const auto open = openLanes.find (owner); open != openLanes.end())
            for (const auto& place : open->second)
            {
                rows.push_back ({ owner, y, 54, true, number, place });
                y += 54;
            }
    };
    for (const auto& t : song().tracks)
    {
        const Id id = t->strip.id;
        const auto own = heights.find (id);
        rows.push_back ({ id, y, own != heights.end() ? own->second : usual, false, ++number, {} });
        y += rows.back().height;
        lanes (id);
    }
    number = 0;
    const auto other = [&] (Id id)
    {
        if (! openLanes.contains (id))
            return;
        rows.push_back ({ id, y, 28, false, 0, {} });
        y += 28;
        lanes (id);
    };
    for (const auto& s : song().groups)
        other (s->id);
    for (const auto& s : song().returns)
        other (s->id);
    other (song().mix->id);
    for (const auto& v : song().vcas)
        other (v->id);
    other (song().master->id);
    for (const auto& m : song().modulators)
        other (m->id);
    rowsHeight = y;
    const int room = std::max (1, rowsArea().getHeight());
    down.setRangeLimits (0, std::max (room, rowsHeight + 20), juce::dontSendNotification);
    down.setCurrentRange (down.getCurrentRangeStart(), room, juce::dontSendNotification);
}

void Timeline::rebuild()
{
    for (auto& [owner, open] : openLanes)
        std::erase_if (open, [this] (const LanePlace& place) { return laneParam (place) == nullptr; });
    std::erase_if (openLanes, [this] (const auto& open)
                   { return open.second.empty() || lanesOf (model.project(), open.first) == nullptr; });
    if (! zoomed && getWidth() > headerWidth() && model.length() > 0)
        zoomToSong();
    readGrid();
    layRows();
    setStart (time.start);
    repaint();
}

void Timeline::refresh()
{
    readGrid();
    click.setToggleState (model.metronome(), juce::dontSendNotification);
    std::erase_if (clips, [this] (Id id) { return session::clipOf (model.project(), id) == nullptr; });
    const auto now = model.project().songs.front();
    const auto old = std::exchange (drawn, now);
    if (old == now && preview == nullptr)
    {
        // Values, modes and what is being ridden.
        repaint (0, topHeight(), headerWidth(), getHeight());
        repaintLanes ({});
        return;
    }
    const auto place = [] (const session::Song& s) { return std::tie (s.markers, s.tempi, s.metres); };
    const bool sameTracks =
        old != nullptr && place (*old) == place (*now) && old->tracks.size() == now->tracks.size() &&
        std::equal (old->tracks.begin(), old->tracks.end(), now->tracks.begin(),
                    [] (const auto& a, const auto& b) { return a->strip.id == b->strip.id; });
    layRows();
    if (! sameTracks || preview != nullptr)
    {
        repaint();
        return;
    }
    repaint (0, topHeight(), headerWidth(), getHeight());
    std::set<Id> changed;
    for (std::size_t n = 0; n < now->tracks.size(); ++n)
    {
        const auto &a = *old->tracks[n], &b = *now->tracks[n];
        if (&a != &b &&
            (a.clips != b.clips || a.strip.colour != b.strip.colour || a.strip.name != b.strip.name))
            changed.insert (b.strip.id);
    }
    repaintLanes (changed);
}

/// Lanes of automation, and the clips of some tracks.
void Timeline::repaintLanes (const std::set<Id>& tracks)
{
    for (const auto& row : rows)
        if (row.lane || tracks.contains (row.track))
            repaint (rowArea (row).getIntersection (rowsArea()));
}

void Timeline::setCompact (bool c)
{
    if (std::exchange (compact, c) != c)
        resized();
}

void Timeline::select (Id id, const std::set<Id>& all)
{
    if (selected == id && chosen == all)
        return;
    selected = id;
    chosen = all;
    repaint (0, topHeight(), headerWidth(), getHeight());
}

void Timeline::resized()
{
    groove.setBounds (headerWidth(), 0, getWidth() - headerWidth(), grooveHeight());
    down.setBounds (getLocalBounds().removeFromRight (9).withTrimmedTop (topHeight()));
    along.setBounds (rowsArea().withTrimmedLeft (headerWidth()).removeFromBottom (9).withTrimmedRight (9));
    int x = 8;
    for (auto& b : tools)
    {
        b->setBounds (x, 6, 24, 24);
        x += compact ? 26 : 30;
    }
    whole.setBounds (headerWidth() - 34, 6, 24, 24);
    click.setBounds (headerWidth() - 62, 6, 24, 24);
    const int row = topHeight() - 30;
    magnet.setBounds (8, row, 24, 24);
    gridButton.setBounds (34, row + 1, 80, 22);
    waves.setBounds (116, row, 24, 24);
    showGrid();
    addTrack.setBounds (headerWidth() - 70, row + 1, 62, 22);
    rebuild();
}

void Timeline::advance()
{
    groove.advance();
    advanceHeads();
    if (toldClips != clips)
    {
        toldClips = clips;
        if (onClips)
            onClips (clips);
    }
    const auto at = model.position();
    const float x = xOf (at);
    const auto seen = [this] (float place)
    { return place >= static_cast<float> (headerWidth()) && place <= static_cast<float> (getWidth()) - 9; };
    const bool followed = ! toldPlaying || seen (xOf (toldPosition));
    toldPlaying = model.playing();
    toldPosition = at;
    if (std::abs (x - playhead) >= 0.5f)
    {
        // The page turns when the playhead leaves it by playing, and stays when it was scrolled away by hand.
        if (toldPlaying && followed && ! seen (x) && ! dragging)
            setStart (static_cast<double> (at) - time.perPixel * 24);
        for (const float place : { playhead, x })
            repaint (static_cast<int> (place) - 8, grooveHeight() + 18, 17, getHeight());
        for (const auto& row : rows)
            if (row.lane)
            {
                const auto* p = laneParam (row.place);
                const auto now =
                    p != nullptr ? shownValue (*p, model.value (row.place.target, p->id)) : juce::String();
                if (std::exchange (laneNow[{ row.place.target, row.place.param }], now) != now)
                    repaint (laneBox (row).withLeft (laneBox (row).getRight()).withRight (headerWidth()));
                if (! model.writing (row.place.target, row.place.param).empty())
                    repaint (rowArea (row)
                                 .withTrimmedLeft (headerWidth())
                                 .getIntersection ({ static_cast<int> (std::min (playhead, x)) - 24, 0,
                                                     static_cast<int> (std::abs (x - playhead)) + 48,
                                                     getHeight() }));
            }
        playhead = x;
    }
    const Shown now { model.loopStart(), model.loopEnd(), model.looping() };
    if (now.loopStart != shownLoop.loopStart || now.loopEnd != shownLoop.loopEnd ||
        now.looping != shownLoop.looping)
    {
        shownLoop = now;
        repaint();
    }
    if (std::exchange (shownOutlines, model.outlines()) != model.outlines() || tiles.pending())
        repaint (rowsArea().withTrimmedLeft (headerWidth()));
    for (const auto& row : rows)
    {
        if (row.lane || ! meterOf)
            continue;
        const auto place = meterArea (row);
        const auto* meter =
            place.getBottom() > topHeight() && place.getY() < getHeight() ? meterOf (row.track) : nullptr;
        if (meter == nullptr)
            continue;
        const auto pixels = [&] (double db)
        { return static_cast<int> (meterTravel (db) * place.getHeight()); };
        const std::pair now2 { pixels (std::max (meter->peak (0), meter->peak (1))),
                               pixels (std::max (meter->rms (0), meter->rms (1))) };
        if (std::exchange (levels[row.track], now2) != now2)
            repaint (place);
    }
}

void Timeline::scrollBarMoved (juce::ScrollBar* bar, double start)
{
    if (bar == &along)
        setStart (start);
    else
        repaint (rowsArea());
}

juce::Rectangle<int> Timeline::rowArea (const Row& row) const
{
    return { 0, topHeight() + row.y - static_cast<int> (down.getCurrentRangeStart()), getWidth(),
             row.height };
}

juce::Rectangle<int> Timeline::laneOf (Id track) const
{
    for (const auto& row : rows)
        if (row.track == track && ! row.lane)
            return rowArea (row).withTrimmedLeft (headerWidth());
    return {};
}

juce::Rectangle<int> Timeline::graphOf (Id target, std::string_view param) const
{
    for (const auto& row : rows)
        if (row.lane && row.place == LanePlace { target, std::string (param) })
            return laneGraph (row).toNearestInt();
    return {};
}

juce::Rectangle<int> Timeline::modeBoxOf (Id track) const
{
    for (const auto& row : rows)
        if (row.track == track && ! row.lane)
            return switchArea (row, 'A');
    return {};
}

const Timeline::Row* Timeline::rowAt (int y) const
{
    if (y < topHeight())
        return nullptr;
    for (const auto& row : rows)
        if (const auto r = rowArea (row); y >= r.getY() && y < r.getBottom())
            return &row;
    return nullptr;
}

juce::Rectangle<int> Timeline::switchArea (const Row& row, char letter) const
{
    // From the right: meter, automation, S, M.
    const int width = letter == 'A' ? (compact ? 34 : 40) : 20;
    const int right = headerWidth() - 14 -
                      (letter == 'A'   ? 0
                       : letter == 'S' ? (compact ? 37 : 43)
                                       : (compact ? 59 : 65));
    const auto r = rowArea (row);
    const int height = row.height >= 44 ? 26 : row.height - 1;
    return juce::Rectangle<int> (right - width, r.getY(), width, height).withSizeKeepingCentre (width, 18);
}

juce::Rectangle<int> Timeline::meterArea (const Row& row) const
{
    return rowArea (row).withLeft (headerWidth() - 8).withWidth (4).reduced (0, 3);
}

void Timeline::paint (juce::Graphics& g)
{
    tiles.begin();
    const auto area = rowsArea();
    if (g.clipRegionIntersects (getLocalBounds().withHeight (topHeight())))
        paintTop (g);
    {
        juce::Graphics::ScopedSaveState state (g);
        g.reduceClipRegion (area);
        for (const auto& row : rows)
        {
            const auto r = rowArea (row);
            if (r.getBottom() <= area.getY() || r.getY() >= area.getBottom() || ! g.clipRegionIntersects (r))
                continue;
            if (g.clipRegionIntersects (r.withWidth (headerWidth())))
                paintHeader (g, row);
            if (g.clipRegionIntersects (r.withTrimmedLeft (headerWidth())))
                paintRow (g, row);
        }
        const int end = topHeight() + rowsHeight - static_cast<int> (down.getCurrentRangeStart());
        const auto below = area.withTop (std::max (area.getY(), end));
        if (! below.isEmpty() && g.clipRegionIntersects (below))
        {
            g.setColour (colour (tokens::well));
            g.fillRect (below);
            g.setColour (colour (tokens::panel));
            g.fillRect (below.withWidth (headerWidth()));
        }
        if (rows.empty())
        {
            g.setColour (colour (tokens::text2));
            g.setFont (font (tokens::titleSize, Weight::semibold));
            g.drawText ("No tracks yet", area.withTrimmedBottom (24), juce::Justification::centred, false);
            g.setFont (font (tokens::bodySize));
            g.drawText ("Drop audio files here. One file becomes one track.", area.withTrimmedTop (24),
                        juce::Justification::centred, false);
        }
        g.setColour (juce::Colours::black);
        g.fillRect (headerWidth() - 1, area.getY(), 1, area.getHeight());
    }
    paintOver (g);
}

void Timeline::paintTop (juce::Graphics& g)
{
    const auto corner = getLocalBounds().withHeight (topHeight()).withWidth (headerWidth());
    if (g.clipRegionIntersects (corner))
    {
        paintPanel (g, corner);
        g.setColour (juce::Colours::black);
        g.fillRect (corner.withLeft (corner.getRight() - 1));
    }
    const auto sections = sectionRow(), r = ruler();
    if (! g.clipRegionIntersects (sections.getUnion (r)))
        return;
    juce::Graphics::ScopedSaveState state (g);
    g.reduceClipRegion (sections.getUnion (r));
    g.setColour (colour (tokens::panel));
    g.fillRect (sections.getUnion (r));
    const auto& marks = song().markers;
    const auto bold = font (11, Weight::semibold);
    for (std::size_t n = 0; n < marks.size(); ++n)
    {
        const float x = xOf (marks[n].position);
        if (marks[n].section)
        {
            float end = static_cast<float> (getWidth());
            for (std::size_t k = n + 1; k < marks.size(); ++k)
                if (marks[k].section)
                {
                    end = xOf (marks[k].position);
                    break;
                }
            const juce::Rectangle<float> box (x, static_cast<float> (sections.getY()), end - x - 1, 17);
            if (box.getRight() < static_cast<float> (headerWidth()) || x > static_cast<float> (getWidth()))
                continue;
            g.setColour (juce::Colour (0xff2b2622));
            g.fillRect (box);
            drawFading (
                g, utf8 (marks[n].name), bold, colour (tokens::text),
                box.withLeft (std::max (box.getX(), static_cast<float> (headerWidth()))).reduced (6, 0));
        }
        else
        {
            if (x < static_cast<float> (headerWidth()) - 80 || x > static_cast<float> (getWidth()))
                continue;
            g.setColour (colour (tokens::text2));
            juce::Path flag;
            flag.addTriangle (x, static_cast<float> (sections.getY()) + 2, x + 8,
                              static_cast<float> (sections.getY()) + 6, x,
                              static_cast<float> (sections.getY()) + 10);
            g.fillPath (flag);
            g.fillRect (x - 0.5f, static_cast<float> (sections.getY()), 1.0f, 18.0f);
            drawFading (g, utf8 (marks[n].name), font (10, Weight::medium), colour (tokens::text2),
                        { x + 11, static_cast<float> (sections.getY()), 90, 17 });
        }
    }

    const auto line = r.toFloat();
    if (shownLoop.loopEnd > shownLoop.loopStart)
    {
        const float a = xOf (shownLoop.loopStart), b = xOf (shownLoop.loopEnd);
        g.setColour (colour (tokens::gold).withAlpha (shownLoop.looping ? 0.28f : 0.10f));
        g.fillRect (a, line.getY(), b - a, line.getHeight());
        g.setColour (colour (shownLoop.looping ? tokens::gold : tokens::text3));
        juce::Path ends;
        ends.addTriangle (a, line.getY(), a + 7, line.getY(), a, line.getY() + 7);
        ends.addTriangle (b, line.getY(), b - 7, line.getY(), b, line.getY() + 7);
        g.fillPath (ends);
    }
    // Bar numbers at a round distance of at least 84 px, with the time where there is room.
    const auto& map = model.tempo();
    const auto startFrame = frameAt (headerWidth()), endFrame = frameAt (getWidth());
    const int firstBar = map.barBeatAt (startFrame).bar;
    const double perBar = (map.frameOfBar (firstBar + 1) - map.frameOfBar (firstBar)) / time.perPixel;
    int every = 1;
    while (perBar > 0.001 && every * perBar < 84)
        every *= 2;
    const bool clocks = every * perBar > 78;
    std::vector<juce::Range<float>> written; // where the ruler has text
    for (int bar = (firstBar - 1) / every * every + 1;; bar += every)
    {
        const auto at = static_cast<Frames> (std::llround (map.frameOfBar (bar)));
        if (at > endFrame || perBar <= 0.001)
            break;
        const float x = std::round (xOf (at));
        g.setColour (colour (tokens::edge));
        g.fillRect (x, line.getY() + 2, 1.0f, line.getHeight() - 2);
        g.setColour (colour (tokens::text2));
        const auto number = juce::String (bar);
        written.push_back ({ x, x + (clocks ? 72.0f : 30.0f) });
        drawTabular (g, number, font (11, Weight::medium), { x + 4, line.getY(), 44, line.getHeight() },
                     juce::Justification::centredLeft);
        if (clocks)
        {
            g.setColour (colour (tokens::text3));
            drawTabular (g, clockOf (at, model.sampleRate()), font (10),
                         { x + 10 + tabularWidth (number, font (11, Weight::medium)), line.getY(), 50,
                           line.getHeight() },
                         juce::Justification::centredLeft);
        }
        if (every * perBar > 160)
        {
            g.setColour (colour (tokens::line));
            const auto beats = map.metreAt (map.beatAt (at)).numerator;
            if (every == 1)
                for (int b = 1; b < beats; ++b)
                    g.fillRect (std::round (xOf (static_cast<Frames> (map.frameAt (
                                    map.beatAt (at) + b * 4.0 / map.metreAt (map.beatAt (at)).denominator)))),
                                line.getBottom() - 6, 1.0f, 6.0f);
        }
    }
    // A ramp is a line that rises or falls to the next tempo.
    for (std::size_t n = 0; n + 1 < map.tempi().size(); ++n)
        if (const auto& a = map.tempi()[n], &b = map.tempi()[n + 1]; a.ramp)
        {
            const float x1 = xOf (static_cast<Frames> (map.frameAt (a.beat))),
                        x2 = xOf (static_cast<Frames> (map.frameAt (b.beat)));
            g.setColour (colour (tokens::fuji).withAlpha (0.7f));
            g.drawLine (x1, line.getBottom() - (a.bpm < b.bpm ? 2.0f : 7.0f), x2,
                        line.getBottom() - (a.bpm < b.bpm ? 7.0f : 2.0f), 1.2f);
        }
    for (std::size_t n = 1; n < map.metres().size(); ++n)
    {
        const auto& m = map.metres()[n];
        const float x = std::round (xOf (static_cast<Frames> (map.frameAt (m.beat))));
        g.setColour (colour (tokens::text2));
        g.fillRect (x, line.getBottom() - 9, 1.0f, 9.0f);
        const juce::Range<float> place { x + 2, x + 30 };
        if (std::none_of (written.begin(), written.end(),
                          [&] (const auto& taken) { return taken.intersects (place); }))
        {
            written.push_back (place);
            drawTabular (g, juce::String (m.numerator) + "/" + juce::String (m.denominator), font (10),
                         { x + 3, line.getBottom() - 13, 40, 12 }, juce::Justification::centredLeft);
        }
    }
    // Tempo changes, where they are; with their numbers where nothing else is written.
    if (map.tempi().size() > 1)
        for (const auto& t : map.tempi())
        {
            const float x = std::round (xOf (static_cast<Frames> (map.frameAt (t.beat))));
            g.setColour (colour (tokens::fuji));
            g.fillRect (x, line.getBottom() - 7, 2.0f, 6.0f);
            const juce::Range<float> place { x + 2, x + 36 };
            if (std::any_of (written.begin(), written.end(),
                             [&] (const auto& taken) { return taken.intersects (place); }))
                continue;
            written.push_back (place);
            drawTabular (g, juce::String (t.bpm, 1), font (10), { x + 4, line.getBottom() - 12, 60, 12 },
                         juce::Justification::centredLeft);
        }
    g.setColour (juce::Colours::black);
    g.fillRect (headerWidth(), topHeight() - 1, getWidth(), 1);
}

void Timeline::paintHeader (juce::Graphics& g, const Row& row)
{
    const auto* strip = session::stripOf (project(), row.track);
    const auto* vca = strip == nullptr ? session::vcaOf (project(), row.track) : nullptr;
    const auto area = rowArea (row).withWidth (headerWidth() - 1);
    auto head = area.withTrimmedBottom (1);
    const auto tint = pigment (strip != nullptr ? strip->colour : vca != nullptr ? vca->colour : "nezu");
    const auto meter = meterArea (row);
    // A meter that moved alone does not draw the words again.
    const bool words = g.clipRegionIntersects (head.withRight (meter.getX()));
    if (words)
    {
        paintPanel (g, head);
        if (row.track == selected || chosen.contains (row.track))
        {
            g.setColour (juce::Colour (row.track == selected ? 0xff2f2723 : 0xff282320));
            g.fillRect (head);
        }
        g.setColour (row.lane ? tint.withAlpha (0.45f) : tint);
        g.fillRect (head.removeFromLeft (4));
        g.setColour (juce::Colours::black);
        g.fillRect (area.getX(), area.getBottom() - 1, area.getWidth(), 1);
    }
    if (row.lane)
    {
        if (words)
            paintLaneHeader (g, row, area);
        return;
    }
    if (words)
    {
        const int line = row.height >= 44 ? 26 : row.height - 1;
        g.setColour (colour (tokens::text3));
        if (row.number > 0)
            drawTabular (g, juce::String (row.number), font (10),
                         head.withWidth (24).withHeight (line).toFloat(), juce::Justification::centred);
        drawFading (g, strip != nullptr ? utf8 (strip->name) : nameOfTarget (project(), row.track),
                    font (12, Weight::semibold), colour (tokens::text),
                    head.withTrimmedLeft (26)
                        .withRight (switchArea (row, 'M').getX() - 4)
                        .withHeight (line)
                        .toFloat());
        if (strip != nullptr)
            for (const auto& [letter, param] : headerSwitches)
            {
                if (findParam (model.params (row.track), param) == nullptr)
                    continue;
                Look look;
                look.on = model.sounding (row.track, param) >= 0.5;
                const bool bySolo = letter == 'M' && ! look.on && model.mutedBySolo (row.track);
                paintLetter (g, switchArea (row, letter).toFloat(), static_cast<juce::juce_wchar> (letter),
                             look, bySolo);
            }
        // How automation stands: what writes stands out.
        const auto box = switchArea (row, 'A').toFloat();
        const auto mode = modeOf (project(), row.track);
        const bool writes = mode && *mode != session::LaneMode::read;
        g.setColour (colour (writes ? tokens::fuji : mode ? tokens::fujiDim : tokens::panel));
        g.fillRoundedRectangle (box, tokens::radiusControl);
        g.setColour (colour (mode ? tokens::fuji : tokens::edge).withAlpha (0.8f));
        g.drawRoundedRectangle (box.reduced (0.5f), tokens::radiusControl, 1);
        g.setColour (colour (writes ? tokens::ink : mode ? tokens::text : tokens::text3));
        g.setFont (font (compact ? 10.0f : 11.0f, Weight::medium));
        g.drawText (nameOf (mode), box, juce::Justification::centred, false);
        if (row.height >= 44)
        {
            const auto second = head.withTrimmedLeft (26)
                                    .withTop (area.getY() + 26)
                                    .withTrimmedRight (16)
                                    .toFloat()
                                    .withHeight (16);
            g.setColour (colour (tokens::text3));
            drawTabular (g, headValues (row.track), font (11), second, juce::Justification::centredLeft);
            Row first = row;
            const auto open = openLanes.find (row.track);
            first.place = open != openLanes.end() ? open->second.front() : usualLane (row.track);
            drawFading (g, "Lane: " + laneName (first), font (11), colour (tokens::text2),
                        second.withTrimmedLeft (90), juce::Justification::centredRight);
        }
    }
    if (row.number == 0)
        return;
    g.setColour (colour (tokens::well));
    g.fillRect (meter);
    const auto [peak, rms] = levels[row.track];
    g.setColour (colour (tokens::seiji).withMultipliedAlpha (0.5f));
    g.fillRect (meter.withTop (meter.getBottom() - peak));
    g.setColour (colour (tokens::seiji));
    g.fillRect (meter.withTop (meter.getBottom() - std::min (rms, peak)));
}

juce::String Timeline::headValues (Id track) const
{
    const auto table = model.params (track);
    juce::String values;
    if (const auto* p = findParam (table, stripIds::fader))
        values = shownValue (*p, model.sounding (track, p->id));
    if (const auto* p = findParam (table, stripIds::pan))
        values << "  " << shownValue (*p, std::round (model.sounding (track, p->id)));
    return values;
}

/// The numbers and switches of the heads follow automation and modulators.
void Timeline::advanceHeads()
{
    if (! isShowing())
        return;
    for (const auto& row : rows)
    {
        const auto area = rowArea (row).withRight (headerWidth());
        if (row.lane || area.getBottom() <= topHeight() || area.getY() >= getHeight() ||
            ! model.anyAutomated (row.track, {}))
            continue;
        auto now = row.height >= 44 ? headValues (row.track) : juce::String();
        if (model.sounding (row.track, stripIds::mute) >= 0.5)
            now << " M";
        if (std::exchange (headNow[row.track], now) != now)
            repaint (area);
    }
}

void Timeline::paintRow (juce::Graphics& g, const Row& row)
{
    const auto area = rowArea (row).withTrimmedLeft (headerWidth());
    const auto lane = area.withTrimmedBottom (1);
    juce::Graphics::ScopedSaveState state (g);
    g.reduceClipRegion (area);
    g.setColour (colour (tokens::well));
    g.fillRect (lane);
    if (shownLoop.looping)
    {
        const float a = xOf (shownLoop.loopStart), b = xOf (shownLoop.loopEnd);
        g.setColour (colour (tokens::gold).withAlpha (0.045f));
        g.fillRect (a, static_cast<float> (lane.getY()), b - a, static_cast<float> (lane.getHeight()));
    }
    g.setColour (juce::Colours::black);
    g.fillRect (area.withTop (area.getBottom() - 1));
    if (row.lane)
    {
        paintLane (g, row, lane);
        return;
    }
    if (const auto* track = session::trackOf (project(), row.track))
    {
        tiles.paint (g, *track, time, lane, clips);
        paintSelected (g, *track, lane);
    }
}

/// Handles and numbers of chosen clips.
void Timeline::paintSelected (juce::Graphics& g, const session::Track& track, juce::Rectangle<int> lane)
{
    for (const auto& c : track.clips)
    {
        if (! clips.contains (c->id))
            continue;
        const float a = xOf (c->start), b = xOf (c->start + c->length);
        const auto r = juce::Rectangle<float> (a, static_cast<float> (lane.getY()), b - a - 1,
                                               static_cast<float> (lane.getHeight()));
        if (! g.clipRegionIntersects (r.expanded (2).toNearestInt()))
            continue;
        g.setColour (colour (tokens::gold));
        g.drawRoundedRectangle (r.reduced (0.75f), tokens::radiusClip, 1.5f);
        if (r.getWidth() < 24)
            continue;
        const float top = r.getY() + 1;
        const float in = a + static_cast<float> (static_cast<double> (c->fadeIn) / time.perPixel),
                    out = b - static_cast<float> (static_cast<double> (c->fadeOut) / time.perPixel);
        g.setColour (colour (tokens::text));
        g.fillRect (in + 1, top, 6.0f, 6.0f);
        g.fillRect (out - 8, top, 6.0f, 6.0f);
        if (r.getHeight() < 26)
            continue;
        // Clip gain: a dotted line, up to +-18 dB of the height.
        const float y = r.getCentreY() -
                        static_cast<float> (std::clamp (c->gain, -18.0, 18.0) / 18) * r.getHeight() * 0.4f;
        const float dots[] { 1.5f, 3 };
        g.setColour (colour (tokens::text).withAlpha (0.85f));
        g.drawDashedLine ({ std::max (a, -8.0f), y, std::min (b, static_cast<float> (getWidth()) + 8), y },
                          dots, 2, 1);
        // The envelope: straight in dB between its points, +-18 dB of the height, like the gain.
        if (! c->envelope.empty() || tool == Tool::pencil)
        {
            juce::Path line;
            const auto yOf = [&] (double db) { return envelopeY (r, db); };
            const auto value = [&] (Frames f)
            { return c->envelope.empty() ? 0.0 : session::envelopeGain (c->envelope, f); };
            line.startNewSubPath (a, yOf (value (0)));
            for (const auto& p : c->envelope)
                line.lineTo (xOf (c->start + p.position), yOf (p.gain));
            line.lineTo (b, yOf (value (c->length)));
            g.setColour (colour (tokens::fuji));
            g.strokePath (line, juce::PathStrokeType (1.4f));
            for (const auto& p : c->envelope)
                g.fillEllipse (
                    juce::Rectangle<float> (6, 6).withCentre ({ xOf (c->start + p.position), yOf (p.gain) }));
        }
        const float seenLeft = std::max (a, static_cast<float> (headerWidth())),
                    seenRight = std::min (b, static_cast<float> (getWidth()));
        if (seenRight - seenLeft > 60 && (c->gain != 0 || held.grip == Grip::gain))
            paintBubble (g, juce::Rectangle<float> (56, 16).withCentre ({ (seenLeft + seenRight) / 2, y }),
                         (c->gain > 0 ? "+" : "") + shownLevel (c->gain) + " dB");
    }
}

float Timeline::envelopeY (juce::Rectangle<float> r, double db)
{
    return r.getCentreY() - static_cast<float> (std::clamp (db, -18.0, 18.0) / 18) * r.getHeight() * 0.4f;
}

void Timeline::paintOver (juce::Graphics& g)
{
    const auto area = rowsArea().withTrimmedLeft (headerWidth());
    juce::Graphics::ScopedSaveState state (g);
    g.reduceClipRegion (area.withTop (grooveHeight() + 18));
    if (range)
    {
        const float a = xOf (range->first), b = xOf (range->second);
        for (const auto& row : rows)
            if (rangeTracks.contains (row.track) && ! row.lane)
            {
                const auto r = rowArea (row).toFloat();
                g.setColour (colour (tokens::text).withAlpha (0.10f));
                g.fillRect (a, r.getY(), b - a, r.getHeight() - 1);
                g.setColour (colour (tokens::text).withAlpha (0.5f));
                g.fillRect (a, r.getY(), 1.0f, r.getHeight() - 1);
                g.fillRect (b - 1, r.getY(), 1.0f, r.getHeight() - 1);
            }
    }
    if (dropAt)
    {
        const float x = xOf (snapped (frameAt (dropAt->x), {}));
        g.setColour (colour (tokens::gold));
        const auto* row = rowAt (dropAt->y);
        if (row != nullptr && dropAt->x >= headerWidth())
        {
            g.fillRect (x - 1, static_cast<float> (rowArea (*row).getY()), 2.0f,
                        static_cast<float> (row->height));
            g.drawRect (rowArea (*row).withTrimmedLeft (headerWidth()).toFloat(), 1.5f);
        }
        else
            g.drawRect (area.toFloat(), 2);
    }
    const float x = xOf (model.position());
    if (x < static_cast<float> (headerWidth()) - 6)
        return;
    g.setColour (colour (tokens::text));
    g.fillRect (x - 0.75f, static_cast<float> (topHeight()) - 5, 1.5f, static_cast<float> (getHeight()));
    juce::Path head;
    const auto top = static_cast<float> (topHeight());
    head.addTriangle (x - 6, top - 11, x + 6, top - 11, x, top - 2);
    g.fillPath (head);
}

} // namespace lacquer::ui
