// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Project.h"

#include <string>
#include <string_view>
#include <vector>

namespace lacquer::session
{

/// The version of the file format this program writes. See docs/SESSION-FORMAT.md.
inline constexpr int formatVersion = 1;

/// A project read from its text, with what the user should be told.
struct Loaded
{
    Project project;
    int version = formatVersion;    ///< the version the text had, before migration
    std::vector<std::string> notes; ///< sentences; the project is whole all the same
};

/// The one text of a project: sorted keys, shortest round-trip numbers, members with their initial value left
/// out, a hash of all the rest. Equal projects have equal texts. Precondition: valid (project). [any thread]
std::string canonical (const Project&);

/// Reads a text of this or an older version. Nothing in the text is trusted: size, depth, counts, numbers,
/// names, ids and routing are checked, and the Problem is one sentence that says what is wrong and where.
/// A newer version is refused. Members and effects this version does not know are kept. [any thread]
Result<Loaded> loaded (std::string_view text);

/// loaded() without the notes.
Result<Project> parsed (std::string_view text);

/// Checks what every project must hold: ranges, finite numbers, UTF-8 names, unique ids, no dangling ids, no
/// routing cycle, media paths that stay inside the project. Every edit keeps it. [any thread]
Outcome valid (const Project&);

/// 64-bit FNV-1a (Fowler, Noll, Vo; draft-eastlake-fnv) of bytes. Any change of a single byte changes it.
std::uint64_t contentHash (std::string_view bytes) noexcept;

/// The numbers a project may hold; beyond them a file is refused with a sentence.
namespace limit
{
inline constexpr Frames position = Frames { 1 } << 48;         ///< over 46 years at 192 kHz
inline constexpr std::uint64_t id = std::uint64_t { 1 } << 53; ///< exact in every JSON reader
inline constexpr std::size_t nameBytes = 1024;
inline constexpr std::size_t notesBytes = 100'000; ///< of a strip or song
inline constexpr std::size_t tags = 100;           ///< of a strip
inline constexpr std::size_t scenes = 1000;        ///< of a song
inline constexpr std::size_t pathBytes = 4096;
inline constexpr std::size_t songs = 1000;
inline constexpr std::size_t strips = 10'000; ///< of each kind in a song
inline constexpr std::size_t clips = 1'000'000;
inline constexpr std::size_t effects = 1000;  ///< on a strip or master
inline constexpr std::size_t values = 10'000; ///< parameters of a strip or effect
inline constexpr std::size_t lanes = 10'000;
inline constexpr std::size_t points = 2'000'000;
inline constexpr std::size_t modulators = 1000;
inline constexpr std::size_t markers = 100'000;
inline constexpr std::size_t media = 100'000;
inline constexpr std::size_t pairs = 100'000; ///< of tracks whose masking is let alone
inline constexpr double value = 1e12;         ///< of a parameter
inline constexpr double delaySeconds = 10;    ///< of a track, earlier or later
} // namespace limit

} // namespace lacquer::session
