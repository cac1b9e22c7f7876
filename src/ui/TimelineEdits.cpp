// SPDX-License-Identifier: GPL-3.0-or-later
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

session::Edit Timeline::movedSelection (const session::Project& p, Frames by, int tracksDown,
                                        bool copies) const
{
    session::Project now = p;
    const auto& list = p.songs.front()->tracks;
    const auto all = chosenClips (p);
    Frames first = 0;
    for (const auto& c : all)
        first = &c == &all.front() ? c->start : std::min (first, c->start);
    by = std::max (by, -first);
    for (const auto& c : all)
    {
        const Id home = session::trackOfClip (p, c->id);
        const auto at =
            std::find_if (list.begin(), list.end(), [&] (const auto& t) { return t->strip.id == home; }) -
            list.begin();
        const auto to =
            std::clamp<std::ptrdiff_t> (at + tracksDown, 0, static_cast<std::ptrdiff_t> (list.size()) - 1);
        const Id track = list[static_cast<std::size_t> (to)]->strip.id;
        if (copies)
        {
            auto copy = *c;
            copy.start = c->start + by;
            if (auto made = session::addedClip (now, track, copy))
                now = std::move (made->project);
            else
                return made.problem();
        }
        else if (auto made = session::movedClip (now, c->id, c->start + by, track != home ? track : Id {}))
            now = std::move (made->project);
        else
            return made.problem();
    }
    return session::Edited { std::move (now),
                             copies            ? "Copy clips"
                             : all.size() == 1 ? "Move clip"
                                               : "Move clips",
                             {} };
}

void Timeline::splitAtPlayhead()
{
    const auto at = model.position();
    edit ("Split",
          [&] (session::Project& p)
          {
              bool any = false;
              const auto& tracks = model.song().tracks;
              for (const auto& t : tracks)
                  for (const auto& c : t->clips)
                      if (c->start < at && at < c->start + c->length &&
                          (clips.empty() ? t->strip.id == selected : clips.contains (c->id)))
                          any = apply (p, session::splitClip (p, c->id, at)) || any;
              return any;
          });
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
    clipboard.clear();
    for (const auto& c : chosenClips (model.project()))
        clipboard.emplace_back (*c, session::trackOfClip (model.project(), c->id));
}

void Timeline::cut()
{
    copy();
    removeSelection();
}

