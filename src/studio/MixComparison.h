// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "measure/Meter.h"
#include "measure/OctaveLevels.h"
#include "studio/Rig.h"

#include <array>
#include <filesystem>
#include <optional>
#include <vector>

namespace lacquer::studio
{

/// What is said of a whole mix when it is held against another.
struct MixReading
{
    measure::Reading loudness;
    measure::OctaveLevels::Levels octaves;
    std::vector<measure::Point> series; ///< running loudness every 10 ms from the start on
};

/// One state of a song, rendered and measured. file: where it is also written, as 32-bit float at the
/// project's rate, for Player::setReference(); empty: nowhere. The tap is the master, as it is heard, or the
/// mix bus. [control] Takes long.
Result<MixReading> readMix (const session::Project&, const std::filesystem::path& folder,
                            const session::Song&, Tap::Point, const std::filesystem::path& file = {},
                            const Progress& = {});
/// A sound file. [control]
Result<MixReading> readMix (const std::filesystem::path& soundFile, const Progress& = {});

/// B beside A.
struct MixDifference
{
    std::optional<double> gain; ///< dB that make B as loud as A (integrated); none when one is silent
    /// dB of B over A in each octave at equal loudness; none where one has nothing there.
    std::array<std::optional<double>, measure::OctaveLevels::octaves> octaves;
    std::optional<double>
        tilt; ///< dB per octave, by least squares from 63 Hz to 8 kHz: above 0 B is brighter
};
MixDifference differenceOf (const MixReading& a, const MixReading& b);

/// Another state of a song that plays, to be heard in its place at equal loudness: a mix rendered by
/// readMix() into a file. Whoever plays hands the file to Player::setReference(), and from then on, a few
/// times a second, gainAt() to Monitor::setReferenceLevel(); Monitor::hearReference() changes places in 5 ms.
/// The song itself keeps its level. [control]
class OtherMix
{
public:
    explicit OtherMix (MixReading reading, std::optional<double> ownIntegrated = {})
        : other (std::move (reading)), own (ownIntegrated)
    {
    }

    /// Of the other mix, over the 3 s that end at a position of the song (BS.1770's short-term loudness).
    std::optional<double> shortTermAt (Seconds position) const;

    /// dB for the other mix. liveShortTerm: what the master's meter says of the song at this position
    /// (Rig::masterLoudness()). Where either is softer than -60 LUFS, as in pauses, the difference of the
    /// integrated loudness counts, else 0. Within 24 dB.
    double gainAt (Seconds position, std::optional<double> liveShortTerm) const;

    const MixReading& reading() const { return other; }

private:
    MixReading other;
    std::optional<double> own;
};

} // namespace lacquer::studio
