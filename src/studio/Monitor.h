// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Processor.h"
#include "studio/BandListen.h"

#include <atomic>

namespace lacquer::studio
{

/// What stands between a song's end and the loudspeakers, and never in an export: level, dim, mono, swapped
/// sides, a reference in place of the song, and what is listened to before or after its fader in place of
/// both. At 0 dB with all switches off it passes every bit. Everything moves over 10 ms; song and reference
/// change places in 5 ms at equal power.
class Monitor
{
public:
    explicit Monitor (double sampleRate);

    // [any thread]
    void setLevel (double decibels) noexcept; ///< silence at -100 and below
    void setDim (bool on) noexcept { dimmed.store (on, std::memory_order_relaxed); }
    void setDimLevel (double decibels) noexcept; ///< initially -20 dB
    void setMute (bool on) noexcept { muted.store (on, std::memory_order_relaxed); }
    void setMono (bool on) noexcept { mono.store (on, std::memory_order_relaxed); }
    void setSwap (bool on) noexcept { swapped.store (on, std::memory_order_relaxed); }
    void hearReference (bool on) noexcept { reference.store (on, std::memory_order_relaxed); }
    void setReferenceLevel (double decibels) noexcept; ///< to compare at equal loudness
    void hearListened (bool on) noexcept { listened.store (on, std::memory_order_relaxed); }
    /// Of what is listened to, a stretch of the spectrum alone; it comes and goes over 5 ms.
    void setListenBand (ListenBand b) noexcept { band.choose (b); }
    /// The pair of a device's outputs, from 0: outputs 2 n and 2 n + 1.
    void setOutputPair (int pair) noexcept { outputs.store (pair, std::memory_order_relaxed); }

    bool dim() const noexcept { return dimmed.load (std::memory_order_relaxed); }
    bool mute() const noexcept { return muted.load (std::memory_order_relaxed); }
    bool isMono() const noexcept { return mono.load (std::memory_order_relaxed); }
    bool swap() const noexcept { return swapped.load (std::memory_order_relaxed); }
    bool hearsReference() const noexcept { return reference.load (std::memory_order_relaxed); }
    bool hearsListened() const noexcept { return listened.load (std::memory_order_relaxed); }
    ListenBand listenBand() const noexcept { return band.chosen(); }
    int outputPair() const noexcept { return outputs.load (std::memory_order_relaxed); }
    double level() const noexcept { return decibels.load (std::memory_order_relaxed); }

    /// Writes what the loudspeakers get. Any of the sounds may be silent. [audio] 1 to engine::quantum
    /// frames; out may be none of the others.
    void process (const engine::Signal& song, const engine::Signal& listenedTo,
                  const engine::Signal& compared, int frames, engine::Signal& out) noexcept;
    void reset() noexcept; ///< everything is at once where it was going [audio]

private:
    /// A number on its way: the same steps however time is cut.
    struct Way
    {
        float now = 0, step = 0;
        float towards (float target) noexcept;
    };

    float perFrame;
    std::atomic<double> decibels { 0 };
    std::atomic<float> gain { 1 }, dimGain { 0.1f }, referenceGain { 1 };
    std::atomic<bool> dimmed { false }, muted { false }, mono { false }, swapped { false },
        reference { false }, listened { false };
    std::atomic<int> outputs { 0 };
    BandListen band;
    Way loud { 1, 0 }, middle, crossed, compares, listens, matched { 1, 0 }; // audio
};

} // namespace lacquer::studio
