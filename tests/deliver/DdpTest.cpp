// SPDX-License-Identifier: GPL-3.0-or-later
#include "deliver/Ddp.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <md5.h>
#include <unistd.h>

using namespace lacquer;
using namespace lacquer::deliver;
namespace fs = std::filesystem;

namespace
{

struct TemporaryFolder
{
    fs::path path;
    TemporaryFolder()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-ddp-XXXXXX").string();
        path = ::mkdtemp (pattern.data());
    }
    ~TemporaryFolder() { fs::remove_all (path); }
};

std::string md5 (const std::vector<std::uint8_t>& bytes)
{
    char text[MD5_DIGEST_STRING_LENGTH];
    return MD5Data (bytes.data(), bytes.size(), text);
}

std::vector<std::uint8_t> bytesOf (const fs::path& path)
{
    std::ifstream in (path, std::ios::binary);
    return { std::istreambuf_iterator<char> (in), {} };
}

// The audio of the recorded filesets: 150 sectors of silence, then sample i has L = i & 0xFFFF and R = i
// >> 16.
SectorSource pattern (std::int64_t frames)
{
    return [frames] (std::int64_t sector, std::int16_t* out) -> Outcome
    {
        for (std::int64_t k = 0; k < sectorFrames; ++k)
        {
            const auto i = (sector - firstPause) * sectorFrames + k;
            const bool sounding = i >= 0 && i < frames;
            out[2 * k] = sounding ? static_cast<std::int16_t> (i & 0xFFFF) : std::int16_t { 0 };
            out[2 * k + 1] = sounding ? static_cast<std::int16_t> (i >> 16) : std::int16_t { 0 };
        }
        return {};
    };
}

/// Our map and PQ packets in the writing style of the recorded filesets: numbers padded with spaces, the
/// scrambling field 1, no start sector, the PQ file called SD. What is left is the content of every field.
std::vector<std::uint8_t> inRecordedStyle (std::vector<std::uint8_t> map)
{
    for (std::size_t n = 0; n < map.size(); n += 128)
    {
        auto* p = &map[n];
        const auto spaced = [p] (std::size_t offset, std::size_t length)
        {
            for (std::size_t k = offset; k + 1 < offset + length && p[k] == '0'; ++k)
                p[k] = ' ';
        };
        spaced (14, 8);
        spaced (71, 3);
        if (std::memcmp (p + 4, "D0", 2) == 0)
        {
            std::memset (p + 22, ' ', 8);
            spaced (46, 4);
            p[41] = '1';
        }
        if (std::memcmp (p + 74, "PQDESCR", 7) == 0)
            std::memcpy (p + 74, "SD     ", 7);
    }
    return map;
}

struct Recorded
{
    Disc disc;
    std::int64_t frames;
    std::string id, map, pq, image;
};

// MD5 sums recorded from cue2ddp 1.1: docs on standards, 1.8.
std::vector<Recorded> recordings()
{
    const std::string plainId = "187970110683c92c25bdb82256354780";
    DiscTrack first;
    first.pause = 0;
    first.indexes = { 150 };
    auto coded = first;
    coded.isrc = "USABC1234567";
    auto indexed = first;
    indexed.indexes = { 150, 525 };
    DiscTrack second;
    second.indexes = { 900 };
    auto paused = second;
    paused.pause = 750;

    TextEntry disc { "Disc Title", "Disc Performer", "Disc Writer", {}, {}, {} };
    const auto text = cdText (disc, { { "Track One", "Perf One", "Writer One", {}, {}, {} },
                                      { "Track Two", "Perf Two", {}, {}, {}, {} } });

    return {
        { { "0123456789012", "", { coded }, 900, {} },
          750 * 588,
          "dd89c874714f94418b20feea4d9b2ac6",
          "4ddcd3c75e054c6685453524a0973a1a",
          "e6d506c61b61150a572f5290379e47d9",
          "bcebec4d225e28c6899a24a4c5b968b3" },
        { { "", "", { first, paused }, 1650, {} },
          1500 * 588,
          plainId,
          "786f12e522c55f9d6c81e24871d4d79f",
          "b48acb2e5a9748fce02ec99a161bb687",
          "7b4dad7a5114569b4e25550ca6278dda" },
        { { "", "", { indexed }, 900, {} },
          750 * 588,
          plainId,
          "c4f214cd247b1d46e0671f5f39d752d5",
          "c866d687f80bca3eacd15164585a5315",
          "bcebec4d225e28c6899a24a4c5b968b3" },
        { { "", "", { first }, 901, {} },
          750 * 588 + 100,
          plainId,
          "ae8f68525f3efdda732d9508531b0cc4",
          "29bceb1a7fb2bd2cc5da45b710c09247",
          "b56cd23e532472094171e57281951175" },
        { { "", "", { first, second }, 1650, *text },
          1500 * 588,
          plainId,
          "7764f19ca0f898e45c666538e101fb20",
          "705ac1ddd23cde9d353cb4c70283318d",
          "7b4dad7a5114569b4e25550ca6278dda" },
    };
}

} // namespace

