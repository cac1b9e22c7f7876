// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"
#include "core/Units.h"
#include "deliver/CdText.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace lacquer::deliver
{

inline constexpr int sectorFrames = 588; ///< 1/75 s at 44.1 kHz (Red Book)
inline constexpr int sectorBytes = 4 * 588;
inline constexpr std::int64_t firstPause = 150; ///< sectors of the pause before track 1: at least 2 s
inline constexpr std::int64_t shortestTrack =
    300; ///< sectors: 4 s from index 01 to the next track's index 01
inline constexpr std::int64_t lastSector = 99 * 4500 + 59 * 75 + 74;

/// One track of a disc. Positions are sectors from the start of the image.
struct DiscTrack
{
    std::int64_t pause = -1;           ///< index 00, or -1 when there is none
    std::vector<std::int64_t> indexes; ///< index 01, 02 ...: at least one, rising
    std::string isrc;                  ///< 12 characters without dashes, or empty
    bool preEmphasis = false, copyPermitted = false;
};

/// A Red Book disc as DDP describes it.
struct Disc
{
    std::string ean;      ///< 13 digits, or empty
    std::string masterId; ///< up to 48 ASCII characters
    std::vector<DiscTrack> tracks;
    std::int64_t leadOut = 0;         ///< sectors in the image
    std::vector<std::uint8_t> cdText; ///< packs, or empty
};

/// Refuses what no plant can press: STANDARDS of DDP 2.00 and Red Book, each with a sentence.
Outcome checked (const Disc&);

/// One of a fileset's descriptive files.
struct DdpFile
{
    std::string name;
    std::vector<std::uint8_t> bytes;
};

/// DDPID, DDPMS, CDTEXT.BIN (when there is text) and PQDESCR of a disc whose IMAGE.DAT has disc.leadOut
/// sectors (DDP 2.00).
Result<std::vector<DdpFile>> ddpFiles (const Disc&);

/// Sixteen-bit stereo, interleaved, little endian: fills `sector` (588 frames) and returns Outcome. Called
/// once per sector.
using SectorSource = std::function<Outcome (std::int64_t sector, std::int16_t* interleaved)>;

/// Writes the whole fileset into `folder`, which must not exist: IMAGE.DAT, the files of ddpFiles(),
/// CHECKSUM.MD5 and CHECKSUM.TXT. Everything is written to a temporary folder beside it, read back and
/// compared, and only then renamed. Nothing is left when it fails or is cancelled.
Outcome writeDdp (const std::filesystem::path& folder, const Disc&, const SectorSource&,
                  const Progress& = {});

/// A fileset read back.
struct ReadDdp
{
    Disc disc;
    std::filesystem::path image;
};

/// Reads and checks a fileset of any writer: layout, map, PQ, CD-Text, lengths, checksums. A Problem names
/// the first fault.
Result<ReadDdp> readDdp (const std::filesystem::path& folder);

/// True for 13 digits with the right check digit (GS1 General Specifications, 7.9).
bool isEan (const std::string&);
/// True for an ISRC without dashes (ISO 3901): two letters, three letters or digits, seven digits.
bool isIsrc (const std::string&);
/// mm:ss:ff
std::string discTime (std::int64_t sectors);

} // namespace lacquer::deliver
