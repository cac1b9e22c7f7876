// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Rides.h"

#include "session/Find.h"
#include "session/Parameters.h"
#include "studio/LaneModes.h"

#include <cmath>

namespace lacquer::studio
{

Rides::Rides (Workplace& w, Player& p, const Parameters& all, std::function<void()> h)
    : place (w), player (p), parameters (all), hear (std::move (h))
{
}

const session::Project& Rides::heard() const
{
    return recorder.isRunning() ? recorder.written() : place.project();
}

session::Points Rides::writing (Id id, std::string_view param) const
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

void Rides::start()
{
    if (player.playing() || recorder.isRunning())
        return;
    static_cast<void> (player.landed()); // what was set before the song played is not ridden
    recorder.start (place.shared(), place.song().id, player.position());
    heardPosition = -1;
    hear();
}

void Rides::jump (Frames to)
{
    if (! recorder.isRunning() || heardPosition < 0)
        return;
    recorder.jump (heardPosition, to);
    heardPosition = to;
}

session::SongPtr Rides::songToHear()
{
    auto heard = recorder.isRunning() ? recorder.audible (player.position()) : nullptr;
    heardVersion = recorder.version();
    return heard != nullptr ? heard : place.project().songs.front();
}

Rides::Hand* Rides::takeHold (Id id, const Param& p, Time now)
{
    const Key key { id, std::string (p.id) };
    const bool writes = recorder.writes (id, p.id);
    if (const auto known = hands.find (key); known != hands.end() && writes)
        return &known->second;
    if (! session::mayBeAutomated (place.project(), id, p.id))
        return nullptr;
    const auto without = modeOf (place.project(), id).value_or (session::LaneMode::read);
    const auto* lane = session::laneOf (recorder.written(), id, p.id);
    Hand hand;
    hand.mode = lane != nullptr ? lane->mode : without;
    hand.from = parameters.value (id, p.id, player.position());
    const auto at = player.landing (id, key.second);
    // What is written from the start is touched already.
    if (! writes && ! recorder.touch ({ id, key.second, &p }, at,
                                      hand.mode == session::LaneMode::trim ? 0 : hand.from, without))
        return nullptr;
    hand.value = hand.from;
    hand.last = now;
    ridden.insert (laneOwner (place.project(), id));
    return &(hands[key] = hand);
}

void Rides::touch (Id id, std::string_view param, Time now)
{
    const auto* p = parameters.find (id, param);
    if (! recorder.isRunning() || p == nullptr)
        return;
    if (auto* hand = takeHold (id, *p, now))
    {
        hand->held = true;
        hear();
    }
}

void Rides::letGo (Id id, std::string_view param)
{
    const auto found = hands.find (Key { id, std::string (param) });
    if (found == hands.end())
        return;
    // What was set last may not have landed: it is finished when it has.
    found->second.held = false;
    found->second.last = {};
}

bool Rides::set (Id id, const Param& p, double number, Time now)
{
    if (! recorder.isRunning())
        return false;
    auto* hand = takeHold (id, p, now);
    if (hand == nullptr)
        return false;
    const bool trims = hand->mode == session::LaneMode::trim;
    hand->value = trims ? number - hand->from : number;
    hand->landing = player.landing (id, std::string (p.id));
    hand->last = now;
    recorder.set (id, p.id, hand->value);
    // What lands of a trim is the sum: its part is written where it takes effect by calculation.
    if (trims)
        recorder.move (id, p.id, hand->landing, hand->value);
    hand->waits = ! trims;
    hear();
    return true;
}

void Rides::write (const std::vector<Rig::Landed>& landed, Frames now)
{
    const auto last = heardPosition < 0 ? now : heardPosition;
    const auto one = [this] (const Rig::Landed& change)
    {
        const auto hand = hands.find (Key { change.target, change.parameter });
        if (hand == hands.end() || hand->second.mode == session::LaneMode::trim)
            return;
        recorder.move (change.target, change.parameter, change.position, change.value);
        if (static_cast<float> (change.value) == static_cast<float> (hand->second.value))
            hand->second.waits = false;
    };
    const bool jumped = now < last;
    const auto before = [&] (Frames at) { return std::abs (at - last) < std::abs (at - now); };
    if (jumped)
    {
        for (const auto& change : landed)
            if (before (change.position))
                one (change);
        const auto& song = place.song();
        recorder.jump (song.looping && song.loopEnd > last ? song.loopEnd : last,
                       song.looping && song.loopStart <= now ? song.loopStart : now);
    }
    for (const auto& change : landed)
        if (! jumped || ! before (change.position))
            one (change);
}

bool Rides::release (Frames now, Time time)
{
    const auto late = framesIn (Seconds { 0.2 }, place.project().sampleRate);
    bool trims = false;
    for (auto hand = hands.begin(); hand != hands.end();)
    {
        auto& h = hand->second;
        const auto& [id, param] = hand->first;
        // What has no live path of its own (a VCA fader, a macro) took effect about there.
        if (h.waits && now > h.landing + late)
        {
            recorder.move (id, param, h.landing, h.value);
            h.waits = false;
        }
        if (! h.held && ! h.waits && time - h.last > std::chrono::milliseconds (500))
        {
            recorder.release (id, param, player.landing (id, param));
            hand = recorder.writes (id, param) ? std::next (hand) : hands.erase (hand);
            continue;
        }
        trims = trims || h.mode == session::LaneMode::trim;
        ++hand;
    }
    return trims;
}

void Rides::follow (Time time)
{
    if (! recorder.isRunning())
        return;
    if (! player.playing())
    {
        if (heardPosition >= 0)
            end();
        return;
    }
    const auto now = player.position();
    write (player.landed(), now);
    heardPosition = now;
    if (release (now, time) || recorder.version() != heardVersion)
        hear();
}

void Rides::end()
{
    if (! recorder.isRunning())
        return;
    for (auto& [key, h] : hands)
        if (h.waits)
            recorder.move (key.first, key.second, h.landing, h.value);
    auto pass = recorder.stop (player.position());
    hands.clear();
    heardPosition = -1;
    const auto where = std::exchange (ridden, {});
    if (pass)
    {
        // Named for the user: what was ridden, and where.
        const auto* strip = where.size() == 1 ? session::stripOf (pass->project, *where.begin()) : nullptr;
        if (strip != nullptr)
            pass->label += ", " + strip->name;
        if (place.edit (std::move (*pass), 0))
            return;
    }
    hear();
}

} // namespace lacquer::studio
