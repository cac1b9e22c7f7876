// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/AutomationEdits.h"
#include "session/Project.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace lacquer::studio
{

/// Writes down what is done to parameters while a song plays, by the mode of their lanes, and makes one edit
/// of it when the song stops. It changes nothing itself: what is to be heard meanwhile is audible().
/// Positions are those of the song where a value took effect (Player::landed). [control]
///
/// A value that changes is heard as a straight line over one quantum, and is written so; then points are left
/// out where no value differs by more than 0.1 dB, or 0.1 % of the control's travel. Where a ride ends in
/// touch and trim, the parameter goes back to what is written there: it rests for `rest` seconds, so that
/// playback can take over without a step, and glides there in `back` seconds.
class AutomationRecorder
{
public:
    static constexpr double rest = 0.05, back = 0.2;

    /// The song plays from here: lanes in write mode are written from now on.
    void start (const session::ProjectPtr&, Id song, Frames position);
    bool isRunning() const { return project != nullptr; }

    /// The project was edited while the song plays: what is ridden goes on top of it. Passes and rides of
    /// what it no longer holds are gone.
    void edited (const session::ProjectPtr&);

    /// A hand on a control, at the value it has there. In trim, values are what is added: 0 where it rests.
    /// False when the lane's mode says that nothing is written. without: the mode of a parameter that has no
    /// lane yet; its lane gets it too.
    bool touch (const session::LaneOf&, Frames position, double value,
                session::LaneMode without = session::LaneMode::read);
    /// What is to be heard from now on. It is written when it has landed, by move().
    void set (Id target, std::string_view parameter, double value);
    void move (Id target, std::string_view parameter, Frames position, double value);
    void release (Id target, std::string_view parameter, Frames position);

    /// The song has gone on elsewhere (a loop, a locate): what is held goes on being held there.
    void jump (Frames from, Frames to);

    /// The song has stopped. One step for everything that was ridden; nothing when nothing was.
    std::optional<session::Edited> stop (Frames position);

    /// The song as it is to be heard now: what is being ridden has its live value in place of its lane, and
    /// what was ridden before is in its lanes. The position is for trims, which go on top of a lane that
    /// moves.
    session::SongPtr audible (Frames position) const;
    /// Another number when audible() has changed.
    int version() const { return changes; }
    /// True while a parameter is written.
    bool writes (Id target, std::string_view parameter) const;
    /// What the pass of a parameter has written so far, positions of the song; in trim what is added.
    const session::Points* pointsOf (Id target, std::string_view parameter) const;
    /// The project with what was ridden before. Precondition: isRunning().
    const session::Project& written() const;

private:
    using Key = std::pair<Id, std::string>;
    struct Pass
    {
        session::LaneOf lane;
        session::LaneMode mode = session::LaneMode::touch;
        Frames from = 0;
        session::Points points;     ///< positions of the song
        double value = 0;           ///< written last
        std::optional<double> live; ///< set, and perhaps not landed yet
        bool held = true;
        session::LaneMode without = session::LaneMode::read;
    };

    const session::Lane* laneNow (const session::LaneOf&) const;
    Pass& begin (const session::LaneOf&, session::LaneMode, Frames position, double value);
    void write (Pass&, Frames position, double value) const;
    void finish (Pass&, Frames position, bool returns);

    session::ProjectPtr project; ///< as it was edited last
    Id song;
    std::map<Key, Pass> passes; ///< being written
    std::vector<session::Ride> rides;
    mutable session::ProjectPtr withSoFar; ///< with the rides; made when asked
    int changes = 0;
};

} // namespace lacquer::studio
