// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"
#include "files/Sandbox.h"
#include "files/Sound.h"

#include <filesystem>
#include <functional>

namespace lacquer::files
{

/// What came out of a file that was read from end to end.
struct Decoded
{
    Sound sound;             ///< frames: those that came out
    std::int64_t damaged {}; ///< samples that were no numbers or beyond +120 dBFS, replaced by 0
    Walls walls {};          ///< what shut the decoder in; all true when our own reader sufficed
};

/// Takes the blocks of a file in order: planar samples, full scale 1.0. A Problem stops the reading.
using BlockSink = std::function<Outcome (const Sound&, const float* const* channels, int frames)>;

/// Reads a whole sound file of any supported kind and up to 64 channels at its own rate, in the channel order
/// of WAVE where the file tells its speakers. WAV, RF64, BW64 and W64 are read by our own reader; for the
/// others a child process with no rights decodes, so that a hostile file can neither freeze nor harm this
/// one: it is stopped after patience without progress. [any thread but audio] Problems name the file and why.
Result<Decoded> decoded (const std::filesystem::path&, const BlockSink&, const Progress& = {},
                         Seconds patience = Seconds { 5 });

/// What a file says about itself, read with the same care, without reading all of it.
Result<Sound> probe (const std::filesystem::path&, Seconds patience = Seconds { 5 });

/// The other end of decoded(): the program calls this first when its first argument is "--import-helper".
/// Shuts itself in, decodes descriptor 3 and writes to descriptor 4. Returns the exit code.
int importHelperMain (int argc, char** argv);

} // namespace lacquer::files
