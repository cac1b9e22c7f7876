// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <cstdint>
#include <string>

namespace lacquer::files
{

/// What a sound file says about itself, within the limits below.
struct Sound
{
    std::string format;            ///< "WAV", "RF64", "W64", "AIFF", "FLAC", "Ogg Vorbis", "Opus", "MP3"
    int channels = 0;              ///< 1 to maxChannels
    double rate = 0;               ///< Hz
    Frames frames = 0;             ///< exact for PCM files, what the header says for others; 0 = not said
    int bits = 0;                  ///< of a sample as stored; 0 for lossy formats
    bool floating = false;         ///< stored as floating point
    std::uint32_t channelMask = 0; ///< speaker bits of WAVE_FORMAT_EXTENSIBLE; 0 = not said
};

/// libsndfile takes rates from 1 Hz to 2^31 - 1 and 1024 channels; no sound for people needs them.
inline constexpr double minRate = 8000, maxRate = 768000;
inline constexpr int maxChannels = 64;

/// A number of frames at one rate as a number of frames at another: round (frames * to / from), exactly for
/// whole rates.
Frames framesAtRate (Frames frames, double from, double to);

} // namespace lacquer::files
