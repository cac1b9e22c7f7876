// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Param.h"
#include "core/Units.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace lacquer::engine
{

/// The engine's step: 64 frames on an absolute grid. A chunk is shorter only where a loop jumps or playback
/// starts off the grid.
inline constexpr int quantum = 64;

/// Where a chunk lies in the song, as heard at this point of the graph (latency before it already
/// subtracted).
struct SongTime
{
    Frames position = 0; ///< first frame of the chunk
    double beat = 0;     ///< quarter notes since the song's start
    double bpm = 120;
    int numerator = 4, denominator = 4;
    bool playing = false; ///< false while only tails ring out; position then stands still
};

struct Format
{
    double sampleRate = 48000;
    int channels = 2; ///< 1 or 2
};

/// One chunk, processed in place.
struct Block
{
    std::span<float* const> channels;
    std::span<const float* const> sidechain; ///< empty when nothing is connected
    int frames = 0;                          ///< 1 to quantum
    SongTime time;
};

/// A recorded sound that an effect works with, as the impulse of a room: at the effect's sample rate.
struct Recording
{
    double rate = 48000;
    int channels = 2;           ///< 1 or 2
    std::vector<float> samples; ///< all of the left, then all of the right

    int frames() const noexcept { return static_cast<int> (samples.size()) / channels; }
    /// One of them serves both sides.
    const float* channel (int c) const noexcept
    {
        return samples.data() + (channels == 2 ? c * frames() : 0);
    }
};

/// A sound processor with parameters. Its output depends on input, values and song time only: not on how the
/// sound was cut into blocks, not on the wall clock. Every effect in a catalogue passes tests/conformance.
struct Effect
{
    virtual ~Effect() = default;

    /// Allocates for a format and resets. [control]
    virtual void prepare (const Format&) = 0;

    /// Allocates what these values need and others do not, as a long memory. Called for values before they
    /// are set, or soon after: process() goes on without until it is there. Audio may be running. [control]
    virtual void ready (std::span<const float>) {}

    /// Processes 1 to quantum frames. values: one number per parameter, to be reached at the end of the
    /// block; the effect smooths what would click. [audio] No allocation, lock, file, log or throw.
    virtual void process (const Block&, std::span<const float> values) noexcept = 0;

    /// Back to silence, as after prepare(). [audio]
    virtual void reset() noexcept = 0;

    /// Delay of the output in frames for these values. A change makes the engine compile a new plan.
    /// [control]
    virtual int latency (std::span<const float> values) const noexcept = 0;

    /// Frames after the end of the input until the output is silent for good; -1 for "never known". [control]
    virtual Frames tail (std::span<const float> values) const noexcept = 0;

    /// Frames after the end of the input until the effect is as after reset(), but for what nobody hears: the
    /// tail, and longer where something is still moving inside, as a slow release. -1 for "never". [control]
    virtual Frames rest (std::span<const float> values) const noexcept { return tail (values); }

    /// Gives the effect a recording to work with, or takes it away (null). Audio may be running: the effect
    /// goes over to it without a click, and keeps it as long as it is heard. [control]
    virtual void hear (std::shared_ptr<const Recording>) {}

    /// A number for a meter: gain reduction in dB (0 or more) of the last block, where the effect has one.
    /// [any thread]
    virtual float reduction() const noexcept { return 0; }
};

/// What a catalogue knows of an effect.
struct EffectType
{
    std::string_view id, name, help;
    std::vector<Param> params;
    std::unique_ptr<Effect> (*create)();
    double longestRecording = 0; ///< seconds of the recording it can be given; 0: it takes none
    bool keyed = false;          ///< it listens to a sidechain
};

/// Turns a plain DSP struct into an EffectType. It has: static id, name, help; template Params<T>; prepare
/// (const Format&); process (const Block&, const Params<float>&) noexcept; reset() noexcept; and where they
/// are not 0: int latency (const Params<float>&) const, Frames tail (const Params<float>&) const, float
/// reduction() const; where some values need memory that others do not: ready (const Params<float>&); where
/// it is longer than the tail: Frames rest (const Params<float>&) const; where it
/// listens to a sidechain: static keyed = true; and where it takes a recording: hear
/// (std::shared_ptr<const Recording>) and static double longestRecording. One with a hundred parameters may
/// take their values as they come, process (const Block&, std::span<const float>).
template <typename D>
EffectType effectType()
{
    struct Adapter final : Effect
    {
        D dsp;
        using Values [[maybe_unused]] = typename D::template Params<float>; // clang 14 does not see its uses

        static Values unpacked (std::span<const float> v) noexcept
        {
            std::array<float, paramCount<D::template Params>> a;
            std::copy_n (v.begin(), a.size(), a.begin());
            return unpack<D::template Params> (a);
        }
        void prepare (const Format& f) override { dsp.prepare (f); }
        void ready ([[maybe_unused]] std::span<const float> v) override
        {
            if constexpr (requires (D & d, Values p) { d.ready (p); })
                dsp.ready (unpacked (v));
        }
        void reset() noexcept override { dsp.reset(); }
        void process (const Block& b, std::span<const float> v) noexcept override
        {
            if constexpr (requires (D & d) { d.process (b, v); })
                dsp.process (b, v);
            else
                dsp.process (b, unpacked (v));
        }
        int latency ([[maybe_unused]] std::span<const float> v) const noexcept override
        {
            if constexpr (requires (const D& d, Values p) { d.latency (p); })
                return dsp.latency (unpacked (v));
            else
                return 0;
        }
        Frames tail ([[maybe_unused]] std::span<const float> v) const noexcept override
        {
            if constexpr (requires (const D& d, Values p) { d.tail (p); })
                return dsp.tail (unpacked (v));
            else
                return 0;
        }
        Frames rest (std::span<const float> v) const noexcept override
        {
            if constexpr (requires (const D& d, Values p) { d.rest (p); })
                return dsp.rest (unpacked (v));
            else
                return tail (v);
        }
        void hear ([[maybe_unused]] std::shared_ptr<const Recording> recording) override
        {
            if constexpr (requires (D & d, std::shared_ptr<const Recording> r) { d.hear (r); })
                dsp.hear (std::move (recording));
        }
        float reduction() const noexcept override
        {
            if constexpr (requires (const D& d) { d.reduction(); })
                return dsp.reduction();
            else
                return 0;
        }
    };
    const auto s = specs<D::template Params>();
    EffectType type { D::id, D::name, D::help, { s.begin(), s.end() }, []() -> std::unique_ptr<Effect> {
                         return std::make_unique<Adapter>();
                     } };
    if constexpr (requires { D::longestRecording; })
        type.longestRecording = D::longestRecording;
    if constexpr (requires { D::keyed; })
        type.keyed = D::keyed;
    return type;
}

} // namespace lacquer::engine

/// The last line of an effect's file: exports it under the name that effects.def lists.
#define LACQUER_EFFECT(Type)                                                                                 \
    ::lacquer::engine::EffectType describe##Type()                                                           \
    {                                                                                                        \
        return ::lacquer::engine::effectType<Type>();                                                        \
    }