TEST_CASE ("recorded DDP filesets come out byte for byte, map and PQ field for field")
{
    TemporaryFolder folder;
    int number = 0;
    for (const auto& recorded : recordings())
    {
        const auto path = folder.path / ("disc" + std::to_string (++number));
        const auto written = writeDdp (path, recorded.disc, pattern (recorded.frames));
        INFO ((written ? std::string() : written.problem().sentence()));
        REQUIRE (written.ok());
        CHECK (md5 (bytesOf (path / "DDPID")) == recorded.id);
        CHECK (md5 (inRecordedStyle (bytesOf (path / "DDPMS"))) == recorded.map);
        CHECK (md5 (bytesOf (path / "PQDESCR")) == recorded.pq);
        CHECK (md5 (bytesOf (path / "IMAGE.DAT")) == recorded.image);
    }
}

TEST_CASE ("recorded CD-Text comes out byte for byte")
{
    // The two streams of the standards notes, 1.8: MD5 of the first, the second in base64 decoded here by
    // hand into its MD5.
    const auto first = cdText ({ "Disc Title", "Disc Performer", "Disc Writer", {}, {}, {} },
                               { { "Track One", "Perf One", "Writer One", {}, {}, {} },
                                 { "Track Two", "Perf Two", {}, {}, {}, {} } });
    REQUIRE (first.ok());
    CHECK (first->size() == 198);
    CHECK (md5 (*first) == "6446664ada333c1e8ffca967c4ceed42");

    const std::string base64 =
        "gAAAAERpc2MAVHJhY2sgT0gEgAEBB25lAFRyYWNrIFR3b1XJgAICCQBUcmFjayBUaHJlZeZvgAMDCwAAAAAAAAAAAAAAAF33"
        "gQAEAEFydGlzdABBcnRpc/0igQEFBXQAQXJ0aXN0AEFydIwlgQMGA2lzdAAAAAAAAAAAAGKsjwAHAAABAwAEAwAAAAAAAED7"
        "jwEIAAAAAAAAAAADCQAAANamjwIJAAAAAAAJAAAAAAAAAApO";
    std::vector<std::uint8_t> recorded;
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t n = 0; n < base64.size(); n += 4)
    {
        unsigned bits = 0;
        for (std::size_t k = 0; k < 4; ++k)
            bits = bits << 6 | static_cast<unsigned> (alphabet.find (base64[n + k]));
        for (int shift : { 16, 8, 0 })
            recorded.push_back (static_cast<std::uint8_t> (bits >> shift));
    }
    TextEntry one { "Track One", "Artist", {}, {}, {}, {} }, two { "Track Two", "Artist", {}, {}, {}, {} },
        three { "Track Three", "Artist", {}, {}, {}, {} };
    const auto second = cdText ({ "Disc", "Artist", {}, {}, {}, {} }, { one, two, three });
    REQUIRE (second.ok());
    CHECK (*second == recorded);
}

TEST_CASE ("CD-Text reads back what was written, accents and codes included")
{
    const std::vector<TextEntry> tracks { { "Été à la mer", "Jürgen", "", "Bär", "", "", "USABC1234567" },
                                          { "Zwei", "", "", "", "", "" } };
    const TextEntry disc { "Ça va", "Various", "", "", "", "Hello", "0123456789012" };
    const auto packs = cdText (disc, tracks);
    REQUIRE (packs.ok());
    const auto back = readCdText (*packs);
    REQUIRE (back.ok());
    REQUIRE (back->size() == 3);
    CHECK ((*back)[0].title == disc.title);
    CHECK ((*back)[0].code == disc.code);
    CHECK ((*back)[1].title == tracks[0].title);
    CHECK ((*back)[1].composer == tracks[0].composer);
    CHECK ((*back)[1].code == tracks[0].code);
    CHECK ((*back)[2].title == tracks[1].title);

    auto damaged = *packs;
    damaged[8] ^= 1;
    CHECK_FALSE (readCdText (damaged).ok());
}

