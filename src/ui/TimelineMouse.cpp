// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ClipEdits.h"
#include "session/Find.h"
#include "session/Points.h"
#include "ui/Timeline.h"

#include <cmath>

namespace lacquer::ui
{

Frames Timeline::snapped (Frames f, const juce::ModifierKeys& mods) const
{
    return std::max<Frames> (0, mods.isCommandDown() ? f : onGrid (f));
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
        const auto* param = laneParam (h.row->place);
        const auto* lane = laneAt (h.row->place);
        if (param == nullptr)
            return h;
        if (laneRange && laneRange->place == h.row->place && tool != Tool::pencil)
            if (const float x = static_cast<float> (p.x);
                x >= xOf (laneRange->from) && x < xOf (laneRange->to))
                h.grip = Grip::lanePart;
        if (lane == nullptr)
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
    if (known)
        for (std::size_t n = 0; n < c.envelope.size(); ++n)
            if (juce::Point<float> (xOf (c.start + c.envelope[n].position),
                                    envelopeY (area.toFloat().withTrimmedBottom (1), c.envelope[n].gain))
                    .getDistanceFrom (p.toFloat()) < 7)
            {
                h.point = static_cast<int> (n);
                h.grip = Grip::envelope;
                return h;
            }
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

/// What the hint line says of the place under the pointer.
juce::String Timeline::hintOf (const Hit& h, juce::Point<int> p) const
{
    if (ruler().contains (p))
        return "Click to set the playhead, drag for the loop. Right-click for tempo, metre and markers.";
    if (sectionRow().contains (p))
        return "Drag a marker to move it, double-click to rename or to start a section.";
    if (h.row == nullptr)
        return "Drop audio files here. One file becomes one track.";
    if (p.x < headerWidth())
        return h.row->lane ? "Click to choose another parameter, + Lane for one more."
               : switchArea (*h.row, 'A').contains (p)
                   ? "Automation: off, read, touch, latch, write or trim. A shows the lane."
               : h.grip == Grip::height ? "Drag for the height of the track."
                                        : "Click to choose, double-click to rename, right-click for more.";
    if (h.row->lane)
        switch (h.grip)
        {
            case Grip::point: return "Drag the point. Shift keeps one axis. Right-click for its shape.";
            case Grip::bend: return "Drag to bend.";
            case Grip::lanePart: return "Drag to move the range. Shift keeps one axis. Right-click for more.";
            default:
                return tool == Tool::pencil  ? "Drag to draw."
                       : tool == Tool::range ? "Drag to choose a range."
                                             : "Click adds a point. Alt-drag bends, right-click for more.";
        }
    switch (h.grip)
    {
        case Grip::trimStart:
        case Grip::trimEnd: return "Drag to trim. Ctrl lets go of the grid.";
        case Grip::fadeIn:
        case Grip::fadeOut: return "Drag for the length of the fade, up and down for its curve.";
        case Grip::gain: return "Drag for the clip's gain. Double-click for 0 dB.";
        case Grip::envelope: return "Drag the point of the envelope. Double-click removes it.";
        case Grip::move:
            return tool == Tool::split ? "Click to split."
                   : tool == Tool::pencil
                       ? "Click adds a point of the gain envelope."
                       : "Drag to move. Alt copies, Alt and Shift slip. Right-click for more.";
        default: break;
    }
    return "Click to set the playhead, drag to select a range.";
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
        case Grip::envelope:
        case Grip::point: look = juce::MouseCursor::PointingHandCursor; break;
        case Grip::lanePart: look = juce::MouseCursor::DraggingHandCursor; break;
        default: break;
    }
    if (tool == Tool::split && h.clip != nullptr)
        look = juce::MouseCursor::IBeamCursor;
    if (h.grip == Grip::move && e.mods.isAltDown())
        look = e.mods.isShiftDown() ? juce::MouseCursor::LeftRightResizeCursor
                                    : juce::MouseCursor::CopyingCursor;
    if (tool == Tool::pencil && h.row != nullptr && e.x >= headerWidth())
        look = juce::MouseCursor::CrosshairCursor;
    setMouseCursor (look);
    setHelpText (hintOf (h, e.getPosition()));
    const int point = h.grip == Grip::point ? h.point : -1;
    const auto lane = point >= 0 ? h.row->place : LanePlace {};
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
    fromRange = laneRange ? std::pair (laneRange->from, laneRange->to) : std::pair<Frames, Frames>();
    lastDrawn = fromFrame;
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
            if (onSelect && session::stripOf (model.project(), row.track) != nullptr)
                onSelect (row.track, {});
            laneMore (row).contains (from) && row.height >= 46 && ! e.mods.isPopupMenu()
                ? moreLanesMenu (row.track)
                : laneMenu (row);
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
                modeMenu (row.track);
                return;
            }
        }
        const bool strip = session::stripOf (model.project(), row.track) != nullptr;
        if (onSelect && strip)
            onSelect (row.track, e.mods);
        if (e.mods.isPopupMenu())
            row.number > 0 ? trackMenu (row) : modeMenu (row.track);
        return;
    }
    if (onSelect && ! e.mods.isCommandDown() && ! e.mods.isShiftDown() && row.track != selected &&
        session::stripOf (model.project(), row.track) != nullptr)
        onSelect (row.track, {});
    if (row.lane)
    {
        const auto* param = laneParam (row.place);
        if (param == nullptr)
            return;
        if (e.mods.isPopupMenu())
        {
            if (held.grip == Grip::point)
                pointMenu (row, held.point);
            else
                laneMenu (row);
            return;
        }
        hoverLane = row.place;
        clips.clear();
        grip = held.grip;
        if (tool == Tool::pencil)
        {
            grip = Grip::draw;
            drawnPoints = { { fromFrame, laneValue (row, *param, static_cast<float> (e.y)),
                              param->isChoice() ? session::Curve::hold : session::Curve::linear } };
            held.row = nullptr;
            return;
        }
        if (tool == Tool::range && grip != Grip::lanePart)
        {
            grip = Grip::laneRange;
            laneRange.reset();
            held.row = nullptr;
            repaint (rowsArea());
            return;
        }
        if (grip != Grip::lanePart)
            laneRange.reset();
        if (grip == Grip::none)
        {
            // A click adds a point and takes hold of it.
            session::AutomationPoint point;
            point.position = snapped (fromFrame, e.mods);
            point.value = laneValue (row, *param, static_cast<float> (e.y));
            changeLane (
                row.place,
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
        held.row = nullptr; // rows may move; the place says which
        hoverPoint = held.point;
        return;
    }
    laneRange.reset();
    if (held.clip == nullptr)
    {
        if (e.mods.isPopupMenu())
            return laneAreaMenu (row, fromFrame);
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
        model.edit (session::splitClips (model.project(), { id }, snapped (fromFrame, e.mods)), newGesture());
        return;
    }
    if (tool == Tool::range && ! e.mods.isPopupMenu())
    {
        grip = Grip::range;
        range.reset();
        return;
    }
    if (tool == Tool::pencil && ! e.mods.isPopupMenu() && held.grip == Grip::move)
    {
        addEnvelopePoint (id, fromFrame - held.clip->start);
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
        clipMenu (held.clip, fromFrame);
        return;
    }
    grip = held.grip;
    if (grip == Grip::move && e.mods.isAltDown())
        grip = e.mods.isShiftDown() ? Grip::slip : Grip::copy;
    held.row = nullptr;
    fromHeight = row.height;
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
            show ([&] (const session::Project& p) { return session::slippedClips (p, chosenIds(), by); });
            break;
        case Grip::envelope:
            show (
                [&] (const session::Project& p) -> session::Edit
                {
                    const auto n = static_cast<std::size_t> (held.point);
                    auto points = held.clip->envelope;
                    if (n >= points.size())
                        return Problem { "The envelope has no such point." };
                    const auto r = juce::Rectangle<float> (0, 0, 1, static_cast<float> (fromHeight));
                    if (! (e.mods.isShiftDown() && std::abs (e.x - from.x) < std::abs (e.y - from.y)))
                    {
                        const auto least = n > 0 ? points[n - 1].position + 1 : 0;
                        const auto most =
                            n + 1 < points.size() ? points[n + 1].position - 1 : held.clip->length;
                        points[n].position =
                            std::clamp (points[n].position + by, least, std::max (least, most));
                    }
                    const double perDb = static_cast<double> (r.getHeight()) * 0.4 / 18;
                    points[n].gain = std::clamp (points[n].gain + (from.y - e.y) / perDb, -60.0, 24.0);
                    auto made = session::withEnvelope (p, held.clip->id, std::move (points));
                    if (made)
                        made->label = "Clip envelope";
                    return made;
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
                        const auto reach = session::reachOf (p, *c);
                        auto a = c->start, b = c->start + c->length;
                        const auto least = std::min<Frames> (64, b - a);
                        if (left)
                            a = std::clamp (a + shift, reach.begin, b - least);
                        else
                            b = std::clamp (b + shift, a + least, reach.end);
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
                        // Up and down through the four curves, one for every 18 pixels.
                        const auto bent = [&] (session::Fade shape) {
                            return static_cast<session::Fade> (
                                std::clamp (static_cast<int> (shape) + (from.y - e.y) / 18, 0, 3));
                        };
                        apply (now, session::withFades (now, c->id, a, b,
                                                        in ? bent (c->fadeInShape) : c->fadeInShape,
                                                        in ? c->fadeOutShape : bent (c->fadeOutShape)));
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
        case Grip::draw:
        case Grip::laneRange:
        case Grip::lanePart: dragLane (e); break;
        case Grip::none: break;
    }
}

/// A drag in a lane.
void Timeline::dragLane (const juce::MouseEvent& e)
{
    const auto row = std::find_if (rows.begin(), rows.end(),
                                   [&] (const Row& r) { return r.lane && r.place == hoverLane; });
    const auto* param = laneParam (hoverLane);
    if (row == rows.end() || param == nullptr)
        return;
    const auto to = frameAt (e.x);
    // Shift: along one axis only, the one that was gone further.
    const bool alongOnly = e.mods.isShiftDown() && std::abs (e.x - from.x) >= std::abs (e.y - from.y);
    const bool upOnly = e.mods.isShiftDown() && ! alongOnly;
    const auto label = [] (session::Edit edit, const char* name)
    {
        if (edit)
            edit->label = name;
        return edit;
    };
    if (grip == Grip::draw)
    {
        const session::AutomationPoint point { to, laneValue (*row, *param, static_cast<float> (e.y)),
                                               param->isChoice() ? session::Curve::hold
                                                                 : session::Curve::linear };
        // Where the pencil goes over, it draws anew.
        const auto last = drawnPoints.empty() ? to : lastDrawn;
        const auto a = std::min (last, to), b = std::max (last, to);
        std::erase_if (drawnPoints, [&] (const auto& p)
                       { return p.position == to || (p.position > a && p.position < b); });
        drawnPoints.push_back (point);
        std::sort (drawnPoints.begin(), drawnPoints.end(),
                   [] (const auto& x, const auto& y) { return x.position < y.position; });
        lastDrawn = to;
        show (
            [&] (const session::Project& p)
            {
                const auto which = laneOf (hoverLane);
                return label (session::withRides (
                                  p, { { which,
                                         { drawnPoints.front().position, drawnPoints.back().position + 1 },
                                         session::thinned (drawnPoints, session::differenceOf (param)) } }),
                              "Draw automation");
            });
        return;
    }
    if (grip == Grip::laneRange)
    {
        const auto a = snapped (fromFrame, e.mods), b = snapped (to, e.mods);
        laneRange.reset();
        if (a != b)
            laneRange = { hoverLane, std::min (a, b), std::max (a, b) };
        repaint (rowsArea());
        return;
    }
    if (grip == Grip::lanePart && laneRange)
    {
        const auto by = upOnly
                            ? 0
                            : std::max (snapped (fromRange.first + to - fromFrame, e.mods) - fromRange.first,
                                        -fromRange.first);
        const double raise = alongOnly ? 0
                                       : laneValue (*row, *param, static_cast<float> (e.y)) -
                                             laneValue (*row, *param, static_cast<float> (from.y));
        show (
            [&] (const session::Project& p)
            {
                return label (session::movedPoints (p, laneOf (hoverLane),
                                                    { fromRange.first, fromRange.second }, by, raise),
                              "Move automation");
            });
        laneRange = { hoverLane, fromRange.first + by, fromRange.second + by };
        return;
    }
    const auto n = static_cast<std::size_t> (std::max (0, held.point));
    const bool bends = grip == Grip::bend;
    changeLane (
        hoverLane,
        [&] (auto& points)
        {
            if (n >= points.size())
                return;
            auto& at = points[n];
            if (bends)
            {
                at.curve = session::Curve::exponential;
                const bool rises = n + 1 < points.size() && points[n + 1].value >= at.value;
                at.tension = std::clamp (at.tension + (e.y - from.y) * (rises ? 0.02 : -0.02), -1.0, 1.0);
                return;
            }
            if (! upOnly)
            {
                const auto least = n > 0 ? points[n - 1].position + 1 : 0;
                const auto most =
                    n + 1 < points.size() ? points[n + 1].position - 1 : std::numeric_limits<Frames>::max();
                at.position = std::clamp (snapped (to, e.mods), least, most);
            }
            if (! alongOnly)
                at.value = laneValue (*row, *param, static_cast<float> (e.y));
        },
        bends ? "Bend automation" : "Move automation point", false);
    hoverPoint = held.point;
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
            h.row->place, [n = h.point] (auto& points) { points.erase (points.begin() + n); },
            "Remove automation point", true);
    else if (h.grip == Grip::envelope)
    {
        auto points = h.clip->envelope;
        points.erase (points.begin() + h.point);
        model.edit (session::withEnvelope (model.project(), h.clip->id, std::move (points)), newGesture());
    }
    else if (h.grip == Grip::gain)
        model.edit (session::withClipGain (model.project(), h.clip->id, 0), newGesture());
}

void Timeline::mouseWheelMove (const juce::MouseEvent& e, const juce::MouseWheelDetails& wheel)
{
    const double notches = static_cast<double> (wheel.deltaY) * (wheel.isReversed ? -1 : 1);
    if (e.mods.isCommandDown() && e.mods.isShiftDown())
        setWaveHeight (waveDb + (notches > 0 ? 3 : -3));
    else if (e.mods.isCommandDown())
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
