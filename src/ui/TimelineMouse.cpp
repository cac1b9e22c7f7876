// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Find.h"
#include "ui/Timeline.h"

#include <cmath>

namespace lacquer::ui
{

Frames Timeline::snapped (Frames f, const juce::ModifierKeys& mods) const
{
    return std::max<Frames> (0, mods.isCommandDown() ? f : snap.nearest (model.tempo(), f));
}

Timeline::Hit Timeline::hit (juce::Point<int> p, const juce::ModifierKeys& mods) const
{
    Hit h;
    h.row = rowAt (p.y);
    if (h.row == nullptr)
        return h;
    const auto area = rowArea (*h.row);
    if (p.x < headerWidth())
    {
        if (p.y >= area.getBottom() - 4 && ! h.row->lane)
            h.grip = Grip::height;
        return h;
    }
    if (h.row->lane)
    {
        const auto* param = laneParam (h.row->track);
        const auto* lane = laneAt (*h.row);
        if (param == nullptr || lane == nullptr)
            return h;
        float nearest = 9;
        for (int n = 0; n < static_cast<int> (lane->points.size()); ++n)
        {
            const auto& at = lane->points[static_cast<std::size_t> (n)];
            const float x = xOf (at.position);
            if (std::abs (x - static_cast<float> (p.x)) > 10)
                continue;
            const float d =
                juce::Point<float> (x, laneY (*h.row, *param, at.value)).getDistanceFrom (p.toFloat());
            if (d < nearest)
            {
                nearest = d;
                h.point = n;
                h.grip = Grip::point;
            }
        }
        if (h.point < 0 && mods.isAltDown())
            for (int n = 0; n + 1 < static_cast<int> (lane->points.size()); ++n)
                if (xOf (lane->points[static_cast<std::size_t> (n)].position) < static_cast<float> (p.x) &&
                    static_cast<float> (p.x) < xOf (lane->points[static_cast<std::size_t> (n) + 1].position))
                {
                    h.point = n;
                    h.grip = Grip::bend;
                }
        return h;
    }
    const auto* track = session::trackOf (project(), h.row->track);
    if (track == nullptr)
        return h;
    const auto f = frameAt (p.x);
    // The one made last lies on top.
    for (auto c = track->clips.rbegin(); c != track->clips.rend() && h.clip == nullptr; ++c)
        if (f >= (*c)->start && f < (*c)->start + (*c)->length)
            h.clip = *c;
    if (h.clip == nullptr)
        return h;
    const auto& c = *h.clip;
    const float a = xOf (c.start), b = xOf (c.start + c.length), x = static_cast<float> (p.x);
    const bool upper = p.y < area.getY() + std::min (12, area.getHeight() / 2);
    const float in = a + static_cast<float> (static_cast<double> (c.fadeIn) / time.perPixel),
                out = b - static_cast<float> (static_cast<double> (c.fadeOut) / time.perPixel);
    const bool known = clips.contains (c.id), roomy = b - a > 24;
    const float gainY =
        static_cast<float> (area.getCentreY()) - static_cast<float> (std::clamp (c.gain, -18.0, 18.0) / 18) *
                                                     static_cast<float> (area.getHeight()) * 0.4f;
    h.grip = Grip::move;
    if (tool == Tool::fade)
        h.grip = x < (a + b) / 2 ? Grip::fadeIn : Grip::fadeOut;
    else if (known && roomy && upper && std::abs (x - (in + 4)) < 7)
        h.grip = Grip::fadeIn;
    else if (known && roomy && upper && std::abs (x - (out - 5)) < 7)
        h.grip = Grip::fadeOut;
    else if (roomy && x - a < 6)
        h.grip = Grip::trimStart;
    else if (roomy && b - x < 6)
        h.grip = Grip::trimEnd;
    else if (known && area.getHeight() >= 26 && std::abs (static_cast<float> (p.y) - gainY) < 4 &&
             x - a > 10 && b - x > 10)
        h.grip = Grip::gain;
    return h;
}

void Timeline::mouseMove (const juce::MouseEvent& e)
{
    const auto h = hit (e.getPosition(), e.mods);
    auto look = juce::MouseCursor::NormalCursor;
    switch (h.grip)
    {
        case Grip::trimStart:
        case Grip::trimEnd: look = juce::MouseCursor::LeftRightResizeCursor; break;
        case Grip::gain:
        case Grip::height: look = juce::MouseCursor::UpDownResizeCursor; break;
        case Grip::fadeIn:
        case Grip::fadeOut:
        case Grip::point: look = juce::MouseCursor::PointingHandCursor; break;
        default: break;
    }
    if (tool == Tool::split && h.clip != nullptr)
        look = juce::MouseCursor::IBeamCursor;
    setMouseCursor (look);
    const int point = h.grip == Grip::point ? h.point : -1;
    const Id lane = point >= 0 ? h.row->track : Id {};
    if (point != hoverPoint || lane != hoverLane)
    {
        hoverPoint = point;
        hoverLane = lane;
        repaint (rowsArea());
    }
}

void Timeline::mouseExit (const juce::MouseEvent&)
{
    if (std::exchange (hoverPoint, -1) >= 0)
        repaint (rowsArea());
}

void Timeline::mouseDown (const juce::MouseEvent& e)
{
    naming.reset();
    grip = Grip::none;
    dragging = false;
    from = e.getPosition();
    fromFrame = frameAt (e.x);
    fromStart = time.start;
    fromScroll = static_cast<int> (down.getCurrentRangeStart());
    held = {};
    if (e.mods.isMiddleButtonDown())
    {
        grip = Grip::pan;
        return;
    }
    if (ruler().contains (from))
    {
        if (e.mods.isPopupMenu())
            rulerMenu (fromFrame);
        else
        {
            grip = Grip::loop;
            loopGesture = newGesture();
        }
        return;
    }
    if (sectionRow().contains (from))
    {
        if (e.mods.isPopupMenu())
            rulerMenu (fromFrame);
        else
            for (const auto& m : model.song().markers)
                if (std::abs (xOf (m.position) - static_cast<float> (e.x)) < 7)
                {
                    grip = Grip::marker;
                    held.clip = nullptr;
                    hoveredPoint = m.id;
                }
        return;
    }
    held = hit (from, e.mods);
    if (held.row == nullptr)
        return;
    const Row row = *held.row;
    if (from.x < headerWidth())
    {
        if (row.lane)
        {
            if (onSelect)
                onSelect (row.track, e.mods);
            laneMenu (row.track);
            return;
        }
        if (held.grip == Grip::height)
        {
            grip = Grip::height;
            fromHeight = row.height;
            return;
        }
        if (! e.mods.isPopupMenu())
        {
            for (const auto& [letter, param] : { std::pair { 'M', stripIds::mute }, { 'S', stripIds::solo } })
                if (switchArea (row, letter).contains (from) && onSwitch)
                {
                    // Dragging on over others paints the same state.
                    switchTo = model.value (row.track, param) < 0.5;
                    switchParam = param;
                    painted = { row.track };
                    grip = Grip::switches;
                    onSwitch (row.track, param, e.mods);
                    return;
                }
            if (switchArea (row, 'A').contains (from))
            {
                const auto* t = session::trackOf (model.project(), row.track);
                if (t == nullptr || t->strip.lanes.empty())
                {
                    selected = row.track;
                    toggleLane();
                    return;
                }
                const bool on = std::any_of (t->strip.lanes.begin(), t->strip.lanes.end(),
                                             [] (const auto& l) { return l.enabled; });
                const auto lanes = t->strip.lanes;
                edit (on ? "Automation off" : "Automation on",
                      [&] (session::Project& p)
                      {
                          for (auto lane : lanes)
                          {
                              lane.enabled = ! on;
                              apply (p, session::withLane (p, lane));
                          }
                          return true;
                      });
                return;
            }
        }
        if (onSelect)
            onSelect (row.track, e.mods);
        if (e.mods.isPopupMenu())
            trackMenu (row);
        return;
    }
    if (onSelect && ! e.mods.isCommandDown() && ! e.mods.isShiftDown() && row.track != selected)
        onSelect (row.track, {});
    if (row.lane)
    {
        const auto* param = laneParam (row.track);
        if (param == nullptr)
            return;
        if (e.mods.isPopupMenu())
        {
            if (held.grip == Grip::point)
                pointMenu (row, held.point);
            else
                laneMenu (row.track);
            return;
        }
        grip = held.grip;
        if (grip == Grip::none)
        {
            // A click adds a point and takes hold of it.
            session::AutomationPoint point;
            point.position = snapped (fromFrame, e.mods);
            point.value = laneValue (row, *param, static_cast<float> (e.y));
            changeLane (
                row,
                [&] (auto& points)
                {
                    std::erase_if (points, [&] (const auto& p) { return p.position == point.position; });
                    points.push_back (point);
                    std::sort (points.begin(), points.end(),
                               [] (const auto& a, const auto& b) { return a.position < b.position; });
                },
                "Add automation point", true);
            held = hit ({ static_cast<int> (xOf (point.position)),
                          static_cast<int> (laneY (row, *param, point.value)) },
                        {});
            grip = held.grip == Grip::point ? Grip::point : Grip::none;
        }
        held.row = nullptr; // rows may move; the track says which
        hoverLane = row.track;
        hoverPoint = held.point;
        return;
    }
    if (held.clip == nullptr)
    {
        if (e.mods.isPopupMenu())
            return;
        if (! e.mods.isShiftDown() && ! e.mods.isCommandDown())
            clips.clear();
        grip = Grip::range;
        range.reset();
        repaint (rowsArea());
        return;
    }
    const Id id = held.clip->id;
    if (tool == Tool::split && ! e.mods.isPopupMenu())
    {
        model.edit (session::splitClip (model.project(), id, snapped (fromFrame, e.mods)), newGesture());
        return;
    }
    if (tool == Tool::range && ! e.mods.isPopupMenu())
    {
        grip = Grip::range;
        range.reset();
        return;
    }
    const bool was = clips.contains (id);
    if (e.mods.isShiftDown() && ! e.mods.isAltDown() && ! clips.empty())
    {
        // Extends to everything between on this track.
        Frames a = held.clip->start, b = a;
        const auto* track = session::trackOf (model.project(), row.track);
        for (const auto& c : track->clips)
            if (clips.contains (c->id))
            {
                a = std::min (a, c->start);
                b = std::max (b, c->start);
            }
        for (const auto& c : track->clips)
            if (c->start >= a && c->start <= b)
                clips.insert (c->id);
    }
    else if (e.mods.isCommandDown() && ! e.mods.isAltDown() && held.grip == Grip::move)
        was ? static_cast<void> (clips.erase (id)) : static_cast<void> (clips.insert (id));
    else if (! was)
        clips = { id };
    repaint (rowsArea());
    if (e.mods.isPopupMenu())
    {
        clipMenu (held.clip);
        return;
    }
    grip = held.grip;
    if (grip == Grip::move && e.mods.isAltDown())
        grip = e.mods.isShiftDown() ? Grip::slip : Grip::copy;
    held.row = nullptr;
    fromGain = held.clip->gain;
}

void Timeline::mouseDrag (const juce::MouseEvent& e)
{
    if (grip == Grip::none || ! e.mouseWasDraggedSinceMouseDown())
        return;
    if (! dragging && e.getDistanceFromDragStart() < 3 && grip != Grip::switches)
        return;
    dragging = true;
    const auto to = frameAt (e.x);
    const auto by = to - fromFrame;
    switch (grip)
    {
        case Grip::pan:
            setStart (fromStart - (e.x - from.x) * time.perPixel);
            down.setCurrentRangeStart (fromScroll - (e.y - from.y));
            break;
        case Grip::playhead: model.locate (to); break;
        case Grip::loop:
        {
            const auto a = snapped (fromFrame, e.mods), b = snapped (to, e.mods);
            if (a != b)
            {
                model.setLoop (std::min (a, b), std::max (a, b), loopGesture);
                model.setLooping (true);
                advance();
            }
            break;
        }
        case Grip::marker:
            show ([&] (const session::Project& p)
                  { return session::movedMarker (p, hoveredPoint, snapped (to, e.mods)); });
            break;
        case Grip::height:
        {
            int best = 28;
            for (const int h : { 28, 34, 54, 90 })
                if (std::abs (h - (fromHeight + e.y - from.y)) <
                    std::abs (best - (fromHeight + e.y - from.y)))
                    best = h;
            if (const auto* row = held.row;
                row != nullptr && row >= rows.data() && row < rows.data() + rows.size())
            {
                const auto place = row - rows.data();
                heights[row->track] = best;
                layRows();
                held.row = &rows[static_cast<std::size_t> (
                    std::min<std::ptrdiff_t> (place, static_cast<std::ptrdiff_t> (rows.size()) - 1))];
                repaint();
            }
            break;
        }
        case Grip::switches:
            if (const auto* row = rowAt (e.y); row != nullptr && ! row->lane &&
                                               painted.insert (row->track).second &&
                                               (model.value (row->track, switchParam) >= 0.5) != switchTo)
                onSwitch (row->track, switchParam, {});
            break;
        case Grip::range:
        {
            const auto a = snapped (fromFrame, e.mods), b = snapped (to, e.mods);
            range = { std::min (a, b), std::max (a, b) };
            rangeTracks.clear();
            const int top = std::min (from.y, e.y), bottom = std::max (from.y, e.y);
            for (const auto& row : rows)
                if (const auto r = rowArea (row); ! row.lane && r.getBottom() > top && r.getY() <= bottom)
                    rangeTracks.insert (row.track);
            // What lies in it is chosen with it.
            clips.clear();
            for (const auto& t : model.song().tracks)
                if (rangeTracks.contains (t->strip.id))
                    for (const auto& c : t->clips)
                        if (c->start < range->second && c->start + c->length > range->first &&
                            tool != Tool::range)
                            clips.insert (c->id);
            repaint (rowsArea());
            break;
        }
        case Grip::move:
        case Grip::copy:
        {
            // The clip that is held snaps; the others keep their distance to it.
            const auto shift =
                snapped (std::max<Frames> (0, held.clip->start + by), e.mods) - held.clip->start;
            const Id home = session::trackOfClip (model.project(), held.clip->id);
            const auto& list = model.song().tracks;
            const auto index = [&] (Id id)
            {
                return static_cast<int> (std::find_if (list.begin(), list.end(),
                                                       [&] (const auto& t) { return t->strip.id == id; }) -
                                         list.begin());
            };
            const auto* over = rowAt (e.y);
            const int tracksDown = over != nullptr ? index (over->track) - index (home) : 0;
            show ([&] (const session::Project& p)
                  { return movedSelection (p, shift, tracksDown, grip == Grip::copy); });
            break;
        }
        case Grip::slip:
            show (
                [&] (const session::Project& p) -> session::Edit
                {
                    session::Project now = p;
                    for (const auto& c : chosenClips (p))
                    {
                        const auto* media = session::mediaOf (p, c->media);
                        const auto most = media != nullptr ? media->frames - c->length : c->offset;
                        const auto d = std::clamp<Frames> (by, c->offset - most, c->offset);
                        // The sound moves under the clip: move the clip with it, then put its ends back.
                        const auto a = std::max<Frames> (0, c->start + d);
                        if (! apply (now, session::movedClip (now, c->id, a)) ||
                            ! apply (now, session::trimmedClip (now, c->id, c->start, c->start + c->length)))
                            return Problem { "The sound of this clip cannot be moved further." };
                    }
                    return session::Edited { std::move (now), "Slip clip", {} };
                });
            break;
        case Grip::trimStart:
        case Grip::trimEnd:
            show (
                [&] (const session::Project& p) -> session::Edit
                {
                    session::Project now = p;
                    const bool left = grip == Grip::trimStart;
                    const auto edge = left ? held.clip->start : held.clip->start + held.clip->length;
                    const auto shift = snapped (edge + by, e.mods) - edge;
                    for (const auto& c : chosenClips (p))
                    {
                        const auto* media = session::mediaOf (p, c->media);
                        auto a = c->start, b = c->start + c->length;
                        constexpr Frames least = 64;
                        if (left)
                            a = std::clamp (a + shift, std::max<Frames> (0, c->start - c->offset), b - least);
                        else
                            b = std::clamp (b + shift, a + least,
                                            media != nullptr ? c->start + media->frames - c->offset : b);
                        apply (now, session::trimmedClip (now, c->id, a, b));
                    }
                    return session::Edited { std::move (now), "Trim", {} };
                });
            break;
        case Grip::fadeIn:
        case Grip::fadeOut:
            show (
                [&] (const session::Project& p) -> session::Edit
                {
                    session::Project now = p;
                    const bool in = grip == Grip::fadeIn;
                    for (const auto& c : chosenClips (p))
                    {
                        auto a = c->fadeIn, b = c->fadeOut;
                        if (tool == Tool::fade)
                            (in ? a : b) = in ? to - c->start : c->start + c->length - to;
                        else
                            (in ? a : b) += in ? by : -by;
                        a = std::clamp<Frames> (a, 0, c->length - (in ? c->fadeOut : 0));
                        b = std::clamp<Frames> (b, 0, c->length - a);
                        apply (now, session::withFades (now, c->id, a, b, c->fadeInShape, c->fadeOutShape));
                    }
                    return session::Edited { std::move (now), in ? "Fade in" : "Fade out", {} };
                });
            break;
        case Grip::gain:
            show (
                [&] (const session::Project& p) -> session::Edit
                {
                    session::Project now = p;
                    const double change = (from.y - e.y) * 0.2 * (e.mods.isShiftDown() ? 0.1 : 1);
                    for (const auto& c : chosenClips (p))
                        apply (now, session::withClipGain (
                                        now, c->id,
                                        std::clamp (std::round (10 * (c->gain + change)) / 10, -60.0, 24.0)));
                    return session::Edited { std::move (now), "Clip gain", {} };
                });
            held.grip = Grip::gain;
            break;
        case Grip::point:
        case Grip::bend:
        {
            const auto row = std::find_if (rows.begin(), rows.end(),
                                           [&] (const Row& r) { return r.lane && r.track == hoverLane; });
            const auto* param = laneParam (hoverLane);
            if (row == rows.end() || param == nullptr)
                break;
            const auto n = static_cast<std::size_t> (std::max (0, held.point));
            const bool bends = grip == Grip::bend;
            const bool alongOnly = e.mods.isShiftDown() && std::abs (e.x - from.x) >= std::abs (e.y - from.y);
            const bool upOnly = e.mods.isShiftDown() && ! alongOnly;
            changeLane (
                *row,
                [&] (auto& points)
                {
                    if (n >= points.size())
                        return;
                    auto& at = points[n];
                    if (bends)
                    {
                        at.curve = session::Curve::exponential;
                        const bool rises = n + 1 < points.size() && points[n + 1].value >= at.value;
                        at.tension =
                            std::clamp (at.tension + (e.y - from.y) * (rises ? 0.02 : -0.02), -1.0, 1.0);
                        return;
                    }
                    if (! upOnly)
                    {
                        const auto least = n > 0 ? points[n - 1].position + 1 : 0;
                        const auto most = n + 1 < points.size() ? points[n + 1].position - 1
                                                                : std::numeric_limits<Frames>::max();
                        at.position = std::clamp (snapped (to, e.mods), least, most);
                    }
                    if (! alongOnly)
                        at.value = laneValue (*row, *param, static_cast<float> (e.y));
                },
                bends ? "Bend automation" : "Move automation point", false);
            hoverPoint = held.point;
            break;
        }
        case Grip::none: break;
    }
}

void Timeline::mouseUp (const juce::MouseEvent& e)
{
    const bool moved = std::exchange (dragging, false);
    const auto was = std::exchange (grip, Grip::none);
    if (moved)
        commit();
    else if (was == Grip::loop)
        model.locate (fromFrame);
    else if (was == Grip::range || was == Grip::move)
    {
        model.locate (was == Grip::range ? snapped (fromFrame, e.mods) : fromFrame);
        if (was == Grip::move && held.clip != nullptr && ! e.mods.isCommandDown() && ! e.mods.isShiftDown())
            clips = { held.clip->id };
        repaint (rowsArea());
    }
    held = {};
}

void Timeline::mouseDoubleClick (const juce::MouseEvent& e)
{
    if (sectionRow().contains (e.getPosition()))
    {
        const auto at = frameAt (e.x);
        const session::Marker* found = nullptr;
        for (const auto& m : model.song().markers)
            if (m.position <= at &&
                (m.section || std::abs (xOf (m.position) - static_cast<float> (e.x)) < 60))
                found = &m;
        if (found != nullptr)
            rename (found->id,
                    { std::max (static_cast<int> (xOf (found->position)), headerWidth()), sectionRow().getY(),
                      140, 18 },
                    utf8 (found->name));
        else
            model.edit (session::addedMarker (model.project(), model.song().id, snapped (at, e.mods),
                                              "Section", true),
                        newGesture());
        return;
    }
    const auto h = hit (e.getPosition(), e.mods);
    if (h.row == nullptr)
        return;
    if (e.x < headerWidth())
    {
        if (! h.row->lane && ! switchArea (*h.row, 'M').contains (e.getPosition()) &&
            e.x < switchArea (*h.row, 'M').getX())
            if (const auto* t = session::trackOf (model.project(), h.row->track))
                rename (h.row->track,
                        rowArea (*h.row).withWidth (headerWidth() - 90).withTrimmedLeft (26).withHeight (24),
                        utf8 (t->strip.name));
        return;
    }
    if (h.grip == Grip::point)
        changeLane (
            *h.row, [n = h.point] (auto& points) { points.erase (points.begin() + n); },
            "Remove automation point", true);
    else if (h.grip == Grip::gain)
        model.edit (session::withClipGain (model.project(), h.clip->id, 0), newGesture());
}

void Timeline::mouseWheelMove (const juce::MouseEvent& e, const juce::MouseWheelDetails& wheel)
{
    const double notches = static_cast<double> (wheel.deltaY) * (wheel.isReversed ? -1 : 1);
    if (e.mods.isCommandDown())
    {
        const float at = std::max (static_cast<float> (headerWidth()), e.position.x);
        zoomed = true;
        time.zoom (std::exp2 (notches * 2), at, static_cast<float> (headerWidth()), 0.25,
                   static_cast<double> (pageLength()) / 400);
        setStart (time.start);
    }
    else if (e.mods.isShiftDown() || std::abs (wheel.deltaX) > std::abs (wheel.deltaY))
    {
        const double sideways =
            std::abs (wheel.deltaX) > std::abs (wheel.deltaY) ? static_cast<double> (wheel.deltaX) : notches;
        zoomed = true;
        setStart (time.start - sideways * 400 * time.perPixel);
    }
    else
        down.setCurrentRangeStart (down.getCurrentRangeStart() - notches * 200);
}

void Timeline::fileDragMove (const juce::StringArray&, int x, int y)
{
    dropAt = juce::Point<int> (x, y);
    repaint (rowsArea());
}

void Timeline::fileDragExit (const juce::StringArray&)
{
    dropAt.reset();
    repaint (rowsArea());
}

void Timeline::filesDropped (const juce::StringArray& files, int x, int y)
{
    dropAt.reset();
    std::vector<std::string> paths;
    for (const auto& f : files)
        paths.push_back (f.toStdString());
    // On a lane: there. On the headers or below: new tracks from the start.
    const auto* row = rowAt (y);
    const bool onLane = row != nullptr && x >= headerWidth();
    model.importFiles (paths, onLane ? row->track : Id {}, onLane ? snapped (frameAt (x), {}) : 0);
    repaint();
}

} // namespace lacquer::ui
