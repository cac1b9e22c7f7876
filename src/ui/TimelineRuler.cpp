// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ClipEdits.h"
#include "session/Find.h"
#include "ui/Timeline.h"

#include <cmath>

/// Ruler and sections: tempo, metre, markers, loop, grid, metronome.
namespace lacquer::ui
{

namespace
{

using Unit = session::Grid::Unit;

constexpr session::Grid grids[] { { Unit::bar, 1, 1 },     { Unit::beat, 1, 1 },   { Unit::note, 1, 2 },
                                  { Unit::note, 1, 4 },    { Unit::note, 1, 8 },   { Unit::note, 1, 16 },
                                  { Unit::note, 1, 32 },   { Unit::note, 1, 6 },   { Unit::note, 1, 12 },
                                  { Unit::note, 1, 24 },   { Unit::second, 1, 1 }, { Unit::second, 1, 10 },
                                  { Unit::cdFrame, 1, 1 }, { Unit::sample, 1, 1 } };

juce::String nameOf (const session::Grid& g)
{
    if (g == session::Grid { Unit::cdFrame, 1, 1 })
        return "CD frame";
    const auto text = utf8 (session::textOf (g));
    return text.substring (0, 1).toUpperCase() + text.substring (1);
}

} // namespace

Frames Timeline::onGrid (Frames f) const
{
    return snaps ? std::max<Frames> (0, session::nearest (grid, model.tempo(), f)) : f;
}

/// The song's own grid; a song that has none begins with eighths.
void Timeline::readGrid()
{
    if (gridOf == model.song().id && model.song().grid == gridRead.first &&
        model.song().snaps == gridRead.second)
        return;
    const bool isNew = gridOf != model.song().id;
    gridOf = model.song().id;
    gridRead = { model.song().grid, model.song().snaps };
    if (! isNew || gridRead.second || ! (gridRead.first == session::Grid {}))
    {
        grid = gridRead.first;
        snaps = gridRead.second;
    }
    showGrid();
}

void Timeline::showGrid()
{
    const auto words = "Snap " + nameOf (grid);
    const bool fits = font (gridButton.textSize, Weight::medium).getStringWidthFloat (words) <
                      static_cast<float> (gridButton.getWidth() - 8);
    gridButton.setButtonText (fits ? words : nameOf (grid));
    gridButton.setEnabled (snaps);
    magnet.setToggleState (snaps, juce::dontSendNotification);
    repaint (rowsArea());
}

void Timeline::setGrid (const session::Grid& g, bool on)
{
    grid = g;
    snaps = on;
    model.edit (session::withGrid (model.project(), model.song().id, g, on), newGesture());
    gridRead = { model.song().grid, model.song().snaps };
    showGrid();
}

void Timeline::toggleSnap()
{
    setGrid (grid, ! snaps);
}

void Timeline::gridMenu()
{
    juce::PopupMenu m;
    for (const auto& g : grids)
        m.addItem (nameOf (g), true, g == grid, [this, g] { setGrid (g, true); });
    showMenu (m);
}

void Timeline::clickMenu()
{
    juce::PopupMenu m;
    m.addItem ("Metronome", true, model.metronome(),
               [this] { model.setMetronome (! model.metronome(), model.countIn()); });
    m.addSeparator();
    for (const int bars : { 0, 1, 2, 4 })
        m.addItem (bars == 0 ? juce::String ("No count-in")
                             : "Count in " + juce::String (bars) + (bars == 1 ? " bar" : " bars"),
                   true, model.countIn() == bars,
                   [this, bars] { model.setMetronome (model.metronome(), bars); });
    showMenu (m);
}

void Timeline::toggleMetronome()
{
    model.setMetronome (! model.metronome(), model.countIn());
    click.setToggleState (model.metronome(), juce::dontSendNotification);
}

void Timeline::rulerMenu (Frames at)
{
    juce::PopupMenu m;
    const auto place = onGrid (at);
    const auto& song = model.song();
    const auto take = [this] (session::Edit made)
    {
        model.edit (std::move (made), newGesture());
        repaint();
    };
    m.addItem ("Add marker", [this, place, take]
               { take (session::addedMarker (model.project(), model.song().id, place, "Marker")); });
    m.addItem ("Start a section", [this, place, take]
               { take (session::addedMarker (model.project(), model.song().id, place, "Section", true)); });
    // The marks that are near, and the section that this place is in.
    const session::Marker* section = nullptr;
    std::vector<session::Marker> near;
    for (const auto& mark : song.markers)
    {
        if (mark.section && mark.position <= at)
            section = &mark;
        if (std::abs (xOf (mark.position) - xOf (at)) < 8)
            near.push_back (mark);
    }
    if (section != nullptr &&
        std::none_of (near.begin(), near.end(), [&] (const auto& n) { return n.id == section->id; }))
        near.push_back (*section);
    for (const auto& mark : near)
    {
        const auto name = utf8 (mark.name);
        juce::PopupMenu one;
        const int x = std::max (static_cast<int> (xOf (mark.position)), headerWidth());
        one.addItem ("Rename",
                     [this, id = mark.id, name, x] {
                         rename (id, { x, sectionRow().getY(), 140, 18 }, name);
                     });
        juce::PopupMenu colours;
        for (const auto* colour : tokens::trackColourNames)
            colours.addItem (juce::String (colour), true, mark.colour == colour,
                             [this, take, id = mark.id, colour]
                             { take (session::recoloured (model.project(), id, colour)); });
        one.addSubMenu ("Colour", colours);
        one.addItem ("Starts a section", true, mark.section,
                     [this, take, id = mark.id, now = mark.section]
                     { take (session::withSection (model.project(), id, ! now)); });
        one.addItem ("Type a position (bar)",
                     [this, take, id = mark.id, x, bar = model.tempo().barBeatAt (mark.position).bar]
                     {
                         askNumber ({ x, sectionRow().getY(), 70, 18 }, juce::String (bar),
                                    [this, take, id] (double to)
                                    {
                                        take (session::movedMarker (
                                            model.project(), id,
                                            static_cast<Frames> (std::llround (model.tempo().frameOfBar (
                                                std::max (1, juce::roundToInt (to)))))));
                                    });
                     });
        one.addItem ("Range to the loop's end", model.loopEnd() > mark.position, false,
                     [this, take, id = mark.id, length = model.loopEnd() - mark.position]
                     { take (session::withMarkerRange (model.project(), id, length)); });
        one.addItem ("No range of its own", mark.length > 0, false,
                     [this, take, id = mark.id]
                     { take (session::withMarkerRange (model.project(), id, 0)); });
        one.addItem ("Go there", [this, to = mark.position] { model.locate (to); });
        one.addItem ("Remove",
                     [this, take, id = mark.id] { take (session::removedMarker (model.project(), id)); });
        m.addSubMenu ("\"" + name + "\"", one);
    }
    m.addSeparator();
    addTempoEntries (m, at);
    m.addSeparator();
    m.addItem ("Loop the section",
               [this, at]
               {
                   Frames a = 0, b = model.length();
                   for (const auto& mark : model.song().markers)
                       if (mark.section)
                           (mark.position <= at ? a : b) =
                               mark.position <= at ? mark.position : std::min (b, mark.position);
                   model.setLoop (a, b, newGesture());
                   model.setLooping (true);
               });
    m.addItem ("Loop starts here",
               [this, place] { model.setLoop (place, std::max (place + 1, model.loopEnd()), newGesture()); });
    m.addItem ("Loop ends here", place > 0, false,
               [this, place]
               { model.setLoop (std::min (place - 1, model.loopStart()), place, newGesture()); });
    m.addItem ("Loop on", model.loopEnd() > model.loopStart(), model.looping(),
               [this] { model.setLooping (! model.looping()); });
    juce::PopupMenu clicks;
    clicks.addItem ("On", true, model.metronome(), [this] { toggleMetronome(); });
    for (const int bars : { 0, 1, 2, 4 })
        clicks.addItem (bars == 0 ? juce::String ("No count-in")
                                  : "Count in " + juce::String (bars) + (bars == 1 ? " bar" : " bars"),
                        true, model.countIn() == bars,
                        [this, bars] { model.setMetronome (model.metronome(), bars); });
    m.addSubMenu ("Metronome", clicks);
    showMenu (m);
}

/// Tempo and metre from the beat of a place on: the change there is set, made, made a ramp, or taken away.
void Timeline::addTempoEntries (juce::PopupMenu& m, Frames at)
{
    const auto& map = model.tempo();
    const auto here = map.barBeatAt (at);
    const double beat = std::round (map.beatAt (at)),
                 bar =
                     std::round (map.beatAt (static_cast<Frames> (std::llround (map.frameOfBar (here.bar)))));
    const int x = std::max (static_cast<int> (xOf (at)), headerWidth());
    const juce::Rectangle<int> box (x, ruler().getY(), 70, 20);
    const auto give = [this] (std::vector<TempoMap::Tempo> tempi, std::vector<TempoMap::Metre> metres)
    {
        const auto order = [] (const auto& a, const auto& b) { return a.beat < b.beat; };
        std::sort (tempi.begin(), tempi.end(), order);
        std::sort (metres.begin(), metres.end(), order);
        model.edit (
            session::withTempo (model.project(), model.song().id, std::move (tempi), std::move (metres)),
            newGesture());
        repaint();
    };
    auto tempi = model.song().tempi;
    auto metres = model.song().metres;
    if (tempi.empty())
        tempi.push_back ({});
    if (metres.empty())
        metres.push_back ({});
    m.addItem ("Tempo from here on",
               [this, give, box, tempi, metres, beat, now = map.bpmAt (at)]
               {
                   askNumber (box, juce::String (now, 2),
                              [give, tempi, metres, beat] (double bpm) mutable
                              {
                                  std::erase_if (tempi, [&] (const auto& t) { return t.beat == beat; });
                                  tempi.push_back ({ beat, bpm });
                                  give (std::move (tempi), metres);
                              });
               });
    // The change that this place follows.
    std::size_t last = 0;
    for (std::size_t n = 0; n < tempi.size(); ++n)
        if (tempi[n].beat <= beat)
            last = n;
    m.addItem ("Ramp to the next tempo", last + 1 < tempi.size(), tempi[last].ramp,
               [give, tempi, metres, last]() mutable
               {
                   tempi[last].ramp = ! tempi[last].ramp;
                   give (std::move (tempi), metres);
               });
    m.addItem ("Remove the tempo change", last > 0, false,
               [give, tempi, metres, last]() mutable
               {
                   tempi.erase (tempi.begin() + static_cast<std::ptrdiff_t> (last));
                   give (std::move (tempi), metres);
               });
    juce::PopupMenu kinds;
    const auto now = map.metreAt (map.beatAt (at));
    for (const auto& [top, below] :
         { std::pair { 2, 4 }, std::pair { 3, 4 }, std::pair { 4, 4 }, std::pair { 5, 4 }, std::pair { 6, 4 },
           std::pair { 7, 4 }, std::pair { 3, 8 }, std::pair { 5, 8 }, std::pair { 6, 8 }, std::pair { 7, 8 },
           std::pair { 9, 8 }, std::pair { 12, 8 } })
        kinds.addItem (juce::String (top) + "/" + juce::String (below), true,
                       now.numerator == top && now.denominator == below,
                       [give, tempi, metres, bar, n = top, d = below]() mutable
                       {
                           std::erase_if (metres, [&] (const auto& one) { return one.beat == bar; });
                           metres.push_back ({ bar, n, d });
                           give (tempi, std::move (metres));
                       });
    m.addSubMenu ("Metre from this bar on", kinds);
    std::size_t lastMetre = 0;
    for (std::size_t n = 0; n < metres.size(); ++n)
        if (metres[n].beat <= bar)
            lastMetre = n;
    m.addItem ("Remove the metre change", lastMetre > 0, false,
               [give, tempi, metres, lastMetre]() mutable
               {
                   metres.erase (metres.begin() + static_cast<std::ptrdiff_t> (lastMetre));
                   give (tempi, std::move (metres));
               });
}

} // namespace lacquer::ui
