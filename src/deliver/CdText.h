// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lacquer::deliver
{

/// What CD-Text says of the disc, or of one track. UTF-8; empty means nothing to say.
struct TextEntry
{
    std::string title, performer, songwriter, composer, arranger, message;
    std::string code {}; ///< EAN of the disc (13 digits), ISRC of a track (12 characters)
};

/// The CD-Text packs of block 0 in English, ISO 8859-1, as DDP's CDTEXT stream wants them: no header, no
/// trailing NUL (layout: libburn doc/cdtext.txt; MMC-3 annex J). Types in ascending order; a type is present
/// when the disc or any track has it; the size-information packs 8F come last. Empty when nobody has any
/// text. A Problem names the text that has no ISO 8859-1 form or is longer than 160 characters, or says that
/// the whole does not fit into 253 packs.
Result<std::vector<std::uint8_t>> cdText (const TextEntry& disc, const std::vector<TextEntry>& tracks);

/// What a CD-Text stream says: the disc first, then the tracks. A Problem when a pack's checksum, order or
/// count is wrong.
Result<std::vector<TextEntry>> readCdText (const std::vector<std::uint8_t>& packs);

/// UTF-8 to ISO 8859-1; a Problem when a character has no place there or is a control character.
Result<std::string> latin1 (const std::string& utf8);

} // namespace lacquer::deliver
