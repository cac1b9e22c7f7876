// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/OutputFile.h"
#include "files/Writer.h"

namespace lacquer::files
{

/// The writers that go through libsndfile: FLAC, MP3, Vorbis, Opus.
Result<std::unique_ptr<Writer>> encodedWriter (OutputFile, const WriterOptions&);

} // namespace lacquer::files
