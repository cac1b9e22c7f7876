// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/Svf.h"
#include "engine/Processor.h"

#include <atomic>
#include <bit>
#include <cstdint>

namespace lacquer::studio
{

/// A stretch of the spectrum. low, high: Hz; 0 where it has no border.
struct ListenBand
{
    float low = 0, high = 0;
    bool isAll() const noexcept { return low <= 0 && high <= 0; }
    bool operator== (const ListenBand&) const = default;
};

/// Lets one stretch of a sound be heard alone. Between two borders two band-passes in a row, 3 dB down at the
/// borders together and 1 in the middle; with one border a Butterworth cut of 24 dB per octave. Comes and
/// goes over 5 ms; a border that moves is followed within 5 ms.
class BandListen
{
public:
    explicit BandListen (double sampleRate) : rate (sampleRate) {}

    void choose (ListenBand band) noexcept ///< [any thread] all of it: the sound as it is
    {
        wanted.store (std::bit_cast<std::uint64_t> (band), std::memory_order_relaxed);
    }
    ListenBand chosen() const noexcept ///< [any thread]
    {
        return std::bit_cast<ListenBand> (wanted.load (std::memory_order_relaxed));
    }

    /// True when begin() has to be called and frame() gives anything but what it is given. [audio]
    bool works() noexcept;
    void begin() noexcept;                           ///< before the frames of a block [audio]
    void frame (float& left, float& right) noexcept; ///< [audio]
    void reset() noexcept;                           ///< [audio]

private:
    void design (ListenBand, int frames) noexcept;

    double rate;
    std::atomic<std::uint64_t> wanted { 0 };
    ListenBand now {};            // the last one that was not all
    dsp::Svf<float> filter[2][2]; // [section][side]
    float share = 0, step = 0, goal = 0;
};

} // namespace lacquer::studio