void Timeline::paste()
{
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
    if (clips.empty())
        return;
    edit (clips.size() == 1 ? "Delete clip" : "Delete clips",
          [&] (session::Project& p)
          {
              bool any = false;
              for (const Id id : clips)
                  any = apply (p, session::removedClip (p, id)) || any;
              return any;
          });
    clips.clear();
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
    const bool mute = ! all.front()->muted;
    edit (mute ? "Mute clips" : "Unmute clips",
          [&] (session::Project& p)
          {
              bool any = false;
              for (const auto& c : all)
                  any = apply (p, session::mutedClip (p, c->id, mute)) || any;
              return any;
          });
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
    auto by = snap;
    if (bars)
        by.to = Snap::To::bar;
    model.locate (std::max<Frames> (0, by.step (model.tempo(), model.position(), direction)));
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
    if (session::trackOf (model.project(), selected) == nullptr)
        return;
    if (! openLanes.erase (selected))
        openLanes.insert (selected);
    layRows();
    repaint();
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

void Timeline::clipMenu (const session::ClipPtr& clip)
{
    juce::PopupMenu m;
    const auto at = model.position();
    const bool inside = clip->start < at && at < clip->start + clip->length;
    m.addItem ("Split at playhead", inside, false, [this] { splitAtPlayhead(); });
    m.addItem ("Duplicate", [this] { duplicate(); });
    m.addItem ("Rename",
               [this, id = clip->id, x = static_cast<int> (xOf (clip->start)), name = utf8 (clip->name)]
               {
                   const auto lane = laneOf (session::trackOfClip (model.project(), id));
                   rename (id, { std::max (x, headerWidth()), lane.getY(), 160, 20 }, name);
               });
    m.addItem ("Mute", true, clip->muted, [this] { reverseMute(); });
    m.addItem ("Gain to 0 dB", clip->gain != 0, false,
               [this]
               {
                   edit ("Clip gain",
                         [&] (session::Project& p)
                         {
                             for (const auto& c : chosenClips (p))
                                 apply (p, session::withClipGain (p, c->id, 0));
                             return true;
                         });
               });
    const std::pair<const char*, session::Fade> shapes[] { { "Linear", session::Fade::linear },
                                                           { "Equal power", session::Fade::equalPower },
                                                           { "S-curve", session::Fade::sCurve },
                                                           { "Exponential", session::Fade::exponential } };
    for (const bool in : { true, false })
    {
        juce::PopupMenu sub;
        for (const auto& [name, shape] : shapes)
            sub.addItem (name, true, (in ? clip->fadeInShape : clip->fadeOutShape) == shape,
                         [this, in, s = shape]
                         {
                             edit ("Shape of fade",
                                   [&] (session::Project& p)
                                   {
                                       for (const auto& c : chosenClips (p))
                                           apply (p, session::withFades (p, c->id, c->fadeIn, c->fadeOut,
                                                                         in ? s : c->fadeInShape,
                                                                         in ? c->fadeOutShape : s));
                                       return true;
                                   });
                         });
        m.addSubMenu (in ? "Fade in" : "Fade out", sub);
    }
    m.addSeparator();
    m.addItem ("Delete", [this] { removeSelection(); });
    m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
}

void Timeline::rulerMenu (Frames at)
{
    juce::PopupMenu m;
    const auto place = snap.nearest (model.tempo(), at);
    m.addItem ("Add marker",
               [this, place] {
                   model.edit (session::addedMarker (model.project(), model.song().id, place, "Marker"),
                               newGesture());
               });
    m.addItem ("Start a section",
               [this, place]
               {
                   model.edit (
                       session::addedMarker (model.project(), model.song().id, place, "Section", true),
                       newGesture());
               });
    for (const auto& mark : model.song().markers)
        if (std::abs (xOf (mark.position) - xOf (at)) < 8 ||
            (mark.section && mark.position <= at &&
             [&]
             {
                 for (const auto& other : model.song().markers)
                     if (other.section && other.position > mark.position && other.position <= at)
                         return false;
                 return true;
             }()))
        {
            m.addSeparator();
            const auto name = utf8 (mark.name);
            m.addItem ("Rename \"" + name + "\"",
                       [this, id = mark.id, name, x = static_cast<int> (xOf (mark.position))] {
                           rename (id, { std::max (x, headerWidth()), sectionRow().getY(), 140, 18 }, name);
                       });
            m.addItem ("Remove \"" + name + "\"", [this, id = mark.id]
                       { model.edit (session::removedMarker (model.project(), id), newGesture()); });
        }
    m.addSeparator();
    const auto& map = model.tempo();
    const double beat = std::round (map.beatAt (at));
    m.addItem ("Change tempo here",
               [this, beat, now = map.bpmAt (at), x = static_cast<int> (xOf (at))]
               {
                   askNumber ({ x, ruler().getY(), 70, 20 }, juce::String (now, 2),
                              [this, beat] (double bpm)
                              {
                                  auto tempi = model.song().tempi;
                                  if (tempi.empty())
                                      tempi.push_back ({});
                                  std::erase_if (tempi, [&] (const auto& t) { return t.beat == beat; });
                                  tempi.push_back ({ beat, bpm });
                                  std::sort (tempi.begin(), tempi.end(),
                                             [] (const auto& a, const auto& b) { return a.beat < b.beat; });
                                  model.edit (session::withTempo (model.project(), model.song().id,
                                                                  std::move (tempi), model.song().metres),
                                              newGesture());
                              });
               });
    if (model.song().tempi.size() > 1)
        m.addItem ("Remove tempo change",
                   [this, beat]
                   {
                       auto tempi = model.song().tempi;
                       const auto last =
                           std::find_if (tempi.rbegin(), tempi.rend(),
                                         [&] (const auto& t) { return t.beat <= beat && t.beat > 0; });
                       if (last == tempi.rend())
                           return;
                       tempi.erase (std::next (last).base());
                       model.edit (session::withTempo (model.project(), model.song().id, std::move (tempi),
                                                       model.song().metres),
                                   newGesture());
                   });
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
    m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
}

void Timeline::trackMenu (const Row& row)
{
    juce::PopupMenu m;
    const Id id = row.track;
    const auto* t = session::trackOf (model.project(), id);
    if (t == nullptr)
        return;
    m.addItem ("Rename",
               [this, id,
                box = rowArea (row).withWidth (headerWidth() - 80).withTrimmedLeft (26).withHeight (24),
                name = utf8 (t->strip.name)] { rename (id, box, name); });
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
    m.addItem ("Automation lane", true, openLanes.contains (id),
               [this, id]
               {
                   selected = id;
                   toggleLane();
               });
    m.addItem ("Group chosen tracks", chosen.size() > 1, false, [this] { groupChosen(); });
    m.addSeparator();
    m.addItem ("Delete track",
               [this, id] { model.edit (session::removedStrip (model.project(), id), newGesture()); });
    m.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
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
