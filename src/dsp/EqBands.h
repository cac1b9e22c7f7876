// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"
#include "dsp/EqDesign.h"
#include "dsp/kernels/Cascade.h"

#include <array>
#include <span>

namespace lacquer::dsp
{

enum class BandShape
{
    bell,
    lowShelf,
    highShelf,
    lowCut,
    highCut,
    notch,
    bandPass,
    tilt ///< turns the spectrum about the frequency: gain above, as much less below
};

/// The part of a stereo sound that a band works on.
enum class BandPart
{
    stereo,
    mid,
    side
};

/// What a musician sets of one band.
struct EqBand
{
    bool on = false;
    BandShape shape = BandShape::bell;
    float frequency = 1000; ///< Hz
    float gain = 0;         ///< dB; bell, shelves and tilt
    float q = 0.71f;        ///< all but the cuts
    int order = 4;          ///< of a cut, 1 to 16; 6 dB per octave each
    BandPart part = BandPart::stereo;

    bool operator== (const EqBand&) const = default;
};

/// Seconds until the band has decayed by 120 dB; an upper bound. [any thread]
Seconds ringing (const EqBand&) noexcept;

/// Eight bands in a row in double precision, without latency, on one or two channels. Works on mid and side
/// throughout: a stereo band is the same filter on both. A change moves the filters in a straight line over
/// one block. Bands that are off or flat take no time and change no bit.
class EqBands
{
public:
    static constexpr int count = 8;

    void prepare (double sampleRate) noexcept; ///< also resets. [control]
    void reset() noexcept;                     ///< [audio]

    /// Sets where the bands are to be at the end of the next block; after a reset they are there at once.
    /// [audio]
    void set (std::span<const EqBand, count>) noexcept;

    /// 1 to cascade::longest frames in place. [audio]
    void process (std::span<float* const> channels, int frames) noexcept;

private:
    static constexpr int sectionsOfBand = maxCutSections, slots = count * sectionsOfBand;
    static constexpr int passes = (slots + cascade::most - 1) / cascade::most;

    using Values = std::array<double, cascade::coefficients>;

    /// A section of a band, in use or not; `place` is where it stands in the row of those in use.
    struct Slot
    {
        std::array<Values, 2> target {};
        bool used = false, leaving = false;
        int place = -1;
        bool moves = false;
    };

    void design (int band, const EqBand&) noexcept;
    void arrange() noexcept;
    void wake (std::size_t pass) noexcept;
    void start (int frames) noexcept;
    void finish() noexcept;

    double rate = 48000;
    std::array<EqBand, count> now {};
    std::array<Slot, slots> slot {};
    std::array<cascade::Sections, passes> pass {};
    std::array<cascade::Still, passes> still {}; // what runs where nothing moves
    int used = 0, perPass = cascade::most;
    std::array<bool, passes> moving {}, settled {};
    bool fresh = true, moves = false;
};

} // namespace lacquer::dsp
