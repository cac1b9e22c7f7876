// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/AutomationRecorder.h"
#include "studio/Parameters.h"
#include "studio/Player.h"
#include "studio/Workplace.h"

#include <chrono>
#include <functional>
#include <map>
#include <set>

namespace lacquer::studio
{

/// What hands do to parameters while the song plays: it is heard at once, and written into lanes, where it
/// took effect, by their modes; when the song stops all of it is one step of history. [control]
class Rides
{
public:
    using Time = std::chrono::steady_clock::time_point;

    /// hear: what is to be heard has changed; asks songToHear(). Player and parameters outlive this.
    Rides (Workplace&, Player&, const Parameters&, std::function<void()> hear);

    bool running() const { return recorder.isRunning(); }
    /// The song begins to play.
    void start();
    /// A hand takes hold of a control, or lets it go.
    void touch (Id, std::string_view param, Time now);
    void letGo (Id, std::string_view param);
    /// A value is set by hand: true when it goes into the automation that is being written. What nobody
    /// holds (a wheel, a key, a typed value) is let go after half a second.
    bool set (Id, const Param&, double value, Time now);
    /// Often while the song plays: what has landed is written, what was let go is finished. When the song has
    /// stopped by itself, that is the end.
    void follow (Time now);
    /// The song goes on elsewhere.
    void jump (Frames to);
    /// The song stops.
    void end();
    /// The project was edited; what is ridden goes on top of it.
    void edited() { recorder.edited (place.shared()); }

    session::SongPtr songToHear();
    /// The project with what was ridden since the song began to play.
    const session::Project& heard() const;
    /// What is being written into a parameter's lane right now, positions of the song.
    session::Points writing (Id, std::string_view param) const;

private:
    struct Hand
    {
        session::LaneMode mode = session::LaneMode::touch;
        bool held = false;  ///< else a wheel, a key or a typed value, which nobody lets go
        double from = 0;    ///< trim: the value when it was touched
        double value = 0;   ///< set last
        Frames landing = 0; ///< where that takes effect, about
        bool waits = false; ///< it has not landed
        Time last {};
    };
    using Key = std::pair<Id, std::string>;
    /// Null when nothing is to be written.
    Hand* takeHold (Id, const Param&, Time now);
    void write (const std::vector<Rig::Landed>&, Frames now);
    /// True when a trim goes on.
    bool release (Frames now, Time);

    Workplace& place;
    Player& player;
    const Parameters& parameters;
    std::function<void()> hear;
    AutomationRecorder recorder;
    std::map<Key, Hand> hands;
    std::set<Id> ridden; ///< whose parameters were
    int heardVersion = 0;
    Frames heardPosition = -1; ///< when last looked; -1: the song has not begun to play
};

} // namespace lacquer::studio
