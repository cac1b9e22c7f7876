// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/WavHeader.h"

#include "files/Bytes.h"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace lacquer::files
{
namespace
{

// Microsoft's tail of every wave format GUID; Sony's GUIDs of the W64 chunks.
constexpr unsigned char waveGuidTail[14] = { 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71 };
constexpr unsigned char w64RiffTail[12] = {
    0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0, 0
};
constexpr unsigned char w64ChunkTail[12] = { 0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1,
                                             0,    0xC0, 0x4F, 0x8E, 0xDB, 0x8A };

// A chunk costs one read: enough for any honest file, and an end for a file of nothing but empty chunks.
constexpr int maxChunks = 20000;

std::string seconds (double value)
{
    char text[32];
    std::snprintf (text, sizeof text, "%.1f s", value);
    return text;
}

/// Fills the format part; what is wrong as a sentence, empty when nothing is.
std::string readFormat (const unsigned char* fmt, std::size_t size, WavHeader& header)
{
    if (size < 16)
        return "The header of this WAV file is damaged: its format chunk is too short.";
    unsigned tag = little16 (fmt);
    const int channels = static_cast<int> (little16 (fmt + 2));
    const double rate = little32 (fmt + 4);
    const int frameBytes = static_cast<int> (little16 (fmt + 12));
    const int bits = static_cast<int> (little16 (fmt + 14));
    if (tag == 0xFFFE)
    {
        if (size < 40 || std::memcmp (fmt + 26, waveGuidTail, sizeof waveGuidTail) != 0)
            return "This WAV file holds a kind of sound that Lacquer does not know.";
        header.sound.channelMask = little32 (fmt + 20);
        tag = little16 (fmt + 24);
    }
    if (channels < 1 || channels > maxChannels)
        return "The header of this file names " + std::to_string (channels) +
               " channels; Lacquer takes 1 to " + std::to_string (maxChannels) + ".";
    if (rate < minRate || rate > maxRate)
        return "The header of this file names a sample rate of " + std::to_string (little32 (fmt + 4)) +
               " Hz; Lacquer takes 8000 to 768000.";

    const int bytes = (bits + 7) / 8;
    bool known = false;
    switch (tag)
    {
        case 1:
            header.coding = WavHeader::Coding::integer;
            known = bits >= 1 && bits <= 32;
            break;
        case 3:
            header.coding = WavHeader::Coding::floating;
            known = bits == 32 || bits == 64;
            break;
        case 6:
            header.coding = WavHeader::Coding::aLaw;
            known = bits == 8;
            break;
        case 7:
            header.coding = WavHeader::Coding::muLaw;
            known = bits == 8;
            break;
        default: return "This WAV file holds compressed sound of a kind that Lacquer does not read.";
    }
    if (! known)
        return "This WAV file has samples of " + std::to_string (bits) +
               " bits, which Lacquer does not read.";
    if (frameBytes != channels * bytes)
        return "The header of this WAV file contradicts itself: " + std::to_string (channels) +
               " channels of " + std::to_string (bits) + " bits do not make a frame of " +
               std::to_string (frameBytes) + " bytes.";
    header.sound.channels = channels;
    header.sound.rate = rate;
    header.sound.bits = bits;
    header.sound.floating = header.coding == WavHeader::Coding::floating;
    header.sampleBytes = bytes;
    header.frameBytes = frameBytes;
    return {};
}

} // namespace

bool isWav (const unsigned char (&head)[16])
{
    const bool riff = std::memcmp (head, "RIFF", 4) == 0 || std::memcmp (head, "RF64", 4) == 0 ||
                      std::memcmp (head, "BW64", 4) == 0;
    return (riff && std::memcmp (head + 8, "WAVE", 4) == 0) ||
           (std::memcmp (head, "riff", 4) == 0 && std::memcmp (head + 4, w64RiffTail, 12) == 0);
}

Result<WavHeader> wavHeader (const Descriptor& file, const std::filesystem::path& path)
{
    const auto where = shownName (path);
    const auto size = sizeOf (file);
    unsigned char head[16] {};
    if (readAt (file, 0, head, sizeof head) < sizeof head || ! isWav (head))
        return Problem { "This is not a WAV file.", where };

    WavHeader header;
    const bool w64 = head[0] == 'r';
    const bool large = ! w64 && std::memcmp (head, "RIFF", 4) != 0; // sizes in a ds64 chunk
    const bool streamed = ! w64 && ! large && little32 (head + 4) == 0xFFFFFFFFu;
    header.sound.format = w64 ? "W64" : large ? std::string (head, head + 4) : "WAV";
    const std::int64_t chunkHead = w64 ? 24 : 8;
    std::int64_t position = w64 ? 40 : 12;
    std::int64_t largeData = -1;
    bool formatSeen = false;

    for (int chunk = 0; chunk < maxChunks && position + chunkHead <= size; ++chunk)
    {
        unsigned char id[24] {};
        if (readAt (file, position, id, static_cast<std::size_t> (chunkHead)) <
            static_cast<std::size_t> (chunkHead))
            break;
        const bool ours = ! w64 || std::memcmp (id + 4, w64ChunkTail, sizeof w64ChunkTail) == 0;
        const auto is = [&] (const char* name) { return ours && std::memcmp (id, name, 4) == 0; };
        const std::int64_t begin = position + chunkHead;
        std::int64_t length = 0;
        if (w64)
        {
            const auto whole = little64 (id + 16);
            if (whole < 24 || whole > static_cast<std::uint64_t> (size - position))
            {
                if (! is ("data"))
                    break;
                return Problem { "The file is cut off: its header promises more than is there.", where };
            }
            length = static_cast<std::int64_t> (whole) - 24;
        }
        else
        {
            length = little32 (id + 4);
            if (is ("data") && length == 0xFFFFFFFF && large && largeData >= 0)
                length = largeData;
            else if (is ("data") && length == 0xFFFFFFFF && streamed)
                length = size - begin; // written to a pipe: nobody could come back and fill in the size
        }

        if (is ("data"))
        {
            if (! formatSeen)
                return Problem { "The header of this WAV file is damaged: the sound comes before its format.",
                                 where };
            if (length > size - begin)
            {
                const double perSecond = header.sound.rate * header.frameBytes;
                return Problem { "The file is cut off: its header promises " +
                                     seconds (static_cast<double> (length) / perSecond) + ", but only " +
                                     seconds (static_cast<double> (size - begin) / perSecond) + " are there.",
                                 where, "Copy or export it again." };
            }
            header.dataBegin = begin;
            header.sound.frames = length / header.frameBytes;
            header.dataBytes = header.sound.frames * header.frameBytes;
            return header;
        }
        if (length > size - begin)
            return Problem { "The header of this file is damaged: a part of it is longer than the file.",
                             where };
        if (is ("ds64") && large && length >= 24)
        {
            unsigned char sizes[24];
            if (readAt (file, begin, sizes, sizeof sizes) < sizeof sizes)
                break;
            const auto data = little64 (sizes + 8);
            if (data > static_cast<std::uint64_t> (size))
                return Problem { "The file is cut off: its header promises more than is there.", where };
            largeData = static_cast<std::int64_t> (data);
        }
        if (is ("fmt "))
        {
            unsigned char fmt[40] {};
            const auto wanted = static_cast<std::size_t> (std::min<std::int64_t> (length, sizeof fmt));
            if (readAt (file, begin, fmt, wanted) < wanted)
                break;
            if (auto wrong = readFormat (fmt, wanted, header); ! wrong.empty())
                return Problem { wrong, where };
            formatSeen = true;
        }
        const std::int64_t align = w64 ? 8 : 2;
        position = begin + (length + align - 1) / align * align;
    }
    return Problem { "This WAV file holds no sound.", where };
}

} // namespace lacquer::files
