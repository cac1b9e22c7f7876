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

/// But for frequency, gain and Q they are the same, as far as it is heard. [any thread]
bool sameKind (const EqBand&, const EqBand&) noexcept;

/// Seconds until the band has decayed by 120 dB; an upper bound. [any thread]
Seconds ringing (const EqBand&) noexcept;

/// The sections of a band, with its own gain; none where it is off or flat. [any thread]
CutFilter sectionsOf (const EqBand&, double sampleRate) noexcept;

/// Eight bands in a row in double precision, without latency, on one or two channels. Works on mid and side
/// throughout: a stereo band is the same filter on both. Another frequency, gain or Q moves the filters in a
/// straight line over one block. Bands that are off or flat take no time and change no bit.
///
/// Another kind of band (on, shape, slope, part, following or not) is no place on a line that sounds well:
/// such a band stays as it is and waits for a row that begins with it (FadedBands).
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

    EqBands() = default;
    EqBands (const EqBands&) = delete; // passes know where their slots are
    EqBands& operator= (const EqBands&) = delete;

    void prepare (double sampleRate) noexcept; ///< also resets. [control]
    void reset() noexcept;                     ///< [audio]

    /// Sets where the bands are to be after `frames` frames; after a reset they are there at once. [audio]
    void set (std::span<const EqBand, count>, int frames) noexcept;

    /// Some band is to be of another kind than it is. Until another row goes on with it neither what is set
    /// nor offsets move it. [audio]
    bool waits() const noexcept { return held.any(); }

    /// Goes on from where the other row is, but with the bands for which that waits in their place, at rest.
    /// [audio]
    void goOn (const EqBands& from, std::span<const EqBand, count>) noexcept;

    /// What is heard, or moved to. [audio]
    std::span<const EqBand, count> bands() const noexcept { return now; }

    /// Offsets that a block brings: from a frame of it on, or from its end, the bands that follow move there.
    struct Turn
    {
        int frame;
        Offsets offsets;
    };

    /// 1 to cascade::longest frames in place. [audio]
    void process (std::span<float* const> channels, int frames, std::span<const Turn> = {}) noexcept;

private:
    static constexpr int sectionsOfBand = maxCutSections, slots = count * sectionsOfBand;
    // One for the bands that follow, as only they are worked on in steps, and those of all others.
    static constexpr int passes = 1 + (slots + cascade::most - 1) / cascade::most;
    static constexpr int nodesOfDb = 2, nodes = 2 * static_cast<int> (farthest) * nodesOfDb + 1;

    using Values = std::array<double, cascade::coefficients>;

    /// A section of a band, in use or not, and where it stands. `left` frames from now it is to be at its
    /// target.
    struct Slot
    {
        std::array<Values, 2> target {};
        bool used = false, leaving = false, begins = false, follows = false;
        int pass = -1, section = 0;
        int left = 0;
        void go (int frames) noexcept
        {
            left = frames;
            begins = true;
        }
    };
    /// Sections that run side by side.
    struct Pass
    {
        cascade::Sections sections;
        cascade::Still still; // what runs where nothing moves
        std::array<Slot*, cascade::most> slot {};
        int count = 0;
        bool moving = false, settled = false, follows = false;
    };
    struct Table
    {
        std::array<Values, nodes> value;
        std::bitset<nodes> known;
    };

    void design (std::size_t band, const EqBand&, int frames) noexcept;
    const Values& node (std::size_t band, int n) noexcept;
    Values valuesAt (std::size_t band, float offsetDb) noexcept;
    void offset (Pass&, const Offsets&) noexcept;
    void arrange() noexcept;
    static void wake (Pass&) noexcept;
    static void start (Pass&) noexcept;
    void advance (Pass&, int frames) noexcept;
    void run (Pass&, int frames, std::span<const Turn>) noexcept;

    double rate = 48000;
    std::array<EqBand, count> now {};
    std::bitset<count> held; // bands that wait
    Offsets offsets {};
    std::array<Table, count> table;
    std::array<Slot, slots> slot {};
    std::array<Pass, passes> pass {};
    cascade::Rows rows;      // of a block
    int used = 0;            // passes
    bool rearranged = false; // something has left its place, or wants one
    bool fresh = true;
};

} // namespace lacquer::dsp
