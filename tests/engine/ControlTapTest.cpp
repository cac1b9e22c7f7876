// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"
#include "engine/ControlTap.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::engine;
using namespace lacquer::engine::test;

TEST_CASE ("a value that changes is told with the quantum of the song from which it holds")
{
    // A value that is set after 1000 frames have been asked for: those came out of chunks up to frame 1024,
    // so the next one, from 1024 on, is the first that sees it.
    static constexpr std::array table { asNumber<Param> ("q", "Q", { 0, 9 }, 1, Taper::linear, "."),
                                        asNumber<Param> ("r", "R", { 0, 9 }, 2, Taper::linear, ".") };
    const auto controls = std::make_shared<Controls> (table);
    const auto tap = std::make_shared<ControlTap>();
    Builder b;
    b.graph.result = b.source (1);
    b.graph.nodes.push_back ({ Id { 77 }, "tap", tap, {}, {}, {} });
    Engine engine (48000, 1);
    engine.use (b.plan());
    const auto first = tap->watch ({ { controls, 1 } });
    Driver device (engine, Driver::Kind::device);
    controls->set (1, 3); // before the song plays: nobody's ride
    played (engine, 256);
    engine.locate (48000);
    engine.play();
    played (engine, 1000);
    controls->set (0, 5); // not looked at
    controls->set (1, 4);
    played (engine, 1000);
    const auto second = tap->watch ({ { controls, 0 }, { controls, 1 } });
    controls->set (1, 5);
    played (engine, 1000);
    const auto one = tap->take(), two = tap->take();
    REQUIRE (one);
    CHECK (one->list == first);
    CHECK (one->which == 0);
    CHECK (one->value == 4);
    CHECK (one->position == 48000 + 1024);
    REQUIRE (two);
    CHECK (two->list == second);
    CHECK (two->which == 1);
    CHECK (two->value == 5);
    CHECK (two->position == 48000 + 2048);
    CHECK_FALSE (tap->take());
}
