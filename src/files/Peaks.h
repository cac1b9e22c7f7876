// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"
#include "core/Units.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace lacquer::files
{

class PcmFile;

/// The outline of a file for drawing: least, greatest and root mean square sample of bins of 64, 256, 1024
/// ... frames. Each number is the upper half of a float (8 significant bits), rounded outwards, so that a
/// drawn peak is never lower than the real one. Immutable.
class Peaks
{
public:
    struct Bin
    {
        float min = 0, max = 0, rms = 0;
    };

    /// Reads a whole file. [any thread but audio] Stopped by progress: a Problem.
    static Result<Peaks> made (const PcmFile&, const Progress& = {});

    /// The outline of [from, to) of a channel, out of the coarsest level whose bins fit: at most about eight
    /// bins are looked at. Ranges are widened to whole bins of 64 frames. [any thread]
    Bin over (int channel, Frames from, Frames to) const noexcept;

    int channels() const noexcept { return lanes; }
    Frames frames() const noexcept { return length; }

    /// What a cached outline must belong to: the bytes and the time of change of the sound file.
    struct Identity
    {
        std::int64_t bytes = 0, changed = 0; ///< nanoseconds
        bool operator== (const Identity&) const = default;
    };
    static Result<Identity> identityOf (const std::filesystem::path& media);

    /// Writes a cache file, or reads one: nothing in it is believed that does not fit its own size, and one
    /// of another identity is refused. [any thread but audio]
    Outcome saved (const std::filesystem::path&, const Identity&) const;
    static Result<Peaks> loaded (const std::filesystem::path&, const Identity&);

private:
    struct Stored
    {
        std::uint16_t min = 0, max = 0, rms = 0;
    };
    static constexpr int finest = 64, ratio = 4;
    static std::vector<std::size_t> shape (int channels, Frames frames);
    void coarsen();

    int lanes = 0;
    Frames length = 0;
    std::vector<std::vector<Stored>> levels; // of each: the bins of channel 0, then those of channel 1 ...
};

/// The outline of a file out of folder/NAME.peaks, made and stored there when it is missing, out of date or
/// damaged. For a background thread: a minute of stereo takes some milliseconds to read, an hour some
/// seconds. A cache that cannot be written is no Problem.
Result<std::shared_ptr<const Peaks>> cachedPeaks (const std::filesystem::path& media,
                                                  const std::filesystem::path& folder, const Progress& = {});

} // namespace lacquer::files
