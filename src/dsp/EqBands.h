// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"
#include "dsp/EqDesign.h"
#include "dsp/kernels/Cascade.h"

#include <array>
#include <bitset>
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
    bool follows = false; ///< its gain follows EqBands::offset(): bells and shelves

    /// Bells, shelves and tilts.
    bool hasGain() const noexcept { return shape <= BandShape::highShelf || shape == BandShape::tilt; }
    bool canFollow() const noexcept { return shape <= BandShape::highShelf; }
    bool isCut() const noexcept { return shape == BandShape::lowCut || shape == BandShape::highCut; }
    bool operator== (const EqBand&) const = default;
};

/// Seconds until the band has decayed by 120 dB; an upper bound. [any thread]
Seconds ringing (const EqBand&) noexcept;

/// The sections of a band, with its own gain; none where it is off or flat. [any thread]
CutFilter sectionsOf (const EqBand&, double sampleRate) noexcept;

/// Eight bands in a row in double precision, without latency, on one or two channels. Works on mid and side
/// throughout: a stereo band is the same filter on both. A change moves the filters in a straight line over
/// one block. Bands that are off or flat take no time and change no bit.
///
/// A band that follows takes its gain and an offset, which moves it in a straight line over `step` frames,
/// wherever the sound is cut. Its coefficients stand in a table for every half dB of offset, filled as far as
/// they are needed, and in between on the line from one to the next (within 0.004 dB of the filter itself).
/// Without offset it is the same filter as one that does not follow.
class EqBands
{
public:
    static constexpr int count = 8;
    static constexpr int step = 16;           ///< frames
    static constexpr float farthest = 24;     ///< offset in dB, either way
    using Offsets = std::array<float, count>; ///< dB

    void prepare (double sampleRate) noexcept; ///< also resets. [control]
    void reset() noexcept;                     ///< [audio]

    /// Sets where the bands are to be after `frames` frames; after a reset they are there at once. [audio]
    void set (std::span<const EqBand, count>, int frames) noexcept;

    /// True where these offsets would move a band. [audio]
    bool moves (const Offsets& wanted) const noexcept { return wanted != offsets; }

    /// Sets where the bands that follow are to be after `step` frames. [audio]
    void offset (const Offsets&) noexcept;

    /// 1 to cascade::longest frames in place. [audio]
    void process (std::span<float* const> channels, int frames) noexcept;

private:
    static constexpr int sectionsOfBand = maxCutSections, slots = count * sectionsOfBand;
    static constexpr int passes = (slots + cascade::most - 1) / cascade::most;
    static constexpr int nodesOfDb = 2, nodes = 2 * static_cast<int> (farthest) * nodesOfDb + 1;

    using Values = std::array<double, cascade::coefficients>;

    /// A section of a band, in use or not; `place` is where it stands in the row of those in use. `left`
    /// frames from now it is to be at its target.
    struct Slot
    {
        std::array<Values, 2> target {};
        bool used = false, leaving = false, begins = false;
        int place = -1;
        int left = 0;
        void go (int frames) noexcept
        {
            left = frames;
            begins = true;
        }
    };
    struct Table
    {
        std::array<Values, nodes> value;
        std::bitset<nodes> known;
    };

    void design (std::size_t band, const EqBand&, int frames) noexcept;
    const Values& node (std::size_t band, int n) noexcept;
    Values valuesAt (std::size_t band, float offsetDb) noexcept;
    void arrange() noexcept;
    void wake (std::size_t pass) noexcept;
    void start() noexcept;
    void advance (int frames) noexcept;
    void processPart (float* left, float* right, int frames) noexcept;

    double rate = 48000;
    std::array<EqBand, count> now {};
    Offsets offsets {};
    std::array<Table, count> table;
    std::array<Slot, slots> slot {};
    std::array<cascade::Sections, passes> pass {};
    std::array<cascade::Still, passes> still {}; // what runs where nothing moves
    int used = 0, perPass = cascade::most;
    std::array<bool, passes> moving {}, settled {};
    bool fresh = true, underWay = false;
};

} // namespace lacquer::dsp
