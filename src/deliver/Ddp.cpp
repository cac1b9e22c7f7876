// SPDX-License-Identifier: GPL-3.0-or-later
#include "deliver/Ddp.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <md5.h>
#include <memory>
#include <optional>
#include <unistd.h>
#include <zlib.h>

namespace lacquer::deliver
{

namespace fs = std::filesystem;

namespace
{

constexpr std::size_t mapPacket = 128, pqPacket = 64, idLength = 128;

std::string padded (std::int64_t number, int width)
{
    auto digits = std::to_string (number);
    return std::string (static_cast<std::size_t> (width) -
                            std::min<std::size_t> (digits.size(), static_cast<std::size_t> (width)),
                        '0') +
           digits;
}

/// A record of ASCII fields at fixed offsets, unset bytes are spaces.
class Record
{
public:
    explicit Record (std::size_t length) : bytes (length, ' ') {}
    Record& put (std::size_t offset, const std::string& text)
    {
        std::copy (text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t> (offset));
        return *this;
    }
    void appendTo (std::vector<std::uint8_t>& all) const
    {
        all.insert (all.end(), bytes.begin(), bytes.end());
    }

private:
    std::vector<std::uint8_t> bytes;
};

std::string pqTime (std::int64_t sectors)
{
    return padded (sectors / 4500, 2) + padded (sectors / 75 % 60, 2) + padded (sectors % 75, 2);
}

std::vector<std::uint8_t> pqStream (const Disc& disc)
{
    std::vector<std::uint8_t> all;
    const auto packet = [&] (const std::string& track, int index, std::int64_t time,
                             const std::string& control, const std::string& isrc, const std::string& ean)
    {
        Record (pqPacket)
            .put (0, "VVVS")
            .put (4, track)
            .put (6, padded (index, 2))
            .put (10, pqTime (time))
            .put (16, control)
            .put (20, isrc)
            .put (32, ean)
            .appendTo (all);
    };
    packet ("00", 0, 0, "01", "", disc.ean);
    int number = 0;
    for (const auto& track : disc.tracks)
    {
        const auto name = padded (++number, 2);
        const auto control =
            std::to_string ((track.preEmphasis ? 1 : 0) + (track.copyPermitted ? 2 : 0)) + "1";
        auto isrc = track.isrc; // on the first packet of the track only
        if (track.pause >= 0)
            packet (name, 0, track.pause, control, std::exchange (isrc, ""), "");
        int index = 0;
        for (auto position : track.indexes)
            packet (name, ++index, position, control, std::exchange (isrc, ""), "");
    }
    // Twice: every mastering tool studied does, and a reader must accept one or two.
    packet ("AA", 1, disc.leadOut, "01", "", "");
    packet ("AA", 1, disc.leadOut, "01", "", "");
    return all;
}

void subcodePacket (std::vector<std::uint8_t>& map, const std::string& kind, const DdpFile& file,
                    const std::string& track)
{
    Record (mapPacket)
        .put (0, "VVVM")
        .put (4, "S0")
        .put (14, padded (static_cast<std::int64_t> (file.bytes.size()), 8))
        .put (30, kind)
        .put (55, track)
        .put (71, "017")
        .put (74, file.name)
        .appendTo (map);
}

/// A file written and synced with every result checked.
class OutFile
{
public:
    explicit OutFile (const fs::path& path)
        : handle (::open (path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644))
    {
    }
    ~OutFile()
    {
        if (handle >= 0)
            ::close (handle);
    }
    OutFile (const OutFile&) = delete;
    OutFile& operator= (const OutFile&) = delete;

