// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Engine.h"

#include "core/RealTime.h"
#include "engine/Driver.h"
#include "engine/FlushDenormals.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <ctime>
#include <sched.h>

namespace lacquer::engine
{

namespace
{

using Clock = std::chrono::steady_clock;

double secondsSince (Clock::time_point start)
{
    return std::chrono::duration<double> (Clock::now() - start).count();
}

/// Processor time of this thread: what others on the machine do is not in it.
double threadSeconds() noexcept
{
    timespec t {};
    ::clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double> (t.tv_sec) + 1e-9 * static_cast<double> (t.tv_nsec);
}

/// Follows a share that is told for stretches of time, with a time constant of a second.
void follow (std::atomic<double>& average, double share, double seconds) noexcept
{
    const double before = average.load (std::memory_order_relaxed);
    average.store (before + (share - before) * std::min (1.0, seconds), std::memory_order_relaxed);
}

} // namespace

Engine::Engine (double sampleRate, int threadCount, Helpers when)
    : rate (sampleRate), helpers (when), crew (std::max (0, threadCount - 1))
{
}

Engine::~Engine() = default;

void Engine::use (std::unique_ptr<const Plan> next)
{
    assert (next != nullptr);
    // A plan that was superseded before it was begun is gone: the one to go back to is that before it.
    if (const auto superseded = plans.withdraw(); superseded == nullptr)
        earlier = newest;
    newest = next.get();
    plans.offer (std::move (next));
    if (driven.load (std::memory_order_acquire) == Driven::parked)
        arrive();
    collect();
}

std::unique_ptr<const Plan> Engine::takeBack()
{
    auto back = plans.withdraw();
    if (back != nullptr)
        newest = earlier;
    return back;
}

void Engine::collect()
{
    plans.collect();
    if (newest != nullptr && arrived.load (std::memory_order_acquire) == newest)
        newest->forgetFirst();
}

/// Goes on with the newest plan. Precondition: no crossing is under way.
void Engine::takePlan() noexcept
{
    arrived.store (nullptr, std::memory_order_relaxed); // control must not mistake a new plan for an old one
    const auto* next = plans.current();
    if (next != current)
    {
        const bool hears = current != nullptr && (playing || audible) &&
                           driven.load (std::memory_order_relaxed) == Driven::device;
        current = next;
        crossing = hears && ! current->crossings().empty();
        crossed = 0;
        age = 0;
    }
    if (! crossing)
        arrived.store (current, std::memory_order_release);
}

/// Forgets the crossings: nothing is heard that could click.
void Engine::arrive() noexcept
{
    crossing = false;
    takePlan();
    crossing = false;
    arrived.store (current, std::memory_order_release);
}

/// The plan for this chunk. The newest one is looked at only when no crossing is under way, so that each is
/// heard to its end.
const Plan* Engine::running() noexcept
{
    if (crossing && age >= current->crossings()[crossed]->length())
    {
        age = 0;
        crossing = ++crossed < current->crossings().size();
    }
    if (! crossing)
        takePlan();
    return crossing ? current->crossings()[crossed].get() : current;
}

void Engine::play()
{
    send ({ Command::Kind::play });
}

void Engine::stop()
{
    send ({ Command::Kind::stop });
}

void Engine::locate (Frames to)
{
    send ({ Command::Kind::locate, to });
}

void Engine::setLoop (Frames start, Frames end, bool on)
{
    send ({ Command::Kind::loop, start, end, on && end - start >= quantum });
}

void Engine::send (const Command& c)
{
    if (! commands.push (c))
        droppedEvents.fetch_add (1, std::memory_order_relaxed);
    if (driven.load (std::memory_order_acquire) == Driven::parked)
    {
        obeyAll();
        publish (0);
    }
}

State Engine::state()
{
    return latest.read();
}

Health Engine::health() const noexcept
{
    const auto count = [] (const std::atomic<std::uint64_t>& c)
    { return c.load (std::memory_order_relaxed); };
    return { count (blocks),
             count (lateBlocks),
             count (overBlocks),
             count (nonFinite),
             count (underruns),
             count (droppedEvents),
             load.load (std::memory_order_relaxed),
             computing.load (std::memory_order_relaxed),
             Id { count (guilty) },
             crew.realTimeHelpers() };
}

void Engine::process (float* const* out, int channels, int frames) noexcept
{
    const RealTimeScope scope;
    const FlushDenormals flush;
    const auto begun = Clock::now();
    const double before = threadSeconds();
    const auto driver = driven.load (std::memory_order_acquire);
    assert (driver != Driven::parked && "process() needs a Driver");
    if (driver == Driven::device && ! followed)
        leadCrew();

    for (int done = 0; done < frames;)
    {
        if (taken == computed)
            compute();
        const int n = std::min (computed - taken, frames - done);
        for (int c = 0; c < channels; ++c)
        {
            if (c < 2)
                std::copy_n (sound[c] + taken, n, out[c] + done);
            else
                std::fill_n (out[c] + done, n, 0.0f);
        }
        taken += n;
        done += n;
    }

    publish (current != nullptr ? current->latency() : 0);
    blocks.fetch_add (1, std::memory_order_relaxed);
    if (driver == Driven::device && frames > 0)
    {
        const double available = frames / rate;
        const double share = secondsSince (begun) / available, own = (threadSeconds() - before) / available;
        if (share > 1)
            lateBlocks.fetch_add (1, std::memory_order_relaxed);
        if (own > 1)
            overBlocks.fetch_add (1, std::memory_order_relaxed);
        follow (load, share, available);
        follow (computing, own, available);
    }
}

/// Helpers are scheduled like the thread that calls, a little behind it. Two system calls, once.
void Engine::leadCrew() noexcept
{
    followed = true;
    sched_param p {};
    const int policy = ::sched_getscheduler (0);
    if ((policy == SCHED_FIFO || policy == SCHED_RR) && ::sched_getparam (0, &p) == 0)
        crew.follow (p.sched_priority);
}

void Engine::obeyAll() noexcept
{
    while (auto c = commands.pop())
        obey (*c);
}

void Engine::obey (const Command& c) noexcept
{
    switch (c.kind)
    {
        case Command::Kind::play:
            if (playing || starting)
                break;
            starting = true;
            startAt = position;
            fade = audible ? quantum : 0;
            break;
        case Command::Kind::stop:
            if (starting)
                position = startAt;
            if (starting || playing)
                timeline.halt (stream, position);
            starting = playing = false;
            fade = 0;
            waited = 0;
            break;
        case Command::Kind::locate:
            if (playing || starting)
            {
                if (! starting)
                    fade = audible ? quantum : 0;
                starting = true;
                startAt = c.a;
                break;
            }
            position = c.a;
            timeline.halt (stream, position);
            break;
        case Command::Kind::loop:
            loopStart = c.a;
            loopEnd = c.b;
            looping = c.on;
            break;
    }
}

void Engine::startNow (Frames from) noexcept
{
    arrive();
    if (current != nullptr)
        current->reset();
    position = from;
    waited = 0;
    playing = true;
    starting = false;
    audible = false;
    timeline.start (stream, position);
}

void Engine::compute() noexcept
{
    obeyAll();
    if (starting && fade == 0)
    {
        arrive();
        if (mustWait())
        {
            computeWaiting();
            return;
        }
        startNow (startAt);
    }
    const Plan* const plan = running();

    int n = quantum;
    const bool follows = looping && driven.load (std::memory_order_relaxed) != Driven::offline;
    const bool inLoop = playing && follows && position < loopEnd;
    if (playing)
    {
        n -= static_cast<int> (position & (quantum - 1));
        if (inLoop)
            n = static_cast<int> (std::min<Frames> (n, loopEnd - position));
    }
    if (fade > 0)
        n = std::min (n, fade);

    if (plan != nullptr)
        run (*plan, n);
    else
        std::fill (&sound[0][0], &sound[0][0] + 2 * quantum, 0.0f);

    if (fade > 0)
    {
        for (int k = 0; k < n; ++k)
            for (auto& side : sound)
                side[k] *= static_cast<float> (fade - 1 - k) / quantum;
        fade -= n;
    }

    audible = std::any_of (sound[0], sound[0] + n, [] (float x) { return x != 0.0f; }) ||
              std::any_of (sound[1], sound[1] + n, [] (float x) { return x != 0.0f; });
    stream += n;
    age += n;
    if (playing)
    {
        position += n;
        if (inLoop && position == loopEnd)
        {
            position = loopStart;
            timeline.jump (stream, position);
        }
    }
    computed = n;
    taken = 0;
}

/// A cold disk takes its time after a locate: silence until it has delivered is better than sound with holes.
/// What is played is the same either way. One that hangs is waited for no longer than two seconds.
bool Engine::mustWait() noexcept
{
    constexpr double patience = 2; // seconds
    return current != nullptr && driven.load (std::memory_order_relaxed) == Driven::device &&
           static_cast<double> (waited) < patience * rate && ! current->canStart (startAt);
}

void Engine::computeWaiting() noexcept
{
    if (waited == 0)
        current->reset(); // as startNow() would: a stop from here has nothing to fade or to ring
    if (waited == 0 || position != startAt)
        timeline.halt (stream, startAt);
    position = startAt;
    playing = audible = false;
    std::fill (&sound[0][0], &sound[0][0] + 2 * quantum, 0.0f);
    stream += quantum;
    waited += quantum;
    computed = quantum;
    taken = 0;
}

void Engine::run (const Plan& plan, int frames) noexcept
{
    const Pass now { stream, frames, age, 1, &timeline, &underruns, &nonFinite, &guilty };

    // One thread's time for a chunk says whether help is worth it; with help, a chunk now and then is
    // measured as the processor time of all who took part.
    constexpr int chunksBetweenMeasurements = 64;
    constexpr double worth = 0.15, notWorth = 0.10;
    const bool asks =
        crew.helpers() > 0 && helpers == Helpers::whenWorthIt && frames == quantum && untilMeasured-- <= 0;
    std::atomic<std::int64_t> spent { 0 };
    plan.run (now, crew.helpers() > 0 && (helped || helpers == Helpers::always) ? &crew : nullptr,
              asks ? &spent : nullptr);
    if (asks)
    {
        untilMeasured = chunksBetweenMeasurements;
        const double seconds = 1e-9 * static_cast<double> (spent.load (std::memory_order_relaxed));
        work += (seconds - work) * 0.25;
        const double share = work * rate / quantum;
        helped = share > (helped ? notWorth : worth);
    }

    const Signal& result = plan.result();
    for (int c = 0; c < 2; ++c)
        std::copy_n (result.channel[std::min (c, result.channels - 1)], frames, sound[c]);
}

void Engine::advance (int quanta, const Outlet& outlet) noexcept
{
    assert (driven.load (std::memory_order_relaxed) == Driven::offline && playing && computed == taken);
    const FlushDenormals flush;
    if (current != nullptr)
        current->run ({ stream, quantum, age, quanta, &timeline, &underruns, &nonFinite, &guilty },
                      crew.helpers() > 0 ? &crew : nullptr, outlet);
    else
    {
        const KeepDenormals foreign;
        float nothing[quantum] {};
        const Signal silence { { nothing, nothing }, 2, true };
        for (int n = 0; n < quanta; ++n)
            outlet.take (outlet.context, silence, quantum);
    }
    const Frames frames = Frames { quanta } * quantum;
    stream += frames;
    age += frames;
    position += frames;
    blocks.fetch_add (1, std::memory_order_relaxed);
    publish (current != nullptr ? current->latency() : 0);
}

void Engine::publish (Frames latency) noexcept
{
    const auto place = timeline.heardAt (stream - (computed - taken) - latency);
    latest.draft() = { starting ? startAt : playing ? place.position : position, playing || starting };
    latest.publish();
}

Driver::Driver (Engine& wanted, Kind kind)
{
    auto free = Engine::Driven::parked;
    if (wanted.driven.compare_exchange_strong (
            free, kind == Kind::offline ? Engine::Driven::offline : Engine::Driven::device,
            std::memory_order_acq_rel))
        engine = &wanted;
}

Driver::~Driver()
{
    if (engine == nullptr)
        return;
    // What was computed ahead was never heard.
    engine->computed = engine->taken = 0;
    engine->fade = 0;
    engine->audible = false;
    engine->followed = false;
    engine->crew.follow (0);
    engine->arrive();
    engine->driven.store (Engine::Driven::parked, std::memory_order_release);
    engine->collect();
}

void Driver::begin (Frames from) noexcept
{
    assert (engine != nullptr);
    const RealTimeScope scope;
    engine->obeyAll();
    engine->computed = engine->taken = 0;
    engine->fade = 0;
    engine->startNow (from);
}

} // namespace lacquer::engine
