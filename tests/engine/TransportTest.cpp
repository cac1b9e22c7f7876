// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace lacquer;
using namespace lacquer::engine;
using namespace lacquer::engine::test;

namespace
{

/// Frames that differ from the source's noise at the given song positions.
int differences (const Stereo& sound, std::size_t at, Frames position, Frames frames)
{
    int wrong = 0;
    for (Frames n = 0; n < frames; ++n)
        for (int c = 0; c < 2; ++c)
            wrong += sound.side[c][at + static_cast<std::size_t> (n)] != noise (position + n, c);
    return wrong;
}

bool isSilent (const Stereo& s, std::size_t from = 0)
{
    for (const auto& side : s.side)
        for (std::size_t n = from; n < side.size(); ++n)
            if (side[n] != 0.0f)
                return false;
    return true;
}

Builder oneSource (Frames delay = 0)
{
    Builder b;
    const Id s = b.source (1), d = b.delay ("Delay", delay);
    b.connect (s, d);
    b.graph.result = d;
    return b;
}

} // namespace

TEST_CASE ("a loop jumps at its end to the frame")
{
    // Expected: the source at 0..1500, then again and again at 500..1500, none of them on the grid of 64.
    Engine engine (48000, 1);
    engine.use (oneSource (100).plan());
    Driver device (engine, Driver::Kind::device);
    engine.setLoop (501, 1503, true);
    engine.play();
    const auto sound = played (engine, 10000, { 333, 64, 1 });
    CHECK (differences (sound, 100, 0, 1503) == 0);
    for (std::size_t turn = 0; turn < 8; ++turn)
        CHECK (differences (sound, 100 + 1503 + turn * 1002, 501, turn < 7 ? 1002 : 300) == 0);
}

TEST_CASE ("a node behind latency hears the song time of what it processes, across a loop jump")
{
    // The node after 100 frames of delay gets chunks whose times are 100 behind: -100 first, and a chunk cut
    // where the jump arrives.
    Builder b;
    const Id s = b.source (1), d = b.delay ("Delay", 100);
    const auto late = std::make_shared<DelayNode> (0);
    const Id l = b.add ("Late", late);
    b.connect (s, d);
    b.connect (d, l);
    b.graph.result = l;
    Engine engine (48000, 1);
    engine.use (b.plan());
    Driver device (engine, Driver::Kind::device);
    engine.setLoop (0, 128, true);
    engine.play();
    played (engine, 320, { 320 });
    const std::vector<Frames> expected { -100, -36, 28, 92, 0, 28 };
    const std::vector<Frames> heard (late->times.begin(), late->times.end());
    CHECK (heard == expected);
}

TEST_CASE ("playing from a position gives the same bits every time, whatever rang before")
{
    Builder b;
    const Id s = b.source (1), d = b.delay ("Echo", 5000);
    b.connect (s, d);
    b.graph.result = d;
    Engine engine (48000, 1);
    engine.use (b.plan());
    Driver device (engine, Driver::Kind::device);
    engine.locate (7000);
    engine.play();
    const auto first = played (engine, 9000); // 40 + 140 * 64: ends with a chunk
    engine.locate (20000);
    CHECK (! isSilent (played (engine, 64))); // the fade-out of what rings
    played (engine, 32 + 64 * 90);
    engine.stop();
    engine.locate (7000);
    engine.play();
    const auto again = played (engine, 64 + 9000); // fades out first
    for (int c = 0; c < 2; ++c)
        CHECK (std::equal (first.side[c].begin(), first.side[c].end(), again.side[c].begin() + 64));
    CHECK (differences (first, 5000 + 64, 7000 + 64, 4000 - 64) == 0); // the first 64 fade in
}

TEST_CASE ("after a stop the tail rings out, the source fades, and the position stands still")
{
    Engine engine (48000, 1);
    engine.use (oneSource (1000).plan());
    Driver device (engine, Driver::Kind::device);
    engine.play();
    played (engine, 64 * 30, { 64 });
    CHECK (engine.state().playing);
    CHECK (engine.state().position == 64 * 30 - 1000);
    engine.stop();
    const auto tail = played (engine, 2000, { 64 });
    CHECK (differences (tail, 0, 64 * 30 - 1000, 1000) == 0); // what was in the delay
    CHECK (isSilent (tail, 1000 + 64));
    CHECK (tail.side[0][1000 + 10] == Approx (noise (64 * 30 + 10, 0) * 53.0 / 64.0)); // the fade, a ramp
    CHECK (! engine.state().playing);
    CHECK (engine.state().position == 64 * 30);
}

