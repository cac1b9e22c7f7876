// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "measure/Transform.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace lacquer::measure
{

/// The mean level of a programme in each octave, for a coarse look at its tone. [control]
class OctaveLevels
{
public:
    static constexpr int octaves = 10;
    static constexpr double centreOf (int octave) { return 31.25 * (1 << octave); } ///< Hz: 31 to 16000
    using Levels = std::array<std::optional<double>, octaves>;

    OctaveLevels (double sampleRate, int channels);

    void add (std::span<const float* const> channels, int frames); ///< blocks of any size

    /// dB of the power of both channels together within half an octave to either side of the centre; a sine
    /// of full scale in one channel is -3 dB. Empty under -120 dB and for what the rate does not reach. Hann
    /// windows of about 170 ms that overlap by half (Welch); what is shorter is not heard.
    Levels levels() const;

private:
    double rate;
    Transform fft;
    std::vector<double> window;
    std::vector<std::vector<float>> held; ///< by channel: the last window's worth
    std::size_t filled = 0;
    std::vector<double> power; ///< by bin, all windows and channels
    long long windows = 0;
};

} // namespace lacquer::measure
