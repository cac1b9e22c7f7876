// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Find.h"
#include "session/Points.h"
#include "studio/Catalogue.h"
#include "ui/AutomationMenu.h"
#include "ui/Discard.h"
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

/// What a strip shows when nothing was chosen: the first lane that has points, else its fader.
LanePlace Timeline::usualLane (Id owner) const
{
    if (const auto* lanes = lanesOf (model.project(), owner); lanes != nullptr)
        for (const auto& lane : *lanes)
            if (! lane.points.empty() || lane.parameter == stripIds::fader)
                return { lane.target, lane.parameter };
    if (const auto* master = session::masterOf (model.project(), owner);
        master != nullptr && ! master->modules.empty())
    {
        const Id module = master->modules.front()->id;
        const auto table = model.params (module);
        return { module, table.empty() ? std::string() : std::string (table.front().id) };
    }
    const auto table = model.params (owner);
    const auto* fader = findParam (table, stripIds::fader);
    return { owner, std::string (fader != nullptr ? fader->id
                                 : table.empty()  ? std::string_view {}
                                                  : table.front().id) };
}

const Param* Timeline::laneParam (const LanePlace& place) const
{
    return findParam (model.params (place.target), place.param);
}

session::LaneOf Timeline::laneOf (const LanePlace& place) const
{
    return { place.target, place.param, laneParam (place) };
}