TEST_CASE ("CD-Text refuses what has no place in it")
{
    CHECK_FALSE (cdText ({ "\u4e2d", {}, {}, {}, {}, {} }, { {} }).ok());
    CHECK_FALSE (cdText ({ std::string (161, 'x'), {}, {}, {}, {}, {} }, { {} }).ok());
    CHECK_FALSE (cdText ({ "tab\there", {}, {}, {}, {}, {} }, { {} }).ok());
    std::vector<TextEntry> many (99);
    for (auto& t : many)
        t.title = std::string (100, 't');
    CHECK_FALSE (cdText ({}, many).ok());
}

TEST_CASE ("a disc that no plant can press is refused with a sentence")
{
    DiscTrack first;
    first.pause = 0;
    first.indexes = { 150 };
    const Disc good { "0123456789012", "", { first }, 900, {} };
    REQUIRE (checked (good).ok());

    std::vector<Disc> bad (8, good);
    bad[0].tracks.clear();
    bad[1].ean = "0123456789013"; // wrong check digit
    bad[2].leadOut = lastSector + 1;
    bad[3].tracks[0].isrc = "USABC123456";
    bad[4].tracks[0].indexes = { 149 }; // pause under two seconds
    bad[5].leadOut = 449;               // track of 299 sectors
    bad[6].tracks[0].indexes = { 150, 140 };
    bad[7].masterId = std::string (49, 'm');
    for (const auto& disc : bad)
    {
        const auto result = checked (disc);
        REQUIRE_FALSE (result.ok());
        CHECK (result.problem().what.back() == '.');
        CHECK_FALSE (ddpFiles (disc).ok());
    }
    // Digits of ISO/GS1 examples: 5012345678900 and 0036000291452 are valid.
    CHECK (isEan ("5012345678900"));
    CHECK (isEan ("0036000291452"));
    CHECK_FALSE (isIsrc ("us-abc-12-34567"));
}

TEST_CASE ("a DDP image with one wrong byte in any small file is refused")
{
    TemporaryFolder folder;
    const auto recorded = recordings()[4];
    const auto path = folder.path / "disc";
    REQUIRE (writeDdp (path, recorded.disc, pattern (recorded.frames)).ok());
    REQUIRE (readDdp (path).ok());
    for (const auto* name : { "DDPID", "DDPMS", "PQDESCR", "CDTEXT.BIN" })
    {
        const auto bytes = bytesOf (path / name);
        for (std::size_t n = 0; n < bytes.size(); n += 7)
        {
            auto wrong = bytes;
            wrong[n] ^= 0x15;
            std::ofstream (path / name, std::ios::binary)
                .write (reinterpret_cast<const char*> (wrong.data()),
                        static_cast<std::streamsize> (wrong.size()));
            CHECK_FALSE (readDdp (path).ok());
        }
        std::ofstream (path / name, std::ios::binary)
            .write (reinterpret_cast<const char*> (bytes.data()),
                    static_cast<std::streamsize> (bytes.size()));
    }
    REQUIRE (readDdp (path).ok());
}

TEST_CASE ("a DDP image that fails or is stopped leaves nothing behind")
{
    TemporaryFolder folder;
    const auto recorded = recordings()[0];
    const auto failing = [] (std::int64_t sector, std::int16_t*) -> Outcome
    {
        if (sector > 300)
            return Problem { "The song ended." };
        return {};
    };
    CHECK_FALSE (writeDdp (folder.path / "disc", recorded.disc, failing).ok());
    CHECK (fs::is_empty (folder.path));

    std::atomic<bool> stop { true };
    Progress progress;
    progress.cancelled = &stop;
    CHECK_FALSE (writeDdp (folder.path / "disc", recorded.disc, pattern (recorded.frames), progress).ok());
    CHECK (fs::is_empty (folder.path));
}
