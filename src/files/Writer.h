// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "core/Units.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace lacquer::files
{

enum class Encoding
{
    wav16,
    wav24,
    wavFloat, ///< 32-bit
    flac16,
    flac24,
    mp3Cbr320,
    mp3V0,
    vorbis, ///< Ogg, best quality
    opus    ///< Ogg, best quality; 8, 12, 16, 24 or 48 kHz only
};

/// Bits of a sample where samples are integers; 0 for float and lossy encodings.
int wordLength (Encoding);

struct WriterOptions
{
    struct Chunk
    {
        char id[5] = "    "; ///< four characters: "bext", "iXML", "LIST"
        std::vector<unsigned char> bytes;
    };
    Encoding encoding = Encoding::wav24;
    double rate = 48000; ///< Hz; whole
    int channels = 2;
    std::uint32_t channelMask = 0; ///< WAV of more than two channels: speaker bits
    std::vector<Chunk> chunks {};  ///< WAV only: written before the sound, in this order
};

/// Writes one sound file, block by block, under a temporary name beside the final one. finish() brings it to
/// the disk and gives it its name; without finish() nothing is left. WAV becomes RF64 by itself when it
/// passes 4 GiB. Every write is checked and every frame counted.
class Writer
{
public:
    /// Begins path + ".part". [any thread but audio]
    static Result<std::unique_ptr<Writer>> opened (const std::filesystem::path&, const WriterOptions&);

    virtual ~Writer() = default;

    /// Appends frames of full scale 1.0. Integer encodings round to nearest and clip: dither first.
    virtual Outcome write (const float* const* channels, int frames) = 0;

    /// Appends frames already cut to the word length of the encoding: 16 bits are -32768 to 32767. Not for
    /// float and lossy encodings.
    virtual Outcome write (const std::int32_t* const* channels, int frames) = 0;

    /// Completes the header, waits for the disk, renames. Returns the frames written. Once.
    virtual Result<Frames> finish() = 0;
};

} // namespace lacquer::files
