// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Descriptor.h"
#include "files/Sound.h"

namespace lacquer::files
{

/// Where the samples of a file of the WAV family lie: RIFF/WAVE, RF64 (EBU Tech 3306), BW64 (ITU-R BS.2088),
/// Sony W64.
struct WavHeader
{
    enum class Coding
    {
        integer,
        floating,
        muLaw,
        aLaw
    };
    Sound sound;
    Coding coding = Coding::integer;
    std::int64_t dataBegin = 0; ///< first byte of the samples
    std::int64_t dataBytes = 0; ///< whole frames only
    int sampleBytes = 0;        ///< of one sample of one channel, as stored
    int frameBytes = 0;
};

/// True when the first twelve bytes are of the WAV family.
bool isWav (const unsigned char (&head)[16]);

/// Reads the header; every size in it must lie within the file. [any thread]
Result<WavHeader> wavHeader (const Descriptor&, const std::filesystem::path& name);

} // namespace lacquer::files
