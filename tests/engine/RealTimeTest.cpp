// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"
#include "RtGuard.h"
#include "core/RealTime.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <fcntl.h>
#include <functional>
#include <mutex>
#include <random>
#include <thread>
#include <unistd.h>

using namespace lacquer;
using namespace lacquer::engine;
using namespace lacquer::engine::test;

namespace
{

template <typename F>
std::string seen (F planted)
{
    lacquer::test::muteRealTimeGuard (true);
    lacquer::test::clearRealTimeViolations();
    {
        const RealTimeScope scope;
        planted();
    }
    const std::string name =
        lacquer::test::realTimeViolations() > 0 ? lacquer::test::lastRealTimeViolation() : "";
    lacquer::test::muteRealTimeGuard (false);
    lacquer::test::clearRealTimeViolations();
    return name;
}

struct Gain
{
    template <typename T>
    struct Params
    {
        T gain = asNumber<T> ("gain", "Gain", { 0, 2 }, 1, Taper::linear, "Factor.");
    };
    static constexpr std::string_view id = "gain", name = "Gain", help = "A factor.";
    void prepare (const Format&) {}
    void reset() noexcept {}
    void process (const Block& b, const Params<float>& p) noexcept
    {
        for (float* x : b.channels)
            for (int n = 0; n < b.frames; ++n)
                x[n] *= p.gain;
    }
};

} // namespace

// The guard guards the tests below, so first it must itself be seen to see.
TEST_CASE ("the real-time guard sees every kind of planted violation and nothing else")
{
    if (! lacquer::test::realTimeGuardIsActive())
        return;
    std::mutex mutex;
    std::vector<int> numbers;
    std::string text;
    struct alignas (128) Wide
    {
        char c[128];
    };
    char byte = 0;
    int pipes[2] {};
    REQUIRE (pipe (pipes) == 0);

    CHECK (seen ([&] { numbers.push_back (1); }) == "malloc");
    CHECK (seen ([&] { text.assign (100, 'x'); }) == "malloc");
    CHECK (seen ([&] { std::vector<int>().swap (numbers); }) == "free");
    CHECK (seen (
               []
               {
                   auto w = std::make_unique<Wide>();
                   asm volatile("" ::"r"(w.get()) : "memory");
               }) == "free");
    CHECK (seen (
               []
               {
                   void* p = std::calloc (3, 5);
                   asm volatile("" : "+r"(p)::"memory");
                   p = std::realloc (p, 500);
                   asm volatile("" : "+r"(p)::"memory");
                   std::free (p);
               }) == "free");
    CHECK (seen ([&] { std::lock_guard lock (mutex); }) == "pthread_mutex_lock");
    CHECK (seen ([&] { close (::open ("/dev/null", O_RDONLY)); }) == "open");
    CHECK (seen ([&] { [[maybe_unused]] auto n = ::write (pipes[1], &byte, 1); }) == "write");
    CHECK (seen ([&] { [[maybe_unused]] auto n = ::read (pipes[0], &byte, 1); }) == "read");
    CHECK (seen ([] { std::fclose (std::fopen ("/dev/null", "r")); }) != "");
    CHECK (seen (
               []
               {
                   const timespec moment { 0, 1 };
                   nanosleep (&moment, nullptr);
               }) == "nanosleep");
    CHECK (seen (
               []
               {
                   try
                   {
                       throw 1;
                   }
                   catch (int)
                   {
                   }
               }) != "");

    // Nothing: arithmetic, and calls after the scope.
    volatile float x = 1;
    CHECK (seen ([&] { x = x * 2; }) == "");
    numbers.push_back (2);
    CHECK (lacquer::test::realTimeViolations() == 0);
    close (pipes[0]);
    close (pipes[1]);
}

TEST_CASE (
    "10,000 callbacks while parameters, plans and lanes change neither allocate nor lock nor touch files")
{
    // The limit is the issue's: none.
    const auto type = effectType<Gain>();
    const auto gain = std::make_shared<EffectNode> (type, Format { 48000, 2 });
    const auto source = std::make_shared<SourceNode> (std::make_shared<NoiseSource> (2, 1));
    const auto slow = std::make_shared<DelayNode> (300);
    const auto build = [&] (int turn, const Plan* previous)
    {
        Builder b;
        std::vector<Point> points;
        for (int k = 0; k < 1 + turn % 50; ++k)
            points.push_back ({ k * 97 + turn % 7, 0.01 * k, static_cast<Curve> (k % 4), 0.5 });
        const Id s = b.add ("Source", source, {});
        const Id g = b.add ("Gain", gain, { 2 }, { { 0, 0, std::make_shared<Lane> (points) } });
        const Id d = b.add ("Slow", slow);
        const Id sum = b.add ("Sum", std::make_shared<DelayNode> (turn % 3));
        b.connect (s, g);
        b.connect (s, d);
        b.connect (g, sum);
        b.connect (d, sum);
        b.graph.result = sum;
        return b.plan (previous);
    };

    Engine engine (48000, 2, Engine::Helpers::always);
    engine.use (build (0, nullptr));
    Driver driver (engine, Driver::Kind::device);
    REQUIRE (driver);
    lacquer::test::clearRealTimeViolations();

    std::atomic<bool> done { false };
    std::atomic<int> plans { 0 };
    std::thread audio (
        [&]
        {
            const unsigned seed = 12;
            std::mt19937 random (seed);
            std::vector<float> l (1024), r (1024);
            float* const out[] { l.data(), r.data() };
            for (int n = 0; n < 10000 || plans < 500; ++n)
                engine.process (out, 2, static_cast<int> (random() % 300));
            done = true;
        });
    for (int turn = 1; ! done; ++turn, ++plans)
    {
        gain->controls().set (0, static_cast<float> (turn % 100) / 50);
        gain->setOn (turn % 5 != 0);
        engine.use (build (turn, engine.plan()));
        engine.setLoop (1000, 1000 + 64 * (turn % 9), turn % 2 == 0);
        if (turn % 3 == 0)
            engine.play();
        if (turn % 11 == 0)
            engine.locate (turn * 10);
        if (turn % 17 == 0)
            engine.stop();
        engine.state();
        std::this_thread::yield();
    }
    audio.join();
    CHECK (lacquer::test::realTimeViolations() == 0);
    CHECK (engine.health().blocks >= 10000);
    CHECK (engine.health().nonFiniteBlocks == 0);
    CHECK (plans >= 500);
}
