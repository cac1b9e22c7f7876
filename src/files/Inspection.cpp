// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Inspection.h"

#include "files/Bytes.h"
#include "files/WavHeader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>

namespace lacquer::files
{
namespace
{

class Look
{
public:
    Look (const Descriptor& opened, const std::filesystem::path& path)
        : file (opened), where (shownName (path)), size (sizeOf (opened))
    {
    }

    bool at (std::int64_t position, unsigned char* out, std::size_t bytes) const
    {
        return position >= 0 && position <= size - static_cast<std::int64_t> (bytes) &&
               readAt (file, position, out, bytes) == bytes;
    }
    Problem no (std::string what) const { return Problem { std::move (what), where }; }

    Result<Inspection> checked (Sound sound) const
    {
        if (sound.channels < 1 || sound.channels > maxChannels)
            return no ("The header of this file names " + std::to_string (sound.channels) +
                       " channels; Lacquer takes 1 to " + std::to_string (maxChannels) + ".");
        if (! (sound.rate >= minRate && sound.rate <= maxRate))
            return no ("The header of this file names a sample rate that Lacquer does not take: it must be "
                       "8000 to 768000 Hz.");
        return Inspection { std::move (sound), false };
    }

    Result<Inspection> aiff() const;
    Result<Inspection> flac (std::int64_t begin) const;
    Result<Inspection> ogg() const;
    std::optional<Inspection> mp3 (std::int64_t begin) const;

