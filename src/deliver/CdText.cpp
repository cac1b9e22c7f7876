// SPDX-License-Identifier: GPL-3.0-or-later
#include "deliver/CdText.h"

#include <algorithm>
#include <array>

namespace lacquer::deliver
{

namespace
{

constexpr std::size_t packSize = 18, payloadSize = 12;
constexpr std::size_t longestText = 160; // recommended limit of a string (docs: standards, CD-Text)
constexpr std::size_t mostPacks = 253;   // the documented safe number of packs per block
constexpr std::uint8_t typeCode = 0x8E, typeSize = 0x8F;
constexpr std::uint8_t english = 0x09;

using Text = std::string TextEntry::*;
struct PackType
{
    std::uint8_t type;
    Text text;
};
constexpr std::array<PackType, 7> types { { { 0x80, &TextEntry::title },
                                            { 0x81, &TextEntry::performer },
                                            { 0x82, &TextEntry::songwriter },
                                            { 0x83, &TextEntry::composer },
                                            { 0x84, &TextEntry::arranger },
                                            { 0x85, &TextEntry::message },
                                            { typeCode, &TextEntry::code } } };

/// CRC-16 with polynomial 0x1021, start 0, most significant bit first, complemented (MMC-3 annex J).
std::uint16_t checksum (const std::uint8_t* bytes)
{
    unsigned crc = 0;
    for (std::size_t n = 0; n < packSize - 2; ++n)
    {
        crc ^= static_cast<unsigned> (bytes[n]) << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 0x8000u) != 0 ? (crc << 1) ^ 0x1021u : crc << 1;
    }
    return static_cast<std::uint16_t> (~crc);
}

class Packs
{
public:
    /// Starts a pack whose first payload byte belongs to character `sent` of track `track`.
    void start (std::uint8_t type, std::uint8_t track, std::size_t sent)
    {
        bytes.resize (bytes.size() + packSize);
        used = 0;
        auto* p = last();
        p[0] = type;
        p[1] = track;
        p[2] = static_cast<std::uint8_t> (count++);
        p[3] = static_cast<std::uint8_t> (std::min<std::size_t> (sent, 15));
    }
    bool full() const { return used == payloadSize; }
    void add (std::uint8_t byte) { last()[4 + used++] = byte; }

    std::vector<std::uint8_t> finished()
    {
        for (std::size_t n = 0; n < bytes.size(); n += packSize)
        {
            const auto crc = checksum (&bytes[n]);
            bytes[n + 16] = static_cast<std::uint8_t> (crc >> 8);
            bytes[n + 17] = static_cast<std::uint8_t> (crc);
        }
        return std::move (bytes);
    }

    std::size_t count = 0;

private:
    std::uint8_t* last() { return &bytes[bytes.size() - packSize]; }

    std::vector<std::uint8_t> bytes;
    std::size_t used = payloadSize;
};

} // namespace

Result<std::string> latin1 (const std::string& utf8)
{
    const Problem noPlace { "\"" + utf8 + "\" has a character that CD-Text (ISO 8859-1) does not know.",
                            {},
                            "Write it with Western European letters." };
    std::string out;
    for (std::size_t n = 0; n < utf8.size(); ++n)
    {
        auto code = static_cast<unsigned> (static_cast<unsigned char> (utf8[n]));
        if (code >= 0x80)
        {
            // Only two-byte sequences reach U+00FF.
            if ((code & 0xE0u) != 0xC0 || n + 1 >= utf8.size() ||
                (static_cast<unsigned char> (utf8[n + 1]) & 0xC0) != 0x80)
                return noPlace;
            code = (code & 0x1Fu) << 6 | (static_cast<unsigned char> (utf8[++n]) & 0x3Fu);
        }
        if (code < 0x20 || (code >= 0x7F && code <= 0x9F) || code > 0xFF)
            return noPlace;
        out += static_cast<char> (code);
    }
    return out;
}

