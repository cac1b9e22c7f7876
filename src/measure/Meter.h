// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/PeakInterpolator.h"
#include "measure/LoudnessGrid.h"

#include <optional>

namespace lacquer::measure
{

/// What a meter says of a whole programme. A figure that does not exist, such as the loudness of silence, is
/// empty.
struct Reading
{
    std::optional<double> integrated;   ///< LUFS; from 400 ms on
    std::optional<double> maxMomentary; ///< LUFS, of whole 400 ms windows
    std::optional<double> maxShortTerm; ///< LUFS, of whole 3 s windows
    std::optional<double> range;        ///< LRA in LU
    std::optional<double> truePeak;     ///< dBTP, largest of all channels
    std::optional<double> samplePeak;   ///< dBFS
    std::optional<double> correlation;  ///< -1 to 1, of the first two channels
    double dc = 0;                      ///< mean of the channel farthest from 0; full scale is 1
    Frames frames = 0;

    bool operator== (const Reading&) const = default;

    /// Peak to loudness ratio in LU: true peak less integrated loudness.
    std::optional<double> plr() const
    {
        return truePeak && integrated ? std::optional (*truePeak - *integrated) : std::nullopt;
    }
};

/// The running values at one point of the 10 ms grid; empty for silence.
struct Point
{
    Seconds time { 0 };
    std::optional<double> momentary, shortTerm; ///< LUFS, as if silence came before the start
};

/// Whether a meter keeps its running values.
enum class Series
{
    dropped,
    kept
};

/// Measures a programme after ITU-R BS.1770-5, EBU Tech 3341 and 3342, for 1 to 32 channels at 8 to 768 kHz.
/// Feed blocks of any size: the result does not depend on the cuts, to the bit. One thread; allocates.
class Meter
{
public:
    Meter (double sampleRate, std::span<const Role> roles, Series = Series::dropped);

    void reset();
    void add (std::span<const float* const> channels, Frames frames); ///< one pointer per role
    Reading result() const;                                           ///< of all so far; adding may go on

    /// The running values so far, if they are kept.
    const std::vector<Point>& series() const noexcept { return points; }

private:
    LoudnessGrid grid;
    std::vector<dsp::TruePeak> peaks;
    Series keep;
    std::vector<double> blocks, windows; // powers of 400 ms and of 3 s, every 100 ms
    double loudestMoment = 0, loudestWindow = 0;
    std::vector<Point> points;
};

} // namespace lacquer::measure
