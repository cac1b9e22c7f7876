// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Descriptor.h"
#include "files/Sound.h"

namespace lacquer::files
{

/// What our own look at a foreign file found, before any decoder sees a byte of it.
struct Inspection
{
    Sound sound;        ///< as far as the first header says; frames 0 where only a decoder can tell
    bool plain = false; ///< PcmFile reads it: no decoder needed
};

/// Checks that a file is one of WAV, RF64, BW64, W64, AIFF, AIFF-C, FLAC, Ogg Vorbis, Ogg Opus, Ogg FLAC or
/// MP3, by its content and not its name; that the sizes in its header lie within it, and the limits of
/// Sound.h. Everything else is refused with a sentence. [any thread but audio]
Result<Inspection> inspected (const Descriptor&, const std::filesystem::path& name);

} // namespace lacquer::files
