// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Modulated.h"
#include "session/Find.h"
#include "session/Parameters.h"
#include "studio/Catalogue.h"
#include "ui/LaneModes.h"
#include "ui/StudioModel.h"

#include <algorithm>
#include <cmath>

/// The StudioModel's side of automation: what moves by itself, and what a hand moves while the song plays.
namespace lacquer::ui
{

using Clock = std::chrono::steady_clock;

bool StudioModel::automated (Id id, std::string_view param) const
{
    return driven.contains (Key { id, std::string (param) });
}

bool StudioModel::anyAutomated (Id id, std::string_view prefix) const
{
    const auto next = driven.lower_bound (Key { id, std::string (prefix) });
    return next != driven.end() && next->first.first == id && next->first.second.starts_with (prefix);
}

double StudioModel::sounding (Id id, std::string_view param) const
{
    const double set = value (id, param);
    const auto found = modulations.find ({ id, std::string (param) });
    if (found == modulations.end())
        return set;
    const auto table = params (id);
    const int n = studio::indexOf (table, param);
    return n < 0 ? set
                 : engine::withAdded (table[static_cast<std::size_t> (n)], set,
                                      engine::addedBy (found->second, player->position()));
}

std::optional<std::pair<double, double>> StudioModel::movesBetween (Id id, std::string_view param) const
{
    const auto found = driven.find (Key { id, std::string (param) });
    const auto table = params (id);
    const int n = studio::indexOf (table, param);
    if (found == driven.end() || n < 0)
        return {};
    const auto& p = table[static_cast<std::size_t> (n)];
    double low = value (id, param), high = low;
    if (const auto* lane = found->second.lane)
    {
        const auto [a, b] =
            std::minmax_element (lane->points.begin(), lane->points.end(),
                                 [] (const auto& x, const auto& y) { return x.value < y.value; });
        low = a->value;
        high = b->value;
    }
    if (found->second.modulated)
    {
        double down = 0, up = 0; // what all modulators may add together
        for (const auto& m : audible->modulators)
            for (const auto& t : m->targets)
                if (m->on && t.target == id && t.parameter == param)
                {
                    up += t.bipolar ? std::abs (t.depth) : std::max (0.0, t.depth);
                    down += t.bipolar ? std::abs (t.depth) : std::max (0.0, -t.depth);
                }
        const bool octaves = p.taper == Taper::logarithmic;
        low = octaves ? low * std::exp2 (-down) : low - down;
        high = octaves ? high * std::exp2 (up) : high + up;
    }
    return std::pair (std::max (low, static_cast<double> (p.min)),
                      std::min (high, static_cast<double> (p.max)));
}

std::vector<session::AutomationPoint> StudioModel::writing (Id id, std::string_view param) const
{
    const auto* points = recorder.isRunning() ? recorder.pointsOf (id, param) : nullptr;
    if (points == nullptr)
        return {};
    auto all = *points;
    if (const auto hand = hands.find (Key { id, std::string (param) });
        hand != hands.end() && hand->second.mode == session::LaneMode::trim)
    {
        // What is drawn is the sum.
        const auto* lane = session::laneOf (recorder.written(), id, param);
        for (auto& p : all)
            p.value += lane != nullptr && ! lane->points.empty() ? session::valueAt (lane->points, p.position)
                                                                 : hand->second.from;
    }
    return all;
}

void StudioModel::play()
{
    if (! player->playing() && ! recorder.isRunning())
    {
        static_cast<void> (player->landed()); // what was set before the song played is not ridden
        recorder.start (studio.shared(), song().id, player->position());
        heardPosition = -1;
        hearRides();
    }
    player->play (countInBars);
}

void StudioModel::stop()
{
    followRides();
    player->stop();
    endRides();
}

void StudioModel::locate (Frames position)
{
    followRides();
    if (recorder.isRunning() && heardPosition >= 0)
    {
        recorder.jump (heardPosition, position);
        heardPosition = position;
    }
    player->locate (position);
}

session::SongPtr StudioModel::songToHear()
{
    auto heard = recorder.isRunning() ? recorder.audible (player->position()) : nullptr;
    heardVersion = recorder.version();
    return heard != nullptr ? heard : studio.shared()->songs.front();
}

void StudioModel::hearRides()
{
    auto heard = songToHear();
    if (heard == audible)
        return;
    audible = std::move (heard);
    index (*audible);
    ++revisionCount;
    if (auto followed = player->follow (studio.shared(), audible); ! followed)
        tell (Notice::Kind::error, "This cannot be played", followed.problem().sentence());
}

StudioModel::Hand* StudioModel::takeHold (Id id, const Param& p)
{
    const Key key { id, std::string (p.id) };
    if (const auto known = hands.find (key); known != hands.end() && recorder.writes (id, p.id))
        return &known->second;
    if (! session::mayBeAutomated (studio.project(), id, p.id))
        return nullptr;
    const auto without = modeOf (studio.project(), id).value_or (session::LaneMode::read);
    const auto* lane = session::laneOf (recorder.written(), id, p.id);
    const bool known = recorder.writes (id, p.id); // written from the start
    Hand hand;
    hand.mode = lane != nullptr ? lane->mode : without;
    hand.from = value (id, p.id);
    const auto at = player->landing (id, key.second);
    if (! known && ! recorder.touch ({ id, key.second, &p }, at,
                                     hand.mode == session::LaneMode::trim ? 0 : hand.from, without))
        return nullptr;
    hand.value = hand.from;
    hand.last = Clock::now();
    ridden.insert (laneOwner (studio.project(), id));
    return &(hands[key] = hand);
}

void StudioModel::touch (Id id, std::string_view param)
{
    const auto table = params (id);
    const int n = studio::indexOf (table, param);
    if (! recorder.isRunning() || n < 0)
        return;
    if (auto* hand = takeHold (id, table[static_cast<std::size_t> (n)]))
    {
        hand->held = true;
        hearRides();
    }
}

void StudioModel::letGo (Id id, std::string_view param)
{
    const auto found = hands.find (Key { id, std::string (param) });
    if (found == hands.end())
        return;
    // What was set last may not have landed: it is finished when it has.
    found->second.held = false;
    found->second.last = {};
}

bool StudioModel::ride (Id id, const Param& p, double number)
{
    if (! recorder.isRunning())
        return false;
    auto* hand = takeHold (id, p);
    if (hand == nullptr)
        return false;
    const bool trims = hand->mode == session::LaneMode::trim;
    hand->value = trims ? number - hand->from : number;
    hand->landing = player->landing (id, std::string (p.id));
    hand->last = Clock::now();
    recorder.set (id, p.id, hand->value);
    // What lands of a trim is the sum: its part is written where it takes effect by calculation.
    if (trims)
        recorder.move (id, p.id, hand->landing, hand->value);
    hand->waits = ! trims;
    hearRides();
    return true;
}

void StudioModel::followRides()
{
    if (! recorder.isRunning())
        return;
    if (! player->playing())
    {
        if (heardPosition >= 0)
            endRides();
        return;
    }
    const auto now = player->position();
    const auto last = heardPosition < 0 ? now : heardPosition;
    const auto write = [this] (const studio::Rig::Landed& change)
    {
        const auto hand = hands.find (Key { change.target, change.parameter });
        if (hand == hands.end() || hand->second.mode == session::LaneMode::trim)
            return;
        recorder.move (change.target, change.parameter, change.position, change.value);
        if (static_cast<float> (change.value) == static_cast<float> (hand->second.value))
            hand->second.waits = false;
    };
    const auto landed = player->landed();
    const bool jumped = now < last;
    const auto before = [&] (Frames at) { return std::abs (at - last) < std::abs (at - now); };
    if (jumped)
    {
        for (const auto& change : landed)
            if (before (change.position))
                write (change);
        recorder.jump (song().looping && song().loopEnd > last ? song().loopEnd : last,
                       song().looping && song().loopStart <= now ? song().loopStart : now);
    }
    for (const auto& change : landed)
        if (! jumped || ! before (change.position))
            write (change);
    heardPosition = now;

    const auto long_ = framesIn (Seconds { 0.2 }, sampleRate());
    const auto time = Clock::now();
    bool trims = false;
    for (auto hand = hands.begin(); hand != hands.end();)
    {
        auto& h = hand->second;
        const auto& [id, param] = hand->first;
        // What has no live path of its own (a VCA fader, a macro) took effect about there.
        if (h.waits && now > h.landing + long_)
        {
            recorder.move (id, param, h.landing, h.value);
            h.waits = false;
        }
        if (! h.held && ! h.waits && time - h.last > std::chrono::milliseconds (500))
        {
            recorder.release (id, param, player->landing (id, param));
            hand = recorder.writes (id, param) ? std::next (hand) : hands.erase (hand);
            continue;
        }
        trims = trims || h.mode == session::LaneMode::trim;
        ++hand;
    }
    if (trims || recorder.version() != heardVersion)
        hearRides();
}

void StudioModel::endRides()
{
    if (! recorder.isRunning())
        return;
    for (auto& [key, h] : hands)
        if (h.waits)
            recorder.move (key.first, key.second, h.landing, h.value);
    auto pass = recorder.stop (player->position());
    hands.clear();
    heardPosition = -1;
    const auto where = std::exchange (ridden, {});
    if (pass)
    {
        // Named for the user: what was ridden, and where.
        const auto* strip = where.size() == 1 ? session::stripOf (pass->project, *where.begin()) : nullptr;
        if (strip != nullptr)
            pass->label += ", " + strip->name;
        if (! edit (std::move (*pass), 0))
            hearRides();
    }
    else
        hearRides();
}

} // namespace lacquer::ui
