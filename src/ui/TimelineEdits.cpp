// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/AutomationEdits.h"
#include "session/ClipEdits.h"
#include "session/Find.h"
#include "ui/Timeline.h"

#include <cmath>

namespace lacquer::ui
{

bool Timeline::apply (session::Project& p, session::Edit edit)
{
    if (! edit)
        return false;
    p = std::move (edit->project);
    return true;
}

void Timeline::edit (const char* label, const std::function<bool (session::Project&)>& change)
{
    session::Project p = model.project();
    if (change (p))
        model.edit (session::Edited { std::move (p), label, {} }, newGesture());
    repaint();
}

void Timeline::show (const std::function<session::Edit (const session::Project&)>& make)
{
    if (before == nullptr)
        before = std::make_shared<session::Project> (model.project());
    if (auto edit = make (*before))
    {
        previewLabel = edit->label;
        preview = std::make_shared<session::Project> (std::move (edit->project));
        layRows();
        repaint (rowsArea());
        repaint (sectionRow());
    }
}

void Timeline::commit()
{
    const auto made = std::exchange (preview, nullptr);
    before = nullptr;
    if (made != nullptr && ! (*made == model.project()))
        model.edit (session::Edited { *made, previewLabel, {} }, newGesture());
    layRows();
    repaint();
}

std::vector<session::ClipPtr> Timeline::chosenClips (const session::Project& p) const
{
    std::vector<session::ClipPtr> all;
    for (const auto& t : p.songs.front()->tracks)
        for (const auto& c : t->clips)
            if (clips.contains (c->id))
                all.push_back (c);
    return all;
}

std::vector<Id> Timeline::chosenIds() const
{
    return { clips.begin(), clips.end() };
}

session::Edit Timeline::movedSelection (const session::Project& p, Frames by, int tracksDown,
                                        bool copies) const
{
    const auto& list = p.songs.front()->tracks;
    const auto all = chosenClips (p);
    Frames first = all.empty() ? 0 : all.front()->start;
    int highest = static_cast<int> (list.size()) - 1, lowest = 0;
    for (const auto& c : all)
    {
        first = std::min (first, c->start);
        const Id home = session::trackOfClip (p, c->id);
        const auto at = static_cast<int> (
            std::find_if (list.begin(), list.end(), [&] (const auto& t) { return t->strip.id == home; }) -
            list.begin());
        highest = std::min (highest, at);
        lowest = std::max (lowest, at);
    }
    by = std::max (by, -first);
    tracksDown = std::clamp (tracksDown, -highest, static_cast<int> (list.size()) - 1 - lowest);
    return copies ? session::copiedClips (p, chosenIds(), by, tracksDown)
                  : session::movedClips (p, chosenIds(), by, tracksDown);
}

void Timeline::splitAtPlayhead()
{
    const auto at = model.position();
    std::vector<Id> all;
    for (const auto& t : model.song().tracks)
        for (const auto& c : t->clips)
            if (c->start < at && at < c->start + c->length &&
                (clips.empty() ? t->strip.id == selected || chosen.contains (t->strip.id)
                               : clips.contains (c->id)))
                all.push_back (c->id);
    if (! all.empty())
        model.edit (session::splitClips (model.project(), all, at), newGesture());
    repaint();
}

void Timeline::duplicate()
{
    const auto all = chosenClips (model.project());
    if (all.empty())
        return;
    Frames a = all.front()->start, b = 0;
    for (const auto& c : all)
    {
        a = std::min (a, c->start);
        b = std::max (b, c->start + c->length);
    }
    const auto first = model.project().nextId;
    auto made = movedSelection (model.project(), b - a, 0, true);
    if (! made)
        return;
    made->label = "Duplicate";
    if (model.edit (std::move (made), newGesture()))
    {
        clips.clear();
        for (const auto& t : model.song().tracks)
            for (const auto& c : t->clips)
                if (c->id.value >= first)
                    clips.insert (c->id);
    }
    repaint();
}

void Timeline::copy()
{
    if (laneRange && clips.empty())
        return copyLane (laneRange->place, false);
    lanePoints.clear();
    clipboard.clear();
    for (const auto& c : chosenClips (model.project()))
        clipboard.emplace_back (*c, session::trackOfClip (model.project(), c->id));
}

void Timeline::cut()
{
    if (laneRange && clips.empty())
        return copyLane (laneRange->place, true);
    copy();
    removeSelection();
}

void Timeline::paste()
{
    if (! lanePoints.empty())
        return pasteLane (hoverLane);
    if (clipboard.empty())
        return;
    Frames first = clipboard.front().first.start;
    for (const auto& c : clipboard)
        first = std::min (first, c.first.start);
    const auto firstNew = model.project().nextId;
    edit ("Paste",
          [&] (session::Project& p)
          {
              bool any = false;
              for (const auto& [clip, track] : clipboard)
              {
                  auto c = clip;
                  c.start = model.position() + clip.start - first;
                  any = apply (p, session::addedClip (
                                      p, session::trackOf (p, track) != nullptr ? track : selected, c)) ||
                        any;
              }
              return any;
          });
    clips.clear();
    for (const auto& t : model.song().tracks)
        for (const auto& c : t->clips)
            if (c->id.value >= firstNew)
                clips.insert (c->id);
}

void Timeline::removeSelection()
{
    if (laneRange && clips.empty())
    {
        model.edit (session::clearedAutomation (model.project(), laneOf (laneRange->place),
                                                laneStretch (laneRange->place)),
                    newGesture());
        return repaint();
    }
    if (clips.empty())
        return;
    model.edit (session::removedClips (model.project(), chosenIds()), newGesture());
    clips.clear();
    repaint();
}

void Timeline::selectAll()
{
    for (const auto& t : model.song().tracks)
        for (const auto& c : t->clips)
            clips.insert (c->id);
    repaint();
}

void Timeline::selectNothing()
{
    clips.clear();
    range.reset();
    laneRange.reset();
    preview = before = nullptr;
    dragging = false;
    grip = Grip::none;
    repaint();
}

void Timeline::reverseMute()
{
    const auto all = chosenClips (model.project());
    if (all.empty())
        return;
    model.edit (session::mutedClips (model.project(), chosenIds(), ! all.front()->muted), newGesture());
    repaint();
}

void Timeline::addMarker()
{
    const auto count = model.song().markers.size();
    model.edit (session::addedMarker (model.project(), model.song().id, model.position(),
                                      "Marker " + std::to_string (count + 1)),
                newGesture());
    repaint();
}

void Timeline::goToSection (int direction)
{
    const auto now = model.position();
    Frames to = direction > 0 ? model.length() : 0;
    const auto slack = static_cast<Frames> (model.sampleRate() / 4);
    for (const auto& m : model.song().markers)
    {
        if (direction > 0 && m.position > now)
        {
            to = m.position;
            break;
        }
        if (direction < 0 && m.position < now - slack)
            to = m.position;
    }
    model.locate (to);
}

void Timeline::stepPlayhead (int direction, bool bars)
{
    const auto by = bars ? session::Grid { session::Grid::Unit::bar, 1, 1 } : grid;
    model.locate (direction > 0 ? session::next (by, model.tempo(), model.position())
                                : session::previous (by, model.tempo(), model.position()));
}

void Timeline::loopSelection()
{
    std::optional<std::pair<Frames, Frames>> wanted = range;
    if (! wanted)
        for (const auto& c : chosenClips (model.project()))
            wanted = wanted ? std::pair (std::min (wanted->first, c->start),
                                         std::max (wanted->second, c->start + c->length))
                            : std::pair (c->start, c->start + c->length);
    if (! wanted || wanted->first >= wanted->second)
        return;
    model.setLoop (wanted->first, wanted->second, newGesture());
    model.setLooping (true);
    repaint();
}

void Timeline::zoomBy (double factor)
{
    const float x = xOf (model.position()), left = static_cast<float> (headerWidth());
    const bool visible = x > left && x < static_cast<float> (getWidth());
    zoomed = true;
    time.zoom (factor, visible ? x : (left + static_cast<float> (getWidth())) / 2, left, 0.25,
               static_cast<double> (pageLength()) / 400);
    setStart (time.start);
}

void Timeline::zoomToSong()
{
    zoomed = false;
    const int width = std::max (100, getWidth() - headerWidth() - 9);
    time.perPixel = std::max (0.25, static_cast<double> (std::max<Frames> (
                                        model.length(), static_cast<Frames> (model.sampleRate()))) /
                                        width);
    setStart (0);
}

void Timeline::setWaveHeight (double db)
{
    db = std::clamp (db, 0.0, 36.0);
    if (std::exchange (waveDb, db) == db)
        return;
    tiles.setTaller (db);
    waves.setToggleState (db > 0, juce::dontSendNotification);
    repaint (rowsArea().withTrimmedLeft (headerWidth()));
}

std::optional<Frames> Timeline::selectionStart() const
{
    if (range)
        return range->first;
    std::optional<Frames> first;
    for (const auto& c : chosenClips (model.project()))
        first = first ? std::min (*first, c->start) : c->start;
    return first;
}

void Timeline::renameSelected()
{
    for (const auto& row : rows)
        if (row.track == selected && row.number > 0 && ! row.lane)
        {
            // It comes into view first.
            const double most = row.y, least = row.y + row.height - rowsArea().getHeight();
            down.setCurrentRangeStart (std::min (std::max (down.getCurrentRangeStart(), least), most));
            if (const auto* t = session::trackOf (model.project(), row.track))
                rename (row.track, nameArea (row), utf8 (t->strip.name));
            return;
        }
}

juce::Rectangle<int> Timeline::nameArea (const Row& row) const
{
    return rowArea (row).withWidth (headerWidth() - 80).withTrimmedLeft (26).withHeight (24);
}

void Timeline::setView (const ViewState& v)
{
    heights = v.rowHeights;
    zoomed = v.time.has_value();
    if (v.time)
        time = *v.time;
    setWaveHeight (v.waveHeight);
    rebuild();
}

void Timeline::tellView (ViewState& v) const
{
    v.rowHeights = heights;
    v.time = zoomed ? std::optional (time) : std::nullopt;
    v.waveHeight = waveDb;
}

/// By how many dB all waveforms can grow until the loudest of them fills its lane.
double Timeline::roomAboveWaves() const
{
    float most = 0;
    std::vector<Column> columns (256);
    for (const auto& t : model.song().tracks)
        for (const auto& c : t->clips)
            if (model.outline (c->media, c->offset, c->offset + c->length, columns))
                for (const auto& column : columns)
                    most = std::max (most, std::max (column.high, -column.low) *
                                               static_cast<float> (gainOf (Decibels { c->gain })));
    return most > 0 ? -decibelsOf (most).value : 0;
}

void Timeline::openWaveMenu()
{
    juce::PopupMenu m;
    m.addSectionHeader ("Height of the waveforms");
    for (const int db : { 0, 6, 12, 18, 24, 30, 36 })
        m.addItem (db == 0 ? juce::String ("As they sound, clip gain included")
                           : juce::String (db) + " dB taller",
                   true, std::abs (waveDb - db) < 0.1, [this, db] { setWaveHeight (db); });
    m.addSeparator();
    m.addItem ("So that the loudest clip fills its lane", [this] { setWaveHeight (roomAboveWaves()); });
    showMenu (m);
}

void Timeline::zoomToSelection()
{
    if (zoomedFrom)
    {
        time = *std::exchange (zoomedFrom, std::nullopt);
        setStart (time.start);
        return;
    }
    std::optional<std::pair<Frames, Frames>> wanted = range;
    for (const auto& c : chosenClips (model.project()))
        wanted = wanted ? std::pair (std::min (wanted->first, c->start),
                                     std::max (wanted->second, c->start + c->length))
                        : std::pair (c->start, c->start + c->length);
    if (! wanted || wanted->second <= wanted->first)
        return;
    zoomedFrom = time;
    zoomed = true;
    const double width = std::max (100, getWidth() - headerWidth() - 9);
    time.perPixel = std::max (0.25, static_cast<double> (wanted->second - wanted->first) * 1.1 / width);
    setStart (static_cast<double> (wanted->first) -
              static_cast<double> (wanted->second - wanted->first) * 0.05);
}

void Timeline::toggleLane()
{
    if (lanesOf (model.project(), selected) != nullptr)
        toggleLanes (selected);
}

void Timeline::groupChosen()
{
    std::vector<Id> all;
    for (const auto& t : model.song().tracks)
        if (chosen.contains (t->strip.id))
            all.push_back (t->strip.id);
    if (all.empty())
        return;
    const auto* first = session::stripOf (model.project(), all.front());
    edit ("Group tracks",
          [&] (session::Project& p)
          {
              auto made = session::addedGroup (p, p.songs.front()->id, "Group", first->colour);
              if (! made)
                  return false;
              const Id group = made->made;
              p = std::move (made->project);
              for (const Id id : all)
                  apply (p, session::withOutput (p, id, group));
              return true;
          });
}

/// On a lane where there is no clip.
void Timeline::laneAreaMenu (const Row& row, Frames at)
{
    juce::PopupMenu m;
    m.addItem ("Paste", ! clipboard.empty(), false,
               [this, at]
               {
                   model.locate (onGrid (at));
                   paste();
               });
    m.addItem ("Select all of this track",
               [this, id = row.track]
               {
                   if (const auto* t = session::trackOf (model.project(), id))
                       for (const auto& c : t->clips)
                           clips.insert (c->id);
                   repaint (rowsArea());
               });
    m.addItem ("Loop the range", range.has_value(), false, [this] { loopSelection(); });
    m.addItem ("Show automation", true, openLanes.contains (row.track),
               [this, id = row.track] { toggleLanes (id); });
    showMenu (m);
}

void Timeline::trackMenu (const Row& row)
{
    juce::PopupMenu m;
    const Id id = row.track;
    const auto* t = session::trackOf (model.project(), id);
    if (t == nullptr)
        return;
    m.addItem ("Rename",
               [this, id, box = nameArea (row), name = utf8 (t->strip.name)] { rename (id, box, name); });
    juce::PopupMenu colours;
    for (const auto* name : tokens::trackColourNames)
        colours.addItem (juce::String (name), true, t->strip.colour == name,
                         [this, id, name]
                         { model.edit (session::recoloured (model.project(), id, name), newGesture()); });
    m.addSubMenu ("Colour", colours);
    juce::PopupMenu sizes;
    for (const int h : { 28, 34, 54, 90 })
        sizes.addItem (juce::String (h) + " px", true, row.height == h,
                       [this, id, h]
                       {
                           heights[id] = h;
                           layRows();
                           repaint();
                       });
    m.addSubMenu ("Height", sizes);
    m.addItem ("Automation", true, openLanes.contains (id), [this, id] { toggleLanes (id); });
    addTrackEditing (m, id);
    m.addSeparator();
    m.addItem ("Delete track",
               [this, id] { model.edit (session::removedStrip (model.project(), id), newGesture()); });
    showMenu (m);
}

void Timeline::addMenu()
{
    juce::PopupMenu m;
    const auto song = model.song().id;
    m.addItem ("Stereo track", [this, song]
               { model.edit (session::addedTrack (model.project(), song, "Track", 2), newGesture()); });
    m.addItem ("Mono track", [this, song]
               { model.edit (session::addedTrack (model.project(), song, "Track", 1), newGesture()); });
    m.addItem ("Group", [this, song]
               { model.edit (session::addedGroup (model.project(), song, "Group"), newGesture()); });
    m.addItem ("Return", [this, song]
               { model.edit (session::addedReturn (model.project(), song, "Return", "ai"), newGesture()); });
    m.showMenuAsync (juce::PopupMenu::Options().withTargetComponent (&addTrack).withDeletionCheck (*this));
}

void Timeline::rename (Id id, juce::Rectangle<int> box, const juce::String& now)
{
    naming = std::make_unique<juce::TextEditor>();
    naming->setFont (font (12));
    naming->setText (now, false);
    naming->setSelectAllWhenFocused (true);
    const auto close = [this]
    {
        juce::MessageManager::callAsync (
            [safe = SafePointer<Timeline> (this)]
            {
                if (safe != nullptr)
                    safe->naming.reset();
            });
    };
    naming->onReturnKey = [this, id, now, close]
    {
        const auto text = naming->getText().trim();
        if (text.isNotEmpty() && text != now)
            model.edit (session::renamed (model.project(), id, text.toStdString()), newGesture());
        close();
    };
    naming->onEscapeKey = naming->onFocusLost = close;
    addAndMakeVisible (*naming);
    naming->setBounds (box);
    if (naming->isShowing())
        naming->grabKeyboardFocus();
}

void Timeline::askNumber (juce::Rectangle<int> box, const juce::String& now, std::function<void (double)> set)
{
    rename ({}, box, now);
    naming->onReturnKey = [this, set]
    {
        const auto text = naming->getText().trim();
        if (text.containsAnyOf ("0123456789"))
            set (text.getDoubleValue());
        juce::MessageManager::callAsync (
            [safe = SafePointer<Timeline> (this)]
            {
                if (safe != nullptr)
                    safe->naming.reset();
            });
    };
}

} // namespace lacquer::ui
