// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/WavHeader.h"

namespace lacquer::files
{

/// A file of plain samples, open for reading at any position: WAV, RF64, BW64 or W64 with 8 to 32-bit
/// integers or 32/64-bit floats. This is what the program streams from. Our own reader: the header is checked
/// against the size of the file before anything is believed.
class PcmFile
{
public:
    /// Opens a file; a Problem when it is none of the kinds above, cut off or damaged, outside the limits of
    /// Sound.h, or no regular file. [any thread but audio]
    static Result<PcmFile> opened (const std::filesystem::path&);
    static Result<PcmFile> opened (Descriptor, const std::filesystem::path& name);

    const Sound& sound() const noexcept { return header.sound; }
    Frames frames() const noexcept { return header.sound.frames; }
    int channels() const noexcept { return header.sound.channels; }
    double rate() const noexcept { return header.sound.rate; }
    std::uint32_t channelMask() const noexcept { return header.sound.channelMask; }

    /// Writes frames [position, position + frames) to out[c][0..frames), full scale 1.0; silence outside the
    /// file. Samples that are no numbers, or beyond +120 dBFS and so no sound either, become 0 and are added
    /// to *damaged. Returns how many leading frames were right: fewer than asked when the disk fails or the
    /// file was cut behind our back. [any thread but audio; several at once] Does not allocate.
    int read (Frames position, int frames, float* const* out, std::int64_t* damaged = nullptr) const noexcept;

    /// Asks the system to have these frames in memory soon; returns before they are. [any thread but audio]
    void expect (Frames position, Frames count) const noexcept;

private:
    Descriptor file;
    WavHeader header;
};

/// Replaces samples that are no sound (NaN, infinite, beyond +120 dBFS) by 0; returns how many.
std::int64_t mended (float* samples, std::size_t count) noexcept;

} // namespace lacquer::files