TEST_CASE ("the position told is the frame that is heard, for any callback size")
{
    Engine engine (48000, 1);
    engine.use (oneSource (77).plan());
    Driver device (engine, Driver::Kind::device);
    engine.play();
    played (engine, 1000, { 100 });
    CHECK (engine.state().position == 1000 - 77);
    played (engine, 1, { 1 });
    CHECK (engine.state().position == 1001 - 77);
}

TEST_CASE ("a parked engine obeys and says so without a driver")
{
    Engine engine (48000, 1);
    engine.use (oneSource().plan());
    engine.locate (4800);
    CHECK (engine.state().position == 4800);
    CHECK (! engine.state().playing);
    std::weak_ptr<Processor> old;
    {
        Builder b = oneSource();
        old = b.graph.nodes[0].processor;
        engine.use (b.plan());
    }
    CHECK (! old.expired());
    engine.use (oneSource().plan());
    CHECK (old.expired()); // nobody plays, and still the old plan is gone
}

TEST_CASE ("only one driver holds the engine")
{
    Engine engine (48000, 1);
    engine.use (oneSource().plan());
    {
        Driver device (engine, Driver::Kind::device);
        REQUIRE (device);
        Driver second (engine, Driver::Kind::offline);
        CHECK (! second);
        CHECK (! render (engine, 0, 10, 64, [] (const float* const*, int) -> Outcome { return {}; }));
    }
    Driver third (engine, Driver::Kind::offline);
    CHECK (third);
}

TEST_CASE ("a render ends at its sink's problem and when it is cancelled")
{
    Engine engine (48000, 1);
    engine.use (oneSource().plan());
    int calls = 0;
    const auto full = render (engine, 0, 1000, 64,
                              [&] (const float* const*, int) -> Outcome
                              {
                                  if (++calls == 3)
                                      return Problem { "The disk is full." };
                                  return {};
                              });
    CHECK (! full.ok());
    CHECK (full.problem().what == "The disk is full.");
    CHECK (calls == 3);
    const std::atomic<bool> cancelled { true };
    CHECK (! render (engine, 0, 1000, 64, [] (const float* const*, int) -> Outcome { return {}; },
                     { {}, &cancelled }));
}

TEST_CASE ("chunks that a source cannot fill are counted as underruns")
{
    const auto noise = std::make_shared<NoiseSource> (2, 1);
    Builder b;
    b.graph.result = b.add ("Source", std::make_shared<SourceNode> (noise), {});
    Engine engine (48000, 1);
    engine.use (b.plan());
    Driver device (engine, Driver::Kind::device);
    engine.play();
    played (engine, 640, { 64 });
    CHECK (engine.health().underruns == 0);
    noise->available = 10;
    played (engine, 640, { 64 });
    CHECK (engine.health().underruns == 10);
}

TEST_CASE ("sources are told where playing goes on")
{
    const auto noise = std::make_shared<NoiseSource> (2, 1);
    Builder b;
    b.graph.result = b.add ("Source", std::make_shared<SourceNode> (noise), {});
    Engine engine (48000, 1);
    engine.use (b.plan());
    Driver device (engine, Driver::Kind::device);
    engine.locate (5000);
    played (engine, 64);
    CHECK (noise->located == std::vector<Frames> { 5000 }); // before it plays: time to fetch
    engine.setLoop (5000, 6000, true);
    engine.play();
    played (engine, 1500);
    CHECK (noise->located == std::vector<Frames> { 5000, 5000 });
}

