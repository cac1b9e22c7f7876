// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace lacquer::engine
{

/// Threads that help the audio thread with tasks that make each other ready. Ready tasks stand in one queue
/// in the order in which they became so; whoever is free takes the first. The audio thread takes part, waits
/// for nothing but tasks that a helper has begun, and so gets through alone when nobody comes.
class Crew
{
public:
    /// Does a task; tells ready() what it made ready, and may return one such task to be done next by the
    /// same thread, else -1.
    using Work = int (*) (const void* context, int task, Crew&) noexcept;
    using Step = void (*) (const void* context, int step) noexcept;

    /// Tasks that may be ready at the same time.
    static constexpr std::size_t capacity = 4096;

    /// Starts so many threads. [control]
    explicit Crew (int helpers);
    /// Ends them. [control] Precondition: run() is not running.
    ~Crew();
    Crew (const Crew&) = delete;
    Crew& operator= (const Crew&) = delete;

    int helpers() const noexcept { return static_cast<int> (threads.size()); }

    /// A run: begin() says how tasks are done, add() puts in those that are ready from the start, and
    /// finish() returns when `total` tasks are done; what they wrote is visible then. [audio]
    void begin (Work, const void* context) noexcept;
    void add (int task) noexcept;
    void finish (int total) noexcept;
    /// Puts in a task that has become ready. [within Work]
    void ready (int task) noexcept;

    /// Calls step (context, n) once for every n from 0 to steps - 1, on any of the threads, and returns when
    /// all are done. [audio]
    void run (int steps, Step, const void* context) noexcept;

    /// Makes helpers real-time threads, one priority below this one, from their next task on; 0: ordinary
    /// threads. [any thread]
    void follow (int priority) noexcept { wanted.store (priority, std::memory_order_relaxed); }
    /// Helpers that are real-time threads now: none where the system does not permit it. [any thread]
    int realTimeHelpers() const noexcept { return promoted.load (std::memory_order_relaxed); }

private:
    bool workOn() noexcept;
    int claim() noexcept;
    bool isWaiting() const noexcept;
    void help() noexcept;

    // Position in the queue, from the beginning of time, in the upper bits, so that neither a slow claim nor
    // a slot that is used again can be mistaken; the task in the lower ones.
    static constexpr int taskBits = 20;
    std::array<std::atomic<std::uint64_t>, capacity> queue {};
    alignas (64) std::atomic<std::uint64_t> head { 0 };
    alignas (64) std::atomic<std::uint64_t> tail { 0 };
    alignas (64) std::atomic<int> done { 0 };
    alignas (64) std::atomic<std::uint32_t> calls { 0 }; // changes when sleepers must look again
    std::atomic<int> sleeping { 0 };
    std::atomic<bool> ending { false };
    std::atomic<int> wanted { 0 }, promoted { 0 };
    Work todo = nullptr;
    const void* data = nullptr;
    std::vector<std::thread> threads;
};

} // namespace lacquer::engine