const session::Lane* Timeline::laneAt (const LanePlace& place) const
{
    return session::laneOf (preview != nullptr ? *preview : model.heard(), place.target, place.param);
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
    const auto* p = laneParam (row.place);
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
    if (laneRange && laneRange->place == row.place)
    {
        const float a = xOf (laneRange->from), b = xOf (laneRange->to);
        g.setColour (colour (tokens::text).withAlpha (0.10f));
        g.fillRect (a, static_cast<float> (area.getY()), b - a, static_cast<float> (area.getHeight()));
        g.setColour (colour (tokens::text).withAlpha (0.5f));
        for (const float x : { a, b - 1 })
            g.fillRect (x, static_cast<float> (area.getY()), 1.0f, static_cast<float> (area.getHeight()));
    }
    const auto* lane = laneAt (row.place);
    const auto none = std::vector<session::AutomationPoint> {};
    const auto& points = lane != nullptr ? lane->points : none;
    const auto left = static_cast<float> (area.getX()), right = static_cast<float> (area.getRight());
    const auto tint = colour (lane == nullptr || lane->enabled ? tokens::fuji : tokens::off);
    if (points.empty())
    {
        const float y = laneY (row, *p, model.value (row.place.target, p->id));
        g.setColour (tint.withAlpha (0.6f));
        const float dashes[] { 4, 4 };
        g.drawDashedLine ({ left, y, right, y }, dashes, 2, 1.2f);
        paintWriting (g, row, *p, area);
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
    paintWriting (g, row, *p, area);
    const bool mine = hoverLane == row.place;
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

/// The pass that is being written, over what it replaces.
void Timeline::paintWriting (juce::Graphics& g, const Row& row, const Param& p, juce::Rectangle<int> area)
{
    const auto points = model.writing (row.place.target, row.place.param);
    if (points.empty())
        return;
    const float begin = std::max (xOf (points.front().position), static_cast<float> (area.getX())),
                to = std::max (xOf (model.position()), begin + 1);
    g.setColour (colour (tokens::well).withAlpha (0.75f));
    g.fillRect (begin, static_cast<float> (area.getY()), to - begin, static_cast<float> (area.getHeight()));
    juce::Path line;
    line.startNewSubPath (xOf (points.front().position), laneY (row, p, points.front().value));
    for (std::size_t n = 1; n < points.size(); ++n)
    {
        if (points[n - 1].curve == session::Curve::hold)
            line.lineTo (xOf (points[n].position), laneY (row, p, points[n - 1].value));
        line.lineTo (xOf (points[n].position), laneY (row, p, points[n].value));
    }
    line.lineTo (to, laneY (row, p, points.back().value));
    g.setColour (colour (tokens::fuji));
    g.strokePath (line, juce::PathStrokeType (2.4f));
}

/// The header of a lane: what it shows, what that is now, how many points, and a door to another lane.
void Timeline::paintLaneHeader (juce::Graphics& g, const Row& row, juce::Rectangle<int> area)
{
    const auto* lane = laneAt (row.place);
    const auto* param = laneParam (row.place);
    const auto box = laneBox (row).toFloat();
    g.setColour (colour (tokens::fujiDim).withAlpha (0.6f));
    g.fillRoundedRectangle (box, tokens::radiusControl);
    g.setColour (colour (tokens::fuji).withAlpha (0.7f));
    g.drawRoundedRectangle (box.reduced (0.5f), tokens::radiusControl, 1);
    drawFading (g, laneName (row), font (11, Weight::medium), colour (tokens::text),
                box.reduced (6, 0).withTrimmedRight (10));
    drawIcon (g, Icon::chev, box.withLeft (box.getRight() - 16).withSizeKeepingCentre (9, 9),
              colour (tokens::text2));
    if (param != nullptr)
    {
        g.setColour (colour (tokens::text2));
        const auto now = shownValue (*param, model.value (row.place.target, param->id));
        drawTabular (g, compact ? now : "Now " + now, font (11),
                     box.withLeft (box.getRight() + 6).withRight (static_cast<float> (area.getRight()) - 12),
                     juce::Justification::centredRight);
    }
    if (area.getHeight() < 46)
        return;
    const auto lower = laneMore (row).toFloat();
    g.setColour (colour (tokens::text2));
    g.setFont (font (11));
    g.drawText ("+ Lane", lower, juce::Justification::centredRight, false);
    const auto count = lane != nullptr ? static_cast<int> (lane->points.size()) : 0;
    drawFading (g,
                count == 0   ? juce::String ("No points. Click to add.")
                : count == 1 ? juce::String ("1 point")
                             : juce::String (count) + " points",
                font (11), colour (tokens::text3), lower.withX (box.getX() + 4).withRight (lower.getX() - 4));
}

juce::Rectangle<int> Timeline::laneBox (const Row& row) const
{
    return { 30, rowArea (row).getY() + 6, compact ? 96 : 112, 20 };
}

juce::Rectangle<int> Timeline::laneMore (const Row& row) const
{
    return { headerWidth() - 62, rowArea (row).getY() + 30, 50, 18 };
}

/// "Volume", or "Mix, Reverb" for what is not of the strip itself.
juce::String Timeline::laneName (const Row& row) const
{
    const auto* param = laneParam (row.place);
    if (param == nullptr)
        return "Choose";
    const auto name = row.place.param == stripIds::fader ? juce::String ("Volume") : utf8 (param->name);
    if (row.place.target == row.track)
        return name;
    const auto* insert = session::effectOf (model.project(), row.place.target);
    const auto* type = insert != nullptr ? studio::effectOf (insert->type) : nullptr;
    return type != nullptr ? name + ", " + utf8 (type->name) : name;
}

void Timeline::openLane (Id owner, const LanePlace& place)
{
    auto& open = openLanes[owner];
    if (std::find (open.begin(), open.end(), place) == open.end())
        open.push_back (place);
    layRows();
    // Into sight.
    for (const auto& row : rows)
        if (row.lane && row.track == owner && row.place == place)
        {
            const int room = rowsArea().getHeight(), top = static_cast<int> (down.getCurrentRangeStart());
            if (row.y + row.height > top + room || row.y < top)
                down.setCurrentRangeStart (std::max (0, row.y + row.height - room / 2));
        }
    repaint();
}

void Timeline::closeLane (const Row& row)
{
    auto& open = openLanes[row.track];
    std::erase (open, row.place);
    if (open.empty())
        openLanes.erase (row.track);
    layRows();
    repaint();
}

void Timeline::showLane (Id target, const std::string& param)
{
    openLane (laneOwner (model.project(), target), { target, param });
}

/// A change of the points of a lane; makes the lane where there is none.
void Timeline::changeLane (const LanePlace& place,
                           const std::function<void (std::vector<session::AutomationPoint>&)>& change,
                           const char* label, bool done)
{
    const auto make = [&] (const session::Project& p) -> session::Edit
    {
        session::Lane lane;
        lane.target = place.target;
        lane.parameter = place.param;
        if (const auto* now = session::laneOf (p, place.target, place.param))
            lane = *now;
        change (lane.points);
        auto edit = lane.points.empty() && lane.mode == session::LaneMode::read
                        ? session::withoutLane (p, place.target, place.param)
                        : session::withLane (p, lane);
        if (edit)
            edit->label = label;
        return edit;
    };
    if (done)
        model.edit (make (model.project()), newGesture());
    else
        show (make);
}

/// Every parameter that a strip's lanes can show, those with a lane marked.
void Timeline::addParameters (juce::PopupMenu& menu, Id owner, const LanePlace& now,
                              const std::function<void (const LanePlace&)>& choose)
{
    addParameterEntries (
        menu, model, owner,
        [&] (Id target, std::string_view param)
        {
            const bool used = session::laneOf (model.project(), target, param) != nullptr;
            return now == LanePlace { target, std::string (param) } ? Entry::ticked
                   : used                                           ? Entry::marked
                                                                    : Entry::plain;
        },
        [choose] (Id target, const std::string& param) {
            choose ({ target, param });
        });
}

void Timeline::laneMenu (const Row& row)
{
    juce::PopupMenu menu;
    addParameters (menu, row.track, row.place,
                   [this, row] (const LanePlace& place)
                   {
                       auto& open = openLanes[row.track];
                       for (auto& p : open)
                           if (p == row.place)
                               p = place;
                       // Each once.
                       std::vector<LanePlace> once;
                       for (const auto& p : open)
                           if (std::find (once.begin(), once.end(), p) == once.end())
                               once.push_back (p);
                       open = once;
                       layRows();
                       repaint();
                   });
    menu.addSeparator();
    addLaneEdits (menu, row);
    menu.addSeparator();
    menu.addItem ("Hide lane", [this, row] { closeLane (row); });
    showMenu (menu);
}

void Timeline::moreLanesMenu (Id owner)
{
    juce::PopupMenu menu;
    if (const auto* lanes = lanesOf (model.project(), owner); lanes != nullptr && ! lanes->empty())
        menu.addItem ("All that are written",
                      [this, owner]
                      {
                          for (const auto& lane : *lanesOf (model.project(), owner))
                              openLane (owner, { lane.target, lane.parameter });
                      });
    addParameters (menu, owner, {}, [this, owner] (const LanePlace& place) { openLane (owner, place); });
    showMenu (menu);
}

/// What can be done to a lane, or to the range of it that is chosen.
void Timeline::addLaneEdits (juce::PopupMenu& menu, const Row& row)
{
    const auto which = laneOf (row.place);
    const auto* lane = session::laneOf (model.project(), row.place.target, row.place.param);
    const bool some = lane != nullptr && ! lane->points.empty();
    const auto stretch = laneStretch (row.place);
    const auto take = [this] (session::Edit made) { model.edit (std::move (made), newGesture()); };
    juce::PopupMenu modes;
    for (const auto mode : allLaneModes)
    {
        modes.addItem (nameOf (mode), true, isInMode (lane, mode),
                       [this, take, which, mode]
                       {
                           askWrite (mode, [this, take, which, mode]
                                     { take (session::withLaneMode (model.project(), which, mode)); });
                       });
    }
    menu.addSubMenu ("Mode of this lane", modes);
    menu.addItem ("Copy", some, false, [this, row] { copyLane (row.place, false); });
    menu.addItem ("Cut", some, false, [this, row] { copyLane (row.place, true); });
    menu.addItem ("Paste at the playhead", ! lanePoints.empty(), false,
                  [this, row] { pasteLane (row.place); });
    const auto box = [this, row] { return laneBox (row).withSize (90, 22); };
    menu.addItem (
        "Scale to ... %", some, false,
        [this, box, take, which, stretch]
        {
            askNumber (box(), "100",
                       [this, take, which, stretch] (double percent) {
                           take (session::scaledAutomation (model.project(), which, stretch, percent / 100));
                       });
        });
    menu.addItem ("Raise or lower by ...", some, false,
                  [this, box, take, which, stretch]
                  {
                      askNumber (box(), "0",
                                 [this, take, which, stretch] (double by)
                                 { take (session::raisedAutomation (model.project(), which, stretch, by)); });
                  });
    menu.addItem ("Shift by ... ms", some, false,
                  [this, box, take, which, stretch]
                  {
                      askNumber (box(), "0",
                                 [this, take, which, stretch] (double ms)
                                 {
                                     take (session::shiftedAutomation (
                                         model.project(), which, stretch,
                                         framesIn (Seconds { ms / 1000 }, model.sampleRate())));
                                 });
                  });
    menu.addItem ("Thin", some, false,
                  [this, take, which, stretch]
                  { take (session::thinnedAutomation (model.project(), which, stretch)); });
    menu.addItem (laneRange && laneRange->place == row.place ? "Clear the range" : "Clear automation", some,
                  false,
                  [this, take, which, stretch, place = row.place]
                  {
                      take (laneRange && laneRange->place == place
                                ? session::clearedAutomation (model.project(), which, stretch)
                                : session::withoutLane (model.project(), which.target, which.parameter));
                  });
}

/// The range that is chosen in a lane, else all of it.
session::Stretch Timeline::laneStretch (const LanePlace& place) const
{
    if (laneRange && laneRange->place == place)
        return { laneRange->from, laneRange->to };
    return {};
}

void Timeline::copyLane (const LanePlace& place, bool cuts)
{
    const auto* lane = session::laneOf (model.project(), place.target, place.param);
    if (lane == nullptr || lane->points.empty())
        return;
    auto where = laneStretch (place);
    if (! laneRange || ! (laneRange->place == place))
        where = { lane->points.front().position, lane->points.back().position + 1 };
    lanePoints = session::part (lane->points, where.from, where.to);
    lanePointsLength = where.to - where.from + 1; // its last point too
    clipboard.clear();
    if (cuts)
    {
        auto edit = session::clearedAutomation (model.project(), laneOf (place), where);
        if (edit)
            edit->label = "Cut automation";
        model.edit (std::move (edit), newGesture());
    }
}

void Timeline::pasteLane (const LanePlace& place)
{
    if (lanePoints.empty())
        return;
    const auto at = model.position();
    session::Ride ride { laneOf (place), { at, at + lanePointsLength }, lanePoints };
    for (auto& p : ride.points)
        p.position += at;
    auto edit = session::withRides (model.project(), { ride });
    if (edit)
        edit->label = "Paste automation";
    model.edit (std::move (edit), newGesture());
}

/// Asks once what Write does, then sets it; other modes at once.
void Timeline::askWrite (std::optional<session::LaneMode> mode, std::function<void()> set)
{
    if (mode != session::LaneMode::write || writeKnown)
    {
        set();
        return;
    }
    auto dialog = std::make_unique<Dialog> ("Write over the automation while the song plays?",
                                            "From start to stop, everything that is in the lanes of this "
                                            "track is replaced, touched or not. Each pass "
                                            "can be undone in one step.",
                                            std::vector<Dialog::Choice> { { "Write", Face::destructive,
                                                                            [this, set]
                                                                            {
                                                                                writeKnown = true;
                                                                                set();
                                                                            } },
                                                                          { "Cancel", Face::plain, {} } });
    dialog->onDone = [this]
    {
        discard (std::move (question)); // the dialog's own button is calling
    };
    question = std::move (dialog);
    auto* top = getTopLevelComponent();
    top->addAndMakeVisible (*question);
    question->setBounds (top->getLocalBounds());
    if (question->isShowing())
        question->grabKeyboardFocus();
}

void Timeline::setMode (Id owner, std::optional<session::LaneMode> mode)
{
    askWrite (mode,
              [this, owner, mode]
              {
                  const auto place = usualLane (owner);
                  auto edit = withModeOf (model.project(), owner, mode, laneOf (place));
                  if (edit)
                      edit->label += ", " + nameOfTarget (model.project(), owner).toStdString();
                  model.edit (std::move (edit), newGesture());
                  repaint (rowsArea());
              });
}

void Timeline::modeMenu (Id owner)
{
    juce::PopupMenu menu;
    const auto now = modeOf (model.project(), owner);
    constexpr const char* help[] { "neither heard nor written",      "plays what is written",
                                   "writes while a control is held", "writes from the touch until stop",
                                   "writes all the time until stop", "adds what is ridden to what is there" };
    int n = 0;
    for (const auto mode : allLaneModes)
        menu.addItem (juce::String (nameOf (mode)) + ": " + help[n++], true, mode == now,
                      [this, owner, mode] { setMode (owner, mode); });
    menu.addSeparator();
    menu.addItem (openLanes.contains (owner) ? "Hide automation" : "Show automation",
                  [this, owner] { toggleLanes (owner); });
    juce::PopupMenu more;
    addParameters (more, owner, {}, [this, owner] (const LanePlace& place) { openLane (owner, place); });
    menu.addSubMenu ("Show lane", more);
    const auto* lanes = lanesOf (model.project(), owner);
    menu.addItem ("Clear all automation of this track", lanes != nullptr && ! lanes->empty(), false,
                  [this, owner]
                  {
                      edit ("Clear automation",
                            [&] (session::Project& p)
                            {
                                bool any = false;
                                const auto all = *lanesOf (p, owner);
                                for (const auto& lane : all)
                                    any = apply (p, session::withoutLane (p, lane.target, lane.parameter)) ||
                                          any;
                                return any;
                            });
                  });
    showMenu (menu);
}

void Timeline::toggleLanes (Id owner)
{
    if (openLanes.erase (owner) == 0)
    {
        auto& open = openLanes[owner];
        open = { usualLane (owner) };
        if (const auto* lanes = lanesOf (model.project(), owner); lanes != nullptr)
            for (const auto& lane : *lanes)
                if (LanePlace place { lane.target, lane.parameter };
                    ! lane.points.empty() && ! (place == open.front()) && open.size() < 4)
                    open.push_back (place);
    }
    layRows();
    repaint();
}

void Timeline::pointMenu (const Row& row, int point)
{
    juce::PopupMenu menu;
    const auto* lane = laneAt (row.place);
    if (lane == nullptr || point >= static_cast<int> (lane->points.size()))
        return;
    const auto at = lane->points[static_cast<std::size_t> (point)];
    const std::pair<const char*, session::Curve> curves[] { { "Linear", session::Curve::linear },
                                                            { "Smooth", session::Curve::smooth },
                                                            { "Exponential", session::Curve::exponential },
                                                            { "Hold", session::Curve::hold } };
    for (const auto& [name, curve] : curves)
        menu.addItem (name, true, at.curve == curve,
                      [this, place = row.place, point, c = curve]
                      {
                          changeLane (
                              place,
                              [point, c] (auto& points)
                              {
                                  auto& p = points[static_cast<std::size_t> (point)];
                                  p.curve = c;
                                  if (c == session::Curve::exponential && p.tension == 0)
                                      p.tension = 0.5;
                              },
                              "Shape of automation", true);
                      });
    menu.addItem ("Bend to ...", at.curve == session::Curve::exponential, false,
                  [this, own = row, point, now = at.tension]
                  {
                      askNumber (laneBox (own).withSize (90, 22), juce::String (now, 2),
                                 [this, own, point] (double tension)
                                 {
                                     changeLane (
                                         own.place,
                                         [&] (auto& points) {
                                             points[static_cast<std::size_t> (point)].tension =
                                                 std::clamp (tension, -1.0, 1.0);
                                         },
                                         "Bend automation", true);
                                 });
                  });
    menu.addSeparator();
    menu.addItem ("Type a value",
                  [this, own = row, point]
                  {
                      const auto* p = laneParam (own.place);
                      const auto* now = laneAt (own.place);
                      if (p == nullptr || now == nullptr)
                          return;
                      const auto& here = now->points[static_cast<std::size_t> (point)];
                      askNumber (juce::Rectangle<int> (static_cast<int> (xOf (here.position)),
                                                       rowArea (own).getY() + 8, 80, 22),
                                 utf8 (textOf (*p, here.value)),
                                 [this, own, point] (double v)
                                 {
                                     changeLane (
                                         own.place,
                                         [point, v] (auto& points)
                                         { points[static_cast<std::size_t> (point)].value = v; },
                                         "Automation point", true);
                                 });
                  });
    menu.addItem ("Remove",
                  [this, own = row, point]
                  {
                      changeLane (
                          own.place, [point] (auto& points) { points.erase (points.begin() + point); },
                          "Remove automation point", true);
                  });
    menu.addSeparator();
    addLaneEdits (menu, row);
    showMenu (menu);
}

void Timeline::showMenu (juce::PopupMenu& menu)
{
    if (onMenu)
        return onMenu (menu);
    menu.showMenuAsync (juce::PopupMenu::Options().withDeletionCheck (*this));
}

} // namespace lacquer::ui
