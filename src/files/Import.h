// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Decoder.h"
#include "files/SongTime.h"

#include <span>

namespace lacquer::files
{

enum class Placement
{
    copy,     ///< into the folder
    reference ///< left where it lies if it can be streamed as it is; copied otherwise
};

struct ImportOptions
{
    double rate = 0;              ///< Hz, that of the project; 0 keeps the file's own
    std::filesystem::path folder; ///< the project's Audio folder; made when missing
    Placement placement = Placement::copy;
    Seconds patience { 5 }; ///< without progress of the decoder
    Progress progress {};
};

/// A file of the outside made ready to stream: one or two channels of plain samples at the project's rate.
struct Imported
{
    std::filesystem::path file; ///< the WAV to stream
    bool referenced = false;    ///< file is the original itself
    int channels = 0;
    Frames frames = 0;
    double rate = 0;
    Sound source;             ///< what the original is; frames: those that came out of it
    std::int64_t damaged = 0; ///< samples of the original that were no sound, replaced by 0
    std::string hash;         ///< SHA-256 of the content of file
    SongTime time;            ///< what the original says of its place and tempo, to be offered
    std::string note;         ///< what the user should know, a sentence; mostly empty
};

/// Reads a sound file through the guarded decoder, converts the rate with Resampler and writes
/// folder/NAME.wav: 24-bit where that loses nothing (integers of up to 24 bits, rate kept), 32-bit float
/// otherwise. Never overwrites: "Kick 2.wav" when there is a Kick.wav. [any thread but audio] A Problem names
/// the file and why; nothing is left behind then.
Result<Imported> imported (const std::filesystem::path&, const ImportOptions&);

/// The rate that most of the files have; of equally many the higher. 48000 when there are none.
double chooseProjectRate (std::span<const Sound>);

} // namespace lacquer::files