Result<std::vector<std::uint8_t>> cdText (const TextEntry& disc, const std::vector<TextEntry>& tracks)
{
    if (tracks.empty() || tracks.size() > 99)
        return Problem { "A CD has 1 to 99 tracks, not " + std::to_string (tracks.size()) + "." };

    std::vector<TextEntry> all { disc };
    all.insert (all.end(), tracks.begin(), tracks.end());

    Packs packs;
    std::array<std::uint8_t, 16> perType {};
    for (const auto& [type, text] : types)
    {
        if (std::all_of (all.begin(), all.end(),
                         [text = text] (const TextEntry& e) { return (e.*text).empty(); }))
            continue;
        const auto before = packs.count;
        bool first = true;
        for (std::size_t track = 0; track < all.size(); ++track)
        {
            const auto plain = latin1 (all[track].*text);
            if (! plain)
                return plain.problem();
            if (plain->size() > longestText)
                return Problem { "\"" + all[track].*text + "\" is too long for CD-Text.",
                                 {},
                                 "Use 160 characters or fewer." };
            for (std::size_t n = 0; n <= plain->size(); ++n) // with its NUL
            {
                if (first || packs.full())
                    packs.start (type, static_cast<std::uint8_t> (track), n);
                first = false;
                packs.add (n < plain->size() ? static_cast<std::uint8_t> ((*plain)[n]) : 0);
            }
        }
        perType[type - 0x80u] = static_cast<std::uint8_t> (packs.count - before);
        if (packs.count + 3 > mostPacks)
            return Problem { "The titles and names of this album do not fit into CD-Text.",
                             {},
                             "Shorten some of them." };
    }
    if (packs.count == 0)
        return std::vector<std::uint8_t> {};

    perType[typeSize - 0x80] = 3;
    std::array<std::uint8_t, 36> size {};
    size[1] = 1;
    size[2] = static_cast<std::uint8_t> (tracks.size());
    std::copy (perType.begin(), perType.end(), size.begin() + 4);
    size[20] = static_cast<std::uint8_t> (packs.count + 2);
    size[28] = english;
    for (std::size_t part = 0; part < 3; ++part)
    {
        packs.start (typeSize, static_cast<std::uint8_t> (part), 0);
        for (std::size_t n = 0; n < payloadSize; ++n)
            packs.add (size[part * payloadSize + n]);
    }
    return packs.finished();
}

Result<std::vector<TextEntry>> readCdText (const std::vector<std::uint8_t>& packs)
{
    const Problem damaged { "The CD-Text is damaged." };
    // Some writers append one NUL.
    const auto count = packs.size() / packSize;
    if (count == 0 || packs.size() > count * packSize + 1 || count > 256)
        return damaged;

    std::vector<TextEntry> entries (1);
    for (std::size_t n = 0; n < count; ++n)
    {
        const auto* p = &packs[n * packSize];
        if (checksum (p) != (p[16] << 8 | p[17]) || p[2] != n)
            return damaged;
        if (p[0] == typeSize && p[1] == 0)
            entries.resize (static_cast<std::size_t> (std::min<int> (p[6], 99)) + 1);
    }
    for (const auto& [type, text] : types)
    {
        std::size_t track = 0;
        for (std::size_t n = 0; n < count; ++n)
        {
            const auto* p = &packs[n * packSize];
            if (p[0] != type)
                continue;
            for (std::size_t k = 0; k < payloadSize && track < entries.size(); ++k)
            {
                const auto byte = p[4 + k];
                if (byte == 0)
                    ++track;
                else if (byte < 0x80)
                    entries[track].*text += static_cast<char> (byte);
                else
                    (entries[track].*text += static_cast<char> (0xC0 | byte >> 6)) +=
                        static_cast<char> (0x80 | (byte & 0x3F));
            }
        }
    }
    return entries;
}

} // namespace lacquer::deliver
