// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/FastMath.h"
#include "engine/Effect.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace lacquer::mix
{

/// The clock of slow movements: chorus, flanger, phaser, tremolo.
///
/// The rule: with a note value the phase is that of the song, 0 at its first beat and at every whole number
/// of cycles after it, wherever playback starts. Without, it counts frames as if it had run at this rate
/// since the song's start: what is late elsewhere does not move it against the sound. While the song stands
/// still and only tails ring, it goes on. A jump of the song, or another note value, is caught up with in a
/// slide of 50 ms. Whole numbers all through, so that the cuts of blocks do not show.
class Cycle
{
public:
    /// Menu of note values; the index goes to begin().
    static constexpr std::string_view notes =
        "Off|8/1|4/1|2/1|1/1|1/2.|1/2|1/2T|1/4.|1/4|1/4T|1/8.|1/8|1/8T|1/16.|1/16|1/16T|1/32";

    void prepare (double sampleRate) noexcept
    {
        rate = sampleRate;
        slide = static_cast<int> (0.05 * rate);
        reset();
    }

    void reset() noexcept ///< [audio]
    {
        phase = 0;
        behind = 0;
        left = 0;
        fresh = true;
    }

    /// Begins a block. note: index in the menu; hertz: what holds at 0, "Off". [audio]
    void begin (const engine::SongTime& time, float note, float hertz) noexcept
    {
        const auto n = static_cast<std::size_t> (note + 0.5f);
        if (n == 0)
        {
            step = turns (static_cast<double> (hertz) / rate);
            if (fresh && time.playing)
                phase = static_cast<std::uint64_t> (time.position) * step;
        }
        else
        {
            const double cycles = 1 / beats[n];
            step = turns (time.bpm / 60 / rate * cycles);
            const double turn = time.beat * cycles;
            const std::uint64_t wanted = turns (turn - std::floor (turn));
            const auto off = static_cast<std::int64_t> (phase - wanted);
            if (time.playing && (fresh || std::abs (off >> 32) > (std::int64_t { 1 } << 22))) // a thousandth
            {
                // Turns go round: the sum of two slides may be more than a turn.
                const auto still = static_cast<std::uint64_t> (behindAt (0));
                behind = fresh ? 0 : static_cast<std::int64_t> (phase - wanted + still);
                left = fresh ? 0 : slide;
                phase = wanted;
            }
        }
        fresh = false;
    }

    /// The phase at a frame of the block, 0 to 1, plus an offset. [audio]
    double at (int n, double offset = 0) const noexcept
    {
        const auto p =
            phase + static_cast<std::uint64_t> (n) * step + static_cast<std::uint64_t> (behindAt (n));
        const double turn = static_cast<double> (p >> 11) * 0x1p-53 + offset;
        return turn >= 1 ? turn - 1 : turn;
    }

    void end (int frames) noexcept ///< [audio]
    {
        phase += static_cast<std::uint64_t> (frames) * step;
        left = left > frames ? left - frames : 0;
    }

    /// Cycles per second as of this block.
    double hertz() const noexcept { return static_cast<double> (step) * 0x1p-64 * rate; }

private:
    static constexpr double beats[] { 1, 32,      16,   8,   4,       3,     2,    4.0 / 3, 1.5,
                                      1, 2.0 / 3, 0.75, 0.5, 1.0 / 3, 0.375, 0.25, 1.0 / 6, 0.125 };

    static std::uint64_t turns (double t) noexcept { return static_cast<std::uint64_t> (t * 0x1p63) << 1; }

    std::int64_t behindAt (int n) const noexcept { return left > n ? behind / slide * (left - n) : 0; }

    double rate = 48000;
    std::uint64_t phase = 0, step = 0;
    std::int64_t behind = 0;
    int slide = 1, left = 0;
    bool fresh = true;
};

} // namespace lacquer::mix
