// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Find.h"
#include "studio/Catalogue.h"
#include "ui/Timeline.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

/// Between two points of a lane: the value at a share of the way, as the engine has it.
double between (const session::AutomationPoint& a, const session::AutomationPoint& b, double share)
{
    return a.value + (b.value - a.value) * wayAlong (a.curve, a.tension, share);
}

} // namespace

/// The lane that a track shows: what was chosen, else the first that has points, else its fader.
Timeline::LanePlace Timeline::laneOfTrack (Id track) const
{
    if (const auto found = laneChoice.find (track); found != laneChoice.end())
        return found->second;
    if (const auto* t = session::trackOf (project(), track); t != nullptr && ! t->strip.lanes.empty())
        return { t->strip.lanes.front().target, t->strip.lanes.front().parameter };
    return { track, std::string (stripIds::fader) };
}

const Param* Timeline::laneParam (Id track) const
{
    const auto place = laneOfTrack (track);
    return findParam (model.params (place.target), place.param);
}

const session::Lane* Timeline::laneAt (const Row& row) const
{
    const auto place = laneOfTrack (row.track);
    const auto* track = session::trackOf (project(), row.track);
    if (track == nullptr)
        return nullptr;
    for (const auto& l : track->strip.lanes)
        if (l.target == place.target && l.parameter == place.param)
            return &l;
    return nullptr;
}

juce::Rectangle<float> Timeline::laneGraph (const Row& row) const
{
    return rowArea (row).withTrimmedLeft (headerWidth()).toFloat().reduced (0, 6).withTrimmedBottom (1);
}

float Timeline::laneY (const Row& row, const Param& p, double value) const
{
    const auto r = laneGraph (row);
    return r.getBottom() - static_cast<float> (travelOf (p, value)) * r.getHeight();
}

double Timeline::laneValue (const Row& row, const Param& p, float y) const
{
    const auto r = laneGraph (row);
    const double value =
        valueAtTravel (p, std::clamp (static_cast<double> ((r.getBottom() - y) / r.getHeight()), 0.0, 1.0));
    return p.isChoice() ? std::round (value) : value;
}

