// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lacquer::files
{

/// What a file says of its place in a song. Nothing of it is certain: it is offered, not obeyed.
struct SongTime
{
    std::optional<Frames> reference; ///< of its first frame since midnight or the session's start, at `rate`
    double rate = 0;                 ///< Hz, of `reference`
    std::optional<double> tempo;     ///< beats per minute, 10 to 999
    std::string tempoFrom;           ///< "its name", "its acid chunk", "its iXML chunk"
};

/// The time reference of a broadcast wave file (EBU Tech 3285, bext chunk; without one the time stamp of iXML
/// 3.01), in RIFF, RF64, BW64 and W64; the tempo of an acid or iXML chunk, else of the name. Chunks behind
/// the sound count too. An empty answer for what cannot be read. [any thread but audio]
SongTime songTimeOf (const std::filesystem::path&);

/// The tempo that a name tells: 120 of "Kick_120bpm", "120 BPM Kick" and "bpm-120".
std::optional<double> tempoInName (std::string_view);

} // namespace lacquer::files
