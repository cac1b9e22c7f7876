// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/TempoMap.h"
#include "studio/Archiving.h"
#include "studio/Exporting.h"
#include "studio/Founding.h"
#include "studio/Freezing.h"
#include "studio/Hearing.h"
#include "studio/Importing.h"
#include "studio/MaskingWork.h"
#include "studio/MonitorState.h"
#include "studio/Outlines.h"
#include "studio/Parameters.h"
#include "studio/Rides.h"
#include "studio/Studio.h"
#include "studio/Tidying.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::studio
{

/// An open project as it is worked on: edited, played, ridden, listened to, with long work beside. What a
/// window shows and forwards to; whoever has a device calls render() of its player. Nothing here waits.
/// [control]
class Desk final : public Workplace
{
public:
    /// The jobs outlive it; it leaves none of its own behind that deliver.
    Desk (Studio, Jobs&);
    ~Desk() override;
    Desk (const Desk&) = delete;
    Desk& operator= (const Desk&) = delete;

    /// Goes up when strips, modules, songs or names change.
    std::uint64_t structure() const { return structureCount; }
    /// Goes up with every edit, and when what is heard changes.
    std::uint64_t revision() const { return revisionCount; }

    const Studio& studio() const override { return opened; }
    const session::ProjectPtr& shared() const override { return opened.shared(); }
    const std::string& folder() const override { return opened.folder(); }
    Jobs& jobs() override { return work; }
    bool edit (session::Edit, Gesture) override;
    /// As edit(), with the refusal as answer.
    Outcome take (session::Edit, Gesture);
    /// No step of history: ways of listening.
    void takeQuietly (session::Edit);
    void undo();
    void redo();
    Outcome save();
    /// The copy goes on with this project's history; what is being ridden becomes a step of it. This one
    /// stays on the disk as it was saved last, and is to be left.
    void handOver (Studio& copy);
    /// The edits since the last save are not wanted: leaves the disk as it was then. The desk is to be left.
    void abandon();
    /// Takes away what Tidying found, into the folder Unused/; saves when the project knew of it. A notice
    /// tells.
    void clean (const Cleaned& found);

    /// A parameter is set by hand: into its lane while that is written, else by an edit.
    void set (Id, std::string_view param, double value, Gesture);
    void touch (Id, std::string_view param);
    void letGo (Id, std::string_view param);
    /// What a control shows.
    double value (Id id, std::string_view param) const
    {
        return index.value (id, param, player().position());
    }
    const Parameters& parameters() const { return index; }
    const Rides& rides() const { return riding; }

    const TempoMap& tempo() const { return tempoMap; }
    Frames length() const { return songLength; }

    Player& player() const { return *playing; }
    void play (int countIn);
    void stop();
    void locate (Frames);

    const MonitorState& monitor() const { return monitoring; }
    /// A Problem when the reference cannot be used; the rest is taken.
    Outcome setMonitor (const MonitorState&);
    void listenToBand (const std::vector<Id>& strips, double low, double high);

    MaskingWork masking { *this };
    Exporting exporting { *this };
    Freezing freezing { *this };
    Importing importing { *this };
    Hearing hearing { *this };
    Outlines outlines { *this };
    Archiving archiving { *this };
    Founding founding { *this };
    Tidying tidying { *this };

    void tell (Notice::Kind, std::string title, std::string text) override;
    /// On every frame of a window: rides, jobs, the journal's trouble.
    void poll();
    std::optional<Notice> takeNotice();

private:
    /// After any change of the project: the player follows.
    void changed();
    void hear();
    /// Notes who has which parameter in the audible song.
    void note();

    Studio opened;
    Jobs& work;
    std::unique_ptr<Player> playing;
    Parameters index; ///< of the audible song
    session::SongPtr audible;
    session::ProjectPtr shown;
    Rides riding;
    TempoMap tempoMap;
    Frames songLength = 0;
    MonitorState monitoring;
    std::uint64_t structureCount = 1, revisionCount = 1;
    std::vector<Notice> notices;
    Gesture toldAutomation = 0;
    std::pair<Gesture, std::vector<std::string>> toldRemarks;
    std::string toldTrouble;
};

} // namespace lacquer::studio
