// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Handoff.h"
#include "core/Latest.h"
#include "core/Queue.h"
#include "engine/Crew.h"
#include "engine/Plan.h"
#include "engine/Timeline.h"

#include <atomic>
#include <memory>

namespace lacquer::engine
{

/// What the listener hears now.
struct State
{
    Frames position = 0; ///< the latency of the plan already subtracted
    bool playing = false;
};

/// What went wrong, counted since the engine was made.
struct Health
{
    std::uint64_t blocks = 0;          ///< calls of process()
    std::uint64_t lateBlocks = 0;      ///< calls that took longer than the sound they made, on a device
    std::uint64_t overBlocks = 0;      ///< calls whose thread computed for longer than that, on a device
    std::uint64_t nonFiniteBlocks = 0; ///< chunks of a node silenced because of NaN or infinity
    std::uint64_t underruns = 0;       ///< chunks that a source could not fill
    std::uint64_t droppedEvents = 0;   ///< transport commands refused because the queue was full
    double load = 0;                   ///< time used / time available, averaged over about a second
    double computing = 0;              ///< the same of the calling thread's processor time
    Id guilty;                         ///< the last node that was silenced
    int realTimeHelpers = 0;           ///< helper threads that the system runs before ordinary ones
};

/// Runs a Plan. Sound is made in chunks on an absolute grid of song time, so it does not depend on how a
/// device cuts it; process() hands out of those chunks whatever it is asked for. Exactly one Driver calls
/// process() at a time (engine/Driver.h). How it starts, stops and jumps: docs/adr/0001.
class Engine
{
public:
    /// Whether helper threads take part in every chunk, or only from about 15 % load on, below which handing
    /// over costs more than it saves. No bit depends on it.
    enum class Helpers
    {
        whenWorthIt,
        always
    };

    /// threads: that process() may use, its caller included; at least 1. [control]
    explicit Engine (double sampleRate, int threads, Helpers = Helpers::whenWorthIt);
    /// Precondition: no Driver holds it.
    ~Engine();
    Engine (const Engine&) = delete;
    Engine& operator= (const Engine&) = delete;

    double sampleRate() const noexcept { return rate; }
    int threads() const noexcept { return crew.helpers() + 1; }

    /// Makes this the plan to run from the next chunk on; while a song plays, its crossings come first, each
    /// to its end. [control] Precondition: not null.
    void use (std::unique_ptr<const Plan>);
    /// The plan last given to use(); alive until the next use(). [control] What compile() wants as previous.
    const Plan* plan() const noexcept { return newest; }
    /// Takes back the plan last given to use(), when it has not been begun: plan() is then the one before,
    /// which is what runs, or comes to run once its crossings are over. Null when it was begun. [control] So
    /// that the next one crosses from what is heard.
    std::unique_ptr<const Plan> takeBack();
    /// Frees plans that are no longer in use. [control] use() does it too.
    void collect();

    // Transport. [control] Takes effect at the next chunk; in order.
    /// From the current position, from silence, as soon as every source has its sound at hand; after two
    /// seconds without it too.
    void play();
    void stop();                   ///< what rings rings out
    void locate (Frames position); ///< while playing: fades out and plays there, from silence
    void setLoop (Frames start, Frames end, bool on); ///< [start, end), at least a quantum long

    State state();                  ///< [control]
    Health health() const noexcept; ///< [any thread]

    /// As long a stretch of the song, in quanta, as fast as it goes, to an outlet. [control] The caller holds
    /// an offline Driver that has begun; the plan is widened; nothing else was taken from this engine since.
    void advance (int quanta, const Outlet&) noexcept;

    /// The next `frames` frames of the result into out[0..channels): mono goes to the first two, further ones
    /// are silent. Silence without a plan. [audio] The caller holds a Driver.
    void process (float* const* out, int channels, int frames) noexcept;

private:
    friend class Driver;

    enum class Driven
    {
        parked,
        offline,
        device
    };
    struct Command
    {
        enum class Kind
        {
            play,
            stop,
            locate,
            loop
        } kind = Kind::stop;
        Frames a = 0, b = 0;
        bool on = false;
    };

    void send (const Command&);
    void obey (const Command&) noexcept;
    void leadCrew() noexcept;
    void obeyAll() noexcept;
    void compute() noexcept;
    void run (const Plan&, int frames) noexcept;
    void takePlan() noexcept;
    void arrive() noexcept;
    const Plan* running() noexcept;
    void publish (Frames latency) noexcept;
    void startNow (Frames position) noexcept;
    bool mustWait() noexcept;
    void computeWaiting() noexcept;

    const double rate;
    const Helpers helpers;
    Crew crew;
    Handoff<Plan> plans;
    const Plan* newest = nullptr;                 // control
    const Plan* earlier = nullptr;                // control: the one that runs when `newest` is taken back
    std::atomic<const Plan*> arrived { nullptr }; // the plan whose crossings are over
    Queue<Command, 256> commands;
    Latest<State> latest;
    std::atomic<Driven> driven { Driven::parked };

    // Audio thread, or control when parked.
    const Plan* current = nullptr;
    bool crossing = false;   // to it
    std::size_t crossed = 0; // crossings to it that are over
    Frames age = 0;          // frames that what runs has run
    Timeline timeline;
    Frames stream = 0, position = 0, startAt = 0;
    Frames loopStart = 0, loopEnd = 0;
    bool looping = false, playing = false, starting = false;
    int fade = 0;         // frames of the fade-out before a start that are still to come
    Frames waited = 0;    // frames of silence since then, for the sources
    bool audible = false; // the last chunk was not all zero
    float sound[2][quantum] {};
    int computed = 0, taken = 0;
    double work = 0; // seconds of one thread for a chunk, about
    int untilMeasured = 0;
    bool helped = false;   // helpers take part
    bool followed = false; // helpers know how this thread is scheduled

    std::atomic<std::uint64_t> blocks { 0 }, lateBlocks { 0 }, overBlocks { 0 }, nonFinite { 0 },
        underruns { 0 }, droppedEvents { 0 }, guilty { 0 };
    std::atomic<double> load { 0 }, computing { 0 };
};

} // namespace lacquer::engine
