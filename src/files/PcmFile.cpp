// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/PcmFile.h"

#include "files/Bytes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fcntl.h>

namespace lacquer::files
{

Frames framesAtRate (Frames frames, double from, double to)
{
    const auto in = static_cast<std::int64_t> (from), out = static_cast<std::int64_t> (to);
    if (static_cast<double> (in) != from || static_cast<double> (out) != to)
        return std::llround (static_cast<double> (frames) * to / from);
    // In parts, so that the product stays within 64 bits for any length: frames = whole * in + rest.
    const auto whole = frames / in, rest = frames % in;
    return whole * out + (2 * rest * out + in) / (2 * in);
}

std::int64_t mended (float* samples, std::size_t count) noexcept
{
    std::int64_t bad = 0;
    for (std::size_t n = 0; n < count; ++n)
    {
        // 2^20, +120 dBFS: renderers leave such values behind (4.8e37 seen), and one of them drowns a mix.
        if (! (std::abs (samples[n]) <= 0x1p20f))
        {
            samples[n] = 0;
            ++bad;
        }
    }
    return bad;
}

Result<PcmFile> PcmFile::opened (const std::filesystem::path& path)
{
    auto file = openedForReading (path);
    if (! file)
        return file.problem();
    return opened (std::move (*file), path);
}

Result<PcmFile> PcmFile::opened (Descriptor file, const std::filesystem::path& name)
{
    auto header = wavHeader (file, name);
    if (! header)
        return header.problem();
    if (header->coding != WavHeader::Coding::integer && header->coding != WavHeader::Coding::floating)
        return Problem { "This WAV file is compressed and must be imported first.", shownName (name) };
    PcmFile opened;
    opened.file = std::move (file);
    opened.header = std::move (*header);
    return opened;
}

namespace
{

/// The samples of one channel out of interleaved frames.
void unpack (const WavHeader& header, const unsigned char* bytes, int channel, int frames, float* out)
{
    const auto* b = bytes + channel * header.sampleBytes;
    const int step = header.frameBytes;
    const bool floating = header.coding == WavHeader::Coding::floating;
    switch (header.sampleBytes)
    {
        case 1:
            for (int n = 0; n < frames; ++n, b += step)
                out[n] = static_cast<float> (*b - 128) * 0x1p-7f;
            break;
        case 2:
            for (int n = 0; n < frames; ++n, b += step)
                out[n] = static_cast<float> (static_cast<std::int16_t> (little16 (b))) * 0x1p-15f;
            break;
        case 3:
            // Four bytes at once, of which the last is thrown away; not for the last frame, behind which
            // there may be nothing.
            for (int n = 0; n + 1 < frames; ++n, b += step)
                out[n] = static_cast<float> (static_cast<std::int32_t> (little32 (b) << 8)) * 0x1p-31f;
            if (frames > 0)
                out[frames - 1] =
                    static_cast<float> (static_cast<std::int32_t> (static_cast<std::uint32_t> (b[0]) << 8 |
                                                                   static_cast<std::uint32_t> (b[1]) << 16 |
                                                                   static_cast<std::uint32_t> (b[2]) << 24)) *
                    0x1p-31f;
            break;
        case 4:
            for (int n = 0; n < frames; ++n, b += step)
                out[n] = floating ? std::bit_cast<float> (little32 (b))
                                  : static_cast<float> (static_cast<std::int32_t> (little32 (b))) * 0x1p-31f;
            break;
        default: // 8 bytes: float64
            for (int n = 0; n < frames; ++n, b += step)
                out[n] = static_cast<float> (std::bit_cast<double> (little64 (b)));
            break;
    }
}

} // namespace

int PcmFile::read (Frames position, int frames, float* const* out, std::int64_t* damaged) const noexcept
{
    const int lanes = channels();
    const Frames begin = std::clamp<Frames> (position, 0, this->frames());
    const Frames end = std::clamp<Frames> (position + frames, begin, this->frames());
    const auto silence = [&] (Frames from, Frames to)
    {
        for (int c = 0; c < lanes; ++c)
            std::fill (out[c] + std::clamp<Frames> (from - position, 0, frames),
                       out[c] + std::clamp<Frames> (to - position, 0, frames), 0.0f);
    };
    silence (position, begin);
    silence (end, position + frames);
    unsigned char bytes[16384];
    // frameBytes <= 64 * 8, so a chunk holds at least 32 frames.
    const Frames chunk = static_cast<Frames> (sizeof bytes) / header.frameBytes;
    for (Frames at = begin; at < end;)
    {
        const Frames wanted = std::min (chunk, end - at);
        const auto got = readAt (file, header.dataBegin + at * header.frameBytes, bytes,
                                 static_cast<std::size_t> (wanted * header.frameBytes));
        const auto whole = static_cast<int> (got / static_cast<std::size_t> (header.frameBytes));
        for (int c = 0; c < lanes; ++c)
        {
            float* to = out[c] + (at - position);
            unpack (header, bytes, c, whole, to);
            if (header.sound.floating)
            {
                const auto bad = mended (to, static_cast<std::size_t> (whole));
                if (damaged != nullptr)
                    *damaged += bad;
            }
        }
        if (whole < wanted)
        {
            silence (at + whole, end);
            return static_cast<int> (at + whole - position);
        }
        at += wanted;
    }
    return frames;
}

void PcmFile::expect (Frames position, Frames count) const noexcept
{
    const Frames begin = std::clamp<Frames> (position, 0, frames());
    const Frames end = std::clamp<Frames> (position + count, begin, frames());
    // Advice only: where the system takes none, the read itself waits for the disk.
    if (end > begin)
        static_cast<void> (::posix_fadvise (file.number(), header.dataBegin + begin * header.frameBytes,
                                            (end - begin) * header.frameBytes, POSIX_FADV_WILLNEED));
}

} // namespace lacquer::files