    const Descriptor& file;
    std::string where;
    std::int64_t size;
};

/// AIFF stores its rate as an 80-bit float.
double extended (const unsigned char* b)
{
    const int exponent = static_cast<int> (big16 (b) & 0x7FFF) - 16383 - 63;
    const auto mantissa = static_cast<std::uint64_t> (big32 (b + 2)) << 32 | big32 (b + 6);
    return (b[0] & 0x80) != 0 ? -1.0 : std::ldexp (static_cast<double> (mantissa), exponent);
}

Result<Inspection> Look::aiff() const
{
    Sound sound;
    sound.format = "AIFF";
    unsigned char head[12] {};
    at (0, head, sizeof head);
    const bool compressed = head[11] == 'C';
    std::int64_t frameBytes = 0;
    std::int64_t position = 12;
    for (int chunk = 0; chunk < 20000 && position + 8 <= size; ++chunk)
    {
        unsigned char id[8];
        if (! at (position, id, sizeof id))
            break;
        const std::int64_t length = big32 (id + 4), begin = position + 8;
        const bool isSound = std::memcmp (id, "SSND", 4) == 0;
        if (length > size - begin)
        {
            if (isSound)
                return no ("The file is cut off: its header promises more than is there.");
            return no ("The header of this AIFF file is damaged: a part of it is longer than the file.");
        }
        if (std::memcmp (id, "COMM", 4) == 0)
        {
            unsigned char comm[22] {};
            if (length < (compressed ? 22 : 18) ||
                ! at (begin, comm, static_cast<std::size_t> (compressed ? 22 : 18)))
                return no ("The header of this AIFF file is damaged: its format chunk is too short.");
            sound.channels = static_cast<int> (big16 (comm));
            sound.frames = big32 (comm + 2);
            sound.bits = static_cast<int> (big16 (comm + 6));
            sound.rate = extended (comm + 8);
            int bytes = (sound.bits + 7) / 8;
            if (sound.bits < 1 || sound.bits > 64)
                return no ("This AIFF file has samples of " + std::to_string (sound.bits) +
                           " bits, which Lacquer does not read.");
            if (compressed)
            {
                const std::string_view kind (reinterpret_cast<const char*> (comm + 18), 4);
                const auto is = [&] (auto... names) { return ((kind == names) || ...); };
                if (! is ("NONE", "sowt", "twos", "in24", "in32", "fl32", "FL32", "fl64", "FL64", "ulaw",
                          "ULAW", "alaw", "ALAW", "raw "))
                    return no (
                        "This AIFF-C file holds compressed sound of a kind that Lacquer does not read.");
                sound.floating = is ("fl32", "FL32", "fl64", "FL64");
                if (is ("ulaw", "ULAW", "alaw", "ALAW"))
                    bytes = 1;
            }
            frameBytes = static_cast<std::int64_t> (sound.channels) * bytes;
        }
        if (isSound)
        {
            if (sound.channels == 0 && frameBytes == 0)
            {
                // The format may come after the sound: look on.
            }
            else if (length < 8 || sound.frames * frameBytes > length - 8)
                return no (
                    "The header of this AIFF file contradicts itself: it names more sound than it holds.");
        }
        position = begin + length + length % 2;
    }
    return sound.channels == 0 && frameBytes == 0 ? no ("This AIFF file does not say what it holds.")
                                                  : checked (std::move (sound));
}

Result<Inspection> Look::flac (std::int64_t begin) const
{
    // RFC 9639: "fLaC", then metadata blocks: last-flag and type in a byte, length in three.
    Sound sound;
    sound.format = "FLAC";
    std::int64_t position = begin + 4;
    for (int block = 0; block < 20000; ++block)
    {
        unsigned char head[4], info[34];
        if (! at (position, head, sizeof head))
            return no ("The file is cut off within its header.");
        const std::int64_t length = big32 (head) & 0xFFFFFF;
        if (length > size - position - 4)
            return no ("The header of this FLAC file is damaged: a part of it is longer than the file.");
        if (block == 0)
        {
            if ((head[0] & 0x7F) != 0 || length != 34 || ! at (position + 4, info, sizeof info))
                return no ("This FLAC file does not say what it holds.");
            sound.rate = big32 (info + 10) >> 12;
            sound.channels = static_cast<int> (info[12] >> 1 & 7) + 1;
            sound.bits = static_cast<int> ((info[12] & 1) << 4 | info[13] >> 4) + 1;
            sound.frames = static_cast<std::int64_t> (info[13] & 15) << 32 | big32 (info + 14);
        }
        position += 4 + length;
        if ((head[0] & 0x80) != 0)
            return checked (std::move (sound));
    }
    return no ("The header of this FLAC file is damaged.");
}

Result<Inspection> Look::ogg() const
{
    // RFC 3533: the first page holds the first packet of the first stream alone.
    unsigned char page[27], table[255], packet[64] {};
    if (! at (0, page, sizeof page) || page[4] != 0 || (page[5] & 2) == 0)
        return no ("This Ogg file is damaged: it does not begin with a first page.");
    const std::size_t segments = page[26];
    if (segments == 0 || ! at (27, table, segments))
        return no ("The file is cut off within its header.");
    std::size_t length = 0;
    for (std::size_t n = 0; n < segments; ++n)
        length += table[n];
    if (length < 19 ||
        ! at (27 + static_cast<std::int64_t> (segments), packet, std::min (length, sizeof packet)))
        return no ("This Ogg file does not say what it holds.");

    Sound sound;
    if (std::memcmp (packet, "\x01vorbis", 7) == 0)
    {
        sound.format = "Ogg Vorbis";
        sound.channels = packet[11];
        sound.rate = little32 (packet + 12);
    }
    else if (std::memcmp (packet, "OpusHead", 8) == 0)
    {
        sound.format = "Opus";
        sound.channels = packet[9];
        sound.rate = 48000; // whatever was encoded, Opus decodes at this rate (RFC 7845)
    }
    else if (std::memcmp (packet,
                          "\x7F"
                          "FLAC",
                          5) == 0 &&
             length >= 51)
    {
        sound.format = "FLAC";
        const unsigned char* info = packet + 17;
        sound.rate = big32 (info + 10) >> 12;
        sound.channels = static_cast<int> (info[12] >> 1 & 7) + 1;
        sound.bits = static_cast<int> ((info[12] & 1) << 4 | info[13] >> 4) + 1;
    }
    else
        return no ("This Ogg file holds something other than Vorbis, Opus or FLAC.");
    return checked (std::move (sound));
}

struct MpegFrame
{
    int version = 0, bytes = 0, rate = 0, channels = 0;
};

/// A frame header of MPEG-1/2/2.5 Layer III (ISO/IEC 11172-3 2.4.1.3, 13818-3).
std::optional<MpegFrame> mpegFrame (const unsigned char* b)
{
    static constexpr int rates[3] = { 44100, 48000, 32000 };
    static constexpr int kbits1[15] = { 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 };
    static constexpr int kbits2[15] = { 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 };
    const int version = b[1] >> 3 & 3; // 3: 1, 2: 2, 0: 2.5
    const int layer = b[1] >> 1 & 3, bitrate = b[2] >> 4, rate = b[2] >> 2 & 3;
    if (b[0] != 0xFF || (b[1] & 0xE0) != 0xE0 || version == 1 || layer != 1 || bitrate == 0 ||
        bitrate == 15 || rate == 3)
        return {};
    MpegFrame frame;
    frame.version = version;
    frame.rate = rates[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    frame.channels = (b[3] >> 6) == 3 ? 1 : 2;
    const int kbits = version == 3 ? kbits1[bitrate] : kbits2[bitrate];
    frame.bytes = (version == 3 ? 144000 : 72000) * kbits / frame.rate + (b[2] >> 1 & 1);
    return frame;
}

std::optional<Inspection> Look::mp3 (std::int64_t begin) const
{
    // Padding between tag and sound is common; two headers in a row that agree are no accident.
    std::vector<unsigned char> bytes (
        static_cast<std::size_t> (std::clamp<std::int64_t> (size - begin, 0, 65536)));
    if (bytes.size() < 8 || ! at (begin, bytes.data(), bytes.size()))
        return {};
    for (std::size_t n = 0; n + 4 <= bytes.size(); ++n)
    {
        const auto first = mpegFrame (bytes.data() + n);
        if (! first)
            continue;
        const auto next = begin + static_cast<std::int64_t> (n) + first->bytes;
        unsigned char head[4];
        const bool alone = next == size;
        if (! alone)
        {
            if (! at (next, head, sizeof head))
                continue;
            const auto second = mpegFrame (head);
            if (! second || second->rate != first->rate || second->version != first->version)
                continue;
        }
        Sound sound;
        sound.format = "MP3";
        sound.channels = first->channels;
        sound.rate = first->rate;
        return Inspection { sound, false };
    }
    return {};
}

} // namespace

Result<Inspection> inspected (const Descriptor& file, const std::filesystem::path& path)
{
    const Look look (file, path);
    unsigned char head[16] {};
    if (look.size == 0)
        return look.no ("The file is empty.");
    readAt (file, 0, head, sizeof head);
    const auto starts = [&] (const char* magic, std::size_t bytes)
    { return std::memcmp (head, magic, bytes) == 0; };

    if (isWav (head))
    {
        auto header = wavHeader (file, path);
        if (! header)
            return header.problem();
        const bool plain =
            header->coding == WavHeader::Coding::integer || header->coding == WavHeader::Coding::floating;
        return Inspection { header->sound, plain };
    }
    if (starts ("FORM", 4) &&
        (std::memcmp (head + 8, "AIFF", 4) == 0 || std::memcmp (head + 8, "AIFC", 4) == 0))
        return look.aiff();
    if (starts ("fLaC", 4))
        return look.flac (0);
    if (starts ("OggS", 4))
        return look.ogg();
    if (starts ("RIFX", 4))
        return look.no ("This is a big-endian WAV file (RIFX), which Lacquer does not read.");
    if (std::memcmp (head + 4, "ftyp", 4) == 0)
        return look.no (
            "This is an MP4 or M4A file, which Lacquer does not read; convert it to WAV or FLAC.");

    std::int64_t begin = 0;
    if (starts ("ID3", 3))
    {
        // ID3v2: four times seven bits.
        begin =
            10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]) + ((head[5] & 16) != 0 ? 10 : 0);
        if (((head[6] | head[7] | head[8] | head[9]) & 0x80) != 0 || begin >= look.size)
            return look.no ("The header of this file is damaged: its tag is longer than the file.");
        unsigned char magic[4] {};
        if (look.at (begin, magic, sizeof magic) && std::memcmp (magic, "fLaC", 4) == 0)
            return look.flac (begin);
    }
    if (auto found = look.mp3 (begin))
        return *found;
    return look.no ("This is no sound file that Lacquer reads: WAV, RF64, W64, AIFF, FLAC, Ogg Vorbis, Opus "
                    "or MP3.");
}

} // namespace lacquer::files
