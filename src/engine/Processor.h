// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"
#include "engine/Automation.h"
#include "engine/Effect.h"

#include <atomic>
#include <memory>
#include <span>
#include <vector>

namespace lacquer::engine
{

/// The live values of one parameter table: written by the control thread, read by the audio thread. Each
/// value is atomic by itself; `version` changes after every write, so a reader need not look at values that
/// did not change.
class Controls
{
public:
    /// Starts at the initial values. [control]
    explicit Controls (std::span<const Param> table);

    void set (int parameter, float value) noexcept; ///< [control] clamped to the parameter's range
    float operator[] (int parameter) const noexcept
    {
        return values[static_cast<size_t> (parameter)].load (std::memory_order_relaxed);
    }
    std::uint32_t version() const noexcept { return changes.load (std::memory_order_acquire); }
    std::span<const Param> table() const noexcept { return specs; }
    int size() const noexcept { return static_cast<int> (specs.size()); }

private:
    std::vector<Param> specs;
    std::unique_ptr<std::atomic<float>[]> values;
    std::atomic<std::uint32_t> changes { 1 };
};

/// A lane that drives parameter `parameter` of strip `strip` of a processor (strip 0 where it has only one
/// table).
struct Binding
{
    int strip = 0;
    int parameter = 0;
    std::shared_ptr<const Lane> lane;
};

/// What a processor is told about a chunk.
struct Chunk
{
    int frames = 0; ///< 1 to quantum
    SongTime time;  ///< at this processor
    std::span<const Binding>
        automation; ///< sorted by strip, then parameter; values of the chunk: lane->at (time.position + n)
    std::atomic<std::uint64_t>* underruns = nullptr; ///< where a source counts chunks it could not fill

    /// Song position of frame n of the chunk: stands still when nothing plays.
    Frames positionAt (int n) const noexcept { return time.position + (time.playing ? n : 0); }
};

/// One side of a connection for one chunk: up to two channels of `frames` samples.
struct Signal
{
    float* channel[2] {};
    int channels = 2;
    bool silent = false; ///< all zero; an output starts false and may be set by its processor
};

/// A node of the graph. Lives as long as a plan needs it and is found by id, so its state survives edits.
class Processor
{
public:
    virtual ~Processor() = default;

    /// Reads `inputs`, fills every output. Buffers never alias. [audio] No allocation, lock, file, log or
    /// throw.
    virtual void process (const Chunk&, std::span<const Signal> inputs,
                          std::span<Signal> outputs) noexcept = 0;

    /// Back to silence. [audio]
    virtual void reset() noexcept = 0;

    /// Whether it could play from a song position. [audio] Asked before a start, in place of process(), until
    /// all processors can; a source whose sound is not there yet begins to fetch it.
    virtual bool canStart (Frames) noexcept { return true; }

    /// Frames by which all outputs lag all inputs. [control] Read when a plan is compiled.
    virtual int latency() const noexcept = 0;
};

/// Peak and mean square of a stereo point: written by audio, read by one meter.
struct MeterTap
{
    std::atomic<float> peak[2] {};   ///< largest |x| since the reader took it
    std::atomic<float> energy[2] {}; ///< one-pole mean square, 300 ms

    /// [audio] Raises the peak.
    void raise (int channel, float value) noexcept
    {
        auto& p = peak[channel];
        if (value > p.load (std::memory_order_relaxed))
            p.store (value, std::memory_order_relaxed);
    }
    /// [reader] The largest since last time.
    float take (int channel) noexcept { return peak[channel].exchange (0.0f, std::memory_order_relaxed); }
};

} // namespace lacquer::engine