void Timeline::paintLane (juce::Graphics& g, const Row& row, juce::Rectangle<int> area)
{
    const auto* p = laneParam (row.track);
    if (p == nullptr)
        return;
    g.setColour (colour (tokens::fujiDim).withAlpha (0.16f));
    g.fillRect (area);
    // The parameter's own zero, or its middle.
    const double rest = p->min < 0 && p->max > 0 ? 0 : static_cast<double> (p->initial);
    const float zero = std::round (laneY (row, *p, rest));
    g.setColour (colour (tokens::line));
    g.fillRect (area.getX(), static_cast<int> (zero), area.getWidth(), 1);
    g.setColour (colour (tokens::text3));
    drawTabular (g, shownValue (*p, rest), font (10),
                 { static_cast<float> (area.getX()) + 4, zero - 13, 60, 12 },
                 juce::Justification::centredLeft);
    const auto* lane = laneAt (row);
    const auto none = std::vector<session::AutomationPoint> {};
    const auto& points = lane != nullptr ? lane->points : none;
    const auto left = static_cast<float> (area.getX()), right = static_cast<float> (area.getRight());
    const auto tint = colour (lane == nullptr || lane->enabled ? tokens::fuji : tokens::off);
    if (points.empty())
    {
        const float y = laneY (row, *p, model.value (laneOfTrack (row.track).target, p->id));
        g.setColour (tint.withAlpha (0.6f));
        const float dashes[] { 4, 4 };
        g.drawDashedLine ({ left, y, right, y }, dashes, 2, 1.2f);
        return;
    }
    const auto place = [&] (const session::AutomationPoint& at)
    { return juce::Point<float> (xOf (at.position), laneY (row, *p, at.value)); };
    juce::Path line;
    const auto first = std::max<std::ptrdiff_t> (
        0, std::upper_bound (points.begin(), points.end(), frameAt (area.getX()),
                             [] (Frames f, const auto& at) { return f < at.position; }) -
               points.begin() - 1);
    auto n = static_cast<std::size_t> (first);
    line.startNewSubPath (left, place (points[n]).x > left ? place (points[n]).y : place (points[n]).y);
    for (; n < points.size(); ++n)
    {
        const auto here = place (points[n]);
        line.lineTo (here);
        if (here.x > right)
            break;
        if (n + 1 < points.size())
        {
            const auto next = place (points[n + 1]);
            if (points[n].curve == session::Curve::hold)
                line.lineTo (next.x, here.y);
            else
            {
                // Straight in the parameter's own unit is not straight on its scale.
                const int steps = std::clamp (
                    static_cast<int> ((std::min (next.x, right) - std::max (here.x, left)) / 6), 1, 64);
                for (int k = 1; k < steps; ++k)
                {
                    const double share = static_cast<double> (k) / steps;
                    line.lineTo (here.x + static_cast<float> (share) * (next.x - here.x),
                                 laneY (row, *p, between (points[n], points[n + 1], share)));
                }
            }
        }
        else
            line.lineTo (right, here.y);
    }
    auto body = line;
    body.lineTo (right, static_cast<float> (area.getBottom()));
    body.lineTo (left, static_cast<float> (area.getBottom()));
    body.closeSubPath();
    g.setColour (tint.withAlpha (0.08f));
    g.fillPath (body);
    g.setColour (tint);
    g.strokePath (line, juce::PathStrokeType (1.6f));
    const bool mine = hoverLane == row.track;
    for (std::size_t k = static_cast<std::size_t> (first); k < points.size(); ++k)
    {
        const auto at = place (points[k]);
        if (at.x > right + 6)
            break;
        const bool over = mine && hoverPoint == static_cast<int> (k);
        const float size = over ? 8.0f : 6.0f;
        const auto dot = juce::Rectangle<float> (size, size).withCentre (at);
        g.setColour (over ? tint : colour (tokens::well));
        g.fillEllipse (dot);
        g.setColour (tint);
        g.drawEllipse (dot.reduced (0.5f), 1.2f);
    }
    if (mine && hoverPoint >= 0 && hoverPoint < static_cast<int> (points.size()))
    {
        const auto& at = points[static_cast<std::size_t> (hoverPoint)];
        const auto bar = model.tempo().barBeatAt (at.position);
        const auto text =
            juce::String (bar.bar) + "." + juce::String (bar.beat) + "  " + shownValue (*p, at.value);
        const float w = tabularWidth (text, font (11, Weight::semibold)) + 14;
        paintBubble (g,
                     juce::Rectangle<float> (w, 17)
                         .withPosition (place (at).x + 8, place (at).y + 4)
                         .constrainedWithin (area.toFloat()),
                     text);
    }
}

/// A change of the points of the lane that a row shows; makes the lane where there is none.
void Timeline::changeLane (const Row& row,
                           const std::function<void (std::vector<session::AutomationPoint>&)>& change,
                           const char* label, bool done)
{
    const auto place = laneOfTrack (row.track);
    const auto make = [&] (const session::Project& p) -> session::Edit
    {
        session::Lane lane;
        lane.target = place.target;
        lane.parameter = place.param;
        if (const auto* track = session::trackOf (p, row.track))
            for (const auto& l : track->strip.lanes)
                if (l.target == place.target && l.parameter == place.param)
                    lane = l;
        change (lane.points);
        if (lane.points.empty())
            return session::withoutLane (p, place.target, place.param);
        auto edit = session::withLane (p, lane);
        if (edit)
            edit->label = label;
        return edit;
    };
    if (done)
        model.edit (make (model.project()), newGesture());
    else
        show (make);
}

