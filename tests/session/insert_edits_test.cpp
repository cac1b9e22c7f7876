// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/AutomationEdits.h"
#include "session/Desk.h"
#include "session/InsertEdits.h"
#include "session/ModulatorEdits.h"
#include "session/RoutingEdits.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::session;

namespace
{

struct Two : test::Desk
{
    Id kick, bass, plate, echo, gate;

    Two()
    {
        kick = done (addedTrack (p, song(), "Kick"));
        bass = done (addedTrack (p, song(), "Bass"));
        plate = done (addedReturn (p, song(), "Plate"));
        echo = done (addedReturn (p, song(), "Echo"));
        done (addedEffect (p, kick, "eq"));
        gate = done (addedEffect (p, kick, "gate"));
        done (withValue (p, gate, "threshold", -33.0));
        Lane lane;
        lane.target = gate;
        lane.parameter = "threshold";
        lane.points = { { 0, -40 }, { 48000, -20 } };
        done (withLane (p, lane));
    }
};

} // namespace

TEST_CASE ("an insert carried to another strip keeps its id, values and automation, and a copy has its own")
{
    Two t;
    t.done (carriedEffect (t.p, t.gate, { t.bass, 5, true }));
    CHECK (t.strip (t.kick).inserts.size() == 1);
    CHECK (t.strip (t.kick).lanes.empty());
    REQUIRE (t.strip (t.bass).inserts.size() == 1);
    const auto& carried = *t.strip (t.bass).inserts[0];
    CHECK (carried.id == t.gate);
    CHECK (carried.postConsole);
    CHECK (std::get<double> (carried.values.at ("threshold")) == -33.0);
    REQUIRE (t.strip (t.bass).lanes.size() == 1);
    CHECK (t.strip (t.bass).lanes[0].points.size() == 2);

    const auto copy = t.done (copiedEffect (t.p, t.gate, { t.kick, 0, false }));
    CHECK (copy != t.gate);
    CHECK (t.strip (t.kick).inserts[0]->id == copy);
    CHECK (t.strip (t.kick).inserts[0]->values == effectOf (t.p, t.gate)->values);
    CHECK (t.strip (t.kick).lanes.empty());
    CHECK (carriedEffect (t.p, copy, { t.kick, 1, false })->label == "Move gate");
}

TEST_CASE ("an insert is not carried into a circle, past the twelfth place, or to the master")
{
    Two t;
    t.done (withSidechain (t.p, t.gate, t.bass));
    const auto circle = carriedEffect (t.p, t.gate, { t.bass, 0, false });
    REQUIRE_FALSE (circle.ok());
    CHECK_THAT (circle.problem().what, Catch::Contains ("Bass -> Bass"));
    for (int n = 0; n < static_cast<int> (Strip::insertSlots); ++n)
        t.done (addedEffect (t.p, t.plate, "eq"));
    CHECK_FALSE (copiedEffect (t.p, t.gate, { t.plate, 0, false }).ok());
    CHECK_FALSE (carriedEffect (t.p, t.gate, { t.p.songs[0]->master->id, 0, false }).ok());
}

TEST_CASE ("a send moved to another slot takes its level, its automation and what modulates it along")
{
    Two t;
    t.done (withSend (t.p, t.kick, 0, t.plate));
    t.done (withSend (t.p, t.kick, 1, t.echo));
    t.done (withValue (t.p, t.kick, "send1.level", -3.0));
    t.done (withValue (t.p, t.kick, "send2.level", -9.0));
    t.done (withValue (t.p, t.kick, "send2.pre", std::string ("On")));
    Lane lane;
    lane.target = t.kick;
    lane.parameter = "send1.level";
    lane.points = { { 0, -3 } };
    t.done (withLane (t.p, lane));
    const auto wobble = t.done (addedModulator (t.p, t.p.songs[0]->id, ModulatorKind::lfo, "Wobble"));
    t.done (withModulation (t.p, wobble, { t.kick, "send2.level", 3, true }));

    t.done (movedSend (t.p, t.kick, 0, 2)); // 1 2 3 become 2 3 1
    const auto& s = t.strip (t.kick);
    CHECK (s.sends[0] == t.echo);
    CHECK (s.sends[1] == Id {});
    CHECK (s.sends[2] == t.plate);
    CHECK (std::get<double> (s.values.at ("send1.level")) == -9.0);
    CHECK (std::get<std::string> (s.values.at ("send1.pre")) == "On");
    CHECK (std::get<double> (s.values.at ("send3.level")) == -3.0);
    CHECK_FALSE (s.values.contains ("send2.level"));
    const auto has = [&] (const char* parameter)
    {
        return std::any_of (t.strip (t.kick).lanes.begin(), t.strip (t.kick).lanes.end(),
                            [&] (const Lane& l) { return l.parameter == parameter; });
    };
    CHECK (has ("send3.level"));
    CHECK (modulatorOf (t.p, wobble)->targets[0].parameter == "send1.level");
    t.done (movedSend (t.p, t.kick, 2, 0));
    CHECK (t.strip (t.kick).sends[0] == t.plate);
    CHECK (std::get<double> (t.strip (t.kick).values.at ("send2.level")) == -9.0);

    t.done (copiedSend (t.p, t.kick, 1, t.bass));
    CHECK (t.strip (t.bass).sends[0] == t.echo);
    CHECK (std::get<double> (t.strip (t.bass).values.at ("send1.level")) == -9.0);
    CHECK_FALSE (copiedSend (t.p, t.kick, 5, t.bass).ok());
    CHECK_FALSE (copiedSend (t.p, t.kick, 1, t.echo).ok()); // to itself
}
