// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"

#include <filesystem>
#include <string>

namespace lacquer::deliver
{

/// What a release file says about itself. UTF-8; empty texts and zero numbers are left out.
struct Tags
{
    std::string title, artist, album, albumArtist, composer, isrc, barcode;
    int track = 0, tracks = 0;

    bool operator== (const Tags&) const = default;
};

/// Writes the tags into a finished MP3 (ID3v2.4, nothing else), FLAC (Vorbis comments) or WAV (ID3v2.4 and
/// INFO) file. The sound is not touched. [control] A Problem when the file is none of these or cannot be
/// written.
Outcome writeTags (const std::filesystem::path&, const Tags&);

/// The tags of such a file. [control]
Result<Tags> readTags (const std::filesystem::path&);

} // namespace lacquer::deliver
