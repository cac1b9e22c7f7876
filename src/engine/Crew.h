// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace lacquer::engine
{

/// Threads that help the audio thread through a list of steps. Steps are claimed one after the other from one
/// counter, so every step runs once, and the audio thread gets through alone when nobody comes.
class Crew
{
public:
    using Work = void (*) (const void* context, int step) noexcept;

    /// Starts so many threads. [control]
    explicit Crew (int helpers);
    /// Ends them. [control] Precondition: run() is not running.
    ~Crew();
    Crew (const Crew&) = delete;
    Crew& operator= (const Crew&) = delete;

    int helpers() const noexcept { return static_cast<int> (threads.size()); }

    /// Calls work (context, step) once for every step from 0 to steps - 1, on any of the threads, each begun
    /// in order, and returns when all are done. A step may wait for lower steps. [audio] Never waits for a
    /// thread that has not begun a step. Precondition: steps < 2^20.
    void run (int steps, Work work, const void* context) noexcept;

private:
    bool workOn() noexcept;
    void help() noexcept;

    // One word, so that a claim can never mix two runs: run number, steps, steps claimed (24, 20, 20 bits). A
    // thread that claims a step below `steps` keeps that run, and so work and context, alive until it is
    // done.
    alignas (64) std::atomic<std::uint64_t> ticket { 0 };
    alignas (64) std::atomic<int> done { 0 };
    alignas (64) std::atomic<std::uint32_t> calls { 0 };
    std::atomic<bool> ending { false };
    Work todo = nullptr;
    const void* data = nullptr;
    std::uint64_t runs = 0;
    std::vector<std::thread> threads;
};

} // namespace lacquer::engine
