// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/kernels/Convolution.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace lacquer::dsp
{

/// Taps as they are stored, and how they are to sound: tap n counts gain * decay^n times, and the last `fade`
/// of them fall in a straight line to nothing. The samples must outlive their use.
struct Taps
{
    const float* samples = nullptr;
    int count = 0;
    int fade = 0;
    double gain = 1, decay = 1;
    bool operator== (const Taps&) const = default;
};

/// Convolution of one channel with a long impulse, without latency (W. G. Gardner, JAES 43, 1995; F. Wefers,
/// Partitioned convolution algorithms for real-time auralization, 2015).
///
/// The first 64 taps are convolved directly; the rest in partitions of 64, 256, 1024 and 4096 taps by fast
/// convolution. A partition's work may take as long as the partition itself, and is spread evenly over the
/// blocks of 64 frames in that time. The spectra of the impulse are made on the way, each just before it is
/// needed first: start() costs next to nothing and nothing allocates. The result does not depend on how the
/// sound is cut; the blocks are counted from the first sample that is not silent.
class Convolver
{
public:
    /// For impulses up to `longest` taps. second: of two channels that run side by side, whose work then
    /// falls into different blocks. [control] Allocates.
    void prepare (int longest, bool second = false);

    /// Forgets all sound; from now on with these taps. [audio]
    void start (const Taps&) noexcept;

    /// out = in * taps; out may be in. Finite input. [audio]
    void process (const float* in, float* out, int frames) noexcept;

    /// True when nothing is left to come out, unless something comes in. [audio]
    bool asleep() const noexcept { return sleeping; }

private:
    struct Level
    {
        std::shared_ptr<const kernels::FoldedTransform> transform;
        int size = 0, first = 0, most = 0; // points; first tap; partitions there is room for
        int used = 0, built = 0;           // partitions of this impulse; those whose spectra are made
        int period = 0;                    // blocks of this size that have come in
        int playing = 0;                   // of the two output blocks
        float *sound = nullptr, *impulse = nullptr, *sum = nullptr, *out[2] {};
    };
    void wake() noexcept;
    void finishBlock() noexcept;
    void begin (Level&) noexcept;
    int pieces (const Level&) const noexcept;
    void run (Level&, int piece) noexcept;
    void shape (int first, int count, float* to) const noexcept;

    std::vector<float> memory;
    std::vector<Level> levels;
    Taps taps;
    float *ring = nullptr, *shaped = nullptr, *recent = nullptr, *head = nullptr, *ahead = nullptr;
    float* powers = nullptr; // of the decay, over one block
    std::int64_t now = 0;    // frames since it woke
    std::int64_t idle = 0;
    bool sleeping = true, later = false;
};

} // namespace lacquer::dsp
