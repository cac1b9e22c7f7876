// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Timeline.h"

#include <cmath>

/// What undo and redo changed: where it is, and scrolling there.
namespace lacquer::ui
{

using Part = session::ChangedPart::Part;

Timeline::Spots::Spots (const std::vector<Row>& rows)
{
    for (const auto& row : rows)
    {
        if (row.lane)
            lanes.emplace (std::pair (row.place.target, row.place.param), &row);
        else
            heads.emplace (row.track, &row);
    }
}

/// Where a part is drawn when it is in view; nothing for what the timeline does not show.
std::optional<Timeline::Spot> Timeline::Spots::of (const session::ChangedPart& d) const
{
    const auto head = [this] (Id id) -> const Row*
    {
        const auto found = heads.find (id);
        return found != heads.end() ? found->second : nullptr;
    };
    switch (d.part)
    {
        case Part::strip:
        case Part::modulator:
            if (const auto* row = head (d.id))
                return Spot { row, true, 0, 0 };
            return {};
        case Part::clip:
            if (const auto* row = head (d.owner))
                return Spot { row, false, d.begin, d.end };
            return {};
        case Part::lane:
            if (const auto found = lanes.find ({ d.id, d.parameter }); found != lanes.end())
                return Spot { found->second, false, d.begin, d.end };
            return {};
        case Part::marker: return Spot { nullptr, false, d.begin, d.end };
        case Part::tempo: return Spot { nullptr, false, 0, session::ChangedPart::everywhere };
        case Part::effect: break;
    }
    return {};
}

juce::Rectangle<int> Timeline::rowsInView() const
{
    return rowsArea().withTrimmedBottom (along.isVisible() ? along.getHeight() : 0).withTrimmedRight (9);
}

/// All of a spot, in view or not, but no further than a little beyond the edges.
juce::Rectangle<int> Timeline::areaOf (const Spot& spot) const
{
    const auto lane = spot.row != nullptr ? rowArea (*spot.row) : sectionRow().getUnion (ruler());
    if (spot.head)
        return lane.withWidth (headerWidth());
    constexpr float margin = 100;
    const auto x = [&] (Frames f)
    {
        return static_cast<int> (std::round (std::clamp (xOf (f), static_cast<float> (headerWidth()) - margin,
                                                         static_cast<float> (getWidth()) + margin)));
    };
    // A point in time has room to be seen.
    const int least = spot.row != nullptr ? 8 : 60, a = x (spot.begin),
              b = std::max (x (spot.end), a + least);
    const bool point = spot.row != nullptr && x (spot.end) - a < least;
    return lane.withX (point ? a - least / 2 : a).withWidth (b - a);
}

bool Timeline::isSeen (const Spot& spot) const
{
    const auto place = areaOf (spot);
    const auto room = spot.head ? rowsInView()
                      : spot.row != nullptr
                          ? rowsInView().withTrimmedLeft (headerWidth())
                          : getLocalBounds().withTrimmedLeft (headerWidth()).withTrimmedRight (9);
    const auto seen = place.getIntersection (room);
    return seen.getWidth() >= std::min (place.getWidth(), 8) && seen.getHeight() * 2 >= place.getHeight();
}

void Timeline::reveal (const ChangedParts& what, bool heads)
{
    const Spots spots (rows);
    std::optional<Spot> first;
    for (const auto& d : what)
        if (const auto spot = spots.of (d); spot && (heads || ! spot->head))
        {
            if (isSeen (*spot))
                return;
            if (! first)
                first = spot;
        }
    if (! first || dragging)
        return;
    if (const auto* row = first->row)
    {
        const auto r = rowArea (*row), room = rowsInView();
        const int by = r.getY() < room.getY()             ? r.getY() - room.getY()
                       : r.getBottom() > room.getBottom() ? r.getBottom() - room.getBottom()
                                                          : 0;
        if (by != 0)
            down.setCurrentRangeStart (down.getCurrentRangeStart() + by, juce::sendNotificationSync);
    }
    if (first->head || isSeen (*first))
        return;
    const double width = time.perPixel * std::max (1, getWidth() - 9 - headerWidth()),
                 length = static_cast<double> (first->end - first->begin);
    // In the middle, or from its beginning when it is longer than what there is room for.
    setStart (static_cast<double> (first->begin) - std::max (width * 0.1, (width - length) / 2));
}

void Timeline::outline (const ChangedParts& what, Outlines& into) const
{
    const Spots spots (rows);
    for (const auto& d : what)
        if (const auto spot = spots.of (d))
        {
            const auto room = spot->row == nullptr ? getLocalBounds().withTrimmedLeft (headerWidth())
                              : spot->head         ? rowsInView()
                                                   : rowsInView().withTrimmedLeft (headerWidth());
            if (const auto r = areaOf (*spot).getIntersection (room); r.getWidth() > 1 && r.getHeight() > 1)
                into.push_back (r);
        }
}

bool Timeline::showsLane (Id target, std::string_view param) const
{
    return std::any_of (rows.begin(), rows.end(),
                        [&] (const Row& r)
                        { return r.lane && r.place.target == target && r.place.param == param; });
}

} // namespace lacquer::ui