    bool write (const void* data, std::size_t size)
    {
        const auto* p = static_cast<const char*> (data);
        while (handle >= 0 && size > 0)
        {
            const auto n = ::write (handle, p, size);
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return false;
            p += n;
            size -= static_cast<std::size_t> (n);
        }
        return handle >= 0;
    }
    bool finish()
    {
        return handle >= 0 && ::fsync (handle) == 0 && ::close (std::exchange (handle, -1)) == 0;
    }

private:
    int handle;
};

/// MD5 and CRC-32 of a growing file.
class Digest
{
public:
    Digest() { MD5Init (&md5); }
    void add (const void* data, std::size_t size)
    {
        const auto* bytes = static_cast<const std::uint8_t*> (data);
        MD5Update (&md5, bytes, size);
        crc = ::crc32_z (crc, bytes, size);
    }
    std::string md5Text()
    {
        std::array<char, MD5_DIGEST_STRING_LENGTH> text {};
        MD5End (&md5, text.data());
        return text.data();
    }
    std::string crcText() const
    {
        std::array<char, 16> text {};
        std::snprintf (text.data(), text.size(), "%08lX", static_cast<unsigned long> (crc));
        return text.data();
    }

private:
    MD5_CTX md5 {};
    uLong crc = 0;
};

Problem cannotWrite (const fs::path& path)
{
    return { "This file could not be written: " + std::string (std::strerror (errno)) + ".", path.string(),
             "Nothing was left behind; free some space or choose another folder." };
}

Result<std::vector<std::uint8_t>> wholeFile (const fs::path& path, std::size_t most)
{
    std::error_code error;
    if (! fs::is_regular_file (path, error))
        return Problem { "This file of the DDP image is missing.", path.string() };
    if (fs::file_size (path, error) > most)
        return Problem { "This file of the DDP image is far too long.", path.string() };
    std::ifstream in (path, std::ios::binary);
    std::vector<std::uint8_t> bytes ((std::istreambuf_iterator<char> (in)), {});
    if (! in.good() && ! in.eof())
        return Problem { "This file could not be read.", path.string() };
    return bytes;
}

std::string text (const std::vector<std::uint8_t>& bytes, std::size_t offset, std::size_t length)
{
    std::string s (bytes.begin() + static_cast<std::ptrdiff_t> (offset),
                   bytes.begin() + static_cast<std::ptrdiff_t> (offset + length));
    while (! s.empty() && s.back() == ' ')
        s.pop_back();
    return s;
}

/// A right-aligned decimal, padded with spaces or zeros.
std::optional<std::int64_t> number (const std::vector<std::uint8_t>& bytes, std::size_t offset,
                                    std::size_t length)
{
    auto s = text (bytes, offset, length);
    s.erase (0, std::min (s.find_first_not_of (' '), s.size()));
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars (s.data(), s.data() + s.size(), value);
    if (s.empty() || error != std::errc {} || end != s.data() + s.size() || value < 0)
        return std::nullopt;
    return value;
}

Result<Disc> discOfPq (const std::vector<std::uint8_t>& pq)
{
    const auto bad = [] (std::size_t packet, const std::string& what) {
        return Problem { "PQ packet " + std::to_string (packet + 1) + ": " + what + ".", "PQ descriptor" };
    };

    if (pq.empty() || pq.size() % pqPacket != 0)
        return Problem { "The PQ descriptor is not made of 64-byte packets.", "PQ descriptor" };
    Disc disc;
    bool leadIn = false, leadOut = false;
    for (std::size_t n = 0; n < pq.size() / pqPacket; ++n)
    {
        const std::vector<std::uint8_t> p (pq.begin() + static_cast<std::ptrdiff_t> (n * pqPacket),
                                           pq.begin() + static_cast<std::ptrdiff_t> ((n + 1) * pqPacket));
        if (text (p, 0, 4) != "VVVS")
            return bad (n, "its mark is not VVVS");
        const auto track = text (p, 4, 2);
        const auto index = number (p, 6, 2), minutes = number (p, 10, 2), seconds = number (p, 12, 2),
                   frames = number (p, 14, 2);
        if (! index || ! minutes || ! seconds || ! frames || *seconds > 59 || *frames > 74)
            return bad (n, "its index or time is no number in range");
        const auto time = *minutes * 4500 + *seconds * 75 + *frames;
        const auto control = text (p, 16, 2), isrc = text (p, 20, 12), ean = text (p, 32, 13);
        if (! isrc.empty() && ! isIsrc (isrc))
            return bad (n, "\"" + isrc + "\" is no ISRC");
        if (! ean.empty() && ! isEan (ean))
            return bad (n, "\"" + ean + "\" is no EAN");
        if (n == 0)
        {
            if (track != "00" || *index != 0 || time != 0)
                return bad (n, "the lead-in is missing");
            leadIn = true;
            disc.ean = ean;
            continue;
        }
        if (track == "AA")
        {
            if (*index != 1 || (leadOut && time != disc.leadOut))
                return bad (n, "the lead-out contradicts itself");
            leadOut = true;
            disc.leadOut = time;
            continue;
        }
        if (leadOut)
            return bad (n, "a track follows the lead-out");
        const auto trackNumber = number (p, 4, 2);
        const auto current = static_cast<std::int64_t> (disc.tracks.size());
        if (! trackNumber || (*trackNumber != current && *trackNumber != current + 1) || *trackNumber == 0)
            return bad (n, "the tracks are not numbered in order");
        if (*trackNumber == current + 1)
        {
            disc.tracks.emplace_back();
            disc.tracks.back().isrc = isrc;
            const int flags = control.empty() ? 0 : control[0] - '0';
            disc.tracks.back().preEmphasis = (flags & 1) != 0;
            disc.tracks.back().copyPermitted = (flags & 2) != 0;
        }
        auto& t = disc.tracks.back();
        if (*index == 0)
        {
            if (! t.indexes.empty() || t.pause >= 0)
                return bad (n, "index 00 is not the first of its track");
            t.pause = time;
        }
        else if (*index == static_cast<std::int64_t> (t.indexes.size()) + 1)
            t.indexes.push_back (time);
        else
            return bad (n, "an index is missing or out of order");
    }
    if (! leadIn || ! leadOut)
        return Problem { "The PQ descriptor has no lead-out.", "PQ descriptor" };
    return disc;
}

Outcome checksumsMatch (const fs::path& folder)
{
    const auto list = folder / "CHECKSUM.MD5";
    std::error_code error;
    if (! fs::exists (list, error))
        return {};
    std::ifstream in (list);
    for (std::string line; std::getline (in, line);)
    {
        if (! line.empty() && line.back() == '\r')
            line.pop_back();
        if (line.size() < 35)
            return Problem { "This list of checksums has a line that is not one.", list.string() };
        const auto name = line.substr (34);
        if (name.find ('/') != std::string::npos)
            return Problem { "This list of checksums names a file outside the image.", list.string() };
        std::ifstream file (folder / name, std::ios::binary);
        if (! file)
            return Problem { "This file is in the list of checksums, but missing.",
                             (folder / name).string() };
        Digest digest;
        std::vector<char> buffer (1 << 20);
        while (file.read (buffer.data(), static_cast<std::streamsize> (buffer.size())), file.gcount() > 0)
            digest.add (buffer.data(), static_cast<std::size_t> (file.gcount()));
        if (digest.md5Text() != line.substr (0, 32))
            return Problem { "This file does not have the checksum it was delivered with.",
                             (folder / name).string() };
    }
    return {};
}

} // namespace

bool isEan (const std::string& s)
{
    if (s.size() != 13 || ! std::all_of (s.begin(), s.end(), [] (char c) { return c >= '0' && c <= '9'; }))
        return false;
    int sum = 0;
    for (std::size_t n = 0; n < 12; ++n)
        sum += (s[n] - '0') * (n % 2 == 0 ? 1 : 3);
    return (10 - sum % 10) % 10 == s[12] - '0';
}

bool isIsrc (const std::string& s)
{
    if (s.size() != 12)
        return false;
    for (std::size_t n = 0; n < s.size(); ++n)
    {
        const bool letter = s[n] >= 'A' && s[n] <= 'Z', digit = s[n] >= '0' && s[n] <= '9';
        if (n < 2 ? ! letter : n < 5 ? ! (letter || digit) : ! digit)
            return false;
    }
    return true;
}

std::string discTime (std::int64_t sectors)
{
    return padded (sectors / 4500, 2) + ":" + padded (sectors / 75 % 60, 2) + ":" + padded (sectors % 75, 2);
}

Outcome checked (const Disc& disc)
{
    if (disc.tracks.empty() || disc.tracks.size() > 99)
        return Problem { "A CD has 1 to 99 tracks, not " + std::to_string (disc.tracks.size()) + "." };
    if (! disc.ean.empty() && ! isEan (disc.ean))
        return Problem { "\"" + disc.ean + "\" is no EAN.",
                         {},
                         "An EAN has 13 digits, the last of which checks the others." };
    if (disc.masterId.size() > 48 || std::any_of (disc.masterId.begin(), disc.masterId.end(),
                                                  [] (char c) { return c < 0x20 || c > 0x7E; }))
        return Problem { "The master id of a DDP image has at most 48 plain characters." };
    if (disc.leadOut > lastSector)
        return Problem { "The disc is " + discTime (disc.leadOut) + " long; the format ends at 99:59:74.",
                         {},
                         "Take a song off the album." };
    std::int64_t previous = -1;
    for (std::size_t n = 0; n < disc.tracks.size(); ++n)
    {
        const auto& track = disc.tracks[n];
        const auto name = "Track " + std::to_string (n + 1);
        if (! track.isrc.empty() && ! isIsrc (track.isrc))
            return Problem { "\"" + track.isrc + "\" is no ISRC.", name, "An ISRC reads like USABC2612345." };
        if (track.indexes.empty() || track.indexes.size() > 99)
            return Problem { "It has no index 01, or more than 99.", name };
        if (n == 0 && (track.pause != 0 || track.indexes[0] < firstPause))
            return Problem { "The first track must begin with a pause of at least two seconds at 00:00:00.",
                             name };
        if (track.pause >= 0)
        {
            if (track.pause <= previous && n > 0)
                return Problem { "Its pause begins before the previous track has begun.", name };
            previous = track.pause;
        }
        for (auto index : track.indexes)
        {
            if (index <= previous)
                return Problem { "Its index times do not rise.", name };
            previous = index;
        }
        const auto next = n + 1 < disc.tracks.size() && ! disc.tracks[n + 1].indexes.empty()
                              ? disc.tracks[n + 1].indexes[0]
                              : disc.leadOut;
        if (next - track.indexes[0] < shortestTrack)
            return Problem { "It is shorter than the four seconds a CD track must have.", name,
                             "Lengthen it or join it to its neighbour." };
        if (track.indexes.back() >= disc.leadOut)
            return Problem { "It has an index after the end of the disc.", name };
    }
    return {};
}

Result<std::vector<DdpFile>> ddpFiles (const Disc& disc)
{
    if (const auto fine = checked (disc); ! fine)
        return fine.problem();

    DdpFile id { "DDPID", {} };
    Record (idLength)
        .put (0, "DDP 2.00")
        .put (8, disc.ean)
        .put (38, disc.masterId)
        .put (87, "CD")
        .appendTo (id.bytes);

    DdpFile pq { "PQDESCR", pqStream (disc) };
    DdpFile cdText { "CDTEXT.BIN", disc.cdText };
    DdpFile map { "DDPMS", {} };
    if (! disc.cdText.empty())
        subcodePacket (map.bytes, "CDTEXT", cdText, "00");
    subcodePacket (map.bytes, "PQ DESCR", pq, "");
    Record (mapPacket)
        .put (0, "VVVM")
        .put (4, "D0")
        .put (14, padded (disc.leadOut, 8))
        .put (22, padded (0, 8))
        .put (38, "DA")
        .put (40, "7")
        .put (41, "0")
        .put (46, padded (disc.tracks[0].indexes[0], 4))
        .put (71, "017")
        .put (74, "IMAGE.DAT")
        .appendTo (map.bytes);

    std::vector<DdpFile> files { std::move (id), std::move (map) };
    if (! disc.cdText.empty())
        files.push_back (std::move (cdText));
    files.push_back (std::move (pq));
    return files;
}

Outcome writeDdp (const fs::path& folder, const Disc& disc, const SectorSource& source,
                  const Progress& progress)
{
    const auto files = ddpFiles (disc);
    if (! files)
        return files.problem();
    std::error_code error;
    if (fs::exists (folder, error))
        return Problem { "There is already something at the place of the DDP image.", folder.string(),
                         "Choose another name." };

    auto pattern = folder.string() + ".part-XXXXXX";
    if (::mkdtemp (pattern.data()) == nullptr)
        return cannotWrite (folder);
    const fs::path temporary = pattern;
    struct Cleaner
    {
        fs::path path;
        ~Cleaner()
        {
            std::error_code ignored;
            if (! path.empty())
                fs::remove_all (path, ignored);
        }
    } cleaner { temporary };

    std::string md5List, crcList = "[CRC32 Checksum]\n";
    const auto listed = [&] (const std::string& name, Digest& digest)
    {
        crcList += name + "=" + digest.crcText() + "\n";
        md5List += digest.md5Text() + " *" + name + "\n";
    };
    const auto writeSmall = [&] (const std::string& name, const void* data, std::size_t size) -> Outcome
    {
        OutFile out (temporary / name);
        if (! out.write (data, size) || ! out.finish())
            return cannotWrite (folder / name);
        return {};
    };
    for (const auto& file : *files)
    {
        if (auto done = writeSmall (file.name, file.bytes.data(), file.bytes.size()); ! done)
            return done;
        Digest digest;
        digest.add (file.bytes.data(), file.bytes.size());
        listed (file.name, digest);
    }

    Digest written;
    {
        OutFile out (temporary / "IMAGE.DAT");
        constexpr int batch = 75;
        std::vector<std::int16_t> samples (static_cast<std::size_t> (batch) * sectorFrames * 2);
        for (std::int64_t sector = 0; sector < disc.leadOut; sector += batch)
        {
            const auto n = std::min<std::int64_t> (batch, disc.leadOut - sector);
            for (std::int64_t k = 0; k < n; ++k)
                if (auto filled =
                        source (sector + k, &samples[static_cast<std::size_t> (k * sectorFrames * 2)]);
                    ! filled)
                    return filled;
            const auto size = static_cast<std::size_t> (n) * sectorBytes;
            if (! out.write (samples.data(), size))
                return cannotWrite (folder / "IMAGE.DAT");
            written.add (samples.data(), size);
            if (progress.stopped())
                return Problem { "The DDP image was stopped; nothing was written." };
            progress.at (static_cast<double> (sector + n) / static_cast<double> (disc.leadOut));
        }
        if (! out.finish())
            return cannotWrite (folder / "IMAGE.DAT");
    }
    listed ("IMAGE.DAT", written);
    if (auto done = writeSmall ("CHECKSUM.MD5", md5List.data(), md5List.size()); ! done)
        return done;
    if (auto done = writeSmall ("CHECKSUM.TXT", crcList.data(), crcList.size()); ! done)
        return done;

    // What a plant will find, found by us first: the checksums were made from memory, this reads the disk.
    const auto back = readDdp (temporary);
    if (! back)
        return Problem { "The DDP image did not read back as it was written.", folder.string(),
                         back.problem().sentence() };
    fs::permissions (temporary, fs::perms (0755), error);
    if (::rename (temporary.c_str(), folder.c_str()) != 0)
        return cannotWrite (folder);
    cleaner.path.clear();
    return {};
}

Result<ReadDdp> readDdp (const fs::path& folder)
{
    const auto bad = [&] (const std::string& what) { return Problem { what, folder.string() }; };

    const auto id = wholeFile (folder / "DDPID", 4096);
    if (! id)
        return id.problem();
    if (id->size() != idLength || text (*id, 0, 8) != "DDP 2.00" || text (*id, 87, 2) != "CD")
        return bad ("DDPID is not that of a DDP 2.00 CD.");
    const auto map = wholeFile (folder / "DDPMS", 1 << 16);
    if (! map)
        return map.problem();
    if (map->empty() || map->size() % mapPacket != 0)
        return bad ("DDPMS is not made of 128-byte packets.");

    ReadDdp result;
    std::vector<std::uint8_t> cdTextPacks;
    std::optional<Disc> disc;
    std::int64_t sectors = -1, pause = -1;
    for (std::size_t n = 0; n < map->size() / mapPacket; ++n)
    {
        const std::vector<std::uint8_t> p (map->begin() + static_cast<std::ptrdiff_t> (n * mapPacket),
                                           map->begin() + static_cast<std::ptrdiff_t> ((n + 1) * mapPacket));
        const auto name = text (p, 74, 17), stream = text (p, 4, 2), kind = text (p, 30, 8);
        const auto length = number (p, 14, 8);
        if (text (p, 0, 4) != "VVVM" || ! length || name.empty() ||
            name.find_first_of ("/\\") != std::string::npos || name == ".." || name == ".")
            return bad ("DDPMS has a packet that is damaged.");
        if (stream == "S0")
        {
            auto content = wholeFile (folder / name, 1 << 20);
            if (! content)
                return content.problem();
            if (static_cast<std::int64_t> (content->size()) != *length)
                return bad (name + " has another length than DDPMS says.");
            if (kind == "CDTEXT")
                cdTextPacks = *std::move (content);
            else if (kind == "PQ DESCR" && ! disc)
            {
                auto read = discOfPq (*content);
                if (! read)
                    return read.problem();
                disc = *std::move (read);
            }
            else
                return bad ("DDPMS has two PQ streams, or a subcode stream that is no PQ and no CD-Text.");
        }
        else if (stream == "D0" && sectors < 0)
        {
            if (text (p, 38, 2) != "DA")
                return bad ("The main stream is not CD audio.");
            std::error_code error;
            result.image = folder / name;
            const auto size = fs::file_size (result.image, error);
            if (error || size != static_cast<std::uintmax_t> (*length) * sectorBytes)
                return bad (name + " has another length than DDPMS says.");
            sectors = *length;
            pause = number (p, 46, 4).value_or (-1);
        }
        else
            return bad ("DDPMS names a stream that is not part of an audio CD.");
    }
    if (! disc || sectors < 0)
        return bad ("DDPMS lacks the PQ or the audio stream.");
    if (disc->leadOut != sectors)
        return bad ("The lead-out is not at the end of the image.");
    disc->masterId = text (*id, 38, 48);
    if (text (*id, 8, 13) != disc->ean)
        return bad ("DDPID and PQ descriptor disagree about the EAN.");
    if (const auto fine = checked (*disc); ! fine)
        return fine.problem();
    if (pause != disc->tracks[0].indexes[0])
        return bad ("DDPMS and PQ descriptor disagree about the first pause.");
    if (! cdTextPacks.empty())
    {
        const auto entries = readCdText (cdTextPacks);
        if (! entries)
            return entries.problem();
        if (entries->size() != disc->tracks.size() + 1)
            return bad ("CD-Text and PQ descriptor disagree about the number of tracks.");
    }
    disc->cdText = std::move (cdTextPacks);
    if (const auto same = checksumsMatch (folder); ! same)
        return same.problem();
    result.disc = *std::move (disc);
    return result;
}

} // namespace lacquer::deliver