TEST_CASE ("a start waits for its sources in silence, and plays then what it would have played at once")
{
    // The reference is the same start with a source that is ready; each refusal is one chunk of silence.
    const auto noise = std::make_shared<NoiseSource> (2, 1);
    Builder b;
    const Id s = b.add ("Source", std::make_shared<SourceNode> (noise), {}), d = b.delay ("Echo", 500);
    b.connect (s, d);
    b.graph.result = d;
    Engine engine (48000, 1);
    engine.use (b.plan());
    Driver device (engine, Driver::Kind::device);
    engine.locate (7000);
    engine.play();
    const auto reference = played (engine, 40 + 64 * 30, { 64 });

    // A locate while playing: 64 frames fade out, seven chunks wait, each asking for the new place.
    noise->refusals = 7;
    noise->asked.clear();
    noise->located.clear();
    engine.locate (7000);
    const auto fade = played (engine, 64, { 64 }), wait = played (engine, 7 * 64, { 64 });
    CHECK_FALSE (isSilent (fade));
    CHECK (isSilent (wait));
    CHECK (engine.state().playing);
    CHECK (engine.state().position == 7000);
    CHECK (played (engine, 40 + 64 * 30, { 64 }) == reference);
    CHECK (noise->asked == std::vector<Frames> (8, 7000));
    CHECK (noise->located == std::vector<Frames> { 7000 });
    CHECK (engine.health().underruns == 0);

    // Another locate while it waits takes the place of the first; a stop ends it, and nothing was heard.
    noise->refusals = 1000;
    engine.locate (20000);
    played (engine, 640, { 64 });
    engine.locate (7000);
    CHECK (isSilent (played (engine, 640, { 64 })));
    CHECK (engine.state().position == 7000);
    engine.stop();
    CHECK (isSilent (played (engine, 6400, { 64 })));
    CHECK_FALSE (engine.state().playing);
    CHECK (engine.state().position == 7000);
    noise->refusals = 0;
    engine.play();
    CHECK (played (engine, 40 + 64 * 30, { 64 }) == reference);

    // Two seconds are 1,500 chunks: then it plays what there is.
    engine.stop();
    engine.locate (7000);
    played (engine, 6400, { 64 });
    noise->refusals = -1;
    engine.play();
    CHECK (isSilent (played (engine, 96000, { 64 })));
    CHECK (played (engine, 40 + 64 * 30, { 64 }) == reference);
}

TEST_CASE ("a block is over when its own thread computed for longer than it lasts")
{
    // A node that computes for as long as it is told, by the clock that counts a thread's processor time
    // (clock_gettime(2)).
    struct Slow final : Processor
    {
        void process (const Chunk& chunk, std::span<const Signal>, std::span<Signal> out) noexcept override
        {
            for (int c = 0; c < 2; ++c)
                std::fill_n (out[0].channel[c], chunk.frames, 0.0f);
            const auto now = []
            {
                timespec t {};
                clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
                return static_cast<double> (t.tv_sec) + 1e-9 * static_cast<double> (t.tv_nsec);
            };
            for (const auto begun = now(); now() - begun < seconds;)
                ;
        }
        void reset() noexcept override {}
        int latency() const noexcept override { return 0; }
        double seconds = 0;
    };
    const auto slow = std::make_shared<Slow>();
    Builder b;
    b.graph.result = b.add ("Slow", slow, {});
    Engine engine (48e3, 1);
    engine.use (b.plan());
    {
        Driver nobody (engine, Driver::Kind::offline);
        slow->seconds = 2e-3; // 64 frames last 1.33 ms
        played (engine, 64 * 5, { 64 });
        CHECK (engine.health().overBlocks == 0); // to whom should it be late
    }
    Driver device (engine, Driver::Kind::device);
    played (engine, 64 * 5, { 64 });
    CHECK (engine.health().overBlocks == 5);
    CHECK (engine.health().lateBlocks >= 5); // the wall clock is never behind
    CHECK (engine.health().computing > 5 * 1.4 * 64 / 48e3);
}

TEST_CASE ("transport commands that find no room are counted")
{
    Engine engine (48000, 1);
    engine.use (oneSource().plan());
    Driver device (engine, Driver::Kind::device);
    for (int n = 0; n < 300; ++n)
        engine.locate (n);
    CHECK (engine.health().droppedEvents == 300 - 256); // the size of the queue
}
