// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/FixedString.h"
#include "core/Handoff.h"
#include "core/Latest.h"
#include "core/Queue.h"
#include "core/Random.h"

#include <catch2/catch.hpp>

using namespace lacquer;

// One thread plays both parts here, so every outcome can be told; tests/core/stress lets two threads loose.

TEST_CASE ("the newest value wins and the same one is read until the next")
{
    Latest<int> latest;
    for (int k = 1; k < 100; ++k)
    {
        latest.draft() = k;
        latest.publish();
        if (k % 3 == 0)
        {
            CHECK (latest.read() == k);
            CHECK (latest.read() == k);
        }
    }
}

TEST_CASE ("a queue gives events in order and refuses when full")
{
    Queue<int, 4> queue;
    CHECK (! queue.pop());
    for (int turn = 0; turn < 100; ++turn)
    {
        for (int k = 0; k < 4; ++k)
            CHECK (queue.push (turn * 10 + k));
        CHECK (! queue.push (99));
        for (int k = 0; k < 4; ++k)
            CHECK (queue.pop() == turn * 10 + k);
        CHECK (! queue.pop());
    }
}

namespace
{

int alive = 0;
struct Counted
{
    explicit Counted (int n) : number (n) { ++alive; }
    ~Counted() { --alive; }
    int number;
};

} // namespace

TEST_CASE ("a hand-off keeps what is in use, frees what is not, and loses nothing")
{
    {
        Handoff<Counted> handoff;
        CHECK (handoff.current() == nullptr);
        handoff.offer (std::make_unique<Counted> (1));
        handoff.offer (std::make_unique<Counted> (2)); // the first was never seen: freed at once
        CHECK (alive == 1);
        CHECK (handoff.current()->number == 2);
        CHECK (handoff.current()->number == 2);
        handoff.offer (std::make_unique<Counted> (3));
        CHECK (handoff.current()->number == 3);
        CHECK (alive == 2); // 2 waits to be collected
        handoff.collect();
        CHECK (alive == 1);
        handoff.offer (std::make_unique<Counted> (4));
    }
    CHECK (alive == 0);
}

TEST_CASE ("joined parts make one id")
{
    CHECK (joined<"eq.", "band1", ".gain"> == "eq.band1.gain");
}

TEST_CASE ("the hash of a counter is splitmix64")
{
    // The published test vector of splitmix64 with seed 1234567 (Rosetta Code, "Pseudo-random
    // numbers/Splitmix64"): state n + 1 is the seed plus n + 1 golden gammas, so counters are shifted to
    // match.
    constexpr std::uint64_t gamma = 0x9E3779B97F4A7C15ull;
    const auto output = [] (std::uint64_t state)
    {
        std::uint64_t z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    };
    CHECK (output (1234567 + gamma) == 6457827717110365317ull);
    CHECK (hashed (0) == output (gamma));
    CHECK (hashed (41) == output (42 * gamma));
    CHECK (hashed (0) == 0xE220A8397B1DCDAFull); // first output with seed 0
    for (std::uint64_t k = 0; k < 1000; ++k)
        CHECK ((uniform (k) >= 0 && uniform (k) < 1));
}