void Timeline::laneMenu (Id track)
{
    const auto* t = session::trackOf (model.project(), track);
    if (t == nullptr)
        return;
    juce::PopupMenu menu;
    const auto now = laneOfTrack (track);
    const auto used = [&] (Id target, std::string_view param)
    {
        return std::any_of (t->strip.lanes.begin(), t->strip.lanes.end(),
                            [&] (const auto& l) { return l.target == target && l.parameter == param; });
    };
    const auto list = [&] (juce::PopupMenu& into, Id target)
    {
        for (const auto& p : model.params (target))
            if (p.id != stripIds::solo)
                into.addItem (utf8 (p.name) + (used (target, p.id) ? "  *" : ""), true,
                              now == LanePlace { target, std::string (p.id) },
                              [this, track, target, id = std::string (p.id)]
                              {
                                  laneChoice[track] = { target, id };
                                  repaint();
                              });
    };
    const auto pick = [&] (std::string_view id, const char* name)
    {
        if (findParam (model.params (track), id) != nullptr)
            menu.addItem (name, true, now == LanePlace { track, std::string (id) },
                          [this, track, id = std::string (id)]
                          {
                              laneChoice[track] = { track, id };
                              repaint();
                          });
    };
    pick (stripIds::fader, "Volume");
    pick (stripIds::pan, "Pan");
    pick (stripIds::mute, "Mute");
    menu.addSeparator();
    juce::PopupMenu console;
    list (console, track);
    menu.addSubMenu ("All of the strip", console);
    for (const auto& e : t->strip.inserts)
    {
        const auto* type = studio::effectOf (e->type);
        juce::PopupMenu sub;
        list (sub, e->id);
        menu.addSubMenu (type != nullptr ? utf8 (type->name) : utf8 (e->type), sub);
    }
    menu.addSeparator();
    for (const auto& l : t->strip.lanes)
        if (l.target == now.target && l.parameter == now.param)
        {
            menu.addItem ("Read", true, l.enabled,
                          [this, lane = l]
                          {
                              auto other = lane;
                              other.enabled = ! lane.enabled;
                              model.edit (session::withLane (model.project(), other), newGesture());
                          });
            menu.addItem ("Clear automation",
                          [this, lane = l] {
                              model.edit (session::withoutLane (model.project(), lane.target, lane.parameter),
                                          newGesture());
                          });
        }
    menu.addItem ("Hide lane",
                  [this, track]
                  {
                      openLanes.erase (track);
                      layRows();
                      repaint();
                  });
    menu.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
}

void Timeline::pointMenu (const Row& row, int point)
{
    juce::PopupMenu menu;
    const auto* lane = laneAt (row);
    if (lane == nullptr || point >= static_cast<int> (lane->points.size()))
        return;
    const auto at = lane->points[static_cast<std::size_t> (point)];
    const std::pair<const char*, session::Curve> curves[] { { "Straight", session::Curve::linear },
                                                            { "Smooth", session::Curve::smooth },
                                                            { "Bent", session::Curve::exponential },
                                                            { "Hold", session::Curve::hold } };
    for (const auto& [name, curve] : curves)
        menu.addItem (name, true, at.curve == curve,
                      [this, own = row, point, c = curve]
                      {
                          changeLane (
                              own,
                              [point, c] (auto& points)
                              {
                                  auto& p = points[static_cast<std::size_t> (point)];
                                  p.curve = c;
                                  if (c == session::Curve::exponential && p.tension == 0)
                                      p.tension = 0.5;
                              },
                              "Shape of automation", true);
                      });
    menu.addSeparator();
    menu.addItem ("Type a value",
                  [this, own = row, point]
                  {
                      const auto* p = laneParam (own.track);
                      const auto* now = laneAt (own);
                      if (p == nullptr || now == nullptr)
                          return;
                      const auto& here = now->points[static_cast<std::size_t> (point)];
                      askNumber (juce::Rectangle<int> (static_cast<int> (xOf (here.position)),
                                                       rowArea (own).getY() + 8, 80, 22),
                                 utf8 (textOf (*p, here.value)),
                                 [this, own, point] (double v)
                                 {
                                     changeLane (
                                         own,
                                         [point, v] (auto& points)
                                         { points[static_cast<std::size_t> (point)].value = v; },
                                         "Automation point", true);
                                 });
                  });
    menu.addItem ("Remove",
                  [this, own = row, point]
                  {
                      changeLane (
                          own, [point] (auto& points) { points.erase (points.begin() + point); },
                          "Remove automation point", true);
                  });
    menu.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
}

} // namespace lacquer::ui
